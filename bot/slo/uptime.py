"""Looks each minute whether our own endpoints, the database and the providers answer, and writes down what it saw."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import aiohttp

from bot.access.model import TENANT
from bot.alerts.raising import clear, raise_
from bot.kernel.errors import ProviderError
from bot.ops.metrics import Metrics
from bot.ops.series import Count, Series, looks_at
from bot.slo.model import DAY, LEAST_BAD, MINUTE, turnaround
from bot.tenants.service import Tenants
from storage.alerts import alerts
from storage.core.probe import Probe
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.slo import counts, decided

LOOK_SECONDS = 10.0
RULE = "unreachable"  # of alerts
PATHS = ("/healthz", "/readyz")
AGAIN = timedelta(minutes=15)  # so far back it is counted anew, since a transaction may have been under way
OLDEST = 2 * DAY  # what is older is added up


@dataclass(frozen=True, slots=True)
class Look:
    """How a provider is asked whether it answers, for nothing. every: how many minutes lie between two looks at least,
    since a mail server does not like to be signed in to each minute.
    """

    ask: Callable[[], Awaitable[object]]
    every: int = 1


class Uptime:
    """Verbs of the job `uptime`. own: the addresses of our own web part, "" where it cannot be known."""

    def __init__(
        self, database: Database, metrics: Metrics, tenants: Tenants, own: str, providers: Mapping[str, Look]
    ) -> None:
        self._database = database
        self._metrics = metrics
        self._tenants = tenants
        self._own = own
        self._providers = providers
        self._looked: dict[str, datetime] = {}

    async def look(self) -> str:
        """Look at everything once, and have admins told of a provider that was not reached several times in a row."""
        now = self._database.clock.now()
        ours, theirs = await asyncio.gather(self._ours(), self._theirs(now))
        for answers in ours.values():
            self._metrics.minutes.note(Series.LOOKS, good=answers)
        for name, answers in theirs.items():
            self._metrics.minutes.note(looks_at(name), good=answers)
        await self._metrics.write(self._database)
        await self._tell(now, list(theirs))
        silent = [name for name, answers in {**ours, **theirs}.items() if not answers]
        return f"{len(ours) + len(theirs)} looked at, {', '.join(silent) or 'none'} silent"

    async def _ours(self) -> dict[str, bool]:
        paths = [f"{self._own}{path}" for path in PATHS] if self._own else []
        found = await asyncio.gather(self._database_answers(), *map(_answers, paths))
        return dict(zip(("database", *PATHS[: len(paths)]), found, strict=True))

    async def _database_answers(self) -> bool:
        probe = Probe(self._database)
        try:
            return await probe.problem() is None
        finally:
            await probe.close()

    async def _theirs(self, now: datetime) -> dict[str, bool]:
        due = [name for name, look in self._providers.items() if self._is_due(name, look, now)]
        self._looked |= dict.fromkeys(due, now)
        return dict(zip(due, await asyncio.gather(*(self._reached(name) for name in due)), strict=True))

    def _is_due(self, name: str, look: Look, now: datetime) -> bool:
        last = self._looked.get(name)
        return last is None or abs(now - last) > look.every * MINUTE - MINUTE / 2

    async def _reached(self, name: str) -> bool:
        """Whether the provider answers at all: a refusal is an answer."""
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                with self._metrics.call(name, "look"):
                    await self._providers[name].ask()
        except ProviderError as error:
            return error.permanent
        except TimeoutError:
            return False
        return True

    async def troubles(self) -> Mapping[str, str]:
        """Ask every provider now; those that do not answer, or refuse, with the words for it."""
        found = await asyncio.gather(*map(self._trouble, self._providers))
        return {name: words for name, words in zip(self._providers, found, strict=True) if words}

    async def _trouble(self, name: str) -> str:
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self._providers[name].ask()
        except ProviderError as error:
            return str(error)
        except TimeoutError:
            return f"no answer within {LOOK_SECONDS:.0f} s"
        return ""

    async def _tell(self, now: datetime, names: Sequence[str]) -> None:
        seen = await self._database.snapshot(lambda connection: self._seen(connection, now, names))
        async with self._database.reading() as connection:
            open_ = [one.fingerprint for one in await alerts.all_open(connection, TENANT) if one.rule == RULE]

        async def work(tx: Transaction) -> None:
            for name, count in seen.items():
                if count.bad >= LEAST_BAD and not count.good:
                    await raise_(tx, RULE, name, name=name, times=count.bad)
                elif count.good:
                    await clear(tx, RULE, name)
            for name in set(open_) - self._providers.keys():  # it is not asked any more
                await clear(tx, RULE, name)

        if any(count.bad for count in seen.values()) or open_:
            await self._database.write(work)

    async def _seen(self, connection: Connection, now: datetime, names: Sequence[str]) -> dict[str, Count]:
        """What came of the newest looks at each."""
        found = {}
        for name in names:
            span = (LEAST_BAD - 0.5) * self._providers[name].every * MINUTE
            found[name] = (await counts.within(connection, [looks_at(name)], now, [span]))[span]
        return found

    async def count_decided(self) -> int:
        """Count the briefs that were decided on since the last time, by when they were; returns how many these are."""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            newest = await counts.newest(connection, Series.TURNAROUND, counts.ROWS, now)
        since = max(now - OLDEST, (newest or now) - AGAIN).replace(second=0, microsecond=0)
        found: dict[tuple[str, datetime], Count] = {}
        for tenant in await self._tenants.active():
            async with self._database.reading() as connection:
                of_briefs = await decided.steps(connection, tenant.name, since)
            for at, good in filter(None, map(turnaround, of_briefs)):
                if at >= since:
                    key = (Series.TURNAROUND.value, at.replace(second=0, microsecond=0))
                    found[key] = found.get(key, Count()) + Count(int(good), int(not good))
        if found:
            await self._database.write(lambda tx: counts.put(tx, counts.ROWS, found))
        return sum(count.total for count in found.values())


async def _answers(url: str) -> bool:
    try:
        timeout = aiohttp.ClientTimeout(total=LOOK_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            return answer.status < 400
    except (aiohttp.ClientError, TimeoutError):
        return False
