"""The area wired up: its verbs, its task, what it says happened, and how to find what stalled."""

from collections.abc import Collection, Mapping
from datetime import datetime

from bot.consents.service import Consents
from bot.core import Area, Core, Stalled
from bot.kernel.tasks import Task
from bot.mirror.model import MirrorTable
from bot.pdf.service import Pdf
from bot.privacy.compliance import Compliance
from bot.privacy.model import ERASE
from bot.privacy.service import Privacy
from storage.engine.connection import Connection
from storage.privacy import erasures

EVENTS: Mapping[str, str] = {
    "privacy.exported": "Somebody was given their own data.",
    "privacy.link_made": "Somebody was given a link to their own data.",
    "erasure.asked": "A client asked to be erased.",
    "erasure.stopped": "They changed their mind in time.",
    "erasure.put_off": "Work or money is under way, so it is tried a day later.",
    "erasure.rows_gone": "Their rows are erased.",
    "erasure.done": "Everything else of theirs is, too.",
}


def build(core: Core, tables: Collection[MirrorTable], asked: Consents, pdf: Pdf) -> tuple[Privacy, Compliance, Area]:
    """The area on what it stands on. tables: the mirror's, which may name people."""
    verbs = Privacy(core, tables, pdf)
    return verbs, Compliance(core, asked, verbs), Area(tasks={ERASE: verbs.carry_on}, stalled=(_left,))


async def _left(connection: Connection, before: datetime) -> Stalled:
    """Erasures whose task was lost."""
    return Stalled([Task(ERASE, number) for number in await erasures.left(connection, before)])
