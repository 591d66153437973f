"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.alerts.failed_tasks import FailedTasks
from bot.alerts.late_messages import LateMessages
from bot.alerts.lifetimes import Lifetimes
from bot.alerts.stopped import Stopped
from bot.core import Core
from bot.models.ports import Models
from bot.models.settings import ModelSettings

EVENTS: Mapping[str, str] = {
    "alert.raised": "A rule found something wrong that was not so before.",
    "alert.resolved": "It is over, by itself or because somebody said so.",
    "task.given_up": "A task is tried no more, and waits in /failed.",
    "task.late": "A task has not moved for long, and is still tried.",
    "task.done": "A late task is done.",
    "task.retried": "Somebody had a task tried anew.",
    "task.hurried": "Somebody had a late task tried at once.",
    "task.stopped": "Somebody gave a late task up.",
    "provider.down": "A provider does not answer, or refuses our key.",
    "provider.up": "It answers again.",
    "messages.hurried": "Somebody had late messages tried at once.",
    "messages.stopped": "Somebody gave late messages up.",
    "messages.sent_again": "Somebody had what was refused sent once more.",
    "messages.let_go": "Somebody misses what was refused no more.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """What went wrong, and what a person may do about it."""

    failed_tasks: FailedTasks
    late_messages: LateMessages
    lifetimes: Lifetimes
    stopped: Stopped


def build(core: Core, settings: ModelSettings, models: Models) -> Verbs:
    """The area on what it stands on."""
    return Verbs(
        FailedTasks(core.database, core.queue),
        LateMessages(core.database),
        Lifetimes(core.database, models, settings.models_named()),
        Stopped(core.database),
    )
