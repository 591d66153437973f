"""What people look up: lists of briefs and invoices, the search, how things stand; each within what they may see."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.access.model import TENANT, Permission, Person, Role
from bot.alerts.late_messages import late_before
from bot.backups.model import Standing as Backups
from bot.briefs.model import OPEN_STATES, BriefSummary, Quote, State
from bot.drive.model import CHANNEL as DRIVE
from bot.flags.model import Switch
from bot.flags.service import Flags
from bot.invoices.model import Invoice, InvoiceState, Returned
from bot.kernel.tasks import TaskQueue
from bot.mirror.model import MirrorTable
from bot.mirror.notices import behind
from bot.reports.standing import Awaited, Machinery, Standing
from bot.support.model import Thread
from storage.alerts import late_messages
from storage.backups import restores
from storage.billing import invoices as billing
from storage.billing import mismatches
from storage.briefs import briefs, listing
from storage.core import outbox
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database
from storage.queue import failed_tasks
from storage.refunds import refunds
from storage.review import queue
from storage.search import search
from storage.support import threads

BESIDE = Page(limit=3)  # clients and invoices above the briefs that were found


@dataclass(frozen=True, slots=True)
class Billed:
    """An invoice, its client's name for those who see them all, and what of its money went back."""

    invoice: Invoice
    client: str | None
    returned: Returned | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; the names of clients."""

    briefs: Sequence[BriefSummary]
    clients: Sequence[str]
    invoices: Sequence[Invoice]


def words_of(query: str) -> list[str]:
    """The words to search for, each once."""
    return search.words_of(query)


class Lists:
    """Verbs that only read. tables: the mirror's. backups: how it stands with them."""

    def __init__(
        self,
        database: Database,
        queue: TaskQueue,
        flags: Flags,
        tables: Collection[MirrorTable],
        backups: Callable[[], Awaitable[Backups]],
    ) -> None:
        self._database = database
        self._queue = queue
        self._flags = flags
        self._tables = tables
        self._backups = backups

    async def briefs(self, who: Person, which: Page, state: State | None = None) -> list[BriefSummary]:
        """A page of the person's briefs that were begun, of everybody's for those who see them all; no quotes.

        state: of those in that state alone.
        """
        client = own(who)
        async with self._database.reading() as connection:
            return await listing.page(connection, who.tenant, which, client, state)

    async def quotes(self, who: Person, at_most: int) -> list[Quote]:
        """The person's newest quotes that wait for a yes; everybody's for those who see them all."""
        client = own(who)
        async with self._database.reading() as connection:
            return await listing.quotes_of(connection, who.tenant, client, at_most)

    async def invoices(self, who: Person, which: Page, state: InvoiceState | None = None) -> list[Billed]:
        """A page of the person's invoices; of everybody's, with names, for those who see them all.

        state: of those in that state alone.
        """
        client = own(who)
        async with self._database.reading() as connection:
            rows = await billing.invoice_page(connection, who.tenant, which, client, state)
            ids = {invoice.client_id for invoice in rows} if client is None else set()
            names = await briefs.client_names(connection, who.tenant, ids) if ids else {}
            returned = await refunds.returned(connection, who.tenant, rows)
        return [Billed(one, names.get(one.client_id), returned.get(one.id)) for one in rows]

    async def find(self, who: Person, words: Sequence[str], which: Page, *, beside: bool) -> Found:
        """A page of the briefs that have these words; beside: with the clients and invoices that have them."""
        client = own(who)

        async def work(connection: Connection) -> Found:
            found = await _with_words(connection, who.tenant, words, which, client)
            if not beside:
                return Found(found, (), ())
            ids = await search.find(connection, who.tenant, search.INVOICE, words, BESIDE, client)
            invoices = await billing.invoices_by_ids(connection, who.tenant, ids, client)
            names: Mapping[int, str] = {}
            if client is None:
                people = await search.find(connection, who.tenant, search.PERSON, words, BESIDE)
                names = await briefs.client_names(connection, who.tenant, people)
            return Found(found, tuple(names.values()), invoices)

        return await self._database.snapshot(work)

    async def standing(self, who: Person) -> Standing:
        """How things stand: to a client with their briefs, to the team with everybody's and the machinery."""
        client = own(who)
        # A task says nothing of whose it is.
        tasks = await self._queue.waiting() if client is None and who.tenant == TENANT else 0
        switched = () if client is not None else await self._flags.not_on(who.tenant)
        keeps = who.tenant == TENANT and who.may(Permission.KEEP_BACKUPS)
        backups = await self._backups() if keeps else None
        async with self._database.reading() as connection:
            counts = await briefs.count_by_state(connection, who.tenant, [*OPEN_STATES, State.FAILED], client)
            if client is not None:
                return Standing(counts, awaited=await _awaited(connection, who.tenant, client))
            return Standing(counts, machinery=await self._machinery(connection, who, tasks, switched, backups))

    async def _machinery(
        self, connection: Connection, who: Person, tasks: int, switched: Sequence[Switch], backups: Backups | None
    ) -> Machinery:
        tenant, now = who.tenant, self._database.clock.now()
        asked, longest_asked = await _asked(connection, who)
        restored = await restores.newest(connection, TENANT)  # what it holds back is of all tenants
        late = await late_messages.count(connection, tenant, late_before(now))
        overdue, most_overdue = await queue.overdue(connection, tenant, now)
        sending = await outbox.counts(connection, tenant)
        waits, given_up = (
            sum(n for (_channel, state), n in sending.items() if state == of) for of in ("waiting", "undeliverable")
        )
        return Machinery(
            longest_in_review=await briefs.longest_in_review(connection, tenant),
            overdue=overdue,
            most_overdue=most_overdue,
            given_up=await failed_tasks.count(connection, tenant),
            tried=late + await failed_tasks.count(connection, tenant, trying=True),
            not_booked=await mismatches.count(connection, tenant),
            tasks=tasks,
            late=waits,
            undeliverable=given_up,
            behind=await behind(connection, tenant, self._tables),
            switched=switched,
            in_drive=sending.get((DRIVE, "waiting"), 0),
            asked=asked,
            longest_asked=longest_asked,
            backups=backups,
            held=restored if restored is not None and restored.held else None,
        )


def own(who: Person) -> int | None:
    """The client to whom lists are narrowed; None for those who see everything. Raises Forbidden."""
    if who.may(Permission.SEE_ALL):
        return None
    who.require(Permission.SEE_OWN)
    return who.id


async def _asked(connection: Connection, who: Person) -> tuple[int, Thread | None]:
    """How many messages wait for an answer of this person's, and the one that has waited longest."""
    if not who.may(Permission.ANSWER_CLIENTS):
        return 0, None
    known = who.role is not Role.ADMIN  # strangers write to the admins alone
    longest = await threads.waiting(connection, who.tenant, 1, of_known=known)
    count = await threads.count_waiting(connection, who.tenant, of_known=known) if longest else 0
    return count, next(iter(longest), None)


async def _awaited(connection: Connection, tenant: str, client: int) -> Awaited:
    return Awaited(
        quotes=await briefs.quoted(connection, tenant, client),
        invoices=await billing.waiting_for(connection, tenant, client),
    )


async def _with_words(
    connection: Connection, tenant: str, words: Sequence[str], which: Page, client: int | None
) -> list[BriefSummary]:
    """On the first page a number alone is a brief's number too."""
    ids = await search.find(connection, tenant, search.BRIEF, words, which, client)
    if which.before is None and which.after is None and len(words) == 1:
        ids += [int(word) for word in words if word.isdecimal() and len(word) < 16]
    return await listing.by_ids(connection, tenant, ids, client)
