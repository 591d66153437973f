"""A spoken brief: heard, read, put right by an answer, and started by one tap."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs.material import Attachment, Submission, guess_type
from bot.briefs.model import Brief, State, check_quoted
from bot.kernel.card import Card, Document
from bot.kernel.translation import gettext as _
from bot.recordings import cards as recording_cards
from bot.remarks.model import Sent
from bot.services import Services
from handlers.briefs.cards import brief_card
from handlers.intake import guided, remarks
from handlers.money import billing
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import words

router = Router()
CORRECT = "voice.correct"


async def listen(who: Person, request: Request, services: Services) -> Card:
    """Have a voice note or audio file written down; its message follows through the outbox, and shows the words.

    The words that it came with stand above them; those of an album above its first.
    """
    assert request.file is not None
    recording = await services.recordings.take(who, request.file_key, request.file, request.beside)
    return await _heard(recording, services) if recording.text is not None else Card()


async def _heard(recording: Attachment, services: Services) -> Card:
    """The words, to be read before anything is drafted, with what they would cost as a brief."""
    if not recording.text:
        return recording_cards.nothing_heard(recording)
    offer = await services.recordings.offer(recording)
    return recording_cards.transcript(recording, offer.task_type, offer.price)


@router.button("vgo")
async def go(who: Person, request: Request, services: Services) -> Card:
    """Start a brief of these words, to which the speaker says yes; within /brief they are its text."""
    recording = await services.recordings.get(who, request.subject, request.version)
    guided_on = await guided.spoken(who, request, services, recording)
    if guided_on is not None:
        return replace(guided_on, place="edit")
    brief = await _brief(who, request, services, recording)
    if brief.state is State.QUOTED:
        return await billing.yes(who, request, services, brief.id, brief.version)
    if brief.is_quote:  # it was discarded, or has ended
        check_quoted(brief)
    return Card(toast=_("Brief {brief} is started", brief=brief.id))


@router.button("vmore", edit=True)
async def more(who: Person, request: Request, services: Services) -> Card:
    """Show a quote of these words, where type, deadline and all else can be changed first."""
    recording = await services.recordings.get(who, request.subject, request.version)
    brief = await _brief(who, request, services, recording)
    return await brief_card(who, request, services, brief.id)


async def _brief(who: Person, request: Request, services: Services, recording: Attachment) -> Brief:
    words = recording.text or ""
    submission = Submission(words, guess_type(words), files=(recording.source_key,))
    return await services.intake.briefs.submit(who, request.chat_id, recording.source_key, submission)


@router.button("vteam")
async def tell_team(who: Person, request: Request, services: Services) -> Card:
    """Send what was said to the team."""
    recording = await services.recordings.get(who, request.subject, request.version)
    key = recording.source_key
    sent = Sent(request.chat_id, request.topic, key, recording.text or "", files={key: recording.name})
    return await remarks.spoken(who, services, sent)


@router.button("vcorrect", place=Place.PRIVATE)
async def ask_correction(who: Person, request: Request, services: Services) -> Card:
    """Ask for a correction of the words; the next message is it."""
    recording = await services.recordings.get(who, request.subject, request.version)
    data = {"recording": recording.id}
    await conversations.ask(who, request, services, CORRECT, data)
    return recording_cards.ask_correction(recording)


async def asked_again(who: Person, request: Request, services: Services, asked: Conversation) -> Card:  # noqa: ARG001
    """The question about the correction, once more."""
    return recording_cards.ask_correction(await services.recordings.get(who, asked.data["recording"]))


@router.answer(CORRECT, words, recording_cards.CORRECTION_OPEN)
async def corrected(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Put the correction that was written in place of the words."""
    card = await _correct(who, request, services, data["recording"])
    await conversations.end(who, request, services, "voice")
    return card


@router.reply("vgo")
async def corrected_by_reply(who: Person, request: Request, services: Services) -> Card:
    """Take an answer to the words as a correction of them."""
    who.require(Permission.SUBMIT_BRIEFS)
    assert request.replied is not None
    return await _correct(who, request, services, request.replied.subject)


async def _correct(who: Person, request: Request, services: Services, recording_id: int) -> Card:
    recording = await services.recordings.correct(who, recording_id, request.text, request.quote)
    return await _heard(recording, services)


@router.button("vfull")
async def full_text(who: Person, request: Request, services: Services) -> Card:
    """Send all that was said as a file."""
    recording = await services.recordings.get(who, request.subject)
    return Card(_("All that was said"), document=Document("transcript.txt", f"{recording.text}\n"))


@router.button("vdrop", edit=True)
async def drop(who: Person, request: Request, services: Services) -> Card:
    """Drop what was said, to which the speaker says no; it can be undone for some seconds."""
    return recording_cards.dropped(await services.recordings.drop(who, request.subject))


@router.button("vundo", edit=True)
async def undo(who: Person, request: Request, services: Services) -> Card:
    """Take back what the speaker dropped."""
    recording = await services.recordings.undo(who, request.subject)
    if recording.text is None:
        return recording_cards.listening(recording)
    return await _heard(recording, services)
