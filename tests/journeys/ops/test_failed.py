"""What a fault stopped: it keeps where and why, waits in /failed, and goes on by one tap."""

import pytest
from sqlalchemy import select

from sandbox.faults import Fault
from storage.tables.briefs import drafts
from storage.tables.core import events
from tests.house import BRIEF, OPEN_BRIEF, House

CHAT = "POST .*/chat/completions"
DENIED = '{"error": {"message": "no such model", "type": "invalid_request_error"}}'
REFUSED = '{"error": {"message": "This account cannot send invoices yet.", "type": "invalid_request_error"}}'


async def _stop_at_judging(home: House) -> int:
    """A brief that is drafted, and whose judge is refused for good."""
    home.openai.on_call.append(
        lambda call: (
            home.openai.faults.add(Fault(CHAT, "status", times=1, status=404, body=DENIED))
            if call.purpose == "draft"
            else None
        )
    )
    number = await home.brief(BRIEF)
    await home.bob.sees(f"Brief {number} · Stopped by a fault")
    home.openai.on_call.clear()
    return number


async def test_retry_this_step(home: House) -> None:
    """A brief whose judging failed is judged on Retry, with the draft that it has; both cards say who did it."""
    await home.staff()
    number = await _stop_at_judging(home)
    card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    assert "It was checking quality" in card.text
    assert card.labels == ["Retry this step", "Start over"]
    mark = home.bob.mark()
    await home.bob.says("/failed")
    listed = await home.bob.sees(f"/brief_{number} while judging", after=mark)
    assert "no such model" in listed.text
    assert listed.labels == [f"Retry {number}", f"Start {number} over"]
    await home.bob.taps(f"Retry {number}", listed)
    await home.alice.sees("To pay")
    assert (await home.bob.sees(f"Brief {number} · Resumed by Bob", after=mark)).id == card.id
    await home.carol.sees(f"Brief {number} · Resumed by Bob")
    assert await _attempts(home, number) == [1]
    mark = home.bob.mark()
    await home.bob.says("/failed")
    await home.bob.sees("No failures to handle", after=mark)


async def test_from_the_start(home: House) -> None:
    """A brief started anew gets another first draft and as many attempts as any; the earlier draft is kept."""
    await home.staff()
    number = await _stop_at_judging(home)
    await home.bob.taps("Start over", await home.bob.sees(f"Brief {number} · Stopped by a fault"))
    await home.alice.sees("To pay")
    assert await _attempts(home, number) == [1, 2]


async def test_attempts_begin_anew(home: House) -> None:
    """After a start from the beginning a doubtful brief has all of its attempts before a person decides."""
    await home.staff()
    home.openai.faults.add(Fault(CHAT, "refusal", times=2))
    number = await home.brief(OPEN_BRIEF)
    await home.bob.taps("Start over", await home.bob.sees(f"Brief {number} · Stopped by a fault"))
    await home.bob.sees(f"Brief {number} · Needs your decision")
    assert await _attempts(home, number) == [1, 2, 3]


async def _attempts(home: House, number: int) -> list[int]:
    async with home.running.app.services.database.reading() as connection:
        rows = await connection.execute(
            select(drafts.c.attempt).where(drafts.c.brief_id == number).order_by(drafts.c.attempt)
        )
        return list(rows.scalars())


@pytest.mark.both_databases
async def test_one_tap_counts(home: House) -> None:
    """Of two people who tap, the first has it go on; the other reads that it did."""
    await home.staff()
    number = await _stop_at_judging(home)
    theirs = await home.carol.sees(f"Brief {number} · Stopped by a fault")
    ours = await home.bob.sees(f"Brief {number} · Stopped by a fault")
    retry = next(button for row in theirs.buttons for button in row if button.label == "Retry this step")
    await home.bob.taps("Start over", ours)
    await home.alice.sees("To pay")
    answer = await home.carol.taps_raw(retry.target, theirs)
    assert f"Brief {number} changed since" in answer.text


async def test_who_may_not(home: House) -> None:
    """Clients and analysts have no /failed; a client reads that their brief stopped and costs nothing."""
    await home.staff()
    number = await _stop_at_judging(home)
    told = await home.alice.sees(f"Brief {number} · Stopped by a fault")
    assert "Nothing is charged before it is delivered" in told.text
    progress = await home.alice.sees("We were told and will start it again.")
    assert progress.labels == ["Cancel", "Write to the team"]
    for person in (home.alice, home.dan):
        await person.says("/failed")
        await person.sees("Only operators and admins may decide on drafts")


async def test_stripe_refuses_an_invoice(home: House) -> None:
    """An invoice that Stripe refuses for good is not asked for over and over; a person has it asked again."""
    await home.staff()
    home.stripe.faults.add(Fault("POST .*/v1/invoices$", "status", times=1, status=400, body=REFUSED))
    number = await home.brief(BRIEF)
    card = await home.bob.sees("· Refused by Stripe")
    assert "This account cannot send invoices yet." in card.text
    async with home.running.app.services.database.reading() as connection:
        failed = select(events.c.id).where(events.c.subject.like("invoice:%"), events.c.name == "failed")
        assert len((await connection.execute(failed)).all()) == 1
    assert home.stripe.invoices == {}
    await home.bob.says("/failed")
    listed = await home.bob.sees(f"Invoice of /brief_{number}, 120.00 USD")
    await home.bob.taps(f"Ask Stripe again, {number}", listed)
    await home.alice.sees("To pay")
    assert (await home.bob.sees("Asked for again by Bob")).id == card.id
    assert len(home.stripe.invoices) == 1


@pytest.mark.parametrize("person", ["alice", "dan"])
async def test_who_may_not_ask_stripe(home: House, person: str) -> None:
    """The right to have Stripe asked again is looked up below the buttons."""
    await home.staff()
    home.stripe.faults.add(Fault("POST .*/v1/invoices$", "status", times=1, status=400, body=REFUSED))
    await home.brief(BRIEF)
    await home.bob.sees("· Refused by Stripe")
    services = home.running.app.services
    who = await services.people.joining.identify(getattr(home, person).id, person, "en")
    with pytest.raises(Exception, match="Only operators and admins"):
        await services.billing.invoices.retry(who, 1001, 2)
