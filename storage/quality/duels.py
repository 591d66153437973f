"""Queries on duels of prompts and their pairs."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.experiments.model import Duel, Pair, Tally, Verdict
from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.quality import duel_pairs, duels

SIGNAL = "duels"
LISTED = 10


def _duel(row: Row[Any]) -> Duel:
    return Duel(row.id, row.tenant, row.task_type, row.prompt_a, row.prompt_b, row.state, row.created_at, row.ended_at)


async def running(connection: Connection, tenant: str) -> Sequence[Duel]:
    """The duels that go on, at most one per task type."""
    query = select(duels).where(duels.c.tenant == tenant, duels.c.state == Verdict.RUNNING)
    return tuple(_duel(row) for row in await connection.execute(query.order_by(duels.c.id)))


async def get(connection: Connection, tenant: str, duel_id: int) -> Duel:
    """The duel; raises Refusal where the tenant has none of that number."""
    row = (await connection.execute(select(duels).where(duels.c.tenant == tenant, duels.c.id == duel_id))).first()
    if row is None:
        raise Refusal(_("There is no duel {duel}. /duels lists them.", duel=duel_id))
    return _duel(row)


async def lock(tx: Transaction, tenant: str, duel_id: int) -> Duel:
    """The duel, which nobody else changes or counts until the end of `tx`."""
    query = select(duels).where(duels.c.tenant == tenant, duels.c.id == duel_id)
    return _duel((await tx.run(query.with_for_update())).one())


async def newest(connection: Connection, tenant: str) -> list[Duel]:
    """The ten newest duels."""
    query = select(duels).where(duels.c.tenant == tenant).order_by(duels.c.id.desc()).limit(LISTED)
    return [_duel(row) for row in await connection.execute(query)]


async def add(tx: Transaction, tenant: str, task_type: str, prompt_a: int, prompt_b: int, person_id: int) -> Duel:
    """Begin a duel; every process hears of it."""
    row = {"tenant": tenant, "task_type": task_type, "prompt_a": prompt_a, "prompt_b": prompt_b}
    row |= {"state": Verdict.RUNNING, "person_id": person_id, "created_at": tx.now}
    duel_id = (await tx.run(duels.insert().returning(duels.c.id), row)).scalar_one()
    tx.wake(SIGNAL)
    return Duel(duel_id, tenant, task_type, prompt_a, prompt_b, Verdict.RUNNING, tx.now, None)


async def end(tx: Transaction, duel: Duel, state: str) -> None:
    """End the duel in that state; every process hears of it."""
    await tx.run(
        update(duels).where(duels.c.tenant == duel.tenant, duels.c.id == duel.id).values(state=state, ended_at=tx.now)
    )
    tx.wake(SIGNAL)


async def pair_of(connection: Connection, tenant: str, duel_id: int, brief_id: int) -> Pair | None:
    """The duel's pair of that brief; None where there is none."""
    query = select(duel_pairs).where(duel_pairs.c.tenant == tenant, duel_pairs.c.duel_id == duel_id)
    row = (await connection.execute(query.where(duel_pairs.c.brief_id == brief_id))).first()
    return None if row is None else Pair(row.id, row.brief_id, row.text_a, row.text_b, row.winner)


async def add_pair(tx: Transaction, duel: Duel, brief_id: int, text_a: str, text_b: str) -> None:
    """Keep the texts of a pair; one that is there already stands."""
    row = {"tenant": duel.tenant, "duel_id": duel.id, "brief_id": brief_id, "text_a": text_a, "text_b": text_b}
    await insert_new(tx, duel_pairs, row | {"winner": None, "created_at": tx.now}, "duel_id", "brief_id")


async def set_winner(tx: Transaction, tenant: str, pair_id: int, winner: str) -> bool:
    """Write down who won; False where that stands already."""
    once = update(duel_pairs).where(duel_pairs.c.tenant == tenant, duel_pairs.c.id == pair_id)
    return (await tx.run(once.where(duel_pairs.c.winner.is_(None)).values(winner=winner))).rowcount > 0


async def tallies(connection: Connection, tenant: str, *duel_ids: int) -> dict[int, Tally]:
    """The judged pairs of each of these duels."""
    query = (
        select(duel_pairs.c.duel_id, duel_pairs.c.winner, func.count())
        .where(duel_pairs.c.tenant == tenant, duel_pairs.c.duel_id.in_(duel_ids), duel_pairs.c.winner.is_not(None))
        .group_by(duel_pairs.c.duel_id, duel_pairs.c.winner)
    )
    counts = {(duel_id, winner): count for duel_id, winner, count in await connection.execute(query)}
    return {n: Tally(*(counts.get((n, winner), 0) for winner in ("a", "b", "tie"))) for n in duel_ids}
