"""Files of OpenDocument and PowerPoint, written part by part."""

import io
import zipfile

from tests.word import SPACES

OPEN = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "manifest": "manifest",
        "form": "form",
    }.items()
)
XLINK = 'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'


def packed(**members: str | bytes) -> bytes:
    """A ZIP file; names of members have __ for / and _0 for the dot, and "mimetype" comes first."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name.replace("__", "/").replace("_0", "."), content)
    return out.getvalue()


def open_text(body: str, margins: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text; `margins` is what stands in its master page."""
    return packed(
        mimetype="application/vnd.oasis.opendocument.text",
        content_0xml=f"<office:document-content {OPEN} {XLINK}><office:body><office:text>{body}</office:text>"
        "</office:body></office:document-content>",
        styles_0xml=f"<office:document-styles {OPEN} {XLINK}><office:master-styles>"
        f"<style:master-page>{margins}</style:master-page></office:master-styles></office:document-styles>",
        **{"META-INF__manifest_0xml": f"<manifest:manifest {OPEN}>{manifest}</manifest:manifest>"},
    )


def open_table(rows: str) -> bytes:
    """An OpenDocument table of one sheet, named Stock."""
    return packed(
        mimetype="application/vnd.oasis.opendocument.spreadsheet",
        content_0xml=f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {OPEN} {XLINK}><office:body>'
        f'<office:spreadsheet><table:table table:name="Stock">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>",
        **{"META-INF__manifest_0xml": f"<manifest:manifest {OPEN}></manifest:manifest>"},
    )


def presentation(*slides: str, notes: str = "") -> bytes:
    """A PowerPoint file of these slides; the last one has these notes."""
    numbers = range(1, len(slides) + 1)
    members = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations(("rId1", f"{OFFICE}/officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {P} {SPACES}><p:sldIdLst>"
        + "".join(f'<p:sldId id="{255 + n}" r:id="rId{n}"/>' for n in numbers)
        + "</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": _relations(
            *((f"rId{n}", f"{OFFICE}/slide", f"slides/slide{n}.xml") for n in numbers)
        ),
    }
    for number, slide in zip(numbers, slides, strict=True):
        members[f"ppt/slides/slide{number}.xml"] = slide.replace("<p:sld", f"<p:sld {P} {SPACES}", 1)
    if notes:
        members[f"ppt/slides/_rels/slide{len(slides)}.xml.rels"] = _relations(
            ("rId1", f"{OFFICE}/notesSlide", "../notesSlides/notesSlide1.xml"),
            ("rId2", f"{OFFICE}/hyperlink", "https://example.org/t", "External"),
        )
        members["ppt/notesSlides/notesSlide1.xml"] = f"<p:notes {P} {SPACES}>{said(notes)}</p:notes>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        for name, content in members.items():
            written.writestr(name, content)
    return out.getvalue()


def said(words: str, link: str = "") -> str:
    """A paragraph of a slide."""
    behind = f'<a:rPr><a:hlinkClick r:id="{link}"/></a:rPr>' if link else ""
    return f"<p:sp><p:txBody><a:p><a:r>{behind}<a:t>{words}</a:t></a:r></a:p></p:txBody></p:sp>"


def _relations(*rows: tuple[str, ...]) -> str:
    inner = "".join(f'<Relationship Id="{row[0]}" Type="{row[1]}" Target="{row[2]}"{_mode(row)}/>' for row in rows)
    return f'<Relationships xmlns="{PACKAGE}/relationships">{inner}</Relationships>'


def _mode(row: tuple[str, ...]) -> str:
    return f' TargetMode="{row[3]}"' if len(row) > 3 else ""
