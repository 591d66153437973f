"""What the program does with a text that a stranger wrote takes no time, whatever the text is."""

from collections.abc import Callable
from functools import partial

import pytest

from bot.briefs.model import LONGEST_TEXT
from bot.checks.leftovers.open_facts import left_open
from bot.kernel.text import fitting, markdown
from bot.quality import injection
from tests.costs import dearer

# What is repeated; a pattern that looks at some of them again and again takes many seconds.
UNITS = ("a", " ", "\n", "- ", "**a", "`", "<a", "ignore all ", "\u0301", "\u200b", "\ufdfa", "???", "TBC ")
MOST_TIMES = 250  # as one step for each character takes; what grows with the text alone takes up to 50


@pytest.mark.parametrize("look", [injection.inspect, fitting.plain, fitting.fits, markdown.to_html, left_open])
def test_long_texts(look: Callable[[str], object]) -> None:
    """What looks at a whole text takes about as long for any longest brief, whatever is repeated in it."""
    slow = {}
    for unit in UNITS:
        text = (unit * LONGEST_TEXT)[:LONGEST_TEXT]
        slow[unit] = dearer(partial(look, text), partial(_once_through, text), MOST_TIMES)
    assert {unit: times for unit, times in slow.items() if times} == {}


def _once_through(text: str) -> int:
    return sum(ord(character) for character in text)
