"""The mirror is people's own place: what they rename, delete, move to the trash or no longer share."""

import re

import pytest

from bot.access.model import TENANT
from bot.mirror.service import CHANNEL
from jobs.catalog import BY_NAME
from sandbox.faults import Fault
from sandbox.notion.errors import planned
from storage.core import bindings, outbox
from storage.engine.database import Transaction
from tests.eventually import eventually, nothing
from tests.house import House

PATIENCE = 40.0
NOBODYS: dict[str, dict[str, object]] = {"Name": {"title": {}}, "Note": {"rich_text": {}}}


@pytest.fixture
async def mirrored(home: House) -> House:
    """A house with one invoiced brief, that both tables show."""
    await home.staff()
    await home.brief()
    await home.alice.sees("To pay")
    await shows(home, "invoiced")
    await home.notion.wait_for("Finance", lambda rows: [row["State"] for row in rows] == ["open"], timeout=PATIENCE)
    return home


async def shows(home: House, *states: str) -> list[dict[str, object]]:
    """The rows of the Job Log, once they have these states."""
    wanted = list(states)
    return await home.notion.wait_for(
        "Job Log", lambda rows: [row["State"] for row in rows] == wanted, timeout=PATIENCE
    )


async def pays(home: House) -> None:
    await home.pay(1001)
    await home.alice.sees("thank you")


def told(home: House, words: str) -> int:
    """How many messages with these words the admin has."""
    return sum(words in message.text for message in home.carol.messages() if message.from_bot)


def heard(home: House) -> list[str]:
    """What the admin was told of the mirror."""
    return [message.text for message in home.carol.messages() if message.text.startswith("Notion")]


async def test_a_renamed_column_is_still_ours(mirrored: House) -> None:
    """A column that somebody renames is written under its new name, and nobody is told."""
    mirrored.notion.reshape("Job Log", {"Client": {"name": "Customer"}, "State": {"name": "Status"}})
    await pays(mirrored)
    rows = await mirrored.notion.wait_for("Job Log", lambda rows: rows[0]["Status"] == "paid", timeout=PATIENCE)
    assert [(row["Customer"], "Client" in row) for row in rows] == [("Alice", False)]
    assert heard(mirrored) == []


async def test_two_columns_that_change_names(mirrored: House) -> None:
    """Where a column takes another's name, each is still written where it was."""
    mirrored.notion.reshape("Job Log", {"Price": {"name": "Old"}})
    mirrored.notion.reshape("Job Log", {"Drafts": {"name": "Price"}})
    await pays(mirrored)
    rows = await shows(mirrored, "paid")
    assert [(row["Old"], row["Price"]) for row in rows] == [(120.0, 1)]


async def test_ids_that_are_not_taken(mirrored: House) -> None:
    """Should Notion not take the ids of columns, their names are written instead; a deleted one comes back."""
    before = set(mirrored.notion.rows("Job Log")[0])
    mirrored.notion.know_names_only()
    await pays(mirrored)
    (row,) = await shows(mirrored, "paid")
    assert set(row) == before
    mirrored.notion.reshape("Job Log", {"Currency": None})
    await mirrored.brief()
    assert [row["Currency"] for row in await shows(mirrored, "paid", "invoiced")] == [None, "USD"]
    assert heard(mirrored) == []


async def test_a_deleted_column_is_made_again(mirrored: House) -> None:
    """A column that somebody deletes comes back with the next row, and admins hear of it once."""
    mirrored.notion.reshape("Job Log", {"Currency": None})
    await pays(mirrored)
    (row,) = await shows(mirrored, "paid")
    assert row["Currency"] == "USD"
    await mirrored.carol.sees("has columns that EchoPilot made again")


async def test_self_heal_makes_a_deleted_column_again(mirrored: House) -> None:
    """A column that somebody deletes comes back by the job self_heal, without a row that changed; admins hear of it."""
    mirrored.notion.reshape("Job Log", {"Currency": None})
    assert "Currency" not in mirrored.notion.rows("Job Log")[0]
    await mirrored.carol.says("/job_self_heal")
    await mirrored.carol.taps("Run now", await mirrored.carol.sees("Job self_heal"))
    await mirrored.carol.sees("has columns that EchoPilot made again")
    assert "Currency" in mirrored.notion.rows("Job Log")[0]


