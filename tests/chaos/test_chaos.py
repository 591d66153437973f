"""The tiny form of the chaos trials; `python -m tests.chaos` runs the others."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.chaos.burst import kill_in_a_burst
from tests.chaos.cast import Plan
from tests.chaos.faults import FAULTS
from tests.chaos.planted import Path as Walked
from tests.chaos.points import every_point, refund_points, repair_points
from tests.chaos.refunds import COURSES
from tests.chaos.trial import at_points, at_random, with_fault

pytestmark = pytest.mark.timeout(300)
FOUND_AS = {
    "random-keys": "doubled invoice",
    "keys-in-memory": "doubled invoice",
    "sent-before-sending": "lost delivered text",
    "acknowledged-before-kept": "lost brief",
    "handled-before-handling": "lost brief",
    "answered-before-kept": "lost receipt",
    "task-gone-when-begun": "lost invoice",
    "delivered-outside": "lost delivered file",
    "invoice-made-anew": "doubled invoice",
    "posted-without-key": "doubled posting",
    "money-not-posted": "ledger: money taken",
    "row-made-blindly": "Job Log row",
    "refund-keys-in-memory": "doubled refund",
    "silence-is-failure": "refund told otherwise",
    "refund-posted-without-key": "doubled posting",
    "refund-not-posted": "ledger: money sent back",
    "repaired-by-the-mismatch": "ledger: balance at Stripe",
}
AIMED: dict[Walked, tuple[str, ...]] = {
    "brief": ("stripe.invoice:after:1", "telegram.send:before:2"),
    "refund": ("stripe.refund:before:1", "stripe.refund:after:1"),
    "repair": ("stripe.read_invoice:after:1", "stripe.moves:after:1"),
}
NAMED: dict[Walked, Sequence[str]] = {"brief": every_point(), "refund": refund_points(), "repair": repair_points()}


async def test_random_kills(tmp_path: Path) -> None:
    """Four kills -9 at random over 20 briefs, with a tenth of the replies lost, lose nothing and double nothing; nor of
    what is sent back of every fourth, nor in the books, which are repaired meanwhile.
    """
    outcome = await at_random(Plan(briefs=20, seed=11, kills=4, refunded=0.25), tmp_path)
    assert dict(outcome.findings.wrong) == {}
    assert (outcome.kills, outcome.ends) == (4, [])
    assert outcome.refunds >= len(COURSES)
    assert outcome.repairs


async def test_undisturbed_people_hear_everything_once(tmp_path: Path) -> None:
    """Where nothing is killed or lost, no message comes twice."""
    plan = Plan(briefs=10, seed=12, lost=0.0, reviewed=0.0, refunded=0.5, clients=5)
    outcome = await at_random(plan, tmp_path)
    assert dict(outcome.findings.wrong) == {}
    assert +outcome.findings.repeated == {}


@pytest.mark.parametrize("path", AIMED)
async def test_named_points(path: Walked, tmp_path: Path) -> None:
    """A death around a call of Stripe's, or before the work is sent, costs nothing."""
    entries = [(point,) for point in AIMED[path]]
    outcome = await at_points(Plan(len(entries), 13, 0.0, clients=1), entries, tmp_path, path=path)
    assert dict(outcome.findings.wrong) == {}
    assert outcome.dead_at == list(AIMED[path])


@pytest.mark.parametrize(("kind", "name"), {kind: name for name, kind in FOUND_AS.items()}.items())
async def test_planted_faults(kind: str, name: str, tmp_path: Path) -> None:
    """The same harness finds faults of each kind that are planted into the program, and names them; `python -m
    tests.chaos --faults` plants every one.
    """
    outcome = await with_fault(name, 14, tmp_path)
    assert kind in outcome.findings.wrong


def test_every_planted_fault_is_known() -> None:
    """Of each fault that can be planted it is known as what it is found."""
    assert FOUND_AS.keys() == FAULTS.keys()


def test_faults_aim_at_named_points() -> None:
    """Every point at which a planted fault is tried is a named one, tried without a fault too."""
    for planted in FAULTS.values():
        assert {*planted.points} <= {*NAMED[planted.path]}


async def test_kill_in_a_burst(tmp_path: Path, measured: Callable[[str], None]) -> None:
    """A kill with 20 briefs under way and 12 invoice cards out: none is lost, and the one on its way comes again."""
    burst = await kill_in_a_burst(20, 12, tmp_path)
    assert dict(burst.findings.wrong) == {}
    measured(f"after a kill with 20 briefs under way {burst.repeated} of {burst.out} invoice cards came again")
    assert burst.repeated <= 1
