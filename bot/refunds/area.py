"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.approvals.model import Approval
from bot.approvals.service import Approvals
from bot.core import Area, Core, Stalled
from bot.invoices.ports import Payments
from bot.invoices.remote import RemoteNotice
from bot.kernel.events import Event, Reaction
from bot.kernel.tasks import Task
from bot.limits import area as limits
from bot.limits.settings import LimitSettings
from bot.refunds.following import recorded, take_over
from bot.refunds.model import REFUND, SEND_REFUND, RefundState
from bot.refunds.sending import Sending
from bot.refunds.service import Refunds
from bot.refunds.settings import RefundSettings
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.queue import failed_tasks
from storage.refunds import refunds

EVENTS: Mapping[str, str] = {
    "refund.requested": "Somebody asked others to approve a refund.",
    "refund.approved": "Enough people approved it.",
    "refund.reserved": "Enough is left of the payment, and its key is fixed.",
    "refund.sent": "The payment provider is asked for it.",
    "refund.unknown": "The payment provider did not say what came of it.",
    "refund.pending": "The payment provider has it, and the money is under way.",
    "refund.succeeded": "The payment provider sent the money back.",
    "refund.failed": "It was refused, or the money came back.",
    "refund.cancelled": "It was not approved, or cancelled at the payment provider.",
    "refund.asked_again": "Somebody had the payment provider asked once more what became of it.",
}
_NOT_APPROVED = ("approval.refused", "approval.stopped", "approval.expired")


def reactions() -> Mapping[str, Reaction]:
    """Its approval and the payment provider say what becomes of a refund."""
    return {
        "invoice.refund": _follow_notice,
        "approval.granted": _approved,
        **dict.fromkeys(_NOT_APPROVED, _not_approved),
    }


async def _follow_notice(tx: Transaction, event: Event) -> None:
    """Also one that somebody made in the provider's dashboard."""
    notice = event.thing
    assert isinstance(notice, RemoteNotice)
    await take_over(tx, event.tenant, event.number, notice)


async def _approved(tx: Transaction, event: Event) -> None:
    await _moved(tx, event, RefundState.APPROVED)


async def _not_approved(tx: Transaction, event: Event) -> None:
    await _moved(tx, event, RefundState.CANCELLED)


async def _moved(tx: Transaction, event: Event, state: RefundState) -> None:
    approval = event.thing
    assert isinstance(approval, Approval)
    if approval.kind != REFUND:
        return
    refund = await refunds.get(tx.connection, event.tenant, approval.number, lock=True)
    if refund.state is RefundState.REQUESTED:
        await recorded(tx, await refunds.change(tx, refund, state=state))


@dataclass(frozen=True, slots=True)
class Verbs:
    """Refunds: asked for, and sent."""

    refunds: Refunds
    sending: Sending


def build(
    core: Core, settings: RefundSettings, limited_by: LimitSettings, payments: Payments, approvals: Approvals
) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    sending = Sending(core.database, payments, core.flags)
    barrier = limits.build(limited_by)
    asked = Refunds(core.database, core.queue, payments, approvals, barrier, core.flags, settings)
    verbs = Verbs(asked, sending)
    return verbs, Area(tasks={SEND_REFUND: sending.carry_out}, stalled=(_left,))


async def _left(connection: Connection, before: datetime) -> Stalled:
    """What was approved or sent and does not move, because its task was lost."""
    return Stalled(await to_send(connection, await refunds.left(connection, before)))


async def to_send(connection: Connection, numbers: Iterable[int]) -> list[Task]:
    """What has these refunds sent, but for those that were given up: money moves by itself for none of them."""
    given_up = await failed_tasks.subjects(connection, SEND_REFUND)
    return [Task(SEND_REFUND, number) for number in numbers if number not in given_up]
