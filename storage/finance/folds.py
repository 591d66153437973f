"""What the ledger adds up to over days and months that are over, kept as rows: those of `storage.finance.counting`.

A day is added up once it has been over for a while, a month out of its days. A correction that is dated back deletes
the sums of its day and month in its own transaction; until they are made anew the lines themselves are read, as those
of today are. So the figures are the same with these rows and without.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, delete, func, select, text, update

from bot.analytics.model import checksum
from bot.finance.model import Part, first_of_month
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.finance import counting
from storage.finance.counting import Counts
from storage.ledger.postings import whole
from storage.tables.ledger import ledger_folds, ledger_sums, postings

DAY = timedelta(days=1)
SETTLED = timedelta(hours=1)  # by which everything of a moment is written down, also what had to wait
Span = tuple[datetime, datetime]
_KNOWN = select(ledger_folds.c.id, ledger_folds.c.since, ledger_folds.c.until).where(
    ledger_folds.c.tenant == bindparam("its_tenant"),
    ledger_folds.c.zone == bindparam("its_zone"),
    ledger_folds.c.since >= bindparam("first"),
    ledger_folds.c.since < bindparam("last"),
)
_SUMS = select(
    ledger_sums.c.part,
    ledger_sums.c.name,
    ledger_sums.c.account,
    ledger_sums.c.currency,
    func.sum(ledger_sums.c.upper),
    func.sum(ledger_sums.c.lower),
).where(
    ledger_sums.c.fold_id.in_(bindparam("folds", expanding=True)),
    unindexed(ledger_sums.c.tenant) == bindparam("its_tenant"),
    ledger_sums.c.part.in_(bindparam("parts", expanding=True)),
)
_SUMS = _SUMS.group_by(ledger_sums.c.part, ledger_sums.c.name, ledger_sums.c.account, ledger_sums.c.currency)
_FIRST = select(postings.c.posted_at).where(postings.c.tenant == bindparam("its_tenant"))
_FIRST = _FIRST.order_by(postings.c.posted_at).limit(1)
_LONGEST_AGO = select(ledger_folds).where(
    ledger_folds.c.tenant == bindparam("its_tenant"), ledger_folds.c.zone == bindparam("its_zone")
)
_LONGEST_AGO = _LONGEST_AGO.order_by(
    ledger_folds.c.checked_at.is_not(None), ledger_folds.c.checked_at, ledger_folds.c.id
)
_LONGEST_AGO = _LONGEST_AGO.limit(bindparam("at_most"))
_FOLDS_AT = select(ledger_folds.c.id).where(
    ledger_folds.c.tenant == bindparam("its_tenant"),
    ledger_folds.c.since <= bindparam("at"),
    ledger_folds.c.until > bindparam("at"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A time that is added up in few rows (`folds`), and the times between them that are not."""

    folds: Sequence[int]
    between: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Fold:
    """A day or month that is added up. checksum: None where it is of before there were any."""

    id: int
    span: Span
    checksum: str | None


async def totals(connection: Connection, tenant: str, zone: str, since: datetime, until: datetime) -> Counts:
    """What stands on each account by what was posted then."""
    kept = await _kept(connection, tenant, zone, since, until)
    found = [await _of_folds(connection, tenant, kept.folds, [Part.ALL])]
    found += [await counting.in_all(connection, tenant, *span) for span in kept.between]
    return _added(found)


async def parts(connection: Connection, tenant: str, zone: str, since: datetime, until: datetime, part: Part) -> Counts:
    """The same of each type or client, with what models cost them."""
    kept = await _kept(connection, tenant, zone, since, until)
    found = [await _of_folds(connection, tenant, kept.folds, [part])]
    found += [await counting.in_parts(connection, tenant, zone, *span) for span in kept.between]
    return {key: minor for key, minor in _added(found).items() if key[0] == part}


async def first_posted(connection: Connection, tenant: str) -> datetime | None:
    """When the tenant's first entry counts."""
    moment: datetime | None = (await connection.execute(_FIRST, {"its_tenant": tenant})).scalar()
    return moment


async def due(connection: Connection, tenant: str, zone: str, now: datetime) -> list[Span]:
    """The days and months that are over and not added up yet, each month after its days."""
    first = await first_posted(connection, tenant)
    if first is None:
        return []
    there, last = ZoneInfo(zone), (now - SETTLED).astimezone(ZoneInfo(zone)).date()
    days, day = [], first.astimezone(there).date()
    while day < last:
        days.append(day)
        day += DAY
    begin = min(days, default=last)
    rows = await _rows(connection, tenant, zone, midnight(first_of_month(begin), there), now)
    known = {(since, until) for _, since, until in rows}
    wanted = [span for one in days for span in _ending_with(one, there)]
    months = {span for span in known if span[1] - span[0] > 2 * DAY}
    whole_months = [span for span in wanted if span in months]
    return [
        span
        for span in wanted
        if span not in known and not any(m[0] <= span[0] and span[1] <= m[1] for m in whole_months)
    ]


def _ending_with(day: date, zone: ZoneInfo) -> list[Span]:
    """The day, and the month that ends with it."""
    span = (midnight(day, zone), midnight(day + DAY, zone))
    if (day + DAY).day != 1:
        return [span]
    return [span, (midnight(first_of_month(day), zone), span[1])]


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins there, in UTC: times of a zone that are there twice are equal to no other."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


