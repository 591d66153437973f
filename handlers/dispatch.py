"""From an update to an answer: who is it, what do they want, may they, and what do they see."""

import re
import secrets
from dataclasses import dataclass, replace

import structlog

from bot.access.buttons import ButtonSigner
from bot.access.model import Permission, Person
from bot.kernel.card import Card, escape
from bot.kernel.errors import Refusal, Stale
from bot.services import Services
from handlers import briefs, parts, quotes
from handlers.asked import Asked
from handlers.catalog import ACTIONS, BY_NAME, PAGED, REPLIES, STEPS, WITH_SUBJECT
from handlers.incoming import COMMAND, Incoming, brief_words
from storage import conversations
from storage.conversations import Conversation

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be shown, and what the audit says of it. `card` None: nothing is shown."""

    who: Person
    action: str
    outcome: str
    card: Card | None


class Dispatcher:
    """Routes updates by the command table; refuses by default."""

    def __init__(self, services: Services, signer: ButtonSigner) -> None:
        self._services = services
        self._signer = signer

    async def answer(self, update: Incoming) -> Answer | None:
        """Do what the update asks for; a refusal is an answer too. None for updates that ask for nothing."""
        if update.kind == "other":
            return None
        if update.kind in {"blocked", "unblocked"}:
            await self._services.access.set_reach(update.user_id, "blocked" if update.kind == "blocked" else "open")
            return None
        who = await self._services.access.identify(update.user_id, update.user_name, update.language)
        action = "message"
        card: Card | None
        try:
            if update.kind == "tap":
                action, card = await self._tap(who, update)
            elif update.kind == "edit":
                action, card = "edit", await self._edited(who, update)
            else:
                action, card = await self._message(who, update)
        except Refusal as refusal:
            kind = type(refusal).__name__.lower()
            log.info("refused", action=action, person=who.id, kind=kind, words=str(refusal))
            return Answer(who, action, kind, _refusal(refusal))
        return Answer(who, action, "done", card)

    async def _tap(self, who: Person, update: Incoming) -> tuple[str, Card]:
        tap = self._signer.unpack(update.data, user_id=update.user_id, chat_id=update.chat_id)
        if tap is None or tap.action not in ACTIONS:
            raise Stale("This button is not for you, or is from an old version. Open the list again and tap there.")
        who.require(Permission.USE)
        asked = Asked(
            chat_id=update.chat_id,
            message_id=update.message_id,
            shown=update.shown,
            subject=tap.subject,
            version=tap.version,
            language=update.language,
            topic=update.topic,
        )
        card = await ACTIONS[tap.action](who, asked, self._services)
        if tap.action in PAGED:
            card = Card(card.text, card.rows, place="edit")
        return f"tap {tap.action}", card

    async def _message(self, who: Person, update: Incoming) -> tuple[str, Card | None]:
        asked = self._asked(update)
        if asked.file is not None and not asked.file.size and who.may(Permission.USE):
            size = await self._services.chat.file_size(asked.file.file_id)  # updates need not tell it
            asked = replace(asked, file=replace(asked.file, size=size))
        reply = REPLIES.get(asked.replied.action) if asked.replied is not None else None
        if who.may(Permission.USE) and reply is None:
            whole = await parts.gather(who, asked, update, self._services)
            if whole is None:
                return "part", None
            if whole.parts > 1 and (card := await parts.went_on(who, whole, self._services)) is not None:
                return "part", card
            asked = whole
        if match := COMMAND.match(asked.text):
            return await self._command(who, asked, match)
        if not update.private:
            return "message", None  # people talk to each other in groups
        who.require(Permission.USE)
        if reply is not None:
            return "reply", await reply(who, asked, self._services)
        async with self._services.database.reading() as connection:
            conversation = await conversations.current(connection, who, update.chat_id)
        if conversation is not None and conversation.step in STEPS:
            return conversation.step, await self._answer(who, asked, conversation)
        return "brief", await briefs.plain(who, asked, self._services)

    def _asked(self, update: Incoming) -> Asked:
        album_key = f"telegram:{update.chat_id}:album:{update.album}"
        replied = self._signer.unpack(update.replied_data, user_id=update.user_id, chat_id=update.chat_id)
        return Asked(
            chat_id=update.chat_id,
            message_id=update.message_id,
            text=update.text,
            source_key=album_key if update.album else update.source_key,
            language=update.language,
            file=update.file,
            file_key=update.source_key,
            album=bool(update.album),
            forwarded_from=update.forwarded_from,
            replied=replied,
            quote=update.quote,
            topic=update.topic,
        )

    async def _edited(self, who: Person, update: Incoming) -> Card | None:
        """An edited message changes what it became; where it became nothing, nobody hears of it."""
        if not update.private or not who.may(Permission.USE):
            return None
        asked = await parts.edited(who, self._asked(update), self._services)
        words = brief_words(asked.text)
        return None if words is None else await quotes.edited(who, replace(asked, text=words), self._services)

    async def _answer(self, who: Person, asked: Asked, conversation: Conversation) -> Card:
        """Take the message as the answer to the question that waits; a question about what has changed is over."""
        try:
            return await STEPS[conversation.step](who, asked, self._services, conversation.data)
        except Stale:
            await self._services.database.write(lambda tx: conversations.end(tx, who, asked.chat_id))
            raise

    async def _command(self, who: Person, asked: Asked, match: re.Match[str]) -> tuple[str, Card | None]:
        name, subject, addressed, rest = match.groups()
        if addressed and addressed.lower() != self._services.bot_name.lower():
            return "message", None  # another bot's command in a group
        asked = replace(asked, text=(rest or "").strip())
        if subject and name in WITH_SUBJECT:
            who.require(Permission.USE)
            return f"/{name}_", await WITH_SUBJECT[name](who, _about(asked, subject), self._services)
        command = BY_NAME.get(name)
        if command is None:
            raise Refusal(f"There is no command /{name}. /help lists what you can do.")
        if command.permission is not None:
            who.require(command.permission)
        return f"/{name}", await command.handler(who, asked, self._services)


def _about(asked: Asked, subject: str) -> Asked:
    number = int(subject) if subject.isdecimal() and len(subject) < 16 else 0
    return replace(asked, text=subject, subject=number)


def _refusal(refusal: Refusal) -> Card:
    return Card(escape(str(refusal)), toast=str(refusal))


def fault(reference: str) -> Card:
    """What a person reads when a fault of ours stopped what they asked for."""
    return Card(
        "That did not work, and it is our fault, not yours. We keep what you sent.\n"
        f"Send it once more, or tell us the reference <code>{reference}</code> and we look into it."
    )


def new_reference() -> str:
    """A short reference for a person to quote and for us to find in the log."""
    return secrets.token_hex(3)
