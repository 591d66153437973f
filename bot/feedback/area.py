"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.briefs.model import Brief
from bot.briefs.progress import tell_client
from bot.core import Core
from bot.feedback import rating_cards
from bot.feedback.changes import Changes, Way
from bot.feedback.ratings import Ratings
from bot.kernel.events import Event, Reaction
from bot.kernel.money import Money
from bot.prices.settings import PriceSettings
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "brief.rated": "Its client gave stars.",
    "brief.changed_by_client": "Its client had it changed, in a brief of its own.",
    "brief.revised": "Its client asked for the free revision, which is a brief of its own.",
}


def reactions() -> Mapping[str, Reaction]:
    """Ask for stars once work is delivered."""
    return {"brief.delivered": _ask_for_stars}


async def _ask_for_stars(tx: Transaction, event: Event) -> None:
    brief = event.thing
    assert isinstance(brief, Brief)
    await tell_client(tx, brief, partial(rating_cards.question, brief), key=f"brief:{brief.id}:rating")


@dataclass(frozen=True, slots=True)
class Verbs:
    """What a client thinks of delivered work, and what they have changed in it."""

    ratings: Ratings
    changes: Changes


def build(core: Core, settings: PriceSettings) -> Verbs:
    """The area on what it stands on."""

    async def policy(tenant: str, price: Money) -> tuple[Way, Money]:
        own = await core.tenants.over(settings, tenant)
        return Way(own.changes), own.change_of(price)

    return Verbs(Ratings(core.database, core.queue), Changes(core.database, core.queue, policy))
