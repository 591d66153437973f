"""Verbs on reconciliation: by hand and by the clock."""

from collections.abc import Sequence
from functools import partial

from bot.access.model import TENANT, Permission, Person
from bot.kernel.errors import Refusal
from bot.kernel.tasks import Pool, RunAgain, Task, TaskKind, TaskQueue
from bot.kernel.translation import gettext as _
from bot.messages.service import notify
from bot.messages.topics import Topic
from bot.reconciliation import cards
from bot.reconciliation.comparing import Comparing, Outcome
from bot.reconciliation.figures import Details, Standing
from bot.reconciliation.importing import Importing, Read
from bot.reconciliation.model import Ending
from bot.tenants.service import Tenants
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.ledger import closed_days
from storage.people import people
from storage.reconciliation import mismatches, repairs, runs

RECONCILE = TaskKind("reconcile", Pool.QUICK)  # by hand, for a person
GOES_ON_SECONDS = 1.0  # after a piece of a long reading


class Reconciliation:
    """The account at Stripe is read once for all tenants; each tenant's ledger is compared by itself."""

    def __init__(
        self, database: Database, queue: TaskQueue, tenants: Tenants, importing: Importing, comparing: Comparing
    ) -> None:
        self._database = database
        self._queue = queue
        self._tenants = tenants
        self._importing = importing
        self._comparing = comparing

    async def standing(self, who: Person, which: Page | None = None, ending: Ending | None = None) -> Standing:
        """What is open, or ended so, and when it was compared. Raises Forbidden."""
        who.require(Permission.KEEP_LEDGER)
        async with self._database.reading() as connection:
            return await _standing(connection, who.tenant, which or Page(), ending)

    async def details(self, who: Person, mismatch_id: int) -> Details:
        """One mismatch, and whether its repair waits for somebody. Raises Forbidden, Refusal."""
        who.require(Permission.KEEP_LEDGER)
        async with self._database.reading() as connection:
            found = await mismatches.by_id(connection, who.tenant, mismatch_id)
            asked = await repairs.waiting(connection, who.tenant, mismatch_id)
        if found is None:
            raise Refusal(_("There is no mismatch {number}. /reconcile lists them.", number=mismatch_id))
        return Details(found, asked is not None)

    async def ask(self, who: Person) -> None:
        """Have it compared now; the person is shown what came of it. Raises Forbidden."""
        who.require(Permission.KEEP_LEDGER)
        await self._database.write(lambda tx: self._queue.enqueue(tx, Task(RECONCILE, who.id)))

    async def by_hand(self, person_id: int) -> None:
        """Compare for a person who asked for it. Raises ProviderError; RunAgain where more is to be read before."""
        who = await self._asked_by(person_id)
        if who is None or not who.may(Permission.KEEP_LEDGER):
            return
        read = await self._importing.moves()
        if read.left:
            show = partial(cards.reading, read.left)
            slot = _slot(who)
            await self._database.write(lambda tx: notify(tx, who, Topic.INVOICES, show, slot=slot))
            raise RunAgain(GOES_ON_SECONDS)
        outcome = await self._comparing.compare(who.tenant, read.at)

        async def work(tx: Transaction) -> None:
            of = await _standing(tx.connection, who.tenant, Page())
            card = partial(cards.result, of, outcome.compared, len(outcome.new), outcome.gone)
            await notify(tx, who, Topic.INVOICES, card, slot=_slot(who))

        await self._database.write(work)

    async def _asked_by(self, person_id: int) -> Person | None:
        async with self._database.reading() as connection:
            for tenant in await self._tenants.active():
                if who := await people.find(connection, tenant.name, person_id):
                    return who
        return None

    async def all_tenants(self) -> str:
        """Read what moved at Stripe, and compare every tenant's ledger with it; returns a line about it.

        Raises ProviderError.
        """
        read = await self._importing.moves()
        return f"{read.new} new movements; {await self._compared(read)}"

    async def payouts(self) -> str:
        """Read what is in the payouts that Stripe has counted together, and compare; returns a line about it.

        Raises ProviderError.
        """
        read = await self._importing.moves()
        payouts = await self._importing.payouts(read.place)
        return f"{payouts} payouts read; {await self._compared(read)}"

    async def of_tenant(self, tenant: str) -> str:
        """Read what moved at Stripe, and compare one tenant's ledger; returns a line about it. Raises ProviderError."""
        read = await self._importing.moves()
        return _left(read) if read.left else _line([await self._comparing.compare(tenant, read.at)])

    async def _compared(self, read: Read) -> str:
        if read.left:
            return _left(read)
        names = [tenant.name for tenant in await self._tenants.active()]
        return _line([await self._comparing.compare(name, read.at) for name in (names or [TENANT])])


async def _standing(connection: Connection, tenant: str, which: Page, ending: Ending | None = None) -> Standing:
    return Standing(
        await mismatches.count(connection, tenant),
        await mismatches.page(connection, tenant, which, ending),
        await runs.newest(connection, TENANT),
        await closed_days.last_closed(connection, tenant),
    )


def _slot(who: Person) -> str:
    """The message that shows somebody what came of the comparison that they asked for."""
    return f"reconciliation:{who.id}"


def _left(read: Read) -> str:
    return f"nothing compared yet: of {read.left} movements it is still to be asked whose they are, the next time"


def _line(outcomes: Sequence[Outcome]) -> str:
    compared = sum(one.compared for one in outcomes)
    new, still = sum(len(one.new) for one in outcomes), sum(one.open for one in outcomes)
    return (
        f"{compared} movements compared, {new} new mismatches, {still} open, {sum(one.gone for one in outcomes)} gone"
    )
