"""Mails as threads: how many of one address are shown, and how long they are kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.access.model import TENANT
from bot.support import mailing
from bot.support.mails import MOST_A_DAY, IncomingMail, MailState, answer_to
from storage.support import mails, threads
from storage.tables.support import mails as mail_rows
from tests.clock import SimulatedClock
from tests.desk import Desk, desk
from tests.house import Providers

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> SimulatedClock:
    return SimulatedClock(NOON)


@pytest.fixture
async def here(stand_ins: Providers, sqlite_url: str, clock: SimulatedClock) -> AsyncIterator[Desk]:
    async with desk(stand_ins, sqlite_url, clock) as made:
        yield made


async def comes(here: Desk, number: int, address: str = "zoe@example.net") -> MailState | None:
    """A mail is taken; what became of it."""
    services = here.app.services
    mail = IncomingMail(f"digest-{number}", f"<{number}@example.net>", (), address, "Zoë", "Hello")
    escalation = services.support.escalation
    return await services.database.write(lambda tx: mailing.take(tx, TENANT, mail, "Hello?", escalation))


async def test_one_address_fills_no_chat(here: Desk, clock: SimulatedClock) -> None:
    """Of one address so many mails a day are shown; others are not kept from it, and the next day is another."""
    states = [await comes(here, number) for number in range(MOST_A_DAY + 2)]
    assert states == [MailState.TO_ANSWER] * MOST_A_DAY + [MailState.TOO_MANY] * 2
    assert await comes(here, 100, "anna@example.net") is MailState.TO_ANSWER
    clock.passes(days=1, seconds=1)
    assert await comes(here, 101) is MailState.TO_ANSWER
    assert await comes(here, 101) is None


async def test_forgotten_together(here: Desk, clock: SimulatedClock) -> None:
    """What waits is kept however old it is; what was settled goes with its mails, and mails without a thread too."""
    services = here.app.services
    await comes(here, 1)
    lone = IncomingMail("digest-2", "<2@example.net>", (), "news@example.net", "", "News")
    await services.database.write(lambda tx: mails.add(tx, TENANT, lone, MailState.AUTOMATIC))
    clock.passes(days=400)
    assert await forgotten(here, clock) == 1
    async with services.database.reading() as connection:
        (thread,) = await threads.waiting(connection, TENANT, 9)
    await services.database.write(lambda tx: threads.change(tx, thread, waits=False))
    clock.passes(days=400)
    assert await forgotten(here, clock) == 0


async def forgotten(here: Desk, clock: SimulatedClock) -> int:
    """How many mails are left once what is old was forgotten."""
    database, before = here.app.services.database, clock.now() - timedelta(days=90)
    await database.write(lambda tx: mails.forget(tx, before))
    await database.write(lambda tx: threads.forget(tx, before))
    async with database.reading() as connection:
        return int((await connection.execute(select(func.count()).select_from(mail_rows))).scalar_one())


@pytest.mark.parametrize(
    ("subject", "answer"), [("Hello", "Re: Hello"), ("RE: Hello", "RE: Hello"), ("", "Re:"), ("Rent", "Re: Rent")]
)
def test_subjects_of_answers(subject: str, answer: str) -> None:
    """An answer's subject says once that it is one."""
    assert answer_to(subject) == answer
