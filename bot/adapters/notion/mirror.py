"""Notion through its SDK, API 2025-09-03: https://developers.notion.com/reference. A database owns a data source, and
rows are pages of the data source.
"""

import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import httpx
from aiolimiter import AsyncLimiter
from notion_client import AsyncClient
from notion_client.errors import APIResponseError, HTTPResponseError, RequestTimeoutError

from bot.adapters.odd_answers import answered_by
from bot.kernel.errors import ProviderError
from bot.mirror.cells import cleaned, pieces
from bot.mirror.model import KEY, Column, Integration, MirrorTable, Place, Rows, Seen, Shown, Trouble, link
from bot.mirror.ports import Gone, News, Withheld

AT_ONCE = 100  # rows or blocks in an answer
MOST_BLOCKS = 1_000  # of a page that are read
FREE_UPLOAD_BYTES = 5 * 1024 * 1024  # https://developers.notion.com/guides/data-apis/working-with-files-and-media
LOGGER = logging.getLogger("notion_client")  # its own default writes to standard output
PASSING = frozenset([408, 409, 425, 429, 500, 502, 503, 504, 529])
_IN_TRASH = re.compile(r"archived|in_trash|in the trash", re.IGNORECASE)
_FULL = re.compile(r"block.?limit|block.?usage|upgrade", re.IGNORECASE)


