"""What each of Notion's endpoints does. Source: https://developers.notion.com/reference"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from aiohttp import web

from sandbox.notion import blocks, filters, listing, properties, richtext, values
from sandbox.notion.errors import NotionError, invalid, invalid_body
from sandbox.notion.store import DataSource, Page, Store, to_minute

_SEARCHABLE = ("page", "data_source")


class Routes:
    """The endpoints over one store; each raises NotionError for what the API refuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def register(self, router: web.UrlDispatcher) -> None:
        """Add every endpoint."""
        router.add_get("/v1/users/me", self._me)
        router.add_post("/v1/search", self._search)
        router.add_post("/v1/databases", self._create_database)
        router.add_get("/v1/databases/{id}", self._retrieve_database)
        router.add_patch("/v1/databases/{id}", self._update_database)
        router.add_post("/v1/data_sources", self._create_source)
        router.add_get("/v1/data_sources/{id}", self._retrieve_source)
        router.add_patch("/v1/data_sources/{id}", self._update_source)
        router.add_post("/v1/data_sources/{id}/query", self._query)
        router.add_post("/v1/pages", self._create_page)
        router.add_get("/v1/pages/{id}", self._retrieve_page)
        router.add_patch("/v1/pages/{id}", self._update_page)
        router.add_get("/v1/blocks/{id}/children", self._list_children)
        router.add_patch("/v1/blocks/{id}/children", self._append_children)

    async def _me(self, _request: web.Request) -> web.Response:
        bot = {"owner": {"type": "workspace", "workspace": True}, "workspace_name": "Sandbox"}
        user = {
            "object": "user",
            "id": values.BOT_ID,
            "name": "EchoPilot",
            "avatar_url": None,
            "type": "bot",
            "bot": bot,
        }
        return web.json_response({**user, "request_id": str(uuid4())})

    async def _search(self, request: web.Request) -> web.Response:
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
            and kind in {None, "page" if isinstance(thing, Page) else "data_source"}
            and wanted in thing.name.lower()
        ]
        ascending = (body.get("sort") or {}).get("direction") == "ascending"
        found.sort(key=lambda thing: thing.edited, reverse=not ascending)
        shown = listing.page(found, body, "page_or_data_source", lambda thing: thing.to_json(), lambda thing: thing.id)
        return web.json_response(shown)

    async def _create_database(self, request: web.Request) -> web.Response:
        body = await _read(request)
        parent = body.get("parent")
        if not isinstance(parent, dict) or "page_id" not in parent:
            raise invalid_body("parent.page_id", "be defined", None, undefined=True)
        page = self._store.page(str(parent["page_id"]))
        initial = body.get("initial_data_source")
        if not isinstance(initial, dict):
            raise invalid_body("initial_data_source", "be an object", initial, undefined=initial is None)
        columns = properties.create(initial.get("properties"), "initial_data_source.properties")
        title = richtext.parse(body.get("title", []), "title")
        made = self._store.add_database({"type": "page_id", "page_id": page.id}, title, columns)
        return web.json_response(made.to_json())

    async def _retrieve_database(self, request: web.Request) -> web.Response:
        return web.json_response(self._store.database(request.match_info["id"]).to_json())

    async def _update_database(self, request: web.Request) -> web.Response:
        database, body = self._store.database(request.match_info["id"]), await _read(request)
        title = richtext.parse(body["title"], "title") if "title" in body else database.title
        database.title, database.in_trash = title, _trashed(body, database.in_trash)
        for source in database.sources:
            source.in_trash = database.in_trash
        database.edited = self._store.now()
        return web.json_response(database.to_json())

    async def _create_source(self, request: web.Request) -> web.Response:
        body = await _read(request)
        parent = body.get("parent")
        if not isinstance(parent, dict) or "database_id" not in parent:
            raise invalid_body("parent.database_id", "be defined", None, undefined=True)
        database = self._store.database(str(parent["database_id"]))
        columns = properties.create(body.get("properties"), "properties")
        source = self._store.add_source(database, richtext.parse(body.get("title", []), "title"), columns)
        return web.json_response(source.to_json())

    async def _retrieve_source(self, request: web.Request) -> web.Response:
        return web.json_response(self._store.source(request.match_info["id"]).to_json())

    async def _update_source(self, request: web.Request) -> web.Response:
        source, body = self._store.source(request.match_info["id"]), await _read(request)
        title = richtext.parse(body["title"], "title") if "title" in body else source.title
        columns = properties.update(source.columns, body.get("properties", {}), "properties")
        self._store.reshape(source, columns)
        source.title, source.in_trash = title, _trashed(body, source.in_trash)
        return web.json_response(source.to_json())

    async def _query(self, request: web.Request) -> web.Response:
        source, body = self._store.source(request.match_info["id"]), await _read(request)
        pages = {page.id: page for page in self._store.rows(source)}
        rows = [filters.Row(page.id, page.plain(), _times(page)) for page in pages.values()]
        if body.get("filter") is not None:
            keep = filters.compile_filter(body["filter"], source.columns, self._store.now())
            rows = [row for row in rows if keep(row)]
        rows = filters.sort_rows(rows, body.get("sorts", []), source.columns)
        found = [pages[row.page_id] for row in rows]
        shown = listing.page(found, body, "page_or_data_source", lambda page: page.to_json(), lambda page: page.id)
        return web.json_response(shown)

    async def _create_page(self, request: web.Request) -> web.Response:
        body = await _read(request)
        parent = body.get("parent")
        if not isinstance(parent, dict) or not ({"data_source_id", "page_id"} & set(parent)):
            raise invalid_body("parent.data_source_id", "be defined", None, undefined=True)
        children = blocks.parse(body.get("children", []))
        cells = body.get("properties", {})
        if "data_source_id" in parent:
            source = self._store.source(str(parent["data_source_id"]))
            page = self._store.add_page(source.row_parent(), source, cells)
        else:
            above = self._store.page(str(parent["page_id"]))
            page = self._store.add_page({"type": "page_id", "page_id": above.id}, None, cells)
        self._store.append(page, children)
        return web.json_response(page.to_json())

    async def _retrieve_page(self, request: web.Request) -> web.Response:
        return web.json_response(self._store.page(request.match_info["id"]).to_json())

    async def _update_page(self, request: web.Request) -> web.Response:
        page, body = self._store.page(request.match_info["id"]), await _read(request)
        in_trash = _trashed(body, page.in_trash)
        if page.in_trash and in_trash:
            raise invalid("Can't edit block that is archived. You must unarchive the block before editing.")
        self._store.fill(page, body.get("properties", {}))
        page.in_trash = in_trash
        return web.json_response(page.to_json())

    async def _list_children(self, request: web.Request) -> web.Response:
        page = self._store.page(request.match_info["id"])
        shown = listing.page(page.blocks, request.query, "block", dict, lambda block: str(block["id"]))
        return web.json_response(shown)

    async def _append_children(self, request: web.Request) -> web.Response:
        page, body = self._store.page(request.match_info["id"]), await _read(request)
        added = self._store.append(page, blocks.parse(body.get("children")))
        return web.json_response(listing.page(added, {}, "block", dict, lambda block: str(block["id"])))


async def _read(request: web.Request) -> dict[str, Any]:
    text = await request.text()
    try:
        body = json.loads(text or "{}")
    except ValueError as error:
        raise NotionError(400, "invalid_json", "Error parsing JSON body.") from error
    if not isinstance(body, dict):
        raise invalid("body failed validation: body should be an object.")
    return body


def _trashed(body: Mapping[str, Any], before: bool) -> bool:
    return bool(body.get("in_trash", body.get("archived", before)))


def _times(page: Page) -> dict[str, str]:
    return {"created_time": to_minute(page.created), "last_edited_time": to_minute(page.edited)}
