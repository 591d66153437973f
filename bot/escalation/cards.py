"""What people are told of drafts that nobody decides on."""

from collections.abc import Sequence
from datetime import datetime

from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Lines, first_lines
from bot.kernel.text.words import clock, duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext


def reminder(longest: Sequence[Brief], count: int, now: datetime) -> Card:
    """Drafts that wait longer than they should; `longest` are the first of `count`."""
    lines = Lines(ngettext("A draft still waits for a decision", "{n} drafts still wait for a decision", count))
    # Translators: without a decision.
    return _listed(lines.add(_("Nothing goes out without one.")), longest, count, now)


def last_level(longest: Sequence[Brief], count: int, now: datetime) -> Card:
    """To admins, daily: all that waits past the last level."""
    lines = Lines(
        ngettext("{n} brief waits far too long for a decision", "{n} briefs wait far too long for a decision", count)
    )
    lines.add(
        _(
            "Operators and admins were reminded, and the clients know that it takes longer. As of {time}.",
            time=clock(now),
        )
    )
    return _listed(lines, longest, count, now)


def _listed(lines: Lines, longest: Sequence[Brief], count: int, now: datetime) -> Card:
    for brief in longest:
        waited = duration(now - brief.since)
        lines.add(in_a_row((f"/brief_{brief.id} {first_lines(brief.title, 40)}", waited)))
    if count > len(longest):
        lines.add(ngettext("and {n} more", "and {n} more", count - len(longest)))
    return Card(str(lines), ((Button(_("Open the queue"), "queue"),),))
