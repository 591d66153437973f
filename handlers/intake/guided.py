"""/brief, step by step: type, text, what is missing, deadline, QA target (operators), language; then the quote.

The state is the conversation's row: `data` has what was said so far, and its step what is waited for.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs.material import Attachment, Submission, answer_lines, compose, file_line, guess_type
from bot.briefs.model import check_text
from bot.briefs.options import BY_CHOICE as LANGUAGES
from bot.briefs.options import deadline_in, language_of, written_deadline, written_target
from bot.intake import cards as intake_cards
from bot.intake.long_texts import may_go_on
from bot.intake.texts import TYPE
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.task_type import BY_CHOICE as TYPES
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.service import post
from bot.services import Services
from handlers.briefs.cards import quote
from handlers.intake.guided_steps import (
    DEADLINE,
    LANGUAGE,
    ORDER,
    QUESTION,
    STEPS,
    TARGET,
    TEXT,
    Data,
    files_of,
    is_begun,
    open_again,
    read_line,
    show,
    steps_of,
    transcribe_words,
    with_way_back,
)
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import anything, files_or_short_words

router = Router()
WRITE = N_("Write the answer, or /brief asks it again.")
ANSWERED = N_("That question was answered already. /brief goes on, /briefs shows what you sent.")


async def begin(who: Person, request: Request, services: Services) -> Card:
    """Ask for the type, which is step 1; or go on with what was begun before."""
    begun = await conversations.of_dialog(who, request, services, "brief")
    if begun is not None and is_begun(begun):
        return intake_cards.offer_to_go_on(begun.data)
    return await begin_anew(who, request, services)


@router.button("ganew", edit=True, place=Place.ANYWHERE)
async def begin_anew(who: Person, request: Request, services: Services) -> Card:
    """Drop what was begun, and ask for the type."""
    who.require(Permission.SUBMIT_BRIEFS)
    await conversations.clear(who, request, services, "brief")
    return intake_cards.ask_type(steps_of(who))


@router.button("gon", edit=True, place=Place.ANYWHERE)
async def go_on(who: Person, request: Request, services: Services) -> Card:
    """Ask the step that was reached once more."""
    who.require(Permission.SUBMIT_BRIEFS)
    begun = await _current(who, request, services)
    await conversations.ask(who, request, services, begun.step, begun.data, after=True)
    return await asked_again(who, request, services, begun)


async def asked_again(who: Person, request: Request, services: Services, begun: Conversation) -> Card:  # noqa: ARG001
    """The step that waits, once more."""
    if begun.step == TYPE:
        return intake_cards.ask_type(steps_of(who))
    return await show(who, services, begun.step, dict(begun.data))


@router.button("btype", edit=True, place=Place.ANYWHERE, choices=TYPES, instead=N_("/brief asks it again."))
async def type_chosen(who: Person, request: Request, services: Services) -> Card:
    """Keep the type and ask for the text. What was said before a step back to here is kept."""
    who.require(Permission.SUBMIT_BRIEFS)
    conversation = await conversations.of_dialog(who, request, services, "brief")
    said = conversation.data if conversation is not None else {}
    data: Data = {name: value for name, value in said.items() if name != "questions"}
    data["type"] = TYPES[request.choice].value
    return await _ask(who, request, services, TEXT, data)


async def ask_what(who: Person, request: Request, attachment: Attachment, services: Services) -> Card:
    """Ask what to do with a picture that came without words; with the answer it is quoted."""
    data = {"type": "", "files": [attachment.source_key], "source_key": request.source_key}
    data["album"] = [request.source_key, ""]
    await conversations.ask(who, request, services, TEXT, data, after=True)
    return intake_cards.ask_what(file_line(attachment))


@router.answer(TEXT, anything, intake_cards.TEXT_OPEN, album=True)
@router.answer(QUESTION, anything, intake_cards.QUESTION_OPEN, album=True)
@router.answer(DEADLINE, files_or_short_words, intake_cards.DEADLINE_OPEN, album=True)
@router.answer(TARGET, files_or_short_words, intake_cards.TARGET_OPEN, album=True)
@router.answer(LANGUAGE, files_or_short_words, intake_cards.LANGUAGE_OPEN, album=True)
async def answered(who: Person, request: Request, services: Services, said: Mapping[str, Any]) -> Card:
    """Take a message while a step waits: files are added at any step, words answer the step."""
    conversation = await _current(who, request, services)
    data: Data = dict(said)
    attachment = None
    transcription = data["type"] == TaskType.TRANSCRIPTION.value
    if request.file is not None and request.file.kind in {"voice", "audio"} and not transcription:
        await services.recordings.take(who, request.file_key, request.file, request.beside)
        return Card()
    if request.file is not None:
        attachment = await services.intake.materials.attach(who, request.file_key, request.file)
        data["files"] = [*data.get("files", []), attachment.source_key]
    words = request.words.strip()
    if request.album:
        before, data["album"] = data.get("album"), [request.source_key, words]
        if before == data["album"]:
            return await _goes_along(who, request, services, conversation.step, data)
    data.setdefault("source_key", request.source_key)
    if attachment is not None and conversation.step == TEXT and transcription and not words:
        words = transcribe_words(attachment, album=request.album)
    if words:
        answer = ANSWERS[conversation.step] if attachment is not None else partial(_taken, conversation=conversation)
        return await answer(who, replace(request, text=words), services, data)
    if attachment is None:
        check_text(words)
    card = await _ask(who, request, services, conversation.step, data)
    if attachment is not None and conversation.step != TEXT:
        card = replace(card, text=f"{card.text}\n{intake_cards.read_line(read_line(attachment))}")
    return replace(card, slot=_album_slot(request)) if request.album else card


async def _taken(who: Person, request: Request, services: Services, data: Data, *, conversation: Conversation) -> Card:
    """The answer is taken, and said to be, with a way back while nothing was handed in."""
    before = {name: value for name, value in conversation.data.items() if name != "taken"}
    data["taken"] = {"id": request.message_id, "step": conversation.step, "data": before}
    data["taken"] |= {"text": request.text, "source_key": request.source_key}
    card = await ANSWERS[conversation.step](who, request, services, data)
    if await conversations.of_dialog(who, request, services, "brief") is None:
        return card
    return with_way_back(card, data)


async def take_back(who: Person, request: Request, services: Services) -> tuple[Mapping[str, Any], str]:
    """Let the step wait again as before the message that the button names; returns that one's text and source key, and
    the step in one line.

    Raises Stale where something else was said since.
    """
    taken = (await _current(who, request, services)).data.get("taken")
    if taken is None or taken["id"] != request.version:
        raise Stale(_(ANSWERED))
    await conversations.ask(who, request, services, taken["step"], taken["data"], after=True)
    return taken, open_again(taken)


async def _goes_along(who: Person, request: Request, services: Services, step: str, data: Data) -> Card:
    """Another file of the album whose words were heard: what was asked then follows, with all that was read."""
    card = await _ask(who, request, services, step, data)
    if step != TEXT:
        together = await files_of(who, services, {"files": [key for key in data["files"] if key in request.album_keys]})
        card = replace(
            card, text="\n".join([card.text, *(intake_cards.read_line(read_line(file)) for file in together)])
        )
    slot, topic = _album_slot(request), request.topic
    await services.database.write(lambda tx: post(tx, who.tenant, request.chat_id, card, slot=slot, topic=topic))
    return Card()


async def file_replaced(who: Person, services: Services, conversation: Conversation, file: Attachment) -> Card:
    """Show the step again after another file took the place of one that goes with the brief."""
    step, line = conversation.step, intake_cards.read_line(read_line(file))
    if step not in ORDER:
        return Card(line)
    card = await show(who, services, step, dict(conversation.data))
    return card if step == TEXT else replace(card, text=f"{card.text}\n{line}")


def _album_slot(request: Request) -> str:
    return f"guided:{request.source_key}"


async def text_given(who: Person, request: Request, services: Services, data: Data) -> Card:
    """Keep the text; one that cannot be a brief is refused, and the step goes on waiting."""
    data["words"], data["source_key"] = request.text, request.source_key
    data.pop("questions", None)
    data["answers"] = []
    check_text(compose(request.text, "", await files_of(who, services, data)))
    if not data["type"]:
        data["type"] = guess_type(request.text).value
        return await _quote(who, request, services, data)
    card = await _go_on(who, request, services, TEXT, data)
    return _kept_up(card, data) if may_go_on(request.text) else card


async def continued(who: Person, request: Request, services: Services, conversation: Conversation) -> Card:
    """Add the rest of a text, and ask once more what is missing, in place of what was asked about its beginning."""
    words = request.words.strip()
    card = await text_given(who, replace(request, text=words), services, dict(conversation.data))
    slot, topic = card.slot or None, request.topic
    await services.database.write(lambda tx: post(tx, who.tenant, request.chat_id, card, slot=slot, topic=topic))
    return Card()


def _kept_up(card: Card, data: Data) -> Card:
    """The card as the message that the rest of a long text changes."""
    return replace(card, slot=f"guided:{data['source_key']}")


async def spoken(who: Person, request: Request, services: Services, recording: Attachment) -> Card | None:
    """Take a recording's words as the text of the guided brief that waits for one; None where none does."""
    conversation = await conversations.of_dialog(who, request, services, "brief")
    if conversation is None or conversation.step != TEXT:
        return None
    data = {**conversation.data, "files": [*conversation.data.get("files", []), recording.source_key]}
    said = replace(request, text=recording.text or "", source_key=recording.source_key)
    return await text_given(who, said, services, data)


