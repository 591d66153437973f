"""A long text that came as several messages: put together before anything is done with it, or after.

Apps send the parts at once, so the rest is mostly here when its first part's turn comes: then the first is only kept,
and the last brings the whole. A rest that comes later goes on with what the text became by then. Rows alone say so.
"""

from dataclasses import replace

from bot.access.model import Person
from bot.briefs.model import Brief, State
from bot.intake.long_texts import Part, follows, joined, joint, may_go_on
from bot.kernel.card import Card
from bot.services import Services
from handlers.briefs import guided, quotes
from handlers.review import review
from handlers.routing.request import Request
from handlers.routing.typed import command_in
from handlers.routing.update import Update, brief_words
from storage.briefs import briefs, text_parts
from storage.core import conversations
from storage.core.conversations import Conversation
from storage.engine.connection import Connection
from storage.engine.database import Transaction


def can_go_on(update: Update) -> bool:
    """Whether the rest of the message's text may be in the chat's next message."""
    return _is_text(update) and may_go_on(update.text)


def goes_on(before: Update, after: Update) -> bool:
    """Whether `after`, which came next in the chat, is the rest of the text of `before`."""
    return goes_on_from(_part(before), after)


def goes_on_from(before: Part, after: Update) -> bool:
    """The same of a part that was kept; a command never is a rest."""
    return _is_text(after) and command_in(after.text) is None and follows(before, _part(after))


async def gather(who: Person, request: Request, update: Update, services: Services) -> Request | None:
    """What the person asked for with the whole text, as far as it is here; None where its rest is here and comes next.

    A message that is no part of a longer text stays as it is.
    """

    async def work(tx: Transaction) -> list[Part]:
        part = await _placed(tx.connection, who, update)
        if part is None:
            return []
        await text_parts.add(tx, who, part)
        await text_parts.take(tx, who, part.source_key, taken=not update.followed)
        return await text_parts.of_text(tx.connection, who, part.source_key)

    long = can_go_on(update)
    if not update.private or not (long or (_is_text(update) and command_in(update.text) is None)):
        return request
    async with services.database.reading() as connection:
        if await _placed(connection, who, update) is None:
            return request
    parts = await services.database.write(work)
    if not parts:
        return request
    if update.followed:
        return None
    return replace(request, text=joined(parts), source_key=parts[0].source_key, parts=len(parts))


async def _placed(connection: Connection, who: Person, update: Update) -> Part | None:
    """The message as a part: the rest of the text before it, or one that may have a rest; None where it is neither."""
    part = _part(update)
    before = await text_parts.newest(connection, who, update.chat_id, update.message_id)
    if before is not None and before.message_id == part.message_id:
        return before
    if before is not None and goes_on_from(before, update) and await _open(connection, who, before):
        return replace(part, source_key=before.source_key, joint=joint(before.text, part.text))
    return part if can_go_on(update) else None


async def went_on(who: Person, request: Request, services: Services) -> Card | None:
    """Let what the text became before it was whole have the rest too; None where it became nothing yet."""
    async with services.database.reading() as connection:
        became = await _became(connection, who, request.chat_id, request.source_key)
    if became is None:
        return None
    request = replace(request, text=brief_words(request.text) or request.text)
    if isinstance(became, Conversation):
        return await guided.went_on(who, request, services, became)
    if became.client_id == who.id:
        return await quotes.went_on(who, request, services, became)
    return await review.went_on(who, request, services, became)


async def edited(who: Person, request: Request, services: Services) -> Request:
    """The whole text with the message as it reads since it was edited."""

    async def work(tx: Transaction) -> list[Part]:
        part = await text_parts.newest(tx.connection, who, request.chat_id, request.message_id)
        if part is None or part.message_id != request.message_id:
            return []
        await text_parts.reword(tx, who, part, request.text)
        return await text_parts.of_text(tx.connection, who, part.source_key)

    parts = await services.database.write(work)
    return replace(request, text=joined(parts), source_key=parts[0].source_key) if parts else request


async def _open(connection: Connection, who: Person, before: Part) -> bool:
    """Whether the text still waits for its rest, or what it became can still have it."""
    if not before.taken:
        return True
    return await _became(connection, who, before.chat_id, before.source_key) is not None


async def _became(connection: Connection, who: Person, chat_id: int, source_key: str) -> Brief | Conversation | None:
    """The quote, the guided brief, or the brief with the draft that the text is; None where it can no longer grow."""
    parts = await text_parts.of_text(connection, who, source_key)
    bound = next((part.brief_id for part in parts if part.brief_id is not None), None)
    if bound is not None:
        brief: Brief | None = await briefs.get(connection, who.tenant, bound)
    else:
        brief = await briefs.by_source(connection, who.tenant, source_key)
    if brief is not None:
        return brief if brief.client_id != who.id or brief.state is State.QUOTED else None
    waits = await conversations.of_dialog(connection, who, chat_id, "brief")
    return waits if waits is not None and guided.has_text(waits, source_key) else None


def _is_text(update: Update) -> bool:
    return update.kind == "message" and update.file is None and bool(update.text)


def _part(update: Update) -> Part:
    return Part(
        chat_id=update.chat_id,
        message_id=update.message_id,
        source_key=update.source_key,
        text=update.text,
        sent_at=update.sent_at,
        forwarded_from=update.forwarded_from,
    )
