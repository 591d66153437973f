"""Every paid call of a model: its most is set aside from all ceilings before, and its cost recorded after.

What a call may cost at most is reserved in one transaction, shared by those who come at the same time. Its cost is
settled in the transaction that records what came of it. What a crash leaves open counts as spent in the end.
"""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from itertools import groupby
from typing import Any, Generic, TypeVar

from bot.flags.model import Flag, Switch
from bot.flags.service import Flags
from bot.kernel import paying
from bot.kernel.errors import EchoPilotError, ProviderError
from bot.kernel.text.storable import storable
from bot.models.budget import Ceiling, Payer, Reached, Reservation, reached, scopes_of, totals, turns_at
from bot.models.ports import Answer, Models, Preview, Prompt, Recording, Transcript
from storage.briefs import drafts
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.engine.group_commit import GroupCommit
from storage.models import budget as spend

T = TypeVar("T")
Limits = Mapping[Ceiling, int]
LimitsOf = Callable[[str], Awaitable[Limits]]
ZoneOf = Callable[[str], Awaitable[tzinfo]]
# The region whose rules refuse the provider for a tenant's client; None where they may be called.
RefusedFor = Callable[[str, int], Awaitable[str | None]]
# How long a call can be under way at most, before what it set aside is not expected back.
UNDER_WAY = timedelta(minutes=10)
ABANDONED = timedelta(hours=1)
BYTES_PER_SECOND = 2_000  # of sound whose length nobody told: speech at a low rate, so that it is rather too long


class BudgetExceeded(EchoPilotError):
    """A ceiling has no room for a call, and the call was not made. `until`: when its period turns, if it has one."""

    def __init__(self, what: Reached, until: datetime | None) -> None:
        super().__init__(f"the ceiling {what.scope} has no room left")
        self.what = what
        self.until = until


class CallsSwitchedOff(BudgetExceeded):
    """A person switched calls of models off, for all or for this payer; the call was not made, and may be later."""

    def __init__(self, switch: Switch) -> None:
        super().__init__(Reached(Ceiling.SWITCH, f"switch:{switch.flag}", switch.version, busy=False), None)
        self.args = (f"calls of models: {switch.who}",)


class RegionRefuses(BudgetExceeded):
    """The rules of where the client lives keep the models from being called for them; the call was not made."""

    def __init__(self, region: str, payer: Payer) -> None:
        self.region = region
        super().__init__(Reached(Ceiling.REGION, f"region:{region}:{payer.client_id}", 0, busy=False), None)
        self.args = (f"the rules of region {region} refuse the provider of models",)


@dataclass(frozen=True, slots=True)
class BilledCall(Generic[T]):
    """What came of a paid call, to be recorded by `Spend.record`; `call`: the columns of `model_calls`."""

    result: T
    call: Mapping[str, Any]
    reservation: Reservation | None


@dataclass(slots=True)
class _Want:
    payer: Payer
    purpose: str
    amount: int
    limits: Limits
    zone: tzinfo
    outcome: Reservation | Reached | None = None


