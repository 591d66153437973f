"""/find: briefs, clients and invoices by their words and numbers, each person within what they may see."""

from dataclasses import dataclass, replace

from bot.access.model import Permission, Person
from bot.billing import cards as cards_of_invoices
from bot.briefs import cards
from bot.briefs.model import Brief
from bot.invoices.model import Invoice
from bot.kernel.card import Button, Card, Lines, escape
from bot.kernel.errors import Refusal
from bot.services import Services
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router
from storage.billing import invoices as billing
from storage.briefs import briefs as brief_rows
from storage.core import search
from storage.engine.connection import Connection
from storage.engine.pages import Page

router = Router()
HEAD = "Find: "
BESIDE = Page(limit=3)  # clients and invoices above the briefs


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and the invoices of the briefs. Clients and invoices stand on the first page only."""

    briefs: list[Brief]
    invoiced: dict[int, Invoice]
    buttons: tuple[tuple[Button, ...], ...]
    clients: dict[int, str]
    invoices: list[Invoice]


@router.command("Search by words, names and numbers", Permission.USE, example="/find solar lamp", rank=50)
async def find(who: Person, request: Request, services: Services) -> Card:
    """/find words: ten briefs a page, newest first."""
    words = search.words_of(request.text)
    if not words:
        raise Refusal(
            "Write what to look for behind it, for example: /find solar lamp. The beginning of a word will do."
        )
    own = None
    if not who.may(Permission.SEE_ALL):
        who.require(Permission.SEE_OWN)
        own = who.id
    found = await services.database.snapshot(lambda connection: _find(connection, who.tenant, words, request, own))
    now = services.database.clock.now()
    listed = cards.listing(f"{HEAD}{' '.join(words)}", found.briefs, found.invoiced, found.buttons, now)
    beside = [f"Client {escape(name)}" for name in found.clients.values()]
    beside += [cards_of_invoices.found(invoice) for invoice in found.invoices]
    if not found.briefs and not beside:
        return Card(str(Lines(f"{HEAD}{' '.join(words)}").add("Nothing found. Try fewer words, or their beginnings.")))
    head, _, rest = listed.text.partition("\n")
    return Card("\n".join(filter(None, [head, *beside, rest])), listed.rows)


@router.button("find", edit=True)
async def turn(who: Person, request: Request, services: Services) -> Card:
    """Another page of what the tapped message shows: its first line has the words."""
    words = request.shown.partition("\n")[0].removeprefix(HEAD)
    return await find(who, replace(request, text=words), services)


async def _find(connection: Connection, tenant: str, words: list[str], request: Request, own: int | None) -> Found:
    numbers = [int(word) for word in words if word.isdecimal() and len(word) < 16]

    async def briefs(which: Page) -> list[Brief]:
        ids = await search.find(connection, tenant, search.BRIEF, words, which, own)
        if which.before is None and which.after is None and len(words) == 1:
            ids += numbers
        return await brief_rows.by_ids(connection, tenant, ids, own)

    rows, buttons = await page(request, "find", briefs, lambda brief: brief.id)
    invoiced = await billing.invoices_of(connection, tenant, [brief.id for brief in rows])
    clients: dict[int, str] = {}
    invoices: list[Invoice] = []
    if not request.subject:
        ids = await search.find(connection, tenant, search.INVOICE, words, BESIDE, own)
        invoices = await billing.invoices_by_ids(connection, tenant, ids, own)
        if own is None:
            people = await search.find(connection, tenant, search.PERSON, words, BESIDE)
            clients = await brief_rows.client_names(connection, tenant, people)
    return Found(list(rows), invoiced, buttons, clients, invoices)
