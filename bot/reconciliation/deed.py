"""What a repair is to those who approve it."""

from collections.abc import Callable
from functools import partial

from bot.access.model import Permission
from bot.approvals.model import Terms
from bot.approvals.ports import Subject
from bot.kernel.tasks import TaskKind
from bot.reconciliation import cards
from bot.reconciliation.model import REPAIR, RepairRequest, RepairState
from bot.step_up.model import Kind
from storage.engine.connection import Connection
from storage.reconciliation import mismatches, repairs


class RepairDeed:
    """See `bot.approvals.ports.Deed`."""

    @property
    def kind(self) -> str:
        return REPAIR.name

    @property
    def task(self) -> TaskKind:
        return REPAIR

    @property
    def asks(self) -> Permission:
        return Permission.KEEP_LEDGER

    @property
    def permission(self) -> Permission:
        return Permission.KEEP_LEDGER

    @property
    def step_up(self) -> Kind | None:
        return None

    async def terms(self, connection: Connection, tenant: str, number: int) -> Terms | None:
        """Of a repair that waits for a yes, while the mismatch is as it was when it was asked for."""
        request = await repairs.find(connection, tenant, number, lock=True)
        if request is None or request.state is not RepairState.REQUESTED:
            return None
        now = await mismatches.by_id(connection, tenant, request.mismatch_id, lock=True)
        same = now is not None and now.closed_at is None and now.version == request.mismatch_version
        return terms_of(request) if same else None

    async def subject(self, connection: Connection, tenant: str, number: int) -> Callable[[], Subject]:
        request = await repairs.find(connection, tenant, number)
        assert request is not None
        mismatch = await mismatches.by_id(connection, tenant, request.mismatch_id)
        assert mismatch is not None
        return partial(cards.to_approve, mismatch, request.amount)


def terms_of(request: RepairRequest) -> Terms:
    """What a yes to the repair is bound to."""
    return Terms(f"{REPAIR.name}:{request.id}", request.amount, request.version)
