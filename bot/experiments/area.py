"""The area wired up: its verbs, its tasks, and what it says happened."""

from collections.abc import Mapping

from bot.core import Area, Core
from bot.drafting.media import Media
from bot.experiments.service import DUEL_PAIR, Duels
from bot.models.settings import ModelSettings
from bot.models.spending import Spend

EVENTS: Mapping[str, str] = {
    "duel.started": "Two prompts are compared on live briefs.",
    "duel.stopped": "Somebody ended it.",
    "duel.won_a": "The first prompt won.",
    "duel.won_b": "The second prompt won.",
    "duel.undecided": "It ended without a winner.",
}


def build(core: Core, settings: ModelSettings, spend: Spend) -> tuple[Duels, Area]:
    """The area on what it stands on."""
    duels = Duels(
        core.database,
        core.queue,
        spend,
        Media(core.database, spend, core.files),
        judge_model=settings.judge_model,
        max_output_tokens=settings.draft_max_tokens,
    )
    return duels, Area(tasks={DUEL_PAIR: duels.pair})