async def fold(tx: Transaction, tenant: str, zone: str, spans: Sequence[Span]) -> None:
    """Add these up. Nothing is posted meanwhile. A month's days are not kept beside it."""
    if tx.connection.dialect.name == "postgresql":
        await tx.run(text("LOCK TABLE postings IN SHARE MODE"))
    for since, until in spans:
        kept = await _kept(tx.connection, tenant, zone, since, until)
        found = [await _of_folds(tx.connection, tenant, kept.folds, list(Part))]
        found += [await counting.in_parts(tx.connection, tenant, zone, *span) for span in kept.between]
        await _forget(tx, tenant, kept.folds)
        sums = _added(found)
        row = {
            "tenant": tenant,
            "zone": zone,
            "since": since,
            "until": until,
            "checksum": checksum(*sorted(sums.items())),
        }
        number = int((await tx.run(ledger_folds.insert().returning(ledger_folds.c.id), row)).scalar_one())
        rows = [_row(key, minor) | {"tenant": tenant, "fold_id": number} for key, minor in sums.items()]
        if rows:
            await tx.run(ledger_sums.insert(), rows)


def _row(key: tuple[str, str, str, str], minor: int) -> dict[str, object]:
    part, name, account, currency = key
    halves = {"upper": minor >> 32, "lower": minor & 0xFFFFFFFF}
    return {"part": part, "name": name, "account": account, "currency": currency, **halves}


async def unfold(tx: Transaction, tenant: str, at: datetime) -> None:
    """Something was posted that counts for that time: what was added up of it holds no more."""
    await _forget(tx, tenant, list((await tx.run(_FOLDS_AT, {"its_tenant": tenant, "at": at})).scalars()))


async def to_check(connection: Connection, tenant: str, zone: str, at_most: int) -> Sequence[Fold]:
    """Those that were never held against the entries, or that the longest ago."""
    rows = await connection.execute(_LONGEST_AGO, {"its_tenant": tenant, "its_zone": zone, "at_most": at_most})
    return [Fold(row.id, (row.since, row.until), row.checksum) for row in rows]


async def sound(connection: Connection, tenant: str, zone: str, fold: Fold) -> bool:
    """Whether its sums are as they were written, and those of the whole are the entries'; of one of before checksums,
    whether all are.
    """
    kept = await _of_folds(connection, tenant, [fold.id], list(Part))
    kept = {key: minor for key, minor in kept.items() if minor}
    if fold.checksum is None:
        counted = await counting.in_parts(connection, tenant, zone, *fold.span)
        return kept == {key: minor for key, minor in counted.items() if minor}
    if checksum(*sorted(kept.items())) != fold.checksum:
        return False
    entries = await counting.in_all(connection, tenant, *fold.span)
    whole_of_it = {key: minor for key, minor in kept.items() if key[0] == Part.ALL}
    return whole_of_it == {key: minor for key, minor in entries.items() if minor}


async def checked(tx: Transaction, tenant: str, good: Sequence[int], broken: Sequence[int]) -> None:
    """Note which of them were found to be sound; what is not goes, to be added up anew."""
    if good:
        change = update(ledger_folds).where(ledger_folds.c.tenant == tenant, ledger_folds.c.id.in_(good))
        await tx.run(change.values(checked_at=tx.now))
    await _forget(tx, tenant, broken)


async def _forget(tx: Transaction, tenant: str, folds: Sequence[int]) -> None:
    if folds:
        await tx.run(delete(ledger_sums).where(ledger_sums.c.tenant == tenant, ledger_sums.c.fold_id.in_(folds)))
        await tx.run(delete(ledger_folds).where(ledger_folds.c.tenant == tenant, ledger_folds.c.id.in_(folds)))


async def _kept(connection: Connection, tenant: str, zone: str, since: datetime, until: datetime) -> Kept:
    """The time in as few parts as there are: the longest that is added up first, and what lies between."""
    longest: dict[datetime, tuple[datetime, int]] = {}
    for number, begin, end in await _rows(connection, tenant, zone, since, until):
        if end <= until and (begin not in longest or end > longest[begin][0]):
            longest[begin] = (end, number)
    folds: list[int] = []
    between: list[Span] = []
    at = since
    for begin in sorted(longest):
        end, number = longest[begin]
        if begin >= at:
            between += [(at, begin)] if at < begin else []
            folds.append(number)
            at = end
    return Kept(folds, [*between, (at, until)] if at < until else between)


async def _rows(
    connection: Connection, tenant: str, zone: str, since: datetime, until: datetime
) -> Sequence[tuple[int, datetime, datetime]]:
    given = {"its_tenant": tenant, "its_zone": zone, "first": since, "last": until}
    return [(row.id, row.since, row.until) for row in await connection.execute(_KNOWN, given)]


async def _of_folds(connection: Connection, tenant: str, folds: Sequence[int], which: Iterable[Part]) -> Counts:
    if not folds:
        return {}
    given = {"its_tenant": tenant, "folds": list(folds), "parts": [part.value for part in which]}
    rows = await connection.execute(_SUMS, given)
    return {(part, name, account, of): whole(upper, lower) for part, name, account, of, upper, lower in rows}


def _added(counts: Iterable[Counts]) -> Counts:
    found: defaultdict[tuple[str, str, str, str], int] = defaultdict(int)
    for one in counts:
        for key, minor in one.items():
            found[key] += minor
    return {key: minor for key, minor in found.items() if minor}
