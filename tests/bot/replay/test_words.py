"""How the steps of a brief's history read."""

from datetime import UTC, datetime

import pytest

from bot.areas import EVENTS
from bot.kernel.task_type import TaskType
from bot.kernel.translation import Reader, reading_as
from bot.quality.model import CRITERIA, Evaluation, Result
from bot.replay.cards import DATA, OUTCOMES, PURPOSES, WORDS, step_card
from bot.replay.timeline import Called, Decided, Happened, Looked, Place, Step
from tests.pseudo_locale import LANGUAGE, escaped_in, installed

AT = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
CALLS = tuple(
    Called(AT, purpose, "draft/1", "gpt", outcome, 1, 2, 30_000, 400)
    for purpose in PURPOSES
    for outcome in ("ok", *OUTCOMES)
)
LOOKS = (
    Looked(AT, 1, Evaluation(1, 1, tuple(Result(c, 10, "") for c in CRITERIA), 1000, passed=False, model="gpt")),
    Looked(AT, 1, Evaluation(1, 1, (), None, passed=False, model="gpt")),
)
TOLD = dict.fromkeys(DATA, "Bob") | {"type": TaskType.RESEARCH.value}


def test_every_event_has_words() -> None:
    """Whatever can happen to a brief is told in words of its own."""
    names = {name.removeprefix("brief.") for area in EVENTS.values() for name in area if name.startswith("brief.")}
    assert names - set(WORDS) == set()


@pytest.mark.parametrize("name", WORDS)
def test_nothing_escapes(name: str) -> None:
    """Each step is told in the reader's language, by a person, by the gate, or by itself."""
    steps = (
        Step(AT, Happened(AT, name, "Bob", TOLD), CALLS, LOOKS),
        Step(AT, Happened(AT, name, None, {}), decision=Decided(AT, "approved", None, 1, "0123", None)),
        Step(AT, None, CALLS[:1]),
        Step(AT, None, (), LOOKS[:1]),
    )
    with installed(), reading_as(Reader(LANGUAGE)):
        found = [
            escaped_in(step_card(Place(1042, step, 2, 3)), ["draft/1", "gpt", "Bob", "UTC", "USD", "Nov"])
            for step in steps
        ]
    assert found == [[]] * len(steps)
