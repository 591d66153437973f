"""/security: what the last scan found weak, with what to do about it."""

from bot.access.model import Permission, Person
from bot.alerts import alert_cards
from bot.kernel.card import Button, Card, Lines
from bot.kernel.text.words import clock, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from jobs.catalog import BY_NAME
from jobs.schedule import operating

router = Router()
SHOWN = 10
SCAN = BY_NAME["security_scan"]


@router.command("Security findings, and how to fix them", Permission.MANAGE_PEOPLE, example="/security",
                place=Place.PRIVATE, rank=148)  # fmt: skip
@router.button("security", edit=True, place=Place.PRIVATE)
async def security(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List every finding that is still so, the worst first, and when packages were last looked up."""
    seen, now = await services.security.seen(who), services.database.clock.now()
    stands, _past, _others = await operating.one(who, services, SCAN)
    found = sorted(seen.found, key=lambda one: (one.severity.rank, one.id))
    lines = Lines(
        ngettext("Security · {n} to fix", "Security · {n} to fix", len(found))
        if found
        else _("Security · No weakness found")
    )
    for one in found[:SHOWN]:
        lines.add(alert_cards.in_one_line(one, now)).add(alert_cards.meaning(one))
    if len(found) > SHOWN:
        lines.add(ngettext("and {n} more: /alerts", "and {n} more: /alerts", len(found) - SHOWN))
    if stands.last is None or stands.last.finished_at is None:
        lines.add(_("No scan has finished yet."))
    else:
        lines.add(_("Scanned {time}.", time=moment(stands.last.finished_at)))
    if seen.checked is None:
        lines.add(_("Packages have never been checked against known vulnerabilities, so they may have some."))
    else:
        lines.add(_("Packages checked against known vulnerabilities: {time}.", time=moment(seen.checked)))
    buttons = (
        (Button(_("Scan now"), "jrun", choice=SCAN.name), Button(_("Refresh"), "security")),
        (Button(_("List of packages"), "sbom"),),
    )
    return Card(str(lines.add(_("As of {time}", time=clock(now)))), buttons)


@router.button("sbom", place=Place.PRIVATE)
async def materials(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Send the list of all packages, as programs read it."""
    document = await services.security.materials(who)
    return Card(_("All installed packages, as CycloneDX."), document=document)
