"""The command line: `python -m bot`, or `echopilot`."""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import structlog

from bot.kernel.errors import EchoPilotError, InvalidSettings
from bot.ops import system, version
from bot.ops.logs import logs
from bot.ops.stopping import until_stopped

if TYPE_CHECKING:
    from bot.settings import Settings

NEW_OBJECTS = 10_000  # after which the collector looks at them; Python itself says 700


def main() -> None:
    """Parse, load the settings, run, and end with a code that says how it went."""
    arguments = _parser().parse_args()
    try:
        sys.exit(arguments.command(arguments))
    except InvalidSettings as error:
        print("EchoPilot cannot start. Fix these in the environment or in .env:", file=sys.stderr)
        for problem in error.problems:
            print(f"  - {problem}", file=sys.stderr)
        sys.exit(2)
    except EchoPilotError as error:
        _say(arguments, str(error))
        sys.exit(1)


def _say(arguments: argparse.Namespace, sentence: str) -> None:
    """Why it ended: as a line of the log where the program runs, else for whoever sits before it."""
    if arguments.command is _run:
        structlog.get_logger("bot").error(sentence)
    else:
        print(sentence, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="echopilot", description="An AI-services business run from Telegram.")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(name: str, summary: str, command: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=summary, description=summary)
        sub.set_defaults(command=command, name=name)
        return sub

    run = add("run", "Run EchoPilot, all of it or some parts.", _run)
    run.add_argument("--only", metavar="PART", nargs="+", choices=["chat", "web", "worker", "clock"], default=[],
                     help="chat, web, worker, clock: with PostgreSQL each may run in processes of its own")  # fmt: skip
    add("doctor", "Probe the configuration, the database and every provider.", _doctor)
    add("migrate", "Bring the database to the newest schema.", _migrate)
    add("backup", "Back up the database while it runs.", _on_backups)
    listed = add("backups", "List the backups, or make a key for them.", _on_backups)
    listed.add_argument("--new-key", action="store_true", help="make a pair of keys, and keep nothing of it")
    restore = add("restore", "Put a backup back; EchoPilot has to be stopped.", _on_backups)
    restore.add_argument("source", help="a backup's file or name; newest: the newest one that there is")
    restore.add_argument("--other-installation", action="store_true", help="also what another installation made")
    drill = add("drill", "Try a backup: restore it elsewhere and look it through.", _on_backups)
    drill.add_argument("source", nargs="?", default="newest", help="a backup's name; else the newest")
    drill.add_argument("--second-place", action="store_true", help="from the second place")
    for sub in (restore, drill):
        sub.add_argument("--key", metavar="FILE", help="file with the secret key that opens it; -: standard input")
    audit = add("audit", "Check the audit log, or export it.", _on_audit)
    audit.add_argument("what", choices=["verify", "export"], help="verify: a file, or the database; export: to a file")
    audit.add_argument("file", nargs="?", help="an export; it is checked without the database")
    audit.add_argument("--key", metavar="FILE", help="file with the key; else AUDIT_KEY, or audit.key")
    audit.add_argument("--anchor", metavar="PLACE:LINK", action="append", default=[], help="what was kept elsewhere")
    audit.add_argument("--tenant", help="whose log of the database")
    off = add("authenticator-off", "Take off the authenticator of an admin who lost it.", _authenticator_off)
    off.add_argument("id", type=int, help="the admin's Telegram id")
    add("notion-setup", "Make the mirror's databases in Notion.", _notion_setup)
    google = add("google-login", "Give consent for Google Drive and Gmail, and get the refresh token.",
                 _google_login)  # fmt: skip
    google.add_argument("--for", dest="purposes", metavar="WHAT", nargs="+", choices=["drive", "mail"], default=[],
                        help="drive, mail: what it is for; else drive, and mail where MAIL_BY=gmail")  # fmt: skip
    docs = add("docs", "Write the generated pages of docs/ and .env.example.", _docs)
    docs.add_argument("--check", action="store_true", help="write nothing; fail where a page is not up to date")
    return parser


def _settings() -> "Settings":
    from bot.settings import Settings
    from jobs.catalog import check_times, unknown_times

    try:
        settings = Settings.load()
    except InvalidSettings as error:
        raise InvalidSettings([*error.problems, *unknown_times()]) from None
    check_times(settings)
    logs.configure(settings.log_level, settings.secrets())
    logs.catch_all()
    return settings


