"""Entries are sealed, checked and anchored on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.access.model import TENANT
from bot.audit import keys
from bot.audit.chain import Fault, Why
from bot.audit.keys import Keys
from bot.audit.sealing import Chain
from bot.config.key_file import NoKey
from bot.kernel.clock import SystemClock
from storage.audit import entries
from storage.audit.entries import Entry
from storage.engine.database import Database

pytestmark = pytest.mark.both_databases
KEY = "the-key-of-the-audit-log-in-tests"
OFF = {
    "sqlite": ["DROP TRIGGER {table}_update", "DROP TRIGGER {table}_delete"],
    "postgresql": ["ALTER TABLE {table} DISABLE TRIGGER ALL"],
}


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database, on each engine in turn."""
    database = Database(database_url, SystemClock())
    try:
        await database.start()
        yield database
    finally:
        await database.close()


@pytest.fixture
def chain(database: Database, tmp_path: Path) -> Chain:
    """The chain, under a key that is set."""
    return Chain(database, Keys(KEY, tmp_path / "audit.key"))


async def wrote(database: Database, many: int, tenant: str = TENANT) -> None:
    """Write entries."""
    written = [Entry(tenant, f"/deed{number}", "chat", "done") for number in range(many)]
    await database.write(lambda tx: entries.add_entries(tx, written))


async def bent(database: Database, *statements: str) -> None:
    """Change rows as somebody does who has the database, and takes the triggers off first."""
    off = OFF["sqlite" if database.sqlite else "postgresql"]
    first = [one.format(table=table) for table in ("audit", "audit_seals", "audit_anchors") for one in off]
    for statement in (*first, *statements):
        await database.write(lambda tx, statement=statement: tx.run(text(statement)))  # type: ignore[misc]


async def fault(chain: Chain) -> Fault | None:
    """What a check of all finds."""
    return (await chain.check(TENANT)).verdict.fault


async def test_sealed_and_sound(database: Database, chain: Chain) -> None:
    """Each tenant has a chain of its own, in batches or all at once, and what is sealed is not sealed again."""
    await wrote(database, 1_203)
    await wrote(database, 2, "other")
    assert await chain.seal() == 1_205
    await wrote(database, 1)
    assert (await chain.standing(TENANT)).waiting == 1
    assert await chain.seal() == 1
    assert await chain.seal() == 0
    found = await chain.check(TENANT)
    assert (found.verdict.fault, found.verdict.entries) == (None, 1_204)
    assert (await chain.check("other")).verdict.entries == 2
    assert (await chain.standing(TENANT)).waiting == 0


async def test_two_at_once(database: Database, tmp_path: Path) -> None:
    """Several processes that seal at once make one chain."""
    several = [Chain(database, Keys(KEY, tmp_path / "audit.key")) for _ in range(4)]
    await wrote(database, 700)
    counts = await asyncio.gather(*(one.seal() for one in several), wrote(database, 600))
    sealed = sum(count for count in counts if count is not None) + await several[0].seal()
    assert sealed == 1_300
    assert (await several[0].check(TENANT)).verdict.entries == 1_300


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE audit SET outcome = 'forbidden' WHERE action = '/deed4'", Why.CHANGED),
        ("UPDATE audit SET person_id = NULL, before = '' WHERE action = '/deed4'", Why.CHANGED),
        ("UPDATE audit SET at = at + 1 WHERE action = '/deed4'", Why.CHANGED),
        ("UPDATE audit_seals SET link = upper(link) || 'x' WHERE place = 5", Why.CHANGED),
        ("UPDATE audit_seals SET entry_id = entry_id + 900 WHERE place = 5", Why.MISSING),
        ("DELETE FROM audit WHERE action = '/deed4'", Why.MISSING),
        ("DELETE FROM audit_seals WHERE place = 5", Why.MISSING),
        ("UPDATE audit_seals SET key = '0' WHERE place = 5", Why.OTHER_KEY),
    ],
)
async def test_bent(database: Database, chain: Chain, statement: str, why: Why) -> None:
    """Whoever changes a row past the triggers is found out, and the first bad entry named."""
    await wrote(database, 9)
    await chain.seal()
    await bent(database, statement)
    found = await chain.check(TENANT)
    assert found.verdict.fault is not None
    assert (found.verdict.fault.place, found.verdict.fault.why) == (5, why)
    assert found.bad is None or found.bad.action == "/deed4"


async def test_cut_off(database: Database, chain: Chain) -> None:
    """The newest entries, seals and all, are missed because of the anchor."""
    await wrote(database, 9)
    await chain.seal()
    assert (await chain.anchor())[1] == 1
    await bent(database, "DELETE FROM audit_seals WHERE place > 6", "DELETE FROM audit WHERE action > '/deed5'")
    assert await fault(chain) == Fault(7, Why.CUT_OFF, until=9)


async def test_put_in_between(database: Database, chain: Chain) -> None:
    """An entry that is in the log and in no chain is named."""
    await wrote(database, 9)
    await chain.seal()
    await wrote(database, 1)
    await bent(database, "DELETE FROM audit_unsealed")
    found = await fault(chain)
    assert found is not None
    assert found.why is Why.UNSEALED


async def test_since_the_anchor(database: Database, chain: Chain) -> None:
    """What came since the anchor is checked by itself, quickly; what was before it is not looked at again."""
    await wrote(database, 9)
    await chain.seal()
    await chain.anchor()
    await wrote(database, 4)
    await chain.seal()
    assert (await chain.check(TENANT, since_anchor=True)).verdict.entries == 4
    await bent(database, "UPDATE audit SET outcome = 'x' WHERE action = '/deed1'")
    assert await fault(chain) == Fault(2, Why.CHANGED, 1002)


async def test_anchored_once(database: Database, chain: Chain) -> None:
    """Where nothing came since, nothing is anchored again."""
    assert await chain.anchor() == ([], 0)
    await wrote(database, 2)
    await chain.seal()
    assert (await chain.anchor())[1] == 1
    assert (await chain.anchor())[1] == 0
    assert (await chain.standing(TENANT)).anchor is not None


async def test_the_key_is_gone(database: Database, tmp_path: Path) -> None:
    """A chain is not continued under another key, nor under none; put behind a new one the old one checks it."""
    await wrote(database, 2)
    made = Chain(database, Keys("", tmp_path / keys.FILE))
    await made.seal()
    (tmp_path / keys.FILE).rename(tmp_path / "old")
    await wrote(database, 2)
    for other in ("", "another-key-of-the-audit-log-here"):
        with pytest.raises(NoKey, match="was made with the key"):
            await Chain(database, Keys(other, tmp_path / keys.FILE)).seal()
    assert not (tmp_path / keys.FILE).exists()
    old = (tmp_path / "old").read_text().strip()
    turned = Chain(database, Keys(f"{KEY},{old}", tmp_path / keys.FILE))
    assert await turned.seal() == 2
    assert (await turned.check(TENANT)).verdict.entries == 4


async def test_a_key_is_made_once(tmp_path: Path) -> None:
    """Of several who make the key at once all have the same, in a file that its owner alone can read."""
    file = tmp_path / "new" / keys.FILE
    made = await asyncio.gather(*(asyncio.to_thread(Keys("", file).made) for _ in range(8)))
    assert len({tuple(one) for one in made}) == 1
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]
