"""A line to people: a client and the team write to each other, each thread about one thing, until it is answered."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.access.model import TENANT, Permission, Person, Role
from bot.audit.service import record
from bot.briefs.model import Brief, check_own
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.translation import gettext as _
from bot.kernel.words import clock
from bot.review.model import Escalation, claim_ends, holder, waits_for_client
from bot.review.service import Review
from bot.support import cards
from bot.support.model import (
    OF_STRANGER,
    ONE_A_DAY,
    About,
    Message,
    Thread,
    View,
    Waiting,
    check_words,
    subject_of,
)
from bot.support.showing import close, show, team_of, tell_client, view_of
from storage.billing import invoices
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.support import threads

LISTED = 10


class Support:
    """Verbs of clients and of the team. Each raises Forbidden; Stale where somebody was faster, or has the thread."""

    def __init__(self, database: Database, patience: Escalation, review: Review) -> None:
        self._database = database
        self._review = review
        self._patience = patience

    async def open(
        self,
        person: Person,
        text: str,
        *,
        brief_id: int | None = None,
        invoice_id: int | None = None,
        key: str | None = None,
    ) -> Thread:
        """Send the person's words to the team, about a brief or an invoice of theirs or about nothing in particular.

        What they write about the same thing is one thread. key: of the message in a chat: the same one twice is one.
        Raises Refusal where the words say nothing, or there is no such brief or invoice.
        """
        person.require(Permission.WRITE_TO_TEAM)
        text = check_words(text)

        async def work(tx: Transaction) -> Thread:
            known = await threads.said_before(tx.connection, person.tenant, key) if key else None
            if known is not None:
                return known
            await self._check_own(tx.connection, person, brief_id, invoice_id, lock=True)
            thread = await threads.begin(tx, person.tenant, person, subject_of(brief_id, invoice_id))
            if thread.brief_id is not None:
                brief = await briefs.get(tx.connection, person.tenant, thread.brief_id)
                if waits_for_client(brief):
                    return await self._heard(tx, thread, brief, person, text, key)
            return await self._written(tx, thread, person, text, key)

        return await self._database.write(work)

    async def leave(self, person: Person, text: str, *, key: str | None = None) -> Thread:
        """Let somebody whom nobody invited leave a message for the studio: one a day. Raises Refusal for a second."""
        text = check_words(text)
        if person.role is not Role.STRANGER:
            raise Forbidden(_("You are here already: /support writes to the team."))

        async def work(tx: Transaction) -> Thread:
            known = await threads.said_before(tx.connection, TENANT, key) if key else None
            if known is not None:
                return known
            thread = await threads.begin(tx, TENANT, person, OF_STRANGER)
            last = await threads.last_said(tx.connection, thread)
            if last is not None and tx.now < last + ONE_A_DAY:
                raise Refusal(
                    _(
                        "You left a message today, and the studio has it. You can leave another one after {time}.",
                        time=clock(last + ONE_A_DAY),
                    )
                )
            return await self._written(tx, thread, person, text, key)

        return await self._database.write(work)

    async def _written(self, tx: Transaction, thread: Thread, who: Person, text: str, key: str | None) -> Thread:
        """Keep the words, and show them to the team; a wait that is over begins anew."""
        began = {} if thread.waits else _waits_since(tx.now)
        named = {"name": who.name, "language": who.language}
        thread = await threads.say(tx, thread, who, text, key, from_team=False, **began, **named)
        await _record(tx, thread, who, "written")
        await show(tx, await view_of(tx.connection, thread, self._patience, tx.now))
        return thread

    async def _heard(
        self, tx: Transaction, thread: Thread, brief: Brief, who: Person, text: str, key: str | None
    ) -> Thread:
        """Keep the client's answer to what the team asked, and have the brief go on with it."""
        asked = [one.text for one in await threads.newest(tx.connection, thread) if one.from_team]
        thread = await threads.say(tx, thread, who, text, key, from_team=False)
        await _record(tx, thread, who, "heard")
        await self._review.heard(tx, brief, who, f"Q: {asked[-1]}\nA: {text}" if asked else text)
        if thread.waits:
            await show(tx, await view_of(tx.connection, thread, self._patience, tx.now))
        return thread

    async def ask_client(
        self, who: Person, brief_id: int, version: int, text: str, *, key: str | None = None
    ) -> Thread:
        """Ask the client of a draft that waits for a decision; it waits for their answer, which its next draft heeds.

        Raises what deciding would raise.
        """
        text = check_words(text)

        async def work(tx: Transaction) -> Thread:
            known = await threads.said_before(tx.connection, who.tenant, key) if key else None
            if known is not None:
                return known
            brief = await self._review.ask(tx, who, brief_id, version)
            client = await people.by_id(tx.connection, brief.tenant, brief.client_id)
            thread = await threads.begin(tx, brief.tenant, client, subject_of(brief.id, None))
            thread = await threads.say(tx, thread, who, text, key, from_team=True)
            await _record(tx, thread, who, "asked")
            await tell_client(tx, thread, partial(cards.question, thread, brief.title, text))
            return thread

        return await self._database.write(work)

    async def about(self, who: Person, *, brief_id: int | None = None, invoice_id: int | None = None) -> About:
        """What a message of the person's would be about; raises what `open` would raise."""
        who.require(Permission.WRITE_TO_TEAM)
        async with self._database.reading() as connection:
            return await self._check_own(connection, who, brief_id, invoice_id)

    async def answer(self, who: Person, thread_id: int, seen: int, text: str, *, key: str | None = None) -> Thread:
        """Answer the client. seen: the newest message that whoever answers had seen; what came later waits on.

        Raises Stale where a colleague answered since.
        """
        who.require(Permission.ANSWER_CLIENTS)
        text = check_words(text)

        async def work(tx: Transaction) -> Thread:
            thread = await self._of_team(tx, who, thread_id)
            if key and await threads.said_before(tx.connection, who.tenant, key):
                return thread
            later = await threads.after(tx.connection, thread, seen)
            _check_unanswered(who, thread, later)
            before = await view_of(tx.connection, thread, self._patience, tx.now)
            still = [one for one in later if not one.from_team]
            waits = _waits_since(still[0].at) if still else {"waits": False, "claimed_by": None, "claimed_at": None}
            thread = await threads.say(tx, thread, who, text, key, from_team=True, **waits)
            await _record(tx, thread, who, "answered")
            await tell_client(tx, thread, partial(cards.from_team, thread, before.about, text))
            answered = replace(before, messages=[one for one in before.messages if one.number <= seen])
            card = partial(cards.answered, answered, thread.version, text, who.name, tx.now)
            await close(tx, before.thread, card)
            if still:
                await show(tx, await view_of(tx.connection, thread, self._patience, tx.now))
            return thread

        return await self._database.write(work)

    async def settle(self, who: Person, thread_id: int, seen: int) -> Thread:
        """Find that nothing that waits in it asks for an answer: thanks, for example. The client hears nothing."""

        async def work(tx: Transaction) -> Thread:
            thread = await self._waiting(tx, who, thread_id, seen)
            before = await view_of(tx.connection, thread, self._patience, tx.now)
            thread = await threads.change(tx, thread, waits=False, claimed_by=None, claimed_at=None)
            await _record(tx, thread, who, "settled")
            await close(tx, thread, partial(cards.settled, before, who.name, tx.now))
            return thread

        return await self._database.write(work)

    async def claim(self, who: Person, thread_id: int, seen: int) -> datetime:
        """Let nobody else answer for now; returns until when. A claim ends by itself."""

        async def work(tx: Transaction) -> datetime:
            thread = await self._waiting(tx, who, thread_id, seen)
            if holder(thread, tx.now, self._patience) is None:
                thread = await threads.change(tx, thread, claimed_by=who.id, claimed_at=tx.now)
                await _record(tx, thread, who, "claimed")
                await show(tx, await view_of(tx.connection, thread, self._patience, tx.now))
            return claim_ends(thread, self._patience)

        return await self._database.write(work)

    async def give_back(self, who: Person, thread_id: int, seen: int) -> Thread:
        """End a claim: one's own, or as an admin anybody's."""

        async def work(tx: Transaction) -> Thread:
            thread = await self._waiting(tx, who, thread_id, seen, anybodys=who.role is Role.ADMIN)
            if holder(thread, tx.now, self._patience) is None:
                raise Stale(_("Nobody has message {thread}; it waits for whoever answers first.", thread=thread_id))
            thread = await threads.change(tx, thread, claimed_by=None, claimed_at=None)
            await _record(tx, thread, who, "given_back")
            await show(tx, await view_of(tx.connection, thread, self._patience, tx.now))
            return thread

        return await self._database.write(work)

    async def get(self, who: Person, thread_id: int) -> View:
        """A thread, for its client and for the team; for all others there is none of that number."""
        who.require(Permission.USE)
        async with self._database.reading() as connection:
            thread = await threads.get(connection, who.tenant, thread_id)
            if thread.client_id != who.id:
                who.require(Permission.ANSWER_CLIENTS)
                await _check_may(connection, who, thread)
            return await view_of(connection, thread, self._patience, self._database.clock.now())

    async def to_answer(self, who: Person, thread_id: int) -> View:
        """The same, for who is about to answer; raises what answering would raise."""
        who.require(Permission.ANSWER_CLIENTS)

        async def work(tx: Transaction) -> View:
            thread = await self._of_team(tx, who, thread_id)
            return await view_of(tx.connection, thread, self._patience, tx.now)

        return await self._database.write(work)

    async def to_order(self, who: Person, thread_id: int, seen: int) -> tuple[Person, View]:
        """The client and what waits, for who makes an order of it; raises Refusal where nobody invited them."""

        async def work(tx: Transaction) -> tuple[Person, View]:
            thread = await self._waiting(tx, who, thread_id, seen)
            if thread.client_id is None:
                raise Refusal(_("Nobody invited {name} yet: /invite client makes a link.", name=thread.name))
            client = await people.by_id(tx.connection, who.tenant, thread.client_id)
            return client, await view_of(tx.connection, thread, self._patience, tx.now)

        return await self._database.write(work)

    async def waiting(self, who: Person) -> Waiting:
        """What waits for an answer, the longest waits first."""
        who.require(Permission.ANSWER_CLIENTS)
        async with self._database.reading() as connection:
            longest = await threads.waiting(connection, who.tenant, LISTED)
            count = await threads.count_waiting(connection, who.tenant)
        return Waiting(longest, count, self._database.clock.now())

    async def _check_own(
        self,
        connection: Connection,
        who: Person,
        brief_id: int | None,
        invoice_id: int | None,
        *,
        lock: bool = False,
    ) -> About:
        if invoice_id is not None:
            found = await invoices.invoices_by_ids(connection, who.tenant, [invoice_id], who.id)
            if not found:
                raise Refusal(_("You have no invoice {number}. /invoices lists yours.", number=invoice_id))
            return About("invoice", found[0].number or str(invoice_id))
        if brief_id is None:
            return About()
        brief = check_own(who.id, await briefs.get(connection, who.tenant, brief_id, lock=lock))
        return About("brief", str(brief_id), brief.title)

    async def _waiting(
        self, tx: Transaction, who: Person, thread_id: int, seen: int, *, anybodys: bool = False
    ) -> Thread:
        """The thread, held for this transaction, as it was seen: it waits, and is not another's to answer."""
        who.require(Permission.ANSWER_CLIENTS)
        thread = await self._of_team(tx, who, thread_id, anybodys=anybodys)
        if not thread.waits:
            raise Stale(_("Message {thread} was answered already. See /support_{thread}.", thread=thread_id))
        if thread.version != seen:
            raise Stale(_("Something was written meanwhile. See /support_{thread}.", thread=thread_id))
        return thread

    async def _of_team(self, tx: Transaction, who: Person, thread_id: int, *, anybodys: bool = False) -> Thread:
        """The thread, held for this transaction, where it is theirs to answer, and nobody else has it."""
        thread = await threads.get(tx.connection, who.tenant, thread_id, lock=True)
        await _check_may(tx.connection, who, thread)
        has_it = holder(thread, tx.now, self._patience) if thread.waits else None
        if has_it is not None and has_it != who.id and not anybodys:
            name = (await people.by_id(tx.connection, who.tenant, has_it)).name
            said = {"name": name, "thread": thread_id, "time": clock(claim_ends(thread, self._patience))}
            raise Stale(
                _("{name} has message {thread}, until {time} at most. {name} or an admin can give it back.", **said)
            )
        return thread


async def _check_may(connection: Connection, who: Person, thread: Thread) -> None:
    if thread.client_id == who.id:
        raise Forbidden(_("Nobody answers their own message; another operator or an admin has to."))
    if who.id not in {person.id for person in await team_of(connection, thread)}:
        raise Forbidden(_("Who wants to come in is answered by admins."))


def _check_unanswered(who: Person, thread: Thread, later: list[Message]) -> None:
    by_others = [one for one in later if one.from_team and one.author_id != who.id]
    if by_others:
        said = {"name": by_others[-1].author, "thread": thread.id}
        raise Stale(
            _("{name} answered meanwhile, so yours was not sent. See /support_{thread}, and write again.", **said)
        )


def _waits_since(at: datetime) -> dict[str, object]:
    return {"waits": True, "since": at, "reminded": 0, "claimed_by": None, "claimed_at": None}


async def _record(tx: Transaction, thread: Thread, who: Person, what: str) -> None:
    subject = f"thread:{thread.id}"
    await record(tx, thread.tenant, who, f"thread.{what}", subject, number=thread.version, about=thread.subject)
