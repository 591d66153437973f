"""The team is told what somebody wrote. This one function is all that knows how."""

from functools import partial

from bot.access.model import Person
from bot.audit.service import record
from bot.intake import remark_cards
from bot.intake.remark import Remark
from bot.messages.service import TEAM, notify_roles
from bot.messages.topics import Topic
from storage.briefs import remarks
from storage.engine.database import Transaction


async def tell_team(tx: Transaction, who: Person, remark: Remark) -> None:
    """Everybody of the team but its writer reads it, once."""
    show = partial(remark_cards.for_team, remark, who.name)
    key = f"remark:{remark.id}:team"
    await notify_roles(tx, who.tenant, TEAM, Topic.BRIEFS, show, key=key, but=[who.id])
    await record(tx, who.tenant, who, "remark.told", f"remark:{remark.id}")
    await remarks.told(tx, remark)
