"""/clients: what each has under way, owes, ordered last, and how satisfied they are; and a card of each."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.finance import pictures
from bot.finance.figures import View
from bot.finance.model import Part, Period
from bot.kernel.card import Card
from bot.kernel.text.fitting import plain
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.reports import client_cards as cards
from bot.services import Services
from handlers.routing.paging import asked, page, shown
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
LONGEST_BELOW_A_PICTURE = 900  # characters, with some to spare: https://core.telegram.org/bots/api#sendphoto


@router.command("Clients: open briefs, debts, last orders, stars", Permission.SEE_ALL, example="/clients", rank=125)
@router.button("clients", edit=True)
async def clients(who: Person, request: Request, services: Services) -> Card:
    """List the clients, newest first; above the first page is what the month's revenue came from."""
    found, beside = await page(
        request, "clients", lambda which: services.reports.clients.page(who, which), lambda view: view.person.id
    )
    card = cards.listing(found, beside)
    if request.subject or not found or len(plain(card.text)) > LONGEST_BELOW_A_PICTURE:
        return card
    by_client = await services.finance.figures.report(who, View(Period.MONTH, part=Part.CLIENT))
    return await services.finance.charts.above(card, pictures.report(by_client), "clients")


@router.subject("client")
@router.button("client", edit=True)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show a client (/client_1003), and what can be done from there."""
    return cards.client(await services.reports.clients.one(who, request.subject), who)


@router.button("cinvoices", edit=True)
async def invoices(who: Person, request: Request, services: Services) -> Card:
    """List a client's invoices. The button's version is the client, since its number says which page."""
    person, rows = await services.reports.clients.invoices(who, request.version, asked(request))
    found, beside = shown(request, "cinvoices", rows, lambda one: one.invoice.id)
    beside = tuple(tuple(replace(button, version=person.id) for button in row) for row in beside)
    return cards.invoices(person, found, beside)


@router.button("ctarget", edit=True)
async def ask_target(who: Person, request: Request, services: Services) -> Card:
    """Ask which score the client's drafts must reach."""
    who.require(Permission.SET_TARGETS)
    return cards.ask_target(await services.reports.clients.one(who, request.subject))


@router.button(
    "ctargetset", edit=True, choices=cards.CHOICES, instead=N_("/client_{subject} shows what can be changed.")
)
async def set_target(who: Person, request: Request, services: Services) -> Card:
    """Set that score, or have that of each type count again."""
    points = None if request.choice == cards.NONE else int(request.choice)
    client = await services.people.joining.set_target_of(who, request.subject, points)
    card = cards.client(await services.reports.clients.one(who, request.subject), who)
    said = _("{name}'s new briefs go by their types", name=client.name)
    if points is not None:
        said = _("Minimum score for {name}'s new briefs: {points}", name=client.name, points=points)
    return replace(card, toast=said[:200])
