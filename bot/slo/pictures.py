"""The pictures of service levels: what is left of each budget, and on which days one was used up."""

from collections.abc import Sequence

from bot.charts.model import Bar, Bars, Column, Columns, Head, Tone, scale
from bot.kernel.translation import compact, date, right_to_left
from bot.kernel.translation import gettext as _
from bot.slo.cards import burning, left, share
from bot.slo.figures import Closer, Level, Levels

LABEL_EVERY = 10  # days
FEWEST = 4  # failures on the scale, so that it counts whole ones


def overview(of: Levels) -> Bars | None:
    """What is left of each budget; None where nothing was counted."""
    levels = [level for level in of.levels if level.budget.kept is not None]
    if not levels:
        return None
    least = min(levels, key=lambda level: level.budget.left)
    head = Head(_("Budgets left · 30 days"), left(least.budget), _("The least: {name}", name=least.slo.words))
    bars = [Bar(level.slo.words, left(level.budget), 1.0, _tone(level), level.budget.left) for level in levels]
    legend = [(Tone.KEPT, _("left")), (Tone.SPENT, _("used"))]
    return Bars(head, bars, [*legend, (Tone.BAD, _("target missed"))] if _missed(levels) else legend, right_to_left())


def _missed(levels: Sequence[Level]) -> bool:
    return any(level.bad for level in levels)


def _tone(level: Level) -> Tone:
    return Tone.BAD if level.bad else Tone.SPENT


def closer(of: Closer) -> Columns | None:
    """How many were bad on each of the last days; None where none was."""
    if not any(count.bad for _at, count in of.days):
        return None
    columns = [
        Column(date(at, "d MMM") if place % LABEL_EVERY == 0 else "", count.bad, 0)
        for place, (at, count) in enumerate(of.days)
    ]
    sizes = scale(0, max(FEWEST, *(column.size for column in columns)))
    kept = of.level.budget.kept
    head = Head(of.level.slo.words, share(kept or 0), burning(of.level))
    legend = [(Tone.SPENT, _("failures each day"))]
    return Columns(head, columns, [(size, compact(size)) for size in sizes], legend, right_to_left())
