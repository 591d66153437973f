"""The report of a day, week or month as a PDF: its words, and for each currency its chart and tables."""

from collections.abc import Iterator, Sequence

from bot.finance.model import Figures
from bot.kernel.text import played
from bot.kernel.text.fitting import plain
from bot.kernel.text.words import moment
from bot.kernel.translation import calendar_day, reader, right_to_left
from bot.kernel.translation import gettext as _
from bot.pdf.model import Block, Paper, Picture, Table, Words
from bot.reports.periods.cards import BEFORE, YEAR_BEFORE, said, title
from bot.reports.periods.model import Compared, Kind, PeriodReport
from bot.reports.periods.pictures import picture

NOTHING = "–"


def paper(of: PeriodReport, brand: str) -> Paper:
    """All that its card says, and the figures behind the chart."""
    words = [Words(plain(line)) for line in (*filter(None, [played.notice()]), *said(of))]
    tables = [block for one in of.money for block in _of_currency(of, one)]
    note = _("Made {time}", time=moment(of.day.now))
    return Paper(title(of), brand, [*words, *tables], note, reader().language, right_to_left())


def _of_currency(of: PeriodReport, one: Compared) -> Iterator[Block]:
    currency = one.now.currency
    drawn = picture(of, currency)
    if drawn is None:
        return
    yield Words(_("Revenue, costs and margin · {currency}", currency=currency), heading=True)
    yield Picture(drawn)
    yield _compared(of, one)
    if not of.over:
        yield Words(_("The times before are counted up to the same hour as this one."))
    if of.period.kind is not Kind.DAY:
        yield Words(_("Day by day · {currency}", currency=currency), heading=True)
        yield _days(of, currency)


def _compared(of: PeriodReport, one: Compared) -> Table:
    kind = of.period.kind
    columns = [(title(of), one.now), (_(BEFORE[kind]), one.before), (_(YEAR_BEFORE[kind]), one.year_before)]
    shown = [(words, figures) for words, figures in columns if figures is not None]
    rows = [
        [_("Revenue"), *(_amount(each, each.revenue) for _words, each in shown)],
        [_("Refunds"), *(_amount(each, each.refunds) for _words, each in shown)],
        [_("Disputes and bad debts"), *(_amount(each, each.lost) for _words, each in shown)],
        [_capital(_("Stripe fees")), *(_amount(each, each.fees) for _words, each in shown)],
        [_capital(_("AI cost")), *(_amount(each, each.models) for _words, each in shown)],
        *_commissions(shown),
        [_("Margin"), *(_amount(each, each.margin) for _words, each in shown)],
    ]
    header = [one.now.currency, *(words for words, _figures in shown)]
    return Table(header, rows, strong=[len(rows) - 1])


def _commissions(shown: Sequence[tuple[str, Figures]]) -> list[list[str]]:
    """What partners' shares cost, where there were any: most studios have none."""
    if not any(each.commissions for _words, each in shown):
        return []
    return [[_capital(_("partner commissions")), *(_amount(each, each.commissions) for _words, each in shown)]]


def _days(of: PeriodReport, currency: str) -> Table:
    """Every day of it; those that are to come are left out."""
    days = [(day, figures[currency]) for day, figures in of.by_day if day <= of.today]
    rows = [_day(calendar_day(day, "EEE d MMM"), figures) for day, figures in days]
    rows.append(_day(_("Together"), of.of(currency).now))
    return Table([currency, _("Revenue"), _("Costs"), _("Margin")], rows, strong=[len(rows) - 1])


def _day(words: str, figures: Figures) -> Sequence[str]:
    return [words, *(_amount(figures, minor) for minor in (figures.revenue, figures.costs, figures.margin))]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _amount(figures: Figures, minor: int) -> str:
    return figures.money(minor).plain if minor else NOTHING
