"""Files as programs of before, and exporters, write them: each is read, and none is called broken for it."""

import pytest

from tests.bombs import docx
from tests.reading import reading
from tests.word import body, paragraph, run

HELLO = run("Hello world")
NOTED = "<!-- made by an exporter -->"


@pytest.mark.parametrize(
    "inner",
    [
        f"<w:p>{NOTED}{HELLO}</w:p>",
        f"<w:p><?exporter 1?>{HELLO}</w:p>",
        f'<w:p><w:hyperlink w:anchor="a">{NOTED}{HELLO}</w:hyperlink></w:p>',
        f"<w:tbl>{NOTED}<w:tr>{NOTED}<w:tc>{NOTED}<w:p>{NOTED}{HELLO}</w:p></w:tc></w:tr></w:tbl>",
    ],
)
def test_notes_in_the_xml(inner: str) -> None:
    """Notes that a program wrote into a Word file's XML for itself are passed over, wherever they stand."""
    assert reading("a.docx", docx(inner)).text == "Hello world"


def test_ruby_without_its_base() -> None:
    """A reading aid without the words that it stands over takes no paragraph with it."""
    assert reading("a.docx", body(paragraph("<w:r><w:ruby/></w:r>", "<w:ruby/>", HELLO))).text == "Hello world"


@pytest.mark.parametrize(
    ("data", "text", "rows"),
    [
        ("Größe;Preis\rLampe;3,50\rSeil;2\r".encode("mac-roman"), "Größe;Preis\nLampe;3,50\nSeil;2", "3 rows"),
        (b"a,b\nx\ry,2\n", "a,b\nx\ny,2", "3 rows"),
        (b"a,b\r\n1,2\r\n", "a,b\r\n1,2", "2 rows"),
    ],
    ids=["as Excel saves for Macintosh", "a stray one", "as Windows ends lines"],
)
def test_ends_of_lines(data: bytes, text: str, rows: str) -> None:
    """A table whose lines end as those of old Macs is read line by line."""
    found = reading("list.csv", data)
    assert (found.text, found.extent) == (text, rows)


@pytest.mark.parametrize("page", ["utf-8", "cp1252"])
def test_a_mail_whose_head_is_not_coded(page: str) -> None:
    """Names and subject of a mail are read with their letters where nobody coded them."""
    head = "From: Jörg Müller <joerg@example.org>\r\nSubject: Größe der Straße und\r\n der Plätze\r\n"
    found = reading("a.eml", f"{head}To: a@example.org\r\n\r\nHallo, schöne Grüße!\r\n".encode(page))
    assert found.text.splitlines()[:3] == [
        "Subject: Größe der Straße und der Plätze",
        "From: Jörg Müller <joerg@example.org>",
        "To: a@example.org",
    ]
    assert "schöne Grüße" in found.text


def test_rtf_with_signs_that_there_are_not() -> None:
    """Numbers that are no characters' are damaged ones, and the rest of the file is read."""
    found = reading("a.rtf", rb"{\rtf1\ansi one \u99999999? two \u-70000? three}")
    assert [word for word in found.text.split() if word != "�"] == ["one", "two", "three"]
    assert found.notes == ("some of its characters could not be read",)
