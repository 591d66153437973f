"""`echopilot audit verify | export`: the audit log where there is no chat; a file is checked without the database."""

from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from bot.access.model import TENANT
from bot.audit import cards, exported
from bot.audit.chain import Anchor, KeyRing, Verdict
from bot.audit.exporting import pieces
from bot.audit.keys import Keys
from bot.audit.sealing import Chain
from bot.audit.settings import AuditSettings, keys_of
from bot.backups.settings import BackupSettings, beside_the_database
from bot.config.key_file import NoKey
from bot.databases import database_of
from bot.kernel.errors import InvalidSettings
from bot.ops.settings import RunSettings
from bot.settings import Settings

Say = Callable[[str], None]


class KeySettings(AuditSettings, BackupSettings, RunSettings):
    """What says where the key is; nothing else has to be set to check a file."""


def verify_file(arguments: Namespace, say: Say) -> int:
    """Check an export, of which nothing but the key has to be there; 1 where it is not as it was written."""
    keys = _keys(arguments.key)
    anchors = [_anchor(one) for one in arguments.anchor]
    try:
        with Path(arguments.file).open("rb") as file:
            tenant, verdict = exported.verify(file, keys, anchors)
    except exported.NotAnExport as error:
        say(f"{arguments.file}: {error}.")
        return 1
    except OSError as error:
        say(f"{arguments.file} cannot be read ({error.strerror}).")
        return 1
    return _told(tenant, verdict, say)


async def verify(settings: Settings, arguments: Namespace, say: Say) -> int:
    """Check the chain in the database."""
    database = database_of(settings)
    try:
        chain = Chain(database, _of(settings, arguments.key))
        tenant = arguments.tenant or TENANT
        return _told(tenant, (await chain.check(tenant)).verdict, say)
    finally:
        await database.close()


async def export(settings: Settings, arguments: Namespace, say: Say) -> int:
    """Write the whole chain to a file."""
    database, written = database_of(settings), 0
    try:
        with Path(arguments.file).open("xb") as file:  # noqa: ASYNC230 - nothing else runs
            async for piece in pieces(database, _of(settings, arguments.key), arguments.tenant or TENANT):
                written += file.write(piece)
    except OSError as error:
        say(f"{arguments.file} cannot be written ({error.strerror}).")
        return 1
    finally:
        await database.close()
    say(f"{arguments.file}: {written} bytes. Check it by `echopilot audit verify {arguments.file}`.")
    return 0


def _told(tenant: str, verdict: Verdict, say: Say) -> int:
    if verdict.fault is None:
        link = f", the last link is {verdict.link.hex()}" if verdict.link else ""
        say(f"{tenant}: {verdict.entries} entries, each as it was written{link}")
        return 0
    say(f"{tenant}: NOT as it was written. {cards.fault(verdict.fault)} {verdict.entries} entries before it are sound.")
    return 1


def _keys(path: str | None) -> KeyRing:
    keys = Keys("", Path(path)) if path else _set_keys()
    if not (known := keys.known()):
        raise NoKey(f"There is no key: AUDIT_KEY is not set, and {keys.file} is not there. Name its file by --key.")
    return known


def _set_keys() -> Keys:
    try:
        settings = KeySettings()
    except ValidationError as error:
        names = sorted({str(fault["loc"][0]).upper() for fault in error.errors(include_url=False)})
        raise InvalidSettings([f"{name}: cannot be read; or name the key's file by --key." for name in names]) from None
    return keys_of(settings, beside_the_database(settings, settings.database_url))


def _of(settings: Settings, path: str | None) -> Keys:
    return Keys("", Path(path)) if path else keys_of(settings, beside_the_database(settings, settings.database_url))


def _anchor(words: str) -> Anchor:
    place, _between, link = words.rpartition(" ")[2].partition(":")
    try:
        return Anchor(int(place), bytes.fromhex(link))
    except ValueError:
        raise InvalidSettings(
            [f"--anchor {words}: is no anchor, such as 1042:9f2c… as the log and mails have it."]
        ) from None
