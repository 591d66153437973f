"""The model fails in every way that models fail: no brief is lost, no bad answer counts."""

import pytest

from sandbox.faults import Fault, FaultKind
from tests.house import BRIEF, House, Providers, house
from tests.judged import verdict
from tests.scripted_models import DRAFT, Body, completion, studio

pytestmark = pytest.mark.wire

CHAT = "POST .*/chat/completions"


@pytest.mark.parametrize("variant", ["cut", "comma", "shape", "lost", "twice"])
async def test_broken_json(home: House, variant: str) -> None:
    """Two answers of the judge that are not what was asked for are "not scored": a person decides."""
    await home.staff()
    # one for the draft, which is no JSON anyway, and two for the judge
    home.openai.faults.add(Fault(CHAT, "broken_json", times=3, body=variant))
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Needs your decision")
    assert "Not scored" in card.text
    await home.bob.taps("Approve", card)
    await home.alice.sees("To pay")


@pytest.mark.parametrize("odd", ["{}", "```json\n{}\n```", "My verdict:\n\n{}"])
async def test_an_odd_answer_of_the_judge(stand_ins: Providers, sqlite_url: str, odd: str) -> None:
    """One broken answer of the judge is repaired by asking once more; an object in a fence or after a sentence is read,
    though he took the schema.
    """
    answers = iter(["no JSON"] if odd == "{}" else [])

    def judged(_: Body) -> Body:
        return completion(next(answers, odd.replace("{}", verdict(95))))

    async with studio(stand_ins, sqlite_url, lambda _: completion(DRAFT), judged) as home:
        await home.brief()
        await home.alice.sees("To pay")


@pytest.mark.parametrize(
    ("kind", "words"), [("refusal", "the model refused"), ("length", "cut off"), ("content_filter", "filter")]
)
async def test_no_draft(home: House, kind: FaultKind, words: str) -> None:
    """Where neither model writes, the brief stops with its reason, operators are told, and one tap starts it again."""
    await home.staff()
    home.openai.faults.add(Fault(CHAT, kind, times=2))
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    assert words in card.text
    told = await home.alice.sees(f"Brief {number} · Stopped by a fault")
    assert "Nothing is charged before it is delivered" in told.text
    await home.bob.taps("Retry this step", card)
    await home.alice.sees("To pay")


@pytest.mark.parametrize("kind", ["refusal", "length", "content_filter"])
async def test_the_fallback_model_serves(home: House, kind: FaultKind) -> None:
    """Where the first model does not write, the fallback does, and the client never notices."""
    await home.staff()
    home.openai.faults.add(Fault(CHAT, kind, times=1))
    await home.brief()
    await home.alice.sees("To pay")
    assert home.openai.calls["chat/completions", home.settings.fallback_model] >= 1


async def test_a_model_for_a_type(stand_ins: Providers, database_url: str) -> None:
    """A type of brief may have a model of its own; the others keep the one for all."""
    async with house(stand_ins, database_url, draft_model_research="gpt-4.1") as home:
        await home.staff()
        await home.brief("Research the three largest bicycle couriers in Hamburg and compare their prices.")
        await home.alice.sees("To pay")
        assert home.openai.calls["chat/completions", "gpt-4.1"] >= 1
        assert home.openai.calls["chat/completions", home.settings.draft_model] == 0
        await home.brief()
        await home.alice.sees("Brief 1002 · Delivered, invoice open")
        assert home.openai.calls["chat/completions", home.settings.draft_model] >= 1


@pytest.mark.parametrize("fault", [
    Fault(CHAT, "status", times=3, status=429, retry_after=0.2), Fault(CHAT, "status", times=4, status=500),
    Fault(CHAT, "lose_reply", times=1), Fault(CHAT, "lose_request", times=1), Fault(CHAT, "truncate", times=1),
], ids=["429", "500", "lost reply", "lost request", "truncated"])  # fmt: skip
async def test_the_provider_stumbles(home: House, fault: Fault) -> None:
    """Refusals for load, faults and lost answers only delay: the brief is delivered and nobody is bothered."""
    await home.staff()
    before = home.bob.messages()
    home.openai.faults.add(fault)
    await home.brief()
    await home.alice.sees("To pay", timeout=30)
    assert home.bob.messages() == before


async def test_time_out(stand_ins: Providers, database_url: str) -> None:
    """A model that does not answer in time is asked again."""
    async with house(stand_ins, database_url, model_timeout_seconds=2) as home:
        await home.staff()
        home.openai.faults.add(Fault(CHAT, "delay", times=1, seconds=5))
        await home.brief()
        await home.alice.sees("To pay", timeout=30)


async def test_a_wrong_key(home: House) -> None:
    """A key that is refused stops the brief with the reason, instead of trying for ever."""
    await home.staff()
    home.openai.faults.add(Fault(CHAT, "status", times=2, status=401, body='{"error": {"message": "no such key"}}'))
    number = await home.brief(BRIEF)
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    assert "refused (401)" in card.text
