"""How numbers, spans, cut texts and titles read."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.briefs.model import title_of, work_of
from bot.kernel.card import first_lines
from bot.kernel.text.words import bar, count, duration, moment, own_day, share, usd
from bot.kernel.translation import Reader, reading_as


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=48), "48 s"),
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(hours=23, minutes=59, seconds=58), "24 h"),
        (timedelta(days=3) - timedelta(seconds=2), "3 days"),
        (timedelta(minutes=59, seconds=40), "1 h"),
    ],
)
def test_span(span: timedelta, words: str) -> None:
    """A span reads as its largest units, and seconds after three days were chosen it is still three days."""
    assert duration(span) == words


@pytest.mark.parametrize(
    ("micro", "words"),
    [
        (0, "0.00 USD"),
        (1, "under 0.01 USD"),
        (9_999, "under 0.01 USD"),
        (10_000, "0.01 USD"),
        (23_400, "0.02 USD"),
        (1_240_500_000, "1,240.50 USD"),
    ],
)
def test_cost(micro: int, words: str) -> None:
    """What models cost has two decimals; what is less than a cent, and not nothing, says so."""
    assert usd(micro) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(1, 2, "1 of 2"), (0, 19, "0 of 19"), (8, 20, "40 %"), (0, 0, "0 of 0")],
)
def test_share(part: int, whole: int, words: str) -> None:
    """A share of fewer than 20 is told as the two numbers, and any other as a percentage."""
    assert share(part, whole) == words


def test_bar() -> None:
    """A bar's figure reads as every percentage does."""
    assert bar(70) == "▓▓▓▓▓▓▓░░░ 70 %"


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


@pytest.mark.parametrize(
    ("title", "work"),
    [
        ("Write a landing page text for Nordwind, a bicycle courier in…", "Landing page text for Nordwind"),
        ("Please write me a product page for our solar lamp, about 200…", "Product page for our solar lamp"),
        ("Could you draft the newsletter for May.", "Newsletter for May"),
        ("Compare three courier bags by volume, weight", "Compare three courier bags by volume, weight"),
        ("Escribe una página para Nordwind, mensajería", "Escribe una página para Nordwind, mensajería"),
        ("Write an…", "Write an…"),
    ],
)  # fmt: skip
def test_work(title: str, work: str) -> None:
    """An order for a text is told as the text; what is worded otherwise stays as it is."""
    assert work_of(title) == work


def test_first_lines() -> None:
    """A cut text ends in its ellipsis alone."""
    assert first_lines("It folds flat. It weighs 140 grams.", 18) == "It folds flat…"
