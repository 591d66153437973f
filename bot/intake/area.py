"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.briefs.expected import MEASURED, MEASURED_FOR, Expected, Morning, next_morning, read_by, usual
from bot.core import Area, Core, Keep
from bot.intake.cancelling import Cancelling
from bot.intake.materials import Intake
from bot.intake.ports import Documents
from bot.intake.quote_policy import QuotePolicy, QuotePolicyOf
from bot.intake.quotes import Quotes
from bot.intake.reading import FileReading
from bot.intake.service import Briefs
from bot.intake.texts import Texts
from bot.kernel.task_type import TaskType
from bot.models.settings import ModelSettings
from bot.models.spending import Spend
from bot.prices.settings import PriceSettings
from bot.prompts.service import Prompts
from bot.quality.settings import QualitySettings
from bot.review.model import ReviewPolicy
from storage.briefs import attachments, readings, text_parts
from storage.core.cache import TenantCache
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.reports.taken import spans

EVENTS: Mapping[str, str] = {
    "brief.quoted": "A brief was taken in and has a price.",
    "brief.retyped": "Its type was changed before the yes.",
    "brief.reworded": "Its text was changed before the yes.",
    "brief.quote_ended": "Nobody said yes to it in time.",
    "brief.answered": "What was missing was answered.",
    "brief.file_added": "A file was added before the yes.",
    "brief.file_replaced": "A file was put in place of another before the yes.",
    "brief.economy_set": "Its client chose before the yes that it may wait for the morning, for less.",
    "brief.economy_left": "Its client chose before the yes that it starts at once.",
    "brief.deferred": "Its client said yes, and it waits for the morning.",
    "brief.queued": "Its client said yes, or the morning came that it waited for.",
    "brief.numbered": "It got its number at the yes; what is recorded of it as a quote has the subject in `quote`.",
    "brief.cancelled": "Its client stopped it.",
    "brief.cancel_undone": "Its client took that back within seconds, and it stands where it stood.",
    "person.file_not_read": "A file that somebody sent could not be read.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """Handing a brief in: what it is made of, the quote, and its client's yes. policy: what is quoted."""

    materials: Intake
    quotes: Quotes
    briefs: Briefs
    cancelling: Cancelling
    texts: Texts
    policy: QuotePolicyOf


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that it reads."""

    models: ModelSettings
    quality: QualitySettings
    prices: PriceSettings


@dataclass(frozen=True, slots=True)
class _Taken:
    usual: timedelta | None


async def _usual(database: Database, connection: Connection, tenant: str) -> _Taken:
    return _Taken(usual(await spans(connection, tenant, database.clock.now() - MEASURED_FOR, MEASURED)))


def build(
    core: Core,
    settings: Settings,
    documents: Documents,
    spend: Spend,
    prompts: Prompts,
    review: ReviewPolicy,
) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    database = core.database
    taken = TenantCache(database, "taken", partial(_usual, database))

    async def policy(tenant: str) -> QuotePolicy:
        prices = await core.tenants.over(settings.prices, tenant)
        quality = await core.tenants.over(settings.quality, tenant)
        targets = {task_type: quality.target_of(task_type) for task_type in TaskType}
        hours, zone = await core.tenants.office_hours(tenant), await core.tenants.zone(tenant)
        now, span = database.clock.now(), (await taken.of(tenant)).usual
        expected, starts_at = Expected(span, read_by(now, hours, zone)), next_morning(now, zone)
        then = Expected(span, read_by(starts_at, hours, zone))
        morning = Morning(starts_at, then, prices.economy_percent)
        return QuotePolicy(prices.prices(), targets, prices.quote_days, expected, morning)

    reading = FileReading(database, core.files, documents)
    verbs = Verbs(
        Intake(database, reading, spend, prompts, settings.models.judge_model),
        Quotes(database, policy, core.flags),
        Briefs(database, core.queue, policy, review, core.flags),
        Cancelling(database, core.queue, policy),
        Texts(database),
        policy,
    )
    keeps = (
        Keep("files", attachments.forget),
        Keep("parts of texts", text_parts.forget),
        Keep("", readings.forget),
    )
    return verbs, Area(keeps=keeps)
