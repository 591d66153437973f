"""How service levels stand, for whoever asks."""

from collections.abc import Sequence
from datetime import datetime

from bot.access.model import TENANT, Permission, Person
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.translation import gettext as _
from bot.ops.series import Count
from bot.slo.figures import Closer, Level, Levels, Public
from bot.slo.guard import budget_of
from bot.slo.model import BY_NAME, DAY, FAST, HOUR, SLOS, Slo, State, burn_of, stretches
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.slo import counts, states

SHOWN_DAYS = 30


class ServiceLevels:
    """Verbs that read; they raise Forbidden. What they tell of is the installation, so only its own people may."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all_of(self, who: Person) -> Levels:
        """How every service level stands."""
        _check(who)
        now = self._database.clock.now()

        async def work(connection: Connection) -> list[Level]:
            return [await self._level(connection, slo, now) for slo in SLOS]

        return Levels(now, await self._database.snapshot(work))

    async def closer(self, who: Person, name: str) -> Closer:
        """The level of that name. Raises Refusal where there is none."""
        _check(who)
        slo = BY_NAME.get(name)
        if slo is None:
            known = ", ".join(BY_NAME)
            raise Refusal(_("There is no service level “{name}”. Choose one of: {known}", name=name, known=known))
        now = self._database.clock.now()

        async def work(connection: Connection) -> Closer:
            level = await self._level(connection, slo, now)
            hours = await counts.by_hour(connection, slo.series, now - slo.window)
            return Closer(now, level, stretches(hours), _by_day(hours, now))

        return await self._database.snapshot(work)

    async def public(self) -> Public:
        """What strangers may know: the share of good looks and requests, and whether that burns just now."""
        now, slo = self._database.clock.now(), BY_NAME["availability"]

        async def work(connection: Connection) -> Public:
            level = await self._level(connection, slo, now)
            return Public(level.budget.kept, level.state.burning is None and level.burn < FAST[-1].burn, now)

        return await self._database.snapshot(work)

    async def left(self) -> dict[str, float]:
        """What is left of each budget, for the page of metrics: 1 is all of it."""
        now = self._database.clock.now()

        async def work(connection: Connection) -> dict[str, float]:
            return {slo.name: (await budget_of(connection, slo, now)).left for slo in SLOS}

        return await self._database.snapshot(work)

    async def _level(self, connection: Connection, slo: Slo, now: datetime) -> Level:
        budget = await budget_of(connection, slo, now)
        last = (await counts.within(connection, slo.series, now, [HOUR]))[HOUR]
        known = (await states.all_of(connection)).get(slo.name, State())
        return Level(budget, burn_of(last, slo.objective), known)


def _by_day(hours: Sequence[tuple[datetime, Count]], now: datetime) -> Sequence[tuple[datetime, Count]]:
    """Added up by days of 24 hours that end now: these are the same for every reader."""
    days = [Count()] * SHOWN_DAYS
    for at, count in hours:
        back = (now - at) // DAY
        if 0 <= back < SHOWN_DAYS:
            days[SHOWN_DAYS - 1 - back] += count
    return [(now - (SHOWN_DAYS - n) * DAY, count) for n, count in enumerate(days)]


def _check(who: Person) -> None:
    who.require(Permission.READ_REPORTS)
    if who.tenant != TENANT:
        raise Forbidden(_("Only the team of this installation can see this; ask them."))
