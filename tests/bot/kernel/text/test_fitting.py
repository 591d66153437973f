"""What one message holds, and what becomes of a Card that is more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kernel.card import Button, Card, Document, bold, escape
from bot.kernel.text.fitting import as_edit, beginning, can_link, fits, fitted, plain, shortened, units

BOLD_A = "\N{MATHEMATICAL SANS-SERIF BOLD SMALL A}"


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("x" * 4096, True),
        ("x" * 4097, False),
        (BOLD_A * 2048, True),
        (BOLD_A * 2049, False),
        (f"<b>{'x' * 4096}</b>", True),
        ("&amp;" * 4096, True),
        ("&quot;" * 4096, True),
        ("&#128512;" * 2048, True),
        ("x" + " " * 32_767, False),
        ("&#x1F600;" * 3700, False),
        ("<b>x</b>" * 791, True),
        ("<b>x</b>" * 792, False),
    ],
)
def test_what_fits(text: str, fine: bool) -> None:
    """The words count in UTF-16 code units after parsing, the markup in bytes before, the formatting all together."""
    assert fits(text) is fine


def test_too_many_links() -> None:
    """Sixty long links are too much, however few words they are."""
    assert not fits("".join(f'<a href="https://example.org/{"x" * 150}">x</a>' for _ in range(60)))


def test_a_long_card() -> None:
    """Too long a text is shown by its beginning, and all of it is in a file; its buttons stay."""
    card = fitted(Card(bold("All of it") + "\n" + escape("a < b " * 1000), ((Button("Go", "go"),),)))
    assert card.text.startswith("All of it\na &lt; b ")
    assert card.document is not None
    assert card.document.content == "All of it\n" + "a < b " * 1000
    assert [button.label for row in card.rows for button in row] == ["Go"]
    assert fits(card.text, 1024)


def test_a_long_caption() -> None:
    """Words that are too many for a file's caption are cut, and the file stays."""
    file = Document("a.txt", "content")
    card = fitted(Card("x " * 600, document=file))
    assert (card.document, fits(card.text, 1024)) == (file, True)


def test_a_long_edit() -> None:
    """A text that takes another's place stays a text."""
    card = as_edit(Card("x " * 3000))
    assert card.document is None
    assert fits(card.text)
    assert "too long to be shown here" in card.text


@given(
    st.text(alphabet=st.sampled_from(f"a <&>\n{BOLD_A}\N{GRINNING FACE}"), min_size=1, max_size=3000),
    st.integers(10, 900),
)
def test_beginnings(text: str, limit: int) -> None:
    """A beginning is never longer than it may be, breaks no letter, and is safe to show."""
    words = plain(beginning(text, limit))
    assert units(words) <= limit + 1
    assert text.startswith(words.removesuffix("…"))


@given(st.text(max_size=6000))
def test_whatever_is_written_fits(text: str) -> None:
    """Any text can be shown once it is shortened."""
    assert fits(shortened(Card(escape(text))).text, 1024)


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://pay.example.org/i/1", True),
        ("http://127.0.0.1:8080/i", True),
        ("http://[2001:db8::1]/i", True),
        ("tg://user?id=5", True),
        ("http://localhost:8080/i", False),
        ("https://studio/i", False),
        ("ftp://pay.example.org", False),
        ("javascript:alert(1)", False),
        ("http://[broken", False),
    ],
)
def test_links(url: str, fine: bool) -> None:
    """A button leads to http, https or tg, and to a host with a dot or an IPv6 address; else it becomes words."""
    assert can_link(url) is fine
    card = fitted(Card("Pay here", ((Button("Pay 5 & more", url=url), Button("Later", "later")),)))
    assert [button.label for row in card.rows for button in row] == (["Pay 5 & more"] if fine else []) + ["Later"]
    assert card.text == ("Pay here" if fine else f"Pay here\nPay 5 &amp; more: {escape(url)}")
