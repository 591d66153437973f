"""How a day's costs read."""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.charts.model import Bar, Bars, Head, Tone
from bot.finance.cards import choice_of, name_of
from bot.finance.figures import DayCosts, View
from bot.finance.model import Part, Period
from bot.finance.pictures import shortened
from bot.kernel.card import Button, Card, escape
from bot.kernel.text import played
from bot.kernel.text.words import in_a_row, usd
from bot.kernel.translation import calendar_day, ngettext, right_to_left
from bot.kernel.translation import gettext as _

DAY = timedelta(days=1)


def day(costs: DayCosts, today: date | None = None) -> Card:
    """What models and Stripe cost on a day, with the days beside it, up to today."""
    lines = played.below(_("Costs · {day}", day=_day(costs)))
    if costs.calls:
        money = usd(costs.micro_usd)
        lines.add(ngettext("Models {money}, {n} call", "Models {money}, {n} calls", costs.calls, money=money))
    if costs.micro_usd:
        lines.add(_("By model: {parts}", parts=_listed(costs.models)))
        lines.add(_("By type: {parts}", parts=_listed(_named(costs, Part.TYPE, costs.types))))
        lines.add(_("By client: {parts}", parts=_listed(_named(costs, Part.CLIENT, costs.clients))))
    if costs.fees:
        lines.add(_("Stripe fees {fees}", fees=in_a_row(map(str, costs.fees))))
    if costs.nothing:
        lines.add(_("Nothing was spent."))
    return Card(str(lines), (_steps(costs.day, today), (_month(),)))


def _month() -> Button:
    return Button(_("This month"), "finance", choice=choice_of(View(Period.MONTH)))


def _steps(day: date, today: date | None) -> tuple[Button, ...]:
    """To the days beside it; the number is the day. today: None where it is not known, as in what is sent of a day."""
    before, after = (Button(words, "costs", (day + step * DAY).toordinal()) for words, step in (("◀", -1), ("▶", 1)))
    return (before, after) if today is not None and day < today else (before,)


def picture(costs: DayCosts) -> Bars | None:
    """What each type of work cost; None where models cost nothing."""
    if not costs.micro_usd:
        return None
    named = _named(costs, Part.TYPE, costs.types)
    bars = [Bar(shortened(name), usd(micro_usd), micro_usd / 1_000_000, Tone.PLAIN) for name, micro_usd in named]
    head = Head(_("Cost of models · {day}", day=_day(costs)), usd(costs.micro_usd), _("By type of work"))
    return Bars(head, bars, right_to_left=right_to_left())


def _listed(parts: Sequence[tuple[str, int]]) -> str:
    return in_a_row(f"{escape(name)} {usd(micro_usd)}" for name, micro_usd in parts)


def _named(costs: DayCosts, part: Part, parts: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(name_of(part, name, costs.names), micro_usd) for name, micro_usd in parts]


def _day(costs: DayCosts) -> str:
    return calendar_day(costs.day, "EEEE d MMM")
