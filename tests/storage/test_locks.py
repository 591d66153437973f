"""Roles that one process has at a time."""

import asyncio
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from bot.kernel.clock import SystemClock
from bot.ops.version import ROOT
from storage.engine import locks
from storage.engine.database import Database
from storage.engine.locks import AlreadyRunning, exclusively, only_process
from tests.relay import Relay


async def test_role_changes_hands(postgres_url: str) -> None:
    """A role is had by one at a time; it passes on when its holder stops, once the holder's work has ended."""
    first, second = Database(postgres_url, SystemClock()), Database(postgres_url, SystemClock())
    holders: list[str] = []
    begun = {"first": asyncio.Event(), "second": asyncio.Event()}

    async def hold(name: str) -> None:
        holders.append(name)
        assert len(holders) == 1
        begun[name].set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            holders.remove(name)

    one = asyncio.create_task(exclusively(first, "updates", lambda: hold("first")))
    await asyncio.wait_for(begun["first"].wait(), 5)
    two = asyncio.create_task(exclusively(second, "updates", lambda: hold("second")))
    other = asyncio.create_task(exclusively(second, "inbox", asyncio.Event().wait))  # type: ignore[arg-type]
    one.cancel()
    await asyncio.wait_for(begun["second"].wait(), 5)
    for task in (one, two, other):
        task.cancel()
    await asyncio.gather(one, two, other, return_exceptions=True)


async def test_lost_connection(postgres_url: str) -> None:
    """A holder whose connection breaks stops its work and asks for the role anew."""
    database = Database(postgres_url, SystemClock())
    starts: asyncio.Queue[str] = asyncio.Queue()

    async def hold() -> None:
        await starts.put("begun")
        try:
            await asyncio.Event().wait()
        finally:
            await starts.put("ended")

    holder = asyncio.create_task(exclusively(database, "updates", hold))
    assert await asyncio.wait_for(starts.get(), 5) == "begun"
    async with await psycopg.AsyncConnection.connect(postgres_url, autocommit=True) as connection:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'")
    async with asyncio.timeout(15):
        assert [await starts.get(), await starts.get()] == ["ended", "begun"]
    holder.cancel()
    await asyncio.gather(holder, return_exceptions=True)


def test_one_process_per_file(sqlite_url: str) -> None:
    """A SQLite file that is in use is refused by name; it is free again as soon as its user lets go."""
    database = Database(sqlite_url, SystemClock())
    with (
        only_process(database),
        pytest.raises(AlreadyRunning, match="Another EchoPilot already runs on"),
        only_process(database),
    ):
        pass
    with only_process(database):
        pass


HOLDER = """
from bot.kernel.clock import SystemClock
from storage.engine.database import Database
from storage.engine.locks import only_process

with only_process(Database({url!r}, SystemClock())):
    print("held", flush=True)
    input()
"""


def test_a_killed_process_lets_go(sqlite_url: str) -> None:
    """What another process has is refused as long as it lives, and free at once when it is killed; a file that was left
    behind keeps nobody out.
    """
    database = Database(sqlite_url, SystemClock())
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER.format(url=sqlite_url)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(AlreadyRunning), only_process(database):
            pass
        holder.kill()
    with only_process(database):
        assert Path(f"{database.url.database}.lock").exists()


async def test_a_holder_that_is_cut_off(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A holder whose server falls silent, without a word that the connection is gone, stops its work in time."""
    monkeypatch.setattr(locks, "CHECK_SECONDS", 0.1)
    monkeypatch.setattr(locks, "ANSWER_SECONDS", 0.3)
    async with Relay(postgres_url) as relay:
        database = Database(relay.url, SystemClock())
        begun, ended = asyncio.Event(), asyncio.Event()

        async def hold() -> None:
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        holder = asyncio.create_task(exclusively(database, "updates", hold))
        await asyncio.wait_for(begun.wait(), 5)
        assert list(database.roles.since) == ["updates"]
        relay.silent = True
        await asyncio.wait_for(ended.wait(), 2)
        relay.cut()
        holder.cancel()
        await asyncio.gather(holder, return_exceptions=True)
    assert database.roles.since == {}
