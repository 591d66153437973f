"""Repairs by a tap: what the ledger lacks is posted from what Stripe says when it is asked now.

What changes the ledger by more than one admin may is done once another one said yes (`bot.approvals`).
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

from bot.access.model import Permission, Person
from bot.approvals.service import Approvals
from bot.audit.service import record
from bot.billing.settlement import Settlement
from bot.invoices.events import Reread
from bot.invoices.model import Invoice
from bot.invoices.ports import Payments
from bot.invoices.remote import Move, RemoteInvoice
from bot.invoices.remote import Settlement as Settled
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.kernel.translation import home, reading_as
from bot.ledger import books
from bot.ledger.model import Entry, Line, Posting
from bot.ledger.rates import in_usd
from bot.ledger.service import Ledger, post_missing
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.reconciliation import cards, holding
from bot.reconciliation.deed import terms_of
from bot.reconciliation.figures import Details
from bot.reconciliation.model import Ending, Found, Mismatch, RepairRequest, RepairState, repair_of, sums_of
from storage.billing import invoices as billing
from storage.engine.database import Database, Transaction
from storage.ledger import at_stripe, postings
from storage.people import people
from storage.reconciliation import mismatches, moves, repairs, together

NOTICES = {"refund": Reread.REFUND, "dispute": Reread.DISPUTE}
OTHERS_NEEDED = 1  # besides who asks: two keys in all


class Repairing:
    """limit: up to how many US dollars one admin may repair alone. tenant: whose account at Stripe it is."""

    def __init__(
        self,
        database: Database,
        payments: Payments,
        settlement: Settlement,
        ledger: Ledger,
        approvals: Approvals,
        limit: int,
        tenant: str,
    ) -> None:
        self._database = database
        self._payments = payments
        self._settlement = settlement
        self._ledger = ledger
        self._approvals = approvals
        self._limit = limit
        self._tenant = tenant

    async def repair(self, who: Person, mismatch_id: int, version: int) -> Details:
        """Post what the ledger lacks, or correct what it says otherwise; above the limit another admin is asked first.

        version: of the mismatch as the person saw it. Raises Forbidden; Refusal where a tap is not the way, something
        else is to be posted by now, or nobody else may approve it; Stale where it is closed or changed; or
        ProviderError.
        """
        who.require(Permission.KEEP_LEDGER)
        mismatch = await self._seen(who, mismatch_id, version)
        if repair_of(mismatch.found) is None:
            raise Refusal(_("A tap cannot repair this: look at both sides, then correct the ledger by /ledger."))
        if mismatch.found.paid:
            await self._look(mismatch)
            return Details(await self._closed(who, mismatch))
        if await self._is_above_limit(mismatch.found):
            await self._database.write(partial(self._ask, who=who, mismatch=mismatch))
            return Details(mismatch, asked=True)
        return Details(await self._posted(who, mismatch, None))

    async def leave(self, who: Person, mismatch_id: int, version: int) -> Mismatch:
        """Close it as it is: it comes up again only with other figures. Raises Forbidden, Refusal, Stale."""
        who.require(Permission.KEEP_LEDGER)
        mismatch = await self._seen(who, mismatch_id, version)

        async def work(tx: Transaction) -> Mismatch:
            return await _close(tx, who, mismatch, Ending.LEFT, "mismatch.left")

        return await self._database.write(work)

    async def carry_out(self, repair_id: int) -> None:
        """Do what was approved, and tell who asked for it; nothing where it was done. Raises ProviderError."""
        async with self._database.reading() as connection:
            request = await repairs.load(connection, repair_id)
            if request is None or request.state is not RepairState.APPROVED:
                return
            who = await people.by_id(connection, request.tenant, request.asked_by)
        with reading_as(who.reader):
            try:
                who.require(Permission.KEEP_LEDGER)
                await self._posted(who, await self._seen(who, request.mismatch_id, request.mismatch_version), request)
            except Refusal as why:
                await self._database.write(partial(_dropped, request=request, who=who, why=str(why)))

    async def _seen(self, who: Person, mismatch_id: int, version: int) -> Mismatch:
        """The mismatch, open and as the person saw it."""
        async with self._database.reading() as connection:
            return _as_seen(await mismatches.by_id(connection, who.tenant, mismatch_id), mismatch_id, version)

    async def _is_above_limit(self, found: Found) -> bool:
        """What is worth nobody knows how much is, too."""
        now = self._database.clock.now()
        async with self._database.reading() as connection:
            try:
                cents = [await in_usd(connection, one, now) for one in found.apart]
            except Refusal:
                return True
        return max(cents, default=0) > self._limit * 100

    async def _ask(self, tx: Transaction, who: Person, mismatch: Mismatch) -> None:
        held = await mismatches.by_id(tx.connection, who.tenant, mismatch.id, lock=True)
        found = _as_seen(held, mismatch.id, mismatch.version).found
        if await repairs.waiting(tx.connection, who.tenant, mismatch.id) is not None:
            raise Stale(_("The repair of mismatch {number} waits for approval already: /approvals", number=mismatch.id))
        request = await repairs.add(tx, who, mismatch, found.most)
        amount = request.amount.neutral
        await record(tx, who.tenant, who, "mismatch.repair_asked", _subject(mismatch), repair=request.id, amount=amount)
        await self._approvals.open(tx, who, terms_of(request), OTHERS_NEEDED, timedelta())

    async def _posted(self, who: Person, mismatch: Mismatch, request: RepairRequest | None) -> Mismatch:
        if mismatch.found.about.startswith("invoice:"):
            return await self._invoice(who, mismatch, request)
        return await self._by_move(who, mismatch, request)

    async def _look(self, mismatch: Mismatch) -> None:
        looked = [await self._settlement.look(invoice.id) for invoice, _name in await self._compared(mismatch)]
        if not any(looked):
            raise Refusal(_("Stripe says of the invoice what is known here. Look at its payments in Stripe."))

    async def _invoice(self, who: Person, mismatch: Mismatch, request: RepairRequest | None) -> Mismatch:
        """Of several invoices that one charge paid, each gets what it lacks."""
        read = [(invoice, await self._payments.read_invoice(name)) for invoice, name in await self._compared(mismatch)]

        async def work(tx: Transaction) -> Mismatch:
            await _check_uncorrected(tx, mismatch, [invoice for invoice, _remote in read])
            mark = f"repair:{mismatch.id}:{tx.now.isoformat()}"
            posted = [one for both in read if (one := await _missing_posted(tx, *both, mark)) is not None]
            _check_change(mismatch, [line for entry in posted for line in entry.lines])
            return await _close(tx, who, mismatch, Ending.REPAIRED, "mismatch.repaired", posted[-1].id, request)

        return await self._database.write(work)

    async def _compared(self, mismatch: Mismatch) -> list[tuple[Invoice, str]]:
        """The invoice, or those that are compared as one, with their ids at Stripe."""
        about = mismatch.found.about
        async with self._database.reading() as connection:
            names = {about, *await together.of(connection, mismatch.tenant, [about])}
            found = await billing.invoices_by_ids(connection, mismatch.tenant, sorted(map(_number, names)))
        if len(found) < len(names) or any(one.stripe_id is None for one in found):
            raise Refusal(_("There is no such invoice any more."))
        return [(invoice, str(invoice.stripe_id)) for invoice in sorted(found, key=lambda one: one.id)]

    async def _by_move(self, who: Person, mismatch: Mismatch, request: RepairRequest | None) -> Mismatch:
        posting = await self._wanted(mismatch)
        if posting is None:
            raise Refusal(_nothing())

        async def work(tx: Transaction) -> Mismatch:
            lines: Iterable[Line] = posting.lines
            number = await postings.post(tx, who.tenant, posting)
            if number is None:
                number, lines = await self._corrected(tx, who, posting, mismatch)
            _check_change(mismatch, lines)
            return await _close(tx, who, mismatch, Ending.REPAIRED, "mismatch.repaired", number, request)

        return await self._database.write(work)

    async def _corrected(
        self, tx: Transaction, who: Person, wanted: Posting, mismatch: Mismatch
    ) -> tuple[int, Iterable[Line]]:
        """The entry is there with other figures: it is taken back, and those of Stripe's are put in its place."""
        entry = await postings.by_key(tx.connection, who.tenant, wanted.key)
        if entry is None or entry.lines == wanted.lines:
            raise Refusal(_nothing())
        with reading_as(home()):  # what is written down is for everybody, whoever asked
            reason = _("By reconciliation, mismatch {number}: Stripe's own figures", number=mismatch.id)
        made = await self._ledger.correct_within(tx, who, entry.id, reason, wanted.lines)
        return made.id, made.lines

    async def _wanted(self, mismatch: Mismatch) -> Posting | None:
        """What Stripe says now of the movement, as it is posted; None where it says nothing of it."""
        thing, _sign, name = mismatch.found.about.partition(":")
        found: list[Posting] = []
        if thing == "payout":
            found = books.paid_out(await self._payments.payout(name))
        elif thing in NOTICES:
            notices = await self._payments.notices(NOTICES[thing], name)
            found = [posting for notice in notices for posting in books.given_back(notice)]
        elif thing == "fee":
            found = await self._fee(name)
        key = f"{mismatch.found.about}:{mismatch.found.move}"
        return next((posting for posting in found if posting.key == key), None)

    async def _fee(self, name: str) -> list[Posting]:
        async with self._database.reading() as connection:
            row = await moves.one(connection, self._tenant, name)
        if row is None:
            return []
        settled = Settled(Money(row.gross_minor, row.currency), Money(row.fee_minor, row.currency))
        return [books.fee(Move(name, settled))]

    async def _closed(self, who: Person, mismatch: Mismatch) -> Mismatch:
        return await self._database.write(lambda tx: _close(tx, who, mismatch, Ending.REPAIRED, "mismatch.repaired"))


