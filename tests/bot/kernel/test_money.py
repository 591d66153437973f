"""Money: exact, in whole minor units, in every currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kernel.errors import Refusal
from bot.kernel.money import THREE_DECIMAL, ZERO_DECIMAL, Money, exponent
from bot.ledger.model import Account, Line, Posting

CURRENCIES = st.sampled_from(["USD", "EUR", "GBP", "INR", "PKR", *sorted(ZERO_DECIMAL), *sorted(THREE_DECIMAL)])
MINOR = st.integers(-(10**15), 10**15)


@given(MINOR, CURRENCIES)
def test_round_trip(minor: int, currency: str) -> None:
    """Any amount written out in major units is read back as the same amount."""
    money = Money(minor, currency)
    assert Money.parse(str(money.decimal), currency) == money


@given(MINOR, MINOR, CURRENCIES)
def test_sums(one: int, other: int, currency: str) -> None:
    """Adding and taking away are exact, and undo each other."""
    total = Money(one, currency) + Money(other, currency)
    assert total.minor == one + other
    assert total - Money(other, currency) == Money(one, currency)


@given(MINOR, st.decimals(0, 100, places=2), CURRENCIES)
def test_shares(minor: int, percent: Decimal, currency: str) -> None:
    """A share and the rest of it make the whole, and a share is off by half a minor unit at most."""
    whole = Money(minor, currency)
    part = whole.share(percent)
    assert part + (whole - part) == whole
    assert abs(Decimal(part.minor) - minor * percent / 100) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (124_000, "USD", "1,240.00 USD"),
        (5_000, "JPY", "5,000 JPY"),
        (1_500, "KWD", "1.500 KWD"),
        (-5, "EUR", "-0.05 EUR"),
    ],
)
def test_shown(minor: int, currency: str, shown: str) -> None:
    """Amounts are shown with the decimals of their currency."""
    assert str(Money(minor, currency)) == shown


@pytest.mark.parametrize(("amount", "currency"), [("1.005", "USD"), ("1.5", "JPY"), ("abc", "EUR"), ("", "EUR"),
                                                  ("NaN", "USD"), ("Infinity", "USD")])  # fmt: skip
def test_no_amount(amount: str, currency: str) -> None:
    """What is no amount of the currency is refused with an example."""
    with pytest.raises(Refusal, match="Write it like"):
        Money.parse(amount, currency)


def test_currencies_do_not_mix() -> None:
    """Dollars and yen do not add up."""
    with pytest.raises(ValueError, match="do not add up"):
        Money(1, "USD") + Money(1, "JPY")
    with pytest.raises(ValueError, match="three capital letters"):
        Money(1, "usd")


def test_stripe_special_cases() -> None:
    """ISK and UGX are sent with two decimals although they have none in use."""
    assert (exponent("ISK"), exponent("UGX"), exponent("HUF")) == (2, 2, 2)


@given(st.lists(st.tuples(st.sampled_from(["USD", "EUR", "JPY"]), st.integers(-1000, 1000)), max_size=6))
def test_a_posting_balances_or_is_refused(amounts: list[tuple[str, int]]) -> None:
    """A posting exists only where its lines sum to zero in every currency."""
    lines = tuple(Line(Account.REVENUE, Money(m, c)) for c, m in amounts)
    sums = {currency: sum(m for c, m in amounts if c == currency) for currency, _ in amounts}
    if any(sums.values()):
        with pytest.raises(ValueError, match="does not balance"):
            Posting("k", "test", "r", lines)
    else:
        assert all(line.amount.minor for line in Posting("k", "test", "r", lines).lines)
