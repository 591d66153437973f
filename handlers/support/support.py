"""/support: a client writes to the team, and the team answers; by a tap and the next message, or by a reply."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person, Role
from bot.briefs.material import Submission, guess_type
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.text.words import clock
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import reading_as
from bot.services import Services
from bot.support import cards
from bot.support.model import About, Message, Sent
from bot.support.showing import reader_of
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.typed import command_in
from handlers.routing.waiting import anything

router = Router()
WRITE_STEP, ANSWER_STEP = "support.write", "support.answer"
ABOUT = ("brief", "invoice")


@router.command("Write to the team", None, example="/support", place=Place.PRIVATE, rank=105)
async def support(who: Person, request: Request, services: Services) -> Card:
    """Send what stands behind the command to the team; without any, ask clients for it, and show the team its queue."""
    if who.role is Role.STRANGER:
        return await _left(who, request, services)
    who.require(Permission.WRITE_TO_TEAM)
    if request.text or request.file:
        return await _send(who, request, services, "", 0)
    if who.may(Permission.ANSWER_CLIENTS):
        return cards.waiting(await services.support.team.waiting(who))
    return await _ask(who, request, services, "", 0)


async def _left(who: Person, request: Request, services: Services) -> Card:
    if request.later_of_album:
        return Card()
    if not request.text and request.file is None:
        return cards.how_to_leave()
    if request.file is not None:
        raise Refusal(_("This way to write is for people who have no access yet. Nothing was sent."))
    await services.support.threads.leave(who, request.text, key=request.source_key)
    return cards.left(request.text)


@router.button("write", place=Place.PRIVATE, choices=ABOUT, instead=N_("/support writes to the team."))
async def write(who: Person, request: Request, services: Services) -> Card:
    """Ask for a message to the team, about the brief or the invoice whose card was tapped."""
    return await _ask(who, request, services, request.choice, request.subject)


async def _ask(who: Person, request: Request, services: Services, kind: str, number: int) -> Card:
    about = await services.support.threads.about(who, **_named(kind, number))
    await conversations.ask(who, request, services, WRITE_STEP, {"about": kind, "number": number})
    return cards.ask(about, kind, number)


@router.answer(WRITE_STEP, anything, cards.WRITE_OPEN, album=True)
async def written(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Send the message to the team."""
    card = await _send(who, request, services, data["about"], data["number"])
    await conversations.end(who, request, services, "support")
    return card


async def _send(who: Person, request: Request, services: Services, kind: str, number: int) -> Card:
    named, (words, file) = _named(kind, number), words_and_file(request)
    about: About = await services.support.threads.about(who, **named)
    thread = await services.support.threads.open(who, words, file=file, key=key_of(request), may_answer=True, **named)
    if request.later_of_album:
        return Card()
    if thread.brief_id is not None and not thread.waits:
        return cards.heard(thread.brief_id, words)
    return cards.sent(about, words, file)


def _named(kind: str, number: int) -> dict[str, int | None]:
    return {"brief_id": number if kind == "brief" else None, "invoice_id": number if kind == "invoice" else None}


def words_and_file(request: Request) -> tuple[str, Sent | None]:
    """The words, and the file that they stand under: in an album the first."""
    if request.file is None:
        return request.words, None
    if request.chat_title:
        raise Refusal(_("Files for the team go by our private chat: send it there, after /support. Nothing was sent."))
    words = "" if request.later_of_album else request.text
    return words, Sent(request.chat_id, request.message_id, request.file.name)


def key_of(request: Request) -> str:
    """Each file of an album is a message of the thread."""
    return request.file_key if request.later_of_album else request.source_key


async def more_of_album(who: Person, request: Request, services: Services) -> bool:
    """Let a later file of an album go where its first one went; False where that is in no thread."""
    found = await services.support.threads.said(who, request.source_key)
    if found is None:
        return False
    (view, first), (_words, file) = found, words_and_file(request)
    words, key = await _late_words(who, request, services, first), key_of(request)
    if first.from_team:
        await services.support.team.add(who, view.thread.id, words, file=file, key=key)
    else:
        named = _named(*_kind_of(view.thread.brief_id, view.thread.invoice_id))
        await services.support.threads.open(who, words, file=file, key=key, may_answer=False, **named)
    return True


async def _late_words(who: Person, request: Request, services: Services, first: Message) -> str:
    """Those of an album's words that came after its other files had gone on."""
    others = [await services.support.threads.said(who, key) for key in request.album_keys]
    words = request.text
    for message in (first, *(one[1] for one in others if one is not None)):
        words = words.replace(message.text.removesuffix(replace(request, text="").words), "", 1)
    return words.strip()


async def said_before(who: Person, request: Request, services: Services) -> Card | None:
    """Give the answer again to a message that went to a thread before a crash; None where it is another one."""
    found = None if request.later_of_album else await services.support.threads.said(who, request.source_key)
    if found is None:
        return None
    view, said = found
    return cards.answer_sent(view.thread) if said.from_team else cards.sent(view.about, said.text, said.file)


async def edited(who: Person, request: Request, services: Services) -> bool:
    """Let a message to the team follow that was edited; False where it was none."""
    typed = command_in(request.text)
    words = typed.rest if typed is not None and typed.name == "support" else request.text
    said = words if request.file is not None else replace(request, text=words).words
    return await services.support.threads.reword(who, request.source_key, said)


