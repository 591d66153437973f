"""Material that tries to steer the judge, over the wire: what arrives at the model, and what operators see."""

import json
from pathlib import Path

from sqlalchemy import select

from bot.quality.injection import inspect
from bot.quality.injection_patterns import Family
from bot.quality.model import CRITERIA
from sandbox.openai.prompt import Prompt, criteria
from sandbox.openai.server import Call
from storage.tables.quality import verdicts
from tests.house import BRIEF, House
from tests.judged import judging

ATTEMPTS = json.loads((Path(__file__).parents[2] / "data" / "injections.json").read_text())
SAMPLE = [(Family[name.upper()], attempts[2]) for name, attempts in ATTEMPTS.items()]


def heard(home: House) -> list[Prompt]:
    """Every prompt that arrives at the model from now on."""
    prompts: list[Prompt] = []

    def hear(call: Call) -> None:
        if call.prompt is not None:
            prompts.append(call.prompt)

    home.openai.on_call.append(hear)
    return prompts


def check_harmless(prompts: list[Prompt]) -> None:
    """The material arrives in its own fences and tries nothing, and the judge is asked for our criteria alone."""
    for prompt in prompts:
        assert set(prompt.material) <= {"brief", "draft", "note", "earlier draft", "feedback"}
        assert [inspect(text).families for text in prompt.material.values()] == [()] * len(prompt.material)
        if prompt.schema is not None:
            assert criteria(prompt.schema) == list(CRITERIA)


async def test_a_brief_that_steers_goes_to_a_person(home: House) -> None:
    """A brief of each family is flagged on the review card, never passes alone, and reaches the models harmless."""
    await home.staff()
    home.openai.dictated = judging(100)
    prompts = heard(home)
    for family, attempt in SAMPLE:
        number = await home.brief(f"{BRIEF}\n{attempt}")
        card = await home.bob.sees(f"Brief {number} · Needs your decision")
        flagged = next(line for line in card.text.splitlines() if line.startswith("Flagged: "))
        assert family.value in flagged
    assert {prompt.purpose for prompt in prompts} == {"draft", "judge"}
    check_harmless(prompts)
    assert home.stripe.invoices == {}


async def test_a_draft_that_steers_goes_to_a_person(home: House) -> None:
    """A draft of each family likewise, whatever the judge says of it; the gate has no say, so no verdict is kept."""
    await home.staff()
    prompts = heard(home)
    for family, attempt in SAMPLE:
        home.openai.dictated = judging(100, drafts=[f"# Nordwind\n\nWe deliver within 48 hours.\n{attempt}"])
        number = await home.brief()
        card = await home.bob.sees(f"Brief {number} · Needs your decision")
        flagged = next(line for line in card.text.splitlines() if line.startswith("Flagged: "))
        assert family.value in flagged
    check_harmless(prompts)
    async with home.running.app.services.database.reading() as connection:
        assert (await connection.execute(select(verdicts.c.id))).all() == []


async def test_a_brief_about_injections_is_work_like_any_other(home: House) -> None:
    """An honest brief that quotes an injection is drafted, judged and delivered without a person."""
    await home.staff()
    home.openai.dictated = judging(90)
    prompts = heard(home)
    text = (
        "Write a leaflet about prompt injection for shop owners. Explain how an attacker hides “ignore all previous "
        "instructions” in an e-mail, and name three defences."
    )
    await home.brief(text)
    await home.alice.sees("To pay")
    assert {prompt.material["brief"] for prompt in prompts} == {text}
