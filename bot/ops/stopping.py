"""A program's work until somebody asks it to end."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from types import FrameType
from typing import Any

try:
    from uvloop import new_event_loop
except ImportError:  # there is none for Windows
    from asyncio import new_event_loop  # type: ignore[assignment]


def until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with an event that SIGTERM and SIGINT set; a second signal ends it at once. Returns its exit code."""

    async def main() -> int:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            _set_at(number, stop, loop)
        return await work(stop)

    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=new_event_loop) as runner:
        return runner.run(main())
    return 130


def _set_at(number: signal.Signals, stop: asyncio.Event, loop: asyncio.AbstractEventLoop) -> None:
    """Set `stop` at the signal; the next one of that number does what it does by itself."""

    def stopped() -> None:
        stop.set()
        loop.remove_signal_handler(number)

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)
        signal.signal(number, before)

    before = signal.getsignal(number)
    try:
        loop.add_signal_handler(number, stopped)
    except NotImplementedError:  # as on Windows
        signal.signal(number, interrupted)
