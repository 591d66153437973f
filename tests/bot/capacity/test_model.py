"""What is too much, and how many tasks a worker should run at a time."""

from dataclasses import replace

import pytest

from bot.capacity.model import Answers, Bounds, Measured, Reading, held_against, next_size, pressed, workers_needed
from bot.capacity.settings import CapacitySettings
from bot.kernel.tasks import Load

LIMITS = CapacitySettings(_env_file=None)  # type: ignore[call-arg]
CALM = Reading(Measured(cpu=20, memory=50, own_bytes=120_000_000, free_bytes=50_000_000_000, database_bytes=1), 0, 3)
FULL = Reading(Measured(cpu=95, memory=96, own_bytes=1, free_bytes=900_000_000, database_bytes=1), 501, 251)
FINE = Answers(calls=50, failed=0, latency_ms=900, usual_ms=1000)
BOUNDS = Bounds(least=5, normal=50, most=200)
IDLE = Load(ready=0, running=0, size=50, everywhere=0)
BUSY = Load(ready=40, running=50, size=50, everywhere=50)


def test_a_calm_machine() -> None:
    """Nothing is over its limit."""
    assert [held.rule for held in held_against(CALM, LIMITS) if held.over is not False] == []
    assert pressed(CALM, LIMITS) is None


def test_a_full_machine() -> None:
    """Each of the five is over its own limit."""
    over = {held.rule for held in held_against(FULL, LIMITS) if held.over}
    assert over == {"cpu_busy", "memory_low", "disk_low", "loop_late", "queue_long"}


def test_just_below_the_limit() -> None:
    """Between the limit and nine tenths of it an alert stays as it is, so that it does not come and go."""
    near = replace(CALM, machine=replace(CALM.machine, cpu=85, free_bytes=1_050_000_000), queue=470)
    assert {held.rule: held.over for held in held_against(near, LIMITS)} == {
        "cpu_busy": None, "memory_low": False, "loop_late": False, "queue_long": None, "disk_low": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("load", "answers", "pressure", "size"),
    [
        (IDLE, FINE, None, 50),  # quiet: a burst finds all room
        (BUSY, FINE, None, 60),
        (replace(BUSY, size=195, running=195), FINE, None, 200),
        (replace(BUSY, size=200, running=200), FINE, None, 200),
        (replace(BUSY, running=20), FINE, None, 50),  # what waits will be begun in a moment
        (IDLE, replace(FINE, failed=10), None, 40),
        (IDLE, replace(FINE, latency_ms=2000), None, 40),
        (IDLE, replace(FINE, calls=9, failed=9), None, 50),  # too few to say anything
        (IDLE, FINE, "memory is short", 40),
        (replace(IDLE, running=45), FINE, "memory is short", 45),  # never below what runs
        (replace(IDLE, size=6), FINE, "memory is short", 5),
        (replace(IDLE, size=5), FINE, "memory is short", 5),
        (replace(IDLE, size=20), FINE, None, 24),  # back to the setting
        (replace(IDLE, size=120), FINE, None, 96),
        (replace(IDLE, size=120, running=110), FINE, None, 120),
        (replace(IDLE, size=900), FINE, None, 160),  # bounds that are others since
    ],
)
def test_one_step(load: Load, answers: Answers, pressure: str | None, size: int) -> None:
    """Down under strain, up where work waits, else back to the setting; a fifth at a time, within the bounds."""
    assert next_size(load, answers, pressure, BOUNDS).size == size


def test_bounds_include_the_setting() -> None:
    """WORKER_CONCURRENCY itself is always allowed."""
    assert Bounds.of(2, LIMITS) == Bounds(2, 2, 200)
    assert Bounds.of(300, LIMITS) == Bounds(5, 300, 300)


@pytest.mark.parametrize(("ready", "everywhere", "workers"), [(0, 0, 1), (30, 20, 1), (130, 50, 4)])
def test_workers_needed(ready: int, everywhere: int, workers: int) -> None:
    """As many as all that runs and waits would fill."""
    assert workers_needed(Load(ready, 0, 50, everywhere), 50) == workers
