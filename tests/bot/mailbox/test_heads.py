"""Mails that somebody made to hurt or to deceive: read within limits, and taken for nothing that they are not."""

import pytest

from bot.adapters.documents.documents import DocumentReader
from bot.kernel.errors import Refusal
from bot.mailbox.heads import read
from bot.mailbox.model import MOST_BYTES, Kind, RawMail, ReadMail
from bot.mailbox.words import LONGEST, own_words

OWN = "studio@example.org"


def of(head: str | bytes, body: str | bytes = "Hello", size: int | None = None) -> ReadMail:
    """A mail with this head below From."""
    given = [one.encode() if isinstance(one, str) else one for one in (head, body)]
    data = b"From: Anna <anna@example.net>\r\n" + given[0] + b"\r\n\r\n" + given[1]
    return read(RawMail(1, len(data) if size is None else size, data), OWN)


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("=?utf-8?b?R3LDvMOfZQ==?=", "Grüße"),
        ("=?iso-8859-1?q?Gr=FC=DFe?=", "Grüße"),
        ("=?x-nobody-knows?q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8?b?%%%?=", "=?utf-8?b?%%%?="),
        ("=?utf-8?q?=FF=FE?=", "��"),
        ("سوال".encode(), "سوال"),
        (b"Gr\xfc\xdfe", "Gr��e"),
        ("a\x00b\x07\x1b[31m", "ab [31m"),
        ("Hi\r\n Bcc: eve@example.net", "Hi Bcc: eve@example.net"),
        ("x" * 9_000, "x" * 199 + "…"),
        ("", ""),
    ],
)
def test_subjects(subject: str | bytes, shown: str) -> None:
    """In whichever letters it says it is, or none: one line of words that can be shown."""
    given = subject.encode() if isinstance(subject, str) else subject
    assert of(b"Subject: " + given).mail.subject == shown


@pytest.mark.parametrize(
    ("sender", "name", "address"),
    [
        ("Zoë <zoe@example.net>", "Zoë", "zoe@example.net"),
        ("ZOE@Example.Net", "", "zoe@example.net"),
        ("=?utf-8?q?Zo=C3=AB?= <zoe@example.net>", "Zoë", "zoe@example.net"),
        ("zoe@bücher.example", "", "zoe@xn--bcher-kva.example"),
        ("undisclosed-recipients:;", "", ""),
        ("<zoe@>", "", ""),
        ("", "", ""),
    ],
)
def test_senders(sender: str, name: str, address: str) -> None:
    """An address that no answer could go to is none."""
    found = read(RawMail(1, 9, f"From: {sender}\r\n\r\nHello".encode()), OWN)
    assert (found.mail.name, found.mail.address) == (name, address)
    assert found.kind is (Kind.LETTER if address else Kind.NO_SENDER)


def test_ids() -> None:
    """Only what can be an id is taken for one, so that none of it becomes a header of ours."""
    head = "Message-ID: <a@b>\r\nReferences: <c@d> <e f> <g@h\r\n i> junk <j@k>\r\nIn-Reply-To: <j@k> <ü@x>"
    mail = of(head).mail
    assert (mail.message_id, list(mail.before)) == ("<a@b>", ["<c@d>", "<j@k>"])
    many = " ".join(f"<{n}@x>" for n in range(5_000))
    assert len(of(f"References: {many}").mail.before) == 30


def test_told_apart_by_what_they_are() -> None:
    """The same id twice is one mail only where sender, date and words are the same; without an id that is enough."""
    head = "Message-ID: <a@b>\r\nDate: Thu, 26 Nov 2026 12:00:00 +0000"
    assert of(head).mail.digest == of(head).mail.digest
    assert of(head).mail.digest != of(head, "Other words").mail.digest
    assert of("Subject: x").mail.digest == of("Subject: x").mail.digest
    assert of("Subject: x").mail.message_id == ""


@pytest.mark.parametrize(
    "head",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner=x",
        "Precedence: bulk",
        "List-Unsubscribe: <mailto:x@example.net>",
        "Return-Path: <>",
        "Content-Type: multipart/report; boundary=b",
    ],
)
def test_programs(head: str) -> None:
    """What a program wrote is for nobody to answer."""
    assert of(head).kind is Kind.AUTOMATIC


