"""A message that is no order, or not surely one: it is answered, asked about or sent to the team, and never quoted."""

from contextlib import suppress
from dataclasses import replace

from bot.access.model import Person
from bot.billing import cards as billing_cards
from bot.briefs.material import Submission, guess_type
from bot.briefs.model import FEWEST_WORDS
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.text.storable import says_something
from bot.kernel.translation import gettext_noop as N_
from bot.remarks import cards
from bot.remarks.kinds import About, Purpose, told_apart
from bot.remarks.model import Meant, Remark, Sent
from bot.services import Services
from bot.support.model import LONGEST_WORDS
from bot.support.model import Sent as File
from handlers.briefs.cards import brief_card
from handlers.intake import open_facts
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.update import message_of
from handlers.support import support

router = Router()
AGAIN = N_("Write it once more; /briefs shows what you ordered.")
SOUNDS = frozenset({"voice", "audio"})
# The first buttons under messages that show a brief.
_ACTIONS = """
start cancel full rate rateagain ratestop more types quote replay take giveback approve retry restart
"""
OF_A_BRIEF = frozenset(_ACTIONS.split())


async def instead(who: Person, request: Request, services: Services) -> Card | None:
    """Answer a message that is not surely an order; None where it is one."""
    if request.file is not None and request.file.kind in SOUNDS:
        return None
    verbs = services.remarks
    sent = _sent(request)
    answered = await verbs.answered(who, sent) if request.replied_id else None
    told = _told(request, answered)
    too_short = told.kind is Purpose.UNSURE and answered is None and _too_short(request)
    if told.kind is Purpose.ORDER or (too_short and not says_something(request.text)):
        return None
    sent = await _with_file(who, request, services, sent)
    meant = await verbs.meant(who, told, answered)
    remark = await verbs.keep(who, sent, told, meant)
    if too_short:
        return cards.too_little(remark)
    if told.kind in {Purpose.THANKS, Purpose.CHAT}:
        return cards.thanks(remark) if told.kind is Purpose.THANKS else cards.chat(remark)
    if told.kind is Purpose.UNSURE:
        return cards.unsure(remark, meant)
    shown = await _shown(who, request, services, remark, meant)
    if told.kind is Purpose.REFUND:
        await _send(who, services, remark, meant)
        return cards.with_team(remark, meant, shown)
    return cards.nothing_found(remark, meant) if shown is None else cards.about(remark, meant, shown)


@router.button("remark", edit=True, place=Place.PRIVATE, choices=cards.CHOICES, instead=AGAIN)
async def chosen(who: Person, request: Request, services: Services) -> Card:
    """Deal with the message as what its writer says it is."""
    verbs = services.remarks
    remark = await verbs.own(who, request.subject)
    if request.choice == cards.ORDER:
        return await _ordered(who, request, services, remark)
    meant = await verbs.of(who, remark)
    if request.choice == cards.TEAM:
        await _send(who, services, remark, meant)
        return cards.with_team(remark, Meant())
    shown = await _shown(who, request, services, remark, meant)
    return cards.nothing_found(remark, meant) if shown is None else cards.about(remark, meant, shown)


async def spoken(who: Person, services: Services, sent: Sent) -> Card:
    """Send what was said to the team; said again in other words, since the speaker put them right, it follows there."""
    verbs, told = services.remarks, told_apart(sent.text)
    meant = await verbs.meant(who, told, None)
    remark = await verbs.keep(who, sent, told, meant)
    words = sent.text if len(sent.text) <= LONGEST_WORDS else f"{sent.text[: LONGEST_WORDS - 1]}…"
    if not await services.support.threads.reword(who, _spoken(remark), words):
        await _send(who, services, replace(remark, text=words), meant, key=_spoken(remark))
    return cards.with_team(remark, meant)


def _spoken(remark: Remark) -> str:
    """The key of what was said, which an edit of what stands under the recording leaves as it is."""
    return f"{remark.source_key}:said"


async def _send(who: Person, services: Services, remark: Remark, meant: Meant, *, key: str = "") -> None:
    """Have it stand in a thread with the team, with every file that came with it; twice, it is there once."""
    open_thread, about = services.support.threads.open, _about(who, meant)
    files = [(file_key, File(*message_of(file_key), name)) for file_key, name in remark.files.items()]
    first = files[0][1] if files else None
    await open_thread(who, remark.text, file=first, key=key or remark.source_key, may_answer=False, **about)
    for file_key, file in files[1:]:
        await open_thread(who, "", file=file, key=file_key, may_answer=False, **about)


