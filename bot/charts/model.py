"""What a chart shows: one question, answered by one figure above bars. Words come ready, in the language of the reader.

Sizes are plain numbers, in whatever unit the words beside them say. Pure.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

SHALLOW = 0.06  # of the highest column: what goes less far below zero needs no step of the scale there


class Tone(StrEnum):
    """What a bar means, which its colour repeats and never says alone."""

    PLAIN = "plain"
    KEPT = "kept"
    SPENT = "spent"
    WARN = "warn"
    BAD = "bad"
    QUIET = "quiet"
    PAST = "past"
    LIKELY = "likely"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above: what it is, the one figure, and a line that explains it."""

    label: str
    figure: str
    note: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A row with its words: label and value above a bar. kept: how much of the size is left, drawn in another tone.

    beside: a short word behind the value, such as a share.
    """

    label: str
    value: str
    size: float
    tone: Tone = Tone.PLAIN
    kept: float | None = None
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """Rows beneath each other. right_to_left: in a language that is read so. legend: what the tones mean."""

    head: Head
    bars: Sequence[Bar]
    legend: Sequence[tuple[Tone, str]] = ()
    right_to_left: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A point of time: what there was in all, and what of it is left; below zero where more went than came.

    label: "" where there is no room for one.
    """

    label: str
    size: float
    kept: float


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns beside each other, in the order of time. ticks: sizes with their words, from the lowest on.

    stands_out: the place of the column that the picture is about, counted from the end where it is below 0; None for
    none.
    """

    head: Head
    columns: Sequence[Column]
    ticks: Sequence[tuple[float, str]]
    legend: Sequence[tuple[Tone, str]] = ()
    right_to_left: bool = False
    stands_out: int | None = -1


@dataclass(frozen=True, slots=True)
class Band:
    """A point of time that is to come: the middle, and the lowest and highest that are likely, and possible."""

    middle: float
    likely: tuple[float, float]
    possible: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Course:
    """A line through what was, bands around what is to come. ticks: as of Columns. labels: words by their places."""

    head: Head
    past: Sequence[float]
    ahead: Sequence[Band]
    ticks: Sequence[tuple[float, str]]
    labels: Sequence[tuple[int, str]]
    legend: Sequence[tuple[Tone, str]] = ()
    right_to_left: bool = False


Chart = Bars | Columns | Course


def scale(least: float, most: float, steps: int = 4) -> list[float]:
    """Round sizes from one at or below `least` to one at or above `most`, zero among them, about so many apart."""
    least, most = min(0.0, least), max(0.0, most)
    if least == most:
        return [0.0, 1.0]
    step = _round((most - least) / steps)
    first, last = math.floor(least / step), math.ceil(most / step)
    return [number * step for number in range(first, last + 1)]


def scale_of(columns: Sequence[Column]) -> list[float]:
    """The scale beside columns; below zero only where something would be seen there."""
    sizes = [size for column in columns for size in (column.size, column.kept)]
    least, most = min(sizes), max(sizes)
    return scale(0.0 if most > 0 and -least < SHALLOW * most else least, most)


def _round(size: float) -> float:
    power: float = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= size * (1 - 1e-9))