class NotionMirror:
    """Databases and rows of the mirror, below one page, at an even pace: Notion's budgets are not known beforehand."""

    def __init__(self, token: str, api_url: str, parent_page_id: str, requests_per_second: float) -> None:
        self._client = AsyncClient(auth=token, base_url=api_url, timeout_ms=20_000, retry=False, logger=LOGGER)
        self._parent = parent_page_id
        self._limiter = AsyncLimiter(1, 1 / requests_per_second)

    async def close(self) -> None:
        await self._client.aclose()

    @answered_by("Notion")
    async def user(self) -> Integration:
        """The integration, to prove that the token works."""
        me = await self._ask(self._client.users.me())
        limits = me.get("bot", {}).get("workspace_limits") or {}
        largest = limits.get("max_file_upload_size_in_bytes")
        return Integration(str(me["name"]), free=largest is not None and largest <= FREE_UPLOAD_BYTES)

    @answered_by("Notion")
    async def parent(self) -> None:
        """See `bot.mirror.ports.Mirror`."""
        page = await self._ask(self._client.pages.retrieve(self._parent))
        if page.get("in_trash"):
            raise Gone("Notion", "the page is in the trash")

    @answered_by("Notion")
    async def find_table(self, table: MirrorTable, mark: str) -> str | None:
        """See `bot.mirror.ports.Mirror`. The page's children are listed, since search finds late and not all."""
        titles = [(block["child_database"]["title"], block["id"]) async for block in self._databases()]
        for _, database in sorted(titles, key=lambda child: child[0] != table.name):
            try:
                shown = await self._ask(self._client.databases.retrieve(database))
            except Gone:  # a view of a database that is elsewhere
                continue
            if not shown.get("in_trash") and self._is_below(shown) and mark in _plain(shown.get("description") or []):
                for source in shown["data_sources"][:1]:
                    return str(source["id"])
        return None

    @answered_by("Notion")
    async def make_table(self, table: MirrorTable, mark: str, links: Mapping[str, str]) -> str:
        """See `bot.mirror.ports.Mirror`."""
        made = await self._ask(
            self._client.databases.create(
                parent={"type": "page_id", "page_id": self._parent},
                title=_text(table.name),
                description=_text(mark),
                initial_data_source={"properties": _new(table.columns, links)},
            )
        )
        return str(made["data_sources"][0]["id"])

    @answered_by("Notion")
    async def see(self, source: str) -> Seen:
        """See `bot.mirror.ports.Mirror`."""
        shown = await self._ask(self._client.data_sources.retrieve(source))
        database = await self._ask(self._client.databases.retrieve(shown["parent"]["database_id"]))
        if shown.get("in_trash") or database.get("in_trash"):
            raise Gone("Notion", "the database is in the trash")
        columns = {unquote(column["id"]): (name, _type(column)) for name, column in shown["properties"].items()}
        return Seen(str(database["id"]), _plain(database.get("description") or []), self._is_below(database), columns)

    @answered_by("Notion")
    async def describe(self, database: str, description: str) -> None:
        await self._ask(self._client.databases.update(database, description=_text(description)))

    @answered_by("Notion")
    async def add_columns(
        self, source: str, columns: Mapping[str, Column], links: Mapping[str, str]
    ) -> Mapping[str, str]:
        """See `bot.mirror.ports.Mirror`."""
        shown = await self._ask(self._client.data_sources.update(source, properties=_new(columns, links)))
        return {name: unquote(column["id"]) for name, column in shown["properties"].items()}

    @answered_by("Notion")
    async def find_row(self, place: Place, keys: Sequence[str]) -> str | None:
        """See `bot.mirror.ports.Mirror`; asked before a row is made, so that none is made twice."""
        by_key = [{"property": place.columns[KEY], "rich_text": {"equals": key}} for key in keys]
        found = await self._ask(self._client.data_sources.query(place.source, filter={"or": by_key}, page_size=1))
        return str(found["results"][0]["id"]) if found["results"] else None

    @answered_by("Notion")
    async def make_row(self, place: Place, table: MirrorTable, values: Mapping[str, Any]) -> str:
        """See `bot.mirror.ports.Mirror`."""
        parent = {"type": "data_source_id", "data_source_id": place.source}
        made = await self._ask(self._client.pages.create(parent=parent, properties=_properties(place, table, values)))
        return str(made["id"])

    @answered_by("Notion")
    async def change_row(self, page: str, place: Place, table: MirrorTable, values: Mapping[str, Any]) -> None:
        await self._ask(self._client.pages.update(page, properties=_properties(place, table, values)))

    @answered_by("Notion")
    async def rows(self, place: Place, table: MirrorTable, cursor: str | None = None, news: News | None = None) -> Rows:
        """See `bot.mirror.ports.Mirror`."""
        given: dict[str, Any] = {} if cursor is None else {"start_cursor": cursor}
        if news is not None:
            ticked = {"property": place.columns[news.ticked], "checkbox": {"equals": True}}
            since = {"on_or_after": news.since.isoformat(timespec="seconds")}
            edited = {"timestamp": "last_edited_time", "last_edited_time": since}
            given["filter"] = {"or": [ticked, edited]}
        found = await self._ask(self._client.data_sources.query(place.source, page_size=AT_ONCE, **given))
        named = {at: name for name, at in place.columns.items()}
        read = [_shown(page, named, table, by_name=place.by_name) for page in found["results"]]
        return Rows(read, str(found["next_cursor"]) if found["has_more"] else None)

    @answered_by("Notion")
    async def trash_row(self, page: str) -> None:
        await self._ask(self._client.pages.update(page, in_trash=True))

    @answered_by("Notion")
    async def text_of(self, page: str) -> str:
        """See `bot.mirror.ports.Mirror`."""
        lines = []
        async for block in self._blocks(page):
            content = block.get(block["type"])
            if isinstance(content, Mapping) and isinstance(content.get("rich_text"), list):
                lines.append(_plain(content["rich_text"]))
            if len(lines) >= MOST_BLOCKS:
                break
        return "\n".join(lines).strip()

    async def _databases(self) -> AsyncIterator[dict[str, Any]]:
        async for block in self._blocks(self._parent):
            if block["type"] == "child_database":
                yield block

    async def _blocks(self, page: str) -> AsyncIterator[dict[str, Any]]:
        cursor: dict[str, Any] = {}
        while True:
            listed = await self._ask(self._client.blocks.children.list(page, page_size=AT_ONCE, **cursor))
            for block in listed["results"]:
                yield block
            if not listed["has_more"]:
                return
            cursor = {"start_cursor": listed["next_cursor"]}

    def _is_below(self, database: Mapping[str, Any]) -> bool:
        return _bare(str(database["parent"].get("page_id"))) == _bare(self._parent)

    async def _ask(self, request: Any) -> Any:
        async with self._limiter:
            try:
                return await request
            except APIResponseError as error:
                raise _decided(error) from None
            except HTTPResponseError as error:
                passing = error.status in PASSING
                after = _seconds(error.headers)
                raise ProviderError("Notion", str(error), permanent=not passing, retry_after=after) from None
            except json.JSONDecodeError:
                raise ProviderError("Notion", "an answer that cannot be read", unknown=True) from None
            except (TimeoutError, RequestTimeoutError, httpx.HTTPError) as error:
                raise ProviderError("Notion", f"no answer ({type(error).__name__})", unknown=True) from None


