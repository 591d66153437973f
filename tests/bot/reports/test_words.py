"""Every text of /status, /clients and the day's report, in a language that nobody speaks."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.access.model import Person, Role
from bot.backups.model import Kind as Waiting
from bot.backups.model import Restore
from bot.briefs.model import State
from bot.charts.model import Columns
from bot.finance.model import Figures
from bot.invoices.model import Invoice, InvoiceState, Returned
from bot.kernel.card import Card
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.reports import client_cards, status_cards
from bot.reports.clients import ClientView
from bot.reports.lists import Billed
from bot.reports.model import DayReport, Late, Outcomes
from bot.reports.periods import cards as period_cards
from bot.reports.periods import pictures
from bot.reports.periods.model import Compared, Kind, Period, PeriodReport
from bot.reports.standing import Awaited, Machinery, Standing, Watched
from storage.people.clients import Owed
from tests.briefs import made_up
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
DATA = ["Solar lamp", "Alice", "EP-0001", "USD", "UTC", "Nov", "November", "Thu", "Thursday", "Wednesday", "v1.0"]
BRIEF = made_up(
    "Solar lamp", TaskType.DRAFTING, id=1042, title="Solar lamp", state=State.QUOTED, price=Money(12_000, "USD"),
    deadline=NOW, in_review_at=NOW, created_at=NOW, updated_at=NOW,
)  # fmt: skip
INVOICE = Invoice(
    55, "main", "brief:1042", 7, Money(12_000, "USD"), InvoiceState.OPEN, 1, "in_1", "EP-0001", "https://pay.example.org/1",
    None, NOW, NOW, NOW, None,
)  # fmt: skip
INVOICES = [INVOICE, replace(INVOICE, state=InvoiceState.DETAILS), replace(INVOICE, due_at=NOW - timedelta(days=3))]
QUIET = Machinery(None, 0, None, 0, 0, 0, 0, 0, 0, (), ())
HELD = replace(QUIET, held=Restore(1, "x", NOW, NOW, frozenset(Waiting), 1))
BUSY = Machinery(BRIEF, 2, BRIEF, 1, 1, 1, 5, 6, 1, (), ())
CARL = Person(7, "main", 7, "Alice", Role.ADMIN, "en")
OWED = (Owed(Money(12_000, "USD"), Money(0, "USD")), Owed(Money(500, "USD"), Money(500, "USD")))
VIEWS = [
    ClientView(replace(CARL, role=Role.CLIENT), 2, OWED, NOW, Decimal("4.5"), 12, 85),
    ClientView(replace(CARL, role=Role.CLIENT, reach="blocked"), 0, (), None, None, 0, None),
]
BACK = Returned(Money(2_000, "USD"), Money(1_000, "USD"))
EMPTY = DayReport(
    NOW, NOW, Outcomes(), Outcomes(), 0, None, (), {}, (), (), 0, None, 0, 0, (0, 0), Late(0, (), None), NOW,
)  # fmt: skip
FULL = DayReport(
    NOW - timedelta(days=1), NOW, Outcomes(1, 2, 3, 4, 5), Outcomes(1), 2, timedelta(hours=2), (Money(12_000, "USD"),),
    {"USD": Money(6_000, "USD")}, (Money(12_000, "USD"),),
    (Money(2_000, "USD"), Money(-500, "USD")), 3_400, 84.0, 1, 1, (9, 2),
    Late(2, (Money(100, "USD"),), NOW), NOW,
)  # fmt: skip


def shown() -> Iterator[Card]:
    """Every card."""
    for awaited in (Awaited([BRIEF], INVOICES), Awaited([], INVOICES), Awaited([], [])):
        for counts in ({}, {State.FAILED: 1, State.DRAFTING: 2}):
            yield status_cards.for_client(awaited, counts, NOW)
    for counts in ({}, {State.FAILED: 1}, {State.IN_REVIEW: 2, State.QUEUED: 1}):
        cases = (QUIET, Watched()), (BUSY, Watched()), (QUIET, Watched(troubled=True)), (HELD, Watched())
        for machinery, watched in cases:
            stands = Standing(counts, None, machinery)
            yield status_cards.for_team(stands, machinery, watched, "v1.0", NOW, decides=True)
    yield client_cards.listing(VIEWS, ())
    yield client_cards.listing([], ())
    for view in VIEWS:
        yield client_cards.client(view, CARL)
        yield client_cards.ask_target(view)
    yield client_cards.invoices(CARL, [Billed(one, None, BACK) for one in INVOICES], ())
    yield client_cards.invoices(CARL, [], ())
    late = replace(EMPTY, start=NOW - timedelta(days=1), late=Late(1, (Money(100, "USD"),), None))
    for report in (EMPTY, FULL, replace(FULL, paid=()), replace(FULL, revenue=()), replace(FULL, quality=None), late):
        yield period_cards.report(of_period(Kind.DAY, report))
    for kind in Kind:
        for over in (True, False):
            yield period_cards.report(of_period(kind, FULL, over=over))
            yield replace(period_cards.as_file(of_period(kind, FULL, over=over)), document=None)
            drawn = pictures.picture(of_period(kind, FULL, over=over))
            assert isinstance(drawn, Columns)
            yield Card("\n".join([drawn.head.label, drawn.head.note, *(words for _tone, words in drawn.legend)]))


def of_period(kind: Kind, day: DayReport, *, over: bool = True) -> PeriodReport:
    """A period in which everything happened."""
    period = Period.around(kind, NOW.date())
    some = Figures("USD", 12_000, 100, 200, 300, 400)
    by_day = [(each, {"USD": replace(some, refunds=20_000)}) for each in period.shown]
    return PeriodReport(period, over, day, [Compared(some, some, some)], by_day)


def test_nothing_escapes() -> None:
    """No card says anything in another language than the reader's."""
    with installed(), reading_as(Reader(LANGUAGE)):
        assert {card.text: found for card in shown() if (found := escaped_in(card, DATA))} == {}