async def _question_answered(who: Person, request: Request, services: Services, data: Data) -> Card:
    data["answers"] = [*data["answers"], request.text]
    return await _go_on(who, request, services, QUESTION, data)


async def _deadline_written(who: Person, request: Request, services: Services, data: Data) -> Card:
    hours = await services.tenants.office_hours(who.tenant)
    data["deadline"] = written_deadline(request.text, services.database.clock.now(), hours).isoformat()
    return await _go_on(who, request, services, DEADLINE, data)


async def _target_written(who: Person, request: Request, services: Services, data: Data) -> Card:
    data["target"] = written_target(request.text)
    return await _go_on(who, request, services, TARGET, data)


async def _language_written(who: Person, request: Request, services: Services, data: Data) -> Card:
    data["language"] = language_of(request.text)
    return await _go_on(who, request, services, LANGUAGE, data)


ANSWERS = {
    TEXT: text_given,
    QUESTION: _question_answered,
    DEADLINE: _deadline_written,
    TARGET: _target_written,
    LANGUAGE: _language_written,
}


@router.button("bdue", edit=True, place=Place.ANYWHERE)
async def deadline_tapped(who: Person, request: Request, services: Services) -> Card:
    """Keep the deadline of the button: the subject is the days from now, 0 for none."""
    data = await _data(who, request, services, DEADLINE)
    hours, now = await services.tenants.office_hours(who.tenant), services.database.clock.now()
    data["deadline"] = deadline_in(request.subject, now, hours).isoformat() if request.subject else None
    return await _go_on(who, request, services, DEADLINE, data)


