"""What people read of roles, invitations and team rooms."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zlib import crc32

from bot.access.model import Invite, Person, Role, TeamRoom
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.words import clock, count, moment

BY_SETTING = "the setting ADMIN_TELEGRAM_IDS"
ROLES = (Role.CLIENT, Role.ANALYST, Role.OPERATOR, Role.ADMIN)
Rows = tuple[tuple[Button, ...], ...]
SHOWN_IN_ROOMS = (
    "What I otherwise tell each of you in private I answer here from now on, to whoever may ask for it: the queue, "
    "every client's briefs and drafts, invoices, reports, people and their roles, invitation links, failures, jobs, "
    "prompts and settings."
)


def seen_as(role: Role) -> int:
    """The role that somebody had when a button was made, as the number that it carries: of its name, not its place."""
    return crc32(role.encode())


def role_seen(number: int) -> Role | None:
    """The role that `seen_as` wrote; None where it wrote none."""
    return next((role for role in Role if seen_as(role) == number), None)


def listing(
    people: Sequence[Person], counts: Mapping[Role, int], beside: Rows, invited: int, rooms: Sequence[TeamRoom]
) -> Card:
    """A page of those who are in."""
    lines = Lines(f"People · {sum(number for role, number in counts.items() if role is not Role.REMOVED)}")
    lines.add(" · ".join(count(counts[role], role) for role in reversed(ROLES) if counts.get(role)))
    for person in people:
        lines.add(_in_one_line(person))
    if rooms:
        lines.add(f"Team rooms: {', '.join(escape(room.title) for room in rooms)}")
    more = []
    if invited:
        more.append(Button(f"Invitations {invited}", "invites"))
    if counts.get(Role.REMOVED):
        more.append(Button(f"Removed {counts[Role.REMOVED]}", "people", choice=Role.REMOVED))
    if rooms:
        more.append(Button(f"Team rooms {len(rooms)}", "rooms"))
    return Card(str(lines), (*beside, *in_rows(more)))


def removed(people: Sequence[Person], counts: Mapping[Role, int], beside: Rows) -> Card:
    """A page of those who were let out."""
    lines = Lines(f"Removed · {counts.get(Role.REMOVED, 0)}")
    for person in people:
        lines.add(_in_one_line(person))
    return Card(str(lines), (*beside, (Button("Back", "people"),)))


def _in_one_line(person: Person) -> str:
    reach = "" if person.reach == "open" else ", cannot be written to"
    return f"/person_{person.id} {escape(person.name)} · {person.role}{reach}"


def person(one: Person, since: datetime, *, by_setting: bool) -> Card:
    """Somebody, with what can be changed."""
    lines = Lines(f"{one.name} · {one.role}")
    lines.add(f"Telegram id <code>{one.telegram_id}</code> · here since {moment(since)}")
    if by_setting:
        lines.add("An admin by the setting ADMIN_TELEGRAM_IDS; take the id out there and restart to change that.")
    if one.reach != "open":
        lines.add("Cannot be written to: they stopped the bot.")
    back = (Button("Back", "people", choice=Role.REMOVED if one.role is Role.REMOVED else ""),)
    if by_setting:
        return Card(str(lines), (back,))
    if one.role is Role.REMOVED:
        lines.add("No access any more. Their briefs and invoices are kept.")
        return Card(str(lines), (*_to_roles(one, "Let in as", ROLES[:-1]), back))
    others = [role for role in ROLES if role is not one.role and role is not Role.ADMIN]
    rows = _to_roles(one, "Make", others)
    if one.role is not Role.ADMIN:
        rows = (*rows, (Button("Make admin", "padmin", one.id, seen_as(one.role)),))
    return Card(str(lines), (*rows, back, (Button("Remove", "premove", one.id, seen_as(one.role)),)))


def _to_roles(one: Person, verb: str, roles: Sequence[Role]) -> Rows:
    return in_rows([Button(f"{verb} {role}", "prole", one.id, seen_as(one.role), choice=role) for role in roles])


def ask_removal(one: Person) -> Card:
    """Confirm once."""
    lines = Lines(f"Remove {one.name}?").add("They can do and read nothing here any more, from this moment on.")
    lines.add("Their briefs and invoices stay: what is under way is finished, delivered and invoiced.")
    lines.add("You can let them in again in /people.")
    yes = Button(f"Yes, remove {one.name}"[:40], "premoveyes", one.id, seen_as(one.role))
    return Card(str(lines), ((Button("No", "person", one.id),), (yes,)))


def ask_admin(one: Person) -> Card:
    """Confirm once."""
    lines = Lines(f"Make {one.name} an admin?").add("They can then do all that you can, and remove you too.")
    yes = Button("Yes, make admin", "prole", one.id, seen_as(one.role), choice=Role.ADMIN)
    return Card(str(lines), ((Button("No", "person", one.id),), (yes,)))


def your_role(one: Person, before: Role, by: str) -> Card:
    """What somebody is from now on, for them."""
    if one.role is Role.REMOVED:
        lines = Lines("Your access here has ended").add(f"Changed by {escape(by)}. Your briefs and invoices are kept,")
        return Card(str(lines.add("and what is under way is still delivered. An admin can let you in again.")))
    lines = Lines(f"You are {one.role.with_article} now").add(f"Changed by {escape(by)}; you were {_was(before)}.")
    return Card(str(lines.add("/help lists what you can do. Buttons of before may no longer work.")))


def role_changed(one: Person, before: Role, by: str, revoked: int) -> Card:
    """What somebody is from now on, for the other admins."""
    became = "was removed" if one.role is Role.REMOVED else f"is {one.role.with_article} now"
    lines = Lines(f"{one.name} {became}").add(f"By {escape(by)}; before: {before}. See /person_{one.id}")
    if revoked:
        lines.add(f"{count(revoked, 'open invitation')} from them can no longer be used.")
    return Card(str(lines), silent=True)


def _was(role: Role) -> str:
    return "removed" if role is Role.REMOVED else role.with_article


def came_in(one: Person, by: str) -> Card:
    """A new admin, for the other admins."""
    lines = Lines(f"{one.name} is an admin now").add(f"By {escape(by)}. See /person_{one.id}")
    return Card(str(lines), silent=True)


def invitations(open_ones: Sequence[Invite], beside: Rows) -> Card:
    """A page of the open invitations."""
    if not open_ones:
        return Card("No invitation is open. /invite makes one.", ((Button("Back", "people"),),))
    lines = Lines("Open invitations")
    for one in open_ones:
        lines.add(
            f"{one.id}: {one.role}, by {escape(one.by)}, {moment(one.created_at)}, until {moment(one.expires_at)}"
        )
    revoke = in_rows([Button(f"Revoke {one.id}", "irevoke", one.id) for one in open_ones], 3)
    return Card(str(lines), (*beside, *revoke, (Button("Back", "people"),)))


def invite_revoked(invite: Invite, by: str) -> Card:
    """For the other admins, whoever made the invitation among them."""
    lines = Lines(f"Invitation {invite.id} · Revoked").add(
        f"By {escape(by)}; {escape(invite.by)} made it for {invite.role.with_article}. Nobody can use it any more."
    )
    return Card(str(lines), silent=True)


def room_bound(title: str) -> Card:
    """What a group is told that is a team room from now on."""
    lines = Lines(f"{title} · Team room").add(SHOWN_IN_ROOMS)
    lines.add(
        "Everybody in this group reads it, and whoever joins later reads what was said, where the group shows that."
    )
    return Card(str(lines.add("/here once more ends it. What each may ask for is up to their role, as before.")))


def room_ended(title: str) -> Card:
    """What a group is told that is a team room no more."""
    lines = Lines(f"{title} · No team room any more")
    lines.add(
        "What is private I answer in your private chats again. What stands above stays readable: delete it if need be."
    )
    return Card(str(lines))


def room_news(title: str, what: str, by: str, at: datetime) -> Card:
    """For the other admins."""
    lines = Lines(f"Team room {title} · {what}").add(f"By {escape(by)}, {clock(at)}. /people lists the team rooms.")
    return Card(str(lines), silent=True)


def rooms(bound: Sequence[TeamRoom]) -> Card:
    """Every team room, to be ended from here too."""
    if not bound:
        return Card(
            "There is no team room. An admin makes a group one by writing /here in it.", ((Button("Back", "people"),),)
        )
    lines = Lines("Team rooms").add("I answer there what I otherwise answer in private; their members read it.")
    for room in bound:
        lines.add(f"{escape(room.title)}, by {escape(room.by)}, {moment(room.bound_at)}")
    end = tuple((Button(f"End {room.title}"[:40], "roomend", room.id),) for room in bound)
    return Card(str(lines), (*end, (Button("Back", "people"),)))
