"""The area wired up: its verbs, and what follows from corrections of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.charts.ports import Painter
from bot.charts.service import Charts
from bot.core import Core
from bot.finance.costs import Costs
from bot.finance.guards import Guards
from bot.finance.pricing import Pricing
from bot.finance.service import Finance
from bot.finance.settings import FinanceSettings
from bot.kernel.events import Event, Reaction
from bot.models.settings import ModelSettings
from bot.prices.settings import PriceSettings
from storage.engine.database import Transaction
from storage.finance import folds
from storage.ledger import postings

EVENTS: Mapping[str, str] = {
    "price.adopted": "An admin adopted a price that was proposed.",
    "budget.closed": "Models cost far more than usual, or somebody said so: the day's budget was closed.",
    "budget.opened": "An admin opened it again.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """What was earned and spent, how that is drawn, what each day costs, what prices leave, and caps on costs."""

    figures: Finance
    charts: Charts
    costs: Costs
    pricing: Pricing
    guards: Guards


def reactions() -> Mapping[str, Reaction]:
    """A correction may count for a day that is added up already."""
    return {"entry.corrected": _unfold}


async def _unfold(tx: Transaction, event: Event) -> None:
    made = await postings.by_id(tx.connection, event.tenant, event.data["by"])
    if made is not None and made.written_at is not None:
        await folds.unfold(tx, event.tenant, made.posted_at)


def build(
    core: Core, settings: FinanceSettings, prices: PriceSettings, models: ModelSettings, painter: Painter
) -> Verbs:
    """The area on what it stands on."""
    charts = Charts(painter)
    database, tenants = core.database, core.tenants
    return Verbs(
        Finance(database, tenants, prices),
        charts,
        Costs(database, tenants, charts),
        Pricing(database, tenants, prices, settings),
        Guards(database, core.queue, tenants, settings, models),
    )
