"""The area wired up: its verbs, and how it follows what happens elsewhere."""

from collections.abc import Mapping

from bot.core import Core
from bot.drive.service import Kept, keep_work
from bot.google.settings import GoogleSettings
from bot.kernel.events import Reaction


def reactions() -> Mapping[str, Reaction]:
    """Work is kept once it is delivered."""
    return {"brief.delivered": keep_work}


def build(core: Core, settings: GoogleSettings) -> Kept:
    """The area on what it stands on."""
    return Kept(core.database, settings)
