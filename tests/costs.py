"""What a piece of work costs, measured beside another one: a figure that no busy machine changes."""

import time
from collections.abc import Callable

TRIES = 5


def dearer(work: Callable[[], object], than: Callable[[], object], times: float) -> float:
    """How many times as much of this process's time `work` takes as `than` does, where that is more than `times`.

    0 where it is not. The two are taken in turns, and of several turns the lowest counts: what others on the machine do
    only adds.
    """
    least = 0.0
    for _ in range(TRIES):
        reference = max(_seconds(than), 1e-4)
        least = min(least or float("inf"), _seconds(work) / reference)
        if least <= times:
            return 0.0
    return least


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
