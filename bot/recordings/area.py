"""The area wired up: its verbs, its tasks, and what it says happened."""

from collections.abc import Mapping

from bot.alerts.failed_tasks import FailedTasks
from bot.core import Area, Core
from bot.intake.quote_policy import QuotePolicyOf
from bot.models.spending import Spend
from bot.recordings.service import FORGET, TRANSCRIBE, Recordings

EVENTS: Mapping[str, str] = {"recording.corrected": "A speaker put their transcript right."}


def build(core: Core, policy: QuotePolicyOf, spend: Spend, failed: FailedTasks) -> tuple[Recordings, Area]:
    """The area on what it stands on. policy: what a recording's words would be quoted."""
    recordings = Recordings(core.database, core.queue, core.files, spend, policy, failed)
    return recordings, Area(tasks={TRANSCRIBE: recordings.transcribe, FORGET: recordings.forget})
