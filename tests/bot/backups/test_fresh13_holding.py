"""Faults that a fresh reader found in what waits after a restore; each test says what should be and fails."""

from datetime import UTC, datetime

from sqlalchemy import insert

from bot.access.model import TENANT, Role
from bot.backups.holding import Gate
from bot.backups.model import Kind
from bot.messages.service import TELEGRAM
from bot.messages.topics import Topic
from bot.messages.wishes import Hear, wished
from bot.step_up.model import Kind as StepUpKind
from bot.step_up.model import StepUpNeeded
from storage.core import outbox
from storage.engine.database import Transaction
from storage.people import people
from storage.tables.people import people as people_table
from storage.tables.watch.backups import restores
from tests.bot.backups.making import runs
from tests.desk import Desk

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
ROW = {"id": 1, "tenant": TENANT, "backup": "x", "backup_at": NOW, "restored_at": NOW, "held": sorted(Kind)}


async def test_another_admin_can_confirm_what_is_let_go(here: Desk) -> None:
    """Two admins without authenticators: the one who taps [Send] asks the other, who has to be reached for that."""
    services = here.app.services
    dan = 7777

    async def work(tx: Transaction) -> None:
        await people.enroll(tx, TENANT, dan, "Dan", Role.ADMIN, "en")
        await tx.run(insert(restores), ROW)

    await services.database.write(work)
    carol = await here.person(here.carol)
    try:
        await services.backups.holding.send(carol, 1, Kind.TEAM)
    except StepUpNeeded as needed:
        assert not needed.by_code
    else:
        raise AssertionError("nobody is asked")
    step_up = services.people.step_up if hasattr(services.people, "step_up") else services.step_up
    assert await step_up.ask_others(carol, StepUpKind.RESTORE, {}) == 1
    async with services.database.reading() as connection:
        due = await outbox.due(connection, TELEGRAM, services.database.clock.now(), 99)
    theirs = [one for one in due if one.destination == str(dan) and (one.slot or "").startswith("stepup:")]
    assert theirs
    assert await Gate(services.database).lets(theirs[0]), "the question to the other admin is held by what it would open"


async def test_a_restore_is_told_whatever_admins_wish(here: Desk) -> None:
    """Who hears nothing of trouble is told of a restore all the same: until they decide nothing goes out at all."""
    services = here.app.services
    carol = await here.person(here.carol)

    async def work(tx: Transaction) -> None:
        heard = wished(carol.heard, Topic.TROUBLE, Hear.OFF)
        await tx.run(people_table.update().where(people_table.c.id == carol.id).values(heard=heard))
        await tx.run(insert(restores), ROW)

    await services.database.write(work)
    await services.backups.holding.begin(1)
    assert [card for card in await here.told(here.carol.id) if "Restored from" in card.text]


async def test_a_drill_after_one_more_backup_by_hand(here: Desk) -> None:
    """Saturday's copy is in the second place; somebody backs up by hand before an upgrade; Sunday's drill is fine."""
    for job in ("backup", "backup_verify", "replica_sync"):  # Saturday, 00:30 to 02:45
        await runs(here, job)
    await runs(here, "backup")  # by hand, as docs/operations.md advises before an upgrade
    await runs(here, "backup")  # Sunday, 00:30
    assert "from the second place is sound" in await runs(here, "dr_drill")  # Sunday, 01:00
