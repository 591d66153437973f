"""How a Word file looks: its fonts, its page, the styles that python-docx's template lacks."""

from datetime import UTC, datetime
from typing import Any

from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

CODE, LINK, NOTE, NOTE_MARK = "Code", "Hyperlink", "FootnoteText", "FootnoteReference"  # ids, which have no spaces
# On every Windows and macOS; LibreOffice has letters of the same widths.
FONT, COMPLEX_FONT, CODE_FONT = "Calibri", "Arial", "Courier New"
_NAMES = {CODE: "Code", LINK: "Hyperlink", NOTE: "footnote text", NOTE_MARK: "footnote reference"}
_INK = RGBColor(0x1F, 0x2A, 0x26)
_SIZES = {1: 18, 2: 14, 3: 12, 4: 11, 5: 11, 6: 11}


def dress(document: Docx, title: str, language: str, whose: str) -> None:
    """Give an empty document its looks and its properties."""
    _page(document)
    styles = document.styles
    _fonts(styles["Normal"], 11, language)
    styles["Normal"].paragraph_format.space_after = Pt(8)
    styles["Normal"].paragraph_format.line_spacing = 1.15
    for level, points in _SIZES.items():
        heading = styles[f"Heading {level}"]
        _fonts(heading, points, language)
        heading.font.color.rgb = _INK
        heading.paragraph_format.keep_with_next = True
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(14), Pt(5)
    styles["Quote"].font.color.rgb = RGBColor(0x53, 0x60, 0x5B)
    code = styles.add_style(_NAMES[CODE], WD_STYLE_TYPE.PARAGRAPH)
    _fonts(code, 9.5, language, CODE_FONT, CODE_FONT)
    code.element.get_or_add_pPr().append(parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:fill="F3F3EE"/>'))
    link = styles.add_style(_NAMES[LINK], WD_STYLE_TYPE.CHARACTER)
    link.font.color.rgb, link.font.underline = RGBColor(0x0B, 0x5C, 0xAD), True
    note = styles.add_style(_NAMES[NOTE], WD_STYLE_TYPE.PARAGRAPH)
    _fonts(note, 9, language)
    styles.add_style(_NAMES[NOTE_MARK], WD_STYLE_TYPE.CHARACTER).font.superscript = True
    for style_id, name in _NAMES.items():
        styles[name].element.set(qn("w:styleId"), style_id)
    told = document.core_properties
    told.title, told.author, told.comments, told.language = title, whose, "", language
    told.last_modified_by = whose
    told.created = told.modified = datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _page(document: Docx) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin = section.bottom_margin = Mm(22)
    foot = section.footer.paragraphs[0]
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = foot.add_run()
        run.font.size = Pt(9)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = words
        run._r.append(mark)
    foot.alignment = 1


def _fonts(style: Any, points: float, language: str, font: str = FONT, complex_font: str = COMPLEX_FONT) -> None:
    """The fonts of a style for both kinds of scripts, by name and not by a theme that names its own."""
    style.font.size = Pt(points)
    properties = style.element.get_or_add_rPr()
    for name in ("w:rFonts", "w:szCs", "w:lang"):
        for old in properties.findall(qn(name)):
            properties.remove(old)
    properties.insert(0, _element("w:rFonts", ascii=font, hAnsi=font, eastAsia=font, cs=complex_font))
    size = properties.find(qn("w:sz"))
    size.addnext(_element("w:szCs", val=str(round(points * 2))))
    properties.append(
        _element("w:lang", val=language, bidi=language if language[:2] in {"ar", "fa", "he"} else "ur-PK")
    )


def _element(name: str, **values: str) -> Any:
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    return element
