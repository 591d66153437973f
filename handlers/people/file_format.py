"""/format: in which format somebody's finished texts come as files, where a brief says nothing else."""

from bot.access.model import Permission, Person
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.text.file_format import FileFormat
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.people import own_cards
from bot.services import Services
from handlers.routing.places import Place
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
CHOICES = tuple(one.value for one in FileFormat)
_CALLED = {"markdown": FileFormat.MARKDOWN, "text": FileFormat.MARKDOWN, "word": FileFormat.WORD}


@router.command(
    "Choose the file format of your finished work",
    Permission.SUBMIT_BRIEFS,
    example="/format word",
    place=Place.PRIVATE,
    rank=908,
)
@router.button("format", edit=True, place=Place.PRIVATE)
async def format_(who: Person, request: Request, services: Services) -> Card:
    """Offer the formats; with the name of one, use it from now on."""
    who.require(Permission.SUBMIT_BRIEFS)
    named = request.text.strip().lower().removeprefix(".")
    if not named:
        return own_cards.file_format(who)
    if named not in {*_CALLED, *CHOICES}:
        raise Refusal(_("I make no “{format}” files. Try: /format word. Others: text, pdf.", format=named[:40]))
    return await _set(who, services, _CALLED.get(named) or FileFormat(named))


@router.button("formatset", edit=True, place=Place.PRIVATE, choices=CHOICES, instead=N_("/format shows the formats."))
async def chosen(who: Person, request: Request, services: Services) -> Card:
    """Use the format of the button."""
    return await _set(who, services, FileFormat(request.choice))


async def _set(who: Person, services: Services, wanted: FileFormat) -> Card:
    return own_cards.file_format(await services.people.preferences.set_file_format(who, wanted))
