"""A short process for one piece of work: started with none of our secrets, and ended with all that it started."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from bot.adapters.processes.limits import NO_TIME

PIECE = 65_536
START_SECONDS = 30.0  # on a machine that is busy with other things
GONE_SECONDS = 5.0  # until what was killed is gone
# Python does not start on Windows without SYSTEMROOT.
_ENVIRONMENT = {"LC_ALL": "C.UTF-8"} | {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
# How a process ends that the system ends for its time; Windows knows no such signals.
_OVER_TIME = {-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name)}


def over_time(code: int) -> bool:
    """Whether a process that ended so ended because its time was over."""
    return code in {*_OVER_TIME, NO_TIME}


async def start(program: str, passed_on: Sequence[str] = ()) -> asyncio.subprocess.Process:
    """Start the Python file. Who starts it ends it, by `end`. passed_on: what it has of our environment besides."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-B", program),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_ENVIRONMENT | {name: os.environ[name] for name in passed_on if name in os.environ},
        cwd="/",
        start_new_session=True,
    )


async def end(process: asyncio.subprocess.Process) -> None:
    """Kill it with all that it started. asyncio calls a process ended once its output is read to the end."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.stdin.close()
    with suppress(TimeoutError):
        async with asyncio.timeout(GONE_SECONDS):
            while await process.stdout.read(PIECE):
                pass
            await process.wait()
            with suppress(ConnectionError):  # what it had not read yet
                await process.stdin.wait_closed()


async def give(into: asyncio.StreamWriter, data: bytes) -> None:
    """Hand bytes over piece by piece, so that they are not held twice."""
    with suppress(ConnectionError):  # the process may end before it has read all
        for start in range(0, len(data), PIECE):
            into.write(data[start : start + PIECE])
            await into.drain()
        into.close()


async def all_of(out: asyncio.StreamReader, most: int) -> bytes | None:
    """All that is said; None where that is more than so many bytes."""
    said = bytearray()
    while piece := await out.read(PIECE):
        said += piece
        if len(said) > most:
            return None
    return bytes(said)
