"""Known-bad drafts: made from good ones, each bad in one way."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kernel.task_type import TaskType
from bot.quality.known_bad import WAYS, spoil
from bot.quality.model import CRITERIA, Floors, Result, evaluate
from sandbox.openai.judge import judge
from tests.house import BRIEF

PROSE = (
    "# Nordwind\n\nNordwind is a bicycle courier in Hamburg. We deliver within 48 hours.\n\n## Insurance\n\n"
    "Every parcel is insured up to 500 EUR. You need no paper for that.\n\n## Pickup\n\n"
    "Pickup is free, and takes one message to us."
)
ROWS = "name,parcels\nAnn,48\nBen,500\nCem,12\nDoro,7\nEmil,31\n"
GOOD = {task_type: ROWS if task_type is TaskType.DATA_TRANSFORM else PROSE for task_type in TaskType}


def test_every_way_is_used() -> None:
    """Each way of being bad fits at least one type of task, and each type has at least three."""
    chance = random.Random(1)
    ways = {t: {spoil(t, GOOD[t], chance.choice)[0] for _ in range(200)} for t in TaskType}
    assert set().union(*ways.values()) == set(WAYS)
    assert min(map(len, ways.values())) >= 3


@given(st.sampled_from(TaskType), st.text(min_size=1, max_size=500), st.randoms(use_true_random=False))
def test_any_draft_can_be_spoiled(task_type: TaskType, good: str, chance: random.Random) -> None:
    """Whatever the draft, a known-bad one can be made of it, and it is another one."""
    way, bad = spoil(task_type, good, chance.choice)
    assert way in WAYS
    assert bad != good


@pytest.mark.parametrize("way", sorted(set(WAYS) - {"half the rows"}))
def test_a_known_bad_draft_is_bad(way: str) -> None:
    """The stand-in's judge, which knows nothing of them, lets the good draft through and none of the spoiled ones."""
    material = {"brief": BRIEF, "draft": PROSE}
    assert passes(material)
    assert not passes(material | {"draft": WAYS[way](PROSE, lambda options: options[0])})


def passes(material: dict[str, str]) -> bool:
    verdicts = [(criterion, judge(criterion, material)) for criterion in CRITERIA]
    results = [Result(criterion, verdict.score, verdict.reason) for criterion, verdict in verdicts]
    return evaluate(1, 1, results, target=80, floors=Floors(), model="rules").passed
