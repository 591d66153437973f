"""Mail by Gmail's API: what waits goes out whatever Google refuses in passing, and admins read what they have to do."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.access.model import TENANT
from bot.adapters.google.access import GoogleAccess
from bot.adapters.mail.gmail import GmailMail
from bot.doctor import report
from bot.google.ports import ConsentEnded
from bot.kernel.card import Card, Document
from bot.kernel.errors import ProviderError
from bot.messages.mails import MAIL, MailMessage, mail_of, to_payload
from jobs.outbox import undelivered
from sandbox.faults import Fault
from sandbox.google.gmail import GmailStandIn
from sandbox.server import Sandbox
from storage.core import outbox
from tests.eventually import eventually
from tests.house import House, Providers, house
from tests.mails import said

pytestmark = pytest.mark.wire
SEND, TOKEN = "POST .*/messages/send", "POST .*/token"
LETTER = MailMessage("Tuesday", "Grüße\n")


@pytest.fixture
async def gmail() -> AsyncIterator[GmailStandIn]:
    """Gmail, with `url` where it is."""
    stand_in = GmailStandIn()
    async with Sandbox(stand_in) as sandbox:
        stand_in.url = f"{sandbox.url}/gmail"
        yield stand_in


def changes(gmail: GmailStandIn) -> dict[str, Any]:
    """The settings by which mail goes there."""
    return {
        "mail_by": "gmail",
        "smtp_host": "",
        "smtp_security": None,
        "google_client_id": gmail.client[0],
        "google_client_secret": gmail.client[1],
        "google_refresh_token": "1//refresh-token",
        "google_token_url": f"{gmail.url}/token",
        "gmail_api_url": gmail.url,
    }


def client(gmail: GmailStandIn, sender: str = "studio@example.org", secret: str = "client-secret") -> GmailMail:
    access = GoogleAccess(gmail.client[0], secret, "1//refresh-token", f"{gmail.url}/token", "Gmail")
    return GmailMail(access, gmail.url, sender)


async def write(home: House, *recipients: str) -> None:
    card = Card("<b>Tuesday</b>\nGrüße", picture=Document.of("chart.png", b"\x89PNG"))
    database = home.running.app.services.database
    for recipient in recipients:
        payload = to_payload(mail_of("Tuesday", card))
        await database.write(lambda tx, to=recipient, it=payload: outbox.add(tx, TENANT, MAIL, to, it))  # type: ignore[misc]


async def test_mail_goes_out(stand_ins: Providers, database_url: str, gmail: GmailStandIn) -> None:
    """What would go by a mail server goes by Gmail, with words, page and picture, by one access for all."""
    async with house(stand_ins, database_url, **changes(gmail)) as home:
        await write(home, "carol@example.org", "dan@example.org")
        mails = await gmail.received(2)
        assert {str(mail["To"]) for mail in mails} == {"carol@example.org", "dan@example.org"}
        assert said(mails[0]).splitlines() == ["Tuesday", "Grüße"]
        assert "cid:picture@echopilot" in said(mails[0], "html")
        assert mails[0]["X-EchoPilot-Id"] == mails[0]["Message-ID"]
        assert gmail.granted == 1
        assert stand_ins.mail.messages == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda gmail: gmail.faults.add(Fault(SEND, "status", status=503)),
        lambda gmail: gmail.faults.add(Fault(SEND, "status", status=429, retry_after=0)),
        lambda gmail: gmail.faults.add(Fault(SEND, "lose_request")),
        lambda gmail: gmail.faults.add(Fault(TOKEN, "status", status=500, body="<html>")),
        lambda gmail: gmail.faults.add(Fault(TOKEN, "lose_reply")),
    ],
    ids=["503", "429", "lost", "token 500", "token lost"],
)
async def test_passing_faults(
    stand_ins: Providers, database_url: str, gmail: GmailStandIn, spoil: Callable[[GmailStandIn], None]
) -> None:
    """What passes by itself delays the mail, and nobody is told."""
    spoil(gmail)
    async with house(stand_ins, database_url, **changes(gmail)) as home:
        await write(home, "carol@example.org")
        await gmail.received(1)
        assert [seen for seen in home.carol.messages() if "Not delivered" in seen.text] == []


async def test_a_consent_that_ended(
    stand_ins: Providers, database_url: str, gmail: GmailStandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mails wait while our consent is accepted no more, an admin reads what to do, and they go out once it is done."""
    monkeypatch.setattr(undelivered, "LATE_TRIES", 1)
    gmail.revoke()
    async with house(stand_ins, database_url, **changes(gmail)) as home:
        await home.carol.says("/start")
        await home.carol.sees("Welcome")
        await write(home, "carol@example.org")
        told = await home.carol.sees("Mail · Nothing arrives")
        assert "“Testing”, where it ends after 7 days" in told.text
        assert gmail.mails == []
        gmail.refresh_token = "1//refresh-token"
        await eventually(lambda: len(gmail.mails) == 1, within=30)


