"""Queries on what clients owe: what stands on the receivable account for each open invoice."""

from collections.abc import Sequence

from sqlalchemy import Text, bindparam, cast, select

from bot.finance.model import Owed
from bot.invoices.model import InvoiceState
from bot.kernel.money import Money
from bot.ledger.model import Account
from storage.engine.connection import Connection
from storage.engine.types import constant, unindexed
from storage.ledger.postings import exact_sum, whole
from storage.tables.billing import WAITS_FOR_CLIENT, invoices
from storage.tables.ledger import posting_lines, postings

_OPEN = (
    invoices.c.tenant == bindparam("its_tenant"),
    WAITS_FOR_CLIENT,
    unindexed(invoices.c.state) == constant(InvoiceState.OPEN),
)
_ITS_ENTRIES = (postings.c.tenant == invoices.c.tenant, postings.c.reference == "invoice:" + cast(invoices.c.id, Text))
_OWED = (
    select(invoices.c.id, invoices.c.due_at, posting_lines.c.currency, *exact_sum(posting_lines.c.amount_minor))
    .join(postings, _ITS_ENTRIES[0] & _ITS_ENTRIES[1])
    .join(posting_lines, posting_lines.c.posting_id == postings.c.id)
    .where(*_OPEN, unindexed(posting_lines.c.account) == constant(Account.RECEIVABLE))
    .group_by(invoices.c.id, invoices.c.due_at, posting_lines.c.currency)
)


async def owed(connection: Connection, tenant: str) -> Sequence[Owed]:
    """What is owed on each open invoice."""
    rows = await connection.execute(_OWED, {"its_tenant": tenant})
    found = [Owed(number, due, Money(whole(*halves), currency)) for number, due, currency, *halves in rows]
    return [one for one in found if one.left.minor]
