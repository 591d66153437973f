"""A brief's history as steps: each event in order, with the calls, looks and decisions that came with it.

What one transaction wrote has one time. Calls and looks that no event came with are steps of their own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.quality.model import Evaluation


@dataclass(frozen=True, slots=True)
class Happened:
    """An event; `person` is who brought it about, None where nobody did."""

    at: datetime
    name: str
    person: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Called:
    """A call of a model; cost in millionths of a US dollar."""

    at: datetime
    purpose: str
    prompt_version: str
    model: str
    outcome: str
    input_tokens: int
    output_tokens: int
    cost_micro_usd: int
    latency_ms: int


@dataclass(frozen=True, slots=True)
class Looked:
    """A look of the judge at the draft of that attempt."""

    at: datetime
    attempt: int
    evaluation: Evaluation


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision on a text; `person` None: by the gate."""

    at: datetime
    verdict: str
    person: str | None
    attempt: int
    content_hash: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Rows:
    """All that is recorded of a brief, each kind in the order in which it was written."""

    events: Sequence[Happened]
    calls: Sequence[Called]
    looks: Sequence[Looked]
    decisions: Sequence[Decided]


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `event` is None where none came with it. spent_micro_usd: the cost up to this step, and with it."""

    at: datetime
    event: Happened | None
    calls: tuple[Called, ...] = ()
    looks: tuple[Looked, ...] = ()
    decision: Decided | None = None
    spent_micro_usd: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A step of a brief's history, and its number of how many."""

    brief_id: int
    step: Step
    number: int
    total: int


def steps(rows: Rows) -> list[Step]:
    """The brief's steps, from the first to the newest."""
    everything: Iterable[Happened | Called | Looked | Decided]
    everything = [*rows.events, *rows.calls, *rows.looks, *rows.decisions]
    told: list[Step] = []
    spent = 0
    for at, group in groupby(sorted(everything, key=lambda row: row.at), key=lambda row: row.at):
        together = list(group)
        calls = tuple(row for row in together if isinstance(row, Called))
        looks = tuple(row for row in together if isinstance(row, Looked))
        decisions = [row for row in together if isinstance(row, Decided)]
        spent += sum(call.cost_micro_usd for call in calls)
        events: list[Happened | None] = [row for row in together if isinstance(row, Happened)]
        for event in events or [None]:
            decision = next((row for row in decisions if event is None or row.verdict == event.name), None)
            if decision is not None:
                decisions.remove(decision)
            told.append(Step(at, event, calls, looks, decision, spent))
            calls, looks = (), ()
        told += [Step(at, None, decision=decision, spent_micro_usd=spent) for decision in decisions]
    return told
