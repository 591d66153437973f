"""/people: who is in, as what, and what an admin can change of it; open invitations; team rooms."""

from dataclasses import replace

from bot.access.model import TENANT, Permission, Person, Role
from bot.kernel.card import Card
from bot.people import cards
from bot.services import Services
from handlers.briefs.guided import in_place
from handlers.briefs.quotes import Handler
from handlers.people.start import show_menu
from handlers.routing.paging import page
from handlers.routing.request import Request
from storage.people import invites as invite_rows
from storage.people import people as rows
from storage.people import team_rooms

SHOWN = 6  # invitations have a button each


async def people(who: Person, request: Request, services: Services) -> Card:
    """A page of those who are in; with the button's version 1, of those who were removed."""
    who.require(Permission.MANAGE_PEOPLE)
    removed = request.version == 1
    async with services.database.reading() as connection:
        found, beside = await page(
            request,
            "people",
            lambda which: rows.page(connection, who.tenant, which, removed=removed),
            lambda person: person.id,
            request.version,
        )
        counts = await rows.counts(connection, who.tenant)
        if removed:
            return cards.removed(found, counts, beside)
        invited = await invite_rows.count(connection, who.tenant, services.database.clock.now())
        return cards.listing(found, counts, beside, invited, await team_rooms.all_of(connection, who.tenant))


async def show(who: Person, request: Request, services: Services) -> Card:
    """/person_1004: somebody, and what can be changed."""
    return await _card(await services.people.roles.get(who, request.subject), services)


async def back(who: Person, request: Request, services: Services) -> Card:
    """The person's card again, in place of a question."""
    return in_place(await show(who, request, services))


async def _card(person: Person, services: Services) -> Card:
    async with services.database.reading() as connection:
        since = await rows.known_since(connection, person)
    return cards.person(person, since, by_setting=services.people.roles.by_setting(person))


def to_role(index: int) -> Handler:
    """The handler of the button that gives somebody the role with that index."""

    async def chosen(who: Person, request: Request, services: Services) -> Card:
        return await _change(who, request, services, cards.ROLES[index])

    return chosen


async def ask_admin(who: Person, request: Request, services: Services) -> Card:
    """Confirm once."""
    return cards.ask_admin(await services.people.roles.get(who, request.subject))


async def ask_removal(who: Person, request: Request, services: Services) -> Card:
    """Confirm once."""
    return cards.ask_removal(await services.people.roles.get(who, request.subject))


async def remove(who: Person, request: Request, services: Services) -> Card:
    """Let somebody out."""
    return await _change(who, request, services, Role.REMOVED)


async def _change(who: Person, request: Request, services: Services, role: Role) -> Card:
    person = await services.people.roles.change_role(who, request.subject, cards.role_seen(request.version), role)
    await show_menu(person, services)
    became = "has no access any more" if role is Role.REMOVED else f"is {role.with_article} now"
    if person.id == who.id:
        return Card(f"You are {role.with_article} now. /help lists what you can do.", place="edit")
    card = await _card(person, services)
    return replace(card, place="edit", toast=f"{person.name} {became}"[:200])


async def invitations(who: Person, request: Request, services: Services) -> Card:
    """A page of the open invitations."""
    who.require(Permission.INVITE)
    now = services.database.clock.now()
    async with services.database.reading() as connection:
        found, beside = await page(
            request,
            "invites",
            lambda which: invite_rows.page(connection, who.tenant, now, which),
            lambda invite: invite.id,
            rows=SHOWN,
        )
    return in_place(cards.invitations(found, beside))


async def revoke(who: Person, request: Request, services: Services) -> Card:
    """Let nobody use an invitation any more."""
    invite = await services.people.roles.revoke(who, request.subject)
    card = await invitations(who, replace(request, subject=0), services)
    return replace(card, toast=f"Invitation {invite.id} is revoked")


async def rooms(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """Every team room."""
    return in_place(cards.rooms(await services.people.rooms.all_of(who)))


async def end_room(who: Person, request: Request, services: Services) -> Card:
    """End a team room from outside it; the group is told."""
    room = await services.people.rooms.end(who, request.subject)
    return replace(await rooms(who, request, services), toast=f"{room.title} is no team room any more"[:200])


async def settle_roles(services: Services) -> None:
    """At a start: roles as the setting says, and the menus of whom that changes."""
    for person in await services.people.roles.settle(TENANT):
        await show_menu(person, services)
