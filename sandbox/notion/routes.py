"""What each of Notion's endpoints does. Source: https://developers.notion.com/reference"""

import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.notion import blocks, filters, listing, properties, richtext, values
from sandbox.notion.errors import NotionError, invalid, invalid_body, not_found
from sandbox.notion.store import DataSource, Page, Store, to_minute

NEWEST = "2026-03-11"  # https://developers.notion.com/guides/get-started/upgrade-guide-2026-03-11
VERSIONS = ("2025-09-03", NEWEST)
SEARCH_LAG = timedelta(minutes=2)  # Notion says "not immediate" and gives no number
LARGEST_BODY = 500_000
FREE_UPLOAD_BYTES, PAID_UPLOAD_BYTES = 5 * 1024**2, 5 * 1024**3  # .../guides/data-apis/working-with-files-and-media
Answer = dict[str, Any]
_SEARCHABLE = ("page", "data_source")


class Routes:
    """The endpoints over one store; each raises NotionError for what the API refuses.

    search_lag: how long search does not find what is new; unlisted: ids that it never finds.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.search_lag = SEARCH_LAG
        self.unlisted: set[str] = set()

    def register(self, router: web.UrlDispatcher) -> None:
        """Add every endpoint."""
        router.add_get("/v1/users/me", _answered(self._me))
        router.add_post("/v1/search", _answered(self._search))
        router.add_post("/v1/databases", _answered(self._create_database))
        router.add_get("/v1/databases/{id}", _answered(self._retrieve_database))
        router.add_patch("/v1/databases/{id}", _answered(self._update_database))
        router.add_post("/v1/data_sources", _answered(self._create_source))
        router.add_get("/v1/data_sources/{id}", _answered(self._retrieve_source))
        router.add_patch("/v1/data_sources/{id}", _answered(self._update_source))
        router.add_post("/v1/data_sources/{id}/query", _answered(self._query))
        router.add_post("/v1/pages", _answered(self._create_page))
        router.add_get("/v1/pages/{id}", _answered(self._retrieve_page))
        router.add_patch("/v1/pages/{id}", _answered(self._update_page))
        router.add_get("/v1/blocks/{id}/children", _answered(self._list_children))
        router.add_patch("/v1/blocks/{id}/children", _answered(self._append_children))

    async def _me(self, _request: web.Request) -> Answer:
        largest = FREE_UPLOAD_BYTES if self._store.blocks_left is not None else PAID_UPLOAD_BYTES
        limits = {"max_file_upload_size_in_bytes": largest}
        owner = {"type": "workspace", "workspace": True}
        bot = {"owner": owner, "workspace_name": "Sandbox", "workspace_limits": limits}
        user = {
            "object": "user",
            "id": values.BOT_ID,
            "name": "EchoPilot",
            "avatar_url": None,
            "type": "bot",
            "bot": bot,
        }
        return {**user, "request_id": str(uuid4())}

    async def _search(self, request: web.Request) -> Answer:
        body = await _read(request)
        kind = (body.get("filter") or {}).get("value")
        if kind not in {None, *_SEARCHABLE}:
            raise invalid_body("filter.value", 'be `"page"` or `"data_source"`', kind)
        everything: list[Page | DataSource] = [*self._store.sources.values(), *self._store.pages.values()]
        wanted = str(body.get("query") or "").lower()
        found = [
            thing
            for thing in everything
            if not thing.in_trash
            and self._is_indexed(thing)
            and kind in {None, "page" if isinstance(thing, Page) else "data_source"}
            and wanted in thing.name.lower()
        ]
        ascending = (body.get("sort") or {}).get("direction") == "ascending"
        found.sort(key=lambda thing: thing.edited, reverse=not ascending)
        return listing.page(found, body, "page_or_data_source", lambda thing: thing.to_json(), lambda thing: thing.id)

    def _is_indexed(self, thing: Page | DataSource) -> bool:
        old = self._store.now() - thing.created >= self.search_lag
        return old and thing.id not in self.unlisted and self._store.sees(thing)

    async def _create_database(self, request: web.Request) -> Answer:
        body = await _read(request)
        parent = body.get("parent")
        if not isinstance(parent, dict) or "page_id" not in parent:
            raise invalid_body("parent.page_id", "be defined", None, undefined=True)
        page = self._store.editable(self._store.page(str(parent["page_id"])))
        initial = body.get("initial_data_source")
        if not isinstance(initial, dict):
            raise invalid_body("initial_data_source", "be an object", initial, undefined=initial is None)
        columns = properties.create(initial.get("properties"), "initial_data_source.properties")
        title = richtext.parse(body.get("title", []), "title")
        description = richtext.parse(body.get("description", []), "description")
        made = self._store.add_database({"type": "page_id", "page_id": page.id}, title, columns, description)
        return made.to_json()

    async def _retrieve_database(self, request: web.Request) -> Answer:
        return self._store.database(request.match_info["id"]).to_json()

    async def _update_database(self, request: web.Request) -> Answer:
        database, body = self._store.database(request.match_info["id"]), await _read(request)
        title = richtext.parse(body["title"], "title") if "title" in body else database.title
        database.title, database.in_trash = title, _trashed(body, database.in_trash)
        if "description" in body:
            database.description = richtext.parse(body["description"], "description")
        for source in database.sources:
            source.in_trash = database.in_trash
        database.edited = self._store.now()
        return database.to_json()

    async def _create_source(self, request: web.Request) -> Answer:
        body = await _read(request)
        parent = body.get("parent")
        if not isinstance(parent, dict) or "database_id" not in parent:
            raise invalid_body("parent.database_id", "be defined", None, undefined=True)
        database = self._store.database(str(parent["database_id"]))
        columns = properties.create(body.get("properties"), "properties")
        source = self._store.add_source(database, richtext.parse(body.get("title", []), "title"), columns)
        return source.to_json()

    async def _retrieve_source(self, request: web.Request) -> Answer:
        return self._store.source(request.match_info["id"]).to_json()

    async def _update_source(self, request: web.Request) -> Answer:
        source, body = self._store.source(request.match_info["id"]), await _read(request)
        if "in_trash" not in body and "archived" not in body:
            self._store.editable(source)
        title = richtext.parse(body["title"], "title") if "title" in body else source.title
        columns = properties.update(source.columns, body.get("properties", {}), "properties")
        self._store.reshape(source, columns)
        source.title, source.in_trash = title, _trashed(body, source.in_trash)
        return source.to_json()

    async def _query(self, request: web.Request) -> Answer:
        source, body = self._store.source(request.match_info["id"]), await _read(request)
        if source.in_trash:
            raise not_found("data_source", source.id)
        pages = {page.id: page for page in self._store.rows(source)}
        rows = [filters.Row(page.id, page.plain(), _times(page)) for page in pages.values()]
        if body.get("filter") is not None:
            keep = filters.compile_filter(body["filter"], source.columns, self._store.now())
            rows = [row for row in rows if keep(row)]
        rows = filters.sort_rows(rows, body.get("sorts", []), source.columns)
        found = [pages[row.page_id] for row in rows]
        return listing.page(found, body, "page_or_data_source", lambda page: page.to_json(), lambda page: page.id)

    async def _create_page(self, request: web.Request) -> Answer:
        body = await _read(request)
        parent = body.get("parent")
        if not isinstance(parent, dict) or not ({"data_source_id", "page_id"} & set(parent)):
            raise invalid_body("parent.data_source_id", "be defined", None, undefined=True)
        children = blocks.parse(body.get("children", []))
        cells = body.get("properties", {})
        if "data_source_id" in parent:
            source = self._store.editable(self._store.source(str(parent["data_source_id"])))
            page = self._store.add_page(source.row_parent(), source, cells)
        else:
            above = self._store.editable(self._store.page(str(parent["page_id"])))
            page = self._store.add_page({"type": "page_id", "page_id": above.id}, None, cells)
        self._store.append(page, children)
        return page.to_json()

    async def _retrieve_page(self, request: web.Request) -> Answer:
        return self._store.page(request.match_info["id"]).to_json()

    async def _update_page(self, request: web.Request) -> Answer:
        page, body = self._store.page(request.match_info["id"]), await _read(request)
        in_trash = _trashed(body, page.in_trash)
        if in_trash or not page.in_trash:
            self._store.editable(page)
        self._store.fill(page, body.get("properties", {}))
        page.in_trash = in_trash
        return page.to_json()

    async def _list_children(self, request: web.Request) -> Answer:
        page = self._store.page(request.match_info["id"])
        blocks_now = self._store.children(page)
        return listing.page(blocks_now, request.query, "block", dict, lambda block: str(block["id"]))

    async def _append_children(self, request: web.Request) -> Answer:
        page, body = self._store.editable(self._store.page(request.match_info["id"])), await _read(request)
        _check_place(body, newest=_version(request) == NEWEST)
        added = self._store.append(page, blocks.parse(body.get("children")))
        return listing.page(added, {}, "block", dict, lambda block: str(block["id"]))


async def _read(request: web.Request) -> dict[str, Any]:
    text = await request.text()
    if len(text.encode()) > LARGEST_BODY:
        raise invalid_body("length", f"be ≤ `{LARGEST_BODY}`", len(text.encode()))
    try:
        body = json.loads(text or "{}")
    except ValueError as error:
        raise NotionError(400, "invalid_json", "Error parsing JSON body.") from error
    if not isinstance(body, dict):
        raise invalid("body failed validation: body should be an object.")
    if "archived" in body and _version(request) == NEWEST:
        raise invalid_body("archived", "be not present", body["archived"])
    return body


def _version(request: web.Request) -> str:
    return request.headers["Notion-Version"]


def _check_place(body: Mapping[str, Any], *, newest: bool) -> None:
    """Where new blocks go is said by `after`, in the newest version by `position`; each knows its own alone."""
    other = "after" if newest else "position"
    if other in body:
        raise invalid_body(other, "be not present", body[other])


def _answered(handler: Callable[[web.Request], Awaitable[Answer]]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(request: web.Request) -> web.Response:
        answered = await handler(request)
        return web.json_response(_without_archived(answered) if _version(request) == NEWEST else answered)

    return answer


def _without_archived(shown: Any) -> Any:
    """The same, as the newest version shows it: objects have `in_trash` alone."""
    if isinstance(shown, list):
        return [_without_archived(item) for item in shown]
    if not isinstance(shown, dict):
        return shown
    is_thing = {"object", "in_trash"} <= shown.keys()
    return {key: _without_archived(value) for key, value in shown.items() if not (is_thing and key == "archived")}


def _trashed(body: Mapping[str, Any], before: bool) -> bool:
    return bool(body.get("in_trash", body.get("archived", before)))


def _times(page: Page) -> dict[str, str]:
    return {"created_time": to_minute(page.created), "last_edited_time": to_minute(page.edited)}
