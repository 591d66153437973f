"""The area wired up: its verbs, its tasks, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.briefs.failures import Failures
from bot.briefs.model import PRODUCE, UNDER_WAY
from bot.core import Area, Core, Stalled
from bot.drafting.asking import DraftingModels
from bot.drafting.drafting import Drafting, Duels
from bot.drafting.files import Files
from bot.drafting.judging import PROBE, GatePolicy
from bot.drafting.media import Media
from bot.drafting.pipeline import Production
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import RunAgain, Task
from bot.models.settings import ModelSettings
from bot.models.spending import Spend
from bot.prompts.service import Prompts
from bot.quality.gate import Rules, floors_of
from bot.quality.model import Floors
from bot.quality.settings import QualitySettings
from bot.review.model import ReviewPolicy
from bot.review.service import REJUDGE
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.queue import failed_tasks

EVENTS: Mapping[str, str] = {
    "brief.drafting": "Its first draft is begun.",
    "brief.heard": "Its recordings are written down.",
    "brief.drafted": "A draft is there.",
    "brief.unreadable": "A draft was not in the format that was asked for.",
    "brief.redrafting": "The gate wants another draft.",
    "brief.judged": "The judge gave a score to a text that a person wrote.",
    "brief.in_review": "People are to decide on a draft.",
    "brief.delivered": "Its client gets the work.",
    "brief.held": "It waits for room under a ceiling.",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings that it reads."""

    models: ModelSettings
    quality: QualitySettings


def build(
    core: Core,
    settings: Settings,
    spend: Spend,
    prompts: Prompts,
    policy: ReviewPolicy,
    duels: Duels,
    failures: Failures,
    files: Files,
) -> tuple[Production, Area]:
    """The area on what it stands on."""
    preview = core.chat if settings.models.preview else None
    senses = Media(core.database, spend, core.files)
    writers = _writers_of(settings)
    drafting = Drafting(core.database, spend, writers, senses, prompts, duels, policy.checks, preview)
    gate = _gate_of(settings)
    production = Production(
        core.database, spend, drafting, core.queue, gate, policy, prompts, failures, files, core.flags, core.tenants
    )

    async def produce(brief_id: int) -> None:
        brief = None
        while (brief := await production.advance(brief_id, brief)) is not None:
            if core.draining.is_set():
                raise RunAgain(0)

    tasks = {PRODUCE: produce, PROBE: production.judging.probe, REJUDGE: production.judging.rejudge}
    return production, Area(tasks=tasks, stalled=(_stalled,))


async def _stalled(connection: Connection, before: datetime) -> Stalled:
    given_up = await failed_tasks.subjects(connection, PRODUCE)
    found = await briefs.untouched_since(connection, UNDER_WAY, before)
    return Stalled([Task(PRODUCE, brief_id) for brief_id in found if brief_id not in given_up])


def _writers_of(settings: Settings) -> DraftingModels:
    """Who writes."""
    models = {task_type: settings.models.model_of(task_type) for task_type in TaskType}
    return DraftingModels(
        models, settings.models.fallback_model, settings.models.draft_max_tokens, settings.quality.draft_attempts
    )


def _gate_of(settings: Settings) -> GatePolicy:
    """When a draft passes without a person, and how that is watched."""
    quality = settings.quality
    floors = Floors(quality.qa_floors)
    rules = Rules(
        near=quality.qa_near_points,
        samples=quality.qa_samples,
        attempts=quality.draft_attempts,
        floors=floors_of(floors),
    )
    return GatePolicy(settings.models.judge_model, rules, floors, quality.audit_percent, quality.probe_percent)
