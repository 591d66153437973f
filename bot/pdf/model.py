"""What a PDF holds: words, tables and charts beneath each other, ready in the language of the reader. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.charts.model import Chart


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph; as a heading where it is one."""

    text: str
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a header that is said again on each page. The first column holds names, the others figures.

    strong: the places of rows that stand out, such as sums.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart, as wide as a phone shows it."""

    chart: Chart


Block = Words | Table | Picture


@dataclass(frozen=True, slots=True)
class Paper:
    """One document. whose: the business. note: what stands at the foot of every page, beside its number.

    language: as BCP 47 has it, for whoever has it read aloud.
    """

    title: str
    whose: str
    blocks: Sequence[Block]
    note: str = ""
    language: str = "en"
    right_to_left: bool = False
