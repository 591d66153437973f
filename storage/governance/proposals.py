"""Queries on proposals and what was decided on them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from bot.decisions.model import DECIDED, Facts, Proposal, ProposalState
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.engine.upsert import insert_new
from storage.tables.people import people
from storage.tables.watch.governance import proposals

_ALL = (
    select(proposals, people.c.name.label("decider"))
    .outerjoin(people, people.c.id == proposals.c.decided_by)
    .where(proposals.c.tenant == bindparam("its_tenant"))
)
_ONE = _ALL.where(proposals.c.id == bindparam("proposal"))
_IN_STATE = _ALL.where(proposals.c.state == bindparam("its_state"))
_OPEN = _IN_STATE.order_by(proposals.c.id)


def _proposal(row: Row[Any]) -> Proposal:
    said = (row.id, row.tenant, row.kind, row.key, row.facts, ProposalState(row.state), row.version, row.made_at)
    return Proposal(*said, row.decided_at, row.decided_by, row.reason or "", row.decider or "")


async def add(tx: Transaction, tenant: str, kind: str, key: str, facts: Facts) -> int | None:
    """Propose it; returns its number, or None where it was proposed before."""
    row: dict[str, Any] = {"tenant": tenant, "kind": kind, "key": key, "facts": dict(facts)}
    row |= {"state": ProposalState.OPEN, "made_at": tx.now}
    return next(iter(await insert_new(tx, proposals, row, "tenant", "key")), None)


async def find(connection: Connection, tenant: str, proposal_id: int) -> Proposal | None:
    """The tenant's proposal of that number."""
    row = (await connection.execute(_ONE, {"its_tenant": tenant, "proposal": proposal_id})).first()
    return None if row is None else _proposal(row)


async def page(connection: Connection, tenant: str, which: Page, state: ProposalState | None = None) -> list[Proposal]:
    """A page of all there ever were, or of those in that state."""
    given: dict[str, Any] = {"its_tenant": tenant}
    if state is None:
        return [_proposal(row) for row in await which.of(connection, _ALL, proposals.c.id, given)]
    found = await which.of(connection, _IN_STATE, proposals.c.id, given | {"its_state": state})
    return [_proposal(row) for row in found]


async def all_open(connection: Connection, tenant: str) -> list[Proposal]:
    """Those that nobody decided on yet, the oldest first; there is one of each thing at most."""
    given = {"its_tenant": tenant, "its_state": ProposalState.OPEN}
    return [_proposal(row) for row in await connection.execute(_OPEN, given)]


async def counts(connection: Connection, tenant: str, states: Collection[ProposalState]) -> dict[ProposalState, int]:
    """How many are in each of these states."""
    query = select(proposals.c.state, func.count()).where(proposals.c.tenant == tenant)
    query = query.where(proposals.c.state.in_(sorted(states))).group_by(proposals.c.state)
    return {ProposalState(state): int(count) for state, count in await connection.execute(query)}


async def decided_since(connection: Connection, tenant: str, since: datetime, limit: int) -> list[Proposal]:
    """Those of the newest so many that were decided since then, the newest first."""
    found = [
        one
        for state in DECIDED
        for one in await page(connection, tenant, Page(limit=limit), state)
        if one.decided_at is not None and one.decided_at >= since
    ]
    return sorted(found, key=lambda one: one.id, reverse=True)[:limit]


async def change(tx: Transaction, proposal: Proposal, **values: Any) -> None:
    """Change it if nobody did since it was read; raises Stale otherwise."""
    statement = update(proposals).where(proposals.c.tenant == proposal.tenant, proposals.c.id == proposal.id)
    statement = statement.where(proposals.c.version == proposal.version)
    if not (await tx.run(statement.values(version=proposal.version + 1, **values))).rowcount:
        raise Stale(_("Somebody else was faster. /decisions shows what they decided."))
