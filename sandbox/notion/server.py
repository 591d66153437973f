"""Notion's API, versions 2025-09-03 and 2026-03-11: a database owns data sources, where rows are queried.

Source: https://developers.notion.com/reference and https://developers.notion.com/docs/upgrade-guide-2025-09-03
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.faults import Faults
from sandbox.memory import Memory
from sandbox.notion import blocks, properties, richtext
from sandbox.notion.errors import NotionError, rate_limited, unauthorized
from sandbox.notion.rate import RateLimit, Window
from sandbox.notion.routes import VERSIONS, Routes
from sandbox.notion.store import DataSource, Store


class NotWritten(AssertionError):
    """The rows that were waited for did not come."""


class NotionStandIn:
    """The stand-in below `/notion`; give `<sandbox>/notion` to notion-client as its base URL.

    Requests over Notion's budgets are always counted in `violations`, and answered with 429 if `enforce_rate` is set.
    """

    name = "notion"

    def __init__(
        self,
        *,
        token: str = "ntn_sandbox",
        enforce_rate: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.faults = Faults()
        self.served = 0  # requests that were not refused
        self.edits = 0  # those of them that made or changed a row
        self._store = Store(now)
        self._routes = Routes(self._store)
        self._token, self._enforce_rate = token, enforce_rate
        self._rate = RateLimit(clock)
        self._served = asyncio.Condition()

    def memory(self) -> Memory:
        """All that the workspace holds."""
        return self._store.memory()

    def remember(self, memory: Mapping[str, Any]) -> None:
        """Know what another one knew."""
        self._store.remember(memory)

    @property
    def parent_page_id(self) -> str:
        """The page that is shared with the integration from the start."""
        return self._store.root.id

    @property
    def violations(self) -> int:
        """Requests that were more than Notion allows."""
        return self._rate.violations

    def allow(self, *, connection: int | None = None, workspace: int | None = None) -> None:
        """Set how many requests a minute one connection may make, and all of the workspace's together, from now on."""
        self._rate.connection = Window(connection or self._rate.connection.budget)
        self._rate.workspace = Window(workspace or self._rate.workspace.budget)

    def limit_blocks(self, left: int | None) -> None:
        """A Free workspace where this many blocks may still be made; None: as many as one likes."""
        self._store.blocks_left = left

    def search_late(self, lag: timedelta, *unlisted: str) -> None:
        """Search finds what is older than `lag`, and never what is `unlisted`."""
        self._routes.search_lag = lag
        self._routes.unlisted.update(unlisted)

    def unshare(self, identifier: str) -> None:
        """Take the integration's access away from a page or database, and from all that is in it."""
        self._store.unshared.add(identifier)

    def share(self, identifier: str) -> None:
        """Give it back."""
        self._store.unshared.discard(identifier)

    def know_names_only(self) -> None:
        """Refuse columns by their ids in requests, should Notion not take them as we believe."""
        self._store.names_only = True

    def add_view(self, title: str) -> None:
        """Show a view of a database that is elsewhere on the shared page: it is listed, but cannot be retrieved."""
        block = {"object": "block", "id": str(uuid4()), "type": "child_database", "child_database": {"title": title}}
        self._store.root.blocks.append(block)

    def rows(self, title: str) -> list[dict[str, Any]]:
        """The rows of the data source with this title, oldest first, as plain values (`values.plain`)."""
        return self._rows_of(self._titled(title))

    def _rows_of(self, source: DataSource) -> list[dict[str, Any]]:
        return [page.plain() for page in reversed(self._store.rows(source))]

    def tables(self, title: str) -> list[tuple[str, list[dict[str, Any]]]]:
        """Description and rows, as `rows` gives them, of every database of this title that is not in the trash."""
        named = [each for each in self._store.databases.values() if each.name == title and not each.in_trash]
        return [(richtext.plain(each.description), self._rows_of(each.sources[0])) for each in named]

    async def wait_for(
        self, title: str, wanted: Callable[[list[dict[str, Any]]], bool], *, timeout: float = 20
    ) -> list[dict[str, Any]]:
        """The rows of the data source with this title, once they are as wanted.

        Raises NotWritten, with the rows as they are, where that does not come about within `timeout` seconds.
        """
        found: list[dict[str, Any]] = []
        try:
            async with asyncio.timeout(timeout), self._served:
                while True:
                    found = self.rows(title) if self._has(title) else []
                    if wanted(found):
                        return found
                    await self._served.wait()
        except TimeoutError:
            raise NotWritten(f"{title}, after {timeout:g} s: {found}") from None

    def _has(self, title: str) -> bool:
        return any(source.name == title and not source.in_trash for source in self._store.sources.values())

    def add_database(self, title: str, columns: Mapping[str, Any], *, below: str | None = None) -> str:
        """Add a database as a person would, status columns included, and return its data source's id.

        below: the page that it is on, another than the shared one (`add_page`).
        """
        made = properties.create(columns, "properties", by_api=False)
        parent = {"type": "page_id", "page_id": below or self.parent_page_id}
        heading = richtext.parse([{"text": {"content": title}}], "title")
        return self._store.add_database(parent, heading, made).sources[0].id

    def add_page(self, title: str) -> str:
        """Add a page of its own to the workspace, which the integration sees too; returns its id."""
        return self._store.add_page({"type": "workspace", "workspace": True}, None, {}, title).id

    def trash(self, title: str) -> None:
        """Move the database of this title to the trash as a person would."""
        source = self._titled(title)
        database = self._store.database(source.parent["database_id"])
        database.in_trash = True
        for each in database.sources:
            each.in_trash = True

    def trash_page(self, identifier: str, *, restore: bool = False) -> None:
        """Move a page to the trash as a person would, or bring it back; what is in it does not say so."""
        self._store.pages[identifier].in_trash = not restore

    def trash_rows(self, title: str) -> None:
        """Move every row of the data source of this title to the trash as a person would."""
        for page in self._store.rows(self._titled(title)):
            page.in_trash = True

    def trash_row(self, page: str) -> None:
        """Move one row to the trash as a person would."""
        self._store.pages[page].in_trash = True

    def pages(self, title: str) -> list[str]:
        """The pages of the rows of the data source with this title, oldest first."""
        return [page.id for page in reversed(self._store.rows(self._titled(title)))]

    def fill(self, page: str, cells: Mapping[str, Any]) -> None:
        """Change cells of a row as a person would, `cells` in the API's shape."""
        self._store.fill(self._store.pages[page], cells)

    def copy_row(self, page: str) -> str:
        """Duplicate a row as a person would: the copy has the same cells and text. Returns its page's id."""
        return self._store.copy(self._store.pages[page]).id

    def write_in(self, page: str, *lines: str) -> None:
        """Write lines into a row's page as a person would."""
        contents = [{"paragraph": {"rich_text": [{"text": {"content": line}}]}} for line in lines]
        self._store.append(self._store.pages[page], blocks.parse(contents))

    def reshape(self, title: str, changes: Mapping[str, Any]) -> None:
        """Change columns as a person would: `{"name": …}` renames, None deletes, another type changes it."""
        source = self._titled(title)
        self._store.reshape(source, properties.update(source.columns, changes, "properties"))

    def add_row(self, title: str, cells: Mapping[str, Any]) -> str:
        """Add a row as a person would, `cells` in the API's shape, and return the page's id."""
        source = self._titled(title)
        return self._store.add_page(source.row_parent(), source, cells).id

    def application(self) -> web.Application:
        application = web.Application(middlewares=[self.faults.middleware, self._guard])
        self._routes.register(application.router)
        return application

    async def close(self) -> None:
        """Nothing runs by itself here."""

    @web.middleware
    async def _guard(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        """Checks token, version and rate, and words every refusal as the API does."""
        try:
            self._admit(request)
            response = await handler(request)
        except NotionError as error:
            return error.response()
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            return NotionError(400, "invalid_request_url", "Invalid request URL.").response()
        self.served += 1
        self.edits += request.method in {"POST", "PATCH"} and "/pages" in request.path
        async with self._served:
            self._served.notify_all()
        return response

    def _admit(self, request: web.Request) -> None:
        if request.headers.get("Authorization") != f"Bearer {self._token}":
            raise unauthorized()
        version = request.headers.get("Notion-Version")
        if version not in VERSIONS:
            shown = "undefined" if version is None else json.dumps(version)
            known = " or ".join(f'`"{one}"`' for one in VERSIONS)
            words = f"Notion-Version header should be {known}, instead was `{shown}`."
            message = f"Notion-Version header failed validation: {words}"
            raise NotionError(400, "missing_version" if version is None else "validation_error", message)
        refused = self._rate.take()
        if refused is not None and self._enforce_rate:
            raise rate_limited(*refused)

    def _titled(self, title: str) -> DataSource:
        for source in self._store.sources.values():
            if source.name == title and not source.in_trash:
                return source
        raise KeyError(title)
