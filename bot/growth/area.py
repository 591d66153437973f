"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import Core
from bot.growth import nps
from bot.growth.leaving import Leaving
from bot.growth.mirror import CLIENT, GROWTH_METRICS
from bot.growth.nps import Recommendations
from bot.growth.service import Figures
from bot.kernel.events import Event, Reaction
from bot.prices.settings import PriceSettings
from storage.engine.database import Transaction

MIRRORS = (CLIENT, GROWTH_METRICS)
EVENTS: Mapping[str, str] = {
    "nps.asked": "A client was asked how likely they are to recommend the studio.",
    "nps.answered": "They said it.",
    "nps.left": "They did not want to say it.",
    "growth.cost_set": "An admin said what a month's winning of clients cost.",
}


def reactions() -> Mapping[str, Reaction]:
    """Paid work has its client asked, once its stars are given."""
    return {"brief.paid": _paid, "brief.rated": _rated}


async def _paid(tx: Transaction, event: Event) -> None:
    await nps.begin(tx, event)


async def _rated(tx: Transaction, event: Event) -> None:
    await nps.rated(tx, event)


@dataclass(frozen=True, slots=True)
class Verbs:
    """Figures of growth, whether clients recommend the studio, and who may leave."""

    figures: Figures
    nps: Recommendations
    leaving: Leaving


def build(core: Core, prices: PriceSettings) -> Verbs:
    """The area on what it stands on."""
    return Verbs(Figures(core.database, core.tenants, prices), Recommendations(core.database), Leaving(core.database))
