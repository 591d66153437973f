"""Queries on the queue before those who decide: counts by what one may ask for, and pages of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from bot.briefs.model import OPEN_STATES, Brief, State
from bot.kernel.task_type import TaskType
from bot.review.model import QueueFilter, Waiting
from storage.briefs.briefs import brief_of
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.types import unindexed
from storage.tables.briefs import GOES_ON, WAITS_WITH_DEADLINE, briefs
from storage.tables.people import people


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose queue it is, and when: a claim made at or before `claims_since` has ended."""

    tenant: str
    person_id: int
    now: datetime
    claim: timedelta

    @property
    def claims_since(self) -> datetime:
        return self.now - self.claim


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of each kind waits, and how many briefs are under way without waiting for a person."""

    shown: dict[QueueFilter, int]
    under_way: int


async def counts(connection: Connection, asker: Asker) -> Counts:
    """What the queue holds, by one pass over the open briefs."""
    kinds = [kind for kind in QueueFilter if kind.task_type is None]
    columns = [func.count().filter(_is(kind, asker)).label(kind.name) for kind in kinds]
    query = select(briefs.c.state, briefs.c.task_type, func.count().label("all_of_them"), *columns)
    query = query.where(briefs.c.tenant == asker.tenant, briefs.c.state.in_(OPEN_STATES), *GOES_ON)
    shown = dict.fromkeys(QueueFilter, 0)
    under_way = 0
    for row in await connection.execute(query.group_by(briefs.c.state, briefs.c.task_type)):
        if row.state != State.IN_REVIEW:
            under_way += row.all_of_them
        else:
            shown[QueueFilter.of_type(TaskType(row.task_type))] += row.all_of_them
            for kind in kinds:
                shown[kind] += getattr(row, kind.name)
    return Counts(shown, under_way)


async def overdue(connection: Connection, tenant: str, now: datetime) -> tuple[int, Brief | None]:
    """How many drafts before people are past their deadline, and the one that is the longest."""
    late = (briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW, briefs.c.deadline < now)
    count = (await connection.execute(select(func.count()).select_from(briefs).where(*late))).scalar_one()
    query = select(briefs).where(*late).order_by(briefs.c.deadline, briefs.c.id).limit(1)
    row = (await connection.execute(query)).first()
    return count, None if row is None else brief_of(row)


async def page(connection: Connection, asker: Asker, kind: QueueFilter, which: Page) -> list[Waiting]:
    """A page of the briefs of that kind, each with the name of who has it now."""
    rows = await which.of(connection, page_query(asker, kind), briefs.c.id)
    return [Waiting(brief_of(row), row.holder) for row in rows]


async def next_one(connection: Connection, asker: Asker, but: int) -> int | None:
    """The brief that the asker may best decide on next: the longest overdue, else the oldest. None where none waits."""
    claimed = and_(briefs.c.claimed_by != asker.person_id, briefs.c.claimed_at > asker.claims_since)
    query = select(briefs.c.id).where(briefs.c.tenant == asker.tenant, briefs.c.id != but)
    query = query.where(unindexed(briefs.c.client_id) != asker.person_id)
    query = query.where(or_(briefs.c.claimed_by.is_(None), ~claimed)).limit(1)
    late = query.where(*WAITS_WITH_DEADLINE, briefs.c.deadline < asker.now).order_by(briefs.c.deadline, briefs.c.id)
    found = (await connection.execute(late)).scalar()
    if found is None:
        oldest = query.where(briefs.c.state == State.IN_REVIEW).order_by(briefs.c.id)
        found = (await connection.execute(oldest)).scalar()
    return None if found is None else int(found)


def page_query(asker: Asker, kind: QueueFilter) -> Select[Any]:
    """The briefs of that kind, in no order yet."""
    held = and_(people.c.id == briefs.c.claimed_by, briefs.c.claimed_at > asker.claims_since)
    query = select(briefs, people.c.name.label("holder")).outerjoin(people, held)
    return query.where(briefs.c.tenant == asker.tenant, briefs.c.state == State.IN_REVIEW, _is(kind, asker))


def _is(kind: QueueFilter, asker: Asker) -> ColumnElement[bool]:
    if kind.task_type is not None:
        return briefs.c.task_type == kind.task_type
    claimed = and_(briefs.c.claimed_by.is_not(None), briefs.c.claimed_at > asker.claims_since)
    conditions: dict[QueueFilter, ColumnElement[bool]] = {
        QueueFilter.MINE: and_(claimed, briefs.c.claimed_by == asker.person_id),
        QueueFilter.FREE: or_(briefs.c.claimed_by.is_(None), briefs.c.claimed_at <= asker.claims_since),
        QueueFilter.OVERDUE: briefs.c.deadline < asker.now,
        QueueFilter.FLAGGED: and_(briefs.c.flags.is_not(None), briefs.c.flags != []),
    }
    return conditions.get(kind, ~false())
