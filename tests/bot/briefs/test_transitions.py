"""A brief's states: the table is the only way, and everybody who reads an old version loses."""

import asyncio
import random
from functools import partial
from typing import Any

import pytest

from bot.access.model import Role
from bot.briefs.model import CANCELLABLE, TRANSITIONS, Brief, State
from bot.kernel.clock import SystemClock
from bot.kernel.errors import Stale
from bot.kernel.ids import new_code
from bot.kernel.task_type import TaskType
from storage.briefs import briefs
from storage.engine.database import Database, Transaction
from storage.migrations.migrate import migrate
from storage.people import people

LIVES = 60
WISHES = 25


def test_the_table_is_whole() -> None:
    """Every state has its row and its words, every row leads to known states, and the ends lead nowhere."""
    assert set(TRANSITIONS) == set(State)
    assert all(state.words and state.within for state in State)
    assert {state for state, following in TRANSITIONS.items() if not following} == {
        State.PAID,
        State.REJECTED,
        State.CANCELLED,
    }
    assert State.APPROVED not in CANCELLABLE


async def a_brief(tx: Transaction) -> Brief:
    person = await people.enroll(tx, "main", 1, "Alice", Role.CLIENT, "en")
    values: dict[str, Any] = {
        "tenant": "main", "client_id": person.id, "chat_id": 1, "task_type": TaskType.OTHER, "title": "t", "text": "t",
        "state": State.NEW, "qa_target": 80, "language": "en", "price_minor": 1, "currency": "USD",
    }  # fmt: skip
    return (await briefs.add(tx, f"test:{new_code()}", values))[0]


async def _move(brief: Brief, wish: State, tx: Transaction) -> Brief:
    return await briefs.move(tx, brief, wish)


@pytest.mark.both_databases
async def test_only_what_the_table_allows(database_url: str) -> None:
    """Over random wishes, a brief moves exactly where the table leads, and its version counts the moves."""
    database = Database(database_url, SystemClock())
    await migrate(database)
    try:
        chance = random.Random(7)
        for _ in range(LIVES):
            brief = await database.write(a_brief)
            for wish in chance.choices(list(State), k=WISHES):
                before = brief
                try:
                    brief = await database.write(partial(_move, before, wish))
                except Stale:
                    assert wish not in TRANSITIONS[before.state]
                else:
                    assert wish in TRANSITIONS[before.state]
                    assert (brief.state, brief.version) == (wish, before.version + 1)
    finally:
        await database.close()


@pytest.mark.both_databases
async def test_one_of_twenty_wins(database_url: str) -> None:
    """Twenty who read the same version and change it at once: one does, nineteen are told that it changed."""
    database = Database(database_url, SystemClock())
    await migrate(database)
    try:
        brief = await database.write(a_brief)
        moves = (database.write(lambda tx: briefs.move(tx, brief, State.QUOTED)) for _ in range(20))
        results = await asyncio.gather(*moves, return_exceptions=True)
    finally:
        await database.close()
    assert sum(isinstance(result, Brief) for result in results) == 1
    assert sum(isinstance(result, Stale) for result in results) == 19
