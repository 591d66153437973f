"""A message that is no order, or not surely one: it is answered or asked about, and never quoted."""

from dataclasses import replace

from bot.access.model import Person
from bot.billing import cards as billing_cards
from bot.briefs.material import Submission, forwarded, guess_type
from bot.briefs.model import FEWEST_WORDS
from bot.intake import remark_cards as cards
from bot.intake.kinds import About, Kind, told_apart
from bot.intake.remark import Meant, Remark, Sent
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.briefs.cards import brief_card, quote
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
AGAIN = N_("Write it once more; /briefs shows what you ordered.")
SOUNDS = frozenset({"voice", "audio"})
# The first buttons under messages that show a brief.
_ACTIONS = """
start cancel full rate rateagain ratestop more types quote replay take giveback approve retry restart
"""
OF_A_BRIEF = frozenset(_ACTIONS.split())


async def instead(who: Person, request: Request, services: Services) -> Card | None:
    """What is answered to a message that is not surely an order; None where it is one."""
    if request.file is not None and request.file.kind in SOUNDS:
        return None
    verbs = services.intake.remarks
    sent = _sent(request)
    answered = await verbs.answered(who, sent) if request.replied_id else None
    told = _told(request, answered)
    if told.kind is Kind.ORDER or (told.kind is Kind.UNSURE and answered is None and _too_short(request)):
        return None
    if told.kind in {Kind.THANKS, Kind.CHAT}:
        return cards.thanks() if told.kind is Kind.THANKS else cards.chat()
    if request.later_of_album:
        return Card()
    sent = await _with_file(who, request, services, sent)
    meant = await verbs.meant(who, told, answered)
    remark = await verbs.keep(who, sent, told, meant, tell=told.kind is Kind.REFUND)
    if told.kind is Kind.UNSURE:
        return cards.unsure(remark, meant)
    shown = await _shown(who, request, services, remark, meant)
    if told.kind is Kind.REFUND:
        return cards.with_team(remark, meant, shown)
    return cards.nothing_found(remark, meant) if shown is None else cards.about(remark, meant, shown)


@router.button("remark", edit=True, place=Place.PRIVATE, choices=cards.CHOICES, instead=AGAIN)
async def chosen(who: Person, request: Request, services: Services) -> Card:
    """Its writer said what it is."""
    verbs = services.intake.remarks
    if request.choice == cards.TEAM:
        return cards.with_team(await verbs.tell(who, request.subject), Meant())
    remark = await verbs.own(who, request.subject)
    if request.choice == cards.ORDER:
        return await _ordered(who, services, remark)
    meant = await verbs.of(who, remark)
    shown = await _shown(who, request, services, remark, meant)
    return cards.nothing_found(remark, meant) if shown is None else cards.about(remark, meant, shown)


async def for_team(who: Person, services: Services, sent: Sent) -> Card:
    """Have the team told of what somebody says is for them."""
    verbs, told = services.intake.remarks, told_apart(sent.text)
    meant = await verbs.meant(who, told, None)
    return cards.with_team(await verbs.keep(who, sent, told, meant, tell=True), meant)


async def _ordered(who: Person, services: Services, remark: Remark) -> Card:
    """The quote; tapped twice, it is the same one."""
    files = (remark.file_key,) if remark.file_key else ()
    submission = Submission(remark.text, guess_type(remark.text), files=files)
    brief = await services.intake.briefs.submit(who, remark.chat_id, remark.source_key, submission, topic=remark.topic)
    return await quote(services, brief)


def _sent(request: Request) -> Sent:
    tap = request.replied
    return Sent(
        request.chat_id,
        request.topic,
        request.source_key,
        forwarded(request.text, request.forwarded_from),
        answers=request.replied_id,
        names=tap.subject if tap is not None and tap.action in OF_A_BRIEF else 0,
    )


def _told(request: Request, answered: Meant | None) -> About:
    """What it is about, by its words, what came with it, and what it answers."""
    told = told_apart(request.text, answers=answered is not None)
    if request.file is not None:
        return replace(told, kind=_beside_file(request, told, answered))
    if request.forwarded_from and told.kind is not Kind.ORDER:
        return replace(told, kind=Kind.UNSURE)  # they are another's words
    if answered is not None and told.kind in {Kind.UNSURE, Kind.CHAT}:
        plain = told_apart(request.text).kind
        return replace(told, kind=Kind.UNSURE if plain is Kind.ORDER else Kind.QUESTION)
    return told


def _beside_file(request: Request, told: About, answered: Meant | None) -> Kind:
    """A file is material for an order, unless the words beside it plainly say something else."""
    assert request.file is not None
    if request.forwarded_from or not request.text.strip():
        return Kind.ORDER
    named = bool(told.brief or told.invoice) or answered is not None
    if told.kind is Kind.QUESTION and not named and request.file.kind != "image":
        return Kind.UNSURE
    plain = told.kind in {Kind.REFUND, Kind.THANKS, Kind.QUESTION} or (told.kind is Kind.CHANGE and named)
    return told.kind if plain else Kind.ORDER


def _too_short(request: Request) -> bool:
    return sum(any(map(str.isalnum, word)) for word in request.text.split()) < FEWEST_WORDS


async def _with_file(who: Person, request: Request, services: Services, sent: Sent) -> Sent:
    """The same with the file, if it can be read: what is written beside it counts in any case."""
    if request.file is None:
        return sent
    try:
        await services.intake.materials.attach(who, request.file_key, request.file)
    except Refusal:
        return sent
    return replace(sent, file_key=request.file_key)


async def _shown(who: Person, request: Request, services: Services, remark: Remark, meant: Meant) -> Card | None:
    """The invoice or the brief that is meant."""
    if meant.invoice is not None:
        if await services.billing.invoices.settlement.fresh_links([meant.invoice]):
            meant = await services.intake.remarks.of(who, remark)
        assert meant.invoice is not None
        return billing_cards.invoice_card(meant.invoice, meant.title)
    if meant.brief is None:
        return None
    return replace(await brief_card(who, request, services, meant.brief.id), slot="")
