"""A brief in one message: words, files, an album, something forwarded; then the price, and the client's yes."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.briefs.cards import BEFORE_REVIEW, quote_button
from bot.briefs.ending_cards import delivered_file
from bot.briefs.material import Submission, compose, guess_type
from bot.briefs.model import BROUGHT_BACK, FEWEST_WORDS, Brief, State
from bot.feedback.rating_cards import MISSING_OPEN
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.errors import Refusal, Stale
from bot.kernel.task_type import TaskType
from bot.kernel.text.file_format import FileFormat
from bot.kernel.text.words import usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.remarks.cards import too_little
from bot.services import Services
from handlers.briefs import ratings
from handlers.briefs.cards import brief_card, quote
from handlers.intake import guided, open_facts, remarks, voice
from handlers.money import billing
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
FORMATS = tuple(one.value for one in FileFormat)
UNFINISHED = BEFORE_REVIEW | {State.IN_REVIEW, State.REJECTED, State.CANCELLED, State.FAILED}
UNDOES = tuple(sorted(state.value for state in BROUGHT_BACK))


@router.command(
    "Hand in a brief, step by step", Permission.SUBMIT_BRIEFS, example="/brief", place=Place.ANYWHERE, rank=30
)
async def brief(who: Person, request: Request, services: Services) -> Card:
    """Begin a guided brief; with a text behind /brief, quote it as a plain message."""
    who.require(Permission.SUBMIT_BRIEFS)
    if request.text or request.file:
        return await order(who, request, services)
    return await guided.begin(who, request, services)


async def plain(who: Person, request: Request, services: Services) -> Card:
    """Quote a plain message that is surely an order; answer any other as what it is."""
    who.require(Permission.SUBMIT_BRIEFS)
    other = await remarks.instead(who, request, services)
    return await order(who, request, services) if other is None else other


async def order(who: Person, request: Request, services: Services) -> Card:
    """Quote an order, which one tap then starts."""
    who.require(Permission.SUBMIT_BRIEFS)
    words = request.words
    if request.file is not None:
        return await _with_file(who, request, words, services)
    if 0 < sum(any(map(str.isalnum, word)) for word in request.text.split()) < FEWEST_WORDS:
        return too_little()
    earlier = await services.intake.materials.sent_before(who, request.source_key, words)
    if earlier is not None:
        return _sent_already(earlier)
    submission = Submission(words, guess_type(words))
    brief = await services.intake.briefs.submit(
        who, request.chat_id, request.source_key, submission, topic=request.topic
    )
    return await open_facts.quoted(who, request, services, brief)


async def _with_file(who: Person, request: Request, words: str, services: Services) -> Card:
    """A file with or without words; the later files of an album go where its first one went."""
    assert request.file is not None
    earlier, own = await _of_album(who, request, services)
    asked_for = guess_type(words) if earlier is None else earlier.task_type
    if request.file.kind in {"voice", "audio"} and asked_for is not TaskType.TRANSCRIPTION:
        if earlier is not None:
            raise Refusal(_not_heard(request.file.name, earlier))
        return await voice.listen(who, request, services)
    attachment = await services.intake.materials.attach(who, request.file_key, request.file)
    if earlier is not None:
        await services.intake.quotes.add_file(who, earlier.id, attachment, words if own else "")
        return Card()
    if attachment.kind == "image" and not words.strip():
        return await guided.ask_what(who, request, attachment, services)
    text = compose(words, "", [attachment])
    if attachment.kind == "document" and (
        same := await services.intake.materials.sent_before(who, request.source_key, text)
    ):
        return _sent_already(same)
    submission = Submission(words, guess_type(text), files=(request.file_key,))
    brief = await services.intake.briefs.submit(
        who, request.chat_id, request.source_key, submission, topic=request.topic
    )
    return await open_facts.quoted(who, request, services, brief)


async def _of_album(who: Person, request: Request, services: Services) -> tuple[Brief | None, bool]:
    """The brief that the album is, or that another of its files went into; and whether its words are a part of it.

    They are none where they answered a question.
    """
    if not request.album:
        return None, False
    became = await services.intake.materials.of_album(who, request.source_key, request.album_keys)
    return became.brief or became.other, became.brief is not None


def _not_heard(name: str, brief: Brief) -> str:
    return _(
        "{file} is a recording, and “{title}”, which the other files went into, is no transcription: it was not used. "
        "Send it by itself, with the word Transcribe, to have it written down.",
        file=name,
        title=brief.title,
    )


def _sent_already(earlier: Brief) -> Card:
    new = (Button(_("It is new"), "again", earlier.id),)
    if earlier.is_quote:
        lines = Lines(_("You sent this already")).add(escape(earlier.title))
        lines.add(_("Its quote waits for your yes. Nothing new was started."))
        return Card(str(lines), (quote_button(earlier), new))
    lines = Lines(_("You sent this already as brief {brief}", brief=earlier.id))
    lines.add(_("See /brief_{brief}. Nothing new was started.", brief=earlier.id))
    return Card(str(lines), (new,))


@router.button("unread", aside=True)
async def unread(who: Person, request: Request, services: Services) -> Card:
    """Quote as a brief what was written where an e-mail was asked for."""
    meant = await billing.unread(who, services)
    if not meant:
        raise Stale(billing.OVER)
    return await plain(who, replace(request, text=meant["text"], source_key=meant["source_key"]), services)


@router.button("gnew", place=Place.ANYWHERE)
async def not_an_answer(who: Person, request: Request, services: Services) -> Card:
    """Quote what was taken as the answer to a step of a guided brief as a brief of its own; the step waits on."""
    who.require(Permission.SUBMIT_BRIEFS)
    meant, waits = await guided.take_back(who, request, services)
    card = await plain(who, replace(request, text=meant["text"], source_key=meant["source_key"]), services)
    return replace(card, text=f"{card.text}\n{waits}")


@router.button("factnew", place=Place.OWN)
async def not_a_fact(who: Person, request: Request, services: Services) -> Card:
    """Take what was no answer to what a quote leaves open as what it would be otherwise; the question waits on."""
    who.require(Permission.SUBMIT_BRIEFS)
    meant, waits = await open_facts.take_back(who, request, services)
    card = await plain(who, replace(request, text=meant["text"], source_key=meant["source_key"]), services)
    return replace(card, text=f"{card.text}\n{waits}")


@router.button("rnew", place=Place.OWN)
async def not_missing(who: Person, request: Request, services: Services) -> Card:
    """Quote what was taken as what is missing in delivered work as a brief of its own; the question waits on."""
    who.require(Permission.SUBMIT_BRIEFS)
    meant = await ratings.take_back(who, request, services)
    card = await plain(who, replace(request, text=meant["text"], source_key=meant["source_key"]), services)
    waits = _(MISSING_OPEN, brief=request.subject)
    return replace(card, text=f"{card.text}\n{waits}")


@router.button("again", edit=True, place=Place.OWN)
async def again(who: Person, request: Request, services: Services) -> Card:
    """Quote once more a text that was refused as a repetition of an earlier brief."""
    source_key = f"telegram:{request.chat_id}:{request.message_id}:again"
    brief = await services.intake.quotes.again(who, request.subject, source_key)
    return await quote(services, brief)


@router.button("start", place=Place.OWN)
async def start(who: Person, request: Request, services: Services) -> Card:
    """Start the brief, to whose price its client says yes."""
    card = await billing.yes(who, request, services, request.subject, request.version)
    await open_facts.over(who, request, services, request.subject)
    return card


@router.button("cancel", place=Place.OWN)
async def cancel(who: Person, request: Request, services: Services) -> Card:
    """Cancel the brief for its client, at any time before the decision."""
    brief, spent = await services.intake.cancelling.cancel(
        who, request.subject, request.message_id, chat_id=request.chat_id
    )
    await open_facts.over(who, request, services, request.subject)
    return Card(toast=_cancelled(brief, usd(spent) if who.may(Permission.SEE_ALL) else ""))


@router.button("undo", place=Place.OWN, choices=UNDOES, instead=N_("/briefs leads to what can be changed."))
async def undo(who: Person, request: Request, services: Services) -> Card:
    """Take the no back within seconds; the choice says where the brief stood."""
    before = State(request.choice)
    brief = await services.intake.cancelling.undo(who, request.subject, request.version, before, request.message_id)
    if before is State.QUOTED:
        return Card(toast=_("Undone: the quote stands again"))
    return Card(toast=_("Undone: brief {brief} goes on", brief=brief.id))


def _cancelled(brief: Brief, cost: str) -> str:
    """In one line, with what the models cost, where that is for who reads it."""
    if brief.is_quote:
        return _("The quote is discarded; nothing is charged")
    if brief.revision_of is not None:  # what it revises has an invoice of its own
        said = {"brief": brief.id, "before": brief.revision_of}
        return _("Revision {brief} is cancelled; brief {before} stands as it is", **said)
    if not cost:
        return _("Brief {brief} is cancelled; nothing is charged", brief=brief.id)
    return _("Brief {brief} is cancelled; nothing is charged; {cost} went to models", brief=brief.id, cost=cost)


@router.subject("brief")
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show a brief (/brief_1042); to operators with the decision where one waits."""
    return await brief_card(who, request, services, request.subject)


@router.button("full")
async def full_text(who: Person, request: Request, services: Services) -> Card:
    """Send the draft as a file, or the finished text as its client chose."""
    brief, text = await services.intake.briefs.text(who, request.subject)
    if brief.state in UNFINISHED:
        return delivered_file(brief, services.drafting.file_of(brief, text), None)
    return await _finished(services, brief, text)


@router.button("fileas", place=Place.OWN, choices=FORMATS, instead=N_("/brief_{subject} leads to the file."))
async def file_as(who: Person, request: Request, services: Services) -> Card:
    """Send the finished text in the format of the button."""
    brief, text = await services.intake.briefs.text(who, request.subject)
    return await _finished(services, brief, text, FileFormat(request.choice))


async def _finished(services: Services, brief: Brief, text: str, wanted: FileFormat | None = None) -> Card:
    file = await services.drafting.finished_file(brief, text, wanted)
    return delivered_file(brief, file.document, file.prose, file.note)
