"""What code sees in a draft, over the wire: a person decides, whatever the judge says, and reads why."""

from collections.abc import Mapping
from itertools import count

import pytest

from bot.adapters.languages import detect
from tests.house import BRIEF, House, Providers, house
from tests.judged import judging

GOOD = "Nordwind brings your parcel across Hamburg within 48 hours. Every parcel is insured."


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (BRIEF, "it only repeats the brief"),
        (f"{GOOD}\n\nWe pick it up from Altona to", "it stops in mid-sentence at “We pick it up from Altona to”"),
        ("Nordwind trae su paquete por Hamburgo en 48 horas. Cada paquete está asegurado y se recoge gratis.",
         "it is in Spanish, which was not requested"),
        (f"{GOOD}\n\nAsk for [insert name] at the door.", "it contains “[insert name]”"),
    ],
)  # fmt: skip
async def test_a_person_decides(home: House, draft: str, words: str) -> None:
    """A draft with a flaw that code sees goes to a person with a judge who says 100, and no invoice is made."""
    await home.staff()
    home.openai.dictated = judging(100, drafts=[draft])
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert f"Checked: {words}. A person decides, whatever the score." in card.text
    assert home.stripe.invoices == {}


async def test_nothing_that_can_be_seen(home: House) -> None:
    """A draft of characters without width is none: the other model is asked, then people."""
    await home.staff()
    home.openai.dictated = judging(100, drafts=["\u200b\u2060\ufeff"])
    number = await home.brief()
    assert "the answer was empty" in (await home.bob.sees(f"Brief {number} · Stopped by a fault")).text
    assert home.stripe.invoices == {}


async def test_a_length_that_is_missed(home: House) -> None:
    """The length that the client asked for is counted, and the drafter is told where another draft is made."""
    await home.staff()
    told: list[str] = []
    home.openai.on_call.append(
        lambda call: told.append((call.prompt.material if call.prompt else {}).get("feedback", ""))
    )
    home.openai.dictated = judging(50, 100, drafts=[GOOD])
    number = await home.brief(f"{BRIEF} About 200 words.")
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert "Checked: it has 13 words where the brief says “200 words”. A person decides" in card.text
    assert any("it has 13 words where the brief says “200 words”" in feedback for feedback in told)


async def test_a_fault_beside_the_judge(
    stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A check that fails while the judge is asked is tried again; the look that was paid for meanwhile is kept."""
    asked: list[str] = []
    tries = count()

    def broken_at_first(text: str) -> Mapping[str, float]:
        if next(tries) == 0:
            raise RuntimeError("no model of languages")
        return detect(text)

    monkeypatch.setattr("bot.wiring.detect", broken_at_first)
    stand_ins.openai.on_call.append(lambda call: asked.append(call.prompt.purpose if call.prompt else ""))
    async with house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.staff()
        home.openai.dictated = judging(100, drafts=[f"{GOOD}\n\nAsk for [insert name] at the door."])
        number = await home.brief()
        card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert "Checked: it contains “[insert name]”. A person decides" in card.text
    assert next(tries) > 1
    assert asked.count("judge") == 1
