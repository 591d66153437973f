"""What stands beside the cells of a workbook, in parts of its own that openpyxl does not read row by row."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

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


@dataclass
class Beside:
    """Addresses by cell, comments, words in text boxes, and what was not read of a sheet.

    hides: whether rows or columns are hidden in it, by a filter perhaps.
    """

    links: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)
    boxes: list[str] = field(default_factory=list)
    margins: list[str] = field(default_factory=list)
    pictures: int = 0
    charts: int = 0
    hides: bool = False

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
        for match in LINK.finditer(own):
            said = _attributes(match[1])
            address = targets.get(
                said.get("r:id", "") or next((v for k, v in said.items() if k.endswith(":id")), ""), ""
            )
            if address and said.get("ref"):
                found.links[said["ref"].partition(":")[0]] = address
        for kind, target in relations.values():
            if kind == "comments":
                found.comments += _comments(_part(packed, target))
            elif kind == "drawing":
                _drawing(packed, target, found)
    return found


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


def _comments(xml: bytes) -> list[str]:
    root = _parsed(xml)
    if root is None:
        return []
    texts = ((one.get("ref"), "".join(t.text or "" for t in one.iter("{*}t"))) for one in root.iter("{*}comment"))
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
