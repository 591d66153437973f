"""Switching parts off and on, and asking whether they are on: read through memory until a commit changes it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.access.model import TENANT, Permission, Person
from bot.audit.service import record
from bot.flags import cards
from bot.flags.model import Change, Flag, Mode, Switch, SwitchedOff, all_of, check, counts
from bot.kernel.errors import Forbidden, Stale
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import home, reading_as
from bot.messages.service import ADMINS, notify, notify_roles
from bot.messages.topics import Topic
from bot.step_up.checking import check as step_up
from bot.step_up.model import Kind
from storage.core.cache import TenantCache
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.flags import flags
from storage.people import people

CarryOn = Callable[[Transaction], Awaitable[None]]


class Flags:
    """Verbs on flags. What the installation keeps from a tenant is off for it; within the rest its own rows count."""

    def __init__(self, database: Database, carry_on: Mapping[Flag, CarryOn]) -> None:
        """carry_on: by flag, what has the work go on that waited, within the transaction that switches it."""
        self._database = database
        self._carry_on = carry_on
        self._known = TenantCache(database, flags.SIGNAL, _read)

    async def of(self, flag: Flag, tenant: str = TENANT, subject: object = "") -> Switch:
        """How the flag stands: for the installation, or as it counts for a tenant's subject."""
        own = None if tenant == TENANT else (await self._known.of(tenant))[flag]
        return counts((await self._known.of(TENANT))[flag], own, tenant, str(subject))

    async def lets(self, flag: Flag, tenant: str, subject: object = "") -> bool:
        """Whether the part is on for the subject, such as a client's id."""
        return (await self.of(flag, tenant, subject)).lets(tenant, str(subject))

    async def check(self, flag: Flag, who: Person, what: str, then: str, *, subject: int | None = None) -> None:
        """Raise SwitchedOff, in these words, where the part is off for the subject, by default the person; the person
        is told once it is on again.

        what: what does not happen just now. then: what the person can do, and what was kept.
        """
        switch = await self.of(flag, who.tenant, subject or who.id)
        if switch.lets(who.tenant, str(subject or who.id)):
            return
        await self._database.write(lambda tx: flags.wait(tx, who, flag))
        raise SwitchedOff(switch, what, then)

    async def not_on(self, tenant: str) -> Sequence[Switch]:
        """The flags that are not on for everybody of the tenant, as its team may know them."""
        switches = [await self.of(flag, tenant) for flag in Flag]
        return [switch for switch in switches if switch.change.mode is not Mode.ON]

    async def all_of(self, who: Person) -> Mapping[Flag, Switch]:
        """How every flag of the installation stands. Raises Forbidden."""
        _require(who)
        async with self._database.reading() as connection:
            return await _read(connection, TENANT)

    async def switch(self, who: Person, flag: Flag, change: Change, reason: str, version: int | None = None) -> Switch:
        """Switch a part off, on, or on for some; the other admins hear of it, and what waited goes on.

        version: the one that the person saw, None for whichever. Raises Forbidden, StepUpNeeded, Refusal where the
        change makes no sense, Stale where somebody was first.
        """
        _require(who)
        reason = check(change, reason)

        async def work(tx: Transaction) -> Switch:
            if flag is Flag.PAYMENTS and change.mode is not Mode.OFF:
                await step_up(tx, who, Kind.PAYMENTS)
            before = (await _read(tx.connection, TENANT))[flag]
            if version not in {None, before.version}:
                raise Stale(_meanwhile(before, tx.now))
            after = Switch(flag, change, reason, who.name, tx.now, before.version + 1)
            if not await flags.put(tx, TENANT, after, who.id):
                raise Stale(_("Somebody else changed {flag} just now. /flags shows how it stands.", flag=flag))
            await self._record(tx, who, before, after)
            await self._go_on(tx, after)
            return after

        return await self._database.write(work)

    async def _record(self, tx: Transaction, who: Person, before: Switch, after: Switch) -> None:
        subject = f"flag:{after.flag}"
        with reading_as(home()):  # it is written down for others to read
            words = after.change.words
            was = {"before": before.change.words, "after": words, "reason": after.reason}
        await record(tx, TENANT, who, "flag.switched", subject, audited=f"{subject}:{words}", **was)
        await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, partial(cards.news, after), but=(who.id,))

    async def _go_on(self, tx: Transaction, switch: Switch) -> None:
        """Have the work go on that waited, and those told who were refused and would not be any more."""
        if switch.change.mode is Mode.OFF:
            return
        if switch.flag in self._carry_on:
            await self._carry_on[switch.flag](tx)
        let = [one for one in await flags.waiters(tx, switch.flag) if await _lets(tx, switch.flag, *one)]
        for tenant, person_id in let:
            person = await people.by_id(tx.connection, tenant, person_id)
            await notify(tx, person, Topic.BRIEFS, partial(cards.on_again, switch.flag))
        await flags.wait_no_more(tx, switch.flag, [person_id for _, person_id in let])


def _require(who: Person) -> None:
    who.require(Permission.SWITCH_FLAGS)
    if who.tenant != TENANT:
        raise Forbidden(_("These switches are the installation's; only its own admins may change them."))


def _meanwhile(before: Switch, now: datetime) -> str:
    return _(
        "{name} switched it {how} on {time} meanwhile ({reason}). /flags shows how it stands.",
        name=before.by or _("Somebody"),
        how=before.change.words,
        time=moment(before.since or now),
        reason=before.reason,
    )


async def check_within(tx: Transaction, flag: Flag, tenant: str, subject: object, what: str, then: str) -> None:
    """Raise SwitchedOff, in these words, where the part is off for the subject as it stands within the transaction.

    See `Flags.check`, which notes before that a person was refused.
    """
    switch = await _within(tx, flag, tenant, str(subject))
    if not switch.lets(tenant, str(subject)):
        raise SwitchedOff(switch, what, then)


async def _lets(tx: Transaction, flag: Flag, tenant: str, person_id: int) -> bool:
    """Whether the part is on for the person, as it stands within the transaction."""
    return (await _within(tx, flag, tenant, str(person_id))).lets(tenant, str(person_id))


async def _within(tx: Transaction, flag: Flag, tenant: str, subject: str) -> Switch:
    own = None if tenant == TENANT else (await _read(tx.connection, tenant))[flag]
    return counts((await _read(tx.connection, TENANT))[flag], own, tenant, subject)


async def _read(connection: Connection, tenant: str) -> Mapping[Flag, Switch]:
    return all_of(await flags.all_of(connection, tenant))
