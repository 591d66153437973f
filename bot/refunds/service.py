"""Verbs on refunds: what can be refunded, asked for, looked up, and asked about anew. `bot.refunds.sending` sends."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.access.model import Permission, Person
from bot.approvals.service import Approvals
from bot.audit.service import record
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.invoices.model import Invoice
from bot.invoices.ports import Payments, ThingMissing
from bot.invoices.remote import RemoteCharge
from bot.kernel.errors import Forbidden, ProviderError, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.tasks import Task, TaskQueue
from bot.kernel.translation import gettext as _
from bot.limits.model import Deed
from bot.limits.service import Barrier
from bot.refunds.cards import About, Preview, Refundable
from bot.refunds.deed import about, terms_of
from bot.refunds.following import take_over
from bot.refunds.model import (
    CHECKS,
    SEND_REFUND,
    Refund,
    RefundState,
    check_amount,
    check_charge,
    check_reason,
    left,
    limits_in,
    needed,
)
from bot.refunds.settings import RefundSettings
from storage.approvals import approvals
from storage.billing import invoices
from storage.briefs import briefs
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.refunds import refunds as rows
from storage.search import search


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund that was asked for. approval: the number of what others have to approve."""

    of: About
    approval: int


class Refunds:
    """Verbs of the team. Each raises Forbidden, and Refusal where there is no such invoice or refund."""

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        payments: Payments,
        approvals: Approvals,
        barrier: Barrier,
        flags: Flags,
        settings: RefundSettings,
    ) -> None:
        self._database = database
        self._queue = queue
        self._payments = payments
        self._approvals = approvals
        self._barrier = barrier
        self._flags = flags
        self._limits: Mapping[str, Money] = limits_in(settings.refund_solo_limit)
        self._fuse = settings.refund_fuse_minutes

    async def page(self, who: Person, which: Page) -> Sequence[Invoice]:
        """A page of the paid invoices."""
        who.require(Permission.REQUEST_REFUNDS)
        async with self._database.reading() as connection:
            return await invoices.paid_page(connection, who.tenant, which)

    async def made(self, who: Person, which: Page, states: Collection[RefundState] = ()) -> Sequence[Refund]:
        """A page of all refunds that there were, also those that were refused or failed. Raises Forbidden.

        states: of those in one of these alone.
        """
        who.require(Permission.SEE_ALL)
        async with self._database.reading() as connection:
            return await rows.page(connection, who.tenant, which, states)

    async def clients(self, who: Person, found: Sequence[Invoice]) -> Mapping[int, str]:
        """The names of the invoices' clients."""
        async with self._database.reading() as connection:
            return await briefs.client_names(connection, who.tenant, {one.client_id for one in found})

    async def find(self, who: Person, number: str) -> Invoice:
        """The invoice of that number, Stripe's or ours."""
        who.require(Permission.REQUEST_REFUNDS)
        named = number.strip().lstrip("#")

        async def work(connection: Connection) -> Invoice | None:
            ids = await search.find(connection, who.tenant, search.INVOICE, search.words_of(named), Page())
            ids += [int(named)] if named.isascii() and named.isdigit() and len(named) < 16 else []
            found = await invoices.invoices_by_ids(connection, who.tenant, ids)
            theirs = [one for one in found if (one.number or "").lower() == named.lower()]
            return next(iter([*theirs, *(one for one in found if str(one.id) == named)]), None)

        found = await self._database.snapshot(work)
        if found is None:
            raise Refusal(_("There is no invoice {number}. /invoices lists all of them.", number=named[:40]))
        return found

    async def look(self, who: Person, invoice_id: int) -> Refundable:
        """What of an invoice can be sent back, as Stripe says now.

        Raises Refusal for what is not paid, disputed or refunded already, and where Stripe does not answer.
        """
        who.require(Permission.REQUEST_REFUNDS)
        invoice, charges = await self._at_stripe(who, invoice_id)
        refunds = await self._database.write(lambda tx: _taken_over(tx, invoice, charges))
        charge = check_charge(charges, refunds)
        names = await self.clients(who, [invoice])
        return Refundable(invoice, charge, names.get(invoice.client_id, ""), refunds)

    async def preview(self, who: Person, invoice_id: int, amount: Money, reason: str) -> Preview:
        """What such a refund would be; nobody is asked for anything. Raises what `look` raises."""
        reason = check_reason(reason)
        of = await self.look(who, invoice_id)
        check_amount(amount, of.left)
        switch = await self._flags.of(Flag.PAYMENTS, who.tenant, of.invoice.client_id)
        off = None if switch.lets(who.tenant, str(of.invoice.client_id)) else switch
        count = needed(amount, of.charge.intent, of.refunds, self._limits)
        return Preview(of, amount, reason, count, self._fuse if count > 1 else 0, off)

    async def request(
        self, who: Person, invoice_id: int, amount: Money, reason: str, key: str, message_id: int = 0
    ) -> Asked:
        """Ask others to approve a refund: once for each key. What is asked for counts as refunded at once.

        message_id: of the message in the person's chat that shows from now on where it stands; 0: a new one does.
        Raises what `preview` raises, Refusal where too few people may approve it, and Limited.
        """
        who.require(Permission.REQUEST_REFUNDS)
        reason = check_reason(reason)
        invoice, charges = await self._at_stripe(who, invoice_id)

        async def work(tx: Transaction) -> Asked:
            held = await invoices.load_invoice(tx.connection, invoice.id, lock=True)
            assert held is not None
            known = await rows.of_key(tx.connection, who.tenant, key)
            if known is None:
                asker = await _still(tx, who)
                refunds = await _taken_over(tx, held, charges)
                charge = check_charge(charges, refunds)
                check_amount(amount, left(charge, refunds))
                count = needed(amount, charge.intent, refunds, self._limits)
                known = await self._requested(tx, asker, held, charge, amount, reason, key, count, message_id)
            return await _asked(tx.connection, known)

        return await self._database.write(work)

    async def asked(self, who: Person, key: str) -> Asked | None:
        """What the person asked for by that key; None where they did not."""
        who.require(Permission.REQUEST_REFUNDS)
        async with self._database.reading() as connection:
            known = await rows.of_key(connection, who.tenant, key)
            if known is None or known.asked_by != who.id:
                return None
            return await _asked(connection, known)

    async def _requested(
        self,
        tx: Transaction,
        who: Person,
        invoice: Invoice,
        charge: RemoteCharge,
        amount: Money,
        reason: str,
        key: str,
        count: int,
        message_id: int,
    ) -> Refund:
        refund = await rows.add(tx, who, invoice.id, charge, amount, reason, key)
        await self._barrier.check(tx, who.tenant, who, Deed.REFUND, amount, key=refund.name, waits=True)
        data: dict[str, Any] = {"amount": amount.neutral, "invoice": invoice.id, "reason": reason}
        await record(tx, who.tenant, who, "refund.requested", refund.name, thing=refund, **data)
        fuse = timedelta(minutes=self._fuse if count > 1 else 0)
        await self._approvals.open(tx, who, terms_of(refund), count, fuse, message_id)
        return refund

    async def get(self, who: Person, refund_id: int) -> About:
        """A refund as it stands."""
        who.require(Permission.REQUEST_REFUNDS)
        async with self._database.reading() as connection:
            return await about(connection, await rows.get(connection, who.tenant, refund_id))

    async def ask_again(self, who: Person, refund_id: int, version: int) -> About:
        """Have Stripe asked once more what became of a refund. Raises Stale where that is known, or being asked."""
        who.require(Permission.APPROVE_REFUNDS)

        async def work(tx: Transaction) -> About:
            refund = await rows.get(tx.connection, who.tenant, refund_id, lock=True)
            if refund.state is not RefundState.UNKNOWN or refund.version != version:
                raise Stale(_("That is known by now, or being asked: /refund_{number} shows it.", number=refund_id))
            asked = await rows.change(tx, refund, checks=len(CHECKS) - 1, check_at=tx.now)
            await record(tx, who.tenant, who, "refund.asked_again", refund.name)
            await self._queue.enqueue(tx, Task(SEND_REFUND, refund.id))
            return await about(tx.connection, asked)

        return await self._database.write(work)

    async def _at_stripe(self, who: Person, invoice_id: int) -> tuple[Invoice, Sequence[RemoteCharge]]:
        """The invoice, and what came in for it as Stripe says now."""
        async with self._database.reading() as connection:
            invoice = await invoices.load_invoice(connection, invoice_id)
        if invoice is None or invoice.tenant != who.tenant:
            raise Refusal(_("There is no invoice {number}. /invoices lists all of them.", number=invoice_id))
        if invoice.stripe_id is None or not invoice.paid_minor:
            raise Refusal(
                _(
                    "Nothing was paid on invoice {number} yet, so nothing can be sent back. Nothing was asked for.",
                    number=invoice.number or invoice.id,
                )
            )
        try:
            return invoice, await self._payments.charges(invoice.stripe_id)
        except ThingMissing:
            raise Refusal(
                _("Stripe does not find this invoice with the current key, so it can refund nothing of it.")
            ) from None
        except ProviderError:
            raise Refusal(
                _("Stripe does not answer right now, so nothing was asked for. Try again in a minute.")
            ) from None


async def _asked(connection: Connection, refund: Refund) -> Asked:
    """The refund, and where its approval stands."""
    approval = await approvals.of_subject(connection, refund.tenant, refund.name)
    assert approval is not None
    return Asked(await about(connection, refund), approval.id)


async def _taken_over(tx: Transaction, invoice: Invoice, charges: Sequence[RemoteCharge]) -> list[Refund]:
    """All refunds of the invoice, those too that Stripe told of just now."""
    for charge in charges:
        for notice in charge.refunds:
            await take_over(tx, invoice.tenant, invoice.id, notice)
    return await rows.of_invoice(tx.connection, invoice.tenant, invoice.id)


async def _still(tx: Transaction, who: Person) -> Person:
    """The person as they are now, who may still ask for refunds."""
    person = (await people.held(tx, who.tenant, [who.id])).get(who.id)
    if person is None:
        raise Forbidden(_("You are not known here any more."))
    person.require(Permission.REQUEST_REFUNDS)
    return person
