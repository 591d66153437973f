"""A long text that came as several messages: put together before anything is done with it, or after.

Apps send the parts at once, so the rest is mostly here when its first part's turn comes: then the first is only kept,
and the last brings the whole. A rest that comes later goes on with what the text became by then. Rows alone say so.
"""

from dataclasses import replace

from bot.access.model import Person
from bot.intake.long_texts import Part, follows, joined, may_go_on
from bot.kernel.card import Card
from bot.services import Services
from handlers.intake import guided, quotes
from handlers.review import review
from handlers.routing.conversations import Conversation
from handlers.routing.request import Request
from handlers.routing.typed import command_in
from handlers.routing.update import Update, brief_words


def can_go_on(update: Update) -> bool:
    """Whether the rest of the message's text may be in the chat's next message."""
    return _is_text(update) and may_go_on(update.text)


def goes_on(before: Update, after: Update) -> bool:
    """Whether `after`, which came next in the chat, is the rest of the text of `before`."""
    return _may_be_rest(after) and follows(_part(before), _part(after))


async def gather(who: Person, request: Request, update: Update, services: Services) -> Request | None:
    """What the person asked for with the whole text, as far as it is here; None where its rest is here and comes next.

    A message that is no part of a longer text stays as it is.
    """
    rest = _may_be_rest(update)
    if not update.private or not (rest or can_go_on(update)):
        return request
    parts = await services.intake.texts.gather(who, _part(update), rest=rest, followed=update.followed)
    if not parts:
        return request
    if update.followed:
        return None
    return replace(request, text=joined(parts), source_key=parts[0].source_key, parts=len(parts))


async def continued(who: Person, request: Request, services: Services) -> Card | None:
    """Let what the text became before it was whole have the rest too; None where it became nothing yet."""
    became = await services.intake.texts.became(who, request.chat_id, request.source_key)
    if became is None:
        return None
    request = replace(request, text=brief_words(request.text) or request.text)
    if isinstance(became, Conversation):
        return await guided.continued(who, request, services, became)
    if became.client_id == who.id:
        return await quotes.continued(who, request, services, became)
    return await review.continued(who, request, services, became)


async def edited(who: Person, request: Request, services: Services) -> Request:
    """The whole text with the message as it reads since it was edited."""
    parts = await services.intake.texts.reword(who, request.chat_id, request.message_id, request.text)
    return replace(request, text=joined(parts), source_key=parts[0].source_key) if parts else request


def _may_be_rest(update: Update) -> bool:
    """A command never is."""
    return _is_text(update) and command_in(update.text) is None


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
