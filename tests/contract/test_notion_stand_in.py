"""The Notion stand-in, called by the client that the product uses."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from notion_client import AsyncClient
from notion_client.errors import APIResponseError, HTTPResponseError

from sandbox.faults import Fault
from sandbox.notion.errors import planned
from sandbox.notion.server import NotionStandIn
from sandbox.server import Sandbox

NOW = datetime(2026, 11, 23, 9, 30, 45, tzinfo=UTC)
COLUMNS: dict[str, Any] = {
    "Name": {"title": {}},
    "Note": {"rich_text": {}},
    "Score": {"number": {"format": "number"}},
    "Type": {"select": {"options": [{"name": "Research"}, {"name": "Drafting"}]}},
    "Tags": {"multi_select": {}},
    "Due": {"date": {}},
    "Trigger": {"checkbox": {}},
    "Link": {"url": {}},
    "Mail": {"email": {}},
    "Phone": {"phone_number": {}},
    "Owner": {"people": {}},
    "Files": {"files": {}},
    "Made": {"created_time": {}},
    "Edited": {"last_edited_time": {}},
}


@pytest.fixture
def clock() -> list[float]:
    return [0.0]


@pytest.fixture
def stand_in(clock: list[float]) -> NotionStandIn:
    return NotionStandIn(now=lambda: NOW, clock=lambda: clock[0])


@pytest.fixture
async def notion(stand_in: NotionStandIn) -> AsyncIterator[AsyncClient]:
    async with (
        Sandbox(stand_in) as sandbox,
        AsyncClient(auth="ntn_sandbox", base_url=f"{sandbox.url}/notion", retry=False) as client,
    ):
        yield client


def title(text: str) -> dict[str, Any]:
    return {"title": [{"text": {"content": text}}]}


def text(content: str) -> dict[str, Any]:
    return {"rich_text": [{"type": "text", "text": {"content": content}}]}


async def make_log(notion: AsyncClient, stand_in: NotionStandIn, **extra: Any) -> str:
    database = await notion.databases.create(
        parent={"type": "page_id", "page_id": stand_in.parent_page_id},
        title=[{"type": "text", "text": {"content": "Job Log"}}],
        initial_data_source={"properties": {**COLUMNS, **extra}},
    )
    return str(database["data_sources"][0]["id"])


async def add(notion: AsyncClient, source: str, **cells: Any) -> dict[str, Any]:
    page: dict[str, Any] = await notion.pages.create(
        parent={"type": "data_source_id", "data_source_id": source}, properties=cells
    )
    return page


async def refused(call: Any) -> APIResponseError:
    with pytest.raises(APIResponseError) as caught:
        await call
    return caught.value


async def test_database_is_created_found_and_read(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A database made below the shared page has one data source, which search finds and which lists its columns."""
    stand_in.search_late(timedelta(0))
    source = await make_log(notion, stand_in)
    found = await notion.search(query="job", filter={"property": "object", "value": "data_source"})
    assert [result["id"] for result in found["results"]] == [source]
    retrieved = await notion.data_sources.retrieve(source)
    assert {name: column["type"] for name, column in retrieved["properties"].items()}["Trigger"] == "checkbox"
    database = await notion.databases.retrieve(retrieved["parent"]["database_id"])
    assert database["data_sources"] == [{"id": source, "name": "Job Log"}]
    renamed = await notion.databases.update(database["id"], title=[{"text": {"content": "Archive"}}])
    assert renamed["title"][0]["plain_text"] == "Archive"
    assert (await notion.users.me())["type"] == "bot"


