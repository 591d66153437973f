"""Reports on money, by the ledger: the same figures with what is added up beforehand as without."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from bot.access.model import TENANT, Role
from bot.finance.figures import Report, Table, View
from bot.finance.model import Age, Part, Period, together
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.money import Money
from bot.ledger.model import Account, Line
from storage.engine.database import Transaction
from storage.people import people
from storage.tables.ledger import ledger_folds, ledger_sums
from storage.tables.models import model_calls
from tests.clock import Hands
from tests.desk import Desk, desk
from tests.house import Providers
from tests.refunds import dashboard, paid
from tests.stripe_tells import entries, tells

NEVER = datetime(2026, 1, 1, tzinfo=UTC)


async def called(here: Desk, brief_id: int | None, micro_usd: int, at: datetime | None = None) -> None:
    """A model was called for the brief, now by default."""
    row: dict[str, Any] = {"tenant": TENANT, "purpose": "draft", "prompt_version": "1", "model": "m", "outcome": "ok"}
    row |= {"input_tokens": 1, "output_tokens": 1, "latency_ms": 1, "cost_micro_usd": micro_usd, "brief_id": brief_id}
    row |= {"created_at": at or here.app.services.database.clock.now()}

    async def work(tx: Transaction) -> None:
        await tx.run(insert(model_calls), row)

    await here.app.services.database.write(work)


async def refunded(here: Desk, stand_ins: Providers, minor: int) -> None:
    """So much of the only charge goes back, by Stripe's dashboard."""
    (charge,) = stand_ins.stripe.charges.values()
    async with dashboard(here) as client:
        refund = await client.v1.refunds.create_async({"charge": charge["id"], "amount": minor})
    await tells(here, "refund.created", {"id": refund.id})


async def shown(here: Desk, period: Period, part: Part = Part.ALL) -> Report:
    return await here.app.services.finance.figures.report(await here.person(here.carol), View(period, "", part))


async def all_of(here: Desk) -> Table:
    """Everything of the last twelve months, without the time at which it was asked for."""
    found = await here.app.services.finance.figures.table(await here.person(here.carol))
    return Table(found.rows, found.names, NEVER)


async def folds_of(here: Desk) -> tuple[int, int]:
    """How many days and months are added up, and how many rows they have."""
    async with here.app.services.database.reading() as connection:
        counts = [select(func.count()).select_from(table) for table in (ledger_folds, ledger_sums)]
        first, second = [(await connection.execute(count)).scalar_one() for count in counts]
        return first, second


@pytest.mark.both_databases
async def test_with_sums_and_without(stand_ins: Providers, database_url: str) -> None:
    """An invoice, its fee, a refund, models and a correction: as a whole, by type and by client, added up or not; a
    correction that is dated back has its month added up anew.
    """
    clock = Hands()
    async with desk(stand_ins, database_url, clock=clock, time_zone="Asia/Karachi") as here:
        services, carol = here.app.services, await here.person(here.carol)
        invoice = await paid(here, stand_ins)
        await refunded(here, stand_ins, 2_000)
        await called(here, invoice.brief_id, 3_000_000)
        await called(here, None, 1_000_000)
        clock.ahead = timedelta(days=1)
        await services.ledger.books.book_models(TENANT)
        clock.ahead = timedelta(days=40)
        before = await all_of(here)
        assert "days and months added up" in await services.finance.figures.add_up(TENANT)
        assert await all_of(here) == before
        folds, rows = await folds_of(here)
        assert (folds > 5, rows > 10) == (True, True)
        assert await services.finance.figures.add_up(TENANT) == "0 days and months added up"

        # models are booked a day later, which may be in another month
        client = together("USD", [row.figures for row in before.rows if row.part is Part.CLIENT and row.name])
        assert (client.revenue, client.refunds, client.models) == (12_000, 2_000, 300)
        shared = [row.figures.models for row in before.rows if (row.part, row.name) == (Part.TYPE, "")]
        assert sum(shared) == 100

        (refund,) = [entry for entry in await entries(here) if entry.kind == "refund"]
        await services.ledger.books.correct(carol, refund.id, "never happened", dated=True)
        assert (await folds_of(here))[0] < folds
        after = await all_of(here)
        assert sum(row.figures.refunds for row in after.rows) == 0
        await services.finance.figures.add_up(TENANT)
        assert await all_of(here) == after


