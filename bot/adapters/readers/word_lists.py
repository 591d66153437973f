"""The marks before the paragraphs of Word's lists: Word counts them itself, and they stand nowhere as text."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
ROMAN_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
LEVELS = 9


class Numbering:
    """Counts the paragraphs of each list as they come."""

    def __init__(self, document: Any) -> None:
        self._styles = {style.style_id: style for style in document.styles if style.style_id}
        self._lists: dict[str, Any] = {}
        self._levels: dict[str, dict[str, Any]] = {}
        self._counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * LEVELS)
        self._starts: dict[str, dict[int, int]] = {}
        for relation in document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith("/numbering"):
                self._read(relation.target_part.element)

    def mark(self, properties: Any, style_id: str) -> str:
        """ "2. " or "- " before the next paragraph with these properties and this style; "" where it is in no list."""
        number_id, level = self._list_of(properties)
        if number_id is None:
            style = self._styles.get(style_id)
            number_id, level = self._list_of(style.element.find(f"{W}pPr") if style is not None else None)
        if number_id in {None, "0"} or number_id not in self._lists or not 0 <= level < LEVELS:
            return ""
        counts = self._counts[self._lists[number_id]]
        for restarted, first in self._starts.pop(
            number_id, {}
        ).items():  # a list that begins anew in the midst of another
            start = self._start(self._levels[self._lists[number_id]].get(str(restarted)))
            counts[restarted:] = [first - start, *[0] * (LEVELS - restarted - 1)]
        counts[level] += 1
        counts[level + 1 :] = [0] * (LEVELS - level - 1)
        return self._written(self._levels[self._lists[number_id]], counts, level)

    def _read(self, root: Any) -> None:
        for abstract in root.findall(f"{W}abstractNum"):
            levels = {one.get(f"{W}ilvl") or "0": one for one in abstract.findall(f"{W}lvl")}
            self._levels[abstract.get(f"{W}abstractNumId")] = levels
        for number in root.findall(f"{W}num"):
            kind = number.find(f"{W}abstractNumId")
            if kind is not None and kind.get(f"{W}val") in self._levels:
                self._lists[number.get(f"{W}numId")] = kind.get(f"{W}val")
                self._starts[number.get(f"{W}numId")] = dict(_overrides(number))

    def _list_of(self, properties: Any) -> tuple[str | None, int]:
        found = properties.find(f"{W}numPr") if properties is not None else None
        if found is None:
            return None, 0
        number, level = found.find(f"{W}numId"), found.find(f"{W}ilvl")
        depth = (level.get(f"{W}val") or "0") if level is not None else "0"
        return (number.get(f"{W}val") if number is not None else None), int(depth) if depth.isdecimal() else LEVELS

    def _written(self, levels: dict[str, Any], counts: list[int], level: int) -> str:
        own: Any = levels.get(str(level))
        shape = own.find(f"{W}numFmt") if own is not None else None
        if shape is None or shape.get(f"{W}val") in {"bullet", "none"}:
            return "- "
        text = own.find(f"{W}lvlText")
        written = (text.get(f"{W}val") or "") if text is not None else "%1."
        for place in range(LEVELS):
            if f"%{place + 1}" in written:
                written = written.replace(f"%{place + 1}", self._number(levels.get(str(place)), counts[place]))
        return f"{written} " if written else ""

    def _number(self, level: Any, reached: int) -> str:
        number = (reached or 1) - 1 + self._start(level)
        shape = level.find(f"{W}numFmt") if level is not None else None
        match shape.get(f"{W}val") if shape is not None else "decimal":
            case "lowerLetter":
                return _letters(number)
            case "upperLetter":
                return _letters(number).upper()
            case "lowerRoman":
                return _roman(number)
            case "upperRoman":
                return _roman(number).upper()
            case "decimalZero":
                return f"{number:02}"
            case "ordinal":
                return f"{number}{_ending(number)}"
        return str(number)

    def _start(self, level: Any) -> int:
        """The number that a level begins with."""
        start = level.find(f"{W}start") if level is not None else None
        return _whole(start.get(f"{W}val")) if start is not None else 1


def _overrides(number: Any) -> Iterator[tuple[int, int]]:
    """The levels of a list that begin anew, and with what."""
    for override in number.findall(f"{W}lvlOverride"):
        start, level = override.find(f"{W}startOverride"), override.get(f"{W}ilvl") or "0"
        if start is not None and level.isdecimal() and int(level) < LEVELS:
            yield int(level), _whole(start.get(f"{W}val"))


def _whole(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 6 else 1


def _ending(number: int) -> str:
    return "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _letters(number: int) -> str:
    """a to z, then aa to zz, as Word goes on."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 40) if number > 0 else "0"


def _roman(number: int) -> str:
    if not 0 < number < 4_000:
        return str(number)
    written = ""
    for value, letters in ROMAN:
        written += letters * (number // value)
        number %= value
    return written + ROMAN_UNITS[number]
