"""/backups and /drill: how it stands with backups; and what an admin decides after one was put back."""

from bot.access.model import Permission, Person
from bot.backups import cards
from bot.backups.model import Kind, Waiting
from bot.backups.service import require
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router
from jobs.catalog import BY_NAME
from jobs.schedule import operating

router = Router()
ANEW = N_("/backups shows how it stands.")


@router.command("Backups, and when they were last checked", Permission.KEEP_BACKUPS, example="/backups",
                place=Place.PRIVATE, rank=146)  # fmt: skip
@router.button("backups", edit=True, place=Place.PRIVATE)
async def backups(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List the newest backups below what is not as it should be."""
    standing, found = await services.backups.backups.listed(who)
    held = await services.backups.holding.held(who)
    return cards.listing(standing, found, services.database.clock.now(), held)


@router.command("The last restore drill, and a new one", Permission.KEEP_BACKUPS, example="/drill", place=Place.PRIVATE,
                rank=147)  # fmt: skip
async def drill(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Show how the last drill went."""
    standing, __ = await services.backups.backups.listed(who)
    return cards.last_drill(standing, services.database.clock.now())


@router.button("bnow", place=Place.PRIVATE)
async def back_up(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Make a backup now."""
    require(who)
    await operating.run(who, services, BY_NAME["backup"])
    return Card(toast=_("A backup is being made; /backups will show it"))


@router.button("dnow", place=Place.PRIVATE)
async def run_drill(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001
    """Run a drill now; its card says how it went."""
    await services.backups.backups.require_any(who)
    await operating.run(who, services, BY_NAME["dr_drill"])
    return Card(toast=_("The drill is running; you will be told the result"))


@router.button("restore", edit=True, place=Place.PRIVATE)
async def restored(who: Person, request: Request, services: Services) -> Card:
    """Show what waits for a decision since a backup was put back."""
    restore, waits = await services.backups.holding.look(who, request.subject)
    return cards.restored(restore, waits, services.database.clock.now())


@router.button("rsend", choices=list(Kind), place=Place.PRIVATE, instead=ANEW)
async def send(who: Person, request: Request, services: Services) -> Card:
    """Have what waits of a kind go out."""
    await services.backups.holding.send(who, request.subject, Kind(request.choice))
    return Card(toast=_("They are being sent"))


@router.button("rrest", place=Place.PRIVATE)
async def send_the_rest(who: Person, request: Request, services: Services) -> Card:
    """Have the kinds of which nothing waits go out from now on."""
    await services.backups.holding.rest(who, request.subject)
    return Card(toast=_("They are sent from now on"))


@router.button("rdrop", edit=True, choices=list(Kind), place=Place.PRIVATE, instead=ANEW)
async def ask_drop(who: Person, request: Request, services: Services) -> Card:
    """Ask whether what waits of a kind is to be dropped."""
    restore, waits = await services.backups.holding.look(who, request.subject)
    nothing = Waiting(Kind(request.choice), 0, request.version, restore.restored_at)
    return cards.sure_to_drop(restore, next((one for one in waits if one.kind == request.choice), nothing))


@router.button("rdropyes", choices=list(Kind), place=Place.PRIVATE, instead=ANEW)
async def drop(who: Person, request: Request, services: Services) -> Card:
    """Drop what waited of a kind when the card was shown."""
    number = await services.backups.holding.drop(who, request.subject, Kind(request.choice), request.version)
    return Card(toast=_("Discarded: {n}", n=number))
