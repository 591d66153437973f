"""Word files: a table of what people put into them, with what has to be read and what must not be."""

import pytest
from docx import Document

from tests import word
from tests.reading import reading
from tests.word import (
    BY,
    body,
    control,
    drawing,
    field,
    linked,
    paragraph,
    row,
    run,
    saved,
    table,
    text_box,
    with_notes,
)

DELETED = f"<w:del {BY}><w:r><w:delText>1 May</w:delText></w:r></w:del>"
INSERTED = f"<w:ins {BY}>{run('12 March')}</w:ins>"
TICKED = '<w:ffData><w:checkBox><w:sizeAuto/><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
COLOURS = '<w:listEntry w:val="Red"/><w:listEntry w:val="Blue"/>'
LIST = f'<w:ffData><w:ddList><w:result w:val="1"/>{COLOURS}</w:ddList></w:ffData>'
CELL = f"<w:tc>{paragraph(run('A'))}</w:tc>"
EITHER = f"<mc:Choice>{run('new')}</mc:Choice><mc:Fallback>{run('old')}</mc:Fallback>"
EITHER_SIGN = (
    '<mc:AlternateContent><mc:Choice Requires="w16se"><w:tab/></mc:Choice><mc:Fallback><w:t>🙂</w:t></mc:Fallback>'
    "</mc:AlternateContent>"
)
FORMULA = "<m:r><m:t>a+b</m:t></m:r>"
DELETED_CELL = f"<w:tc><w:tcPr><w:cellDel {BY}/></w:tcPr>{paragraph(run('gone'))}</w:tc>"
LIST_NUMBER = '<w:pStyle w:val="ListNumber"/>'
# What it is, the file, and the lines that are read.
FEATURES: list[tuple[str, bytes, list[str]]] = [
    ("insertion", body(paragraph(run("Deliver by "), INSERTED, DELETED)), ["Deliver by 12 March"]),
    ("insertion in a link", body(paragraph(f'<w:hyperlink w:anchor="a">{INSERTED}</w:hyperlink>')), ["12 March"]),
    ("inserted control", body(paragraph(f"<w:ins {BY}>{control(run('Hull'))}</w:ins>")), ["Hull"]),
    (
        "moved words",
        body(
            paragraph(run("A"), f"<w:moveFrom {BY}>{run(' here')}</w:moveFrom>"),
            paragraph(f"<w:moveTo {BY}>{run('there')}</w:moveTo>"),
        ),
        ["A", "there"],
    ),
    (
        "deleted row",
        body(table(row(paragraph(run("kept"))), row(paragraph(run("gone")), properties=f"<w:del {BY}/>"))),
        ["kept"],
    ),
    ("control", body(control(paragraph(run("Budget: 4,000 EUR")))), ["Budget: 4,000 EUR"]),
    ("control in a line", body(paragraph(run("Client: "), control(run("Bakery")))), ["Client: Bakery"]),
    ("control in a control", body(control(control(paragraph(run("Deep"))))), ["Deep"]),
    ("control around a cell", body(table(f"<w:tr>{control(CELL)}</w:tr>")), ["A"]),
    ("control around a row", body(table(control(row(paragraph(run("A")), paragraph(run("B")))))), ["A | B"]),
    (
        "two text boxes in a group",
        body(paragraph(run("Lead"), drawing("First", "Second"))),
        ["Lead", "First", "Second"],
    ),
    ("old and new in a line", body(paragraph(f"<w:r>{EITHER_SIGN}</w:r>", run("tail"))), ["🙂tail"]),
    (
        "only for old Word",
        body(f"<mc:AlternateContent><mc:Fallback>{paragraph(run('Old'))}</mc:Fallback></mc:AlternateContent>"),
        ["Old"],
    ),
    (
        "formula by itself",
        body(f"<m:oMathPara><m:oMath>{FORMULA}</m:oMath></m:oMathPara>", paragraph(run("is it"))),
        ["a+b", "is it"],
    ),
    ("deleted cell", body(table(f"<w:tr>{DELETED_CELL}{CELL}</w:tr>")), ["A"]),
    ("text box, once", body(paragraph(run("Lead"), text_box("In a box"))), ["Lead", "In a box"]),
    (
        "table in a table",
        body(table(row(paragraph(run("Lamp")), table(row(paragraph(run("30 EUR")))) + paragraph()))),
        ["Lamp | 30 EUR"],
    ),
    ("footnotes", with_notes("footnote", "In summer"), ["The lamp[2]", "", "Footnotes:", "[2] In summer"]),
    ("endnotes", with_notes("endnote", "In winter"), ["The lamp[2]", "", "Endnotes:", "[2] In winter"]),
    ("comments", with_notes("comment", "Shorter"), ["The lamp[2]", "", "Comments:", "[2] Mo: Shorter"]),
    ("link", linked("the tides", "https://example.org/t"), ["See the tides (https://example.org/t)"]),
    ("link that says itself", linked("https://example.org/", "https://example.org"), ["See https://example.org/"]),
    (
        "link as a field",
        body(paragraph(field(' HYPERLINK "https://example.org/f" ', run("words")), run(" here"))),
        ["words (https://example.org/f) here"],
    ),
    ("field", body(paragraph(run("Due "), field(" DATE ", run("3 May")))), ["Due 3 May"]),
    ("simple field", body(paragraph(f'<w:fldSimple w:instr=" DATE ">{run("3 May")}</w:fldSimple>')), ["3 May"]),
    ("tick box", body(paragraph(field(" FORMCHECKBOX ", data=TICKED), run(" Express"))), ["[x] Express"]),
    ("list to choose from", body(paragraph(run("In "), field(" FORMDROPDOWN ", data=LIST))), ["In Blue"]),
    ("symbol", body(paragraph('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', run(" Yes"))), ["☒ Yes"]),
    ("smart tag", body(paragraph(f'<w:smartTag w:uri="x" w:element="place">{run("Hull")}</w:smartTag>')), ["Hull"]),
    (
        "signs",
        body(paragraph(run("a"), "<w:r><w:noBreakHyphen/></w:r>", run("b"), "<w:r><w:tab/></w:r>", run("c"))),
        ["a-b\tc"],
    ),
    ("equation", body(paragraph("<m:oMath><m:r><m:t>E=mc</m:t></m:r></m:oMath>")), ["E=mc"]),
    ("hidden words", body(paragraph(run("seen"), run(" unseen", "<w:vanish/>"))), ["seen"]),
    ("no longer hidden", body(paragraph(run("seen", '<w:vanish w:val="0"/>'))), ["seen"]),
    (
        "numbers of a list",
        body(*(paragraph(run(text), properties=LIST_NUMBER) for text in ("first", "second"))),
        ["1. first", "2. second"],
    ),
    ("bullets", body(paragraph(run("one"), properties='<w:pStyle w:val="ListBullet"/>')), ["- one"]),
    ("right to left", body(paragraph(f'<w:bdo w:val="rtl">{run("מנורה")}</w:bdo>')), ["מנורה"]),
    (
        "alternative",
        body(paragraph(f"<mc:AlternateContent>{EITHER}</mc:AlternateContent>")),
        ["new"],
    ),
]
# What it is, the file, and what its sender is told.
NOTES = [
    (
        "picture",
        body(paragraph(run("See"), '<w:r><w:drawing><a:blip r:embed="x"/></w:drawing></w:r>')),
        "1 picture was",
    ),
    (
        "two old pictures",
        body(paragraph(run("See"), *["<w:r><w:pict><v:imagedata/></w:pict></w:r>"] * 2)),
        "2 pictures were",
    ),
    (
        "chart",
        body(paragraph(run("See"), f'<w:r><w:drawing><a:graphicData uri="{word.A_CHART}"/></w:drawing></w:r>')),
        "1 chart was not read",
    ),
    ("object", body(paragraph(run("See"), "<w:r><w:object/></w:r>")), "1 embedded object was not read"),
    ("embedded page", body(paragraph(run("See")), '<w:altChunk r:id="rId9"/>'), "1 embedded document was not read"),
    ("changes", body(paragraph(run("A"), DELETED)), "tracked changes were read as if they were accepted"),
    ("hidden words", body(paragraph(run("A"), run("B", "<w:vanish/>"))), "hidden words were left out"),
]


