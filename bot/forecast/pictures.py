"""The picture of a forecast: the last days, and between which bounds those to come lie."""

from bot.charts.model import Band, Course, Head, Tone, scale
from bot.forecast.cards import amount, title, with_unit
from bot.forecast.figures import Outlook
from bot.forecast.model import LOAD, PARTS
from bot.kernel.money import Money
from bot.kernel.translation import calendar_day, compact, right_to_left
from bot.kernel.translation import gettext as _

LABEL_EVERY = 14  # days


def outlook(of: Outlook) -> Course | None:
    """None where nothing is told."""
    if of.made is None:
        return None
    series, made = of.series, of.made
    past = [_size(series, value) for _day, value in of.past]
    ahead = [
        Band(
            _size(series, one.expected.middle),
            (_size(series, one.expected.low80), _size(series, one.expected.high80)),
            (_size(series, one.expected.low95), _size(series, one.expected.high95)),
        )
        for one in made.days
    ]
    days = [*(day for day, _value in of.past), *(one.day for one in made.days)]
    begins = len(of.past)
    labelled = [(place, day) for place, day in enumerate(days) if (place - begins) % LABEL_EVERY == 0]
    labels = [(place, calendar_day(day, "d MMM")) for place, day in labelled]
    least = min([0.0, *past, *(one.possible[0] for one in ahead)])
    sizes = scale(least, max([*past, *(one.possible[1] for one in ahead)]))
    low, high = amount(series, made.total.low80), amount(series, made.total.high80)
    head = Head(title(of), with_unit(series, made.total.middle), _("80 % between {low} and {high}", low=low, high=high))
    legend = [(Tone.PAST, _("past days")), (Tone.LIKELY, _("80 %")), (Tone.POSSIBLE, _("95 %"))]
    return Course(head, past, ahead, [(size, compact(size)) for size in sizes], labels, legend, right_to_left())


def _size(series: str, value: float) -> float:
    return value / PARTS if series == LOAD else float(Money(round(value), series).decimal)
