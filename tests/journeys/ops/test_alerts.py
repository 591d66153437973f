"""Alerts over the wire: told, had, put off, told again, escalated, mailed, over, and what is done about them."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.parts import Part
from sandbox.faults import Fault
from tests.alerting import cleared, raised
from tests.clock import Hands
from tests.eventually import eventually
from tests.house import House, Providers, house
from tests.mails import said

PARTS = frozenset(Part) - {Part.CLOCK}


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
async def at(stand_ins: Providers, database_url: str, hands: Hands) -> AsyncIterator[House]:
    """A house without its clock, whose time a test puts forward."""
    async with house(stand_ins, database_url, PARTS, hands) as made:
        await made.carol.says("/start")
        await made.carol.sees("Welcome")
        yield made


async def run(home: House, job: str) -> None:
    """Carol has a job run, and waits until it did."""
    services = home.running.app.services
    mark = home.carol.mark()
    await home.carol.says(f"/job_{job}")
    await home.carol.taps("Run now", await home.carol.sees(f"Job {job}", after=mark))
    await eventually(services.queue.waiting, lambda left: left == 0)


@pytest.mark.both_databases
async def test_somebody_has_it_until_it_is_over(at: House) -> None:
    """[I have it] says to all who has it; once it is gone the card says so by itself."""
    await raised(at.running.app)
    card = await at.carol.sees("Critical · Stripe · Not answering")
    assert card.labels == ["I have it", "Snooze 30 min", "Snooze longer", "Resolve"]
    await at.carol.taps("I have it", card)
    taken = await at.carol.sees("Taken by Carol at", after=card)
    assert taken.labels == ["Snooze 30 min", "Snooze longer", "Resolve"]
    await cleared(at.running.app)
    over = await at.carol.sees("Stripe · Answers again", after=taken, message=card)
    assert over.labels == []
    assert "Resolved by itself" in over.text
    await at.carol.says("/alerts")
    await at.carol.sees("No open alerts")


async def test_told_again_but_for_a_snooze(at: House, hands: Hands) -> None:
    """After an hour a warning comes as a new message; somebody puts it off, and the button of before is void."""
    await raised(at.running.app, "job_silent", "janitor", job="janitor")
    first = await at.carol.sees("Warning · Job janitor · did not run")
    hands.ahead += timedelta(minutes=61)
    await run(at, "alerts")
    again = await at.carol.sees("Job janitor · did not run", after=first)
    assert again.id != first.id
    await at.carol.taps("Snooze longer", again)
    choices = await at.carol.sees("· Snooze", after=again)
    assert choices.labels == ["30 min", "2 h", "8 h", "24 h", "Back"]
    await at.carol.taps("8 h", choices)
    quiet = await at.carol.sees("Quiet until", after=choices)
    toast = await at.carol.taps("I have it", first)
    assert "It has changed since" in toast.text
    assert quiet.id == again.id


async def test_quiet_hours_and_wishes(at: House) -> None:
    """What somebody hears of and when not is a few taps; an alert of a topic that is off does not come."""
    await at.carol.says("/alerts")
    await at.carol.taps("Your notifications", await at.carol.sees("No open alerts"))
    hears = await at.carol.sees("You have no quiet hours")
    await at.carol.taps("Quiet 22:00-07:00", hears)
    hears = await at.carol.sees("Quiet from 22:00 to 07:00 (UTC): only critical alerts ring", after=hears)
    await at.carol.taps("Alerts: on", hears)
    hears = await at.carol.sees("Your notifications", after=hears)
    await at.carol.taps("Alerts: silent", hears)
    hears = await at.carol.sees("Your notifications", after=hears)
    assert "Alerts: off" in hears.labels
    await raised(at.running.app, "job_silent", "janitor", job="janitor")
    await raised(at.running.app)
    await at.carol.sees("Critical · Stripe · Not answering")
    assert "Job janitor · did not run" not in at.carol.transcript()
    mark = at.carol.mark()
    await at.carol.says("/alerts quiet tonight")
    await at.carol.sees("I cannot read those hours", after=mark)


@pytest.mark.both_databases
async def test_paged_rung_by_rung(at: House, hands: Hands) -> None:
    """Bob is on duty and hears of it alone; after 25 minutes Carol does too, takes it, and Bob sees that."""
    await at.invite(at.bob, "operator")
    await at.bob.says("/duty")
    await at.bob.taps("Take duty", await at.bob.sees("Nobody is on duty"))
    await at.bob.sees("First: Bob")
    mark = at.carol.mark()
    await raised(at.running.app)
    await at.bob.sees("Critical · Stripe · Not answering")
    await run(at, "incident_scan")
    await run(at, "incident_pager")
    await at.bob.sees("Incident 1001 · Critical")
    assert not [seen for seen in at.carol.messages() if "Incident 1001 · " in seen.text]
    hands.ahead += timedelta(minutes=25)
    await run(at, "incident_pager")
    incident = await at.carol.sees("Incident 1001 · Critical", after=mark)
    await at.carol.taps("I have it", incident)
    await at.bob.sees("taken by Carol at", timeout=10)
    await at.carol.taps("Post-mortem", await at.carol.sees("Incident 1001 · Critical", after=incident))
    paper = await at.carol.sees("Post-mortem, a draft")
    assert paper.document is not None
    assert "Paged: Bob" in paper.document.data.decode()


async def test_chat_does_not_take_it(at: House, hands: Hands, stand_ins: Providers) -> None:
    """What is critical and does not arrive in chat within two minutes goes by mail, once."""
    stand_ins.telegram.faults.add(Fault(".*/sendMessage", "status", times=None, status=502))
    await raised(at.running.app)
    hands.ahead += timedelta(minutes=5)
    for _ in range(2):
        await at.running.app.services.watch.nagging.look("main")
    (mail,) = await stand_ins.mail.received(1)
    assert mail["To"] == "carol@example.org"
    assert mail["Subject"] == "EchoPilot: Critical · Stripe · Not answering"
    assert "Work that needs it waits" in said(mail)
    stand_ins.telegram.faults.clear()


@pytest.mark.both_databases
async def test_a_runbook(at: House, hands: Hands) -> None:
    """The runbook shows what it would do, does it after one more tap, and says a minute later that it helped."""
    await raised(at.running.app, "job_failed", "retention", job="retention", reason="disk full")
    card = await at.carol.sees("Warning · Job retention · failed")
    await at.carol.taps("Runbook", card)
    shown = await at.carol.sees("It would pause the job retention for a day", after=card)
    assert "Nothing was done yet" in shown.text
    await at.carol.taps("Do it", shown)
    await at.carol.sees("The job retention is paused for a day", after=shown)
    await at.carol.says("/job_retention")
    await at.carol.sees("Paused until")
    hands.ahead += timedelta(minutes=2)
    await run(at, "alerts")
    await at.carol.sees("The runbook helped")
    await at.carol.says("/alerts")
    await at.carol.sees("No open alerts")


async def test_a_shift_is_handed_over(at: House) -> None:
    """Whoever is asked gets the note on the shift, and is on duty once they take it."""
    await at.invite(at.bob, "operator")
    await at.carol.says("/duty")
    await at.carol.taps("Take duty", await at.carol.sees("Nobody is on duty"))
    roster = await at.carol.sees("First: Carol")
    await raised(at.running.app)
    await at.carol.taps("Hand over to Bob", roster)
    offer = await at.bob.sees("Duty · Carol hands over to you")
    assert "Stripe · Not answering" in offer.text
    assert re.search("from the events alone", offer.text)
    await at.bob.taps("I have it", offer)
    await at.bob.sees("First: Bob", after=offer)
    await at.carol.sees("Duty · Bob took over")


async def test_incidents_by_hand(at: House) -> None:
    """A person opens one in their words, writes into its timeline, and closes it; who may not is refused."""
    await at.carol.says("/incident Clients cannot pay")
    card = await at.carol.sees("Incident 1001 · Critical · Clients cannot pay")
    await at.carol.taps("Add a note", card)
    await at.carol.sees("Your note")
    await at.carol.says("Stripe says they look into it")
    noted = await at.carol.sees("Carol: Stripe says they look into it", after=card)
    await at.carol.taps("Close", noted)
    await at.carol.sees("Carol closed it", after=noted)
    await at.invite(at.alice, "client")
    await at.alice.says("/incident Nothing works")
    await at.alice.sees("Only operators and admins may see and handle alerts")
