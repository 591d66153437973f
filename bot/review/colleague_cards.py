"""How those who decide speak with each other about a draft, and how they read it whole."""

from collections.abc import Sequence
from datetime import datetime

from bot.access.model import Person
from bot.briefs.cards import button
from bot.briefs.model import Brief
from bot.kernel.card import Button, Card, Document, Lines, escape, in_rows
from bot.kernel.text.fitting import MOST_ENTITIES, fits, formats
from bot.kernel.text.markdown import to_html
from bot.kernel.text.words import clock
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

HANDOVER = "handover"  # of [Never mind], where no question waits
NOTE_OPEN = N_("Still open: your note on brief {brief}. Write it; /stop leaves it as it is.")


def ask_for_note(brief: Brief) -> Card:
    """The next message is the note."""
    lines = Lines(_("Brief {brief} · Note", brief=brief.id))
    lines.add(_("Your next message is the note. Everybody who decides reads it on the card; the client never does."))
    return Card(str(lines), ((button(_("Never mind"), "undecided", brief),),))


def ask_whom(brief: Brief, people: Sequence[Person]) -> Card:
    """Whom to hand it to."""
    lines = Lines(_("Brief {brief} · Hand over", brief=brief.id))
    if not people:
        lines.add(_("There is nobody else who could decide on it."))
    else:
        lines.add(_("Who takes it? They are told, and nobody else decides until their time is over."))
    names = [Button(person.name, "handto", brief.id, person.id) for person in people]
    never_mind = button(_("Never mind"), "undecided", brief, HANDOVER)
    return Card(str(lines), ((never_mind,), *in_rows(names)))


def handed_to_you(brief: Brief, by: str, until: datetime) -> Card:
    """To whoever has it now."""
    lines = Lines(_("Brief {brief} · {name} handed it to you", brief=brief.id, name=by))
    lines.add(escape(brief.title))
    lines.add(_("It is yours until {time} at most: /brief_{brief}", time=clock(until), brief=brief.id))
    return Card(str(lines))


def whole(brief: Brief, text: str, file: Document, *, may_decide: bool) -> Card:
    """The draft as its client would get it: in the chat where it fits, with the decision below it; else as a file."""
    lines = Lines(_("Brief {brief} · The whole draft", brief=brief.id))
    shown = to_html(text) if file.name.endswith(".md") else f"<pre>{escape(text)}</pre>"
    lines.add(f"\n{shown}")
    if file.binary or formats(shown) >= MOST_ENTITIES or not fits(str(lines)):
        return Card(_("Brief {brief}, the whole text", brief=brief.id), document=file)
    if not may_decide:
        return Card(str(lines))
    return Card(str(lines), ((button(_("Approve"), "approve", brief), button(_("Send back"), "sendback", brief)),))
