"""Queries on briefs. Every change is a compare-and-set on the version that the caller read."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, Row, Select, bindparam, func, or_, select, union_all, update

from bot.access.model import Person
from bot.briefs.model import STARTED, UNDER_WAY, Brief, State, check_move, no_such
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import NextId, unindexed
from storage.engine.upsert import insert_new
from storage.tables.briefs import GOES_ON, WAITS_FOR_YES, briefs, quotes
from storage.tables.people import people

HELD_LOOK = timedelta(hours=2)
QUOTES = 10**12  # more than there will ever be: so far below zero are their ids, the newest the highest


# Built once, for each step of a brief asks them: building takes SQLAlchemy several times longer than running.
LOAD = select(briefs).where(briefs.c.id == bindparam("brief"))
_OF_TENANT = select(briefs).where(briefs.c.tenant == bindparam("its_tenant"))
# "+": each by its key, and not by walking through all of the tenant's.
_AMONG, _WAS_AMONG = (column.in_(bindparam("ids", expanding=True)) for column in (briefs.c.id, briefs.c.quote_id))
_THEIRS = select(briefs).where(unindexed(briefs.c.tenant) == bindparam("its_tenant"))
_SORTED = _THEIRS.order_by(briefs.c.id.desc())
_BY_IDS = {False: _SORTED.where(_AMONG), True: _SORTED.where(or_(_AMONG, _WAS_AMONG))}  # by whether quotes are named
_BY_IDS_OF_CLIENT = {
    quotes_too: query.where(unindexed(briefs.c.client_id) == bindparam("client"))
    for quotes_too, query in _BY_IDS.items()
}
_GET = _OF_TENANT.where(briefs.c.id == bindparam("brief"))
# What was offered while it was a quote names it as it was called then.
_GET_QUOTE = _THEIRS.where(or_(briefs.c.id == bindparam("brief"), briefs.c.quote_id == bindparam("brief")))
_NEW_QUOTE = quotes.insert().returning(quotes.c.id)
_BY_SOURCE = _OF_TENANT.where(briefs.c.source_key == bindparam("source"))
_LATEST = select(briefs.c.id).where(unindexed(briefs.c.tenant) == bindparam("its_tenant"))
_LATEST = _LATEST.where(briefs.c.client_id == bindparam("client"))
_LATEST_BEGUN = _LATEST.where(briefs.c.id > 0).order_by(briefs.c.id.desc()).limit(20).subquery()
_LATEST_QUOTES = _LATEST.where(briefs.c.id < 0).order_by(briefs.c.id.desc()).limit(20).subquery()
_LATEST_OF_BOTH = union_all(select(_LATEST_BEGUN.c.id), select(_LATEST_QUOTES.c.id))
_QUOTED = _OF_TENANT.where(briefs.c.client_id == bindparam("client"), WAITS_FOR_YES)
_QUOTED = _QUOTED.order_by(briefs.c.id.desc()).limit(50)
_SAME_TEXT = (
    _THEIRS.where(briefs.c.id.in_(_LATEST_OF_BOTH), unindexed(briefs.c.created_at) >= bindparam("since"))
    .where(briefs.c.text == bindparam("its_text"), briefs.c.source_key != bindparam("source"))
    .where(briefs.c.state != State.CANCELLED)
    .order_by(briefs.c.created_at.desc())
    .limit(1)
)


@cache
def _change(columns: tuple[str, ...], *, numbered: bool) -> Executable:
    statement = update(briefs).where(briefs.c.id == bindparam("brief"), briefs.c.version == bindparam("was"))
    statement = statement.where(unindexed(briefs.c.tenant) == bindparam("its_tenant"))
    values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in columns}
    if numbered:
        values |= {"id": NextId(briefs.name), "quote_id": briefs.c.id}
    return statement.values(values).returning(*briefs.c)


@cache
def _page(*, of_client: bool, in_states: bool) -> Select[*tuple[Any, ...]]:
    query = _OF_TENANT
    if of_client:
        query = query.where(briefs.c.client_id == bindparam("client"))
    return query.where(briefs.c.state.in_(bindparam("states", expanding=True))) if in_states else query


def brief_of(row: Row[Any]) -> Brief:
    """The brief in a row that has every column of `briefs`."""
    return Brief(
        id=row.id,
        tenant=row.tenant,
        client_id=row.client_id,
        chat_id=row.chat_id,
        topic=row.topic,
        task_type=TaskType(row.task_type),
        title=row.title,
        text=row.text,
        state=State(row.state),
        version=row.version,
        qa_target=row.qa_target,
        language=row.language,
        deadline=row.deadline,
        price=Money(row.price_minor, row.currency),
        attempt=row.attempt,
        draft_id=row.draft_id,
        note=row.note,
        reason=row.reason,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
        in_review_at=row.in_review_at,
        reminded=row.reminded,
        flags=tuple(row.flags or ()),
        held=row.held,
        failed_from=State(row.failed_from) if row.failed_from else None,
        first_attempt=row.first_attempt,
        created_at=row.created_at,
        updated_at=row.updated_at,
        revision_of=row.revision_of,
        asked_at=row.asked_at,
        usual_seconds=row.usual_seconds,
        read_by=row.read_by,
        quote_id=row.quote_id,
        full_price=None if row.full_minor is None else Money(row.full_minor, row.currency),
        starts_at=row.starts_at,
        file_format=row.file_format or "",
    )


async def get(connection: Connection, tenant: str, brief_id: int, *, lock: bool = False) -> Brief:
    """The brief, with `lock` held for the rest of the transaction; raises Refusal where the tenant has none.

    By the id of a quote also the brief that it became.
    """
    query = _GET if brief_id > 0 else _GET_QUOTE
    query = query.with_for_update() if lock else query
    row = (await connection.execute(query, {"its_tenant": tenant, "brief": brief_id})).first()
    if row is None:
        raise Refusal(no_such(brief_id))
    return brief_of(row)


async def id_now(tx: Transaction, brief: Brief) -> int:
    """The brief's id for what is to point to it; it is held, since a quote gets its number at the yes."""
    return (await get(tx.connection, brief.tenant, brief.id, lock=True)).id


