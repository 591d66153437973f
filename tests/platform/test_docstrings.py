"""Docstrings: who reads a name finds beside it what the function does."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ops.version import ROOT
from handlers.catalog import ACTIONS, COMMANDS, REPLIES, STEPS, WITH_SUBJECT

FOLDERS = ("bot", "handlers", "jobs", "web", "storage", "sandbox")
# With one of these a docstring speaks of something, and leaves out what is done about it.
NO_VERBS = frozenset(
    [
        "A",
        "All",
        "An",
        "And",
        "Another",
        "Back",
        "Both",
        "Everybody",
        "Few",
        "Half",
        "How",
        "It",
        "Its",
        "Neither",
        "No",
        "Nobody",
        "None",
        "Nothing",
        "On",
        "One",
        "Other",
        "Others",
        "Out",
        "Somebody",
        "Something",
        "Step",
        "That",
        "The",
        "Their",
        "They",
        "Those",
        "To",
        "What",
        "When",
        "Where",
        "Which",
        "Who",
        "Whoever",
        "Whom",
        "Words",
    ]
)


def _functions(path: Path) -> Iterator[tuple[str, str]]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.name.startswith("_"):
            yield node.name, ast.get_docstring(node) or ""


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_public_function_has_one(folder: str) -> None:
    """No function that a module offers is without a docstring; migrations offer what Alembic asks for."""
    paths = [path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    missing = [f"{path.relative_to(ROOT)}: {name}" for path in paths for name, said in _functions(path) if not said]
    assert (bool(paths), missing) == (True, [])


def test_handlers_say_what_they_do() -> None:
    """What answers a command, a tap, a reply or a question begins with what it does: "Show", "Keep", "Ask"."""
    handlers = [command.handler for command in COMMANDS] + [action.handler for action in ACTIONS.values()]
    handlers += [*WITH_SUBJECT.values(), *REPLIES.values()]
    said = {f"{one.__module__}.{one.__name__}": one.__doc__ or "" for one in handlers}
    said |= {f"{one.answer.__module__}.{one.answer.__name__}": one.answer.__doc__ or "" for one in STEPS.values()}
    assert {name: text for name, text in said.items() if not text or text.split()[0].strip(":;,.") in NO_VERBS} == {}
    assert [name for name, text in said.items() if text.startswith("/")] == []
