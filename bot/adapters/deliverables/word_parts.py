"""Lists that count for themselves and real footnotes, of which python-docx makes none."""

from collections.abc import Callable, Sequence
from typing import Any

from docx.document import Document as Docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from bot.adapters.deliverables import directions
from bot.adapters.deliverables.tree import Node, said
from bot.adapters.deliverables.word_styles import NOTE, NOTE_MARK

DEEPEST_LIST = 8  # Word knows nine levels
_BULLETS = "•◦▪"
_COUNTS = ("decimal", "lowerLetter", "lowerRoman")
_BULLET_KIND, _NUMBER_KIND = 900, 901  # ids above those of the template
_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
)


class Lists:
    """Each list is one of its own, so that it begins with its own number."""

    def __init__(self, document: Docx) -> None:
        self._numbering = document.part.numbering_part.element
        first = self._numbering.find(qn("w:num"))
        for kind, levels in ((_BULLET_KIND, _bullets()), (_NUMBER_KIND, _numbers())):
            made = (
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{kind}"><w:multiLevelType w:val="multilevel"/>{levels}'
            )
            first.addprevious(parse_xml(f"{made}</w:abstractNum>"))

    def begin(self, start: int | None, level: int) -> int:
        """The number by which the paragraphs of a new list name it. start: its first number; None: it has none."""
        number = self._numbering.add_num(_BULLET_KIND if start is None else _NUMBER_KIND)
        if start is not None:
            number.add_lvlOverride(ilvl=min(level, DEEPEST_LIST)).add_startOverride(start)
        return int(number.numId)


def _bullets() -> str:
    return "".join(_level(at, "bullet", _BULLETS[at % len(_BULLETS)]) for at in range(DEEPEST_LIST + 1))


def _numbers() -> str:
    return "".join(_level(at, _COUNTS[at % len(_COUNTS)], f"%{at + 1}.") for at in range(DEEPEST_LIST + 1))


def _level(at: int, kind: str, text: str) -> str:
    indent = f'<w:pPr><w:ind w:start="{720 * (at + 1)}" w:hanging="360"/></w:pPr>'
    shape = f'<w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{text}"/><w:lvlJc w:val="start"/>'
    return f'<w:lvl w:ilvl="{at}">{shape}{indent}</w:lvl>'


class Notes:
    """The footnotes of one file. runs: makes what stands in one."""

    def __init__(self, document: Docx, runs: Callable[[Sequence[Node]], list[Any]]) -> None:
        self._part = document.part
        self._runs = runs
        self._notes: list[Sequence[Node]] = []

    def refer(self, note: Sequence[Node]) -> Any:
        """The mark in the text that leads to a new footnote."""
        self._notes.append(note)
        return _mark("w:footnoteReference", str(len(self._notes)))

    def keep(self) -> None:
        """Put them into the file, where there are any."""
        if not self._notes:
            return
        root = parse_xml(f"<w:footnotes {nsdecls('w', 'r')}>{_SEPARATORS}</w:footnotes>")
        name = PackURI("/word/footnotes.xml")
        part = XmlPart(name, CONTENT_TYPE.WML_FOOTNOTES, root, self._part.package)
        for number, note in enumerate(self._notes, 1):
            footnote = OxmlElement("w:footnote")
            footnote.set(qn("w:id"), str(number))
            side = "<w:bidi/>" if directions.from_right(said(note)) else ""
            style = f'<w:pPr><w:pStyle w:val="{NOTE}"/>{side}</w:pPr>'
            paragraph = parse_xml(f"<w:p {nsdecls('w')}>{style}</w:p>")
            paragraph.append(_mark("w:footnoteRef"))
            words = [run | {"href": ""} for run in note]  # links there would be relations of that part
            paragraph.extend(self._runs([{"t": "text", "s": " "}, *words]))
            footnote.append(paragraph)
            root.append(footnote)
        self._part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _mark(name: str, number: str = "") -> Any:
    run = parse_xml(f'<w:r {nsdecls("w")}><w:rPr><w:rStyle w:val="{NOTE_MARK}"/></w:rPr></w:r>')
    mark = OxmlElement(name)
    if number:
        mark.set(qn("w:id"), number)
    run.append(mark)
    return run
