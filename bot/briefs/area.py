"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.briefs import ending_cards, rating_cards
from bot.briefs.changing import Changes, Way
from bot.briefs.failures import Failures
from bot.briefs.mirror import JOB_LOG
from bot.briefs.model import Brief
from bot.briefs.owed import invoice_behind
from bot.briefs.progress import tell_client
from bot.briefs.ratings import Ratings
from bot.core import Core
from bot.kernel.events import Event, Reaction
from bot.kernel.money import Money
from bot.prices.settings import PriceSettings
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "brief.failed": "A fault stopped it.",
    "brief.retried": "Somebody had it go on with the step that failed.",
    "brief.restarted": "Somebody had it begin anew.",
    "brief.rated": "Its client gave stars.",
    "brief.changed_by_client": "Its client had it changed, in a brief of its own.",
    "brief.revised": "Its client asked for the free revision, which is a brief of its own.",
}
MIRRORS = (JOB_LOG,)


def reactions() -> Mapping[str, Reaction]:
    """Ratings are asked for once work is delivered; of other ends the client hears by a new message."""
    return {
        "brief.delivered": _ask_for_stars,
        "brief.rejected": _rejected,
        "brief.failed": _stopped,
        "brief.retried": _goes_on,
        "brief.restarted": _goes_on,
    }


async def _ask_for_stars(tx: Transaction, event: Event) -> None:
    brief = event.thing
    assert isinstance(brief, Brief)
    await tell_client(tx, brief, partial(rating_cards.question, brief), key=f"brief:{brief.id}:rating")


async def _rejected(tx: Transaction, event: Event) -> None:
    brief = event.thing
    assert isinstance(brief, Brief)
    card = partial(ending_cards.rejected, brief, await invoice_behind(tx.connection, brief))
    await tell_client(tx, brief, card, key=f"brief:{brief.id}:rejected")


async def _stopped(tx: Transaction, event: Event) -> None:
    brief = event.thing
    assert isinstance(brief, Brief)
    card = partial(ending_cards.stopped, brief, await invoice_behind(tx.connection, brief))
    await tell_client(tx, brief, card, slot=_stop_slot(brief, brief.version))


async def _goes_on(tx: Transaction, event: Event) -> None:
    brief = event.thing
    assert isinstance(brief, Brief)
    await tell_client(tx, brief, partial(ending_cards.goes_on, brief), slot=_stop_slot(brief, event.data["stopped"]))


def _stop_slot(brief: Brief, version: int) -> str:
    """One message for each time that it stopped, known by the brief's version then."""
    return f"brief:{brief.id}:stopped:{version}"


@dataclass(frozen=True, slots=True)
class Verbs:
    """What becomes of a brief that a fault stopped, and of one that is delivered."""

    failures: Failures
    ratings: Ratings
    changes: Changes


def build(core: Core, settings: PriceSettings) -> Verbs:
    """The area on what it stands on."""

    async def policy(tenant: str, price: Money) -> tuple[Way, Money]:
        own = await core.tenants.over(settings, tenant)
        return Way(own.changes), own.change_of(price)

    return Verbs(
        Failures(core.database, core.queue),
        Ratings(core.database, core.queue),
        Changes(core.database, core.queue, policy),
    )
