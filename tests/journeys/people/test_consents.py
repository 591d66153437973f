"""What somebody allows and where they live, given and withdrawn by taps in /privacy, and that it is kept to."""

import pytest

from bot.access.model import TENANT
from bot.consents.mirror import REGION_COMPLIANCE, row
from bot.mirror.model import RowId
from jobs.catalog import BY_NAME
from sandbox.telegram.seen import Seen
from tests.house import BRIEF, House
from tests.journeys.growth.test_nps import QUESTION, asked, paid, stars
from tests.journeys.quality.test_duels import SAME, begin, figures

GDPR, CCPA = "EU, EEA or UK (GDPR)", "California (CCPA)"


async def allowing(home: House) -> Seen:
    """Alice opens what she allows."""
    mark = home.alice.mark()
    await home.alice.says("/privacy")
    card = await home.alice.sees("Your data", after=mark)
    await home.alice.taps("What I allow", card)
    return await home.alice.sees("What you allow", after=card)


async def lives(home: House, where: str) -> Seen:
    """Alice says where she lives; what she reads then."""
    card = await allowing(home)
    await home.alice.taps("Where I live", card)
    card = await home.alice.sees("Where do you live?", after=card)
    await home.alice.taps(where, card)
    return await home.alice.sees(f"Where you live: {where}", after=card)


async def rules_of(home: House, where: str) -> Seen:
    """Carol opens a region's rules."""
    mark = home.carol.mark()
    await home.carol.says("/privacy")
    card = await home.carol.sees("Requests to be erased", after=mark)
    await home.carol.taps("Regions", card)
    card = await home.carol.sees("Regions and their rules", after=card)
    await home.carol.taps(where, card)
    return await home.carol.sees(f"Rules · {where}", after=card)


@pytest.mark.both_databases
async def test_given_and_withdrawn(home: House) -> None:
    """Nothing is done before the yes; each tap is kept with its time, and counts at once."""
    await home.staff()
    card = await allowing(home)
    assert "Not done: whether you would recommend us" in card.text
    assert card.labels == ["Ask me", "Use my briefs", "Where I live", "Back"]
    mark = home.alice.mark()
    await paid(home)
    await stars(home, mark)
    await home.alice.sees("5 of 5 stars", after=mark)
    assert not await asked(home)
    card = await allowing(home)
    await home.alice.taps("Ask me", card)
    card = await home.alice.sees("Allowed on", after=card)
    assert "Do not ask me" in card.labels
    mark = home.alice.mark()
    await paid(home)
    await stars(home, mark)
    await home.alice.sees(QUESTION)
    card = await allowing(home)
    await home.alice.taps("Do not ask me", card)
    card = await home.alice.sees("Withdrawn on", after=card)
    assert "Ask me" in card.labels


@pytest.mark.both_databases
async def test_asked_where_they_live_once(home: House) -> None:
    """The job asks each client once; what they tap sets the rules, and can be changed."""
    await home.staff()
    run = BY_NAME["compliance_deadlines"]
    services = home.running.app.services
    assert "1 people asked" in await run.carry_out(services, TENANT)
    card = await home.alice.sees("Where do you live?")
    assert "0 people asked" in await run.carry_out(services, TENANT)
    await home.alice.taps(CCPA, card)
    card = await home.alice.sees(f"Where you live: {CCPA}", after=card)
    assert "Done unless you say no: whether you would recommend us" in card.text
    await home.alice.taps("Do not sell my data", card)
    card = await home.alice.sees("you said that it never may be", after=card)
    card = await lives(home, GDPR)
    assert "These are done only with your yes." in card.text


async def test_a_duel_takes_only_what_is_allowed(home: House) -> None:
    """A brief whose client did not allow it is drafted once, and met by no duel."""
    await home.staff()
    duel = await begin(home, SAME)
    number = await home.brief()
    await home.alice.sees(f"Brief {number} · Delivered")
    await lives(home, CCPA)
    number = await home.brief(BRIEF.replace("48", "24"))
    await home.alice.sees(f"Brief {number} · Delivered")
    await figures(home, duel, "1 pair")


@pytest.mark.both_databases
async def test_a_region_refuses_the_models(home: House) -> None:
    """A brief from there waits, its client and the admins read why, and one tap of an admin has it go on."""
    await home.staff()
    await lives(home, GDPR)
    card = await rules_of(home, GDPR)
    assert "may be called" in card.text
    await home.carol.taps("Refuse the models", card)
    await home.carol.sees("are refused: briefs of its clients wait", after=card)
    calls = len(home.openai.calls)
    mark = home.alice.mark()
    number = await home.brief()
    await home.alice.sees("The rules of where you live keep our models", after=mark)
    told = await home.carol.sees(f"Brief {number} · Cannot be drafted")
    assert "Alice lives where the rules here refuse our provider of models (GDPR)." in told.text
    assert len(home.openai.calls) == calls
    card = await rules_of(home, GDPR)
    await home.carol.taps("Allow the models", card)
    await home.alice.sees(f"Brief {number} · Delivered")


async def test_rules_that_somebody_changed(home: House) -> None:
    """A tap on a card from before the change changes nothing."""
    await home.staff()
    card = await rules_of(home, CCPA)
    await home.carol.taps("Keep 90 days", card)
    newer = await home.carol.sees("kept 90 days", after=card)
    assert "Keep 90 days" not in newer.labels


async def test_clients_change_no_rules(home: House) -> None:
    """The rules of a region are the admins' alone."""
    await home.staff()
    services = home.running.app.services
    alice = await services.people.joining.identify(home.alice.account.id, "Alice", "en")
    with pytest.raises(Exception, match="manage people"):
        await services.consents.standing(alice)


async def test_region_compliance(home: House) -> None:
    """The thirteenth database has a row a region, with how many live there and what its rules are."""
    await home.staff()
    await lives(home, GDPR)
    services = home.running.app.services
    async with services.database.reading() as connection:
        cells = await row(connection, RowId(TENANT, "gdpr", services.database.clock.now()))
    assert cells is not None
    assert set(cells) | {"EchoPilot id"} == set(REGION_COMPLIANCE.columns)
    assert (cells["People"], cells["Retention, days"], cells["Consent"]) == (1, 365, "asked first")


@pytest.mark.parametrize(
    ("language", "mine", "question", "where"),
    [
        ("es", "Qué permites", "¿Dónde vives?", "UE, EEE o Reino Unido (RGPD)"),
        ("ur", "آپ کی اجازتیں", "آپ کہاں رہتے ہیں؟", "کہیں اور"),
    ],
)
async def test_in_their_language(home: House, language: str, mine: str, question: str, where: str) -> None:
    """Whoever reads Spanish or Urdu is asked, and answers, in that."""
    home.alice.account.language_code = language
    await home.staff()
    await BY_NAME["compliance_deadlines"].carry_out(home.running.app.services, TENANT)
    card = await home.alice.sees(question)
    await home.alice.taps(where.split(" ")[0], card)
    card = await home.alice.sees(mine, after=card)
    assert where.split(" ")[0] in card.text
