"""The area wired up: its verbs, what it says happened, and how rows follow their briefs."""

from collections.abc import Mapping

from bot.automation.mirror import QUEUE
from bot.automation.service import Automation
from bot.core import Core
from bot.intake import area as intake
from bot.kernel.events import Event, Reaction
from bot.mirror.service import bring_up_to_date
from storage.automation import queue_rows
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "automation.taken": "A ticked row of the Automation Queue became a brief, or a quote.",
    "automation.refused": "A ticked row could not be a brief, and says why.",
}
MIRRORS = (QUEUE,)
SHOWN = (
    *("drafting", "in_review", "held", "delivered", "rejected", "failed", "cancelled", "cancel_undone", "quote_ended"),
    *("invoiced", "paid", "invoice_void", "retried", "restarted"),
)


def reactions() -> Mapping[str, Reaction]:
    """A row of the queue shows what becomes of its brief."""
    return {**dict.fromkeys((f"brief.{name}" for name in SHOWN), _show), "brief.numbered": _renumber}


async def _show(tx: Transaction, event: Event) -> None:
    kept = await queue_rows.of_brief(tx.connection, event.tenant, event.number)
    if kept is not None:
        await bring_up_to_date(tx, event.tenant, QUEUE, f"{QUEUE.kind}:{kept.id}")


async def _renumber(tx: Transaction, event: Event) -> None:
    """Its client said yes, so the quote has a brief's number."""
    quote = int(str(event.data["quote"]).partition(":")[2])
    kept = await queue_rows.of_brief(tx.connection, event.tenant, quote)
    if kept is not None:
        await queue_rows.change(tx, kept, brief_number=event.number, note="")
        await bring_up_to_date(tx, event.tenant, QUEUE, f"{QUEUE.kind}:{kept.id}")


def build(core: Core, taken: intake.Verbs) -> Automation:
    """The area on what it stands on."""
    return Automation(core.database, core.tenants, taken)
