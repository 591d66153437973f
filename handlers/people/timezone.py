"""/timezone: the zone that a person's times are shown in, by IANA's name, a city, a country, or a shared location."""

from collections.abc import Mapping
from typing import Any

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import reading_as
from bot.people import own_cards
from bot.services import Services
from handlers.routing import conversations
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button
from handlers.routing.waiting import short_words

router = Router()
CITY = "timezone.city"
LONGEST_PLACE = 5  # words: "Saint Vincent and the Grenadines"
OPEN = N_("Still open: your time zone. Write a city, such as Lahore; /stop leaves it as it is.")
ANEW = N_("/timezone shows what can be chosen.")


def like_a_place(request: Request) -> bool:
    """Whether a message may name a city: more words are about something else."""
    return short_words(request) and len(request.text.split()) <= LONGEST_PLACE


@router.command(
    "Your time zone: the times you read", Permission.USE, example="/timezone Lahore", place=Place.PRIVATE, rank=905
)
async def timezone(who: Person, request: Request, services: Services) -> Card:
    """Show which zone it is, and how to change it; with a name, change it."""
    who.require(Permission.USE)
    if request.text:
        return await _named(who, request, services)
    return await show(who, request, services)


@router.button("tz", edit=True, place=Place.PRIVATE)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show which zone it is; the next short message names another."""
    await conversations.ask(who, request, services, CITY, {})
    return own_cards.time_zone(who, services.database.clock.now())


@router.answer(CITY, like_a_place, OPEN)
async def city_written(who: Person, request: Request, services: Services, said: Mapping[str, Any]) -> Card:  # noqa: ARG001
    """Take the answer to which zone it is."""
    return await _named(who, request, services)


async def _named(who: Person, request: Request, services: Services) -> Card:
    found = await services.people.preferences.zones_named(who, request.text)
    if len(found) > 1:
        return own_cards.which_zone(request.text, found, services.database.clock.now())
    return await _set(who, request, services, found[0])


async def located(who: Person, request: Request, services: Services) -> Card:
    """Set the zone of the location that was shared."""
    assert request.location is not None
    zone = await services.people.preferences.zone_at(who, *request.location)
    return await _set(who, request, services, zone)


@router.button("tzset", edit=True, place=Place.PRIVATE)
async def chosen(who: Person, request: Request, services: Services) -> Card:
    """Set one of those of the same name, by the number of its name."""
    zone = await services.people.preferences.zone_of(request.subject)
    if zone is None:
        raise old_button(_(ANEW))
    return await _set(who, request, services, zone)


@router.button("tzown", edit=True, place=Place.PRIVATE)
async def removed(who: Person, request: Request, services: Services) -> Card:
    """Go back to the zone of the studio."""
    if not who.zone:
        raise Stale(_("You have no time zone of your own any more. /timezone shows which one counts."))
    return await _set(who, request, services, None)


async def _set(who: Person, request: Request, services: Services, zone: str | None) -> Card:
    now = await services.people.preferences.set_zone(who, zone)
    await conversations.end(who, request, services, "timezone")
    with reading_as(now.reader):
        return own_cards.zone_set(now, services.database.clock.now())
