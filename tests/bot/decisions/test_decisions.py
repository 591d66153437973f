"""The decision log: what is proposed once, decided once, by whom and why."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.access.model import TENANT
from bot.decisions.model import LONGEST_REASON, Proposal, ProposalState
from bot.decisions.proposing import decided, lapse, propose
from bot.kernel.errors import Forbidden, Refusal, Stale
from storage.core.pages import Page
from storage.tables.audit import audit
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

FACTS: dict[str, str | int] = {
    "setting": "WORKER_CONCURRENCY",
    "present": 20,
    "n": 40,
    "held_hours": 80,
    "reason": "tasks wait",
}
FACTS |= {"busy": 30, "all": 700}


@pytest.fixture
async def here(stand_ins: Providers, database_url: str) -> AsyncIterator[Desk]:
    async with desk(stand_ins, database_url, SimulatedClock(datetime(2026, 11, 26, 10, tzinfo=UTC))) as made:
        yield made


async def proposed(here: Desk, key: str = "one") -> Proposal:
    """A proposal that was made."""
    await here.app.services.database.write(lambda tx: propose(tx, TENANT, "concurrency", key, FACTS))
    return (await here.app.services.decisions.page(await here.person(here.carol), Page()))[0]


@pytest.mark.both_databases
async def test_adopted_once(here: Desk) -> None:
    """Of two admins' decisions at once the first one counts, and stays with its name, reason and audit entry."""
    proposal, carol = await proposed(here), await here.person(here.carol)
    decide = here.app.services.decisions.decide
    decided = await asyncio.gather(
        decide(carol, proposal.id, 1, "It held all month.", adopt=True),
        decide(carol, proposal.id, 1, "We buy a larger machine.", adopt=False),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in decided) == ["Proposal", "Stale"]
    after = await here.app.services.decisions.get(carol, proposal.id)
    assert after.decider == "Carol"
    assert after.reason in {"It held all month.", "We buy a larger machine."}
    async with here.app.services.database.reading() as connection:
        query = select(audit.c.action, audit.c.before, audit.c.after).where(audit.c.subject == proposal.subject)
        rows = [tuple(row) for row in await connection.execute(query)]
    assert rows == [(f"proposal.{after.state}", "open", after.state.value)]


async def test_told_once(here: Desk) -> None:
    """The same proposal again is no second one, and its admins hear of it once."""
    for _twice in range(2):
        await proposed(here)
    told = [card for card in await here.told(here.carol.id) if "40 tasks at once" in card.text]
    assert len(told) == 1
    assert "Tasks waited in 30 of the 700 hours of the last 30 days." in told[0].text


@pytest.mark.parametrize("reason", ["", "  ", "ok", "x" * (LONGEST_REASON + 1)])
async def test_a_reason_is_asked_for(here: Desk, reason: str) -> None:
    """Without a reason, or with a treatise, nothing is decided."""
    proposal, carol = await proposed(here), await here.person(here.carol)
    with pytest.raises(Refusal):
        await here.app.services.decisions.decide(carol, proposal.id, 1, reason, adopt=True)
    assert (await here.app.services.decisions.get(carol, proposal.id)).state is ProposalState.OPEN


async def test_who_may(here: Desk) -> None:
    """An operator reads the log and decides nothing; a client reads nothing."""
    proposal, bob = await proposed(here), await here.person(here.bob)
    assert (await here.app.services.decisions.get(bob, proposal.id)).id == proposal.id
    with pytest.raises(Forbidden):
        await here.app.services.decisions.decide(bob, proposal.id, 1, "I like it", adopt=True)
    with pytest.raises(Forbidden):
        await here.app.services.decisions.get(await here.person(here.alice), proposal.id)


async def test_what_lapses(here: Desk) -> None:
    """What nothing speaks for any more is open no more, and cannot be decided; what was decided stays."""
    first, second = await proposed(here, "first"), await proposed(here, "second")
    carol, verbs = await here.person(here.carol), here.app.services.decisions
    await verbs.decide(carol, first.id, 1, "It held all month.", adopt=False)
    assert await here.app.services.database.write(lambda tx: lapse(tx, TENANT, ["concurrency"], [])) == 1
    assert (await verbs.get(carol, first.id)).state is ProposalState.DECLINED
    with pytest.raises(Stale):
        await verbs.decide(carol, second.id, second.version, "It held all month.", adopt=True)


async def test_as_a_file(here: Desk) -> None:
    """The file has each proposal with its evidence, and who decided why."""
    proposal, carol = await proposed(here), await here.person(here.carol)
    await here.app.services.decisions.decide(carol, proposal.id, 1, "It held all month.", adopt=True)
    listed = await here.says(here.carol, "/decisions")
    file = (await here.taps(here.carol, "CSV", listed)).card
    assert file is not None
    assert file.document is not None
    (row,) = csv.DictReader(io.StringIO(file.document.content.removeprefix("\ufeff")))
    assert (row["proposal"], row["what"]) == (str(proposal.id), "40 tasks at once")
    assert "30 of the 700 hours" in row["evidence"]
    assert (row["state"], row["by"], row["reason"]) == ("adopted", "Carol", "It held all month.")


async def test_pages_and_filters(here: Desk) -> None:
    """Ten to a page, newest first; a filter shows what is in that state alone, on each of its pages."""
    made = [await proposed(here, f"key {number}") for number in range(13)]
    carol = await here.person(here.carol)
    for one in made[:11]:
        await here.app.services.decisions.decide(carol, one.id, 1, "No need of it.", adopt=False)
    listed = await here.says(here.carol, "/decisions")
    assert f"/decision_{made[-1].id}" in listed.text
    assert f"/decision_{made[2].id}" not in listed.text
    shown = (await here.taps(here.carol, "To decide", listed)).card
    assert shown is not None
    assert shown.text.count("/decision_") == 2
    shown = (await here.taps(here.carol, "Declined", listed)).card
    assert shown is not None
    assert shown.text.count("/decision_") == 10
    older = (await here.taps(here.carol, "Older", shown)).card
    assert older is not None
    assert older.text.count("/decision_") == 1


async def test_decided_elsewhere(here: Desk) -> None:
    """What was adopted on a card of its own is in the log; whoever did it says why once, and nobody else does."""
    carol, verbs = await here.person(here.carol), here.app.services.decisions
    facts: dict[str, str | int] = {
        "type": "Research",
        "present": 80,
        "new": 84,
        "audits": 60,
        "bad": 9,
        "more": 0,
        "fewer": 12,
    }
    await here.app.services.database.write(lambda tx: decided(tx, carol, "minimum_score", facts, adopted=True))
    (told,) = [card for card in await here.told(here.carol.id) if "Minimum score of Research: 84" in card.text]
    assert "No reason is given yet." in told.text
    number = (await verbs.page(carol, Page()))[0].id
    with pytest.raises(Forbidden):
        await verbs.explain(await here.person(here.bob), number, "I like it")
    with pytest.raises(Refusal):
        await verbs.explain(replace(carol, id=carol.id + 99), number, "I like it")
    await here.taps(here.carol, "Say why", told)
    said = await here.says(here.carol, "Nine of sixty were bad.")
    assert "Why: Nine of sixty were bad." in said.text
    with pytest.raises(Stale):
        await verbs.explain(carol, number, "Another reason")
