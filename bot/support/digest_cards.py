"""How the digest of unanswered messages reads."""

from collections.abc import Sequence
from datetime import datetime

from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.text.words import clock, duration, in_a_row
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext
from bot.support.model import View

SHOWN = 70
MOST_BUTTONS = 6
LABEL = 24


def digest(views: Sequence[View], count: int, now: datetime) -> Card:
    """What waits for an answer, the longest wait first; each can be answered from here unless somebody has it."""
    if not count:
        lines = Lines(_("No message waits for an answer"))
        return Card(str(lines.add(_("As of {time}", time=clock(now)))), silent=True)
    lines = Lines(ngettext("{n} message waits for an answer", "{n} messages wait for an answer", count))
    for view in views:
        lines.add(_line(view, now))
    if count > len(views):
        lines.add(ngettext("and {n} more: /support", "and {n} more: /support", count - len(views)))
    lines.add(_("As of {time}", time=clock(now)))
    free = [view for view in views if view.holder_id is None][:MOST_BUTTONS]
    return Card(str(lines), in_rows([_answer(view) for view in free]), silent=True)


def _line(view: View, now: datetime) -> str:
    """Who waits since when, whether by mail and who has it, and how their words begin."""
    thread = view.thread
    said = [f"/support_{thread.id} {first_lines(thread.name, LABEL)}", duration(now - thread.since)]
    if thread.address:
        said.append(_("by mail"))
    if view.holder_id is not None:
        said.append(_("{name} has it", name=escape(view.holder)))
    words = " ".join(view.unanswered[-1].text.split()) if view.unanswered else ""
    return f"{in_a_row(said)}\n<i>{first_lines(words, SHOWN)}</i>" if words else in_a_row(said)


def _answer(view: View) -> Button:
    name = view.thread.name if len(view.thread.name) <= LABEL else f"{view.thread.name[: LABEL - 1]}…"
    return Button(_("Answer {name}", name=name), "answer", view.thread.id, view.thread.version)
