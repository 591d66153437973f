"""Files made to hurt whatever reads them, ten families and more of each format, made when they are needed.

Each is its name, what makes it, and words that the person must read (a pattern).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

TOO_LARGE = "unpacks to more than I can take in"
TOO_SLOW = "takes too long to read"
EITHER = f"{TOO_LARGE}|{TOO_SLOW}"
TOO_LONG = "more than 50,000 characters"
NO_TEXT = "There is no text in"
BROKEN = "is broken, or is not what its name says"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LAUGHS = '<!DOCTYPE x [<!ENTITY a0 "ha ha ha">' + "".join(
    f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 12)
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/passwd">]>'
MILLION = 1_000_000
PACKED = zipfile.ZIP_DEFLATED
Parts = Mapping[str, str | bytes]  # of a ZIP file, by their names
NONE: Parts = {}


@dataclass(frozen=True, slots=True)
class Bomb:
    """A file made to hurt; `words` is a pattern for what the person reads, "" where it may simply be read."""

    name: str
    make: Callable[[], bytes]
    words: str


def zipped(parts: Parts, how: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP file of these parts, packed or, so that they are not refused for that, only put together."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how, compresslevel=1) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return file.getvalue()


def _types(main: str, part: str) -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="application/vnd.openxmlformats-officedocument.{main}.main+xml"/>'
        "</Types>"
    )


def _links(*targets: tuple[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{R}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )


def docx(body: str, before: str = "", how: int = zipfile.ZIP_STORED, more: Parts = NONE) -> bytes:
    """A Word document with this body; before: what stands before the root of its XML."""
    document = f'{before}<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
    return zipped(
        {
            "[Content_Types].xml": _types("wordprocessingml.document", "word/document.xml"),
            "_rels/.rels": _links(("officeDocument", "word/document.xml")),
            "word/document.xml": document,
        }
        | dict(more),
        how,
    )


def _cell(properties: str, text: str = "x") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


def _table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def xlsx(sheet: str, before: str = "", book: str = "", how: int = zipfile.ZIP_STORED, more: Parts = NONE) -> bytes:
    """A workbook with this sheet; book: what stands in the workbook's XML beside it."""
    return zipped(
        {
            "[Content_Types].xml": _types("spreadsheetml.sheet", "xl/workbook.xml").replace(
                "</Types>",
                '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                'spreadsheetml.sharedStrings+xml"/></Types>',
            ),
            "_rels/.rels": _links(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="Stock" sheetId="1" '
            f'r:id="rId1"/></sheets>{book}</workbook>',
            "xl/_rels/workbook.xml.rels": _links(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
            ),
            "xl/styles.xml": f'<styleSheet xmlns="{S}"/>',
            "xl/sharedStrings.xml": f'<sst xmlns="{S}"/>',
            "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{S}">{sheet}</worksheet>',
        }
        | dict(more),
        how,
    )


def _row(number: int, *cells: str) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _data(*rows: str) -> str:
    return f"<sheetData>{''.join(rows)}</sheetData>"


def overlapping(name: str, entries: int) -> bytes:
    """A ZIP file whose many entries are all the same few bytes, each of which unpacks to 5 MB."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    plain = b" " * 5_000_000
    body = packed.compress(plain) + packed.flush()
    sums = (zlib.crc32(plain), len(body), len(plain))
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, *sums, len(name), 0) + name.encode()
    row = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, *sums, len(name), 0, 0, 0, 0, 0, 0) + name.encode()
    rows = row * entries
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, entries, entries, len(rows), len(local) + len(body), 0)
    return local + body + rows + end


def _lying() -> bytes:
    """A document whose directory says that its XML is small; it is not."""
    data = docx("<w:p/>" * 3 * MILLION, how=PACKED)
    true = struct.pack("<I", zipfile.ZipFile(io.BytesIO(data)).getinfo("word/document.xml").file_size)
    return data.replace(true, struct.pack("<I", 5_000))


def pdf(*objects: bytes, trailer: bytes = b"", start: int | None = None) -> bytes:
    """A PDF of these objects, numbered from 1, the first of which is its catalogue."""
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer))
    out.write(b"startxref\n%d\n%%%%EOF\n" % (table if start is None else start))
    return out.getvalue()


CATALOGUE = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def stream(data: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    """An object with a stream."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data) if length is None else length, entries, data)


def page(content: bytes, *more: bytes, resources: bytes = b"/Font << /F1 5 0 R >>") -> bytes:
    """A PDF of one page with this content stream (object 4), a font (object 5), and more objects."""
    first = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << %s >> >>" % resources
    return pdf(CATALOGUE, PAGES, first, content, *(more or (FONT,)))


def squeezed(size: int, times: int = 1, entries: bytes = b"") -> bytes:
    """A stream of so many spaces, squeezed so many times."""
    data = b" " * size
    for _ in range(times):
        data = zlib.compress(data, 9)
    return stream(data, b"/Filter [%s] %s" % (b"/FlateDecode " * times, entries))


def _forms(levels: int) -> bytes:
    """Forms that each draw the next one ten times."""
    forms = []
    for number in range(6, 6 + levels):
        content = b"/Fm Do " * 10 if number < 5 + levels else b"BT /F1 12 Tf (ha) Tj ET"
        resources = b"/Resources << /Font << /F1 5 0 R >> /XObject << /Fm %d 0 R >> >>" % (number + 1)
        forms.append(stream(content, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] " + resources))
    resources = b"/Font << /F1 5 0 R >> /XObject << /Fm 6 0 R >>"
    return page(stream(b"/Fm Do"), FONT, *forms, resources=resources)


def _mapped() -> bytes:
    """A font whose table of characters covers four thousand million of them."""
    table = b"1 begincodespacerange <00000000> <FFFFFFFF> endcodespacerange "
    table += b"100 beginbfrange " + b"<00000000> <FFFFFFFF> <0041> " * 100 + b"endbfrange"
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R >>"
    return page(stream(b"BT /F1 12 Tf <00010002> Tj ET"), font, stream(table))


def _many_objects() -> bytes:
    """Hundreds of thousands of objects, and a table of them that is not where the file says, so it is made anew."""
    return pdf(CATALOGUE, PAGES, *[b"1"] * 400_000, start=7)


def _chain() -> bytes:
    """Parts that each link to the next one."""
    parts = {"word/_rels/document.xml.rels": _links(("x", "p1.xml"))}
    for number in range(1, 1_900):
        parts |= {
            f"word/p{number}.xml": "<x/>",
            f"word/_rels/p{number}.xml.rels": _links(("x", f"p{number + 1}.xml")),
        }
    return docx("<w:p/>", more=parts)


def _attributes() -> str:
    return "<w:p " + " ".join(f'a{number}=""' for number in range(900_000)) + "/>"


def _listed(outer: str, inner: str, times: int) -> str:
    return f"<{outer}>" + inner * times + f"</{outer}>"


def _styles() -> bytes:
    return xlsx(_data(), more={"xl/styles.xml": f'<styleSheet xmlns="{S}">' + _listed("cellXfs", "<xf/>", 3 * MILLION)})


def _words() -> bytes:
    words = f'<sst xmlns="{S}">' + "<si><t/></si>" * 1_400_000 + "</sst>"
    return xlsx(_data(), more={"xl/sharedStrings.xml": words})


def _loop_of_tables() -> bytes:
    """Its table of objects says that the one before it is itself."""
    made = page(stream(b"BT /F1 12 Tf (ha) Tj ET"))
    return made.replace(b"/Root", b"/Prev %d /Root" % made.rindex(b"xref\n0"))


def _tree_of_pages() -> bytes:
    """Nine levels of ten branches each, all of them the same."""
    levels = [b"<< /Type /Pages /Count 9 /Kids [%s] >>" % (b"%d 0 R " % (level + 3) * 10) for level in range(9)]
    return pdf(CATALOGUE, *levels, b"<< /Type /Page >>")


NUMBER = "<v>1</v>"
WORD = (
    Bomb("wide.docx", lambda: docx(_table(_cell('<w:gridSpan w:val="2000000000"/>'))), ""),
    Bomb("wider.docx", lambda: docx(_table(_cell('<w:gridSpan w:val="9000"/>') * 2_000)), ""),
    Bomb("unpacked.docx", lambda: docx(" " * 60 * MILLION, how=PACKED), TOO_LARGE),
    Bomb("lying.docx", _lying, TOO_LARGE),
    Bomb("entries.docx", lambda: zipped(dict.fromkeys(map(str, range(30_000)), b"")), "is an archive"),
    Bomb("overlap.docx", lambda: overlapping("word/document.xml", 60_000), TOO_LARGE),
    Bomb("laughs.docx", lambda: docx("<w:p><w:r><w:t>&a11;</w:t></w:r></w:p>", LAUGHS + "]>"), BROKEN),
    Bomb("outside.docx", lambda: docx("<w:p><w:r><w:t>&out;</w:t></w:r></w:p>", OUTSIDE), NO_TEXT),
    Bomb("deep.docx", lambda: docx("<w:p>" * MILLION + "</w:p>" * MILLION), BROKEN),
    Bomb("paragraphs.docx", lambda: docx("<w:p/>" * 3 * MILLION), TOO_LARGE),
    Bomb("attributes.docx", lambda: docx(_attributes()), TOO_LARGE),
    Bomb("merged.docx", lambda: docx(_table(*[_cell("<w:vMerge/>")] * 30_000)), EITHER),
    Bomb("nested.docx", lambda: docx("<w:tbl><w:tr><w:tc>" * 80 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 80), NO_TEXT),
    Bomb("chain.docx", _chain, BROKEN),
)
EXCEL = (
    Bomb("dimension.xlsx", lambda: xlsx('<dimension ref="A1:XFD1048576"/>' + _data(_row(1, f"<c>{NUMBER}</c>"))), ""),
    Bomb(
        "far.xlsx", lambda: xlsx(_data(_row(1, f"<c>{NUMBER}</c>"), _row(2_000_000_000, f"<c>{NUMBER}</c>"))), TOO_SLOW
    ),
    Bomb(
        "wide.xlsx", lambda: xlsx(_data(*[_row(n, f'<c r="XFD{n}">{NUMBER}</c>') for n in range(1, 9_000)])), TOO_LONG
    ),
    Bomb("empty.xlsx", lambda: xlsx(_data(_listed("row", "<c/>", 4 * MILLION))), EITHER),
    Bomb("rows.xlsx", lambda: xlsx(_data("<row/>" * 3 * MILLION)), EITHER),
    Bomb("words.xlsx", _words, EITHER),
    Bomb("styles.xlsx", _styles, TOO_LARGE),
    Bomb("unpacked.xlsx", lambda: xlsx(" " * 60 * MILLION, how=PACKED), TOO_LARGE),
    Bomb("overlap.xlsx", lambda: overlapping("xl/workbook.xml", 60_000), TOO_LARGE),
    Bomb("laughs.xlsx", lambda: xlsx(_data(_row(1, '<c t="str"><v>&a11;</v></c>')), LAUGHS + "]>"), BROKEN),
    Bomb("outside.xlsx", lambda: xlsx(_data(_row(1, '<c t="str"><v>&out;</v></c>')), OUTSIDE), BROKEN),
    Bomb("deep.xlsx", lambda: xlsx("<x>" * MILLION + "</x>" * MILLION), EITHER),
    Bomb(
        "merged.xlsx",
        lambda: xlsx(_data() + _listed("mergeCells", '<mergeCell ref="A1:XFD1048576"/>', 200_000)),
        TOO_LARGE,
    ),
    Bomb("digits.xlsx", lambda: xlsx(_data(_row(1, f"<c><v>{'9' * 9 * MILLION}</v></c>"))), f"{BROKEN}|{TOO_LARGE}"),
    Bomb(
        "names.xlsx",
        lambda: xlsx(_data(), book=_listed("definedNames", '<definedName name="a">A1</definedName>', 400_000)),
        TOO_LARGE,
    ),
)
PDFS = (
    Bomb("flate.pdf", lambda: page(squeezed(60 * MILLION)), TOO_LARGE),
    Bomb("twice.pdf", lambda: page(squeezed(60 * MILLION, 2)), TOO_LARGE),
    Bomb(
        "runs.pdf",
        lambda: page(stream(zlib.compress(b"\x81A" * 2 * MILLION), b"/Filter [/FlateDecode /RunLengthDecode]")),
        TOO_LARGE,
    ),
    Bomb(
        "predicted.pdf",
        lambda: page(squeezed(9 * MILLION, 1, b"/DecodeParms << /Predictor 15 /Columns 2000000000 >>")),
        TOO_LARGE,
    ),
    Bomb("loop.pdf", lambda: pdf(CATALOGUE, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"), BROKEN),
    Bomb(
        "pages.pdf",
        lambda: pdf(CATALOGUE, b"<< /Type /Pages /Count 9 /Kids [%s] >>" % (b"3 0 R " * 40_000), b"<< /Type /Page >>"),
        TOO_LARGE,
    ),
    Bomb("kids.pdf", _tree_of_pages, TOO_LARGE),
    Bomb("tables.pdf", _loop_of_tables, ""),
    Bomb("length.pdf", lambda: page(stream(b"BT (ha) Tj ET", length=2_000_000_000)), TOO_LARGE),
    Bomb("deep.pdf", lambda: page(stream(b"[" * MILLION + b"] TJ")), BROKEN),
    Bomb(
        "operators.pdf",
        lambda: page(stream(zlib.compress(b"BT /F1 12 Tf (ha) Tj ET " * 500_000), b"/Filter /FlateDecode")),
        TOO_LARGE,
    ),
    Bomb("forms.pdf", lambda: _forms(9), ""),
    Bomb("mapped.pdf", _mapped, TOO_LARGE),
    Bomb("objects.pdf", _many_objects, TOO_LARGE),
    Bomb("array.pdf", lambda: page(stream(b"BT [" + b"1 " * 5 * MILLION + b"] TJ ET")), TOO_LARGE),
)
TEXTS = (
    Bomb("line.csv", lambda: b"a" * 19 * MILLION, TOO_LONG),
    Bomb("columns.csv", lambda: b"," * MILLION, TOO_LONG),
    Bomb("commas.csv", lambda: b"a" + b"," * 49_000, ""),
    Bomb("quote.csv", lambda: b'"' + b"a\n" * 24_000, ""),
    Bomb("quotes.csv", lambda: b'""' * 24_000, ""),
    Bomb("marks.txt", lambda: ("a" + "\u0301" * 49_000).encode(), ""),
    Bomb("turns.txt", lambda: ("\u202e\u200b" * 24_000 + "a").encode(), ""),
    Bomb("nothing.txt", lambda: bytes(19 * MILLION), TOO_LONG),
    Bomb("noise.txt", lambda: bytes((n * n + n // 7) % 255 + 1 for n in range(199_000)), "."),
    Bomb("mixed.txt", lambda: ("Größe łódź ığ " * 3_000).encode()[:-1] + "ßüé".encode("latin-1") * 3_000, TOO_LONG),
    Bomb("wide.txt", lambda: ("a" * 4 * MILLION).encode("utf-32"), TOO_LONG),
    Bomb("deep.json", lambda: b"[" * 49_000, ""),
    Bomb("lines.md", lambda: b"\n" * 19 * MILLION, TOO_LONG),
)
FORMATS = {"DOCX": WORD, "XLSX": EXCEL, "PDF": PDFS, "text and CSV": TEXTS}
