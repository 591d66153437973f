"""The picture of a day, week or month: what was earned and what was left of it, day by day."""

from collections.abc import Sequence
from datetime import date

from bot.charts.model import Chart, Column, Columns, Head, Tone, scale_of
from bot.finance.model import Figures
from bot.kernel.translation import calendar_day, compact, right_to_left
from bot.kernel.translation import gettext as _
from bot.reports.periods.cards import change_of, title
from bot.reports.periods.model import Kind, PeriodReport

LABEL_EVERY = 7  # days between two labels
_PATTERNS = {Kind.DAY: "d MMM", Kind.WEEK: "EEE", Kind.MONTH: "d"}


def picture(of: PeriodReport, currency: str = "") -> Chart | None:
    """What was left of each day's revenue in one currency; None where nothing moved."""
    one = of.of(currency)
    days = [(day, figures[one.now.currency]) for day, figures in of.by_day]
    if all(figures.empty for _day, figures in days):
        return None
    columns = [
        Column(
            _label(of.period.kind, place, len(days), day),
            float(figures.money(figures.revenue).decimal),
            float(figures.money(figures.margin).decimal),
        )
        for place, (day, figures) in enumerate(days)
    ]
    about = of.period.first if of.period.kind is Kind.DAY else of.today
    return Columns(
        _head(of, one.now, one.before),
        columns,
        [(size, compact(size)) for size in scale_of(columns)],
        _legend(any(column.kept < 0 for column in columns)),
        right_to_left(),
        next((place for place, (day, _figures) in enumerate(days) if day == about), None),
    )


def _label(kind: Kind, place: int, count: int, day: date) -> str:
    """Each day of a week has its own; of more days every seventh, so that the last one of a day's picture has one."""
    from_where = count - 1 - place if kind is Kind.DAY else place
    labelled = kind is Kind.WEEK or from_where % LABEL_EVERY == 0
    return calendar_day(day, _PATTERNS[kind]) if labelled else ""


def _head(of: PeriodReport, now: Figures, before: Figures | None) -> Head:
    """The revenue, beside that of the period before where there was any."""
    revenue = str(now.money(now.revenue))
    change = change_of(now.revenue, before.revenue) if before is not None else ""
    if not change:
        return Head(title(of), revenue, _("Revenue"))
    match of.period.kind:
        case Kind.DAY:
            return Head(title(of), revenue, _("Revenue, {change} on the day before", change=change))
        case Kind.WEEK:
            return Head(title(of), revenue, _("Revenue, {change} on the week before", change=change))
    return Head(title(of), revenue, _("Revenue, {change} on the month before", change=change))


def _legend(lost: bool) -> Sequence[tuple[Tone, str]]:
    legend = [(Tone.KEPT, _("margin")), (Tone.SPENT, _("costs"))]
    return [*legend, (Tone.BAD, _("loss"))] if lost else legend
