"""OpenDocument texts and tables, by their elements: https://docs.oasis-open.org/office/OpenDocument/v1.3/.

A cell of a table has its words as they are shown beside its value, and they are what is read.
"""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import words as file_words
from bot.adapters.readers.list_marks import OpenNumbering
from bot.intake.ports import Reading
from bot.kernel.text.placing import placed
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}"
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
WORDS = frozenset({f"{TEXT}p", f"{TEXT}h", f"{TEXT}list"})
UNSHOWN = frozenset({f"{FORM}password", f"{FORM}hidden", f"{FORM}button", f"{FORM}image"})
SIGNS = {  # what stands before and behind an element's words
    f"{TEXT}tab": ("\t", ""),
    f"{TEXT}line-break": ("\n", ""),
    f"{TEXT}number": ("", " "),
    f"{TEXT}ruby-text": ("(", ")"),
}
LINK = "{http://www.w3.org/1999/xlink}href"
SKIPPED = frozenset(
    {
        f"{TEXT}tracked-changes",
        f"{TEXT}sequence-decls",
        f"{TEXT}script",
        f"{OFFICE}forms",
        f"{TEXT}table-of-content-source",
    }
)
MOST_SPACES = 200  # that one element may stand for
MOST_REPEATED = 100  # columns or rows that one element may stand for
MOST_COLUMNS = 16_384
VALUES = ("string-value", "date-value", "time-value", "boolean-value", "value")
HIDDEN_ROWS = frozenset({"collapse", "filter"})


def open_document(data: bytes, watch: "Watch") -> Reading:
    """An OpenDocument text: headers, body, footers, then what stands in notes and comments."""
    content, styles = _flat(data) if not data.startswith(b"PK") else _packed(data, watch)
    walk = _Walk(watch, content, styles)
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    lines = list(walk.blocks(body)) if body is not None else []
    margins = [list(walk.margins(styles, kind)) for kind in ("header", "footer")] if styles is not None else [[], []]
    return Reading("\n".join([*margins[0], *lines, *margins[1], *walk.notes()]), "", walk.left_out())


def open_table(data: bytes, watch: "Watch") -> Reading:
    """An OpenDocument table: every sheet as CSV below its name, its comments below it."""
    content, styles = _flat(data) if not data.startswith(b"PK") else _packed(data, watch)
    walk = _Sheets(watch, content, styles)
    body = content.find(f"{OFFICE}body/{OFFICE}spreadsheet")
    sheets = ["\n".join(walk.sheet(one)) for one in (body if body is not None else ()) if one.tag == f"{TABLE}table"]
    return Reading("\n\n".join(sheets), ngettext("{n} sheet", "{n} sheets", len(sheets)), walk.left_out())


