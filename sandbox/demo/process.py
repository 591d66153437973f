"""EchoPilot as a process of its own, which can be killed and started again."""

import asyncio
import signal
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import orjson

from bot.kernel.errors import EchoPilotError
from bot.kernel.timing import IN_PRODUCTION


class Ended(EchoPilotError):
    """It ended, and nobody had asked it to."""


class BotProcess:
    """One EchoPilot with the settings `given`. Use as an async context manager: inside, it runs.

    minute: how many seconds a minute of a fuse is, see `bot.kernel.timing.Timing`.

    address: of its web part, the same in each of its lives. bot_name: of the bot in Telegram. lives: how often it was
    started.
    """

    def __init__(self, given: Mapping[str, Any], minute: float = IN_PRODUCTION.minute) -> None:
        self._given = dict(given)
        self._minute = minute
        self._process: asyncio.subprocess.Process | None = None
        self.address = ""
        self.bot_name = ""
        self.lives = 0

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._running.returncode is None:
            self._running.send_signal(signal.SIGTERM)
            await self._running.wait()

    @property
    def database_url(self) -> str:
        """Of its database."""
        return str(self._given["database_url"])

    async def start(self) -> None:
        """Start it, and wait until it runs; raises Ended where it ends before."""
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sandbox.demo.child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl+C is for the demo, which then ends it in order
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(orjson.dumps({"settings": self._given, "minute": self._minute}) + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise Ended(f"EchoPilot ended before it ran, with exit code {await self._process.wait()}.")
        said = orjson.loads(line)
        self.address, self.bot_name = said["address"], said["bot_name"]
        self._given["web_port"] = urlsplit(self.address).port
        self.lives += 1

    async def kill(self) -> None:
        """kill -9: it is gone in the middle of whatever it does."""
        self._running.kill()
        await self._running.wait()

    async def until(self, stop: asyncio.Event) -> None:
        """Wait until `stop` is set; raises Ended where the process ends before."""
        waiting = [asyncio.create_task(stop.wait()), asyncio.create_task(self._running.wait())]
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if not stop.is_set():
            raise Ended(f"EchoPilot ended by itself, with exit code {self._running.returncode}.")

    @property
    def _running(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process
