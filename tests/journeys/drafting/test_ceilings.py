"""What models may cost: a ceiling that is reached makes briefs wait, never fail, and is never passed."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.access.model import TENANT
from bot.adapters.openai import prices as openai_prices
from bot.models.budget import Payer
from bot.models.ports import Prompt
from bot.models.spending import ABANDONED, BudgetExceeded
from sandbox.faults import Fault
from sandbox.openai.server import OpenAIStandIn
from sandbox.telegram.seen import Seen
from storage.models.budget import open_reservations
from storage.tables.briefs import briefs
from storage.tables.models import model_calls, spend
from tests.clock import Hands, SimulatedClock
from tests.eventually import eventually
from tests.house import House, Providers, house

BRIEFS = 40
# dearer than the defaults, so that a ceiling in cents is reached
DEAR: dict[str, Any] = {"draft_model": "gpt-4o", "judge_model": "gpt-4o-mini", "fallback_model": "gpt-4o-mini"}
CEILING = 80_000  # in millionths of a US dollar
STREETS = " ".join(f"Street {n} of the harbour is one that the courier knows by its name." for n in range(1, 100))


def _billed(openai: OpenAIStandIn) -> int:
    """What the provider bills for everything that it answered, in millionths of a US dollar."""
    models = {model for model, _ in openai.used}
    return sum(openai_prices.cost(m, openai.used[m, "input"], openai.used[m, "output"]) for m in models)


async def _quoted(home: House, number: int, length: int) -> Seen:
    """Alice hands in a brief of so many characters, and sees its quote."""
    mark = home.alice.mark()
    await home.alice.says(f"Write landing page {number} for Nordwind. {STREETS[:length]}")
    return await home.alice.sees("Nothing is spent until you say yes", after=mark)


async def _hand_in(home: House, number: int, length: int) -> None:
    """The same, and she says yes."""
    await home.alice.taps("Yes, start", await _quoted(home, number, length))


async def _standing(home: House) -> Counter[str]:
    """How many briefs are in each state; those that wait for room count as "held:" with their ceiling."""
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(select(briefs.c.state, briefs.c.held, func.count()).group_by("state", "held"))
        return Counter({f"held:{held}" if held else state: count for state, held, count in rows})


async def _settled(home: House) -> Counter[str]:
    """Wait until every brief is delivered and invoiced, or waits for room."""
    busy = {"queued", "drafting", "judging", "approved", "delivered"}
    return await eventually(lambda: _standing(home), lambda standing: not busy & standing.keys(), within=100)


async def _books(home: House) -> tuple[int, int]:
    """What the day's counter says, and what the recorded calls add up to."""
    async with home.running.app.services.database.reading() as connection:
        used = await connection.execute(select(spend.c.used_micro_usd).where(spend.c.scope.like("day:%")))
        recorded = await connection.execute(select(func.sum(model_calls.c.cost_micro_usd)))
        return int(used.scalar_one()), int(recorded.scalar_one())


@pytest.mark.both_databases
async def test_forty_briefs_under_one_ceiling(stand_ins: Providers, database_url: str) -> None:
    """40 briefs at once on 0.08 USD: not a cent more is spent, what has no room waits, none fails, one alert comes."""
    ceilings: dict[str, Any] = {"ceiling_day_usd": "0.08", "ceiling_brief_usd": 0, "draft_max_tokens": 1_000}
    async with house(stand_ins, database_url, **ceilings, **DEAR) as home:
        await home.staff()
        quotes = [await _quoted(home, number, 1_000) for number in range(BRIEFS)]
        for quote in quotes:
            await home.alice.taps("Yes, start", quote)
        standing = await _settled(home)
        assert standing.keys() == {"invoiced", "held:day"}
        assert standing.total() == BRIEFS
        assert CEILING // 2 < _billed(home.openai) <= CEILING
        async with home.running.app.services.database.reading() as connection:
            assert await open_reservations(connection) == []
        used, recorded = await _books(home)
        assert _billed(home.openai) <= recorded == used <= CEILING
        assert sum("Model budget" in message.text for message in home.carol.messages()) == 1

        def waiting() -> list[Seen]:
            return [card for card in home.alice.messages() if "· Waiting" in card.text]

        cards = await eventually(waiting, lambda seen: len(seen) >= standing["held:day"], within=60)
        assert len(cards) == standing["held:day"]
        assert "continues after our midnight" in cards[0].text


