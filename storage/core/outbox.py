"""Queries on the outbox: what is to be told to the outside, written in the transaction that decides it."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, select, union_all, update

from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import constant, not_among, unindexed
from storage.engine.upsert import insert_new, upsert, upsert_over
from storage.tables.core import ENDED, outbox, placements

# Built once: building a statement takes SQLAlchemy several times longer than running it.
_WAITS, _GIVEN_UP = (outbox.c.state == constant(state) for state in ("waiting", "undeliverable"))
_WAITING = (outbox.c.channel == bindparam("its_channel"), _WAITS)
_REPLACE = update(outbox).where(outbox.c.slot == bindparam("its_slot"), *_WAITING)
_REPLACE = _REPLACE.where(unindexed(outbox.c.tenant) == bindparam("its_tenant"))
_REPLACE = _REPLACE.values(state="replaced")
_INSERT = outbox.insert()
_DUE = select(outbox).where(*_WAITING, outbox.c.run_at <= bindparam("now"))
_DUE = _DUE.where(not_among(outbox.c.id, "known")).order_by(outbox.c.id).limit(bindparam("at_most"))
_PLACED = (
    (placements.c.tenant == outbox.c.tenant)
    & (placements.c.channel == outbox.c.channel)
    & (placements.c.slot == outbox.c.slot)
)
_LOOK = select(outbox.c.state, placements.c.external_id).outerjoin(placements, _PLACED)
_LOOK = _LOOK.where(outbox.c.tenant == bindparam("its_tenant"), outbox.c.id == bindparam("item"))
_SENT = update(outbox).where(outbox.c.tenant == bindparam("its_tenant"), outbox.c.id == bindparam("item"))
_THEIRS = unindexed(outbox.c.tenant) == bindparam("its_tenant")
_COUNTS = union_all(
    *(
        select(outbox.c.channel, outbox.c.state, func.count())
        .where(_THEIRS, state)
        .group_by(outbox.c.channel, outbox.c.state)
        for state in (_WAITS, _GIVEN_UP)
    )
)
# A mail that comes back names our row; whose it is stands there.
SENT_ITEM = select(outbox).where(outbox.c.id == bindparam("number"), unindexed(outbox.c.state) == "sent")
SENT_ITEM = SENT_ITEM.where(unindexed(outbox.c.channel) == bindparam("its_channel")).with_for_update()
_SENT = _SENT.values(state="sent", error=None, attempts=bindparam("tries"), sent_at=bindparam("now"))


ANYTHING = "*"  # no id of a message or row
NEW = "new:"  # how begins what stands for a message or row that is still to come, each time another


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A waiting outbox row."""

    id: int
    tenant: str
    channel: str
    destination: str
    slot: str | None
    payload: Any
    attempts: int
    key: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of an item: state "sent", "undeliverable" or "waiting" (until `run_at`).

    external_id: what shows the item's slot from now on, where that is something new. instead_of: what showed it when
    the item left, as `look` has it: where something else does by now, that is newer and goes on. heard: people know
    already what stands in its way. blocked: it is given up since the person does not want to be written to.
    """

    item: OutboxRow
    state: str = "sent"
    external_id: str | None = None
    instead_of: str | None = ANYTHING
    error: str | None = None
    run_at: datetime | None = None
    heard: bool = False
    blocked: bool = False


def signal(channel: str) -> str:
    """The signal that wakes the channel's sender."""
    return f"outbox:{channel}"


async def add(
    tx: Transaction,
    tenant: str,
    channel: str,
    destination: str,
    payload: Any,
    *,
    slot: str | None = None,
    key: str | None = None,
    after: timedelta | None = None,
) -> None:
    """Have `payload` told to `destination`.

    With a slot it takes the place of what the slot shows, and of what still waits for it; with a key it is told once.
    after: it is told so much later, unless the slot is to show something newer by then.
    """
    if slot is not None and after is None:
        await tx.run(_REPLACE, {"its_tenant": tenant, "its_slot": slot, "its_channel": channel})
    row = {"tenant": tenant, "channel": channel, "destination": destination, "payload": payload, "slot": slot}
    row |= {"key": key, "created_at": tx.now, "run_at": tx.now + (after or timedelta())}
    if key is None:
        await tx.run(_INSERT, row)
    else:
        await insert_new(tx, outbox, row, "tenant", "channel", "key")
    tx.wake(signal(channel))


async def take_back(tx: Transaction, tenant: str, channel: str, slot: str) -> None:
    """What still waits for the slot is not told: what it shows is as it should be."""
    await tx.run(_REPLACE, {"its_tenant": tenant, "its_slot": slot, "its_channel": channel})


