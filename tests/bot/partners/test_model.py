"""Keys, quotas, prices and signatures of partners: rules without a database."""

from datetime import UTC, datetime

import pytest

from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.partners import standard_webhooks
from bot.partners.model import (
    NotSignedIn,
    Tier,
    check_address,
    check_quota,
    fits,
    hash_of,
    month_of,
    new_secret,
    read_key,
    written,
)
from bot.prices.model import discounted


def test_a_key_is_read_back() -> None:
    """A key names its row, and of its secret only a hash is kept, which no other secret fits."""
    secret, other = new_secret(), new_secret()
    assert read_key(written(1001, secret)) == (1001, secret)
    assert secret not in hash_of(secret)
    assert fits(secret, hash_of(secret))
    assert not fits(other, hash_of(secret))
    assert not fits(secret, "")


@pytest.mark.parametrize("key", ["", "epk_", "epk_0_x", f"epk_01_{'a' * 43}", f"epk_1_{'a' * 42}", f"epk_1_{'ä' * 43}",
                                 f"epk_{'9' * 30}_{'a' * 43}", f"epk_1_{'a' * 43}\n"])  # fmt: skip
def test_what_is_no_key(key: str) -> None:
    """What no admin was ever shown is not looked up."""
    with pytest.raises(NotSignedIn):
        read_key(key)


@pytest.mark.parametrize(
    ("now", "began", "resets"),
    [((2026, 11, 28), (2026, 11, 1), (2026, 12, 1)), ((2026, 12, 31), (2026, 12, 1), (2027, 1, 1))],
)
def test_months(now: tuple[int, int, int], began: tuple[int, int, int], resets: tuple[int, int, int]) -> None:
    """A month is a calendar month, also the last of a year."""
    assert month_of(datetime(*now, tzinfo=UTC)) == (datetime(*began, tzinfo=UTC), datetime(*resets, tzinfo=UTC))


@pytest.mark.parametrize(
    ("price", "percent", "then"),
    [
        (Money(12_000, "USD"), 0, Money(12_000, "USD")),
        (Money(12_000, "USD"), 10, Money(10_800, "USD")),
        (Money(0, "USD"), 10, Money(0, "USD")),
        (Money(60, "USD"), 90, Money(50, "USD")),
        (Money(1_005, "JPY"), 50, Money(502, "JPY")),
        (Money(10_050, "KWD"), 1, Money(9_950, "KWD")),
    ],
)
def test_discounts(price: Money, percent: int, then: Money) -> None:
    """A discount leaves an amount that Stripe can charge, and what is free stays so."""
    assert discounted(price, percent) == then


@pytest.mark.parametrize(("words", "quota"), [("250", 250), (" 1,000 ", 1_000), ("1.000", 1_000), ("0", 0)])
def test_quotas(words: str, quota: int) -> None:
    """A quota is read as people write it."""
    assert check_quota(words) == quota


@pytest.mark.parametrize("words", ["", "many", "-1", "1000001", "٢٥"])
def test_what_is_no_quota(words: str) -> None:
    """What is no number of briefs is refused with an example."""
    with pytest.raises(Refusal, match="such as 250"):
        check_quota(words)


@pytest.mark.parametrize(
    "url",
    ["", "example.com", "ftp://example.com", "https://", "https://me:pw@example.com/", "https://example.com/ x",
     "https://exämple.com", "https://example.com/#a", "javascript:alert(1)", "https://[::1",
     f"https://e.com/{'a' * 500}"],
)  # fmt: skip
def test_what_is_no_address(url: str) -> None:
    """What cannot be called is refused with an example."""
    with pytest.raises(Refusal, match="https://example"):
        check_address(url)


def test_tiers_by_name() -> None:
    """A tier is found by its name, and a higher one may do more."""
    assert Tier("plus") is Tier.PLUS
    assert [tier.times for tier in Tier] == sorted(tier.times for tier in Tier)


def test_a_signature_of_the_specification() -> None:
    """What is signed is what Standard Webhooks' own libraries sign."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = standard_webhooks.signed(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