async def test_self_heal_leaves_a_sound_table_alone(mirrored: House) -> None:
    """Tables that are as they should be are only looked at, and nobody is told."""
    before = mirrored.notion.rows("Job Log")
    services = mirrored.running.app.services
    assert await BY_NAME["self_heal"].carry_out(services, TENANT) == "nothing to mend; 2 tables of Notion are compared"

    async def waiting() -> int:
        async with services.database.reading() as connection:
            return (await outbox.counts(connection, TENANT)).get((CHANNEL, "waiting"), 0)

    await eventually(waiting, nothing)
    assert mirrored.notion.rows("Job Log") == before
    assert heard(mirrored) == []


async def test_a_column_of_another_type_is_left_alone(mirrored: House) -> None:
    """Where somebody makes texts of a column of numbers, theirs stays, and ours is made beside it."""
    mirrored.notion.reshape("Job Log", {"Price": {"rich_text": {}}})
    await pays(mirrored)
    (row,) = await shows(mirrored, "paid")
    assert (row["Price"], row["Price (EchoPilot)"]) == ("", 120.0)
    seen = await mirrored.carol.sees("has columns that EchoPilot made again")
    assert "\nPrice\n" in seen.text


async def test_deleted_keys_make_no_second_row(mirrored: House) -> None:
    """Without the column of our ids a row that was shown is still known, and gets its id again."""
    (before,) = mirrored.notion.rows("Job Log")
    mirrored.notion.reshape("Job Log", {"EchoPilot id": None})
    await pays(mirrored)
    (row,) = await shows(mirrored, "paid")
    assert row["EchoPilot id"] == before["EchoPilot id"]


async def test_a_row_in_the_trash_is_made_anew(mirrored: House) -> None:
    """A row that somebody deletes is there again with its next change."""
    mirrored.notion.trash_rows("Job Log")
    await pays(mirrored)
    await shows(mirrored, "paid")


async def test_a_database_in_the_trash_is_made_anew(mirrored: House) -> None:
    """Where somebody deletes the databases, others are made on the page, and admins hear of each once."""
    for table in ("Job Log", "Finance"):
        mirrored.notion.trash(table)
    await pays(mirrored)
    await shows(mirrored, "paid")
    await mirrored.notion.wait_for("Finance", lambda rows: [row["State"] for row in rows] == ["paid"], timeout=PATIENCE)
    await mirrored.brief()
    await shows(mirrored, "paid", "invoiced")
    for table in ("Job Log", "Finance"):
        assert len(mirrored.notion.tables(table)) == 1
        assert told(mirrored, f"Notion · {table} continues in another database") == 1


async def test_databases_of_that_name_are_not_ours(home: House) -> None:
    """Tables of the same names, elsewhere or on our very page, are left as they are."""
    for below in (home.notion.add_page("Household"), home.notion.parent_page_id):
        for table in ("Job Log", "Finance"):
            home.notion.add_database(table, NOBODYS, below=below)
    home.notion.add_view("Job Log")
    await home.staff()
    await home.brief()
    await home.alice.sees("To pay")
    await eventually(lambda: any(rows for _, rows in home.notion.tables("Finance")))
    for table in ("Job Log", "Finance"):
        found = home.notion.tables(table)
        assert [description.startswith("EchoPilot ") for description, _ in found] == [False, False, True]
        assert [len(rows) for _, rows in found] == [0, 0, 1]


async def test_lost_reply_to_making_a_database(home: House) -> None:
    """A database whose making was answered by silence is found on the page, though search does not know it yet."""
    home.notion.faults.add(Fault("POST .*/databases", "lose_reply", times=2))
    await home.staff()
    await home.brief()
    await home.alice.sees("To pay")
    await shows(home, "invoiced")
    await home.notion.wait_for("Finance", lambda rows: len(rows) == 1, timeout=PATIENCE)
    assert [len(home.notion.tables(table)) for table in ("Job Log", "Finance")] == [1, 1]


