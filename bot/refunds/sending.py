"""Approved refunds, sent: reserved and checked before Stripe is called, and asked about until the outcome is known.

Its idempotency key comes from the row, which is committed before the call: so asking again sends nothing twice.
"""

from datetime import timedelta
from functools import partial

from bot.access.model import TENANT
from bot.audit.service import record
from bot.flags.model import Flag
from bot.flags.service import Flags
from bot.invoices.ports import AccessRefused, Attempt, Payments, RefundOrder, ThingMissing
from bot.invoices.remote import RemoteNotice
from bot.kernel.errors import KeyUsed, ProviderError
from bot.kernel.tasks import RunAgain
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.refunds import cards
from bot.refunds.deed import about
from bot.refunds.following import asker, recorded, said, team
from bot.refunds.model import CHECKS, NOT_LEFT, TO_SEND, Refund, RefundState, spent
from storage.billing import invoices
from storage.core.installation import installation_code
from storage.engine.database import Database, Transaction
from storage.refunds import refunds as rows

SWITCH_SECONDS = 60.0
AT_ONCE = timedelta(minutes=1)


class Sending:
    """Carries approved refunds out."""

    def __init__(self, database: Database, payments: Payments, flags: Flags) -> None:
        self._database = database
        self._payments = payments
        self._flags = flags

    async def carry_out(self, refund_id: int) -> None:
        """Send an approved refund, or find out what came of one that was sent.

        Raises ProviderError where Stripe does not serve anybody; RunAgain where it has to be looked at later, also
        while payments are switched off.
        """
        async with self._database.reading() as connection:
            refund = await rows.load(connection, refund_id)
        if refund is None:
            return
        if refund.state in TO_SEND:
            await self._wait_for_switch(refund)
            if await self._made_before(refund):
                return
            sent = await self._reserved(refund)
            if sent is not None:
                await self._send(sent)
        elif refund.state in {RefundState.SENT, RefundState.UNKNOWN} and refund.stripe_id is None:
            await self._ask(refund)

    async def _made_before(self, refund: Refund) -> bool:
        """Whether Stripe has it although it was not sent: by the database that stood here before a backup was put back.

        Stripe may have forgotten its key by then, so what does not come at once is looked for.
        """
        if self._database.clock.now() - refund.created_at <= AT_ONCE:
            return False
        try:
            notice = await self._payments.refund_made(await self._order(refund))
        except ThingMissing:
            return False  # no such payment by this key: sending it says so, and ends it
        if notice is None:
            return False
        await self._database.write(partial(_answered, refund=refund, notice=notice))
        return True

    async def _reserved(self, refund: Refund) -> Refund | None:
        """The refund, about to be sent; None where not enough is left for it any more."""
        if refund.state is RefundState.APPROVED:
            reserving = partial(_reserve, tenant=refund.tenant, refund_id=refund.id)
            refund = await self._database.write(reserving)
        if refund.state is not RefundState.RESERVED:
            return None
        return await self._database.write(partial(_begin, refund=refund))

    async def _send(self, refund: Refund) -> None:
        try:
            notice = await self._payments.refund(await self._order(refund))
        except AccessRefused:
            raise
        except KeyUsed:
            await self._unknown(refund)
        except ProviderError as error:
            if error.permanent:
                await self._database.write(partial(_refused, refund=refund, why=str(error)))
            elif error.unknown:
                await self._unknown(refund)
            else:
                raise
        else:
            await self._database.write(partial(_answered, refund=refund, notice=notice))

    async def _ask(self, refund: Refund) -> None:
        """Ask Stripe what came of it. Where there is none, it is sent again, by the same key."""
        now = self._database.clock.now()
        if refund.check_at is not None and now < refund.check_at:
            raise RunAgain((refund.check_at - now).total_seconds())
        try:
            notice = await self._payments.refund_made(await self._order(refund))
        except AccessRefused:
            raise
        except ProviderError:
            await self._unknown(refund)
            return
        if notice is not None:
            await self._database.write(partial(_answered, refund=refund, notice=notice))
        else:
            await self._wait_for_switch(refund)
            await self._send(refund)

    async def _order(self, refund: Refund) -> RefundOrder:
        code = await installation_code(self._database, TENANT)  # all tenants are invoiced by one account
        attempt = Attempt(1, refund.created_at, look_first=False, installation=code, row=refund.mark)
        return RefundOrder(refund.id, refund.intent, refund.amount, attempt)

    async def _unknown(self, refund: Refund) -> None:
        """Nobody knows what came of it: Stripe is asked later, at last by a person. Raises RunAgain."""
        kept = await self._database.write(partial(_kept_unknown, refund=refund))
        if kept.check_at is not None:
            raise RunAgain((kept.check_at - self._database.clock.now()).total_seconds())

    async def _wait_for_switch(self, refund: Refund) -> None:
        """Raise RunAgain while payments are switched off for its client; who asked is told so once."""
        async with self._database.reading() as connection:
            of = await about(connection, refund)
        client = of.invoice.client_id
        switch = await self._flags.of(Flag.PAYMENTS, refund.tenant, client)
        if switch.lets(refund.tenant, str(client)):
            return

        async def work(tx: Transaction) -> None:
            for person in await asker(tx, refund):
                key = f"refund:{refund.id}:held:{switch.version}"
                await notify(tx, person, Topic.INVOICES, partial(cards.held, of, switch), key=key)

        await self._database.write(work)
        raise RunAgain(SWITCH_SECONDS)


