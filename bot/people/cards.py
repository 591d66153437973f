"""What people read of roles, invitations and team rooms."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zlib import crc32

from bot.access.model import Invite, Person, Role, TeamRoom
from bot.kernel.card import Button, Card, Lines, escape, in_rows
from bot.kernel.text.words import clock, in_a_row, moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext, number

ROLES = (Role.CLIENT, Role.ANALYST, Role.OPERATOR, Role.ADMIN)
Rows = tuple[tuple[Button, ...], ...]
COUNTED: Mapping[Role, Callable[[int], str]] = {
    Role.CLIENT: lambda n: ngettext("{n} client", "{n} clients", n),
    Role.ANALYST: lambda n: ngettext("{n} analyst", "{n} analysts", n),
    Role.OPERATOR: lambda n: ngettext("{n} operator", "{n} operators", n),
    Role.ADMIN: lambda n: ngettext("{n} admin", "{n} admins", n),
}
MAKE = {
    Role.CLIENT: N_("Make client"),
    Role.ANALYST: N_("Make analyst"),
    Role.OPERATOR: N_("Make operator"),
    Role.ADMIN: N_("Make admin"),
}
LET_IN_AS = {
    Role.CLIENT: N_("Let in as client"),
    Role.ANALYST: N_("Let in as analyst"),
    Role.OPERATOR: N_("Let in as operator"),
}
SHOWN_IN_ROOMS = N_(
    "From now on I also answer here what I otherwise answer in private, to anybody who may ask for it: the "
    "queue, every client's briefs and drafts, invoices, reports, people and their roles, invitation links, failures, "
    "jobs, prompts and settings."
)


def seen_as(role: Role) -> int:
    """The role that somebody had when a button was made, as the number that it carries: of its name, not its place."""
    return crc32(role.encode())


def role_seen(carried: int) -> Role | None:
    """The role that `seen_as` wrote; None where it wrote none."""
    return next((role for role in Role if seen_as(role) == carried), None)


def listing(
    people: Sequence[Person], counts: Mapping[Role, int], beside: Rows, invited: int, rooms: Sequence[TeamRoom]
) -> Card:
    """A page of those who are in."""
    known = sum(people_of for role, people_of in counts.items() if role is not Role.REMOVED)
    lines = Lines(_("People · {n}", n=number(known)))
    lines.add(" · ".join(COUNTED[role](counts[role]) for role in reversed(ROLES) if counts.get(role)))
    for person in people:
        lines.add(_in_one_line(person))
    if rooms:
        lines.add(_("Team rooms: {titles}", titles=in_a_row(escape(room.title) for room in rooms)))
    more = []
    if invited:
        more.append(Button(_("Invitations {n}", n=number(invited)), "invites"))
    if counts.get(Role.REMOVED):
        more.append(Button(_("Removed {n}", n=number(counts[Role.REMOVED])), "people", choice=Role.REMOVED))
    if rooms:
        more.append(Button(_("Team rooms {n}", n=number(len(rooms))), "rooms"))
    return Card(str(lines), (*beside, *in_rows(more)))


def removed(people: Sequence[Person], counts: Mapping[Role, int], beside: Rows) -> Card:
    """A page of those who were let out."""
    lines = Lines(_("Removed · {n}", n=number(counts.get(Role.REMOVED, 0))))
    for person in people:
        lines.add(_in_one_line(person))
    return Card(str(lines), (*beside, _back()))


def _back(choice: str = "") -> tuple[Button, ...]:
    return (Button(_("Back"), "people", choice=choice),)


def _in_one_line(person: Person) -> str:
    who = f"/person_{person.id} {escape(person.name)} · {person.role.words}"
    return who if person.reach == "open" else _("{person}, cannot be reached", person=who)


def person(one: Person, since: datetime, *, by_setting: bool) -> Card:
    """Somebody, with what can be changed."""
    lines = Lines(f"{one.name} · {one.role.words}")
    lines.add(_("Telegram id <code>{id}</code> · here since {time}", id=one.telegram_id, time=moment(since)))
    if by_setting:
        lines.add(_("Admin by the setting ADMIN_TELEGRAM_IDS; to change that, take the id out there and restart."))
    if one.reach != "open":
        lines.add(
            _("Cannot be reached: they stopped the bot. What is for them waits, and goes out once they come back.")
        )
    back = _back(Role.REMOVED if one.role is Role.REMOVED else "")
    if by_setting:
        return Card(str(lines), (back,))
    if one.role is Role.REMOVED:
        lines.add(_("No access any more. Their briefs and invoices are kept."))
        return Card(str(lines), (*_to_roles(one, LET_IN_AS), back))
    others: dict[Role, str] = {
        role: words for role, words in MAKE.items() if role is not one.role and role is not Role.ADMIN
    }
    rows = _to_roles(one, others)
    if one.role is not Role.ADMIN:
        rows = (*rows, (Button(_(MAKE[Role.ADMIN]), "padmin", one.id, seen_as(one.role)),))
    return Card(str(lines), (*rows, back, (Button(_("Remove"), "premove", one.id, seen_as(one.role)),)))


def _to_roles(one: Person, words: Mapping[Role, str]) -> Rows:
    return in_rows([Button(_(words[role]), "prole", one.id, seen_as(one.role), choice=role) for role in words])


def ask_removal(one: Person) -> Card:
    """Confirm once."""
    lines = Lines(_("Remove {name}?", name=one.name))
    lines.add(_("From now on they can do and read nothing here."))
    lines.add(_("Their briefs and invoices stay: what is under way is finished, delivered and invoiced."))
    lines.add(_("You can let them in again in /people."))
    yes = Button(_("Yes, remove {name}", name=one.name)[:40], "premoveyes", one.id, seen_as(one.role))
    return Card(str(lines), ((_no(one),), (yes,)))


def ask_admin(one: Person) -> Card:
    """Confirm once."""
    lines = Lines(_("Make {name} an admin?", name=one.name))
    lines.add(_("They can then do everything you can, and remove you too."))
    yes = Button(_("Yes, make admin"), "prole", one.id, seen_as(one.role), choice=Role.ADMIN)
    return Card(str(lines), ((_no(one),), (yes,)))


def _no(one: Person) -> Button:
    return Button(_("No"), "person", one.id)


def your_role(one: Person, before: Role, by: str | None) -> Card:
    """What somebody is from now on, for them. by: an admin's name; None: the setting."""
    if one.role is Role.REMOVED:
        lines = Lines(_("Your access here has ended"))
        said = _(
            "Changed by {name}. Your briefs and invoices are kept,\n"
            "and what is under way is still delivered. An admin can let you in again.",
            name=_by(by),
        )
        return Card(str(lines.add(said)))
    lines = Lines(_("You are {role} now", role=one.role.one))
    lines.add(_("Changed by {name}; you were {role}.", name=_by(by), role=before.one))
    return Card(str(lines.add(_("/help lists what you can do. Older buttons may no longer work."))))


