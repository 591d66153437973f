"""The jobs `cost_report`, `cost_guardrails` and `pricing_review`."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.access.model import TENANT
from bot.briefs.material import Submission
from bot.kernel.card import Card
from bot.kernel.errors import Forbidden, Stale
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.models.budget import CLOSED, Payer
from bot.models.ports import Recording
from bot.models.spending import BudgetExceeded
from jobs.catalog import BY_NAME
from storage.engine.database import Transaction
from storage.models import budget
from storage.tables.audit import audit
from tests.bot.finance.test_reports import called
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers
from tests.refunds import paid

MICRO = 1_000_000
RECORDING = Recording(b"OggS", "note.ogg", 60)


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: Hands) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, clock=clock) as made:
        yield made


async def runs(here: Desk, job: str) -> str:
    """What a run of the job says that it did."""
    return await BY_NAME[job].carry_out(here.app.services, TENANT)


async def told(here: Desk, words: str) -> list[Card]:
    """What Carol was told with these words."""
    return [card for card in await here.told(here.carol.id) if words in card.text]


async def spent(here: Desk, back: int, micro_usd: int) -> None:
    """So much was spent of the budget of the day that lies so many days back, and of the month."""
    day = here.app.services.database.clock.now() - timedelta(days=back)

    async def work(tx: Transaction) -> None:
        scopes = [f"day:{day:%Y-%m-%d}", f"month:{day:%Y-%m}"]
        await budget.lock(tx, TENANT, scopes)
        await budget.add(tx, TENANT, dict.fromkeys(sorted(scopes), micro_usd))

    await here.app.services.database.write(work)


async def test_cost_report(here: Desk, stand_ins: Providers, clock: Hands) -> None:
    """Yesterday's costs by model, type and client, with a picture, once; a day without any is not told."""
    invoice = await paid(here, stand_ins)
    await called(here, invoice.brief_id, 2 * MICRO)
    await called(here, None, MICRO)
    assert (await runs(here, "cost_report")).startswith("nothing was spent")
    clock.ahead = timedelta(days=1)
    for _ in range(2):
        assert (await runs(here, "cost_report")).startswith("3.00 USD for models; told 1 admins")
    (card,) = await told(here, "Costs · ")
    assert card.text.splitlines()[1:] == [
        "Models 3.00 USD, 2 calls",
        "By model: m 3.00 USD",
        "By type: Drafting 2.00 USD, Shared 1.00 USD",
        "By client: Alice 2.00 USD, Shared 1.00 USD",
        "Stripe fees 3.78 USD",
    ]
    assert card.picture is not None
    assert card.picture.data.startswith(b"\x89PNG")


@pytest.mark.both_databases
async def test_a_budget_that_is_nearly_used(stand_ins: Providers, database_url: str) -> None:
    """Admins hear of it once for the day and once for the month, however often the job runs."""
    async with desk(stand_ins, database_url, ceiling_day_usd=10, ceiling_month_usd=10, cost_stop_times=0) as here:
        await spent(here, 0, 7 * MICRO)
        assert await runs(here, "cost_guardrails") == "0 budgets nearly used, 0 currencies with many fees, open"
        await spent(here, 0, MICRO)
        for _ in range(2):
            assert (await runs(here, "cost_guardrails")).startswith("2 budgets nearly used")
        (day,) = await told(here, "Model budget of today · 80 % used")
        assert "8.00 USD of 10.00 USD" in day.text
        assert len(await told(here, "Model budget of this month · 80 % used")) == 1


