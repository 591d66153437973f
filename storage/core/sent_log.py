"""What was sent and is not yet written down in the database: a line in a file beside it, so that a killed program says
nothing twice.

The record of what was sent goes with the next commit, and a kill may come before. What a process wrote into a file the
kernel keeps when the process is killed, at a thousandth of a commit's cost; after a power cut lines may be missing, and
those messages come again, as any may. A line counts only for the very row that it was written for: its time is in it,
since a database that was put back from a backup gives the same numbers to other rows.
"""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import orjson
import structlog

from storage.core.outbox import Delivery, OutboxRow
from storage.engine.database import Database

log = structlog.get_logger(__name__)
Line = tuple[int, str, str | None]  # the row, when it was made, and what shows its slot from now on


class SentLog:
    """The file of one channel. With PostgreSQL there is none: the next sender may run on another machine."""

    def __init__(self, database: Database, channel: str) -> None:
        self._path = Path(f"{database.url.database}.{channel}.sent") if database.sqlite else None
        self._file: int | None = None
        self._outstanding = 0

    @property
    def kept(self) -> bool:
        """Whether there is a file, so that a kill makes nothing be said twice."""
        return self._path is not None

    def note(self, report: Delivery) -> None:
        """The item was sent just now."""
        if self._path is None or report.state != "sent":
            return
        line = orjson.dumps([report.item.id, _time(report.item.created_at), report.external_id]) + b"\n"
        try:
            os.write(self._opened(self._path), line)
        except OSError as error:  # a full disk: then a kill may say it twice
            log.warning("what was sent cannot be noted", error=str(error))
        self._outstanding += 1

    def settled(self, report: Delivery) -> None:
        """The database has it; once it has all, the file is emptied."""
        if self._file is None or report.state != "sent":
            return
        self._outstanding -= 1
        if self._outstanding <= 0:
            os.ftruncate(self._file, 0)

    def left(self) -> list[Line]:
        """What an earlier process noted and perhaps did not write down; a line that it did not finish is none."""
        if self._path is None or not self._path.exists():
            return []
        found: list[Line] = []
        for line in self._path.read_bytes().splitlines():
            try:
                number, made, shown = orjson.loads(line)
                found.append((int(number), str(made), shown))
            except (ValueError, TypeError):
                continue
        return found

    def clear(self) -> None:
        """All of it was written down."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _opened(self, path: Path) -> int:
        if self._file is None:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
        return self._file


def reports_of(lines: Sequence[Line], items: Sequence[OutboxRow]) -> list[Delivery]:
    """What is to be written down of rows that still wait although they were sent."""
    waiting = {(item.id, _time(item.created_at)): item for item in items}
    return [
        Delivery(waiting[number, made], external_id=shown) for number, made, shown in lines if (number, made) in waiting
    ]


def _time(at: datetime) -> str:
    return at.isoformat()
