"""Word files, as Word shows them with all changes accepted: https://learn.microsoft.com/openspecs/office_standards.

python-docx opens them. What its own text leaves out is most of what people use Word for, so the elements are walked
here: insertions, controls, text boxes, tables in tables, headers, notes, comments, links, numbers of lists.
"""

import io
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.adapters.documents import words as file_words
from bot.adapters.readers.formulas import formula
from bot.adapters.readers.word_lists import Numbering
from bot.intake.ports import Reading
from bot.kernel.text.placing import placed
from bot.kernel.translation import gettext as _

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
GONE = frozenset({f"{W}del", f"{W}moveFrom"})
SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
BOXES = {0xFE: "☒", 0x78: "☒", 0xFD: "☒", 0x6F: "☐", 0xA8: "☐", 0xFC: "✓"}  # of Wingdings, as forms have them
NOTES = {"footnotes": "Footnotes", "endnotes": "Endnotes", "comments": "Comments"}
CONTENT = {f"{W}sdt": f"{W}sdtContent", f"{W}ruby": f"{W}rubyBase"}
HEIGHTS = {"superscript": 1, "subscript": -1}
OTHERS = {"chart": "chart", "diagram": "diagram"}


def word(data: bytes, watch: "Watch") -> Reading:
    """A Word file's text: headers, body, footers, then what stands in notes and comments."""
    from docx import Document

    document: Any = Document(io.BytesIO(data))
    walk = _Walk(document, watch)
    parts = walk.margins("header") + list(walk.blocks(document.element.body, document.part)) + walk.margins("footer")
    for kind, title in NOTES.items():
        parts += walk.notes(kind, title)
    return Reading("\n".join(parts), "", walk.left_out())


