"""/ledger: what stands on the accounts, the entries, and taking one back."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.invoices.charges import CURRENCIES
from bot.kernel.card import Card
from bot.ledger import cards
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.paging import page
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from handlers.routing.waiting import short_block

router = Router()
REASON_STEP = "ledger.reason"
ALL_OR_ONE = ("", *sorted(currency.lower() for currency in CURRENCIES))


@router.command("What stands on the accounts", Permission.KEEP_LEDGER, example="/ledger", place=Place.PRIVATE, rank=127)
@router.button("ledger", edit=True, place=Place.PRIVATE, choices=ALL_OR_ONE)
async def ledger(who: Person, request: Request, services: Services) -> Card:
    """Show the trial balance of a currency: the first, or the one that was tapped."""
    return cards.standing(await services.ledger.books.standing(who), request.choice.upper())


@router.button("lentries", edit=True, place=Place.PRIVATE)
async def entries(who: Person, request: Request, services: Services) -> Card:
    """List the entries, newest first."""
    found, rows = await page(
        request, "lentries", lambda which: services.ledger.books.page(who, which), lambda entry: entry.id
    )
    return cards.entries(found, rows)


@router.subject("entry")
async def entry(who: Person, request: Request, services: Services) -> Card:
    """Show an entry (/entry_1042) with its lines."""
    return cards.details(await services.ledger.books.details(who, request.subject))


@router.button("lcsv", place=Place.PRIVATE)
async def as_file(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send the entries as a file."""
    return cards.as_file(await services.ledger.books.table(who))


@router.button("lfix", place=Place.PRIVATE, choices=("", cards.DATED))
async def ask_reason(who: Person, request: Request, services: Services) -> Card:
    """Ask why, before an entry is taken back."""
    found = await services.ledger.books.details(who, request.subject)
    if found.corrected_by is not None:
        return cards.details(found)
    await conversations.ask(
        who, request, services, REASON_STEP, {"entry": request.subject, "dated": request.choice == cards.DATED}
    )
    return cards.ask_reason(found)


@router.answer(REASON_STEP, short_block, cards.REASON_OPEN)
async def reason_given(who: Person, request: Request, services: Services, data: Mapping[str, Any]) -> Card:
    """Take the entry back."""
    dated = data.get("dated", False)  # questions of before lack it
    made = await services.ledger.books.correct(who, data["entry"], request.text, dated=dated)
    await conversations.end(who, request, services, "ledger")
    return cards.corrected(made)