async def add_many(tx: Transaction, tenant: str, channel: str, rows: Sequence[tuple[str, Any, str]]) -> None:
    """Have many payloads told, each given as (destination, payload, slot) with a slot of its own; see `add`."""
    if not rows:
        return
    waiting = update(outbox).where(outbox.c.slot == bindparam("of"), outbox.c.channel == channel)
    waiting = waiting.where(_WAITS, unindexed(outbox.c.tenant) == tenant).values(state="replaced")
    await tx.run(waiting, [{"of": slot} for _, _, slot in rows])
    base = {"tenant": tenant, "channel": channel, "created_at": tx.now, "run_at": tx.now}
    await tx.run(
        outbox.insert(), [base | {"destination": to, "payload": payload, "slot": slot} for to, payload, slot in rows]
    )
    tx.wake(signal(channel))


async def is_known(connection: Connection, tenant: str, channel: str, key: str) -> bool:
    """Whether something was added under that key before."""
    query = select(outbox.c.id).where(outbox.c.tenant == tenant, outbox.c.channel == channel, outbox.c.key == key)
    return (await connection.execute(query)).first() is not None


async def due(
    connection: Connection, channel: str, now: datetime, limit: int, without: Set[int] = frozenset()
) -> list[OutboxRow]:
    """Rows of the channel that wait and whose time has come, oldest first; none of the ids in `without`."""
    given = {"its_channel": channel, "now": now, "at_most": limit, "known": without}
    return [_item(row) for row in await connection.execute(_DUE, given)]


async def still_waiting(connection: Connection, channel: str, ids: Sequence[int]) -> list[OutboxRow]:
    """Those of the channel's rows that wait."""
    query = select(outbox).where(outbox.c.channel == channel, _WAITS, outbox.c.id.in_(ids))
    return [_item(row) for row in await connection.execute(query)]


def _item(row: Row[Any]) -> OutboxRow:
    known = (row.id, row.tenant, row.channel, row.destination, row.slot, row.payload, row.attempts, row.key)
    return OutboxRow(*known, row.created_at)


async def sent_item(tx: Transaction, channel: str, number: int) -> OutboxRow | None:
    """The channel's row of that number where it was sent, whoever's it is; held for the rest of the transaction."""
    row = (await tx.run(SENT_ITEM, {"number": number, "its_channel": channel})).first()
    return None if row is None else _item(row)


async def counts(connection: Connection, tenant: str) -> dict[tuple[str, str], int]:
    """How many of the tenant's rows wait and how many were given up, by (channel, state)."""
    rows = await connection.execute(_COUNTS, {"its_tenant": tenant})
    return {(channel, state): count for channel, state, count in rows}


async def waiting_by_channel(connection: Connection) -> dict[str, int]:
    """How many rows wait on each channel, of all tenants."""
    query = select(outbox.c.channel, func.count()).where(_WAITS).group_by(outbox.c.channel)
    return {channel: count for channel, count in await connection.execute(query)}


async def look(connection: Connection, item: OutboxRow) -> tuple[bool, str | None]:
    """Whether the item still waits, and the outside id of what its slot shows (None: nothing yet); see `shown`."""
    row = (await connection.execute(_LOOK, {"its_tenant": item.tenant, "item": item.id})).first()
    return (False, None) if row is None else (row.state == "waiting", row.external_id)


async def bring_forward(tx: Transaction, after: datetime) -> Sequence[str]:
    """Have what waits until later than that time go out now: nothing is put off so long, so the clock was wrong when
    it was written. Says for which channel each was.
    """
    lost = update(outbox).where(_WAITS, unindexed(outbox.c.run_at) > after).values(run_at=tx.now)
    channels = list((await tx.run(lost.returning(outbox.c.channel))).scalars())
    for channel in set(channels):
        tx.wake(signal(channel))
    return channels


async def redirect(tx: Transaction, channel: str, old: str, new: str) -> None:
    """What waits for one destination goes to another: a group that moved."""
    waiting = update(outbox).where(outbox.c.channel == channel, outbox.c.destination == old)
    await tx.run(waiting.where(_WAITS).values(destination=new))


async def withdraw(tx: Transaction, tenant: str, channel: str, destination: str, keep: Sequence[str]) -> None:
    """What waits for a destination, or was given up for it, is told no more, but for what is named like these.

    keep: patterns of LIKE for slots and keys.
    """
    there = (outbox.c.tenant == tenant, outbox.c.channel == channel, outbox.c.destination == destination)
    name = func.coalesce(outbox.c.slot, outbox.c.key, "")
    rows = update(outbox).where(*there, outbox.c.state.in_(["waiting", "undeliverable"]))
    await tx.run(rows.where(*(name.not_like(pattern) for pattern in keep)).values(state="replaced"))


async def place(
    tx: Transaction, tenant: str, channel: str, slot: str, external_id: str, instead_of: str | None = ANYTHING
) -> None:
    """Remember what shows the slot now; with `instead_of` only where that shows it still, None: nothing."""
    key, values = (
        {"tenant": tenant, "channel": channel, "slot": slot},
        {"external_id": external_id, "updated_at": tx.now},
    )
    if instead_of == ANYTHING:
        await upsert(tx, placements, key, values)
    else:
        await upsert_over(tx, placements, key, values, placements.c.external_id, instead_of)


