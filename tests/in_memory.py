"""Where tests write: in memory, where this machine has room for that.

Each commit to SQLite waits for the disk, and a test makes hundreds; on a busy disk that was half of a journey's time.
Whether what is committed outlives the machine's power is claimed nowhere here; the kills of `tests.chaos` kill
processes, whose files stay.
"""

import os
import shutil
import tempfile
from pathlib import Path

import psutil
import pytest

MEMORY = Path("/dev/shm")  # Linux's file system in memory; in a container it may be as small as 64 MB
NEEDED = 4 * 1024**3
NAME = "echopilot-run-"  # and the id of the process


def room() -> Path | None:
    """The file system in memory, if what a whole run writes fits there, and into memory."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    free = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available)
    return MEMORY if free >= NEEDED else None


def use(config: pytest.Config) -> None:
    """From now on, here and in what is started, temporary files go there, until the run is over.

    What a run left that was killed goes first: it takes memory until then.
    Whoever names a folder by TMPDIR or --basetemp wants to look into it, and has it.
    """
    there = room()
    if there is None or "TMPDIR" in os.environ or config.option.basetemp:
        return
    for left in there.glob(f"{NAME}*"):
        if not psutil.pid_exists(int(left.name.removeprefix(NAME).partition("-")[0])):
            shutil.rmtree(left, ignore_errors=True)
    prefix = f"{NAME}{os.getpid()}-"
    kept = tempfile.TemporaryDirectory(prefix=prefix, dir=there, ignore_cleanup_errors=True)
    Path(kept.name).chmod(0o711)  # PostgreSQL's own user passes through
    config.add_cleanup(kept.cleanup)
    os.environ["TMPDIR"], tempfile.tempdir = kept.name, None
    config.add_cleanup(_away)


def _away() -> None:
    os.environ.pop("TMPDIR")
    tempfile.tempdir = None
