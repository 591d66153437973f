"""Files of OpenDocument, PowerPoint, RTF, web pages, mails, old Excel: what has to be read of each."""

import io
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.office import OPEN, open_table, open_text, presentation, said
from tests.reading import reading, refusal

HIDDEN = "hidden words were left out"
OLD_EXCEL = Path(__file__).parents[3] / "data" / "stock.xls"
P = "<text:p>{}</text:p>".format
CELL = "<table:table-cell>{}</table:table-cell>".format
CITED = "<text:note-citation>1</text:note-citation>"
NOTE = f"<text:note>{CITED}<text:note-body>{P('In summer')}</text:note-body></text:note>"
COMMENT = "<office:annotation><dc:creator>Mo</dc:creator><text:p>Shorter</text:p></office:annotation>"
DELETION = f"<text:changed-region><text:deletion>{P('1 May')}</text:deletion></text:changed-region>"
GONE = f"<text:tracked-changes>{DELETION}</text:tracked-changes>"
BOX = "<draw:frame><draw:text-box><text:p>In a box</text:p></draw:text-box></draw:frame>"
SHAPE = "<draw:custom-shape><text:p>In a shape</text:p><draw:enhanced-geometry/></draw:custom-shape>"
TYPED = '<form:text form:id="a" form:current-value="4,000 EUR"/>'
TICK = '<form:checkbox form:id="b" form:label="Express" form:current-state="checked"/>'
FORM = f"<office:forms><form:form>{TYPED}{TICK}<form:password form:id='c' form:value='x'/></form:form></office:forms>"
OPEN_TEXTS: list[tuple[str, bytes, list[str]]] = [
    ("heading", open_text("<text:h>Offer</text:h>" + P("The lamp")), ["# Offer", "The lamp"]),
    ("spaces", open_text(P('a<text:s text:c="3"/>b<text:tab/>c<text:line-break/>d')), ["a   b\tc", "d"]),
    ("span", open_text(P("The <text:span>la<text:span>mp</text:span></text:span> runs")), ["The lamp runs"]),
    ("list", open_text(f"<text:list><text:list-item>{P('one')}</text:list-item></text:list>"), ["- one"]),
    ("section", open_text(f"<text:section>{P('inside')}</text:section>"), ["inside"]),
    (
        "table",
        open_text(f"<table:table><table:table-row>{CELL(P('A'))}{CELL(P('B'))}</table:table-row></table:table>"),
        ["A | B"],
    ),
    (
        "link",
        open_text(P('See <text:a xlink:href="https://example.org/t">tides</text:a>')),
        ["See tides (https://example.org/t)"],
    ),
    ("note", open_text(P(f"The lamp{NOTE}")), ["The lamp[1]", "", "Notes:", "[1] In summer"]),
    ("comment", open_text(P(f"The lamp{COMMENT}")), ["The lamp", "", "Comments:", "Shorter"]),
    ("deletion", open_text(GONE + P("by 12 March")), ["by 12 March"]),
    ("text box", open_text(P(f"Lead{BOX}")), ["Lead", "In a box"]),
    ("words in a shape", open_text(P(f"Lead{SHAPE}")), ["Lead", "In a shape"]),
    ("a group", open_text(P(f"Lead<draw:g>{SHAPE}{BOX}</draw:g>")), ["Lead", "In a shape", "In a box"]),
    ("two in a line", open_text(P(f"Lead{BOX}{SHAPE}")), ["Lead", "In a box", "In a shape"]),
    (
        "fields of a form",
        open_text(FORM + P('Budget: <draw:control draw:control="a"/> <draw:control draw:control="b"/>')),
        ["Budget: 4,000 EUR [x] Express"],
    ),
    ("header", open_text(P("Text"), f"<style:header>{P('Draft')}</style:header>"), ["Header: Draft", "Text"]),
]


@pytest.mark.parametrize(("data", "lines"), [case[1:] for case in OPEN_TEXTS], ids=[case[0] for case in OPEN_TEXTS])
def test_open_document(data: bytes, lines: list[str]) -> None:
    """What LibreOffice shows of a text is read, where it stands."""
    assert reading("brief.odt", data).text.splitlines() == lines