@pytest.mark.parametrize("deleted", [False, True])
async def test_a_page_that_is_not_there_for_us(mirrored: House, deleted: bool) -> None:
    """Admins hear once that the page is not shared any more, or deleted; rows wait, and go on when it is back."""
    notion, page = mirrored.notion, mirrored.notion.parent_page_id
    if deleted:
        notion.trash_page(page)
    else:
        notion.unshare(page)
    await pays(mirrored)
    seen = await mirrored.carol.sees("is not kept up to date")
    assert "Share the page" in seen.text
    mark = mirrored.carol.mark()
    await mirrored.carol.says("/status")
    status = await mirrored.carol.sees("As of", after=mark)
    assert status.text.startswith("Notion is not kept up to date")
    assert "the page is not shared with EchoPilot" in status.text
    if deleted:
        notion.trash_page(page, restore=True)
    else:
        notion.share(page)
    await shows(mirrored, "paid")
    await mirrored.carol.sees("is kept up to date again")
    assert told(mirrored, "Notion · Job Log is not kept up to date") <= 1
    assert told(mirrored, "continues in another database") == 0


async def test_a_token_that_is_not_taken_any_more(mirrored: House) -> None:
    """Rows wait while Notion does not take the token, and admins hear what to look at."""
    mirrored.notion.faults.add(planned(".*", 401, times=2))
    await pays(mirrored)
    seen = await mirrored.carol.sees("is not kept up to date")
    assert "Check NOTION_TOKEN" in seen.text
    await shows(mirrored, "paid")


async def test_a_free_workspace_that_is_full(mirrored: House) -> None:
    """Where no more rows are made, admins hear it once, rows that are there still change, and new ones come later."""
    mirrored.notion.limit_blocks(0)
    await mirrored.brief()
    await mirrored.carol.sees("Notion makes no more rows")
    await pays(mirrored)
    await shows(mirrored, "paid")
    await mirrored.brief()
    mirrored.notion.limit_blocks(None)
    await shows(mirrored, "paid", "invoiced", "invoiced")
    assert told(mirrored, "Notion · Job Log is not kept up to date") == 1


async def test_what_is_refused_is_told_once_and_counted(mirrored: House) -> None:
    """Rows that Notion refuses for good are told once per table, and counted in /status until a change goes in."""
    mirrored.notion.faults.add(planned("(POST|PATCH) .*/pages", 400, times=None))
    for number in (await mirrored.brief(), await mirrored.brief()):
        await mirrored.alice.sees(re.compile(f"To pay.*for brief {number}", re.DOTALL))
    await mirrored.carol.sees("Notion refuses rows")
    await eventually(lambda: given_up(mirrored), lambda count: count >= 2)
    mark = mirrored.carol.mark()
    await mirrored.carol.says("/status")
    assert (
        "Notion, Job Log: rows are refused · 2 rows not written"
        in (await mirrored.carol.sees("As of", after=mark)).text
    )
    assert told(mirrored, "Notion · Job Log is not kept up to date") == 1
    mirrored.notion.faults.clear()
    await mirrored.pay(1002)
    await mirrored.pay(1003)
    await mirrored.notion.wait_for("Job Log", lambda rows: [r["State"] for r in rows].count("paid") == 2)
    await mirrored.carol.sees("Job Log is kept up to date again")


async def given_up(home: House) -> int:
    async with home.running.app.services.database.reading() as connection:
        return await outbox.given_up(connection, TENANT, CHANNEL, "Job Log")


@pytest.mark.parametrize("claimed", [False, True])
async def test_tables_from_before_the_codes(mirrored: House, claimed: bool) -> None:
    """A table kept by an older version is adopted with its rows, unless another installation has claimed it."""
    (source,) = [one for one in mirrored.notion._store.sources.values() if one.name == "Job Log"]
    database = mirrored.notion._store.database(source.parent["database_id"])
    (page,) = mirrored.notion._store.rows(source)
    plain = {"EchoPilot id": {"rich_text": [{"text": {"content": "brief:1001"}}]}}
    mirrored.notion._store.fill(page, plain)
    database.description = described("EchoPilot 0123456789ab · Job Log") if claimed else []

    async def older(tx: Transaction) -> None:
        await outbox.forget_places(tx, TENANT, CHANNEL, "Job Log:")
        await bindings.put(tx, TENANT, CHANNEL, "Job Log", source.id)

    await mirrored.running.app.services.database.write(older)
    await pays(mirrored)

    def states() -> list[list[str]]:
        return [[row["State"] for row in rows] for _, rows in mirrored.notion.tables("Job Log")]

    await eventually(states, ([["invoiced"], ["paid"]] if claimed else [["paid"]]).__eq__)


def described(words: str) -> list[dict[str, object]]:
    return [{"type": "text", "text": {"content": words}, "plain_text": words}]
