"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.backups.holding import Gate, Holding
from bot.backups.ports import Vault
from bot.backups.service import Backups, Maker
from bot.core import Core

EVENTS: Mapping[str, str] = {
    "backup.made": "A backup was made.",
    "backup.tried": "A backup was restored elsewhere and looked through.",
    "backup.copied": "A backup was copied to the second place and read back.",
    "restore.done": "A backup was put back: the database is what it was then.",
    "restore.sent": "An admin had what waited after that go out.",
    "restore.dropped": "An admin had what waited after that told to nobody.",
}


@dataclass(frozen=True, slots=True)
class Verbs:
    """Backups, and what waits after one was put back."""

    backups: Backups
    holding: Holding
    gate: Gate


def build(core: Core, vault: Vault, code: str, bot: str) -> Verbs:
    """The area on what it stands on. code: the commit that runs. bot: the number of our bot."""
    return Verbs(Backups(core.database, vault, Maker(code, bot)), Holding(core.database), Gate(core.database))
