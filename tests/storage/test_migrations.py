"""What migrations make of a database."""

import asyncio
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite3
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text

from bot.kernel.clock import SystemClock
from bot.kernel.task_type import TaskType
from bot.quality.model import Floors
from storage.engine.database import Database, Transaction
from storage.engine.schema import metadata
from storage.engine.types import EPOCH
from storage.migrations import structure
from storage.migrations.migrate import SCRIPTS, current, engine_of, migrate, newest, newest_structure
from storage.quality import calibration
from storage.tables.billing import customers
from storage.tables.core import job_pauses, job_runs
from storage.tables.people import invites, people
from storage.tables.tenants import tenants
from tests.postgres import Cluster


@pytest.fixture
def empty_url(database_engine: str, request: pytest.FixtureRequest) -> Any:
    """The address of a database that nobody has migrated, on each engine in turn."""
    if database_engine == "sqlite":
        yield request.getfixturevalue("new_sqlite_url")
        return
    server: Cluster = request.getfixturevalue("postgres")
    with server.empty_database() as url:
        yield url


def differences(url: str) -> list[Any]:
    """What Alembic would still have to change, in the tables that are ours."""
    engine = engine_of(url)
    with engine.connect() as connection:
        found = _differences(connection)
    engine.dispose()
    return found


def _differences(connection: Connection) -> list[Any]:

    def ours(name: str | None, kind: str, _: Any) -> bool:
        return kind != "table" or name in metadata.tables

    # SQLite has no identities: its id columns differ from tables.py in nothing but that default.
    defaults = connection.dialect.name == "postgresql"
    options = {"include_name": ours, "compare_type": True, "compare_server_default": defaults}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


async def test_empty_database(empty_url: str) -> None:
    """Migrating an empty database leads to exactly the schema of tables.py; doing it again changes nothing."""
    database = Database(empty_url, SystemClock())
    try:
        assert await current(database) is None
        assert await migrate(database) == newest()
        assert await migrate(database) == newest()
        assert await current(database) == newest()
        assert await asyncio.to_thread(differences, database.url.render_as_string(hide_password=False)) == []
    finally:
        await database.close()


async def test_new_file(new_sqlite_url: str) -> None:
    """A new file has at once what all migrations in turn would make of it, triggers and first numbers included."""
    database = Database(new_sqlite_url, SystemClock())
    try:
        assert await migrate(database) == newest()
    finally:
        await database.close()
    assert structure.structure_of(Path(str(database.url.database))) == await asyncio.to_thread(newest_structure)


def test_numbers_of_migrations() -> None:
    """A migration's file begins with its revision, by which a start knows the newest without loading Alembic."""
    files = sorted((SCRIPTS / "versions").glob("[0-9]*.py"))
    revisions = [re.findall(r'^revision(?:: \w+)? = "(\d+)"', file.read_text(), re.MULTILINE) for file in files]
    assert revisions == [[file.name[:4]] for file in files]


async def test_strict_tables(sqlite: Database) -> None:
    """Every SQLite table is STRICT, so that no text gets into a column of numbers."""
    async with sqlite.reading() as connection:
        found = await connection.execute(text("SELECT name, strict FROM pragma_table_list WHERE type = 'table'"))
        strict = {name: bool(flag) for name, flag in found}
    assert {name: strict[name] for name in metadata.tables} == dict.fromkeys(metadata.tables, True)


