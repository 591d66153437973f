"""Verbs of signing in to the pages: by a link from the chat, by the dashboard key, or inside Telegram."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.access.model import TENANT, Permission, Person
from bot.audit.service import record
from bot.kernel.errors import Refusal
from bot.kernel.ids import code_hash, new_code
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.sessions.init_data import opened_by
from bot.sessions.model import (
    LINK_LIFETIME,
    TOUCHED_EACH,
    Place,
    Session,
    Standing,
    TooOften,
    Way,
    failed,
    new_key,
    new_token,
    succeeded,
    tried,
)
from storage.core.pages import Page
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people
from storage.sessions import sessions, signing_in

WHY = {
    Way.LINK: N_(
        "This link no longer works: each is for one sign-in within 10 minutes. "
        "Write /dashboard to the bot for a new one."
    ),
    Way.KEY: N_("This is no dashboard key that is in use. Write /dashboard key to the bot for a new one."),
    Way.TELEGRAM: N_("Telegram does not say who you are any more. Close this page and open it from the chat again."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Caller:
    """From where somebody signs in: an address, and the browser and machine in few words."""

    address: str
    device: str = ""

    @property
    def place(self) -> str:
        """By what it is counted: a checksum, which tells the address to nobody who only looks at the rows."""
        return hashlib.sha256(self.address.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who signed in. token: what their cookie is to say; it is kept nowhere."""

    who: Person
    session: Session
    token: str


class Sessions:
    """Verbs on sessions. bot_token: what Telegram signs by who opens a Mini App."""

    def __init__(self, database: Database, bot_token: str) -> None:
        self._database = database
        self._bot_token = bot_token

    async def link(self, who: Person) -> str:
        """A code to sign in by: for this person in this role, once, within LINK_LIFETIME. Raises Forbidden."""
        who.require(Permission.USE)
        code = new_code()

        async def work(tx: Transaction) -> None:
            await signing_in.add_link(tx, who, code_hash(code))
            await record(tx, who.tenant, who, "session.link_made", f"person:{who.id}")

        await self._database.write(work)
        return code

    async def key(self, who: Person) -> str:
        """A new dashboard key of the person's, in the place of the one before. Raises Forbidden."""
        who.require(Permission.USE)
        made = new_key()

        async def work(tx: Transaction) -> None:
            await signing_in.put_key(tx, who, code_hash(made))
            await record(tx, who.tenant, who, "session.key_made", f"person:{who.id}")

        await self._database.write(work)
        return made

    async def drop_key(self, who: Person) -> bool:
        """Nobody signs in by the person's key any more; False where they have none. Raises Forbidden."""
        who.require(Permission.USE)

        async def work(tx: Transaction) -> bool:
            dropped = await signing_in.drop_key(tx, who)
            if dropped:
                await record(tx, who.tenant, who, "session.key_dropped", f"person:{who.id}")
            return dropped

        return await self._database.write(work)

    async def by_link(self, code: str, caller: Caller) -> SignedIn:
        """Sign in by a link. Raises TooOften, or Refusal where it is unknown, used or too old."""

        async def find(tx: Transaction) -> Person | None:
            link = await signing_in.use_link(tx, code_hash(code))
            if link is None or tx.now - link.made_at >= LINK_LIFETIME:
                return None
            person = await people.find(tx.connection, link.tenant, link.person_id)
            return person if person is not None and person.role is link.role else None

        return await self._signed_in(find, Way.LINK, caller)

    async def by_key(self, key: str, caller: Caller) -> SignedIn:
        """Sign in by a dashboard key. Raises TooOften, or Refusal where it is none."""
        given = code_hash(key.strip())

        async def find(tx: Transaction) -> Person | None:
            known = await signing_in.key(tx, given)
            if known is None or not hmac.compare_digest(known.hash.encode(), given.encode()):
                return None
            return await people.find(tx.connection, known.tenant, known.person_id)

        return await self._signed_in(find, Way.KEY, caller)

    async def by_telegram(self, init_data: str, caller: Caller) -> SignedIn:
        """Sign in as who opened the Mini App. Raises TooOften, or Refusal where that cannot be known."""
        telegram_id = opened_by(init_data, self._bot_token, self._database.clock.now())

        async def find(tx: Transaction) -> Person | None:
            return None if telegram_id is None else await people.by_telegram_id(tx.connection, telegram_id)

        return await self._signed_in(find, Way.TELEGRAM, caller)

    async def _signed_in(
        self, find: Callable[[Transaction], Awaitable[Person | None]], way: Way, caller: Caller
    ) -> SignedIn:
        """What was tried in vain is written down too, so it is refused only once the transaction is over."""
        token = new_token()

        async def work(tx: Transaction) -> SignedIn | Refusal:
            try:
                counted = tried(await signing_in.place(tx, caller.place), tx.now)
            except TooOften as refusal:
                return refusal
            person = await find(tx)
            if person is None or not person.may(Permission.USE):
                await self._in_vain(tx, way, caller, failed(counted, tx.now))
                return Refusal(_(WHY[way]))
            await signing_in.put_place(tx, caller.place, succeeded(counted))
            session = await sessions.add(tx, person, code_hash(token), way, caller.device)
            await record(tx, person.tenant, person, "session.began", f"session:{session.id}", way=way)
            return SignedIn(person, session, token)

        done = await self._database.write(work)
        if isinstance(done, Refusal):
            raise done
        return done

    async def _in_vain(self, tx: Transaction, way: Way, caller: Caller, counted: Place) -> None:
        await signing_in.put_place(tx, caller.place, counted)
        await record(tx, TENANT, None, "session.refused", f"place:{caller.place}", way=way)

    async def of(self, token: str, *, used: bool = True) -> tuple[Person, Session] | None:
        """Who is signed in by that token; None where nobody is, or not as what they are now.

        used: it counts as a use of the session, which keeps it open.
        """
        async with self._database.reading() as connection:
            found = await sessions.by_token(connection, code_hash(token))
            now = self._database.clock.now()
            if found is None or not found[1].open(now):
                return None
            tenant, session = found
            person = await people.find(connection, tenant, session.person_id)
        if person is None or person.role is not session.role or not person.may(Permission.USE):
            return None
        if used and now - session.seen_at >= TOUCHED_EACH:
            await self._database.write(lambda tx: sessions.touch(tx, tenant, session.id))
        return person, session

    async def all_of(self, who: Person, which: Page | None = None) -> Standing:
        """A page of the person's own. Raises Forbidden."""
        who.require(Permission.USE)
        now = self._database.clock.now()

        async def work(connection: Connection) -> Standing:
            found = await sessions.of_person(connection, who, now, which or Page())
            count = await sessions.count(connection, who, now)
            return Standing(found, count, await signing_in.has_key(connection, who))

        return await self._database.snapshot(work)

    async def end(self, who: Person, session_id: int) -> bool:
        """End one of the person's own; False where it was over. Raises Forbidden."""
        who.require(Permission.USE)

        async def work(tx: Transaction) -> bool:
            ended = await sessions.end(tx, who, session_id)
            if ended:
                await record(tx, who.tenant, who, "session.ended", f"session:{session_id}")
            return ended

        return await self._database.write(work)

    async def end_all(self, who: Person) -> int:
        """End all of the person's own; returns how many there were. Raises Forbidden."""
        who.require(Permission.USE)

        async def work(tx: Transaction) -> int:
            ended = await sessions.end_all(tx, who)
            if ended:
                await record(tx, who.tenant, who, "session.all_ended", f"person:{who.id}", count=ended)
            return ended

        return await self._database.write(work)
