"""Whether an invoice at the provider is the one that we asked for: its id, account, mode, amount and currency."""

from bot.invoices.model import Invoice, InvoiceState
from bot.invoices.ports import Place
from bot.invoices.remote import RemoteInvoice
from bot.invoices.statuses import INVOICE, Handling
from bot.kernel.money import Money
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import Sentence, sentence


def misfit(invoice: Invoice, remote: RemoteInvoice, place: Place) -> Sentence | None:
    """Why the provider's invoice does not fit our row, in words; None where it does."""
    if place.other_than(invoice.account, invoice.mode) or (invoice.mode or remote.mode) != remote.mode:
        return sentence(N_("it is of another account or mode than the one that we made"))
    asked = same_terms(invoice.amount, remote)
    if asked is not None:
        return asked
    sums = remote.sums
    if sums.subtotal - sums.discount + sums.tax + sums.shipping != sums.total:
        return sentence(
            N_("its total of {money} does not follow from its lines, discounts, taxes and shipping"),
            money=_money(remote, sums.total),
        )
    if INVOICE.get(remote.status, Handling.HELD) is Handling.HELD:
        return sentence(N_("its status is “{status}”"), status=remote.status)
    if invoice.state in {InvoiceState.PAID, InvoiceState.VOID} and remote.status != invoice.state.value:
        was = invoice.state.value
        return sentence(N_("it was “{before}”, and Stripe says now that it is “{now}”"), before=was, now=remote.status)
    if remote.status == "paid" and not remote.covered:
        return sentence(
            N_("Stripe says that it is paid, but its payments explain {received} of {asked}"),
            received=_money(remote, remote.received),
            asked=_money(remote, remote.asked),
        )
    return None


def same_terms(amount: Money, remote: RemoteInvoice) -> Sentence | None:
    """Why it asks for something else than this amount, before discounts and taxes."""
    if (remote.sums.subtotal, remote.currency) == (amount.minor, amount.currency):
        return None
    theirs = _money(remote, remote.sums.subtotal)
    return sentence(N_("it is about {theirs}, not {ours}"), theirs=theirs, ours=amount)


def _money(remote: RemoteInvoice, minor: int) -> Money:
    return Money(minor, remote.currency)
