"""Word files with one thing each that python-docx does not show by itself."""

import io
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

SPACES = " ".join(
    f'xmlns:{prefix}="{uri}"'
    for prefix, uri in {
        "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
        "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
        "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
        "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
        "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
        "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
        "v": "urn:schemas-microsoft-com:vml",
        "o": "urn:schemas-microsoft-com:office:office",
    }.items()
)
A_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
BY = 'w:id="7" w:author="Mo" w:date="2026-01-01T00:00:00Z"'


def saved(document: Any) -> bytes:
    """The document as a file."""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def body(*blocks: str) -> bytes:
    """A document of these blocks of WordprocessingML."""
    return saved(of_blocks(*blocks))


def of_blocks(*blocks: str) -> Any:
    """The same before it is saved."""
    document = Document()
    for block in blocks:
        document.element.body.insert(len(document.element.body) - 1, parse_xml(declared(block)))
    return document


def paragraph(*inner: str, properties: str = "") -> str:
    """A paragraph of these pieces."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{''.join(inner)}</w:p>"


def with_notes(kind: str, *texts: str) -> bytes:
    """A document whose one paragraph points at these footnotes, endnotes or comments; `kind` is singular."""
    document = of_blocks(
        paragraph(run("The lamp"), *(f'<w:r><w:{kind}Reference w:id="{n}"/></w:r>' for n in range(2, 2 + len(texts))))
    )
    notes = "".join(
        f'<w:{kind} w:id="{number}" w:author="Mo">{paragraph(run(text))}</w:{kind}>'
        for number, text in enumerate(texts, 2)
    )
    separator = '<w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>' if kind == "footnote" else ""
    xml = declared(f"<w:{kind}s>{separator}{notes}</w:{kind}s>").encode()
    add_part(document, f"/word/{kind}s.xml", f"{kind}s", xml)
    return saved(document)


def add_part(document: Any, name: str, kind: str, data: bytes) -> str:
    """Give the document another part of this kind; returns the id of the relationship to it."""
    content = f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    part = Part(PackURI(name), content, data, document.part.package)
    relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    return str(document.part.relate_to(part, relation))


def linked(words: str, address: str) -> bytes:
    """A document with a link behind words."""
    document = of_blocks(paragraph(run("See ")))
    relation = document.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    document.paragraphs[0]._p.append(parse_xml(declared(f'<w:hyperlink r:id="{relation}">{run(words)}</w:hyperlink>')))
    return saved(document)


def text_box(words: str) -> str:
    """A run with a text box: as Word 2010 and later show it, and as earlier ones did, with the same words twice."""
    inner = f"<w:txbxContent>{paragraph(run(words))}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{inner}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{inner}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def drawing(*boxes: str) -> str:
    """A run with a drawing that has a text box for each of these words."""
    shapes = "".join(
        f"<wps:wsp><wps:txbx><w:txbxContent>{paragraph(run(words))}</w:txbxContent></wps:txbx></wps:wsp>"
        for words in boxes
    )
    graphic = f"<a:graphic><a:graphicData>{shapes}</a:graphicData></a:graphic>"
    return f"<w:r><w:drawing><wp:anchor>{graphic}</wp:anchor></w:drawing></w:r>"


def field(asks: str, *shown: str, data: str = "") -> str:
    """A field: what it asks for, and the runs that it shows; `data` of a form's field."""
    sign = '<w:r><w:fldChar w:fldCharType="{}">{}</w:fldChar></w:r>'.format
    asked = f'<w:r><w:instrText xml:space="preserve">{asks}</w:instrText></w:r>'
    return "".join([sign("begin", data), asked, sign("separate", ""), *shown, sign("end", "")])


def control(*inner: str, properties: str = "") -> str:
    """A content control: a field of a form."""
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{''.join(inner)}</w:sdtContent></w:sdt>"


def table(*rows: str) -> str:
    """A table of these rows."""
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def row(*cells: str, properties: str = "") -> str:
    """A row; each cell is a piece of WordprocessingML."""
    inner = "".join(f"<w:tc><w:tcPr/>{cell}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def declared(block: str) -> str:
    """The block with its prefixes declared."""
    end = min(at for at in (block.find(" "), block.find(">"), block.find("/>")) if at >= 0)
    return f"{block[:end]} {SPACES}{block[end:]}"
