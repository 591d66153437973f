"""What people see of the automatic check."""

from bot.kernel.card import Card, Lines, escape
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _


def probe_passed(way: str, task_type: TaskType, points: int, target: int) -> Card:
    """A known-bad draft that the judge found good enough, for admins."""
    lines = Lines(_("The automatic check let a known-bad draft through"))
    lines.add(
        _(
            "{type}, with faults added by us ({way}): score {points}, minimum {target}.",
            type=task_type.words,
            way=escape(way),
            points=points,
            target=target,
        )
    )
    lines.add(_("It was a test of the automatic check; no client saw it."))
    lines.add(
        _(
            "Check the drafts that lately passed without a person, or raise the minimum score. At most one such "
            "message a day."
        )
    )
    return Card(str(lines))