async def test_a_higher_ceiling_lets_them_go(stand_ins: Providers, database_url: str) -> None:
    """A brief that waits says so to its client and names nobody's money; with a higher ceiling it is delivered."""
    async with house(stand_ins, database_url, ceiling_client_month_usd="0.08", **DEAR) as home:
        await home.staff()
        await _hand_in(home, 1, 3_000)
        card = await home.alice.sees("· Waiting")
        assert "This month's budget for your briefs is used up" in card.text
        assert "USD" not in card.text
        assert card.labels == ["Cancel"]
        told = await home.carol.sees("Model budget · Used up for Alice, this month")
        assert "raise CEILING_CLIENT_MONTH_USD" in told.text
    async with house(stand_ins, database_url) as home:
        await home.alice.sees("To pay")


async def test_the_next_day_lets_them_go(stand_ins: Providers, sqlite_url: str) -> None:
    """When the period turns, what waited goes on by itself.

    On SQLite alone, since the engine on PostgreSQL goes by the database's clock, which no test can put forward.
    """
    hands = Hands()
    async with house(stand_ins, sqlite_url, clock=hands, ceiling_day_usd="0.15", **DEAR) as home:
        await home.staff()
        await _hand_in(home, 1, 100)
        await home.alice.sees("To pay")
        home.openai.faults.add(Fault("POST .*/chat/completions", "lose_reply", times=1))
        await _hand_in(home, 2, 100)
        await home.alice.sees("· Waiting")
        hands.ahead += timedelta(days=1)
        await home.alice.sees("Brief 1002 · Delivered, invoice open", timeout=30)


@pytest.mark.both_databases
async def test_the_day_of_a_ceiling_is_the_tenants(stand_ins: Providers, database_url: str) -> None:
    """A day's ceiling that is used up stays so over UTC's midnight, and has room again from the tenant's on."""
    clock = SimulatedClock(datetime(2026, 11, 29, 23, 30, tzinfo=UTC))  # 04:30 in Karachi
    prompt = Prompt("draft", "1", "", "Hello")
    once = Decimal(openai_prices.most("gpt-4o", prompt, {})) / 1_000_000
    changes = {"time_zone": "Asia/Karachi", "ceiling_day_usd": once * 3 / 2, **DEAR}
    async with house(stand_ins, database_url, frozenset(), clock, **changes) as home:
        ask = partial(home.running.app.services.models.ask, Payer(TENANT), "gpt-4o", prompt)
        await ask()
        with pytest.raises(BudgetExceeded):
            await ask()
        clock.passes(hours=1)
        with pytest.raises(BudgetExceeded) as full:
            await ask()
        assert full.value.until == datetime(2026, 11, 30, 19, tzinfo=UTC)
        clock.passes(hours=18, minutes=30)
        await ask()


async def test_lost_answers_count_as_spent(stand_ins: Providers, database_url: str) -> None:
    """A call whose answer was lost was perhaps billed: it is recorded as failed, at the most that it may have cost."""
    async with house(stand_ins, database_url) as home:
        await home.staff()
        home.openai.faults.add(Fault("POST .*/chat/completions", "lose_reply", times=1))
        await home.brief()
        await home.alice.sees("To pay", timeout=30)
        async with home.running.app.services.database.reading() as connection:
            failed = select(model_calls.c.cost_micro_usd).where(model_calls.c.outcome == "failed")
            [cost] = (await connection.execute(failed)).scalars()
            assert cost >= openai_prices.cost(home.settings.draft_model, 0, home.settings.draft_max_tokens)
        used, recorded = await _books(home)
        assert used == recorded


@pytest.mark.both_databases
async def test_what_a_crash_leaves_counts_as_spent(stand_ins: Providers, database_url: str) -> None:
    """What was set aside for a call that nobody recorded is settled as spent by the janitor, and only after a while."""
    hands = Hands()
    async with house(stand_ins, database_url, clock=hands) as home:
        services = home.running.app.services
        paid = await services.models.ask(Payer(TENANT), "gpt-4o", Prompt("draft", "1", "", "Hello"))
        assert paid.reservation is not None
        assert await services.models.settle_abandoned() == 0
        hands.ahead += ABANDONED + timedelta(seconds=1)
        assert await services.models.settle_abandoned() == 1
        await services.database.write(lambda tx: services.models.record(tx, Payer(TENANT), [paid]))
        async with services.database.reading() as connection:
            used = (await connection.execute(select(spend.c.used_micro_usd))).scalars().all()
        assert set(used) == {paid.reservation.amount}
