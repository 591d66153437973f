"""Every text of invoices by hand, of reminders and of limits, in a language that nobody speaks."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.access.model import Person, Role
from bot.dunning import cards as dunning_cards
from bot.invoices.model import Invoice, InvoiceLine, InvoiceState
from bot.invoices.tax import TaxRate
from bot.kernel.card import Card
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from bot.limits.model import Limit, Limited, Reached
from bot.manual_invoices import cards, model
from bot.manual_invoices.model import Order, Payer
from bot.prices.amounts import read_amount
from bot.tenants.office_hours import office_hours
from tests.pseudo_locale import LANGUAGE, escaped, installed

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
ALICE = Person(7, "main", 7, "Alice", Role.CLIENT, "en")
LINES = (InvoiceLine("Solar lamp", 3, Money(4_000, "USD")), InvoiceLine("Solar lamp", 1, Money(1, "USD")))
ORDER = Order(7, LINES)
TAXES = [TaxRate("txr_1", "VAT", Decimal(19), included=included, active=True) for included in (False, True)]
PAYERS = (
    Payer(ALICE, email=True, currencies=frozenset()),
    Payer(replace(ALICE, reach="blocked"), email=False, currencies=frozenset({"EUR", "GBP"}), taxed=True),
    *(Payer(ALICE, email=True, currencies=frozenset(), taxed=True, tax=one) for one in TAXES),
)
INVOICE = Invoice(
    55, "main", "hand:55", 7, Money(12_000, "USD"), InvoiceState.OPEN, 1, "in_1", "EP-0001", "https://pay.example.org/1",
    None, NOW, NOW, NOW, None, due_at=NOW,
)  # fmt: skip
DATA = ("Solar lamp", "Alice", "EP-0001", "USD", "EUR", "GBP", "INR", "PKR", "JPY", "UTC", "EXCHANGE", "VAT")


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with installed(), reading_as(Reader(LANGUAGE)):
        yield


def shown() -> Sequence[Card]:
    states = [replace(INVOICE, state=state) for state in InvoiceState]
    held = replace(INVOICE, state=InvoiceState.NEW, grace_until=NOW, number=None)
    return [
        cards.ask_client(),
        cards.which_client([ALICE, ALICE]),
        *(cards.ask_lines(payer, "USD", 1) for payer in PAYERS),
        *(
            cards.preview(ORDER, payer, days, 1, grace)
            for payer in PAYERS
            for days in (0, 1, 14)
            for grace in (0, 1, 5)
        ),
        *(cards.ask_due("Alice", days, 1) for days in (0, 14)),
        cards.ask_currency("Alice", "USD", 1),
        *(cards.made(one, LINES, "Alice") for one in (*states, held)),
        *(dunning_cards.reminder(INVOICE, NOW, "Solar lamp", NOW + timedelta(days=day)) for day in (-3, -1, 0, 1, 7)),
        dunning_cards.reminder(replace(INVOICE, paid_minor=5_000), NOW, "Solar lamp", NOW),
    ]


def test_no_words_escape() -> None:
    """Nothing that is shown stays English for somebody who does not read it."""
    texts = [part for card in shown() for part in (card.text, *(one.label for row in card.rows for one in row))]
    day = f"{NOW:%A}", f"{NOW:%b}"
    assert {text: words for text in texts if (words := escaped(text, (*DATA, *day)))} == {}


REFUSALS: Sequence[Callable[[], object]] = (
    lambda: read_amount("x", "USD"),
    lambda: model.read_lines("", "USD"),
    lambda: model.read_lines("x", "USD"),
    lambda: model.read_lines("x, y, 1", "USD"),
    lambda: model.read_lines(f"{'x' * 501}, 1, 1", "USD"),
    lambda: model.check(Order(7, ())),
    lambda: model.check(Order(7, (InvoiceLine("x", 1, Money(0, "USD")),))),
    lambda: model.check_count(251),
    lambda: model.read_currency("x"),
    lambda: model.read_due("91", NOW, office_hours("Mon-Sun 09:00-18:00")),
    *(lambda limit=limit: (_ for _ in ()).throw(Limited(Money(5, "EUR"), 6, Reached(limit, 4, 3))) for limit in Limit),
)


@pytest.mark.parametrize("refused", REFUSALS)
def test_refusals_are_translated(refused: Callable[[], object]) -> None:
    """What is refused is refused in the person's language."""
    with pytest.raises(Refusal) as caught:
        refused()
    assert escaped(str(caught.value), (*DATA, "x", "y", *(limit.value for limit in Limit))) == []


def test_grace_is_told_in_the_reader_s_time() -> None:
    """When it goes out is said by the reader's own clocks."""
    held = replace(INVOICE, state=InvoiceState.NEW, grace_until=NOW + timedelta(minutes=5))
    with reading_as(Reader("en", "Asia/Karachi")):
        assert "Goes out at 19:08" in cards.made(held, LINES, "Alice").text
