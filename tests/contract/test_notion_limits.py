"""What Notion refuses, hides or tells late, by the client that the product uses, at both versions of the API."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from notion_client import AsyncClient

from sandbox.notion.server import NotionStandIn
from sandbox.server import Sandbox
from tests.contract.test_notion_stand_in import add, make_log, refused, text, title

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
ARCHIVED = "Can't edit block that is archived. You must unarchive the block before editing."
ANCESTOR = "archived ancestor"


@pytest.fixture
def clock() -> list[datetime]:
    return [NOON]


@pytest.fixture
def stand_in(clock: list[datetime]) -> NotionStandIn:
    return NotionStandIn(enforce_rate=True, now=lambda: clock[0], clock=lambda: clock[0].timestamp())


@pytest.fixture
async def url(stand_in: NotionStandIn) -> AsyncIterator[str]:
    async with Sandbox(stand_in) as sandbox:
        yield f"{sandbox.url}/notion"


@pytest.fixture
async def notion(url: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(auth="ntn_sandbox", base_url=url, retry=False) as client:
        yield client


@pytest.fixture
async def newest(url: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(auth="ntn_sandbox", base_url=url, notion_version="2026-03-11", retry=False) as client:
        yield client


async def test_versions_are_served_side_by_side(
    notion: AsyncClient, newest: AsyncClient, stand_in: NotionStandIn
) -> None:
    """The newest version shows and takes `in_trash` alone; the older shows and takes `archived` as well."""
    source = await make_log(newest, stand_in)
    page = await add(newest, source, Name=title("a"))
    assert ("archived" in page, page["in_trash"]) == (False, False)
    assert (await notion.pages.retrieve(page["id"]))["archived"] is False
    error = await refused(newest.pages.update(page["id"], archived=True))
    assert "body.archived should be not present, instead was `true`." in str(error)
    assert (await notion.pages.update(page["id"], archived=True))["in_trash"] is True


async def test_place_of_new_blocks(notion: AsyncClient, newest: AsyncClient, stand_in: NotionStandIn) -> None:
    """Where blocks go is `position` at the newest version and `after` at the older one, and nothing else."""
    page, children = stand_in.parent_page_id, [{"paragraph": text("one")}]
    await newest.blocks.children.append(page, children=children, position={"type": "end"})
    assert "body.after should be" in str(
        await refused(newest.blocks.children.append(page, children=children, after="x"))
    )
    error = await refused(notion.blocks.children.append(page, children=children, position={"type": "end"}))
    assert "body.position should be not present" in str(error)


@pytest.mark.parametrize("version", ["2025-09-03", "2026-03-11"])
async def test_archived_in_new_blocks_is_refused(url: str, stand_in: NotionStandIn, version: str) -> None:
    """A block that says `archived`, as a block that was read does, is refused at both versions."""
    async with AsyncClient(auth="ntn_sandbox", base_url=url, notion_version=version, retry=False) as client:
        block = {"object": "block", "archived": False, "paragraph": text("one")}
        error = await refused(client.blocks.children.append(stand_in.parent_page_id, children=[block]))
    assert "body.children[0].archived should be not present, instead was `false`." in str(error)


async def test_workspace_budget_is_shared(url: str, stand_in: NotionStandIn, notion: AsyncClient) -> None:
    """What one connection spends of the workspace's budget, another lacks, and the answer says which budget it was."""
    stand_in.allow(connection=100, workspace=2)
    async with AsyncClient(auth="ntn_sandbox", base_url=url, retry=False) as other:
        await other.users.me()
    await notion.users.me()
    error = await refused(notion.users.me())
    assert (error.status, error.headers["retry-after"]) == (429, "60")
    assert error.additional_data == {"rate_limit_reason": "workspace"}


