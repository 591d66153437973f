"""The ledger of an invoice follows from what Stripe says of it."""

from hypothesis import given
from hypothesis import strategies as st

from bot.invoices.remote import RemoteInvoice, RemotePayment, Settlement, Sums
from bot.kernel.money import Money
from bot.ledger.books import brought_up_to_date, entries, missing
from bot.ledger.model import Account, Line

MINOR = st.integers(0, 10**6)
STATUS = st.sampled_from(["open", "paid", "void", "uncollectible"])


@st.composite
def payments(draw: st.DrawFn) -> RemotePayment:
    amount = Money(draw(MINOR), "USD")
    currency = draw(st.sampled_from(["USD", "EUR", "JPY"]))
    settled = Settlement(Money(draw(MINOR), currency), Money(draw(MINOR), currency))
    return RemotePayment("inpay_1", amount, draw(st.sampled_from([settled, None])))


@st.composite
def remotes(draw: st.DrawFn) -> RemoteInvoice:
    subtotal, discount, tax, shipping = draw(MINOR), draw(MINOR), draw(MINOR), draw(MINOR)
    more = {
        "shipping": shipping,
        "carried": draw(st.integers(-(10**6), 10**6)),
        "credited": draw(MINOR),
        "off_stripe": draw(MINOR),
        "to_balance": draw(MINOR),
        "back_elsewhere": draw(MINOR),
    }
    sums = Sums(subtotal, subtotal - discount + tax + shipping, discount, tax, **more)
    paid = tuple(draw(st.lists(payments(), max_size=3)))
    return RemoteInvoice("in_1", draw(STATUS), "USD", sums, "test", payments=paid)


def added(lines: list[Line], more: tuple[Line, ...]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = {}
    for line in (*lines, *more):
        place = line.account.value, line.amount.currency
        sums[place] = sums.get(place, 0) + line.amount.minor
    return {place: minor for place, minor in sums.items() if minor}


@given(remotes(), remotes())
def test_from_any_state_to_any_other(before: RemoteInvoice, after: RemoteInvoice) -> None:
    """Whatever was posted before, what is posted then balances, and the ledger says what Stripe says, once."""
    posted = added(entries(before), ())
    posting = brought_up_to_date(entries(after), posted, kind="payment", reference="invoice:1", mark="2")
    lines = () if posting is None else posting.lines
    assert added(entries(before), lines) == added(entries(after), ())
    assert missing(entries(after), added(entries(after), ())) == ()


@given(remotes())
def test_nothing_is_exchanged_within_a_currency(remote: RemoteInvoice) -> None:
    """Only what Stripe settled in other figures than it took stands on the exchange account."""
    fair = [one for one in remote.payments if one.settlement is None or one.settlement.gross == one.amount]
    lines = [line for line in entries(remote) if line.account is Account.EXCHANGE]
    assert len(fair) < len(remote.payments) or not lines
