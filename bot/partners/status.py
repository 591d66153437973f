"""What everybody may know: whether programs are answered, and how well it runs."""

from enum import StrEnum

from bot.access.model import TENANT
from bot.alerts.stopped import not_answering
from bot.flags.model import Flag
from bot.flags.service import Flags
from storage.core.cache import TenantCache
from storage.engine.connection import Connection
from storage.engine.database import Database

SIGNAL = "public status"


class Health(StrEnum):
    """How well it runs. DEGRADED: a provider does not answer, so that work takes longer."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded"
    CLOSED = "closed"


class PublicStatus:
    """Verbs for everybody."""

    def __init__(self, database: Database, flags: Flags) -> None:
        self._flags = flags
        self._silent = TenantCache(database, SIGNAL, _silent)

    async def health(self) -> Health:
        """How well it runs, as it was half a minute ago at most."""
        if not (await self._flags.lets(Flag.PARTNER_API, TENANT) and await self._flags.lets(Flag.INTAKE, TENANT)):
            return Health.CLOSED
        return Health.DEGRADED if await self._silent.of(TENANT) else Health.OPERATIONAL


async def _silent(connection: Connection, _: str) -> tuple[str, ...]:
    return tuple(await not_answering(connection))
