"""Queries on the versions of prompts, and on how each did."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, case, func, select, update

from bot.kernel.errors import Refusal
from bot.kernel.translation import gettext as _
from bot.prompts.model import Record, Version
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.types import unindexed
from storage.engine.upsert import insert_new
from storage.quality import scores
from storage.tables.briefs import decisions, drafts
from storage.tables.models import model_calls
from storage.tables.quality import prompts

SIGNAL = "prompts"
NEWEST_DRAFTS = 1_000


def _version(row: Row[Any]) -> Version:
    return Version(
        row.id,
        row.tenant,
        row.purpose,
        row.task_type,
        row.version,
        row.system,
        row.changelog,
        row.author_id,
        row.active,
        row.created_at,
    )


async def active(connection: Connection, tenant: str) -> Sequence[Version]:
    """The versions in use, by purpose and type."""
    query = select(prompts).where(prompts.c.tenant == tenant, prompts.c.active == True)  # noqa: E712
    rows = await connection.execute(query.order_by(prompts.c.purpose, prompts.c.task_type))
    return tuple(_version(row) for row in rows)


async def get(connection: Connection, tenant: str, prompt_id: int) -> Version:
    """The version; raises Refusal where the tenant has none of that number."""
    query = select(prompts).where(prompts.c.tenant == tenant, prompts.c.id == prompt_id)
    row = (await connection.execute(query)).first()
    if row is None:
        raise Refusal(_("There is no prompt {prompt}. /prompts lists them.", prompt=prompt_id))
    return _version(row)


async def page(connection: Connection, tenant: str, purpose: str, task_type: str, which: Page) -> list[Version]:
    """A page of the versions for a purpose and type, newest first."""
    query = select(prompts).where(prompts.c.tenant == tenant, *_group(purpose, task_type))
    return [_version(row) for row in await which.of(connection, query, prompts.c.id)]


async def numbered(connection: Connection, tenant: str, purpose: str, task_type: str, version: int) -> Version | None:
    """The version of that number; None where there is none."""
    query = select(prompts).where(prompts.c.tenant == tenant, *_group(purpose, task_type))
    row = (await connection.execute(query.where(prompts.c.version == version))).first()
    return None if row is None else _version(row)


async def same_text(connection: Connection, tenant: str, purpose: str, task_type: str, system: str) -> Version | None:
    """The version that says exactly this, if there is one."""
    query = select(prompts).where(prompts.c.tenant == tenant, *_group(purpose, task_type))
    row = (await connection.execute(query.where(prompts.c.system == system).limit(1))).first()
    return None if row is None else _version(row)


async def in_use(tx: Transaction, tenant: str, purpose: str, task_type: str) -> Version | None:
    """The version in use for exactly that type, if any; all its versions are locked until the end of `tx`."""
    query = select(prompts).where(prompts.c.tenant == tenant, *_group(purpose, task_type))
    rows = (await tx.run(query.order_by(prompts.c.id).with_for_update())).all()
    return next((_version(row) for row in rows if row.active), None)


async def latest(connection: Connection, tenant: str, purpose: str, task_type: str) -> int:
    """The highest number among the versions for a purpose and type; 0 where there is none."""
    query = select(func.max(prompts.c.version)).where(prompts.c.tenant == tenant, *_group(purpose, task_type))
    return int((await connection.execute(query)).scalar_one() or 0)


async def add(tx: Transaction, row: Mapping[str, Any]) -> Version | None:
    """Keep a new version, not in use; None where somebody else took its number in the meantime.

    `row` has the columns from tenant to author_id.
    """
    row = {**row, "active": False, "created_at": tx.now}
    added = await insert_new(tx, prompts, row, "tenant", "purpose", "task_type", "version")
    return Version(id=added[0], **row) if added else None


async def put_in_use(tx: Transaction, version: Version) -> None:
    """Put this version in use, in place of any other for its purpose and type; every process hears of it."""
    only_it = update(prompts).where(prompts.c.tenant == version.tenant, *_group(version.purpose, version.task_type))
    await tx.run(only_it.values(active=case((prompts.c.id == version.id, 1), else_=0)))
    tx.wake(SIGNAL)


async def take_out_of_use(tx: Transaction, version: Version) -> None:
    """Leave the purpose and type without a version of its own."""
    await tx.run(
        update(prompts).where(prompts.c.tenant == version.tenant, prompts.c.id == version.id).values(active=False)
    )
    tx.wake(SIGNAL)


async def record(connection: Connection, version: Version) -> Record:
    """How the version's newest drafts (1,000 at most) did."""
    newest = select(drafts.c.id, drafts.c.brief_id).where(unindexed(drafts.c.tenant) == version.tenant)
    newest = newest.where(drafts.c.prompt_id == version.id).order_by(drafts.c.id.desc())
    ids = newest.limit(NEWEST_DRAFTS).subquery()
    made = (await connection.execute(select(func.count()).select_from(ids))).scalar_one()
    score = await scores.mean(connection, version.tenant, select(ids.c.id))
    by_people = (
        select(decisions.c.verdict, func.count())
        .join(ids, and_(ids.c.brief_id == decisions.c.brief_id, ids.c.id == decisions.c.draft_id))
        .where(unindexed(decisions.c.tenant) == version.tenant, decisions.c.person_id.is_not(None))
        .group_by(decisions.c.verdict)
    )
    counts = {verdict: number for verdict, number in await connection.execute(by_people)}
    decided = sum(counts.values())
    return Record(made, score, decided, decided - counts.get("approved", 0))


async def calls_since(connection: Connection, version: Version, since: datetime) -> int:
    """How many calls were made with the version since then."""
    query = select(func.count()).where(model_calls.c.tenant == version.tenant, model_calls.c.created_at >= since)
    return int((await connection.execute(query.where(model_calls.c.prompt_version == version.name))).scalar_one())


def _group(purpose: str, task_type: str) -> tuple[Any, Any]:
    return prompts.c.purpose == purpose, prompts.c.task_type == task_type