class Spend:
    """Verbs on paid calls. `limits`: a tenant's ceilings, in millionths of a US dollar; one that is missing or 0 does
    not hold. `zone`: the time zone in which a tenant's days and months turn.
    """

    def __init__(
        self,
        database: Database,
        models: Models,
        limits: LimitsOf,
        zone: ZoneOf,
        flags: Flags,
        refused_for: RefusedFor,
    ) -> None:
        self._database = database
        self._flags = flags
        self._refused_for = refused_for
        self._models = models
        self._limits = limits
        self._zone = zone
        self._wants: GroupCommit[_Want] = GroupCommit(database, self._reserve_all)

    async def check(self, payer: Payer) -> None:
        """Raise CallsSwitchedOff where a person switched calls off for the payer, RegionRefuses where a region did."""
        switch = await self._flags.of(Flag.MODEL_CALLS, payer.tenant, payer.client_id or "")
        if not switch.lets(payer.tenant, str(payer.client_id or "")):
            raise CallsSwitchedOff(switch)
        if payer.client_id is not None and (region := await self._refused_for(payer.tenant, payer.client_id)):
            raise RegionRefuses(region, payer)

    async def ask(self, payer: Payer, model: str, prompt: Prompt, preview: Preview | None = None) -> BilledCall[Answer]:
        """One answer of a model; where it only thought, it is asked once more with more room. Raises NoRoom,
        ProviderError.

        A call that failed and was perhaps billed is recorded at the most that it may have cost.
        """
        paid = await self._ask(payer, model, prompt, preview)
        if not paid.result.starved:
            return paid
        try:
            more = await self._ask(payer, model, prompt.with_more_room(), preview)
        except BudgetExceeded:
            return paid
        except ProviderError as error:
            if error.permanent:
                return paid
            error.paid = True
            await self._database.write(lambda tx: self.record(tx, payer, [paid]))
            raise
        await self._database.write(lambda tx: self.record(tx, payer, [paid]))
        return more

    async def _ask(self, payer: Payer, model: str, prompt: Prompt, preview: Preview | None) -> BilledCall[Answer]:
        await self.check(payer)
        most = self._models.most(model, prompt)
        reservation = await self._reserve(payer, prompt.purpose, most)
        lost = Answer("", "failed", model, 0, 0, most, 0).as_call(prompt)
        answer = await self._paying(payer, reservation, lost, lambda: self._models.ask(model, prompt, preview))
        answer = replace(answer, text=storable(answer.text))
        return BilledCall(answer, answer.as_call(prompt), reservation)

    async def transcribe(self, payer: Payer, recording: Recording) -> BilledCall[Transcript]:
        """A recording, written down. Raises NoRoom, ProviderError."""
        await self.check(payer)
        most = self._models.most_to_transcribe(recording.seconds or len(recording.data) // BYTES_PER_SECOND)
        reservation = await self._reserve(payer, "transcribe", most)
        lost = {**Transcript("", recording.seconds, most, 0, "").as_call(), "outcome": "failed"}
        heard = await self._paying(payer, reservation, lost, lambda: self._models.transcribe(recording))
        return BilledCall(heard, heard.as_call(), reservation)

    def longest_recording(self) -> int | None:
        """Seconds of sound that can be written down at most; None where no such end is known."""
        return self._models.longest_recording()

    async def record(self, tx: Transaction, payer: Payer, paid: Sequence[BilledCall[Any]]) -> None:
        """Write calls down and settle what was set aside for them; the last thing that a transaction does."""
        await drafts.add_calls(tx, payer.tenant, payer.brief_id, [one.call for one in paid])
        await _settle(tx, [(one.reservation, one.call["cost_micro_usd"]) for one in paid if one.reservation])

    async def settle_abandoned(self) -> int:
        """Count as spent what was set aside long ago for calls that nobody recorded; returns how many there were."""

        async def work(tx: Transaction) -> int:
            left = await spend.open_reservations(tx.connection, until=tx.now - ABANDONED)
            for row in left:
                await spend.settle(tx, row.payer.tenant, row.id, row.amount)
            return len(left)

        return await self._database.write(work)

    async def _paying(
        self,
        payer: Payer,
        reservation: Reservation | None,
        lost: Mapping[str, Any],
        call: Callable[[], Awaitable[T]],
    ) -> T:
        began = time.perf_counter()
        try:
            result = await call()
        except ProviderError as error:
            error.paid = error.unknown
            if error.unknown:
                await self._record_lost(payer, reservation, lost, began)
            elif reservation is not None:
                await self._database.write(lambda tx: _settle(tx, [(reservation, 0)]))
            raise
        except Exception:  # a fault of ours, after which the call may have been billed all the same
            await self._record_lost(payer, reservation, lost, began)
            raise
        paying.answered()
        return result

    async def _record_lost(
        self, payer: Payer, reservation: Reservation | None, lost: Mapping[str, Any], began: float
    ) -> None:
        """Write down a call that came to nothing at the most that it may have cost."""
        call = {**lost, "latency_ms": round((time.perf_counter() - began) * 1000)}
        await self._database.write(lambda tx: self.record(tx, payer, [BilledCall(None, call, reservation)]))

    async def _reserve(self, payer: Payer, purpose: str, amount: int) -> Reservation | None:
        """Set the amount aside, or raise NoRoom; None where the call costs nothing or no ceiling holds."""
        limits = await self._limits(payer.tenant) if amount else {}
        if not any(limits.values()):
            return None
        zone = await self._zone(payer.tenant)
        want = _Want(payer, purpose, amount, limits, zone)
        await self._wants.add(want)
        if isinstance(want.outcome, Reached):
            raise BudgetExceeded(want.outcome, turns_at(want.outcome.ceiling, self._database.clock.now(), zone))
        return want.outcome

    async def _reserve_all(self, tx: Transaction, wants: Sequence[_Want]) -> None:
        by_tenant = sorted(wants, key=lambda want: want.payer.tenant)
        for tenant, theirs in groupby(by_tenant, key=lambda want: want.payer.tenant):
            await self._reserve_for(tx, tenant, list(theirs))

    async def _reserve_for(self, tx: Transaction, tenant: str, wants: Sequence[_Want]) -> None:
        scopes = [scopes_of(want.payer, tx.now, want.zone) for want in wants]
        used = await spend.lock(tx, tenant, {scope for of_one in scopes for scope in of_one.values()})
        before = dict(used)
        granted: list[tuple[_Want, tuple[str, ...]]] = []
        refused: list[tuple[_Want, Mapping[Ceiling, str]]] = []
        for want, theirs in zip(wants, scopes, strict=True):
            if reached(want.amount, theirs, limits=want.limits, used=used, reserved={}) is not None:
                refused.append((want, theirs))
                continue
            granted.append((want, tuple(theirs.values())))
            for scope in theirs.values():
                used[scope] += want.amount
        ids = await spend.reserve(tx, [(want.payer, want.purpose, want.amount) for want, _ in granted])
        for reservation_id, (want, names) in zip(ids, granted, strict=True):
            want.outcome = Reservation(reservation_id, tenant, names, want.amount)
        await spend.add(tx, tenant, {scope: used[scope] - before[scope] for scope in sorted(used)})
        aside = await _set_aside(tx.connection, tenant, tx.now, wants[0].zone) if refused else {}
        for late, towards in refused:
            late.outcome = reached(late.amount, towards, limits=late.limits, used=used, reserved=aside)


async def _set_aside(connection: Connection, tenant: str, now: datetime, zone: tzinfo) -> dict[str, int]:
    """What calls under way have set aside, by scope."""
    under_way = await spend.open_reservations(connection, tenant, since=now - UNDER_WAY)
    return totals([(tuple(scopes_of(row.payer, row.created_at, zone).values()), row.amount) for row in under_way])


async def _settle(tx: Transaction, spent: Sequence[tuple[Reservation, int]]) -> None:
    back = [
        (reservation.scopes, cost - reservation.amount)
        for reservation, cost in spent
        if await spend.settle(tx, reservation.tenant, reservation.id, cost)
    ]
    if back:
        await spend.add(tx, spent[0][0].tenant, totals(back))