@pytest.mark.both_databases
async def test_a_period(stand_ins: Providers, database_url: str) -> None:
    """What came in and what it cost, in the currency of the invoices, apart from that of models."""
    async with desk(stand_ins, database_url, currency="EUR") as here:
        invoice = await paid(here, stand_ins)
        await called(here, invoice.brief_id, 5_000_000, here.app.services.database.clock.now() - timedelta(days=1))
        await here.app.services.ledger.books.book_models(TENANT)
        found = await shown(here, Period.MONTH)
        assert (found.figures.currency, found.figures.revenue, found.figures.models) == ("EUR", 12_000, 0)
        assert found.currencies == ["EUR", "USD"]
        carol = await here.person(here.carol)
        dollars = await here.app.services.finance.figures.report(carol, View(Period.MONTH, "USD"))
        assert (dollars.figures.revenue, dollars.figures.models, dollars.figures.share) == (0, 500, None)
        (client,) = [figures for name, figures in (await shown(here, Period.YEAR, Part.CLIENT)).parts if name]
        assert client == (await shown(here, Period.YEAR)).figures
        assert (await shown(here, Period.BEFORE)).figures.empty
        with pytest.raises(Refusal, match="Nothing moved in JPY"):
            await here.app.services.finance.figures.report(carol, View(Period.MONTH, "JPY"))


@pytest.mark.both_databases
async def test_what_clients_owe(stand_ins: Providers, database_url: str) -> None:
    """An open invoice by its due day; what a correction put onto the account beside invoices is told apart."""
    clock = Hands()
    async with desk(stand_ins, database_url, clock=clock, invoice_days=14) as here:
        services, carol = here.app.services, await here.person(here.carol)
        brief = await here.delivered(here.alice)
        await services.billing.invoices.open_invoice(brief.id)
        found = await services.finance.figures.receivables(carol)
        assert (found.total, found.late, found.beside) == (Money(12_000, "USD"), Money(0, "USD"), Money(0, "USD"))
        clock.ahead = timedelta(days=60)
        late = await services.finance.figures.receivables(carol)
        assert sum(minor for age, (minor, _) in late.by_age.items()) == 12_000
        assert Age.OLDER not in late.by_age
        (made,) = await entries(here)
        half = [Line(Account.RECEIVABLE, Money(7_000, "USD")), Line(Account.REVENUE, Money(-7_000, "USD"))]
        await services.ledger.books.correct(carol, made.id, "half of it", half)
        corrected = await services.finance.figures.receivables(carol)
        assert (corrected.total, corrected.beside) == (Money(7_000, "USD"), Money(-5_000, "USD"))


async def test_who_may_read(stand_ins: Providers, database_url: str) -> None:
    """The team reads it, a client does not; another tenant's admin sees nothing of it."""
    async with desk(stand_ins, database_url) as here:
        await paid(here, stand_ins)
        figures = here.app.services.finance.figures
        alice = await here.person(here.alice)
        for asked in (figures.report(alice, View(Period.MONTH)), figures.months(alice), figures.receivables(alice)):
            with pytest.raises(Forbidden):
                await asked
        await here.app.services.tenants.found("acme", "Acme")

        async def enroll(tx: Transaction) -> Any:
            return await people.enroll(tx, "acme", 4_242, "Frank", Role.ADMIN, "en")

        frank = await here.app.services.database.write(enroll)
        assert (await figures.report(frank, View(Period.YEAR))).figures.empty
        assert not (await figures.table(frank)).rows