async def test_free_plan_stops_at_its_blocks(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """Where a Free workspace's blocks are used up, nothing more is made, but rows are changed; deleting frees none."""
    source = await make_log(notion, stand_in)
    stand_in.limit_blocks(1)
    page = await add(notion, source, Name=title("a"))
    error = await refused(add(notion, source, Name=title("b")))
    assert (error.status, "block limit" in str(error)) == (403, True)
    await notion.pages.update(page["id"], properties={"Score": {"number": 1}})
    await notion.pages.update(page["id"], in_trash=True)
    await refused(add(notion, source, Name=title("b")))
    assert "block limit" in str(await refused(make_log(notion, stand_in)))


async def test_search_finds_late_and_not_all(
    notion: AsyncClient, stand_in: NotionStandIn, clock: list[datetime]
) -> None:
    """What was just made is not found, later it is by a part of its title, and some things are never listed."""

    async def found() -> list[str]:
        results = (await notion.search(query="ob l", filter={"property": "object", "value": "data_source"}))["results"]
        return [result["id"] for result in results]

    first, second = await make_log(notion, stand_in), await make_log(notion, stand_in)
    assert await found() == []
    clock[0] += timedelta(minutes=2)
    assert set(await found()) == {first, second}
    stand_in.search_late(timedelta(0), second)
    assert await found() == [first]


async def test_children_of_a_page_are_listed_at_once(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A page lists the databases, pages and views in it by title as soon as they are made, and none in the trash."""
    await make_log(notion, stand_in)
    page = await notion.pages.create(
        parent={"page_id": stand_in.parent_page_id}, properties={"title": [{"text": {"content": "Notes"}}]}
    )
    stand_in.add_view("Elsewhere")

    async def listed() -> list[tuple[str, str]]:
        blocks = (await notion.blocks.children.list(stand_in.parent_page_id))["results"]
        return [(block["type"], block[block["type"]]["title"]) for block in blocks]

    seen = [("child_database", "Job Log"), ("child_page", "Notes"), ("child_database", "Elsewhere")]
    assert await listed() == seen
    blocks = (await notion.blocks.children.list(stand_in.parent_page_id))["results"]
    database = await notion.databases.retrieve(blocks[0]["id"])
    assert database["parent"] == {"type": "page_id", "page_id": stand_in.parent_page_id}
    assert (await refused(notion.databases.retrieve(blocks[2]["id"]))).code == "object_not_found"
    await notion.databases.update(database["id"], in_trash=True)
    await notion.pages.update(page["id"], in_trash=True)
    assert await listed() == seen[2:]


async def test_trash_of_a_database(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A database in the trash says so, with its data source; neither is queried, changed, nor its rows edited."""
    source = await make_log(notion, stand_in)
    page = await add(notion, source, Name=title("a"))
    stand_in.trash("Job Log")
    retrieved = await notion.data_sources.retrieve(source)
    assert retrieved["in_trash"] is True
    assert (await notion.databases.retrieve(retrieved["parent"]["database_id"]))["in_trash"] is True
    assert (await refused(notion.data_sources.query(source))).code == "object_not_found"
    assert ANCESTOR in str(await refused(notion.pages.update(page["id"], properties={"Score": {"number": 1}})))
    for edit in (add(notion, source, Name=title("b")), notion.data_sources.update(source, properties={})):
        assert str(await refused(edit)) == ARCHIVED


async def test_trash_of_the_page(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """What is in a page in the trash does not say so itself, but is not edited, and nothing new is made there."""
    source = await make_log(notion, stand_in)
    page = await add(notion, source, Name=title("a"))
    stand_in.trash_page(stand_in.parent_page_id)
    assert (await notion.data_sources.retrieve(source))["in_trash"] is False
    for edit in (add(notion, source, Name=title("b")), notion.pages.update(page["id"], properties={})):
        assert ANCESTOR in str(await refused(edit))
    assert str(await refused(make_log(notion, stand_in))) == ARCHIVED


async def test_what_is_not_shared_is_not_found(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """Without access to the page nothing in it is there for the integration; with it, all is as it was."""
    source = await make_log(notion, stand_in)
    page = await add(notion, source, Name=title("a"))
    stand_in.unshare(stand_in.parent_page_id)
    asked = (
        notion.blocks.children.list(stand_in.parent_page_id),
        notion.data_sources.query(source),
        notion.pages.update(page["id"], properties={}),
        make_log(notion, stand_in),
    )
    for call in asked:
        error = await refused(call)
        assert (error.status, error.code) == (404, "object_not_found")
    stand_in.share(stand_in.parent_page_id)
    assert len((await notion.data_sources.query(source))["results"]) == 1


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"Link": {"url": "https://example.org/" + "x" * 2000}}, "properties.Link.url.length should be ≤ `2000`"),
        ({"Mail": {"email": "x" * 201}}, "properties.Mail.email.length should be ≤ `200`"),
        ({"Phone": {"phone_number": "1" * 201}}, "properties.Phone.phone_number.length should be ≤ `200`"),
        (
            {"Tags": {"multi_select": [{"name": str(n)} for n in range(101)]}},
            "Tags.multi_select.length should be ≤ `100`",
        ),
        ({"Type": {"select": {"name": "x" * 101}}}, "limited to 100 characters"),
        (
            {"Note": {"rich_text": [{"text": {"content": "x", "link": {"url": "h" * 2001}}}]}},
            "rich_text[0].text.link.url.length should be ≤ `2000`",
        ),
        ({"Note": {"rich_text": [{"text": {"content": "x"}}] * 101}}, "rich_text.length should be ≤ `100`"),
        ({"Note": {"rich_text": [{"text": {"content": "x" * 500_000}}]}}, "should be ≤ `500000`"),
    ],
)
async def test_lengths(notion: AsyncClient, stand_in: NotionStandIn, cells: dict[str, Any], message: str) -> None:
    """What is longer than Notion takes is a validation_error that names the limit."""
    error = await refused(add(notion, await make_log(notion, stand_in), **cells))
    assert (error.code, message in str(error)) == ("validation_error", True)


