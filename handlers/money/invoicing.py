"""/invoice: an invoice by hand, for a client, with its lines; shown before the yes, and taken back until it goes out.

The state is the conversation's row: whom it is for, its lines, the currency, the due day. Its version counts the
changes, and each button carries the one that it was shown with.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.access.model import Permission, Person
from bot.invoices.model import InvoiceLine
from bot.kernel.card import Card, escape
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.manual_invoices import cards
from bot.manual_invoices.model import (
    DUE_OFFERED,
    Order,
    check_count,
    currency_in,
    in_currency,
    read_currency,
    read_due,
    read_lines,
)
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_words, words

router = Router()
DIALOG = "invoice"
CLIENT, LINES, DUE, CURRENCY = "invoice.client", "invoice.lines", "invoice.due", "invoice.currency"
INSTEAD = N_("/invoice goes on with what you wrote.")
OVER = N_("That invoice has changed since, or is sent. /invoice goes on, /invoices lists them.")
LARGEST = 2**30
Data = dict[str, Any]


@router.command(
    N_("Make an invoice by hand"), Permission.MAKE_INVOICES, example="/invoice Alice", place=Place.PRIVATE, rank=95
)
async def invoice(who: Person, request: Request, services: Services) -> Card:
    """Ask for the client, or take the one that is named; go on with what was begun."""
    who.require(Permission.MAKE_INVOICES)
    if request.text:
        return await client_given(who, request, services, {})
    begun = await conversations.of_dialog(who, request, services, DIALOG)
    if begun is not None and begun.data.get("client"):
        return await _show(who, request, services, dict(begun.data))
    await conversations.ask(who, request, services, CLIENT, {})
    return cards.ask_client()


@router.answer(CLIENT, short_words, cards.CLIENT_OPEN)
async def client_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:  # noqa: ARG001
    """Take the client of that name or number; of several, ask which."""
    found = await services.manual_invoices.called(who, request.text)
    if len(found) > 1:
        return cards.which_client(found)
    return await _for(who, request, services, found[0].id)


@router.button("hclient", place=Place.PRIVATE)
async def client_tapped(who: Person, request: Request, services: Services) -> Card:
    """Begin an invoice for the client of the button; the one that was begun for them goes on."""
    return await _for(who, request, services, request.subject)


async def _for(who: Person, request: Request, services: Services, client_id: int) -> Card:
    payer = await services.manual_invoices.payer(who, client_id)
    begun = await conversations.of_dialog(who, request, services, DIALOG)
    if begun is not None and begun.data.get("client") == client_id:
        return await _show(who, request, services, dict(begun.data))
    _check_free(begun)
    prices = await services.tenants.over(services.settings, who.tenant)
    data = _begun(payer.client, prices.currency)
    return await _show(who, request, services, data)


def _check_free(begun: Conversation | None) -> None:
    """Raise Refusal where lines of another invoice would be lost."""
    if begun is not None and begun.data.get("lines"):
        name = str(begun.data["name"])
        raise Refusal(
            _("You have begun an invoice for {name}. /invoice shows it: send it, or discard it first.", name=name)
        )


def _begun(client: Person, currency: str) -> Data:
    version = secrets.randbelow(LARGEST) + 1
    return {
        "key": secrets.token_hex(8),
        "version": version,
        "client": client.id,
        "name": client.name,
        "currency": currency,
        "lines": [],
        "due": None,
    }


@router.answer(LINES, words, cards.LINES_OPEN)
async def lines_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Add the lines that were written; a currency that the first of them names is the invoice's."""
    who.require(Permission.MAKE_INVOICES)
    currency = str(data["currency"])
    if not data["lines"]:
        currency = currency_in(request.text) or currency
    lines = (*_lines(data), *read_lines(request.text, currency))
    check_count(len(lines))
    return await _show(who, request, services, {**data, "currency": currency, "lines": _said(lines)}, changed=True)


@router.button("hpop", edit=True, place=Place.PRIVATE, instead=INSTEAD)
async def last_off(who: Person, request: Request, services: Services) -> Card:
    """Take the last line off."""
    data = await _data(who, request, services)
    return await _show(who, request, services, {**data, "lines": data["lines"][:-1]}, changed=True)


@router.button("hback", edit=True, place=Place.PRIVATE, instead=INSTEAD)
async def back(who: Person, request: Request, services: Services) -> Card:
    """Show the invoice as it is so far."""
    return await _show(who, request, services, await _data(who, request, services))


@router.button("hdueask", edit=True, place=Place.PRIVATE, instead=INSTEAD)
async def ask_due(who: Person, request: Request, services: Services) -> Card:
    """Ask when it is due."""
    data = await _data(who, request, services)
    await conversations.ask(who, request, services, DUE, data)
    return cards.ask_due(data["name"], _days(data, services), data["version"])


@router.button("hdue", edit=True, place=Place.PRIVATE, instead=INSTEAD)
async def due_tapped(who: Person, request: Request, services: Services) -> Card:
    """Keep the due day of the button: the subject is the days."""
    data = await _data(who, request, services)
    if request.subject not in DUE_OFFERED:
        raise Stale(_(OVER))
    return await _show(who, request, services, {**data, "due": request.subject}, changed=True)


