"""Holds service levels against what was counted: raises alerts where budgets burn or are used up, and ends them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.access.model import TENANT
from bot.alerts.raising import clear, raise_
from bot.audit.service import record
from bot.slo.model import (
    BY_NAME,
    HOUR,
    SLOS,
    STEPS,
    WINDOWS,
    Budget,
    Burning,
    Report,
    Severity,
    Slo,
    State,
    Window,
    burn_of,
    burning,
    spans,
    step_of,
)
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.slo import counts, states

ALERTS = {Severity.PAGE: "slo_fast", Severity.TICKET: "slo_slow"}
USED_UP = {50: "slo_half", 100: "slo_missed"}
REPORTED = HOUR  # over which a report says how fast a budget burns
Found = Mapping[str, Burning | None]


class Guard:
    """Verbs of jobs on service levels."""

    def __init__(self, database: Database, slos: Sequence[Slo] = SLOS) -> None:
        self._database = database
        self._slos = slos

    async def look(self, windows: Sequence[Window] = WINDOWS) -> str:
        """Raise an alert for each level whose budget burns by one of these rules, and end those of the others.

        With `FAST` alone nothing is said of what burns slowly.
        """
        now = self._database.clock.now()
        found = await self._database.snapshot(lambda connection: self._found(connection, now, windows))
        known = await self._known()
        worst = {name: one.severity if one is not None else None for name, one in found.items()}
        if any(worst.values()) or any(_changes(known.get(name), worst[name], windows) for name in worst):
            await self._database.write(lambda tx: self._judge(tx, found, windows))
        burn = [f"{name} burns {one.burn:.1f} times too fast" for name, one in found.items() if one is not None]
        return "; ".join(burn) or f"{len(found)} service levels, no budget burns"

    async def _known(self) -> Mapping[str, State]:
        async with self._database.reading() as connection:
            return await states.all_of(connection)

    async def _found(self, connection: Connection, now: datetime, windows: Sequence[Window]) -> Found:
        known, found = await states.all_of(connection), {}
        for slo in self._slos:
            counted = await counts.within(connection, slo.series, now, spans(windows))
            found[slo.name] = burning(slo, counted, windows, known.get(slo.name, State()).burning)
        return found

    async def _judge(self, tx: Transaction, found: Found, windows: Sequence[Window]) -> None:
        known = await states.all_of(tx.connection)
        for name, one in found.items():
            before = known.get(name, State())
            now = one.severity if one is not None else None
            for severity in {window.severity for window in windows}:
                await _tell(tx, name, severity, one)
            if _changes(before, now, windows):
                since = (before.since if before.burning and now else None) or (tx.now if now else None)
                await states.set_burning(tx, name, now, since)
                data: dict[str, Any] = {"severity": now, "burn": round(one.burn, 1)} if one is not None else {}
                await record(tx, TENANT, None, "slo.burning" if now else "slo.calm", f"slo:{name}", **data)

    async def budgets(self) -> str:
        """Tell admins of each budget of which another step is used up; returns what is left of each."""
        found = await self._budgets()
        known = await self._known()
        if any(step_of(budget) != known.get(name, State()).step for name, budget in found.items()):
            await self._database.write(lambda tx: self._steps(tx, found))
        left = [f"{name} {budget.left:.0%}" for name, budget in found.items() if budget.count.total]
        return f"budgets left: {', '.join(left)}" if left else "nothing was counted yet"

    async def _budgets(self) -> dict[str, Budget]:
        now = self._database.clock.now()

        async def work(connection: Connection) -> dict[str, Budget]:
            return {slo.name: await budget_of(connection, slo, now) for slo in self._slos}

        return await self._database.snapshot(work)

    async def _steps(self, tx: Transaction, found: Mapping[str, Budget]) -> None:
        known = await states.all_of(tx.connection)
        for name, budget in found.items():
            step = step_of(budget)
            for one in STEPS:
                if one == step:
                    bad, total = budget.count.bad, budget.count.total
                    await raise_(tx, USED_UP[one], name, slo=BY_NAME[name].title, bad=bad, all=total)
                else:
                    await clear(tx, USED_UP[one], name)
            if step != known.get(name, State()).step:
                await states.set_step(tx, name, step)
                data: dict[str, Any] = {"used_percent": step, "bad": budget.count.bad, "total": budget.count.total}
                await record(tx, TENANT, None, "slo.budget", f"slo:{name}", **data)

    async def report(self) -> str:
        """Write down how each level stands at this hour; again within it, in place of what was written."""
        now = self._database.clock.now()
        hour = now.replace(minute=0, second=0, microsecond=0)

        async def work(connection: Connection) -> dict[str, Report]:
            return {slo.name: await self._report_of(connection, slo, now, hour) for slo in self._slos}

        found = await self._database.snapshot(work)
        await self._database.write(lambda tx: states.report(tx, hour, found))
        missed = [name for name, one in found.items() if one.used >= 1 and one.bad]
        return f"{len(found)} service levels written down, {', '.join(missed) or 'none'} missed"

    async def _report_of(self, connection: Connection, slo: Slo, now: datetime, hour: datetime) -> Report:
        budget = await budget_of(connection, slo, now)
        last = (await counts.within(connection, slo.series, now, [REPORTED]))[REPORTED]
        return Report(hour, budget.count.good, budget.count.bad, budget.used, burn_of(last, slo.objective))


async def budget_of(connection: Connection, slo: Slo, now: datetime) -> Budget:
    """What of the level's budget is used up over its window until now."""
    counted = await counts.within(connection, slo.series, now, [slo.window])
    return Budget(slo, counted[slo.window])


def _changes(before: State | None, now: Severity | None, windows: Sequence[Window]) -> bool:
    """Whether what was known is not so any more; of what burns slowly the fast rules know nothing."""
    was = before.burning if before is not None else None
    return was is not now and (was in {window.severity for window in windows} or now is not None)


async def _tell(tx: Transaction, name: str, severity: Severity, one: Burning | None) -> None:
    if one is None or one.severity is not severity:
        await clear(tx, ALERTS[severity], name)
        return
    burn, bad, total = round(one.burn), one.count.bad, one.count.total
    await raise_(tx, ALERTS[severity], name, slo=BY_NAME[name].title, burn=burn, bad=bad, all=total)