@pytest.mark.parametrize("sender", ["no-reply@example.net", "MAILER-DAEMON@example.net", "Studio <STUDIO@example.org>"])
def test_senders_that_are_programs(sender: str) -> None:
    """Neither is what comes from such an address, or from our own."""
    assert read(RawMail(1, 9, f"From: {sender}\r\n\r\nHello".encode()), OWN).kind is Kind.AUTOMATIC


def test_a_person_writes_of_a_bounce() -> None:
    """Our id in a person's mail, or in a holiday's answer, gives nothing up."""
    ours = f"<mail-1001.{'a' * 20}@example.org>"
    assert of(f"Subject: Undelivered\r\nIn-Reply-To: {ours}", f"Action: failed {ours}").kind is Kind.LETTER
    away = of(f"Subject: Away\r\nAuto-Submitted: auto-replied\r\nIn-Reply-To: {ours}")
    assert (away.kind, away.bounces) == (Kind.AUTOMATIC, ())


def test_bounces_without_a_report() -> None:
    """Old servers send words alone: the subject tells."""
    ours = f"<mail-1001.{'a' * 20}@example.org>"
    found = of("Subject: failure notice: delivery failed\r\nReturn-Path: <>", f"no such user\nMessage-ID: {ours}")
    assert found.kind is Kind.BOUNCE
    assert [(one.row, one.token, one.reason) for one in found.bounces] == [(1001, "a" * 20, "")]


HOSTILE = {
    "headers": (b"X-A: b\r\n" * 200_000, b"Hello"),
    "one header": (b"References: " + b"<" * 3_000_000, b"Hello"),
    "encoded words": (b"Subject: " + b"=?utf-8?q?a?= " * 100_000, b"Hello"),
    "folded": (b"Subject: x" + b"\r\n " * 300_000, b"Hello"),
    "nested": (b"Content-Type: multipart/mixed; boundary=a",
               b"--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" * 5_000),
    "rfc822": (b"Content-Type: message/rfc822", b"Content-Type: message/rfc822\r\n\r\n" * 8_000),
    "parts": (b"Content-Type: multipart/mixed; boundary=a", b"--a\r\n\r\nx\r\n" * 25_000),
    "diagnostics": (b"Return-Path: <>", b"Diagnostic-Code: x\n\t" * 20_000),
    "spaces": (b"Subject:" + b" " * 1_000_000 + b"deliver fail", b"Subject: " + b"deliver" * 30_000),
    "html": (b"Content-Type: text/html", b"<div>" * 50_000),
    "binary": (b"Content-Type: text/plain; charset=utf-7", bytes(range(256)) * 900),
    "bom": (b"Content-Transfer-Encoding: base64", b"=" * 200_000),
}  # fmt: skip


@pytest.mark.parametrize("bomb", HOSTILE)
async def test_bombs(bomb: str) -> None:
    """Whatever it is made of, its head is read, and its words are read or refused by a process of their own."""
    head, body = HOSTILE[bomb]
    mail = of(head, body)
    assert len(mail.mail.subject) <= 200
    assert len(mail.body) <= MOST_BYTES + (64 << 10)
    try:
        reading = await DocumentReader().read("mail.eml", mail.body, "message/rfc822")
    except Refusal:
        return
    assert len(own_words(reading.text)) <= LONGEST


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Yes.\n\nOn Tuesday Anna wrote:\n> Shall we?\n> Now?\n", "Yes."),
        ("Yes.\n-----Original Message-----\nFrom: x", "Yes."),
        ("> Shall we?\nYes.", "> Shall we?\nYes."),
        ("> only quoted", "> only quoted"),
        ("Dear team:\n\nHello", "Dear team:\n\nHello"),
    ],
)
def test_own_words(text: str, words: str) -> None:
    """What is answered, below the words, is left out; what is answered line by line stays."""
    assert own_words(text) == words


async def test_what_is_attached_is_named_and_not_read() -> None:
    """Files are named; nothing in them is read, and nothing is kept of them."""
    file = 'Content-Disposition: attachment; filename="run.exe"\n\nMZ secret'
    body = f"--b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: application/x-msdownload\n{file}\n--b--"
    mail = of("Content-Type: multipart/mixed; boundary=b", body)
    reading = await DocumentReader().read("mail.eml", mail.body, "message/rfc822")
    assert reading.text.strip() == "See below."
    assert "run.exe" in " ".join(reading.notes)
