"""Whose settings count: the installation's, with a tenant's own over them; and how tenants come to be."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from bot.access.model import CANARY, TENANT, Person
from bot.audit.service import record
from bot.config.reading import ReadSettings
from bot.kernel.errors import InvalidSettings, Refusal
from bot.kernel.translation import Reader, best_language
from bot.kernel.translation import gettext as _
from bot.tenants.model import Own, State, Tenant, check_known, check_named
from bot.tenants.office_hours import OfficeHours
from bot.tenants.settings import WordSettings
from storage.core.cache import TenantCache
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import tenants

S = TypeVar("S", bound=ReadSettings)
BRAND = "EchoPilot"


@dataclass(frozen=True, slots=True)
class _Known:
    """A tenant's row (None: there is none), and its settings by their class as far as somebody asked."""

    tenant: Tenant | None
    made: dict[type[ReadSettings], ReadSettings] = field(default_factory=dict)


class Tenants:
    """Verbs on tenants. `settings`: the installation's."""

    def __init__(self, database: Database, settings: WordSettings) -> None:
        self._database = database
        self._settings = settings
        self._known = TenantCache(database, tenants.SIGNAL, _read)

    async def over(self, settings: S, tenant: str) -> S:
        """These settings as they are for the tenant: what it has of its own, and the rest as it is.

        Not to be asked within a transaction. Raises InvalidSettings where the two do not fit together.
        """
        known = await self._known.of(tenant)
        made = known.made.get(type(settings))
        if made is None:
            own = known.tenant.own if known.tenant is not None else Own()
            made = known.made[type(settings)] = _over(settings, own)
        assert isinstance(made, type(settings))
        return made

    async def reader(self, tenant: str) -> Reader:
        """In which words and times to write to nobody in particular of the tenant."""
        own = await self.over(self._settings, tenant)
        return Reader(best_language(own.language, self._settings.language), own.time_zone)

    async def zone(self, tenant: str) -> ZoneInfo:
        """The time zone in which its days begin."""
        return ZoneInfo((await self.reader(tenant)).zone)

    async def brand(self, tenant: str) -> str:
        """The name that people read for its business; "" where it has none of its own."""
        known = (await self._known.of(tenant)).tenant
        return "" if known is None or known.brand == BRAND else known.brand

    async def office_hours(self, tenant: str) -> OfficeHours:
        """When its people work."""
        return (await self.over(self._settings, tenant)).working_hours()

    async def active(self) -> Sequence[Tenant]:
        """Those for whom things happen by themselves, in the order they came."""
        async with self._database.reading() as connection:
            return await tenants.in_state(connection, State.ACTIVE)

    async def install(self) -> None:
        """Make the installation's own tenant where it is not there, at a start."""
        if (await self._known.of(TENANT)).tenant is None:
            await self._database.write(lambda tx: tenants.add(tx, TENANT, BRAND, Own()))

    async def keep_canary(self, own: Own) -> None:
        """Make the tenant of test briefs where it is not there; nothing happens by itself for it."""
        if (await self._known.of(CANARY)).tenant is not None:
            return
        _over(self._settings, own)

        async def work(tx: Transaction) -> None:
            if await tenants.add(tx, CANARY, BRAND, own, State.PAUSED) is not None:
                await record(tx, CANARY, None, "tenant.founded", f"tenant:{CANARY}", brand=BRAND)

        await self._database.write(work)

    async def found(self, name: str, brand: str, own: Own | None = None, *, by: Person | None = None) -> Tenant:
        """Make a tenant, which needs no restart. by: who did; None: the shell.

        Raises Refusal where it cannot be called that or is there already, InvalidSettings where what it is to have of
        its own cannot be.
        """
        check_named(name, brand)
        own = own or Own()
        _over(self._settings, own)

        async def work(tx: Transaction) -> Tenant:
            tenant = await tenants.add(tx, name, brand.strip(), own)
            if tenant is None:
                raise Refusal(_("There is a tenant {name} already.", name=name))
            await record(tx, name, by, "tenant.founded", f"tenant:{name}", brand=tenant.brand)
            return tenant

        return await self._database.write(work)


async def _read(connection: Connection, name: str) -> _Known:
    return _Known(await tenants.get(connection, name))


def _over(settings: S, own: Own) -> S:
    """The settings with these over them, checked as a whole."""
    given = own.settings()
    if not given:
        return settings
    known = {name: getattr(settings, name) for name in type(settings).model_fields}
    check_known(given, known, known.get("currency", ""))
    source: dict[str, Any] = {"_env_file": None}
    try:
        return type(settings)(**known | given, **source)
    except ValidationError as error:
        raise InvalidSettings([f"{one['loc'][0]!s}: {one['msg']}" for one in error.errors(include_url=False)]) from None