class _Walk:
    def __init__(self, watch: "Watch", content: Any, styles: Any) -> None:
        self._watch = watch
        roots = [root for root in (styles, content) if root is not None]
        self._numbering, self._unseen = OpenNumbering(roots), frozenset(_unseen(roots))
        self._looks = _looks(content) if styles is None else _looks(styles) | _looks(content)
        self._filled = {
            identifier: said for form in content.iter(f"{OFFICE}forms") for identifier, said in _fields(form)
        }
        self._notes: list[str] = []
        self._comments: list[str] = []
        self._boxes: list[str] = []
        self._missed: Counter[str] = Counter()

    def blocks(self, parent: Any, mark: str = "") -> Iterator[str]:
        """The lines of a body, a cell, an item of a list."""
        for child in parent:
            if self._is_hidden(child):
                self._missed["hidden"] += any(map(str.isalnum, "".join(child.itertext())))
            elif child.tag in {f"{TEXT}p", f"{TEXT}h"}:
                text = "".join(self._inline(child))
                shown = f"{'# ' if child.tag == f'{TEXT}h' else mark}{text}" if text.strip() else ""
                yield self._watch.take(shown)
                boxes, self._boxes = self._boxes, []
                yield from boxes
            elif child.tag == f"{TEXT}list":
                yield from self._list(child, "", 0)
            elif child.tag == f"{TABLE}table":
                yield from (" | ".join(self._cells(row)) for row in child.iter(f"{TABLE}table-row") if _own(row, child))
            elif child.tag == f"{TEXT}tracked-changes":
                self._missed["tracked"] += 1
            elif isinstance(child.tag, str) and child.tag.startswith(DRAW):
                yield from filter(None, [self._frame(child)])
                boxes, self._boxes = self._boxes, []
                yield from boxes
            elif isinstance(child.tag, str) and child.tag not in SKIPPED:
                yield from self.blocks(child, mark)

    def _list(self, element: Any, style: str, level: int) -> Iterator[str]:
        """The items of a list; the mark stands before the first paragraph of each."""
        style = element.get(f"{TEXT}style-name") or style
        self._numbering.begin(element, style, level)
        for item in element:
            mark = self._numbering.mark(item, style, level) if item.tag == f"{TEXT}list-item" else ""
            for part in item:
                inner = part.tag == f"{TEXT}list"
                yield from self._list(part, style, level + 1) if inner else self.blocks([part], mark)
                mark = ""

    def _is_hidden(self, element: Any) -> bool:
        """Whether nobody sees a paragraph or a section."""
        if element.tag == f"{TEXT}section":
            return bool(element.get(f"{TEXT}display") == "none" or element.get(f"{TEXT}is-hidden") == "true")
        if element.tag not in {f"{TEXT}p", f"{TEXT}h"}:
            return False
        off = element.find(f"{TEXT}hidden-paragraph")
        is_off = off is not None and off.get(f"{TEXT}is-hidden") == "true"
        return bool(is_off or element.get(f"{TEXT}style-name") in self._unseen)

    def margins(self, styles: Any, kind: str) -> Iterator[str]:
        """What the headers, or the footers, of the pages say."""
        texts = (" ".join(" ".join(self.blocks(one)).split()) for one in styles.iter(f"{STYLE}{kind}"))
        yield from dict.fromkeys(f"{kind.capitalize()}: {text}" for text in texts if any(map(str.isalpha, text)))

    def notes(self) -> list[str]:
        """Footnotes and comments, below titles."""
        named = (("Notes", self._notes), ("Comments", self._comments))
        return [line for title, lines in named if lines for line in ("", f"{title}:", *lines)]

    def left_out(self) -> tuple[str, ...]:
        """What the person should know of it."""
        tracked, hidden = self._missed.pop("tracked", 0), self._missed.pop("hidden", 0)
        notes = file_words.not_read(self._missed)
        notes += [_("tracked changes were read as if they were accepted")] if tracked else []
        return (*notes, *([_("hidden words were left out")] if hidden else []))

    def _cells(self, row: Any) -> Iterator[str]:
        for cell in row:
            if cell.tag in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
                text = " ".join(" ".join(self.blocks(cell)).split())
                yield from [text] * min(
                    _number(cell.get(f"{TABLE}number-columns-repeated")), MOST_REPEATED if text else 1
                )

    def _inline(self, parent: Any) -> Iterator[str]:
        yield parent.text or ""
        for child in parent:
            yield from self._piece(child)
            yield child.tail or ""

    def _piece(self, child: Any) -> Iterator[str]:
        if child.tag == f"{TEXT}s":
            yield " " * min(_number(child.get(f"{TEXT}c")), MOST_SPACES)
        elif child.tag in SIGNS:
            before, after = SIGNS[child.tag]
            yield f"{before}{child.text or ''}{after}"
        elif child.tag == f"{TEXT}a":
            words, address = "".join(self._inline(child)), child.get(LINK) or ""
            behind = address and not address.startswith("#") and address.rstrip("/") not in words
            yield f"{words} ({address})" if behind else words
        elif child.tag == f"{TEXT}note":
            body = child.find(f"{TEXT}note-body")
            self._notes.append(f"[{len(self._notes) + 1}] {self._said(body)}")
            yield f"[{len(self._notes)}]"
        elif child.tag == f"{OFFICE}annotation":
            self._comments.append(self._said(child))
        elif isinstance(child.tag, str) and child.tag.startswith(DRAW):
            yield self._frame(child)
        elif child.tag == f"{TEXT}span" and child.get(f"{TEXT}style-name") in self._unseen:
            self._missed["hidden"] += 1
        elif child.tag == f"{TEXT}span":
            height, line = self._looks.get(child.get(f"{TEXT}style-name") or "", (0, False))
            yield placed("".join(self._inline(child)), height, line=line)
        elif isinstance(child.tag, str) and child.tag not in SKIPPED:
            yield from self._inline(child)

    def _frame(self, drawn: Any) -> str:
        """Read the words in what is drawn: boxes, shapes, groups of them. Returned is what a form's field shows."""
        above, self._boxes = self._boxes, []
        lines: list[str] = []
        shown: list[str] = []
        for part in _parts(drawn):
            lines += self.blocks(part) if _has_words(part) else ()
            embedded = part.find(f"{DRAW}object") is not None
            self._missed["embedded object"] += embedded
            self._missed["picture"] += not embedded and part.find(f"{DRAW}image") is not None
            shown.append(self._filled.get(part.get(f"{DRAW}control") or "", ""))
        self._boxes = above + lines
        return " ".join(filter(None, shown))

    def _said(self, element: Any) -> str:
        if element is None:
            return ""
        return " ".join(" ".join("".join(self._inline(one)) for one in element.iter(f"{TEXT}p")).split())


