"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.briefs import ending_cards
from bot.briefs.failures import Failures
from bot.briefs.mirror import JOB_LOG
from bot.briefs.model import Brief
from bot.briefs.owed import invoice_behind
from bot.briefs.progress import tell_client
from bot.core import Core
from bot.kernel.events import Event, Reaction
from storage.engine.database import Transaction

EVENTS: Mapping[str, str] = {
    "brief.failed": "A fault stopped it.",
    "brief.retried": "Somebody had it go on with the step that failed.",
    "brief.restarted": "Somebody had it begin anew.",
}
MIRRORS = (JOB_LOG,)


def reactions() -> Mapping[str, Reaction]:
    """A client hears by a new message of an end that is no delivery, and of work that goes on after it stopped."""
    return {
        "brief.rejected": _rejected,
        "brief.failed": _stopped,
        "brief.retried": _goes_on,
        "brief.restarted": _goes_on,
    }


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
    """What becomes of a brief that a fault stopped."""

    failures: Failures


def build(core: Core) -> Verbs:
    """The area on what it stands on."""
    return Verbs(Failures(core.database, core.queue))
