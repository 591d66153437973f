"""Which messages are one text, and how it is put together."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.intake.long_texts import Part, follows, joined, may_go_on, separator

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def part(number: int, text: str, seconds: int = 0, sender: str = "") -> Part:
    return Part(1, number, "telegram:1:1", text, NOW + timedelta(seconds=seconds), sender)


FIRST = part(1, "x" * 4_000)


@pytest.mark.parametrize(
    ("before", "after", "one"),
    [
        (FIRST, part(9, "the rest"), True),
        (FIRST, part(2, "the rest", seconds=5), True),
        (FIRST, part(2, "the rest", seconds=6), False),
        (FIRST, part(2, "the rest", seconds=-1), False),
        (part(3, FIRST.text), part(2, "the rest"), False),
        (FIRST, part(2, "the rest", sender="Eve"), False),
        (part(1, FIRST.text, sender="Eve"), part(2, "the rest", sender="Eve"), True),
        (part(1, "x" * 2_100), part(2, "Thanks in advance"), False),
        (part(1, "x" * 2_100), part(2, "x" * 2_100), True),
        (part(1, "A brief."), part(2, "x" * 4_090), False),
        (part(1, "🌊" * 2_000), part(2, "the rest"), True),
    ],
)
def test_what_goes_on(before: Part, after: Part, one: bool) -> None:
    """A rest comes seconds after a part so long that both could not have been one message, from the same hand."""
    assert follows(before, after) == one


def test_what_may_go_on() -> None:
    """Half a message may have been cut off by the desktop's app, less than half may not."""
    assert may_go_on("x" * 2_049)
    assert not may_go_on("x" * 1_900)


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        ("one word", "another", "\n"),
        ("one word ", "another", ""),
        ("one word", "\nanother", ""),
        ("x" * 4_096, "x", ""),
        ("🌊" * 2_048, "🌊", ""),
        ("word " + "x" * 4_000, "x", "\n"),
        ("x" * 4_000 + " " + "y" * 95, "z", "\n"),
        ("x " + "y" * 4_094, "y", ""),
    ],
)
def test_what_stands_between(before: str, after: str, between: str) -> None:
    """A line break stands for the white space that an app took away, and nothing where it cut through a word."""
    assert separator(before, after) == between


def test_three_parts() -> None:
    """Each part brings what stands before it."""
    parts = [Part(1, n, "k", text, NOW, separator=between) for n, text, between in ((1, "a", ""), (2, "b", "\n"))]
    assert joined([*parts, Part(1, 3, "k", "c", NOW)]) == "a\nbc"
