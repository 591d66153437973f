"""/flags: parts switched off and on by chat, and what becomes of work meanwhile."""

from datetime import timedelta

import pytest

from sandbox.telegram.people import Person
from sandbox.telegram.seen import Seen
from tests.clock import Hands
from tests.house import BRIEF, House, Providers, house


async def switch(home: House, words: str) -> None:
    """Carol switches something by one line."""
    mark = home.carol.mark()
    await home.carol.says(f"/flags {words}")
    await home.carol.sees("The other admins were told", after=mark)


async def says(who: Person, words: str, wanted: str) -> Seen:
    mark = who.mark()
    await who.says(words)
    return await who.sees(wanted, after=mark)


async def test_models_are_switched_off(home: House) -> None:
    """By a button and a reason models are off: a brief waits, its client knows, and it goes on when they are on."""
    await home.staff()
    listed = await says(home.carol, "/flags", "Switches · All on")
    await home.carol.taps("Switch model_calls off", listed)
    await home.carol.sees("Write the reason")
    card = await says(home.carol, "They answer nonsense", "model_calls · off")
    calls = len(home.openai.calls)
    await home.brief()
    await home.alice.sees("We have paused our models for a while")
    assert len(home.openai.calls) == calls
    assert "Carol" in (await says(home.carol, "/flags", "Switches · 1 not on")).text
    await home.carol.taps("Switch model_calls on", card)
    await home.carol.sees("Write the reason", after=card)
    await home.carol.says("They answer sense")
    await home.alice.sees("To pay")


async def test_a_voice_note_waits(stand_ins: Providers, database_url: str) -> None:
    """While models are off a voice note is kept, its speaker knows, and it is written down when they are on."""
    hands = Hands()
    if not database_url.startswith("sqlite"):
        pytest.skip("Procrastinate goes by the database's clock")
    async with house(stand_ins, database_url, clock=hands) as home:
        await says(home.carol, "/start", "Welcome")
        await home.invite(home.alice, "client")
        await switch(home, "model_calls off they answer nonsense")
        await home.alice.sends_voice(b"OggS" + b"\0" * 20_000, duration=42)
        await home.alice.sees("We have paused our models for a while")
        status = await says(home.carol, "/status", "Not everything is switched on")
        assert "Switch model_calls: off. Carol, " in status.text
        await switch(home, "model_calls on they answer sense")
        hands.ahead += timedelta(minutes=1)
        await home.alice.sees("Read it before it starts")


async def test_an_old_card(home: House) -> None:
    """A card that shows a switch as it was an hour ago switches nothing: it says who was there since."""
    listed = await says(home.carol, "/flags", "Switches · All on")
    await switch(home, "mail off the server is moved")
    await home.carol.taps("Switch mail off", listed)
    await home.carol.sees("Write the reason")
    await says(home.carol, "It is slow", "Carol switched it off")


async def test_no_new_briefs(home: House) -> None:
    """While no briefs are taken a client reads who decided that and since when, and hears when they are taken again."""
    await home.staff()
    await switch(home, "intake off too much to do")
    refused = await says(home.alice, BRIEF, "New briefs are not taken just now")
    assert "Carol switched that off on" in refused.text
    assert "too much" not in refused.text
    await switch(home, "intake on there is room")
    await home.alice.sees("We take new briefs again")
    await says(home.alice, BRIEF, "Nothing is spent until you say yes")


async def test_invoices_rows_and_approvals_wait(home: House) -> None:
    """With four parts off a draft goes to people, its work out, and invoice and row wait; on again, all of it comes."""
    await home.staff()
    for part in ("auto_approval", "payments", "mirror"):
        await switch(home, f"{part} off a look at the books")
    await home.brief()
    card = await home.bob.sees("Needs your decision")
    await home.bob.taps("Approve", card)
    await home.alice.sees("· Comes later")
    assert home.stripe.invoices == {}
    await switch(home, "payments on the books are fine")
    await home.alice.sees("To pay")
    assert home.notion.served == 0
    await switch(home, "mirror on the books are fine")
    await home.notion.wait_for("Job Log", lambda rows: [row["State"] for row in rows] == ["invoiced"])


async def test_mails_wait(home: House) -> None:
    """A report's mail waits while mail is off, and is sent once it is on again."""
    await switch(home, "mail off the server is moved")
    await home.carol.says("/job_report_mail")
    await home.carol.taps("Run now", await home.carol.sees("Job report_mail"))
    # long enough for the mail to be sent, were it not held
    await says(home.carol, "/status", "Not everything is switched on")
    await says(home.carol, "/report", "No revenue yet")
    assert home.providers.mail.messages == []
    await switch(home, "mail on it was moved")
    assert "EchoPilot" in (await home.providers.mail.received(1))[0]["Subject"]


async def test_whose_switches_they_are(home: House) -> None:
    """An operator may not look at them, and what cannot be read is answered by examples."""
    await home.staff()
    await says(home.bob, "/flags", "Only admins may switch parts off and on")
    await says(home.carol, "/flags nonsense off why", "There is no switch “nonsense”")
    await says(home.carol, "/flags mail", "Say on, off")
    await says(home.carol, "/flags mail off", "Say why")
