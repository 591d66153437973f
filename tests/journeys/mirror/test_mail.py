"""Mail: encrypted in both ways, well formed, and given up only with a word to the admins."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email.utils import parsedate_to_datetime
from typing import Any

import pytest

from bot.messages.mails import MAIL
from jobs.outbox import undelivered
from sandbox.smtp import CERTIFICATE, Security, SmtpStandIn
from storage.core import outbox
from storage.engine.database import Transaction
from tests.eventually import eventually
from tests.house import House, house, providers

pytestmark = pytest.mark.wire

SIGN_IN: dict[str, Any] = {"smtp_username": "studio", "smtp_password": "canary-pass"}


@asynccontextmanager
async def at(mail: SmtpStandIn, database_url: str, **changes: Any) -> AsyncIterator[House]:
    """A house with this mail server, and Carol as its admin."""
    async with providers(mail=mail) as stand_ins, house(stand_ins, database_url, **changes) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        yield home


async def write(home: House, *recipients: str, text: str = "Grüße") -> None:
    async def work(tx: Transaction) -> None:
        for recipient in recipients:
            await outbox.add(tx, "main", MAIL, recipient, {"subject": "Tuesday", "text": text})

    await home.running.app.services.database.write(work)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_encrypted(database_url: str, monkeypatch: pytest.MonkeyPatch, security: Security) -> None:
    """Mail goes out over STARTTLS and over TLS from the first byte, signed in, with Date and an id of our domain."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    mail = SmtpStandIn(credentials=("studio", "canary-pass"), security=security)
    async with at(mail, database_url, **SIGN_IN, mail_from="Studio <studio@bücher.example.org>") as home:
        await write(home, "carol@example.org")
        (seen,) = await mail.received(1)
    assert parsedate_to_datetime(str(seen["Date"])).tzinfo is not None
    assert str(seen["Message-ID"]).endswith("@xn--bcher-kva.example.org>")
    assert str(seen["From"]) == "Studio <studio@xn--bcher-kva.example.org>"
    assert seen.get_content().strip() == "Grüße"


@pytest.mark.parametrize(
    ("server", "changes", "words"),
    [
        (SmtpStandIn, {"smtp_security": "starttls"}, "STARTTLS extension not supported"),
        (SmtpStandIn, SIGN_IN, "AUTH extension is not supported"),
        (SmtpStandIn, {"smtp_security": "tls"}, "check SMTP_SECURITY and SMTP_PORT"),
        (lambda: SmtpStandIn(security="starttls"), {}, "no encrypted connection"),
        (lambda: SmtpStandIn(security="tls"), {}, "no encrypted connection"),
        (lambda: SmtpStandIn(smtputf8=False), {"mail_from": "büro@example.org"}, "SMTPUTF8 is not supported"),
    ],
    ids=["no starttls", "no auth", "no tls there", "unknown certificate", "unknown certificate at once", "no utf8"],
)
async def test_that_can_never_go(
    database_url: str, server: Callable[[], SmtpStandIn], changes: dict[str, Any], words: str
) -> None:
    """Mail that the server can never take as it is set up is given up at once, and the admin reads why."""
    async with at(server(), database_url, **changes) as home:
        await write(home, "carol@example.org")
        told = await home.carol.sees("Mail to carol@example.org · Not delivered")
        assert words in told.text
        assert await states(home) == {"undeliverable": 1}


async def test_told_once_per_destination(database_url: str) -> None:
    """Of many mails that one address refuses the admin hears once, /status counts all, and after one arrived anew."""
    mail = SmtpStandIn()
    mail.refuse("eve@example.org")
    async with at(mail, database_url) as home:
        await write(home, "eve@example.org", "eve@example.org", "dan@example.org", "eve@example.org")
        await mail.received(1)
        await home.carol.sees("User unknown")
        await eventually(lambda: states(home), lambda found: found.get("undeliverable") == 3)
        await home.carol.says("/status")
        await home.carol.sees("3 messages could not be delivered, see /failed")
        assert len(told(home)) == 1
        mail.refused.clear()
        await write(home, "eve@example.org")
        await mail.received(2)
        mail.refuse("eve@example.org")
        mark = home.carol.mark()
        await write(home, "eve@example.org")
        await home.carol.sees("User unknown", after=mark)
        assert len(told(home)) == 2


async def test_passing_faults_are_told_to_nobody(database_url: str) -> None:
    """A mail that is only put off goes out later, and no admin is troubled."""
    mail = SmtpStandIn()
    mail.defer()
    async with at(mail, database_url) as home:
        await write(home, "carol@example.org")
        await mail.received(1)
        assert told(home) == []


async def test_a_server_that_stays_away(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a server that takes nothing the admin hears once, however many mails wait; they are kept."""
    monkeypatch.setattr(undelivered, "LATE_TRIES", 1)
    async with at(SmtpStandIn(), database_url, smtp_port=9) as home:
        await write(home, "carol@example.org", "dan@example.org")
        late = await home.carol.sees("Mail · Nothing arrives")
        assert "no answer" in late.text
        await home.carol.says("/whoami")
        await home.carol.sees("Carol", after=late)
        assert sum("Nothing arrives" in seen.text for seen in home.carol.messages()) == 1
        assert await states(home) == {"waiting": 2}


def told(home: House) -> list[str]:
    return [seen.text for seen in home.carol.messages() if "Not delivered" in seen.text]


async def states(home: House) -> dict[str, int]:
    async with home.running.app.services.database.reading() as connection:
        counts = await outbox.counts(connection, "main")
    return {state: number for (channel, state), number in counts.items() if channel == MAIL}
