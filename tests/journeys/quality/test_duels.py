"""Two prompts against each other on live briefs."""

import asyncio
import json
import re

import pytest
from sqlalchemy import func, select

from bot.drafting import prompts as drafting
from sandbox.faults import Fault
from sandbox.openai.prompt import Prompt
from sandbox.openai.server import Call
from sandbox.telegram.seen import Seen
from storage.tables.models import model_calls
from storage.tables.quality import duel_pairs
from tests.consents import allows_all
from tests.house import House, Providers, house
from tests.journeys.quality.test_prompts import LONG_BRIEF, THOROUGH, write

SAME = f"{drafting.SYSTEM}\nWrite well."
CHAT = "POST .*/chat/completions"
TO_DECIDE = 12  # wins in a row


def first_place(prompt: Prompt) -> str | None:
    """The first text is the better one, whatever it says."""
    return json.dumps({"reason": "it comes first", "winner": "A"}) if prompt.purpose == "compare" else None


async def figures(home: House, duel: str, wanted: str) -> Seen:
    """Carol looks at the duel until its card has the words."""
    async with asyncio.timeout(40):
        while True:
            mark = home.carol.mark()
            await home.carol.says(f"/duel_{duel}")
            card = await home.carol.sees(f"Duel {duel}", after=mark)
            if wanted in card.text:
                return card


def plan(home: House, **faults: list[Fault | None]) -> None:
    """Have the next calls of these purposes meet these faults, in their order."""

    def hear(call: Call) -> None:
        fault = faults[call.purpose].pop(0) if faults.get(call.purpose) else None
        if fault is not None:
            home.openai.faults.add(fault)

    home.openai.on_call.append(hear)


async def begin(home: House, text: str) -> str:
    """A version for Drafting meets the one for all types; returns the duel's number."""
    card = await write(home, "draft Drafting", text)
    await home.carol.taps("Start a duel", card)
    mark = home.carol.mark()
    await home.carol.taps("Start the duel", await home.carol.sees("against version 1 for all types?"))
    card = await home.carol.sees("Not decided", after=mark)
    return card.text.split()[1]


async def test_the_better_prompt_wins(home: House) -> None:
    """A version that covers every point wins every pair, is announced with figures, and put in use by two taps."""
    await home.staff()
    await allows_all(home)
    duel = await begin(home, THOROUGH)
    for courier in range(TO_DECIDE):
        await home.brief(LONG_BRIEF.replace("blue", ("blue", "red", "green")[courier % 3]))
    ended = await home.carol.sees(re.compile(rf"Duel {duel} · Drafting · Version 1 won"))
    assert f"{TO_DECIDE} pairs, won 0 : {TO_DECIDE}\n" in ended.text
    await home.carol.taps("Use the winner", ended)
    mark = home.carol.mark()
    await home.carol.taps("Use version 1", await home.carol.sees("Put version 1 in use?"))
    await home.carol.sees("Draft · Drafting · Version 1 · In use", after=mark)
    await home.carol.says("/duels")
    assert "version 1 won" in (await home.carol.sees("Duels · 0 running")).text
    async with home.running.app.services.database.reading() as connection:
        pairs = await connection.execute(select(duel_pairs.c.winner, func.count()).group_by(duel_pairs.c.winner))
        assert [tuple(row) for row in pairs] == [("b", TO_DECIDE)]
        calls = select(model_calls.c.prompt_version, func.count()).where(model_calls.c.purpose == "duel")
        found = await connection.execute(calls.where(model_calls.c.brief_id.is_(None), model_calls.c.cost_micro_usd > 0)
                                         .group_by(model_calls.c.prompt_version))  # fmt: skip
        assert dict(tuple(row) for row in found) == {"draft/Drafting/1": TO_DECIDE, "compare/1": 2 * TO_DECIDE}


@pytest.mark.both_databases
async def test_prompts_that_do_the_same(home: House) -> None:
    """Texts that are equally good are ties, which decide nothing; a pair whose task runs twice counts once."""
    await home.staff()
    await allows_all(home)
    duel = await begin(home, SAME)
    numbers = [await home.brief() for _ in range(3)]
    for number in numbers:
        await home.alice.sees(f"Brief {number} · Delivered")
    card = await figures(home, duel, "3 pairs, won 0 : 0, 3 tied")
    assert "Not decided" in card.text
    await home.running.app.services.experiments.pair(numbers[0])
    await figures(home, duel, "3 pairs, won 0 : 0, 3 tied")
    await home.carol.says("/duels")
    assert "version 1 for all types against version 1: 3 pairs" in (await home.carol.sees("Duels · 1 running")).text


