"""Who loses a role is sent nothing more of what it brought, also what waited for them by then."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.access.model import TENANT, Role
from bot.people.roles import People
from bot.step_up.model import Kind
from storage.core import outbox
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.step_up.rows import confirm
from storage.tables.core import outbox as rows

CAROL, BOB = 1003, 1002
OWN = {"brief:1001:delivery:0", "brief:1001:progress", "invoice:1001:card", "recording:1001"}
OF_OPERATORS = {"brief:1002:review:20260101:1002", "task:1001:failed:1002"}
OF_ADMINS = {"report:day:2026-01-01:1002", "invitation"}


@pytest.mark.parametrize("state", ["waiting", "undeliverable"])
@pytest.mark.parametrize(
    ("role", "left"),
    [(Role.OPERATOR, OWN | OF_OPERATORS), (Role.CLIENT, OWN), (Role.REMOVED, OWN)],
)
async def test_withdrawn(database: Database, state: str, role: Role, left: set[str]) -> None:
    """An admin is lowered or removed: cards of the team that wait, or were given up, go; their own work stays."""

    async def begin(tx: Transaction) -> None:
        admin = await people.enroll(tx, TENANT, CAROL, "Carol", Role.ADMIN, "en")
        await people.enroll(tx, TENANT, BOB, "Bob", Role.ADMIN, "en")
        for name in OWN | OF_OPERATORS | OF_ADMINS:
            await outbox.add(tx, TENANT, "telegram", str(BOB), {"text": name}, key=name)
        await tx.run(update(rows).values(state=state))
        await confirm(tx, TENANT, admin.id, Kind.ROLES, tx.now + timedelta(minutes=1))

    await database.write(begin)
    async with database.reading() as connection:
        carol, bob = [await people.by_telegram_id(connection, number) for number in (CAROL, BOB)]
    assert carol is not None
    assert bob is not None
    await People(database, ()).change_role(carol, bob.id, Role.ADMIN, role)
    async with database.reading() as connection:
        kept = select(rows.c.key).where(rows.c.destination == str(BOB), rows.c.state == state, rows.c.key.is_not(None))
        assert set((await connection.execute(kept)).scalars()) == left
