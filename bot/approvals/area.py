"""The area wired up: its verbs, what it says happened, and how to find what stalled."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.approvals.model import APPROVAL
from bot.approvals.ports import Deed
from bot.approvals.service import Approvals
from bot.core import Area, Core, Stalled
from bot.kernel.tasks import Task
from storage.approvals import approvals
from storage.engine.connection import Connection

EVENTS: Mapping[str, str] = {
    "approval.asked": "Somebody asked others to approve a deed.",
    "approval.signed": "Somebody approved it.",
    "approval.fuse": "Enough people approved it; for some minutes it can still be stopped.",
    "approval.granted": "It was approved, and is done.",
    "approval.refused": "Somebody refused it.",
    "approval.stopped": "It was called off, or somebody who approved it may no longer do so.",
    "approval.expired": "Too few people answered in time.",
}


def build(core: Core, deeds: Sequence[Deed]) -> tuple[Approvals, Area]:
    """The area on what it stands on. deeds: what can be asked for."""
    verbs = Approvals(core.database, core.queue, deeds)
    return verbs, Area(tasks={APPROVAL: verbs.carry_on}, stalled=(_left,))


async def _left(connection: Connection, before: datetime) -> Stalled:
    """What nobody answered in time, and fuses whose task was lost."""
    return Stalled([Task(APPROVAL, number) for number in await approvals.left(connection, before)])
