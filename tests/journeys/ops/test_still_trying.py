"""What has not moved for long is heard of, listed, tried at once or given up by a tap, and goes on by itself."""

import re
from typing import Any

import pytest

from bot.alerts.cards import TASKS
from bot.kernel.breaker import Breaker
from bot.kernel.timing import Timing
from bot.messages.mails import MAIL
from jobs.outbox import undelivered
from jobs.worker import tasks
from sandbox.faults import Fault
from sandbox.smtp import SmtpStandIn
from sandbox.telegram.people import Person
from storage.core import outbox
from storage.engine.database import Transaction
from storage.queue import failed_tasks
from tests.eventually import eventually
from tests.house import BRIEF, House, Providers, house, providers
from tests.scripted_models import DRAFT, Answer, Body, completion, refusal, studio

STUCK = f"{BRIEF} This one is stuck."


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails twice is late."""
    monkeypatch.setattr("storage.queue.tries.LATE_SECONDS", 1)


def drafter(mended: list[bool]) -> Answer:
    """A model that is busy for one brief, and serves any other."""

    def draft(body: Body) -> Any:
        if not mended and "This one is stuck" in str(body["messages"]):
            return refusal(503, "The model is overloaded")
        return completion(DRAFT)

    return draft


@pytest.fixture
def forgiving(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many other briefs succeed that the provider is not left alone."""
    monkeypatch.setattr("bot.models.guard.Breaker", lambda **_: Breaker(failures=1_000))


def still_trying(home: House) -> list[str]:
    return [seen.text for seen in home.carol.messages() if "Still trying" in seen.text]


@pytest.mark.usefixtures("forgiving")
@pytest.mark.both_databases
async def test_one_brief_that_fails_alone(stand_ins: Providers, database_url: str) -> None:
    """Admins hear once of a brief whose model calls fail for long while others succeed; /status and /failed show it,
    and it is gone there when it succeeded.
    """
    mended: list[bool] = []
    async with studio(stand_ins, database_url, drafter(mended)) as home:
        number = await home.brief(STUCK)
        other = await home.brief()
        await home.alice.sees(f"for brief {other}")
        told = await home.carol.sees(f"Brief {number} · Still trying", timeout=30)
        assert "fault 503" in told.text
        assert told.labels == ["Try now", "Give up"]
        mark = home.bob.mark()
        await home.bob.says("/status")
        await home.bob.sees("Something needs a look\nStill trying: 1, see /failed", after=mark)
        await home.bob.says("/failed")
        listed = await home.bob.sees(f"Brief {number}, still trying", after=mark)
        mended.append(True)
        await home.bob.taps(f"Try now, brief {number}", listed)
        await home.alice.sees(f"for brief {number}", timeout=30)
        done = await home.carol.sees(f"Brief {number} · Done")
        assert done.id == told.id
        mark = home.bob.mark()
        await home.bob.says("/failed")
        await home.bob.sees("No failures to handle", after=mark)
        assert still_trying(home) == []


@pytest.mark.usefixtures("forgiving")
async def test_given_up_by_a_tap(stand_ins: Providers, database_url: str) -> None:
    """A brief that is given up by a tap stops where briefs stop, and goes on from there."""
    mended: list[bool] = []
    async with studio(stand_ins, database_url, drafter(mended)) as home:
        number = await home.brief(STUCK)
        told = await home.carol.sees(f"Brief {number} · Still trying", timeout=30)
        await home.carol.taps("Give up", told)
        card = await home.bob.sees(f"Brief {number} · Stopped by a fault")
        assert "given up by Carol; last words: The model" in card.text
        assert (await home.carol.sees(f"Brief {number} · Given up")).id == told.id
        assert await home.running.app.services.queue.waiting() == 0
        mended.append(True)
        await home.bob.taps("Retry this step", card)
        await home.alice.sees(f"for brief {number}", timeout=30)


