"""Turns to send, by Telegram's limits."""

import asyncio

import pytest

from bot.adapters.telegram.pace import Pace

ALICE, GROUP = 1001, -100
GAP = 600.0  # seconds between two messages of one chat, so that a test sees whether one waits


def pace(burst: int = 3) -> Pace:
    return Pace(1_000_000_000, 1 / GAP, 60 / GAP, burst)


async def sent(pace: Pace, chat_id: int, times: int) -> int:
    """How many of so many messages get through without waiting."""
    through = 0
    for _ in range(times):
        try:
            async with asyncio.timeout(0.05), pace.turn(chat_id):
                through += 1
        except TimeoutError:
            break
    return through


@pytest.mark.parametrize(("burst", "through"), [(1, 1), (3, 3)])
async def test_a_burst(burst: int, through: int) -> None:
    """So many messages get to a quiet chat at once, then they wait; other chats wait for nothing."""
    turns = pace(burst)
    assert [await sent(turns, ALICE, 5), await sent(turns, 1002, 1)] == [through, 1]


async def test_no_burst_in_a_group() -> None:
    """A group's messages a minute are so few that each waits."""
    assert await sent(pace(), GROUP, 5) == 1


async def test_none_after_a_refusal() -> None:
    """Telegram asked to wait: after that one message gets through, and no burst."""
    turns = pace()
    turns.hold(ALICE, 0)
    assert await sent(turns, ALICE, 5) == 1


async def test_drafts_take_no_room() -> None:
    """A draft is shown only in a chat where no message counts any more, however large the burst."""
    turns = pace()
    assert turns.has_room(ALICE)
    assert await sent(turns, ALICE, 1) == 1
    assert (turns.has_room(ALICE), turns.has_room(1002)) == (False, True)
