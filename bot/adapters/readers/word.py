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
from bot.adapters.readers.list_marks import Numbering
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
# What fonts of symbols draw in place of letters: https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt
_GREEK = "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"
SYMBOL = {
    place + n: letter for place, letters in zip((0x41, 0x61), _GREEK, strict=True) for n, letter in enumerate(letters)
}
SYMBOL |= dict(
    zip(b"\xa0\xa3\xa5\xab\xac\xad\xae\xaf\xb0\xb1\xb3\xb4\xb7\xb8\xb9\xba\xbb\xbc", "€≤∞↔←↑→↓°±≥×•÷≠≡≈…", strict=True)
)
SYMBOL |= dict(zip(b"\xc6\xd2\xd3\xd4\xd6\xd7\xde\xe5\xf2", "∅®©™√·⇒∑∫", strict=True))
WINGDINGS = dict(zip(b"\xfe\x78\xfd\x6f\xa8\xfc\xfb\xdf\xe0\xe1\xe2\xe8\xf0", "☒☒☒☐☐✓✗←→↑↓→→", strict=True))
WINGDINGS |= dict(zip(b"\x4a\x4c\xa7\x6e\x6c\x76\xd8\x28\x2a", "☺☹▪■●◆➢☎✉", strict=True))
TINY = 4  # half points: smaller words nobody reads
NOTES = {"footnotes": "Footnotes", "endnotes": "Endnotes", "comments": "Comments"}
CONTENT = {f"{W}sdt": f"{W}sdtContent", f"{W}ruby": f"{W}rubyBase"}
DEEPEST = 20  # styles that are each based on another
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
        self._hiding: dict[str, bool] = {}

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
        tracked, hidden, white = (self._missed.pop(what, 0) for what in ("tracked", "hidden", "white"))
        notes = file_words.not_read(self._missed)
        if tracked:
            notes.append(_("tracked changes were read as if they were accepted"))
        if hidden:
            notes.append(_("hidden words were left out"))
        if white:
            notes.append(_("some of its words are white, and were read all the same"))
        return tuple(notes)

    def _paragraph(self, paragraph: Any, part: Any) -> str:
        text = "".join(self._inline(paragraph, part))
        if not text.strip():
            return ""
        properties = paragraph.find(f"{W}pPr")
        style_id = _value(properties, "pStyle")
        style = self._styles.get(style_id)
        name = (style.name or "").lower() if style is not None else ""
        mark = self._numbering.mark(properties, style_id)
        if name.startswith(("heading", "title")):
            return f"# {mark.removeprefix('- ')}{text}"
        return f"{mark or ('- ' if name.startswith('list') else '')}{text}"

    def _rows(self, table: Any, part: Any) -> Iterator[list[str]]:
        for child in table:
            if child.tag == f"{W}tr":
                if child.find(f"{W}trPr/{W}del") is not None:
                    self._missed["tracked"] += 1
                elif child.find(f"{W}trPr/{W}hidden") is not None:
                    self._missed["hidden"] += 1
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
        hidden, asked = self._is_hidden(run), any(not field["answered"] for field in self._fields)
        unseen = hidden or asked
        for child in run:
            if child.tag == f"{W}t":
                self._missed["hidden"] += hidden
                self._missed["white"] += not unseen and _is_white(run) and bool((child.text or "").strip())
                yield "" if unseen else _as_it_stands(run, self._drawn_letters(run, child.text or ""))
            elif child.tag == f"{W}sym":
                yield "" if unseen else self._symbol(child.get(f"{W}font") or "", child.get(f"{W}char") or "")
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
                yield "" if unseen else drawn
            elif child.tag in SIGNS:
                yield "" if asked else SIGNS[child.tag]

    def _field(self, sign: Any) -> str:
        """The signs around a field: its question is not shown, its result is; a form's field may have none."""
        place = sign.get(f"{W}fldCharType")
        if place == "begin":
            self._fields.append({"asks": "", "shown": _of_form(sign.find(f"{W}ffData")), "answered": False})
        elif place == "separate" and self._fields:
            self._fields[-1]["answered"] = True
        elif place == "end" and self._fields:
            field = self._fields.pop()
            if any(not around["answered"] for around in self._fields):  # it is a part of what another one asks
                return ""
            address = _address(field["asks"])
            return f" ({address})" if address else str(field["shown"])
        return ""

    def _is_hidden(self, run: Any) -> bool:
        """Whether nobody sees a run: by its own look, by its style, or by that of its paragraph."""
        properties = run.find(f"{W}rPr")
        if properties is not None and properties.find(f"{W}vanish") is not None:
            return _is_on(run, "vanish")
        if (size := _value(properties, "sz")).isdecimal() and int(size) <= TINY:
            return True
        above = run.getparent()
        while above is not None and above.tag != f"{W}p":
            above = above.getparent()
        styles = (_value(properties, "rStyle"), _value(above.find(f"{W}pPr") if above is not None else None, "pStyle"))
        return any(map(self._style_hides, filter(None, styles)))

    def _style_hides(self, name: str) -> bool:
        if name not in self._hiding:
            style, depth = self._styles.get(name), 0
            while style is not None and depth < DEEPEST and style.element.find(f"{W}rPr/{W}vanish") is None:
                style, depth = self._styles.get(_value(style.element, "basedOn")), depth + 1
            self._hiding[name] = style is not None and depth < DEEPEST and _is_on(style.element, "vanish")
        return self._hiding[name]

    def _symbol(self, font: str, written: str) -> str:
        """A character of a font of symbols; those that are not known are counted."""
        try:
            code = int(written, 16)
        except ValueError:
            return ""
        if not 0xF000 <= code <= 0xF0FF:
            return chr(code) if 0x20 <= code < 0xD800 else ""
        found = (SYMBOL if font.lower() == "symbol" else WINGDINGS).get(code & 0xFF, "")
        self._missed["sign"] += not found
        return found

    def _drawn_letters(self, run: Any, words: str) -> str:
        """A run's letters, which a font of symbols may draw as other signs."""
        if not any("\uf020" <= letter <= "\uf0ff" for letter in words):
            return words
        fonts = run.find(f"{W}rPr/{W}rFonts")
        font = (
            next((fonts.get(f"{W}{kind}") or "" for kind in ("ascii", "hAnsi")), "") if fonts is not None else "Symbol"
        )
        return "".join(
            self._symbol(font, f"{ord(letter):x}") if "\uf020" <= letter <= "\uf0ff" else letter for letter in words
        )

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


def _is_white(run: Any) -> bool:
    """Whether a run is white, and nothing around it is told to be dark."""
    if _value(run.find(f"{W}rPr"), "color").upper() not in {"FFFFFF", "FEFEFE"}:
        return False
    around = [run, *run.iterancestors(f"{W}p", f"{W}tc", f"{W}tbl", f"{W}txbxContent")]
    dark = ("rPr/{0}shd", "rPr/{0}highlight", "pPr/{0}shd", "tcPr/{0}shd", "tblPr/{0}shd", "tblPr/{0}tblStyle")
    drawn = any(one.tag == f"{W}txbxContent" for one in around)
    return not drawn and all(one.find(f"{W}{path.format(W)}") is None for one in around for path in dark)


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
