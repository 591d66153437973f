"""Counts of the gate's verdicts, of ratings and of probes by days and longer stretches, so that years of them are read
in a few hundred rows.

A stretch is counted once it has been over for a while (`SETTLED`), by the job `learning`: a day from its rows, a longer
one from the counts of those within it. What changes in it later, such as a late decision of a person, deletes its
counts in the same transaction, and until they are made anew its rows are read one by one, like those of today.
So the figures are the same with these counts and without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, TextClause, bindparam, delete, func, or_, select, text

from bot.quality.model import CRITERIA, Floors
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import EPOCH, Int64, UtcTime, Words, unindexed
from storage.tables.quality import label_counts, probe_counts, star_counts, verdict_counts, verdict_folds, verdicts

DAY = 1
LENGTHS = (DAY, 8, 64, 512)  # days; each is a whole number of the one before
AT_ONCE = 64  # stretches that are counted in one transaction
SETTLED = timedelta(hours=1)  # by which every verdict of a moment is written down, also one that had to wait
Stretch = tuple[int, int]  # its days, and its number

# A draft that is still being audited blind must not show in any figure.
TOLD = (
    "v.tenant = :tenant AND v.created_at >= :since AND v.created_at < :until AND (v.audited = 0 OR v.human IS NOT NULL)"
)
GOOD = "CASE WHEN v.human = 'approved' THEN 1 WHEN v.human IS NOT NULL THEN 0 END"
FLAGGED = "EXISTS (SELECT 1 FROM briefs b WHERE b.id = v.brief_id AND b.flags IS NOT NULL AND b.flags <> '[]')"
UNDER_A_FLOOR = {
    "sqlite": "EXISTS (SELECT 1 FROM evaluations e, json_each(e.results) r WHERE e.draft_id = v.draft_id"
    " AND json_extract(r.value, '$.score') < CASE json_extract(r.value, '$.criterion') {floors} END)",
    "postgresql": "EXISTS (SELECT 1 FROM evaluations e, json_array_elements(CAST(e.results AS json)) r"
    " WHERE e.draft_id = v.draft_id AND CAST(r ->> 'score' AS int) < CASE r ->> 'criterion' {floors} END)",
}
KINDS = f"v.task_type, v.prompt_id, v.judge_model, v.passed, v.blind, {GOOD}"
DECIDED = (
    f"SELECT {{beside}} {KINDS} AS good, count(*) AS decisions, count(v.weighted) AS scored,"  # noqa: S608
    f" coalesce(sum(v.weighted), 0) AS weighted FROM verdicts v WHERE {TOLD} {{of_type}} GROUP BY {KINDS}"
)
SCORES = f"v.task_type, v.judge_model, v.weighted / 100, {GOOD}"
LABELLED = (
    f"SELECT {{beside}} v.task_type, v.judge_model, v.weighted / 100 AS points, {GOOD} AS good, count(*) AS labels"  # noqa: S608
    f" FROM verdicts v WHERE {TOLD} {{of_type}}"
    f" AND v.human IS NOT NULL AND v.weighted IS NOT NULL AND {{line_decides}} GROUP BY {SCORES}"
)
WITHIN = "WHERE {table}.tenant = :tenant AND {table}.created_at >= :since AND {table}.created_at < :until"
# By an expression: SQLite would else walk all of a tenant's rows by the types' index, to be spared the sorting.
STARS = (
    f"SELECT {{beside}} ratings.task_type || '' AS task_type, ratings.stars, count(*) AS ratings FROM ratings"  # noqa: S608
    f" {WITHIN.format(table='ratings')} {{of_type}} GROUP BY ratings.task_type || '', ratings.stars"
)
PROBES = (
    f"SELECT {{beside}} probes.task_type || '' AS task_type, probes.passed, count(*) AS probes FROM probes"  # noqa: S608
    f" {WITHIN.format(table='probes')} {{of_type}} GROUP BY probes.task_type || '', probes.passed"
)


def line_decides(dialect: str, floors: Floors) -> str:
    """The condition that nothing but the target holds the draft: no floor, and no flag."""
    under = UNDER_A_FLOOR[dialect].format(floors=" ".join(f"WHEN '{c}' THEN {floors.of(c):d}" for c in CRITERIA))
    return f"(v.passed = 1 OR NOT (v.weighted >= v.target * 100 OR {FLAGGED} OR {under}))"


def decided(of_type: str, beside: str = "") -> str:
    """The statement that counts verdicts by their kinds."""
    return DECIDED.format(beside=beside, of_type=of_type)


def labelled(dialect: str, floors: Floors, of_type: str, beside: str = "") -> str:
    """The statement that counts people's labels by points."""
    return LABELLED.format(beside=beside, of_type=of_type, line_decides=line_decides(dialect, floors))


