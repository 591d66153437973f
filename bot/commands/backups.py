"""`echopilot backup | backups | restore | drill`: what is done with backups where there is no chat."""

import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from bot.backups.model import FOLDER, SECOND_PLACE, Manifest, Tried, Trying, newest_first
from bot.backups.ports import BackupRefused
from bot.backups.restoring import Restoring, Wish
from bot.backups.service import Backups, Maker
from bot.backups.settings import folder_of
from bot.databases import database_of, queue_of
from bot.kernel.clock import SystemClock
from bot.ops import version
from bot.providers import vault_of
from bot.settings import Settings
from storage.engine.database import Database
from storage.engine.unusable import Unusable, sentence
from storage.migrations.migrate import newest, ours

MB = 1_000_000
ERASED_LATER = {
    FOLDER: "The next run of the job backup that can read it erases them again.",
    SECOND_PLACE: "Once it answers, the job replica_sync erases them again: /job_replica_sync has it done at once.",
}
Say = Callable[[str], None]
Command = Callable[[Settings, Namespace, Say], Coroutine[Any, Any, int]]


async def backup(settings: Settings, _: Namespace, say: Say) -> int:
    """Make a backup now."""
    async with _backups(settings) as backups:
        made = await backups.make()
        await backups.tidy()
    say(f"{made.name}: {made.size / MB:.1f} MB, {sum(made.rows.values())} rows of {len(made.rows)} tables")
    if not made.sealed_for:
        say("NOT ENCRYPTED: make a key by `echopilot backups --new-key` and set BACKUP_PUBLIC_KEY.")
    return 0


async def listed(settings: Settings, arguments: Namespace, say: Say) -> int:
    """List the backups of both places; or make a pair of keys."""
    vault = vault_of(settings)
    if arguments.new_key:
        key = await vault.new_key()
        say(f"BACKUP_PUBLIC_KEY={key.public}")
        say("Put that line into .env. The line below opens every backup: keep it where this machine is not, such as")
        say("in a password manager and on paper. It is shown once, and nobody can make it again.")
        say(key.secret)
        return 0
    for place in (FOLDER, *([SECOND_PLACE] if vault.second else [])):
        found = newest_first(await vault.listed(place), SystemClock().now())
        say(f"{place}{f' ({vault.second})' if place != FOLDER else ''}: {len(found)}")
        for one in found:
            say(f"  {_line(one)}")
        for name in await vault.broken(place):
            say(f"  {name}  NOT WHOLE: its manifest cannot be read, or its file is gone or cut")
    return 0


async def restore(settings: Settings, arguments: Namespace, say: Say) -> int:
    """Put a backup back."""
    restoring = Restoring(
        settings.database_url,
        vault_of(settings),
        SystemClock(),
        settings.bot_number,
        lambda url: Database(url, SystemClock()),
        queue_of,
        folder_of(settings, settings.database_url),
    )
    done = await restoring.restore(Wish(arguments.source, _secret(arguments.key), arguments.other_installation))
    _say_steps(done.steps, say)
    say(f"Put back: {_line(done.manifest)}")
    if done.copy is not None:
        say(f"What was there before is {done.copy}; delete it when you are content.")
    for one in done.unread:
        say(
            f"NOT READ: the {one.place}, so whoever was erased after this backup was made may be in it again. "
            f"{one.why} {ERASED_LATER[one.place]}"
        )
    say("Start EchoPilot. It tells the admins what waits to be sent, and sends nothing before they decided.")
    return 0


async def drill(settings: Settings, arguments: Namespace, say: Say) -> int:
    """Restore a backup into a database of its own, look it through, and throw that away."""
    place = SECOND_PLACE if arguments.second_place else FOLDER
    async with _backups(settings) as backups:
        name = await backups.newest(place) if arguments.source == "newest" else _name_in(arguments.source)
        found = await backups.trial(name, Trying.DRILL, place, _secret(arguments.key))
    _say_steps(found.steps, say)
    minutes = _minutes(found.took)
    say(f"{name}: {f'recovered in {minutes}' if found.passed else f'NOT SOUND, after {minutes}'}")
    return 0 if found.passed else 1


COMMANDS: dict[str, Command] = {"backup": backup, "backups": listed, "restore": restore, "drill": drill}


@asynccontextmanager
async def _backups(settings: Settings) -> AsyncIterator[Backups]:
    """The verbs on the database as it is: whether it runs or not, nothing is migrated here."""
    _check_there(settings.database_url)
    database = database_of(settings)
    try:
        at = await ours(database)
        if at != newest():
            raise BackupRefused(
                f"The database has schema {at or 'none'}, and {newest()} is needed: `echopilot migrate`."
            )
        yield Backups(database, vault_of(settings), Maker(str(version.current()), settings.bot_number))
    except DBAPIError as error:
        raise Unusable(sentence(database.url, error)) from None
    finally:
        await database.close()


def _check_there(url: str) -> None:
    """Raise BackupRefused where there is no file yet: looking for it would make one."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        raise BackupRefused(
            f"There is no database {address.database}, so nothing was done. `echopilot restore` puts a backup back."
        )


def _name_in(source: str) -> str:
    """The name of the backup whose file is called so."""
    return Path(source).name.partition(".")[0]


def _secret(key: str | None) -> str:
    if key is None:
        return ""
    try:
        return sys.stdin.read() if key == "-" else Path(key).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BackupRefused(f"The key {key} cannot be read ({type(error).__name__}).") from None


def _line(one: Manifest) -> str:
    how = "encrypted" if one.sealed_for else "NOT ENCRYPTED"
    return f"{one.name}  {one.size / MB:9.1f} MB  {how}, {one.engine}, schema {one.schema}, by {one.host}"


def _say_steps(steps: Sequence[Tried], say: Say) -> None:
    for one in steps:
        say(f"  {one.step:<10} {'fine' if one.passed else 'PROBLEM':<8} {one.words}")


def _minutes(took: timedelta) -> str:
    seconds = took.total_seconds()
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
