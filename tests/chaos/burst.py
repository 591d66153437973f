"""A kill in the middle of a burst: how many of the cards that were out come once more."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.cast import Plan
from tests.chaos.counted import Findings
from tests.chaos.people import live
from tests.chaos.trial import Stage, stage, verdict

CARD = "· To pay"


@dataclass
class Burst:
    """out: the invoice cards that had been sent at the kill; repeated: those of them that came again."""

    out: int
    repeated: int
    findings: Findings


async def kill_in_a_burst(briefs: int, cards: int, folder: Path) -> Burst:
    """That many briefs under way at the same time; the program is killed when so many invoice cards are out."""
    database_url = f"sqlite:///{folder}/echopilot.db"
    plan = Plan(briefs, seed=15, lost=0.0, clients=briefs, reviewed=0.0)
    async with stage(plan, folder, database_url) as one:
        await asyncio.gather(*(one.front.let_in(client, "client") for client in one.clients))
        out: list[str] = []

        def hear(method: str, params: Mapping[str, object]) -> None:
            if method == "sendMessage" and CARD in str(params.get("text")):
                out.append(str(params["text"]))
                if len(out) == cards:
                    one.program.kill()

        one.providers.telegram.on_call.append(hear)
        await one.finish([asyncio.create_task(live(one.next_story(index), one.browser)) for index in range(briefs)])
        return await _counted(one, cards, database_url)


async def _counted(one: Stage, cards: int, database_url: str) -> Burst:
    outcome = await verdict(one, 0.0, database_url)
    assert outcome.kills == 1
    return Burst(cards, outcome.findings.repeated["invoice card"], outcome.findings)