@router.button("gtarget", edit=True, place=Place.ANYWHERE)
async def target_tapped(who: Person, request: Request, services: Services) -> Card:
    """Keep the minimum score of the button."""
    data = await _data(who, request, services, TARGET)
    data["target"] = request.subject
    return await _go_on(who, request, services, TARGET, data)


@router.button("glang", edit=True, place=Place.ANYWHERE, choices=LANGUAGES, instead=WRITE)
async def language_tapped(who: Person, request: Request, services: Services) -> Card:
    """Keep the language of the button."""
    data = await _data(who, request, services, LANGUAGE)
    data["language"] = LANGUAGES[request.choice]
    return await _go_on(who, request, services, LANGUAGE, data)


@router.button("gskip", edit=True, place=Place.ANYWHERE, choices=STEPS, instead=WRITE)
async def skip(who: Person, request: Request, services: Services) -> Card:
    """Leave out the step that the button names; in place of the text, what is there counts."""
    step = STEPS[request.choice]
    data = await _data(who, request, services, step)
    if step == TEXT:
        check_text(compose(data.get("words", ""), "", await files_of(who, services, data)))
    if step == QUESTION:
        _check_question(data, request.version)
        data["answers"] = [*data["answers"], ""]
    return await _go_on(who, request, services, step, data)