def _decided(error: APIResponseError) -> ProviderError:
    words = str(error)
    if error.status in PASSING:
        return ProviderError("Notion", words, retry_after=_seconds(error.headers))
    if _FULL.search(f"{words} {error.additional_data or ''}"):
        return Withheld("Notion", words, Trouble.FULL)
    if error.status in {401, 403}:
        return Withheld("Notion", words, Trouble.NO_ENTRY)
    if error.status == 404 or (error.status == 400 and _IN_TRASH.search(words)):
        return Gone("Notion", words)
    return ProviderError("Notion", words, permanent=True)


def _seconds(headers: httpx.Headers | None) -> float | None:
    after = headers.get("retry-after", "") if headers else ""
    return float(after) if after.replace(".", "", 1).isdecimal() else None


def _new(columns: Mapping[str, Column], links: Mapping[str, str]) -> dict[str, Any]:
    return {
        name: {"relation": {"data_source_id": links[name], "type": "single_property", "single_property": {}}}
        if name in links
        else {column.value: {}}
        for name, column in columns.items()
    }


def _type(column: Mapping[str, Any]) -> str:
    if column["type"] != Column.RELATION:
        return str(column["type"])
    return link(str((column["relation"] or {}).get("data_source_id")))


def _properties(place: Place, table: MirrorTable, values: Mapping[str, Any]) -> dict[str, Any]:
    """Cells by the ids of their columns: a column that people renamed is still the same.

    An id is shown as a URL needs it; here it stands without that, as it was seen in Notion's own words.
    """
    return {place.columns[name]: _property(table.columns[name], value) for name, value in values.items()}


def _property(column: Column, value: Any) -> dict[str, Any]:
    value = cleaned(column, value)
    match column:
        case Column.TITLE | Column.TEXT:
            return {column.value: _text(value)}
        case Column.SELECT:
            return {"select": None if value is None else {"name": value}}
        case Column.DATE:
            return {"date": None if value is None else {"start": value}}
        case Column.RELATION:
            return {"relation": [{"id": page} for page in value]}
        case Column.NUMBER | Column.CHECKBOX | Column.EMAIL:
            return {column.value: value}


def _shown(page: Mapping[str, Any], named: Mapping[str, str], table: MirrorTable, *, by_name: bool) -> Shown:
    """A row by our names; of a column that is not ours nothing is read."""
    cells = {}
    for called, cell in page["properties"].items():
        name = named.get(called if by_name else unquote(cell["id"]))
        if name is not None:
            cells[name] = _READ[table.columns[name]](cell.get(table.columns[name].value))
    return Shown(str(page["id"]), cells.get(KEY) or "", cells)


_READ: Mapping[Column, Callable[[Any], Any]] = {
    Column.TITLE: lambda cell: _plain(cell or []),
    Column.TEXT: lambda cell: _plain(cell or []),
    Column.NUMBER: lambda cell: cell,
    Column.SELECT: lambda cell: cell and cell["name"],
    Column.DATE: lambda cell: cell and cell["start"],
    Column.CHECKBOX: bool,
    Column.EMAIL: lambda cell: cell,
    Column.RELATION: lambda cell: [str(one["id"]) for one in cell or []],
}


def _text(content: str) -> list[dict[str, Any]]:
    return [{"type": "text", "text": {"content": piece}} for piece in pieces(content)]


def _plain(rich_text: list[dict[str, Any]]) -> str:
    return "".join(part.get("plain_text", "") for part in rich_text)


def _bare(identifier: str) -> str:
    return identifier.replace("-", "").lower()
