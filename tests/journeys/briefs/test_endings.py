"""How briefs end that are not delivered: the client's phone rings, and what is owed is said as it is."""

import asyncio
import re

import pytest
from sqlalchemy import select

from bot.kernel.errors import Forbidden, Refusal
from sandbox.faults import Fault
from sandbox.telegram.seen import Seen
from storage.tables.audit import audit
from tests.dashboard import ledger
from tests.eventually import eventually
from tests.house import OPEN_BRIEF, House
from tests.journeys.briefs.test_ratings import revised
from tests.reviewing import NEEDS, decides

VOIDING = "POST .*/v1/invoices/[^/]+/void$"
CHAT = "POST .*/chat/completions"


def told(home: House, words: str) -> list[Seen]:
    """Alice's messages that hold the words, oldest first."""
    return [message for message in home.alice.messages() if message.from_bot and words in message.text]


async def test_a_rejection_rings(home: House) -> None:
    """A rejected brief is a new message with the reason, and the progress message says so too; nothing was charged."""
    await home.staff()
    number = await home.brief(OPEN_BRIEF)
    card = await home.bob.sees(NEEDS)
    mark = home.bob.mark()
    await decides(home.bob, "Reject", card)
    await home.bob.taps("Facts missing", await home.bob.sees("Why? Tap a reason", after=mark))
    await eventually(lambda: told(home, f"Brief {number} · Rejected"), lambda found: len(found) == 2)
    progress, rung = told(home, f"Brief {number} · Rejected")
    assert (progress.edited, rung.edited) == (True, False)
    assert "The brief leaves facts open that the text needs" in rung.text
    assert "Nothing is charged." in rung.text
    assert home.stripe.invoices == {}


async def test_a_fault_rings(home: House) -> None:
    """A brief that a fault stopped is a new message; once somebody has it go on, that message says so, in place."""
    await home.staff()
    home.openai.faults.add(Fault(CHAT, "refusal", times=2))
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    rung = await home.alice.sees("It is our fault, and there is nothing for you to do")
    assert (rung.edited, "Nothing is charged before it is delivered." in rung.text) == (False, True)
    progress = await home.alice.sees("We were told and will start it again.")
    assert (progress.id, progress.edited) == (told(home, f"Brief {number}")[0].id, True)
    await home.bob.taps("Retry this step", card)
    on = await home.alice.sees(f"Brief {number} · Goes on")
    assert on.id == rung.id
    await home.alice.sees("To pay")


async def test_each_fault_rings(home: House) -> None:
    """Who reads that it goes on and is stopped once more gets another message."""
    await home.staff()
    home.openai.faults.add(Fault(CHAT, "refusal", times=4))
    number = await home.brief()
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    first = await home.alice.sees("It is our fault")
    mark = home.bob.mark()
    await home.bob.taps("Retry this step", card)
    await home.bob.sees(f"Brief {number} · Stopped by a fault", after=mark)
    second = await home.alice.sees("It is our fault", after=first)
    assert second.id != first.id


async def test_refused_billing_details_ring(home: House) -> None:
    """An invoice that waits for other billing details is asked about by a new message, and the brief says so."""
    await home.staff()
    home.stripe.refuse_text("alice@example.org")
    number = await home.brief()
    asked = await home.alice.sees(f"Brief {number} · Its invoice needs you")
    assert not asked.edited
    await home.alice.sees(re.compile(f"Brief {number} · .*waits for billing details"))


async def rejects(home: House, revision: int, card: Seen, *becomes: str) -> None:
    """Bob rejects a revision, and says first what becomes of the invoice."""
    mark = home.bob.mark()
    await decides(home.bob, "Reject", card)
    asked = await home.bob.sees("What becomes of the invoice?", after=mark)
    assert asked.labels == ["Keep the invoice", "Never mind", "Void the invoice"]
    for label in becomes:
        await home.bob.taps(label, asked)
    await home.bob.taps("Facts missing", await home.bob.sees("Why? Tap a reason", after=mark))
    await home.bob.sees(f"Brief {revision} is rejected", after=mark)


@pytest.mark.both_databases
async def test_a_rejected_revision_with_its_invoice_voided(home: House) -> None:
    """The operator decides to void: the client reads both at once, Stripe voids it, and the books owe nothing."""
    number, revision, card = await revised(home)
    await rejects(home, revision, card, "Void the invoice")
    rung = await home.alice.sees(re.compile(f"Brief {revision} · Rejected"))
    assert "Nothing is charged" not in rung.text
    assert f"The invoice for brief {number} is being voided. Please do not pay it." in rung.text
    await home.alice.sees("You owe nothing on it. Please do not pay it any more.")
    await home.stripe_has("void")
    assert await ledger(home) == {}
    async with home.running.app.services.database.reading() as connection:
        did = (await connection.execute(select(audit.c.action))).scalars().all()
    assert did.count("invoice.void_asked") == 1


async def test_a_rejected_revision_with_its_invoice_kept(home: House) -> None:
    """The operator keeps it: the client reads that it stays open, and can pay it."""
    number, revision, card = await revised(home)
    await rejects(home, revision, card, "Keep the invoice")
    rung = await home.alice.sees(re.compile(f"Brief {revision} · Rejected"))
    assert f"The revision costs nothing; the invoice for brief {number} stays open: /invoices" in rung.text
    assert "Nothing is charged" not in rung.text
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")