def _by(name: str | None) -> str:
    return _("the setting ADMIN_TELEGRAM_IDS") if name is None else escape(name)


def role_changed(one: Person, before: Role, by: str | None, revoked: int) -> Card:
    """What somebody is from now on, for the other admins."""
    headline = _("{name} was removed", name=one.name)
    if one.role is not Role.REMOVED:
        headline = _("{name} is {role} now", name=one.name, role=one.role.one)
    lines = Lines(headline)
    lines.add(_("By {name}; before: {role}. See /person_{id}", name=_by(by), role=before.words, id=one.id))
    if revoked:
        lines.add(
            ngettext(
                "{n} open invitation from them can no longer be used.",
                "{n} open invitations from them can no longer be used.",
                revoked,
            )
        )
    return Card(str(lines), silent=True)


def came_by_setting(one: Person) -> Card:
    """A new admin, for the other admins."""
    return _came_in(one, _("By the setting ADMIN_TELEGRAM_IDS. See /person_{id}", id=one.id))


def came_invited(one: Person, by: str) -> Card:
    """A new admin, for the other admins. by: who had invited them."""
    return _came_in(one, _("By an invitation of {name}. See /person_{id}", name=escape(by), id=one.id))


def _came_in(one: Person, how: str) -> Card:
    return Card(str(Lines(_("{name} is an admin now", name=one.name)).add(how)), silent=True)


