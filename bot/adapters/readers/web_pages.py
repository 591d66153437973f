"""Web pages as their reader sees them, by inscriptis: what is hidden is taken out before, what forms show is put in."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.adapters.readers.list_marks import letters, roman
from bot.adapters.readers.page_styles import Styles, height, hides, hides_by, strikes
from bot.kernel.text.placing import lowered, placed, raised, struck
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext

# What browsers show none of, or only where they cannot show what it stands for.
THEIR_TAGS = "script style template noscript datalist iframe video audio canvas progress meter rp"
UNSHOWN = frozenset(THEIR_TAGS.split())
BLOCKS = frozenset({"details", "summary", "dialog", "fieldset", "legend", "figcaption", "textarea", "search", "hgroup"})
RUNNING = frozenset(
    {"p", "li", "td", "th", "dd", "dt", "blockquote", "pre", "caption", *(f"h{n}" for n in range(1, 7))}
)
INLINE = frozenset({"span", "b", "i", "u", "em", "strong", "a", "font", "small", "mark", "bdi"})
MOST_SPANNED = 50  # columns
LETTERED = frozenset("aAiI")
JOINED = "bdi"  # which inscriptis puts nothing around
UNFILLED = frozenset({"hidden", "password", "submit", "button", "reset", "image", "file"})
TICKS = frozenset({"checkbox", "radio"})
STRUCK = frozenset({"s", "strike", "del"})


def shown(source: str) -> tuple[str, list[str]]:
    """What a page says to its reader, each address beside its words; and notes on what it hides."""
    from inscriptis import Inscriptis
    from inscriptis.model.config import ParserConfig
    from lxml.etree import ParserError
    from lxml.html import document_fromstring

    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source).strip()
    if not source:
        return "", []
    try:
        root = document_fromstring(source)
    except ParserError:  # it has no tag at all
        root = document_fromstring(f"<pre>{source}</pre>")
    page = _Page(root)
    page.walk()
    text = Inscriptis(root, ParserConfig(display_links=True, display_images=False)).get_text()
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines), list(page.notes())


class _Page:
    """One way through a page's elements, which leaves them as they are seen."""

    def __init__(self, root: Any) -> None:
        self._root = root
        self._styles = Styles()
        self._hidden = False
        self._unchosen = 0
        for sheet in root.iter("style"):
            if (sheet.get("media") or "all").lower() in {"all", "screen"}:
                self._styles.read(sheet.text or "")

    def walk(self) -> None:
        """Take out and put in."""
        titles = [" ".join((one.text or "").split()) for one in self._root.iterfind("head/title")]
        waiting = [self._root]
        while waiting:
            element = waiting.pop()
            for child in list(element):
                if isinstance(child.tag, str) and not self._taken_out(child):
                    self._put_in(child)
                    if child.tag == "span" and _runs_on(child):
                        child.tag = JOINED
                    waiting.append(child)
        body = self._root.find("body")
        said = " ".join("".join(body.itertext()).split()) if body is not None else ""
        if titles and titles[0] and body is not None and titles[0] not in said:
            heading = self._root.makeelement("h1")
            heading.text, heading.tail, body.text = titles[0], body.text, None
            body.insert(0, heading)

    def notes(self) -> Iterator[str]:
        """What the page's sender should know."""
        if self._hidden:
            yield _("hidden words were left out")
        if self._unchosen:
            yield ngettext(
                "{n} choice of its lists is not chosen, and was left out",
                "{n} choices of its lists are not chosen, and were left out",
                self._unchosen,
            )

    def _taken_out(self, element: Any) -> bool:
        if element.tag in UNSHOWN or (element.tag == "dialog" and element.get("open") is None):
            element.drop_tree()
            return True
        if element.tag in {"input", "head"} or not self._is_hidden(element):
            return False
        self._hidden = self._hidden or any(map(str.isalnum, "".join(element.itertext())))
        element.drop_tree()
        return True

    def _is_hidden(self, element: Any) -> bool:
        looks = self._styles.of(element)
        if element.get("hidden") is not None or hides(looks):
            return True
        name = hides_by(looks)
        return bool(name) and not any(
            self._styles.of(one).get(name, looks[name]) != looks[name] for one in element.iterdescendants("*")
        )

    def _put_in(self, element: Any) -> None:
        if element.tag == "input":
            _becomes(element, _filled(element))
        elif element.tag in {"img", "area"}:
            _becomes(element, element.get("alt") or "")
        elif element.tag == "select":
            self._choose(element)
        elif element.tag in LAID_OUT:
            LAID_OUT[element.tag](element)
        elif element.tag in {"sup", "sub"} and not len(element):
            element.text = (raised if element.tag == "sup" else lowered)(element.text or "")
        elif not len(element) and (where := height(self._styles.of(element))):
            element.text = placed(element.text or "", where, line=False)
        elif element.tag in BLOCKS:
            element.tag = "div"
        elif element.tag in STRUCK or strikes(self._styles.of(element)):
            _strike(element)

    def _choose(self, element: Any) -> None:
        """Of a list that opens by a tap, what is chosen; of one that stands open all, where nothing is."""
        options = [one for one in element.iter("option") if one.get("hidden") is None]
        chosen = [one for one in options if one.get("selected") is not None]
        is_open = element.get("multiple") is not None or (element.get("size") or "1") not in {"", "0", "1"}
        chosen = (chosen or options) if is_open else (chosen[-1:] or options[:1])
        self._unchosen += len(options) - len(chosen)
        words = [" ".join((one.get("label") or "".join(one.itertext())).split()) for one in chosen]
        for child in list(element):
            element.remove(child)
        _becomes(element, ", ".join(filter(None, words)))


