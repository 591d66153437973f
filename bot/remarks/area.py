"""The area wired up: its verbs, and what it says happened."""

from collections.abc import Mapping

from bot.core import Area, Core, Keep
from bot.remarks.service import Remarks
from storage.briefs import remarks

EVENTS: Mapping[str, str] = {"remark.kept": "Somebody wrote what is no order, or not surely one."}


def build(core: Core) -> tuple[Remarks, Area]:
    """The area on what it stands on."""
    return Remarks(core.database), Area(keeps=(Keep("messages", remarks.forget),))
