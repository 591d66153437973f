"""The job `brief_processing`: what starts in the morning, and the board."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.access.model import TENANT
from bot.briefs.material import Submission
from bot.briefs.model import Brief, State
from bot.kernel.errors import Refusal
from bot.kernel.task_type import TaskType
from jobs.catalog import BY_NAME
from sandbox.faults import Fault
from storage.briefs import briefs
from storage.engine.database import Transaction
from storage.tables.briefs import briefs as table
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers

EVENING = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)  # 22:00 in Karachi
EIGHT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
JOB = BY_NAME["brief_processing"]


@pytest.fixture
async def clock() -> SimulatedClock:
    return SimulatedClock(EVENING)


@pytest.fixture
async def here(stand_ins: Providers, database_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    """A business in Karachi, where what waits costs a fifth less."""
    async with desk(stand_ins, database_url, clock, time_zone="Asia/Karachi", economy_percent=20) as made:
        yield made


async def quoted(here: Desk, text: str = BRIEF) -> Brief:
    who = await here.person(here.alice)
    handed = Submission(text, TaskType.DRAFTING)
    return await here.app.services.intake.briefs.submit(who, here.alice.id, f"test:{text}", handed)


async def deferred(here: Desk, text: str = BRIEF) -> Brief:
    """A brief that waits for the morning."""
    who, quotes = await here.person(here.alice), here.app.services.intake.quotes
    quote = await quoted(here, text)
    cheaper = await quotes.set_economy(who, quote.id, quote.version, on=True)
    return await here.app.services.intake.briefs.start(who, cheaper.id, cheaper.version, 0)


async def state(here: Desk, brief: Brief) -> State:
    async with here.app.services.database.reading() as connection:
        return (await briefs.get(connection, TENANT, brief.id)).state


async def look(here: Desk, clock: SimulatedClock, at: datetime) -> str:
    """It is that time, and the job runs."""
    clock.passes(seconds=(at - clock.now()).total_seconds())
    return await JOB.carry_out(here.app.services, TENANT, at)


async def boards(here: Desk, who: int) -> list[str]:
    return [card.text for card in await here.told(who) if "Morning board" in card.text]


@pytest.mark.both_databases
async def test_a_morning(here: Desk, clock: SimulatedClock) -> None:
    """What waits starts at 08:00 by the clocks of the business, once, and the team reads of the day once."""
    brief = await deferred(here)
    assert (brief.state, brief.starts_at, brief.price.minor) == (State.DEFERRED, EIGHT, 9_600)
    assert "0 briefs started" in await look(here, clock, EIGHT - timedelta(minutes=5))
    assert await state(here, brief) is State.DEFERRED
    assert await look(here, clock, EIGHT) == "1 brief started in the morning; the board was sent"
    assert await state(here, brief) is State.QUEUED
    assert await look(here, clock, EIGHT) == "0 briefs started in the morning"
    for person in (here.bob.id, here.carol.id):
        (board,) = await boards(here, person)
        assert "1 brief is promised for today" in board
        assert f"/brief_{brief.id}" in board
        assert "starts now" in board


async def test_a_quiet_morning(here: Desk, clock: SimulatedClock) -> None:
    """Where nothing waits, is late or promised, nobody hears anything, also of what comes later in the day."""
    assert await look(here, clock, EIGHT) == "0 briefs started in the morning"
    who = await here.person(here.alice)
    quote = await quoted(here)
    await here.app.services.intake.briefs.start(who, quote.id, quote.version, 0)
    await look(here, clock, EIGHT + timedelta(minutes=10))
    assert await boards(here, here.bob.id) == []


async def test_after_a_stop(here: Desk, clock: SimulatedClock) -> None:
    """Where nothing ran at 08:00, what waited starts at the first run afterwards, and the board comes then."""
    brief = await deferred(here)
    assert "the board was sent" in await look(here, clock, EIGHT + timedelta(hours=2))
    assert await state(here, brief) is State.QUEUED


async def test_what_is_late(here: Desk, clock: SimulatedClock) -> None:
    """A brief that was due yesterday and is not delivered is late."""
    brief = await deferred(here)

    async def work(tx: Transaction) -> None:
        change = update(table).where(table.c.tenant == TENANT, table.c.id == brief.id)
        await tx.run(change.values(deadline=EIGHT - timedelta(hours=3)))

    await here.app.services.database.write(work)
    await look(here, clock, EIGHT)
    (board,) = await boards(here, here.bob.id)
    assert "1 brief is late" in board
    assert "3 h late" in board


async def test_a_provider_is_silent(here: Desk, clock: SimulatedClock, stand_ins: Providers) -> None:
    """At 07:55 the admins, and they alone, hear once which provider does not answer."""
    await deferred(here)
    stand_ins.stripe.faults.add(Fault("GET", "status", status=500, times=100))
    for _twice in range(2):
        assert "1 provider does not answer" in await look(here, clock, EIGHT - timedelta(minutes=5))
    told = [card.text for card in await here.told(here.carol.id) if "Not everything answers" in card.text]
    assert len(told) == 1
    assert "stripe" in told[0]
    assert "1 brief that waited" in told[0]
    assert not [card for card in await here.told(here.bob.id) if "Not everything answers" in card.text]


async def test_cancelled_before(here: Desk, clock: SimulatedClock) -> None:
    """What its client cancels in the night does not start; undone within seconds, it waits on."""
    brief = await deferred(here)
    who, cancelling = await here.person(here.alice), here.app.services.intake.cancelling
    gone, spent = await cancelling.cancel(who, brief.id, 0, chat_id=here.alice.id)
    assert spent == 0
    back = await cancelling.undo(who, brief.id, gone.version, State.DEFERRED, 0)
    assert back.state is State.DEFERRED
    await cancelling.cancel(who, brief.id, 0, chat_id=here.alice.id)
    await look(here, clock, EIGHT)
    assert await state(here, brief) is State.CANCELLED


async def test_due_before_it_starts(here: Desk) -> None:
    """What is due in the night cannot wait for the morning: neither chosen then, nor said yes to."""
    who, intake = await here.person(here.alice), here.app.services.intake
    quote = await quoted(here)
    tonight = EIGHT - timedelta(hours=4)
    dated = await intake.quotes.set_deadline(who, quote.id, quote.version, tonight)
    with pytest.raises(Refusal, match="another deadline"):
        await intake.quotes.set_economy(who, dated.id, dated.version, on=True)
    free = await intake.quotes.set_deadline(who, dated.id, dated.version, None)
    cheaper = await intake.quotes.set_economy(who, free.id, free.version, on=True)
    dated = await intake.quotes.set_deadline(who, cheaper.id, cheaper.version, tonight)
    with pytest.raises(Refusal, match="another deadline"):
        await intake.briefs.start(who, dated.id, dated.version, 0)


async def test_another_type(here: Desk) -> None:
    """A quote that waits stays cheaper as another type, and costs all of its price at once."""
    who, intake = await here.person(here.alice), here.app.services.intake
    quote = await quoted(here)
    cheaper = await intake.quotes.set_economy(who, quote.id, quote.version, on=True)
    other = await intake.briefs.retype(who, cheaper.id, cheaper.version, TaskType.RESEARCH)
    assert (other.price.minor, other.full_price and other.full_price.minor) == (14_400, 18_000)
    full = await intake.quotes.set_economy(who, other.id, other.version, on=False)
    assert (full.price.minor, full.full_price) == (18_000, None)


async def test_not_offered(stand_ins: Providers, database_url: str) -> None:
    """Without ECONOMY_PERCENT a quote cannot wait, and does not offer to."""
    async with desk(stand_ins, database_url) as here:
        quote, who = await quoted(here), await here.person(here.alice)
        quotes = here.app.services.intake.quotes
        with pytest.raises(Refusal, match="no cheaper"):
            await quotes.set_economy(who, quote.id, quote.version, on=True)
        card = await quotes.card(quote, ())
        assert not [button for row in card.rows for button in row if "morning" in button.label]
