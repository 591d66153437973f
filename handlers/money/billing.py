"""Where invoices go: asked once, before the first yes, and changed by /billing.

The state is the conversation's row, in the person's private chat: what was said so far, and which briefs wait for it.
"""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.access.model import Permission, Person
from bot.briefs.cards import started
from bot.briefs.model import FEWEST_WORDS, State, check_move, check_own, check_version
from bot.invoices import payer_cards as cards
from bot.invoices.countries import codes, country_of, learn, suggested
from bot.invoices.model import Invoice
from bot.invoices.payer import (
    BillingDetails,
    Given,
    KeptDetails,
    address_of,
    email_of,
    is_email,
    is_skip,
    name_of,
    read_at_once,
    tax_id_of,
)
from bot.invoices.typed import addresses_in
from bot.kernel.card import Card, escape
from bot.kernel.errors import Refusal, Stale
from bot.kernel.text.storable import says_something
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.messages.service import Show, notify
from bot.messages.topics import Topic
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.conversations import Conversation
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import email_and_more, only_email, short_block, short_words

router = Router()
EMAIL, NAME, COUNTRY = "billing.email", "billing.name", "billing.country"
ADDRESS, TAX_ID = "billing.address", "billing.tax_id"
FIELDS = {EMAIL: "email", NAME: "name", COUNTRY: "country", ADDRESS: "address", TAX_ID: "tax_id"}
STEPS = {name: step for step, name in FIELDS.items()}  # by the names by which buttons carry them
WRITE = N_("Write the answer, or take /billing to start again.")
REMOVED = N_("Your billing details were removed meanwhile. /billing adds new ones.")
LARGEST_TURN = 2**30
OVER = N_("That question is over. /billing shows your details; to start a brief, tap [Yes, start] on its quote.")
Data = dict[str, Any]


async def yes(who: Person, request: Request, services: Services, brief_id: int, version: int) -> Card:
    """Start the brief, to which its client says yes, or first ask where its invoice goes."""
    kept = await services.billing.details.of(who)
    if kept is not None and kept.given is not Given.REMOVED:
        start = services.intake.briefs.start(who, brief_id, version, request.message_id, chat_id=request.chat_id)
        return Card(toast=started(await start))
    brief = check_own(who.id, await services.intake.briefs.get(who, brief_id))
    check_move(brief, State.QUEUED)
    check_version(brief, version)
    step, data = await _where(who, services)
    waiting = [start for start in data["starts"] if start[0] != brief_id]
    data["starts"] = [*waiting, [brief_id, version, request.message_id if brief.chat_id == request.chat_id else 0]]
    ask = await _question(who, request, services, step, data)
    if request.chat_id == who.telegram_id:
        return ask()
    await services.database.write(lambda tx: notify(tx, who, Topic.INVOICES, ask))
    return Card(toast=_("One question first: I asked it in our private chat"))


@router.command(
    N_("Where your invoices go"), Permission.SUBMIT_BRIEFS, example="/billing", place=Place.PRIVATE, rank=100
)
@router.button("billshow", edit=True)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show the details that are kept (/billing); words behind it are the answer to the first question."""
    if not request.text:
        return cards.overview(await services.billing.details.of(who))
    _step, data = await _where(who, services)
    await _wait(who, request, services, EMAIL, data)
    return await email_given(who, request, services, data)


@router.button("billchange")
async def change(who: Person, request: Request, services: Services) -> Card:
    """Ask it all anew; what is kept can be tapped."""
    _step, data = await _where(who, services)
    return await _ask(who, request, services, EMAIL, {**data, "said": {}})


@router.answer(EMAIL, email_and_more, cards.EMAIL_OPEN, claims=only_email)
async def email_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the e-mail, perhaps with a name and a country; ask for it once more where there is none."""
    if is_skip(request.text):
        may_skip = data["starts"] or await services.billing.details.awaited(who)
        if may_skip:
            return await skip(who, request, services)
        return await stop(who, request, services)
    try:
        answers = read_at_once(request.text)
    except Refusal as refusal:
        unread = {"text": request.text, "source_key": request.source_key}
        await _wait(who, request, services, EMAIL, {**data, "unread": unread})
        kept, may_skip = (
            await _details(who, services),
            bool(data["starts"] or await services.billing.details.awaited(who)),
        )
        may_be_brief = "@" not in request.text and len(request.text.split()) >= FEWEST_WORDS
        return cards.ask_email_again(
            str(refusal), kept.email, _turn(data), may_skip=may_skip, may_be_brief=may_be_brief
        )
    return await _said(who, request, services, data, answers)


