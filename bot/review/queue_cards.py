"""How the queue reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.text.words import clock, due, duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number
from bot.review.model import Queue, QueueFilter, Waiting

ACTION = "queue"


def queue(kind: QueueFilter, page: Queue, rows: Sequence[Waiting], beside: tuple[tuple[Button, ...], ...]) -> Card:
    """A page of the queue: briefs with who has each, the pages beside it, and what else one may look at.

    rows: those of the page that fit.
    """
    counts, under_way, now = page.counts, page.under_way, page.now
    lines = Lines(_headline(kind, counts))
    for one in rows:
        state = _state(one.brief, one.holder, now)
        lines.add(f"/brief_{one.brief.id} {first_lines(one.brief.title, 40)}\n{state}")
    if not rows and kind is not QueueFilter.ALL:
        lines.add(_("Nothing of this kind waits."))
    if not rows and under_way:
        # Translators: the number is of briefs.
        lines.add(ngettext("{n} under way.", "{n} under way.", under_way))
    lines.add(_("As of {time}", time=clock(now)))
    openly = "" if counts[QueueFilter.ALL] else _headline(QueueFilter.ALL, counts)
    return Card(str(lines), (*beside, *_choices(kind, counts)), openly=openly)


def _headline(kind: QueueFilter, counts: Mapping[QueueFilter, int]) -> str:
    everything = counts[QueueFilter.ALL]
    if kind is QueueFilter.ALL:
        if not everything:
            return _("Nothing waits for a decision")
        # Translators: the number is of drafts that wait for somebody's decision.
        return ngettext("{n} to decide", "{n} to decide", everything)
    # Translators: a part of the queue, such as Flagged or Research, with how many of all drafts are in it.
    return _("{part} · {some} of {all} to decide", part=kind.words, some=number(counts[kind]), all=number(everything))


def _state(brief: Brief, holder: str | None, now: datetime) -> str:
    waited = duration(max(now - brief.since, timedelta()))
    # Translators: behind it may stand who has the draft and when it is due.
    parts = [_("{type}, waits {time}", type=brief.task_type.words, time=waited)]
    if brief.deadline is not None:
        parts.append(due(brief.deadline, now))
    if holder is not None:
        parts.append(_("{name} has it", name=escape(holder)))
    if brief.asked_at is not None:
        # Translators: of a draft that waits: its client was asked something.
        parts.append(_("its client was asked"))
    if brief.flags:
        parts.append(_("flagged"))
    return in_a_row(parts)


def _choices(kind: QueueFilter, counts: Mapping[QueueFilter, int]) -> tuple[tuple[Button, ...], ...]:
    """What else there is to see, with how much; the part that is shown can be looked at anew."""
    order = list(QueueFilter)
    offered = [
        k for k in order if k is kind or (counts[k] and (k is QueueFilter.ALL or counts[k] < counts[QueueFilter.ALL]))
    ]
    return in_rows(
        [
            Button(_("Refresh") if k is kind else f"{k.words} {number(counts[k])}", ACTION, choice=k.choice)
            for k in offered
        ]
    )
