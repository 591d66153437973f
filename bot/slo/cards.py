"""How service levels read."""

import math
from collections.abc import Sequence

from bot.kernel.card import Button, Card, Lines, in_rows
from bot.kernel.text.words import clock, duration, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number, percent
from bot.slo.figures import Closer, Level, Levels
from bot.slo.model import DAY, SLOS, Budget, Severity, Stretch

NAMES = tuple(slo.name for slo in SLOS)
QUIET = 0.05  # a slower burn is none


def overview(of: Levels) -> Card:
    """How each of them stands, in a line each; the bad ones first."""
    bad = [level for level in of.levels if level.bad]
    head = _("Service levels · all met")
    if bad:
        head = ngettext("Service levels · {n} needs a look", "Service levels · {n} need a look", len(bad))
    lines = Lines(head)
    for level in sorted(of.levels, key=lambda one: not one.bad):
        lines.add(_line(level))
    lines.add(_("Budgets are for 30 days. As of {time}", time=clock(of.at)))
    buttons = [Button(level.slo.words, "slo", choice=level.slo.name) for level in of.levels]
    return Card(str(lines), (*in_rows(buttons), (Button(_("Refresh"), "slos"),)))


def _line(level: Level) -> str:
    budget = level.budget
    if budget.kept is None:
        return _("{name}: nothing counted yet", name=level.slo.words)
    said = {"name": level.slo.words, "kept": share(budget.kept), "objective": share(level.slo.objective)}
    # Translators: of a service level: how much was good, how much should be, and how much of the rest may still fail.
    line = _("{name}: {kept} good (target {objective}), {left} of the budget left", left=left(budget), **said)
    return f"{line}, {burning(level)}" if level.burn >= QUIET else line


def share(value: float) -> str:
    """ "99.95 %": near 100 each digit counts, and what is below 100 is never told as 100."""
    return percent(math.floor(value * 10_000 + 1e-6) / 10_000, 2) if 0.9 < value < 1 else percent(value, 0)


def left(budget: Budget) -> str:
    """How much of the budget is left."""
    return percent(budget.left)


def burning(level: Level) -> str:
    """How fast it burns now."""
    if level.state.burning is Severity.PAGE:
        return _("burning {burn} times too fast", burn=number(max(1, round(level.burn))))
    if level.burn < QUIET:
        return _("not burning")
    # Translators: of a budget: at this speed so much of it is used up by the end of its time.
    return _("burn {share} in the last hour", share=percent(level.burn))


def closer(of: Closer) -> Card:
    """One of them: what is good, how it stands, and what used its budget up."""
    level, budget = of.level, of.level.budget
    lines = Lines(_title(level)).add(level.slo.said_good)
    if budget.kept is None:
        lines.add(_("Nothing has been counted yet."))
    else:
        said = {"kept": share(budget.kept), "all": number(budget.count.total), "objective": share(level.slo.objective)}
        lines.add(_("{kept} of {all} in 30 days were good; {objective} should be", **said))
        lines.add(_spent(budget))
        lines.add(_("Now: {burning}", burning=burning(level)))
    if level.state.since is not None:
        lines.add(_("Too fast since {time}", time=moment(level.state.since)))
    for line in _worst(of.worst):
        lines.add(line)
    lines.add(_("As of {time}", time=clock(of.at)))
    rows = ((Button(_("All levels"), "slos"), Button(_("Refresh"), "slo", choice=level.slo.name)),)
    return Card(str(lines), rows)


def _title(level: Level) -> str:
    return _("{name} · needs a look", name=level.slo.words) if level.bad else level.slo.words


def _spent(budget: Budget) -> str:
    said = {"bad": number(budget.count.bad), "allowed": number(int(budget.allowed)), "left": left(budget)}
    return _("Budget: {bad} of {allowed} failures used, {left} left", **said)


def _worst(worst: Sequence[Stretch]) -> Sequence[str]:
    said = []
    for one in worst:
        took = duration(min(one.until - one.since, DAY))
        said.append(
            ngettext(
                "{n} failure in {span} from {time}",
                "{n} failures in {span} from {time}",
                one.bad,
                time=moment(one.since),
                span=took,
            )
        )
    return said