async def test_a_judge_who_likes_the_first_place(home: House) -> None:
    """Where the judge prefers whatever stands first, every pair is a tie, since each is judged in both orders."""
    await home.staff()
    await allows_all(home)
    home.openai.dictated = first_place
    duel = await begin(home, THOROUGH)
    for _ in range(2):
        await home.brief(LONG_BRIEF)
    await figures(home, duel, "2 pairs, won 0 : 0, 2 tied")


@pytest.mark.both_databases
async def test_stopped_while_a_pair_is_judged(home: House) -> None:
    """A pair whose judgement comes after the duel was stopped does not count."""
    await home.staff()
    await allows_all(home)
    duel = await begin(home, THOROUGH)
    comparing = asyncio.Event()
    home.openai.on_call.append(lambda call: comparing.set() if call.purpose == "compare" else None)
    home.openai.latency = 1.0
    await home.brief(LONG_BRIEF)
    async with asyncio.timeout(40):
        await comparing.wait()
        await home.carol.taps("Stop", await figures(home, duel, "Not decided"))
        await home.carol.taps("Stop the duel", await home.carol.sees(f"Duel {duel} · Stop it?"))
        while await home.running.app.services.queue.waiting():
            await home.running.app.services.database.signals.wait("idle", 0.05)
    await figures(home, duel, "0 pairs, won 0 : 0\n")


async def test_a_fault_in_the_duel_is_none_of_the_brief(stand_ins: Providers, database_url: str) -> None:
    """A second draft that is refused makes no pair, a comparison that cannot be read a tie; no brief notices."""
    # a call that a busy machine lets time out would take the fault that is meant for another
    async with house(stand_ins, database_url, model_timeout_seconds=20) as home:
        await home.staff()
        await allows_all(home)
        duel = await begin(home, THOROUGH)
        plan(home, draft=[None, Fault(CHAT, "refusal")], compare=[Fault(CHAT, "broken_json")])
        number = await home.brief(LONG_BRIEF)
        await home.alice.sees(f"Brief {number} · Delivered")
        number = await home.brief(LONG_BRIEF)
        await home.alice.sees(f"Brief {number} · Delivered")
        await figures(home, duel, "1 pair, won 0 : 0, 1 tied")
        number = await home.brief(LONG_BRIEF)
        await home.alice.sees(f"Brief {number} · Delivered")
        await figures(home, duel, "2 pairs, won 0 : 1, 1 tied")


async def test_a_model_that_is_away_for_a_moment(home: House) -> None:
    """A pair whose second draft or comparison breaks off is carried on later, and counts once."""
    await home.staff()
    await allows_all(home)
    duel = await begin(home, THOROUGH)
    plan(home, draft=[None, Fault(CHAT, "truncate")], compare=[Fault(CHAT, "truncate")])
    await home.brief(LONG_BRIEF)
    await figures(home, duel, "1 pair, won 0 : 1\n")


async def test_stop(home: House) -> None:
    """A duel is stopped after a yes; briefs are no longer drafted twice, and another duel can begin."""
    await home.staff()
    await allows_all(home)
    duel = await begin(home, THOROUGH)
    await home.carol.says("/duel Drafting all/1 1")
    await home.carol.sees(f"A duel runs for Drafting already: /duel_{duel}")
    await home.carol.taps("Stop", await figures(home, duel, "Not decided"))
    await home.carol.taps("Stop the duel", await home.carol.sees(f"Duel {duel} · Stop it?"))
    await home.carol.sees(f"Duel {duel} · Drafting · Stopped")
    number = await home.brief(LONG_BRIEF)
    await home.alice.sees(f"Brief {number} · Delivered")
    async with home.running.app.services.database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(duel_pairs))).scalar_one() == 0
    await home.carol.says("/duel Drafting all/1 1")
    await home.carol.sees(f"Duel {int(duel) + 1} · Drafting · Not decided")


async def test_who_may(home: House) -> None:
    """Analysts and operators see duels and begin none; a version that is not there is told with an example."""
    await home.staff()
    for person in (home.dan, home.bob):
        await person.says("/duels")
        await person.sees("No duel yet")
        await person.says("/duel Drafting all/1 1")
        await person.sees("Only admins may change prompts")
    await home.carol.says("/duel Drafting 3 5")
    await home.carol.sees("There is no drafting version 3 for Drafting")
    await home.carol.says("/duel Poems 3 5")
    await home.carol.sees("Say the type and the two versions")
    await home.carol.says("/duel Drafting all/1 all/1")
    await home.carol.sees("A duel needs two versions")
