"""Choices: what a query takes, what a model may say, and what a button carries."""

import json
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from bot.ask import prompt
from bot.ask.catalog import QUERIES, chosen, example
from bot.ask.model import Choice, Name, Span, span_of
from bot.ask.packing import packed, unpacked
from bot.ask.running.registry import RUN
from sandbox.openai.schema import check_strict
from tests.questions import TODAY, load

WEDNESDAY = TODAY
EMPTY: dict[str, Any] = {"period": None, "currency": None, "type": None, "client": None}


def said(**given: Any) -> str:
    return json.dumps(EMPTY | given)


def test_the_registry_is_whole() -> None:
    """Every name has a query that is told of, and a function that runs it."""
    assert set(QUERIES) == set(RUN) == set(Name)
    assert [example(name).name for name in Name] == list(Name)


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("today", (11, 25), (11, 26)),
        ("yesterday", (11, 24), (11, 25)),
        ("this_week", (11, 23), (11, 26)),
        ("last_week", (11, 16), (11, 23)),
        ("this_month", (11, 1), (11, 26)),
        ("last_month", (10, 1), (11, 1)),
        ("this_quarter", (10, 1), (11, 26)),
        ("last_quarter", (7, 1), (10, 1)),
        ("last_7_days", (11, 19), (11, 26)),
        ("2026-10", (10, 1), (11, 1)),
        ("2026-10-03", (10, 3), (10, 4)),
        ("2026-10-03..2026-10-05", (10, 3), (10, 6)),
    ],
)
def test_periods(period: str, since: tuple[int, int], until: tuple[int, int]) -> None:
    """A period is whole days; one that goes on ends with today."""
    assert span_of(period, WEDNESDAY) == Span(date(2026, *since), date(2026, *until))


def test_what_it_is_compared_with() -> None:
    """Months are compared with months, part of a week or month with the same part, days with as many days."""
    for period, since, until in (
        ("last_month", date(2026, 9, 1), date(2026, 10, 1)),
        ("last_quarter", date(2026, 4, 1), date(2026, 7, 1)),
        ("this_week", date(2026, 11, 16), date(2026, 11, 19)),
        ("this_month", date(2026, 10, 1), date(2026, 10, 26)),
        ("last_7_days", date(2026, 11, 12), date(2026, 11, 19)),
    ):
        assert span_of(period, WEDNESDAY).before == Span(since, until), period


@pytest.mark.parametrize(
    "period", ["", "ever", "last_999_days", "2026-13", "2026-10-32", "1999-01", "2026-10-05..2026-10-03",
               "2020-01-01..2026-01-01", "this_month; drop", "last_7_days ", "2026-10..2026-11", "this_fortnight"],
)  # fmt: skip
def test_no_periods(period: str) -> None:
    """What is no period, none that ever was, or too long, is refused."""
    with pytest.raises(ValidationError):
        chosen(Name.REVENUE, period=period)


def test_a_model_chooses() -> None:
    """A name of the list with arguments that it takes is that choice; none is none."""
    answer = said(query="revenue", period="last_month", type="Research", client=1003)
    assert prompt.read(answer) == chosen(Name.REVENUE, period="last_month", type="Research", client=1003)
    assert prompt.read(said(query="none")) is None


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "SELECT 1",
        "[]",
        '{"query": "revenue"}',
        said(query="delete_everything"),
        said(query="revenue", sql="SELECT 1"),
        said(query="revenue", tenant="other"),
        said(query="revenue", period="forever"),
        said(query="revenue", currency="eur; drop"),
        said(query="revenue", client="1003 or 1=1"),
        said(query="revenue", client=-1),
        said(query="revenue", type="Poetry"),
        said(query="incidents", client=1003),
        said(query="overdue_invoices", period="last_week"),
        said(query=["revenue"]),
    ],
)
def test_what_a_model_may_not_say(answer: str) -> None:
    """A name that is not in the list, an argument that is not taken, or is none, and any other shape is no choice."""
    with pytest.raises(prompt.NotRead):
        prompt.read(answer)


def test_a_provider_takes_the_schema() -> None:
    """Strict mode takes it, and it leaves no other name than those of the list."""
    schema = check_strict("ask", prompt.SCHEMA, "response_format")
    assert schema["properties"]["query"]["enum"] == [*Name, "none"]


@pytest.mark.parametrize("choice", [question.expected for question in load()], ids=lambda one: one.name.value)
def test_buttons_carry_a_choice(choice: Choice) -> None:
    """What a button carries is the same query of the same days with the same arguments."""
    period = choice.given.given.get("period")
    span = span_of(period, TODAY) if period else None
    back = unpacked(choice.name.value, *packed(choice, span))
    assert back is not None
    assert back.name is choice.name
    assert back.given.given | {"period": None} == choice.given.given | {"period": None}
    if span is not None:
        assert span_of(back.given.given["period"], date(2030, 1, 1)) == span


def test_a_button_of_nothing() -> None:
    """Numbers that no button of ours carries are nothing, and no error."""
    for name, subject, version in (("horses", 1, 1), ("revenue", -1, 0), ("revenue", 0, 0), ("revenue", 36**12, 0)):
        assert unpacked(name, subject, version) is None