async def unread(who: Person, services: Services) -> Mapping[str, str]:
    """Tell what the person wrote last where an e-mail was asked for."""
    return dict((await _data(who, services, EMAIL)).get("unread") or {})


@router.answer(NAME, short_words, cards.NAME_OPEN)
async def name_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the name; or the e-mail put right, with which the name may come."""
    if "@" in request.text and addresses_in(request.text):
        return await _said(who, request, services, data, read_at_once(request.text))
    return await _said(who, request, services, data, {"name": name_of(request.text)})


@router.answer(COUNTRY, short_words, cards.COUNTRY_OPEN)
async def country_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the country; or the e-mail put right."""
    if addresses_in(request.text):
        return await _said(who, request, services, data, read_at_once(request.text))
    return await _said(who, request, services, data, {"country": country_of(request.text)})


@router.answer(ADDRESS, short_block, cards.ADDRESS_OPEN)
async def address_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the address; or the e-mail put right."""
    if is_email(request.text):
        return await _email_anew(who, request, services, ADDRESS, data)
    address = None if is_skip(request.text) else address_of(request.text)
    return await _add(who, request, services, ADDRESS, data, address)


@router.answer(TAX_ID, short_words, cards.TAX_ID_OPEN)
async def tax_id_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Keep the tax id; or the e-mail put right."""
    if is_email(request.text):
        return await _email_anew(who, request, services, TAX_ID, data)
    tax_id = None if is_skip(request.text) else tax_id_of(request.text)
    return await _add(who, request, services, TAX_ID, data, tax_id)


async def _email_anew(who: Person, request: Request, services: Services, step: str, data: Mapping[str, Any]) -> Card:
    """An e-mail that is put right once all was kept; the question stays."""
    kept = await services.billing.details.of(who)
    if kept is None or kept.given is not Given.DETAILS:
        raise Stale(_(REMOVED))
    email = email_of(request.text)
    await services.billing.details.keep(who, replace(kept.details, email=email))
    card = await _ask(who, request, services, step, dict(data))
    return replace(card, text=f"{_('Invoices go to {address} now.', address=escape(email))}\n{card.text}")


@router.button("billland", edit=True)
async def country_tapped(who: Person, request: Request, services: Services) -> Card:
    """Keep the country of the button."""
    data = await _data(who, services, COUNTRY)
    code = cards.code_of(request.subject)
    if code not in codes():
        raise Stale(_(OVER))
    return await _said(who, request, services, data, {"country": code})


@router.button("billkeep", edit=True, choices=STEPS, instead=WRITE)
async def keep(who: Person, request: Request, services: Services) -> Card:
    """Answer the step with what the button shows: what is kept already, or the person's own name."""
    step = STEPS[request.choice]
    data = await _data(who, services, step)
    kept = await _details(who, services)
    if step in {ADDRESS, TAX_ID}:
        return await _add(who, request, services, step, data, None)
    value = getattr(kept, FIELDS[step]) or (_own_name(who) if step == NAME else "")
    if step == EMAIL:
        value = email_of(value)
    if not value:
        raise Stale(_(OVER))
    return await _said(who, request, services, data, {FIELDS[step]: value})


@router.button("billoff", edit=True, choices=STEPS, instead=WRITE)
async def leave_off(who: Person, request: Request, services: Services) -> Card:
    """Take the address, or the tax id, off."""
    step = STEPS[request.choice]
    data = await _data(who, services, step)
    if step not in {ADDRESS, TAX_ID}:
        raise Stale(_(OVER))
    return await _add(who, request, services, step, data, "")


