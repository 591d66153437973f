"""The area wired up: its verbs, its task, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access.model import TENANT
from bot.approvals.model import Approval
from bot.approvals.service import Approvals
from bot.audit.service import record
from bot.billing import area as billing
from bot.core import Area, Core
from bot.invoices.ports import Payments
from bot.kernel.events import Event, Reaction
from bot.ledger import area as ledger
from bot.reconciliation.closing import Closing
from bot.reconciliation.comparing import Comparing
from bot.reconciliation.importing import Importing
from bot.reconciliation.model import REPAIR, RepairState
from bot.reconciliation.repairing import Repairing
from bot.reconciliation.service import RECONCILE, Reconciliation
from bot.reconciliation.settings import ReconciliationSettings
from storage.engine.database import Transaction
from storage.reconciliation import repairs

EVENTS: Mapping[str, str] = {
    "mismatch.found": "The ledger and the payment provider do not agree on something.",
    "mismatch.repaired": "An admin had the ledger repaired from the payment provider's own figures.",
    "mismatch.repair_asked": "An admin asked another one to approve a repair above the limit.",
    "mismatch.repair_dropped": "A repair was not approved, or is not what is to be done any more.",
    "mismatch.left": "An admin left it as it is.",
    "books.closed": "A day's books were closed.",
}


_NOT_APPROVED = ("approval.refused", "approval.stopped", "approval.expired")


def reactions() -> Mapping[str, Reaction]:
    """Its approval says what becomes of a repair."""
    return {"approval.granted": _approved, **dict.fromkeys(_NOT_APPROVED, _not_approved)}


async def _approved(tx: Transaction, event: Event) -> None:
    await _moved(tx, event, RepairState.APPROVED)


async def _not_approved(tx: Transaction, event: Event) -> None:
    await _moved(tx, event, RepairState.DROPPED)


async def _moved(tx: Transaction, event: Event, state: RepairState) -> None:
    approval = event.thing
    assert isinstance(approval, Approval)
    if approval.kind != REPAIR.name:
        return
    request = await repairs.find(tx.connection, event.tenant, approval.number, lock=True)
    if request is None or request.state is not RepairState.REQUESTED:
        return
    await repairs.change(tx, request, state)
    if state is RepairState.DROPPED:
        subject = f"mismatch:{request.mismatch_id}"
        await record(tx, event.tenant, None, "mismatch.repair_dropped", subject, repair=request.id)


@dataclass(frozen=True, slots=True)
class Verbs:
    """The ledger held against the payment provider, repairs, and the nightly close."""

    comparing: Reconciliation
    repairing: Repairing
    closing: Closing


def build(
    core: Core,
    settings: ReconciliationSettings,
    payments: Payments,
    invoices: billing.Verbs,
    books: ledger.Verbs,
    approvals: Approvals,
) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    importing = Importing(core.database, payments, books.books, TENANT)
    comparing = Reconciliation(core.database, core.queue, core.tenants, importing, Comparing(core.database))
    limit = settings.repair_limit_usd
    settlement = invoices.invoices.settlement
    repairing = Repairing(core.database, payments, settlement, books.books, approvals, limit, TENANT)
    verbs = Verbs(comparing, repairing, Closing(core.database, core.tenants))
    return verbs, Area(tasks={RECONCILE: comparing.by_hand, REPAIR: repairing.carry_out})
