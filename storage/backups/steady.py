"""Files of a gigabyte, written on the disk that whoever answers meanwhile waits for.

Left alone, the system puts all of it on the disk at some moment, and whoever syncs a few bytes then waits for the
whole: ext4 writes a file's data before the journal names it (`data=ordered`,
https://docs.kernel.org/filesystems/ext4/). So each piece is on the disk before the next is written, and nobody waits
for more than a piece.
"""

import io
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PIECE = 4 << 20
BUFFER = 1 << 20


def open_to_write(path: Path) -> IO[bytes]:
    """A new file whose pieces are on the disk as they are written. Raises OSError."""
    return io.BufferedWriter(_Steady(path, "wb"), BUFFER)


class Growing:
    """A file that another program or library writes: called now and then, it puts on the disk what came since.

    Returns 0, by which SQLite goes on: https://sqlite.org/c3ref/progress_handler.html
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._synced = 0

    def __call__(self) -> int:
        try:
            handle = os.open(self._path, os.O_RDWR)
        except FileNotFoundError:
            return 0
        try:
            size = os.fstat(handle).st_size
            if size - self._synced >= PIECE:
                _put_on_disk(handle)
                self._synced = size
        finally:
            os.close(handle)
        return 0


class _Steady(io.FileIO):
    _waiting = 0

    def write(self, data: "ReadableBuffer", /) -> int:
        written = super().write(data)
        self._waiting += written
        if self._waiting >= PIECE:
            _put_on_disk(self.fileno())
            self._waiting = 0
        return written


def _put_on_disk(handle: int) -> None:
    if hasattr(os, "fdatasync"):
        os.fdatasync(handle)
    else:
        os.fsync(handle)
