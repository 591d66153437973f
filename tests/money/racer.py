"""A process that asks for refunds, approves and sends them, as it is ordered: `python -m tests.money.racer`.

The settings come as the first line of its input, one JSON object; then an order a line, each with its number. Orders
are carried out as they come, many at a time, and answered with their numbers.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import nullcontext
from typing import Any

import orjson
import structlog

from bot import app
from bot.access.model import Person
from bot.app import App
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.refunds.model import check_amount, check_charge, left
from bot.settings import Settings
from storage.approvals import approvals
from storage.engine.database import Transaction
from storage.refunds import refunds as rows
from tests.house import BOB, CAROL

Order = Mapping[str, Any]


class Racer:
    """The verbs of one process."""

    def __init__(self, built: App, bob: Person, carol: Person) -> None:
        self._app = built
        self._bob, self._carol = bob, carol

    async def answer(self, order: Order) -> dict[str, Any]:
        """What came of an order: what it returned, with which words it was refused, or what failed."""
        verb: Callable[[Order], Awaitable[Any]] = getattr(self, order["do"])
        try:
            return {"number": order["number"], "done": await verb(order)}
        except (Refusal, Stale) as refusal:
            return {"number": order["number"], "refused": str(refusal)}
        except Exception as error:  # noqa: BLE001 - whatever it is, the race was not served
            return {"number": order["number"], "failed": repr(error)}

    async def ask(self, order: Order) -> int:
        """Ask for a refund; returns its number."""
        amount, refunds = Money(order["minor"], "USD"), self._app.services.refunds.refunds
        asked = await refunds.request(self._bob, order["invoice"], amount, "too late", order["key"])
        return asked.of.refund.id

    async def ask_unsafely(self, order: Order) -> int:
        """The planted fault: what is left is read and checked, and only then the transaction begins that takes it."""
        verbs, who, amount = self._app.services.refunds.refunds, self._bob, Money(order["minor"], "USD")
        invoice, charges = await verbs._at_stripe(who, order["invoice"])
        async with self._app.services.database.reading() as connection:
            before = await rows.of_invoice(connection, who.tenant, invoice.id)
        charge = check_charge(charges, before)
        check_amount(amount, left(charge, before))

        async def work(tx: Transaction) -> int:
            made = await verbs._requested(tx, who, invoice, charge, amount, "too late", order["key"], 1, 0)
            return made.id

        return await self._app.services.database.write(work)

    async def approve(self, order: Order) -> None:
        """Say yes to it."""
        async with self._app.services.database.reading() as connection:
            found = await approvals.of_subject(connection, self._carol.tenant, f"refund:{order['refund']}")
        assert found is not None
        await self._app.services.approvals.approve(self._carol, found.id, found.mark)

    async def send(self, order: Order) -> str:
        """Carry it out; returns its state."""
        await self._app.services.refunds.sending.carry_out(order["refund"])
        async with self._app.services.database.reading() as connection:
            return (await rows.get(connection, self._bob.tenant, order["refund"])).state.value


async def main() -> None:
    """Serve until the input ends."""
    # On the output are answers alone, and that one of two is refused is no news.
    quiet = structlog.make_filtering_bound_logger(logging.WARNING)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr), wrapper_class=quiet)
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    given = orjson.loads(await reader.readline())
    wired: Any = app
    wired.only_process = lambda _: nullcontext()  # so that the transaction stands alone, on SQLite too
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg]
    async with app.build(settings) as built:
        joining = built.services.people.joining
        bob, carol = await joining.identify(BOB, "Bob", "en"), await joining.identify(CAROL, "Carol", "en")
        racer, under_way = Racer(built, bob, carol), set[asyncio.Task[None]]()
        _say({"number": 0, "done": None})
        while line := await reader.readline():
            task = asyncio.create_task(_answered(racer, orjson.loads(line)))
            under_way.add(task)
            task.add_done_callback(under_way.discard)


async def _answered(racer: Racer, order: Order) -> None:
    _say(await racer.answer(order))


def _say(answer: Mapping[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(main())