def test_a_picture_in_a_box() -> None:
    """A picture is counted once, however deep it is drawn; a formula is an embedded object, whatever stands for it."""
    picture, formula = "<draw:frame><draw:image/></draw:frame>", "<draw:frame><draw:object/><draw:image/></draw:frame>"
    box = f"<draw:frame><draw:text-box><text:p>Lamp{picture}</text:p></draw:text-box></draw:frame>"
    read = reading("brief.odt", open_text(P(f"Lead<draw:g>{box}{formula}</draw:g>")))
    assert read.text.split() == ["Lead", "Lamp"]
    assert read.notes == ("1 embedded object and 1 picture were not read",)


def test_an_open_document_in_one_piece() -> None:
    """A text or a table that LibreOffice saved as plain XML is read as one; a drawing is not."""
    flat = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<office:document {} office:mimetype="application/'
        'vnd.oasis.opendocument.{}"><office:body><office:text>{}</office:text></office:body></office:document>'
    )
    assert reading("brief.fodt", flat.format(OPEN, "text", P("The lamp")).encode()).text == "The lamp"
    rows = '<table:table table:name="Stock"><table:table-row><table:table-cell><text:p>Lamp</text:p></table:table-cell>'
    sheet = flat.format(OPEN, "spreadsheet", f"{rows}</table:table-row></table:table>").replace(
        "office:text", "office:spreadsheet"
    )
    assert reading("stock.fods", sheet.encode()).text == "### Stock\nLamp"
    assert refusal("plan.fodg", flat.format(OPEN, "graphics", "").encode()).startswith("I cannot read plan.fodg.")


def test_a_locked_open_document() -> None:
    """A text that opens with a password is refused in words that say so."""
    data = open_text(P("x"), manifest="<manifest:encryption-data/>")
    assert "locked with a password" in refusal("brief.odt", data)


def test_slides() -> None:
    """Slides are read in their order, with tables, links and the speaker's notes; what is hidden is told."""
    cells = "".join(
        f"<a:tc><a:txBody><a:p><a:r><a:t>{word}</a:t></a:r></a:p></a:txBody></a:tc>" for word in ("Lamp", "12")
    )
    drawn = f"<a:graphicData><a:tbl><a:tr>{cells}</a:tr></a:tbl></a:graphicData>"
    table = f"<p:graphicFrame><a:graphic>{drawn}</a:graphic></p:graphicFrame>"
    read = reading(
        "talk.pptx",
        presentation(
            f"<p:sld>{said('The lamp')}{table}<p:pic/></p:sld>",
            f'<p:sld show="0">{said("the tides", "rId2")}</p:sld>',
            notes="Speak slowly",
        ),
    )
    assert read.text.splitlines() == [
        "### Slide 1",
        "The lamp",
        "Lamp | 12",
        "",
        "### Slide 2 (hidden)",
        "the tides (https://example.org/t)",
        "Notes: Speak slowly",
    ]
    assert read.extent == "2 slides"
    assert read.notes == ("1 picture was not read", "slide 2 is hidden, and read all the same")


def test_old_excel() -> None:
    """A workbook of Excel 97 is read: values, days, hidden sheets."""
    read = reading("stock.xls", OLD_EXCEL.read_bytes())
    assert read.text == "### Stock\nGröße,Qty,Day\nLamp,3,2026-03-12\nRope,2.5\n\n### Costs (hidden)\nLamp"
    assert read.extent == "2 sheets"
    assert read.notes[0] == "Costs is hidden, and read all the same"


def test_an_open_document_table() -> None:
    """A table of LibreOffice is read as CSV."""
    cell = "<table:table-cell office:value-type={}>{}</table:table-cell>".format
    cells = cell('"string"', P("Lamp")) + cell('"float" office:value="3"', P("3"))
    assert reading("stock.ods", open_table(f"<table:table-row>{cells}</table:table-row>")).text == "### Stock\nLamp,3"


def test_rtf() -> None:
    """RTF is read with its letters and addresses; what its library leaves out is told."""
    data = (
        rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}\pard Die Gr\'f6\'dfe: \u8364? 40. "
        rb'{\field{\*\fldinst{HYPERLINK "https://example.org/t"}}{\fldrslt{tides}}}{\footnote In summer}\par}'
    )
    read = reading("brief.rtf", data)
    assert read.text.startswith("Die Größe: € 40.")
    assert "tides" in read.text
    assert "https://example.org/t" in read.text
    assert read.notes == ("its footnotes were not read",)