async def test_every_property_type_makes_the_round_trip(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A row with all kinds of cells comes back as it was written, and reads as plain values."""
    source = await make_log(notion, stand_in)
    page = await add(
        notion,
        source,
        Name=title("Brief 1"),
        Note=text("hello"),
        Score={"number": 87.5},
        Type={"select": {"name": "Research"}},
        Tags={"multi_select": [{"name": "urgent"}, {"name": "new"}]},
        Due={"date": {"start": "2026-12-01", "end": "2026-12-02"}},
        Trigger={"checkbox": True},
        Link={"url": "https://example.com"},
        Mail={"email": "alice@example.com"},
        Phone={"phone_number": "+44 20 7946 0000"},
        Owner={"people": [{"id": "u1"}]},
        Files={"files": [{"name": "draft.md", "external": {"url": "https://example.com/draft.md"}}]},
    )
    assert (await notion.pages.retrieve(page["id"].replace("-", "")))["properties"] == page["properties"]
    assert stand_in.rows("Job Log") == [
        {
            "Name": "Brief 1",
            "Note": "hello",
            "Score": 87.5,
            "Type": "Research",
            "Tags": ["urgent", "new"],
            "Due": ("2026-12-01", "2026-12-02"),
            "Trigger": True,
            "Link": "https://example.com",
            "Mail": "alice@example.com",
            "Phone": "+44 20 7946 0000",
            "Owner": ["u1"],
            "Files": ["draft.md"],
            "Made": "2026-11-23T09:30:00.000Z",
            "Edited": "2026-11-23T09:30:00.000Z",
        }
    ]


async def test_columns_are_added_renamed_and_removed(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A data source's columns change as asked, and its rows keep their cells under the new names."""
    source = await make_log(notion, stand_in)
    await add(notion, source, Name=title("Brief 1"), Score={"number": 90}, Note=text("gone"))
    await notion.data_sources.update(
        source, properties={"Score": {"name": "QA"}, "Note": None, "Cost": {"number": {"format": "dollar"}}}
    )
    (row,) = stand_in.rows("Job Log")
    assert (row["QA"], row["Cost"], "Note" in row, "Score" in row) == (90, None, False, False)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Nme": title("x")}, "Nme is not a property that exists."),
        ({"Score": text("9"), "Link": {"number": 1}}, "Score is expected to be number. Link is expected to be url."),
        (
            {"Score": {"number": "9"}},
            'body failed validation: body.properties.Score.number should be a number or `null`, instead was `"9"`.',
        ),
        (
            {"Note": text("x" * 2001)},
            "body failed validation: body.properties.Note.rich_text[0].text.content.length should be ≤ `2000`,"
            " instead was `2001`.",
        ),
        ({"Type": {"select": {"name": "a, b"}}}, "Invalid select option, commas not allowed: a, b"),
        (
            {"Due": {"date": {"start": "tomorrow"}}},
            "body failed validation: body.properties.Due.date.start should be a valid ISO 8601 date string,"
            ' instead was `"tomorrow"`.',
        ),
        (
            {"Made": {"created_time": "2026-01-01"}},
            "body failed validation: body.properties.Made should be not present, instead was"
            ' `{"created_time": "2026-01-01"}`.',
        ),
    ],
)
async def test_wrong_cells_are_refused(
    notion: AsyncClient, stand_in: NotionStandIn, cells: dict[str, Any], message: str
) -> None:
    """A wrong cell is a validation_error in Notion's words, and no row is made."""
    error = await refused(add(notion, await make_log(notion, stand_in), **cells))
    assert (error.status, error.code, str(error)) == (400, "validation_error", message)
    assert stand_in.rows("Job Log") == []