class _Walk:
    """One way through a document; what is met on it and not read is counted in `_missed`."""

    def __init__(self, document: Any, watch: "Watch") -> None:
        self._document = document
        self._watch = watch
        self._styles = {style.style_id: style for style in document.styles if style.style_id}
        self._numbering = Numbering(document)
        self._missed: Counter[str] = Counter()
        self._boxes: list[str] = []
        self._fields: list[dict[str, Any]] = []

    def blocks(self, parent: Any, part: Any) -> Iterator[str]:
        """The lines of a body, a cell, a note: a paragraph each, a row of a table each."""
        for child in parent:
            if child.tag == f"{W}p":
                yield self._watch.take(self._paragraph(child, part))
                boxes, self._boxes = self._boxes, []
                yield from boxes
            elif child.tag == f"{W}tbl":
                yield from (" | ".join(cells) for cells in self._rows(child, part))
            elif child.tag == f"{W}altChunk":
                self._missed["embedded document"] += 1
            elif child.tag in GONE:
                self._missed["tracked"] += 1
            elif child.tag == f"{M}oMathPara":
                yield self._watch.take(formula(child))
            elif (inner := _inside(child)) is not None:
                yield from self.blocks(inner, part)

    def margins(self, kind: str) -> list[str]:
        """What the headers, or the footers, of the pages say: each text once, page numbers alone not at all."""
        texts: dict[str, None] = {}
        for relation in self._document.part.rels.values():
            if not relation.is_external and relation.reltype.endswith(f"/{kind}"):
                part = relation.target_part
                text = " ".join(" ".join(self.blocks(part.element, part)).split())
                if any(map(str.isalpha, text)):
                    texts.setdefault(f"{kind.capitalize()}: {text}")
        return list(texts)

    def notes(self, kind: str, title: str) -> list[str]:
        """Footnotes, endnotes or comments, below a title."""
        from docx.oxml import parse_xml

        lines: list[str] = []
        for relation in self._document.part.rels.values():
            if relation.is_external or not relation.reltype.endswith(f"/{kind}"):
                continue
            part = relation.target_part
            root = part.element if hasattr(part, "element") else parse_xml(part.blob)
            for note in root:
                text = " ".join(" ".join(self.blocks(note, part)).split())
                if text and note.get(f"{W}type") is None:
                    by = f"{note.get(f'{W}author')}: " if kind == "comments" and note.get(f"{W}author") else ""
                    lines.append(f"[{note.get(f'{W}id')}] {by}{text}")
        return ["", f"{title}:", *lines] if lines else []

    def left_out(self) -> tuple[str, ...]:
        """What the person should know of it."""
        tracked, hidden = self._missed.pop("tracked", 0), self._missed.pop("hidden", 0)
        notes = file_words.not_read(self._missed)
        if tracked:
            notes.append(_("tracked changes were read as if they were accepted"))
        if hidden:
            notes.append(_("hidden words were left out"))
        return tuple(notes)

    def _paragraph(self, paragraph: Any, part: Any) -> str:
        text = "".join(self._inline(paragraph, part))
        if not text.strip():
            return ""
        properties = paragraph.find(f"{W}pPr")
        style_id = _value(properties, "pStyle")
        style = self._styles.get(style_id)
        name = (style.name or "").lower() if style is not None else ""
        if name.startswith(("heading", "title")):
            return f"# {text}"
        mark = self._numbering.mark(properties, style_id)
        return f"{mark or ('- ' if name.startswith('list') else '')}{text}"

    def _rows(self, table: Any, part: Any) -> Iterator[list[str]]:
        for child in table:
            if child.tag == f"{W}tr":
                if child.find(f"{W}trPr/{W}del") is not None:
                    self._missed["tracked"] += 1
                else:
                    yield list(self._cells(child, part))
            elif child.tag not in GONE and (inner := _inside(child)) is not None:
                yield from self._rows(inner, part)

    def _cells(self, row: Any, part: Any) -> Iterator[str]:
        for child in row:
            if child.find(f"{W}tcPr/{W}cellDel") is not None:
                self._missed["tracked"] += 1
            elif child.tag == f"{W}tc":
                yield " ".join(" ".join(self.blocks(child, part)).split())
            elif (inner := _inside(child)) is not None:
                yield from self._cells(inner, part)

    def _inline(self, parent: Any, part: Any) -> Iterator[str]:
        for child in parent:
            if not isinstance(child.tag, str):  # what a program noted for itself in the XML
                continue
            if child.tag == f"{W}r":
                yield from self._run(child, part)
            elif child.tag in GONE:
                self._missed["tracked"] += 1
            elif child.tag == f"{W}hyperlink":
                words = "".join(self._inline(child, part))
                yield words + _behind(words, _target(part, child.get(f"{R}id")))
            elif child.tag == f"{W}fldSimple":
                words = "".join(self._inline(child, part))
                yield words + _behind(words, _address(child.get(f"{W}instr") or ""))
            elif child.tag.startswith(M):
                yield formula(child)
            elif (inner := _inside(child)) is not None:
                self._missed["tracked"] += child.tag == f"{W}ins"
                yield from self._inline(inner, part)

    def _run(self, run: Any, part: Any) -> Iterator[str]:
        hidden = _is_on(run, "vanish")
        for child in run:
            if child.tag == f"{W}t":
                self._missed["hidden"] += hidden
                yield "" if hidden else _as_it_stands(run, child.text or "")
            elif child.tag == f"{W}sym":
                yield _symbol(child)
            elif child.tag == f"{W}fldChar":
                yield self._field(child)
            elif child.tag == f"{W}instrText" and self._fields:
                self._fields[-1]["asks"] += child.text or ""
            elif child.tag in {f"{W}footnoteReference", f"{W}endnoteReference", f"{W}commentReference"}:
                yield f"[{child.get(f'{W}id')}]"
            elif child.tag == f"{W}ruby" and (words := _inside(child)) is not None:
                yield from self._inline(words, part)
            elif child.tag in {f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"}:
                drawn = self._drawn(child, part)
                yield "" if hidden else drawn
            elif child.tag in SIGNS:
                yield SIGNS[child.tag]

    def _field(self, sign: Any) -> str:
        """The signs around a field: its question is not shown, its result is; a form's field may have none."""
        place = sign.get(f"{W}fldCharType")
        if place == "begin":
            self._fields.append({"asks": "", "shown": _of_form(sign.find(f"{W}ffData"))})
        elif place == "end" and self._fields:
            field = self._fields.pop()
            address = _address(field["asks"])
            return f" ({address})" if address else str(field["shown"])
        return ""

    def _drawn(self, drawn: Any, part: Any) -> str:
        """Words in a text box are read once, though old and new Word each have their own; pictures are counted.

        Returned are words that stand in the line.
        """
        choice = drawn.find(f"{MC}Choice") if drawn.tag == f"{MC}AlternateContent" else drawn
        chosen = drawn if choice is None else choice
        above, self._boxes = self._boxes, []
        inner = [box for box in chosen.iter(f"{W}txbxContent") if not _within(box, chosen)]
        lines = [line for box in inner for line in self.blocks(box, part)]  # which puts those in a box behind its words
        lines += [words for art in chosen.iter(f"{V}textpath") if (words := (art.get("string") or "").strip())]
        self._boxes = above + lines
        for data in chosen.iter(f"{A}graphicData"):
            uri = (data.get("uri") or "").rpartition("/")[2]
            if uri in OTHERS:
                self._missed[OTHERS[uri]] += 1
        if drawn.tag == f"{W}object":
            self._missed["embedded object"] += 1
        else:
            self._missed["picture"] += sum(1 for _ in chosen.iter(f"{A}blip", f"{V}imagedata"))
        return _alternative(drawn)


def _is_on(run: Any, name: str) -> bool:
    """Whether a run has a property that is on or off."""
    found = run.find(f"{W}rPr/{W}{name}")
    return found is not None and found.get(f"{W}val") not in {"0", "false", "off"}


def _as_it_stands(run: Any, words: str) -> str:
    """A run's words, where they are raised, lowered or struck through."""
    height = HEIGHTS.get(_value(run.find(f"{W}rPr"), "vertAlign"), 0)
    return placed(words, height, line=_is_on(run, "strike") or _is_on(run, "dstrike"))


def _inside(element: Any) -> Any:
    """The element whose children stand in the text in its place; None for what is no part of it."""
    if not isinstance(element.tag, str):
        return None
    if element.tag in CONTENT:
        return element.find(CONTENT[element.tag])
    if element.tag == f"{MC}AlternateContent":
        choice = element.find(f"{MC}Choice")
        return element.find(f"{MC}Fallback") if choice is None else choice
    names = {"ins", "moveTo", "smartTag", "customXml", "dir", "bdo", "hyperlink", "sdtContent", "rubyBase"}
    return element if element.tag.removeprefix(W) in names else None


def _alternative(content: Any) -> str:
    """The words of a run of which old and new Word each have their own, such as an emoji that is a sign by its number.

    Those in its drawings are read as text boxes.
    """
    for kind in ("Choice", "Fallback"):
        one = content.find(f"{MC}{kind}")
        if one is not None and (words := "".join(child.text or "" for child in one if child.tag == f"{W}t")):
            return words
    return ""


def _within(box: Any, top: Any) -> bool:
    """Whether a text box stands in another one, which brings its words along."""
    above = box.getparent()
    while above is not None and above is not top:
        if above.tag == f"{W}txbxContent":
            return True
        above = above.getparent()
    return False


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{W}{name}") if properties is not None else None
    return (found.get(f"{W}val") or "") if found is not None else ""


def _target(part: Any, relation_id: str | None) -> str:
    relation = part.rels.get(relation_id) if relation_id else None
    return str(relation.target_ref) if relation is not None and relation.is_external else ""


def _address(asks: str) -> str:
    """The address in a field such as HYPERLINK "https://example.org"."""
    name, _, rest = asks.strip().partition(" ")
    if name.upper() != "HYPERLINK" or '"' not in rest or rest.lstrip().startswith("\\l"):
        return ""
    return rest.split('"')[1]


def _behind(words: str, address: str) -> str:
    """An address behind words that do not say it themselves."""
    return f" ({address})" if address and words.strip() and address.rstrip("/") not in words else ""


def _symbol(sign: Any) -> str:
    """A character of a font of symbols; most of these have no meaning as text."""
    try:
        code = int(sign.get(f"{W}char") or "", 16)
    except ValueError:
        return ""
    return BOXES.get(code & 0xFF, "") if 0xF000 <= code <= 0xF0FF else chr(code) if 0x20 <= code < 0xD800 else ""


def _of_form(field: Any) -> str:
    """What an old form's tick box or list shows, which is written nowhere as text."""
    if field is None:
        return ""
    tick, options = field.find(f"{W}checkBox"), field.find(f"{W}ddList")
    if tick is not None:
        state = tick.find(f"{W}checked")
        state = tick.find(f"{W}default") if state is None else state
        return "[x]" if state is not None and state.get(f"{W}val") not in {"0", "false"} else "[ ]"
    if options is None:
        return ""
    entries = [entry.get(f"{W}val") or "" for entry in options.findall(f"{W}listEntry")]
    chosen = _value(options, "result") or "0"
    return entries[int(chosen)] if chosen.isdecimal() and int(chosen) < len(entries) else ""
