"""Charts as SVG: shapes with classes, which a stylesheet colours (`bot.charts.looks`), for a chat or for a page.

The picture is as wide as a phone, in its points. resvg lays text out from the left always (resvg#475), so text of a
language that runs from the right is isolated; the page's `direction` is kept from turning the anchors around.
"""

import re
from collections.abc import Sequence
from unicodedata import bidirectional
from xml.sax.saxutils import escape

from bot.charts.model import Bars, Chart, Columns, Course, Tone

WIDTH = 360
EDGE = 20  # left and right
HEAD = 112  # below it the chart begins
ROW = 46
BAR = 10
PLOT = 156  # height of what columns stand in
TICKS = 44  # room for the words beside columns
LEGEND = 34
LETTER = 6.4  # about as wide is one of a legend
# https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
TO_THE_RIGHT, TO_THE_LEFT, POP_ISOLATE = "\u2066", "\u2067", "\u2069"
TO_THE_RIGHT_MARK = "\u200e"
_LESS = re.compile(r"(?<!\w)-(?=\d)")
_NOT_IN_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def svg(chart: Chart) -> str:
    """The chart as an SVG document."""
    sheet = _Sheet(chart.right_to_left)
    _head(sheet, chart)
    match chart:
        case Bars():
            bottom = _bars(sheet, chart)
        case Columns():
            bottom = _columns(sheet, chart)
        case Course():
            bottom = _course(sheet, chart)
    height = _legend(sheet, chart.legend, bottom)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}"'
        f' height="{height:.0f}" direction="ltr" class="chart">'
        f'<rect class="sheet" width="{WIDTH}" height="{height:.0f}"/>{"".join(sheet.shapes)}</svg>'
    )