@pytest.mark.parametrize(("data", "lines"), [case[1:] for case in FEATURES], ids=[case[0] for case in FEATURES])
def test_as_word_shows_it(data: bytes, lines: list[str]) -> None:
    """What Word shows of it is read, where it stands, and nothing else."""
    assert reading("brief.docx", data).text.splitlines() == lines


@pytest.mark.parametrize(("data", "words"), [case[1:] for case in NOTES], ids=[case[0] for case in NOTES])
def test_what_is_not_read_is_said(data: bytes, words: str) -> None:
    """What stands in it and cannot be read is told."""
    (note,) = reading("brief.docx", data).notes
    assert words in note


def test_headers_and_footers() -> None:
    """Each text at the top or the bottom of the pages is read once, page numbers are not."""
    document = Document()
    document.add_paragraph("Write a page.")
    document.sections[0].header.paragraphs[0].text = "Draft of 3 May"
    document.sections[0].footer.paragraphs[0].text = "12"
    document.add_section().footer.is_linked_to_previous = False
    document.sections[1].footer.paragraphs[0].text = "Harbour Bakery"
    read = reading("brief.docx", saved(document))
    assert read.text == "Header: Draft of 3 May\nWrite a page.\n\nFooter: Harbour Bakery"
    assert read.notes == ()


def test_a_cell_that_says_it_is_wide() -> None:
    """A cell that spans two thousand million columns is one cell."""
    wide = f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2000000000"/></w:tcPr>{paragraph(run("A"))}</w:tc></w:tr>'
    assert reading("brief.docx", body(table(wide))).text == "A"


def test_a_plain_file_has_no_notes() -> None:
    """Of a file that was read whole nothing is said."""
    assert reading("brief.docx", body(paragraph(run("Write a page.")))).notes == ()
