"""Signs of life: what systemd is told, and the file that health checks of processes without a web part read."""

import asyncio
import os
import re
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.kernel.timing import Timing
from bot.ops.version import ROOT
from tests.eventually import eventually
from tests.house import Providers, house

BEATING = Timing(beat=0.05)
COMPOSE: Any = yaml.safe_load((ROOT / "compose.postgresql.yaml").read_text())
PATH = COMPOSE["x-echopilot"]["environment"]["HEALTH_PATH"]


async def is_healthy(path: Path) -> bool:
    """What the health check of the compose file says of this file."""
    program, *arguments = COMPOSE["x-echopilot"]["healthcheck"]["test"][1:]
    assert program == "python"
    given = [argument.replace(PATH, str(path)) for argument in arguments]
    check = await asyncio.create_subprocess_exec(sys.executable, *given, stderr=asyncio.subprocess.DEVNULL)
    return await check.wait() == 0


async def test_health_file(stand_ins: Providers, new_sqlite_url: str, tmp_path: Path) -> None:
    """Healthy is what writes that it is well; not what writes why it is not, or writes nothing for a minute."""
    path, aside = tmp_path / "health", tmp_path / "aside"
    assert not await is_healthy(path)
    async with house(stand_ins, new_sqlite_url, timing=BEATING, health_path=str(path)):
        await eventually(path.exists)
        assert await is_healthy(path)
        database = Path(new_sqlite_url.removeprefix("sqlite:///"))
        os.rename(database, aside)  # noqa: PTH104 - at once, and no loop turns meanwhile
        await eventually(lambda: path.read_text() == "the database's file is gone, or another lies in its place\n")
        assert not await is_healthy(path)
        os.rename(aside, database)  # noqa: PTH104
        await eventually(lambda: path.read_text() == "ready\n")
    assert await is_healthy(path)
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 61))
    assert not await is_healthy(path)


async def test_systemd_is_told(
    stand_ins: Providers, new_sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """systemd hears that the process is ready, beat by beat that it lives, and that it stops."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        loop = asyncio.get_running_loop()
        async with house(stand_ins, new_sqlite_url, timing=BEATING), asyncio.timeout(20):
            assert await loop.sock_recv(systemd, 1000) == b"READY=1"
            for _ in range(3):
                assert await loop.sock_recv(systemd, 1000) == b"WATCHDOG=1\nSTATUS=ready"
        while (told := systemd.recv(1000)) != b"STOPPING=1":
            assert re.fullmatch(rb"WATCHDOG=1\nSTATUS=.+", told)
