"""Clients write to the team, each thread about one thing. The team's part is `bot.support.team`."""

from collections.abc import Collection
from functools import partial

from bot.access.model import TENANT, Permission, Person, Role
from bot.briefs.model import Brief, check_own
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.text.words import clock
from bot.kernel.translation import gettext as _
from bot.review.model import Escalation, waits_for_client
from bot.review.service import Review
from bot.support import cards
from bot.support.model import (
    OF_STRANGER,
    ONE_A_DAY,
    About,
    Message,
    Sent,
    Thread,
    View,
    Words,
    check_words,
    subject_of,
    waits_since,
)
from bot.support.showing import about_brief, check_may, close, pass_on, show, view_of, written_down
from storage.billing import invoices
from storage.briefs import briefs
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.support import threads


class Support:
    """Verbs of whoever writes to the team. Each raises Forbidden."""

    def __init__(self, database: Database, escalation: Escalation, review: Review) -> None:
        self._database = database
        self._review = review
        self._escalation = escalation

    async def open(
        self,
        person: Person,
        text: str,
        *,
        brief_id: int | None = None,
        invoice_id: int | None = None,
        file: Sent | None = None,
        key: str | None = None,
        may_answer: bool = True,
    ) -> Thread:
        """Send the person's words to the team, about a brief or an invoice of theirs or about nothing in particular.

        What they write about the same thing is one thread. key: of the message in a chat: the same one twice is one.
        may_answer: whether the words are the answer where the brief waits for one; a complaint is none.
        Raises Refusal where the words say nothing, or there is no such brief or invoice.
        """
        person.require(Permission.WRITE_TO_TEAM)
        words = Words(check_words(text, file), file, key)

        async def work(tx: Transaction) -> Thread:
            known = await threads.said_before(tx.connection, person.tenant, key) if key else None
            if known is not None:
                return known
            about = await self._check_own(tx.connection, person, brief_id, invoice_id, lock=True)
            thread = await threads.begin(tx, person.tenant, person, subject_of(about.brief_id, invoice_id))
            if may_answer and thread.brief_id is not None:
                brief = await briefs.get(tx.connection, person.tenant, thread.brief_id)
                if waits_for_client(brief):
                    return await self._heard(tx, thread, brief, person, words)
            return await self._written(tx, thread, person, words)

        return await self._database.write(work)

    async def leave(self, person: Person, text: str, *, key: str | None = None) -> Thread:
        """Let somebody whom nobody invited leave a message for the studio: one a day. Raises Refusal for a second."""
        words = Words(check_words(text), None, key)
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
            return await self._written(tx, thread, person, words)

        return await self._database.write(work)

    async def _written(self, tx: Transaction, thread: Thread, who: Person, words: Words) -> Thread:
        """Keep the words, and show them to the team; a wait that is over begins anew."""
        began = {} if thread.waits else waits_since(tx.now)
        named = {"name": who.name, "language": who.language}
        thread = await threads.say(tx, thread, who, words, from_team=False, **began, **named)
        await written_down(tx, thread, who, "written")
        await show(tx, await view_of(tx.connection, thread, self._escalation, tx.now))
        if words.file is not None:
            await pass_on(tx, thread, partial(cards.file_of_client, thread, words.file))
        return thread

    async def _heard(self, tx: Transaction, thread: Thread, brief: Brief, who: Person, words: Words) -> Thread:
        """Keep the client's answer to what the team asked, and have the brief go on with it."""
        if words.file is not None:
            raise Refusal(_("Please write the answer in words: the next draft is made from them. Nothing was sent."))
        asked = [one.text for one in await threads.newest(tx.connection, thread) if one.from_team]
        thread = await threads.say(tx, thread, who, words, from_team=False)
        await written_down(tx, thread, who, "heard")
        await self._review.heard(tx, brief, who, f"Q: {asked[-1]}\nA: {words.text}" if asked else words.text)
        if thread.waits:
            await show(tx, await view_of(tx.connection, thread, self._escalation, tx.now))
        return thread

    async def reword(self, who: Person, key: str, text: str) -> bool:
        """Let a message follow that its writer edited; False where it is none of a thread.

        Raises Stale where it was read as it was: what was answered stays, and so does what the team wrote.
        """

        async with self._database.reading() as connection:
            known = await threads.said_before(connection, who.tenant, key)
        if known is None:
            return False
        thread_id = known.id

        async def work(tx: Transaction) -> None:
            thread = await threads.get(tx.connection, who.tenant, thread_id, lock=True)
            said = await threads.of_key(tx.connection, thread, key)
            words = check_words(text, said.file)
            if said.text == words:
                return
            if said.from_team or not thread.waits or said.at < thread.since:
                raise Stale(_("It was read as it stood before. Write what changed as a new message."))
            await threads.reword(tx, thread, said.number, words)
            await written_down(tx, thread, who, "reworded")
            await show(tx, await view_of(tx.connection, thread, self._escalation, tx.now))

        await self._database.write(work)
        return True

    async def withdraw(self, who: Person, keys: Collection[str]) -> None:
        """Let what the person wrote in these messages wait no more: it is an order. What else waits there waits on."""

        async def work(tx: Transaction) -> None:
            for known in await threads.said_in(tx.connection, who, keys):
                thread = await threads.get(tx.connection, who.tenant, known.id, lock=True)
                before = await view_of(tx.connection, thread, self._escalation, tx.now)
                theirs = await threads.numbers_of(tx.connection, thread, keys)
                if thread.waits and all(one.number in theirs for one in before.unanswered):
                    thread = await threads.change(tx, thread, waits=False, claimed_by=None, claimed_at=None)
                    await written_down(tx, thread, who, "settled")
                    await close(tx, thread, partial(cards.settled, before, who.name, tx.now))

        await self._database.write(work)

    async def said(self, who: Person, key: str) -> tuple[View, Message] | None:
        """The thread that a message of the person's in a chat went to, and what it is there; None where it is none."""
        async with self._database.reading() as connection:
            thread = await threads.said_before(connection, who.tenant, key)
            if thread is None:
                return None
            view = await view_of(connection, thread, self._escalation, self._database.clock.now())
            return view, await threads.of_key(connection, thread, key)

    async def about(self, who: Person, *, brief_id: int | None = None, invoice_id: int | None = None) -> About:
        """What a message of the person's would be about; raises what `open` would raise."""
        who.require(Permission.WRITE_TO_TEAM)
        async with self._database.reading() as connection:
            return await self._check_own(connection, who, brief_id, invoice_id)

    async def get(self, who: Person, thread_id: int) -> View:
        """A thread, for its client and for the team; for all others there is none of that number."""
        who.require(Permission.USE)
        async with self._database.reading() as connection:
            thread = await threads.get(connection, who.tenant, thread_id)
            if thread.client_id != who.id:
                who.require(Permission.ANSWER_CLIENTS)
                await check_may(connection, who, thread)
            return await view_of(connection, thread, self._escalation, self._database.clock.now())

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
        return about_brief(brief)