def invitations(open_ones: Sequence[Invite], beside: Rows) -> Card:
    """A page of the invitations that somebody may still use."""
    if not open_ones:
        return Card(_("No invitation is open. /invite makes one."), (_back(),))
    lines = Lines(_("Open invitations"))
    for one in open_ones:
        said = _(
            "{id}: {role}, by {name}, {time}, until {end}",
            id=one.id,
            role=one.role.words,
            name=escape(one.by),
            time=moment(one.created_at),
            end=moment(one.expires_at),
        )
        lines.add(said)
    revoke = in_rows([Button(_("Revoke {id}", id=one.id), "irevoke", one.id) for one in open_ones], 3)
    return Card(str(lines), (*beside, *revoke, _back()))


def invite_revoked(invite: Invite, by: str) -> Card:
    """For the other admins, whoever made the invitation among them."""
    said = _(
        "By {name}; {inviter} made it for {role}. It cannot be used any more.",
        name=escape(by),
        inviter=escape(invite.by),
        role=invite.role.one,
    )
    return Card(str(Lines(_("Invitation {id} · Revoked", id=invite.id)).add(said)), silent=True)


def room_bound(title: str) -> Card:
    """What a group is told that is a team room from now on."""
    lines = Lines(_("{title} · Team room", title=title)).add(_(SHOWN_IN_ROOMS))
    lines.add(
        _("Everybody in this group can read it, and new members too where the group shows them earlier messages.")
    )
    return Card(
        str(lines.add(_("Write /here again to end it. What each person may ask for still depends on their role.")))
    )


def room_ended(title: str) -> Card:
    """What a group is told that is a team room no more."""
    lines = Lines(_("{title} · No team room any more", title=title))
    return Card(
        str(
            lines.add(
                _(
                    "Private answers go to your private chats again. The messages above stay readable: delete "
                    "them if you need to."
                )
            )
        )
    )


def room_was_bound(title: str, by: str, at: datetime) -> Card:
    """For the other admins."""
    return _room_news(_("Team room {title} · Bound", title=title), by, at)


def room_was_ended(title: str, by: str, at: datetime) -> Card:
    """For the other admins."""
    return _room_news(_("Team room {title} · Ended", title=title), by, at)


def room_was_left(title: str, by: str, at: datetime) -> Card:
    """For the admins: somebody took the bot out of the group."""
    return _room_news(_("Team room {title} · Ended, since I was taken out of the group", title=title), by, at)


def _room_news(headline: str, by: str, at: datetime) -> Card:
    lines = Lines(headline)
    lines.add(_("By {name}, {time}. /people lists the team rooms.", name=escape(by), time=clock(at)))
    return Card(str(lines), silent=True)


def rooms(bound: Sequence[TeamRoom]) -> Card:
    """Every team room, to be ended from here too."""
    if not bound:
        return Card(_("There is no team room. An admin makes a group one by writing /here in it."), (_back(),))
    lines = Lines(_("Team rooms")).add(
        _("There I also answer what I otherwise answer in private; all members can read it.")
    )
    for room in bound:
        said = _(
            "{title}, by {name}, {time}", title=escape(room.title), name=escape(room.by), time=moment(room.bound_at)
        )
        lines.add(said)
    end = tuple((Button(_("End {title}", title=room.title)[:40], "roomend", room.id),) for room in bound)
    return Card(str(lines), (*end, _back()))
