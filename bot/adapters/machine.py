"""The machine, by psutil: https://psutil.readthedocs.io."""

import shutil
from pathlib import Path

from bot.capacity.model import Measured


class ThisMachine:
    """See `bot.capacity.ports.Machine`. database: the SQLite file; None where the database is PostgreSQL."""

    def __init__(self, database: Path | None) -> None:
        self._database = database

    def measure(self) -> Measured:
        import psutil  # late: only a worker measures

        return Measured(
            cpu=round(psutil.cpu_percent()),  # since the last time; the first answer is 0
            memory=round(psutil.virtual_memory().percent),
            own_bytes=psutil.Process().memory_info().rss,
            free_bytes=None if self._database is None else shutil.disk_usage(self._database.absolute().parent).free,
            database_bytes=None if self._database is None else _size(self._database),
        )


def _size(database: Path) -> int:
    """Of the file and of what is not written into it yet."""
    files = (database, database.with_name(f"{database.name}-wal"))
    return sum(file.stat().st_size for file in files if file.exists())
