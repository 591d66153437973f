"""Putting a backup back: onto a machine that has nothing, or in place of what is there, of which a copy stays.

Everything is checked before anything is changed: the file, its key, whose it is, whether the program can read it, and
every row of it in a database of its own. Only then does it take the place of what was there.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain, count
from pathlib import Path
from shutil import copyfile

import pysqlite3.dbapi2 as sqlite3
from sqlalchemy import Connection, create_engine, inspect, make_url, text

from bot.access.model import TENANT
from bot.audit.service import record
from bot.backups.model import AFTER_RESTORE, Kind, Manifest, Tried
from bot.backups.ports import BackupRefused, Unpacked, Vault
from bot.backups.since import Unread, erased_since, to_read
from bot.kernel.clock import Clock
from bot.kernel.tasks import Task, TaskQueue
from bot.privacy.erasing import erase_again, keep_list
from bot.privacy.model import Erased
from storage.backups import restores
from storage.engine.database import Database, Transaction
from storage.engine.locks import only_process
from storage.engine.types import EPOCH
from storage.engine.unfinished import mark, unmark
from storage.engine.unusable import told
from storage.migrations.migrate import newest

SIDE_FILES = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back. copy: where what stood there before is; None where nothing stood there.

    unread: the places that may tell of people who were erased since, and could not be read.
    """

    manifest: Manifest
    steps: Sequence[Tried]
    copy: Path | None
    unread: Sequence[Unread] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be put back. source: a file, a name, or "newest". another: also what another installation made."""

    source: str
    secret: str = ""
    another: bool = False


class Restoring:
    """Puts backups back into the database at `url`.

    opened: that database, or the same kind of one elsewhere. queue: its engine of tasks. bot: the number of our bot.
    folder: where a server's backup is opened.
    """

    def __init__(
        self,
        url: str,
        vault: Vault,
        clock: Clock,
        bot: str,
        opened: Callable[[str], Database],
        queue: Callable[[Database], TaskQueue],
        folder: Path,
    ) -> None:
        self._url = url
        self._vault = vault
        self._clock = clock
        self._bot = bot
        self._opened = opened
        self._queue = queue
        self._folder = folder

    async def restore(self, wish: Wish) -> Restored:
        """Put the backup back. Raises BackupRefused, AlreadyRunning, or Unusable; nothing was changed then."""
        if make_url(self._url).get_backend_name() != "sqlite":
            return await self._into_server(wish)
        database = self._opened(self._url)
        try:
            with only_process(database):
                return await self._into_file(wish, _file_of(self._url))
        finally:
            await database.close()

    async def _into_file(self, wish: Wish, path: Path) -> Restored:
        room = path.with_name(f"{path.name}.restoring")
        _emptied(room)
        try:
            unpacked = await self._unpacked(wish, room)
            self._check_ours(unpacked.manifest, _installation_of(path), wish)
            erased, unread = await erased_since(self._vault, unpacked.manifest.installation)
            new = room / "echopilot.db"
            steps = await self._sound(unpacked, f"sqlite:///{new}")
            await self._hold(f"sqlite:///{new}", unpacked.manifest, [*erased, *_erased_in(path)], unread)
            copy = self._swapped(new, path)
            for file in unpacked.files:
                file.replace(path.with_name(f"{path.name}.{file.name}"))
            return Restored(unpacked.manifest, steps, copy, unread)
        finally:
            _emptied(room)

    async def _into_server(self, wish: Wish) -> Restored:
        """Into an empty database alone: what is in another one is never written over."""
        room = self._folder / "server.restoring"
        with _alone_in(self._url):
            _emptied(room)
            try:
                unpacked = await self._unpacked(wish, room)
                self._check_ours(unpacked.manifest, None, wish)
                erased, unread = await erased_since(self._vault, unpacked.manifest.installation)
                steps = await self._sound(unpacked, self._url)
                await self._hold(self._url, unpacked.manifest, erased, unread)
                return Restored(unpacked.manifest, steps, None, unread)
            finally:
                _emptied(room)

    async def _unpacked(self, wish: Wish, room: Path) -> Unpacked:
        return await self._vault.unpack(wish.source, room, wish.secret, "" if wish.another else self._bot)

    def _check_ours(self, manifest: Manifest, installation: str | None, wish: Wish) -> None:
        """Raise BackupRefused where it is another installation's, unless that is meant."""
        if wish.another:
            return
        unlike = [
            (manifest.installation, installation, "the installation whose database lies here"),
            (manifest.bot, self._bot, "the bot of TELEGRAM_BOT_TOKEN"),
        ]
        for theirs, ours, what in unlike:
            if ours is not None and theirs != ours:
                raise BackupRefused(
                    f"{manifest.name} is of another installation ({theirs}) than {what} ({ours}). Nothing was put "
                    "back. If that is what you want, say --other-installation."
                )

    async def _sound(self, unpacked: Unpacked, url: str) -> Sequence[Tried]:
        steps = await self._vault.put_back(unpacked, url)
        failed = next((one for one in steps if not one.passed), None)
        if failed is not None:
            raise BackupRefused(f"{unpacked.manifest.name} is not sound: {failed.step}: {failed.words}. Not put back.")
        return steps

    async def _hold(self, url: str, manifest: Manifest, erased: Sequence[Erased], unread: Sequence[Unread]) -> None:
        """Have nothing go out until an admin has looked, and the payment provider asked at the next start; and those
        who were erased since be erased again.
        """
        database = self._opened(url)
        queue = self._queue(database)

        async def work(tx: Transaction) -> None:
            number = await restores.add(tx, TENANT, manifest.name, manifest.made_at, list(Kind))
            await record(tx, TENANT, None, "restore.done", f"restore:{number}", backup=manifest.name)
            await to_read(tx, self._vault, unread)
            await queue.enqueue(tx, Task(AFTER_RESTORE, number))

        try:
            if manifest.schema == newest():
                await erase_again(database, erased)
            else:  # it is brought up to date at the next start
                await database.write(lambda tx: keep_list(tx, erased))
            await database.write(work)
        finally:
            await database.close()

    def _swapped(self, new: Path, path: Path) -> Path | None:
        """Put the new file in the place of the old one, which stays beside it under another name."""
        _settled(new)
        if not path.exists():
            _removed(path, SIDE_FILES)
            new.replace(path)
            _synced(path.parent)
            return None
        copy = _free(path.with_name(f"{path.name}.before-restore-{self._clock.now():%Y%m%d-%H%M%S}"))
        _settled(path)
        _copied(path, copy)
        for end in SIDE_FILES:  # of a database that could not be settled; they must not be read with the new one
            side = path.with_name(f"{path.name}{end}")
            if side.exists():
                side.replace(copy.with_name(f"{copy.name}{end}"))
        new.replace(path)
        _synced(path.parent)
        return copy


