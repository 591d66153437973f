"""/people: who is in, as what, and what an admin can change of it; open invitations; team rooms."""

from dataclasses import replace

from bot.access.model import TENANT, Permission, Person, Role
from bot.kernel.card import Card
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.people import cards
from bot.services import Services
from handlers.people.start import show_menu
from handlers.routing.paging import page
from handlers.routing.request import Request
from handlers.routing.router import Router, old_button

router = Router()
ANEW = N_("/person_{subject} shows what can be changed.")
SHOWN = 6  # invitations have a button each


@router.command("People, roles and open invitations", Permission.MANAGE_PEOPLE, example="/people", rank=200)
@router.button("people", edit=True, choices=("", Role.REMOVED))
async def people(who: Person, request: Request, services: Services) -> Card:
    """List those who are in, or those who were removed, where the button says so."""
    removed = bool(request.choice or request.version)  # buttons of versions before said it by the number
    directory = services.people.directory
    found, beside = await page(
        request,
        "people",
        lambda which: directory.page(who, which, removed=removed),
        lambda person: person.id,
        Role.REMOVED if removed else "",
    )
    around = await directory.overview(who)
    if removed:
        return cards.removed(found, around.counts, beside)
    return cards.listing(found, around.counts, beside, around.invited, around.rooms)


@router.subject("person")
@router.button("person", edit=True)
async def show(who: Person, request: Request, services: Services) -> Card:
    """Show somebody (/person_1004), and what can be changed."""
    return await _card(who, await services.people.roles.get(who, request.subject), services)


async def _card(who: Person, person: Person, services: Services) -> Card:
    known = await services.people.directory.known(who, person)
    return cards.person(person, known.since, by_setting=known.by_setting)


@router.button("prole", edit=True, choices=cards.ROLES, instead=ANEW, old={f"prole{index}": "" for index in range(4)})
async def to_role(who: Person, request: Request, services: Services) -> Card:
    """Give somebody the role that the button names."""
    return await _change(who, request, services, Role(request.choice))


@router.button("padmin", edit=True)
async def ask_admin(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before somebody becomes an admin."""
    return cards.ask_admin(await services.people.roles.get(who, request.subject))


@router.button("premove", edit=True)
async def ask_removal(who: Person, request: Request, services: Services) -> Card:
    """Ask once more before somebody is removed."""
    return cards.ask_removal(await services.people.roles.get(who, request.subject))


@router.button("premoveyes", edit=True)
async def remove(who: Person, request: Request, services: Services) -> Card:
    """End somebody's access."""
    return await _change(who, request, services, Role.REMOVED)


async def _change(who: Person, request: Request, services: Services, role: Role) -> Card:
    who.require(Permission.MANAGE_PEOPLE)
    seen = cards.role_seen(request.version)
    if seen is None:
        raise old_button(_(ANEW, subject=request.subject))
    person = await services.people.roles.change_role(who, request.subject, seen, role)
    await show_menu(person, services)
    if person.id == who.id:
        return Card(_("You are {role} now. /help lists what you can do.", role=role.one))
    card = await _card(who, person, services)
    became = _("{name} is {role} now", name=person.name, role=role.one)
    if role is Role.REMOVED:
        became = _("{name} has no access any more", name=person.name)
    return replace(card, toast=became[:200])


@router.button("invites", edit=True)
async def invitations(who: Person, request: Request, services: Services) -> Card:
    """List the open invitations."""
    found, beside = await page(
        request,
        "invites",
        lambda which: services.people.directory.invitations(who, which),
        lambda invite: invite.id,
        rows=SHOWN,
    )
    return cards.invitations(found, beside)


@router.button("irevoke", edit=True)
async def revoke(who: Person, request: Request, services: Services) -> Card:
    """End an invitation, so that nobody can use it any more."""
    invite = await services.people.roles.revoke(who, request.subject)
    card = await invitations(who, replace(request, subject=0), services)
    return replace(card, toast=_("Invitation {id} is revoked", id=invite.id))


@router.button("rooms", edit=True)
async def rooms(who: Person, request: Request, services: Services) -> Card:  # noqa: ARG001 - every handler's shape
    """List every team room."""
    return cards.rooms(await services.people.rooms.all_of(who))


@router.button("roomend", edit=True)
async def end_room(who: Person, request: Request, services: Services) -> Card:
    """End a team room from outside it; the group is told."""
    room = await services.people.rooms.end(who, request.subject)
    return replace(
        await rooms(who, request, services), toast=_("{title} is no team room any more", title=room.title)[:200]
    )


async def settle_roles(services: Services) -> None:
    """Give roles as the setting says, at a start, and the menus of those whom that changes."""
    for person in await services.people.roles.settle(TENANT):
        await show_menu(person, services)
