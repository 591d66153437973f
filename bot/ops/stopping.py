"""A program's work until somebody asks it to end."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from typing import Any

import uvloop


def until_stopped(work: Callable[[asyncio.Event], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with an event that SIGTERM and SIGINT set; a second signal ends it at once. Returns its exit code."""

    async def main() -> int:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def stopped(number: int) -> None:
            stop.set()
            loop.remove_signal_handler(number)

        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stopped, number)
        return await work(stop)

    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())
    return 130