@router.button("tell", place=Place.PRIVATE)
async def tell(who: Person, request: Request, services: Services) -> Card:
    """Ask the client for their answer to the team; their next message goes there."""
    thread = (await services.support.threads.get(who, request.subject)).thread
    return await _ask(who, request, services, *_kind_of(thread.brief_id, thread.invoice_id))


@router.reply("tell", files=True)
async def told(who: Person, request: Request, services: Services) -> Card:
    """Send the team a client's reply to what it wrote."""
    assert request.replied is not None
    thread = (await services.support.threads.get(who, request.replied.subject)).thread
    return await _send(who, request, services, *_kind_of(thread.brief_id, thread.invoice_id))


def _kind_of(brief_id: int | None, invoice_id: int | None) -> tuple[str, int]:
    if invoice_id is not None:
        return "invoice", invoice_id
    return ("", 0) if brief_id is None else ("brief", brief_id)


@router.subject("support")
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show what was written (/support_1001), to be answered where it waits."""
    view = await services.support.threads.get(who, request.subject)
    if view.thread.client_id == who.id:
        return cards.of_client(view)
    return cards.for_team(view, who) if view.thread.waits else cards.whole(view)


@router.button("answer", place=Place.PRIVATE)
async def ask_answer(who: Person, request: Request, services: Services) -> Card:
    """Ask for the answer to what the card shows; the next message is it."""
    view = await services.support.team.to_answer(who, request.subject)
    data = {"thread": request.subject, "seen": request.version, "name": view.thread.name}
    await conversations.ask(who, request, services, ANSWER_STEP, data)
    return cards.ask_answer(view)


@router.answer(ANSWER_STEP, anything, cards.ANSWER_OPEN, album=True)
async def answered(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Send the answer that was written."""
    card = await _answer(who, request, services, data["thread"], data["seen"])
    await conversations.end(who, request, services, "support")
    return card


@router.reply("answer", files=True)
async def replied(who: Person, request: Request, services: Services) -> Card:
    """Send the answer that came as a reply to the card."""
    assert request.replied is not None
    return await _answer(who, request, services, request.replied.subject, request.replied.version)


async def _answer(who: Person, request: Request, services: Services, thread_id: int, seen: int) -> Card:
    words, file = words_and_file(request)
    thread = await services.support.team.answer(who, thread_id, seen, words, file=file, key=key_of(request))
    return Card() if request.later_of_album else cards.answer_sent(thread)


@router.button("letin")
async def let_in(who: Person, request: Request, services: Services) -> Card:
    """Answer a stranger with a link that lets them in."""
    view = await services.support.team.to_answer(who, request.subject)
    code = await services.people.joining.invite(who, Role.CLIENT)
    with reading_as(reader_of(view.thread)):
        words = _("Come in by this link: {link}", link=f"https://t.me/{services.bot_name}?start={code}")
    key = f"thread:{request.subject}:{request.version}:let in"
    thread = await services.support.team.answer(who, request.subject, request.version, words, key=key)
    return cards.answer_sent(thread)


@router.button("unwritten", edit=True, place=Place.PRIVATE, choices=("", *ABOUT, *cards.ASKED))
async def unwritten(who: Person, request: Request, services: Services) -> Card:
    """Drop the question: nothing is to be written after all."""
    holds: dict[str, Any] = {"about": request.choice, "number": request.subject}
    if request.choice in cards.ASKED:
        holds = {cards.ASKED[request.choice]: request.subject}
    if not await conversations.take_back(who, request, services, "support", **holds):
        return conversations.over()
    return Card(_("Nothing was sent."))


@router.button("takethread")
async def take(who: Person, request: Request, services: Services) -> Card:
    """Claim the thread, so that nobody else answers for now."""
    until = await services.support.team.claim(who, request.subject, request.version)
    said = {"thread": request.subject, "time": clock(until)}
    return Card(toast=_("Message {thread} is yours until {time}, or until you give it back", **said))


@router.button("freethread")
async def give_back(who: Person, request: Request, services: Services) -> Card:
    """End the claim, so that whoever comes first may answer again."""
    await services.support.team.give_back(who, request.subject, request.version)
    return Card(toast=_("Message {thread} waits for whoever answers first", thread=request.subject))


@router.button("settle")
async def settle(who: Person, request: Request, services: Services) -> Card:
    """Close what waits in the thread, since nothing in it asks for an answer."""
    await services.support.team.settle(who, request.subject, request.version)
    return Card(toast=_("Message {thread} needs no answer", thread=request.subject))


@router.button("ordered")
async def make_order(who: Person, request: Request, services: Services) -> Card:
    """Quote what the client wrote in their chat, as if they had sent it as a brief."""
    client, view = await services.support.team.to_order(who, request.subject, request.version)
    words = "\n\n".join(message.text for message in view.unanswered)
    key = f"thread:{request.subject}:{request.version}"
    handed = Submission(words, guess_type(words))
    brief = await services.intake.briefs.submit(client, client.telegram_id, key, handed)
    await services.intake.quotes.show(brief)
    await services.support.team.settle(who, request.subject, request.version)
    return cards.ordered(view, brief.title)
