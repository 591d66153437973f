"""The mail stand-in, called by the client that the product uses."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage

import aiosmtplib
import pytest

from sandbox.smtp import SmtpStandIn


@pytest.fixture
async def mail() -> AsyncIterator[SmtpStandIn]:
    async with SmtpStandIn() as stand_in:
        yield stand_in


def letter(to: str = "alice@example.com", subject: str = "Your draft – ready") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "bot@example.com", to, subject
    message.set_content("Grüße, it is attached.")
    message.add_attachment(b"# Draft", maintype="text", subtype="markdown", filename="draft.md")
    return message


async def send(mail: SmtpStandIn, message: EmailMessage) -> None:
    await aiosmtplib.send(message, hostname=mail.host, port=mail.port, timeout=5)


async def test_accepted_message_is_kept_whole(mail: SmtpStandIn) -> None:
    """A sent message is kept with its envelope, its non-ASCII text and its attachment."""
    async with asyncio.timeout(5):
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


async def test_login_is_checked_when_credentials_are_set() -> None:
    """With credentials an unknown sender gets 530, a wrong password 535, the right one is served."""
    async with SmtpStandIn(credentials=("bot", "right")) as mail:
        with pytest.raises(aiosmtplib.SMTPSenderRefused) as refused:
            await send(mail, letter())
        assert refused.value.code == 530
        with pytest.raises(aiosmtplib.SMTPAuthenticationError) as wrong:
            await aiosmtplib.send(letter(), hostname=mail.host, port=mail.port, username="bot", password="wrong")
        assert wrong.value.code == 535
        await aiosmtplib.send(letter(), hostname=mail.host, port=mail.port, username="bot", password="right")
        assert len(mail.messages) == 1


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