async def test_failed_update_changes_nothing(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """An update with one wrong cell leaves the right ones, and the options of the column, as they were."""
    source = await make_log(notion, stand_in)
    page = await add(notion, source, Name=title("Brief 1"))
    cells = {"Type": {"select": {"name": "Brand new"}}, "Score": {"checkbox": True}}
    await refused(notion.pages.update(page["id"], properties=cells))
    assert stand_in.rows("Job Log")[0]["Type"] is None
    options = (await notion.data_sources.retrieve(source))["properties"]["Type"]["select"]["options"]
    assert [option["name"] for option in options] == ["Research", "Drafting"]


async def test_status_columns_come_from_people_only(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """The API cannot create a status column or option; a column that a person made can be set to its options."""
    error = await refused(make_log(notion, stand_in, State={"status": {}}))
    assert error.code == "validation_error"
    source = stand_in.add_database("Queue", {"Name": {"title": {}}, "State": {"status": {}}})
    page = await add(notion, source, Name=title("Brief 1"), State={"status": {"name": "In progress"}})
    error = await refused(notion.pages.update(page["id"], properties={"State": {"status": {"name": "Lost"}}}))
    assert 'Status option "Lost" does not exist' in str(error)
    assert stand_in.rows("Queue") == [{"Name": "Brief 1", "State": "In progress"}]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ({"property": "Name", "title": {"equals": "b"}}, ["b"]),
        ({"property": "Note", "rich_text": {"contains": "URG"}}, ["a", "c"]),
        ({"property": "Note", "rich_text": {"is_empty": True}}, ["b"]),
        ({"property": "Score", "number": {"greater_than_or_equal_to": 80}}, ["a", "b"]),
        ({"property": "Score", "number": {"is_empty": True}}, ["c"]),
        ({"property": "Type", "select": {"does_not_equal": "Research"}}, ["b", "c"]),
        ({"property": "Trigger", "checkbox": {"equals": True}}, ["a"]),
        ({"property": "Due", "date": {"on_or_before": "2026-11-25"}}, ["a", "b"]),
        ({"property": "Due", "date": {"after": "2026-11-25"}}, ["c"]),
        ({"property": "Due", "date": {"equals": "2026-11-25"}}, ["b"]),
        ({"property": "Due", "date": {"next_week": {}}}, ["b"]),
        ({"timestamp": "created_time", "created_time": {"on_or_after": "2026-11-23"}}, ["a", "b", "c"]),
        ({"timestamp": "last_edited_time", "last_edited_time": {"before": "2026-11-23T09:30:00Z"}}, []),
        (
            {
                "or": [
                    {"property": "Name", "title": {"equals": "c"}},
                    {
                        "and": [
                            {"property": "Trigger", "checkbox": {"equals": True}},
                            {"property": "Type", "select": {"equals": "Research"}},
                        ]
                    },
                ]
            },
            ["a", "c"],
        ),
    ],
)
async def test_filters(
    notion: AsyncClient, stand_in: NotionStandIn, condition: dict[str, Any], names: list[str]
) -> None:
    """Each kind of filter keeps exactly the rows it describes."""
    source = await make_log(notion, stand_in)
    research, drafting = {"select": {"name": "Research"}}, {"select": {"name": "Drafting"}}
    due = [{"date": {"start": day}} for day in ("2026-11-20", "2026-11-25T14:00:00+00:00", "2026-12-20")]
    ticked = {"checkbox": True}
    await add(
        notion,
        source,
        Name=title("a"),
        Note=text("urgent"),
        Score={"number": 80},
        Type=research,
        Due=due[0],
        Trigger=ticked,
    )
    await add(notion, source, Name=title("b"), Score={"number": 95}, Type=drafting, Due=due[1])
    await add(notion, source, Name=title("c"), Note=text("not urgent"), Due=due[2])
    result = await notion.data_sources.query(
        source, filter=condition, sorts=[{"property": "Name", "direction": "ascending"}]
    )
    assert [page["properties"]["Name"]["title"][0]["plain_text"] for page in result["results"]] == names


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            {"filter": {"property": "Lost", "checkbox": {"equals": True}}},
            "Could not find property with name or id: Lost",
        ),
        (
            {"filter": {"property": "Score", "checkbox": {"equals": True}}},
            "database property number does not match filter checkbox",
        ),
        ({"filter": {"property": "Trigger", "checkbox": {"equals": "yes"}}}, "should be a boolean"),
        ({"sorts": [{"property": "Lost"}]}, "Could not find sort property with name or id: Lost"),
        ({"page_size": 101}, "body.page_size should be ≤ `100`, instead was `101`."),
        ({"start_cursor": "nowhere"}, "The start_cursor provided is invalid: nowhere"),
    ],
)
async def test_wrong_queries_are_refused(
    notion: AsyncClient, stand_in: NotionStandIn, query: dict[str, Any], message: str
) -> None:
    """A query that Notion would refuse is a validation_error that says why."""
    error = await refused(notion.data_sources.query(await make_log(notion, stand_in), **query))
    assert error.code == "validation_error"
    assert message in str(error)


