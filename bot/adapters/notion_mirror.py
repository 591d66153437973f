"""Notion through its SDK, API 2025-09-03: https://developers.notion.com/reference. A database owns a data source, and
rows are pages of the data source.
"""

import logging
from collections.abc import Mapping
from typing import Any

import httpx
from aiolimiter import AsyncLimiter
from notion_client import AsyncClient
from notion_client.errors import APIResponseError, HTTPResponseError, RequestTimeoutError

from bot.kernel.errors import ProviderError
from bot.mirror.model import KEY, Column, MirrorTable

LONGEST_TEXT = 2_000
LOGGER = logging.getLogger("notion_client")  # its own default writes to standard output
PASSING = frozenset([409, 429, 500, 502, 503, 504, 529])


class NotionMirror:
    """Databases and rows of the mirror, below one page. No bursts, so that none of the requests is refused."""

    def __init__(self, token: str, api_url: str, parent_page_id: str, requests_per_second: float) -> None:
        self._client = AsyncClient(auth=token, base_url=api_url, timeout_ms=20_000, retry=False, logger=LOGGER)
        self._parent = parent_page_id
        self._limiter = AsyncLimiter(1, 1 / requests_per_second)

    async def close(self) -> None:
        await self._client.aclose()

    async def user(self) -> str:
        """The integration's name, to prove that the token works."""
        return str((await self._ask(self._client.users.me()))["name"])

    async def parent(self) -> None:
        """See the page that the databases are below; raises ProviderError where the integration may not."""
        await self._ask(self._client.pages.retrieve(self._parent))

    async def find_table(self, table: MirrorTable) -> str | None:
        """The id of the table's data source below our page, or None."""
        query = {"query": table.name, "filter": {"property": "object", "value": "data_source"}}
        found = await self._ask(self._client.search(**query))
        for source in found["results"]:
            if _plain(source["title"]) == table.name:
                return str(source["id"])
        return None

    async def make_table(self, table: MirrorTable) -> str:
        """Make the database; returns the id of its data source."""
        properties: dict[str, Any] = {name: {column.value: {}} for name, column in table.columns.items()}
        made = await self._ask(
            self._client.databases.create(
                parent={"type": "page_id", "page_id": self._parent},
                title=[{"type": "text", "text": {"content": table.name}}],
                initial_data_source={"properties": properties},
            )
        )
        return str(made["data_sources"][0]["id"])

    async def find_row(self, source: str, key: str) -> str | None:
        """The page id of the row with our id, or None: asked before a row is made, so that none is made twice."""
        by_key = {"property": KEY, "rich_text": {"equals": key}}
        found = await self._ask(self._client.data_sources.query(source, filter=by_key, page_size=1))
        return str(found["results"][0]["id"]) if found["results"] else None

    async def make_row(self, source: str, table: MirrorTable, values: Mapping[str, Any]) -> str:
        """Make a row; returns its page id."""
        parent = {"type": "data_source_id", "data_source_id": source}
        made = await self._ask(self._client.pages.create(parent=parent, properties=_properties(table, values)))
        return str(made["id"])

    async def change_row(self, page: str, table: MirrorTable, values: Mapping[str, Any]) -> None:
        await self._ask(self._client.pages.update(page, properties=_properties(table, values)))

    async def _ask(self, request: Any) -> Any:
        async with self._limiter:
            try:
                return await request
            except APIResponseError as error:
                after = error.headers.get("retry-after") if error.headers else None
                raise ProviderError(
                    "Notion",
                    str(error),
                    permanent=error.status not in PASSING,
                    retry_after=float(after) if after else None,
                ) from None
            except HTTPResponseError as error:
                raise ProviderError("Notion", str(error), permanent=error.status not in PASSING) from None
            except (TimeoutError, RequestTimeoutError, httpx.HTTPError) as error:
                raise ProviderError("Notion", f"no answer ({type(error).__name__})", unknown=True) from None


def _properties(table: MirrorTable, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _property(table.columns[name], value) for name, value in values.items()}


def _property(column: Column, value: Any) -> dict[str, Any]:
    match column:
        case Column.TITLE | Column.TEXT:
            return {column.value: [{"type": "text", "text": {"content": str(value)[:LONGEST_TEXT]}}]}
        case Column.NUMBER:
            return {"number": value}
        case Column.SELECT:
            return {"select": {"name": str(value).replace(",", " ")[:100]}}
        case Column.DATE:
            return {"date": None if value is None else {"start": value}}


def _plain(rich_text: list[dict[str, Any]]) -> str:
    return "".join(part.get("plain_text", "") for part in rich_text)
