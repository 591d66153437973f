"""Who somebody is, and how they became it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Row

from bot.access.model import REMOVED_WORDS, TENANT, Permission, Person, Role, stranger
from bot.audit.service import record
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.ids import code_hash, new_code
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number
from bot.messages.service import ADMINS, TELEGRAM, notify_roles
from bot.messages.topics import Topic
from bot.people import cards
from bot.step_up.checking import check
from bot.step_up.model import Kind
from storage.alerts import undelivered
from storage.core.arriving import is_back
from storage.engine.database import Database, Transaction
from storage.people import invites, people

INVITE_LIFETIME = timedelta(days=7)
WAITS_AT_MOST = timedelta(minutes=5)  # a transaction for another one: what came meanwhile counts too
INVITABLE = (Role.CLIENT, Role.OPERATOR, Role.ANALYST, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class ClientTarget:
    """A client's name, and the target (0 to 100) of their new briefs."""

    client: str
    points: int


class Access:
    """Verbs on people. `admin_ids` are the Telegram users who are admins by configuration."""

    def __init__(self, database: Database, admin_ids: Collection[int]) -> None:
        self._database = database
        self._admin_ids = frozenset(admin_ids)

    async def identify(self, telegram_id: int, name: str, language: str, *, private: bool = True) -> Person:
        """The person behind a Telegram user; a stranger where nobody invited them.

        private: they write in their own chat, which says that they can be written to there.
        """
        async with self._database.reading() as connection:
            person = await people.by_telegram_id(connection, telegram_id)
        ours = person is None or person.tenant == TENANT  # who is another tenant's cannot be made the installation's
        if telegram_id in self._admin_ids and ours and (person is None or person.role is not Role.ADMIN):
            person = await self._database.write(lambda tx: self._admin_by_setting(tx, telegram_id, name, language))
        elif person is not None and person.reach != "open" and private:
            await self.set_reach(telegram_id, "open")
        return person or stranger(telegram_id, name, language)

    async def _admin_by_setting(self, tx: Transaction, telegram_id: int, name: str, language: str) -> Person:
        person = await people.enroll(tx, TENANT, telegram_id, name, Role.ADMIN, language, by_setting=True)
        await record(tx, TENANT, None, "person.role_changed", f"person:{person.id}", role=Role.ADMIN, by="setting")
        await notify_roles(tx, TENANT, ADMINS, Topic.PEOPLE, partial(cards.came_by_setting, person), but=(person.id,))
        return person

    async def invite(self, who: Person, role: Role) -> str:
        """Make a code that gives one person that role in the inviter's tenant.

        Raises Forbidden unless the inviter may invite, and StepUpNeeded for an admin.
        """
        who.require(Permission.INVITE)
        code = new_code()

        async def work(tx: Transaction) -> None:
            if role is Role.ADMIN:
                await check(tx, who, Kind.ROLES)
            await invites.add(tx, who.tenant, code_hash(code), role, who.id, INVITE_LIFETIME)
            await record(tx, who.tenant, who, "invite.made", f"person:{who.id}", audited=role, role=role)

        await self._database.write(work)
        return code

    async def redeem(self, who: Person, code: str, language: str) -> Person:
        """Give the person the invitation's role, and return them as they are now.

        Raises Refusal where the code is unknown, used by somebody else, revoked, too old, or would take rights away.
        The same person may open the same link twice.
        """

        async def work(tx: Transaction) -> Person:
            now = await people.by_telegram_id(tx.connection, who.telegram_id) or who
            invite = await invites.use(tx, code_hash(code))
            if invite is not None and invite.redeemed_by == now.id and now.role is not Role.REMOVED:
                return now
            if invite is None or not await _is_open(tx, invite, now):
                if now.role is Role.REMOVED:
                    raise Forbidden(_(REMOVED_WORDS))
                raise Refusal(
                    _(
                        "This invitation no longer works: each is for one person and lasts 7 days. "
                        "Ask whoever sent it for a new one."
                    )
                )
            if now.id and now.tenant != invite.tenant:
                raise Refusal(
                    _(
                        "You belong to another studio here, and your briefs and invoices stay there. Open this "
                        "invitation with another Telegram account; it is still unused."
                    )
                )
            role = Role(invite.role)
            if now.role.may_do_as_much_as(role):
                raise Refusal(
                    _(
                        "You are {role} already. This invitation is for {other} and is still unused: forward it "
                        "to the right person.",
                        role=now.role.one,
                        other=role.one,
                    )
                )
            person = await people.enroll(tx, invite.tenant, who.telegram_id, who.name, role, language)
            await invites.mark_used(tx, invite.tenant, invite.id, person.id)
            await record(tx, invite.tenant, person, "invite.redeemed", f"person:{person.id}", audited=role, role=role)
            if role is Role.ADMIN:
                inviter = await people.by_id(tx.connection, invite.tenant, invite.created_by)
                show = partial(cards.came_invited, person, inviter.name)
                await notify_roles(tx, invite.tenant, ADMINS, Topic.PEOPLE, show, but=(person.id,))
            return person

        return await self._database.write(work)

    async def set_target(self, who: Person, client: str, points: int | None) -> Person:
        """Set the target (0 to 100) of a client's new briefs, or with None give them the targets of their types again.

        client: a name or a Telegram id. Raises Forbidden, or Refusal where it names nobody, or several.
        """
        who.require(Permission.SET_TARGETS)

        async def work(tx: Transaction) -> Person:
            found = await people.clients_called(tx.connection, who.tenant, client)
            if not found:
                raise Refusal(
                    _("There is no client “{name}”. Write a name or a Telegram id: /target Alice 85.", name=client)
                )
            if len(found) > 1:
                ids = ", ".join(str(person.telegram_id) for person in found)
                raise Refusal(
                    _(
                        "There are {n} clients called {name}. Write one's Telegram id: {ids}.",
                        n=number(len(found)),
                        name=client,
                        ids=ids,
                    )
                )
            return await _set_target(tx, who, found[0], points)

        return await self._database.write(work)

    async def set_target_of(self, who: Person, person_id: int, points: int | None) -> Person:
        """The same of the client of that number. Raises Forbidden, or Refusal where that is no client."""
        who.require(Permission.SET_TARGETS)

        async def work(tx: Transaction) -> Person:
            client = await people.find(tx.connection, who.tenant, person_id)
            if client is None or client.role is not Role.CLIENT:
                raise Refusal(_("There is no client {id}. /clients lists them.", id=person_id))
            return await _set_target(tx, who, client, points)

        return await self._database.write(work)

    async def targets(self, who: Person, most: int) -> Sequence[ClientTarget]:
        """The clients that have a target of their own, so many at most. Raises Forbidden."""
        who.require(Permission.SET_TARGETS)
        async with self._database.reading() as connection:
            found = await people.targets(connection, who.tenant, most)
        return [ClientTarget(client.name, points) for client, points in found]

    async def set_reach(self, telegram_id: int, reach: str) -> None:
        """Note that the person can ("open") or cannot ("blocked") be written to.

        Who comes back gets what they missed.
        """

        async def work(tx: Transaction) -> None:
            await people.set_reach(tx, telegram_id, reach)
            person = await people.by_telegram_id(tx.connection, telegram_id)
            if reach == "open" and person is not None:
                await undelivered.send_again(tx, person.tenant, TELEGRAM, str(telegram_id))

        await self._database.write(work)


async def refused(tx: Transaction, telegram_id: int, began: datetime) -> None:
    """Note that a message to the person was refused, unless they came back since it went on its way."""
    await people.is_open(tx, telegram_id)  # who comes back just now is noted before or after, and not in between
    if not await is_back(tx.connection, telegram_id, began, tx.now + WAITS_AT_MOST):
        await people.set_reach(tx, telegram_id, "blocked")


async def _set_target(tx: Transaction, who: Person, client: Person, points: int | None) -> Person:
    await people.set_target(tx, client, points)
    words = "none" if points is None else str(points)
    subject = f"person:{client.id}"
    await record(tx, who.tenant, who, "target.set", subject, audited=f"{subject}:{words}", target=points)
    return client


async def _is_open(tx: Transaction, invite: Row[Any], person: Person) -> bool:
    """Whether the person may still use the invitation: one made before they were removed lets nobody back in."""
    if invite.redeemed_by is not None or invite.revoked_at is not None or invite.expires_at < tx.now:
        return False
    inviter = await people.by_id(tx.connection, invite.tenant, invite.created_by)
    if not inviter.may(Permission.INVITE):
        return False
    removed_at = await people.removed_at(tx.connection, person) if person.id else None
    return removed_at is None or invite.created_at > removed_at
