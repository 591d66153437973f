"""Messages that are no order, or not surely one: what they are about, kept until their writer says what they are."""

from dataclasses import replace
from datetime import timedelta

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.briefs.model import Brief, State
from bot.invoices.model import Invoice
from bot.messages.service import TELEGRAM
from bot.remarks.kinds import About
from bot.remarks.model import Meant, Remark, Sent, subjects_of
from storage.billing import invoices
from storage.briefs import briefs, remarks
from storage.core import outbox
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction

LONGEST_NUMBER = 16
LATEST = Page(limit=20)
LATELY = timedelta(days=60)  # what a message is about that names nothing is not older
NEVER_BEGUN = frozenset({State.QUOTED, State.CANCELLED})


class Remarks:
    """Verbs of whoever wrote. What is another's is to them as if it were not there."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answered(self, who: Person, sent: Sent) -> Meant | None:
        """What the message of ours shows that this one answers; None where that is nothing the person sees."""
        async with self._database.reading() as connection:
            brief = await _brief(connection, who, sent.names)
            if brief is not None:
                return Meant(brief)
            named = [sent.names_invoice] if sent.names_invoice else []
            found = await invoices.invoices_by_ids(connection, who.tenant, named, who.id)
            return await _of_invoice(connection, found[0]) if found else await _answered(connection, who, sent)

    async def meant(self, who: Person, about: About, answered: Meant | None) -> Meant:
        """What the message is about: what it names, what it answers, or else the newest that was begun."""
        async with self._database.reading() as connection:
            if about.invoice and (invoice := await _invoice(connection, who, about.invoice)) is not None:
                return await _of_invoice(connection, invoice)
            number = about.brief or about.invoice
            brief = await _brief(connection, who, int(number)) if _may_be_ours(number) else None
            if brief is not None:
                return await _named(connection, brief, about)
            if number and not about.loose:
                return Meant(unknown=number)
            if answered is not None:
                return answered
            newest = await self._newest(connection, who)
            return Meant() if newest is None else replace(await _named(connection, newest, about), guessed=True)

    async def of(self, who: Person, remark: Remark) -> Meant:
        """What a message that is kept is about."""
        async with self._database.reading() as connection:
            if remark.invoice_id is not None:
                return await _of_invoice(connection, await invoices.load_invoice(connection, remark.invoice_id))
            return Meant(await _brief(connection, who, remark.brief_id or 0))

    async def keep(self, who: Person, sent: Sent, about: About, meant: Meant) -> Remark:
        """Keep what somebody wrote, so that they need not write it again."""

        async def work(tx: Transaction) -> Remark:
            brief_id = None if meant.brief is None else await briefs.id_now(tx, meant.brief)
            invoice_id = None if meant.invoice is None else meant.invoice.id
            kept = await remarks.keep(tx, who, sent, brief_id=brief_id, invoice_id=invoice_id)
            await record(tx, who.tenant, who, "remark.kept", f"remark:{kept.id}", kind=about.kind)
            return kept

        return await self._database.write(work)

    async def own(self, who: Person, remark_id: int) -> Remark:
        """What the person wrote. Raises Stale where it is no longer kept."""
        async with self._database.reading() as connection:
            return await remarks.own(connection, who, remark_id)

    async def add_file(self, who: Person, source_key: str, file_key: str, name: str) -> bool:
        """Another file of the same album came; False where that is none of these."""
        return await self._database.write(lambda tx: remarks.add_file(tx, who, source_key, {file_key: name}))

    async def reword(self, who: Person, source_key: str, text: str) -> None:
        """The message was edited; nothing where it is none of these."""
        await self._database.write(lambda tx: remarks.reword(tx, who, source_key, text))

    async def _newest(self, connection: Connection, who: Person) -> Brief | None:
        since = self._database.clock.now() - LATELY
        found = await briefs.page(connection, who.tenant, LATEST, who.id)
        return next((one for one in found if one.state not in NEVER_BEGUN and one.created_at > since), None)


def _may_be_ours(number: str) -> bool:
    return number.isdecimal() and len(number) < LONGEST_NUMBER


async def _brief(connection: Connection, who: Person, brief_id: int) -> Brief | None:
    """The brief, if it is one that the person sees."""
    client = None if who.may(Permission.SEE_ALL) else who.id
    return next(iter(await briefs.by_ids(connection, who.tenant, [brief_id] if brief_id else [], client)), None)


async def _invoice(connection: Connection, who: Person, number: str) -> Invoice | None:
    """The person's own invoice of that number, which is Stripe's or ours."""
    latest = await invoices.invoice_page(connection, who.tenant, Page(limit=100), who.id)
    return next((one for one in latest if number in {str(one.id), (one.number or "").casefold()}), None)


async def _named(connection: Connection, brief: Brief, about: About) -> Meant:
    """The brief; its invoice, where the message speaks of that and there is one."""
    invoice = await invoices.invoice_of(connection, brief.tenant, brief.id) if about.of_invoice else None
    return Meant(brief, invoice, brief.title)


async def _of_invoice(connection: Connection, invoice: Invoice | None) -> Meant:
    """The invoice with what it is for."""
    if invoice is None:
        return Meant()
    if invoice.brief_id is not None:
        brief = await briefs.get(connection, invoice.tenant, invoice.brief_id)
        return Meant(brief, invoice, brief.title)
    lines = await invoices.lines_of(connection, invoice)
    return Meant(None, invoice, ", ".join(line.description for line in lines))


async def _answered(connection: Connection, who: Person, sent: Sent) -> Meant | None:
    """What the message of ours shows that this one answers, if it is the person's own."""
    slots = await outbox.shown_in(connection, who.tenant, TELEGRAM, str(sent.answers))
    for kind, number in subjects_of(slots):
        if kind == "brief":
            found = await briefs.by_ids(connection, who.tenant, [number], who.id)
            if found:
                return Meant(found[0])
        elif invoice := next(iter(await invoices.invoices_by_ids(connection, who.tenant, [number], who.id)), None):
            return await _of_invoice(connection, invoice)
    return None