@pytest.mark.parametrize("page", ["utf-8", "cp1252", "cp1250"])
def test_a_web_page(page: str) -> None:
    """A page is read as its reader sees it, in the letters that it says it is written in."""
    source = (
        f"<!DOCTYPE html><html><head><meta charset='{page}'><title>T</title><style>p {{}}</style></head><body>"
        "<h1>Prix</h1><script>x()</script><p>Le café <a href='https://example.org/t'>ici</a> &amp; là</p>"
        "<table><tr><td>Lampe</td><td>40</td></tr></table></body></html>"
    )
    if page == "cp1250":
        source = source.replace("café", "żółty").replace("là", "tam")
    read = reading("page.html", source.encode(page), "text/html")
    assert "[ici](https://example.org/t)" in read.text
    assert ("żółty" if page == "cp1250" else "café") in read.text
    assert "Lampe" in read.text
    assert "x()" not in read.text


@pytest.mark.parametrize("charset", ["; charset=x-unknown", "", "; charset=utf-8", "; charset=us-ascii"])
@pytest.mark.parametrize("page", ["utf-8", "cp1252"])
def test_a_mail_in_other_letters(page: str, charset: str) -> None:
    """A mail that says nothing of its letters, or something wrong, is read in those that it has."""
    kind = f"Content-Type: text/plain{charset}\r\nContent-Transfer-Encoding: 8bit"
    data = f"From: mo@example.org\r\n{kind}\r\n\r\nGröße".encode(page)
    assert reading("brief.eml", data).text == "From: mo@example.org\n\nGröße"


@pytest.mark.parametrize("kind", ["plain", "html"])
def test_a_mail(kind: str) -> None:
    """A mail is read with who wrote it, and its attachments are told."""
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "Größe der Lampe", "mo@example.org"
    mail.set_content("<p>Write a <b>page</b>.</p>" if kind == "html" else "Write a page.", subtype=kind)
    mail.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename="offer.pdf")
    read = reading("brief.eml", bytes(mail))
    assert read.text.split() == ["Subject:", "Größe", "der", "Lampe", "From:", "mo@example.org", "Write", "a", "page."]
    assert read.notes == ("what is attached to it (offer.pdf) was not read",)


PARTS = "Subject: Lamps\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{}; boundary=b\r\n\r\n{}--b--"
PART = "--b\r\nContent-Type: {}\r\n\r\n{}\r\n"


@pytest.mark.parametrize(
    ("mixed", "parts", "words"),
    [
        ("mixed", [("text/plain", "See below."), ("message/rfc822", "Subject: Prices\r\n\r\nThe lamp is 7 EUR.")],
         ["See below.", "Subject: Prices", "The lamp is 7 EUR."]),
        ("mixed", [("text/plain", "Hello."), ("image/png", "x"), ("text/plain", "Yours, Anna")],
         ["Hello.", "Yours, Anna"]),
        ("alternative", [("text/plain", " "), ("text/html", "<p>The lamp is 7 EUR.</p>")], ["The lamp is 7 EUR."]),
        ("alternative", [("text/plain", "Plain words."), ("text/html", "<p>Plain words.</p>")], ["Plain words."]),
        ("alternative", [("text/plain", "Your program shows no pages."), ("text/html", "<p>Lamps by 12 March.</p>")],
         ["Lamps by 12 March."]),
    ],
)  # fmt: skip
def test_a_mail_of_parts(mixed: str, parts: list[tuple[str, str]], words: list[str]) -> None:
    """Every part that is words is read, each once: a forwarded mail, what stands below a picture, HTML alone."""
    mail = PARTS.format(mixed, "".join(PART.format(kind, text) for kind, text in parts))
    found = reading("mail.eml", mail.encode())
    places = [found.text.index(word) for word in words]
    assert places == sorted(places)
    assert found.text.count(words[-1]) == 1
    assert bool(found.notes) is ("image/png" in dict(parts))