def _about(who: Person, meant: Meant) -> dict[str, int | None]:
    """What the thread is about: what is meant, where that is their own."""
    if meant.invoice is not None and meant.invoice.client_id == who.id:
        return {"invoice_id": meant.invoice.id}
    if meant.brief is not None and meant.brief.client_id == who.id:
        return {"brief_id": meant.brief.id}
    return {}


async def _ordered(who: Person, request: Request, services: Services, remark: Remark) -> Card:
    """The quote; tapped twice, it is the same one. Where the team has it, it waits for no answer any more."""
    submission = Submission(remark.text, guess_type(remark.text), files=tuple(remark.files))
    brief = await services.intake.briefs.submit(who, remark.chat_id, remark.source_key, submission, topic=remark.topic)
    await services.support.threads.withdraw(who, [remark.source_key, _spoken(remark), *remark.files])
    return await open_facts.quoted(who, request, services, brief)


def _sent(request: Request) -> Sent:
    tap = request.replied
    about_invoice = tap is not None and tap.action == "write" and tap.choice == "invoice"
    return Sent(
        request.chat_id,
        request.topic,
        request.source_key,
        request.words,
        answers=request.replied_id,
        names=tap.subject if tap is not None and tap.action in OF_A_BRIEF else 0,
        names_invoice=tap.subject if tap is not None and about_invoice else 0,
    )


def _told(request: Request, answered: Meant | None) -> About:
    """What it is about, by its words, what came with it, and what it answers."""
    told = told_apart(request.text, answers=answered is not None)
    if request.file is not None:
        return replace(told, kind=_beside_file(request, told, answered))
    if request.forwarded_from and told.kind is not Purpose.ORDER:
        return replace(told, kind=Purpose.UNSURE)  # they are another's words
    if answered is not None and told.kind in {Purpose.UNSURE, Purpose.CHAT}:
        plain = told_apart(request.text).kind
        return replace(told, kind=Purpose.UNSURE if plain is Purpose.ORDER else Purpose.QUESTION)
    return told


def _beside_file(request: Request, told: About, answered: Meant | None) -> Purpose:
    """A file is material for an order, unless the words beside it plainly say something else."""
    assert request.file is not None
    if request.forwarded_from or not request.text.strip():
        return Purpose.ORDER
    named = bool(told.brief or told.invoice) or answered is not None
    if told.kind is Purpose.QUESTION and not named and request.file.kind != "image":
        return Purpose.UNSURE
    if told.kind is Purpose.THANKS:
        return Purpose.UNSURE  # somebody is to look at the file
    plain = told.kind in {Purpose.REFUND, Purpose.QUESTION} or (told.kind is Purpose.CHANGE and named)
    return told.kind if plain else Purpose.ORDER


def _too_short(request: Request) -> bool:
    return sum(any(map(str.isalnum, word)) for word in request.text.split()) < FEWEST_WORDS


async def _with_file(who: Person, request: Request, services: Services, sent: Sent) -> Sent:
    """The same with the file, which the team gets also where it cannot be read for an order."""
    if request.file is None:
        return sent
    await _attach(who, request, services)
    return replace(sent, files={request.file_key: request.file.name})


async def _attach(who: Person, request: Request, services: Services) -> None:
    """Keep what can be read of the file, for an order that may be made of it."""
    assert request.file is not None
    with suppress(Refusal):
        await services.intake.materials.attach(who, request.file_key, request.file)


async def more_of_album(who: Person, request: Request, services: Services) -> bool:
    """Let a later file of an album go where its first one went: to the team, to a client, or to what is asked about.

    False where it went to none of them.
    """
    if request.file is None or not request.later_of_album:
        return False
    kept = await services.remarks.add_file(who, request.source_key, request.file_key, request.file.name)
    if kept:
        await _attach(who, request, services)
    return await support.more_of_album(who, request, services) or kept


async def _shown(who: Person, request: Request, services: Services, remark: Remark, meant: Meant) -> Card | None:
    """The invoice or the brief that is meant."""
    if meant.invoice is not None:
        if await services.billing.invoices.settlement.fresh_links([meant.invoice]):
            meant = await services.remarks.of(who, remark)
        assert meant.invoice is not None
        return billing_cards.invoice_card(meant.invoice, meant.title)
    if meant.brief is None:
        return None
    return replace(await brief_card(who, request, services, meant.brief.id), slot="")