@pytest.mark.both_databases
async def test_a_day_that_runs_away(stand_ins: Providers, database_url: str) -> None:
    """Ten times the dearest day closes the budget: nothing more can be set aside. An admin opens it by a tap, once,
    with an audit row; it is not closed again on that day.
    """
    async with desk(stand_ins, database_url) as here:
        services, carol = here.app.services, await here.person(here.carol)
        await spent(here, 3, 2 * MICRO)
        await spent(here, 0, 20 * MICRO)
        assert (await runs(here, "cost_guardrails")).endswith("open")
        await spent(here, 0, 1)
        assert (await runs(here, "cost_guardrails")).endswith("closed")
        (card,) = await told(here, "Model budget of today · Closed")
        assert "Models cost 20.00 USD today; the dearest of the 14 days before cost 2.00 USD." in card.text
        day = f"day:{services.database.clock.now():%Y-%m-%d}"
        assert (await services.database.write(lambda tx: budget.lock(tx, TENANT, [day])))[day] >= CLOSED
        with pytest.raises(BudgetExceeded) as stopped:
            await services.models.transcribe(Payer(TENANT), RECORDING)
        assert stopped.value.what.closed
        bob = await here.taps(here.bob, "Open it again", card)
        assert bob.card is not None
        assert "Only admins may open budgets" in bob.card.text
        opened = await here.taps(here.carol, "Open it again", card)
        assert opened.card is not None
        assert opened.card.toast == "The budget is open again"
        assert (await services.database.write(lambda tx: budget.lock(tx, TENANT, [day])))[day] == 20 * MICRO + 1
        assert (await runs(here, "cost_guardrails")).endswith("open")
        with pytest.raises(Stale):
            await services.finance.guards.open(carol, services.database.clock.now().date())
        async with services.database.reading() as connection:
            rows = await connection.execute(select(audit.c.person_id).where(audit.c.action == "budget.opened"))
            assert list(rows.scalars()) == [carol.id]


@pytest.mark.both_databases
async def test_prices(stand_ins: Providers, database_url: str) -> None:
    """A type that leaves too little has a price proposed; an admin sees what last month would have been and adopts it;
    new quotes have it, and an old button does nothing.
    """
    clock = Hands()
    async with desk(stand_ins, database_url, clock=clock, price_drafting="12") as here:
        services = here.app.services
        chats = [None, *(-100_000 - n for n in range(11))]
        for chat in chats:
            invoice = await paid(here, stand_ins, chat)
            await called(here, invoice.brief_id, 4 * MICRO)
        clock.ahead = timedelta(days=1)
        await services.ledger.books.book_models(TENANT)
        assert "0 prices proposed" in await runs(here, "pricing_review")
        clock.ahead = timedelta(days=32)
        for _ in range(2):
            said = await runs(here, "pricing_review")
        assert said == "5 types looked at, 1 prices proposed, 0 without an exchange rate"
        (card,) = await told(here, "Price of Drafting")
        assert card.text.splitlines()[0] == "<b>Price of Drafting · 12.00 USD to 15.00?</b>"
        assert "Last month: revenue 144.00 USD" in card.text
        assert "At the new price, with as many orders: revenue 180.00 USD" in card.text

        bob = await here.taps(here.bob, "Change to 15.00 USD", card)
        assert bob.card is not None
        assert "Only admins may set prices" in bob.card.text
        tapped = await here.taps(here.carol, "Change to 15.00 USD", card)
        assert tapped.card is not None
        assert "Price of Drafting · 15.00 USD, adopted by Carol" in tapped.card.text
        again = await here.taps(here.carol, "Change to 15.00 USD", card)
        assert again.outcome == "stale"
        alice = await here.person(here.alice)
        quoted = await services.intake.briefs.submit(alice, 1, "test:new", Submission(BRIEF, TaskType.DRAFTING))
        assert quoted.price == Money(1_500, "USD")
        assert "Drafting: 15.00 USD" in (await here.says(here.alice, "/prices")).text
        listed = await here.says(here.carol, "/pricing")
        assert "Drafting 15.00 USD: margin" in listed.text
        with pytest.raises(Forbidden):
            await services.finance.pricing.review(alice)
        async with services.database.reading() as connection:
            rows = await connection.execute(select(audit.c.subject).where(audit.c.action == "price.adopted"))
            assert list(rows.scalars()) == ["price:Drafting:15.00"]
