"""Verbs on backups: made, tried, copied to a second place, deleted after their time, and how all of that stands."""

import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bot.access.model import TENANT, Permission, Person
from bot.audit.service import record
from bot.backups import cards
from bot.backups.model import Backup, Manifest, Standing, Trial, Tried, Trying, new_name, to_keep
from bot.backups.ports import FOLDER, SECOND_PLACE, BackupRefused, Vault
from bot.kernel.errors import Forbidden
from bot.kernel.translation import gettext as _
from bot.messages.service import ADMINS, notify_roles
from bot.messages.topics import Topic
from storage.backups import backups as rows
from storage.core.installation import installation_code
from storage.engine.database import Database, Transaction

SHOWN = 10


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
        """Make a backup while everything runs, and write it down."""
        began = time.monotonic()
        manifest = await self._vault.make(await self._blank())

        async def work(tx: Transaction) -> None:
            await self._keep(tx, manifest, timedelta(seconds=time.monotonic() - began))
            if not manifest.sealed_for:  # said again each month
                key = f"backup:open:{tx.now:%Y-%m}"
                await notify_roles(tx, TENANT, ADMINS, Topic.TROUBLE, cards.not_encrypted, key=key)

        await self._database.write(work)
        return manifest

    async def tidy(self) -> int:
        """Delete the backups of the folder whose time is over, and know of those that the database does not."""
        there = await self._vault.listed(FOLDER)
        over = _over(there, self._database)
        await self._vault.forget(FOLDER, over)

        async def work(tx: Transaction) -> None:
            for manifest in reversed(there):
                await self._keep(tx, manifest, timedelta())
            await rows.gone(tx, TENANT, [one.name for one in over])

        await self._database.write(work)
        return len(over)

    async def verify(self) -> Trial | None:
        """Restore the newest backup elsewhere and look it through; None where none was made yet.

        Raises BackupRefused where it is not sound, or is lost.
        """
        return await self._newest_tried(Trying.VERIFY, FOLDER)

    async def drill(self) -> Trial | None:
        """The same as if this machine were lost: from the second place, where there is one. Admins hear of it."""
        return await self._newest_tried(Trying.DRILL, SECOND_PLACE if self._vault.second else FOLDER)

    async def trial(self, name: str, kind: Trying, place: str, secret: str = "") -> Trial:
        """Try one backup, and write down how it went. Raises BackupRefused where there is no such backup."""
        began = time.monotonic()
        steps = await self._vault.trial(name, place, secret)
        took = timedelta(seconds=time.monotonic() - began)
        return await self._database.write(
            partial(self._tried, name=name, kind=kind, place=place, took=took, steps=steps)
        )

    async def replicate(self) -> str:
        """Copy the newest backup that was found sound to the second place; returns a line for the job's record."""
        if not self._vault.second:
            return "there is no second place: a lost machine loses every backup; set BACKUP_SECOND_PLACE"
        async with self._database.reading() as connection:
            backup = await rows.verified(connection, TENANT)
        if backup is None:
            return "no backup was found sound yet"
        if backup.replicated_at is not None:
            return f"{backup.name} is there already"
        await self._vault.send(backup.name)

        async def work(tx: Transaction) -> None:
            await rows.replicated(tx, TENANT, backup)
            await record(tx, TENANT, None, "backup.copied", f"backup:{backup.id}", backup=backup.name)

        await self._database.write(work)
        over = _over(await self._vault.listed(SECOND_PLACE), self._database)
        await self._vault.forget(SECOND_PLACE, over)
        return f"{backup.name} copied to {self._vault.second} and read back; {len(over)} deleted there"

    async def listed(self, who: Person) -> tuple[Standing, Sequence[Backup]]:
        """How it stands, and the newest backups."""
        require(who)
        standing = await self.standing()
        async with self._database.reading() as connection:
            return standing, await rows.page(connection, TENANT, SHOWN)

    async def standing(self) -> Standing:
        """How it stands with backups."""
        async with self._database.reading() as connection:
            newest = await rows.page(connection, TENANT, 1)
            verified = await rows.verified(connection, TENANT)
            drill = await rows.last_trial(connection, TENANT, Trying.DRILL)
        return Standing(next(iter(newest), None), verified, drill, self._vault.encrypts, self._vault.second)

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
        )

    async def _keep(self, tx: Transaction, manifest: Manifest, took: timedelta) -> None:
        number = await rows.add(tx, TENANT, manifest, took)
        if number is not None:
            said: dict[str, Any] = {"backup": manifest.name, "size": manifest.size}
            said["encrypted"] = bool(manifest.sealed_for)
            await record(tx, TENANT, None, "backup.made", f"backup:{number}", **said)

    async def _newest_tried(self, kind: Trying, place: str) -> Trial | None:
        there = await self._vault.listed(place)
        if not there:
            async with self._database.reading() as connection:
                known = await rows.page(connection, TENANT, SHOWN)
            if any(place == FOLDER or one.replicated_at is not None for one in known):
                raise BackupRefused(f"The backups that were in the {place} are gone.")
            return None
        await self._database.write(partial(self._keep, manifest=there[0], took=timedelta()))
        found = await self.trial(there[0].name, kind, place)
        if found.failed is not None:
            raise BackupRefused(f"{found.backup} is not sound: {found.failed.step}: {found.failed.words}")
        return found

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


def _over(there: Sequence[Manifest], database: Database) -> Sequence[Manifest]:
    kept = to_keep([one.made_at for one in there], database.clock.now())
    return [one for one in there if one.made_at not in kept]
