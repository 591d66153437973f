"""From an update to an answer: who is it, what do they want, may they, and what do they see."""

from dataclasses import dataclass, replace

import structlog

from bot.access.buttons import ButtonSigner, Tap
from bot.access.model import REMOVED_WORDS, Permission, Person, Role, stranger
from bot.kernel.card import Card, escape
from bot.kernel.errors import Forbidden, Forged, Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as
from bot.services import Services
from bot.step_up.model import StepUpNeeded
from handlers.catalog import (
    BY_NAME,
    REPLIES,
    STEPS,
    TAKE_FILES,
    WITH_SUBJECT,
    meant_by,
    place_of_action,
    place_of_command,
)
from handlers.intake import briefs, edits, remarks
from handlers.intake import long_texts as parts
from handlers.intake.guided_steps import is_begun
from handlers.people import timezone
from handlers.routing import again, conversations, waiting
from handlers.routing.conversations import Conversation
from handlers.routing.places import ANONYMOUS, Place, Spot, spot
from handlers.routing.request import Request
from handlers.routing.router import RequestHandler, old_button
from handlers.routing.typed import Typed, command_in
from handlers.routing.update import Update, brief_words
from handlers.support import support
from handlers.trust import step_up
from storage.briefs import briefs as brief_rows

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is to be shown where, and what the audit says of it. `card` None: nothing is shown.

    asked_for: what the group is told of an answer that goes elsewhere: "/queue".
    """

    who: Person
    action: str
    outcome: str
    card: Card | None
    spot: Spot
    asked_for: str = ""


@dataclass(slots=True)
class _Turn:
    """An update while it is answered.

    before: the question that waited when it came. aside: whether it was no answer to that. request: what it asks for.
    stale: a question that was asked too long ago to be answered by it.
    """

    request: Request
    before: Conversation | None = None
    aside: bool = False
    stale: Conversation | None = None


class Dispatcher:
    """Routes updates by the command table; refuses by default."""

    def __init__(self, services: Services, signer: ButtonSigner) -> None:
        self._services = services
        self._signer = signer

    async def answer(self, update: Update) -> Answer | None:
        """Do what the update asks for; a refusal is an answer too. None for updates that ask for nothing."""
        people = self._services.people
        match update.kind:
            case "blocked" | "unblocked" as kind:
                await people.joining.set_reach(update.user_id, "blocked" if kind == "blocked" else "open")
            case "left":
                await people.rooms.left(update.chat_id, update.user_name)
            case "joined":
                await people.rooms.joined(update.chat_id, update.user_id)
            case "moved":
                await people.rooms.moved(*update.moved)
            case "anonymous":
                return self._to_nobody(update)
            case "message" | "edit" | "tap" | "unreadable":
                named = (update.user_id, update.user_name, update.language)
                who = await people.joining.identify(*named, private=update.private)
                with reading_as(who.reader):
                    return await self._answered(who, update)
        return None

    async def _answered(self, who: Person, update: Update) -> Answer:
        """The answer, in the words of who asks."""
        if not self._signer.knows((update.data, update.replied_data), chat_id=update.chat_id):
            await self._services.rotation.look()  # another process may have turned the key since
        asked_for, where = await self._where(who, update)
        before = await self._before(who, update)
        if (given := before.given) is not None:
            return Answer(who, given.action, given.outcome, given.card, where, asked_for)
        turn = _Turn(self._asked(update), before.waits)
        if turn.before is not None and not before.again and self._is_stale(update, turn.before):
            turn.before, turn.stale = None, turn.before
        action, outcome = "message", "done"
        card: Card | None
        try:
            action, card = await self._done(who, update, turn, where)
        except StepUpNeeded as needed:
            action, where = "step up", where if update.private else Spot(update.user_id, moved=True)
            card = await self._to_confirm(who, update, replace(turn.request, chat_id=where.chat_id), needed)
        except Refusal as refusal:
            outcome = type(refusal).__name__.lower()
            log.info("refused", action=action, person=who.id, kind=outcome, words=str(refusal))
            card = Card(escape(str(refusal)), toast=str(refusal))
        if card is not None and not where.moved:
            card = await self._with_question(card, who, update, turn)
        if turn.before is not None and not turn.aside:
            await again.keep(who, update, self._services, again.Given(action, outcome, card))
        return Answer(who, action, outcome, card, where, asked_for)

    async def _done(self, who: Person, update: Update, turn: _Turn, where: Spot) -> tuple[str, Card | None]:
        """What was done, in a word, and its card."""
        if update.kind == "tap":
            return await self._tap(who, update, turn, where)
        if update.location is not None and update.private:
            return "location", await self._located(who, update, turn)
        if update.kind == "edit":
            return "edit", await self._edited(who, update)
        return await self._message(who, update, turn, where)

    async def _to_confirm(self, who: Person, update: Update, request: Request, needed: StepUpNeeded) -> Card:
        tap = self._tapped(update)
        meant = None if tap is None else meant_by(tap)
        tapped = None if tap is None or meant is None else (tap, meant)
        return await step_up.ask(who, request, self._services, needed, tapped, update.text)

    async def _with_question(self, card: Card, who: Person, update: Update, turn: _Turn) -> Card:
        """The card, with what was not read of the message, and what still waits for an answer in the chat."""
        card = waiting.with_unread(card, update.unread)
        if not update.private:
            return await waiting.answered_by_reply(card, who, turn.request, turn.before, self._services, STEPS)
        if turn.before is not None and (turn.aside or turn.before.behind):
            return await waiting.said_again(card, who, turn.request, turn.before, self._services, STEPS)
        return card

    async def _before(self, who: Person, update: Update) -> again.Before:
        """What waits in the chat; of no account for most commands, and for what people say to each other in groups."""
        command = command_in(update.text)
        apart = command is not None and not _stops(command) if update.private else not _is_for_us(update, command)
        if apart or not who.may(Permission.USE):
            return again.Before()
        return await again.before(who, update, self._services)

    def _is_stale(self, update: Update, waits: Conversation) -> bool:
        """A button and a reply say what they mean, whenever they come; /stop too."""
        says = update.kind == "tap" or bool(update.replied_data) or command_in(update.text) is not None
        return not says and waiting.is_stale(waits, self._services.database.clock.now())

    async def _where(self, who: Person, update: Update) -> tuple[str, Spot]:
        """What is asked for, in a word, and where the answer goes."""
        here = Spot(update.chat_id, update.topic)
        if update.private:
            return "", here
        if update.kind == "tap":
            asked_for, place = _("that button"), await self._place_of_tap(who, update)
        elif typed := command_in(update.text):
            asked_for, place = f"/{typed.name}", place_of_command(typed.name, with_subject=bool(typed.subject))
        else:
            return "", here
        if who.role is Role.REMOVED:
            place = Place.PRIVATE
        team_room = not update.public and await self._services.people.rooms.is_one(who.tenant, update.chat_id)
        return asked_for, spot(place, here, user_id=update.user_id, team_room=team_room)

    async def _place_of_tap(self, who: Person, update: Update) -> Place:
        tap = self._tapped(update)
        if tap is None:
            return Place.PRIVATE
        place = place_of_action(tap.action)
        if place is not Place.OWN:
            return place
        async with self._services.database.reading() as connection:
            client = await brief_rows.client_of(connection, who.tenant, tap.subject)
        return Place.ANYWHERE if client == who.id else Place.TEAM

    def _tapped(self, update: Update) -> Tap | None:
        return self._signer.unpack(update.data, chat_id=update.chat_id)

    def _to_nobody(self, update: Update) -> Answer | None:
        """Who writes as the group has no role, whoever they are."""
        typed = command_in(update.text)
        if typed is None or not self._addressed(typed):
            return None
        who, action = stranger(0, "", update.language), f"/{typed.name}" if typed.name in BY_NAME else "message"
        return Answer(who, action, "forbidden", Card(_(ANONYMOUS)), Spot(update.chat_id, update.topic))

    async def _tap(self, who: Person, update: Update, turn: _Turn, where: Spot) -> tuple[str, Card]:
        tap = self._tapped(update)
        meant = None if tap is None else meant_by(tap)
        if tap is None or meant is None:
            words = _("This button is not for you, or is from an old version. Open the list again and tap there.")
            raise Forged(words) if tap is None else Stale(words)
        who.require(Permission.USE)
        action, choice = meant
        if choice not in action.choices:
            raise old_button(_(action.instead, subject=tap.subject))
        request = Request(
            chat_id=where.chat_id,
            message_id=update.message_id,
            shown=update.shown,
            subject=tap.subject,
            version=tap.version,
            choice=choice,
            update_key=update.key,
            language=update.language,
            topic=where.topic,
            chat_title=update.chat_title,
            public=update.public,
        )
        turn.aside = action.aside
        card = await action.handler(who, request, self._services)
        return f"tap {action.name}", replace(card, place="edit") if action.edit else card

    async def _message(self, who: Person, update: Update, turn: _Turn, where: Spot) -> tuple[str, Card | None]:
        request = turn.request
        if who.role is Role.REMOVED:
            return await self._removed(who, request, private=update.private)
        if who.may(Permission.USE):
            request = await self._sized(request)
        reply = _reply_to(request)
        if who.may(Permission.USE) and reply is None:
            whole = await parts.gather(who, request, update, self._services)
            if whole is None:
                return "part", None
            if whole.parts > 1 and (card := await parts.continued(who, whole, self._services)) is not None:
                return "part", card
            request = whole
        if typed := command_in(request.text):
            return await self._command(who, replace(request, chat_id=where.chat_id, topic=where.topic), typed)
        if not update.private and (request.replied is None or waiting.taken_by(request, turn.before, STEPS) is None):
            return "message", None  # people talk to each other in groups
        who.require(Permission.USE)
        return await self._meant(who, request, turn, reply)

    async def _meant(
        self, who: Person, request: Request, turn: _Turn, reply: RequestHandler | None
    ) -> tuple[str, Card | None]:
        """What no command asks for: a part of an album, a reply, an answer to the question that waits, or else a brief.

        A later file of an album goes where its first one went, and answers no question that was asked since.
        """
        if await remarks.more_of_album(who, request, self._services):
            return "part", Card()
        if reply is not None:
            return "reply", await reply(who, request, self._services)
        question = waiting.taken_by(request, turn.before, STEPS)
        if question is not None:
            return question.step, await self._answer(who, request, question)
        return await self._plain(who, request, turn)

    async def _plain(self, who: Person, request: Request, turn: _Turn) -> tuple[str, Card]:
        """What answers nothing is a brief, unless it went to a thread before a crash: its question has ended then."""
        if (card := await step_up.stray(who, request, self._services)) is not None:
            turn.aside = turn.before is not None
            return "code", card
        if (card := await support.said_before(who, request, self._services)) is not None:
            return "support", card
        turn.aside = waiting.first_open(turn.before, STEPS) is not None
        return "brief", _with_begun(await briefs.plain(who, request, self._services), turn)

    async def _located(self, who: Person, update: Update, turn: _Turn) -> Card | None:
        """A location that is shared for a while comes again and again, as edits: they move, their zone seldom does."""
        turn.aside = True
        return None if update.kind == "edit" else await timezone.located(who, turn.request, self._services)

    async def _removed(self, who: Person, request: Request, *, private: bool) -> tuple[str, Card | None]:
        """Who was let out hears that and nothing else; a newer invitation lets them in again."""
        typed = command_in(request.text)
        if typed is None and not private:
            return "message", None
        if typed is None or typed.name != "start" or typed.subject or not typed.rest:
            raise Forbidden(_(REMOVED_WORDS))
        return await self._command(who, request, typed)

    def _asked(self, update: Update) -> Request:
        album_key = f"telegram:{update.chat_id}:album:{update.album}"
        replied = self._signer.unpack(update.replied_data, chat_id=update.chat_id)
        return Request(
            chat_id=update.chat_id,
            message_id=update.message_id,
            text=update.text,
            source_key=album_key if update.album else update.source_key,
            language=update.language,
            file=update.file,
            file_key=update.source_key,
            update_key=update.key,
            album=bool(update.album),
            album_keys=update.album_keys,
            words_before=update.words_before,
            forwarded_from=update.forwarded_from,
            replied=replied,
            replied_id=update.replied_id,
            quote=update.quote,
            quoted_from=update.quoted_from,
            topic=update.topic,
            chat_title=update.chat_title,
            public=update.public,
            location=update.location,
        )

    async def _edited(self, who: Person, update: Update) -> Card | None:
        """An edited message changes what it became; where it became nothing, nobody hears of it."""
        if not update.private or not who.may(Permission.USE):
            return None
        request = await parts.edited(who, self._asked(update), self._services)
        if await support.edited(who, request, self._services) and not await edits.is_brief(
            who, request, self._services
        ):
            return None
        words = brief_words(request.text)
        if words is None:
            return None
        return await edits.edited(who, await self._sized(replace(request, text=words)), self._services)

    async def _sized(self, request: Request) -> Request:
        """The same, with the size of its file, which updates need not tell."""
        if request.file is None or request.file.size:
            return request
        return replace(
            request, file=replace(request.file, size=await self._services.chat.file_size(request.file.file_id))
        )

    async def _answer(self, who: Person, request: Request, conversation: Conversation) -> Card | None:
        """Take the message as the answer to the question that waits; a question about what has changed is over."""
        if len(request.album_keys) > 1 and not STEPS[conversation.step].album:
            waiting.one_file_only(request)
            return None
        try:
            return await STEPS[conversation.step].answer(who, request, self._services, conversation.data)
        except Stale:
            await conversations.end(who, request, self._services, conversation.dialog)
            raise

    async def _command(self, who: Person, request: Request, typed: Typed) -> tuple[str, Card | None]:
        name, subject = typed.name, typed.subject
        if not self._addressed(typed):
            return "message", None  # another bot's command in a group
        if request.later_of_album and brief_words(request.text) is None and typed.name != "support":
            return "part", None  # it was answered with the album's first file
        request = replace(request, text=typed.rest)
        if subject and name in WITH_SUBJECT:
            who.require(Permission.USE)
            return f"/{name}_", await WITH_SUBJECT[name](who, _about(request, subject), self._services)
        command = BY_NAME.get(name)
        if command is None:
            raise Refusal(_("There is no command /{name}. /help lists what you can do.", name=name))
        if command.permission is not None:
            who.require(command.permission)
        return f"/{name}", await command.handler(who, request, self._services)

    def _addressed(self, typed: Typed) -> bool:
        """Whether the command is for this bot."""
        return typed.addressed in {"", self._services.bot_name.lower()}


def _reply_to(request: Request) -> RequestHandler | None:
    """What a message does that answers one of ours, where it is one."""
    if request.replied is None or (request.file is not None and request.replied.action not in TAKE_FILES):
        return None
    return REPLIES.get(request.replied.action)


def _with_begun(card: Card, turn: _Turn) -> Card:
    """The card, with word of a guided brief that was begun before, and is not what the message went on with."""
    if turn.stale is None or not card.text or not is_begun(turn.stale):
        return card
    return replace(card, text=f"{card.text}\n{_(waiting.BEGUN)}")


def _stops(command: Typed) -> bool:
    """Whether it ends the question that waits."""
    return command.name in BY_NAME and BY_NAME[command.name].stops


def _is_for_us(update: Update, command: Typed | None) -> bool:
    """Whether something in a group may be: a tap, a command, or an answer to what we wrote."""
    return update.kind == "tap" or command is not None or bool(update.replied_data)


def _about(request: Request, subject: str) -> Request:
    number = int(subject) if subject.isdecimal() and len(subject) < 16 else 0
    return replace(request, text=subject, subject=number)
