"""A brief's history as steps."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.quality.model import Evaluation
from bot.replay.timeline import Called, Decided, Happened, Looked, Rows, steps

START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 4).map(lambda seconds: START + timedelta(seconds=seconds))
NAMES = st.sampled_from(["drafted", "approved", "edited"])
EVENTS = st.lists(st.builds(Happened, MOMENTS, NAMES, st.none(), st.just({})), max_size=6)
CALLS = st.builds(
    Called, MOMENTS, st.just("draft"), st.just("draft/1"), st.just("m"), st.just("ok"), st.just(1), st.just(1),
    st.integers(0, 1_000), st.just(1),
)  # fmt: skip
LOOKS = st.builds(Looked, MOMENTS, st.just(1), st.just(Evaluation(1, 1, (), None, passed=False, model="m")))
DECISIONS = st.builds(Decided, MOMENTS, NAMES, st.none(), st.just(1), st.just("hash"), st.none())


@given(events=EVENTS, calls=st.lists(CALLS), looks=st.lists(LOOKS), decisions=st.lists(DECISIONS, max_size=4))
def test_everything_is_told_once(
    events: list[Happened], calls: list[Called], looks: list[Looked], decisions: list[Decided]
) -> None:
    """Each event is a step of its own, each call, look and decision belongs to one step, in order of time, with the
    cost adding up.
    """
    told = steps(Rows(events, calls, looks, decisions))
    assert [step.at for step in told] == sorted(step.at for step in told)
    assert sorted(id(s.event) for s in told if s.event) == sorted(map(id, events))
    assert sorted(id(call) for s in told for call in s.calls) == sorted(map(id, calls))
    assert sorted(id(look) for s in told for look in s.looks) == sorted(map(id, looks))
    assert sorted(id(s.decision) for s in told if s.decision) == sorted(map(id, decisions))
    costs = [step.spent_micro_usd for step in told]
    assert costs == sorted(costs)
    assert (costs or [0])[-1] == sum(call.cost_micro_usd for call in calls)
