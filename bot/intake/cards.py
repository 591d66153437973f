"""What people see while they hand a brief in, and while they change a quote."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.briefs.cards import target_label
from bot.briefs.formats import asked_by
from bot.briefs.model import Brief
from bot.briefs.options import BY_CHOICE, language_words
from bot.kernel.card import Button, Card, Lines, escape, first_lines, in_rows
from bot.kernel.task_type import TaskType
from bot.kernel.text.file_format import FileFormat
from bot.kernel.text.words import in_parts
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

DEADLINES = ((N_("No deadline"), 0), (N_("Tomorrow"), 1), (N_("In 3 days"), 3), (N_("In a week"), 7))
# What the text step asks for by type, and an example of it.
WANTED: Mapping[str, tuple[str, str]] = {
    TaskType.RESEARCH: (
        N_("Write what you want to know, who reads it, and what you know already. Files may come with it."),
        N_("Compare three courier bags by volume, weight and price, for bicycle couriers, 300 words."),
    ),
    TaskType.DRAFTING: (
        N_("Write what you need: what it is, who reads it, which facts must be in it. Files may come with it."),
        N_("Product page for the solar lamp L2, 200 words, for campers. It runs 12 hours per charge."),
    ),
    TaskType.DATA_TRANSFORM: (
        N_("Send the data as a file or paste it, and write what it should become."),
        N_("Turn this list into JSON, one object per customer."),
    ),
    TaskType.TRANSCRIPTION: (
        N_("Send the recording, as a voice note or an audio file. Names that are hard to hear may be written with it."),
        N_("meeting.mp3 with the words: The speakers are Mia Hansen and Jonas Keller."),
    ),
}
TARGETS = (70, 80, 85, 90, 95)
FACTS_LEFT = ("1", "2", "3")  # to be asked about a quote
Row = tuple[Button, ...]


TEXT_OPEN = N_("Still open: your new brief. Write what you need; /stop ends it.")
QUESTION_OPEN = N_("Still open: {question}")
DEADLINE_OPEN = N_("Still open: by when do you need it? Write a date such as 2026-12-24; /stop ends the question.")
TARGET_OPEN = N_("Still open: which score must the draft reach? Write a whole number; /stop ends the question.")
LANGUAGE_OPEN = N_("Still open: in which language should it be? Write it; /stop ends the question.")
NEW_TEXT_OPEN = N_("Still open: the new text of your quote. Write it; /stop leaves it as it is.")


def ask_type(steps: int) -> Card:
    """The first step."""
    buttons = [Button(task_type.words, "btype", choice=task_type.choice) for task_type in TaskType]
    lines = Lines(_("New brief · step {number} of {steps}", number=1, steps=steps)).add(_("What kind of work is it?"))
    return Card(str(lines), (*in_rows(buttons), (Button(_("Cancel"), "bstop", choice="brief"),)))


def offer_to_go_on(data: Mapping[str, Any]) -> Card:
    """A brief was begun before: on with it, or anew."""
    lines = Lines(_("You began a brief"))
    if data.get("words"):
        lines.add(f"<blockquote>{first_lines(data['words'], 200)}</blockquote>")
    if data.get("files"):
        lines.add(ngettext("With {n} file", "With {n} files", len(data["files"])))
    lines.add(_("Go on where you stopped, or start another; then this one is dropped."))
    go_on = Button(_("Go on"), "gon")
    return Card(
        str(lines), ((go_on,), (Button(_("Start another"), "ganew"), Button(_("Discard"), "bstop", choice="brief")))
    )


def ask_text(data: Mapping[str, Any], head: str, walk: Row, read: Sequence[str]) -> Card:
    """The words and the files. What is there already is shown, and can be kept."""
    lines = Lines(head)
    for line in read:
        lines.add(read_line(line))
    if data.get("words"):
        lines.add(f"<blockquote>{first_lines(data['words'], 200)}</blockquote>")
        lines.add(_("Write it anew, send more files, or keep it."))
    elif read:
        lines.add(_("Now write what should be done with it, or send more files."))
    else:
        wanted, example = WANTED.get(data["type"], WANTED[TaskType.DRAFTING])
        lines.add(_(wanted)).add(_("For example: {example}", example=_(example)))
    return Card(str(lines), (walk,))


def read_line(files: str) -> str:
    """What was read of files: a line of `bot.briefs.material.file_line`, or several."""
    return _("Read: {files}", files=files)


def ask_what(read: str) -> Card:
    """A picture came without a word."""
    lines = Lines(_("What should be done with it?"))
    lines.add(_("I have {file}. Write it in your next message.", file=read))
    lines.add(_("For example: Describe this lamp for a shop page, 100 words."))
    return Card(str(lines), ((Button(_("Cancel"), "bstop", choice="brief"),),))


def _about(title: str, head: str) -> Lines:
    """The beginning of what is said of a quote, by the title that it is called by; of a new brief, which has none."""
    return Lines(head).add(escape(title)) if title else Lines(head)


def ask_question(question: str, head: str, rows: tuple[Row, ...], title: str = "") -> Card:
    """One question about what is missing. title: here and below, of the quote that it is about."""
    return Card(str(_about(title, head).add(escape(question)).add(_("Write the answer, or skip it."))), rows)


def deadline_labels(*, tomorrow: bool) -> dict[int, str]:
    """The deadlines that are offered, by the days from now; 0 for none. tomorrow: whether anybody works then."""
    labels = {days: _(label) for label, days in DEADLINES}
    return labels if tomorrow else labels | {1: _("Next working day")}


def ask_deadline(head: str, walk: Row, actions: Mapping[int, Button], title: str = "") -> Card:
    """By when: `actions` has the button for each number of days, 0 for no deadline."""
    lines = _about(title, head).add(_("By when do you need it? Tap, or write a date such as 2026-12-24."))
    return Card(str(lines), (*in_rows(list(actions.values())), walk))


def ask_target(head: str, walk: Row, buttons: Sequence[Button], title: str = "") -> Card:
    """Ask for the target of this brief alone."""
    lines = _about(title, head).add(_("Which score must a draft reach to go out without a person?"))
    lines.add(_("Tap, or write a number from 0 to 100."))
    return Card(str(lines), (*in_rows(buttons, 3), walk))


def ask_language(head: str, walk: Row, buttons: Sequence[Button], title: str = "") -> Card:
    """The language of the finished work."""
    lines = _about(title, head).add(
        _("In which language should it be written? Tap, or write another, such as Portuguese.")
    )
    return Card(str(lines), (*in_rows(buttons), walk))


def language_labels() -> dict[str, str]:
    """The labels of the languages that are offered, by the names by which buttons carry them."""
    return {choice: language_words(code) for choice, code in BY_CHOICE.items()}


def ask_file_format(brief: Brief) -> Card:
    """How the finished text of this brief comes as a file."""
    lines = _about(brief.title, _("Quote · File format"))
    lines.add(_("How should the finished text come? You always read it in this chat; the file comes with it."))
    lines.add(_("/format sets it for all of your briefs."))
    buttons = [Button(one.words, "fileset", brief.id, brief.version, choice=one.value) for one in FileFormat]
    return Card(str(lines), (*in_rows(buttons), (Button(_("Back"), "quote", brief.id, brief.version),)))


def more(brief: Brief, *, decider: bool) -> Card:
    """What else can be changed before the client's yes."""
    lines = _about(brief.title, _("Quote · Change it before it starts"))
    lines.add(_("The price follows the type; nothing else here changes it."))

    def button(label: str, action: str) -> Button:
        return Button(label, action, brief.id, brief.version)

    # Data come as they are asked for.
    file = (button(_("File format"), "fileask"),) if asked_by(brief) is None else ()
    rows = ((button(_("Change text"), "qtext"), *file), (button(_("Deadline"), "qdue"), button(_("Language"), "qlang")))
    target = ((button(target_label(brief), "qtarget"),),) if decider else ()
    return Card(str(lines), (*rows, *target, (button(_("Back"), "quote"),)))