def test_a_mail_that_is_an_appointment() -> None:
    """A calendar's entry is words too."""
    mail = b"Subject: Visit\r\nContent-Type: text/calendar\r\n\r\nBEGIN:VCALENDAR\r\nSUMMARY:Visit to the shop"
    assert "Visit to the shop" in reading("mail.eml", mail).text


def test_what_a_page_shows_besides_its_words() -> None:
    """Title, filled fields and pictures' words are read; hidden fields and passwords are not."""
    page = (
        "<html><head><title>Order 7</title></head><body><p>Fill it in</p><input name=a value='Harbour 1'>"
        "<input type=hidden value='secret1'><input type='password' value=secret2><img src=x alt=\"A red lamp\">"
        "<input type=checkbox checked> Express <input type='radio'> By sea</body>"
    )
    text = reading("order.html", page.encode()).text
    assert "[x] Express [ ] By sea" in text
    assert [word in text for word in ("Order 7", "Harbour 1", "A red lamp", "secret")] == [True, True, True, False]


@pytest.mark.parametrize("empty", ["\u200b\u00a0\ufeff\u200d", "\u2060" * 50, "\u00ad\n\u200e"])
def test_a_text_that_nobody_can_see(empty: str) -> None:
    """Characters without width are no text."""
    assert "There is no text in note.txt" in refusal("note.txt", empty.encode())


def cell(shown: str, value: str = "", more: str = "") -> str:
    """A cell of an OpenDocument table with its words, its value, and what else stands in it."""
    words = f"<text:p>{shown}</text:p>" if shown else ""
    return f"<table:table-cell {value}>{words}{more}</table:table-cell>"


def test_a_table_as_it_is_shown() -> None:
    """Amounts, dates and shares of an OpenDocument table are read as they are shown, in its currency and language."""
    row = "".join(
        [
            cell("9,50 €", 'office:value-type="currency" office:currency="EUR" office:value="9.5"'),
            cell("19 %", 'office:value-type="percentage" office:value="0.19"'),
            cell("12. März 2026", 'office:value-type="date" office:date-value="2026-03-12"'),
            cell("", 'office:value-type="float" office:value="7"'),
            cell("", 'table:formula="of:=SUM([.A1:.A2])"'),
            '<table:table-cell table:number-columns-repeated="3"/>',
            cell("-", more="<office:annotation><text:p>By sea?</text:p></office:annotation>"),
            '<table:table-cell table:number-columns-repeated="16000"/>',
        ]
    )
    rows = f'<table:table-row table:visibility="filter">{row}</table:table-row>'
    rows += f'<table:table-row table:number-rows-repeated="2">{cell("Rope")}</table:table-row>'
    rows += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    read = reading("stock.ods", open_table(rows))
    assert read.text.splitlines() == [
        "### Stock", '"9,50 €",19 %,12. März 2026,7,=SUM([.A1:.A2]),,,,-', "Rope", "Rope", "Comment: By sea?"
    ]  # fmt: skip
    assert read.notes == (
        "rows or columns that are hidden in Stock were read all the same",
        "1 formula has no stored result, so the formula stands in its place",
    )


def test_a_hidden_sheet_of_a_table() -> None:
    """A sheet that is hidden is read, and told; a picture on it is counted."""
    look = '<style:table-properties table:display="false"/>'
    style = f'<style:style style:name="ta1" style:family="table">{look}</style:style>'
    shapes = "<table:shapes><draw:frame><draw:image/></draw:frame></table:shapes>"
    data = open_table(f"{shapes}<table:table-row>{cell('Lamp')}</table:table-row>")
    hidden = {'table:name="Stock"': 'table:name="Stock" table:style-name="ta1"'}
    changed = {"<office:body>": f"<office:automatic-styles>{style}</office:automatic-styles><office:body>"} | hidden
    read = reading("stock.ods", with_content(data, changed))
    assert read.text == "### Stock (hidden)\nLamp"
    assert read.notes == ("Stock is hidden, and read all the same", "1 picture was not read")


