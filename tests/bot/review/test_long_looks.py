"""What the program does with a text that a stranger wrote takes no time, whatever the text is."""

import time
from collections.abc import Callable

import pytest

from bot.briefs.model import LONGEST_TEXT
from bot.kernel import fitting, markdown
from bot.quality import injection

# What is repeated; a pattern that looks at some of them again and again takes many seconds.
UNITS = ("a", " ", "\n", "- ", "**a", "`", "<a", "ignore all ", "\u0301", "\u200b", "\ufdfa")
SECONDS = 0.5  # of this process; what grows with the text alone takes a tenth of it


@pytest.mark.parametrize("look", [injection.inspect, fitting.plain, fitting.fits, markdown.to_html])
def test_long_texts(look: Callable[[str], object]) -> None:
    """What looks at a whole text goes through the longest brief in a moment, whatever is repeated in it."""
    slow = {}
    for unit in UNITS:
        before = time.process_time()
        look((unit * LONGEST_TEXT)[:LONGEST_TEXT])
        slow[unit] = time.process_time() - before
    assert {unit: took for unit, took in slow.items() if took > SECONDS} == {}
