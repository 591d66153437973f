"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import Core
from bot.invoices.remote import RemoteNotice, RemotePayout, TakenOver
from bot.kernel.events import Event, Reaction
from bot.ledger import books
from bot.ledger.rates import Rates
from bot.ledger.service import Ledger, post_missing
from bot.ledger.settings import LedgerSettings
from storage.engine.database import Transaction
from storage.ledger import postings

EVENTS: Mapping[str, str] = {
    "entry.corrected": "An admin took an entry of the ledger back, by another.",
    "entry.fee": "The payment provider took a fee of its own, and it was posted.",
}
# Every event that changes what an invoice's postings have to add up to.
_OF_INVOICES = (
    "invoice.opened",
    "invoice.open",
    "invoice.paid",
    "invoice.part_paid",
    "invoice.settled",
    "invoice.changed",
    "invoice.void",
    "invoice.uncollectible",
)
_OF_NOTICES = ("invoice.refund", "invoice.dispute")


def reactions() -> Mapping[str, Reaction]:
    """Every movement of money is posted."""
    of_invoices = dict.fromkeys(_OF_INVOICES, _follow_invoice)
    return {**of_invoices, **dict.fromkeys(_OF_NOTICES, _follow_notice), "payout.changed": _follow_payout}


async def _follow_invoice(tx: Transaction, event: Event) -> None:
    """What the postings of an invoice lack to what the provider says is one more."""
    taken = event.thing
    assert isinstance(taken, TakenOver)
    invoice = taken.invoice
    await post_missing(tx, event.tenant, invoice.id, taken.remote, kind=taken.kind, mark=str(invoice.version))


async def _follow_notice(tx: Transaction, event: Event) -> None:
    """Each movement of a refund or a dispute is posted once, also where an older answer of the provider comes later."""
    notice = event.thing
    assert isinstance(notice, RemoteNotice)
    for posting in books.given_back(notice):
        await postings.post(tx, event.tenant, posting)


async def _follow_payout(tx: Transaction, event: Event) -> None:
    """Each movement of a payout is posted once; the account at the provider is the installation's, so it is too."""
    payout = event.thing
    assert isinstance(payout, RemotePayout)
    for posting in books.paid_out(payout):
        await postings.post(tx, event.tenant, posting)


@dataclass(frozen=True, slots=True)
class Verbs:
    """The books, and what other currencies are worth."""

    books: Ledger
    rates: Rates


def build(core: Core, settings: LedgerSettings) -> Verbs:
    """The area on what it stands on."""
    return Verbs(Ledger(core.database, core.tenants), Rates(core.database, settings.exchange_rates))
