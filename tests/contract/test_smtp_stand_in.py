"""The mail stand-in, called by the client that the product uses."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from email.message import EmailMessage
from email.utils import formatdate
from typing import Any

import aiosmtplib
import pytest

from sandbox.smtp import CERTIFICATE, Security, SmtpStandIn

BEFORE_TLS: dict[str, Any] = {"security": "starttls", "credentials": ("bot", "right")}


@pytest.fixture
async def mail() -> AsyncIterator[SmtpStandIn]:
    async with SmtpStandIn() as stand_in:
        yield stand_in


def letter(to: str = "alice@example.com", subject: str = "Your draft – ready") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "bot@example.com", to, subject
    message["Date"], message["Message-ID"] = formatdate(), "<1@example.com>"
    message.set_content("Grüße, it is attached.")
    message.add_attachment(b"# Draft", maintype="text", subtype="markdown", filename="draft.md")
    return message


async def send(mail: SmtpStandIn, message: EmailMessage) -> None:
    await aiosmtplib.send(message, hostname=mail.host, port=mail.port, timeout=5)


async def test_accepted_message_is_kept_whole(mail: SmtpStandIn) -> None:
    """A sent message is kept with its envelope, its non-ASCII text and its attachment."""
    async with asyncio.timeout(20):
        waiting = asyncio.create_task(mail.received(1))
        await send(mail, letter())
        (message,) = await waiting
    body = message.get_body()
    assert body is not None
    assert (message["Subject"], body.get_content().strip()) == ("Your draft – ready", "Grüße, it is attached.")
    assert [part.get_filename() for part in message.iter_attachments()] == ["draft.md"]
    assert (mail.received_mail[0].sender, mail.received_mail[0].recipients) == (
        "bot@example.com",
        ("alice@example.com",),
    )


async def test_refused_recipient_is_permanent(mail: SmtpStandIn) -> None:
    """A refused recipient gets 550 and nothing is kept; another recipient is served."""
    mail.refuse("Eve@example.com")
    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as caught:
        await send(mail, letter("eve@example.com"))
    assert [refusal.code for refusal in caught.value.recipients] == [550]
    await send(mail, letter("alice@example.com"))
    assert [message["To"] for message in mail.messages] == ["alice@example.com"]


async def test_deferred_message_is_taken_on_the_next_try(mail: SmtpStandIn) -> None:
    """A temporary 451 is shown as often as planned, then the same message is accepted."""
    mail.defer(times=2)
    for _ in range(2):
        with pytest.raises(aiosmtplib.SMTPDataError) as caught:
            await send(mail, letter())
        assert caught.value.code == 451
    await send(mail, letter())
    assert len(mail.messages) == 1


@pytest.mark.parametrize("kept", [True, False])
async def test_dropped_connection_hides_the_outcome(mail: SmtpStandIn, kept: bool) -> None:
    """A cut at the end of the message looks the same to the sender whether the message was kept or lost."""
    mail.drop(kept=kept)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(mail, letter())
    assert len(mail.messages) == int(kept)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_login_is_checked_when_credentials_are_set(security: Security) -> None:
    """With credentials an unknown sender gets 530, a wrong password 535, the right one is served."""
    trusted = ssl.create_default_context(cafile=CERTIFICATE)
    async with SmtpStandIn(credentials=("bot", "right"), security=security) as mail:
        server: dict[str, Any] = {"hostname": mail.host, "port": mail.port, "tls_context": trusted, "timeout": 5}
        server |= {"use_tls": security == "tls", "start_tls": security == "starttls"}
        with pytest.raises(aiosmtplib.SMTPSenderRefused) as refused:
            await aiosmtplib.send(letter(), **server)
        assert refused.value.code == 530
        with pytest.raises(aiosmtplib.SMTPAuthenticationError) as wrong:
            await aiosmtplib.send(letter(), **server, username="bot", password="wrong")
        assert wrong.value.code == 535
        await aiosmtplib.send(letter(), **server, username="bot", password="right")
        assert len(mail.messages) == 1


async def test_nothing_is_offered_before_tls() -> None:
    """Before STARTTLS there is no sign-in and no mail; without TLS at all STARTTLS is not offered either."""
    async with (
        SmtpStandIn(**BEFORE_TLS) as mail,
        aiosmtplib.SMTP(hostname=mail.host, port=mail.port, start_tls=False) as client,
    ):
        await client.ehlo()
        assert (client.supports_extension("starttls"), client.supports_extension("auth")) == (True, False)
        assert (await client.execute_command(b"MAIL", b"FROM:<bot@example.com>")).code == 530
    async with (
        SmtpStandIn() as mail,
        aiosmtplib.SMTP(hostname=mail.host, port=mail.port, start_tls=False) as client,
    ):
        await client.ehlo()
        assert (client.supports_extension("starttls"), client.supports_extension("auth")) == (False, False)


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_the_certificate_is_its_own(security: Security) -> None:
    """Who does not trust the self-made certificate gets no connection."""
    async with SmtpStandIn(security=security) as mail:
        server: dict[str, Any] = {"hostname": mail.host, "port": mail.port, "timeout": 5}
        server |= {"use_tls": security == "tls", "start_tls": security == "starttls"}
        with pytest.raises((ssl.SSLCertVerificationError, aiosmtplib.SMTPConnectError), match="self-signed"):
            await aiosmtplib.send(letter(), **server)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Date", None),
        ("Date", "yesterday"),
        ("From", None),
        ("From", "nobody"),
        ("Message-ID", None),
        ("Message-ID", "<without a domain>"),
    ],
)
async def test_a_mail_without_a_proper_head(mail: SmtpStandIn, header: str, value: str | None) -> None:
    """What lacks From, Date or Message-ID, or has one that is none, is refused for good."""
    raw = letter()
    del raw[header]
    lines = raw.as_bytes()
    if value is not None:
        lines = f"{header}: {value}\r\n".encode() + lines
    async with aiosmtplib.SMTP(hostname=mail.host, port=mail.port, start_tls=False) as client:
        with pytest.raises(aiosmtplib.SMTPDataError) as refused:
            await client.sendmail("bot@example.com", ["alice@example.com"], lines)
    assert refused.value.code == 550
    assert "5.7.1" in refused.value.message
    assert mail.messages == []


@pytest.mark.parametrize(
    ("address", "code"),
    [("alice", 501), ("alice@host", 553), (f"{'a' * 65}@example.com", 501), ("alice@-example.com", 553)],
)
async def test_an_address_that_is_none(mail: SmtpStandIn, address: str, code: int) -> None:
    """An address has a mailbox of up to 64 characters, and a domain."""
    async with aiosmtplib.SMTP(hostname=mail.host, port=mail.port, start_tls=False) as client:
        await client.ehlo()
        await client.execute_command(b"MAIL", b"FROM:<bot@example.com>")
        reply = await client.execute_command(b"RCPT", f"TO:<{address}>".encode())
    assert reply.code == code


@pytest.mark.parametrize("known", [True, False])
async def test_accents_before_the_at(known: bool) -> None:
    """They need SMTPUTF8, which not every server has."""
    async with SmtpStandIn(smtputf8=known) as mail:
        if known:
            await send(mail, letter("grüße@example.com"))
        else:
            with pytest.raises(aiosmtplib.SMTPNotSupported):
                await send(mail, letter("grüße@example.com"))
        assert len(mail.messages) == int(known)


async def test_stop_does_not_wait_for_idle_callers() -> None:
    """Stopping cuts callers that are still connected instead of waiting for them."""
    mail = SmtpStandIn()
    await mail.start()
    client = aiosmtplib.SMTP(hostname=mail.host, port=mail.port)
    await client.connect()
    async with asyncio.timeout(2):
        await mail.stop()
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await client.noop()
