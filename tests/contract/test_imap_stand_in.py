"""The mailbox stand-in, by the client that the product uses and by hand: it refuses what real servers refuse."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.mail.imap import ImapMailbox
from bot.kernel.errors import ProviderError
from bot.mailbox.model import MOST_BYTES, Mark
from sandbox.imap.server import ImapStandIn
from sandbox.smtp import CERTIFICATE

pytestmark = pytest.mark.wire
USER, PASSWORD = "studio@example.org", "app-password"


@pytest.fixture
async def box(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ImapStandIn]:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    async with ImapStandIn() as stand_in:
        yield stand_in


def client(box: ImapStandIn, password: str = PASSWORD, folder: str = "INBOX", user: str = USER) -> ImapMailbox:
    return ImapMailbox(box.host, box.port, user, password, folder)


async def test_in_order_and_to_the_end(box: ImapStandIn) -> None:
    """Mails come once each, oldest first, a few at a time, and nothing in the folder changes."""
    numbers = [box.folder.put(b"Subject: %d\n\nHello" % n) for n in range(5)]
    mark, seen = None, []
    for _turn in range(4):
        batch = await client(box).after(mark, 2)
        seen += [mail.number for mail in batch.mails]
        mark = batch.mark
        assert batch.more is (len(seen) < len(numbers))
    assert seen == numbers
    assert mark == Mark(box.folder.validity, numbers[-1])
    assert all(mail.flags == set() for mail in box.folder.mails)


async def test_where_to_begin(box: ImapStandIn) -> None:
    """At first only what came in the last days and nobody answered is read; nothing older ever is."""
    old = datetime.now(UTC) - timedelta(days=9)
    box.folder.put(b"Subject: old\n\nHello", at=old)
    box.folder.put(b"Subject: answered\n\nHello", flags={r"\Answered"})
    fresh = box.folder.put(b"Subject: fresh\n\nHello")
    batch = await client(box).after(None, 10)
    assert [mail.number for mail in batch.mails] == [fresh]
    assert (await client(box).after(batch.mark, 10)).mails == []
    box.folder.remove(fresh)
    assert (await client(box).after(Mark(box.folder.validity, 0), 1)).more


async def test_only_the_beginning_of_a_large_mail(box: ImapStandIn) -> None:
    """Of a mail no more is fetched than is read, and how large it is becomes known."""
    box.folder.put(b"Subject: large\n\n" + b"x" * (2 * MOST_BYTES))
    (mail,) = (await client(box).after(None, 10)).mails
    assert (len(mail.data), mail.size > 2 * MOST_BYTES) == (MOST_BYTES, True)


@pytest.mark.parametrize(
    ("changes", "words", "permanent"),
    [
        ({"password": "wrong"}, "AUTHENTICATIONFAILED", True),
        ({"folder": "Support"}, "NONEXISTENT", True),
        ({"user": "größe@example.org"}, "letters beyond ASCII", True),
        ({"user": 'a" "b'}, "AUTHENTICATIONFAILED", True),
    ],
)
async def test_refused_for_good(box: ImapStandIn, changes: dict[str, str], words: str, permanent: bool) -> None:
    """A wrong sign-in and a missing folder are faults of the settings, in the server's words."""
    with pytest.raises(ProviderError, match=words) as refused:
        await client(box, **changes).probe()
    assert refused.value.permanent is permanent


@pytest.mark.parametrize("code", ["UNAVAILABLE", "INUSE", "LIMIT"])
async def test_refused_in_passing(box: ImapStandIn, code: str) -> None:
    """What the server says is for now is no fault of the settings."""
    box.refuse(f"[{code}] Try again later")
    with pytest.raises(ProviderError, match="Try again later") as refused:
        await client(box).probe()
    assert not refused.value.permanent
    assert await client(box).probe() == 0


async def test_too_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes no more says goodbye at once, and that passes."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    async with ImapStandIn(most=0) as full:
        with pytest.raises(ProviderError) as refused:
            await client(full).probe()
    assert not refused.value.permanent


async def test_never_in_the_open() -> None:
    """A server without TLS, and one whose certificate nobody knows, get no password."""
    async with ImapStandIn(tls=False) as bare, ImapStandIn() as unknown:
        for box in (bare, unknown):
            with pytest.raises(ProviderError, match="no encrypted connection"):
                await client(box).probe()
            assert box.commands == []


async def test_by_hand(box: ImapStandIn) -> None:
    """Commands in the wrong state or of nobody's language are BAD, and a folder opened to be read only stays so."""
    trusted = ssl.create_default_context(cafile=str(CERTIFICATE))
    reader, writer = await asyncio.open_connection(box.host, box.port, ssl=trusted)
    assert (await reader.readline()).startswith(b"* OK [CAPABILITY IMAP4rev1")
    box.folder.put(b"Subject: x\n\nHello")
    for command, answer in (
        ("UID SEARCH ALL", "BAD"),
        ('EXAMINE "INBOX"', "BAD"),
        (f'LOGIN "{USER}" "{PASSWORD}"', "OK"),
        ('EXAMINE "INBOX"', "OK [READ-ONLY]"),
        ("UID STORE 1 +FLAGS (\\Seen)", "NO [READ-ONLY]"),
        ("UID SEARCH SOMEHOW", "BAD"),
        ("UID SEARCH SINCE 2026-11-26", "BAD"),
        ("UID FETCH 1 (BODY.PEEK[]<0.0>)", "BAD"),
        ("UID FETCH x (UID)", "BAD"),
        ("NONSENSE", "BAD"),
        ("LOGOUT", "OK"),
    ):
        writer.write(f"t1 {command}\r\n".encode())
        while not (line := (await reader.readline()).decode()).startswith("t1 "):
            assert line
        assert line.startswith(f"t1 {answer}"), (command, line)
    writer.close()
