"""Figures out of what stands on the accounts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.finance.model import (
    WEIGHT,
    Age,
    Figures,
    Period,
    age_of,
    currencies_of,
    figures_of,
    first_of_month,
    months_of,
    shares,
    split,
    together,
    topped,
)
from bot.ledger.model import Account

NOW = datetime(2026, 11, 28, tzinfo=UTC)
WEIGHTS = st.dictionaries(st.text(max_size=3), st.integers(0, 10**9), max_size=20)


@given(st.integers(-(10**12), 10**12), WEIGHTS)
def test_shares_add_up(amount: int, weights: dict[str, int]) -> None:
    """Whatever is divided is there in the end, and nobody is a whole part off."""
    found, total = shares(amount, weights), sum(weights.values())
    assert sum(found.values()) == (amount if total else 0)
    assert all(abs(part * total - amount * weights[key]) < total for key, part in found.items())


def test_figures() -> None:
    """Revenue is what is left of it by the books; what two currencies exchange is neither earned nor spent."""
    sums = {
        ("revenue", "USD"): -10_000,
        ("shipping", "USD"): -500,
        ("discounts", "USD"): 1_000,
        ("credit notes", "USD"): 200,
        ("taxes", "USD"): -1_900,
        ("refunds", "USD"): 2_000,
        ("disputes", "USD"): 300,
        ("bad debts", "USD"): 100,
        ("stripe fees", "USD"): 400,
        ("ai cost", "USD"): 50,
        ("currency exchange", "USD"): 777,
        ("revenue", "EUR"): -1,
    }
    found = figures_of(sums, "USD")
    assert found == Figures("USD", revenue=9_300, refunds=2_000, lost=400, fees=400, models=50)
    assert (found.margin, found.share) == (6_450, 6_450 / 9_300)
    assert currencies_of(sums, "EUR") == ["EUR", "USD"]


def test_ai_cost_is_given_to_whom_it_was_for() -> None:
    """What the ledger books for all is divided by what models cost each, to the cent; without any it is of none."""
    revenue, models = Account.REVENUE.value, Account.AI_COST.value
    named = {
        ("1", revenue, "USD"): -5_000,
        ("2", revenue, "USD"): -9_000,
        ("", models, "USD"): 100,
        ("1", WEIGHT, "USD"): 999_000,
        ("2", WEIGHT, "USD"): 1_000,
        ("", WEIGHT, "USD"): 1_000,
    }
    found = dict(split(named, "USD"))
    assert list(found) == ["2", "1"]
    assert {name: figures.models for name, figures in found.items()} == {"1": 100, "2": 0}
    assert dict(split({("", models, "USD"): 7}, "USD")) == {"": Figures("USD", models=7)}


def test_no_more_than_can_be_shown() -> None:
    """The largest are named, the others are one, and what is of none stands last; nothing is lost."""
    parts = [(str(n), Figures("USD", revenue=100 - n)) for n in range(9)] + [("", Figures("USD", fees=3))]
    found = topped("USD", parts, 4)
    assert [name for name, _ in found] == ["0", "1", "2", "others", ""]
    assert together("USD", (one for _, one in found)) == together("USD", (one for _, one in parts))
    assert topped("USD", parts, 9) == parts


@pytest.mark.parametrize(
    ("late", "age"),
    [(-1, Age.NOT_DUE), (1, Age.MONTH), (30, Age.MONTH), (31, Age.TWO), (61, Age.THREE), (91, Age.OLDER)],
)
def test_ages(late: int, age: Age) -> None:
    """By the days since the due day; what has none is not due."""
    assert age_of(NOW - timedelta(days=late), NOW) is age
    assert age_of(None, NOW) is Age.NOT_DUE


def test_months() -> None:
    """Whole months of the calendar, over the turn of a year."""
    today = date(2026, 2, 28)
    assert first_of_month(today, 2) == date(2025, 12, 1)
    assert first_of_month(date(2026, 12, 5), -1) == date(2027, 1, 1)
    assert months_of(Period.BEFORE, today) == [date(2026, 1, 1)]
    year = months_of(Period.YEAR, today)
    assert (len(year), year[0], year[-1]) == (12, date(2025, 3, 1), date(2026, 2, 1))
