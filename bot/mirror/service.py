"""The mirror that people read in Notion: rows told through the outbox, never the source of truth.

The outbox says only which row is out of date; what it holds is read when it is written, so that several changes cost
one request.
"""

from datetime import datetime
from typing import Protocol

from bot.mirror.model import FINANCE, JOB_LOG, MirrorTable
from storage.core import outbox
from storage.engine.database import Transaction

CHANNEL = "notion"


class Mirrored(Protocol):
    """Something that has a row in the mirror."""

    @property
    def id(self) -> int: ...
    @property
    def tenant(self) -> str: ...


class MirrorLog:
    """Says which rows are out of date; nothing where there is no mirror (`enabled` False)."""

    def __init__(self, *, enabled: bool) -> None:
        self._enabled = enabled

    async def brief(self, tx: Transaction, brief: Mirrored) -> None:
        """Have the brief's row in the Job Log brought up to date."""
        await self._add(tx, brief.tenant, JOB_LOG, f"brief:{brief.id}")

    async def invoice(self, tx: Transaction, invoice: Mirrored) -> None:
        """Have the invoice's row in Finance brought up to date."""
        await self._add(tx, invoice.tenant, FINANCE, f"invoice:{invoice.id}")

    async def _add(self, tx: Transaction, tenant: str, table: MirrorTable, key: str) -> None:
        if self._enabled:
            await outbox.add(tx, tenant, CHANNEL, table.name, {"key": key}, slot=f"{table.name}:{key}")


def iso(at: datetime | None) -> str | None:
    """A time as Notion takes it."""
    return None if at is None else at.isoformat(timespec="seconds")
