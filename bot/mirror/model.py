"""The mirror's databases: their names, what each column holds, and where each is kept."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import count
from typing import Any


class Column(StrEnum):
    """A Notion property type: https://developers.notion.com/reference/property-object"""

    TITLE = "title"
    TEXT = "rich_text"
    NUMBER = "number"
    SELECT = "select"
    DATE = "date"
    CHECKBOX = "checkbox"
    EMAIL = "email"
    RELATION = "relation"


KEY = "EchoPilot id"
HOURLY, DAILY = 1, 24


@dataclass(frozen=True, slots=True)
class RowId:
    """Which row of a table: the tenant's of that name (a number or a word), as of now."""

    tenant: str
    name: str
    now: datetime

    @property
    def number(self) -> int:
        """The name of a row that is about a row of ours."""
        return int(self.name)


@dataclass(frozen=True, slots=True)
class Batch:
    """Which names are asked for: the tenant's behind `after` ("": from the first on), `limit` at most, as of now."""

    tenant: str
    after: str
    limit: int
    now: datetime

    @property
    def behind(self) -> int:
        """The same, where names are numbers."""
        return int(self.after or 0)


Cells = Mapping[str, Any]


class Emptied(dict[str, Any]):
    """Cells of a row whose person is erased: columns that people fill in are written too."""


@dataclass(frozen=True, slots=True)
class MirrorTable:
    """One database. Every row carries our id in the column KEY, by which it is found again.

    kind: what its rows are about, as their keys begin ("brief:1042"). row: what the row of that name holds now, by
    column, read on the connection that it is given; None where there is no such row. names: the names of all rows, in
    one order, some at a time. follows: the events after which a row is out of date.

    every: after how many hours the whole table is held against what its rows should be; None: only when somebody asks.
    relations: of columns that name rows of another table, that table. theirs: columns that people fill in, which are
    written only where a row is made. for_all: every tenant has it; else only whose the installation is.
    """

    name: str
    kind: str
    columns: Mapping[str, Column]
    row: Callable[[Any, RowId], Awaitable[Cells | None]]
    names: Callable[[Any, Batch], Awaitable[Sequence[str]]]
    follows: Sequence[str] = ()
    every: int | None = None
    relations: Mapping[str, "MirrorTable"] = field(default_factory=dict)
    theirs: frozenset[str] = frozenset()
    for_all: bool = True

    def name_in(self, key: str) -> str:
        """The name of the row with this key ("1042" of "brief:1042")."""
        return key.removeprefix(f"{self.kind}:")

    def mark(self, code: str) -> str:
        """What the description of the table says where it is that of the installation with this code."""
        return f"EchoPilot {code} · {self.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table is kept: the ids of its database and data source, and of its columns by our names for them.

    adopted: it is from before the time of codes, so its rows may have keys without one.
    by_name: `columns` has the names that columns have there, since their ids were refused.
    """

    database: str
    source: str
    columns: Mapping[str, str]
    adopted: bool = False
    by_name: bool = False

    def ids(self, seen: "Seen") -> Mapping[str, str]:
        """The ids of the columns, as far as they are known."""
        if not self.by_name:
            return self.columns
        called = {name: at for at, (name, _) in seen.columns.items()}
        return {name: called[theirs] for name, theirs in self.columns.items() if theirs in called}


@dataclass(frozen=True, slots=True)
class Seen:
    """A table as it is there now; `columns` gives name and type by id."""

    database: str
    description: str
    below_our_page: bool
    columns: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as it is there now: its page, our id in it, and its cells by our names for the columns."""

    page: str
    key: str
    cells: Cells


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of a table, and from where the next are read; None: there are no more."""

    rows: Sequence[Shown]
    cursor: str | None


class Trouble(StrEnum):
    """Why rows are not written until a person does something."""

    NOT_SHARED = "not shared"
    NO_ENTRY = "no entry"
    FULL = "full"
    REFUSED = "refused"


def link(source: str) -> str:
    """The type of a column that names rows of that data source."""
    return f"{Column.RELATION} {source.replace('-', '').lower()}"


def fitting(
    table: MirrorTable, known: Mapping[str, str], seen: Seen, links: Mapping[str, str]
) -> tuple[dict[str, str], dict[str, str]]:
    """The ids of our columns that are there, and under which names the others are to be made; both by our names.

    A column is known by its id, whatever people call it now; one that we do not know, or that is of another type, is
    looked for by its name. links: of which data source each relation names rows.
    """
    kinds = {name: link(links[name]) if name in links else str(kind) for name, kind in table.columns.items()}
    ids = {name: known[name] for name, kind in kinds.items() if _type_of(known.get(name), seen) == kind}
    for name, kind in kinds.items():
        if name not in ids:
            alike = [at for at, (called, its) in seen.columns.items() if its == kind and called == name]
            alike += [at for at, (_, its) in seen.columns.items() if its == kind == Column.TITLE]
            if alike and alike[0] not in ids.values():
                ids[name] = alike[0]
    taken = {called for called, _ in seen.columns.values()}
    return ids, {name: _free(name, taken) for name in table.columns if name not in ids}


def _type_of(column: str | None, seen: Seen) -> str | None:
    return None if column is None or column not in seen.columns else seen.columns[column][1]


def _free(name: str, taken: set[str]) -> str:
    """A name that no other column has: people may have changed the type of the one that had it."""
    more = (f"{name} (EchoPilot{f' {number}' if number > 1 else ''})" for number in count(1))
    return name if name not in taken else next(other for other in more if other not in taken)


@dataclass(frozen=True, slots=True)
class Integration:
    """Who we are at Notion. free: the workspace is on the Free plan, as far as can be seen."""

    name: str
    free: bool
