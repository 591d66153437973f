"""Verbs on the ledger: what stands on its accounts, its entries, and corrections."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.invoices.remote import Move, RemoteInvoice
from bot.kernel.errors import Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.ledger import books
from bot.ledger.figures import Details, Standing, Table, trials
from bot.ledger.model import CORRECTION, Entry, Line, correction
from bot.tenants.service import Tenants
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.ledger import closed_days, postings
from storage.models import budget

DAYS_AGAIN = 7  # a run that was missed is made up for, also after a long weekend
AT_MOST = 20_000  # entries in a file
DAY = timedelta(days=1)


class Ledger:
    """What was posted is never changed; a correction is another entry."""

    def __init__(self, database: Database, tenants: Tenants) -> None:
        self._database = database
        self._tenants = tenants

    async def standing(self, who: Person) -> Standing:
        """What stands on each account. Raises Forbidden."""
        who.require(Permission.KEEP_LEDGER)

        async def work(connection: Connection) -> Standing:
            found = await closed_days.balances(connection, who.tenant)
            return Standing(trials(found), await postings.newest(connection, who.tenant))

        return await self._database.snapshot(work)

    async def page(self, who: Person, which: Page, kind: str | None = None) -> Sequence[Entry]:
        """A page of the entries; of those of one kind alone where one is given. Raises Forbidden."""
        who.require(Permission.KEEP_LEDGER)
        async with self._database.reading() as connection:
            return await postings.page(connection, who.tenant, which, kind)

    async def details(self, who: Person, entry_id: int) -> Details:
        """An entry of the tenant. Raises Forbidden, Refusal."""
        who.require(Permission.KEEP_LEDGER)
        async with self._database.reading() as connection:
            return await _details(connection, who.tenant, entry_id)

    async def table(self, who: Person) -> Table:
        """The newest entries, for a file. Raises Forbidden."""
        who.require(Permission.KEEP_LEDGER)
        which = Page(limit=AT_MOST + 1)
        found = await self._database.snapshot(lambda connection: postings.page(connection, who.tenant, which))
        return Table(found[:AT_MOST], len(found) > AT_MOST, self._database.clock.now())

    async def correct(
        self, who: Person, entry_id: int, reason: str, instead: Sequence[Line] = (), *, dated: bool = False
    ) -> Entry:
        """Take an entry back by another one, which puts the lines `instead` in its place; returns that one.

        dated: it counts for the time of the entry, whose day may be closed, and not for now. Raises Forbidden; Refusal
        where there is no reason or no such entry, or the lines do not balance; Stale where it was corrected before.
        """
        who.require(Permission.KEEP_LEDGER)
        if not reason.strip():
            raise Refusal(_("Say in a few words why the entry is wrong."))

        async def work(tx: Transaction) -> Entry:
            return await self.correct_within(tx, who, entry_id, reason.strip(), instead, dated=dated)

        return await self._database.write(work)

    async def correct_within(
        self, tx: Transaction, who: Person, entry_id: int, reason: str, instead: Sequence[Line], *, dated: bool = False
    ) -> Entry:
        """See `correct`."""
        found = await _details(tx.connection, who.tenant, entry_id)
        posting = correction(found.entry, reason, instead)
        number = await postings.post(tx, who.tenant, posting, found.entry.posted_at if dated else None)
        if number is None:
            later = f"/entry_{found.corrected_by}"
            raise Stale(_("Entry {number} was taken back before, by {entry}.", number=entry_id, entry=later))
        subject = f"entry:{entry_id}"
        await record(tx, who.tenant, who, "entry.corrected", subject, reason=reason, by=number)
        made = await postings.by_id(tx.connection, who.tenant, number)
        assert made is not None
        return made

    async def take_fee(self, tx: Transaction, tenant: str, move: Move) -> None:
        """Post what Stripe took for itself, once."""
        if await postings.post(tx, tenant, books.fee(move)) is not None:
            await record(tx, tenant, None, "entry.fee", f"fee:{move.id}", amount=move.settled.gross.neutral)

    async def book_models(self, tenant: str) -> str:
        """Post what models cost on each of the last days, where that is not posted yet; returns a line about it."""
        now = self._database.clock.now().astimezone(await self._tenants.zone(tenant))
        days = [(now - back * DAY).date() for back in range(DAYS_AGAIN, 0, -1)]

        async def work(tx: Transaction) -> int:
            posted = 0
            for day in days:
                start = datetime.combine(day, time(), now.tzinfo)
                cost = await budget.cost(tx.connection, tenant, start, datetime.combine(day + DAY, time(), now.tzinfo))
                lines, reference = books.models(cost), books.of_models(day)
                before = await postings.posted(tx.connection, tenant, reference)
                mark = str(lines[0].amount.minor)
                posting = books.brought_up_to_date(lines, before, kind="models", reference=reference, mark=mark)
                posted += posting is not None and await postings.post(tx, tenant, posting) is not None
            return posted

        return f"{await self._database.write(work)} of the last {DAYS_AGAIN} days newly booked"


async def post_missing(
    tx: Transaction, tenant: str, invoice_id: int, remote: RemoteInvoice, *, kind: str, mark: str
) -> int | None:
    """Post what the entries of an invoice lack to what Stripe says of it; None where they say the same.

    mark: tells this change of the invoice from all others.
    """
    reference = books.of_invoice(invoice_id)
    posted = await postings.posted(tx.connection, tenant, reference)
    wanted = books.entries(remote)
    posting = books.brought_up_to_date(wanted, posted, kind=kind, reference=reference, mark=mark)
    return None if posting is None else await postings.post(tx, tenant, posting)


async def _details(connection: Connection, tenant: str, entry_id: int) -> Details:
    entry = await postings.by_id(connection, tenant, entry_id)
    if entry is None:
        raise Refusal(_("There is no entry {number} in the ledger. /ledger lists them.", number=entry_id))
    later = await postings.by_key(connection, tenant, f"{CORRECTION}:{entry_id}")
    until = await closed_days.closed_until(connection, tenant)
    return Details(entry, None if later is None else later.id, until is not None and entry.posted_at < until)