async def test_stripe_is_down(stand_ins: Providers, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a Stripe that does not answer admins hear once, however many invoices wait, and once that it is back."""
    monkeypatch.setattr("bot.invoices.watched.Breaker", lambda: Breaker(failures=1))  # known before anything is late
    async with house(stand_ins, database_url) as home:
        await home.staff()
        home.stripe.faults.add(Fault(".*/v1/.*", "status", times=None, status=503))
        numbers = [await home.brief(f"{BRIEF} Number {number}.") for number in range(3)]
        await home.carol.sees("Stripe · Not answering", timeout=30)
        async with home.running.app.services.database.reading() as connection:
            await eventually(
                lambda: failed_tasks.count(connection, "main", trying=True), lambda count: count == len(numbers)
            )
        home.stripe.faults.clear()
        for number in numbers:
            await home.alice.sees(f"for brief {number}", timeout=60)
        await home.carol.sees("Stripe · Answers again")
        told = [seen.text for seen in home.carol.messages()]
        assert sum("Answers again" in text for text in told) == 1  # the card that said that it did not
        assert [text for text in told if "Invoice of brief" in text] == []


async def _failed(person: Person) -> str:
    mark = person.mark()
    await person.says("/failed")
    return (await person.sees("till trying", after=mark)).text


async def test_one_mailbox_that_is_late(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail that is put off again and again while others arrive is told of, and by a tap tried at once or given up."""
    monkeypatch.setattr(undelivered, "LATE_TRIES", 2)
    mail = SmtpStandIn()
    mail.greylisted |= {"eve@example.org", "bob@example.org"}
    async with providers(mail=mail) as stand_ins, house(stand_ins, database_url) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await _write(home, "eve@example.org", "bob@example.org", "dan@example.org")
        await mail.received(1)
        for late in ("eve", "bob"):
            assert "Greylisted" in (await home.carol.sees(f"Mail to {late}@example.org · Late", timeout=30)).text
        mark = home.carol.mark()
        home.running.app.services.database.timing = Timing(first_retry=600)
        await home.carol.says("/failed")
        listed = await home.carol.sees("1 mail to eve@example.org, still trying for", after=mark)
        mail.greylisted.discard("eve@example.org")
        await home.carol.taps(next(label for label in listed.labels if label.startswith("Try now")), listed)
        await mail.received(2)
        mark = home.carol.mark()
        await eventually(lambda: _failed(home.carol), lambda listed: "eve@example.org" not in listed)
        listed = await home.carol.sees(re.compile(r"^Still trying\n1 mail to bob@example.org"), after=mark)
        await home.carol.taps("Give up", listed)
        mark = home.carol.mark()
        await home.carol.says("/failed")
        listed = await home.carol.sees("1 mail to bob@example.org, not delivered", after=mark)
        await home.carol.taps("Give up", listed)
        mark = home.carol.mark()
        await home.carol.says("/failed")
        await home.carol.sees("No failures to handle", after=mark)
        assert len(mail.messages) == 2


async def _write(home: House, *recipients: str) -> None:
    async def work(tx: Transaction) -> None:
        for recipient in recipients:
            await outbox.add(tx, "main", MAIL, recipient, {"subject": "Tuesday", "text": "Grüße"})

    await home.running.app.services.database.write(work)


async def test_who_may_not(home: House) -> None:
    """Neither a client nor an analyst may have a task or a message tried, or given up."""
    await home.staff()
    services = home.running.app.services
    for person in (home.alice, home.dan):
        who = await services.people.joining.identify(person.id, "x", "en")
        tasks, messages = services.alerts.failed_tasks, services.alerts.late_messages
        for verb in (tasks.hurry, tasks.tried, messages.hurry, messages.stop):
            with pytest.raises(Exception, match="Only operators and admins"):
                await verb(who, 1)


async def test_every_kind_has_words(home: House) -> None:
    """Every kind of task is named in words for people."""
    assert {kind.name for kind in tasks.handlers(home.running.app.services)} <= set(TASKS)