def _spread(table: Any) -> None:
    """Put empty cells where one reaches into the rows below, so that what follows stands in its column."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    reaching: dict[int, int] = {}
    for number, row in enumerate(rows):
        place = 0
        for cell in [one for one in row if one.tag in {"td", "th"}]:
            place = _past(row, cell, reaching, place)
            wide = min(_whole(cell.get("colspan"), 1), MOST_SPANNED) or 1
            below = min(_whole(cell.get("rowspan"), 1), len(rows) - number) - 1
            reaching |= dict.fromkeys(range(place, place + wide), below) if below > 0 else {}
            place += wide
        _past(row, None, reaching, place)


def _past(row: Any, cell: Any, reaching: dict[int, int], place: int) -> int:
    """Put empty cells before a cell, or at a row's end, for those that reach into it; returned is the next place."""
    while reaching.get(place, 0) > 0:
        reaching[place] -= 1
        empty = row.makeelement("td")
        row.append(empty) if cell is None else cell.addprevious(empty)
        place += 1
    return place


def _number(numbered: Any) -> None:
    """Put the marks of a list that are other than 1, 2, 3 into its items."""
    items = [one for one in numbered if one.tag == "li"]
    kind, backwards = numbered.get("type") or "1", numbered.get("reversed") is not None
    number = _whole(numbered.get("start"), len(items) if backwards else 1)
    for item in items:
        number = _whole(item.get("value"), number)
        if kind in LETTERED:
            mark = letters(number) if kind in "aA" else roman(number)
            first = item
            while len(first) and not (first.text or "").strip():
                first = first[0]
            first.text = f"{mark.upper() if kind.isupper() else mark}. {(first.text or '').lstrip()}"
            item.tag = "div"
        else:
            item.set("value", str(number))
        number += -1 if backwards else 1


def _whole(written: str | None, otherwise: int) -> int:
    bare = (written or "").strip()
    return int(bare) if bare.isdecimal() and len(bare) < 7 else otherwise


def _runs_on(span: Any) -> bool:
    """Whether a span is a part of running text, as word processors and mail programs write it: it breaks no word.

    Elsewhere pages put spans side by side, and their styles a distance between them.
    """
    above, before = span.getparent(), span.getprevious()
    beside = (above.text if before is None else before.tail, span.tail)
    if any(text and not text[-1 if n == 0 else 0].isspace() for n, text in enumerate(beside)):
        return True
    while above is not None and above.tag in INLINE:
        above = above.getparent()
    return above is not None and above.tag in RUNNING


def _becomes(element: Any, words: str) -> None:
    """Put plain words in the place of an element."""
    element.tag, element.text = "span", f" {words} " if words.strip() else " "


def _filled(field: Any) -> str:
    """What a field of a form shows."""
    kind = (field.get("type") or "text").lower()
    if kind in TICKS:
        return "[x]" if field.get("checked") is not None else "[ ]"
    return "" if kind in UNFILLED else field.get("value") or ""


def _strike(element: Any) -> None:
    """Mark what a line goes through, in whatever parts it stands."""
    if not len(element):
        element.text = struck(element.text or "")
    elif any(map(str.isalnum, "".join(element.itertext()))):
        element.text = f"~~{element.text or ''}"
        element[-1].tail = f"{element[-1].tail or ''}~~"


def _say_beside(reading: Any) -> None:
    """How a word is said, which stands above it."""
    reading.text = f"({reading.text or ''})"


LAID_OUT: Mapping[str, Callable[[Any], None]] = {"ol": _number, "table": _spread, "rt": _say_beside}
