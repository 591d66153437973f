"""The models' provider is down for five minutes: it is left alone, no brief is lost, admins hear of it once.

The five minutes are simulated, on SQLite alone, since the engine on PostgreSQL goes by the database's clock, which no
test can put forward. There a first silence, of seconds, is lived through.
"""

import asyncio
from datetime import timedelta

from sqlalchemy import func, select

from bot.kernel.tasks import Pool
from bot.kernel.timing import Timing
from sandbox.faults import Fault
from sandbox.openai.server import OpenAIStandIn
from storage.tables.briefs import briefs
from storage.tables.core import tasks
from tests.clock import Hands
from tests.house import BRIEF, House, Providers, house

BRIEFS = 15
STEP = timedelta(seconds=5)
CHAT = "POST .*/chat/completions"


class Door:
    """Counts what reaches the provider, whatever becomes of it there."""

    def __init__(self, openai: OpenAIStandIn) -> None:
        self.fault = Fault(CHAT, "status", times=1_000, status=503)
        openai.faults.add(self.fault)

    @property
    def knocks(self) -> int:
        assert self.fault.times is not None
        return 1_000 - self.fault.times


async def _idle(home: House, hands: Hands) -> None:
    """Wait until no task is due any more."""
    database = home.running.app.services.database
    async with asyncio.timeout(30):
        while True:
            for pool in Pool:
                database.signals.wake(f"tasks:{pool}")
            async with database.reading() as connection:
                due = select(func.count()).select_from(tasks).where(tasks.c.run_at <= hands.now())
                if (await connection.execute(due)).scalar_one() == 0:
                    return
            await database.signals.wait("none", 0.05)


async def _states(home: House) -> dict[str, int]:
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(select(briefs.c.state, func.count()).group_by(briefs.c.state))
        return {state: count for state, count in rows}


async def test_down_for_five_minutes(stand_ins: Providers, sqlite_url: str) -> None:
    """15 briefs wait meanwhile: at most 15 calls reach the provider, one alert comes, and all are delivered after."""
    hands = Hands()
    async with house(stand_ins, sqlite_url, clock=hands) as home:
        await home.staff()
        door = Door(home.openai)
        for number in range(BRIEFS):
            await home.brief(f"{BRIEF} This is number {number}.")
        began = hands.now()
        while hands.now() - began < timedelta(minutes=5):
            await _idle(home, hands)
            hands.ahead += STEP
        await _idle(home, hands)
        assert 5 <= door.knocks <= 15
        home.openai.faults.clear()
        async with asyncio.timeout(100):
            while await _states(home) != {"invoiced": BRIEFS}:  # each after its work was shown, at Telegram's own pace
                hands.ahead += STEP
                await _idle(home, hands)
                await home.running.app.services.database.signals.wait("none", 0.05)
        told = [message.text for message in home.carol.messages() if "The models ·" in message.text]
        assert [text.splitlines()[0] for text in told] == ["The models · Answers again"]


async def test_down_for_a_moment(stand_ins: Providers, postgres_url: str) -> None:
    """On PostgreSQL too five failures bring silence, until one call finds the provider back; nothing is lost."""
    async with house(stand_ins, postgres_url, timing=Timing(left_alone=5.0)) as home:
        await home.staff()
        door = Door(home.openai)
        numbers = [await home.brief(f"{BRIEF} This is number {number}.") for number in range(3)]
        await home.carol.sees("The models · Not answering", timeout=60)
        home.openai.faults.clear()
        assert 5 <= door.knocks <= 8
        await home.carol.sees("The models · Answers again", timeout=60)
        for number in numbers:
            await home.alice.sees(f"for brief {number}", timeout=60)


async def test_a_restart_in_the_middle(stand_ins: Providers, sqlite_url: str) -> None:
    """A process that starts while the provider is down tells nobody again, and tells that it is back."""
    hands = Hands()
    async with house(stand_ins, sqlite_url, clock=hands) as home:
        await home.staff()
        Door(home.openai)
        for number in range(6):
            await home.brief(f"{BRIEF} This is number {number}.")
        await home.carol.sees("The models · Not answering")
    async with house(stand_ins, sqlite_url, clock=hands) as home:
        hands.ahead += timedelta(minutes=10)
        await _idle(home, hands)
        home.openai.faults.clear()
        hands.ahead += timedelta(minutes=10)
        await _idle(home, hands)
        await home.carol.sees("The models · Answers again")
        assert sum("The models · " in message.text for message in home.carol.messages()) == 1
