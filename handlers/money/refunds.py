"""/refund: which invoice, how much, why, and whom it is asked of.

The state is the conversation's row, in the person's private chat.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.refunds import cards
from bot.refunds.model import amount_in, check_amount
from bot.services import Services
from handlers.money.approvals import shown
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.paging import page
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import never, short_words, words

router = Router()
AMOUNT_STEP, REASON_STEP, PREVIEW_STEP = "refund.amount", "refund.reason", "refund.preview"
DIALOG = "refund"
LARGEST_TURN = 2**30
Data = Mapping[str, Any]


@router.command("Send a client's money back", Permission.REQUEST_REFUNDS, example="/refund 2031", place=Place.PRIVATE,
                rank=128)  # fmt: skip
@router.button("refunds", edit=True, place=Place.PRIVATE)
async def refund(who: Person, request: Request, services: Services) -> Card:
    """Begin a refund of the invoice that is named, or list the paid ones."""
    if request.text.strip():
        return await _begin(who, request, services, (await services.refunds.refunds.find(who, request.text)).id)
    found, rows = await page(
        request, "refunds", lambda which: services.refunds.refunds.page(who, which), lambda invoice: invoice.id
    )
    return cards.choose(found, await services.refunds.refunds.clients(who, found), rows)


@router.subject("refund")
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show a refund (/refund_1001) as it stands."""
    of = await services.refunds.refunds.get(who, request.subject)
    return cards.details(of, may=who.may(Permission.APPROVE_REFUNDS))


@router.button("refundof", place=Place.PRIVATE)
async def chosen(who: Person, request: Request, services: Services) -> Card:
    """Begin a refund of the invoice that was tapped."""
    return await _begin(who, request, services, request.subject)


async def _begin(who: Person, request: Request, services: Services, invoice_id: int) -> Card:
    of = await services.refunds.refunds.look(who, invoice_id)
    data = {"invoice": invoice_id, "number": of.invoice.number or str(invoice_id)}
    await conversations.ask(who, request, services, AMOUNT_STEP, data)
    return cards.ask_amount(of)


@router.answer(AMOUNT_STEP, short_words, cards.AMOUNT_OPEN)
async def amount_given(who: Person, request: Request, services: Services, data: Data) -> Card:
    """Keep the amount that was written."""
    of = await services.refunds.refunds.look(who, data["invoice"])
    return await _amount(who, request, services, data, of, amount_in(request.text, of.left))


@router.button("rfall", place=Place.PRIVATE)
async def everything(who: Person, request: Request, services: Services) -> Card:
    """Send back all that is left."""
    of = await services.refunds.refunds.look(who, request.subject)
    data = await _data(who, request, services)
    return await _amount(who, request, services, data, of, of.left)


async def _amount(
    who: Person, request: Request, services: Services, data: Data, of: cards.Refundable, amount: Money
) -> Card:
    """Keep the amount; then why, unless that is known already."""
    check_amount(amount, of.left)
    said = {**data, "said": {"minor": amount.minor, "currency": amount.currency}}
    if data.get("reason"):
        return await _preview(who, request, services, said, data["reason"])
    await conversations.ask(who, request, services, REASON_STEP, said)
    return cards.ask_reason(of, amount)


@router.answer(REASON_STEP, words, cards.REASON_OPEN)
async def reason_given(who: Person, request: Request, services: Services, data: Data) -> Card:
    """Keep the reason, and show what the refund would be."""
    return await _preview(who, request, services, data, request.text)


async def _preview(who: Person, request: Request, services: Services, data: Data, reason: str) -> Card:
    of = await services.refunds.refunds.preview(who, data["invoice"], _money(data), reason)
    turn = secrets.randbelow(LARGEST_TURN)
    await conversations.ask(who, request, services, PREVIEW_STEP, {**data, "reason": of.reason, "turn": turn})
    return cards.preview(of, turn)


@router.answer(PREVIEW_STEP, never, cards.PREVIEW_OPEN)
async def unanswered(who: Person, request: Request, services: Services, data: Data) -> Card:  # noqa: ARG001
    """Refuse words, since a preview is answered by its buttons alone."""
    raise Stale(_("Tap a button of the preview, or begin anew: /refund"))


@router.button("rfamount", edit=True, place=Place.PRIVATE)
async def change_amount(who: Person, request: Request, services: Services) -> Card:
    """Ask for another amount; the reason is kept."""
    data = await _data(who, request, services, request.version)
    of = await services.refunds.refunds.look(who, data["invoice"])
    await conversations.ask(who, request, services, AMOUNT_STEP, dict(data))
    return cards.ask_amount(of)


@router.button("rfask", edit=True, place=Place.PRIVATE)
async def ask_for_it(who: Person, request: Request, services: Services) -> Card:
    """Ask others to approve what the preview shows, which from now on shows where that stands; a tap that is dealt
    with once more shows it again.
    """
    key = f"chat:{who.id}:{request.version}"
    asked = await services.refunds.refunds.asked(who, key)
    if asked is None:
        data = await _data(who, request, services, request.version)
        said = (data["invoice"], _money(data), data["reason"])
        here = request.message_id if request.chat_id == who.telegram_id else 0
        asked = await services.refunds.refunds.request(who, *said, key, here)
    waits = await conversations.of_dialog(who, request, services, DIALOG)
    if waits is not None and waits.data.get("turn") == request.version:  # else another one was begun since
        await conversations.end(who, request, services, DIALOG)
    return await shown(who, asked.approval, services)


@router.button("rfdrop", edit=True, place=Place.PRIVATE)
async def discard(who: Person, request: Request, services: Services) -> Card:
    """Ask nobody; a card of another invoice than the one that waits ends nothing."""
    who.require(Permission.REQUEST_REFUNDS)
    waits = await conversations.of_dialog(who, request, services, DIALOG)
    if waits is None or waits.data["invoice"] != request.subject:
        return conversations.over()
    words = _("The refund was discarded. Nobody was asked for anything.")
    return await conversations.stop(who, request, services, words, DIALOG) or conversations.over()


async def asked_again(who: Person, request: Request, services: Services, asked: Conversation) -> Card:
    """What waits, once more."""
    if asked.step == PREVIEW_STEP:
        return await _preview(who, request, services, asked.data, asked.data["reason"])
    of = await services.refunds.refunds.look(who, asked.data["invoice"])
    return cards.ask_reason(of, _money(asked.data)) if asked.step == REASON_STEP else cards.ask_amount(of)


@router.button("rfagain", place=Place.PRIVATE)
async def ask_stripe_again(who: Person, request: Request, services: Services) -> Card:
    """Have Stripe asked once more what became of a refund."""
    return cards.asked_again(await services.refunds.refunds.ask_again(who, request.subject, request.version))


async def _data(who: Person, request: Request, services: Services, turn: int | None = None) -> Data:
    """What was said so far of the refund of that invoice; raises Stale where it is over, or another preview's."""
    who.require(Permission.REQUEST_REFUNDS)
    waits = await conversations.of_dialog(who, request, services, DIALOG)
    if waits is None or waits.data["invoice"] != request.subject or turn not in {None, waits.data.get("turn")}:
        raise Stale(_("That is over. Begin anew: /refund"))
    return waits.data


def _money(data: Data) -> Money:
    said = data.get("said")
    if said is None:
        raise Refusal(_("That is over. Begin anew: /refund"))
    return Money(said["minor"], said["currency"])
