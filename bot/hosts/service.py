"""Processes: each says that it lives, and what it alone does; whoever asks reads of all of them."""

import asyncio
import secrets
import socket
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.hosts.model import Fleet, Process, fleet_of
from bot.ops.version import Version
from storage.engine.database import ROLES, Database, Transaction, despite_faults
from storage.hosts import processes

FORGOTTEN_AFTER = timedelta(days=1)


class Hosts:
    """The verbs of processes. With SQLite there is one, which is asked itself."""

    def __init__(self, database: Database, version: Version) -> None:
        now = database.clock.now()
        self._database = database
        self._this = Process(secrets.token_hex(4), socket.gethostname(), (), str(version), now, now)

    async def beat(self, parts: Collection[str]) -> None:
        """Give a sign of life at every beat, and whenever a role comes or goes, until cancelled; then take it back.

        parts: what this process runs.
        """
        self._this = replace(self._this, parts=tuple(sorted(parts)), started_at=self._database.clock.now())
        if self._database.sqlite:
            await asyncio.Event().wait()
        try:
            while True:
                await despite_faults(self._tell)
                await self._database.signals.wait(ROLES, self._database.timing.beat)
        finally:
            await despite_faults(lambda: self._database.write(lambda tx: processes.remove(tx, self._this.name)))

    async def seen(self) -> Fleet:
        """How all of them stand, this one among them."""
        this, now = self._as_it_stands(), self._database.clock.now()
        if self._database.sqlite:
            return fleet_of([this], now)
        async with self._database.reading() as connection:
            found = await processes.listed(connection)
        return fleet_of([this if one.name == this.name else one for one in found], now)

    def _as_it_stands(self) -> Process:
        return replace(self._this, beat_at=self._database.clock.now(), roles=dict(self._database.roles.since))

    async def _tell(self) -> None:
        process = self._as_it_stands()

        async def work(tx: Transaction) -> None:
            await processes.put(tx, process)
            await processes.forget(tx, tx.now - FORGOTTEN_AFTER)

        await self._database.write(work)