@router.button("billmore")
async def add_more(who: Person, request: Request, services: Services) -> Card:
    """Ask for address and tax id, for those who want them on the invoice."""
    kept = await services.billing.details.of(who)
    if kept is None or kept.given is not Given.DETAILS:
        raise Stale(_("You have no billing details yet. /billing adds them."))
    return await _ask(who, request, services, ADDRESS, _anew())


@router.button("billskip", edit=True)
async def skip(who: Person, request: Request, services: Services) -> Card:
    """Go on without details, to be paid on Stripe's page; that is remembered, and what waits starts."""
    step, data = await _where(who, services)
    if request.subject and request.subject != _turn(data):
        raise Stale(_(OVER))
    awaited = await services.billing.details.awaited(who)
    if not awaited and (step in {ADDRESS, TAX_ID} or not data["starts"]):
        raise Stale(_(OVER))
    return await _start(who, request, services, data, await services.billing.details.skip(who), awaited)


@router.button("billstop", edit=True)
async def cancel(who: Person, request: Request, services: Services) -> Card:
    """Drop the question above the button, which may be an old one: a later question stays."""
    _step, data = await _where(who, services)
    if request.subject != _turn(data):
        raise Stale(_(OVER))
    return await stop(who, request, services)


async def stop(who: Person, request: Request, services: Services) -> Card:
    """End the questions without an answer; what waits for it stays a quote."""
    _step, data = await _where(who, services)
    words = _("Stopped. Nothing was changed.")
    if data["starts"]:
        quotes = cards.quoted(await _titles(who, services, data))
        words = _("Stopped. Nothing was changed. Not started, and waiting for your yes: {quotes}.", quotes=quotes)
    card = await conversations.stop(who, _private(who, request), services, words, "billing")
    if card is None:
        raise Stale(_(OVER))
    return card


async def asked_again(who: Person, request: Request, services: Services, asked: Conversation) -> Card:
    """The question that waits, once more."""
    return await _ask(who, request, services, asked.step, dict(asked.data))


