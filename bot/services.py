"""What every entry (a chat, a job, a web request) may call: one frozen bundle, built by `bot.app`."""

import asyncio
from dataclasses import dataclass, field

from bot.access.people import People
from bot.access.rooms import Rooms
from bot.access.service import Access
from bot.alerts.failed_tasks import FailedTasks
from bot.alerts.late_messages import LateMessages
from bot.alerts.lifetimes import Lifetimes
from bot.billing.details import Details
from bot.billing.service import Billing
from bot.briefs.failures import Failures
from bot.briefs.intake import Intake
from bot.briefs.production import Production
from bot.briefs.quotes import Quotes
from bot.briefs.ratings import Ratings
from bot.briefs.recordings import Recordings
from bot.briefs.reminders import Reminders
from bot.briefs.replay import Replay
from bot.briefs.review import Review
from bot.briefs.service import Briefs
from bot.kernel.tasks import TaskQueue
from bot.kernel.telegram import Chat
from bot.platform.version import Version
from bot.quality.duels import Duels
from bot.quality.registry import Prompts
from bot.quality.service import Quality
from bot.reports.service import Reports
from bot.settings import Settings
from bot.spend.service import Spend
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Services:
    """The verbs of every area, and what they stand on.

    bot_name: the bot's user name, for links.
    draining: set once the process is to stop; long work ends at its next step.
    """

    settings: Settings
    version: Version
    database: Database
    queue: TaskQueue
    chat: Chat
    bot_name: str
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
