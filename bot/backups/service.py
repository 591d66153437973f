"""Verbs on backups: made, tried, copied to a second place, deleted after their time, and how all of that stands."""

import socket
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from bot.access.model import TENANT, Permission, Person
from bot.alerts.raising import clear, raise_
from bot.audit.model import in_a_line
from bot.audit.sealing import anchors_of
from bot.audit.service import record
from bot.backups import cards
from bot.backups.model import (
    FOLDER,
    SECOND_PLACE,
    SLACK,
    Aged,
    Backup,
    Manifest,
    Standing,
    Trial,
    Tried,
    Trying,
    new_name,
    newest_first,
    to_keep,
)
from bot.backups.ports import BackupRefused, Vault
from bot.backups.since import read_at_last
from bot.kernel.errors import Forbidden, Refusal
from bot.kernel.text.words import count
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from bot.privacy.model import LISTED
from bot.privacy.model import in_a_line as erased_in_a_line
from storage.alerts import alerts
from storage.backups import backups as rows
from storage.core import bindings
from storage.core.installation import installation_code, installed_at
from storage.engine.database import Database, Transaction
from storage.privacy import erasures

SHOWN = 10
LOST = "backup_copies_lost"
AGAIN_AT_ONCE = 3  # copies that were lost, in one run
log = structlog.get_logger(__name__)
HOW = {
    FOLDER: "`echopilot backup` makes one",
    SECOND_PLACE: "the job replica_sync copies the newest one there that was found sound, and /job_replica_sync in the "
    "chat has it done now",
}
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Maker:
    """Who makes backups: the commit of the program, and the number of its bot."""

    code: str
    bot: str


