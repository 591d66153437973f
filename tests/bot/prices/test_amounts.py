"""Amounts into words and out of them: nothing is lost, and nothing is guessed."""

import random

import pytest

from bot.invoices.charges import CURRENCIES
from bot.kernel.errors import Refusal
from bot.kernel.money import Money, exponent
from bot.kernel.translation import Reader, reading_as
from bot.ledger.model import LARGEST
from bot.locale import catalogs
from bot.prices.amounts import read_amount

LANGUAGES = ("en", "es", "ur")
TIMES = 334  # in each language: a thousand of each currency


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_currency_there_and_back(language: str) -> None:
    """In every currency of Stripe's table amounts of all sizes are read as written, with its code or without."""
    catalogs.install_all()
    chance = random.Random(12)
    with reading_as(Reader(language)):
        for currency in sorted(CURRENCIES):
            edges = [0, 1, 9, 99, 999, 1_000, 1_001, 999_999, 1_000_000, LARGEST]
            sizes = [chance.randrange(10 ** chance.randint(1, 18)) for _ in range(TIMES - len(edges))]
            for number, minor in enumerate(edges + sizes):
                money = Money(minor, currency)
                words = str(money) if number % 2 else money.plain
                assert read_amount(words, currency) == money, (words, currency)
                assert Money.parse(str(money.decimal), currency) == money


@pytest.mark.parametrize(
    ("words", "currency", "minor"),
    [
        ("50", "USD", 5_000),
        ("50,00", "USD", 5_000),
        ("0.5", "USD", 50),
        ("1,240.50", "USD", 124_050),
        ("1.240,50", "USD", 124_050),
        ("1 240.50 usd", "USD", 124_050),
        ("USD 1'240", "USD", 124_000),
        ("1,000", "USD", 100_000),
        ("1,00,000", "INR", 10_000_000),
        ("1.000", "KWD", 1_000),
        ("12,400", "JPY", 12_400),
        ("۵۰", "PKR", 5_000),
        ("۱٬۲۴۰٫۵۰", "PKR", 124_050),
    ],
)
def test_as_people_write_them(words: str, currency: str, minor: int) -> None:
    """Points, commas, spaces and figures of other scripts are read where they can mean but one amount."""
    assert read_amount(words, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("words", "currency"),
    [
        ("", "USD"),
        ("fifty", "USD"),
        ("-5", "USD"),
        ("1.000", "USD"),
        ("5.001", "USD"),
        ("12.400", "JPY"),
        ("5.5", "JPY"),
        ("5 EUR", "USD"),
        ("1.2.3", "USD"),
        ("1,2,3", "USD"),
        ("1,240.50.10", "USD"),
        ("5e3", "USD"),
        ("1" * 33, "USD"),
    ],
)
def test_what_is_no_amount(words: str, currency: str) -> None:
    """What is none, is of another currency, has too many decimals, or could be two, is asked for with an example."""
    with pytest.raises(Refusal, match="Write it like 1,240"):
        read_amount(words, currency)


def test_a_point_is_what_the_reader_means() -> None:
    """A thousand is written with a point in Spanish, and that is read so where Spanish is read."""
    catalogs.install_all()
    with reading_as(Reader("es")):
        assert read_amount("1.000", "USD") == Money(100_000, "USD")
        with pytest.raises(Refusal):
            read_amount("1,000", "USD")


def test_exponents() -> None:
    """Amounts have as many decimals as Stripe's table says."""
    assert [exponent(currency) for currency in ("USD", "JPY", "KWD", "ISK", "UGX")] == [2, 0, 3, 2, 2]
