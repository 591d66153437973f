"""Who is in, as what: roles are raised and lowered, people are removed and let in again, invitations revoked.

Every change is one transaction: it holds all admins, so that of two who lower each other one stays.
"""

from collections.abc import Collection, Sequence
from functools import partial

from bot.access.model import Invite, Permission, Person, Role
from bot.audit.service import record
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, TELEGRAM, notify, notify_roles
from bot.messages.topics import Topic
from bot.people import cards
from bot.step_up.checking import check
from bot.step_up.model import Kind
from storage.core import conversations, outbox
from storage.engine.database import Database, Transaction
from storage.people import invites, people
from storage.review import claims
from storage.support import threads

# What somebody is told as a client, and what operators are told, by the slots and keys of it.
OWN = ("brief:%:delivery:%", "brief:%:rating", "brief:%:progress%", "invoice:%:card%", "invoice:%:receipt%",
       "invoice:%:details:%", "invoice:%:reminder:%", "invoice:%:refund:%", "recording:%", "guided:%",
       "still open:%", "thread:%:client:%")  # fmt: skip
OF_OPERATORS = ("brief:%:review:%", "invoice:%:made", "%:failed%", "thread:%:team:%", "thread:%:file:%", "alert:%:card",
                "incident:%:card", "duty:%", "quiet:%")  # fmt: skip
GIVEN = (Role.CLIENT, Role.ANALYST, Role.OPERATOR, Role.ADMIN, Role.REMOVED)


class People:
    """Verbs of admins on people. `admin_ids` are the Telegram users who are admins by the setting."""

    def __init__(self, database: Database, admin_ids: Collection[int]) -> None:
        self._database = database
        self._admin_ids = frozenset(admin_ids)

    async def get(self, who: Person, person_id: int) -> Person:
        """A person of the admin's tenant; raises Forbidden, or Refusal where there is none of that number."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            person = await people.find(connection, who.tenant, person_id)
        if person is None:
            raise _nobody(person_id)
        return person

    async def change_role(self, who: Person, person_id: int, seen: Role, role: Role) -> Person:
        """Give the person that role in place of the one that was `seen`; REMOVED lets them out.

        Raises Forbidden, StepUpNeeded where they are or become an admin, Stale where they have another role by now,
        Refusal where the change may not be: the last admin stays one, and so does whoever the setting names.
        """
        who.require(Permission.MANAGE_PEOPLE)
        if role not in GIVEN:
            raise Refusal(_("Nobody can be made {role}. /people shows who has which role.", role=role.one))

        async def work(tx: Transaction) -> Person:
            admins = await _with_admins(tx, who)
            person = await people.locked(tx, who.tenant, person_id)
            if person is None:
                raise _nobody(person_id)
            self._check(person, seen, role, admins)
            if Role.ADMIN in {person.role, role}:
                await check(tx, who, Kind.ROLES)
            return await _change(tx, person, role, who)

        return await self._database.write(work)

    def _check(self, person: Person, seen: Role, role: Role, admins: Sequence[Person]) -> None:
        if person.role is not seen or person.role is role:
            raise Stale(
                _("{name} is {role} now. See /person_{id}.", name=person.name, role=person.role.one, id=person.id)
            )
        if person.role is not Role.ADMIN:
            return
        if len(admins) == 1:
            raise Refusal(
                _(
                    "{name} is the last admin. Make somebody else an admin first.",
                    name=person.name,
                )
            )
        if self._by_setting(person):
            raise Refusal(
                _(
                    "{name} is an admin by the setting ADMIN_TELEGRAM_IDS. Take {id} out of it and restart; then "
                    "their own role counts.",
                    name=person.name,
                    id=person.telegram_id,
                )
            )

    def _by_setting(self, person: Person) -> bool:
        return person.telegram_id in self._admin_ids

    async def revoke(self, who: Person, invite_id: int) -> Invite:
        """Let nobody use the invitation any more; raises Forbidden, or Stale where nobody could."""
        who.require(Permission.INVITE)

        async def work(tx: Transaction) -> Invite:
            await _with_admins(tx, who)
            invite = await invites.revoke(tx, who.tenant, invite_id)
            if invite is None:
                raise Stale(_("That invitation was used, revoked, or too old already. /people lists the open ones."))
            subject = f"invite:{invite_id}"
            await record(
                tx, who.tenant, who, "invite.revoked", subject, audited=f"{subject}:{invite.role}", role=invite.role
            )
            show = partial(cards.invite_revoked, invite, who.name)
            await notify_roles(tx, who.tenant, ADMINS, Topic.PEOPLE, show, but=(who.id,))
            return invite

        return await self._database.write(work)

    async def settle(self, tenant: str) -> Sequence[Person]:
        """Bring roles in line with the setting, at a start; returns whose changed.

        Who left it is what they were given otherwise, else a client. Where that would leave nobody who is or could
        become an admin, all stay as they are.
        """

        async def work(tx: Transaction) -> list[Person]:
            admins = await people.locked_admins(tx, tenant)
            given = {admin.id: await people.granted(tx.connection, admin) for admin in admins}
            if not self._admin_ids and Role.ADMIN not in given.values():
                return []
            named = await people.named_in(tx, tenant, self._admin_ids)
            to_be = {one: Role.ADMIN for one in named if one.role is not Role.ADMIN}
            to_be |= {one: given[one.id] or Role.CLIENT for one in admins if not self._by_setting(one)}
            return [await _change(tx, one, role, None) for one, role in to_be.items() if role is not one.role]

        return await self._database.write(work)


async def _with_admins(tx: Transaction, who: Person) -> Sequence[Person]:
    """All admins, held for this transaction; raises Forbidden where `who` is none any more."""
    admins = await people.locked_admins(tx, who.tenant)
    if who.id not in {admin.id for admin in admins}:
        raise Forbidden(_("You are no longer an admin, so nothing was changed. /whoami shows your role."))
    return admins


async def _change(tx: Transaction, person: Person, role: Role, by: Person | None) -> Person:
    """Give the person the role, with all that follows from it. by: the admin who did; None: the setting."""
    before = person.role
    now = await people.set_role(tx, person, role, by_setting=by is None and role is Role.ADMIN)
    revoked = 0
    if not role.may_do_as_much_as(before):
        revoked = await invites.revoke_of(tx, person) if before is Role.ADMIN else 0
        await conversations.end_all(tx, person)
        await claims.end_claims_of(tx, person.tenant, person.id)
        await threads.end_claims_of(tx, person.tenant, person.id)
        keep = (*OWN, *OF_OPERATORS) if role is Role.OPERATOR else OWN
        await outbox.withdraw(tx, person.tenant, TELEGRAM, str(person.telegram_id), keep)
    name = "removed" if role is Role.REMOVED else "role_changed"
    subject = f"person:{person.id}"
    data = {"audited": f"{subject}:{role}", "role": role, "before": before, "after": role}
    await record(tx, person.tenant, by, f"person.{name}", subject, **data)
    by_whom = None if by is None else by.name
    if by is None or by.id != person.id:
        await notify(tx, person, Topic.PEOPLE, partial(cards.your_role, now, before, by_whom))
    told = (person.id,) if by is None else (person.id, by.id)
    show = partial(cards.role_changed, now, before, by_whom, revoked)
    await notify_roles(tx, person.tenant, ADMINS, Topic.PEOPLE, show, but=told)
    return now


def _nobody(person_id: int) -> Refusal:
    return Refusal(_("There is nobody with the number {id}. /people lists everybody.", id=person_id))
