"""The tiny form of the chaos trials; `python -m tests.chaos` runs the others."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.burst import kill_in_a_burst
from tests.chaos.faults import FAULTS
from tests.chaos.points import every_point
from tests.chaos.trial import Plan, at_points, at_random, with_fault

pytestmark = pytest.mark.timeout(150)
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
}
AIMED = ("stripe.invoice:after:1", "telegram.send:before:2")


async def test_random_kills(tmp_path: Path) -> None:
    """Four kills -9 at random over 20 briefs, with a tenth of the replies lost, lose nothing and double nothing."""
    outcome = await at_random(Plan(briefs=20, seed=11, kills=4), tmp_path)
    assert dict(outcome.findings.wrong) == {}
    assert (outcome.kills, outcome.ends) == (4, [])


async def test_undisturbed_people_hear_everything_once(tmp_path: Path) -> None:
    """Where nothing is killed or lost, no message comes twice."""
    outcome = await at_random(Plan(briefs=10, seed=12, lost=0.0, reviewed=0.0, clients=5), tmp_path)
    assert dict(outcome.findings.wrong) == {}
    assert +outcome.findings.repeated == {}


async def test_named_points(tmp_path: Path) -> None:
    """A death after Stripe's answer, and one before the work is sent, cost nothing."""
    outcome = await at_points(Plan(len(AIMED), 13, 0.0, clients=1), [(point,) for point in AIMED], tmp_path)
    assert dict(outcome.findings.wrong) == {}
    assert outcome.dead_at == list(AIMED)


@pytest.mark.parametrize(("name", "kind"), FOUND_AS.items())
async def test_planted_faults(name: str, kind: str, tmp_path: Path) -> None:
    """The same harness finds each fault that can be planted into the program, and names it."""
    outcome = await with_fault(name, 14, tmp_path)
    assert kind in outcome.findings.wrong


def test_every_planted_fault_is_tried() -> None:
    """No fault that can be planted is left out above."""
    assert FOUND_AS.keys() == FAULTS.keys()


def test_faults_aim_at_named_points() -> None:
    """Every point at which a planted fault is tried is a named one, tried without a fault too."""
    assert {point for planted in FAULTS.values() for point in planted.points} <= {*every_point()}


async def test_kill_in_a_burst(tmp_path: Path, measured: Callable[[str], None]) -> None:
    """A kill with 20 briefs under way and 12 invoice cards out: none is lost, and the one on its way comes again."""
    burst = await kill_in_a_burst(20, 12, tmp_path)
    assert dict(burst.findings.wrong) == {}
    measured(f"after a kill with 20 briefs under way {burst.repeated} of {burst.out} invoice cards came again")
    assert burst.repeated <= 1
