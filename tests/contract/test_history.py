"""Played businesses: what has to be true of any database is true of them, and what is not true is found."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, text

from bot.access.model import TENANT
from bot.finance.figures import Months
from sandbox.history.at_stripe import PlayedClock, tell
from sandbox.history.lives import lives, micros
from sandbox.history.seed import fill, play
from sandbox.history.studio import ADMIN, FIRST_PERSON, Named, years
from sandbox.history.truths import broken, broken_at
from sandbox.history.year import JOINERS, LEAVERS, year
from sandbox.server import Sandbox
from sandbox.stripe.server import StripeStandIn
from storage.core.pages import Page
from storage.migrations.migrate import engine_of
from tests.house import Providers
from tests.pages import window
from tests.postgres import migrated

CAST = Named(1, "Alice"), (Named(2, "Bob"), Named(3, "Carol"), Named(4, "Erin"))
NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
SHOWN = ["invoices", "manual_invoices", "refunds", "approvals", "postings", "balance_moves", "reconciliations",
         "verdicts", "ratings", "model_calls", "spend", "alerts", "incidents", "duties", "slo_reports", "metric_counts",
         "job_runs", "partners", "partner_orders", "threads", "partner_shares", "partner_share_moves", "referrals",
         "nps_questions", "churn_told", "acquisition_costs", "erasures", "mails", "forecasts",
         "forecast_days"]  # fmt: skip
OPEN = "SELECT stripe_id, number, amount_minor, due_at FROM invoices WHERE state = 'open'"
MOVED = (
    "SELECT l.account, sum(l.amount_minor) FROM posting_lines l JOIN postings p ON p.id = l.posting_id"
    " WHERE l.tenant = 'main' AND p.posted_at >= :since GROUP BY l.account"
)
# What a fault would leave behind, and the truth that does not hold then. Posted lines cannot be changed, so they go.
FALSE = {
    "UPDATE invoices SET asked_minor = asked_minor + 1 WHERE id = 1020": "what an invoice's entries say is owed is",
    "UPDATE invoices SET client_id = 1001 WHERE id = 1020": "an invoice is of something that is there",
    "UPDATE invoices SET amount_minor = 1 WHERE id = 1020": "an invoice asks for what its lines add up to",
    "UPDATE invoices SET state = 'void' WHERE id = 1020": "an invoice earns what it asks for",
    "UPDATE briefs SET state = 'delivered' WHERE id = 1020": "a brief is paid where its invoice is",
    "UPDATE briefs SET state = 'queued' WHERE id = 1190": "events lead to where briefs stand",
    "DELETE FROM events WHERE subject = 'brief:1020' AND name = 'drafting'": "events lead to where briefs stand",
    "UPDATE balance_moves SET fee_minor = 0 WHERE stripe_id = 'txn_20'": "what moved at Stripe is what the ledger has",
    "UPDATE balance_moves SET about = 'invoice:1' WHERE stripe_id = 'txn_20'": "every movement at Stripe has its entry",
    "UPDATE refunds SET amount_minor = 999999 WHERE id = 1020": "no more goes back than came in",
    "UPDATE refunds SET amount_minor = 100 WHERE id = 1020": "a refund that was sent stands in the ledger",
    "UPDATE approvals SET asked_by = 1001 WHERE id = 1020": "nobody approves what they asked for",
    "DELETE FROM approval_signatures WHERE approval_id = 1020": "what was granted has as many signatures",
    "DELETE FROM audit WHERE subject = 'brief:1020'": "who did something stands in the audit log",
    "DELETE FROM events WHERE subject = 'brief:1020' AND name = 'quoted'": "what the audit log says of a thing",
    "UPDATE briefs SET attempt = 2 WHERE id = 1020": "a brief has a draft for each attempt",
    "DELETE FROM decisions WHERE brief_id = 1020": "what is delivered was approved",
    "UPDATE verdicts SET target = 99 WHERE brief_id = 1020": "what the gate let out without a person",
    "UPDATE evaluations SET weighted = weighted - 1 WHERE brief_id = 1020": "a judgement's score follows",
    "UPDATE spend SET used_micro_usd = 0 WHERE scope = 'brief:1020'": "ceilings of briefs are used up",
    "UPDATE spend SET used_micro_usd = 0 WHERE scope LIKE 'month:%'": "the months' ceilings add up",
    "UPDATE ratings SET client_id = 1001 WHERE brief_id = 1020": "stars are of the client's own",
    "UPDATE partner_share_moves SET amount_minor = 1 WHERE invoice_id = 1020": "what the ledger owes partners is what",
    "UPDATE partner_shares SET clawed_minor = 1 WHERE invoice_id = 1020": "a partner gets what was agreed of what was",
    "UPDATE forecast_days SET actual = 1 WHERE actual IS NOT NULL": "what was told of a day is held against what",
    "UPDATE people SET language = 'en' WHERE role = 'removed'": "of who is erased nothing but a number is known",
    "UPDATE people SET created_at = 9999999999999999 WHERE id = 1003": "nobody orders before they came in",
    "UPDATE partners SET client_id = 1001 WHERE id = 1003": "a partner's program orders for its own client",
    "UPDATE alerts SET resolved_at = NULL WHERE id = 1100": "an incident is open while an alert of it is",
    "DELETE FROM events WHERE name = 'resolved' AND subject = 'alert:1100'": "an alert that is over was said to be",
    "UPDATE events SET at = at + 99999999999999999 WHERE subject = 'brief:1020'": "nothing happened after now",
}  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """Two years of a very small business; what a test changes it takes back."""
    url = f"sqlite:///{tmp_path_factory.mktemp('history')}/small.db"
    asyncio.run(migrated(url))
    play(url, replace(years(200), leavers=((6, 0.5),), forecasts=3), NOW)
    engine = engine_of(url, ())
    with engine.connect() as connection:
        connection.execute(text("DROP TRIGGER audit_delete"))  # whoever bends it from outside does so first
        connection.commit()
        yield connection
    engine.dispose()


@pytest.mark.both_databases
async def test_years_are_true(database_url: str) -> None:
    """Ledger, invoices, events, audit log and sums of what tests and benchmarks are filled with say the same."""
    await asyncio.to_thread(fill, database_url, 300, NOW)
    assert broken_at(database_url, micros(NOW)) == []


async def test_demo_is_true(sqlite_url: str) -> None:
    """So they do in the year behind a demo, in which briefs stand in every state that lasts, and nothing is missing."""
    await asyncio.to_thread(play, sqlite_url, year(*CAST), NOW)
    assert broken_at(sqlite_url, micros(NOW)) == []
    engine = engine_of(sqlite_url, ())
    with engine.connect() as connection:
        states = set(connection.execute(text("SELECT DISTINCT state FROM briefs")).scalars())
        filled = [table for table in SHOWN if connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()]
    engine.dispose()
    assert states == {"in_review", "delivered", "invoiced", "paid", "rejected", "cancelled", "failed", "deferred"}
    assert filled == SHOWN


@pytest.mark.parametrize(("fault", "truth"), FALSE.items())
def test_what_is_not_true_is_found(small: Connection, fault: str, truth: str) -> None:
    """Each truth can fail: what a fault would leave behind is found, and named."""
    assert small.execute(text(fault)).rowcount
    try:
        assert any(one.startswith(truth) for one in broken(small, micros(NOW)))
    finally:
        small.rollback()


def test_seed_decides() -> None:
    """The same seed plays the same business, and another one another."""
    of_one, again = list(lives(years(300), NOW)), list(lives(years(300), NOW))
    assert of_one == again
    assert of_one != list(lives(replace(years(300), seed=2), NOW))


async def test_pages_are_the_rows(stand_ins: Providers, sqlite_url: str) -> None:
    """What the pages of money and quality say is what entries and verdicts add up to, whether they are read one by one
    or counted before, and the counts are the product's own.
    """
    await asyncio.to_thread(play, sqlite_url, replace(years(200), span=timedelta(days=70)), datetime.now(UTC))
    async with window(stand_ins, sqlite_url) as shown:
        services, carol = shown.home.app.services, await shown.person(ADMIN)
        one_by_one = await services.calibration.overview(carol, None)
        for _look in range(2):
            months = await services.finance.figures.months(carol)
            async with services.database.reading() as connection:
                rows = await connection.execute(text(MOVED), {"since": micros(_begin(months))})
                sums = {account: int(minor) for account, minor in rows}
            figures = [one for _, one in months.by_month]
            assert -sums["revenue"] - sums["discounts"] == sum(one.revenue for one in figures)
            assert sums["stripe fees"] == sum(one.fees for one in figures)
            assert sums["refunds"] == sum(one.refunds for one in figures)
            assert sums["commissions"] == sum(one.commissions for one in figures)
            assert sums["ai cost"] == sum(one.models for one in figures)
            await services.finance.figures.add_up(TENANT)
        await services.calibration.count(TENANT)
        assert await services.calibration.overview(carol, None) == one_by_one


def _begin(months: Months) -> datetime:
    """When the first of them begins."""
    first = months.by_month[0][0]
    return datetime(first.year, first.month, 1, tzinfo=UTC)


async def test_open_invoices_are_at_stripe(sqlite_url: str) -> None:
    """What may still be paid Stripe's stand-in has made itself: of the same name and amount, due by then."""
    clock = PlayedClock()
    stripe = StripeStandIn(clock=clock)
    studio = replace(year(*CAST, owing=True), briefs=400)
    async with Sandbox(stripe) as sandbox:
        known = await tell(stripe, clock, sandbox.url, studio, NOW)
    await asyncio.to_thread(play, sqlite_url, studio, NOW, known)
    assert broken_at(sqlite_url, micros(NOW)) == []
    engine = engine_of(sqlite_url, ())
    with engine.connect() as connection:
        here = connection.execute(text(OPEN)).all()
        customers = set(connection.execute(text("SELECT stripe_id FROM customers")).scalars())
    engine.dispose()
    there = stripe.invoices
    assert {row.stripe_id for row in here} == set(there)
    assert len(here) >= 10
    for row in here:
        made = there[row.stripe_id]
        assert (made["status"], made["number"], made["amount_due"]) == ("open", row.number, row.amount_minor)
        assert made["due_date"] == row.due_at // 1_000_000
    assert customers == set(stripe.customers)


