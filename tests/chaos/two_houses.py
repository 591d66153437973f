"""Two installations in one Stripe account: whether either touches what is the other's.

`python -m tests.chaos.two_houses --briefs 100` runs it with that many briefs each; the suite takes ten.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.invoices.model import InvoiceState
from sandbox.server import Sandbox
from storage.ledger import postings
from storage.tables.billing import invoices, payment_mismatches
from tests.eventually import eventually, nothing
from tests.house import BRIEF, WEBHOOK_SECRET, House, Providers, house, providers


@dataclass(frozen=True)
class Shared:
    """What was found. touched: invoices at Stripe that two installations keep, or that are paid in the wrong one."""

    invoices: int
    paid: int
    touched: int
    held: int


@asynccontextmanager
async def two_houses(urls: tuple[str, str]) -> AsyncIterator[tuple[House, House]]:
    """Two installations with their own people, Telegram, Notion and database, on one account at Stripe."""
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(providers())
        second = Providers(stripe=first.stripe)
        second.telegram.on_call.append(second.schema)
        apart = Sandbox(second.telegram, second.openai, second.notion)
        await stack.enter_async_context(apart)
        await stack.enter_async_context(second.mail)
        second.url = apart.url
        endpoints = first.stripe.webhooks.endpoints
        homes = []
        for stand_ins, url in ((first, urls[0]), (second, urls[1])):
            home = await stack.enter_async_context(house(stand_ins, url, stripe_api_url=f"{first.url}/stripe"))
            homes.append(home)
        # The second one's start pointed the account's only endpoint at itself.
        for home, endpoint in zip(homes, (endpoints[0], first.stripe.webhook("", WEBHOOK_SECRET)), strict=True):
            assert home.running.server is not None
            endpoint.url = f"{home.running.server.url}/webhooks/stripe"
            await home.carol.says("/start")
            await home.carol.sees("Welcome")
            await home.staff()
        yield homes[0], homes[1]


async def kept(home: House) -> dict[str, tuple[str, str]]:
    """The invoices of an installation: state and subject by their ids at Stripe."""
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(select(invoices.c.stripe_id, invoices.c.state, invoices.c.subject))
        return {str(row.stripe_id): (row.state, row.subject) for row in rows}


async def ends(home: House, briefs: int, paid: int) -> None:
    """Wait until so many of the briefs are invoiced, and so many of them paid."""
    while True:
        states = Counter(state for state, _ in (await kept(home)).values())
        if states[InvoiceState.OPEN] == briefs - paid and states[InvoiceState.PAID] == paid:
            return
        await home.running.app.services.database.signals.wait("none", 0.05)


async def invoices_apart(urls: tuple[str, str], briefs: int) -> Shared:
    """Both hand in so many briefs at the same time; then one's invoices are paid, and nothing of the other's moves."""
    async with two_houses(urls) as homes:
        await asyncio.gather(*(hands_in(home, briefs) for home in homes))
        await asyncio.gather(*(ends(home, briefs, 0) for home in homes))
        ours, theirs = await kept(homes[0]), await kept(homes[1])
        for stripe_id in ours:
            await homes[0].stripe.pay(stripe_id)
        homes[0].stripe.settle_charges()
        await homes[0].stripe.delivered()
        await ends(homes[0], briefs, briefs)
        await asyncio.gather(*map(idle, homes))
        return await found(homes, len(ours.keys() & theirs.keys()))


async def hands_in(home: House, briefs: int) -> None:
    for number in range(briefs):
        await home.brief(f"{BRIEF} Version {number} of it, please.")


async def idle(home: House) -> None:
    services = home.running.app.services
    await eventually(services.queue.waiting, nothing, within=100)


async def found(homes: tuple[House, House], shared: int) -> Shared:
    """What stands where at the end."""
    theirs = await kept(homes[1])
    wrong = sum(state != InvoiceState.OPEN for state, _ in theirs.values())
    held = 0
    for home, briefs in ((homes[0], len(theirs)), (homes[1], 0)):
        async with home.running.app.services.database.reading() as connection:
            held += len((await connection.execute(select(payment_mismatches.c.id))).all())
            sums = await postings.balances(connection, "main")
        got = sums.get(("stripe balance", "USD"), 0) + sums.get(("stripe fees", "USD"), 0)
        wrong += got != briefs * 12_000
    at_stripe = homes[0].stripe.invoices.values()
    return Shared(len(at_stripe), sum(one["status"] == "paid" for one in at_stripe), shared + wrong, held)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--briefs", type=int, default=100)
    briefs = parser.parse_args().briefs
    with tempfile.TemporaryDirectory() as folder:
        urls = (f"sqlite:///{Path(folder)}/one.db", f"sqlite:///{Path(folder)}/two.db")
        sys.stdout.write(f"{briefs} briefs each: {asyncio.run(invoices_apart(urls, briefs))}\n")


if __name__ == "__main__":
    main()
