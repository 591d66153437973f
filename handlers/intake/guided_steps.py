"""How each step of /brief is shown."""

from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs.material import Attachment, file_line, note_line
from bot.intake import cards as intake_cards
from bot.intake.cards import TARGETS
from bot.kernel.card import Button, Card, escape
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.briefs.cards import offered_deadlines
from handlers.routing.conversations import Conversation

TEXT, QUESTION, DEADLINE, TARGET, LANGUAGE = (
    "brief.text",
    "brief.question",
    "brief.deadline",
    "brief.target",
    "brief.language",
)
ORDER = (TEXT, QUESTION, DEADLINE, TARGET, LANGUAGE)
STEPS = {step.partition(".")[2]: step for step in ORDER}
Data = dict[str, Any]
# What a written answer was taken for, by the step that it answered, and how that is said to wait.
TAKEN = {
    TEXT: N_("Taken as the text of this brief."),
    QUESTION: N_("Taken as your answer to: {question}"),
    DEADLINE: N_("Taken as the time by when you need it."),
    TARGET: N_("Taken as the score that a draft must reach."),
}
OPEN = {
    TEXT: intake_cards.TEXT_OPEN,
    QUESTION: intake_cards.QUESTION_OPEN,
    DEADLINE: intake_cards.DEADLINE_OPEN,
    TARGET: intake_cards.TARGET_OPEN,
}


async def show(who: Person, services: Services, step: str, data: Data) -> Card:
    """Show the step with what was said so far."""
    at, name = _at(data, step), step.partition(".")[2]
    walk = (Button(_("Back"), "gback", version=at, choice=name), Button(_("Skip"), "gskip", version=at, choice=name))
    stop_ = Button(_("Cancel"), "bstop", choice="brief")
    head = _head(who, step, data)
    match step:
        case "brief.text":
            files = [read_line(attachment) for attachment in await files_of(who, services, data)]
            keep = (Button(_("Keep it") if data.get("words") else _("That is all"), "gskip", choice=name),)
            held = keep if data.get("words") or files else ()
            return intake_cards.ask_text(data, head, (walk[0], *held, stop_), files)
        case "brief.question":
            question = data["questions"][len(data["answers"])]
            return intake_cards.ask_question(question, head, (walk, (Button(_("Skip all"), "gskipall"), stop_)))
        case "brief.deadline":
            labels = await offered_deadlines(who, services)
            return intake_cards.ask_deadline(
                head, (walk[0], stop_), {days: Button(label, "bdue", days) for days, label in labels.items()}
            )
        case "brief.target":
            return intake_cards.ask_target(head, (*walk, stop_), [Button(str(t), "gtarget", t) for t in TARGETS])
    languages = intake_cards.language_labels()
    return intake_cards.ask_language(
        head, (walk[0], stop_), [Button(label, "glang", choice=choice) for choice, label in languages.items()]
    )


def read_line(attachment: Attachment) -> str:
    """What was read of a file, with what was not."""
    return f"{file_line(attachment)}\n{note_line(attachment)}" if attachment.notes else file_line(attachment)


def _head(who: Person, step: str, data: Data) -> str:
    if step == QUESTION:
        said = {"number": len(data["answers"]) + 1, "questions": len(data["questions"])}
        if not data["type"]:
            return _("New brief · question {number} of {questions}", **said)
        return _("{type} brief · question {number} of {questions}", type=TaskType(data["type"]).words, **said)
    said = {"number": {TEXT: 2, DEADLINE: 3, TARGET: 4, LANGUAGE: steps_of(who)}[step], "steps": steps_of(who)}
    if not data["type"]:
        return _("New brief · step {number} of {steps}", **said)
    return _("{type} brief · step {number} of {steps}", type=TaskType(data["type"]).words, **said)


def steps_of(who: Person) -> int:
    """How many steps there are for the person."""
    return 5 if who.may(Permission.DECIDE) else 4


def _at(data: Data, step: str) -> int:
    return len(data["answers"]) if step == QUESTION else 0


async def files_of(who: Person, services: Services, data: Data) -> list[Attachment]:
    """The files that came with it so far."""
    return await services.intake.materials.files(who, data.get("files", ()))


def transcribe_words(attachment: Attachment, *, album: bool) -> str:
    """What is asked for where recordings came without a word."""
    return _("Transcribe these recordings.") if album else _("Transcribe {file}.", file=attachment.name)


def is_begun(conversation: Conversation) -> bool:
    """Whether it is a guided brief, wherever it stands, that was given something."""
    return any(one.dialog == "brief" and one.holds for one in (conversation, *conversation.behind))


def with_way_back(card: Card, data: Data) -> Card:
    """The card, with what the message before was taken for, where it was for an answer."""
    taken = data.get("taken")
    if taken is None:
        return card
    words, new = (
        _(TAKEN[taken["step"]], **_asked(taken)),
        Button(_("No, it is something new"), "gnew", version=taken["id"]),
    )
    return replace(card, text=f"{card.text}\n<i>{words}</i>", rows=(*card.rows, (new,)))


def open_again(taken: Data) -> str:
    """In one line, that the step waits again whose answer was none."""
    return _(OPEN[taken["step"]], **_asked(taken))


def _asked(taken: Data) -> dict[str, str]:
    if taken["step"] != QUESTION:
        return {}
    data = taken["data"]
    return {"question": escape(data["questions"][len(data["answers"])])}