async def _reserve(tx: Transaction, tenant: str, refund_id: int) -> Refund:
    """Check that enough is left of the payment, and keep it: whoever else wants some of it waits for this."""
    before = await rows.get(tx.connection, tenant, refund_id)
    await invoices.load_invoice(tx.connection, before.invoice_id, lock=True)
    refund = await rows.get(tx.connection, tenant, refund_id, lock=True)
    if refund.state is not RefundState.APPROVED:
        return refund
    all_of_it = await rows.of_invoice(tx.connection, tenant, refund.invoice_id)
    if spent(all_of_it, refund.intent) > refund.payment.minor:
        return await _refused(tx, refund, NOT_LEFT)
    kept = await rows.change(tx, refund, state=RefundState.RESERVED)
    await recorded(tx, kept)
    return kept


async def _begin(tx: Transaction, refund: Refund) -> Refund:
    sent = await rows.change(tx, refund, state=RefundState.SENT, sent_at=tx.now)
    await recorded(tx, sent)
    return sent


async def _refused(tx: Transaction, refund: Refund, why: str) -> Refund:
    """Nothing was sent, and nothing will be by this row."""
    fresh = await rows.get(tx.connection, refund.tenant, refund.id, lock=True)
    if fresh.stripe_id is not None:
        return fresh
    failed = await rows.change(tx, fresh, state=RefundState.FAILED, error=why, check_at=None)
    await said(tx, fresh.state, failed)
    return failed


async def _answered(tx: Transaction, refund: Refund, notice: RemoteNotice) -> None:
    """What Stripe answered is what its webhook tells as well: ledger and refund follow it, whichever comes first."""
    data = {"stripe_id": notice.id, "status": notice.status, "amount": notice.amount.neutral}
    await record(tx, refund.tenant, None, "invoice.refund", f"invoice:{refund.invoice_id}", thing=notice, **data)


async def _kept_unknown(tx: Transaction, refund: Refund) -> Refund:
    fresh = await rows.get(tx.connection, refund.tenant, refund.id, lock=True)
    if fresh.state not in {RefundState.SENT, RefundState.UNKNOWN}:
        return fresh
    checks = fresh.checks + 1 if fresh.state is RefundState.UNKNOWN else 0
    check_at = tx.now + CHECKS[checks] if checks < len(CHECKS) else None
    kept = await rows.change(tx, fresh, state=RefundState.UNKNOWN, checks=checks, check_at=check_at)
    if fresh.state is RefundState.SENT:
        await said(tx, fresh.state, kept)
    elif check_at is None:
        await _tell_of_unknown(tx, kept)
    return kept


async def _tell_of_unknown(tx: Transaction, refund: Refund) -> None:
    """Nobody knows after a day: a person has to look."""
    of = await about(tx.connection, refund)
    for person in await team(tx, refund):
        key = f"refund:{refund.id}:lost:{refund.version}:{person.id}"
        await notify(tx, person, Topic.TROUBLE, partial(cards.lost, of), key=key)
