"""Handing a brief in: a plain message, or /brief step by step; then the price, and the client's yes."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs import cards
from bot.briefs.model import TaskType, check_text
from bot.kernel.card import Button, Card, Lines, first_lines
from bot.kernel.errors import Refusal, Stale
from bot.services import Services
from handlers.asked import Asked
from handlers.files import text_of
from storage import conversations
from storage.conversations import Conversation

TYPES = tuple(TaskType)
TEXT_STEP, DEADLINE_STEP = "brief.text", "brief.deadline"
DEADLINES = (("No deadline", 0), ("Tomorrow", 1), ("In 3 days", 3), ("In a week", 7))
GUESSES: tuple[tuple[TaskType, re.Pattern[str]], ...] = (
    (TaskType.TRANSCRIPTION, re.compile(r"\btranscri(be|pt|ption)", re.IGNORECASE)),
    (TaskType.DATA_TRANSFORM, re.compile(r"\b(csv|json|xlsx?|spreadsheet|reformat|convert)\b", re.IGNORECASE)),
    (TaskType.RESEARCH, re.compile(r"\b(research|compare|comparison|find out|investigate)\b", re.IGNORECASE)),
)


async def plain(who: Person, asked: Asked, services: Services) -> Card:
    """A plain message or file becomes a quote; one tap starts it."""
    who.require(Permission.SUBMIT_BRIEFS)
    text = asked.text if asked.file is None else await text_of(asked.file, asked.text, services.chat)
    brief = await services.briefs.submit(who, asked.chat_id, asked.source_key, text, guess_type(text))
    return cards.quote(brief, services.database.clock.now())


def guess_type(text: str) -> TaskType:
    """The type that the words suggest; the client sees it on the quote and can change it."""
    return next((task_type for task_type, words in GUESSES if words.search(text)), TaskType.DRAFTING)


async def brief(who: Person, asked: Asked, services: Services) -> Card:
    """/brief asks step by step; /brief with a text is the plain message."""
    who.require(Permission.SUBMIT_BRIEFS)
    if asked.text or asked.file:
        return await plain(who, asked, services)
    return _ask_type("new")


def _ask_type(place: str) -> Card:
    buttons = [Button(task_type.value, "btype", index) for index, task_type in enumerate(TYPES)]
    lines = Lines("New brief · step 1 of 3").add("What kind of work is it?")
    rows = (tuple(buttons[:2]), tuple(buttons[2:4]), tuple(buttons[4:]))
    return Card(str(lines), rows, place="edit" if place == "edit" else "new")


async def type_chosen(who: Person, asked: Asked, services: Services) -> Card:
    """Step 2: the text."""
    who.require(Permission.SUBMIT_BRIEFS)
    task_type = TYPES[asked.subject % len(TYPES)]
    data = {"type": task_type.value}
    await services.database.write(lambda tx: conversations.ask(tx, who, asked.chat_id, TEXT_STEP, data))
    lines = Lines(f"New brief · {task_type.value} · step 2 of 3")
    lines.add("Write what you need: what it is, who reads it, which facts must be in it.")
    lines.add("For example: Product page for the solar lamp L2, 200 words, for campers. It runs 12 hours per charge.")
    return Card(str(lines), ((Button("Back", "bback"), Button("Stop", "bstop")),), place="edit")


async def text_given(who: Person, asked: Asked, services: Services, data: Mapping[str, Any]) -> Card:
    """Step 3: the deadline. A text that cannot be a brief is refused here, and the step goes on waiting."""
    text = asked.text if asked.file is None else await text_of(asked.file, asked.text, services.chat)
    text = check_text(text)
    data = {**data, "text": text, "source_key": asked.source_key}
    await services.database.write(lambda tx: conversations.ask(tx, who, asked.chat_id, DEADLINE_STEP, dict(data)))
    lines = Lines(f"New brief · {data['type']} · step 3 of 3").add(f"<blockquote>{first_lines(text, 200)}</blockquote>")
    lines.add("By when do you need it? Tap, or write a date such as 2026-12-24.")
    buttons = [Button(label, "bdue", days) for label, days in DEADLINES]
    back = (Button("Back", "btype", TYPES.index(TaskType(data["type"]))), Button("Stop", "bstop"))
    return Card(str(lines), (tuple(buttons[:2]), tuple(buttons[2:]), back))


async def deadline_tapped(who: Person, asked: Asked, services: Services) -> Card:
    """The guided brief is whole: quote it."""
    conversation = await _conversation(who, asked, services, DEADLINE_STEP)
    now = services.database.clock.now()
    deadline = now + timedelta(days=asked.subject) if asked.subject else None
    return await _quote(who, asked, services, conversation.data, deadline, "edit")


async def deadline_written(who: Person, asked: Asked, services: Services, data: Mapping[str, Any]) -> Card:
    """A date in words instead of a tap."""
    try:
        deadline = datetime.strptime(asked.text.strip(), "%Y-%m-%d").replace(hour=17, tzinfo=UTC)
    except ValueError:
        raise Refusal(f"“{asked.text[:40]}” is not a date I can read. Write it like 2026-12-24, or tap one.") from None
    if deadline < services.database.clock.now():
        raise Refusal(f"{asked.text.strip()} is over. Write a day to come, like 2026-12-24, or tap one.")
    return await _quote(who, asked, services, data, deadline, "new")


async def _quote(
    who: Person, asked: Asked, services: Services, data: Mapping[str, Any], deadline: datetime | None, place: str
) -> Card:
    brief = await services.briefs.submit(
        who, asked.chat_id, data["source_key"], data["text"], TaskType(data["type"]), deadline
    )
    await services.database.write(lambda tx: conversations.end(tx, who, asked.chat_id))
    card = cards.quote(brief, services.database.clock.now())
    return Card(card.text, card.rows, place="edit" if place == "edit" else "new")


async def _conversation(who: Person, asked: Asked, services: Services, step: str) -> Conversation:
    async with services.database.reading() as connection:
        conversation = await conversations.current(connection, who, asked.chat_id)
    if conversation is None or conversation.step != step:
        raise Stale("That question was answered already. /brief starts anew, /briefs shows what you sent.")
    return conversation


async def back(who: Person, asked: Asked, services: Services) -> Card:
    """Back to step 1."""
    await services.database.write(lambda tx: conversations.end(tx, who, asked.chat_id))
    return _ask_type("edit")


async def stop(who: Person, asked: Asked, services: Services) -> Card:
    """Drop the question that waits; nothing was sent."""
    ended = await services.database.write(lambda tx: conversations.end(tx, who, asked.chat_id))
    words = "Stopped. Nothing was sent and nothing is charged." if ended else "There was nothing to stop."
    return Card(words, place="edit" if asked.source_key == "" else "new")


async def start(who: Person, asked: Asked, services: Services) -> Card:
    """The client's yes."""
    brief = await services.briefs.start(who, asked.subject, asked.version, asked.message_id)
    return Card(toast=f"Brief {brief.id} is started")


