"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping

from bot.calibration.service import Quality
from bot.core import Core
from bot.kernel.task_type import TaskType
from bot.quality.model import Floors
from bot.quality.settings import QualitySettings

EVENTS: Mapping[str, str] = {
    "line.adopted": "An admin adopted another target for a type of brief.",
    "line.kept": "An admin declined a proposed target.",
}


def build(core: Core, settings: QualitySettings) -> Quality:
    """The area on what it stands on."""

    async def lines(tenant: str) -> Mapping[TaskType, int]:
        own = await core.tenants.over(settings, tenant)
        return {task_type: own.target_of(task_type) for task_type in TaskType}

    return Quality(core.database, Floors(settings.qa_floors), lines)
