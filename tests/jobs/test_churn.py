"""The job `churn_risk`, and /churn."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from bot.access.model import TENANT, Role
from bot.briefs.model import Brief
from jobs.catalog import BY_NAME
from sandbox.telegram.people import Person as Sender
from storage.engine.database import Transaction
from storage.people import people
from storage.tables.briefs import briefs
from tests.desk import Desk, desk
from tests.house import BRIEF, Providers


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url) as made:
        yield made


async def ordered(here: Desk, *back: int, who: Sender | None = None) -> Sequence[Brief]:
    """Alice's briefs of so many days ago, or another's."""
    made = [await here.delivered(who or here.alice, text=f"{BRIEF} Number {days}.") for days in back]

    async def work(tx: Transaction) -> None:
        for brief, days in zip(made, back, strict=True):
            at = tx.now - timedelta(days=days)
            change = update(briefs).where(briefs.c.tenant == TENANT, briefs.c.id == brief.id)
            await tx.run(change.values(created_at=at))

    await here.app.services.database.write(work)
    return made


@pytest.mark.both_databases
async def test_a_silent_client(here: Desk) -> None:
    """Admins hear once of a client who is silent three times as long as usual; /churn says why, and how good it is."""
    await ordered(here, 50, 43, 36, 29, 22)
    run = BY_NAME["churn_risk"]
    assert (
        await run.carry_out(here.app.services, TENANT) == "1 of 1 clients at risk, 1 of them high, 1 of these told now"
    )
    assert await run.carry_out(here.app.services, TENANT) == "1 of 1 clients at risk, 1 of them high"
    told = [card.text for card in await here.told(here.carol.id) if "may leave" in card.text]
    assert len(told) == 1
    assert "no order for 22 days, usually one every 7 days" in told[0]
    card = await here.says(here.bob, "/churn")
    assert "High risk" in card.text
    assert "cannot be told yet" in card.text


async def test_a_client_who_keeps_to_it(here: Desk) -> None:
    """Nobody hears of a client who orders as usual, or who ordered too little to say."""
    await ordered(here, 22, 15, 8, 1)
    assert await BY_NAME["churn_risk"].carry_out(here.app.services, TENANT) == (
        "0 of 1 clients at risk, 0 of them high"
    )
    assert not [card for card in await here.told(here.carol.id) if "may leave" in card.text]


async def test_everybody_is_told_of(here: Desk, stand_ins: Providers) -> None:
    """Of seven at high risk admins hear of five, and of the other two the next time; then of nobody any more."""
    names = [f"Client {n}" for n in range(7)]
    for n in range(7):
        who = stand_ins.telegram.person(names[n], id=5_000 + n)
        enroll = partial(
            people.enroll, tenant=TENANT, telegram_id=who.id, name=names[n], role=Role.CLIENT, language="en"
        )
        await here.app.services.database.write(enroll)
        await ordered(here, 50, 43, 36, 29, 22, who=who)
    run, told = BY_NAME["churn_risk"], []
    for _thrice in range(3):
        await run.carry_out(here.app.services, TENANT)
        told.append([card.text for card in await here.told(here.carol.id) if "may leave" in card.text])
    first, second = told[1]
    assert told[2] == told[1]
    assert "2 more are at high risk" in first
    assert sorted(name for text in (first, second) for name in names if name in text) == names
