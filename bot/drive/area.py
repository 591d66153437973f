"""The area wired up: its verbs, and how it follows what happens elsewhere."""

from collections.abc import Mapping

from bot.core import Core
from bot.drive.service import Kept, keep_work
from bot.google.settings import GoogleSettings
from bot.kernel.events import Event, Reaction
from storage.engine.database import Transaction


def reactions() -> Mapping[str, Reaction]:
    """Work is kept once it is delivered."""
    return {"brief.delivered": _keep}


async def _keep(tx: Transaction, event: Event) -> None:
    await keep_work(tx, event.tenant, event.number)


def build(core: Core, settings: GoogleSettings) -> Kept:
    """The area on what it stands on."""
    return Kept(core.database, settings)
