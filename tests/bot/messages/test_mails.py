"""Mails made of Cards: words and page say the same, and a page is what mail programs can show."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from bot.adapters.mail.message import MOST_BYTES, built
from bot.config.mail_addresses import MailAddress
from bot.kernel.card import Button, Card, Document, escape
from bot.kernel.errors import ProviderError
from bot.kernel.translation import Reader, reading_as
from bot.messages.mails import MailMessage, from_payload, id_of, mail_of, to_payload
from tests.mails import said

PNG, PDF = Document.of("chart.png", b"\x89PNG-bytes"), Document.of("informe-ñ.pdf", b"%PDF-1.7")
STUDIO, CAROL = MailAddress.parse("Studio <studio@example.org>"), MailAddress.parse("carol@example.org")
CARD = Card(
    "<b>Tuesday 24 Nov</b>\nRevenue <i>1 &lt; 2</i>\n<blockquote>quoted</blockquote>\n<pre>a\n b</pre>",
    ((Button("Pay", url="https://pay.example.org/?a=1&b=2"), Button("Tap", "report", 1)),),
    document=PDF,
    picture=PNG,
)


def sent(mail: MailMessage) -> EmailMessage:
    """As its reader's program gets it."""
    return message_from_bytes(built(STUDIO, CAROL, mail, id_of(1001, mail.token)).as_bytes(), policy=default)


def test_its_parts() -> None:
    """Words and page are alternatives, the picture is shown inside the page by its id, the PDF is beside."""
    mail = sent(from_payload(to_payload(mail_of("Report", CARD))))
    kinds = [part.get_content_type() for part in mail.walk()]
    assert kinds == [
        "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png",
        "application/pdf",
    ]  # fmt: skip
    (picture,) = (part for part in mail.walk() if part.get_content_type() == "image/png")
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in said(mail, "html")
    assert picture.get_content_disposition() == "inline"
    assert [part.get_filename() for part in mail.iter_attachments()] == ["informe-ñ.pdf"]


def test_words_and_page_say_the_same() -> None:
    """What is formatted is plain in the words; a link is led to from both, and what only a chat can tap is left out."""
    mail = mail_of("Report", CARD)
    assert mail.text == "Tuesday 24 Nov\nRevenue 1 < 2\nquoted\na\n b\n\nPay: https://pay.example.org/?a=1&b=2\n"
    assert "Revenue <i>1 &lt; 2</i>" in mail.page
    assert 'href="https://pay.example.org/?a=1&amp;b=2"' in mail.page
    assert "Tap" not in mail.page


def test_nothing_in_a_page_runs_or_is_fetched() -> None:
    """What somebody wrote is words in the page; of a Card's own markup nothing unknown is passed on."""
    words = escape('<script>x()</script><img src="https://t.example.org/p.png">')
    card = Card(
        f'<b>Hi</b>\n{words}<tg-spoiler>s</tg-spoiler><a href="javascript:x()">y</a><a href="tg://user?id=1">z</a>'
    )
    page = mail_of("Hi", card).page
    assert "&lt;script&gt;" in page
    assert re.findall(r"<(script|img|tg-spoiler|link|iframe)", page) == []
    assert "javascript:" not in page
    assert "tg://" not in page
    assert re.findall(r'<[a-z]+ [^>]*(?:src|href)="([^"]*)"', page) == []


def test_from_the_right() -> None:
    """In Urdu the whole page runs from the right, and what is quoted has its line there."""
    with reading_as(Reader("ur")):
        page = mail_of("رپورٹ", CARD).page
    assert '<html lang="ur" dir="rtl">' in page
    assert page.count('dir="rtl"') == 4
    assert 'align="right"' in page
    assert "border-right:3px" in page
    assert "border-left" not in page


def test_letters_never_stand_without_their_ground() -> None:
    """Whatever gives letters a colour gives their ground one too, and dark colours are ours, so that none vanish."""
    page = mail_of("Report", CARD).page
    styles = re.findall(r'style="([^"]*)"', page)
    coloured = [style for style in styles if re.search(r"(?<!-)\bcolor:", style)]
    assert all("background" in style for style in coloured if not style.startswith("color:#0b6b5d"))
    assert '<meta name="color-scheme" content="light dark">' in page
    assert "prefers-color-scheme:dark" in page


def test_what_a_machine_wrote() -> None:
    """It says so, so that no holiday's answer comes; what a person wrote does not, and stands below what it answers."""
    assert sent(mail_of("Report", CARD))["Auto-Submitted"] == "auto-generated"
    answer = MailMessage("Re: Hi", "Yes.\n", answers="<b@x.example>", thread=("<a@x.example>",), by_hand=True)
    mail = sent(from_payload(to_payload(answer)))
    assert mail["Auto-Submitted"] is None
    assert mail["In-Reply-To"] == "<b@x.example>"
    assert mail["References"] == "<a@x.example> <b@x.example>"


def test_its_id_is_its_own() -> None:
    """The same row is the same mail however often it is sent; nobody can guess the id of another's."""
    payload = to_payload(mail_of("Report", CARD))
    first, again = from_payload(payload), from_payload(payload)
    assert sent(first)["Message-ID"] == sent(again)["Message-ID"] == f"<mail-1001.{first.token}@example.org>"
    assert from_payload(to_payload(mail_of("Report", CARD))).token != first.token


def test_a_row_of_before() -> None:
    """A mail that was written down by the program before is sent as it is."""
    mail = sent(from_payload({"subject": "Tuesday", "text": "Grüße"}))
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().strip() == "Grüße"
    assert mail["Message-ID"] == "<mail-1001@example.org>"


def test_a_subject_is_one_line() -> None:
    """No line of a subject becomes a header."""
    assert mail_of("Hi\r\nBcc: eve@example.org", CARD).subject == "Hi Bcc: eve@example.org"
    assert len(mail_of("x" * 500, CARD).subject) == 200


def test_too_large_a_file() -> None:
    """What no mail server takes is given up at once, with words."""
    mail = MailMessage("x", "x", files=(Document.of("x.pdf", b"x" * (MOST_BYTES + 1)),))
    with pytest.raises(ProviderError, match="larger than mail servers take") as refused:
        built(STUDIO, CAROL, mail, "x")
    assert refused.value.permanent