def starred(of_type: str, beside: str = "") -> str:
    """The statement that counts ratings by their stars."""
    return STARS.format(beside=beside, of_type=of_type)


def probed(of_type: str, beside: str = "") -> str:
    """The statement that counts probes by what became of them."""
    return PROBES.format(beside=beside, of_type=of_type)


@lru_cache(maxsize=64)  # building a statement takes SQLAlchemy several times longer than running it
def timed(statement: str) -> TextClause:
    """The statement, with its times as the database keeps them."""
    moments = [bindparam(name, type_=UtcTime) for name in ("since", "until")]
    return text(statement).bindparams(*moments)


def named(floors: Floors) -> str:
    """The floors in short."""
    return " ".join(f"{criterion}:{floors.of(criterion)}" for criterion in CRITERIA)


@dataclass(frozen=True, slots=True)
class Parts:
    """A span of time: the stretches of it that are counted, by their rows, and what lies between them."""

    folds: Sequence[int]
    between: Sequence[tuple[datetime, datetime]]


async def parts(
    connection: Connection, tenant: str, since: datetime, until: datetime, floors: Floors, longest: int = LENGTHS[-1]
) -> Parts:
    """The time from then on in as few parts as there are, with no stretch of more than `longest` days."""
    query = select(verdict_folds.c.days, verdict_folds.c.number, verdict_folds.c.id)
    query = query.where(verdict_folds.c.tenant == tenant, verdict_folds.c.floors == named(floors))
    query = query.where(or_(*(_within(days, since, until) for days in LENGTHS if days <= longest)))
    known = {(days, number): fold for days, number, fold in await connection.execute(query)}
    return _parts(known, since, until)


def _within(days: int, since: datetime, until: datetime) -> Any:
    """The stretches of a length that may lie in the time: a stretch for every number between two."""
    first, last = number_of(since, days), number_of(until, days)
    return (verdict_folds.c.days == days) & verdict_folds.c.number.between(first, last)


