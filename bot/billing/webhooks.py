"""The provider's events: kept before they are answered, then dealt with, each to an end."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from bot.audit.service import record
from bot.billing.settlement import Settlement
from bot.billing.telling import Unbooked, not_booked
from bot.invoices import statuses
from bot.invoices.events import FETCHED, OCCASIONS, Occasion, Reread, mark_of, named_by
from bot.invoices.fitting import same_terms
from bot.invoices.marks import mark_of_invoice
from bot.invoices.model import Invoice, InvoiceState
from bot.invoices.ports import AccessRefused, PaymentEvent, Payments, ThingMissing
from bot.invoices.remote import RemoteInvoice, RemoteNotice, RemotePayout
from bot.kernel.errors import ProviderError
from bot.kernel.tasks import Pool, RunAgain, Task, TaskKind, TaskQueue
from bot.kernel.translation import gettext_noop as N_
from bot.messages.kept import Sentence, kept, sentence
from storage.billing import invoices as billing
from storage.core import events as event_log
from storage.core import inbox
from storage.core.installation import installation_code
from storage.engine.database import Database, Transaction

SOURCE = "stripe"
STRIPE_EVENT = TaskKind("stripe_event", Pool.QUICK)
UNKNOWN_TO_KEY = "our key does not know it"
REOPENED = 3  # times at most: what the key lists and does not know is gone
_WHAT = N_("{money}: {what}.")
UNDER_WAY = frozenset({InvoiceState.NEW, InvoiceState.UNKNOWN})
GIVEN_UP_AFTER = timedelta(hours=24)
LONGEST_WAIT_SECONDS = 600.0
READ_ANYWAY = timedelta(days=1)
OF_A_COPY = N_(
    "It carries this database's code but was made for something else: before a backup was restored, or by a "
    "copy running elsewhere."
)
NOT_THAT = N_("It is “{status}”, and not the invoice that we made: {why}")


class Webhooks:
    """An event is only the occasion: what counts is what the provider says when asked now.

    tenant: whose account at the provider the events come from.
    """

    def __init__(
        self, database: Database, queue: TaskQueue, payments: Payments, settlement: Settlement, tenant: str
    ) -> None:
        self._database = database
        self._queue = queue
        self._payments = payments
        self._settlement = settlement
        self._tenant = tenant
        self._connected = False

    async def receive(self, tx: Transaction, events: Sequence[PaymentEvent]) -> None:
        """Keep webhooks, each once, and have those dealt with that mean something to us. Call before answering 200."""
        if events and not self._connected:
            self._connected = await event_log.has_happened(tx.connection, self._tenant, "connected")
            if not self._connected:  # once is enough; twice does no harm
                await record(tx, self._tenant, None, "payments.connected", "provider:0")
        await self._keep(tx, events)

    async def _keep(self, tx: Transaction, events: Sequence[PaymentEvent]) -> int:
        """Returns how many are new, and are dealt with."""
        acted_on = [self._arrival(event) for event in events if event.type in OCCASIONS]
        ids = await inbox.store(tx, acted_on)
        await self._queue.enqueue(tx, *(Task(STRIPE_EVENT, arrival_id) for arrival_id in ids))
        others = [event for event in events if event.type not in OCCASIONS]
        await inbox.store(tx, [self._arrival(event, f"{event.type} is not acted on") for event in others])
        return len(ids)

    async def catch_up(self) -> int:
        """Fetch the events about refunds, disputes and payouts that no webhook brought; returns how many there were.

        What becomes of invoices is seen by looking at them; of these nobody would hear once no more is repeated. Behind
        those that came there may be others that did not: so a day is read in any case, and on as long as any is new.
        """
        found, before, day_ago = 0, None, self._database.clock.now() - READ_ANYWAY
        while page := await self._payments.events(FETCHED, before):
            new = await self._database.write(partial(self._caught_up, events=page))
            found += new
            oldest = page[-1]
            if not new and (oldest.at is None or oldest.at < day_ago):
                break
            before = oldest.id
        return found

    async def _caught_up(self, tx: Transaction, events: Sequence[PaymentEvent]) -> int:
        """What the key of then did not know is dealt with again, now that the present key lists it as its own."""
        names = [event.id for event in events]
        again = await inbox.reopen(tx, SOURCE, names, ended=UNKNOWN_TO_KEY, at_most=REOPENED)
        await self._queue.enqueue(tx, *(Task(STRIPE_EVENT, arrival_id) for arrival_id in again))
        return len(again) + await self._keep(tx, events)

    def _arrival(self, event: PaymentEvent, kept_only: str | None = None) -> inbox.Arrival:
        payload = {"type": event.type, "object": event.object}
        if event.account is not None:
            payload["account"] = event.account
        return inbox.Arrival(self._tenant, SOURCE, event.id, payload, kept_only=kept_only)

    async def apply_event(self, arrival_id: int) -> None:
        """Deal with a kept webhook. Raises RunAgain where it overtook our own knowledge, for a day at most."""
        async with self._database.reading() as connection:
            arrival = await inbox.get(connection, arrival_id)
        if arrival is None:
            return
        try:
            ended = await self._deal(arrival.payload)
        except ThingMissing:
            ended = f"not {OCCASIONS[arrival.payload['type']].words} of ours: {UNKNOWN_TO_KEY}"
        except AccessRefused:
            raise  # no fault of the event; it waits until the key is right
        except ProviderError as error:
            if not error.permanent and self._age(arrival) < GIVEN_UP_AFTER:
                raise
            ended = await self._give_up(arrival, str(error))
        except RunAgain as again:
            if self._age(arrival) >= GIVEN_UP_AFTER:
                ended = await self._give_up(arrival, "what it is about never came to rest here")
            else:
                raise self._later(arrival, again) from None
        await self._database.write(lambda tx: inbox.mark_processed(tx, [arrival_id], ended))

    def _age(self, arrival: inbox.InboxRow) -> timedelta:
        return self._database.clock.now() - arrival.received_at

    def _later(self, arrival: inbox.InboxRow, again: RunAgain) -> RunAgain:
        """Ever more rarely, without counting: a quarter of the time that it waits already."""
        waited = self._age(arrival).total_seconds() / 4
        return RunAgain(max(again.delay, min(waited, LONGEST_WAIT_SECONDS)))

    async def _give_up(self, arrival: inbox.InboxRow, why: str) -> str:
        kind, thing = arrival.payload["type"], arrival.payload["object"]
        name = str(thing.get("id", "no id"))
        reason = kept(sentence(N_("{event}: {why}"), event=kind, why=why))
        what = Unbooked(f"event:{arrival.external_id}", "given up", name, reason)
        await self._database.write(lambda tx: not_booked(tx, self._tenant, what, None))
        return f"given up: {why}"

    async def _deal(self, payload: dict[str, Any]) -> str | None:
        """What is to be kept of how the event ended; None where it was acted on."""
        kind, thing = payload["type"], payload["object"]
        occasion = OCCASIONS.get(kind)
        if occasion is None:
            return f"{kind} is not acted on"
        named = named_by(occasion, thing)
        match occasion.reread:
            case Reread.INVOICE:
                return "about no invoice" if named is None else await self._about_invoice(occasion, named, payload)
            case Reread.SETTLED:
                return await self._settled(named)
            case Reread.PAYOUT:
                await self._payout(str(named))
                return None
        return await self._money_moved(occasion, str(named))

    async def _about_invoice(self, occasion: Occasion, stripe_id: str, payload: dict[str, Any]) -> str | None:
        async with self._database.reading() as connection:
            invoice = await billing.invoice_known_as(connection, stripe_id)
        if invoice is None:
            return await self._not_kept(occasion, stripe_id, payload)
        settled = invoice.state is InvoiceState.PAID and not invoice.unsettled
        if not (settled and occasion.paid):
            await self._settlement.look(invoice.id)
        return None

    async def _not_kept(self, occasion: Occasion, stripe_id: str, payload: dict[str, Any]) -> str | None:
        """It is ours only where we are making it just now: then it is waited for. All else is not ours, and said so."""
        code = await installation_code(self._database, self._tenant)
        mark = mark_of(payload["object"])
        if payload.get("account") is not None or mark not in (code, "", None):
            return "not an invoice of ours"
        try:
            remote = await self._payments.read_invoice(stripe_id)
        except ThingMissing:
            if mark == code and occasion.paid:
                raise RunAgain(1.0) from None  # by another key than this
            raise
        async with self._database.reading() as connection:
            ours = None if remote.invoice_id is None else await billing.load_invoice(connection, remote.invoice_id)
            lines = () if ours is None else await billing.lines_of(connection, ours)
        if ours is None or not _marked(ours, remote, code):
            return await self._of_a_copy(remote, code)
        ours_indeed = remote.row in (None, mark_of_invoice(ours, lines)) and remote.subject in (None, ours.subject)
        if ours_indeed and ours.state in UNDER_WAY and same_terms(ours.amount, remote) is None:
            raise RunAgain(1.0)
        if remote.status != "paid" and not remote.received:
            return "another invoice with our number, and no money in it"
        why = _other(ours, remote) if ours_indeed else sentence(OF_A_COPY)
        what = Unbooked(f"other:{remote.id}", "other", remote.id, kept(why))
        await self._database.write(lambda tx: not_booked(tx, ours.tenant, what, ours))
        return "another invoice with our number; admins were told"

    async def _of_a_copy(self, remote: RemoteInvoice, code: str) -> str:
        """What bears our code, and a number that no row here has: where money is in it, somebody has to know of it."""
        if remote.installation != code or not remote.received:
            return "not an invoice of ours"
        what = Unbooked(f"other:{remote.id}", "other", remote.id, kept(sentence(OF_A_COPY)))
        await self._database.write(lambda tx: not_booked(tx, self._tenant, what, None))
        return "an invoice with our code and no row here; admins were told"

    async def _settled(self, intent: str | None) -> str | None:
        async with self._database.reading() as connection:
            awaited = await billing.settling_awaited(connection)
        if not awaited:
            return "no invoice waits for a payment or its fee"
        invoices = await self._paid_by(intent)
        for invoice in invoices:
            await self._settlement.look(invoice.id)
        return None if invoices else "not a payment of ours"

    async def _money_moved(self, occasion: Occasion, name: str) -> str | None:
        """Refunds and disputes: admins are told, once for each that changes; the ledger follows what Stripe moved."""
        notices = await self._payments.notices(occasion.reread, name)
        if not notices:  # what is refunded has a refund, unless the charge is another account's
            return f"not {occasion.words} of ours: {UNKNOWN_TO_KEY}"
        ours = [await self._told_of(notice) for notice in notices]
        return None if any(ours) else "not a payment of ours"

    async def _told_of(self, notice: RemoteNotice) -> bool:
        invoices = await self._paid_by(notice.intent)
        if not invoices:
            return False
        invoice = invoices[0]
        code = await installation_code(self._database, self._tenant)

        async def work(tx: Transaction) -> None:
            if notice.refund_id is None or notice.installation != code:  # of our own `bot.refunds` tells
                await not_booked(tx, invoice.tenant, _moved(notice), invoice)
            said = {"stripe_id": notice.id, "status": notice.status, "amount": notice.amount.neutral}
            subject = f"invoice:{invoice.id}"
            await record(tx, invoice.tenant, None, f"invoice.{notice.kind}", subject, thing=notice, **said)

        await self._database.write(work)
        return True

    async def _payout(self, name: str) -> None:
        """The ledger follows what it moved; of one that failed, admins hear."""
        payout = await self._payments.payout(name)

        async def work(tx: Transaction) -> None:
            if payout.status not in statuses.PAYOUT or payout.status in statuses.PAYOUT_ENDED:
                await not_booked(tx, self._tenant, _of_payout(payout), None)
            said = {"status": payout.status, "amount": payout.amount.neutral}
            await record(tx, self._tenant, None, "payout.changed", f"payout:{payout.id}", thing=payout, **said)

        await self._database.write(work)

    async def _paid_by(self, intent: str | None) -> list[Invoice]:
        """Ours that a payment pays for, the first first; mostly one."""
        stripe_ids = await self._payments.invoices_paid_by(intent) if intent else []
        async with self._database.reading() as connection:
            found = [await billing.invoice_known_as(connection, stripe_id) for stripe_id in stripe_ids]
        return [invoice for invoice in found if invoice is not None]


def _marked(ours: Invoice, remote: RemoteInvoice, code: str) -> bool:
    return remote.installation == code or (not ours.marked and remote.installation is None)


def _other(ours: Invoice, remote: RemoteInvoice) -> Sentence:
    why = same_terms(ours.amount, remote)
    if why is None and ours.stripe_id:
        why = sentence(N_("ours is {stripe_id}"), stripe_id=ours.stripe_id)
    return sentence(NOT_THAT, status=remote.status, why=why or sentence(N_("ours is not made yet")))


def _of_payout(payout: RemotePayout) -> Unbooked:
    said = [sentence(_WHAT, money=payout.amount, what=statuses.sentence_of("payout", payout.status))]
    if payout.reason:
        said.append(statuses.why(payout.reason))
    return Unbooked(f"payout:{payout.id}:{payout.status}", "payout", payout.id, kept(*said))


def _moved(notice: RemoteNotice) -> Unbooked:
    said = [sentence(_WHAT, money=notice.amount, what=statuses.sentence_of(notice.kind, notice.status))]
    if notice.reason:
        said.append(statuses.why(notice.reason))
    if notice.due is not None:
        said.append(sentence(N_("Answer by {time}."), time=notice.due))
    return Unbooked(f"{notice.kind}:{notice.id}:{notice.status}", notice.kind, notice.id, kept(*said))
