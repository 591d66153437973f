"""Hypothesis state machines, as long as they are wanted."""

from pathlib import Path
from typing import Any, Protocol

from hypothesis import settings


class OnAFile(Protocol):
    """A state machine that begins each of its ways with a copy of a migrated SQLite file."""

    migrated: Path
    TestCase: Any


def run(machine: type[OnAFile], migrated: Path, examples: int, steps: int) -> None:
    """Have it take so many ways of so many steps each; raises what its rules and invariants find."""
    machine.migrated = migrated
    case = machine.TestCase
    case.settings = settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    case().runTest()