async def test_copy_before_migration(new_sqlite_url: str) -> None:
    """A SQLite file with rows is copied, rows and all, before it is migrated to a newer schema."""
    database = Database(new_sqlite_url, SystemClock())
    person = {"tenant": "main", "telegram_id": 1, "name": "Alice", "role": "client", "language": "en"}
    try:
        await migrate(database, "0002")
        await database.write(lambda tx: tx.run(insert(people), person | {"created_at": tx.now}))
        assert await migrate(database) == newest()
    finally:
        await database.close()
    path = Path(str(database.url.database))
    copy = sqlite3.connect(path.with_name(f"{path.name}.before-0002"))
    try:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0002",)]
        assert copy.execute("SELECT name FROM people").fetchall() == [("Alice",)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        copy.close()


async def test_customers_of_before(empty_url: str) -> None:
    """A customer from before attempts were counted is in its first, the one whose keys Stripe knows."""
    database = Database(empty_url, SystemClock())
    person = {"tenant": "main", "telegram_id": 1, "name": "Alice", "role": "client", "language": "en"}

    async def work(tx: Transaction) -> None:
        added = await tx.run(insert(people).values(person | {"created_at": tx.now}).returning(people.c.id))
        row = {"tenant": "main", "person_id": added.scalar_one(), "stripe_id": "cus_1", "created_at": tx.now}
        await tx.run(insert(customers).values(row))

    try:
        await migrate(database, "0003")
        await database.write(work)
        await migrate(database)
        async with database.reading() as connection:
            found = await connection.execute(select(customers.c.stripe_id, customers.c.attempt))
            assert [tuple(row) for row in found] == [("cus_1", 1)]
    finally:
        await database.close()


async def test_roles_of_before(empty_url: str) -> None:
    """What was given to people before counts: by the newest invitation to an admin, else by the role they have."""
    database = Database(empty_url, SystemClock())
    cast = [("admin", []), ("admin", ["client", "operator"]), ("admin", ["admin"]), ("operator", ["operator"])]

    async def work(tx: Transaction) -> None:
        for telegram_id, (role, redeemed) in enumerate(cast, start=1):
            person = {"tenant": "main", "telegram_id": telegram_id, "name": "P", "role": role, "language": "en"}
            added = await tx.run(insert(people).values(person | {"created_at": tx.now}).returning(people.c.id))
            number = added.scalar_one()
            for order, to in enumerate(redeemed):
                row = {"tenant": "main", "code_hash": f"{telegram_id}{order}", "role": to, "created_by": number}
                row |= {"created_at": tx.now, "expires_at": tx.now, "redeemed_by": number}
                await tx.run(insert(invites).values(row | {"redeemed_at": tx.now + timedelta(days=order)}))

    try:
        await migrate(database, "0010")
        await database.write(work)
        await migrate(database)
        async with database.reading() as connection:
            found = await connection.execute(select(people.c.granted).order_by(people.c.id))
            assert list(found.scalars()) == [None, "operator", "admin", "operator"]
    finally:
        await database.close()


async def test_stars_of_before(empty_url: str) -> None:
    """Stars that were given before they knew the type of work have their brief's."""
    database = Database(empty_url, SystemClock())
    client = (
        "INSERT INTO people (id, tenant, telegram_id, name, role, language, created_at)"
        " VALUES (1, 'main', 1, 'P', 'client', 'en', 1)"
    )
    brief = (
        "INSERT INTO briefs (id, tenant, client_id, chat_id, source_key, task_type, title, text, state, qa_target,"
        " language, price_minor, currency, created_at, updated_at)"
        " VALUES (1, 'main', 1, 1, '1', 'Research', '', '', 'paid', 80, 'en', 1, 'USD', 1, 1)"
    )
    rating = "INSERT INTO ratings (tenant, brief_id, client_id, stars, created_at) VALUES ('main', 1, 1, 4, 1)"

    async def work(tx: Transaction) -> None:
        for statement in (client, brief, rating):
            await tx.run(text(statement))

    async def stars(task_type: TaskType) -> Mapping[int, int]:
        async with database.reading() as connection:
            return await calibration.stars(connection, "main", EPOCH, Floors(), task_type)

    try:
        await migrate(database, "0025")
        await database.write(work)
        await migrate(database)
        assert await stars(TaskType.RESEARCH) == {4: 1}
        assert await stars(TaskType.DRAFTING) == {}
    finally:
        await database.close()


async def test_tasks_of_before(postgres: Cluster) -> None:
    """Tasks that an earlier version left waiting wait for the crew of their kind: what needs models, and the rest."""
    waiting = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args)"
        " VALUES ('echopilot', 'carry', CAST(:kind AS text), jsonb_build_object('kind', CAST(:kind AS text)))"
    )
    with postgres.empty_database() as url:
        database = Database(url, SystemClock())
        try:
            await migrate(database, "0003")
            for kind in ("produce", "stripe_event"):
                await database.write(lambda tx, kind=kind: tx.run(text(waiting), {"kind": kind}))  # type: ignore[misc]
            await migrate(database)
            async with database.reading() as connection:
                found = await connection.execute(text("SELECT lock, queue_name FROM procrastinate_jobs ORDER BY id"))
                assert [tuple(row) for row in found] == [("produce", "models"), ("stripe_event", "errands")]
        finally:
            await database.close()


async def test_tenants_of_before(empty_url: str) -> None:
    """Whose people there are has a row of its own; runs of jobs keep their numbers, and a tenant may have its own."""
    database = Database(empty_url, SystemClock())
    person = {"tenant": "main", "telegram_id": 1, "name": "Alice", "role": "client", "language": "en"}
    run = {"tenant": "main", "job": "janitor", "state": "done", "commit": "before"}

    async def work(tx: Transaction) -> None:
        await tx.run(insert(people), person | {"created_at": tx.now})
        await tx.run(insert(job_runs), run | {"scheduled_at": tx.now})
        await tx.run(insert(job_pauses), {"tenant": "main", "job": "janitor", "until": tx.now, "person_id": 1001})

    async def more(tx: Transaction) -> None:
        at = (await tx.run(select(job_runs.c.scheduled_at))).scalar_one()
        await tx.run(insert(job_runs), run | {"tenant": "acme", "scheduled_at": at})

    try:
        await migrate(database, "0019")
        await database.write(work)
        await migrate(database)
        await database.write(more)
        async with database.reading() as connection:
            kept = await connection.execute(select(tenants.c.tenant, tenants.c.state, tenants.c.currency))
            assert [tuple(row) for row in kept] == [("main", "active", None)]
            ran = await connection.execute(select(job_runs.c.id, job_runs.c.tenant).order_by(job_runs.c.id))
            assert [tuple(row) for row in ran] == [(1001, "main"), (1002, "acme")]
            assert (await connection.execute(select(job_pauses.c.job))).scalar_one() == "janitor"
    finally:
        await database.close()


async def test_admins_of_before(empty_url: str) -> None:
    """Who is an admin before there is a card of what is to be set up is not bothered with it."""
    database = Database(empty_url, SystemClock())
    person = {"tenant": "main", "name": "P", "language": "en"}

    async def work(tx: Transaction) -> None:
        for number, role in enumerate(("admin", "client"), start=1):
            await tx.run(insert(people), person | {"telegram_id": number, "role": role, "created_at": tx.now})

    try:
        await migrate(database, "0020")
        await database.write(work)
        await migrate(database)
        async with database.reading() as connection:
            found = await connection.execute(select(people.c.setup_shown, people.c.time_zone).order_by(people.c.id))
            assert [tuple(row) for row in found] == [("hidden", None), (None, None)]
    finally:
        await database.close()


async def test_first_number(database: Database) -> None:
    """The first brief, invoice or person of either database has number 1001."""
    row = {"tenant": "main", "telegram_id": 1, "name": "Alice", "role": "client", "language": "en"}

    async def work(tx: Transaction) -> int:
        added = await tx.run(insert(people).values(row | {"created_at": tx.now}).returning(people.c.id))
        return int(added.scalar_one())

    assert await database.write(work) == 1001
