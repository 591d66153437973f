"""Verbs of step-up: an admin confirms by a code, or another admin does; authenticators come and go."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from bot.access.model import Permission, Person, Role
from bot.access.sealing import Sealer
from bot.audit.service import record
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.messages.service import Show, notify
from bot.messages.topics import Topic
from bot.step_up import cards, codes, hiding
from bot.step_up.checking import check, check_now, others
from bot.step_up.model import (
    FREE_FAILURES,
    LASTS,
    LOST,
    Asked,
    Authenticator,
    Confirmed,
    Key,
    Kind,
    LockedOut,
    Standing,
    State,
    WrongCode,
    locked_until,
    reset_needs,
    wait_after,
)
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.step_up import rows


class StepUp:
    """Verbs. sealer: encrypts the keys of authenticators, and codes on their way through the inbox."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database, self._sealer = database, sealer

    def hide(self, update: Any) -> Any:
        """An update as it may be kept: what looks like a code is encrypted."""
        return hiding.hidden(update, self._sealer)

    def show(self, update: Any) -> Any:
        """The update as it came."""
        return hiding.shown(update, self._sealer)

    async def require(self, who: Person, kind: Kind) -> None:
        """Raise StepUpNeeded where the person has to confirm first."""
        async with self._database.reading() as connection:
            await check_now(connection, self._database.clock.now(), who, kind)

    async def expects_codes(self, who: Person) -> bool:
        """Whether what looks like a code may be one: the person has an authenticator."""
        if not who.may(Permission.MANAGE_PEOPLE):
            return False
        async with self._database.reading() as connection:
            return await rows.has_authenticator(connection, who.tenant, who.id)

    async def standing(self, who: Person) -> Standing:
        """How it stands with the person's authenticator. Raises Forbidden."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            found = await rows.find(connection, who.tenant, who.id)
            left = await rows.recovery_left(connection, who.tenant, who.id)
            count = len(await others(connection, who))
        if found is None or not found.secret:
            return Standing(None, 0, count, None)
        return Standing(found.set_up_at, left, count, locked_until(found, self._database.clock.now()))

    async def confirm(self, who: Person, kind: Kind, typed: str) -> Confirmed:
        """Confirm by a code, once. Raises Forbidden, WrongCode, or LockedOut after too many."""
        who.require(Permission.MANAGE_PEOPLE)
        given = await self._database.write(lambda tx: self._tried(tx, who, kind, typed))
        if isinstance(given, Refusal):
            raise given
        return given

    async def _tried(self, tx: Transaction, who: Person, kind: Kind, typed: str) -> Confirmed | Refusal:
        """A refusal is returned, so that the failure is written down."""
        of = await rows.held(tx, who)
        if not of.secret:
            return Forbidden(_("You have no authenticator. /authenticator sets one up."))
        if (until := locked_until(of, tx.now)) is not None:
            return LockedOut(until - tx.now)
        step = self._step_of(who, of.secret, typed, tx, of.last_step)
        if step is None and not await rows.use_recovery(tx, who, codes.recovery_hash(typed)):
            return await self._failed(tx, who, of)
        await rows.put(tx, who, replace(of, last_step=step or of.last_step, failures=0, failed_at=None))
        await rows.confirm(tx, who.tenant, who.id, kind, tx.now + LASTS)
        by = "recovery code" if step is None else "code"
        await record(
            tx, who.tenant, who, "step_up.confirmed", f"person:{who.id}", audited=f"{kind}:{by}", kind=kind, by=by
        )
        left = await rows.recovery_left(tx.connection, who.tenant, who.id) if step is None else None
        return Confirmed(kind, left)

    async def _failed(self, tx: Transaction, who: Person, of: Authenticator) -> Refusal:
        failures = of.failures + 1
        await rows.put(tx, who, replace(of, failures=failures, failed_at=tx.now))
        await record(tx, who.tenant, who, "step_up.failed", f"person:{who.id}", failures=failures)
        if not (wait := wait_after(failures)):
            return WrongCode()
        if failures % FREE_FAILURES == 0:
            await self._tell_others(tx, who, partial(cards.locked, who.name, failures))
        return LockedOut(wait)

    def _step_of(self, who: Person, sealed: str, typed: str, tx: Transaction, after: int) -> int | None:
        secret = self._sealer.open(sealed, _about(who))
        return None if secret is None else codes.step_of(secret, typed, tx.now, after)

    async def begin(self, who: Person) -> Key:
        """Begin to set up an authenticator: its key is shown this once. Raises Forbidden, StepUpNeeded."""
        who.require(Permission.MANAGE_PEOPLE)
        secret = codes.new_secret()

        async def work(tx: Transaction) -> None:
            await check(tx, who, Kind.AUTHENTICATOR)
            of = await rows.held(tx, who)
            await rows.put(tx, who, replace(of, pending=self._sealer.seal(secret, _about(who))))

        await self._database.write(work)
        return Key(secret, codes.picture_of(codes.address_of(secret, who.name)))

    async def finish(self, who: Person, typed: str) -> Sequence[str]:
        """Have the authenticator count that was begun, once a code of it came; returns its recovery codes.

        Raises Forbidden, StepUpNeeded, WrongCode, or Stale where none was begun.
        """
        who.require(Permission.MANAGE_PEOPLE)
        recovery = codes.new_recovery_codes()

        async def work(tx: Transaction) -> None:
            await check(tx, who, Kind.AUTHENTICATOR)
            of = await rows.held(tx, who)
            if not of.pending:
                raise Stale(_("Nothing is being set up. /authenticator begins it."))
            step = self._step_of(who, of.pending, typed, tx, 0)
            if step is None:
                raise WrongCode
            now = Authenticator(who.id, of.pending, "", step, 0, None, tx.now)
            await rows.put(tx, who, now)
            await rows.put_recovery(tx, who, [codes.recovery_hash(one) for one in recovery])
            await self._changed(tx, who, "set_up", cards.was_set_up)

        await self._database.write(work)
        return recovery

    async def renew_recovery(self, who: Person) -> Sequence[str]:
        """New recovery codes in place of those before. Raises Forbidden, StepUpNeeded, Stale."""
        who.require(Permission.MANAGE_PEOPLE)
        recovery = codes.new_recovery_codes()

        async def work(tx: Transaction) -> None:
            await check(tx, who, Kind.AUTHENTICATOR)
            if not (await rows.held(tx, who)).secret:
                raise Stale(_("You have no authenticator. /authenticator sets one up."))
            await rows.put_recovery(tx, who, [codes.recovery_hash(one) for one in recovery])
            await self._changed(tx, who, "recovery_renewed", cards.has_new_recovery)

        await self._database.write(work)
        return recovery

    async def take_off(self, who: Person) -> None:
        """Have no codes of the person count any more. Raises Forbidden, StepUpNeeded, Stale."""
        who.require(Permission.MANAGE_PEOPLE)

        async def work(tx: Transaction) -> None:
            await check(tx, who, Kind.AUTHENTICATOR)
            if not await rows.drop(tx, who.tenant, who.id):
                raise Stale(_("You have no authenticator. /authenticator sets one up."))
            await self._changed(tx, who, "taken_off", cards.was_taken_off)

        await self._database.write(work)

    async def ask_others(self, who: Person, kind: Kind, again: Mapping[str, Any]) -> int:
        """Ask the other admins to confirm; returns how many they are. again: what goes on then. Raises Refusal."""
        return await self._ask(who, kind, again)

    async def lost(self, who: Person) -> int:
        """Ask the other admins to take off the person's authenticator, which is lost. Raises Refusal."""
        return await self._ask(who, LOST, {})

    async def _ask(self, who: Person, kind: str, again: Mapping[str, Any]) -> int:
        who.require(Permission.MANAGE_PEOPLE)

        async def work(tx: Transaction) -> int:
            team = await others(tx.connection, who)
            if not team:
                raise Refusal(
                    _(
                        "There is no other admin who could confirm. Whoever runs the server can take your "
                        "authenticator off: echopilot authenticator-off {id}",
                        id=who.telegram_id,
                    )
                )
            asked = await rows.ask(tx, who, kind, again)
            await record(tx, who.tenant, who, "step_up.asked", f"person:{who.id}", audited=kind, kind=kind)
            await self._show(tx, asked, who, team)
            return len(team)

        return await self._database.write(work)

    async def answer(self, who: Person, request_id: int, *, yes: bool) -> None:
        """Confirm what another admin asked, or refuse it. Raises Forbidden, Refusal, Stale."""
        who.require(Permission.MANAGE_PEOPLE)

        async def work(tx: Transaction) -> None:
            admins = {one.id: one for one in await people.locked_admins(tx, who.tenant)}
            asked = await rows.asked(tx.connection, who.tenant, request_id, lock=True)
            if who.id not in admins:
                raise Forbidden(_("You are no longer an admin, so nothing was changed. /whoami shows your role."))
            if asked is None:
                raise Refusal(_("There is nothing to confirm with that number."))
            if asked.person_id == who.id:
                raise Forbidden(_("You asked for this yourself, so another admin has to confirm it."))
            if asked.state is not State.WAITING or asked.over(tx.now) or asked.person_id not in admins:
                raise Stale(_("That was answered already, or it is too late. Nothing was changed."))
            if asked.first_by == who.id:
                raise Stale(_("You said yes already; it counts once. Another admin has to say it too."))
            await self._answered(tx, who, asked, admins, yes=yes)

        await self._database.write(work)

    async def _answered(
        self, tx: Transaction, who: Person, asked: Asked, admins: Mapping[int, Person], *, yes: bool
    ) -> None:
        asker = admins[asked.person_id]
        team = [one for one in admins.values() if one.id != asker.id]
        if yes and asked.kind == LOST and asked.first_by is None and reset_needs(len(team)) > 1:
            await rows.first_yes(tx, asked, who.id)
            await record(tx, who.tenant, who, "step_up.seconded", f"person:{asker.id}", audited=asked.kind)
            await self._show(tx, replace(asked, first_by=who.id), asker, team)
            return
        state = State.CONFIRMED if yes else State.REFUSED
        await rows.end(tx, asked, state, who.id)
        done = replace(asked, state=state, ended_by=who.id)
        name = "confirmed" if yes else "refused"
        said = {"kind": asked.kind, "by": f"person:{who.id}"}
        await record(
            tx, who.tenant, who, f"step_up.{name}", f"person:{asker.id}", audited=f"{asked.kind}:{name}", **said
        )
        if yes and asked.kind == LOST:
            await rows.drop(tx, asker.tenant, asker.id)
            await record(tx, who.tenant, who, "authenticator.reset", f"person:{asker.id}")
        elif yes:
            await rows.confirm(tx, asker.tenant, asker.id, asked.kind, tx.now + LASTS)
        await self._show(tx, done, asker, team, who.name)
        answer = partial(cards.answered, done, who.name)
        await notify(tx, asker, Topic.PEOPLE, answer, slot=_slot(asked, asker), urgent=True)

    async def _show(self, tx: Transaction, asked: Asked, asker: Person, team: Sequence[Person], by: str = "") -> None:
        """Show the other admins what they are asked, in one message each that follows what becomes of it."""
        for one in team:
            show = partial(cards.request, asked, asker.name, one.id, by)
            await notify(tx, one, Topic.PEOPLE, show, slot=_slot(asked, one), urgent=True, shown=True)

    async def _changed(self, tx: Transaction, who: Person, name: str, told: Any) -> None:
        await record(tx, who.tenant, who, f"authenticator.{name}", f"person:{who.id}")
        await self._tell_others(tx, who, partial(told, who.name))

    async def _tell_others(self, tx: Transaction, who: Person, show: Show) -> None:
        for one in await others(tx.connection, who):
            await notify(tx, one, Topic.PEOPLE, show, urgent=True)

    async def ready(self, tenant: str) -> tuple[int, int]:
        """How many admins the tenant has, and how many of them have an authenticator."""
        async with self._database.reading() as connection:
            admins = {one.id for one in await people.with_roles(connection, tenant, Role.ADMIN)}
            return len(admins), len(admins & await rows.with_authenticator(connection, tenant))

    async def reset(self, telegram_id: int) -> bool:
        """Take off somebody's authenticator for whoever runs the server; False where they have none."""

        async def work(tx: Transaction) -> bool:
            person = await people.by_telegram_id(tx.connection, telegram_id)
            if person is None or not await rows.drop(tx, person.tenant, person.id):
                return False
            await record(tx, person.tenant, None, "authenticator.reset", f"person:{person.id}", by="server")
            await self._tell_others(tx, person, partial(cards.was_taken_off, person.name))
            await notify(tx, person, Topic.PEOPLE, cards.was_reset, urgent=True)
            return True

        return await self._database.write(work)


def _slot(asked: Asked, of: Person) -> str:
    """The message to one admin; by this name nothing holds it back, see `storage.backups.restores`."""
    return f"stepup:{asked.id}:{of.telegram_id}"


def _about(who: Person) -> str:
    return f"authenticator {who.tenant} {who.id}"