async def place_of(connection: Connection, tenant: str, channel: str, slot: str) -> str | None:
    """The id of the message or row that shows the slot; None where nothing does."""
    query = select(placements.c.external_id).where(placements.c.tenant == tenant, placements.c.channel == channel)
    return shown((await connection.execute(query.where(placements.c.slot == slot))).scalar_one_or_none())


async def placed_at(connection: Connection, tenant: str, channel: str, slot: str) -> datetime | None:
    """Since when the slot has the message or row that shows it, or that is to come; None where it has none."""
    query = select(placements.c.updated_at).where(placements.c.tenant == tenant, placements.c.channel == channel)
    at: datetime | None = (await connection.execute(query.where(placements.c.slot == slot))).scalar_one_or_none()
    return at


async def show_anew(tx: Transaction, tenant: str, channel: str, slot: str) -> None:
    """What is told of the slot from now on is a new message or row, also where one is under way that is older."""
    await place(tx, tenant, channel, slot, f"{NEW}{token_hex(8)}")


def shown(external_id: str | None) -> str | None:
    """The message or row of that id where it is one that can be changed, and does not stand for one to come."""
    return None if external_id is None or external_id.startswith(NEW) else external_id


async def shown_in(connection: Connection, tenant: str, channel: str, external_id: str) -> list[str]:
    """The slots and keys that are shown by the message or row of that id, in whichever chat."""
    query = select(placements.c.slot).where(placements.c.channel == channel, placements.c.external_id == external_id)
    query = query.where(unindexed(placements.c.tenant) == tenant).order_by(placements.c.id.desc())
    return list((await connection.execute(query)).scalars())


async def forget_places(tx: Transaction, tenant: str, channel: str, prefix: str) -> None:
    """What showed the slots that begin so is gone: what is told of them next is shown anew."""
    gone = delete(placements).where(placements.c.tenant == tenant, placements.c.channel == channel)
    await tx.run(gone.where(placements.c.slot.startswith(prefix, autoescape=True)))


async def given_up(connection: Connection, tenant: str, channel: str, destination: str) -> int:
    """How many slots the provider refused the newest row of: what they show is out of date, and stays so."""
    newer = outbox.alias()
    later = select(newer.c.id).where(newer.c.tenant == tenant, newer.c.channel == channel)
    later = later.where(newer.c.slot == outbox.c.slot, newer.c.id > outbox.c.id)
    query = select(func.count()).select_from(outbox)
    query = query.where(unindexed(outbox.c.tenant) == tenant, outbox.c.channel == channel)
    query = query.where(outbox.c.destination == destination, _GIVEN_UP, ~later.exists())
    return int((await connection.execute(query)).scalar_one())


async def settle(tx: Transaction, reports: Sequence[Delivery]) -> None:
    """Write down what became of items. An item that was replaced meanwhile stays replaced unless it was sent."""
    sent = [r.item for r in reports if r.state == "sent"]
    if sent:
        rows = [{"its_tenant": item.tenant, "item": item.id, "tries": item.attempts + 1} for item in sent]
        await tx.run(_SENT, [row | {"now": tx.now} for row in rows])
    for report in reports:
        item = report.item
        if report.state != "sent":
            await _settle(tx, report)
        name = item.slot or _name_of_thing(item.key)
        if name is not None and report.external_id is not None:
            await place(tx, item.tenant, item.channel, name, report.external_id, report.instead_of)


def _name_of_thing(key: str | None) -> str | None:
    """The key of what is told once of a brief or an invoice, which an answer to it is about."""
    return key if key is not None and key.startswith(("brief:", "invoice:")) else None


async def _settle(tx: Transaction, report: Delivery) -> None:
    """What was not sent: to be tried again, unless it was replaced meanwhile, or given up.

    One without an error was not tried at all: it is no nearer to being late, and what it failed for before stands.
    """
    values: dict[str, Any] = {"state": report.state}
    if report.error is not None:
        values |= {"error": report.error, "attempts": report.item.attempts + 1}
    if report.run_at is not None:
        values["run_at"] = report.run_at
    change = update(outbox).where(outbox.c.tenant == report.item.tenant, outbox.c.id == report.item.id)
    if report.state == "waiting":
        change = change.where(outbox.c.state == "waiting")
    await tx.run(change.values(values))


async def forget(tx: Transaction, before: datetime) -> int:
    """Delete what was sent, replaced or given up before that time; returns how many rows went."""
    # In this order, since SQLite would rather walk all rows than look up in the index a part of unknown size.
    old = select(outbox.c.id).where(ENDED, outbox.c.created_at < before).order_by(outbox.c.created_at)
    return (await tx.run(delete(outbox).where(outbox.c.id.in_(old)))).rowcount


async def waiting_since(connection: Connection, before: datetime) -> int:
    """How many rows have waited since before that time, on every channel."""
    query = select(func.count()).select_from(outbox).where(_WAITS, unindexed(outbox.c.created_at) < before)
    return int((await connection.execute(query)).scalar_one())
