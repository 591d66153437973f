"""Programs under measurement, each in a process of its own: EchoPilot, the bare baselines, the stage."""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import psutil

ROOT = Path(__file__).resolve().parents[1]
STOP_SECONDS = 60.0
START_SECONDS = 120.0


class Program:
    """A running process; what it wrote is in `log`."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path) -> None:
        self.process = process
        self.log = log
        self._seen = psutil.Process(process.pid)

    def cpu_seconds(self, *, below: bool = False) -> float:
        """Processor time so far, user and system. below: with that of processes that it started and that have ended."""
        times = self._seen.cpu_times()
        ended = times.children_user + times.children_system if below else 0.0
        return float(times.user + times.system + ended)

    def loop_seconds(self) -> float:
        """Processor time so far of the thread of the event loop, which is the process's first."""
        (times,) = (thread for thread in self._seen.threads() if thread.id == self.process.pid)
        return float(times.user_time + times.system_time)

    def memory_mb(self) -> float:
        """Resident memory."""
        return float(self._seen.memory_info().rss / 1_000_000)

    async def stop(self) -> None:
        """End it, by the end of its input where it has one; raises RuntimeError with its log where it failed."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        elif self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                code = await self.process.wait()
        except TimeoutError:
            self.process.kill()
            raise
        if code not in {0, -signal.SIGTERM}:
            raise RuntimeError(f"ended with {code}:\n{self.log.read_text()[-3000:]}")


@asynccontextmanager
async def program(
    folder: Path,
    *arguments: str,
    settings: Mapping[str, Any] | None = None,
    pipes: bool = False,
    root: Path = ROOT,
) -> AsyncIterator[Program]:
    """`python -m *arguments` in `folder`, with nothing of our own environment but what it needs to run.

    root: whose code it is; that of another folder runs by the .venv there.
    """
    environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment |= {"PYTHONPATH": str(root), "PYTHONWARNINGS": "ignore"}
    python = sys.executable if root == ROOT else str(root / ".venv" / "bin" / "python")
    environment |= {name.upper(): str(value) for name, value in (settings or {}).items()}
    log = folder / f"{arguments[0]}-{time.time_ns()}.log"
    pipe = asyncio.subprocess.PIPE if pipes else asyncio.subprocess.DEVNULL
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *(python, "-m", *arguments), cwd=folder, env=environment, stdin=pipe, stdout=pipe, stderr=file
        )
    running = Program(process, log)
    try:
        yield running
    finally:
        await running.stop()


@asynccontextmanager
async def echopilot(
    folder: Path, settings: Mapping[str, Any], *, module: str = "bot", parts: tuple[str, ...] = (), root: Path = ROOT
) -> AsyncIterator[Program]:
    """`python -m bot run`, ready. `parts`: what `--only` names."""
    settings = {"allow_dirty": "true", "log_level": "warning", "web_port": free_port(), **settings}
    only = ("--only", *parts) if parts else ()
    async with program(folder, module, "run", *only, settings=settings, root=root) as running:
        if not parts or "web" in parts:
            await ready(running, f"http://127.0.0.1:{settings['web_port']}/readyz")
        yield running


async def ready(running: Program, url: str) -> None:
    """Wait until the address answers 200."""
    give_up = time.monotonic() + START_SECONDS
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < give_up:
            if running.process.returncode is not None:
                raise RuntimeError(running.log.read_text()[-3000:])
            try:
                async with session.get(url) as answer:
                    if answer.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.01)
    raise TimeoutError(f"{url} did not answer:\n{running.log.read_text()[-3000:]}")


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