async def client_of(connection: Connection, tenant: str, brief_id: int) -> int | None:
    """Whose brief it is; None where the tenant has none of that number."""
    query = select(briefs.c.client_id).where(unindexed(briefs.c.tenant) == tenant)
    query = query.where(or_(briefs.c.id == brief_id, briefs.c.quote_id == brief_id))
    return (await connection.execute(query)).scalar_one_or_none()


async def load(connection: Connection, brief_id: int) -> Brief:
    """The brief of whichever tenant, for work that no person asked for."""
    return brief_of((await connection.execute(LOAD, {"brief": brief_id})).one())


async def by_source(connection: Connection, tenant: str, source_key: str) -> Brief | None:
    """The brief that this message made; None where it made none."""
    row = (await connection.execute(_BY_SOURCE, {"its_tenant": tenant, "source": source_key})).first()
    return None if row is None else brief_of(row)


async def add(tx: Transaction, source_key: str, values: dict[str, Any]) -> tuple[Brief, bool]:
    """Keep a new brief, or find the one that came from the same source; tells which (True: new).

    One that is not started yet is a quote: it has no number, but an id below zero.
    """
    row = values | {"source_key": source_key, "created_at": tx.now, "updated_at": tx.now}
    if values["state"] == State.QUOTED:
        given = {"tenant": values["tenant"], "created_at": tx.now}
        row["id"] = (await tx.run(_NEW_QUOTE, given)).scalar_one() - QUOTES
    added = await insert_new(tx, briefs, row, "tenant", "source_key")
    brief = await by_source(tx.connection, values["tenant"], source_key)
    assert brief is not None
    return brief, bool(added)


