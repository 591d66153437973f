"""/ask: questions in plain words, answered by named queries with the rows behind them."""

from bot.access.model import Permission, Person
from bot.ask import cards
from bot.ask.catalog import QUERIES, example
from bot.ask.model import Name, Result
from bot.ask.packing import unpacked
from bot.ask.service import NoModel, Way
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()
NAMES = tuple(name.value for name in Name)
ASK_ANEW = N_("Ask again by /ask.")


@router.command(
    "Ask about the figures", Permission.READ_REPORTS, example="/ask why did revenue drop last week?", rank=123
)
async def ask(who: Person, request: Request, services: Services) -> Card:
    """Answer the question behind the command; without one say what can be asked."""
    who.require(Permission.READ_REPORTS)
    question = " ".join(request.text.split())
    if not question:
        return cards.overview([name for name, query in QUERIES.items() if who.may(query.permission)])
    try:
        answer = await services.ask.ask(who, question)
    except NoModel:
        return cards.no_model()
    if answer.result is None:
        return cards.none_answers(question)
    return cards.answer(answer.result, without_model=answer.way is Way.WORDS)


@router.button("askeg", choices=NAMES, instead=ASK_ANEW)
async def by_example(who: Person, request: Request, services: Services) -> Card:
    """Answer the example that was tapped."""
    return cards.answer(await services.ask.run(who, example(Name(request.choice))))


@router.button("askrows", choices=NAMES, instead=ASK_ANEW)
async def rows(who: Person, request: Request, services: Services) -> Card:
    """Show the rows behind an answer."""
    return cards.rows(await _again(who, request, services))


@router.button("askcsv", choices=NAMES, instead=ASK_ANEW)
async def as_file(who: Person, request: Request, services: Services) -> Card:
    """Send them as a file."""
    return cards.as_file(await _again(who, request, services))


async def _again(who: Person, request: Request, services: Services) -> Result:
    choice = unpacked(request.choice, request.subject, request.version)
    if choice is None:
        raise old_button(_(ASK_ANEW))
    return await services.ask.run(who, choice)
