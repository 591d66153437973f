"""A backup of before an erasure that is put back: whoever was erased since is erased again, and nobody else."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, select

from bot.access.model import TENANT, Role
from bot.adapters.backups import packing
from bot.adapters.backups.vault import ChildVault, second_of
from bot.backups.model import SECOND_PLACE
from bot.backups.restoring import Restoring, Wish
from bot.backups.service import Backups, Maker
from bot.databases import queue_of
from bot.kernel.clock import SystemClock
from bot.privacy.erasing import compact, erase_again, erase_rows, sweep
from bot.privacy.model import Erased, in_a_line, out_of_a_line
from storage.core.installation import installation_code
from storage.engine.database import Database, Transaction
from storage.migrations.migrate import engine_of
from storage.privacy import erasures
from storage.tables.briefs import briefs
from storage.tables.core import outbox
from storage.tables.people import people
from tests.bot.backups.making import BOT, made

KEY = packing.new_key()
CANARY = "Quillwort"
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
CLIENT, OTHER = 1002, 1003
ELSEWHERE = 5_000


def furnished(url: str) -> None:
    """Two clients, one called by the canary, and somebody of another tenant; a brief and what was sent about it."""
    engine = engine_of(url)
    of = {"language": "en", "role": Role.CLIENT, "created_at": NOW}
    rows = [(CLIENT, "main", f"{CANARY} Ltd"), (OTHER, "main", "Larkspur"), (ELSEWHERE, "second", "Larkspur")]
    with engine.begin() as connection:
        for number, tenant, name in rows:
            row = {"id": number, "tenant": tenant, "telegram_id": 77_000_000 + number, "name": name}
            connection.execute(insert(people), row | of)
        brief = {"id": 1_001, "tenant": "main", "client_id": CLIENT, "chat_id": 77_001_002, "source_key": "x"}
        brief |= {"task_type": "Drafting", "title": f"{CANARY} page", "text": f"All about {CANARY}", "state": "paid"}
        brief |= {"qa_target": 80, "language": "en", "price_minor": 0, "currency": "USD"}
        connection.execute(insert(briefs), brief | {"created_at": NOW, "updated_at": NOW})
        sent = {"tenant": "main", "channel": "telegram", "destination": "77001002", "payload": {"text": CANARY}}
        connection.execute(insert(outbox), sent | {"state": "sent", "created_at": NOW, "run_at": NOW})
    engine.dispose()


async def erased(database: Database, person_id: int) -> None:
    """The person is erased, and what came and was sent is swept."""

    async def work(tx: Transaction) -> None:
        wish = await erasures.add(tx, "main", person_id, tx.now)
        assert wish is not None
        assert await erase_rows(tx, wish) is not None

    await database.write(work)
    async with database.reading() as connection:
        left = await erasures.to_sweep(connection, "main")
    await sweep(database, left, patient=False)
    await compact(database)


def found(file: Path) -> list[str]:
    """Files of the database that have the canary; read elsewhere, since closing one here ends SQLite's locks."""
    files = [one for one in file.parent.glob(f"{file.name}*") if "before-restore" not in one.name]
    read = {one.name: subprocess.run(["cat", one], capture_output=True, check=True).stdout for one in files}
    return [name for name, data in read.items() if CANARY.lower().encode() in data.lower()]


async def test_erased_in_the_file_and_in_what_is_put_back(sqlite_url: str, tmp_path: Path) -> None:
    """The bytes of the file and of its log do not have the canary, nor after the older backup was put back."""
    furnished(sqlite_url)
    file, folder = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "backups"
    made(folder, sqlite_url, KEY.public)
    assert found(file)
    database = Database(sqlite_url, SystemClock())
    await erased(database, CLIENT)
    await database.close()
    assert found(file) == []
    vault = ChildVault(folder, sqlite_url, KEY.public, None)
    restoring = Restoring(
        sqlite_url, vault, SystemClock(), BOT, lambda url: Database(url, SystemClock()), queue_of, folder
    )
    await restoring.restore(Wish("newest", KEY.secret))
    assert found(file) == []
    assert await names(sqlite_url) == {CLIENT: f"#{CLIENT}", OTHER: "Larkspur", ELSEWHERE: "Larkspur"}


