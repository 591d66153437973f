"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.alerts.failed_tasks import FailedTasks
from bot.alerts.handling import Alerts
from bot.alerts.late_messages import LateMessages
from bot.alerts.lifetimes import Lifetimes
from bot.alerts.stopped import Stopped
from bot.core import Area, Core, Keep
from bot.models.ports import Models
from bot.models.settings import ModelSettings
from storage.alerts import alerts

EVENTS: Mapping[str, str] = {
    "alert.raised": "A rule found something wrong that was not so before.",
    "alert.taken": "Somebody sees to it.",
    "alert.assigned": "It joined an incident that somebody has, so they have it.",
    "alert.released": "Whoever had it may see to it no more, so nobody has it.",
    "alert.snoozed": "Somebody put it off for a while.",
    "alert.runbook_done": "Somebody did by its runbook what can safely be done about it.",
    "alert.runbook_helped": "What the runbook did helped.",
    "alert.runbook_in_vain": "What the runbook did helped nothing.",
    "alert.resolved": "It is over, by itself or because somebody said so.",
    "task.given_up": "A task is tried no more, and waits in /failed.",
    "task.late": "A task has not moved for long, and is still tried.",
    "task.done": "A late task is done.",
    "task.retried": "Somebody had a task tried anew.",
    "task.hurried": "Somebody had a late task tried at once.",
    "task.stopped": "Somebody gave a late task up.",
    "messages.hurried": "Somebody had late messages tried at once.",
    "messages.stopped": "Somebody gave late messages up.",
    "messages.sent_again": "Somebody had what was refused sent once more.",
    "messages.let_go": "Somebody misses what was refused no more.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """What went wrong, and what a person may do about it."""

    alerts: Alerts
    failed_tasks: FailedTasks
    late_messages: LateMessages
    lifetimes: Lifetimes
    stopped: Stopped


def build(core: Core, settings: ModelSettings, models: Models) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    verbs = Verbs(
        Alerts(core.database),
        FailedTasks(core.database, core.queue),
        LateMessages(core.database),
        Lifetimes(core.database, models, settings.models_named()),
        Stopped(core.database),
    )
    return verbs, Area(keeps=(Keep("alerts that are over", alerts.forget),))