@router.answer(DUE, short_words, cards.DUE_OPEN)
async def due_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the due day that was written."""
    who.require(Permission.MAKE_INVOICES)
    hours = await services.tenants.office_hours(who.tenant)
    days = read_due(request.text, services.database.clock.now(), hours)
    return await _show(who, request, services, {**data, "due": days}, changed=True)


@router.button("hcurask", edit=True, place=Place.PRIVATE, instead=INSTEAD)
async def ask_currency(who: Person, request: Request, services: Services) -> Card:
    """Ask for the currency."""
    data = await _data(who, request, services)
    await conversations.ask(who, request, services, CURRENCY, data)
    return cards.ask_currency(data["name"], data["currency"], data["version"])


@router.button(
    "hcur",
    edit=True,
    place=Place.PRIVATE,
    choices=tuple(code.lower() for code in cards.CURRENCIES_OFFERED),
    instead=INSTEAD,
)
async def currency_tapped(who: Person, request: Request, services: Services) -> Card:
    """Keep the currency of the button."""
    data = await _data(who, request, services)
    return await _in_currency(who, request, services, data, request.choice.upper())


@router.answer(CURRENCY, short_words, cards.CURRENCY_OPEN)
async def currency_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the currency that was written."""
    who.require(Permission.MAKE_INVOICES)
    return await _in_currency(who, request, services, data, read_currency(request.text))


async def _in_currency(
    who: Person, request: Request, services: Services, data: Mapping[str, Any], currency: str
) -> Card:
    lines = in_currency(_lines(data), currency)
    return await _show(who, request, services, {**data, "currency": currency, "lines": _said(lines)}, changed=True)


@router.button("hsend", edit=True, place=Place.PRIVATE, instead=INSTEAD)
async def send(who: Person, request: Request, services: Services) -> Card:
    """Make the invoice as it was shown: the message that showed it tells from now on what becomes of it."""
    data = await _data(who, request, services)
    order, key = _order(data, services), f"{data['key']}:{data['version']}"
    try:
        await services.manual_invoices.make(who, order, key, request.message_id)
    except (Forbidden, Stale):
        raise
    except Refusal as refusal:  # a popup has no room for why, and all that was written stands here
        kept = await _show(who, request, services, data)
        return replace(kept, text=f"{kept.text}\n\n{escape(str(refusal))}", toast=_("Not sent"))
    await conversations.end(who, request, services, DIALOG)
    return Card()


@router.button("hcancel", edit=True, place=Place.PRIVATE)
async def cancel(who: Person, request: Request, services: Services) -> Card:
    """Take an invoice back that did not go out yet."""
    taken = await services.manual_invoices.cancel(who, request.subject, request.version)
    return cards.made(taken.invoice, taken.lines, taken.client.name)


@router.button("hchange", place=Place.PRIVATE)
async def change(who: Person, request: Request, services: Services) -> Card:
    """Take an invoice back that did not go out yet, and go on with what it asks for; its yes makes another."""
    _check_free(await conversations.of_dialog(who, request, services, DIALOG))
    taken = await services.manual_invoices.cancel(who, request.subject, request.version)
    data = _begun(taken.client, taken.invoice.amount.currency)
    data |= {"lines": _said(tuple(taken.lines)), "due": taken.invoice.due_days}
    return await _show(who, request, services, data)


async def asked_again(who: Person, request: Request, services: Services, asked: Conversation) -> Card:
    """What waits, once more."""
    if asked.step == CLIENT:
        return cards.ask_client()
    return await _show(who, request, services, dict(asked.data))


async def _show(who: Person, request: Request, services: Services, data: Data, *, changed: bool = False) -> Card:
    """The invoice as it is so far, to which lines can be added; before the first, the question for them."""
    version = data["version"] + 1 if changed else data["version"]
    data = {**data, "version": version}
    payer = await services.manual_invoices.payer(who, data["client"])
    await conversations.ask(who, request, services, LINES, data)
    if not data["lines"]:
        return cards.ask_lines(payer, data["currency"], version)
    grace = services.settings.invoice_grace_minutes
    return cards.preview(_order(data, services), payer, _days(data, services), version, grace)


async def _data(who: Person, request: Request, services: Services) -> Data:
    """What was said so far, as the button's card shows it. Raises Forbidden, Stale."""
    who.require(Permission.MAKE_INVOICES)
    conversation = await conversations.of_dialog(who, request, services, DIALOG)
    if conversation is None or conversation.data.get("version") != request.version:
        raise Stale(_(OVER))
    return dict(conversation.data)


def _order(data: Mapping[str, Any], services: Services) -> Order:
    return Order(data["client"], _lines(data), _days(data, services))


def _days(data: Mapping[str, Any], services: Services) -> int:
    return services.settings.invoice_days if data["due"] is None else int(data["due"])


def _lines(data: Mapping[str, Any]) -> tuple[InvoiceLine, ...]:
    return tuple(InvoiceLine(what, n, Money(minor, data["currency"])) for what, n, minor in data["lines"])


def _said(lines: tuple[InvoiceLine, ...]) -> list[list[Any]]:
    return [[line.description, line.quantity, line.unit.minor] for line in lines]
