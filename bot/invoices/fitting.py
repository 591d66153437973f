"""Whether an invoice at the provider is the one that we asked for: its id, account, mode, amount and currency."""

from bot.invoices.model import Invoice, InvoiceState
from bot.invoices.ports import Place
from bot.invoices.remote import RemoteInvoice
from bot.invoices.statuses import INVOICE, Handling
from bot.kernel.money import Money


def misfit(invoice: Invoice, remote: RemoteInvoice, place: Place) -> str | None:
    """Why the provider's invoice does not fit our row, in words; None where it does."""
    if place.other_than(invoice.account, invoice.mode) or (invoice.mode or remote.mode) != remote.mode:
        return "it is of another account or mode than the one that we made"
    asked = same_terms(invoice.amount, remote)
    if asked is not None:
        return asked
    sums = remote.sums
    if sums.subtotal - sums.discount + sums.tax + sums.shipping != sums.total:
        return (
            f"its total of {_money(remote, sums.total)} does not follow from its lines, discounts, taxes and shipping"
        )
    if INVOICE.get(remote.status, Handling.HELD) is Handling.HELD:
        return f"its status is “{remote.status}”"
    if invoice.state in {InvoiceState.PAID, InvoiceState.VOID} and remote.status != invoice.state.value:
        return f"it was {invoice.state.value}, and Stripe says now that it is {remote.status}"
    if remote.status == "paid" and not remote.covered:
        got, asked_for = _money(remote, remote.received), _money(remote, remote.asked)
        return f"Stripe says that it is paid, but its payments explain {got} of {asked_for}"
    return None


def same_terms(amount: Money, remote: RemoteInvoice) -> str | None:
    """Why it asks for something else than this amount, before discounts and taxes."""
    if (remote.sums.subtotal, remote.currency) == (amount.minor, amount.currency):
        return None
    return f"it is about {_money(remote, remote.sums.subtotal)}, not {amount}"


def _money(remote: RemoteInvoice, minor: int) -> Money:
    return Money(minor, remote.currency)
