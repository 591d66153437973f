"""The amount of a refund as people write it."""

import pytest

from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.translation import Reader, reading_as
from bot.locale import catalogs
from bot.refunds.model import amount_in, check_amount

LEFT = {"USD": Money(123_456, "USD"), "JPY": Money(12_345, "JPY"), "KWD": Money(1_234_560, "KWD")}


@pytest.mark.parametrize(
    ("said", "currency", "minor"),
    [
        ("20", "USD", 2_000),
        (" 20.5 usd ", "USD", 2_050),
        ("12,50", "USD", 1_250),
        ("1,234.56", "USD", 123_456),
        ("1.234,56", "USD", 123_456),
        ("USD 1,000", "USD", 100_000),
        ("All", "USD", 123_456),
        ("all", "JPY", 12_345),
        ("5,000 JPY", "JPY", 5_000),
        ("1.250", "KWD", 1_250),
    ],
)
def test_read(said: str, currency: str, minor: int) -> None:
    """An amount is read as on an invoice by hand, and "all" is what is left, although it is Albania's currency."""
    assert amount_in(said, LEFT[currency]) == Money(minor, currency)


@pytest.mark.parametrize(("language", "word"), [("es", "todo"), ("ur", "سب")])
def test_all_in_their_language(language: str, word: str) -> None:
    """Whoever reads another language writes "all" in it."""
    catalogs.install_all()
    with reading_as(Reader(language)):
        assert amount_in(word, LEFT["USD"]) == LEFT["USD"]


@pytest.mark.parametrize("wrong", [Money(1_050, "ISK"), Money(1_050, "UGX"), Money(1_005, "KWD")])
def test_between_two_steps(wrong: Money) -> None:
    """What Stripe would refuse, a part of a króna or a third decimal, is refused before anybody is asked."""
    with pytest.raises(Refusal, match="cannot be charged"):
        check_amount(wrong, Money(100_000, wrong.currency))


@pytest.mark.parametrize("said", ["much", "", "-5", "20.505", "1.2.3", "20 EUR", "EUR", "ALL 20", "5000 jpy"])
def test_refused(said: str) -> None:
    """What is no amount, has too many decimals, or is in another currency, is refused with words."""
    with pytest.raises(Refusal, match=r"Write (it like|the amount in that currency)"):
        amount_in(said, LEFT["USD"])
