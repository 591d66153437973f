"""What stands beside the cells of a workbook, in parts of its own that openpyxl does not read row by row."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from bot.kernel.text.placing import placed

MOST_BYTES = 5_000_000  # of a part
LINK = re.compile(rb"<(?:\w+:)?hyperlink\s([^>]{1,4000})>")
ATTRIBUTE = re.compile(r'([\w:]+)="([^"]*)"')
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s([^>]{1,4000})>")
HIDDEN = re.compile(rb"<(?:\w+:)?(?:row|col)\s[^>]{0,400}hidden=\"(?:1|true)\"")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
MARKED = re.compile(rb"<(?:\w+:)?(?:vertAlign|strike)[\s>/]")
MARGIN = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(Header|Footer)[^>]{0,200}>([^<]{1,2000})<")
# https://learn.microsoft.com/dotnet/api/documentformat.openxml.spreadsheet.oddheader
CODES = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K\d\d[+-]\d{3}|\d{1,3}|[LCRPNDTZFAGSXYUEBIOH])')
LOOKED_AT = 1_000_000
# Values that are more than a number or words, "rich data": https://learn.microsoft.com/openspecs/office_standards/ms-xlsx
RICH_CELL = re.compile(rb"<(?:\w+:)?c\s(?=[^<>]{0,300}\bvm=\"(\d{1,6})\")[^<>]{0,300}?\br=\"([A-Z]{1,3}\d{1,7})\"")
# Words that stand in the cell itself, and not among those that all sheets share.
INLINE = re.compile(rb"<(?:\w+:)?c\s[^<>]{0,300}?\bt=\"inlineStr\"[^<>]{0,300}>.{1,20000}?</(?:\w+:)?c>", re.DOTALL)
HEIGHTS = {"superscript": 1, "subscript": -1}
IMAGES = frozenset({"_localImage", "_webimage"})


@dataclass
class Beside:
    """Addresses by cell, comments, words in text boxes, and what was not read of a sheet.

    hides: whether rows or columns are hidden in it, by a filter perhaps.
    rich: what is shown in a cell whose value is of a kind of its own, "" for a picture.
    """

    links: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    pictures: int = 0
    charts: int = 0
    hides: bool = False
    rich: dict[str, str] = field(default_factory=dict)

    def lines(self) -> Iterator[str]:
        """What stands below the sheet's rows."""
        yield from (f"Comment at {comment}" for comment in self.comments)
        yield from (f"Text box: {box}" for box in self.boxes)
        yield from self.margins


def formulas_in(data: bytes) -> bool:
    """Whether any sheet has a formula, so that it is worth to read it twice."""
    return _stands_in(data, "worksheets/", FORMULA)


def marked_in(data: bytes) -> bool:
    """Whether letters within some cell are raised, lowered or struck through."""
    return _stands_in(data, "sharedStrings", MARKED)


def _stands_in(data: bytes, parts: str, sign: re.Pattern[bytes]) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for member in packed.infolist():
            if parts in member.filename and member.filename.endswith(".xml"):
                with packed.open(member) as file:
                    tail = b""
                    while block := file.read(LOOKED_AT):
                        if sign.search(tail + block):
                            return True
                        tail = block[-20:]
    return False


def beside(data: bytes, sheet: Any) -> Beside:
    """What stands beside the cells of a sheet that openpyxl has opened for reading."""
    found = Beside()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        path = str(sheet._worksheet_path).lstrip("/")
        relations = _relations(packed, path)
        targets = {name: target for name, (kind, target) in relations.items() if kind == "hyperlink"}
        own = _part(packed, path)
        found.hides = HIDDEN.search(own) is not None
        found.margins = list(_margins(own))
        if rich := [(cell.decode(), int(number)) for number, cell in RICH_CELL.findall(own)]:
            shown = _rich_values(packed)
            found.rich = {cell: shown[number - 1] for cell, number in rich if 0 < number <= len(shown)}
            found.pictures += sum(not words for words in found.rich.values())
        if MARKED.search(own):
            found.rich |= dict(filter(None, map(_in_the_cell, INLINE.findall(own))))
        for match in LINK.finditer(own):
            said = _attributes(match[1])
            address = targets.get(
                said.get("r:id", "") or next((v for k, v in said.items() if k.endswith(":id")), ""), ""
            )
            if address and said.get("ref"):
                found.links[said["ref"].partition(":")[0]] = address
        has_threads = any(kind == "threadedComment" for kind, _target in relations.values())
        for kind, target in relations.values():
            if kind == "comments":
                found.comments += _comments(_part(packed, target), old=not has_threads)
            elif kind == "threadedComment":
                found.comments += _threads(_part(packed, target))
            elif kind == "drawing":
                _drawing(packed, target, found)
    return found


