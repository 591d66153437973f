"""What a refund is to those who approve it."""

from collections.abc import Callable
from functools import partial

from bot.access.model import Permission
from bot.approvals.model import Terms
from bot.approvals.ports import Subject
from bot.kernel.tasks import TaskKind
from bot.refunds import cards
from bot.refunds.model import REFUND, SEND_REFUND, Refund, RefundState
from bot.step_up.model import Kind
from storage.billing import invoices
from storage.engine.connection import Connection
from storage.people import people
from storage.refunds import refunds


class RefundDeed:
    """See `bot.approvals.ports.Deed`."""

    @property
    def kind(self) -> str:
        return REFUND

    @property
    def task(self) -> TaskKind:
        return SEND_REFUND

    @property
    def asks(self) -> Permission:
        return Permission.REQUEST_REFUNDS

    @property
    def permission(self) -> Permission:
        return Permission.APPROVE_REFUNDS

    @property
    def step_up(self) -> Kind | None:
        return Kind.REFUNDS

    async def terms(self, connection: Connection, tenant: str, number: int) -> Terms | None:
        """Of a refund that was asked for and is neither approved nor cancelled."""
        refund = await refunds.find(connection, tenant, number, lock=True)
        return terms_of(refund) if refund is not None and refund.state is RefundState.REQUESTED else None

    async def subject(self, connection: Connection, tenant: str, number: int) -> Callable[[], Subject]:
        refund = await refunds.get(connection, tenant, number)
        return partial(cards.subject, await about(connection, refund))


def terms_of(refund: Refund) -> Terms:
    """What a yes to the refund is bound to."""
    return Terms(f"{REFUND}:{refund.id}", refund.amount, refund.version)


async def about(connection: Connection, refund: Refund) -> cards.About:
    """All that is told of a refund."""
    invoice = await invoices.load_invoice(connection, refund.invoice_id)
    assert invoice is not None
    client = await people.by_id(connection, refund.tenant, invoice.client_id)
    others = await refunds.of_invoice(connection, refund.tenant, refund.invoice_id)
    return cards.About(refund, invoice, client.name, others)
