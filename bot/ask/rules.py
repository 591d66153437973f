"""Reading a question by plain rules: what it is about, of what time, and whether all of it was understood.

A choice is sure where every word of the question is known and was used; else a model is asked, where there is one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.ask import periods
from bot.ask.catalog import chosen, could_take
from bot.ask.model import Choice, Name
from bot.kernel.task_type import TaskType
from bot.remarks.lexicon import plain

LONGEST = 300  # letters of a question
_SECTION = re.compile(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", re.MULTILINE | re.DOTALL)
_WORD = re.compile(r"[^\W_]+")
# Which query it is, by what the question speaks of; the first of which all is there.
_ABOUT: tuple[tuple[frozenset[str], Name], ...] = tuple(
    (frozenset(words.split()), name)
    for words, name in (
        ("COST", Name.MODEL_COSTS),
        ("MARGIN", Name.MARGIN),
        ("REFUND", Name.REFUNDS),
        ("JOBS FAILED", Name.FAILED_JOBS),
        ("INCIDENT", Name.INCIDENTS),
        ("STARS", Name.RATINGS),
        ("QUALITY", Name.QUALITY),
        ("OVERDUE INVOICES", Name.OVERDUE),
        ("OWED", Name.RECEIVABLES),
        ("OVERDUE", Name.OVERDUE),
        ("REVENUE CHANGE", Name.REVENUE_CHANGE),
        ("REVENUE BY_TYPE", Name.REVENUE_BY_TYPE),
        ("CLIENTS", Name.TOP_CLIENTS),
        ("BRIEFS BY_TYPE", Name.BRIEFS_BY_TYPE),
        ("BRIEFS TURNAROUND", Name.TURNAROUND),
        ("LOAD", Name.LOAD),
        ("REVENUE", Name.REVENUE),
        ("TURNAROUND", Name.TURNAROUND),
        ("BRIEFS", Name.BRIEFS),
    )
)
# What may stand beside a query without making it another one.
_BESIDE = {
    Name.MODEL_COSTS: {"REVENUE", "STATE"},
    Name.OVERDUE: {"OWED", "CLIENTS"},
    Name.RECEIVABLES: {"INVOICES", "CLIENTS", "OVERDUE"},
    Name.TOP_CLIENTS: {"REVENUE", "MOST"},
    Name.TURNAROUND: {"BRIEFS", "STATE"},
    Name.BRIEFS: {"STATE"},
    Name.BRIEFS_BY_TYPE: {"STATE"},
    Name.LOAD: {"BRIEFS", "MOST"},
    Name.RATINGS: {"CLIENTS"},
    Name.REVENUE_BY_TYPE: {"MOST"},
    Name.QUALITY: {"STATE"},
    Name.INCIDENTS: {"STATE"},
}
_TYPES = {
    TaskType.RESEARCH: r"research | investigacion(?:es)? | تحقیق(?:ی)? | ریسرچ | tehqeeq",
    TaskType.DRAFTING: r"drafting | redaccion(?:es)? | تحریر(?:ی)? | ڈرافٹنگ | tehreer",
    TaskType.DATA_TRANSFORM: r"data[- ]transform(?:ation|s)? | transformacion de datos | ڈیٹا(?: کی)? تبدیلی",
    TaskType.TRANSCRIPTION: r"transcriptions? | transcripcion(?:es)? | ٹرانسکرپشن | نقل نویسی",
}
_CURRENCIES = {
    "EUR": r"euros? | یورو | eur",
    "USD": r"(?:us )?dollars? | dolares | usd | ڈالرز?",
    "PKR": r"pkr | rupees? | rupias | روپے | روپیہ | rupay",
    "GBP": r"gbp | pounds?(?: sterling)? | libras | پاؤنڈز?",
}
_CLIENT = plain(r"(?:clients?|customers?|clientes?|کلائنٹ|گاہک)(?: (?:no|nr|number|numero|نمبر))?[ #]*(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Read:
    """What the rules make of a question. sure: every word of it was understood. off: it asks for what no query does."""

    choice: Choice | None = None
    sure: bool = False
    off: bool = False


def read(question: str, today: date) -> Read:
    """The query that a question asks for, as far as plain rules can tell."""
    said = " ".join(_WORD.findall(plain(question[:LONGEST])))
    if next(_found("OFF", plain(question)), None) is not None or next(_found("OFF", said), None) is not None:
        return Read(off=True)
    left, given = _arguments(said, today)
    seen = {name for name in _sections() if name not in {"FILLER", "OFF"} and next(_found(name, left), None)}
    name = next((name for wanted, name in _ABOUT if wanted <= seen), None)
    if name is None:
        return Read()
    wanted = next(words for words, of in _ABOUT if of is name and words <= seen)
    beside = seen - wanted - _BESIDE.get(name, set())
    unused = {key for key in given if not could_take(name, key)}
    try:
        choice = chosen(name, **{key: value for key, value in given.items() if key not in unused})
    except ValidationError:
        return Read()
    for section in (*sorted(seen), "FILLER"):  # that last: "by" alone says nothing, "by type" does
        left = _without(section, left)
    return Read(choice, sure=not left.split() and not beside and not unused)


def _arguments(said: str, today: date) -> tuple[str, dict[str, Any]]:
    """What is left of the question without its period, currency, type and client, and these."""
    given: dict[str, Any] = {}
    left, period = periods.taken_out(said, today)
    if period:
        given["period"] = period
    client = re.search(rf"(?<!\w){_CLIENT}(?!\w)", left)
    if client is not None:
        given["client"] = int(client[1])
        left = left.replace(client[0], " ")
    for key, phrases in (("type", _TYPES), ("currency", _CURRENCIES)):
        for value, words in phrases.items():
            pattern = _pattern(words)
            if pattern.search(left) is not None:
                given[key] = value
                left = pattern.sub(" ", left)
    return left, given


@cache
def _pattern(words: str) -> re.Pattern[str]:
    phrases = plain("|".join(words.split(" | ")))
    return re.compile(rf"(?<!\w)(?:{phrases})(?!\w)")


@cache
def _sections() -> dict[str, re.Pattern[str]]:
    written = Path(__file__).with_name("lexicon.txt").read_text(encoding="utf-8")
    lines = "\n".join(line for line in written.splitlines() if not line.startswith("#"))
    found = {}
    for name, body in _SECTION.findall(lines):
        phrases = [phrase for line in body.splitlines() if line.strip() for phrase in line.split(" | ")]
        longest_first = sorted((phrase.strip() for phrase in phrases), key=len, reverse=True)
        found[name] = _pattern(" | ".join(longest_first).replace("{ANY}", r"[^.!?\n]*?"))
    return found


def _found(section: str, said: str) -> Iterator[re.Match[str]]:
    return _sections()[section].finditer(said)


def _without(section: str, said: str) -> str:
    return _sections()[section].sub(" ", said)
