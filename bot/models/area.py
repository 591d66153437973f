"""The area wired up: calls of models, each under its tenant's ceilings."""

import asyncio
from collections.abc import Mapping

from bot.core import Core
from bot.models.budget import Ceiling
from bot.models.guard import Guard, News
from bot.models.guarded_models import GuardedModels
from bot.models.ports import Models
from bot.models.settings import ModelSettings
from bot.models.spending import RefusedFor, Spend
from bot.ops.metrics import Metrics
from storage.engine.database import Database


def guarded(models: Models, database: Database, changes: asyncio.Queue[News], metrics: Metrics) -> Models:
    """The models behind a circuit breaker. changes: where it says that they stopped answering, or answer again."""
    return GuardedModels(models, Guard("The models", database.clock, changes, database.timing.left_alone), metrics)


def build(core: Core, settings: ModelSettings, models: Models, refused_for: RefusedFor) -> Spend:
    """The area on what it stands on. refused_for: whose region keeps the models from being called."""

    async def ceilings(tenant: str) -> Mapping[Ceiling, int]:
        return (await core.tenants.over(settings, tenant)).ceilings()

    return Spend(core.database, models, ceilings, core.tenants.zone, core.flags, refused_for)