@router.button("gskipall", edit=True, place=Place.ANYWHERE)
async def skip_all(who: Person, request: Request, services: Services) -> Card:
    """Leave out all questions that are left."""
    data = await _data(who, request, services, QUESTION)
    data["answers"] += [""] * (len(data["questions"]) - len(data["answers"]))
    return await _go_on(who, request, services, QUESTION, data)


@router.button("gback", edit=True, place=Place.ANYWHERE, choices=STEPS, instead=WRITE)
async def back(who: Person, request: Request, services: Services) -> Card:
    """Go back to the step before the one that the button names; what was said is kept."""
    step = STEPS[request.choice]
    data = await _data(who, request, services, step)
    if step == QUESTION:
        _check_question(data, request.version)
    if step == TEXT:
        await conversations.ask(who, request, services, TYPE, data)
        return intake_cards.ask_type(steps_of(who))
    before = ORDER[: ORDER.index(step) + (step == QUESTION)]
    there = {QUESTION: bool(data.get("answers")), TARGET: who.may(Permission.DECIDE)}
    earlier = next(one for one in reversed(before) if there.get(one, True))
    if earlier == QUESTION:
        data["answers"] = data["answers"][:-1]
    return await _ask(who, request, services, earlier, data)


async def _go_on(who: Person, request: Request, services: Services, step: str, data: Data) -> Card:
    """The next step that there is for this person and brief, or the quote."""
    if step == TEXT and data["type"] == TaskType.TRANSCRIPTION.value:
        data["questions"], data["answers"] = [], []
    if step == TEXT and "questions" not in data:
        await services.chat.typing(request.chat_id, request.topic)
        text = compose(data.get("words", ""), "", await files_of(who, services, data))
        read = await services.intake.materials.missing(who, text, TaskType(data["type"]))
        data["questions"] = list(read.questions)
        data["answers"] = []
    after = ORDER[ORDER.index(step) + (step != QUESTION) :]
    there = {QUESTION: len(data["answers"]) < len(data["questions"]), TARGET: who.may(Permission.DECIDE)}
    following = next((one for one in after if there.get(one, True)), None)
    if following is None:
        return await _quote(who, request, services, data)
    return await _ask(who, request, services, following, data)


async def _ask(who: Person, request: Request, services: Services, step: str, data: Data) -> Card:
    await conversations.ask(who, request, services, step, data)
    return await show(who, services, step, data)


async def _quote(who: Person, request: Request, services: Services, data: Data) -> Card:
    deadline = data.get("deadline")
    pairs = zip(data.get("questions", []), data.get("answers", []), strict=False)
    submission = Submission(
        words=data.get("words", ""),
        task_type=TaskType(data["type"]),
        files=tuple(data.get("files", ())),
        answers=answer_lines([(question, answer) for question, answer in pairs if answer]),
        deadline=datetime.fromisoformat(deadline) if deadline else None,
        language=data.get("language", ""),
        qa_target=data.get("target"),
    )
    brief = await services.intake.briefs.submit(
        who, request.chat_id, data["source_key"], submission, topic=request.topic
    )
    await conversations.end(who, request, services, "brief")
    return await quote(services, brief)


def _check_question(data: Data, number: int) -> None:
    if len(data["answers"]) != number:
        raise Stale(_("That question was answered already. /brief goes on."))


async def _current(who: Person, request: Request, services: Services) -> Conversation:
    conversation = await conversations.of_dialog(who, request, services, "brief")
    if conversation is None:
        raise Stale(_(ANSWERED))
    return conversation


async def _data(who: Person, request: Request, services: Services, step: str) -> Data:
    conversation = await _current(who, request, services)
    if conversation.step != step:
        raise Stale(_(ANSWERED))
    return dict(conversation.data)
