"""The part of /failed for what a provider refused for good: by a tap it is sent once more, or missed by nobody."""

from bot.access.model import Person
from bot.alerts.cards import several_to
from bot.alerts.stopped import Stops
from bot.kernel.card import Button, Card, escape, first_lines
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
Row = tuple[Button, ...]


def listed(stops: Stops) -> list[tuple[str, Row]]:
    """A line and its buttons for each destination to which something was given up."""
    found: list[tuple[str, Row]] = []
    for one in stops.undelivered:
        line = _(
            "{messages}, not delivered: {reason}",
            messages=several_to(one.channel, one.rows, escape(one.to.words)),
            reason=first_lines(one.reason, 120),
        )
        again = Button(_("Send again, {name}", name=one.to.words)[:40], "oagain", one.newest)
        found.append((line, (again, Button(_("Give up"), "oletgo", one.newest))))
    return found


@router.button("oagain")
async def send_again(who: Person, request: Request, services: Services) -> Card:
    """Have all that was given up for one destination sent once more."""
    number = await services.alerts.late_messages.send_again(who, request.subject)
    return Card(toast=_("Sent again: {n}", n=number))


@router.button("oletgo")
async def let_go(who: Person, request: Request, services: Services) -> Card:
    """Take a destination that nobody misses off the list."""
    number = await services.alerts.late_messages.let_go(who, request.subject)
    return Card(toast=_("Given up: {n}. The next one to them is tried again.", n=number))