async def _close(
    tx: Transaction,
    who: Person,
    mismatch: Mismatch,
    ending: Ending,
    event: str,
    entry: int | None = None,
    request: RepairRequest | None = None,
) -> Mismatch:
    """request: what was approved, which is done by it; who asked for it hears so."""
    if not await mismatches.close(tx, mismatch, ending, who.id):
        raise Stale(_changed(mismatch.id))
    await record(tx, who.tenant, who, event, _subject(mismatch), kind=mismatch.found.kind.value, entry=entry)
    closed = await mismatches.by_id(tx.connection, who.tenant, mismatch.id)
    assert closed is not None
    if request is not None:
        await repairs.change(tx, request, RepairState.DONE)
        show, key = partial(cards.details, Details(closed)), f"repair:{request.id}:done"
        await notify(tx, who, Topic.INVOICES, show, key=key)
    return closed


async def _dropped(tx: Transaction, request: RepairRequest, who: Person, why: str) -> None:
    """It was approved, and is not done after all; who asked for it hears why. Nothing where another worker did it."""
    fresh = await repairs.find(tx.connection, request.tenant, request.id, lock=True)
    if fresh is None or fresh.state is not RepairState.APPROVED:
        return
    await repairs.change(tx, fresh, RepairState.DROPPED)
    subject, key = f"mismatch:{request.mismatch_id}", f"repair:{request.id}:dropped"
    await record(tx, request.tenant, None, "mismatch.repair_dropped", subject, repair=request.id, reason=why)
    await notify(tx, who, Topic.INVOICES, partial(cards.not_repaired, request.mismatch_id, why), key=key)