async def test_each_card_has_something_to_show(stand_ins: Providers, sqlite_url: str) -> None:
    """Behind a demo lie scored forecasts, referrals, partners with shares, NPS, clients who leave, and costs."""
    await asyncio.to_thread(play, sqlite_url, year(*CAST), datetime.now(UTC))
    async with window(stand_ins, sqlite_url) as shown:
        services, carol = shown.home.app.services, await shown.person(CAST[1][1].telegram_id)
        for series in ("load", "USD", "EUR"):
            outlook = await services.forecast.ahead.look(carol, series)
            assert outlook.made is not None
            assert outlook.error is not None
            assert outlook.error.days >= 29
        left = {FIRST_PERSON + 1 + place for place, _part in LEAVERS}
        assert left <= {one.client_id for one in (await services.growth.leaving.outlooks(carol)).at_risk}
        growth = await services.growth.figures.of_days(carol, 90)
        assert growth.nps.answers > 0
        assert (growth.leads >= len(JOINERS), growth.referrals.came) == (True, 1)
        assert (await services.referrals.totals(carol)).paid > 0
        found = await services.partners.partners.page(carol, Page())
        for partner in found:
            statement = await services.shares.statement(carol, partner.id, None)
            assert (partner.share_bp > 0, [money.minor > 0 for money in statement.owed] != []) == (True, True)
