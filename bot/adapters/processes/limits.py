"""What a short process leaves itself: so much memory, time and files, no other processes, and no life after its parent.

Nothing but the standard library stands here: it is loaded before the process has limits.
"""

import json
import math
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

NO_MEMORY, NO_TIME = 3, 4  # the codes that it ends with where it needs more of it than there is
LONGEST_ORDER = 1_000_000  # bytes of its first line
OPEN_FILES = 32
WATCH_SECONDS = 0.02  # between two looks at the memory, where the system sets no limit to it
NICE = 5  # people's messages go first
ALMOST = 0.8  # of the memory; libraries that get no more say that the file is broken
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def own_output() -> BinaryIO:
    """Standard output for the answer alone; what libraries print goes nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out


def order() -> dict[str, Any]:
    """The first line of what the process is given."""
    found: dict[str, Any] = json.loads(sys.stdin.buffer.readline(LONGEST_ORDER))
    return found


def say(out: BinaryIO, answer: dict[str, Any]) -> None:
    """Say it as a line of JSON."""
    out.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
    out.flush()


def die_with(parent: int) -> None:
    """Have the kernel kill this process when its parent ends, however that comes. Linux only; elsewhere time does."""
    if sys.platform == "linux":
        import ctypes

        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        with suppress(OSError):  # should the machine run out of memory, this is what may go
            Path("/proc/self/oom_score_adj").write_text("1000")
    if os.getppid() != parent:
        os._exit(1)


def limit(most_bytes: int, seconds: float) -> None:
    """Leave the process so much memory and processor time; Windows has no such limits, and its time is kept outside."""
    try:
        import resource
    except ImportError:
        import psutil

        threading.Thread(target=_watch, args=(psutil.Process(), most_bytes), daemon=True).start()
        return
    os.nice(NICE)
    used = resource.getrusage(resource.RUSAGE_SELF)
    processor = math.ceil(used.ru_utime + used.ru_stime + seconds)
    limits = {
        resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_NPROC: (0, 0),
        resource.RLIMIT_NOFILE: (OPEN_FILES, OPEN_FILES),
        resource.RLIMIT_CPU: (processor, processor + 1),
        resource.RLIMIT_AS: (most_bytes, most_bytes),
    }
    for limit, values in limits.items():
        try:
            resource.setrlimit(limit, values)
        except (ValueError, OSError):
            if sys.platform == "linux":  # other systems do not know them all
                raise


def hold_less(most_bytes: int) -> None:
    """Leave the process so much memory for its data, where the system has such a limit; files that it reads are none.

    What it starts has it as well.
    """
    try:
        import resource
    except ImportError:
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))


def _watch(process: Any, most_bytes: int) -> None:
    """End the process where it holds more memory, as far as its threads take turns."""
    while process.memory_info().rss < most_bytes:
        time.sleep(WATCH_SECONDS)
    os._exit(NO_MEMORY)


def at_the_limit(most_bytes: int) -> bool:
    """Whether so much memory was taken that whatever went wrong went wrong for that."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024 > ALMOST * most_bytes
    return False
