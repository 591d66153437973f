"""The job `executive_brief`, and /report executive: what matters on a day, out of the rows, once."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.access.model import TENANT
from bot.briefs.model import State
from bot.forecast.model import LOAD, Expected, Made, Told
from bot.invoices.model import InvoiceState
from bot.kernel.money import Money
from bot.ledger.model import Account, Line, Posting
from jobs.catalog import BY_NAME
from storage.engine.database import Transaction
from storage.forecast import made
from storage.ledger import postings as ledger
from storage.tables.billing import invoices
from storage.tables.briefs import briefs
from storage.tables.core import outbox
from storage.tables.models import model_calls
from tests.alerting import raised, runs
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers
from tests.jobs.test_churn import ordered
from tests.scripted_models import completion, provider

EIGHT = datetime(2026, 11, 26, 8, tzinfo=UTC)
TODAY = EIGHT.date()
DAY = timedelta(days=1)
JOB = BY_NAME["executive_brief"]


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(EIGHT)) as made_:
        yield made_


async def earned(here: Desk, of: dict[int, int]) -> None:
    """Revenue by how many days ago it was, in cents."""

    async def work(tx: Transaction) -> None:
        for back, minor in of.items():
            lines = (Line(Account.RECEIVABLE, Money(minor, "USD")), Line(Account.REVENUE, Money(-minor, "USD")))
            key = f"test:{back}"
            await ledger.post(tx, TENANT, Posting(key, "invoice", key, lines), dated=EIGHT - back * DAY)

    await here.app.services.database.write(work)


async def forecast(here: Desk) -> None:
    """What was told yesterday of yesterday and today: 100.00 USD, between 80 and 120; and 2.5 briefs of today."""

    async def work(tx: Transaction) -> None:
        for series, middle in (("USD", 10_000), (LOAD, 250)):
            each = Expected(middle, middle * 0.8, middle * 1.2, middle * 0.7, middle * 1.3)
            days = [Told(TODAY + step * DAY, each, middle) for step in (-1, 0)]
            await made.put(tx, TENANT, Made(series, TODAY - DAY, days, each, 30, 1))

    await here.app.services.database.write(work)


async def send(here: Desk) -> str:
    return await JOB.carry_out(here.app.services, TENANT, EIGHT)


async def told(here: Desk, who: int) -> list[str]:
    return [card.text for card in await here.told(who) if "Executive brief" in card.text]


async def mails(here: Desk) -> list[Any]:
    async with here.app.services.database.reading() as connection:
        rows = await connection.execute(select(outbox.c.payload).where(outbox.c.channel == "mail"))
        return [row.payload for row in rows]


@pytest.mark.both_databases
async def test_what_matters(here: Desk) -> None:
    """Revenue beside before and forecast, what waits, who may leave and what goes on, once to admins and by mail."""
    await earned(here, {1: 15_000, 8: 10_000, 40: 5_000})
    await forecast(here)
    await ordered(here, 50, 43, 36, 29, 22)
    await raised(here.app)
    await runs(here.app, "incident_scan")
    for _twice in range(2):
        await send(here)
    (text,) = await told(here, here.carol.id)
    assert "<b>Executive brief · Thursday 26 Nov</b>" in text
    assert "Yesterday: revenue 150.00 USD (+50 % on last Wednesday); expected 100.00 USD" in text
    assert "(80.00 USD to 120.00 USD)" in text
    assert "November so far: revenue 250.00 USD (+400 % on the month before)" in text
    assert "Today: 100.00 USD expected (80.00 USD to 120.00 USD), 2.5 briefs" in text
    assert "To decide: nothing" in text
    assert "Risks: may leave: Alice, /churn" in text
    assert "Incidents: /incident_1001 Critical for 0 s, 1 open alert, /alerts" in text
    assert await told(here, here.bob.id) == []
    (mail,) = [one for one in await mails(here) if "Executive brief" in one["subject"]]
    assert "+50 % on last Wednesday" in mail["text"]


async def test_in_chat_at_any_time(here: Desk) -> None:
    """An admin reads it of now, also where there is no history and nothing waits; a client may not."""
    card = await here.says(here.carol, "/report executive")
    assert "Today: not enough history for a forecast, 0 of 28 days" in card.text
    assert "Risks: no late invoice, no client at high risk" in card.text
    assert "Incidents: none open" in card.text
    report = (await here.taps(here.carol, "Report", card)).card
    assert report is not None
    assert "Wednesday 25 Nov" in report.text
    assert "may read reports" in (await here.says(here.alice, "/report executive")).text


async def test_drafts_and_late_invoices(here: Desk) -> None:
    """A draft that waits and an invoice that is late are named with how long, and where to see to them."""
    brief = await here.delivered(here.alice)
    waiting = await here.delivered(here.alice, text=f"{BRIEF} And more.")
    invoice = await here.invoice(brief)

    async def work(tx: Transaction) -> None:
        ours = (briefs.c.tenant == TENANT, briefs.c.id == waiting.id)
        values = {"state": State.IN_REVIEW, "in_review_at": EIGHT - timedelta(hours=2)}
        await tx.run(update(briefs).where(*ours).values(values))
        late = {"state": InvoiceState.OPEN, "due_at": EIGHT - 3 * DAY}
        await tx.run(update(invoices).where(invoices.c.tenant == TENANT, invoices.c.id == invoice.id).values(late))

    await here.app.services.database.write(work)
    card = await here.says(here.carol, "/report executive")
    assert "To decide: 1 draft, for 2 h, /queue" in card.text
    assert "Risks: 1 late invoice, 120.00 USD, for 3 days" in card.text


async def test_nothing_to_say(here: Desk) -> None:
    """Where nothing moved, waits or is wrong, nobody hears anything, and no model is asked."""
    assert await send(here) == "nothing to say: nothing moved, nothing waits"
    assert await told(here, here.carol.id) == []
    assert await mails(here) == []


@pytest.mark.parametrize(
    ("says", "taken"),
    [("Revenue was 150.00 USD; look at Alice.", True), ("Revenue will be 999.00 USD.", False)],
)
async def test_worded_by_a_model(stand_ins: Providers, sqlite_url: str, says: str, taken: bool) -> None:
    """A model's sentence stands below the figures, marked as its own; one with a figure of its own does not. It is
    asked once for a day.
    """
    answer: Callable[[Any], Any] = lambda _body: completion(says)  # noqa: E731
    async with (
        provider(answer) as url,
        desk(stand_ins, sqlite_url, SimulatedClock(EIGHT), openai_base_url=url) as here,
    ):
        await earned(here, {1: 15_000})
        for _twice in range(2):
            await send(here)
        (text,) = await told(here, here.carol.id)
        assert (says in text) is taken
        assert ("Written by gpt-6-luna from the events alone" in text) is taken
        async with here.app.services.database.reading() as connection:
            asked = (await connection.execute(select(model_calls.c.purpose))).scalars().all()
        assert asked == ["executive_brief"]
