"""Word files: what is hidden or only asked is not read, signs and numbers that Word draws by itself are."""

from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml

from tests.reading import reading
from tests.word import body, declared, of_blocks, paragraph, row, run, saved, table

HIDDEN = "hidden words were left out"
WHITE = "some of its words are white, and were read all the same"
SIGN = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format


def asks(words: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{words}</w:instrText></w:r>'


def field(*asked: str, shown: str) -> str:
    """A field with what it asks for in pieces, and what it shows."""
    return "".join([SIGN("begin"), *asked, SIGN("separate"), run(shown), SIGN("end")])


@pytest.mark.parametrize(
    "inner",
    [
        field(asks(" IF "), field(asks(" MERGEFIELD Land "), shown="DE"), asks(' = "DE" "a" "b" '), shown="Hallo"),
        field(asks(' IF 1 = 1 "'), run("Yes"), asks('" "'), run("No"), asks('" '), shown="Hallo"),
        field(asks(" IF "), field(asks(' HYPERLINK "https://a.org" '), shown="DE"), asks(' = "x" '), shown="Hallo"),
        field(asks(" MERGEFIELD Name "), shown="Hallo"),
    ],
)
def test_what_a_field_asks(inner: str) -> None:
    """Of a field its result is read, and none of the words, fields and addresses in its question."""
    assert reading("letter.docx", body(paragraph(run("Dear: "), inner))).text == "Dear: Hallo"


def style(kind: str, name: str, inner: str) -> Any:
    return parse_xml(declared(f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{inner}</w:style>'))


@pytest.mark.parametrize(
    ("look", "of_paragraph", "seen", "notes"),
    [
        ('<w:rStyle w:val="Off"/>', "", False, (HIDDEN,)),
        ("", '<w:pStyle w:val="OffBelow"/>', False, (HIDDEN,)),
        ('<w:vanish w:val="0"/>', '<w:pStyle w:val="OffBelow"/>', True, ()),
        ('<w:sz w:val="2"/>', "", False, (HIDDEN,)),
        ('<w:sz w:val="12"/>', "", True, ()),
        ('<w:color w:val="FFFFFF"/>', "", True, (WHITE,)),
        ('<w:color w:val="FFFFFF"/><w:shd w:fill="000000"/>', "", True, ()),
        ('<w:color w:val="FFFFFF"/>', '<w:shd w:fill="000000"/>', True, ()),
        ('<w:color w:val="FF0000"/>', "", True, ()),
    ],
)
def test_what_nobody_sees(look: str, of_paragraph: str, seen: bool, notes: tuple[str, ...]) -> None:
    """Words that a style hides or that are too small are left out and told; white ones are read and told."""
    document = of_blocks(paragraph(run("Lead")), paragraph(run("note", look), properties=of_paragraph))
    document.styles.element.append(style("character", "Off", "<w:rPr><w:vanish/></w:rPr>"))
    document.styles.element.append(style("paragraph", "OffP", "<w:rPr><w:vanish/></w:rPr>"))
    document.styles.element.append(style("paragraph", "OffBelow", '<w:basedOn w:val="OffP"/>'))
    read = reading("brief.docx", saved(document))
    assert (read.text, read.notes) == ("Lead\nnote" if seen else "Lead", notes)


def test_white_words_on_a_dark_cell() -> None:
    """White words in a coloured cell are seen like any other; a hidden row is left out."""
    head = '<w:tc><w:tcPr><w:shd w:fill="1F3864"/></w:tcPr>' + paragraph(run("Price", '<w:color w:val="FFFFFF"/>'))
    rows = f"<w:tr>{head}</w:tc></w:tr>" + row(paragraph(run("cost 4 EUR")), properties="<w:hidden/>")
    read = reading("brief.docx", body(table(rows)))
    assert (read.text, read.notes) == ("Price", (HIDDEN,))


SYM = '<w:r><w:sym w:font="{}" w:char="{}"/></w:r>'.format


@pytest.mark.parametrize(
    ("drawn", "read"),
    [
        (SYM("Symbol", "F0A3"), "≤"),
        (SYM("Symbol", "F0B3"), "≥"),
        (SYM("Symbol", "F0B1"), "±"),
        (SYM("Symbol", "F0B4"), "×"),
        (SYM("Symbol", "F06D"), "μ"),
        (SYM("Symbol", "F057"), "Ω"),
        (SYM("Wingdings", "F0E0"), "→"),
        (SYM("Wingdings", "F0FE"), "☒"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Symbol"/></w:rPr><w:t>\uf0a3</w:t></w:r>', "≤"),
        ('<w:r><w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr><w:t>\uf0e8</w:t></w:r>', "→"),
    ],
)
def test_signs_of_fonts_of_symbols(drawn: str, read: str) -> None:
    """A sign that a font draws in place of a letter is read as what is seen."""
    assert reading("brief.docx", body(paragraph(run("Load "), drawn, run("5 kg")))).text == f"Load {read}5 kg"


def test_a_sign_that_is_not_known() -> None:
    """A sign that no table knows is told."""
    read = reading("brief.docx", body(paragraph(run("Load 5 kg"), SYM("Webdings", "F021"))))
    assert (read.text, read.notes) == ("Load 5 kg", ("1 sign of a font of symbols was not read",))


def test_lists_that_begin_anew() -> None:
    """A list that Word numbers from 1 again, or from another number, has those numbers, and so have headings."""
    level = '<w:lvl w:ilvl="{}"><w:start w:val="1"/><w:numFmt w:val="{}"/><w:lvlText w:val="{}"/></w:lvl>'.format
    levels = level(0, "decimal", "%1.") + level(1, "decimalZero", "%1.%2") + level(2, "ordinal", "%3:")
    number = '<w:num w:numId="{}"><w:abstractNumId w:val="0"/>{}</w:num>'.format
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'.format
    lists = number(1, "") + number(2, anew(1)) + number(3, anew(5))
    document = Document()
    numbering = document.part.numbering_part.element
    numbering[:] = list(
        parse_xml(
            declared(f'<w:numbering><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{lists}</w:numbering>')
        )
    )
    place = '{}<w:numPr><w:ilvl w:val="{}"/><w:numId w:val="{}"/></w:numPr>'.format
    heading = '<w:pStyle w:val="Heading1"/>'
    points = [("", 0, 1), ("", 1, 1), ("", 2, 1), ("", 0, 2), ("", 0, 2), ("", 0, 3), (heading, 0, 3)]
    for point in points:
        block = parse_xml(declared(paragraph(run("x"), properties=place(*point))))
        document.element.body.insert(len(document.element.body) - 1, block)
    assert reading("brief.docx", saved(document)).text.splitlines() == [
        "1. x", "1.01 x", "1st: x", "1. x", "2. x", "5. x", "# 6. x",
    ]  # fmt: skip
