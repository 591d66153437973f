"""/forecast: the next 30 days of revenue and of briefs, with bounds and its own past error."""

from bot.access.model import Permission, Person
from bot.finance.cards import currency_of
from bot.forecast import cards, pictures
from bot.forecast.model import LOAD
from bot.kernel.card import Card
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

WITHOUT = ("without", "sin", "بغیر")
router = Router()


@router.command(
    N_("The next 30 days: revenue and briefs"), Permission.READ_REPORTS, example="/forecast without Alice", rank=124
)
@router.button("forecast", edit=True, choices=cards.CHOICES)
async def forecast(who: Person, request: Request, services: Services) -> Card:
    """Show a currency, or the load; /forecast EUR without Alice shows it as if she had left."""
    ahead = services.forecast.ahead
    series, name = _asked(request.text) if request.text else (_tapped(request), "")
    client = (await ahead.called(who, name)).id if name else 0
    found = await ahead.look(who, series, client)
    return await services.finance.charts.above(cards.outlook(found), pictures.outlook(found), "forecast")


@router.button("forecastcsv", choices=cards.CHOICES)
async def as_file(who: Person, request: Request, services: Services) -> Card:
    """Send its days as a file."""
    return cards.as_file(await services.forecast.ahead.look(who, _tapped(request)))


def _tapped(request: Request) -> str:
    return LOAD if request.choice == LOAD else currency_of(request.subject)


def _asked(text: str) -> tuple[str, str]:
    """The series and the client's name out of "EUR without Alice"; "" for what is not said."""
    words = text.split()
    place = next((place for place, word in enumerate(words) if word.lower() in WITHOUT), len(words))
    series = " ".join(words[:place])
    return LOAD if series.lower() == LOAD else series.upper(), " ".join(words[place + 1 :])
