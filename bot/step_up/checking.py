"""What verbs ask before they do something dangerous."""

from collections.abc import Sequence
from datetime import datetime

from bot.access.model import Person, Role
from bot.step_up.model import GUARDED, Kind, StepUpNeeded
from storage.engine.connection import Connection
from storage.engine.database import Transaction
from storage.people import people
from storage.step_up import rows


async def check(tx: Transaction, who: Person, kind: Kind) -> None:
    """Raise StepUpNeeded unless the person confirmed that kind within the last minutes.

    Who has no authenticator and is the only admin could not confirm at all, so they need not; see ADR 45.
    """
    await check_now(tx.connection, tx.now, who, kind)


async def check_now(connection: Connection, now: datetime, who: Person, kind: Kind) -> None:
    """The same, outside of a transaction: so that somebody is asked before they write a reason."""
    if await rows.confirmed(connection, who.tenant, who.id, kind, now):
        return
    by_code = await rows.has_authenticator(connection, who.tenant, who.id)
    if not by_code and (GUARDED[kind].by_several or not await others(connection, who)):
        return
    raise StepUpNeeded(kind, by_code=by_code)


async def others(connection: Connection, who: Person) -> Sequence[Person]:
    """The other admins of the person's tenant."""
    return [one for one in await people.with_roles(connection, who.tenant, Role.ADMIN) if one.id != who.id]
