"""EchoPilot as a process of its own, killed at will and started again at once, as a supervisor would."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LONGEST_LINE = 2**24
TOO_MANY_DEATHS = 20


class Program:
    """One EchoPilot. Use as an async context manager; inside, it runs again whenever it ends, unless it is held.

    within: what its command stands behind, as that which has it run on another host. only: its parts, else all.
    most_deaths: how often it may end by itself; pause_seconds: before it is started again then. hear: is given each
    line of its log.

    boots: seconds from each start of the process until it said that it runs. deaths: exit codes of ends that nobody
    here asked for; broken: how many of them after it ran. dead_at: the crash points reached since `die_at`. The log of
    all its lives is in `folder`.
    """

    def __init__(
        self,
        folder: Path,
        settings: Mapping[str, Any],
        fault: str = "",
        *,
        within: Sequence[str] = (),
        only: Sequence[str] = (),
        most_deaths: int = TOO_MANY_DEATHS,
        pause_seconds: float = 0.0,
        hear: Callable[[bytes], None] | None = None,
    ) -> None:
        self.folder = folder
        self.point_file = folder / "point"
        self.boots: list[float] = []
        self.deaths: list[int] = []
        self.broken = 0
        self.kills = 0
        self._environment = {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(folder),
            "PYTHONPATH": str(ROOT),
            "ALLOW_DIRTY": "true",
            "CHAOS_POINT": str(self.point_file),
            "CHAOS_FAULT": fault,
            **{name.upper(): str(value) for name, value in settings.items()},
        }
        self._within, self._only = tuple(within), ("--only", *only) if only else ()
        self._most_deaths, self._pause_seconds, self._hear = most_deaths, pause_seconds, hear
        self._may_run = asyncio.Event()
        self._may_run.set()
        self._process: asyncio.subprocess.Process | None = None
        self._ready = asyncio.Event()
        self._started = asyncio.Event()
        self.dead_at: list[str] = []
        self._point = ""
        self._next_points: list[str] = []
        self._stopping = False
        self._keeper: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Program":
        self._keeper = asyncio.create_task(self._keep_running())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True
        self._may_run.set()
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        if self._keeper is not None:
            await asyncio.gather(self._keeper, return_exceptions=True)

    @property
    def is_ready(self) -> bool:
        return self._ready.is_set()

    async def ready(self) -> None:
        """Wait until the present life runs; raises what ended the supervision."""
        await self._unless_given_up(self._ready)

    async def started(self) -> None:
        """Wait until there is a process, however far its start has come."""
        await self._unless_given_up(self._started)

    def kill(self) -> None:
        """kill -9. It starts anew at once."""
        if self._process is not None and self._process.returncode is None:
            self.kills += 1
            self._stopped_by_us = True
            self._ready.clear()
            self._started.clear()
            self._process.kill()

    def hold(self) -> None:
        """Do not start it any more once it has ended."""
        self._may_run.clear()

    def let_run(self, code: Path | None = None, commit: str = "") -> None:
        """Start it, and whenever it ends from now on; by other code, where that is given."""
        if code is not None:
            self._environment |= {"PYTHONPATH": str(code), "ECHOPILOT_COMMIT": commit}
        self._may_run.set()

    async def end(self) -> int:
        """Ask it to end (SIGTERM) and hold it; returns its exit code."""
        self.hold()
        assert self._process is not None
        self._stopped_by_us = True
        self._ready.clear()
        self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()

    async def stop(self) -> int:
        """Ask it to end (SIGTERM), and return its exit code."""
        await self.ready()
        self._stopping = True
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return await self._process.wait()

    def die_at(self, point: str, *then: str) -> None:
        """Have it kill itself at a named point, counted from now; and its next lives at the points after that."""
        self.dead_at = []
        self._next_points = list(then)
        self._arm(point)

    def live(self) -> None:
        """Take back the points that are left."""
        self._next_points.clear()
        self._point = ""
        self.point_file.unlink(missing_ok=True)

    def _arm(self, point: str) -> None:
        self._point = point
        fresh = self.point_file.with_suffix(".new")
        fresh.write_text(point)
        fresh.rename(self.point_file)

    def _reached(self) -> None:
        if self._point:
            self.dead_at.append(self._point)
        self._point = ""
        self.point_file.unlink(missing_ok=True)
        if self._next_points:
            self._arm(self._next_points.pop(0))

    async def _unless_given_up(self, event: asyncio.Event) -> None:
        assert self._keeper is not None
        waiting = asyncio.create_task(event.wait())
        await asyncio.wait([waiting, self._keeper], return_when=asyncio.FIRST_COMPLETED)
        if not waiting.done():
            waiting.cancel()
            await self._keeper
            raise RuntimeError("the program was stopped")

    async def _is_wanted(self) -> bool:
        """Wait until it may run; False where it is not to any more."""
        await self._may_run.wait()
        return not self._stopping

    async def _keep_running(self) -> None:
        with (self.folder / "log.ndjson").open("ab") as log:
            while await self._is_wanted():
                self._stopped_by_us = False
                began = time.perf_counter()
                self._process = await asyncio.create_subprocess_exec(
                    *(*self._within, sys.executable, "-m", "tests.chaos.victim", "run", *self._only),
                    cwd=self.folder,
                    env=self._environment,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.STDOUT,
                    limit=LONGEST_LINE,
                )
                self._started.set()
                await self._follow(self._process, began, log)
                code = await self._process.wait()
                ran = self._ready.is_set()
                self._ready.clear()
                if self._stopped_by_us or self._stopping:
                    continue
                if code == -signal.SIGKILL and self._point:
                    self._reached()
                    continue
                self.deaths.append(code)
                self.broken += ran
                if len(self.deaths) > self._most_deaths:
                    raise RuntimeError(f"the program keeps ending by itself, last with {code}; see {log.name}")
                await asyncio.sleep(self._pause_seconds)

    async def _follow(self, process: asyncio.subprocess.Process, began: float, log: Any) -> None:
        assert process.stdout is not None
        with contextlib.suppress(ConnectionResetError):
            async for line in process.stdout:
                log.write(line)
                log.flush()
                if self._hear is not None:
                    self._hear(line)
                if b'"event":"running"' in line and not self._stopped_by_us:
                    self.boots.append(time.perf_counter() - began)
                    self._ready.set()


def free_port() -> int:
    """A port that nobody listens on, for an address that must stay the same across lives."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