class Backups:
    """Verbs on the installation's backups; what people ask for raises Forbidden, all else BackupRefused."""

    def __init__(self, database: Database, vault: Vault, maker: Maker) -> None:
        self._database = database
        self._vault = vault
        self._maker = maker

    async def make(self) -> Manifest:
        """Make a backup while everything runs, and write it down; one that is not encrypted is an alert."""
        began = time.monotonic()
        manifest = await self._vault.make(await self._blank(), await self._still_tried())

        async def work(tx: Transaction) -> None:
            await self._keep(tx, manifest, timedelta(seconds=time.monotonic() - began))
            if manifest.sealed_for:
                await clear(tx, "backup_not_encrypted")
            else:
                await raise_(tx, "backup_not_encrypted", tenant=TENANT)

        await self._database.write(work)
        return manifest

    async def tidy(self) -> int:
        """Delete the backups of the folder whose time is over, and know of those that the database does not."""
        there = await self._ours(FOLDER)
        await read_at_last(self._database, self._vault, FOLDER, there)
        async with self._database.reading() as connection:
            left = [one.manifest for one in await rows.left(connection, TENANT, self._until())]
        seen = {one.name for one in there}
        lost = [one for one in left if one.name not in seen]
        gaps = {*await self._vault.broken(FOLDER), *(one.name for one in lost)}
        over = await self._over([*there, *lost], gaps)
        await self._vault.forget(FOLDER, over)

        async def work(tx: Transaction) -> None:
            for manifest in reversed(there):
                await self._keep(tx, manifest, timedelta())
            await rows.gone(tx, TENANT, [one.name for one in over])

        await self._database.write(work)
        return len([one for one in over if one.name in seen])

    async def look(self, tenant: str) -> str:
        """Whether there is none of the last night, which is an alert until there is; says so for the job's record."""
        if tenant != TENANT:
            return ""
        await installation_code(self._database, TENANT)  # from its making on there might have been a backup
        standing, now = await self.standing(), self._database.clock.now()
        hours = standing.age(now) // HOUR

        async def work(tx: Transaction) -> bool:
            if not standing.late(now):
                return await clear(tx, "backup_late")
            await raise_(tx, "backup_late", tenant=TENANT, hours=hours)
            return True

        async with self._database.reading() as connection:
            known = await alerts.of(connection, TENANT, "backup_late", "")
        if standing.late(now) or (known is not None and known.open):
            await self._database.write(work)
        return f"no backup for {hours} h" if standing.late(now) else ""

    async def verify(self) -> Trial | None:
        """Restore the newest backup elsewhere and look it through; None where none was made yet.

        Raises BackupRefused where it is not sound, or is lost.
        """
        return await self._newest_tried(Trying.VERIFY)

    async def drill(self) -> Trial | None:
        """The same as if this machine were lost: from the second place, where anything is. Admins hear of it."""
        sent = await self._newest_to_drill()
        if sent is None:  # there is no second place, or nothing in it that can be opened here: what there is, is proven
            return await self._newest_tried(Trying.DRILL)
        copy = await self._found(sent.name, SECOND_PLACE)
        if copy.packed != sent.manifest.packed:  # anybody may encrypt to a public key
            raise BackupRefused(f"{copy.name} in the second place is not the one that was sent there.")
        return await self._proven(copy.name, Trying.DRILL, SECOND_PLACE)

    async def _newest_to_drill(self) -> Backup | None:
        """The newest copy in the second place that can be opened without the owner's key: after a restore the database
        may know only of copies whose one-off keys are gone.
        """
        if not self._vault.second:
            return None
        async with self._database.reading() as connection:
            sent = await rows.copies(connection, TENANT, self._until())
        keys = await self._vault.keys()
        return next((one for one in sent if not one.manifest.sealed_for or one.name in keys), None)

    async def _still_tried(self) -> Sequence[str]:
        """The names of those that a drill or a check may be of, however many are made by hand meanwhile."""
        async with self._database.reading() as connection:
            sound = await rows.verified(connection, TENANT, self._until())
            sent = await rows.copies(connection, TENANT, self._until())
        return [one.name for one in (sound, *sent[:1]) if one is not None]

    async def trial(self, name: str, kind: Trying, place: str, secret: str = "") -> Trial:
        """Try one backup, and write down how it went. Raises BackupRefused where there is no such backup."""
        found = await self._found(name, place)
        began = time.monotonic()
        steps = await self._vault.trial(name, place, secret)
        took = timedelta(seconds=time.monotonic() - began)

        async def work(tx: Transaction) -> Trial:
            await self._keep(tx, found, timedelta())
            return await self._tried(tx, name, kind, place, took, steps)

        return await self._database.write(work)

    async def newest(self, place: str) -> str:
        """The name of the newest of ours that is there. Raises BackupRefused where there is none."""
        there = await self._ours(place)
        if not there:
            raise BackupRefused(f"There is no backup in the {place}; {HOW[place]}.")
        return there[0].name

    async def replicate(self) -> str:
        """Copy the newest backup that was found sound to the second place; returns a line for the job's record."""
        if not self._vault.second:
            return "there is no second place: a lost machine loses every backup; set BACKUP_SECOND_PLACE"
        ours = await self._ours(SECOND_PLACE)
        await read_at_last(self._database, self._vault, SECOND_PLACE, ours)
        async with self._database.reading() as connection:
            backup = await rows.verified(connection, TENANT, self._until())
        if backup is None:
            return "no backup was found sound yet"
        await self._database.write(self._settle_in)
        broken = {*await self._vault.broken(SECOND_PLACE)}
        there = {one.name for one in ours} - broken
        again, left = await self._mend(there)
        mended = f"; {count(len(again), 'backup')} lost there copied anew" if again else ""
        if backup.name in left:
            return f"{backup.name} is lost there and could not be copied anew, as the alert says{mended}"
        async with self._database.reading() as connection:
            known = await rows.named(connection, TENANT, backup.name)
        if known is not None and known.replicated_at is not None and backup.name in {*there, *again}:
            return f"{backup.name} is there already{mended}"
        await self._vault.send(backup.name)
        await self._database.write(partial(self._sent, backups=[backup]))
        over = await self._over(await self._ours(SECOND_PLACE), broken)
        await self._vault.forget(SECOND_PLACE, over)
        await self._database.write(lambda tx: rows.no_copies(tx, TENANT, [one.name for one in over]))
        return f"{backup.name} copied to {self._vault.second} and read back; {len(over)} deleted there"

    async def _settle_in(self, tx: Transaction) -> None:
        """Where the second place is another one than before, nothing was copied there yet."""
        before = await bindings.get(tx.connection, TENANT, "backups", SECOND_PLACE)
        if before != self._vault.second:
            if before is not None:
                sent = await rows.copies(tx.connection, TENANT, self._until())
                await rows.no_copies(tx, TENANT, [one.name for one in sent])
            await bindings.put(tx, TENANT, "backups", SECOND_PLACE, self._vault.second)
            await self._still_lost(tx, [])

    async def _mend(self, there: Collection[str]) -> tuple[Sequence[str], Sequence[str]]:
        """Copy anew what was copied and is not there any more, or not whole, a few at a time; say what is still lost.

        Returns the names of those that were copied anew, and of those that are lost.
        """
        async with self._database.reading() as connection:
            before = (await bindings.get(connection, TENANT, "backups", LOST) or "").split()
            left = await rows.left(connection, TENANT, self._until())
        meant = [one for one in left if one.replicated_at is not None or one.name in before]
        lost = [one for one in meant if one.name not in there]
        back = [one for one in meant if one.name in there and one.replicated_at is None]
        again = [one for one in lost[:AGAIN_AT_ONCE] if await self._sent_again(one.name)]
        still = [one.name for one in lost if one not in again]

        async def work(tx: Transaction) -> None:
            for one in back:
                await rows.replicated(tx, TENANT, one)
            await self._sent(tx, again)
            await rows.no_copies(tx, TENANT, still)
            await self._still_lost(tx, still)

        await self._database.write(work)
        return [one.name for one in again], still

    async def _still_lost(self, tx: Transaction, names: Sequence[str]) -> None:
        """Keep in mind, and have told, which copies are lost, the newest first; to resolve the alert ends neither."""
        if names:
            await bindings.put(tx, TENANT, "backups", LOST, " ".join(names))
            await raise_(tx, LOST, tenant=TENANT, count=len(names), newest=names[0])
        else:
            await bindings.drop(tx, TENANT, "backups", LOST)
            await clear(tx, LOST)

    async def _sent_again(self, name: str) -> bool:
        """Whether it could be copied anew; what cannot be stays told as lost, and is tried the next time."""
        try:
            await self._vault.send(name)
        except BackupRefused as refusal:
            log.warning("a copy that was lost cannot be made anew", backup=name, error=str(refusal))
            return False
        return True

    async def _sent(self, tx: Transaction, backups: Sequence[Backup]) -> None:
        for backup in backups:
            await rows.replicated(tx, TENANT, backup)
            await record(tx, TENANT, None, "backup.copied", f"backup:{backup.id}", backup=backup.name)

    async def require_any(self, who: Person) -> None:
        """Raise Refusal where there is nothing that a drill could be of, and Forbidden."""
        require(who)
        if (await self.standing()).newest is None:
            raise Refusal(_("There is no backup yet that a drill could be of. /backups makes one."))

    async def listed(self, who: Person) -> tuple[Standing, Sequence[Backup]]:
        """How it stands, and the newest backups."""
        require(who)
        standing = await self.standing()
        async with self._database.reading() as connection:
            return standing, await rows.page(connection, TENANT, SHOWN)

    async def standing(self) -> Standing:
        """How it stands with backups."""
        until = self._until()
        async with self._database.reading() as connection:
            newest = await rows.newest(connection, TENANT, until)
            verified = await rows.verified(connection, TENANT, until)
            drill = await rows.last_trial(connection, TENANT, Trying.DRILL)
            since = await installed_at(connection, TENANT)
        return Standing(newest, verified, drill, self._vault.encrypts, self._vault.second, since or until)

    async def _blank(self) -> Manifest:
        """What a backup says of itself before anything is read; all but schema, rows and parts."""
        code = await installation_code(self._database, TENANT)
        now, engine = self._database.clock.now(), "sqlite" if self._database.sqlite else "postgresql"
        return Manifest(
            name=new_name(now),
            made_at=now.replace(microsecond=0),
            engine=engine,
            schema="",
            code=self._maker.code,
            installation=code,
            bot=self._maker.bot,
            host=socket.gethostname(),
            rows={},
            parts={},
            audit=in_a_line(await anchors_of(self._database)),
            erased=await self._erased(),
        )

    async def _erased(self) -> str:
        """Who was erased in the time that backups are kept for, so that an older one is put back without them."""
        async with self._database.reading() as connection:
            return erased_in_a_line(await erasures.all_erased(connection, self._database.clock.now() - LISTED))

    async def _keep(self, tx: Transaction, manifest: Manifest, took: timedelta) -> None:
        number = await rows.add(tx, TENANT, manifest, took)
        if number is not None:
            said: dict[str, Any] = {"backup": manifest.name, "size": manifest.size}
            said["encrypted"] = bool(manifest.sealed_for)
            await record(tx, TENANT, None, "backup.made", f"backup:{number}", **said)

    async def _newest_tried(self, kind: Trying) -> Trial | None:
        async with self._database.reading() as connection:
            known = await rows.newest(connection, TENANT, self._until())
        if known is not None:
            await self._found(known.name, FOLDER)
        there = await self._ours(FOLDER)
        return await self._proven(there[0].name, kind, FOLDER) if there else None

    async def _proven(self, name: str, kind: Trying, place: str) -> Trial:
        found = await self.trial(name, kind, place)
        if found.failed is not None:
            raise BackupRefused(f"{found.backup} is not sound: {found.failed.step}: {found.failed.words}")
        return found

    async def _ours(self, place: str) -> Sequence[Manifest]:
        """What is there of this installation, the newest first: others may keep theirs there too."""
        code = await installation_code(self._database, TENANT)
        found = [one for one in await self._vault.listed(place) if one.installation == code]
        return newest_first(found, self._database.clock.now())

    async def _found(self, name: str, place: str) -> Manifest:
        found = next((one for one in await self._ours(place) if one.name == name), None)
        if found is None:
            raise BackupRefused(f"The backup {name} is not in the {place} any more, or its manifest cannot be read.")
        return found

    async def _over(self, there: Sequence[Manifest], not_whole: Collection[str]) -> Sequence[Manifest]:
        """Those whose time is over. not_whole: the names of those that take no day from one that is."""
        async with self._database.reading() as connection:
            sound = await rows.sound(connection, TENANT)
        aged = [Aged(one.name, one.made_at, one.name in sound) for one in there]
        now = self._database.clock.now()
        kept = to_keep(aged, now) | to_keep([one for one in aged if one.name not in not_whole], now)
        return [one for one in there if one.name not in kept]

    def _until(self) -> datetime:
        """What is made later than this was made by a wrong clock."""
        return self._database.clock.now() + SLACK

    async def _tried(
        self, tx: Transaction, name: str, kind: Trying, place: str, took: timedelta, steps: Sequence[Tried]
    ) -> Trial:
        backup = await rows.named(tx.connection, TENANT, name)
        if backup is None:
            raise BackupRefused(f"The database knows of no backup {name}.")
        number = await rows.add_trial(tx, TENANT, backup, kind, place, took, steps)
        found = Trial(number, name, kind, place, tx.now - took, took, steps)
        failed = "" if found.failed is None else found.failed.step.value
        said: dict[str, Any] = {"backup": name, "kind": kind, "place": place, "failed": failed}
        await record(tx, TENANT, None, "backup.tried", f"backup:{backup.id}", **said)
        if kind is Trying.DRILL:
            card = partial(cards.drilled, found, backup.manifest, tx.now)
            await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, card, key=f"drill:{number}")
        return found


def require(who: Person) -> None:
    """Raise Forbidden unless the person looks after the installation's backups."""
    who.require(Permission.KEEP_BACKUPS)
    if who.tenant != TENANT:
        raise Forbidden(_("Backups are the installation's; only its own admins may see them."))
