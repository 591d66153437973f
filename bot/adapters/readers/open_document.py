"""OpenDocument texts, by their elements: https://docs.oasis-open.org/office/OpenDocument/v1.3/."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import words as file_words
from bot.intake.ports import Reading
from bot.kernel.translation import gettext as _

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
LINK = "{http://www.w3.org/1999/xlink}href"
SKIPPED = frozenset(
    {f"{TEXT}tracked-changes", f"{TEXT}sequence-decls", f"{OFFICE}forms", f"{TEXT}table-of-content-source"}
)
MOST_SPACES = 200  # that one element may stand for
MOST_REPEATED = 100  # columns or rows that one element may stand for


def open_document(data: bytes, watch: "Watch") -> Reading:
    """An OpenDocument text: headers, body, footers, then what stands in notes and comments."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if _is_locked(packed):
            raise file_words.locked(watch.name)
        content, styles = _parsed(packed, "content.xml"), _parsed(packed, "styles.xml")
    walk = _Walk(watch)
    body = content.find(f"{OFFICE}body/{OFFICE}text")
    lines = list(walk.blocks(body)) if body is not None else []
    margins = [list(walk.margins(styles, kind)) for kind in ("header", "footer")] if styles is not None else [[], []]
    return Reading("\n".join([*margins[0], *lines, *margins[1], *walk.notes()]), "", walk.left_out())


class _Walk:
    def __init__(self, watch: "Watch") -> None:
        self._watch = watch
        self._notes: list[str] = []
        self._comments: list[str] = []
        self._boxes: list[str] = []
        self._missed: Counter[str] = Counter()

    def blocks(self, parent: Any, mark: str = "") -> Iterator[str]:
        """The lines of a body, a cell, an item of a list."""
        for child in parent:
            if child.tag in {f"{TEXT}p", f"{TEXT}h"}:
                text = "".join(self._inline(child))
                shown = f"{'# ' if child.tag == f'{TEXT}h' else mark}{text}" if text.strip() else ""
                yield self._watch.take(shown)
                boxes, self._boxes = self._boxes, []
                yield from boxes
            elif child.tag == f"{TEXT}list":
                for item in child:
                    yield from self.blocks(item, "- ")
            elif child.tag == f"{TABLE}table":
                yield from (" | ".join(self._cells(row)) for row in child.iter(f"{TABLE}table-row") if _own(row, child))
            elif child.tag == f"{TEXT}tracked-changes":
                self._missed["tracked"] += 1
            elif isinstance(child.tag, str) and child.tag.startswith(DRAW):
                self._frame(child)
                boxes, self._boxes = self._boxes, []
                yield from boxes
            elif isinstance(child.tag, str) and child.tag not in SKIPPED:
                yield from self.blocks(child, mark)

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
        tracked = self._missed.pop("tracked", 0)
        notes = file_words.not_read(self._missed)
        return (*notes, *([_("tracked changes were read as if they were accepted")] if tracked else []))

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
        elif child.tag == f"{TEXT}tab":
            yield "\t"
        elif child.tag == f"{TEXT}line-break":
            yield "\n"
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
            self._frame(child)
        elif isinstance(child.tag, str) and child.tag not in SKIPPED:
            yield from self._inline(child)

    def _frame(self, frame: Any) -> None:
        for box in [one for one in frame.iter(f"{DRAW}text-box") if _own_box(one, frame)]:
            self._boxes += list(self.blocks(box))
        self._missed["picture"] += frame.find(f"{DRAW}image") is not None
        self._missed["embedded object"] += frame.find(f"{DRAW}object") is not None

    def _said(self, element: Any) -> str:
        if element is None:
            return ""
        return " ".join(" ".join("".join(self._inline(one)) for one in element.iter(f"{TEXT}p")).split())


def _own(row: Any, table: Any) -> bool:
    """Whether a row is the table's own, and not that of a table in one of its cells."""
    return next(row.iterancestors(f"{TABLE}table")) is table


def _own_box(box: Any, frame: Any) -> bool:
    outer = next(box.iterancestors(f"{DRAW}text-box"), None)
    return outer is None or outer not in list(frame.iter(f"{DRAW}text-box"))


def _is_locked(packed: zipfile.ZipFile) -> bool:
    try:
        return b"encryption-data" in packed.read("META-INF/manifest.xml")
    except KeyError:
        return False


def _parsed(packed: zipfile.ZipFile, name: str) -> Any:
    from lxml import etree

    if name not in packed.namelist():
        return None
    return etree.fromstring(packed.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _number(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 8 else 1
