"""What pages are made of. Words come ready, in the language of the reader, and not escaped: the templates do that.

Each kind of block has a macro of its name in `web/templates/blocks.html`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.kernel.translation import gettext as _

Tone = Literal["", "good", "warn", "bad", "quiet"]
Query = Mapping[str, str]
Written = str | int | Decimal


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table or beside a term. to: a path of ours. tone: then it is a state, drawn as a pill.

    written, unit: as it stands in a file, where that differs from the words, and what it is counted in.
    """

    words: str
    to: str = ""
    tone: Tone = ""
    pill: bool = False
    written: Written | None = None
    unit: str = ""

    @property
    def plain(self) -> Written:
        """As it stands in a file."""
        return self.words if self.written is None else self.written


def pill(words: str, tone: Tone) -> Cell:
    """A state."""
    return Cell(words, tone=tone, pill=True)


@dataclass(frozen=True, slots=True)
class Column:
    """number: written from the right, in figures of one width. amount: of money, which a file has beside its unit."""

    label: str
    number: bool = False
    amount: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with what it is. note: a line that explains it. live: by this name it is brought up to date."""

    label: str
    figure: str
    note: str = ""
    to: str = ""
    tone: Tone = ""
    live: str = ""


@dataclass(frozen=True, slots=True)
class Tiles:
    tiles: Sequence[Tile]
    kind: str = "tiles"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below columns; the first cell of a row names it. empty: what stands in place of no rows.

    back, on: queries of the pages beside this one. file: whether it can be downloaded.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    empty: str
    back: Query | None = None
    on: Query | None = None
    file: bool = False
    to: str = ""
    kind: str = "table"

    def header(self) -> list[str]:
        """What stands above the rows in a file."""
        return [words for one in self.columns for words in ((one.label, _("Currency")) if one.amount else (one.label,))]

    def lines(self) -> list[list[Written]]:
        """The rows in a file."""
        return [
            [
                written
                for cell, column in zip(row, self.columns, strict=True)
                for written in ((cell.plain, cell.unit) if column.amount else (cell.plain,))
            ]
            for row in self.rows
        ]


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture, and beside it the table that says the same."""

    svg: str
    table: Table
    kind: str = "chart"


@dataclass(frozen=True, slots=True)
class Facts:
    title: str
    rows: Sequence[tuple[str, Cell]]
    kind: str = "facts"


@dataclass(frozen=True, slots=True)
class Prose:
    """Words of a person or a model, as they stand. language: of the words, "" where it is not known."""

    title: str
    text: str
    language: str = ""
    kind: str = "prose"


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened. bars: shares of 100 with their names."""

    at: str
    what: str
    who: str = ""
    lines: Sequence[str] = ()
    bars: Sequence[tuple[str, int]] = ()
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    title: str
    steps: Sequence[Step]
    empty: str
    kind: str = "timeline"


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow or to order a list. options: values with their words."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class Filters:
    """The form above a list. search: the label of the field for words, "" for none."""

    choices: Sequence[Choice] = ()
    search: str = ""
    words: str = ""
    hint: str = ""
    kind: str = "filters"


@dataclass(frozen=True, slots=True)
class Tabs:
    """Ways to what stands beside this page. Each: its words, where it leads, and whether it is this one."""

    label: str
    tabs: Sequence[tuple[str, str, bool]]
    kind: str = "tabs"


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence that stands out."""

    words: str
    tone: Tone = "quiet"
    kind: str = "notice"


Block = Tiles | Table | Chart | Facts | Prose | Timeline | Filters | Tabs | Notice


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the dashboard. lead: a line below its title. up: the path and the words of the list that it is of.

    file: what `?file=csv` downloads.
    """

    title: str
    blocks: Sequence[Block]
    lead: str = ""
    up: tuple[str, str] | None = None
    file: Table | None = None
    live: bool = False
