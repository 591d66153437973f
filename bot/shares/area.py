"""The area wired up: its verbs, what it says happened, and how shares follow money."""

from collections.abc import Mapping

from bot.core import Core
from bot.kernel.events import Event, Reaction
from bot.shares import sharing
from bot.shares.service import Shares
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "partner.share_earned": "An invoice was paid of which it gets a share.",
    "partner.share_clawed": "Some of a share was taken back, or given again, since money of the invoice moved back.",
    "partner.share_paid": "An admin noted that it was paid what it was owed.",
}


def reactions() -> Mapping[str, Reaction]:
    """Shares follow invoices, refunds and disputes."""
    return {
        "invoice.paid": _earn,
        "invoice.changed": sharing.credited,
        "invoice.dispute": sharing.disputed,
        "refund.succeeded": sharing.refunded,
        "refund.failed": sharing.refunded,
        "refund.cancelled": sharing.refunded,
    }


async def _earn(tx: Transaction, event: Event) -> None:
    await sharing.earn(tx, event)


def build(core: Core) -> Shares:
    """The area on what it stands on."""
    return Shares(core.database, core.tenants)
