"""The machine, by psutil: https://psutil.readthedocs.io."""

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.capacity.model import Measured

# Over a shorter stretch the start of a process looks like load, and a longer one says nothing of the last minutes.
SHORTEST, LONGEST = 30.0, 900.0


@dataclass(frozen=True, slots=True)
class Used:
    """Seconds of all processors together up to a moment: those that were busy, and all."""

    at: float
    busy: float
    whole: float


class ThisMachine:
    """See `bot.capacity.ports.Machine`. database: the SQLite file; None where the database is PostgreSQL."""

    def __init__(self, database: Path | None) -> None:
        self._database = database
        self._used: Used | None = None
        self._cpu: int | None = None

    def measure(self) -> Measured:
        import psutil  # late: only a worker measures

        self._look(_used(psutil.cpu_times(), time.monotonic()))
        return Measured(
            cpu=self._cpu,
            memory=round(psutil.virtual_memory().percent),
            own_bytes=psutil.Process().memory_info().rss,
            free_bytes=None if self._database is None else shutil.disk_usage(self._database.absolute().parent).free,
            database_bytes=None if self._database is None else _size(self._database),
        )

    def _look(self, now: Used) -> None:
        """Several ask, each in its own rhythm: all get what the last stretch was that is long enough."""
        before = self._used
        if before is not None and now.at - before.at < SHORTEST:
            return
        self._used, self._cpu = now, None
        if before is not None and now.at - before.at <= LONGEST and now.whole > before.whole:
            self._cpu = round(100 * (now.busy - before.busy) / (now.whole - before.whole))


def _used(times: Any, at: float) -> Used:
    """times: of psutil; a guest's time is in the user's as well."""
    whole = sum(times) - getattr(times, "guest", 0.0) - getattr(times, "guest_nice", 0.0)
    return Used(at, whole - times.idle - getattr(times, "iowait", 0.0), whole)


def _size(database: Path) -> int:
    """Of the file and of what is not written into it yet."""
    files = (database, database.with_name(f"{database.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
