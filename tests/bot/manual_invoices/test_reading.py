"""Lines of an invoice as people write them."""

from datetime import UTC, datetime

import pytest

from bot.invoices.model import InvoiceLine
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from bot.locale import catalogs
from bot.manual_invoices.model import (
    LONGEST_DESCRIPTION,
    MOST_LINES,
    Order,
    check,
    currency_in,
    example,
    in_currency,
    read_due,
    read_lines,
)
from bot.tenants.office_hours import office_hours

NOW = datetime(2026, 11, 26, 14, 3, tzinfo=UTC)
FIFTY = Money(5_000, "USD")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Advice, 3, 50", InvoiceLine("Advice", 3, FIFTY)),
        ("Advice, 3, 50,00", InvoiceLine("Advice", 3, FIFTY)),
        ("Advice; 3; 50.00", InvoiceLine("Advice", 3, FIFTY)),
        ("Advice | 3x | 50.00 USD", InvoiceLine("Advice", 3, FIFTY)),
        ("- Advice\t×3\tUSD 50", InvoiceLine("Advice", 3, FIFTY)),
        (
            "Advice, on site, and travel, 3, 1,240.50",
            InvoiceLine("Advice, on site, and travel", 3, Money(124_050, "USD")),
        ),
        ("Phase 3, 3, 3", InvoiceLine("Phase 3", 3, Money(300, "USD"))),
        ("Postage, 1, 0.30", InvoiceLine("Postage", 1, Money(30, "USD"))),
        ("First look, 1, 0", InvoiceLine("First look", 1, Money(0, "USD"))),
        ("مشورہ، ۳، ۵۰", InvoiceLine("مشورہ", 3, FIFTY)),
    ],
)
def test_lines(text: str, line: InvoiceLine) -> None:
    """What it is for may have commas itself; how many and what one costs stand at the end."""
    assert read_lines(text, "USD") == (line,)


def test_several_lines() -> None:
    """One message holds several, and empty lines are passed over."""
    found = read_lines("Advice, 3, 50\n\n  Travel; 1; 12.50 \n", "USD")
    assert [(line.description, line.amount.minor) for line in found] == [("Advice", 15_000), ("Travel", 1_250)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "I see no line"),
        ("Advice", "“Advice”"),
        ("Advice 3 50", "what it is for, how many, and what one costs"),
        ("Advice,3,50", "what it is for, how many, and what one costs"),
        ("Advice, 3", "what it is for, how many, and what one costs"),
        ("Advice, three, 50", "“three” is no quantity"),
        ("Advice, 0, 50", "“0” is no quantity"),
        ("Advice, 1.5, 50", "“1.5” is no quantity"),
        ("Advice, -3, 50", "no quantity"),
        ("Advice, 3, fifty", "“fifty” as an amount"),
        ("Advice, 3, -50", "as an amount"),
        (", 3, 50", "Say what it is for|what it is for"),
        ("Advice, 1000000, 5000000", "cannot be charged"),
        ("Advice, 3, 50 EUR", "“50 EUR” as an amount in USD"),
        ("x" * 501 + ", 3, 50", "at most 500 characters"),
        ("Fine, 1, 5\nAdvice, 3", "“Advice, 3”"),
        ("\n".join(["Fine, 1, 5"] * 251), "An invoice holds 250 lines, and these would be 251"),
    ],
)
def test_what_cannot_be_read(text: str, said: str) -> None:
    """It is refused as a whole, with the line that is meant and what is missing."""
    with pytest.raises(Refusal, match=said):
        read_lines(text, "USD")


def test_the_example_works() -> None:
    """What is shown as an example is read, in every language and as it is copied."""
    catalogs.install_all()
    for language in ("en", "es", "ur"):
        with reading_as(Reader(language)):
            for currency in ("USD", "JPY", "KWD"):
                assert read_lines(example(currency), currency)[0].unit == Money.parse("50", currency)


def test_third_decimal() -> None:
    """What Stripe does not take of a currency is told at the line."""
    with pytest.raises(Refusal, match="third decimal of 0"):
        read_lines("Advice, 1, 5.125", "KWD")
    with pytest.raises(Refusal, match="whole units only"):
        read_lines("Advice, 1, 100.50", "ISK")


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Advice, 3, 50 EUR", "EUR"),
        ("Advice, 3, eur 50", "EUR"),
        ("Advice in USD, 3, 50", None),
        ("Ad; 1; 50 xyz", None),
    ],
)
def test_currency_of_a_price(text: str, currency: str | None) -> None:
    """A price names its currency; words of what it is for do not."""
    assert currency_in(text) == currency


def test_another_currency() -> None:
    """The figures stay; what the other currency has no such amount of is refused."""
    lines = (InvoiceLine("Advice", 3, FIFTY),)
    assert in_currency(lines, "JPY") == (InvoiceLine("Advice", 3, Money(50, "JPY")),)
    assert in_currency(in_currency(lines, "KWD"), "USD") == lines
    with pytest.raises(Refusal, match="JPY"):
        in_currency((InvoiceLine("Advice", 3, Money(5_050, "USD")),), "JPY")


@pytest.mark.parametrize(("words", "days"), [("30", 30), ("30 days", 30), ("0", 0), ("Friday", 1), ("2026-12-26", 30)])
def test_due(words: str, days: int) -> None:
    """A number of days, a day of the week, or a date."""
    assert read_due(words, NOW, office_hours("Mon-Sun 09:00-18:00")) == days


@pytest.mark.parametrize("words", ["91", "2027-12-26", "2026-11-01", "soon", ""])
def test_no_due_day(words: str) -> None:
    """What is over, too far away, or no day is refused with an example."""
    with pytest.raises(Refusal, match="like"):
        read_due(words, NOW, office_hours("Mon-Sun 09:00-18:00"))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), "no lines yet"),
        ((InvoiceLine("Advice", 1, Money(49, "USD")),), "Stripe takes 0.50 to 999,999.99 USD"),
        ((InvoiceLine("Advice", 1, Money(0, "USD")),), "add up to nothing"),
        ((InvoiceLine("Advice", 2, Money(60_000_000, "USD")),), "cannot be charged"),
        ((InvoiceLine("Advice", 1, FIFTY),) * (MOST_LINES + 1), "holds 250 lines"),
    ],
)
def test_checked_before_the_yes(lines: tuple[InvoiceLine, ...], said: str) -> None:
    """What Stripe would refuse is refused before."""
    with pytest.raises(Refusal, match=said):
        check(Order(1, lines))


def test_longest_description() -> None:
    """The longest that fits is taken as it is."""
    assert len(read_lines("x" * LONGEST_DESCRIPTION + ", 3, 50", "USD")[0].description) == LONGEST_DESCRIPTION