def _parts(known: Mapping[Stretch, int], since: datetime, until: datetime) -> Parts:
    """The longest stretches first, each where it begins and ends within what is left."""
    found: list[int] = []
    between: list[tuple[datetime, datetime]] = []
    day, at = -((EPOCH - since) // timedelta(days=DAY)), since
    end = min(number_of(until, DAY), max((number for days, number in known if days == DAY), default=0) + 1)
    while day < end:
        days = next((one for one in LENGTHS[::-1] if _begins(known, one, day, end)), None)
        if days is not None:
            begins = begin_of((DAY, day))
            between += [(at, begins)] if at < begins else []
            found.append(known[days, day // days])
            at = begin_of((DAY, day + days))
        day += days or DAY
    return Parts(found, [*between, (at, until)] if at < until else between)


def _begins(known: Mapping[Stretch, int], days: int, day: int, end: int) -> bool:
    return day % days == 0 and day + days <= end and (days, day // days) in known


def number_of(at: datetime, days: int) -> int:
    """The number of the stretch of so many days in which the moment lies."""
    return (at - EPOCH) // timedelta(days=days)


def begin_of(stretch: Stretch) -> datetime:
    """When the stretch begins."""
    days, number = stretch
    return EPOCH + number * timedelta(days=days)


def day_of(at: datetime) -> datetime:
    """When the day began in which the moment lies: what is read from then on has no part of a day before it."""
    return begin_of((DAY, number_of(at, DAY)))


async def due(connection: Connection, tenant: str, since: datetime, now: datetime, floors: Floors) -> list[Stretch]:
    """The settled stretches since then, or since the first verdict, not counted with these floors yet, each
    after those that lie within it.
    """
    first = select(func.min(verdicts.c.created_at)).where(verdicts.c.tenant == tenant, verdicts.c.created_at >= since)
    begin = (await connection.execute(first)).scalar_one()
    if begin is None:
        return []
    query = select(verdict_folds.c.days, verdict_folds.c.number).where(verdict_folds.c.tenant == tenant)
    known = {(days, number) for days, number in await connection.execute(query.where(_of(floors)))}
    wanted = [(days, n) for days in LENGTHS for n in range(number_of(begin, days), number_of(now - SETTLED, days))]
    return sorted({*wanted} - known, key=lambda stretch: (begin_of((stretch[0], stretch[1] + 1)), stretch[0]))


def _of(floors: Floors) -> Any:
    return verdict_folds.c.floors == named(floors)


async def fold(tx: Transaction, tenant: str, stretches: Sequence[Stretch], floors: Floors) -> None:
    """Count what there is in these stretches. Nothing of it is changed meanwhile, nor counted by another at once."""
    if tx.connection.dialect.name == "postgresql":
        await tx.run(text("LOCK TABLE verdicts, ratings, probes IN SHARE MODE"))
        await tx.run(text("LOCK TABLE verdict_folds IN SHARE ROW EXCLUSIVE MODE"))
    await _forget(tx, tenant, stretches)
    for days, number in stretches:
        row = {"tenant": tenant, "days": days, "number": number, "floors": named(floors)}
        fold_id = int((await tx.run(verdict_folds.insert().returning(verdict_folds.c.id), row)).scalar_one())
        within = Parts([], [(begin_of((days, number)), begin_of((days, number + 1)))])
        if days > DAY:
            (span,) = within.between
            within = await parts(tx.connection, tenant, *span, floors, LENGTHS[LENGTHS.index(days) - 1])
        await _count(tx, tenant, fold_id, within, floors)


async def _count(tx: Transaction, tenant: str, fold_id: int, within: Parts, floors: Floors) -> None:
    """Add up the parts that are counted already, and count what lies between them."""
    for since, until in within.between:
        of = {"tenant": tenant, "fold": fold_id, "since": since, "until": until}
        await tx.run(_count_labels(tx.connection.dialect.name, floors), of)
        for statement in (_COUNT_VERDICTS, _COUNT_STARS, _COUNT_PROBES):
            await tx.run(statement, of)
    if within.folds:
        for statement in _ADD_UP:
            await tx.run(statement, {"of": tenant, "fold": fold_id, "within": list(within.folds)})


_COUNT_VERDICTS = timed(
    "INSERT INTO verdict_counts (tenant, fold_id, task_type, prompt_id, judge_model, passed, blind, good, decisions,"
    f" scored, weighted) {decided('', ':tenant, :fold,')}"
)
_COUNT_STARS = timed(
    f"INSERT INTO star_counts (tenant, fold_id, task_type, stars, ratings) {starred('', ':tenant, :fold,')}"
)
_COUNT_PROBES = timed(
    f"INSERT INTO probe_counts (tenant, fold_id, task_type, passed, probes) {probed('', ':tenant, :fold,')}"
)


def _count_labels(dialect: str, floors: Floors) -> TextClause:
    rows = labelled(dialect, floors, "", ":tenant, :fold,")
    columns = "tenant, fold_id, task_type, judge_model, points, good, labels"
    return timed(f"INSERT INTO label_counts ({columns}) {rows}")


def _added_up(table: Table, *sums: str) -> Any:
    """The statement that keeps the sums of some stretches' counts, by all that tells rows apart, as another's."""
    kinds = [column for column in table.c if column.name not in {"id", "tenant", "fold_id", *sums}]
    added = [func.sum(table.c[name]).label(name) for name in sums]
    of, fold_id = bindparam("of", type_=Words), bindparam("fold", type_=Int64)
    rows = select(of, fold_id, *kinds, *added).group_by(*kinds)
    rows = rows.where(unindexed(table.c.tenant) == of, table.c.fold_id.in_(bindparam("within", expanding=True)))
    return table.insert().from_select(["tenant", "fold_id", *(column.name for column in kinds), *sums], rows)


_ADD_UP = (
    _added_up(label_counts, "labels"),
    _added_up(verdict_counts, "decisions", "scored", "weighted"),
    _added_up(star_counts, "ratings"),
    _added_up(probe_counts, "probes"),
)


async def unfold(tx: Transaction, tenant: str, *moments: datetime) -> None:
    """Verdicts or ratings of these moments were changed: what was counted of them holds no more."""
    await _forget(tx, tenant, [(days, number_of(at, days)) for at in moments for days in LENGTHS])


async def _forget(tx: Transaction, tenant: str, stretches: Sequence[Stretch]) -> None:
    if not stretches:
        return
    these = or_(*((verdict_folds.c.days == days) & (verdict_folds.c.number == number) for days, number in stretches))
    ids = list((await tx.run(select(verdict_folds.c.id).where(verdict_folds.c.tenant == tenant, these))).scalars())
    if ids:
        for table in (verdict_counts, label_counts, star_counts, probe_counts):
            await tx.run(delete(table).where(table.c.tenant == tenant, table.c.fold_id.in_(ids)))
        await tx.run(delete(verdict_folds).where(verdict_folds.c.tenant == tenant, verdict_folds.c.id.in_(ids)))
