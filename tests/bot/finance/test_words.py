"""Every text of reports on money and their pictures, in a language that nobody speaks."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from xml.etree import ElementTree

from bot.charts.drawing import svg
from bot.charts.model import Chart
from bot.finance import cards, cost_cards, guard_cards, pictures, pricing_cards
from bot.finance.figures import DayCosts, Months, Receivables, Report, Row, Table, View
from bot.finance.model import Age, Figures, Part, Period, months_of
from bot.finance.proposals import Past, TypePrice
from bot.kernel.card import Card
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.locale import catalogs
from bot.models.budget import Ceiling, Reached
from bot.models.cards import ceiling_reached
from tests.pseudo_locale import LANGUAGE, escaped, escaped_in, installed

NOW = datetime(2026, 11, 28, 14, 3, tzinfo=UTC)
TODAY = NOW.date()
MONTHS = [
    *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November"),
    *("December", "Saturday", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Sat"),
]
DATA = ["USD", "EUR", "UTC", "Alice", "gpt-6-luna", "Stripe", "CSV", "CEILING_DAY_USD", "CEILING_MONTH_USD", *MONTHS]
GOOD = Figures("USD", revenue=120_000, refunds=2_000, lost=500, fees=3_600, models=1_192)
BAD = Figures("USD", revenue=1_000, models=5_000)
COST = Figures("USD", fees=700)
TYPES = (("Drafting", GOOD), ("hand", BAD), ("others", COST), ("", COST))
CLIENTS = (("1042", GOOD), ("1043", BAD), ("", COST))
NAMES = {"1042": "Alice", "1043": "株式会社"}


def reports() -> Iterator[Report]:
    for period in Period:
        until = NOW if period is Period.MONTH else None
        for figures in (GOOD, BAD, COST, Figures("EUR"), Figures("EUR", revenue=500)):
            months = months_of(period, TODAY)
            yield Report(View(period, "USD"), months, figures, ["USD", "EUR"], until=until)
        for part, found in ((Part.TYPE, TYPES), (Part.CLIENT, CLIENTS)):
            yield Report(View(period, "USD", part), months, GOOD, ["USD"], found, NAMES, until)


def others() -> Iterator[tuple[Card, Chart | None]]:
    by_month = [(month, GOOD if n % 3 else BAD) for n, month in enumerate(months_of(Period.YEAR, TODAY))]
    for months in (Months("USD", by_month, ["USD", "EUR"]), Months("USD", [(date(2026, 11, 1), Figures("USD"))], [])):
        yield cards.months(months), pictures.months(months)
    ages = {age: (5_000, n + 1) for n, age in enumerate(Age)}
    for owed in (
        Receivables("USD", ages, Money(-100, "USD"), ["USD", "EUR"], NOW),
        Receivables("USD", {}, Money(0, "USD"), [], NOW),
    ):
        yield cards.receivables(owed), pictures.receivables(owed)
    costs = DayCosts(TODAY, 11_920_000, 31, [("gpt-6-luna", 11_920_000)], [("Drafting", 9), ("", 1)], [("1042", 9)],
                     NAMES, [Money(378, "USD")])  # fmt: skip
    for one in (costs, DayCosts(TODAY, 0, 0, [], [], [], {}, [Money(378, "USD")])):
        yield cost_cards.day(one), cost_cards.picture(one)


def more() -> Iterator[Card]:
    yield cards.as_file(Table([Row(date(2026, 11, 1), Part.TYPE, "hand", GOOD)], NAMES, NOW))
    yield guard_cards.fees(GOOD, 6)
    yield guard_cards.closed(TODAY, 20_000_000, 2_000_000)
    yield guard_cards.closed_by(TODAY, "Alice", NOW)
    yield guard_cards.opened("Alice", NOW)
    yield ceiling_reached(Reached(Ceiling.DAY, "day:1", 5, busy=False, closed=True), NOW, brief_id=1042, client="Alice")
    price, past = Money(12_000, "USD"), Past(144_000, 48_000, 4_000)
    proposed = TypePrice(TaskType.DRAFTING, price, past, Money(15_000, "USD"), past)
    kinds = [proposed, *(TypePrice(TaskType.OTHER, price, one) for one in (past, None, Past(0, 0, 0)))]
    for may in (True, False):
        yield pricing_cards.review(kinds, may=may)
        yield pricing_cards.proposal(proposed, may=may)
    yield pricing_cards.review(kinds[1:], may=True)
    yield pricing_cards.adopted(proposed, "Alice")


def words_of(chart: Chart | None) -> Iterator[str]:
    if chart is not None:
        for text in ElementTree.fromstring(svg(chart)).iter("{http://www.w3.org/2000/svg}text"):
            yield text.text or ""


def test_nothing_escapes() -> None:
    """No card and no picture says anything in another language than the reader's."""
    with installed(), reading_as(Reader(LANGUAGE)):
        shown: list[tuple[Card, Chart | None]] = [(cards.report(one), pictures.report(one)) for one in reports()]
        shown += [(card, None) for card in more()]
        shown += others()
        assert {card.text: found for card, _ in shown if (found := escaped_in(card, DATA))} == {}
        drawn = {words for _, chart in shown for words in words_of(chart)}
        assert {words: found for words in drawn if (found := escaped(words, DATA))} == {}


def test_all_fit_beneath_a_picture() -> None:
    """No card with a picture is longer than a caption may be."""
    catalogs.install_all()
    for language in ("en", "es", "ur"):
        with reading_as(Reader(language)):
            shown = [cards.report(one) for one in reports()] + [card for card, _ in others()]
            assert max(len(card.text) for card in shown) < 1_024
