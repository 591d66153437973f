"""Changing a quote before the client's yes: type, text, what is missing, deadline, language, QA target."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs.material import forwarded, guess_type, split
from bot.briefs.model import Brief, TooLong, check_quoted, check_version
from bot.briefs.options import OFFERED, language_of, written_deadline, written_target
from bot.intake import cards as intake_cards
from bot.intake.cards import DEADLINES, TARGETS, TYPES
from bot.kernel.card import Button, Card, Lines
from bot.kernel.errors import Refusal
from bot.services import Services
from handlers.briefs.cards import brief_card
from handlers.briefs.guided import in_place
from handlers.routing.request import Request
from storage.briefs import attachments, text_parts
from storage.core import conversations

TEXT, QUESTION, DEADLINE, LANGUAGE, TARGET = (
    "quote.text",
    "quote.question",
    "quote.deadline",
    "quote.language",
    "quote.target",
)
Handler = Callable[[Person, Request, Services], Awaitable[Card]]


async def show(who: Person, request: Request, services: Services) -> Card:
    """Back to the quote, without the question that waited."""
    await services.database.write(lambda tx: conversations.end(tx, who, request.chat_id, "quote"))
    return in_place(await brief_card(who, request, services, request.subject))


async def more(who: Person, request: Request, services: Services) -> Card:
    """What else can be changed."""
    brief = await _open(who, request, services)
    return intake_cards.more(brief, decider=who.may(Permission.DECIDE))


async def types(who: Person, request: Request, services: Services) -> Card:
    """Offer the other types, with their prices."""
    brief = await services.intake.briefs.get(who, request.subject)
    prices = await services.intake.briefs.prices(brief)
    rows = tuple(
        (Button(f"{t.value} · {prices[t]}", f"type{index}", brief.id, brief.version),) for index, t in enumerate(TYPES)
    )
    return Card(str(Lines(f"Brief {brief.id} · What kind of work is it?")), rows, place="edit")


def retype(index: int) -> Handler:
    """The handler of the button for the type with that index."""

    async def chosen(who: Person, request: Request, services: Services) -> Card:
        brief = await services.intake.briefs.retype(who, request.subject, request.version, TYPES[index])
        return in_place(await services.intake.quotes.card(brief))

    return chosen


async def ask_text(who: Person, request: Request, services: Services) -> Card:
    """The next message is the text."""
    brief = await _open(who, request, services)
    await _wait(who, request, services, TEXT, {"brief": brief.id, "version": brief.version})
    return intake_cards.ask_new_text(brief)


async def text_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """The text was written anew."""
    brief = await services.intake.quotes.reword(who, data["brief"], data["version"], request.text)
    await services.database.write(lambda tx: text_parts.bind(tx, who, request.source_key, brief.id))
    return await _done(who, request, services, brief)


async def went_on(who: Person, request: Request, services: Services, brief: Brief) -> Card:
    """The text had a rest: its quote follows, in place, and its price where the rest says that it is other work."""
    words = forwarded(request.text, request.forwarded_from)
    async with services.database.reading() as connection:
        before = split(brief.text, await attachments.of_brief(connection, brief.id))[0]
    if before == words.strip():  # dealt with before a crash
        await services.intake.quotes.show(brief)
        return Card()
    guessed = guess_type(words)
    if brief.task_type is guess_type(before) and brief.task_type is not guessed:
        await services.intake.briefs.retype(who, brief.id, brief.version, guessed)
    try:
        await services.intake.quotes.reword(who, brief.id, None, words, show=True)
    except TooLong as refusal:
        raise Refusal(f"{refusal} Brief {brief.id} stands with what came before.") from refusal
    return Card()


async def ask_missing(who: Person, request: Request, services: Services) -> Card:
    """Have a model look for what is missing; its questions come one by one, in place of the quote, which follows."""
    brief = await _open(who, request, services)
    await services.chat.typing(request.chat_id, request.topic)
    questions = await services.intake.materials.missing(who, brief.text, brief.task_type)
    if not questions:
        return Card(toast=f"Nothing that brief {brief.id} needs is missing")
    data = {"brief": brief.id, "version": brief.version, "questions": questions, "answers": []}
    await _wait(who, request, services, QUESTION, data)
    return in_place(_question(data))


async def question_answered(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """One answer was written."""
    return await _next_question(who, request, services, {**data, "answers": [*data["answers"], request.text.strip()]})


async def question_skipped(who: Person, request: Request, services: Services) -> Card:
    """One question without an answer; the subject is its number, so that an old button skips nothing."""
    data = await _data(who, request, services, QUESTION)
    if data is None or len(data["answers"]) != request.subject:
        return Card(toast="That question was answered already")
    return in_place(await _next_question(who, request, services, {**data, "answers": [*data["answers"], ""]}))


async def questions_skipped(who: Person, request: Request, services: Services) -> Card:
    """No more questions; what was answered counts."""
    data = await _data(who, request, services, QUESTION)
    if data is None:
        return Card(toast="Those questions were answered already")
    missing = [""] * (len(data["questions"]) - len(data["answers"]))
    return in_place(await _next_question(who, request, services, {**data, "answers": [*data["answers"], *missing]}))


async def _next_question(who: Person, request: Request, services: Services, data: dict[str, Any]) -> Card:
    if len(data["answers"]) < len(data["questions"]):
        await _wait(who, request, services, QUESTION, data)
        return _question(data)
    pairs = [(q, a) for q, a in zip(data["questions"], data["answers"], strict=True) if a]
    if not pairs:
        brief = await services.intake.briefs.get(who, data["brief"])
    else:
        brief = await services.intake.quotes.answer(who, data["brief"], data["version"], pairs)
    return await _done(who, request, services, brief)


def _question(data: Mapping[str, Any]) -> Card:
    number = len(data["answers"])
    head = f"Brief {data['brief']} · question {number + 1} of {len(data['questions'])}"
    rows = ((Button("Skip", "askskip", number), Button("Skip all", "askstop")),)
    return intake_cards.ask_question(data["questions"][number], head, rows)


async def ask_deadline(who: Person, request: Request, services: Services) -> Card:
    """Offer deadlines; one can be written too."""
    brief = await _open(who, request, services)
    await _wait(who, request, services, DEADLINE, {"brief": brief.id, "version": brief.version})
    buttons = {days: Button(label, f"due{days}", brief.id, brief.version) for label, days in DEADLINES}
    return in_place(intake_cards.ask_deadline(f"Brief {brief.id} · Deadline", (_back(brief),), buttons))


def due_in(days: int) -> Handler:
    """The handler of the button for a deadline in so many days; 0: none."""

    async def chosen(who: Person, request: Request, services: Services) -> Card:
        deadline = services.database.clock.now() + timedelta(days=days) if days else None
        brief = await services.intake.quotes.set_deadline(who, request.subject, request.version, deadline)
        return in_place(await _done(who, request, services, brief))

    return chosen


async def deadline_written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    deadline = written_deadline(request.text, services.database.clock.now())
    return await _done(
        who, request, services, await services.intake.quotes.set_deadline(who, data["brief"], data["version"], deadline)
    )


async def ask_language(who: Person, request: Request, services: Services) -> Card:
    """Offer languages; any other can be written."""
    brief = await _open(who, request, services)
    await _wait(who, request, services, LANGUAGE, {"brief": brief.id, "version": brief.version})
    labels = enumerate(intake_cards.language_labels())
    buttons = [Button(label, f"lang{index}", brief.id, brief.version) for index, label in labels]
    return in_place(intake_cards.ask_language(f"Brief {brief.id} · Language", (_back(brief),), buttons))


def in_language(index: int) -> Handler:
    """The handler of the button for the offered language with that index."""

    async def chosen(who: Person, request: Request, services: Services) -> Card:
        brief = await services.intake.quotes.set_language(who, request.subject, request.version, OFFERED[index])
        return in_place(await _done(who, request, services, brief))

    return chosen


async def language_written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    language = language_of(request.text)
    return await _done(
        who, request, services, await services.intake.quotes.set_language(who, data["brief"], data["version"], language)
    )


async def ask_target(who: Person, request: Request, services: Services) -> Card:
    """Offer lines; any whole number can be written. For operators, on their own quotes and on clients'."""
    who.require(Permission.DECIDE)
    brief = await _open(who, request, services)
    await _wait(who, request, services, TARGET, {"brief": brief.id, "version": brief.version})
    buttons = [Button(str(target), f"target{target}", brief.id, brief.version) for target in TARGETS]
    return in_place(intake_cards.ask_target(f"Brief {brief.id} · QA target", (_back(brief),), buttons))


