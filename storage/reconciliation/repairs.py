"""Queries on repairs that need somebody else's yes."""

from typing import Any

from sqlalchemy import Row, bindparam, select, update

from bot.access.model import Person
from bot.kernel.errors import Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.reconciliation.model import Mismatch, RepairRequest, RepairState
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.tables.reconciliation import WAITS, ledger_repairs

LOAD = select(ledger_repairs).where(ledger_repairs.c.id == bindparam("repair"))
_OF_TENANT = LOAD.where(ledger_repairs.c.tenant == bindparam("its_tenant"))
_OF_TENANT_LOCKED = _OF_TENANT.with_for_update()
_WAITING = select(ledger_repairs).where(
    ledger_repairs.c.tenant == bindparam("its_tenant"), ledger_repairs.c.mismatch_id == bindparam("mismatch"), WAITS
)
_CHANGE = update(ledger_repairs).where(
    ledger_repairs.c.tenant == bindparam("its_tenant"),
    ledger_repairs.c.id == bindparam("repair"),
    ledger_repairs.c.version == bindparam("was"),
)
_CHANGE = _CHANGE.values(state=bindparam("becomes"), version=ledger_repairs.c.version + 1).returning(*ledger_repairs.c)


async def add(tx: Transaction, who: Person, mismatch: Mismatch, amount: Money) -> RepairRequest:
    """Write down that the person asks for the repair of what they saw."""
    row: dict[str, Any] = {"tenant": who.tenant, "mismatch_id": mismatch.id, "mismatch_version": mismatch.version}
    row |= {"asked_by": who.id, "amount_minor": amount.minor, "currency": amount.currency}
    row |= {"state": RepairState.REQUESTED, "created_at": tx.now}
    return _request((await tx.run(ledger_repairs.insert().returning(*ledger_repairs.c), row)).one())


async def load(connection: Connection, repair_id: int) -> RepairRequest | None:
    """The one that a task carries out, of whichever tenant."""
    row = (await connection.execute(LOAD, {"repair": repair_id})).first()
    return None if row is None else _request(row)


async def find(connection: Connection, tenant: str, repair_id: int, *, lock: bool = False) -> RepairRequest | None:
    """The tenant's request of that number, with `lock` held for the rest of the transaction."""
    query = _OF_TENANT_LOCKED if lock else _OF_TENANT
    row = (await connection.execute(query, {"its_tenant": tenant, "repair": repair_id})).first()
    return None if row is None else _request(row)


async def waiting(connection: Connection, tenant: str, mismatch_id: int) -> RepairRequest | None:
    """The one that waits for a yes, or to be carried out, of a mismatch."""
    row = (await connection.execute(_WAITING, {"its_tenant": tenant, "mismatch": mismatch_id})).first()
    return None if row is None else _request(row)


async def change(tx: Transaction, request: RepairRequest, state: RepairState) -> RepairRequest:
    """Change its state if nobody did since it was read; raises Stale otherwise."""
    given = {"its_tenant": request.tenant, "repair": request.id, "was": request.version, "becomes": state}
    row = (await tx.run(_CHANGE, given)).first()
    if row is None:
        raise Stale(_("This repair changed in the meantime. /approvals lists what waits."))
    return _request(row)


def _request(row: Row[Any]) -> RepairRequest:
    return RepairRequest(
        row.id,
        row.tenant,
        row.mismatch_id,
        row.mismatch_version,
        row.asked_by,
        Money(row.amount_minor, row.currency),
        RepairState(row.state),
        row.version,
    )
