"""/kpis and /policies: key figures against their targets, and what breaks a rule; /auditpack: the week's evidence."""

from bot.access.model import Permission, Person
from bot.governance import cards
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Key figures against their targets", Permission.READ_REPORTS, example="/kpis quality 85",
                place=Place.PRIVATE, rank=155)  # fmt: skip
@router.button("kpis", edit=True, place=Place.PRIVATE)
async def kpis(who: Person, request: Request, services: Services) -> Card:
    """Show them; with a name and an amount, or off, behind the command, set a target."""
    name, _space, words = request.text.strip().partition(" ")
    if not name:
        return cards.kpis(await services.governance.verbs.kpis(who))
    if not words.strip():
        raise Refusal(_("Write the target behind the name, for example /kpis quality 85, or /kpis quality off."))
    return cards.target_set(await services.governance.verbs.set_target(who, name, words))


@router.command("Policies, and what breaks them", Permission.READ_REPORTS, example="/policies",
                place=Place.PRIVATE, rank=156)  # fmt: skip
@router.button("policies", edit=True, place=Place.PRIVATE)
async def policies(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Look at every policy now."""
    found = await services.governance.verbs.policies(who)
    return cards.policies(found, (await services.governance.verbs.look(who.tenant)).settings)


@router.command("The week's evidence as a PDF", Permission.GOVERN, example="/auditpack", place=Place.PRIVATE, rank=157)
@router.button("auditpack", place=Place.PRIVATE)
async def pack(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send the audit pack of the last seven days."""
    return await services.governance.packs.now(who)
