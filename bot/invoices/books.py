"""What the ledger must say of an invoice, from what the provider says of it; what is missing to that is posted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.invoices.model import Account, Line, Posting
from bot.invoices.remote import RemoteInvoice, RemotePayment
from bot.kernel.money import Money

Balances = Mapping[tuple[str, str], int]  # minor units by account and currency


def entries(remote: RemoteInvoice) -> list[Line]:
    """All lines of the invoice as it stands now: what is owed, by what it is paid, and where the money is."""
    if remote.status == "void":
        return []
    sums, currency = remote.sums, remote.currency
    lines = [
        *_moved(Account.REVENUE, Account.RECEIVABLE, Money(sums.subtotal, currency)),
        *_moved(Account.RECEIVABLE, Account.DISCOUNTS, Money(sums.discount, currency)),
        *_moved(Account.TAXES, Account.RECEIVABLE, Money(sums.tax, currency)),
        *_moved(Account.SHIPPING, Account.RECEIVABLE, Money(sums.shipping, currency)),
        *_moved(Account.CUSTOMER_BALANCE, Account.RECEIVABLE, Money(sums.carried, currency)),
        *_moved(Account.RECEIVABLE, Account.CREDIT_NOTES, Money(sums.credited, currency)),
        *_moved(Account.RECEIVABLE, Account.BANK, Money(sums.off_stripe, currency)),
    ]
    for payment in remote.payments:
        lines += _payment(payment)
    over = Money(max(0, remote.received - remote.asked), currency)
    return [*lines, *_moved(Account.CUSTOMER_BALANCE, Account.RECEIVABLE, over)]


def _moved(source: Account, target: Account, amount: Money) -> tuple[Line, Line]:
    return Line(target, amount), Line(source, -amount)


def _payment(payment: RemotePayment) -> list[Line]:
    """Money at Stripe: on its way there until it is settled. Two currencies meet on the exchange account."""
    settled = payment.settlement
    if settled is None:
        return [*_moved(Account.RECEIVABLE, Account.STRIPE_PENDING, payment.amount)]
    lines = [
        Line(Account.RECEIVABLE, -payment.amount),
        Line(Account.STRIPE_BALANCE, settled.gross - settled.fee),
        Line(Account.STRIPE_FEES, settled.fee),
    ]
    if settled.gross != payment.amount:
        lines += [Line(Account.EXCHANGE, payment.amount), Line(Account.EXCHANGE, -settled.gross)]
    return lines


def missing(wanted: Iterable[Line], posted: Balances) -> tuple[Line, ...]:
    """The lines that turn what was posted into what is wanted."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in wanted:
        sums[line.account.value, line.amount.currency] += line.amount.minor
    for place, minor in posted.items():
        sums[place] -= minor
    return tuple(Line(Account(account), Money(minor, currency)) for (account, currency), minor in sums.items() if minor)


def brought_up_to_date(
    invoice_id: int, version: int, kind: str, remote: RemoteInvoice, posted: Balances
) -> Posting | None:
    """The posting that makes the ledger agree with the provider; None where it does."""
    lines = missing(entries(remote), posted)
    if not lines:
        return None
    return Posting(f"invoice:{invoice_id}:{kind}:{version}", kind, reference(invoice_id), lines)


def reference(invoice_id: int) -> str:
    """What every posting of an invoice refers to."""
    return f"invoice:{invoice_id}"
