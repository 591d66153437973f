"""On which day a client is reminded of an invoice."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.dunning.model import next_step
from bot.invoices.model import Invoice, InvoiceState
from bot.kernel.money import Money

DUE = datetime(2026, 12, 10, 12, tzinfo=UTC)
OPENED = DUE - timedelta(days=14)
DAYS = (-3, 1, 7, 14)
INVOICE = Invoice(
    55, "main", "hand:55", 7, Money(12_000, "USD"), InvoiceState.OPEN, 1, "in_1", "EP-0001", "https://pay.example.org/1",
    None, None, OPENED, OPENED, None, due_at=DUE,
)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "sent", "step"),
    [
        (-3.1, (), None),
        (-3, (), -3),
        (-1, (-3,), None),
        (0.9, (-3,), None),
        (1, (-3,), 1),
        (1, (), 1),
        (6.9, (1,), None),
        (8, (-3, 1), 7),
        (20, (), 14),
        (20, (14,), None),
        (400, (-3, 1, 7, 14), None),
    ],
)
def test_steps(days: float, sent: tuple[int, ...], step: int | None) -> None:
    """Each day is reminded of once; after a pause the last of those missed is enough, and then it is over."""
    assert next_step(INVOICE, DAYS, sent, DUE + timedelta(days=days)) == step


def test_just_sent() -> None:
    """Nobody is reminded before the due day of what they were sent since that day's time."""
    short = replace(INVOICE, opened_at=DUE - timedelta(days=1))
    assert next_step(short, DAYS, (), DUE - timedelta(hours=12)) is None
    assert next_step(short, DAYS, (), DUE + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    "ended",
    [
        *({"state": state} for state in InvoiceState if state is not InvoiceState.OPEN),
        {"void_asked_at": DUE},
        {"write_off_asked_at": DUE},
        {"due_at": None},
    ],
)
def test_no_more(ended: dict[str, object]) -> None:
    """What is paid, ends, is written off, or has no due day is not reminded of."""
    values = {name: getattr(INVOICE, name) for name in Invoice.__dataclass_fields__} | ended
    assert next_step(Invoice(**values), DAYS, (), DUE + timedelta(days=30)) is None


def test_never() -> None:
    """Without days nobody is reminded."""
    assert next_step(INVOICE, (), (), DUE + timedelta(days=30)) is None
