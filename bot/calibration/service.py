"""How the gate does against people, and the targets that follow from it: read by the team, adopted by admins."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.access.model import Permission, Person, Role
from bot.audit.service import record
from bot.calibration import target_cards
from bot.calibration.figures import (
    Adopted,
    Decision,
    Labels,
    Opinions,
    Overview,
    Settled,
    Table,
    TypeTarget,
    Version,
    Week,
    standing,
    versions,
    week,
)
from bot.calibration.learning import Judged, propose, shadow
from bot.decisions.model import Facts
from bot.decisions.proposing import decided
from bot.kernel.errors import Refusal, Stale
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.quality.model import Floors
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import calibration as quality
from storage.quality import criteria, folds

T = TypeVar("T")
TargetsOf = Callable[[str], Awaitable[Mapping[TaskType, int]]]
DAYS = 90
LOOK_BACK = timedelta(days=DAYS)
PAST = timedelta(days=30)
WEEK, WEEKS = timedelta(days=7), 12
OF_A_WEEK = 100  # drafts whose scores by criterion are read
# Evidence for a target counts from its adoption, however long ago, and no further back than this.
EVIDENCE = timedelta(days=730)


class Quality:
    """Verbs on quality. `targets`: a tenant's target of each type where no admin has adopted one."""

    def __init__(self, database: Database, floors: Floors, targets: TargetsOf) -> None:
        self._database = database
        self._floors = floors
        self._targets = targets

    async def overview(self, who: Person, task_type: TaskType | None) -> Overview:
        """The figures of all types, or of one. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        now = self._database.clock.now()
        since = folds.day_of(now - LOOK_BACK)
        otherwise = await self._targets(who.tenant)

        async def read(connection: Connection) -> Overview:
            tallies = await quality.tallies(connection, who.tenant, since, self._floors, task_type)
            probes = await quality.probes_caught(connection, who.tenant, since, self._floors, task_type)
            stars = await quality.stars(connection, who.tenant, since, self._floors, task_type)
            targets = await self._type_targets(connection, who.tenant, now, task_type, otherwise)
            return Overview(task_type, standing(tallies, probes, stars), targets, DAYS, now)

        return await self._database.snapshot(read)

    async def drift(self, who: Person, task_type: TaskType | None) -> Sequence[Version]:
        """Scores and people's decisions per version of the prompt."""
        found = await self._recent(
            who, lambda connection, since: quality.tallies(connection, who.tenant, since, self._floors, task_type)
        )
        return versions(found)

    async def weeks(self, who: Person) -> Sequence[Week]:
        """The judge's scores by criterion of the last WEEKS weeks, the newest first. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        now = self._database.clock.now()

        async def read(connection: Connection) -> Sequence[Week]:
            ends = [now - n * WEEK for n in range(WEEKS)]
            return [
                week(end - WEEK, await criteria.scores(connection, who.tenant, end - WEEK, end, OF_A_WEEK))
                for end in ends
            ]

        return await self._database.snapshot(read)

    async def disagreements(self, who: Person, task_type: TaskType | None, most: int) -> Sequence[Decision]:
        """Where gate and people were furthest apart, so many at most."""
        return await self._recent(
            who, lambda connection, since: quality.worst(connection, who.tenant, since, task_type, most)
        )

    async def table(self, who: Person, task_type: TaskType | None) -> Table:
        """The decisions, one by one."""
        found = await self._recent(
            who, lambda connection, since: quality.decided(connection, who.tenant, since, task_type)
        )
        return Table(task_type, found, self._database.clock.now())

    async def opinions(self, who: Person, verdict_id: int) -> Opinions:
        """A draft with what the gate and a person said of it; raises Refusal where no person decided on it."""
        who.require(Permission.READ_REPORTS)
        async with self._database.reading() as connection:
            found = await quality.opinions(connection, who.tenant, verdict_id)
        if found is None:
            raise Refusal(_("No person has decided on that draft. /quality lists those with a decision."))
        return found

    async def targets(self, who: Person) -> Sequence[TypeTarget]:
        """Every type's target."""
        who.require(Permission.READ_REPORTS)
        return await self._read_targets(who.tenant, None)

    async def targets_of(self, tenant: str) -> Sequence[TypeTarget]:
        """The same, for what is made by itself."""
        return await self._read_targets(tenant, None)

    async def target(self, who: Person, task_type: TaskType) -> TypeTarget:
        """A type's target, its evidence, and what is proposed."""
        who.require(Permission.READ_REPORTS)
        (one,) = await self._read_targets(who.tenant, task_type)
        return one

    async def proposed(self, who: Person, task_type: TaskType, target: int, seen: int) -> TypeTarget:
        """The target whose proposal is to be adopted. Raises what adopting would raise."""
        who.require(Permission.ADOPT_TARGETS)
        (one,) = await self._read_targets(who.tenant, task_type)
        _check_seen(one, seen)
        if one.proposal.target != target:
            raise Stale(
                _("The decisions of people no longer support {line}. /quality shows what they support.", line=target)
            )
        return one

    async def adopt(self, who: Person, task_type: TaskType, target: int, seen: int) -> Settled:
        """Hold new briefs of the type to the proposed target, with its evidence written down.

        seen: the id of the target that the person saw as the newest adopted one, 0 for none. Raises Forbidden, and
        Stale where another target was adopted or the evidence speaks for another one by now.
        """
        one = await self.proposed(who, task_type, target, seen)
        proposal = one.proposal
        evidence = {"proposal": asdict(proposal), "last_30_days": asdict(one.past)}

        async def work(tx: Transaction) -> datetime:
            if not await quality.adopt(tx, who.tenant, task_type, target, seen, evidence, who.id):
                raise _changed(task_type)
            subject = f"line:{task_type}"
            data = {"line": target, "before": proposal.present}
            await record(tx, who.tenant, who, "line.adopted", subject, audited=f"{subject}:{target}", **data)
            await decided(tx, who, "minimum_score", _facts(one), adopted=True)
            return tx.now

        return Settled(task_type, target, proposal.present, who.name, await self._database.write(work))

    async def keep(self, who: Person, task_type: TaskType, seen: int) -> Settled:
        """Decline the proposal; raises Forbidden, or Stale where another target was adopted."""
        who.require(Permission.ADOPT_TARGETS)
        (one,) = await self._read_targets(who.tenant, task_type)
        _check_seen(one, seen)
        present = one.proposal.present
        subject = f"line:{task_type}"

        async def work(tx: Transaction) -> datetime:
            data = {"line": present, "declined": one.proposal.target}
            await record(tx, who.tenant, who, "line.kept", subject, audited=f"{subject}:{present}", **data)
            await decided(tx, who, "minimum_score", _facts(one), adopted=False)
            return tx.now

        return Settled(task_type, present, present, who.name, await self._database.write(work))

    async def count(self, tenant: str) -> None:
        """Count the decisions of the days that are over and not counted yet, a stretch of them at a time."""
        now = self._database.clock.now()
        due = await self._database.snapshot(
            lambda connection: folds.due(connection, tenant, now - EVIDENCE, now, self._floors)
        )
        for first in range(0, len(due), folds.AT_ONCE):
            some = due[first : first + folds.AT_ONCE]
            await self._database.write(lambda tx, some=some: folds.fold(tx, tenant, some, self._floors))  # type: ignore[misc]

    async def tell_proposals(self, tenant: str) -> str:
        """Show each proposal to the admins, once; returns a line for the job's record."""
        targets = await self._read_targets(tenant, None)
        proposed = [one for one in targets if one.proposal.target != one.proposal.present]

        async def work(tx: Transaction) -> None:
            for admin in await people.with_roles(tx.connection, tenant, Role.ADMIN):
                for one in proposed:
                    seen = one.adopted.id if one.adopted else 0
                    key = f"line:{one.task_type}:{seen}:{one.proposal.target}:{admin.telegram_id}"
                    await notify(tx, admin, Topic.QUALITY, partial(target_cards.target, one, may_adopt=True), key=key)

        if proposed:
            await self._database.write(work)
        proven = sum(one.proposal.proven for one in targets)
        changes = ", ".join(
            _("{type} {line} to {target}", type=p.task_type.words, line=p.proposal.present, target=p.proposal.target)
            for p in proposed
        )
        return ngettext(
            "{proven} of {n} minimum score proven; proposed: {changes}",
            "{proven} of {n} minimum scores proven; proposed: {changes}",
            len(targets),
            proven=proven,
            changes=changes or _("none"),
        )

    async def _recent(self, who: Person, read: Callable[[Connection, datetime], Awaitable[T]]) -> T:
        who.require(Permission.READ_REPORTS)
        since = folds.day_of(self._database.clock.now() - LOOK_BACK)
        return await self._database.snapshot(lambda connection: read(connection, since))

    async def _read_targets(self, tenant: str, task_type: TaskType | None) -> list[TypeTarget]:
        now = self._database.clock.now()
        otherwise = await self._targets(tenant)
        return await self._database.snapshot(
            lambda connection: self._type_targets(connection, tenant, now, task_type, otherwise)
        )

    async def _type_targets(
        self,
        connection: Connection,
        tenant: str,
        now: datetime,
        task_type: TaskType | None,
        otherwise: Mapping[TaskType, int],
    ) -> list[TypeTarget]:
        adopted = await quality.adopted(connection, tenant)
        first = folds.day_of(now - EVIDENCE)
        types = list(TaskType) if task_type is None else [task_type]
        rest = [one for one in types if one not in adopted or adopted[one].at <= first]
        found = await quality.labels(connection, tenant, first, self._floors, task_type) if rest else []
        targets = []
        for one in types:
            fresh = found
            if one not in rest:
                fresh = await quality.labels(connection, tenant, adopted[one].at, self._floors, one)
            present = adopted[one].target if one in adopted else otherwise[one]
            targets.append(await self._type_target(connection, tenant, now, one, adopted.get(one), present, fresh))
        return targets

    async def _type_target(
        self,
        connection: Connection,
        tenant: str,
        now: datetime,
        task_type: TaskType,
        adopted: Adopted | None,
        present: int,
        found: Sequence[Labels],
    ) -> TypeTarget:
        """The proposal from the decisions by the judge of today: another model's scores say nothing of its own."""
        judge = await quality.judge_of(connection, tenant, now - EVIDENCE, task_type)
        rows = [one.judged(now) for one in found if (one.task_type, one.judge_model) == (task_type, judge)]
        proposal = propose(rows, present)
        past: Sequence[Judged] = ()
        if judge is not None and proposal.target != present:
            past = await quality.past(connection, tenant, now - PAST, self._floors, task_type, judge)
        return TypeTarget(task_type, proposal, adopted, shadow(past, proposal.target, present))


def _facts(one: TypeTarget) -> Facts:
    """What the decision log says of the proposal."""
    proposal, past = one.proposal, one.past
    said: dict[str, str | int] = {"type": one.task_type.value, "present": proposal.present, "new": proposal.target}
    said |= {"audits": proposal.audits.total, "bad": proposal.audits.bad}
    return said | {"more": past.more, "fewer": past.fewer}


def _check_seen(one: TypeTarget, seen: int) -> None:
    if (one.adopted.id if one.adopted else 0) != seen:
        raise _changed(one.task_type)


def _changed(task_type: TaskType) -> Stale:
    return Stale(_("The minimum score of {type} was changed meanwhile. /quality shows it.", type=task_type.words))
