"""What the workspace holds: databases, their data sources, pages and blocks, and how each looks over the wire."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from sandbox.memory import Remembering
from sandbox.notion import properties, richtext, values
from sandbox.notion.errors import archived, block_limit, invalid, not_found
from sandbox.notion.properties import Property

_T = TypeVar("_T")
_Thing = TypeVar("_Thing", bound="Thing")
_BY_BOT = {"object": "user", "id": values.BOT_ID}


@dataclass
class Thing:
    """What every object has; times are UTC and shown to the minute, as Notion shows them."""

    parent: dict[str, Any]
    created: datetime
    edited: datetime
    id: str = field(default_factory=lambda: str(uuid4()))
    in_trash: bool = False

    def head(self, kind: str) -> dict[str, Any]:
        return {
            "object": kind,
            "id": self.id,
            "created_time": to_minute(self.created),
            "last_edited_time": to_minute(self.edited),
            "created_by": _BY_BOT,
            "last_edited_by": _BY_BOT,
            "parent": self.parent,
            "archived": self.in_trash,
            "in_trash": self.in_trash,
        }


@dataclass
class DataSource(Thing):
    """A table: `columns` by name."""

    title: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[str, Property] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return richtext.plain(self.title)

    def row_parent(self) -> dict[str, Any]:
        return {"type": "data_source_id", "data_source_id": self.id, "database_id": self.parent["database_id"]}

    def to_json(self) -> dict[str, Any]:
        extra: dict[str, Any] = {"icon": None, "description": [], "url": _url(self.id), "public_url": None}
        return {**self.head("data_source"), "title": self.title, "properties": self.columns, **extra}


@dataclass
class Database(Thing):
    """A container of data sources."""

    title: list[dict[str, Any]] = field(default_factory=list)
    sources: list[DataSource] = field(default_factory=list)
    description: list[dict[str, Any]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return richtext.plain(self.title)

    def to_json(self) -> dict[str, Any]:
        listed = [{"id": source.id, "name": source.name} for source in self.sources if not source.in_trash]
        extra: dict[str, Any] = {"icon": None, "cover": None, "is_inline": False, "is_locked": False}
        return {
            **self.head("database"),
            "title": self.title,
            "description": self.description,
            "data_sources": listed,
            "url": _url(self.id),
            "public_url": None,
            **extra,
        }


@dataclass
class Page(Thing):
    """A row of a data source, or a page below another; `cells` by property name, `blocks` in order."""

    source: DataSource | None = None
    cells: dict[str, Any] = field(default_factory=dict)
    blocks: list[dict[str, Any]] = field(default_factory=list)

    def columns(self) -> Mapping[str, Property]:
        return _PAGE_COLUMNS if self.source is None else self.source.columns

    def to_json(self) -> dict[str, Any]:
        rendered = {name: values.render(column, self._cell(name, column)) for name, column in self.columns().items()}
        extra = {"icon": None, "cover": None, "is_locked": False, "url": _url(self.id), "public_url": None}
        return {**self.head("page"), "properties": rendered, **extra}

    def plain(self) -> dict[str, Any]:
        """Plain Python values by property name (`sandbox.notion.values.plain`)."""
        return {name: values.plain(column["type"], self._cell(name, column)) for name, column in self.columns().items()}

    @property
    def name(self) -> str:
        return next(str(self.plain()[name]) for name, column in self.columns().items() if column["type"] == "title")

    def _cell(self, name: str, column: Property) -> Any:
        if column["type"] == "created_time":
            return to_minute(self.created)
        return to_minute(self.edited) if column["type"] == "last_edited_time" else self.cells.get(name)


class Store(Remembering):
    """All objects by id; ids are taken with and without dashes. `now` gives the time in UTC.

    unshared: ids of what the integration may not see, with all that is in it.
    blocks_left: how many blocks may still be made; None: any number.
    """

    REMEMBERED = ("unshared", "blocks_left", "names_only", "databases", "sources", "pages", "root")

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.unshared: set[str] = set()
        self.blocks_left: int | None = None
        self.names_only = False
        self.databases: dict[str, Database] = {}
        self.sources: dict[str, DataSource] = {}
        self.pages: dict[str, Page] = {}
        self.root = self.add_page({"type": "workspace", "workspace": True}, None, {}, "EchoPilot")

    def add_database(
        self,
        parent: dict[str, Any],
        title: list[dict[str, Any]],
        columns: dict[str, Property],
        description: list[dict[str, Any]] | None = None,
    ) -> Database:
        self._spend_blocks(1)
        database = Database(parent, self.now(), self.now(), title=title, description=description or [])
        self.databases[database.id] = database
        self.add_source(database, title, columns)
        self._show_in(parent, "child_database", database.id)
        return database

    def add_source(self, database: Database, title: list[dict[str, Any]], columns: dict[str, Property]) -> DataSource:
        parent = {"type": "database_id", "database_id": database.id}
        source = DataSource(parent, self.now(), self.now(), title=title, columns=columns)
        self.sources[source.id] = source
        database.sources.append(source)
        return source

    def add_page(
        self, parent: dict[str, Any], source: DataSource | None, given: Mapping[str, Any], title: str = ""
    ) -> Page:
        """A new page; raises NotionError 400 before anything is kept."""
        page = Page(parent, self.now(), self.now(), source=source)
        self.fill(page, {"title": {"title": [{"text": {"content": title}}]}} if title else given)
        self._spend_blocks(1)
        self.pages[page.id] = page
        self._show_in(parent, "child_page", page.id)
        return page

    def fill(self, page: Page, given: object) -> None:
        """Set cells, all or none; new select options become part of the column."""
        columns = copy.deepcopy(dict(page.columns()))
        unknown = [key for key in given if key not in columns] if self.names_only and isinstance(given, Mapping) else []
        if unknown:
            raise invalid(f"{unknown[0]} is not a property that exists.")
        cells = values.parse(columns, given)
        page.cells |= cells
        page.edited = self.now()
        if page.source is not None:
            page.source.columns = columns

    def copy(self, page: Page) -> Page:
        """Another page with the same cells and blocks."""
        self._spend_blocks(1)
        same = Page(page.parent, self.now(), self.now(), source=page.source)
        same.cells, same.blocks = copy.deepcopy(page.cells), copy.deepcopy(page.blocks)
        self.pages[same.id] = same
        return same

    def reshape(self, source: DataSource, columns: dict[str, Property]) -> None:
        """Give the data source these columns; rows keep what still fits, under its new name."""
        fits = {(column["id"], column["type"]): name for name, column in columns.items()}
        moved = {name: fits.get((column["id"], column["type"])) for name, column in source.columns.items()}
        for page in self.pages.values():
            if page.source is source:
                page.cells = {new: cell for name, cell in page.cells.items() if (new := moved.get(name))}
        source.columns, source.edited = columns, self.now()

    def append(self, page: Page, contents: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Add blocks at the end of a page and return them."""
        self._spend_blocks(len(contents))
        parent = {"type": "page_id", "page_id": page.id}
        added = [
            {**Thing(parent, self.now(), self.now()).head("block"), "has_children": False, **content}
            for content in contents
        ]
        page.blocks.extend(added)
        return added

    def children(self, page: Page) -> list[dict[str, Any]]:
        """The page's blocks in order; those of databases and pages below it by their names now, none in the trash."""
        return [shown for block in page.blocks if (shown := self._child(block)) is not None]

    def _child(self, block: dict[str, Any]) -> dict[str, Any] | None:
        """A block as it is listed; None where what it stands for is in the trash or may not be seen."""
        kind = block["type"]
        if kind not in {"child_database", "child_page"}:
            return block
        child = self.databases.get(block["id"]) or self.pages.get(block["id"])
        if child is None:  # a view of another database
            return block
        if child.in_trash or child.id in self.unshared:
            return None
        return {**child.head("block"), "has_children": kind == "child_page", "type": kind, kind: {"title": child.name}}

    def _show_in(self, parent: Mapping[str, Any], kind: str, identifier: str) -> None:
        above = self.pages.get(str(parent.get("page_id")))
        if above is not None:
            above.blocks.append({"type": kind, "id": identifier})

    def _spend_blocks(self, count: int) -> None:
        if self.blocks_left is not None:
            if count > self.blocks_left:
                raise block_limit()
            self.blocks_left -= count

    def rows(self, source: DataSource) -> list[Page]:
        """The rows that are not in the trash, newest first."""
        own = [page for page in self.pages.values() if page.source is source and not page.in_trash]
        return own[::-1]

    def database(self, identifier: str) -> Database:
        """Raises NotionError 404 for what is not there or not shared, as its kin below do."""
        return self._visible(_found(self.databases, identifier, "database"), "database")

    def source(self, identifier: str) -> DataSource:
        return self._visible(_found(self.sources, identifier, "data_source"), "data_source")

    def page(self, identifier: str) -> Page:
        return self._visible(_found(self.pages, identifier, "page"), "page")

    def editable(self, thing: _Thing) -> _Thing:
        """The thing; raises NotionError 400 where it, or what it is in, is in the trash."""
        if thing.in_trash:
            raise archived()
        if any(above.in_trash for above in self._above(thing)):
            raise archived(ancestor=True)
        return thing

    def sees(self, thing: Thing) -> bool:
        """Whether the thing is shared with the integration, by itself or by what it is in."""
        return not self.unshared.intersection([thing.id, *(above.id for above in self._above(thing))])

    def _visible(self, thing: _Thing, kind: str) -> _Thing:
        if not self.sees(thing):
            raise not_found(kind, thing.id)
        return thing

    def _above(self, thing: Thing) -> list[Thing]:
        """What the thing is in, from the nearest on."""
        every: dict[str, Thing] = {**self.databases, **self.sources, **self.pages}
        found: list[Thing] = []
        while (above := every.get(str(thing.parent.get(str(thing.parent.get("type")))))) is not None:
            found.append(above)
            thing = above
        return found


def to_minute(moment: datetime) -> str:
    """The time as Notion tells it, to the minute."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:00.000Z")


def _found(among: Mapping[str, _T], identifier: str, kind: str) -> _T:
    try:
        normal = str(UUID(identifier))
    except ValueError as error:
        message = f'path failed validation: path.{kind}_id should be a valid uuid, instead was `"{identifier}"`.'
        raise invalid(message) from error
    if normal not in among:
        raise not_found(kind, normal)
    return among[normal]


def _url(identifier: str) -> str:
    return f"https://www.notion.so/{identifier.replace('-', '')}"


_PAGE_COLUMNS = properties.create({"title": {"title": {}}}, "properties")
