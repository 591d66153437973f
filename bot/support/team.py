"""What the team does with what clients write: answer it, take it, note it, make an order of it, ask back."""

from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.access.model import Permission, Person, Role
from bot.kernel.errors import Refusal, Stale
from bot.kernel.text.words import clock
from bot.kernel.translation import gettext as _
from bot.review.model import Escalation, claim_ends, holder
from bot.review.service import Review
from bot.support import cards, mailing
from bot.support.model import Message, Sent, Thread, View, Waiting, Words, check_words, subject_of, waits_since
from bot.support.showing import check_may, close, show, tell_client, view_of, written_down
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.support import threads

LISTED = 10


class Team:
    """Verbs of operators and admins. Each raises Forbidden; Stale where a colleague was faster, or has the thread."""

    def __init__(self, database: Database, escalation: Escalation, review: Review) -> None:
        self._database = database
        self._review = review
        self._escalation = escalation

    async def answer(
        self, who: Person, thread_id: int, seen: int, text: str, *, file: Sent | None = None, key: str | None = None
    ) -> Thread:
        """Answer the client. seen: the newest message that whoever answers had seen; what came later waits on.

        Raises Stale where a colleague answered since.
        """
        who.require(Permission.ANSWER_CLIENTS)
        words = Words(check_words(text, file), file, key)

        async def work(tx: Transaction) -> Thread:
            thread = await self._of_team(tx, who, thread_id)
            if key and await threads.said_before(tx.connection, who.tenant, key):
                return thread
            mailing.check_can_go(thread, words)
            later = await threads.after(tx.connection, thread, seen)
            _check_unanswered(who, thread, later)
            before = await view_of(tx.connection, thread, self._escalation, tx.now)
            still = [one for one in later if not one.from_team]
            waits = waits_since(still[0].at) if still else {"waits": False, "claimed_by": None, "claimed_at": None}
            thread = await threads.say(tx, thread, who, words, from_team=True, **waits)
            await written_down(tx, thread, who, "answered")
            await _tell(tx, thread, before, words)
            answered = replace(before, messages=[one for one in before.messages if one.number <= seen])
            card = partial(cards.answered, answered, thread.version, words, who.name, tx.now)
            await close(tx, before.thread, card)
            if still:
                await show(tx, await view_of(tx.connection, thread, self._escalation, tx.now))
            return thread

        return await self._database.write(work)

    async def ask_client(
        self, who: Person, brief_id: int, version: int, text: str, *, key: str | None = None
    ) -> Thread:
        """Ask the client of a draft that waits for a decision; it waits for their answer, which its next draft heeds.

        Raises what deciding would raise.
        """
        words = Words(check_words(text), None, key)

        async def work(tx: Transaction) -> Thread:
            known = await threads.said_before(tx.connection, who.tenant, key) if key else None
            if known is not None:
                return known
            brief = await self._review.ask(tx, who, brief_id, version)
            client = await people.by_id(tx.connection, brief.tenant, brief.client_id)
            thread = await threads.begin(tx, brief.tenant, client, subject_of(brief.id, None))
            thread = await threads.say(tx, thread, who, words, from_team=True)
            await written_down(tx, thread, who, "asked")
            await tell_client(tx, thread, partial(cards.question, thread, brief.title, words.text))
            return thread

        return await self._database.write(work)

    async def to_write(self, who: Person, client_id: int) -> tuple[Person, View | None]:
        """The client to whom `write` would go; and what of theirs waits for an answer first, where something does.

        Raises Refusal where they are no client, Stale where they cannot be reached.
        """
        who.require(Permission.ANSWER_CLIENTS)
        async with self._database.reading() as connection:
            client = await self._client(connection, who, client_id)
            thread = await threads.of_client(connection, client, "")
            if thread is None or not thread.waits:
                return client, None
            return client, await view_of(connection, thread, self._escalation, self._database.clock.now())

    async def write(
        self, who: Person, client_id: int, text: str, *, file: Sent | None = None, key: str | None = None
    ) -> Thread:
        """Write to a client about nothing in particular, without their having written first; they can answer.

        Raises Refusal where they are no client, Stale where they cannot be reached or wrote meanwhile.
        """
        who.require(Permission.ANSWER_CLIENTS)
        words = Words(check_words(text, file), file, key)

        async def work(tx: Transaction) -> Thread:
            known = await threads.said_before(tx.connection, who.tenant, key) if key else None
            if known is not None:
                return known
            client = await self._client(tx.connection, who, client_id)
            thread = await threads.begin(tx, who.tenant, client, "")
            if thread.waits:
                said = {"name": client.name, "thread": thread.id}
                raise Stale(
                    _("{name} wrote meanwhile, so yours was not sent. Read it first: /support_{thread}.", **said)
                )
            before = await view_of(tx.connection, thread, self._escalation, tx.now)
            thread = await threads.say(tx, thread, who, words, from_team=True)
            await written_down(tx, thread, who, "begun")
            await _tell(tx, thread, before, words)
            return thread

        return await self._database.write(work)

    async def add(self, who: Person, thread_id: int, text: str, *, file: Sent | None, key: str) -> Thread:
        """Send the client what came with a message of theirs that was sent: another file of its album, for example.

        key: of the message in a chat: the same one twice is one.
        """
        who.require(Permission.ANSWER_CLIENTS)
        words = Words(check_words(text, file), file, key)

        async def work(tx: Transaction) -> Thread:
            thread = await threads.get(tx.connection, who.tenant, thread_id, lock=True)
            if await threads.said_before(tx.connection, who.tenant, key):
                return thread
            mailing.check_can_go(thread, words)
            before = await view_of(tx.connection, thread, self._escalation, tx.now)
            thread = await threads.say(tx, thread, who, words, from_team=True)
            await written_down(tx, thread, who, "answered")
            await _tell(tx, thread, before, words)
            if thread.waits:
                await show(tx, await view_of(tx.connection, thread, self._escalation, tx.now))
            return thread

        return await self._database.write(work)

    async def _client(self, connection: Connection, who: Person, client_id: int) -> Person:
        client = await people.find(connection, who.tenant, client_id)
        if client is None or client.role is not Role.CLIENT:
            raise Refusal(_("There is no client {id}. /clients lists them.", id=client_id))
        if client.reach != "open":
            raise Stale(
                _(
                    "{name} cannot be reached here: they stopped the bot. Nothing was sent or kept. Use their e-mail "
                    "or phone, or write again once /client_{id} says no more that they stopped it.",
                    name=client.name,
                    id=client.id,
                )
            )
        return client

    async def settle(self, who: Person, thread_id: int, seen: int) -> Thread:
        """Find that nothing that waits in it asks for an answer: thanks, for example. The client hears nothing."""

        async def work(tx: Transaction) -> Thread:
            thread = await self._waiting(tx, who, thread_id, seen)
            before = await view_of(tx.connection, thread, self._escalation, tx.now)
            thread = await threads.change(tx, thread, waits=False, claimed_by=None, claimed_at=None)
            await written_down(tx, thread, who, "settled")
            await close(tx, thread, partial(cards.settled, before, who.name, tx.now))
            return thread

        return await self._database.write(work)

    async def claim(self, who: Person, thread_id: int, seen: int) -> datetime:
        """Let nobody else answer for now; returns until when. A claim ends by itself."""

        async def work(tx: Transaction) -> datetime:
            thread = await self._waiting(tx, who, thread_id, seen)
            if holder(thread, tx.now, self._escalation) is None:
                thread = await threads.change(tx, thread, claimed_by=who.id, claimed_at=tx.now)
                await written_down(tx, thread, who, "claimed")
                await show(tx, await view_of(tx.connection, thread, self._escalation, tx.now))
            return claim_ends(thread, self._escalation)

        return await self._database.write(work)

    async def give_back(self, who: Person, thread_id: int, seen: int) -> Thread:
        """End a claim: one's own, or as an admin anybody's."""

        async def work(tx: Transaction) -> Thread:
            thread = await self._waiting(tx, who, thread_id, seen, anybodys=who.role is Role.ADMIN)
            if holder(thread, tx.now, self._escalation) is None:
                raise Stale(_("Nobody has message {thread}; it waits for whoever answers first.", thread=thread_id))
            thread = await threads.change(tx, thread, claimed_by=None, claimed_at=None)
            await written_down(tx, thread, who, "given_back")
            await show(tx, await view_of(tx.connection, thread, self._escalation, tx.now))
            return thread

        return await self._database.write(work)

    async def to_answer(self, who: Person, thread_id: int) -> View:
        """The same, for who is about to answer; raises what answering would raise."""
        who.require(Permission.ANSWER_CLIENTS)

        async def work(tx: Transaction) -> View:
            thread = await self._of_team(tx, who, thread_id)
            return await view_of(tx.connection, thread, self._escalation, tx.now)

        return await self._database.write(work)

    async def to_order(self, who: Person, thread_id: int, seen: int) -> tuple[Person, View]:
        """The client and what waits, for who makes an order of it; raises Refusal where nobody invited them."""

        async def work(tx: Transaction) -> tuple[Person, View]:
            thread = await self._waiting(tx, who, thread_id, seen)
            if thread.client_id is None:
                raise Refusal(_("Nobody invited {name} yet: /invite client makes a link.", name=thread.name))
            client = await people.by_id(tx.connection, who.tenant, thread.client_id)
            view = await view_of(tx.connection, thread, self._escalation, tx.now)
            if any(one.file is not None for one in view.unanswered):
                raise Refusal(
                    _(
                        "A file came with it, and a quote from here would be without. "
                        "Ask {name} to send both as a brief.",
                        name=thread.name,
                    )
                )
            return client, view

        return await self._database.write(work)

    async def waiting(self, who: Person) -> Waiting:
        """What waits for an answer of theirs, the longest waits first."""
        who.require(Permission.ANSWER_CLIENTS)
        async with self._database.reading() as connection:
            known = who.role is not Role.ADMIN
            longest = await threads.waiting(connection, who.tenant, LISTED, of_known=known)
            count = await threads.count_waiting(connection, who.tenant, of_known=known)
        return Waiting(longest, count, self._database.clock.now())

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
        await check_may(tx.connection, who, thread)
        has_it = holder(thread, tx.now, self._escalation) if thread.waits else None
        if has_it is not None and has_it != who.id and not anybodys:
            name = (await people.by_id(tx.connection, who.tenant, has_it)).name
            said = {"name": name, "thread": thread_id, "time": clock(claim_ends(thread, self._escalation))}
            raise Stale(
                _("{name} has message {thread}, until {time} at most. {name} or an admin can give it back.", **said)
            )
        return thread


def _check_unanswered(who: Person, thread: Thread, later: list[Message]) -> None:
    by_others = [one for one in later if one.from_team and one.author_id != who.id]
    if by_others:
        said = {"name": by_others[-1].author, "thread": thread.id}
        raise Stale(
            _("{name} answered meanwhile, so yours was not sent. See /support_{thread}, and write again.", **said)
        )


async def _tell(tx: Transaction, thread: Thread, before: View, words: Words) -> None:
    if thread.address:
        await mailing.send(tx, thread, before, words)
        return
    if words.text:
        await tell_client(tx, thread, partial(cards.from_team, thread, before.about, words.text))
    if words.file is not None:
        await tell_client(tx, thread, partial(cards.file_of_team, thread, before.about, words.file), part="file")
