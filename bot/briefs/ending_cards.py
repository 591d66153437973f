"""What a client reads when a brief comes to an end that they wait for: new messages, so that the phone rings."""

from collections.abc import Sequence

from bot.briefs.model import Brief
from bot.briefs.owed import charged
from bot.invoices.model import Invoice
from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines, in_rows
from bot.kernel.text.file_format import FileFormat
from bot.kernel.translation import gettext as _


def rejected(brief: Brief, invoice: Invoice | None) -> Card:
    """A person ended it, with the reason, and what becomes of the money."""
    lines = Lines(_("Brief {brief} · Rejected", brief=brief.id)).add(_subject(brief))
    for line in rejection(brief, invoice):
        lines.add(line)
    return Card(str(lines))


def rejection(brief: Brief, invoice: Invoice | None) -> Sequence[str]:
    """Say within another card that the brief was rejected, and why."""
    lines = [charged(brief, invoice), _("Send a new brief any time.")]
    if brief.reason:  # perhaps one of our sentences
        lines.insert(0, _("Why: {reason}", reason=first_lines(_(brief.reason), 500)))
    return lines


def stopped(brief: Brief, invoice: Invoice | None) -> Card:
    """A fault of ours stopped it."""
    lines = Lines(_("Brief {brief} · Stopped by a fault", brief=brief.id)).add(_subject(brief))
    lines.add(_("It is our fault, and there is nothing for you to do: we were told and start it again."))
    return Card(str(lines.add(charged(brief, invoice))))


def goes_on(brief: Brief) -> Card:
    """In place of that, once somebody had it go on."""
    lines = Lines(_("Brief {brief} · Goes on", brief=brief.id)).add(_subject(brief))
    return Card(str(lines.add(_("The fault is dealt with, and it is being worked on again."))), silent=True)


def _subject(brief: Brief) -> str:
    return f"{escape(brief.title)} · {brief.task_type.words}"


def delivered_file(brief: Brief, file: Document, prose: FileFormat | None, note: str = "") -> Card:
    """The work, whole. prose: the format that it is in, beside the others that it can be had in; None for data.

    note: what there is to say of the file, in ready words.
    """
    return Card("\n".join(filter(None, (whole_text(brief), note))), other_formats(brief, prose), file, silent=True)


def other_formats(brief: Brief, prose: FileFormat | None) -> tuple[tuple[Button, ...], ...]:
    """Finished prose in another format than the one that is shown."""
    others = [one for one in FileFormat if prose is not None and one is not prose]
    return in_rows([Button(one.words, "fileas", brief.id, choice=one.value) for one in others])


def whole_text(brief: Brief) -> str:
    """What stands under the file with it."""
    return _("Brief {brief}, the whole text", brief=brief.id)
