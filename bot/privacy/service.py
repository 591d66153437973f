"""Verbs on a person's own data: what is kept, given out, and erased once a day of second thoughts is over."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial

import structlog

from bot.access.model import Permission, Person, Role
from bot.audit.service import record
from bot.core import Core
from bot.kernel.card import Card, Document
from bot.kernel.errors import Refusal, Stale
from bot.kernel.ids import code_hash, new_code
from bot.kernel.tasks import RunAgain, Task
from bot.kernel.translation import gettext as _
from bot.kernel.translation import reading_as
from bot.messages.service import ADMINS, notify, notify_roles, post
from bot.messages.topics import Topic
from bot.mirror.model import MirrorTable
from bot.mirror.service import CHANNEL, bring_up_to_date
from bot.pdf.ports import NotMade
from bot.pdf.service import Pdf
from bot.privacy import cards, export, papers
from bot.privacy.erasing import compact, erase_rows, sweep
from bot.privacy.model import COOLING_OFF, ERASE, LINK_LIFETIME, LONGEST_UNDELIVERED, Erasure, ErasureState, Theirs
from bot.tenants.service import BRAND
from storage.automation import queue_rows
from storage.consents import requests
from storage.core import bindings
from storage.engine.database import Transaction
from storage.people import people
from storage.privacy import erasures, reading, sweeping, whose

log = structlog.get_logger(__name__)
SHOWN = 20
LOOK_AGAIN_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Own:
    """What there is of somebody, and what they asked for."""

    theirs: Theirs
    erasure: Erasure | None


@dataclass(frozen=True, slots=True)
class Asked:
    """An erasure that is under way, and who asked for it."""

    erasure: Erasure
    person: Person


class Privacy:
    """Verbs; those of people raise Forbidden and Refusal. tables: the mirror's, which may name people."""

    def __init__(self, core: Core, tables: Collection[MirrorTable], pdf: Pdf) -> None:
        self._core = core
        self._pdf = pdf
        self._tables = tables
        self._database = core.database
        self._sweeping = asyncio.Lock()  # one pass is for all who are to be erased

    async def own(self, who: Person) -> Own:
        """What there is of the person."""
        who.require(Permission.USE)
        async with self._database.reading() as connection:
            theirs = await whose.of_person(connection, who.tenant, who.id)
            assert theirs is not None
            return Own(theirs, await erasures.under_way(connection, who.tenant, who.id))

    async def waiting(self, who: Person) -> Sequence[Asked]:
        """Whose erasure is due, and when, for admins."""
        who.require(Permission.MANAGE_PEOPLE)
        async with self._database.reading() as connection:
            found = await erasures.waiting(connection, who.tenant, SHOWN)
            names = await people.by_ids(connection, who.tenant, [one.person_id for one in found])
        return [Asked(one, names[one.person_id]) for one in found]

    async def export(self, who: Person) -> Document:
        """Everything of the person as a zip."""
        who.require(Permission.USE)
        async with self._database.reading() as connection:
            sections = await reading.rows_of(connection, who.tenant, who.id, who.telegram_id)
        now = self._database.clock.now()
        data = await export.packed(sections, self._core.files, now)

        async def work(tx: Transaction) -> None:
            await record(tx, who.tenant, who, "privacy.exported", f"person:{who.id}", bytes=len(data))

        await self._database.write(work)
        return Document.of(f"my-data-{now:%Y-%m-%d}.zip", data)

    async def link(self, who: Person) -> str:
        """A code by which the person's data is had once, within LINK_LIFETIME; it ends the one before."""
        who.require(Permission.USE)
        code = new_code()

        async def work(tx: Transaction) -> None:
            await requests.answered(tx, who.tenant, who.id)
            await requests.add(tx, who, code_hash(code), tx.now + LINK_LIFETIME)
            await record(tx, who.tenant, who, "privacy.link_made", f"person:{who.id}")

        await self._database.write(work)
        return code

    async def by_link(self, code: str) -> Document:
        """The data of whoever the link was given to. Raises Refusal where it is unknown, used or too old."""

        async def work(tx: Transaction) -> Person | None:
            used = await requests.use(tx, code_hash(code))
            return None if used is None else await people.find(tx.connection, *used)

        who = await self._database.write(work)
        if who is None or not who.may(Permission.USE):
            raise Refusal(_("This link no longer works: each is for one download within 24 hours. Write /privacy."))
        with reading_as(who.reader):
            return await self.export(who)

    async def handed(self, who: Person) -> Card:
        """The same below its words, in the person's language, for a message that nobody waits for."""
        document = await self.export(who)
        with reading_as(who.reader):
            return Card(cards.exported(len(document.data)), document=document)

    async def ask(self, who: Person) -> Erasure:
        """Have the person erased a day from now; the same wish twice is one."""
        _check_client(who)

        async def work(tx: Transaction) -> Erasure:
            known = await erasures.under_way(tx.connection, who.tenant, who.id)
            if known is not None:
                return known
            theirs = await whose.of_person(tx.connection, who.tenant, who.id)
            if theirs is not None and (why := cards.in_the_way(theirs)):
                raise Refusal(" ".join(why))
            added = await erasures.add(tx, who.tenant, who.id, tx.now + COOLING_OFF)
            assert added is not None
            await record(tx, who.tenant, who, "erasure.asked", f"erasure:{added.id}")
            await self._core.queue.enqueue(tx, Task(ERASE, added.id, added.due_at))
            show = partial(cards.told_team, added)
            await notify_roles(tx, who.tenant, ADMINS, Topic.PEOPLE, show, key=f"erasure:{added.id}:asked")
            return added

        return await self._database.write(work)

    async def stop(self, who: Person, erasure_id: int) -> Erasure:
        """Keep everything after all. Raises Stale where it is too late, or nothing was asked for."""
        _check_client(who)

        async def work(tx: Transaction) -> Erasure:
            wish = await erasures.under_way(tx.connection, who.tenant, who.id)
            if wish is None or wish.id != erasure_id or wish.state is not ErasureState.ASKED:
                raise Stale(_("There is no erasure of your data to stop. /privacy shows what is kept."))
            stopped = await erasures.change(tx, wish, state=ErasureState.STOPPED, ended_at=tx.now)
            assert stopped is not None
            await record(tx, who.tenant, who, "erasure.stopped", f"erasure:{wish.id}")
            await self._core.queue.drop(tx, Task(ERASE, wish.id))
            return stopped

        return await self._database.write(work)

    async def carry_on(self, erasure_id: int) -> None:
        """The task of an erasure: once its day is over, step by step until nothing is left of the person."""
        wish = await self._load(erasure_id)
        if wish is None:
            return
        if wish.state is ErasureState.ASKED:
            left = (wish.due_at - self._database.clock.now()).total_seconds()
            if left > 0:
                raise RunAgain(left)
            wish = await self._database.write(partial(self._erase, wish))
        if wish is not None and wish.state is ErasureState.ERASED:
            await self._finish(wish)

    async def _load(self, erasure_id: int) -> Erasure | None:
        async with self._database.reading() as connection:
            return await erasures.load(connection, erasure_id)

    async def _erase(self, wish: Erasure, tx: Transaction) -> Erasure | None:
        """Erase the rows, and have the person and the mirror told; or put it off where something came in between."""
        theirs = await whose.of_person(tx.connection, wish.tenant, wish.person_id)
        if theirs is None:
            return None
        person = await people.by_id(tx.connection, wish.tenant, wish.person_id)
        if why := cards.in_the_way(theirs):
            return await self._put_off(tx, wish, person, why)
        erased = await erase_rows(tx, wish)
        if erased is None:
            return None
        rows = [await queue_rows.of_brief(tx.connection, erased.tenant, number) for number in theirs.briefs]
        things = theirs.marks.things | {f"row:{row.id}" for row in rows if row is not None}
        for table in self._tables:
            await _mirrored(tx, erased.tenant, table, things)
        return erased

    async def _certify(self, erased: Erasure) -> None:
        """Send the certificate, once; after a restore nobody is told anew, since nothing is left to know them by."""
        async with self._database.reading() as connection:
            fresh = await erasures.load(connection, erased.id)
            sent = await sweeping.certificate(connection, erased.tenant, _key(erased))
        if sent is not None or fresh is None or fresh.marks is None:
            return
        marks, now = fresh.marks, self._database.clock.now()
        with reading_as(marks.reader):
            card = cards.certificate(fresh, now)
            paper = papers.certificate(fresh, await self._core.tenants.brand(fresh.tenant) or BRAND, now)
            try:
                card = replace(card, document=await self._pdf.document(paper, f"certificate-{fresh.id}"))
            except NotMade as error:  # its words say all that the file would
                log.warning("a certificate comes without its PDF", erasure=fresh.id, error=str(error))
            await self._database.write(lambda tx: post(tx, fresh.tenant, marks.chat, card, key=_key(fresh)))

    async def _put_off(self, tx: Transaction, wish: Erasure, person: Person, why: Sequence[str]) -> Erasure | None:
        later = await erasures.change(tx, wish, due_at=tx.now + COOLING_OFF)
        if later is None:
            return None
        await record(tx, later.tenant, None, "erasure.put_off", f"erasure:{later.id}")
        await self._core.queue.enqueue(tx, Task(ERASE, later.id, later.due_at))
        show = partial(cards.put_off, later, why)
        await notify(tx, person, Topic.PEOPLE, show, key=f"erasure:{later.id}:later:{later.version}", urgent=True)
        return later

    async def _finish(self, erased: Erasure) -> None:
        """All that is not a row of the person's own; then the message that says so leaves no trace either."""
        await self._certify(erased)
        async with self._sweeping:
            async with self._database.reading() as connection:
                left = await erasures.to_sweep(connection, erased.tenant)
            if any(one.id == erased.id for one in left):
                if not await sweep(self._database, left):
                    raise RunAgain(LOOK_AGAIN_SECONDS)
                await compact(self._database)
        if self._core.store is not None and erased.files:
            await self._core.store.forget(erased.files)
        key = _key(erased)
        async with self._database.reading() as connection:
            sent = await sweeping.certificate(connection, erased.tenant, key)
        now = self._database.clock.now()
        if sent is not None and sent[0] == "waiting" and now - sent[1] < LONGEST_UNDELIVERED:
            raise RunAgain(LOOK_AGAIN_SECONDS)

        async def work(tx: Transaction) -> None:
            fresh = await erasures.load(tx.connection, erased.id)
            if fresh is None or fresh.state is not ErasureState.ERASED:
                return
            await sweeping.drop_certificate(tx, fresh.tenant, key)
            await erasures.change(tx, fresh, state=ErasureState.DONE, ended_at=tx.now, files=None)
            await record(tx, fresh.tenant, None, "erasure.done", f"erasure:{fresh.id}")

        await self._database.write(work)
        await self._database.fold_log()


def _key(erasure: Erasure) -> str:
    return f"erasure:{erasure.id}:certificate"


def _check_client(who: Person) -> None:
    who.require(Permission.USE)
    if who.role is not Role.CLIENT:
        raise Refusal(_("You are {role}: an admin takes you out of the team by /people first.", role=who.role.one))


async def _mirrored(tx: Transaction, tenant: str, table: MirrorTable, things: Collection[str]) -> None:
    """Have the rows that are shown in the mirror be written as they are now."""
    if await bindings.get(tx.connection, tenant, CHANNEL, table.name) is None:
        return  # it was never made
    for key in sorted(key for key in things if key.startswith(f"{table.kind}:")):
        await bring_up_to_date(tx, tenant, table, key)