def doubted(brief: Brief) -> Card:
    """A model that looked for what is missing takes it for no order."""
    lines = _about(brief.title, _("Quote · Is this a new order?"))
    lines.add(_("It reads like something else, such as a question. Nothing is spent until you say yes."))
    order = Button(_("New order"), "quote", brief.id, brief.version)
    return Card(str(lines), ((order,), (Button(_("Discard"), "cancel", brief.id, brief.version),)))


def ask_new_text(brief: Brief) -> Card:
    """The next message is the brief's text."""
    lines = _about(brief.title, _("Quote · Change text"))
    lines.add(_("Your next message takes the place of your words; files and answers stay."))
    lines.add(_("Or edit the message that you sent: the quote follows."))
    return Card(str(lines), ((Button(_("Never mind"), "quote", brief.id, brief.version),),))


def open_fact(fact: str) -> str:
    """The question about something that a brief leaves open, in its writer's words; not escaped."""
    return _("You left this open: “{words}”. What should it say?", words=fact)


def ask_about(fact: str) -> str:
    """The same on a quote, where the next message answers it."""
    return _("{question} Write it as your next message, or start as it is.", question=escape(open_fact(fact)))


def still_open(facts: Sequence[str]) -> str:
    """The line of a quote on what its brief leaves open, in its writer's words."""
    # Translators: somebody's own words, in the quotation marks of the language.
    said = in_parts(_("“{words}”", words=escape(fact)) for fact in facts)
    missing = _("What is missing?")
    return _("Left open: {facts}. Tap “{button}” to fill it in, or start as it is.", facts=said, button=missing)


def quote_ended(brief: Brief) -> Card:
    """A quote that nobody said yes to, in place of it."""
    lines = Lines(_("Quote · Ended")).add(escape(brief.title))
    lines.add(_("It waited too long for your yes. Nothing was started or charged."))
    return Card(str(lines), ((Button(_("New quote"), "again", brief.id),),), silent=True)
