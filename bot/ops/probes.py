"""Probes of the machine: the code that runs, room on the disk, and the clock."""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from bot.kernel.clock import Clock
from bot.kernel.probe import Finding
from bot.ops import version
from bot.ops.settings import RunSettings

CLOCK_OFF_SECONDS = 60  # webhooks are refused from 300 s on, so there is time to mend it
LEAST_FREE_BYTES = 1_000_000_000


async def code(settings: RunSettings) -> Finding:
    """Whether the code that runs is one that was committed."""
    running = await asyncio.to_thread(version.current)
    if not running.dirty:
        return Finding("fine", f"version {running}")
    if settings.allow_dirty:
        return Finding("fine", f"version {running}; uncommitted changes, and ALLOW_DIRTY lets them run")
    return Finding("problem", f"uncommitted changes on {running.commit}; commit or stash them, or set ALLOW_DIRTY=true")


async def disk(settings: RunSettings) -> Finding:
    """Whether there is room for the database to grow, and to be copied."""
    path = database_file(settings)
    if path is None:
        return Finding("off", "the database is on PostgreSQL's disk; look there")
    folder = next(folder for folder in path.absolute().parents if folder.is_dir())
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("problem", f"{folder} cannot be looked at ({error.strerror}); name another in DATABASE_URL")
    size = path.stat().st_size if path.exists() else 0
    wanted = max(LEAST_FREE_BYTES, 2 * size)
    words = f"{free / 1e9:.1f} GB free at {folder}"
    if free < wanted:
        return Finding("problem", f"{words}; make room for {wanted / 1e9:.1f} GB (a migration copies the database)")
    return Finding("fine", words)


async def time(addresses: Sequence[str], clock: Clock) -> Finding:
    """Whether the machine's time is that of the first of these addresses that tells one."""
    for address in addresses:
        told = await _time_at(address)
        if told is None:
            continue
        host, ahead = urlsplit(address).hostname, (clock.now() - told).total_seconds()
        words = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} {host}"
        if abs(ahead) > CLOCK_OFF_SECONDS:
            return Finding("problem", f"{words}; Stripe's webhooks are refused from 300 s on. Set the time by NTP.")
        return Finding("fine", words)
    return Finding("problem", "no provider told the time; is there a network?")


async def _time_at(address: str) -> datetime | None:
    timeout = aiohttp.ClientTimeout(total=5)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as session, session.head(address) as answer:
            return parsedate_to_datetime(answer.headers["Date"]).astimezone(UTC)
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None


def database_file(settings: RunSettings) -> Path | None:
    """The SQLite file; None where the database is PostgreSQL."""
    head, _, path = settings.database_url.partition(":///")
    return Path(path) if head.startswith("sqlite") else None
