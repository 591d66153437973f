"""What every entry (a chat, a job, a web request) may call: one frozen bundle, built by `bot.app`."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.access.model import Role
from bot.alerts.failed_tasks import FailedTasks
from bot.alerts.late_messages import LateMessages
from bot.alerts.lifetimes import Lifetimes
from bot.billing.details import Details
from bot.billing.service import Billing
from bot.briefs.failures import Failures
from bot.briefs.ratings import Ratings
from bot.calibration.service import Quality
from bot.drafting.pipeline import Production
from bot.experiments.service import Duels
from bot.intake.materials import Intake
from bot.intake.quotes import Quotes
from bot.intake.recordings import Recordings
from bot.intake.service import Briefs
from bot.kernel.tasks import TaskQueue
from bot.messages.ports import Chat
from bot.models.spending import Spend
from bot.ops.version import Version
from bot.people.joining import Access
from bot.people.roles import People
from bot.people.rooms import Rooms
from bot.prompts.service import Prompts
from bot.replay.service import Replay
from bot.reports.service import Reports
from bot.review.reminders import Reminders
from bot.review.service import Review
from bot.settings import Settings
from storage.engine.database import Database

Menu = Callable[[Role], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Services:
    """The verbs of every area, and what they stand on.

    bot_name: the bot's user name, for links. menu: the commands that a role may use, as (name, summary).
    draining: set once the process is to stop; long work ends at its next step.
    """

    settings: Settings
    version: Version
    database: Database
    queue: TaskQueue
    chat: Chat
    bot_name: str
    menu: Menu
    access: Access
    people: People
    rooms: Rooms
    intake: Intake
    recordings: Recordings
    briefs: Briefs
    quotes: Quotes
    review: Review
    reminders: Reminders
    replay: Replay
    ratings: Ratings
    production: Production
    prompts: Prompts
    duels: Duels
    failures: Failures
    failed_tasks: FailedTasks
    late_messages: LateMessages
    billing: Billing
    details: Details
    quality: Quality
    reports: Reports
    spend: Spend
    lifetimes: Lifetimes
    draining: asyncio.Event = field(default_factory=asyncio.Event)