async def cancel(who: Person, asked: Asked, services: Services) -> Card:
    """The client's no, at any time before the decision."""
    brief = await services.briefs.cancel(who, asked.subject, asked.message_id)
    return Card(toast=f"Brief {brief.id} is cancelled; nothing is charged")


async def types(who: Person, asked: Asked, services: Services) -> Card:
    """Offer the other types, with their prices."""
    brief = await services.briefs.get(who, asked.subject)
    rows = tuple(
        (Button(f"{t.value} · {services.settings.price_of(t)}", f"type{index}", brief.id, brief.version),)
        for index, t in enumerate(TYPES)
    )
    return Card(str(Lines(f"Brief {brief.id} · What kind of work is it?")), rows, place="edit")


def retype(index: int) -> Any:
    """The handler of the button for the type with that index."""

    async def chosen(who: Person, asked: Asked, services: Services) -> Card:
        brief = await services.briefs.retype(who, asked.subject, asked.version, TYPES[index])
        card = cards.quote(brief, services.database.clock.now())
        return Card(card.text, card.rows, place="edit")

    return chosen


async def show(who: Person, asked: Asked, services: Services) -> Card:
    """/brief_1042: the brief; to operators, with the decision where one waits."""
    return await services.briefs.card(who, asked.subject)


async def full_text(who: Person, asked: Asked, services: Services) -> Card:
    """The draft or the finished text as a file."""
    brief, text = await services.briefs.text(who, asked.subject)
    return Card(f"Brief {brief.id}, the whole text", document=services.production.file_of(brief, text))
