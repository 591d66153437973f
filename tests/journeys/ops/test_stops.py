"""The program stops and starts again: nothing is lost."""

import asyncio

import pytest

from tests.house import BRIEF, Providers, house

pytestmark = pytest.mark.both_databases


async def test_nothing_is_lost_by_a_stop(stand_ins: Providers, database_url: str) -> None:
    """A stop in the middle of a brief finishes the step under way; the next start carries it on to the end."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.staff()
        stand_ins.openai.latency = 0.5
        number = await home.brief()
        await home.alice.sees("Being drafted")
    async with house(stand_ins, database_url) as home:
        await home.alice.sees(f"brief-{number}.md", timeout=20)
        await home.alice.sees("To pay", timeout=20)


async def test_words_said_while_it_was_down(stand_ins: Providers, database_url: str) -> None:
    """What people write while no program runs is answered at the next start."""
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await home.invite(home.alice, "client")
        alice = home.alice
    await alice.says(BRIEF)
    async with house(stand_ins, database_url), asyncio.timeout(20):
        await alice.sees("Nothing is spent until you say yes", timeout=20)
