"""Verbs of admins on partners' shares: a month's statement, and that what is owed was paid out."""

from datetime import date

from bot.access.model import Permission, Person
from bot.audit.service import record
from bot.finance.model import first_of_month
from bot.kernel.errors import Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.ledger.model import LARGEST
from bot.partners.model import Partner
from bot.shares import model
from bot.shares.model import Kind, Move, Statement
from bot.tenants.service import Tenants
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.finance.folds import midnight
from storage.ledger import postings
from storage.ledger.postings import NEVER
from storage.partners import partners
from storage.shares import shares

SHOWN, IN_FILE = 5, 10_000  # moves of a month


class Shares:
    """Months are those of the tenant's time zone, as they are in the reports on money. The verbs raise Forbidden."""

    def __init__(self, database: Database, tenants: Tenants) -> None:
        self._database = database
        self._tenants = tenants

    async def statement(self, who: Person, partner_id: int, month: date | None, *, whole: bool = False) -> Statement:
        """The partner's statement of a month; None: of this one. whole: with all moves, for a file.

        Raises Refusal where there is no such partner.
        """
        who.require(Permission.MANAGE_PARTNERS)
        zone, now = await self._tenants.zone(who.tenant), self._database.clock.now()
        this = first_of_month(now.astimezone(zone).date())
        month = min(max(month or this, first_of_month(this, model.MONTHS_BACK)), this)
        since, until = midnight(month, zone), midnight(first_of_month(month, -1), zone)
        at_most = IN_FILE if whole else SHOWN

        async def work(connection: Connection) -> Statement:
            partner = _found(await partners.get(connection, who.tenant, partner_id), partner_id)
            before = await shares.owed(connection, who.tenant, partner_id, since)
            within = await shares.sums(connection, who.tenant, partner_id, since, until)
            moves = await shares.moves(connection, who.tenant, partner_id, since, until, at_most + 1)
            owed = await shares.owed(connection, who.tenant, partner_id, NEVER)
            return Statement(
                partner,
                month,
                model.sums_of(before, within),
                moves[:at_most],
                [Money(minor, currency) for currency, minor in sorted(owed.items()) if minor],
                month < this,
                len(moves) > at_most,
            )

        return await self._database.snapshot(work)

    async def pay(self, who: Person, partner_id: int, owed: Money) -> None:
        """Note that the partner was paid what it is owed in that currency.

        Raises Stale where it is owed something else by now, Refusal where there is nothing to pay.
        """
        who.require(Permission.MANAGE_PARTNERS)
        who.require(Permission.KEEP_LEDGER)
        if not 0 < owed.minor <= LARGEST:
            raise Refusal(_("Nothing is owed to this partner in {currency}.", currency=owed.currency))

        async def work(tx: Transaction) -> None:
            partner = _found(await partners.locked(tx, who.tenant, partner_id), partner_id)
            now = await shares.owed(tx.connection, who.tenant, partner_id, NEVER)
            key = f"partner:{partner_id}:paid:{owed.currency}:{tx.now.isoformat()}"
            move = Move(partner_id, None, Kind.PAID, -owed, key)
            if now.get(owed.currency, 0) != owed.minor or not await shares.move(tx, who.tenant, move):
                raise Stale(_("What {name} is owed has changed. Open the statement again.", name=partner.name))
            await postings.post(tx, who.tenant, model.posting_of(move))
            subject = f"partner:{partner_id}"
            await record(tx, who.tenant, who, "partner.share_paid", subject, amount=owed.neutral)

        await self._database.write(work)


def _found(partner: Partner | None, partner_id: int) -> Partner:
    if partner is None:
        raise Refusal(_("There is no partner {id}. /partners lists them.", id=partner_id))
    return partner
