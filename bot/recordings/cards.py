"""What people see of a recording: it is written down, read, put right, or discarded."""

from zlib import crc32

from bot.briefs.material import Attachment
from bot.kernel.card import Button, Card, Lines, first_lines
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import in_a_row, playing_time
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.remarks.kinds import Purpose, told_apart

SHOWN_OF_TRANSCRIPT = 2_500
NO_ORDERS = frozenset({Purpose.QUESTION, Purpose.CHANGE, Purpose.REFUND})
CORRECTION_OPEN = N_("Still open: what should be corrected in your recording? Write it; /stop leaves it as it is.")


def slot_of(recording: Attachment) -> str:
    """The slot of the one message that shows a recording and its words."""
    return f"recording:{recording.id}"


def version_of(recording: Attachment) -> int:
    """Tells the words that a person read from others: a button under them is void once they are changed."""
    return crc32((recording.text or "").encode())


def listening(recording: Attachment) -> Card:
    """It came, and is being written down."""
    lines = Lines(_("{recording} · Being written down", recording=_sound(recording)))
    lines.add(_("You read it here before anything is drafted."))
    return Card(str(lines), ((_drop(recording),),), silent=True)


def transcript(recording: Attachment, task_type: TaskType, price: Money) -> Card:
    """The words, with what they would cost as a brief."""
    text = recording.text or ""
    lines = Lines(_("{recording} · Read it before it starts", recording=_sound(recording)))
    lines.add(f"<blockquote expandable>{first_lines(text, SHOWN_OF_TRANSCRIPT)}</blockquote>")
    lines.add(_("To correct a line, reply to this message with the line as it should be."))
    lines.add(_("{type} · {price}. Nothing is spent until you say yes.", type=task_type.words, price=price))
    doubted = told_apart(text).kind in NO_ORDERS
    if doubted:
        lines.add(_("It sounds like a question or a complaint. If so, write to the team instead."))

    def button(label: str, action: str) -> Button:
        return Button(label, action, recording.id, version_of(recording))

    whole = (button(_("Full text"), "vfull"),) if len(text) > SHOWN_OF_TRANSCRIPT else ()
    first = (button(_("Yes, start"), "vgo"), button(_("Correct it"), "vcorrect"))
    rows = (first, (*whole, button(_("More options"), "vmore")))
    team = ((button(_("Write to the team"), "vteam"),),) if doubted else ()
    return Card(str(lines), (*rows, *team, (button(_("Discard"), "vdrop"),)), slot=slot_of(recording))


def _drop(recording: Attachment) -> Button:
    return Button(_("Discard"), "vdrop", recording.id)


def ask_correction(recording: Attachment) -> Card:
    """Ask for a correction of the words that were heard; the next message is it."""
    lines = Lines(_("{recording} · Correct", recording=_sound(recording)))
    lines.add(_("Write one line as it should be, and it takes the place of the line that it is most like."))
    lines.add(_("Or write the whole text anew."))
    return Card(str(lines), ((Button(_("Never mind"), "bstop", choice="voice"),),))


def nothing_heard(recording: Attachment) -> Card:
    """Silence, or noise."""
    lines = Lines(_("{recording} · No words in it", recording=_sound(recording)))
    lines.add(_("Record it again, closer to the microphone, or write it. Nothing is charged."))
    if recording.beside:
        lines.add(_("The words under it were not used either: send them as a message of their own."))
    return Card(str(lines))


def not_written_down(recording: Attachment) -> Card:
    """The model refused the file for good."""
    lines = Lines(_("{recording} · Cannot be written down", recording=_sound(recording)))
    lines.add(_("Record it as a voice note here, or write it. Nothing was started or charged."))
    if recording.beside:
        lines.add(_("The words under it were not used either: send them as a message of their own."))
    return Card(str(lines))


def waits_for_room(recording: Attachment, *, switched: bool = False) -> Card:
    """A ceiling holds it up, or a person who switched models off."""
    lines = Lines(_("{recording} · Waits", recording=_sound(recording)))
    if switched:
        lines.add(_("We have paused our models for a while. It is written down by itself when they run again."))
    else:
        lines.add(_("Today's budget for models is used up. It is written down as soon as there is room again."))
    return Card(str(lines.add(_("Or write it: that costs nothing to read."))), ((_drop(recording),),))


def dropped(recording: Attachment) -> Card:
    """Gone, once that can no longer be undone."""
    lines = Lines(_("{recording} · Discarded", recording=_sound(recording)))
    lines.add(_("Nothing was started and nothing is charged."))
    return Card(str(lines), ((Button(_("Undo"), "vundo", recording.id),),))


def _sound(recording: Attachment) -> str:
    name = _("Voice note") if recording.kind == "voice" else recording.name
    return in_a_row((name, playing_time(recording.seconds))) if recording.seconds else name