@router.button("billremove", edit=True)
async def ask_removal(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before the details are forgotten."""
    return cards.ask_removal(await _unchanged(who, request, services))


@router.button("billremoveyes", edit=True)
async def remove(who: Person, request: Request, services: Services) -> Card:
    """Forget the details; the next yes asks anew."""
    await _unchanged(who, request, services)
    await services.billing.details.remove(who)
    return cards.removed()


async def _unchanged(who: Person, request: Request, services: Services) -> KeptDetails:
    kept = await services.billing.details.of(who)
    if kept is None or kept.version != request.version:
        raise Stale(_("Your billing details have changed. /billing shows them."))
    return kept


async def _said(
    who: Person, request: Request, services: Services, data: Mapping[str, Any], answers: Mapping[str, str]
) -> Card:
    """On to what is not said yet; once all is, it is kept, and what waits starts."""
    said = {**data["said"], **answers}
    following = next((step for step in (EMAIL, NAME, COUNTRY) if FIELDS[step] not in said), None)
    if following is not None:
        return await _ask(who, request, services, following, {**data, "said": said})
    before = await _details(who, services)
    awaited = await services.billing.details.awaited(who)
    kept = await services.billing.details.keep(who, replace(before, **said))
    return await _start(who, request, services, {**data}, kept, awaited)


async def _add(
    who: Person, request: Request, services: Services, step: str, data: Mapping[str, Any], value: str | None
) -> Card:
    """Keep the address or tax id (None: as it is), and go on."""
    kept = await services.billing.details.of(who)
    if kept is None or kept.given is not Given.DETAILS:
        raise Stale(_(REMOVED))
    if value is not None:
        kept = await services.billing.details.keep(who, replace(kept.details, **{FIELDS[step]: value}))
    if step == ADDRESS:
        return await _ask(who, request, services, TAX_ID, dict(data))
    await conversations.end(who, _private(who, request), services, "billing")
    return cards.overview(kept)


async def _start(
    who: Person, request: Request, services: Services, data: Data, kept: KeptDetails, awaited: Sequence[Invoice]
) -> Card:
    """Start what was said yes to, unless it is no longer what the person saw; nothing waits any more."""
    begun, stopped = [], []
    for brief_id, version, message_id in data["starts"]:
        try:
            brief = await services.intake.briefs.start(who, brief_id, version, message_id)
            begun += [] if brief.starts_at is not None else [brief.id]  # its own message says until when it waits
        except Refusal as refusal:
            stopped.append(str(refusal))
    await conversations.end(who, _private(who, request), services, "billing")
    return cards.saved(kept, begun, stopped, awaited)


async def _titles(who: Person, services: Services, data: Mapping[str, Any]) -> list[str]:
    """The titles of the quotes that wait for the answer."""
    return [(await services.intake.briefs.get(who, start[0])).title for start in data["starts"]]


async def _ask(who: Person, request: Request, services: Services, step: str, data: Data) -> Card:
    """The question, as the answer to whoever is asked."""
    return (await _question(who, request, services, step, data))()


async def _question(who: Person, request: Request, services: Services, step: str, data: Data) -> Show:
    await _wait(who, request, services, step, data)
    before = await _details(who, services)
    waiting = await _titles(who, services, data)
    may_skip = bool(waiting or await services.billing.details.awaited(who))
    match step:
        case "billing.email":
            return partial(cards.ask_email, waiting, before.email, _turn(data), may_skip=may_skip)
        case "billing.name":
            kept_name = before.name if says_something(before.name) else _own_name(who)
            return partial(cards.ask_name, data["said"]["email"], kept_name, _turn(data))
        case "billing.country":
            likely = suggested(request.language)
            offered = dict.fromkeys([before.country, *likely] if before.country else likely)
            return partial(cards.ask_country, data["said"]["name"], tuple(offered)[:4], _turn(data))
        case "billing.address":
            return partial(cards.ask_address, before.address, _turn(data))
    return partial(cards.ask_tax_id, before.tax_id, _turn(data))


async def _wait(who: Person, request: Request, services: Services, step: str, data: Data) -> None:
    await asyncio.to_thread(learn)  # the answer may name a country
    await conversations.ask(who, _private(who, request), services, step, data)


def _private(who: Person, request: Request) -> Request:
    """The questions are asked in the private chat, wherever the button was tapped."""
    return replace(request, chat_id=who.telegram_id, topic=0)


async def _details(who: Person, services: Services) -> BillingDetails:
    """What is kept, to be shown beside a question."""
    kept = await services.billing.details.of(who)
    return kept.details if kept is not None else BillingDetails(_own_name(who))


def _own_name(who: Person) -> str:
    """The person's name in Telegram; none where nobody can read it."""
    return who.name if says_something(who.name) and who.name != str(who.telegram_id) else ""


async def _waits(who: Person, services: Services) -> Conversation | None:
    return await conversations.of_dialog(who, Request(chat_id=who.telegram_id, message_id=0), services, "billing")


async def _where(who: Person, services: Services) -> tuple[str, Data]:
    """The step that waits and what was said so far; the first, with nothing said, where none of these does."""
    conversation = await _waits(who, services)
    if conversation is None:
        return EMAIL, _anew()
    return conversation.step, dict(conversation.data)


def _anew() -> Data:
    """Nothing said yet, under a number that tells this asking from those before it."""
    return {"said": {}, "starts": [], "turn": secrets.randbelow(LARGEST_TURN) + 1}


def _turn(data: Mapping[str, Any]) -> int:
    return int(data.get("turn", 0))


async def _data(who: Person, services: Services, step: str) -> Data:
    conversation = await _waits(who, services)
    if conversation is None or conversation.step != step:
        raise Stale(_(OVER))
    return dict(conversation.data)