def _as_seen(found: Mismatch | None, mismatch_id: int, version: int) -> Mismatch:
    if found is None:
        raise Refusal(_("There is no mismatch {number}. /reconcile lists them.", number=mismatch_id))
    if found.closed_at is not None:
        raise Stale(_("Mismatch {number} is closed already.", number=mismatch_id))
    if found.version != version:
        raise Stale(_changed(mismatch_id))
    return found


async def _missing_posted(tx: Transaction, before: Invoice, remote: RemoteInvoice, mark: str) -> Entry | None:
    """The entry of what the ledger lacks of an invoice; None where it lacks nothing."""
    now = await billing.load_invoice(tx.connection, before.id, lock=True)
    if now is None or now.version != before.version:
        raise Stale(_("Invoice {number} changed in the meantime.", number=before.id))
    posted = await post_missing(tx, before.tenant, before.id, remote, kind="repair", mark=mark)
    return None if posted is None else await postings.by_id(tx.connection, before.tenant, posted)


async def _check_uncorrected(tx: Transaction, mismatch: Mismatch, invoices: Sequence[Invoice]) -> None:
    """Raise Refusal where somebody took an entry of it back since it was found: that is theirs to correct again."""
    names = [books.of_invoice(invoice.id) for invoice in invoices]
    entries = await at_stripe.about(tx.connection, mismatch.tenant, names)
    if len(await at_stripe.with_corrections(tx.connection, mismatch.tenant, entries)) > len(entries):
        raise Refusal(
            _("Somebody corrected an entry of this meanwhile, so nothing was posted. Compare again: /reconcile")
        )


def _check_change(mismatch: Mismatch, lines: Iterable[Line]) -> None:
    """Raise Refusal where this changes something else than what people saw, and the limit was held against."""
    change = sums_of(holding.figures_in(lines))
    if not change:
        raise Refusal(_nothing())
    if change != mismatch.found.change:
        raise Refusal(
            _("Stripe says something else of it by now, so nothing was posted. Compare again, then repair: /reconcile")
        )


def _number(name: str) -> int:
    return int(name.partition(":")[2])


def _subject(mismatch: Mismatch) -> str:
    return f"mismatch:{mismatch.id}"


def _changed(mismatch_id: int) -> str:
    return _("Mismatch {number} has changed. Look at it again: {command}", number=mismatch_id,
             command=f"/mismatch_{mismatch_id}")  # fmt: skip


def _nothing() -> str:
    return _("By what Stripe says now, nothing is to be posted. Compare again by /reconcile.")
