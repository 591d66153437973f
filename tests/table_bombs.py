"""Files made to hurt their readers, as in `tests.bombs`: OpenDocument tables, Excel's binary files and its old ones.

https://learn.microsoft.com/openspecs/office_file_formats/ms-xlsb, …/ms-xls and …/windows_protocols/ms-cfb
"""

import struct
from collections.abc import Callable, Iterable

from tests.bombs import LAUGHS, MILLION, OUTSIDE, PACKED, Bomb, overlapping, zipped
from tests.office import OPEN
from tests.other_bombs import ANY, ATTRIBUTES

MANY = 2_000_000_000
FAR = (0, 0), (65_535, 16_000)  # of two cells; between them there are a thousand million
SECTOR = 512
END, FREE, OF_THE_TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD  # in a table of sectors
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEETS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET, STRINGS = "xl/worksheets/sheet1.bin", "xl/sharedStrings.bin"


def _table(rows: str, before: str = "", how: int = 0) -> bytes:
    sheet = f'<table:table table:name="S">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = f"{before}<office:document-content {OPEN}>{body}</office:document-content>"
    kind, manifest = "application/vnd.oasis.opendocument.spreadsheet", f"<manifest:manifest {OPEN}/>"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}, how)


def _row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def _cell(words: str = "x", times: int = 1) -> str:
    return (
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{times}">'
        f"<text:p>{words}</text:p></table:table-cell>"
    )


