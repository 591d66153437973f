"""/dashboard and /sessions: how somebody signs in to the pages, and where they are signed in."""

from dataclasses import replace

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.services import Services
from bot.sessions import cards
from handlers.routing.paging import asked, shown
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()


@router.command("Open the dashboard", Permission.USE, example="/dashboard", place=Place.PRIVATE, rank=112)
async def dashboard(who: Person, request: Request, services: Services) -> Card:
    """Give a link to sign in by; with "key" behind it, a key."""
    words, address = request.text.strip().lower(), services.settings.pages_url
    if words == "key":
        return cards.key(await services.sessions.key(who), f"{address}/sign-in")
    if words:
        raise Refusal(_("Write /dashboard for a link to sign in by, or /dashboard key for a key."))
    code = await services.sessions.link(who)
    inside = f"{address}/telegram" if address.startswith("https:") else ""
    return cards.link(f"{address}/sign-in/{code}", inside)


@router.command("Where you are signed in", Permission.USE, example="/sessions", place=Place.PRIVATE, rank=113)
@router.button("sessions", edit=True, place=Place.PRIVATE)
async def sessions(who: Person, request: Request, services: Services) -> Card:
    """List the person's sessions, newest first."""
    of = await services.sessions.all_of(who, asked(request))
    page, beside = shown(request, "sessions", of.sessions, lambda one: one.id)
    return cards.standing(of.showing(page), services.database.clock.now(), beside)


async def _left(who: Person, request: Request, services: Services, toast: str) -> Card:
    """The first page of what is left."""
    return replace(await sessions(who, replace(request, subject=0), services), toast=toast)


@router.button("sessionend", edit=True, place=Place.PRIVATE)
async def end(who: Person, request: Request, services: Services) -> Card:
    """End one of them."""
    ended = await services.sessions.end(who, request.subject)
    words = _("Session {id} is ended", id=request.subject) if ended else _("That session is over already")
    return await _left(who, request, services, words)


@router.button("sessionsend", edit=True, place=Place.PRIVATE)
async def end_all(who: Person, request: Request, services: Services) -> Card:
    """End all of them."""
    await services.sessions.end_all(who)
    return await _left(who, request, services, _("You are signed in nowhere any more"))


@router.button("keyend", edit=True, place=Place.PRIVATE)
async def end_key(who: Person, request: Request, services: Services) -> Card:
    """End the person's key."""
    ended = await services.sessions.drop_key(who)
    words = _("The key no longer works") if ended else _("You have no key")
    return await _left(who, request, services, words)