async def same_text(connection: Connection, who: Person, source_key: str, text: str, since: datetime) -> Brief | None:
    """The newest that came since then, from another source, with this very text: of the person's latest 20 briefs and
    their latest 20 quotes.
    """
    asked = {"its_tenant": who.tenant, "client": who.id, "since": since, "its_text": text, "source": source_key}
    row = (await connection.execute(_SAME_TEXT, asked)).first()
    return None if row is None else brief_of(row)


async def quoted(connection: Connection, tenant: str, client_id: int) -> list[Brief]:
    """The 50 newest whose price the client has not answered, newest first."""
    return [brief_of(row) for row in await connection.execute(_QUOTED, {"its_tenant": tenant, "client": client_id})]


async def values_of(connection: Connection, brief: Brief) -> dict[str, Any]:
    """What a brief asks for, as the values of a new quote."""
    columns = (
        "tenant",
        "client_id",
        "chat_id",
        "topic",
        "task_type",
        "title",
        "text",
        "qa_target",
        "language",
        "deadline",
        "file_format",
    )
    query = select(*(briefs.c[name] for name in (*columns, "price_minor", "full_minor", "currency", "audio_seconds")))
    row = (await connection.execute(query.where(briefs.c.tenant == brief.tenant, briefs.c.id == brief.id))).one()
    return {**row._mapping, "state": State.QUOTED}


async def change(tx: Transaction, brief: Brief, **values: Any) -> Brief:
    """Change the brief if nobody did since it was read; raises Stale otherwise."""
    return await _write(tx, brief, values)


async def _write(tx: Transaction, brief: Brief, values: dict[str, Any], *, numbered: bool = False) -> Brief:
    """numbered: it gets the next number."""
    values |= {"version": brief.version + 1, "updated_at": tx.now}
    given = {f"new_{name}": value for name, value in values.items()}
    row = (
        await tx.run(
            _change(tuple(sorted(values)), numbered=numbered),
            given | {"its_tenant": brief.tenant, "brief": brief.id, "was": brief.version},
        )
    ).first()
    if row is None:
        raise _changed(brief)
    return brief_of(row)


async def move(tx: Transaction, brief: Brief, target: State, **values: Any) -> Brief:
    """Change the brief's state as the table of transitions allows; raises Stale otherwise.

    Whatever it waited for is behind it then, but for what is wanted once more where its cancelling is undone. Where it
    comes before people it is nobody's yet, and the wait begins. A quote that is started gets the next number.
    """
    check_move(brief, target)
    if target is State.IN_REVIEW:
        values |= {"in_review_at": tx.now, "reminded": 0, "claimed_by": None, "claimed_at": None}
    if target is not State.CANCELLED:
        values |= {"asked_at": None}
    numbered = target in STARTED and brief.id < 0
    return await _write(tx, brief, {**values, "state": target, "held": None}, numbered=numbered)


async def bring_back(tx: Transaction, brief: Brief, state: State) -> Brief:
    """Have a brief that was just cancelled stand where it stood; raises Stale where it was changed since."""
    return await change(tx, brief, state=state)


def _changed(brief: Brief) -> Stale:
    if brief.is_quote:
        return Stale(_("The quote “{title}” changed in the meantime. /briefs lists your quotes.", title=brief.title))
    return Stale(_("Brief {brief} changed in the meantime. See /brief_{brief}.", brief=brief.id))


async def hold(tx: Transaction, brief: Brief, ceiling: str | None) -> Brief:
    """Note what the brief waits for (None: nothing any more). It is no change of the brief, so its version stays.

    Raises Stale where the brief was changed since it was read.
    """
    statement = update(briefs).where(briefs.c.id == brief.id, briefs.c.version == brief.version)
    statement = statement.where(unindexed(briefs.c.tenant) == brief.tenant)
    row = (await tx.run(statement.values(held=ceiling, updated_at=tx.now).returning(*briefs.c))).first()
    if row is None:
        raise _changed(brief)
    return brief_of(row)