class _Sheets(_Walk):
    """A way through the sheets of a table."""

    def __init__(self, watch: "Watch", content: Any, styles: Any) -> None:
        super().__init__(watch, content, styles)
        self._hidden: list[str] = []
        self._partly: list[str] = []
        self._off = {
            style.get(f"{STYLE}name")
            for style in content.iter(f"{STYLE}style")
            if (look := style.find(f"{STYLE}table-properties")) is not None and look.get(f"{TABLE}display") == "false"
        }

    def sheet(self, table: Any) -> Iterator[str]:
        """The lines of a sheet, without empty ones."""
        name = table.get(f"{TABLE}name") or ""
        off = table.get(f"{TABLE}style-name") in self._off
        self._hidden += [name] if off else []
        yield f"### {name}{' (hidden)' if off else ''}"
        self._comments, said = [], False
        for row in table.iter(f"{TABLE}table-row"):
            self._watch.check_time()
            if not _own(row, table):
                continue
            line = _line(self._row(row))
            said = said or (bool(line) and row.get(f"{TABLE}visibility") in HIDDEN_ROWS)
            times = _number(row.get(f"{TABLE}number-rows-repeated"))
            yield from (self._watch.take(line) for _time in range(times if line else 0))
        for shape in table.iterfind(f"{TABLE}shapes/*"):
            yield from filter(None, [self._frame(shape)])
        columns = (one for one in table.iter(f"{TABLE}table-column") if _own(one, table))
        said = said or any(one.get(f"{TABLE}visibility") in HIDDEN_ROWS for one in columns)
        self._partly += [name] if said else []
        yield from (self._watch.take(f"Text box: {box}") for box in self._boxes)
        yield from (self._watch.take(f"Comment: {comment}") for comment in self._comments)
        self._boxes = []

    def left_out(self) -> tuple[str, ...]:
        """What the person should know of it."""
        notes = [file_words.hidden(self._hidden)] if self._hidden else []
        if self._partly:
            sheets = file_words.listed(self._partly)
            notes.append(_("rows or columns that are hidden in {sheets} were read all the same", sheets=sheets))
        formulas = self._missed.pop("formula", 0)
        if formulas:
            notes.append(
                ngettext(
                    "{n} formula has no stored result, so the formula stands in its place",
                    "{n} formulas have no stored result, so the formulas stand in their place",
                    formulas,
                )
            )
        return (*notes, *super().left_out())

    def _row(self, row: Any) -> list[str]:
        cells: list[str] = []
        empty = 0
        for cell in row:
            if cell.tag not in {f"{TABLE}table-cell", f"{TABLE}covered-table-cell"}:
                continue
            times = min(_number(cell.get(f"{TABLE}number-columns-repeated")), MOST_COLUMNS)
            if text := self._cell(cell):
                cells += [*[""] * empty, *[text] * times][: MOST_COLUMNS - len(cells)]
                empty = 0
            else:
                empty = min(empty + times, MOST_COLUMNS)
        return cells

    def _cell(self, cell: Any) -> str:
        """What a cell shows; its value where a program wrote no words for it."""
        self._comments += [said for one in cell.iterfind(f"{OFFICE}annotation") if (said := self._said(one))]
        for shape in cell:
            if isinstance(shape.tag, str) and shape.tag.startswith(DRAW):
                self._frame(shape)
        lines = ["".join(self._inline(one)) for one in cell.iterfind(f"{TEXT}p")]
        if lines:
            return "\n".join(lines).strip()
        value = next((said for name in VALUES if (said := cell.get(f"{OFFICE}{name}"))), "")
        if not value and (asks := cell.get(f"{TABLE}formula")):
            self._missed["formula"] += 1
            return f"={str(asks).partition('=')[2]}"
        return str(value)


