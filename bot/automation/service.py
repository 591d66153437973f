"""A ticked row of the Automation Queue becomes one brief; whatever keeps it from that is said in the row itself."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bot.access.model import Person, Role
from bot.audit.service import record
from bot.automation.mirror import QUEUE
from bot.automation.model import BRIEF, CLIENT, EMAIL, TYPE, Ordered, QueueRow
from bot.briefs.material import Submission, guess_type
from bot.briefs.model import OPEN_STATES, Brief, State
from bot.flags.model import SwitchedOff
from bot.growth.mirror import CLIENT as CLIENTS
from bot.intake import area as intake
from bot.intake.quotes import show_quote
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.money import Money
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as
from bot.mirror.service import CHANNEL, TAKE_IN, bring_up_to_date, slot_of
from bot.tenants.service import Tenants
from storage.automation import queue_rows
from storage.briefs import briefs
from storage.core import outbox
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.mirror import placements
from storage.people import people

UNDER_WAY = frozenset({*OPEN_STATES, State.QUOTED})
TextOf = Callable[[str], Awaitable[str]]


@dataclass
class Look:
    """One look at the queue. unsettled: slots whose writing was not known to be done when it began."""

    tenant: str
    unsettled: frozenset[str]
    text_of: TextOf
    dealt_with: int = 0
    by_mail: Mapping[str, Person] = field(default_factory=dict)


async def take_in(tx: Transaction, tenant: str) -> None:
    """Have the queue be read, by whatever writes to Notion."""
    await outbox.add(tx, tenant, CHANNEL, QUEUE.name, {TAKE_IN: True}, slot=f"{QUEUE.name} intake")


class Automation:
    """Verbs of the machinery that reads the queue; the rows themselves say whose briefs they are."""

    def __init__(self, database: Database, tenants: Tenants, taken: intake.Verbs) -> None:
        self._database, self._tenants, self._intake = database, tenants, taken

    async def begin(self, tenant: str, text_of: TextOf) -> Look:
        """A look at the tenant's queue, to be begun before its rows are read. text_of: reads a row's page."""
        async with self._database.reading() as connection:
            unsettled = await placements.waiting_slots(connection, tenant, CHANNEL, QUEUE.name)
            return Look(tenant, unsettled, text_of, by_mail=await people.by_mail(connection, tenant, Role.CLIENT))

    async def see(self, look: Look, ordered: Ordered) -> None:
        """Deal with a row that is ticked, or was edited lately; the same row again does no harm."""
        async with self._database.reading() as connection:
            kept = await self._kept(connection, look.tenant, ordered.page)
        if kept is not None and slot_of(look.tenant, QUEUE, f"{QUEUE.kind}:{kept.id}") in look.unsettled:
            return  # what was said of it is not there yet
        with reading_as(await self._tenants.reader(look.tenant)):
            if kept is None or kept.brief_number is None:
                if ordered.ticked:
                    await self._take(look, ordered, kept)
            else:
                await self._seen_again(ordered, kept, kept.brief_number)

    async def _kept(self, connection: Connection, tenant: str, page: str) -> QueueRow | None:
        """By the page that it stands on now: where a database had to be made anew, that is another."""
        shown = (await placements.slots_of(connection, tenant, CHANNEL, [page])).get(page, "")
        prefix = slot_of(tenant, QUEUE, f"{QUEUE.kind}:")
        if shown.startswith(prefix):
            return await queue_rows.get(connection, tenant, int(shown.removeprefix(prefix)))
        return await queue_rows.of_page(connection, tenant, page)

    async def _take(self, look: Look, ordered: Ordered, kept: QueueRow | None) -> None:
        try:
            client = await self._client(look, ordered)
            await self._ordered(look, ordered, client)
        except SwitchedOff:
            return  # its tick stays, so that it is taken once new briefs are
        except (Refusal, Forbidden) as refusal:
            note = _("{reason} Correct the row and tick Trigger again.", reason=str(refusal))
            await self._database.write(lambda tx: self._refused(tx, look.tenant, ordered, note, kept))
        look.dealt_with += 1

    async def _client(self, look: Look, ordered: Ordered) -> Person:
        pages = list(ordered.cells.get(CLIENT) or ())
        if len(pages) > 1:
            raise Refusal(_("The row names {n} clients, and a brief has one.", n=len(pages)))
        mail = str(ordered.cells.get(EMAIL) or "").strip().lower()
        if pages:
            found = await self._by_page(look.tenant, pages[0])
        elif mail:
            found = look.by_mail.get(mail)
        else:
            raise Refusal(_("Whose brief is it? Choose the client in Client, or write the address in Client e-mail."))
        if found is None:
            said = _("No client here has the address that stands in Client e-mail.") if not pages else ""
            raise Refusal(said or _("The client that the row names is not known here."))
        return found

    async def _by_page(self, tenant: str, page: str) -> Person | None:
        prefix = slot_of(tenant, CLIENTS, f"{CLIENTS.kind}:")
        async with self._database.reading() as connection:
            slot = (await placements.slots_of(connection, tenant, CHANNEL, [page])).get(page, "")
            if not slot.startswith(prefix):
                return None
            person = await people.find(connection, tenant, int(slot.removeprefix(prefix)))
        return person if person is not None and person.role is Role.CLIENT else None

    async def _ordered(self, look: Look, ordered: Ordered, client: Person) -> None:
        words = ordered.words("")
        if not ordered.cells.get(BRIEF):
            words = ordered.words(await look.text_of(ordered.page))
        if ordered.cells.get(TYPE) and ordered.task_type is None:
            raise Refusal(_("There is no kind of work called {type}.", type=str(ordered.cells[TYPE])))
        handed = Submission(words, ordered.task_type or guess_type(words))
        terms = await self._intake.policy(look.tenant)
        agreed = ordered.price(terms.prices.by_type[handed.task_type])
        source = f"notion:{look.tenant}:{ordered.page}"
        if agreed is None:
            brief = await self._intake.briefs.submit(client, client.telegram_id, source, handed)

            async def quoted(tx: Transaction) -> None:
                await self._linked(tx, client, brief, ordered, _("The client is asked for a yes in the chat."))
                if brief.is_quote:
                    await show_quote(tx, brief, terms)

            await self._database.write(quoted)
            return

        def priced(usual: Money) -> Money:  # noqa: ARG001 - what the tenant asks otherwise
            return agreed

        async def then(tx: Transaction, brief: Brief) -> None:
            await self._linked(tx, client, brief, ordered, "")

        await self._intake.briefs.order(client, source, handed, priced, then)

    async def _linked(self, tx: Transaction, client: Person, brief: Brief, ordered: Ordered, note: str) -> None:
        """Keep that the row is this brief, and have it say so."""
        values = {"brief_number": brief.id, "fingerprint": ordered.fingerprint, "note": note, "clears": True}
        kept = await queue_rows.put(tx, brief.tenant, ordered.page, **values)
        await self._shown(tx, kept, ordered.page)
        await record(tx, brief.tenant, None, "automation.taken", f"brief:{brief.id}", client=client.id)

    async def _refused(
        self, tx: Transaction, tenant: str, ordered: Ordered, note: str, before: QueueRow | None
    ) -> None:
        page = ordered.page if before is None else before.page
        values = {"brief_number": None, "fingerprint": ordered.fingerprint, "note": note, "clears": True}
        kept = await queue_rows.put(tx, tenant, page, **values)
        await self._shown(tx, kept, ordered.page)
        await record(tx, tenant, None, "automation.refused", f"row:{kept.id}")

    async def _seen_again(self, ordered: Ordered, kept: QueueRow, number: int) -> None:
        """A row that is a brief: that it was ticked once more, or edited while the brief is under way, gets words."""
        async with self._database.reading() as connection:
            brief = await briefs.get(connection, kept.tenant, number)
        now = ordered.fingerprint
        changes: dict[str, object] = {"clears": ordered.ticked}
        if ordered.ticked:
            changes["note"] = _(
                "This row is {brief} already, so the tick changed nothing. For another brief, duplicate the row and "
                "tick the copy.",
                brief=_named(brief),
            )
        elif now not in {kept.fingerprint, kept.noticed} and brief.state in UNDER_WAY:
            changes |= {"noticed": now}
            changes["note"] = _(
                "Edited since: {brief} continues as the row was at {time}. Ask for a change in the chat, or duplicate "
                "the row and tick the copy.",
                brief=_named(brief),
                time=moment(kept.taken_at),
            )
        elif not kept.clears:
            return

        async def work(tx: Transaction) -> None:
            await queue_rows.change(tx, kept, **changes)
            if "note" in changes:
                await self._shown(tx, kept, ordered.page)

        await self._database.write(work)

    async def _shown(self, tx: Transaction, kept: QueueRow, page: str) -> None:
        """Have the row on that page say what is kept of it."""
        key = f"{QUEUE.kind}:{kept.id}"
        await placements.put(tx, kept.tenant, CHANNEL, {slot_of(kept.tenant, QUEUE, key): page})
        await bring_up_to_date(tx, kept.tenant, QUEUE, key)


def _named(brief: Brief) -> str:
    if brief.is_quote:
        return _("a quote that waits for the client's yes")
    return _("brief {brief}", brief=brief.id)
