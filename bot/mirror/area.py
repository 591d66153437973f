"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping

from bot.core import Core
from bot.mirror.model import MirrorTable
from bot.mirror.settings import MirrorSettings
from bot.mirror.verbs import MirrorVerbs

EVENTS: Mapping[str, str] = {
    "mirror.fine": "Rows are written again.",
    "mirror.not shared": "A page of the mirror is not shared with us.",
    "mirror.no entry": "The mirror's token is refused.",
    "mirror.full": "The mirror's database takes no more rows.",
    "mirror.refused": "A row is refused.",
    "mirror.resynced": "An admin had every table be read and put right.",
    "mirror.repaired": "An admin had every table be made, or made as it should be.",
}


def build(core: Core, settings: MirrorSettings, tables: Mapping[str, MirrorTable]) -> MirrorVerbs:
    """The area on what it stands on. tables: those of all areas."""
    return MirrorVerbs(core.database, settings, tables)
