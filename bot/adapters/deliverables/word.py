"""A tree as a Word file, by python-docx: https://learn.microsoft.com/en-us/office/open-xml/word/working-with-wordprocessingml-documents

What runs from the right has `w:bidi` on its paragraph, and `w:rtl` on its pieces of such a script, which then take the
font and the weight that are given for complex scripts.
"""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from bot.adapters.deliverables import directions
from bot.adapters.deliverables.tree import Node
from bot.adapters.deliverables.word_parts import DEEPEST_LIST, Lists, Notes
from bot.adapters.deliverables.word_styles import CODE, CODE_FONT, LINK, NOTE_MARK, dress

INDENT = 720  # twentieths of a point, of a list's level
_STYLES = {"strong": ("w:b", "w:bCs"), "em": ("w:i", "w:iCs"), "struck": ("w:strike",)}


def word_of(blocks: Sequence[Node], title: str, language: str, whose: str) -> bytes:
    """The file. title, whose: what its properties say; language: of its words, as BCP 47 has it."""
    document = Document()
    dress(document, title, language, whose)
    _Writer(document).write(blocks)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


class _Writer:
    """Fills one file."""

    def __init__(self, document: Docx) -> None:
        self._part = document.part
        self._body = document.element.body
        self._lists = Lists(document)
        self._notes = Notes(document, self._runs)
        self._links: dict[str, str] = {}

    def write(self, blocks: Sequence[Node]) -> None:
        end = self._body.sectPr
        for element in self._blocks(blocks):
            end.addprevious(element)
        self._notes.keep()

    def _blocks(
        self, blocks: Sequence[Node], indent: int = 0, *, level: int = 0, quoted: bool = False
    ) -> Iterator[Any]:
        style = "Quote" if quoted else ""
        for block in blocks:
            match block["t"]:
                case "p":
                    yield _paragraph(self._runs(block["c"]), block["rtl"], style=style, indent=indent)
                case "h":
                    yield _paragraph(self._runs(block["c"]), block["rtl"], style=f"Heading{block['level']}")
                case "pre":
                    yield _paragraph(_code_lines(block["s"]), block["rtl"], style=CODE, indent=indent)
                case "quote":
                    yield from self._blocks(block["c"], indent + INDENT // 2, level=level, quoted=True)
                case "list":
                    yield from self._list(block, indent, level, quoted)
                case "hr":
                    yield _rule()
                case "table":
                    yield self._table(block)
                    yield _paragraph([], block["rtl"])  # Word joins tables that touch

    def _list(self, block: Node, indent: int, level: int, quoted: bool) -> Iterator[Any]:
        number = self._lists.begin(block["start"] if block["ordered"] else None, level)
        place = (number, min(level, DEEPEST_LIST))
        for item in block["items"]:
            first, rest = (item[:1], item[1:]) if item and item[0]["t"] == "p" else ([], item)
            runs = self._runs(first[0]["c"]) if first else []
            style = "Quote" if quoted else "ListParagraph"
            yield _paragraph(runs, block["rtl"], style=style, numbered=place, indent=indent + INDENT)
            yield from self._blocks(rest, indent + INDENT, level=level + 1, quoted=quoted)

    def _table(self, block: Node) -> Any:
        table = _new("w:tbl")
        shape = _add(table, "w:tblPr")
        _add(shape, "w:tblStyle", val="TableGrid")
        if block["rtl"]:
            _add(shape, "w:bidiVisual")
        _add(shape, "w:tblW", type="pct", w="5000")
        _add(shape, "w:tblLook", val="0020", firstRow="1")
        grid = _add(table, "w:tblGrid")
        for _column in range(block["columns"]):
            _add(grid, "w:gridCol", w=str(9_000 // block["columns"]))
        for place, cells in enumerate(block["rows"]):
            row = _add(table, "w:tr")
            properties = _add(row, "w:trPr")
            _add(properties, "w:cantSplit")
            if place == 0:
                _add(properties, "w:tblHeader")
            for cell, right in zip(cells, block["right"], strict=True):
                runs = self._runs([run | {"strong": True} for run in cell] if place == 0 else cell)
                row.append(_cell(runs, head=place == 0, right=right, rtl=block["rtl"]))
        return table

    def _runs(self, runs: Sequence[Node]) -> list[Any]:
        made: list[Any] = []
        for href, linked in groupby(runs, key=lambda run: run.get("href", "")):
            elements = [element for run in linked for element in self._run(run)]
            made += [self._link(href, elements)] if href else elements
        return made

    def _link(self, href: str, elements: Sequence[Any]) -> Any:
        if href not in self._links:
            self._links[href] = self._part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = _new("w:hyperlink")
        link.set(qn("r:id"), self._links[href])
        link.extend(elements)
        return link

    def _run(self, run: Node) -> Iterator[Any]:
        match run["t"]:
            case "br":
                element = _new("w:r")
                _add(element, "w:br")
                yield element
            case "note":
                yield self._notes.refer(run["note"])
            case "sup":
                yield _words(run["s"], run, mark=NOTE_MARK)
            case "code":
                yield _words(run["s"], run, font=CODE_FONT)
            case _:
                for piece, right in directions.split(run["s"]):
                    yield _words(piece, run, rtl=right)


def _new(name: str, **values: str) -> Any:
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _add(parent: Any, name: str, **values: str) -> Any:
    element = _new(name, **values)
    parent.append(element)
    return element


def _paragraph(
    runs: Sequence[Any], rtl: bool, *, style: str = "", numbered: tuple[int, int] | None = None, indent: int = 0
) -> Any:
    """In the order that the schema wants its properties in. numbered: the list and the level."""
    paragraph = _new("w:p")
    properties = _add(paragraph, "w:pPr")
    if style:
        _add(properties, "w:pStyle", val=style)
    if numbered is not None:
        numbering = _add(properties, "w:numPr")
        _add(numbering, "w:ilvl", val=str(numbered[1]))
        _add(numbering, "w:numId", val=str(numbered[0]))
    if rtl:
        _add(properties, "w:bidi")
    if indent and numbered is not None:
        _add(properties, "w:ind", start=str(indent), hanging=str(INDENT // 2))
    elif indent:
        _add(properties, "w:ind", start=str(indent))
    paragraph.extend(runs)
    return paragraph


def _cell(runs: Sequence[Any], *, head: bool, right: bool, rtl: bool) -> Any:
    cell = _new("w:tc")
    properties = _add(cell, "w:tcPr")
    if head:
        _add(properties, "w:shd", val="clear", color="auto", fill="EFEFEA")
    paragraph = _add(cell, "w:p")
    within = _add(paragraph, "w:pPr")
    if rtl:
        _add(within, "w:bidi")
    _add(within, "w:spacing", before="40", after="40")
    if right and not rtl:
        _add(within, "w:jc", val="end")
    paragraph.extend(runs)
    return cell


def _words(words: str, run: Node, *, rtl: bool = False, font: str = "", mark: str = "") -> Any:
    element = _new("w:r")
    properties = _add(element, "w:rPr")
    if mark or run.get("href"):
        _add(properties, "w:rStyle", val=mark or LINK)
    if font:
        _add(properties, "w:rFonts", ascii=font, hAnsi=font, cs=font)
    for style, names in _STYLES.items():
        if run.get(style):
            for name in names:
                _add(properties, name)
    if rtl:
        _add(properties, "w:rtl")
    text = _add(element, "w:t")
    text.text = words
    text.set(qn("xml:space"), "preserve")
    return element


def _code_lines(code: str) -> list[Any]:
    element = _new("w:r")
    for place, line in enumerate(code.split("\n")):
        if place:
            _add(element, "w:br")
        for number, piece in enumerate(line.split("\t")):
            if number:
                _add(element, "w:tab")
            text = _add(element, "w:t")
            text.text = piece
            text.set(qn("xml:space"), "preserve")
    return [element]


def _rule() -> Any:
    paragraph = _paragraph([], False)
    border = _add(paragraph.pPr, "w:pBdr")
    _add(border, "w:bottom", val="single", sz="6", space="1", color="BFBFB8")
    return paragraph
