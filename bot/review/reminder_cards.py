"""What people are told of drafts that nobody decides on."""

from collections.abc import Sequence
from datetime import datetime

from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Lines, first_lines
from bot.kernel.words import clock, duration


def reminder(longest: Sequence[Brief], count: int, now: datetime) -> Card:
    """Drafts that wait longer than they should; `longest` are the first of `count`."""
    lines = Lines("A draft still waits for a decision" if count == 1 else f"{count} drafts still wait for a decision")
    return _listed(lines.add("Nothing goes out without one."), longest, count, now)


def last_rung(longest: Sequence[Brief], count: int, now: datetime) -> Card:
    """To admins, daily: all that waits past the last rung."""
    words = "1 brief waits" if count == 1 else f"{count} briefs wait"
    lines = Lines(f"{words} far too long for a decision")
    lines.add(f"Operators and admins were reminded, and the clients know that it takes longer. As of {clock(now)}.")
    return _listed(lines, longest, count, now)


def _listed(lines: Lines, longest: Sequence[Brief], count: int, now: datetime) -> Card:
    for brief in longest:
        waited = duration(now - brief.since)
        lines.add(f"/brief_{brief.id} {first_lines(brief.title, 40)}, {waited}")
    if count > len(longest):
        lines.add(f"and {count - len(longest):,} more")
    return Card(str(lines), ((Button("Open the queue", "queue"),),))
