"""The mirror's databases: their names, what each column holds, and where each is kept."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
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


KEY = "EchoPilot id"


@dataclass(frozen=True, slots=True)
class MirrorTable:
    """One database. Every row carries our id in the column KEY, by which it is found again.

    kind: what its rows are about, as their keys begin ("brief:1042"). row: what the row of that number holds now, by
    column, read on the connection that it is given. follows: the events after which a row is out of date.
    """

    name: str
    kind: str
    columns: Mapping[str, Column]
    row: Callable[[Any, int], Awaitable[Mapping[str, Any]]]
    follows: Sequence[str]

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


class Trouble(StrEnum):
    """Why rows are not written until a person does something."""

    NOT_SHARED = "not shared"
    NO_ENTRY = "no entry"
    FULL = "full"
    REFUSED = "refused"


def fitting(table: MirrorTable, known: Mapping[str, str], seen: Seen) -> tuple[dict[str, str], dict[str, str]]:
    """The ids of our columns that are there, and under which names the others are to be made; both by our names.

    A column is known by its id, whatever people call it now; one that we do not know, or that is of another type, is
    looked for by its name.
    """
    ids = {name: known[name] for name, kind in table.columns.items() if _type_of(known.get(name), seen) == kind}
    for name, kind in table.columns.items():
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
