"""The program that reads one file and ends; `bot.adapters.documents.process` starts it, and trusts nothing it says.

In: a line of JSON; then, once a line came back, the file's bytes. Out: that line, and an answer.
Whatever the file makes of it, it can take only the memory, time and files that it left itself, starts no other process
and writes no file; and it dies with the program that started it.
"""

import importlib
import json
import math
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any, BinaryIO

ROOT = Path(__file__).resolve().parents[3]
# What is loaded before the clock starts, by a file's ending.
LIBRARIES = {".docx": "docx", ".pdf": "pypdf", ".xlsx": "openpyxl", ".xlsm": "openpyxl", ".xls": "python_calamine"}
NO_MEMORY, NO_TIME = 3, 4  # the codes that it ends with where it needs more of it than there is
OPEN_FILES = 32
WATCH_SECONDS = 0.02  # between two looks at the memory, where the system sets no limit to it
NICE = 5  # people's messages go first
ALMOST = 0.8  # of the memory; libraries that get no more say that the file is broken
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38


def main() -> None:
    """Read the file that comes by standard input."""
    out = _own_output()
    order = json.loads(sys.stdin.buffer.readline(100_000))
    _die_with(order["parent"])
    sys.path.insert(0, str(ROOT))
    from bot.adapters.documents import documents
    from bot.kernel.translation import reading_as

    reader = _reader(order["language"])
    if library := LIBRARIES.get(PurePath(order["name"]).suffix.lower()):
        importlib.import_module(library)
    _limit(order["bytes"], order["seconds"])
    _say(out, {})
    try:
        with reading_as(reader):
            _say(out, _answer(documents, order, sys.stdin.buffer.read(order["size"])))
    except MemoryError:
        os._exit(NO_MEMORY)
    os._exit(0)


def _reader(language: str) -> Any:
    """Whoever sent the file, with the sentences of their language."""
    from bot.kernel.translation import SOURCE_LANGUAGE, Reader, best_language, number, reading_as

    if language != SOURCE_LANGUAGE:
        from bot.locale import catalogs

        catalogs.install_all()
    reader = Reader(best_language(language))
    with reading_as(reader):
        number(1)  # what CLDR knows of the language is read before memory and files are limited
    return reader


def _answer(documents: Any, order: dict[str, Any], data: bytes) -> dict[str, Any]:
    from bot.kernel.errors import Refusal

    try:
        reading = documents.read_here(order["name"], data, order["seconds"], order["mime_type"])
    except documents.OutOfTime:
        os._exit(NO_TIME)
    except Refusal as refusal:
        if _at_the_limit(order["bytes"]):
            os._exit(NO_MEMORY)
        cause = refusal.__cause__
        why = f"{type(cause).__name__}: {cause}"[:500] if cause is not None else ""
        return {"refused": str(refusal), "why": why}
    return {"reading": {name: getattr(reading, name) for name in reading.__dataclass_fields__}}


def _own_output() -> BinaryIO:
    """Standard output for the answer alone; what libraries print goes nowhere."""
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return out


def _say(out: BinaryIO, answer: dict[str, Any]) -> None:
    out.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
    out.flush()


def _die_with(parent: int) -> None:
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


def _limit(most_bytes: int, seconds: float) -> None:
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


def _watch(process: Any, most_bytes: int) -> None:
    """End the process where it holds more memory, as far as its threads take turns."""
    while process.memory_info().rss < most_bytes:
        time.sleep(WATCH_SECONDS)
    os._exit(NO_MEMORY)


def _at_the_limit(most_bytes: int) -> bool:
    """Whether so much memory was taken that whatever went wrong went wrong for that."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmPeak:"):
                return int(line.split()[1]) * 1024 > ALMOST * most_bytes
    return False


if __name__ == "__main__":
    main()