async def test_blocks_in_one_request(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A request takes a thousand blocks, those within others counted."""
    inner = [{"paragraph": text("in")}] * 100
    children = [{"toggle": {**text("out"), "children": inner}}] * 10
    error = await refused(notion.blocks.children.append(stand_in.parent_page_id, children=children))
    assert "should be ≤ `1000`, instead was `1010`." in str(error)


async def test_number_formats_come_from_a_list(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A number column in a format that Notion does not have is refused, one that it has is kept."""
    error = await refused(make_log(notion, stand_in, Cost={"number": {"format": "doubloons"}}))
    assert (error.code, "Cost.number.format should be" in str(error)) == ("validation_error", True)
    source = await make_log(notion, stand_in, Cost={"number": {"format": "euro"}})
    assert (await notion.data_sources.retrieve(source))["properties"]["Cost"]["number"] == {"format": "euro"}


async def test_title_without_its_inner_key(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A title may be given as its texts alone, for a page and for a row."""
    texts = [{"text": {"content": "Plain"}}]
    page = await notion.pages.create(parent={"page_id": stand_in.parent_page_id}, properties={"title": texts})
    assert page["properties"]["title"]["title"][0]["plain_text"] == "Plain"
    await add(notion, await make_log(notion, stand_in), Name=texts)
    assert [row["Name"] for row in stand_in.rows("Job Log")] == ["Plain"]


async def test_columns_by_id(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """Cells and filters name a column by its name or by its id, decoded; the id stays when the column is renamed."""
    source = await make_log(notion, stand_in)
    shown = {name: column["id"] for name, column in (await notion.data_sources.retrieve(source))["properties"].items()}
    assert "is not a property that exists" in str(await refused(add(notion, source, **{shown["Note"]: text("hello")})))
    ids = {name: unquote(identifier) for name, identifier in shown.items()}
    stand_in.reshape("Job Log", {"Note": {"name": "Remark"}})
    await add(notion, source, **{ids["Note"]: text("hello"), "title": title("a")})
    by_id = {"property": ids["Note"], "rich_text": {"equals": "hello"}}
    assert len((await notion.data_sources.query(source, filter=by_id))["results"]) == 1
    assert [(row["Name"], row["Remark"]) for row in stand_in.rows("Job Log")] == [("a", "hello")]


async def test_description_tells_databases_apart(notion: AsyncClient, stand_in: NotionStandIn) -> None:
    """A database's description is kept, changed, and given back where it is retrieved."""
    made = await notion.databases.create(
        parent={"type": "page_id", "page_id": stand_in.parent_page_id},
        title=[{"text": {"content": "Log"}}],
        description=[{"text": {"content": "first"}}],
        initial_data_source={"properties": {"Name": {"title": {}}}},
    )
    assert made["description"][0]["plain_text"] == "first"
    await notion.databases.update(made["id"], description=[{"text": {"content": "second"}}])
    assert (await notion.databases.retrieve(made["id"]))["description"][0]["plain_text"] == "second"
