"""After a backup was put back nothing goes out until an admin has looked: part of it was perhaps sent before."""

from collections import defaultdict
from collections.abc import Sequence, Set
from datetime import timedelta
from functools import partial

from bot.access.model import TENANT, Person, Role
from bot.audit.service import record
from bot.backups import cards
from bot.backups.model import Kind, Restore, Waiting
from bot.backups.service import require
from bot.kernel.errors import Stale
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, TELEGRAM, notify, notify_roles
from bot.messages.topics import Topic
from bot.messages.wishes import is_quiet
from bot.privacy.erasing import erase_listed
from bot.step_up.checking import check
from bot.step_up.model import Kind as StepUpKind
from storage.backups import restores
from storage.backups.restores import Place, is_never_held
from storage.core import outbox
from storage.core.outbox import OutboxRow
from storage.engine.connection import Connection
from storage.engine.database import Database, Transaction
from storage.people import people, team_rooms

CHANNELS = {"mail": Kind.MAIL, "notion": Kind.MIRROR}
REMINDED = timedelta(hours=1)  # so often, until everything is decided
OUTSIDE = frozenset({Role.STRANGER, Role.REMOVED, Role.CLIENT})


class Holding:
    """What waits after a restore, and what an admin decides of it. Verbs raise Forbidden, StepUpNeeded, Stale."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def tell(self, tx: Transaction, restore: Restore) -> None:
        """Show admins what waits, in the message that follows what they decide; whatever they wish to hear of."""
        waits = await self._waiting(tx.connection, restore)
        card = partial(cards.restored, restore, waits, tx.now)
        await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, card, slot=f"restore:{restore.id}", urgent=True)

    async def remind(self, tenant: str) -> str:
        """Tell admins again while something is not decided, each hour outside of their quiet hours; says so for the
        job's record.
        """
        if tenant != TENANT:
            return ""
        async with self._database.reading() as connection:
            if not (restore := await restores.newest(connection, TENANT)) or not restore.held:
                return ""
        return await self._database.write(self._remind)

    async def _remind(self, tx: Transaction) -> str:
        restore = await restores.newest(tx.connection, TENANT)
        if restore is None or not restore.held:  # it was decided at this moment
            return ""
        to = await self._to_remind(tx, restore)
        # The same is held as before, so this fails where somebody decides at this moment, who has it shown.
        if to and await restores.hold(tx, TENANT, restore, restore.held):
            card = partial(cards.restored, restore, await self._waiting(tx.connection, restore), tx.now)
            for person, key in to.items():
                slot = f"restore:{restore.id}:{person.telegram_id}"
                await outbox.show_anew(tx, TENANT, TELEGRAM, slot)
                await notify(tx, person, Topic.TROUBLE, card, slot=slot, key=key, urgent=True)
        return "what waits since a restore is not decided"

    async def _to_remind(self, tx: Transaction, restore: Restore) -> dict[Person, str]:
        """Who is told now, each with a key that names this hour."""
        hours = (tx.now - restore.restored_at) // REMINDED
        admins = await people.with_roles(tx.connection, TENANT, *ADMINS) if hours > 0 else []
        keys = {one: f"restore:{restore.id}:{hours}:{one.id}" for one in admins if not is_quiet(one, tx.now)}
        return {
            one: key for one, key in keys.items() if not await outbox.is_known(tx.connection, TENANT, TELEGRAM, key)
        }

    async def begin(self, restore_id: int) -> None:
        """Have admins told that nothing goes out, unless it is decided already; and erased those who were since."""
        await erase_listed(self._database)

        async def work(tx: Transaction) -> None:
            restore = await self._of(tx, restore_id)
            if restore is not None and restore.held:
                await self.tell(tx, restore)

        await self._database.write(work)

    async def asked(self, restore_id: int, words: str) -> None:
        """The payment provider was asked what it knows; admins read what came of it."""

        async def work(tx: Transaction) -> None:
            restore = await self._of(tx, restore_id)
            if restore is not None and restore.stripe != words:
                await restores.asked(tx, TENANT, restore, words)
                await self._tell_newest(tx)

        await self._database.write(work)

    async def send(self, who: Person, restore_id: int, kind: Kind) -> None:
        """Have what waits of a kind go out, and what comes of it later."""

        async def work(tx: Transaction) -> None:
            for place in await self._decided(tx, who, restore_id, kind, "restore.sent"):
                await restores.let_go_out(tx, place)

        await self._database.write(work)

    async def rest(self, who: Person, restore_id: int) -> None:
        """Have the kinds of which nothing waits go out from now on."""

        async def work(tx: Transaction) -> None:
            require(who)
            await check(tx, who, StepUpKind.RESTORE)
            restore = await self._of(tx, restore_id)
            waits = {await kind_of(tx.connection, place) for place in await restores.waiting(tx.connection)}
            if restore is None or restore.held <= waits:
                raise _decided_already()
            await self._let(tx, who, restore, restore.held - waits, "restore.sent", 0)

        await self._database.write(work)

    async def drop(self, who: Person, restore_id: int, kind: Kind, last: int) -> int:
        """Tell nobody what waits of a kind; returns how many rows.

        last: the newest row that the person saw counted; what came after it goes out.
        """

        async def work(tx: Transaction) -> int:
            places = await self._decided(tx, who, restore_id, kind, "restore.dropped")
            dropped = sum([await restores.drop(tx, place, last) for place in places])
            for place in places:
                await restores.let_go_out(tx, place)
            return dropped

        return await self._database.write(work)

    async def held(self, who: Person) -> Restore | None:
        """The restore of which something is still to be decided."""
        require(who)
        async with self._database.reading() as connection:
            restore = await restores.newest(connection, TENANT)
        return restore if restore is not None and restore.held else None

    async def look(self, who: Person, restore_id: int) -> tuple[Restore, Sequence[Waiting]]:
        """What waits. Raises Stale where everything was decided."""
        require(who)
        async with self._database.reading() as connection:
            restore = await restores.newest(connection, TENANT)
            if restore is None or restore.id != restore_id or not restore.held:
                raise _decided_already()
            return restore, await self._waiting(connection, restore)

    async def _decided(self, tx: Transaction, who: Person, restore_id: int, kind: Kind, event: str) -> list[Place]:
        """The places of what waits of a kind, which is held no more; only the first who decides does."""
        require(who)
        await check(tx, who, StepUpKind.RESTORE)
        restore = await self._of(tx, restore_id)
        if restore is None or kind not in restore.held:
            raise _decided_already()
        places = [
            place for place in await restores.waiting(tx.connection) if await kind_of(tx.connection, place) is kind
        ]
        await self._let(tx, who, restore, {kind}, event, sum(place.count for place in places))
        return places

    async def _let(
        self, tx: Transaction, who: Person, restore: Restore, kinds: Set[Kind], event: str, count: int
    ) -> None:
        """Hold these kinds no more."""
        if not await restores.hold(tx, TENANT, restore, restore.held - kinds):
            raise _decided_already()
        await record(tx, TENANT, who, event, f"restore:{restore.id}", kinds=sorted(kinds), count=count)
        await self._tell_newest(tx)

    async def _of(self, tx: Transaction, restore_id: int) -> Restore | None:
        restore = await restores.newest(tx.connection, TENANT)
        return restore if restore is not None and restore.id == restore_id else None

    async def _tell_newest(self, tx: Transaction) -> None:
        restore = await restores.newest(tx.connection, TENANT)
        assert restore is not None
        await self.tell(tx, restore)

    async def _waiting(self, connection: Connection, restore: Restore) -> list[Waiting]:
        by_kind: defaultdict[Kind, list[Place]] = defaultdict(list)
        for place in await restores.waiting(connection):
            by_kind[await kind_of(connection, place)].append(place)
        return [
            Waiting(kind, sum(p.count for p in places), max(p.last for p in places), min(p.since for p in places))
            for kind, places in sorted(by_kind.items())
            if kind in restore.held
        ]


class Gate:
    """Whether an item of the outbox may go out, see `jobs.outbox.sender.MayGo`.

    A backup is put back while nothing runs; so where nothing is held at the first look, nothing is until the end.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._open = False

    async def off(self) -> bool:
        """Nothing is held as a whole: what admins need to decide goes out."""
        return False

    async def lets(self, item: OutboxRow) -> bool:
        """Whether it may go out."""
        if self._open or is_never_held(item):
            return True
        async with self._database.reading() as connection:
            restore = await restores.newest(connection, TENANT)
            if restore is None or not restore.held:
                self._open = True
                return True
            place = Place(item.channel, item.destination, 1, item.id, item.created_at)
            return await kind_of(connection, place) not in restore.held


async def kind_of(connection: Connection, place: Place) -> Kind:
    """Whom what waits there is for; what is not known to be the team's is a client's."""
    if place.channel != TELEGRAM:
        return CHANNELS.get(place.channel, Kind.OTHER)
    chat = place.destination.partition("/")[0]
    if chat.isdecimal():
        person = await people.by_telegram_id(connection, int(chat))
        return Kind.CLIENTS if person is None or person.role in OUTSIDE else Kind.TEAM
    known = chat.removeprefix("-").isdecimal() and await team_rooms.is_one(connection, "", int(chat))
    return Kind.TEAM if known else Kind.CLIENTS


def _decided_already() -> Stale:
    return Stale(_("That was decided already. /backups shows how it stands."))