def _file_of(url: str) -> Path:
    return Path(str(make_url(url).database)).absolute()


def _installation_of(path: Path) -> str | None:
    """Whose database lies there; None where there is none, or where it cannot be read any more."""
    if not path.exists():
        return None
    try:
        with closing(sqlite3.connect(path)) as connection:
            row = connection.execute("SELECT code FROM installation WHERE tenant = ?", (TENANT,)).fetchone()
    except sqlite3.Error:
        return None
    return None if row is None else str(row[0])


def _erased_in(path: Path) -> list[Erased]:
    """Who was erased in the database that lies there; nobody where that cannot be read any more."""
    if not path.exists():
        return []
    query = "SELECT tenant, person_id, person_since, erased_at FROM erasures WHERE erased_at IS NOT NULL"
    try:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute(query).fetchall()
    except sqlite3.Error:
        return []
    return [Erased(tenant, person, _time(since), _time(at)) for tenant, person, since, at in rows]


def _time(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)


def _settled(path: Path) -> None:
    """Have all that was committed be in the file itself, as far as it can be read."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error:
        return


def _free(path: Path) -> Path:
    """The path, or one like it that nothing has yet."""
    return next(
        one for one in chain([path], (path.with_name(f"{path.name}-{n}") for n in count(2))) if not one.exists()
    )


def _copied(path: Path, copy: Path) -> None:
    """Have the file under another name too."""
    try:
        os.link(path, copy)
    except OSError:  # not every file system has links
        copy.touch(mode=0o600)  # before anything is in it
        copyfile(path, copy)
        _synced(copy)


def _synced(path: Path) -> None:
    """Wait until the disk has the file, or a folder's names where it can be told to."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _removed(path: Path, ends: Sequence[str]) -> None:
    for end in ends:
        path.with_name(f"{path.name}{end}").unlink(missing_ok=True)


def _emptied(room: Path) -> None:
    """Take the folder away, with what an earlier try left in it."""
    if room.is_dir():
        for file in sorted(room.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        room.rmdir()


@contextmanager
def _alone_in(url: str) -> Iterator[None]:
    """Be the only one who works with a server's database, which is empty; it bears a mark until all went well.

    Raises BackupRefused, Unusable.
    """
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with told(make_url(url)):
            connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            with told(make_url(url)):
                _check_empty(connection, url)
                mark(connection)
            try:
                yield
            except BaseException:
                if not inspect(connection).get_table_names():
                    unmark(connection)
                raise
            unmark(connection)
    finally:
        engine.dispose()


def _check_empty(connection: Connection, url: str) -> None:
    """Raise BackupRefused where the database has tables, or others work with it."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    if inspect(connection).get_table_names():
        raise BackupRefused(
            f"The database {make_url(url).database} is not empty, and is left as it is. Make an empty one "
            "(createdb), name it in DATABASE_URL, and try again."
        )
    if number := connection.execute(others).scalar_one():
        raise BackupRefused(
            f"{number} other connections are open to the database. Stop every process of EchoPilot first."
        )
