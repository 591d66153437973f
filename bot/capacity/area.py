"""The area wired up: its verbs, and what it keeps for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.capacity.forecasts import Forecasts
from bot.capacity.mirror import OPS_MONITOR
from bot.capacity.ports import Machine
from bot.capacity.proposals import Optimizer
from bot.capacity.service import Capacity
from bot.capacity.settings import CapacitySettings
from bot.core import Area, Core, Keep
from bot.models.budget import Ceiling
from bot.models.settings import ModelSettings
from bot.ops.settings import RunSettings
from storage.capacity import hours
from storage.engine.database import Transaction

MIRRORS = (OPS_MONITOR,)
KEPT = timedelta(days=35)  # longer than anything looks back; they are counts, and say nothing of anybody


@dataclass(frozen=True, slots=True)
class Verbs:
    """How busy everything is now, and will be."""

    now: Capacity
    ahead: Forecasts
    optimizer: Optimizer


def build(
    core: Core, settings: CapacitySettings, running: RunSettings, models: ModelSettings, machine: Machine
) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    capacity = Capacity(core.database, core.queue, machine, settings, running.worker_concurrency)
    optimizer = Optimizer(core.database, core.tenants, models, capacity.bounds)
    verbs = Verbs(
        capacity, Forecasts(core.database, settings, capacity.bounds, models.ceilings()[Ceiling.DAY]), optimizer
    )
    return verbs, Area(keeps=(Keep("", _forget),))


async def _forget(tx: Transaction, before: datetime) -> int:
    return await hours.forget(tx, min(before, tx.now - KEPT))
