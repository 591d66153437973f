"""What areas say happened, and who reacts: each event that is recorded is declared, and each reaction has its event."""

import ast
import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.areas import EVENTS, TABLES, reactions
from bot.docs import ANY_POLICY
from bot.ops.version import ROOT

DECLARED = {name: area for area, events in EVENTS.items() for name in events}
NAME_AT = {"record": 3, "changed": 2}  # the place of the event's name among the arguments


def recorded(path: Path) -> Iterator[str]:
    """The names of events that a file records, as patterns: what is only known when it runs may be any words."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAME_AT):
            continue
        name, of_brief = node.args[NAME_AT[node.func.id]], "" if node.func.id == "record" else r"brief\."
        if isinstance(name, ast.Constant):
            yield of_brief + re.escape(str(name.value))
        elif isinstance(name, ast.JoinedStr):
            parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in name.values]
            yield of_brief + "".join(parts)


FILES = [path for path in sorted((ROOT / "bot").rglob("*.py")) if any(recorded(path))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_recorded_is_declared(path: Path) -> None:
    """Each event that a file records is declared by some area, so that others can react to it."""
    unknown = [name for name in recorded(path) if not any(re.fullmatch(name, known) for known in DECLARED)]
    assert unknown == []


def test_each_reaction_has_its_event() -> None:
    """Nobody listens for what nobody says."""
    assert set(reactions(ANY_POLICY, mirrored=True, kept=True)) - DECLARED.keys() == set()


@pytest.mark.parametrize("path", sorted((ROOT / "bot").glob("*/area.py")), ids=lambda path: path.parent.name)
def test_what_an_area_brings_is_joined(path: Path) -> None:
    """The events, reactions and Notion tables of each area stand in `bot/areas.py`."""
    name = path.parent.name
    area = importlib.import_module(f"bot.{name}.area")
    joined = [reaction for found in reactions(ANY_POLICY, mirrored=True, kept=True).values() for reaction in found]
    assert EVENTS.get(name) == getattr(area, "EVENTS", None)
    assert [table.name for table in getattr(area, "MIRRORS", ()) if TABLES.get(table.name) is not table] == []
    assert not hasattr(area, "reactions") or [one for one in joined if one.__module__ == area.__name__]


def test_an_event_is_said_by_one_area() -> None:
    """No two areas declare the same event."""
    assert len(DECLARED) == sum(map(len, EVENTS.values()))