async def held(connection: Connection) -> list[int]:
    """Ids of the briefs of every tenant that wait for room under a ceiling."""
    query = select(briefs.c.id).where(unindexed(briefs.c.state).in_(UNDER_WAY), briefs.c.held.is_not(None))
    return list((await connection.execute(query.order_by(briefs.c.id))).scalars())


async def page(
    connection: Connection,
    tenant: str,
    which: Page,
    client_id: int | None = None,
    states: Collection[State] = (),
) -> list[Brief]:
    """A page of the tenant's briefs; of one client's, or in some states, if asked."""
    query = _page(of_client=client_id is not None, in_states=bool(states))
    given: dict[str, Any] = {"its_tenant": tenant}
    if client_id is not None:
        given["client"] = client_id
    if states:
        given["states"] = list(states)
    return [brief_of(row) for row in await which.of(connection, query, briefs.c.id, given)]


async def old_quotes(connection: Connection, tenant: str, before: datetime, at_most: int) -> list[Brief]:
    """Quotes of the tenant that nobody touched since, the oldest first."""
    query = select(briefs).where(briefs.c.tenant == tenant, briefs.c.state == State.QUOTED)
    query = query.where(unindexed(briefs.c.updated_at) < before).order_by(briefs.c.id).limit(at_most)
    return [brief_of(row) for row in await connection.execute(query)]


async def count_by_state(
    connection: Connection, tenant: str, states: Collection[State], client_id: int | None = None
) -> dict[State, int]:
    """How many briefs are in each of these states (those that only grow are left to reports).

    What has reached its end is left out: a delivered brief without a price too.
    """
    query = select(briefs.c.state, func.count()).where(briefs.c.tenant == tenant, briefs.c.state.in_(states))
    query = query.where(*GOES_ON)
    if client_id is not None:
        query = query.where(briefs.c.client_id == client_id)
    rows = await connection.execute(query.group_by(briefs.c.state))
    return {State(state): count for state, count in rows}


async def longest_in_review(connection: Connection, tenant: str) -> Brief | None:
    """The brief that has waited for a person for the longest time."""
    query = select(briefs).where(briefs.c.tenant == tenant, briefs.c.state == State.IN_REVIEW)
    row = (await connection.execute(query.order_by(briefs.c.in_review_at, briefs.c.id).limit(1))).first()
    return None if row is None else brief_of(row)


async def by_ids(
    connection: Connection, tenant: str, ids: Collection[int], client_id: int | None = None
) -> list[Brief]:
    """The tenant's briefs, or one client's, among these; newest first. By the ids of quotes also what they became."""
    if not ids:
        return []
    given: dict[str, Any] = {"its_tenant": tenant, "ids": list(ids)}
    if client_id is not None:
        given["client"] = client_id
    query = (_BY_IDS if client_id is None else _BY_IDS_OF_CLIENT)[min(ids) < 0]
    return [brief_of(row) for row in await connection.execute(query, given)]


async def untouched_since(connection: Connection, states: Collection[State], before: datetime) -> list[int]:
    """Ids of briefs, of every tenant, that are in one of the states, were not changed since, and go on from there.

    Those that wait for room under a ceiling look after themselves, each hour.
    """
    waits = briefs.c.held.is_not(None) & (briefs.c.updated_at > before - HELD_LOOK)
    query = select(briefs.c.id).where(*GOES_ON, briefs.c.updated_at < before, ~waits)
    query = query.where(unindexed(briefs.c.state).in_(states))
    return list((await connection.execute(query.order_by(briefs.c.id).limit(500))).scalars())


async def client_names(connection: Connection, tenant: str, client_ids: Collection[int]) -> dict[int, str]:
    """The names of these clients, by their ids."""
    query = select(people.c.id, people.c.name).where(people.c.tenant == tenant, people.c.id.in_(client_ids))
    return {person_id: name for person_id, name in await connection.execute(query)}
