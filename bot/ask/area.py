"""The area wired up: its verbs. It keeps nothing, and says nothing happened: it only reads."""

from bot.ask.service import Ask
from bot.core import Core
from bot.models.settings import ModelSettings
from bot.models.spending import Spend
from bot.prices.settings import PriceSettings


def build(core: Core, spend: Spend, prices: PriceSettings, models: ModelSettings) -> Ask:
    """The area on what it stands on."""
    return Ask(core.database, spend, core.tenants, prices, models.judge_model)
