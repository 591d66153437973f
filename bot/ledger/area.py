"""The area wired up: its verbs, what it says happened, and how it follows what happens elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import Core
from bot.invoices.remote import RemoteNotice, TakenOver
from bot.kernel.events import Event, Reaction
from bot.ledger import books
from bot.ledger.rates import Rates
from bot.ledger.service import Ledger
from bot.ledger.settings import LedgerSettings
from storage.engine.database import Transaction
from storage.ledger import postings

EVENTS: Mapping[str, str] = {
    "entry.corrected": "An admin took an entry of the ledger back, by another.",
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
    return {**dict.fromkeys(_OF_INVOICES, _follow_invoice), **dict.fromkeys(_OF_NOTICES, _follow_notice)}


async def _follow_invoice(tx: Transaction, event: Event) -> None:
    """What the postings of an invoice lack to what the provider says is one more; nothing where they say the same."""
    taken = event.thing
    assert isinstance(taken, TakenOver)
    invoice, reference = taken.invoice, books.of_invoice(taken.invoice.id)
    posted = await postings.posted(tx.connection, event.tenant, reference)
    wanted = books.entries(taken.remote)
    mark = str(invoice.version)
    posting = books.brought_up_to_date(wanted, posted, kind=taken.kind, reference=reference, mark=mark)
    if posting is not None:
        await postings.post(tx, event.tenant, posting)


async def _follow_notice(tx: Transaction, event: Event) -> None:
    """Each movement of a refund or a dispute is posted once, also where an older answer of the provider comes later."""
    notice = event.thing
    assert isinstance(notice, RemoteNotice)
    for posting in books.given_back(notice):
        await postings.post(tx, event.tenant, posting)


@dataclass(frozen=True, slots=True)
class Verbs:
    """The books, and what other currencies are worth."""

    books: Ledger
    rates: Rates


def build(core: Core, settings: LedgerSettings) -> Verbs:
    """The area on what it stands on."""
    return Verbs(Ledger(core.database, core.tenants), Rates(core.database, settings.exchange_rates))