def _line(cells: list[str]) -> str:
    if not any(cells):
        return ""
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    return line.getvalue()


def _own(row: Any, table: Any) -> bool:
    """Whether a row is the table's own, and not that of a table in one of its cells."""
    return next(row.iterancestors(f"{TABLE}table")) is table


def _parts(drawn: Any) -> Iterator[Any]:
    """What a drawing is made of, without what is drawn among the words of a part."""
    yield drawn
    for child in () if _has_words(drawn) else drawn:
        if isinstance(child.tag, str) and child.tag.startswith(DRAW):
            yield from _parts(child)


def _has_words(part: Any) -> bool:
    return part.tag == f"{DRAW}text-box" or any(child.tag in WORDS for child in part)


def _looks(root: Any) -> dict[str, tuple[int, bool]]:
    """By style how words in it stand: above their line (1), below it (-1), and whether a line goes through them."""
    found = {}
    for style in root.iter(f"{STYLE}style"):
        look = style.find(f"{STYLE}text-properties")
        if look is not None:
            where = (look.get(f"{STYLE}text-position") or "").partition(" ")[0]
            height = -1 if where == "sub" or where.startswith("-") else int(where not in {"", "0%"})
            line = look.get(f"{STYLE}text-line-through-style") not in {None, "none"}
            found[style.get(f"{STYLE}name") or ""] = height, line
    return found


def _unseen(roots: list[Any]) -> Iterator[str]:
    """The names of styles whose words nobody sees."""
    for root in roots:
        for style in root.iter(f"{STYLE}style"):
            look = style.find(f"{STYLE}text-properties")
            if look is not None and look.get(f"{TEXT}display") == "none":
                yield style.get(f"{STYLE}name") or ""


def _fields(forms: Any) -> Iterator[tuple[str, str]]:
    """What the fields of forms show, by their ids."""
    for field in forms.iter():
        identifier = field.get(f"{FORM}id") or field.get(XML_ID) if isinstance(field.tag, str) else None
        if identifier and field.tag not in UNSHOWN:
            yield identifier, _filled(field)


def _filled(field: Any) -> str:
    if field.tag in {f"{FORM}checkbox", f"{FORM}radio"}:
        state = field.get(f"{FORM}current-state") or field.get(f"{FORM}current-selected")
        return f"{'[x]' if state in {'checked', 'true'} else '[ ]'} {field.get(f'{FORM}label') or ''}".strip()
    if field.tag == f"{FORM}listbox":
        chosen = [one for one in field.iter(f"{FORM}option") if one.get(f"{FORM}current-selected") == "true"]
        return ", ".join(one.get(f"{FORM}label") or "" for one in chosen)
    if field.tag == f"{FORM}fixed-text":
        return field.get(f"{FORM}label") or ""
    said = field.get(f"{FORM}current-value") or field.get(f"{FORM}value") or ""
    return said or "\n".join("".join(one.itertext()) for one in field.iter(f"{TEXT}p"))


def _packed(data: bytes, watch: "Watch") -> tuple[Any, Any]:
    """The parts of a file that is packed, as programs save it by themselves. Raises Refusal."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if _is_locked(packed):
            raise file_words.locked(watch.name)
        return _parsed(packed, "content.xml"), _parsed(packed, "styles.xml")


def _flat(data: bytes) -> tuple[Any, Any]:
    """Those of a file that is one piece of XML (FODT)."""
    root = _read(data)
    return root, root


def _is_locked(packed: zipfile.ZipFile) -> bool:
    try:
        return b"encryption-data" in packed.read("META-INF/manifest.xml")
    except KeyError:
        return False


def _parsed(packed: zipfile.ZipFile, name: str) -> Any:
    return _read(packed.read(name)) if name in packed.namelist() else None


def _read(xml: bytes) -> Any:
    from lxml import etree

    return etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True))


def _number(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 8 else 1
