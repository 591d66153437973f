"""One trial: the sandbox here, the program as a process, clients and an operator at work, and the count at the end."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import aiohttp

from bot.kernel.clock import SystemClock
from storage.engine.database import Database
from tests.chaos.books import Books
from tests.chaos.counted import Findings
from tests.chaos.faults import FAULTS
from tests.chaos.findings import PRICE_MINOR, examine, left_to_do, repeated_among
from tests.chaos.people import Front, Operator, Story, live
from tests.chaos.planted import Path as Walked
from tests.chaos.program import Program, free_port
from tests.chaos.refunds import APPROVE, COURSES, SETTINGS, Approver, Clerk
from tests.house import ALICE, BOB, CAROL, WEBHOOK_SECRET, Providers, providers

LOOK_SECONDS = 0.1
QUIET_LOOKS = 3
QUIET_SECONDS = 3.0
STUCK_SECONDS = 30.0
ERIN, FAY = 1007, 1010
BRIEFS_A_REPAIR = 50


@dataclass
class Plan:
    """What a trial is made of. lost: share of the providers' replies that get lost, half of them before the effect.

    reviewed, refunded: the share of briefs that an operator decides on, and of those whose money goes back.
    back_minor: how much each refund of a trial at named points is.
    """

    briefs: int
    seed: int
    lost: float = 0.1
    kills: int = 0
    clients: int = 0
    reviewed: float = 0.1
    refunded: float = 0.0
    back_minor: int = 100
    fault: str = ""

    @property
    def client_count(self) -> int:
        return self.clients or max(1, min(100, self.briefs // 5))


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


class Stage:
    """The running cast: who is there, and how to tell that nothing happens any more."""

    def __init__(self, stand_ins: Providers, program: Program, plan: Plan, database_url: str) -> None:
        self.providers = stand_ins
        self.program = program
        self.plan = plan
        self.random = Random(plan.seed)
        self.calls = 0
        self.stories: list[Story] = []
        telegram = stand_ins.telegram
        self.bob = telegram.person("Bob", id=BOB)
        self.carol = telegram.person("Carol", id=CAROL)
        names = (f"Alice {index}" for index in range(plan.client_count))
        self.clients = [telegram.person(name, id=ALICE + 10_000 + index) for index, name in enumerate(names)]
        self.front = Front(self.carol)
        self.operator = Operator(self.bob, self.random)
        self.browser = aiohttp.ClientSession()
        self._database = Database(database_url, SystemClock())
        self.erin, self.fay = telegram.person("Erin", id=ERIN), telegram.person("Fay", id=FAY)
        self.clerk = Clerk(self.fay, stand_ins.stripe)
        self.books = Books(self.erin, stand_ins.stripe, self._database)
        telegram.on_call.append(lambda method, _: self._called(method))
        stand_ins.openai.on_call.append(lambda _: self._called("ask"))

    def _called(self, method: str) -> None:
        self.calls += method != "getUpdates"

    async def close(self) -> None:
        await self.browser.close()
        await self._database.close()

    def next_story(self, client_index: int) -> Story:
        """A brief more, by one of the clients."""
        number = len(self.stories)
        reviewed, course = _falls_on(number, self.plan.reviewed), _falls_on(number, self.plan.refunded)
        story = Story(f"C{number:05}", reviewed is not None, self.clients[client_index])
        if course is not None:
            chosen = COURSES[course % len(COURSES)]
            story.card, story.refunds = chosen.card, chosen.refunds
        self.stories.append(story)
        return story

    async def team(self) -> None:
        """Fay and Erin come in, and admins decide on refunds until cancelled."""
        await asyncio.gather(self.front.let_in(self.fay, "operator"), self.front.enters(self.erin, "/start"))
        self.clerk.here.set()
        await asyncio.gather(Approver(self.carol, refuses=True).work(), Approver(self.erin, refuses=False).work())

    async def settled(self, seconds: float | None = None) -> None:
        """Wait until the program's rows, Telegram and Stripe have nothing left to do, for that long without a break.

        Gives up after STUCK_SECONDS in which what is left to do stayed the same, as where a task fails again and again:
        what does not come to rest is found by the count.
        """
        quiet, wanted = 0, QUIET_LOOKS if seconds is None else round(seconds / LOOK_SECONDS)
        calls, left, moved = self.calls, 0, time.monotonic()
        while quiet < wanted and time.monotonic() - moved < STUCK_SECONDS:
            await self.program.ready()
            stripe = self.providers.stripe
            idle = not (self.providers.telegram.updates.pending or stripe.webhooks._unsettled or stripe.capturing)
            before, left = left, await left_to_do(self._database)
            quiet = quiet + 1 if idle and self.calls == calls and left == 0 else 0
            if left != before or (left == 0 and self.calls != calls):
                moved = time.monotonic()
            calls = self.calls
            await asyncio.sleep(LOOK_SECONDS)

    async def finish(self, work: list[asyncio.Task[None]]) -> None:
        """Let everybody come to their end; who still waits when nothing happens any more waits in vain."""
        rest = asyncio.create_task(self.settled(QUIET_SECONDS))
        await asyncio.wait([rest, asyncio.create_task(_all(work))], return_when=asyncio.FIRST_COMPLETED)
        rest.cancel()
        for task in work:
            task.cancel()
        for result in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(result, Exception):
                raise result
        await self.settled()


async def _all(work: list[asyncio.Task[None]]) -> None:
    await asyncio.wait(work)


def _falls_on(number: int, share: float) -> int | None:
    """Which of those it is to whom the share of all falls; None where it is not among them."""
    spread = round(1 / share) if share else 0
    return number // spread if spread and number % spread == spread // 2 else None


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
        work = [asyncio.create_task(_client(one, index, len(share))) for index, share in enumerate(shares)]
        at_work = [asyncio.create_task(_operator(one))]
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
        at_work = [asyncio.create_task(one.operator.work())]
        await asyncio.gather(one.front.let_in(one.clients[0], "client"), one.front.let_in(one.bob, "operator"))
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


async def _client(one: Stage, index: int, count: int) -> None:
    await one.front.let_in(one.clients[index], "client")
    async with asyncio.TaskGroup() as afterwards:
        for _ in range(count):
            story = one.next_story(index)
            await live(story, one.browser)
            if story.refunds:
                afterwards.create_task(one.clerk.send_back(story, story.refunds))


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


async def _operator(one: Stage) -> None:
    await one.front.let_in(one.bob, "operator")
    await one.operator.work()


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
