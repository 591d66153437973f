"""Writes the streams of what happened to files, behind the rows: nobody waits for it, and a restart loses nothing.

A line is written before its mark, so that after a kill it may come twice: its id tells.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import structlog

from bot.ops.streams import Stream, Vocabulary, line
from storage.engine.database import Database, despite_faults
from storage.slo import streams

log = structlog.get_logger(__name__)
LOOK_SECONDS = 5.0
SETTLED = timedelta(seconds=30)  # by which a transaction that took its ids before others has ended too
UNENDED = timedelta(hours=1)  # so long a run of a job is waited for, since its line says how it ended
AT_ONCE = 1_000
LARGEST_BYTES = 64_000_000
KEPT_FILES = 5


class Streams:
    """Appends to a file for each stream in the folder; a large one is put aside, and the oldest deleted."""

    def __init__(self, database: Database, folder: Path, known: Vocabulary) -> None:
        self._database = database
        self._folder = folder
        self._known = known

    async def run(self) -> None:
        """Write what is new until cancelled."""
        while True:
            await despite_faults(self._write_all)
            await asyncio.sleep(LOOK_SECONDS)

    async def _write_all(self) -> None:
        try:
            await self.write_new()
        except OSError as error:
            log.warning("streams cannot be written; trying again", folder=str(self._folder), error=error.strerror)

    async def write_new(self) -> int:
        """Write what happened since the last time; of what was before the first time nothing. Raises OSError."""
        written = 0
        for stream in Stream:
            written += await self._write(stream, await self._mark(stream))
        return written

    async def _write(self, stream: Stream, mark: int) -> int:
        """Write the rows behind the mark; returns how many there were."""
        rows, now = await self._next(stream, mark)
        if rows:
            await asyncio.to_thread(self._append, stream, rows)
        if now > mark:
            await self._database.write(lambda tx: streams.set_mark(tx, stream, now))
        return len(rows) + (await self._write(stream, now) if len(rows) == AT_ONCE else 0)

    async def _mark(self, stream: Stream) -> int:
        async with self._database.reading() as connection:
            known = (await streams.marks(connection)).get(stream)
            mark = await streams.newest(connection, stream) if known is None else known
        if known is None:
            await self._database.write(lambda tx: streams.set_mark(tx, stream, mark))
        return mark

    async def _next(self, stream: Stream, mark: int) -> tuple[Sequence[Mapping[str, Any]], int]:
        """The next rows, and the mark behind them."""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            upto = await streams.last(connection, stream, mark, now - SETTLED)
            rows = await streams.after(connection, stream, mark, upto, AT_ONCE)
        for number, row in enumerate(rows):
            if stream is Stream.SCHEDULER and _is_under_way(row) and row["scheduled_at"] > now - UNENDED:
                return rows[:number], row["id"] - 1
        return rows, rows[-1]["id"] if len(rows) == AT_ONCE else upto

    def _append(self, stream: Stream, rows: Sequence[Mapping[str, Any]]) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._folder / f"{stream.value}.ndjson"
        if file.exists() and file.stat().st_size > LARGEST_BYTES:
            _put_aside(file)
        with file.open("ab") as out:
            out.writelines(orjson.dumps(line(stream, row, self._known)) + b"\n" for row in rows)


def _is_under_way(row: Mapping[str, Any]) -> bool:
    return row["state"] in {"waiting", "running"}


def _put_aside(file: Path) -> None:
    for number in range(KEPT_FILES - 1, 0, -1):
        older = file.with_name(f"{file.name}.{number}")
        if older.exists():
            older.replace(file.with_name(f"{file.name}.{number + 1}"))
    file.replace(file.with_name(f"{file.name}.1"))
