"""/language: in which of the languages that there is a catalogue of the bot speaks with somebody.

The language of a brief's work is another thing, and chosen with the brief.
"""

from bot.access.model import Permission, Person
from bot.briefs.options import language_of
from bot.kernel.card import Card
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.kernel.translation import languages, reading_as
from bot.people import own_cards
from bot.services import Services
from handlers.people.start import show_menu
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()


def several() -> bool:
    """Whether there is anything to choose from."""
    return len(languages()) > 1


@router.command(
    "Choose the language I use with you",
    Permission.USE,
    example="/language",
    place=Place.PRIVATE,
    rank=907,
    listed=several,
)
@router.button("language", edit=True, place=Place.PRIVATE)
async def language(who: Person, request: Request, services: Services) -> Card:
    """Offer the languages; with one's name or code, speak it from now on."""
    who.require(Permission.USE)
    if not request.text:
        return own_cards.language(who)
    spoken = {tag.lower(): tag for tag in languages()}
    tag = spoken.get(request.text.strip().lower()) or language_of(request.text).replace("_", "-")
    return await _set(who, request, services, spoken.get(tag.lower(), tag))


@router.button("speak", edit=True, place=Place.PRIVATE)
async def chosen(who: Person, request: Request, services: Services) -> Card:
    """Speak the language of the button, which carries the number of its tag."""
    tag = own_cards.spoken_by_number().get(request.subject)
    if tag is None:
        raise old_button(_("/language shows which I speak."))
    return await _set(who, request, services, tag)


@router.button("speakapp", edit=True, place=Place.PRIVATE)
async def as_the_app_says(who: Person, request: Request, services: Services) -> Card:
    """Speak the language of the person's app again."""
    if not who.preferred_language:
        raise Stale(_("You have chosen no language any more. /language shows which I speak."))
    return await _set(who, request, services, None)


async def _set(who: Person, request: Request, services: Services, tag: str | None) -> Card:
    now = await services.people.preferences.set_language(who, tag, app=request.language)
    await show_menu(now, services)
    with reading_as(now.reader):
        return own_cards.language(now)
