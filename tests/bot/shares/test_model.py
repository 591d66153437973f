"""Partners' shares: what they are of, how much, what is taken back, and that every move balances."""

from hypothesis import given
from hypothesis import strategies as st

from bot.invoices.remote import RemoteInvoice, Sums
from bot.kernel.money import Money
from bot.ledger.model import Account
from bot.shares import model
from bot.shares.model import Kind, Move, Reason, Share


def share_with(earned: int, *, disputed: int = 0, credited: int = 0) -> Share:
    """A share of an invoice that came to so much."""
    return Share(1, "main", 2, 3, Reason.REFERRAL, 1_250, Money(10_000, "EUR"), earned, 0, disputed, credited, 1)


def test_of_what() -> None:
    """Neither discounts nor taxes are shared, nor what a credit note took before payment."""
    sums = Sums(subtotal=12_000, discount=2_000, tax=1_900, total=11_900)
    assert model.base_of(RemoteInvoice("in_1", "paid", "EUR", sums, "test")) == Money(10_000, "EUR")
    half = Sums(subtotal=12_000, discount=2_000, tax=1_900, total=11_900, credited=5_950)
    assert model.base_of(RemoteInvoice("in_1", "paid", "EUR", half, "test")) == Money(5_000, "EUR")
    included = Sums(subtotal=11_900, tax_included=1_900, total=11_900)
    assert model.base_of(RemoteInvoice("in_1", "paid", "EUR", included, "test")) == Money(10_000, "EUR")


def test_how_much() -> None:
    """Hundredths of a percent, rounded down."""
    assert model.share_of(Money(9_999, "EUR"), 1_250) == Money(1_249, "EUR")
    assert model.share_of(Money(3, "JPY"), 1_000) == Money(0, "JPY")


@given(earned=st.integers(1, 10**9), paid=st.integers(1, 10**10), parts=st.lists(st.integers(0, 10**9), max_size=4))
def test_taken_back_in_proportion(earned: int, paid: int, parts: list[int]) -> None:
    """However money goes back, never more than was earned is taken back, never less than its part, and all with all."""
    gone = 0
    before = 0
    for part in parts:
        gone += part
        now = model.to_claw(share_with(earned), gone, paid)
        assert before <= now <= earned
        assert now * paid >= earned * min(gone, paid)
        before = now
    assert model.to_claw(share_with(earned), paid, paid) == earned
    assert model.to_claw(share_with(earned, disputed=paid, credited=paid), paid, paid) == earned


@given(minor=st.integers(1, 10**12), kind=st.sampled_from(Kind))
def test_each_move_balances(minor: int, kind: Kind) -> None:
    """What moves what a partner is owed is a posting that balances, and moves that account by as much."""
    move = Move(2, 3, kind, Money(minor, "USD"), "share:3")
    posting = model.posting_of(move)
    (owed,) = [line.amount.minor for line in posting.lines if line.account is Account.PARTNER_SHARE]
    assert owed == -minor


def test_a_month() -> None:
    """Each currency for itself: before, earned, taken back, paid, and what is owed after."""
    found = model.sums_of({"EUR": 500, "USD": 0}, {("USD", Kind.EARNED): 900, ("USD", Kind.CLAWED): -100})
    assert [(one.after, one.before.minor, one.clawed.minor) for one in found] == [
        (Money(500, "EUR"), 500, 0),
        (Money(800, "USD"), 0, 100),
    ]


def test_months_as_numbers() -> None:
    """A month goes on a button as a number, and what is no month is none."""
    month = model.month_of(202611)
    assert month is not None
    assert model.number_of(month) == 202611
    assert [model.month_of(number) for number in (0, 202613, 99999999)] == [None, None, None]
