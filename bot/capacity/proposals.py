"""What measured figures speak for: another model for a type of brief, another number of tasks at once. Proposed, with
what they rest on and what the last thirty days would have been; never done by itself.

Prompts are not among these: two versions of one are held against each other by a duel, which proposes the winner.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.access.model import TENANT
from bot.calibration.agreement import upper_bound
from bot.capacity.model import Bounds, Concurrency, Drafted, Route, Series
from bot.decisions.proposing import propose
from bot.kernel.task_type import TaskType
from bot.kernel.tasks import Pool
from bot.models.settings import ModelSettings
from bot.tenants.service import Tenants
from storage.capacity import hours, routes, sizes
from storage.engine.database import Database, Transaction

LOOKS_BACK = timedelta(days=30)
FEWEST = 30  # drafts of each model that people or the gate decided on
WORSE = 0.05  # so much more may surely be sent back, at most
CHEAPER = 0.8
KEPT = timedelta(days=3)  # another number of tasks at once that held for so long


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last thirty days: what each model drafted by type, and what a draft of each cost, in millionths of a US
    dollar.
    """

    drafted: Sequence[Drafted]
    costs: Mapping[str, int]


class Optimizer:
    """The verb of the job."""

    def __init__(self, database: Database, tenants: Tenants, models: ModelSettings, bounds: Bounds) -> None:
        self._database, self._tenants, self._models, self._bounds = database, tenants, models, bounds

    async def propose(self, tenant: str) -> str:
        """Propose each to the admins, once a month; returns a line for the job's record."""
        models = await self._tenants.over(self._models, tenant)
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            drafted = await routes.drafted(connection, tenant, now - LOOKS_BACK)
            costs = await routes.costs(connection, tenant, now - LOOKS_BACK)
            size = await sizes.since(connection, Pool.MODELS) if tenant == TENANT else None
            waited = await hours.between(connection, tenant, Series.QUEUE, now - LOOKS_BACK, now)
        present = {task_type: models.model_of(task_type) for task_type in TaskType}
        found = list(better_models(Figures(drafted, costs), present))
        lasting = None
        if size is not None and size[0].size != self._bounds.normal and now - size[1] >= KEPT:
            busy = sum(value > 0 for value in waited.values())
            lasting = Concurrency(self._bounds.normal, size[0].size, size[0].reason, size[1], busy, len(waited))

        async def work(tx: Transaction) -> None:
            for route in found:
                key = f"{route.task_type}:{route.better.model}:{tx.now:%Y-%m}"
                await propose(tx, tenant, "better_model", f"better_model:{key}", route.facts)
            if lasting is not None:
                key = f"concurrency:{lasting.proposed}:{tx.now:%Y-%m}"
                await propose(tx, tenant, "concurrency", key, lasting.facts(tx.now))

        await self._database.write(work)
        return f"{len(drafted)} models by type compared; {len(found) + (lasting is not None)} proposals"


def better_models(figures: Figures, present: Mapping[TaskType, str]) -> Iterator[Route]:
    """For each type the cheapest model whose drafts are surely sent back hardly more often than those of the present
    one, and cost much less; both have drafted enough of that type.
    """
    for task_type, model in present.items():
        of_type = {one.model: one for one in figures.drafted if one.task_type is task_type and one.decided >= FEWEST}
        ours = of_type.get(model)
        if ours is None or model not in figures.costs:
            continue
        most = CHEAPER * figures.costs[model]
        fit = [one for one in of_type.values() if figures.costs.get(one.model, most) < most and _as_good(one, ours)]
        if fit:
            best = min(fit, key=lambda one: figures.costs[one.model])
            yield Route(task_type, ours, best, figures.costs[model], figures.costs[best.model])


def _as_good(other: Drafted, ours: Drafted) -> bool:
    surely = upper_bound(other.decided - other.approved, other.decided)
    return surely <= (ours.decided - ours.approved) / ours.decided + WORSE
