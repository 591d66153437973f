"""How the gate does against people, and the lines that follow from it: read by the team, adopted by admins."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from bot.access.model import Permission, Person, Role
from bot.audit.service import record
from bot.calibration import cards
from bot.calibration.figures import Adopted, Decision, TypeLine, standing, versions
from bot.calibration.learning import propose, shadow
from bot.kernel.card import Card
from bot.kernel.errors import Refusal, Stale
from bot.kernel.task_type import TaskType
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.quality.model import Floors
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.quality import calibration as quality

DAYS = 90
LOOK_BACK = timedelta(days=DAYS)
PAST = timedelta(days=30)
# Evidence for a line counts from its adoption, however long ago, and no further back than this.
EVIDENCE = timedelta(days=730)


class Quality:
    """Verbs on quality. `lines`: each type's line where no admin has adopted one."""

    def __init__(self, database: Database, floors: Floors, lines: Mapping[TaskType, int]) -> None:
        self._database = database
        self._floors = floors
        self._lines = lines

    async def overview(self, who: Person, task_type: TaskType | None) -> Card:
        """The figures of all types, or of one. Raises Forbidden."""
        who.require(Permission.READ_REPORTS)
        now = self._database.clock.now()
        since = now - LOOK_BACK

        async def read(connection: Connection) -> Card:
            decisions = await quality.decided(connection, who.tenant, since, self._floors, task_type)
            probes = await quality.probes_caught(connection, who.tenant, since, task_type)
            stars = await quality.stars(connection, who.tenant, since, task_type)
            lines = await self._type_lines(connection, who.tenant, now, task_type)
            return cards.overview(task_type, standing(decisions, probes, stars), lines, DAYS, now)

        return await self._database.snapshot(read)

    async def drift(self, who: Person, task_type: TaskType | None) -> Card:
        """Scores and people's decisions per version of the prompt."""
        return cards.drift(task_type, versions(await self._recent(who, task_type)))

    async def disagreements(self, who: Person, task_type: TaskType | None) -> Card:
        """Where gate and people were furthest apart."""
        return cards.disagreements(task_type, await self._recent(who, task_type))

    async def table(self, who: Person, task_type: TaskType | None) -> Card:
        """The decisions as a CSV file."""
        return cards.table(task_type, await self._recent(who, task_type), self._database.clock.now())

    async def opinions(self, who: Person, verdict_id: int) -> Card:
        """A draft with what the gate and a person said of it; raises Refusal where no person decided on it."""
        who.require(Permission.READ_REPORTS)
        async with self._database.reading() as connection:
            found = await quality.opinions(connection, who.tenant, verdict_id)
        if found is None:
            raise Refusal("No person has decided on that draft. /quality lists those that people decided on.")
        return cards.both(found)

    async def lines(self, who: Person) -> Card:
        """Every type's line."""
        who.require(Permission.READ_REPORTS)
        return cards.all_lines(await self._read_lines(who.tenant, None))

    async def line(self, who: Person, task_type: TaskType) -> Card:
        """A type's line, its evidence, and what is proposed."""
        who.require(Permission.READ_REPORTS)
        (one,) = await self._read_lines(who.tenant, task_type)
        return cards.line(one, may_adopt=who.may(Permission.SET_LINES))

    async def ask_to_adopt(self, who: Person, task_type: TaskType, target: int, seen: int) -> Card:
        """Before a line is adopted: what it changes. Raises what adopting would raise."""
        return cards.confirm(await self._proposed(who, task_type, target, seen))

    async def adopt(self, who: Person, task_type: TaskType, target: int, seen: int) -> Card:
        """Hold new briefs of the type to the proposed line, with its evidence written down.

        seen: the id of the line that the person saw as the newest adopted one, 0 for none. Raises Forbidden, and Stale
        where another line was adopted or the evidence speaks for another one by now.
        """
        one = await self._proposed(who, task_type, target, seen)
        proposal = one.proposal
        evidence = {"proposal": asdict(proposal), "last_30_days": asdict(one.past)}

        async def work(tx: Transaction) -> datetime:
            if not await quality.adopt(tx, who.tenant, task_type, target, seen, evidence, who.id):
                raise _changed(task_type)
            subject = f"line:{task_type}"
            data = {"line": target, "before": proposal.line}
            await record(tx, who.tenant, who, "line.adopted", subject, audited=f"{subject}:{target}", **data)
            return tx.now

        at = await self._database.write(work)
        return cards.adopted(task_type, target, proposal.line, who.name, at)

    async def keep(self, who: Person, task_type: TaskType, seen: int) -> Card:
        """Decline the proposal; raises Forbidden, or Stale where another line was adopted."""
        who.require(Permission.SET_LINES)
        (one,) = await self._read_lines(who.tenant, task_type)
        _check_seen(one, seen)
        line = one.proposal.line
        subject = f"line:{task_type}"

        async def work(tx: Transaction) -> datetime:
            data = {"line": line, "declined": one.proposal.target}
            await record(tx, who.tenant, who, "line.kept", subject, audited=f"{subject}:{line}", **data)
            return tx.now

        return cards.kept(task_type, line, who.name, await self._database.write(work))

    async def tell_proposals(self, tenant: str) -> str:
        """Show each proposal to the admins, once; returns a line for the job's record."""
        lines = await self._read_lines(tenant, None)
        proposed = [one for one in lines if one.proposal.target != one.proposal.line]

        async def work(tx: Transaction) -> None:
            for admin in await people.with_roles(tx.connection, tenant, Role.ADMIN):
                for one in proposed:
                    seen = one.adopted.id if one.adopted else 0
                    key = f"line:{one.task_type}:{seen}:{one.proposal.target}:{admin.telegram_id}"
                    await notify(tx, admin, Topic.QUALITY, cards.line(one, may_adopt=True), key=key)

        if proposed:
            await self._database.write(work)
        proven = sum(one.proposal.proven for one in lines)
        changes = ", ".join(f"{p.task_type.value} {p.proposal.line} to {p.proposal.target}" for p in proposed)
        return f"{proven} of {len(lines)} lines proven; proposed: {changes or 'none'}"

    async def _proposed(self, who: Person, task_type: TaskType, target: int, seen: int) -> TypeLine:
        who.require(Permission.SET_LINES)
        (one,) = await self._read_lines(who.tenant, task_type)
        _check_seen(one, seen)
        if one.proposal.target != target:
            raise Stale(f"By now the evidence no longer speaks for {target}. /quality shows what it speaks for.")
        return one

    async def _recent(self, who: Person, task_type: TaskType | None) -> list[Decision]:
        who.require(Permission.READ_REPORTS)
        since = self._database.clock.now() - LOOK_BACK
        return await self._database.snapshot(
            lambda connection: quality.decided(connection, who.tenant, since, self._floors, task_type)
        )

    async def _read_lines(self, tenant: str, task_type: TaskType | None) -> list[TypeLine]:
        now = self._database.clock.now()
        return await self._database.snapshot(lambda connection: self._type_lines(connection, tenant, now, task_type))

    async def _type_lines(
        self, connection: Connection, tenant: str, now: datetime, task_type: TaskType | None
    ) -> list[TypeLine]:
        adopted = await quality.adopted(connection, tenant)
        decisions = await quality.decided(connection, tenant, now - EVIDENCE, self._floors, task_type)
        types = list(TaskType) if task_type is None else [task_type]
        return [self._type_line(one, adopted.get(one), decisions, now) for one in types]

    def _type_line(
        self, task_type: TaskType, adopted: Adopted | None, decisions: list[Decision], now: datetime
    ) -> TypeLine:
        """The proposal from the decisions by the judge of today: another model's scores say nothing of its own."""
        own = [decision for decision in decisions if decision.task_type is task_type]
        rows = [d.judged for d in own if d.judge_model == own[-1].judge_model]
        line = adopted.target if adopted else self._lines[task_type]
        proposal = propose(rows, line, adopted.at if adopted else None)
        past = shadow([row for row in rows if row.created_at >= now - PAST], proposal.target, line)
        return TypeLine(task_type, proposal, adopted, past)


def _check_seen(one: TypeLine, seen: int) -> None:
    if (one.adopted.id if one.adopted else 0) != seen:
        raise _changed(one.task_type)


def _changed(task_type: TaskType) -> Stale:
    return Stale(f"The line of {task_type.value} was changed in the meantime. /quality shows it as it is.")
