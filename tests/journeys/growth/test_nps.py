"""Whether clients recommend the studio: asked once, after the stars, and counted in /growth."""

from datetime import timedelta

import pytest

from tests.clock import Hands
from tests.consents import allows_all
from tests.house import House, Providers, house

QUESTION = "How likely are you to recommend us?"


async def asked(home: House) -> int:
    """How often Alice was asked."""
    return sum(QUESTION in seen.text for seen in home.alice.messages())


async def paid(home: House) -> None:
    """A brief of Alice's, paid."""
    mark = home.alice.mark()
    number = await home.brief()
    await home.alice.sees("To pay", after=mark)
    await home.pay(number)
    await home.alice.sees("thank you", after=mark)


async def stars(home: House, mark: int, label: str = "★★★★★") -> None:
    """Alice gives stars for the brief that she was given since then."""
    await home.alice.taps(label, await home.alice.sees("How is it?", after=mark))


@pytest.mark.both_databases
async def test_asked_after_the_stars(home: House) -> None:
    """Not beside the question for stars, but once they are given; the answer is kept, changed, and counted."""
    await home.staff()
    await allows_all(home)
    mark = home.alice.mark()
    await paid(home)
    assert not await asked(home)
    await stars(home, mark)
    card = await home.alice.sees(QUESTION)
    assert card.labels == [*(str(score) for score in range(11)), "I would rather not say"]
    await home.alice.taps("9", card)
    card = await home.alice.sees("You answered 9 of 10")
    await home.alice.taps("Change my answer", card)
    await home.alice.taps("4", await home.alice.sees(QUESTION, after=card))
    told = await home.alice.sees("You answered 4 of 10")
    assert told.labels == ["Write to the team", "Change my answer"]
    await home.dan.says("/growth")
    shown = await home.dan.sees("NPS: too few to tell, 1 answer in 90 days; 20 are needed")
    assert "1 new client, 1 paid (1 of 1)" in shown.text
    assert "Nobody came by a referral link." in shown.text
    mark = home.alice.mark()
    await paid(home)
    await stars(home, mark)
    await home.alice.sees("5 of 5 stars", after=mark)
    assert not [seen for seen in home.alice.messages() if QUESTION in seen.text and seen.seq > mark]


async def test_without_stars(stand_ins: Providers, database_url: str) -> None:
    """Who gives no stars is asked by the job a day later, and again 90 days after that."""
    clock = Hands()
    async with house(stand_ins, database_url, clock=clock) as home:
        await home.carol.says("/start")
        await home.staff()
        await allows_all(home)
        await paid(home)
        nps = home.running.app.services.growth.nps
        assert await nps.ask_due("main") == "0 clients asked whether they recommend us"
        clock.ahead += timedelta(hours=25)
        assert await nps.ask_due("main") == "1 clients asked whether they recommend us"
        assert await nps.ask_due("main") == "0 clients asked whether they recommend us"
        card = await home.alice.sees(QUESTION)
        await home.alice.taps("I would rather not say", card)
        await home.alice.sees("You are not asked again soon")


async def test_somebody_elses_question(home: House) -> None:
    """A question is answered by its client alone."""
    await home.staff()
    await allows_all(home)
    mark = home.alice.mark()
    await paid(home)
    await stars(home, mark)
    await home.alice.sees(QUESTION)
    services = home.running.app.services
    bob = await services.people.joining.identify(home.bob.account.id, "Bob", "en")
    with pytest.raises(Exception, match="put to somebody else"):
        await services.growth.nps.answer(bob, 1001, 10)


async def test_clients_see_no_growth(home: House) -> None:
    """/growth is for those who read reports."""
    await home.staff()
    await home.alice.says("/growth")
    await home.alice.sees("may read reports")