def _binary(kind: int, body: bytes = b"", said: int | None = None) -> bytes:
    """A record of an XLSB file. said: how long it says that it is, where that is not so."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    length, size = len(body) if said is None else said, bytearray()
    while length > 127:
        size.append(length & 127 | 128)
        length >>= 7
    return head + bytes([*size, length]) + body


def _wide(words: str) -> bytes:
    return struct.pack("<I", len(words)) + words.encode("utf-16-le")


def _place(row: int, column: int, body: bytes) -> bytes:
    return _binary(0, struct.pack("<II", row, 0) + bytes(9)) + _binary(5, struct.pack("<II", column, 0) + body)


def _workbook(cells: bytes, *, sheets: int = 1, strings: bytes = b"", how: int = 0, sizes: bytes = bytes(16)) -> bytes:
    """An XLSB file with sheets that all have these cells."""
    names = b"".join(_binary(156, struct.pack("<II", 0, n + 1) + _wide("rId1") + _wide(f"S{n}")) for n in range(sheets))
    relations = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" Type="{SHEETS}/worksheet"'
        f' Target="worksheets/sheet1.bin"/></Relationships>'
    )
    parts: dict[str, str | bytes] = {
        "xl/workbook.bin": _binary(131) + _binary(143) + names + _binary(144) + _binary(132),
        "xl/_rels/workbook.bin.rels": relations,
        SHEET: _binary(129) + _binary(148, sizes) + _binary(145) + cells + _binary(146) + _binary(130),
    }
    return zipped(parts | ({STRINGS: strings} if strings else {}), how)


def _old(kind: int, body: bytes = b"") -> bytes:
    """A record of an XLS file."""
    return struct.pack("<HH", kind, len(body)) + body


def _number(row: int, column: int) -> bytes:
    return _old(0x203, struct.pack("<HHHd", row, column, 0, 1.0))


def _said(row: int) -> bytes:
    return _old(0xFD, struct.pack("<HHHI", row % 65_536, 0, 0, 0))


def _stream(cells: bytes, *, sheets: int = 1, globals_: bytes = b"") -> bytes:
    """The records of an old workbook with sheets that are all the same one."""
    begins = _old(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + globals_
    size = len(begins) + sheets * (4 + 8 + 2) + 4
    names = _old(0x85, struct.pack("<IHBB", size, 0, 2, 0) + b"Sx") * sheets
    sheet = _old(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + cells + _old(0x0A)
    return begins + names + _old(0x0A) + sheet


def _strings(said: int, words: bytes = b"") -> bytes:
    """The texts of an old workbook, of which it says that there are so many."""
    return _old(0xFC, struct.pack("<II", said, said) + words)


LONG = struct.pack("<HB", 8_000, 0) + b"a" * 8_000


def _compound(stream: bytes, *, loop: bool = False, said: int | None = None, above: int = 0) -> bytes:
    """A file of sectors with the stream "Workbook". loop: its sectors lead round; said: how long it says it is; above:
    the entry of which the stream is said to be the sibling of itself.
    """
    stream = stream.ljust(8 * SECTOR, b"\0")
    count = -(-len(stream) // SECTOR)
    tables = -(-(count + 1) // (SECTOR // 4 - 1))
    chain = [*range(tables + 2, tables + count + 1), tables + 1 if loop else END]
    table = [*[OF_THE_TABLE] * tables, END, *chain]
    table += [FREE] * (tables * SECTOR // 4 - len(table))
    first = [*range(tables)][:109]
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", *first, *[FREE] * (109 - len(first)))
    root = _entry("Root Entry", 5, 1, END, 0)
    own = _entry("Workbook", 2, FREE, tables + 1, len(stream) if said is None else said, 1 if above else FREE)
    directory = (root + own).ljust(SECTOR, b"\0")
    return head + struct.pack(f"<{len(table)}I", *table) + directory + stream.ljust(count * SECTOR, b"\0")


def _entry(name: str, kind: int, child: int, start: int, size: int, sibling: int = FREE) -> bytes:
    letters = name.encode("utf-16-le") + b"\0\0"
    return (
        letters.ljust(64, b"\0") + struct.pack("<HBB", len(letters), kind, 1)
        + struct.pack("<III", sibling, sibling, child) + bytes(36) + struct.pack("<IQ", start, size)
    )  # fmt: skip


def _corners(of: Callable[[int, int], bytes]) -> bytes:
    return b"".join(of(row, column) for row, column in FAR)


READ: dict[str, Callable[[], bytes]] = {  # small or harmless: they may be read
    "spaces.ods": lambda: _table(_row(_cell(f'<text:s text:c="{MANY}"/>'))),
    "outside.ods": lambda: _table(_row(_cell("&out;")), before=OUTSIDE),
    "empty.ods": lambda: _table(_row(_cell("", MANY), MANY) + _row(_cell())),
    "rows.ods": lambda: _table(_row(_cell(), MANY)),
    "few.ods": lambda: _table(_row(_cell("x", 3), 3)),
    "columns.ods": lambda: _table(_row(_cell("x", MANY))),
    "attributes.ods": lambda: _table(f"<table:table-row {ATTRIBUTES}/>"),
    "few.xlsb": lambda: _workbook(_place(0, 0, struct.pack("<d", 1.0))),
    "few.xls": lambda: _compound(_stream(_number(0, 0))),
    "sizes.xlsb": lambda: _workbook(_place(0, 0, struct.pack("<d", 1.0)), sizes=b"\xff" * 16),
    "strings.xls": lambda: _compound(_stream(_number(0, 0), globals_=_strings(2**31 - 1))),
    "size.xls": lambda: _compound(_stream(_number(0, 0)), said=2**63 - 1),
    "sizes.xls": lambda: _compound(_stream(_old(0x200, b"\xff" * 14) + _number(0, 0))),
}
REFUSED: dict[str, Callable[[], bytes]] = {
    "sheets.ods": lambda: _table("</table:table><table:table>" * 300_000),
    "laughs.ods": lambda: _table(_row(_cell("&a11;")), before=LAUGHS + "]>"),
    "paragraphs.ods": lambda: _table(_row(_cell("</text:p><text:p>" * 900_000))),
    "deep.ods": lambda: _table(_row(_cell("<text:span>" * 300_000 + "</text:span>" * 300_000))),
    "both.ods": lambda: _table(_row(_cell("x", 60_000), 60_000)),
    "unpacked.ods": lambda: _table(" " * 60 * MILLION, how=PACKED),
    "overlap.ods": lambda: overlapping("content.xml", 60_000),
    "cut.ods": lambda: _table("<table:table-row>"),
    "corners.xlsb": lambda: _workbook(_corners(lambda row, column: _place(row, column, struct.pack("<d", 1.0)))),
    "cells.xlsb": lambda: _workbook(b"".join(_place(n, 0, struct.pack("<d", 1.0)) for n in range(400_000))),
    "record.xlsb": lambda: _workbook(_binary(0, said=2**28 - 1)),
    "records.xlsb": lambda: _workbook(_binary(1) * 9 * MILLION),
    "text.xlsb": lambda: _workbook(_binary(0, bytes(17)) + _binary(6, bytes(8) + b"\xff" * 4)),
    "strings.xlsb": lambda: _workbook(_place(0, 0, struct.pack("<d", 1.0)), strings=_binary(159, b"\xff" * 8)),
    "sheets.xlsb": lambda: _workbook(_place(0, 0, struct.pack("<d", 1.0)), sheets=100_000),
    "unpacked.xlsb": lambda: _workbook(bytes(60 * MILLION), how=PACKED),
    "overlap.xlsb": lambda: overlapping(SHEET, 60_000),
    "cut.xlsb": lambda: zipped({"xl/workbook.bin": _binary(131) + _binary(143) + b"\x9c\x01\xff"}),
    "corners.xls": lambda: _compound(_stream(_corners(_number))),
    "cells.xls": lambda: _compound(_stream(b"".join(_number(n % 65_536, n >> 16) for n in range(300_000)))),
    "said.xls": lambda: _compound(_stream(_all(_said), globals_=_strings(1, LONG))),
    "sheets.xls": lambda: _compound(_stream(_number(0, 0), sheets=200_000)),
    "records.xls": lambda: _compound(_stream(_old(0x99) * 3 * MILLION)),
    "formats.xls": lambda: _compound(
        _stream(_number(0, 0), globals_=_old(0x41E, struct.pack("<HHB", 200, 9, 0) + b"yyyy-mm-d") * 500_000 + b"\xff")
    ),
    "loop.xls": lambda: _compound(_stream(_number(0, 0)), loop=True, said=MANY),
    "sibling.xls": lambda: _compound(_stream(_number(0, 0)), above=1)[: 3 * SECTOR],
    "cut.xls": lambda: _compound(_stream(_number(0, 0)))[: 2 * SECTOR],
}


def _all(of: Callable[[int], bytes], rows: Iterable[int] = range(60_000)) -> bytes:
    return b"".join(of(row) for row in rows)


def _of(ending: str) -> tuple[Bomb, ...]:
    made = [(READ, ""), (REFUSED, ANY)]
    return tuple(Bomb(name, make, words) for cases, words in made for name, make in cases.items()
                 if name.endswith(ending))  # fmt: skip


TABLES = {kind: _of(f".{kind.lower()}") for kind in ("ODS", "XLSB", "XLS")}
