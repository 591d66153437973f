"""The people of a trial: clients, an operator, who sends money back; and what they are made of."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

import aiohttp

from bot.kernel.clock import SystemClock
from storage.engine.database import Database
from tests.chaos.books import Books
from tests.chaos.findings import left_to_do
from tests.chaos.people import Front, Operator, Story, live
from tests.chaos.refunds import COURSES, Approver, Clerk
from tests.house import ALICE, BOB, CAROL, Providers

LOOK_SECONDS = 0.1
QUIET_LOOKS = 3
QUIET_SECONDS = 3.0
STUCK_SECONDS = 30.0
ERIN, FAY = 1007, 1010


@dataclass
class Plan:
    """What a trial is made of. lost: share of the providers' replies that get lost, half of them before the effect.

    reviewed, refunded: the share of briefs that an operator decides on, and of those whose money goes back.
    back_minor: how much each refund of a trial at named points is. stuck_seconds: after so long without a change what
    is left to do is taken for lost.
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
    stuck_seconds: float = STUCK_SECONDS

    @property
    def client_count(self) -> int:
        return self.clients or max(1, min(100, self.briefs // 5))


class Cast:
    """Who is there, and how to tell that nothing happens any more.

    ready: waits until the program runs. database_url: where its rows are read.
    """

    def __init__(
        self, stand_ins: Providers, ready: Callable[[], Awaitable[None]], plan: Plan, database_url: str
    ) -> None:
        self.providers = stand_ins
        self.ready = ready
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

        Gives up after a time in which what is left to do stayed the same, as where a task fails again and again:
        what does not come to rest is found by the count.
        """
        quiet, wanted = 0, QUIET_LOOKS if seconds is None else round(seconds / LOOK_SECONDS)
        calls, left, moved = self.calls, 0, time.monotonic()
        while quiet < wanted and time.monotonic() - moved < self.plan.stuck_seconds:
            await self.ready()
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


async def client(one: Cast, index: int, count: int) -> None:
    """Come in, and hand so many briefs in, one after the other."""
    await one.front.let_in(one.clients[index], "client")
    async with asyncio.TaskGroup() as afterwards:
        for _ in range(count):
            story = one.next_story(index)
            await live(story, one.browser)
            if story.refunds:
                afterwards.create_task(one.clerk.send_back(story, story.refunds))


async def operator(one: Cast) -> None:
    """Bob comes in, and decides until cancelled."""
    await one.front.let_in(one.bob, "operator")
    await one.operator.work()
