"""Backups for tests: made by the very orders that the short process is given, in the test's own process."""

from contextlib import closing
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3

from bot.access.model import TENANT
from bot.adapters.backups import packing
from bot.adapters.backups.orders import carry_out
from bot.adapters.backups.vault import whole
from bot.backups.model import DATABASE, Manifest, new_name
from bot.backups.ports import BackupRefused
from bot.kernel.card import Card
from jobs.catalog import BY_NAME
from storage.backups import backups as rows
from storage.backups.copying import Tools
from tests.desk import Desk

KEY = packing.new_key()
INSTALLATION, BOT = "0123456789ab", "1234567890"


def ordered(do: str, folder: Path, url: str, key: str = "", second: Any = None, **given: Any) -> Any:
    """What came of an order; raises BackupRefused."""
    here = {"folder": str(folder), "url": whole(url), "key": key, "tools": asdict(Tools()), "second": second}
    answer = carry_out({"do": do, "here": here, "given": given})
    if "refused" in answer:
        raise BackupRefused(answer["refused"])
    return answer["done"]


def blank(**changes: Any) -> Manifest:
    """What a backup says of itself before anything is read."""
    now = datetime.now(UTC)
    plain = Manifest(
        name=new_name(now), made_at=now, engine="sqlite", schema="", code="test", installation=INSTALLATION, bot=BOT,
        host="here", rows={}, parts={},
    )  # fmt: skip
    return replace(plain, **changes)


def made(folder: Path, url: str, key: str = "", **changes: Any) -> Manifest:
    """A backup of a SQLite file."""
    return Manifest.from_json(ordered("make", folder, url, key, manifest=blank(**changes).to_json()))


def packed(folder: Path, database: Path, manifest: Manifest) -> Manifest:
    """A backup that holds this file and says this of itself, true or not."""
    return packing.pack(manifest, {DATABASE: database}, folder)


def opened(folder: Path, url: str, file: Path, into: Path, secret: str = "") -> Manifest:
    """What a backup says that was opened."""
    found = ordered("unpack", folder, url, source=str(file), into=str(into), secret=secret, bot=BOT)
    return Manifest.from_json(found["manifest"])


def changed(database: Path, *statements: str) -> None:
    """Change a SQLite file by hand."""
    with closing(sqlite3.connect(database)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


async def runs(here: Desk, job: str) -> str:
    """What a run of the job says that it did."""
    return await BY_NAME[job].carry_out(here.app.services, TENANT)


async def told(here: Desk, words: str) -> list[Card]:
    """What Carol was told with these words."""
    return [card for card in await here.told(here.carol.id) if words in card.text]


async def newest_backup(here: Desk) -> Manifest:
    """The one that says that it is the newest."""
    async with here.app.services.database.reading() as connection:
        return (await rows.page(connection, TENANT, 1))[0].manifest