async def test_a_typed_reason_keeps_what_was_decided(home: House) -> None:
    """A reason in words of one's own goes with what was decided of the invoice; before that it is asked for."""
    _, revision, card = await revised(home)
    mark = home.bob.mark()
    await decides(home.bob, "Reject", card)
    asked = await home.bob.sees("What becomes of the invoice?", after=mark)
    await home.bob.says("We cannot find those hours anywhere.")
    await home.bob.sees("Say first what becomes of it")
    await home.bob.taps("Void the invoice", asked)
    await home.bob.sees("is voided.", after=asked)
    await home.bob.says("We cannot find those hours anywhere.")
    await home.bob.sees(f"Brief {revision} is rejected")
    await home.stripe_has("void")


async def test_a_paid_revision(home: House) -> None:
    """Where the invoice is paid there is nothing to decide, and the client reads that it stays so."""
    number, revision, card = await revised(home)
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")
    mark = home.bob.mark()
    await decides(home.bob, "Reject", card)
    await home.bob.taps("Facts missing", await home.bob.sees("Why? Tap a reason", after=mark))
    rung = await home.alice.sees(re.compile(f"Brief {revision} · Rejected"))
    assert f"The revision costs nothing; what you paid for brief {number} stays paid." in rung.text


async def test_a_cancelled_revision(home: House) -> None:
    """Who cancels their revision reads that the invoice stays; not that nothing is charged."""
    number, revision, _ = await revised(home)
    progress = await home.alice.sees(f"Brief {revision} · In review")
    toast = await home.alice.taps("Cancel", progress)
    assert toast.text == f"Revision {revision} is cancelled; brief {number} stands as it is"
    seen = await home.alice.sees(f"Brief {revision} · Cancelled")
    assert f"the invoice for brief {number} stays open" in seen.text
    assert "Nothing is charged" not in seen.text


@pytest.mark.both_databases
async def test_a_lost_reply_voids_once(home: House) -> None:
    """Where Stripe's reply gets lost it is asked again by the same key, and one voiding comes of it."""
    _, revision, card = await revised(home)
    home.stripe.faults.add(Fault(VOIDING, "lose_reply", times=5))
    await rejects(home, revision, card, "Void the invoice")
    await home.alice.sees("You owe nothing on it.", timeout=60)
    voided = [event for event in home.stripe.events.values() if event["type"] == "invoice.voided"]
    assert len(voided) == 1
    assert len(told(home, "You owe nothing on it.")) == 1


async def test_paid_before_it_could_be_voided(home: House) -> None:
    """A payment that comes first stands: the team hears that it came too late, and the client gets the receipt."""
    number, revision, card = await revised(home)
    home.stripe.faults.add(Fault(VOIDING, "status", times=None, status=503))
    await rejects(home, revision, card, "Void the invoice")
    await home.alice.sees(f"The invoice for brief {number} is being voided")
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")
    late = await home.bob.sees("Paid before it could be voided", timeout=60)
    assert "/refund" in late.text


async def test_stripe_does_not_void(home: House) -> None:
    """What Stripe refuses to void stands: the team reads why, and the client that it stands and can be paid."""
    number, revision, card = await revised(home)
    body = '{"error": {"message": "Not this one.", "type": "invalid_request_error"}}'
    home.stripe.faults.add(Fault(VOIDING, "status", times=None, status=400, body=body))
    await rejects(home, revision, card, "Void the invoice")
    why = await home.bob.sees(re.compile("Invoice .* · Not voided"))
    assert "Not this one." in why.text
    await home.alice.sees("Stripe did not void it, so it stands as before.")
    await home.pay(number)
    await home.alice.sees("Received 120.00 USD")


@pytest.mark.both_databases
async def test_what_becomes_of_the_invoice_is_said_once(home: House) -> None:
    """The verb refuses who says nothing of the invoice, and who may not decide; of ten at once one has an effect."""
    number, revision, _ = await revised(home)
    services = home.running.app.services
    who = services.people.joining.identify
    bob, carol = await who(home.bob.id, "Bob", "en"), await who(home.carol.id, "Carol", "en")
    version = (await services.intake.briefs.get(bob, revision)).version
    reject = services.review.decisions.reject
    for person in (home.alice, home.dan, home.eve):
        with pytest.raises(Forbidden):
            await reject(await who(person.id, "", "en"), revision, version, "not ours", void=True)
    with pytest.raises(Refusal, match=r"leaves an invoice of 120\.00 USD behind"):
        await reject(bob, revision, version, "not ours")
    done = await asyncio.gather(
        *(reject(one, revision, version, "not ours", void=True) for one in (bob, carol) * 5), return_exceptions=True
    )
    assert sum(not isinstance(one, Exception) for one in done) == 1
    await home.stripe_has("void")
    await home.alice.sees("You owe nothing on it.")
    assert len(told(home, "You owe nothing on it.")) == 1
    assert (await services.intake.briefs.get(bob, number)).state == "invoiced"
