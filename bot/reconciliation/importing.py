"""What moved at Stripe, read and kept: each movement once, with whose it is and what of ours."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row

from bot.invoices.ports import Payments, Place, ThingMissing
from bot.invoices.remote import Move, Settlement
from bot.kernel.money import Money
from bot.ledger.service import Ledger
from bot.reconciliation.model import CHARGE, DISPUTES, FEE, ON_ITS_WAY, PAYOUTS, REFUNDS, Owner
from storage.billing import invoices as billing
from storage.core.installation import installation_code
from storage.engine.database import Database, Transaction
from storage.reconciliation import moves, runs, together

LOOK_BACK = timedelta(days=35)
OVERLAP = timedelta(days=1)  # lists of Stripe's may show what is older than what they showed before
AT_ONCE = 50  # of which it is asked whose they are, before the time is looked at
PIECE = timedelta(minutes=4)  # of such questions, one for each payment; what is left is asked the next time
THINGS = {**dict.fromkeys(REFUNDS, "refund"), **dict.fromkeys(DISPUTES, "dispute"), **dict.fromkeys(PAYOUTS, "payout")}


@dataclass(frozen=True, slots=True)
class Whose:
    """books: the tenant in whose ledger it belongs. about: what entries there refer to it by; None: they do not.

    together: the invoices that a charge pays for, where those are several.
    """

    owner: Owner
    books: str
    about: str | None = None
    together: Sequence[str] = ()

    def named(self, stripe_id: str) -> str:
        """What mismatches call it."""
        return self.about or f"other:{stripe_id}"


@dataclass(frozen=True, slots=True)
class Read:
    """What was read of Stripe: how many movements are new, when it was asked for them, and where our key led.

    left: of how many it is still to be asked whose they are, since time was up; until then nothing can be compared.
    """

    new: int
    at: datetime
    place: Place
    left: int = 0


class Importing:
    """Reads what moved on the balance. tenant: whose account at Stripe it is."""

    def __init__(self, database: Database, payments: Payments, ledger: Ledger, tenant: str) -> None:
        self._database = database
        self._payments = payments
        self._ledger = ledger
        self._tenant = tenant

    async def moves(self) -> Read:
        """Read what moved since the last time, and post Stripe's own fees. Raises ProviderError."""
        place = await self._payments.place()
        asked_at, since = self._database.clock.now(), await self._since(place)
        found = await self._payments.moves(since)

        async def work(tx: Transaction) -> int:
            await runs.add(tx, self._tenant, since, len(found), place)
            return await moves.keep(tx, self._tenant, found[::-1], place)

        new = await self._database.write(work)
        return Read(new, asked_at, place, await self._find_owners(place))

    async def payouts(self, place: Place) -> int:
        """Read what is in each payout that Stripe has counted together since; returns how many there were.

        place: where our key leads. Raises ProviderError.
        """
        read = 0
        for payout in await self._payments.payouts(self._database.clock.now() - LOOK_BACK):
            async with self._database.reading() as connection:
                known = await moves.of_payout(connection, self._tenant, payout.id)
            if payout.counted and not known:
                await self._read_payout(payout.id, place)
                read += 1
        await self._find_owners(place)
        return read

    async def _read_payout(self, payout: str, place: Place) -> None:
        parts = await self._payments.paid_out(payout)

        async def work(tx: Transaction) -> None:
            await moves.keep(tx, self._tenant, parts, place)
            await moves.paid_out(tx, self._tenant, [move.id for move in parts], payout)

        await self._database.write(work)

    async def _since(self, place: Place) -> datetime:
        """After another key was used for a while, what moved meanwhile by this one is read as well."""
        async with self._database.reading() as connection:
            newest = await moves.newest(connection, self._tenant, place)
            begun = await runs.begun(connection, self._tenant, place)
        if newest is None or begun is None:
            return self._database.clock.now() - LOOK_BACK
        return max(begun, newest - OVERLAP)

    async def _find_owners(self, place: Place) -> int:
        """Ask of each movement whose it is, for a while; returns how many were not asked about.

        What stays unknown although it was is of invoices that are being made here just now.
        """
        until, last = self._database.clock.now() + PIECE, 0
        while waiting := await self._unknown(place, last):
            for row in waiting:
                await self._settle(row)
            last = waiting[-1].id
            if self._database.clock.now() >= until:
                async with self._database.reading() as connection:
                    return await moves.count_unknown(connection, self._tenant, place, last)
        return 0

    async def _unknown(self, place: Place, after: int) -> Sequence[Row[Any]]:
        async with self._database.reading() as connection:
            return await moves.unknown(connection, self._tenant, place, after, AT_ONCE)

    async def _settle(self, row: Row[Any]) -> None:
        """Find out whose it is, if that can be known now.

        What bears our code and is in no row here after hours was made before a backup was put back, or by a copy of
        the database that runs elsewhere: nobody here knows it, so that a person has to look.
        """
        whose = await self._whose(row)
        if whose is None and self._database.clock.now() - row.created_at >= ON_ITS_WAY:
            whose = Whose(Owner.DASHBOARD, self._tenant)
        if whose is None:
            return

        async def work(tx: Transaction) -> None:
            about = whose.named(row.stripe_id)
            if len(whose.together) > 1:
                about = await together.join(tx, whose.books, self._tenant, whose.together)
            await moves.owned(tx, self._tenant, row.stripe_id, whose.owner, whose.books, about)
            if row.category == FEE:
                await self._ledger.take_fee(tx, whose.books, _move(row))

        await self._database.write(work)

    async def _whose(self, row: Row[Any]) -> Whose | None:
        if row.category in PAYOUTS:
            return Whose(Owner.ACCOUNT, self._tenant, f"payout:{row.source}")
        if row.category == FEE:
            return Whose(Owner.ACCOUNT, self._tenant, f"fee:{row.stripe_id}")
        if row.intent is None:
            return Whose(Owner.DASHBOARD, self._tenant)
        async with self._database.reading() as connection:
            known = await moves.known_by_intent(connection, self._tenant, row.intent)
        if known is not None and known.owner != Owner.OURS:
            return Whose(Owner(known.owner), known.books)
        return await self._by_invoice(row)

    async def _by_invoice(self, row: Row[Any]) -> Whose | None:
        """By the invoices that the payment is for. None where we are making one just now."""
        stripe_ids = await self._payments.invoices_paid_by(row.intent)
        if not stripe_ids:
            return Whose(Owner.DASHBOARD, self._tenant)
        async with self._database.reading() as connection:
            found = [await billing.invoice_known_as(connection, one) for one in stripe_ids]
        ours = [invoice for invoice in found if invoice is not None]
        if not ours:
            return await self._of_another(stripe_ids[0])
        tenant, thing = ours[0].tenant, THINGS.get(row.category)
        if row.category != CHARGE:
            return Whose(Owner.OURS, tenant, thing and f"{thing}:{row.source}")
        names = [f"invoice:{invoice.id}" for invoice in ours if invoice.tenant == tenant]
        return Whose(Owner.OURS, tenant, names[0], names)

    async def _of_another(self, stripe_id: str) -> Whose | None:
        try:
            installation = (await self._payments.read_invoice(stripe_id)).installation
        except ThingMissing:
            installation = None
        if installation is None:
            return Whose(Owner.DASHBOARD, self._tenant)
        ours = installation == await installation_code(self._database, self._tenant)
        return None if ours else Whose(Owner.OTHERS, self._tenant)


def _move(row: Row[Any]) -> Move:
    gross, fee = Money(row.gross_minor, row.currency), Money(row.fee_minor, row.currency)
    return Move(row.stripe_id, Settlement(gross, fee))
