"""/terms: terms and privacy in words, as the settings make them."""

from urllib.parse import urlsplit

from bot.access.model import TENANT, Person
from bot.briefs.expected import in_words
from bot.kernel.card import Card
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from bot.tenants import terms_cards as cards
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Terms and privacy, in short", None, example="/terms", place=Place.PRIVATE, rank=107)
@router.button("terms", edit=True, place=Place.PRIVATE, choices=cards.TITLES, instead=N_("/terms shows them."))
async def terms(who: Person, request: Request, services: Services) -> Card:
    """Show a screen of them, the first one where none is named."""
    return cards.screen(request.choice or "order", await _facts(who, services))


@router.button("termsall", place=Place.PRIVATE)
async def whole(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send all of it."""
    return cards.whole(await _facts(who, services))


async def _facts(who: Person, services: Services) -> cards.Facts:
    """Those of the person's tenant; of the installation's own for somebody whom nobody invited."""
    tenant = who.tenant or TENANT
    settings = await services.tenants.over(services.settings, tenant)
    expected = await services.intake.quotes.expected(tenant)
    return cards.Facts(
        in_words(expected, services.database.clock.now()),
        settings.quote_days,
        settings.invoice_days,
        settings.retention_days,
        urlsplit(settings.openai_base_url).hostname or "",
        settings.notion_token is not None,
        settings.google_drive,
        settings.changes,
        settings.change_percent,
        settings.terms.replace("\\n", "\n"),
    )
