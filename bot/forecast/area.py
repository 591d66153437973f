"""The area wired up: its verbs, and what it keeps for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core import Area, Core, Keep
from bot.forecast.mirror import FORECAST
from bot.forecast.model import MOST
from bot.forecast.service import Forecasts
from bot.prices.settings import PriceSettings
from storage.engine.database import Transaction
from storage.forecast import made

MIRRORS = (FORECAST,)
KEPT = timedelta(days=MOST + 35)  # longer than anything looks back; they are sums, and say nothing of anybody


@dataclass(frozen=True, slots=True)
class Verbs:
    """What is to be expected."""

    ahead: Forecasts


def build(core: Core, prices: PriceSettings) -> tuple[Verbs, Area]:
    """The area on what it stands on."""
    return Verbs(Forecasts(core.database, core.tenants, prices)), Area(keeps=(Keep("", _forget),))


async def _forget(tx: Transaction, before: datetime) -> int:
    return await made.forget(tx, min(before, tx.now - KEPT).date())
