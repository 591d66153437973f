"""What the team reads in the morning."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.kernel.card import Card, Lines, escape, first_lines
from bot.kernel.text.words import clock, duration
from bot.kernel.translation import calendar_day, ngettext
from bot.kernel.translation import gettext as _
from bot.mornings.model import Board, Due

SHOWN = 5  # briefs of a kind
LONGEST = 200  # characters of a provider's words


def board(of: Board, now: datetime) -> Card:
    """What waits, what is late, what was promised for today."""
    lines = Lines(_("Morning board · {day}", day=calendar_day(of.day, "EEEE d MMM")))
    if of.waiting:
        since = duration(now - of.oldest) if of.oldest is not None else ""
        lines.add(
            ngettext(
                "{n} draft waits for a decision, for {time}. /queue",
                "{n} drafts wait for a decision, the first for {time}. /queue",
                of.waiting,
                time=since,
            )
        )
    if of.stopped:
        lines.add(ngettext("{n} brief was stopped by a fault. /failed", "{n} briefs were stopped by a fault. /failed",
                           of.stopped))  # fmt: skip
    if of.late:
        lines.add(ngettext("{n} brief is late:", "{n} briefs are late:", len(of.late)))
        _list(lines, of.late, now, late=True)
    if of.today:
        lines.add(ngettext("{n} brief is promised for today:", "{n} briefs are promised for today:", len(of.today)))
        _list(lines, of.today, now, late=False)
    if of.started:
        lines.add(ngettext("{n} brief that waited for this morning starts now.",
                           "{n} briefs that waited for this morning start now.", of.started))  # fmt: skip
    return Card(str(lines))


def _list(lines: Lines, of: Sequence[Due], now: datetime, *, late: bool) -> None:
    for one in of[:SHOWN]:
        when = _("{time} late", time=duration(now - one.at)) if late else _("by {time}", time=clock(one.at))
        lines.add(f"/brief_{one.brief_id} {first_lines(one.title, 40)}: {when}")
    if len(of) > SHOWN:
        lines.add(ngettext("and {n} more. /briefs", "and {n} more. /briefs", len(of) - SHOWN))


def providers(silent: Mapping[str, str], waiting: int) -> Card:
    """Which of them do not answer shortly before work starts, to admins."""
    lines = Lines(_("Before the morning · Not everything answers"))
    for name, words in silent.items():
        lines.add(f"{escape(name)}: {first_lines(words, LONGEST)}")
    if waiting:
        lines.add(
            ngettext(
                "{n} brief that waited for this morning starts at 08:00 all the same, and goes on as soon as it can.",
                "{n} briefs that waited for this morning start at 08:00 all the same, and go on as soon as they can.",
                waiting,
            )
        )
    return Card(str(lines.add(_("What to do: <code>python -m bot doctor</code> says it of each."))))
