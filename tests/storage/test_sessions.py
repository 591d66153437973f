"""How PostgreSQL is connected to: what either side is told, and which way goes through a pooler."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url, text

from bot.kernel.clock import SystemClock
from bot.ops.database_probe import pooler as probe_pooler
from storage.engine.database import Database, Transaction
from storage.engine.sessions import by_transaction, conninfo, direct, pooled, reaching
from storage.engine.unusable import Unusable
from storage.migrations.migrate import migrate
from tests.pooler import pooler

PLAIN = "postgresql+psycopg://us:secret@db.lan:5433/studio"


def test_what_the_address_says_goes_before_what_we_say() -> None:
    """Keepalives and time limits are added, and none of what DATABASE_URL has is changed."""
    own = make_url(f"{PLAIN}?keepalives_idle=60&options=-c%20lock_timeout%3D1s&sslmode=require")
    query = dict(direct(own, limited=True).query)
    assert (query["keepalives_idle"], query["keepalives_count"], query["sslmode"]) == ("60", "3", "require")
    assert str(query["options"]).endswith("-c statement_timeout=5min -c lock_timeout=1s")  # the last word counts
    assert "options" not in pooled(make_url(PLAIN)).query


def test_an_address_for_libpq() -> None:
    """What libpq is given names everything, with spaces as they are, which it does not read out of an address."""
    said = conninfo_to_dict(conninfo(direct(make_url(PLAIN))))
    assert (said["host"], said["port"], said["dbname"], said["password"]) == ("db.lan", "5433", "studio", "secret")
    assert "-c tcp_user_timeout=10000" in str(said["options"])


async def test_the_server_soon_notices_a_vanished_client(postgres_url: str) -> None:
    """The server itself is told to let go of who vanished, and of a transaction in which nothing runs."""
    database = Database(postgres_url, SystemClock())
    names = ("tcp_keepalives_idle", "tcp_user_timeout", "idle_in_transaction_session_timeout", "lock_timeout")
    try:
        async with database.reading() as connection:
            told = [(await connection.execute(text(f"SHOW {name}"))).scalar_one() for name in names]
    finally:
        await database.close()
    assert told == ["5", "10000", "30s", "20s"]


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the pooler's own user can reach."""
    if shutil.which("pgbouncer") is None:
        pytest.skip("there is no pgbouncer on this machine (apt-get install pgbouncer)")
    with tempfile.TemporaryDirectory(prefix="echopilot-pooler-") as made:
        yield Path(made)


async def test_transactions_through_a_pooler(postgres_url: str, folder: Path) -> None:
    """A hundred transactions at a time go through three sessions without an error, and wake who listens beside it."""
    with pooler(postgres_url, folder) as address:
        database = Database(postgres_url, SystemClock(), pool_size=12, pooler=address)
        try:
            await database.start()
            await asyncio.gather(*(database.write(_counted) for _ in range(100)))
            other = Database(postgres_url, SystemClock())
            await other.write(_waking)
            assert await database.signals.wait("told", 5)
            await other.close()
        finally:
            await database.close()


async def _counted(tx: Transaction) -> None:
    for number in range(8):  # psycopg prepares what is said for the sixth time
        assert (await tx.run(text("SELECT CAST(:n AS int) + 1"), {"n": number})).scalar_one() == number + 1


async def _waking(tx: Transaction) -> None:
    tx.wake("told")


@pytest.mark.parametrize("ignored", ["extra_float_digits", "options"])
async def test_a_pooler_in_the_wrong_place(postgres_url: str, folder: Path, ignored: str) -> None:
    """What needs a session does not begin behind such a pooler, be our options refused there or passed over."""
    with pooler(postgres_url, folder, ignored=ignored) as address:
        database = Database(address, SystemClock())
        try:
            with pytest.raises(Unusable, match="the pooler in DATABASE_POOLER_URL") as refused:
                await migrate(database)
        finally:
            await database.close()
    assert str(make_url(address).password) not in str(refused.value)


def test_a_pooler_that_keeps_sessions(postgres_url: str, folder: Path) -> None:
    """One that lends a session out for as long as its client stays is as good as none."""
    with pooler(postgres_url, folder, mode="session") as address:
        engine = reaching(make_url(address))
        with engine.connect() as connection:
            assert not by_transaction(engine, connection)
        engine.dispose()


async def test_the_doctor_looks_at_the_pooler(postgres_url: str, folder: Path) -> None:
    """The doctor says whether DATABASE_POOLER_URL leads to our database, by transactions."""
    with pooler(postgres_url, folder) as address:
        elsewhere = make_url(address).set(database="postgres").render_as_string(hide_password=False)
        found = [await probe_pooler(postgres_url, url) for url in (address, postgres_url, elsewhere)]
    assert [one.verdict for one in found] == ["fine", "problem", "problem"]
    assert "pool_mode = transaction" in found[1].words
    assert "another database" in found[2].words
