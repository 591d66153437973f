"""The part of /failed for what a provider refused for good: by a tap it is sent once more, or missed by nobody."""

from bot.access.model import Person
from bot.alerts.cards import KINDS
from bot.alerts.destinations import name_of
from bot.kernel.card import Button, Card, escape, first_lines
from bot.kernel.words import count
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router
from storage.core import undelivered
from storage.engine.connection import Connection

router = Router()
Row = tuple[Button, ...]


async def listed(connection: Connection, tenant: str, limit: int) -> list[tuple[str, Row]]:
    """A line and its buttons for each destination to which something was given up."""
    found: list[tuple[str, Row]] = []
    for one in await undelivered.places(connection, tenant, limit):
        to = await name_of(connection, one.channel, one.destination)
        what = f"{count(one.rows, KINDS.get(one.channel, one.channel).lower())} to {to}"
        line = f"{escape(what)}, not delivered: {first_lines(one.reason, 120)}"
        found.append(
            (line, (Button(f"Send again, {to}"[:40], "oagain", one.newest), Button("Let go", "oletgo", one.newest)))
        )
    return found


@router.button("oagain")
async def send_again(who: Person, request: Request, services: Services) -> Card:
    """Have all that was given up for one destination sent once more."""
    number = await services.alerts.late_messages.send_again(who, request.subject)
    return Card(toast=f"Sent again: {number}")


@router.button("oletgo")
async def let_go(who: Person, request: Request, services: Services) -> Card:
    """Nobody misses it: it leaves the list."""
    number = await services.alerts.late_messages.let_go(who, request.subject)
    return Card(toast=f"Let go: {number}. What comes next for them is tried.")
