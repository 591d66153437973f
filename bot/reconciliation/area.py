"""The area wired up: its verbs, its task, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.access.model import TENANT
from bot.billing import area as billing
from bot.core import Area, Core
from bot.invoices.ports import Payments
from bot.ledger import area as ledger
from bot.reconciliation.closing import Closing
from bot.reconciliation.comparing import Comparing
from bot.reconciliation.importing import Importing
from bot.reconciliation.repairing import Repairing
from bot.reconciliation.service import RECONCILE, Reconciliation
from bot.reconciliation.settings import ReconciliationSettings

EVENTS: Mapping[str, str] = {
    "mismatch.found": "The ledger and the payment provider do not agree on something.",
    "mismatch.repaired": "An admin had the ledger repaired from the payment provider's own figures.",
    "mismatch.left": "An admin left it as it is.",
    "books.closed": "A day's books were closed.",
}


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
) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    importing = Importing(core.database, payments, books.books, TENANT)
    comparing = Reconciliation(core.database, core.queue, core.tenants, importing, Comparing(core.database))
    limit = settings.repair_limit_usd
    settlement = invoices.invoices.settlement
    repairing = Repairing(core.database, payments, settlement, books.books, limit, TENANT)
    verbs = Verbs(comparing, repairing, Closing(core.database, core.tenants))
    return verbs, Area(tasks={RECONCILE: comparing.by_hand})
