"""The marks before the paragraphs of lists: programs count them themselves, and they stand nowhere as text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"))
ROMAN_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
LEVELS = 9


class Numbering:
    """Counts the paragraphs of each list of a Word file as they come."""

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
        anew = self._starts.pop(number_id, {})  # a list that begins in the midst of another
        for restarted, first in anew.items():
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
                return letters(number)
            case "upperLetter":
                return letters(number).upper()
            case "lowerRoman":
                return roman(number)
            case "upperRoman":
                return roman(number).upper()
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


def letters(number: int) -> str:
    """a to z, then aa to zz, as Word goes on."""
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 40) if number > 0 else "0"


def roman(number: int) -> str:
    """The number in small letters, as lists show it; in figures where there are no letters for it."""
    if not 0 < number < 4_000:
        return str(number)
    written = ""
    for value, letters in ROMAN:
        written += letters * (number // value)
        number %= value
    return written + ROMAN_UNITS[number]


class OpenNumbering:
    """Counts the items of each list of an OpenDocument text as they come."""

    def __init__(self, roots: Sequence[Any]) -> None:
        self._styles = {
            style.get(f"{STYLE}name"): {one.get(f"{TEXT}level"): one for one in style}
            for root in roots
            for style in root.iter(f"{TEXT}list-style")
        }
        self._counts: defaultdict[str, list[int]] = defaultdict(lambda: [0] * (LEVELS + 1))

    def begin(self, element: Any, style: str, level: int) -> None:
        """A list begins, perhaps where another of its style ended."""
        goes_on = element.get(f"{TEXT}continue-numbering") == "true" or element.get(f"{TEXT}continue-list")
        if level <= LEVELS and not goes_on:
            self._counts[style][level:] = [0] * (LEVELS + 1 - level)

    def mark(self, item: Any, style: str, level: int) -> str:
        """ "2. " or "- " before the next item of a list of this style."""
        own: Any = self._styles.get(style, {}).get(str(level + 1))
        if own is None or not own.tag.endswith("list-level-style-number") or level >= LEVELS:
            return "- "
        counts, said = self._counts[style], item.get(f"{TEXT}start-value")
        start = _whole(own.get(f"{TEXT}start-value"))
        counts[level] = _whole(said) if said else counts[level] + 1 if counts[level] else start
        counts[level + 1 :] = [0] * (LEVELS - level)
        first = level + 1 - _whole(own.get(f"{TEXT}display-levels"))
        shown = [self._number(style, place, counts[place]) for place in range(max(first, 0), level + 1)]
        written = ".".join(filter(None, shown))
        before, after = own.get(f"{STYLE}num-prefix") or "", own.get(f"{STYLE}num-suffix") or ""
        return f"{before}{written}{after} " if written else ""

    def _number(self, style: str, level: int, reached: int) -> str:
        own: Any = self._styles[style].get(str(level + 1))
        shape = own.get(f"{STYLE}num-format") if own is not None else None
        number = max(reached, 1)
        match shape:
            case "1":
                return str(number)
            case "a" | "A":
                return letters(number) if shape == "a" else letters(number).upper()
            case "i" | "I":
                return roman(number) if shape == "i" else roman(number).upper()
        return ""