def at_target(target: int) -> Handler:
    """The handler of the button for that line."""

    async def chosen(who: Person, request: Request, services: Services) -> Card:
        brief = await services.intake.quotes.set_target(who, request.subject, request.version, target)
        return in_place(await _done(who, request, services, brief))

    return chosen


async def target_written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    target = written_target(request.text)
    return await _done(
        who, request, services, await services.intake.quotes.set_target(who, data["brief"], data["version"], target)
    )


async def _open(who: Person, request: Request, services: Services) -> Brief:
    """The brief that a button of its quote is about; raises Stale where it is no longer as the button's card said."""
    brief = await services.intake.briefs.get(who, request.subject)
    check_quoted(brief)
    check_version(brief, request.version)
    return brief


def _back(brief: Brief) -> Button:
    return Button("Back", "quote", brief.id, brief.version)


async def _wait(who: Person, request: Request, services: Services, step: str, data: dict[str, Any]) -> None:
    await services.database.write(lambda tx: conversations.ask(tx, who, request.chat_id, step, data))


async def _data(who: Person, request: Request, services: Services, step: str) -> Mapping[str, Any] | None:
    async with services.database.reading() as connection:
        conversation = await conversations.of_dialog(connection, who, request.chat_id, "quote")
    return conversation.data if conversation is not None and conversation.step == step else None


async def _done(who: Person, request: Request, services: Services, brief: Brief) -> Card:
    """The brief as the person sees it now; no question waits any more."""
    await services.database.write(lambda tx: conversations.end(tx, who, request.chat_id, "quote"))
    return await brief_card(who, request, services, brief.id)
