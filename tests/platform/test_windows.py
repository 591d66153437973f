"""A system without what only POSIX has, as Windows is: Linux with that taken away. Nothing was tried on Windows."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from bot.adapters.processes import limits
from bot.config.addresses import database_address
from bot.databases import database_of
from bot.ops.version import ROOT
from storage.migrations.migrate import migrate
from tests.bot.adapters.documents.test_documents import docx_file
from tests.house import CAROL, Providers
from tests.platform.program import environment, running


def without_posix(*arguments: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `tests.platform.without_posix` to its end."""
    # filelock locks by what Windows has for it, and here finds neither
    quiet = ("-W", "ignore:only soft file lock")
    command = [sys.executable, *quiet, "-m", "tests.platform.without_posix", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=ROOT, check=False, timeout=60)


def test_every_module_can_be_imported() -> None:
    """No module that is shipped asks for what only POSIX has when it is imported."""
    done = without_posix("import")
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 500


def test_it_ends_in_order() -> None:
    """Ctrl+C ends the work in order where event loops take no signals."""
    done = without_posix("stop")
    assert (done.returncode, done.stderr) == (7, "")


async def test_doctor(stand_ins: Providers, tmp_path: Path) -> None:
    """The doctor runs through, finds all in order, and says what the system lacks and what happens instead."""
    url = f"sqlite:///{tmp_path}/windows.db"
    database = database_of(stand_ins.settings(url))
    await migrate(database)
    await database.close()
    env = environment(stand_ins.environment(url) | {"allow_dirty": True})
    done = await asyncio.to_thread(without_posix, "bot", "doctor", env=env)
    lines = {line.split()[0]: line.split(maxsplit=1)[1] for line in done.stdout.splitlines()}
    assert done.stderr == ""
    assert [name for name, words in lines.items() if words.startswith("problem")] == []
    assert lines["database"].startswith("fine")
    assert lines["system"].startswith("off")
    assert "only Ctrl+C ends the program in order" in lines["system"]


async def test_it_runs(stand_ins: Providers, tmp_path: Path) -> None:
    """The program runs, reads a file, says in its log what the system lacks, and ends in order at a signal."""
    carol = stand_ins.telegram.person("Carol", id=CAROL)
    env = environment(stand_ins.environment(f"sqlite:///{tmp_path}/windows.db") | {"allow_dirty": True})
    async with running(env, tmp_path, ("-m", "tests.platform.without_posix", "bot")) as lines:
        await carol.says("/start")
        await carol.sees("Welcome")
        await carol.sends_file("offer.docx", docx_file("Write a page about the lamp L2 for campers."))
        await carol.sees("Read: offer.docx, 51 characters")
    assert len([line for line in lines if "the system lacks something" in line]) == 3
    assert [line for line in lines if '"level":"error"' in line] == []


def test_postgresql_is_refused_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its driver and the reading of files need different event loops there."""
    address = "postgresql://echo@db/echo"
    assert database_address(address) == address
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(ValueError, match="write sqlite:///path on Windows"):
        database_address(address)
    assert database_address("sqlite:///data/echopilot.db") == "sqlite:///data/echopilot.db"


def test_memory_is_watched_without_limits() -> None:
    """Where the system sets no limits, a reader of files that takes more memory than it may ends, and says so."""
    reading = (
        "import psutil, sys, time; sys.modules['resource'] = None\n"
        "from bot.adapters.processes import limits\n"
        "limits.limit(60_000_000, 5.0)\n"
        "held = [bytearray(1_000_000) for _ in range(60)]\n"
        "time.sleep(20)"
    )
    done = subprocess.run([sys.executable, "-c", reading], cwd=ROOT, check=False, timeout=30)
    assert done.returncode == limits.NO_MEMORY
