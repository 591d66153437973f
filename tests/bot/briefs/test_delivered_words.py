"""The work as its client reads it in the chat."""

from datetime import UTC, datetime

import pytest

from bot.briefs.cards import being_written, delivery
from bot.briefs.model import Draft
from bot.kernel.task_type import TaskType
from bot.kernel.text.fitting import LONGEST_TEXT, MOST_ENTITIES, fits, formats
from tests.briefs import made_up

BRIEF = made_up("t", TaskType.DRAFTING, id=1001, title="A table")
WORK = {
    "a table": "| a | b |\n|---|---|\n" + "| x | a longer cell here |\n" * 10,
    "a table that grows": "|a|b|c|d|e|f|g|h|\n|-|-|-|-|-|-|-|-|\n" + "x\n" * 600 + "|a cell of some length|" * 4,
    "links": "[a](https://example.org/with/a/long/address/to/go/to) " * 120,
    "bold code": "**a `b` c** " * 60,
    "prose": "Words and *words*. " * 400,
}


@pytest.mark.parametrize("text", WORK.values(), ids=WORK)
def test_it_fits_and_nothing_is_dropped(text: str) -> None:
    """Whatever the work is made of, what is shown of it fits a message, and its formatting is whole or left away."""
    draft = Draft(1, 1001, 1, text, "h", "m", datetime.now(UTC))
    for shown in (delivery(BRIEF, draft, prose=True).text, being_written(BRIEF, text)):
        assert fits(shown, LONGEST_TEXT)
        assert formats(shown) <= MOST_ENTITIES


def test_a_table_is_shown_aligned() -> None:
    """A small table stands in the message in columns."""
    draft = Draft(1, 1001, 1, WORK["a table"], "h", "m", datetime.now(UTC))
    assert "<pre>a  b\n─" in delivery(BRIEF, draft, prose=True).text
