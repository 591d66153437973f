"""What a word's place or a line through it says is not lost: 10⁶ is not read as 106, nor ½ as 12."""

import pytest

from tests.bombs import S, xlsx
from tests.office import open_text, presentation
from tests.reading import reading
from tests.word import body, paragraph, run

UP, DOWN = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'


def part(name: str, words: str) -> str:
    return f"<m:{name}><m:r><m:t>{words}</m:t></m:r></m:{name}>"


FRACTION = f"<m:f>{part('num', '1')}{part('den', '2')}</m:f>"
FORMULAS = {
    FRACTION: "1/2",
    f"<m:f>{part('num', 'a+b')}{part('den', '2c')}</m:f>": "(a+b)/2c",
    f"<m:sSup>{part('e', 'x')}{part('sup', '2')}</m:sSup>": "x²",
    f"<m:sSup>{part('e', 'x')}{part('sup', 'k+1')}</m:sSup>": "x^(k+1)",
    f"<m:sSub>{part('e', 'a')}{part('sub', '1')}</m:sSub>": "a₁",
    f"<m:rad><m:deg/>{part('e', 'a+b')}</m:rad>": "√(a+b)",
    f"<m:d><m:dPr><m:begChr m:val='['/><m:endChr m:val=']'/></m:dPr>{part('e', 'a+b')}</m:d>": "[a+b]",
    f"<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr>{part('sub', 'i=1')}{part('sup', 'n')}{part('e', 'p')}</m:nary>":
        "∑_(i=1)ⁿ p",
    f"<m:func>{part('fName', 'log')}{part('e', 'x')}</m:func>": "log x",
    f"<m:m><m:mr>{part('e', 'a')}{part('e', 'b')}</m:mr><m:mr>{part('e', 'c')}{part('e', 'd')}</m:mr></m:m>":
        "[a, b; c, d]",
    f"<m:box><m:e>{FRACTION}</m:e></m:box>": "1/2",
    "<m:sSup/><m:f/><m:rad/><m:unknown/>": "/√",
}  # fmt: skip


@pytest.mark.parametrize(("inner", "words"), FORMULAS.items(), ids=range(len(FORMULAS)))
def test_formulas(inner: str, words: str) -> None:
    """A formula is written in a line, so that a fraction is not read as a number of two digits."""
    assert reading("brief.docx", body(paragraph(run("Pay "), f"<m:oMath>{inner}</m:oMath>"))).text == f"Pay {words}"


WORD = body(
    paragraph(run("10"), run("6", UP), run(" m"), run("2", UP), run(" CO"), run("2", DOWN), run(", 1"), run("st", UP)),
    paragraph(run("120", "<w:strike/>"), run(" 90 "), run("80", '<w:strike w:val="0"/>')),
)
SLIDE = presentation(
    "<p:sld><p:sp><p:txBody><a:p><a:r><a:t>10</a:t></a:r><a:r><a:rPr baseline='30000'/><a:t>6</a:t></a:r>"
    "<a:r><a:t> CO</a:t></a:r><a:r><a:rPr baseline='-25000'/><a:t>2</a:t></a:r></a:p><a:p><a:r><a:rPr "
    "strike='sngStrike'/><a:t>120</a:t></a:r><a:r><a:t> 90</a:t></a:r></a:p></p:txBody></p:sp></p:sld>"
)
STYLES = "".join(
    f'<style:style style:name="{name}"><style:text-properties style:text-{look}/></style:style>'
    for name, look in {
        "u": 'position="super 58%"', "d": 'position="-33% 58%"', "s": 'line-through-style="solid"',
        "n": 'position="0% 100%"',
    }.items()
)  # fmt: skip
SPAN = '<text:span text:style-name="{}">{}</text:span>'.format
OPEN = open_text(
    f"<text:p>10{SPAN('u', '6')} CO{SPAN('d', '2')}{SPAN('n', '7')}</text:p><text:p>{SPAN('s', '120')} 90</text:p>",
    STYLES,
)


def workbook() -> bytes:
    """A cell whose letters stand at several heights, as Excel keeps it, and one that is struck through as a whole."""
    looks = {"10": "", "6": '<vertAlign val="superscript"/>', " CO": "", "2": '<vertAlign val="subscript"/>',
             " no": "<strike/>"}  # fmt: skip
    runs = "".join(f'<r><rPr>{look}</rPr><t xml:space="preserve">{words}</t></r>' for words, look in looks.items())
    fonts = '<fonts count="2"><font/><font><strike/></font></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    formats = '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    formats += '<cellXfs count="2"><xf fontId="0"/><xf fontId="1"/></cellXfs>'
    formats += '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" s="1"><v>120</v></c></row>'
    more = {
        "xl/sharedStrings.xml": f'<sst xmlns="{S}"><si>{runs}</si></sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{S}">{fonts}{formats}</styleSheet>',
    }
    return xlsx(f"<sheetData>{rows}</sheetData>", more=more)


PAGE = b"<html><body>10<sup>6</sup> CO<sub class='x'>2</sub> 1<sup>st</sup><p><s>120</s> 90</p></body></html>"


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("brief.docx", WORD, ["10⁶ m² CO₂, 1st", "~~120~~ 90 80"]),
        ("talk.pptx", SLIDE, ["10⁶ CO₂", "~~120~~ 90"]),
        ("brief.odt", OPEN, ["10⁶ CO₂7", "~~120~~ 90"]),
        ("stock.xlsx", workbook(), ["10⁶ CO₂ ~~no~~", "~~120~~"]),
        ("brief.html", PAGE, ["10⁶ CO₂ 1st", "~~120~~ 90"]),
        ("brief.rtf", rb"{\rtf1\ansi 10{\super 6} CO{\sub 2} 1{\super st}}", ["10⁶ CO₂ 1st"]),
    ],
)
def test_raised_lowered_and_struck(name: str, data: bytes, words: list[str]) -> None:
    """Raised and lowered numbers stay so, and what is struck through is marked, in every format that is walked."""
    lines = reading(name, data).text.splitlines()
    assert [line.strip() for line in lines if line.strip() and not line.startswith("###")] == words


def test_a_slide_is_read_once() -> None:
    """What stands on a slide for new and for old programs is read once; a formula is read, an embedded table told."""
    math = f"<a14:m xmlns:a14='x'><m:oMath>{FRACTION}</m:oMath></a14:m>"
    either = "<mc:Choice Requires='x'>{}</mc:Choice><mc:Fallback>{}</mc:Fallback>"
    both = f"<mc:AlternateContent>{either}</mc:AlternateContent>"
    said = "<p:sp><p:txBody><a:p><a:r><a:t>Pay </a:t></a:r>" + both.format(math, "") + "</a:p></p:txBody></p:sp>"
    table = '<a:graphicData uri="http://schemas.openxmlformats.org/presentationml/2006/ole"/>'
    read = reading("talk.pptx", presentation(f"<p:sld>{both.format(said, said)}{table}</p:sld>"))
    assert read.text == "### Slide 1\nPay 1/2"
    assert read.notes == ("1 embedded object was not read",)


def test_word_art() -> None:
    """Words that are drawn are read."""
    art = '<w:r><w:pict><v:shape><v:textpath string="Harbour sale"/></v:shape></w:pict></w:r>'
    assert "Harbour sale" in reading("brief.docx", body(paragraph(run("Lead"), art))).text