async def test_an_access_that_is_over(gmail: GmailStandIn) -> None:
    """An access that Google ended early is asked for anew, once."""
    mail = client(gmail)
    await mail.send("carol@example.org", LETTER, "1")
    gmail.expire()
    await mail.send("carol@example.org", LETTER, "2")
    assert (len(gmail.mails), gmail.granted) == (2, 2)


async def test_quota(gmail: GmailStandIn) -> None:
    """More than Gmail takes waits; it is no fault of the mail."""
    gmail.units = 100
    mail = client(gmail)
    await mail.send("carol@example.org", LETTER, "1")
    with pytest.raises(ProviderError, match="Quota exceeded") as refused:
        await mail.send("carol@example.org", LETTER, "2")
    assert not refused.value.permanent


async def test_a_mail_that_is_none(gmail: GmailStandIn) -> None:
    """What Gmail can never take is given up."""
    gmail.faults.add(Fault(SEND, "status", status=400, body='{"error": {"code": 400, "message": "Invalid To header"}}'))
    with pytest.raises(ProviderError, match="Invalid To header") as refused:
        await client(gmail).send("carol@example.org", LETTER, "1")
    assert refused.value.permanent


async def test_another_sender(gmail: GmailStandIn) -> None:
    """Gmail writes the account's address in place of a sender that is not its own, and the mail goes out."""
    await client(gmail, "somebody@example.net").send("carol@example.org", LETTER, "1")
    assert gmail.mails[0]["From"] == "studio@example.org"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda gmail: None, "Google gives us access to send mail"),
        (lambda gmail: gmail.revoke(), "Google no longer accepts our consent (invalid_grant)"),
        (lambda gmail: setattr(gmail, "client", ("another", "client")), "Google does not know our client"),
        (lambda gmail: setattr(gmail, "scope", "openid"), "the consent does not cover sending mail"),
        (lambda gmail: gmail.faults.add(Fault(TOKEN, "status", status=503, body="")), "no access (503)"),
    ],
    ids=["fine", "revoked", "client", "scope", "down"],
)
async def test_doctor(
    stand_ins: Providers,
    sqlite_url: str,
    gmail: GmailStandIn,
    spoil: Callable[[GmailStandIn], None],
    words: str,
) -> None:
    """Doctor says in words what keeps mail from going by Gmail, and sends nothing to try it."""
    settings = stand_ins.settings(sqlite_url, **changes(gmail))
    spoil(gmail)
    lines: list[str] = []
    await report(settings, lines.append)
    (line,) = (line for line in lines if line.startswith("mail "))
    assert words in line
    assert gmail.mails == []


async def test_without_the_scope(gmail: GmailStandIn) -> None:
    """A consent that covers something else is a matter of the account, and the mail waits."""
    gmail.scope = "openid"
    with pytest.raises(ConsentEnded, match="insufficient authentication scopes") as refused:
        await client(gmail).send("carol@example.org", LETTER, "1")
    assert not refused.value.permanent
