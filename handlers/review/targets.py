"""/target: the score that a client's drafts must reach to pass without a person."""

import re

from bot.access.model import Permission, Person
from bot.kernel.card import Card, Lines, escape
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.services import Services
from handlers.routing.request import Request
from handlers.routing.router import Router

router = Router()
ASKED = re.compile(r"(?P<client>.+?)\s+(?P<points>\d{1,3}|none)", re.IGNORECASE | re.DOTALL)
SHOWN = 10


@router.command(
    "Set the minimum score for a client's briefs", Permission.SET_TARGETS, example="/target Alice 85", rank=220
)
async def target(who: Person, request: Request, services: Services) -> Card:
    """Set a client's minimum score, or take it back; alone, list who has one."""
    who.require(Permission.SET_TARGETS)
    if not request.text:
        return await _listing(who, services)
    match = ASKED.fullmatch(request.text)
    if match is None or (match["points"].isdigit() and int(match["points"]) > 100):
        raise Refusal(_("Write a client and a score from 0 to 100: /target Alice 85. Nothing was changed."))
    points = int(match["points"]) if match["points"].isdigit() else None
    client = await services.people.joining.set_target(who, match["client"], points)
    later = _("It counts for new briefs; those under way keep theirs.")
    if points is None:
        lines = Lines(_("No minimum score of their own for {client}", client=client.name)).add(later)
        return Card(str(lines.add(_("The score of each type of brief counts."))))
    lines = Lines(_("Minimum score for {client}'s briefs: {points}", client=client.name, points=points))
    lines.add(_("Drafts that score {points} go out without a person.", points=points)).add(later)
    return Card(str(lines.add(_("/target {client} none takes it back.", client=escape(client.name)))))


async def _listing(who: Person, services: Services) -> Card:
    found = await services.people.joining.targets(who, SHOWN)
    lines = Lines(_("Minimum scores of clients") if found else _("No client has a minimum score of their own"))
    for one in found:
        lines.add(f"{escape(one.client)}: {one.points}")
    return Card(str(lines.add(_("For example: /target Alice 85, or /target Alice none."))))