def with_content(data: bytes, replaced: dict[str, str]) -> bytes:
    """An OpenDocument file with some of its content replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w") as written:
        for member in read.infolist():
            part = read.read(member).decode()
            for old, new in replaced.items():
                part = part.replace(old, new)
            written.writestr(member.filename, part)
    return out.getvalue()


LEVELS = "".join(
    f'<text:list-level-style-number text:level="{level}" style:num-format="{shape}" style:num-suffix="{after}"'
    f' text:display-levels="{shown}"/>'
    for level, shape, after, shown in ((1, "1", ".", 1), (2, "a", ")", 1), (3, "1", "", 3))
)
LISTS = f'<text:list-style style:name="L1">{LEVELS}</text:list-style><text:list-style style:name="L2">'
LISTS += '<text:list-level-style-bullet text:level="1"/></text:list-style>'
ITEM = "<text:list-item{}>{}</text:list-item>".format
LIST = '<text:list text:style-name="{}"{}>{}</text:list>'.format


def test_lists_of_an_open_document() -> None:
    """Items have the numbers and letters that LibreOffice shows, through levels, and where a list goes on."""
    inner = "<text:list>" + ITEM("", P("deep")) + "</text:list>"
    deep = "<text:list>" + ITEM("", P("a sub") + inner) + "</text:list>"
    first = LIST("L1", "", ITEM("", P("one") + P("more")) + ITEM(' text:start-value="5"', P("five") + deep))
    on = LIST("L1", ' text:continue-numbering="true"', ITEM("", P("six")))
    again, dots = LIST("L1", "", ITEM("", P("one"))), LIST("L2", "", ITEM("", P("dot")))
    assert reading("brief.odt", open_text(first + on + again + dots, LISTS)).text.splitlines() == [
        "1. one", "more", "5. five", "a) a sub", "5.a.1 deep", "6. six", "1. one", "- dot"
    ]  # fmt: skip


OFF = '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'


@pytest.mark.parametrize(
    "hidden",
    [
        '<text:p text:style-name="H">{}</text:p>',
        '<text:p><text:span text:style-name="H">{}</text:span></text:p>',
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>{}</text:p>',
        '<text:section text:display="none"><text:p>{}</text:p></text:section>',
        '<text:section text:display="condition" text:is-hidden="true"><text:p>{}</text:p></text:section>',
    ],
)
def test_what_an_open_document_hides(hidden: str) -> None:
    """Hidden words, paragraphs and sections are left out, and told."""
    read = reading("brief.odt", open_text(P("Lead") + hidden.format("secret"), OFF))
    assert (read.text, read.notes) == ("Lead", (HIDDEN,))


def test_what_an_open_document_only_may_hide() -> None:
    """A paragraph and a section that their condition does not hide just now are read."""
    shown = '<text:section text:display="condition"><text:p><text:hidden-paragraph/>Seen</text:p></text:section>'
    read = reading("brief.odt", open_text(f"{shown}<text:h><text:number>2.1</text:number>Scope</text:h>", OFF))
    assert (read.text, read.notes) == ("Seen\n# 2.1 Scope", ())


def test_a_mail_of_an_apple_program() -> None:
    """What is attached to the form of a mail that is not read is named all the same."""
    file = "Content-Type: application/pdf; name=brief.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg=="
    parts = f"--b\r\nContent-Type: text/html\r\n\r\n<p>Write a page.</p>\r\n--b\r\n{file}\r\n--b--\r\n"
    rich = f"--a\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--a--"
    plain = "--a\r\nContent-Type: text/plain\r\n\r\nWrite a page.\r\n"
    mail = f"Subject: x\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n{plain}{rich}"
    read = reading("mail.eml", mail.encode())
    assert read.text.endswith("Write a page.")
    assert read.notes == ("what is attached to it (brief.pdf) was not read",)


def test_a_mail_with_a_form_of_its_own() -> None:
    """Of several forms of a mail's words the page is read, and none that only some programs know."""
    kinds = {
        "plain": "See this in another program.",
        "x-amp-html": "<amp-x>no</amp-x>",
        "html": "<p>Lamps by 12 March.</p>",
    }
    parts = "".join(f"--a\r\nContent-Type: text/{kind}\r\n\r\n{said}\r\n" for kind, said in kinds.items())
    mail = f"Subject: x\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n{parts}--a--"
    assert reading("mail.eml", mail.encode()).text.split()[2:] == ["Lamps", "by", "12", "March."]
