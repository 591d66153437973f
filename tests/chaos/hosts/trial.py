"""A trial on several hosts: clients at work while hosts are killed, cut off and come back, and the count at the end."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.chaos.cast import ERIN, LOOK_SECONDS, Cast, Plan, client, operator
from tests.chaos.counted import Findings
from tests.chaos.findings import examine, repeated_among
from tests.chaos.hosts.balancer import Balancer
from tests.chaos.hosts.events import Event, befall, some_events
from tests.chaos.hosts.fleet import DATABASE, NAMES, WEB_PORT, WEBS, Fleet
from tests.chaos.hosts.network import GATE, Host, network
from tests.chaos.hosts.servers import DatabaseHost
from tests.chaos.refunds import SETTINGS
from tests.house import CAROL, WEBHOOK_SECRET, providers

BALANCER_PORT = 8080
STARTED_SECONDS = 600.0  # the machine may be busy with more than this
# Six processes share the machine's two cores with the people and the providers.
OURS = {"model_timeout_seconds": 15, "worker_concurrency": 12, "refund_fuse_minutes": 2}


@dataclass
class Scene:
    """All of it, running."""

    cast: Cast
    fleet: Fleet
    database: DatabaseHost
    balancer: Balancer
    hosts: Mapping[str, Host]

    async def kill(self, name: str) -> None:
        """kill -9 of all that runs on the host, which stays off."""
        if name == DATABASE:
            await asyncio.to_thread(self.database.kill)
            return
        for program in self.fleet.programs[name]:
            program.hold()
            program.kill()

    async def start(self, name: str) -> None:
        """Start what runs on the host."""
        if name == DATABASE:
            await self.database.start()
            return
        for program in self.fleet.programs[name]:
            program.let_run()


@dataclass
class Outcome:
    """What came of it. took_over: seconds until another host had a role or a task of one that was struck; came_back:
    until the host itself had its role again, where none else could. ends: exit codes of starts that came to nothing.
    webhooks: taken by a host, failed and why, and gone on to the next host.
    """

    findings: Findings
    seconds: float
    briefs: int
    refunds: int
    events: Sequence[Event]
    took_over: Mapping[str, Sequence[float]]
    came_back: Sequence[float]
    ends: Sequence[int]
    webhooks: tuple[int, Counter[str], int]
    repeated: int
    boots: Sequence[float] = field(default=())


@asynccontextmanager
async def scene(plan: Plan, folder: Path, *, pooler: bool) -> AsyncIterator[Scene]:
    """Six hosts, the providers at their gate, and the people, with nothing said yet."""
    place = folder / DATABASE
    place.mkdir()
    with network(NAMES) as hosts:
        async with (
            providers(host=GATE) as stand_ins,
            DatabaseHost(hosts[DATABASE], place, pooler=pooler) as database,
            Balancer(GATE, BALANCER_PORT, [f"http://{hosts[name].address}:{WEB_PORT}" for name in WEBS]) as balancer,
        ):
            settings = stand_ins.environment(database.url) | SETTINGS | OURS
            settings |= {"admin_telegram_ids": f"{CAROL},{ERIN}", "uptime_url": balancer.url}
            if pooler:
                settings["database_pooler_url"] = database.pooler_url
            stand_ins.stripe.webhook(f"{balancer.url}/webhooks/stripe", WEBHOOK_SECRET)
            places = (stand_ins.telegram, stand_ins.stripe, stand_ins.openai, stand_ins.notion)
            for index, faults in enumerate(one.faults for one in places):
                faults.lose_replies(plan.lost, where=".", seed=plan.seed * 10 + index)
            async with Fleet(hosts, folder, settings) as fleet:
                cast = Cast(stand_ins, fleet.ready, plan, database.watched)
                try:
                    async with asyncio.timeout(STARTED_SECONDS):
                        await fleet.ready()
                    yield Scene(cast, fleet, database, balancer, hosts)
                finally:
                    await cast.close()


async def at_random(plan: Plan, count: int, folder: Path, *, pooler: bool) -> Outcome:
    """So many events, spread over the work of the clients; some befall two hosts at the same time."""
    began = time.monotonic()
    async with scene(plan, folder, pooler=pooler) as one:
        work, at_work = begin(one.cast)
        events = some_events(count, plan.seed, NAMES)
        striking = asyncio.create_task(_strike(one, events, work))
        try:
            await asyncio.wait([striking, *at_work], return_when=asyncio.FIRST_COMPLETED)
            for task in (striking, *at_work):
                if task.done():
                    task.result()
            await one.fleet.ready()
            await one.cast.finish(work)
        finally:
            for task in (striking, *at_work, *work):
                task.cancel()
            await asyncio.gather(striking, *at_work, *work, return_exceptions=True)
        return await verdict(one, events, began)


def begin(cast: Cast) -> tuple[list[asyncio.Task[None]], list[asyncio.Task[None]]]:
    """Clients with their briefs, and those who work until they are sent home."""
    plan = cast.plan
    shares = [range(index, plan.briefs, plan.client_count) for index in range(plan.client_count)]
    work = [asyncio.create_task(client(cast, index, len(share))) for index, share in enumerate(shares)]
    at_work = [asyncio.create_task(operator(cast))]
    if plan.refunded:
        at_work.append(asyncio.create_task(cast.team()))
    return work, at_work


async def _strike(one: Scene, events: Sequence[Event], work: Sequence[asyncio.Task[None]]) -> None:
    """Each event when its share of the work was done, and what is under way does not keep it from coming."""
    random, under_way = Random(one.cast.plan.seed), dict[str, asyncio.Task[None]]()
    for number, event in enumerate(events):
        share = (number + random.random()) / (len(events) + 1)
        await _reached(one.cast, share, work, under_way)
        if (before := under_way.get(event.host)) is not None:
            await before
        event.held = one.fleet.roles_of(event.host)
        happening = befall(event, one.hosts[event.host], one.kill, one.start, time.monotonic)
        under_way[event.host] = asyncio.create_task(happening)
    await asyncio.gather(*under_way.values())


async def _reached(
    cast: Cast, share: float, work: Sequence[asyncio.Task[None]], under_way: Mapping[str, asyncio.Task[None]]
) -> None:
    """Until so much of the work is done; or all events are over and nobody works any more."""
    while sum(story.come for story in cast.stories) < share * cast.plan.briefs:
        if all(task.done() for task in (*work, *under_way.values())):
            return
        await asyncio.sleep(LOOK_SECONDS)


async def verdict(one: Scene, events: Sequence[Event], began: float) -> Outcome:
    """Stop all kindly, then count: at the providers, in the chats, and in the ledger against Stripe."""
    cast, fleet = one.cast, one.fleet
    people = [*cast.clients, cast.bob, cast.carol, cast.erin, cast.fay]
    codes = await fleet.stop()
    findings = await examine(cast.stories, cast.clerk.backs, cast.providers, one.database.watched)
    findings.expect("a stop by SIGTERM", "exit codes", expected={0}, actual=set(codes))
    for name, programs in fleet.programs.items():
        findings.expect("ended while it ran", name, expected=0, actual=sum(program.broken for program in programs))
    took_over, came_back = _times(fleet, events)
    return Outcome(
        findings,
        time.monotonic() - began,
        len(cast.stories),
        len(cast.clerk.backs),
        events,
        took_over,
        came_back,
        [code for program in fleet.all for code in program.deaths],
        (one.balancer.taken, one.balancer.failed, one.balancer.gone_on),
        repeated_among(people),
        [boot for program in fleet.all for boot in program.boots],
    )


def _times(fleet: Fleet, events: Sequence[Event]) -> tuple[dict[str, list[float]], list[float]]:
    """How long it took after an event until another had the role, or carried a task on; or until its host was back."""
    took_over: dict[str, list[float]] = {"roles": [], "tasks": []}
    came_back: list[float] = []
    for event in events:
        if event.kind == "slow" or event.host == DATABASE:
            continue
        later = [one.began for one in events if one.began > event.began and one.host in {event.host, DATABASE}]
        until = min([event.ended + STARTED_SECONDS, *later])
        for role in event.held:
            told = fleet.first(event.began, until, role=role)
            if told is not None and told.host != event.host:
                took_over["roles"].append(told.at - event.began)
            elif told is not None:
                came_back.append(max(0.0, told.at - event.ended))
        task = fleet.first(event.began, event.ended, role="", others_than=event.host)
        if event.host.startswith("worker") and task is not None:
            took_over["tasks"].append(task.at - event.began)
    return took_over, came_back
