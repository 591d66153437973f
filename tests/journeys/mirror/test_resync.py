"""A resync: the whole of a table is read, and what differs, is missing or doubled is put right."""

from bot.access.model import TENANT
from bot.areas import TABLES
from bot.mirror import resync
from bot.mirror.resync import Resync
from bot.mirror.service import CHANNEL, compare
from sandbox.faults import Fault
from sandbox.notion.errors import planned
from storage.core import outbox
from storage.engine.database import Transaction
from tests.eventually import eventually, nothing
from tests.house import House

PATIENCE = 60.0


async def begin(home: House, *names: str) -> None:
    """Have these tables be resynced."""

    async def work(tx: Transaction) -> None:
        for name in names:
            await resync.begin(tx, TENANT, TABLES[name])

    await home.running.app.services.database.write(work)


async def ended(home: House, name: str, within: float = PATIENCE) -> Resync:
    """The table's newest resync, once it is over and what it found is written."""

    async def look() -> Resync | None:
        async with home.running.app.services.database.reading() as connection:
            return await resync.standing(connection, TENANT, TABLES[name])

    found = await eventually(look, lambda one: one is not None and one.ended is not None, within=within)
    assert found is not None
    return found


async def some_briefs(home: House, many: int) -> None:
    """A house with so many invoiced briefs in the Job Log."""
    await home.staff()
    for _ in range(many):
        await home.brief()
    for table, state in (("Job Log", "invoiced"), ("Finance", "open")):
        wanted = [state] * many
        await home.notion.wait_for(
            table,
            lambda rows, wanted=wanted: [r["State"] for r in rows] == wanted,  # type: ignore[misc]
            timeout=PATIENCE,
        )
    await written(home)


async def written(home: House, within: float = PATIENCE) -> None:
    """Nothing waits for Notion, and what was sent is written down."""
    await eventually(lambda: waiting(home), nothing, within=within)


async def waiting(home: House) -> int:
    """How many rows wait for Notion."""
    async with home.running.app.services.database.reading() as connection:
        return (await outbox.counts(connection, TENANT)).get((CHANNEL, "waiting"), 0)


def by_brief(home: House) -> list[tuple[str, str]]:
    rows = home.notion.rows("Job Log")
    return sorted((row["EchoPilot id"].split(":", 1)[1], row["State"]) for row in rows)


async def test_what_people_changed_is_put_right(home: House) -> None:
    """A cell that somebody changed, a row in the trash and a copy of a row: after a resync all is as it should be."""
    await some_briefs(home, 3)
    before = by_brief(home)
    first, second, _third = home.notion.pages("Job Log")
    home.notion.fill(first, {"State": {"select": {"name": "paid"}}})
    home.notion.trash_row(second)
    home.notion.copy_row(first)
    assert by_brief(home) != before
    await begin(home, "Job Log")
    found = await ended(home, "Job Log")
    assert by_brief(home) == before
    assert (found.read, found.differing, found.missing, found.doubled) == (3, 1, 1, 1)


async def test_a_resync_of_what_is_right_only_reads(home: House) -> None:
    """Where nothing differs a resync costs one request for a hundred rows, and no row is written."""
    await some_briefs(home, 2)
    edited = home.notion.edits
    await begin(home, "Job Log")
    found = await ended(home, "Job Log")
    assert (found.requests, found.read, found.differing, home.notion.edits) == (1, 2, 0, edited)


async def test_a_database_that_is_made_anew_gets_every_row(home: House) -> None:
    """Where somebody deletes a database, the one that takes its place has the rows of all briefs."""
    await some_briefs(home, 3)
    before = by_brief(home)
    home.notion.trash("Job Log")
    await home.brief()
    await home.notion.wait_for("Job Log", lambda rows: len(rows) == 4, timeout=PATIENCE)
    await ended(home, "Job Log")
    assert [row for row in by_brief(home) if row in before] == before


async def test_repair_makes_every_database(home: House) -> None:
    """One command makes every database, filled with the rows that there are; a second finds nothing to do."""
    await some_briefs(home, 1)
    database = home.running.app.services.database

    async def work(tx: Transaction) -> None:
        await compare(tx, TENANT, TABLES.values(), making=True)

    await database.write(work)
    for name in TABLES:
        await home.notion.wait_for(name, lambda _, name=name: bool(home.notion.tables(name)), timeout=PATIENCE)  # type: ignore[misc]
    assert [row["Client"] for row in await home.notion.wait_for("Client", bool, timeout=PATIENCE)] == ["Alice"]
    assert [row["Period"] for row in await home.notion.wait_for("Growth Metrics", lambda rows: len(rows) == 3)] == [
        "30 days",
        "90 days",
        "365 days",
    ]
    await database.write(work)
    assert {len(home.notion.tables(name)) for name in TABLES} == {1}


async def test_a_resync_goes_on_after_faults(home: House) -> None:
    """Lost replies and refusals in passing leave a resync where it was, and it goes on."""
    await some_briefs(home, 2)
    before = by_brief(home)
    home.notion.trash_rows("Job Log")
    home.notion.faults.add(planned("POST .*/query", 529, times=2))
    home.notion.faults.add(Fault("POST .*/pages", "lose_reply", times=1))
    await begin(home, "Job Log")
    assert (await ended(home, "Job Log")).missing == 2
    await home.notion.wait_for("Job Log", lambda rows: len(rows) == 2, timeout=PATIENCE)
    assert by_brief(home) == before
