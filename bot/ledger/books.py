"""What the ledger must say of a thing, by what the provider says of it; what is missing to that is posted."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from bot.invoices.remote import Move, RemoteInvoice, RemoteNotice, RemotePayment, RemotePayout, Settlement
from bot.kernel.money import Money
from bot.kernel.text.words import MICRO_CENT
from bot.ledger.model import Account, Line, Posting

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
        *_moved(Account.TAXES, Account.REVENUE, Money(sums.tax_included, currency)),
        *_moved(Account.SHIPPING, Account.RECEIVABLE, Money(sums.shipping, currency)),
        *_moved(Account.CUSTOMER_BALANCE, Account.RECEIVABLE, Money(sums.carried, currency)),
        *_moved(Account.RECEIVABLE, Account.CREDIT_NOTES, Money(sums.credited, currency)),
        *_moved(Account.RECEIVABLE, Account.BANK, Money(sums.off_stripe, currency)),
        *_moved(Account.CUSTOMER_BALANCE, Account.CREDIT_NOTES, Money(sums.to_balance, currency)),
        *_moved(Account.BANK, Account.CREDIT_NOTES, Money(sums.back_elsewhere, currency)),
    ]
    for payment in remote.payments:
        lines += _payment(payment)
    over = Money(max(0, remote.received - remote.asked), currency)
    lines += _moved(Account.CUSTOMER_BALANCE, Account.RECEIVABLE, over)
    if remote.status == "uncollectible":
        owed = sum(line.amount.minor for line in lines if line.account is Account.RECEIVABLE)
        lines += _moved(Account.RECEIVABLE, Account.BAD_DEBTS, Money(owed, currency))
    return lines


def _moved(source: Account, target: Account, amount: Money) -> tuple[Line, Line]:
    return Line(target, amount), Line(source, -amount)


def _payment(payment: RemotePayment) -> list[Line]:
    """Money at Stripe: on its way there until it is settled. Two currencies meet on the exchange account."""
    settled = payment.settlement
    if settled is None:
        return [*_moved(Account.RECEIVABLE, Account.STRIPE_PENDING, payment.amount)]
    return [Line(Account.RECEIVABLE, -payment.amount), *_at_stripe(payment.amount, settled)]


def _at_stripe(face: Money, settled: Settlement) -> list[Line]:
    """What an amount did to the balance at Stripe; two currencies meet on the exchange account."""
    lines = [Line(Account.STRIPE_BALANCE, settled.gross - settled.fee), Line(Account.STRIPE_FEES, settled.fee)]
    if settled.gross != face:
        lines += [Line(Account.EXCHANGE, face), Line(Account.EXCHANGE, -settled.gross)]
    return lines


def given_back(notice: RemoteNotice) -> list[Posting]:
    """A posting for each movement of a refund or a dispute at Stripe, by its id there, so that each is posted once.

    One that failed or was won has moved its money back, so that nothing but fees is left of it.
    """
    account = {"refund": Account.REFUNDS, "dispute": Account.DISPUTES}[notice.kind]
    reference = f"{notice.kind}:{notice.id}"
    found = [
        Posting(f"{reference}:{move.id}", notice.kind, reference, tuple(_moved_back(account, notice.amount, move)))
        for move in notice.moves
    ]
    return [posting for posting in found if posting.lines]


def _moved_back(account: Account, amount: Money, move: Move) -> list[Line]:
    face = gross = move.settled.gross
    if gross.currency != amount.currency:
        face = -amount if gross.minor < 0 else amount
    return [Line(account, -face), *_at_stripe(face, move.settled)]


def paid_out(payout: RemotePayout) -> list[Posting]:
    """A posting for each movement of a payout, by its id at Stripe: to the bank, and back from it where it failed."""
    return [_paid_out(f"payout:{payout.id}", move) for move in payout.moves]


def _paid_out(reference: str, move: Move) -> Posting:
    gross = move.settled.gross
    lines = (Line(Account.BANK, -gross), *_at_stripe(gross, move.settled))
    return Posting(f"{reference}:{move.id}", "payout", reference, lines)


def fee(move: Move) -> Posting:
    """What Stripe took for itself, as an entry of its own on the balance; it may give some back."""
    reference, gross = f"fee:{move.id}", move.settled.gross
    taken = move.settled.fee - gross
    return Posting(
        f"{reference}:{move.id}", "fee", reference, _moved(Account.STRIPE_BALANCE, Account.STRIPE_FEES, taken)
    )


def models(cost_micro_usd: int) -> list[Line]:
    """What models cost in a day, to the nearest cent."""
    cents = int((Decimal(cost_micro_usd) / MICRO_CENT).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    return [*_moved(Account.MODELS_PAYABLE, Account.AI_COST, Money(cents, "USD"))]


def missing(wanted: Iterable[Line], posted: Balances) -> tuple[Line, ...]:
    """The lines that turn what was posted into what is wanted."""
    sums: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in wanted:
        sums[line.account.value, line.amount.currency] += line.amount.minor
    for place, minor in posted.items():
        sums[place] -= minor
    return tuple(Line(Account(account), Money(minor, currency)) for (account, currency), minor in sums.items() if minor)


def brought_up_to_date(
    wanted: Iterable[Line], posted: Balances, *, kind: str, reference: str, mark: str
) -> Posting | None:
    """The posting that makes the ledger say what is wanted; None where it does.

    mark: tells this change of the thing from all others, so that it is posted once.
    """
    lines = missing(wanted, posted)
    return Posting(f"{reference}:{kind}:{mark}", kind, reference, lines) if lines else None


def of_invoice(invoice_id: int) -> str:
    """What every posting of an invoice refers to."""
    return f"invoice:{invoice_id}"


def of_models(day: date) -> str:
    """What every posting of a day's models refers to."""
    return f"models:{day.isoformat()}"
