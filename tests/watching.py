"""What a piece of work costs everybody else: the memory of all processes that it starts, and the event loop's lag."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import psutil

LOOK_SECONDS = 0.01


@dataclass
class Watched:
    """The most of each so far: bytes of all processes below this one together, seconds that the loop was late.

    lag: what this process made of it; late: by the clock, with what others on the machine made of it.
    """

    peak: int = 0
    lag: float = 0.0
    late: float = 0.0


def memory(process: psutil.Process, *, itself: bool, others: frozenset[int] = frozenset()) -> int:
    """Bytes of resident memory of a process and all below it, without these others (a database server) and theirs.

    A process that was forked and runs no program of its own yet has its parent's pages, and they are no others.
    """
    whole = 0
    try:
        own = [child for child in process.children() if child.pid not in others]
        found = [*own, *(below for child in own for below in child.children(recursive=True))]
    except psutil.NoSuchProcess:
        return 0
    for one in [*([process] if itself else []), *found]:
        try:
            forked = one != process and one.cmdline() == process.cmdline()
            whole += 0 if forked else one.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return whole


@contextmanager
def peak_of(process: psutil.Process, *, itself: bool) -> Iterator[Watched]:
    """Look at the memory again and again within the context, from a thread that no loop holds up."""
    watched, over = Watched(), threading.Event()
    before = frozenset(child.pid for child in process.children())

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            watched.peak = max(watched.peak, memory(process, itself=itself, others=before))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watched
    finally:
        over.set()
        thread.join()


@asynccontextmanager
async def watching() -> AsyncIterator[Watched]:
    """Watch the processes below this one, and this loop."""
    with peak_of(psutil.Process(), itself=False) as watched:
        lag = asyncio.create_task(_lag(watched))
        try:
            yield watched
        finally:
            lag.cancel()


async def _lag(watched: Watched) -> None:
    while True:
        before, worked = time.perf_counter(), time.process_time()
        await asyncio.sleep(LOOK_SECONDS)
        late = time.perf_counter() - before - LOOK_SECONDS
        watched.late = max(watched.late, late)
        watched.lag = max(watched.lag, min(late, time.process_time() - worked))