class _Sheet:
    """Collects shapes. x runs from where the reader begins: from the right in a language that is read so."""

    def __init__(self, right_to_left: bool) -> None:
        self.right_to_left = right_to_left
        self.shapes: list[str] = []

    def text(self, x: float, y: float, words: str, kind: str, anchor: str = "start") -> None:
        """Words that begin, end, or are centred at x."""
        said = words.translate(_NOT_IN_XML)
        if self.right_to_left:
            said = _isolated(said)
            anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        self.shapes.append(
            f'<text class="{kind}" x="{self._x(x):.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'
        )

    def bar(self, x: float, y: float, width: float, height: float, kind: str, round_by: float = 0) -> None:
        """A rectangle whose near side is at x."""
        if width <= 0 or height <= 0:
            return
        left = self._x(x) - (width if self.right_to_left else 0)
        corners = f' rx="{min(round_by, width / 2, height / 2):.1f}"' if round_by else ""
        self.shapes.append(
            f'<rect class="{kind}" x="{left:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"{corners}/>'
        )

    def line(self, x: float, end: float, y: float, kind: str) -> None:
        """A line from side to side."""
        self.shapes.append(
            f'<line class="{kind}" x1="{self._x(x):.1f}" x2="{self._x(end):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
        )

    def through(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """A line through these points."""
        self._points("polyline", points, kind)

    def area(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """What lies within these points."""
        self._points("polygon", points, kind)

    def _points(self, shape: str, points: Sequence[tuple[float, float]], kind: str) -> None:
        if points:
            said = " ".join(f"{self._x(x):.1f},{y:.1f}" for x, y in points)
            self.shapes.append(f'<{shape} class="{kind}" points="{said}"/>')

    def _x(self, x: float) -> float:
        return WIDTH - x if self.right_to_left else x


def _isolated(words: str) -> str:
    """The words set apart: as they run where none of them runs from the right, with a minus before its number."""
    if not any(bidirectional(letter) in {"R", "AL"} for letter in words):
        return f"{TO_THE_RIGHT}{words}{POP_ISOLATE}"
    return f"{TO_THE_LEFT}{_LESS.sub(f'{TO_THE_RIGHT_MARK}-', words)}{POP_ISOLATE}"


def _head(sheet: _Sheet, chart: Chart) -> None:
    sheet.text(EDGE, 32, chart.head.label, "label")
    sheet.text(EDGE, 64, chart.head.figure, "figure")
    sheet.text(EDGE, 88, chart.head.note, "note")


def _bars(sheet: _Sheet, chart: Bars) -> float:
    room = WIDTH - 2 * EDGE
    largest = max((max(abs(bar.size), abs(bar.kept or 0)) for bar in chart.bars), default=0) or 1
    y = float(HEAD)
    for bar in chart.bars:
        sheet.text(EDGE, y + 14, bar.label, "name")
        value = f"{bar.value}  ·  {bar.beside}" if bar.beside else bar.value
        sheet.text(WIDTH - EDGE, y + 14, value, "value", "end")
        sheet.bar(EDGE, y + 23, room, BAR, "track", BAR / 2)
        width = max(BAR / 2, room * abs(bar.size) / largest) if bar.size else 0
        sheet.bar(EDGE, y + 23, width, BAR, f"fill {bar.tone}", BAR / 2)
        if bar.kept is not None:
            tone = Tone.KEPT if bar.kept >= 0 else Tone.BAD
            left = max(BAR / 2, room * abs(bar.kept) / largest) if bar.kept else 0
            sheet.bar(EDGE, y + 23, left, BAR, f"fill {tone}", BAR / 2)
        y += ROW
    return y


def _columns(sheet: _Sheet, chart: Columns) -> float:
    lowest, highest = chart.ticks[0][0], chart.ticks[-1][0]

    def height_of(size: float) -> float:
        return PLOT * (size - lowest) / (highest - lowest)

    def y_of(size: float) -> float:
        return HEAD + 6 + PLOT - height_of(size)

    room = WIDTH - 2 * EDGE - TICKS
    for size, words in chart.ticks:
        sheet.line(EDGE, EDGE + room, y_of(size), "zero" if size == 0 else "grid")
        sheet.text(WIDTH - EDGE, y_of(size) + 4, words, "tick", "end")
    slot = room / max(1, len(chart.columns))
    width = min(28.0, slot * 0.64)
    for number, column in enumerate(chart.columns):
        x = EDGE + slot * number + (slot - width) / 2
        last = " last" if chart.stands_out in {number, number - len(chart.columns)} else ""
        for size, tone in ((column.size, Tone.SPENT), (column.kept, Tone.KEPT if column.kept >= 0 else Tone.BAD)):
            top, bottom = min(y_of(size), y_of(0)), max(y_of(size), y_of(0))
            sheet.bar(x, top, width, bottom - top, f"fill {tone}{last}", 3)
        if column.label:
            sheet.text(x + width / 2, HEAD + 6 + PLOT + 20, column.label, f"tick{last}", "middle")
    return HEAD + PLOT + 34


def _course(sheet: _Sheet, chart: Course) -> float:
    lowest, highest = chart.ticks[0][0], chart.ticks[-1][0]
    room = WIDTH - 2 * EDGE - TICKS
    last = max(1, len(chart.past) + len(chart.ahead) - 1)

    def at(place: int, size: float) -> tuple[float, float]:
        return EDGE + room * place / last, HEAD + 6 + PLOT * (highest - size) / (highest - lowest)

    begins = len(chart.past)
    for tone, bounds in ((Tone.POSSIBLE, "possible"), (Tone.LIKELY, "likely")):
        found = [getattr(band, bounds) for band in chart.ahead]
        top = [at(begins + place, high) for place, (_low, high) in enumerate(found)]
        bottom = [at(begins + place, low) for place, (low, _high) in enumerate(found)]
        sheet.area([*top, *reversed(bottom)], f"fill {tone}")
    for size, words in chart.ticks:
        y = at(0, size)[1]
        sheet.line(EDGE, EDGE + room, y, "zero" if size == 0 else "grid")
        sheet.text(WIDTH - EDGE, y + 4, words, "tick", "end")
    sheet.through([at(place, size) for place, size in enumerate(chart.past)], "line past")
    sheet.through([at(begins + place, band.middle) for place, band in enumerate(chart.ahead)], "line middle")
    for place, words in chart.labels:
        sheet.text(at(place, 0)[0], HEAD + 6 + PLOT + 20, words, "tick", "middle" if place else "start")
    return HEAD + PLOT + 34


def _legend(sheet: _Sheet, legend: Sequence[tuple[Tone, str]], y: float) -> float:
    """Squares with words, beneath each other where there is no room beside; returns where the picture ends."""
    x, y = float(EDGE), y + 8
    for tone, words in legend:
        width = 18 + LETTER * len(words)
        if x > EDGE and x + width > WIDTH - EDGE:
            x, y = float(EDGE), y + 22
        sheet.bar(x, y, 10, 10, f"fill {tone}", 2)
        sheet.text(x + 16, y + 9.5, words, "legend")
        x += width + 18
    return y + (LEGEND if legend else 12)
