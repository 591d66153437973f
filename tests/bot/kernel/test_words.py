"""How numbers, spans, cut texts and titles read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.briefs.model import title_of
from bot.kernel.card import first_lines
from bot.kernel.translation import Reader, reading_as
from bot.kernel.words import count, duration, moment, own_day


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=48), "48 s"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=2, minutes=10), "2 h 10"),
        (timedelta(hours=23, minutes=59, seconds=58), "24 h"),
        (timedelta(days=3) - timedelta(seconds=2), "3 days"),
        (timedelta(minutes=59, seconds=40), "1 h"),
    ],
)
def test_span(span: timedelta, words: str) -> None:
    """A span reads as its largest units, and seconds after three days were chosen it is still three days."""
    assert duration(span) == words


def test_moment() -> None:
    """A moment says its zone."""
    assert moment(datetime(2026, 11, 26, 9, 5, tzinfo=UTC)) == "Thu 26 Nov, 09:05 UTC"


def test_a_business_day() -> None:
    """A business's day is named as it is there, whoever reads of it where another day is already."""
    midnight = datetime(2026, 11, 26, tzinfo=ZoneInfo("Asia/Karachi"))
    with reading_as(Reader(zone="America/New_York")):
        assert own_day(midnight) == "Thursday 26 Nov"


@pytest.mark.parametrize(("number", "words"), [(0, "0 tasks"), (1, "1 task"), (1200, "1,200 tasks")])
def test_count(number: int, words: str) -> None:
    """One is one; all else is plural."""
    assert count(number, "task") == words


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("A page about lamps.\nMore.", "A page about lamps."),
        ("## Attached: offer.docx\nWords", "Attached: offer.docx"),
        ("***\n\n# The lamp", "The lamp"),
        ("Landing page for Nordwind, a bicycle courier in Hamburg. Delivery takes 48 hours.",
         "Landing page for Nordwind, a bicycle courier in Hamburg…"),
    ],
)  # fmt: skip
def test_title(text: str, title: str) -> None:
    """A title is the first line that says something, without marks, and no full stop stands before its ellipsis."""
    assert title_of(text) == title


def test_first_lines() -> None:
    """A cut text ends in its ellipsis alone."""
    assert first_lines("It folds flat. It weighs 140 grams.", 18) == "It folds flat…"