async def test_sorted_pages_cover_every_row_once(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """Cursor by cursor a query returns each row once, in the order of its sorts, empty cells last."""
    source = await make_log(notion, stand_in)
    for name, score in (("a", 3), ("b", None), ("c", 1), ("d", 3), ("e", 2)):
        stand_in.add_row("Job Log", {"Name": title(name), "Score": {"number": score}})
    sorts = [{"property": "Score", "direction": "descending"}, {"property": "Name", "direction": "ascending"}]
    names, cursor = [], None
    while True:
        more: dict[str, Any] = {} if cursor is None else {"start_cursor": cursor}
        result = await notion.data_sources.query(source, sorts=sorts, page_size=2, **more)
        names += [page["properties"]["Name"]["title"][0]["plain_text"] for page in result["results"]]
        cursor = result["next_cursor"]
        if not result["has_more"]:
            break
    assert (names, cursor) == (["a", "d", "e", "c", "b"], None)


async def test_trashed_rows_leave_queries_and_refuse_edits(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A row in the trash is retrieved but not queried, refuses an edit, and comes back when restored."""
    source = await make_log(notion, stand_in)
    page = await add(notion, source, Name=title("a"))
    await notion.pages.update(page["id"], in_trash=True)
    assert (await notion.data_sources.query(source))["results"] == []
    assert (await notion.pages.retrieve(page["id"]))["in_trash"] is True
    error = await refused(notion.pages.update(page["id"], properties={"Score": {"number": 1}}))
    assert "is archived" in str(error)
    await notion.pages.update(page["id"], in_trash=False)
    assert len((await notion.data_sources.query(source))["results"]) == 1


async def test_blocks_are_appended_and_listed(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """Blocks added to a page, at creation and later, are listed in order; more than 100 at once are refused."""
    paragraph = {"object": "block", "type": "paragraph", "paragraph": text("one")}
    page = await notion.pages.create(
        parent={"page_id": stand_in.parent_page_id}, properties={"title": title("Report")}, children=[paragraph]
    )
    await notion.blocks.children.append(page["id"], children=[{"heading_2": text("two")}, {"divider": {}}])
    listed = await notion.blocks.children.list(page["id"])
    assert [block["type"] for block in listed["results"]] == ["paragraph", "heading_2", "divider"]
    error = await refused(notion.blocks.children.append(page["id"], children=[paragraph] * 101))
    assert "body.children.length should be ≤ `100`, instead was `101`." in str(error)


async def test_unknown_ids_and_tokens(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """An unknown id is object_not_found, a malformed one a validation_error, a wrong token unauthorized."""
    error = await refused(notion.pages.retrieve("00000000-0000-4000-8000-000000000000"))
    assert (error.status, error.code) == (404, "object_not_found")
    error = await refused(notion.pages.retrieve("not-an-id"))
    assert "should be a valid uuid" in str(error)
    error = await refused(notion.users.me(auth="ntn_wrong"))
    assert (error.status, error.code) == (401, "unauthorized")


async def test_old_api_version_is_refused(stand_in: NotionStandIn) -> None:
    """A client that asks for another version of the API is told so instead of being served wrongly."""
    async with (
        Sandbox(stand_in) as sandbox,
        AsyncClient(
            auth="ntn_sandbox", base_url=f"{sandbox.url}/notion", notion_version="2022-06-28", retry=False
        ) as client,
    ):
        assert "Notion-Version" in str(await refused(client.users.me()))


async def test_rate_is_counted_and_can_be_enforced(clock: list[float]) -> None:
    """Requests over the minute's budget are counted; when enforced they get 429 until the minute is over."""
    stand_in = NotionStandIn(enforce_rate=True, clock=lambda: clock[0])
    async with (
        Sandbox(stand_in) as sandbox,
        AsyncClient(auth="ntn_sandbox", base_url=f"{sandbox.url}/notion", retry=False) as notion,
    ):
        stand_in.allow(connection=3)
        for _ in range(3):
            await notion.users.me()
        clock[0] = 20.5
        error = await refused(notion.users.me())
        assert (error.status, error.code, error.headers["retry-after"]) == (429, "rate_limited", "40")
        assert error.additional_data == {"rate_limit_reason": "connection"}
        assert stand_in.violations == 1
        clock[0] = 60.0
        for _ in range(3):
            await notion.users.me()
        assert stand_in.violations == 1


async def test_planned_faults_speak_notions_words(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A planned 409 and 429 are the client's own errors with their codes; a 529 has a code that it does not know."""
    for status in (409, 429):
        stand_in.faults.add(planned("GET /notion/v1/users/me", status, retry_after=2))
    codes = [(await refused(notion.users.me())).code for _ in range(2)]
    assert codes == ["conflict_error", "rate_limited"]
    stand_in.faults.add(planned("GET /notion/v1/users/me", 529))
    with pytest.raises(HTTPResponseError) as caught:
        await notion.users.me()
    assert caught.value.status == 529


async def test_lost_reply_leaves_the_row(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """When the reply to a create is lost, the row exists and the caller sees only a broken connection."""
    source = await make_log(notion, stand_in)
    stand_in.faults.add(Fault("POST /notion/v1/pages", "lose_reply"))
    with pytest.raises(httpx.RemoteProtocolError):
        await add(notion, source, Name=title("a"))
    assert [row["Name"] for row in stand_in.rows("Job Log")] == ["a"]
