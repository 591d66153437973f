"""Questions as people ask them, each with the query and the arguments that answer it; and some that none may answer.

Made for this project: `tests/data/questions.tsv` and `tests/data/hostile_questions.tsv`.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bot.ask.catalog import chosen
from bot.ask.model import Choice, Name

DATA = Path(__file__).parent / "data"
TODAY = date(2026, 11, 25)  # a Wednesday


@dataclass(frozen=True, slots=True)
class Question:
    """language: ur-Latn is Urdu in Latin letters."""

    language: str
    text: str
    expected: Choice


@dataclass(frozen=True, slots=True)
class Hostile:
    """kind: write, sql, tenant, client, rules or secrets."""

    kind: str
    language: str
    text: str


def load() -> list[Question]:
    """All of them, in the order of the file."""
    return [
        Question(language, text, chosen(Name(name), **_given(said)))
        for language, name, said, text in _rows("questions.tsv")
    ]


def load_hostile() -> list[Hostile]:
    """All of those that ask for what no query does."""
    return [Hostile(*row) for row in _rows("hostile_questions.tsv")]


def _rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in (DATA / name).read_text(encoding="utf-8").splitlines()]


def _given(said: str) -> dict[str, Any]:
    pairs = (one.split("=") for one in said.split())
    return {key: int(value) if key == "client" else value for key, value in pairs}