async def names(url: str) -> dict[int, str]:
    """What three people are called."""
    database = Database(url, SystemClock())
    try:
        async with database.reading() as connection:
            query = select(people.c.id, people.c.name).where(people.c.id.in_([CLIENT, OTHER, ELSEWHERE]))
            return {row.id: row.name for row in await connection.execute(query)}
    finally:
        await database.close()


async def test_newer_backups_say_who(sqlite_url: str, tmp_path: Path) -> None:
    """On an empty machine the list comes from the newest backup, while an older one is put back."""
    furnished(sqlite_url)
    folder = tmp_path / "backups"
    older = made(folder, sqlite_url, KEY.public)
    database = Database(sqlite_url, SystemClock())
    await erased(database, CLIENT)
    async with database.reading() as connection:
        line = in_a_line(await erasures.all_erased(connection, NOW - timedelta(days=400)))
    await database.close()
    made(folder, sqlite_url, KEY.public, erased=line)
    url = f"sqlite:///{tmp_path}/new/echopilot.db"
    vault = ChildVault(folder, url, KEY.public, None)
    restoring = Restoring(url, vault, SystemClock(), BOT, lambda at: Database(at, SystemClock()), queue_of, folder)
    await restoring.restore(Wish(older.name, KEY.secret))
    assert found(Path(url.removeprefix("sqlite:///"))) == []


async def test_a_place_that_was_away(sqlite_url: str, tmp_path: Path) -> None:
    """What tells of an erasure lies in a second place that does not answer while an older backup is put back: who was
    erased is erased again with the next copying that can read it.
    """
    furnished(sqlite_url)
    database = Database(sqlite_url, SystemClock())
    code = await installation_code(database, TENANT)
    older = made(tmp_path / "carried", sqlite_url, KEY.public, installation=code)
    await erased(database, CLIENT)
    async with database.reading() as connection:
        line = in_a_line(await erasures.all_erased(connection, NOW - timedelta(days=400)))
    await database.close()
    newer = made(tmp_path / "there", sqlite_url, KEY.public, installation=code, erased=line)
    url, second = f"sqlite:///{tmp_path}/new/echopilot.db", tmp_path / "disk" / "second"
    (tmp_path / "disk").write_text("not mounted")
    vault = ChildVault(tmp_path / "new" / "backups", url, KEY.public, second_of(str(second)))
    restoring = Restoring(url, vault, SystemClock(), BOT, lambda at: Database(at, SystemClock()), queue_of, tmp_path)
    done = await restoring.restore(Wish(str(tmp_path / "carried" / older.file), KEY.secret))
    assert [(one.place, str(second) in one.why) for one in done.unread] == [(SECOND_PLACE, True)]
    assert (await names(url))[CLIENT] == f"{CANARY} Ltd"
    (tmp_path / "disk").unlink()
    await ChildVault(tmp_path / "there", sqlite_url, "", second_of(str(second))).send(newer.name)
    database = Database(url, SystemClock())
    await Backups(database, vault, Maker("", BOT)).replicate()
    await database.close()
    assert await names(url) == {CLIENT: f"#{CLIENT}", OTHER: "Larkspur", ELSEWHERE: "Larkspur"}


async def test_a_number_that_is_another_persons(sqlite_url: str) -> None:
    """Who came in at another time is not the one whom the list means, whatever their number."""
    furnished(sqlite_url)
    database = Database(sqlite_url, SystemClock())
    meant = Erased("main", OTHER, NOW - timedelta(days=3_000), NOW)
    assert await erase_again(database, [meant]) == 0
    await database.close()
    assert (await names(sqlite_url))[OTHER] == "Larkspur"


def test_a_list_is_read_back() -> None:
    """What a manifest says of who is erased is read as it was written; what is broken is left out."""
    one = Erased("main", 1002, NOW, NOW + timedelta(days=1))
    assert out_of_a_line(in_a_line([one, one])) == [one, one]
    assert out_of_a_line("main,x,y;;") == []
