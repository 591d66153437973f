"""The real program as a process of its own, against the stand-ins."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.ops.version import ROOT

BOT = ("-m", "bot")
END_SECONDS = 100  # a busy machine takes half a minute to load it; the test itself is given up after 120


def environment(settings: Mapping[str, Any]) -> dict[str, str]:
    """The environment of a process with these settings (names in lower case), and nothing else of this one's."""
    values = {name.upper(): str(value) for name, value in settings.items()}
    return {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **values}


async def run(*arguments: str, env: Mapping[str, str], cwd: Path) -> tuple[int, str]:
    """Run `python -m bot` to its end; returns its exit code and all that it printed."""
    process = await start(*arguments, env=env, cwd=cwd)
    try:
        async with asyncio.timeout(END_SECONDS):
            printed, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, printed.decode()


@asynccontextmanager
async def running(env: Mapping[str, str], cwd: Path, program: Sequence[str] = BOT) -> AsyncIterator[list[str]]:
    """`python -m bot run` within the context, stopped by SIGTERM; the list then holds its lines."""
    process = await start("run", env=env, cwd=cwd, program=program)
    output = asyncio.create_task(process.communicate())
    lines: list[str] = []
    try:
        yield lines
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        lines += (await output)[0].decode().splitlines()
    assert process.returncode == 0, "\n".join(lines)


async def start(
    *arguments: str, env: Mapping[str, str], cwd: Path, program: Sequence[str] = BOT, stdin: int | None = None
) -> asyncio.subprocess.Process:
    """`python -m bot` with these arguments; whoever calls it has it end. stdin: as asyncio wants it."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *program,
        *arguments,
        env=dict(env),
        cwd=cwd,
        stdin=stdin,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