def _in_the_cell(xml: bytes) -> tuple[str, str] | None:
    """A cell and its words, where they do not all stand or look alike; openpyxl tells no looks of these."""
    cell = _parsed(xml) if MARKED.search(xml) else None
    if cell is None or not cell.get("r"):
        return None
    words = ""
    for run in cell.iter("{*}r"):
        mark, line = run.find("{*}rPr/{*}vertAlign"), run.find("{*}rPr/{*}strike")
        height = HEIGHTS.get((mark.get("val") or "") if mark is not None else "", 0)
        is_struck = line is not None and line.get("val") not in {"0", "false"}
        words += placed("".join(one.text or "" for one in run.iter("{*}t")), height, line=is_struck)
    return cell.get("r"), words


def _rich_values(packed: zipfile.ZipFile) -> list[str]:
    """What is shown for each value that is a picture, "", or a thing such as a town or a share, its name."""
    roots = [_parsed(_part(packed, f"xl/{name}.xml")) for name in (
        "metadata", "richData/rdrichvalue", "richData/rdrichvaluestructure")]  # fmt: skip
    if any(root is None for root in roots):
        return []
    metadata, values, structures = roots
    kinds = [(one.get("t"), [key.get("n") for key in one.iter("{*}k")]) for one in structures.iter("{*}s")]
    shown = [_shown(kinds, one) for one in values.iter("{*}rv")]
    places = [_number(one.get("i")) for one in metadata.iter("{*}rvb")]
    cells = [_number(one.get("v")) for one in metadata.iterfind("{*}valueMetadata/{*}bk/{*}rc")]
    return [_at(shown, _at(places, cell, -1), "") for cell in cells]


def _shown(kinds: list[tuple[str | None, list[str | None]]], value: Any) -> str:
    kind, keys = _at(kinds, _number(value.get("s")), (None, []))
    said = dict(zip(keys, ((one.text or "") for one in value.iter("{*}v")), strict=False))
    if kind in IMAGES:
        return ""
    return next((said[name] for name in ("_DisplayString", "Text", "Name", "%EntityText") if said.get(name)), "")


def _number(written: str | None) -> int:
    return int(written) if written and written.isdecimal() and len(written) < 9 else -1


def _at(found: list[Any], place: int, otherwise: Any) -> Any:
    return found[place] if 0 <= place < len(found) else otherwise


def _margins(own: bytes) -> Iterator[str]:
    """What is printed above and below the sheet, without page numbers and fonts."""
    seen: dict[str, None] = {}
    for place, written in MARGIN.findall(own):
        text = " ".join(CODES.sub(" ", unescape(written.decode("utf-8", "replace"))).replace("&&", "&").split())
        if any(map(str.isalpha, text)):
            seen.setdefault(f"{place.decode()}: {text}")
    yield from seen


def _drawing(packed: zipfile.ZipFile, path: str, found: Beside) -> None:
    root = _parsed(_part(packed, path))
    if root is None:
        return
    for shape in root.iter("{*}sp"):
        lines = ("".join(t.text or "" for t in p.iter("{*}t")) for p in shape.iter("{*}p"))
        if text := " ".join(filter(None, lines)):
            found.boxes.append(text)
    found.pictures += sum(1 for _ in root.iter("{*}pic"))
    found.charts += sum(1 for _ in root.iter("{*}graphicFrame"))


def _comments(xml: bytes, *, old: bool) -> list[str]:
    """Comments, without those that only tell older programs of a thread; old: there are no threads."""
    root = _parsed(xml)
    if root is None:
        return []
    authors = [one.text or "" for one in root.iterfind("{*}authors/{*}author")]
    own = [
        one
        for one in root.iter("{*}comment")
        if old or not _at(authors, _number(one.get("authorId")), "").startswith("tc=")
    ]
    texts = ((one.get("ref"), "".join(t.text or "" for t in one.iter("{*}t"))) for one in own)
    return [f"{place}: {' '.join(text.split())}" for place, text in texts if text.strip()]


def _threads(xml: bytes) -> list[str]:
    """What people wrote to each other about cells."""
    root = _parsed(xml)
    if root is None:
        return []
    texts = ((one.get("ref"), one.findtext("{*}text") or "") for one in root.iter("{*}threadedComment"))
    return [f"{place}: {' '.join(text.split())}" for place, text in texts if text.strip()]


def _relations(packed: zipfile.ZipFile, path: str) -> dict[str, tuple[str, str]]:
    """Kind and target of what a part points at, by the name that it has in the part."""
    folder, name = posixpath.split(path)
    found = {}
    for match in RELATION.finditer(_part(packed, f"{folder}/_rels/{name}.rels")):
        said = _attributes(match[1])
        target = said.get("Target", "")
        if said.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
        found[said.get("Id", "")] = said.get("Type", "").rpartition("/")[2], target
    return found


def _attributes(written: bytes) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(written.decode("utf-8", "replace"))}


def _part(packed: zipfile.ZipFile, path: str) -> bytes:
    try:
        with packed.open(path) as file:
            return file.read(MOST_BYTES)
    except KeyError:
        return b""


def _parsed(xml: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    return etree.fromstring(xml, parser) if xml else None
