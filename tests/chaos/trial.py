"""One trial: the sandbox here, the program as a process, clients and an operator at work, and the count at the end."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.cast import ERIN, LOOK_SECONDS, QUIET_SECONDS, Cast, Plan, client, operator
from tests.chaos.counted import Findings
from tests.chaos.faults import FAULTS
from tests.chaos.findings import PRICE_MINOR, examine, repeated_among
from tests.chaos.people import Story, live
from tests.chaos.planted import Path as Walked
from tests.chaos.program import Program, free_port
from tests.chaos.refunds import APPROVE, SETTINGS
from tests.house import CAROL, WEBHOOK_SECRET, Providers, providers

BRIEFS_A_REPAIR = 50


@dataclass
class Outcome:
    """What came of it. seconds: wall time; boots: seconds of each start; ends: exit codes nobody asked for."""

    findings: Findings
    seconds: float
    boots: list[float]
    kills: int
    ends: list[int]
    briefs: int
    repeated: int
    log: Path
    dead_at: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    busy_kills: int = 0
    refunds: int = 0
    repairs: int = 0


class Stage(Cast):
    """The people, and the program that they speak with."""

    def __init__(self, stand_ins: Providers, program: Program, plan: Plan, database_url: str) -> None:
        super().__init__(stand_ins, program.ready, plan, database_url)
        self.program = program


@asynccontextmanager
async def stage(plan: Plan, folder: Path, database_url: str = "", **changes: object) -> AsyncIterator[Stage]:
    """The sandbox, the program started on it, and the people, with nothing said yet."""
    database_url = database_url or f"sqlite:///{folder}/echopilot.db"
    async with providers() as stand_ins:
        port = free_port()
        ours = {"web_port": port, "model_timeout_seconds": 10}  # a busy machine is no model that does not answer
        team = SETTINGS | {"admin_telegram_ids": f"{CAROL},{ERIN}"}
        settings: Mapping[str, object] = stand_ins.environment(database_url) | ours | team | changes
        stand_ins.stripe.webhook(f"http://127.0.0.1:{port}/webhooks/stripe", WEBHOOK_SECRET)
        places = (stand_ins.telegram, stand_ins.stripe, stand_ins.openai, stand_ins.notion)
        for index, faults in enumerate(place.faults for place in places):
            faults.lose_replies(plan.lost, where=".", seed=plan.seed * 10 + index)
        async with Program(folder, settings, plan.fault) as program:
            made = Stage(stand_ins, program, plan, database_url)
            try:
                yield made
            finally:
                await made.close()


async def verdict(one: Stage, began: float, database_url: str) -> Outcome:
    """Stop the program kindly, then count."""
    program, people = one.program, [*one.clients, one.bob, one.carol, one.erin, one.fay]
    code = await program.stop()
    findings = await examine(one.stories, one.clerk.backs, one.providers, database_url)
    findings.expect("a stop by SIGTERM", "exit code", expected=0, actual=code)
    return Outcome(
        findings,
        time.monotonic() - began,
        program.boots,
        program.kills,
        program.deaths,
        len(one.stories),
        repeated_among(people),
        program.folder / "log.ndjson",
        refunds=len(one.clerk.backs),
        repairs=one.books.repaired,
    )


async def at_random(plan: Plan, folder: Path, database_url: str = "") -> Outcome:
    """Many clients at once, while the program is killed at random moments."""
    database_url = database_url or f"sqlite:///{folder}/echopilot.db"
    began = time.monotonic()
    async with stage(plan, folder, database_url) as one:
        shares = [range(index, plan.briefs, plan.client_count) for index in range(plan.client_count)]
        work = [asyncio.create_task(client(one, index, len(share))) for index, share in enumerate(shares)]
        at_work = [asyncio.create_task(operator(one))]
        if plan.refunded:
            at_work.append(asyncio.create_task(one.team()))
            work.append(asyncio.create_task(_repairs(one)))
        killer = asyncio.create_task(_killer(one, work))
        try:
            await asyncio.wait([killer, *at_work], return_when=asyncio.FIRST_COMPLETED)
            await _raise_faults(killer, *at_work)
            await one.finish(work)
            agrees = not plan.refunded or await one.books.repair_all()
            await one.settled()
        finally:
            for task in (killer, *at_work, *work):
                task.cancel()
            await asyncio.gather(killer, *at_work, *work, return_exceptions=True)
        outcome = await verdict(one, began, database_url)
    outcome.busy_kills = killer.result()
    outcome.findings.expect("reconciliation", "the last comparison agrees", expected=True, actual=agrees)
    return outcome


async def at_points(
    plan: Plan, points: Sequence[tuple[str, ...]], folder: Path, database_url: str = "", path: Walked = "brief"
) -> Outcome:
    """One brief, refund or repair for each entry: the program dies at the entry's first point, its next life at the
    second, and so on.
    """
    database_url = database_url or f"sqlite:///{folder}/echopilot.db"
    began = time.monotonic()
    async with stage(plan, folder, database_url) as one:
        at_work = [asyncio.create_task(operator(one))]
        await one.front.let_in(one.clients[0], "client")
        if path != "brief":
            at_work.append(asyncio.create_task(one.team()))
            await one.clerk.here.wait()
            await one.books.compare()  # from then on
        missed: list[str] = []
        dead_at: list[str] = []
        for entry in points:
            walk = await _walk(one, path)
            await one.settled()
            one.program.die_at(*entry)
            await one.finish([asyncio.create_task(walk())])
            reached = len(one.program.dead_at)
            dead_at += entry[:reached]
            missed += entry[reached:]
            one.program.live()
            await _raise_faults(*at_work)
        left = [] if path == "brief" else await one.books.compare()
        await one.settled()
        for task in at_work:
            task.cancel()
        await asyncio.gather(*at_work, return_exceptions=True)
        outcome = await verdict(one, began, database_url)
    outcome.dead_at, outcome.missed = dead_at, missed
    outcome.findings.expect("reconciliation", "does not agree", expected=[], actual=left)
    return outcome


async def _walk(one: Stage, path: Walked) -> Callable[[], Coroutine[None, None, None]]:
    """What is done while the program dies; what has to be there before it is made here."""
    if path == "brief":
        return lambda: live(one.next_story(0), one.browser)
    if not one.stories or one.clerk.asked_of(one.stories[-1]) + one.plan.back_minor > PRICE_MINOR:
        await live(one.next_story(0), one.browser)
        await one.settled()
    story = one.stories[-1]
    if path == "refund":
        return lambda: one.clerk.send_back(story, [(one.plan.back_minor, APPROVE)])
    await one.books.plant(story)
    return one.books.repair_one


async def with_fault(name: str, seed: int, folder: Path) -> Outcome:
    """A planted fault at the crash points where it shows."""
    entries = [(point,) for point in FAULTS[name].points]
    plan = Plan(len(entries), seed, 0.0, clients=1, reviewed=0.0, fault=name)
    return await at_points(plan, entries, folder, path=FAULTS[name].path)


async def _raise_faults(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        if task.done():
            task.result()


async def _repairs(one: Stage) -> None:
    """Now and then the books are planted with what does not agree, on a brief of which nothing goes back."""
    await one.clerk.here.wait()
    await one.books.compare()  # what was booked before the first comparison is left out of all
    count = max(2, one.plan.briefs // BRIEFS_A_REPAIR)
    kept = int(one.plan.briefs * (1 - one.plan.refunded))
    for number in range(1, count + 1):
        await one.books.plant(await _paid(one, kept * number // (count + 1)))
        await one.books.repair_all()


async def _paid(one: Stage, count: int) -> Story:
    """The newest of so many paid ones, once there are."""
    while True:
        paid = [story for story in one.stories if story.done and not story.refunds]
        if len(paid) >= max(1, count):
            return paid[-1]
        await asyncio.sleep(LOOK_SECONDS)


async def _killer(one: Stage, work: list[asyncio.Task[None]]) -> int:
    """Spread the kills over the work: by calls to providers, some of them while the program starts.

    Returns how many fell while clients were waiting for something.
    """
    plan, random, busy = one.plan, one.random, 0
    for kill in range(plan.kills):
        if random.random() < 0.1:
            await one.program.started()
            await asyncio.sleep(random.uniform(0.0, 1.5))
        else:
            await one.program.ready()
            come = sum(story.come for story in one.stories)
            each = max(8.0, one.calls / max(come, 1.0))
            target = one.calls + random.uniform(0, 1.6 * each * (plan.briefs - come) / (plan.kills - kill))
            await _calls_reach(one, target, work)
            await asyncio.sleep(random.uniform(0, 0.02))
        busy += not all(task.done() for task in work)
        one.program.kill()
    return busy


async def _calls_reach(one: Stage, target: float, work: list[asyncio.Task[None]]) -> None:
    """Until that many calls were made, or nothing moves any more."""
    calls, moved = one.calls, time.monotonic()
    while one.calls < target and not all(task.done() for task in work):
        if one.calls != calls:
            calls, moved = one.calls, time.monotonic()
        if time.monotonic() - moved > QUIET_SECONDS:
            return
        await asyncio.sleep(0.005)
