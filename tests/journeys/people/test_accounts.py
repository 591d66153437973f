"""Refusals that are about the account or the model, and not about the brief."""

from datetime import date

import pytest

from tests.house import BRIEF, House, Providers, house

pytestmark = pytest.mark.wire


@pytest.mark.parametrize("state", ["no credit", "no billing"])
async def test_an_account_that_may_not_spend(home: House, state: str) -> None:
    """The brief stops with the reason, admins hear of it once, the breaker stays out of it, and one tap goes on."""
    await home.staff()
    home.openai.account.state = state  # type: ignore[assignment]
    numbers = [await home.brief(f"{BRIEF} Number {number}.") for number in range(3)]
    for number in numbers:
        card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
        assert "no credit left, or is not active" in card.text
    await home.carol.sees("The models · Refused; only you can fix this")
    home.openai.account.state = "active"
    await home.bob.taps("Retry this step", card)
    await home.alice.sees("To pay")
    told = [message.text for message in home.carol.messages()]
    assert not [text for text in told if "Not answering" in text]


async def test_a_request_that_is_too_large(stand_ins: Providers, database_url: str) -> None:
    """A brief that is over the account's tokens a minute stops with the reason at once; others are delivered."""
    async with house(stand_ins, database_url) as home:
        await home.staff()
        home.openai.account.tokens_per_minute = 9_000
        number = await home.brief(f"{BRIEF} {'The courier knows each street. ' * 400}")
        card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
        assert "too large" in card.text
        await home.brief()
        await home.alice.sees("To pay")
        assert not [one for one in home.carol.messages() if "Not answering" in one.text]


async def test_a_busy_minute(home: House) -> None:
    """Where the provider is busy for milliseconds, it is asked again at once, and nobody is bothered."""
    await home.staff()
    home.openai.account.busy = 2
    await home.brief()
    await home.alice.sees("To pay")


async def test_a_flagged_brief(home: House) -> None:
    """A prompt that the provider flags is an outcome, told as such."""
    await home.staff()
    home.openai.account.flagged = "bicycle"
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    assert "the provider's filter stopped it" in card.text


async def test_an_organisation_that_is_not_verified(home: House) -> None:
    """Without leave to stream the first model writes all the same, without a preview."""
    await home.staff()
    home.openai.account.verified = False
    await home.brief()
    await home.alice.sees("To pay")
    assert home.openai.calls["chat/completions", home.settings.draft_model] == 1
    assert home.openai.calls["chat/completions", home.settings.fallback_model] == 0


async def test_models_that_end(stand_ins: Providers, database_url: str) -> None:
    """The daily job tells admins of a model whose end is near, and the job's card says what it saw."""
    async with house(stand_ins, database_url, judge_model="gpt-4o-mini") as home:
        await home.staff()
        await home.carol.says("/job_model_shutdowns")
        await home.carol.taps("Run now", await home.carol.sees("Job model_shutdowns"))
        told = await home.carol.sees("gpt-4o-mini is shut down on 14 January 2027")
        assert "JUDGE_MODEL uses it" in told.text


async def test_both_are_not_gone_on_one_day(stand_ins: Providers, database_url: str) -> None:
    """A drafter that is shut down is 404, and the fallback writes."""
    stand_ins.openai.today = date(2027, 1, 14)
    async with house(stand_ins, database_url, draft_model="gpt-4o") as home:
        await home.staff()
        await home.brief()
        await home.alice.sees("To pay")
        told = await home.carol.sees("The models · Refused; only you can fix this")
        assert "gpt-4o" in told.text