def _run(arguments: argparse.Namespace) -> int:
    gc.disable()  # until all is loaded: it would go through thousands of classes and functions again and again
    from bot.parts import Part, running

    settings = _settings()
    code = version.current()
    if code.dirty and not settings.allow_dirty:
        raise InvalidSettings(
            [f"The git tree has changes that are not committed (at {code.commit}), and every run is stamped with its "
             "commit. Commit or stash them, or set ALLOW_DIRTY=true."]
        )  # fmt: skip
    for words in system.missing():
        structlog.get_logger("bot").warning("the system lacks something", instead=words)
    parts = frozenset(Part(part) for part in arguments.only) or frozenset(Part)

    async def work(stop: asyncio.Event) -> int:
        async with running(settings, parts) as run:
            freezing = asyncio.create_task(_freeze(run.app.loaded))
            await run.until(stop)
            freezing.cancel()
        return 0

    return until_stopped(work)


async def _freeze(loaded: asyncio.Event) -> None:
    """Keep the garbage collector from going through what stays until the end, while everybody waits, and from doing so
    for every few objects more: a brief under way is some thousands of them, and nearly all go without it.

    What loading left behind would be kept with it: 5 MB that the first brief needs, for a fifth of a second, once.
    https://docs.python.org/3/library/gc.html#gc.freeze
    """
    await loaded.wait()
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(NEW_OBJECTS, *gc.get_threshold()[1:])


def _doctor(_: argparse.Namespace) -> int:
    from bot.doctor import report

    settings = _settings()
    logs.configure("critical", settings.secrets())  # the report says what went wrong
    return asyncio.run(report(settings, print))


def _migrate(_: argparse.Namespace) -> int:
    from bot.databases import database_of
    from storage.migrations.migrate import migrate

    async def work() -> int:
        database = database_of(_settings())
        try:
            print(f"The database is at revision {await migrate(database)}.")
        finally:
            await database.close()
        return 0

    return asyncio.run(work())


def _on_backups(arguments: argparse.Namespace) -> int:
    from bot.commands.backups import COMMANDS

    settings = _settings()
    logs.configure("critical", settings.secrets())  # what is printed says what went wrong
    return asyncio.run(COMMANDS[arguments.name](settings, arguments, print))


def _on_audit(arguments: argparse.Namespace) -> int:
    from bot.commands import audit

    if arguments.what == "verify" and arguments.file:
        return audit.verify_file(arguments, print)
    settings = _settings()
    logs.configure("critical", settings.secrets())
    if arguments.what == "verify":
        return asyncio.run(audit.verify(settings, arguments, print))
    if not arguments.file:
        raise InvalidSettings(["echopilot audit export FILE: the file is not named."])
    return asyncio.run(audit.export(settings, arguments, print))


def _authenticator_off(arguments: argparse.Namespace) -> int:
    from bot.commands.authenticator import off

    settings = _settings()
    logs.configure("critical", settings.secrets())
    return asyncio.run(off(settings, arguments, print))


def _notion_setup(_: argparse.Namespace) -> int:
    from bot.access.model import TENANT
    from bot.areas import TABLES
    from bot.databases import database_of
    from bot.mirror import resync
    from bot.mirror.places import Places
    from bot.providers import notion_of
    from storage.migrations.migrate import migrate

    async def work() -> int:
        settings = _settings()
        notion = notion_of(settings)
        if notion is None:
            raise InvalidSettings(["NOTION_TOKEN: is not set."])
        database = database_of(settings)
        try:
            await migrate(database)
            places = Places(database, notion)
            for table in TABLES.values():
                is_new = await places.kept(TENANT, table) is None
                place = await places.mend(TENANT, table, await places.of(TENANT, table))
                print(f"{table.name}: there ({place.database})")
                if is_new:
                    await database.write(partial(resync.begin, tenant=TENANT, table=table))
            print("What was made now is filled by the running program.")
        finally:
            await database.close()
            await notion.close()
        return 0

    return asyncio.run(work())


def _google_login(arguments: argparse.Namespace) -> int:
    from bot.commands.google_login import login

    return asyncio.run(login(arguments, partial(print, flush=True), sys.stdin.readline))


def _docs(arguments: argparse.Namespace) -> int:
    from bot.docs import write

    return write(print, check=arguments.check)


if __name__ == "__main__":
    main()
