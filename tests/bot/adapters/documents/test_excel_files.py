"""Workbooks: a table of what people put into them, with what has to be read."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.worksheet.formula import ArrayFormula

from bot.adapters.readers.cell_words import shown
from tests.bombs import S, xlsx
from tests.excel import changed, of_rows, saved, with_dimension
from tests.reading import reading

LAMPS: list[list[Any]] = [["Item", "Qty", "Price"], ["Lamp", 3, 9.5], ["Rope", 2, 4]]
READ = ["### Sheet", "Item,Qty,Price", "Lamp,3,9.5", "Rope,2,4"]
DAY = date(2026, 3, 12)
MIDNIGHT, MOMENT = (datetime.combine(DAY, at) for at in (time(), time(14, 30)))
# A value, its format, and how Excel shows it.
CELLS: list[tuple[Any, str, str]] = [
    (None, "General", ""),
    ("00042", "@", "00042"),
    (42, "General", "42"),
    (42, "00000", "00042"),
    (9.5, "General", "9.5"),
    (9.5, "0.00", "9.50"),
    (9.504, "0.00", "9.504"),
    (0.1 + 0.2, "General", "0.3"),
    (0.19, "0%", "19 %"),
    (0.195, "0.00%", "19.50 %"),
    (9.5, '#,##0.00 "€"', "9.50 €"),
    (9.5, "#,##0.00\\ [$€-407]", "9.50 €"),
    (9.5, '_-* #,##0.00\\ "€"_-;\\-* #,##0.00\\ "€"_-', "9.50 €"),
    (9.5, '"£"#,##0.00', "£9.50"),
    (9.5, "[$$-409]#,##0.00", "$9.50"),
    (1250, '#,##0.00 "zł"', "1250.00 zł"),
    (3, '0 "kg"', "3 kg"),
    (1.5e-7, "0.00E+00", "1.5e-07"),
    (10**16, "General", "1e+16"),
    (True, "General", "TRUE"),
    (DAY, "yyyy-mm-dd", "2026-03-12"),
    (MIDNIGHT, "DD.MM.YYYY", "2026-03-12"),
    (MIDNIGHT, "DD.MM.YYYY hh:mm", "2026-03-12 00:00"),
    (MOMENT, "DD.MM.YYYY hh:mm", "2026-03-12 14:30"),
    (time(9, 5), "hh:mm", "09:05"),
    (timedelta(hours=30), "[h]:mm", "30:00"),
    (timedelta(hours=26, minutes=5, seconds=9), "[h]:mm:ss", "26:05:09"),
    (MIDNIGHT.replace(day=1), "mmm yyyy", "2026-03"),
    (MIDNIGHT.replace(month=1, day=1), "yyyy", "2026"),
    (1_200_000, '0.0,,"M"', "1.2 M"),
    (1_234_567, "#,##0,", "1234.567"),
    (1_500, '[>=1000]0.0,"k";0', "1.5 k"),
    (999, '[>=1000]0.0,"k";0', "999"),
    (7, '"AB-"0000', "AB-0007"),
    (7, 'General" kg"', "7 kg"),
    (5551234567, "(###) ###-####", "(555) 123-4567"),
    (123456789, "000\\-00\\-0000", "123-45-6789"),
    (20260312, "0000\\-00\\-00", "2026-03-12"),
    (1, '"Yes";"Yes";"No"', "Yes"),
    (0, '"Yes";"Yes";"No"', "No"),
    (1, '[=1]"Open";[=2]"Paid";General', "Open"),
    (2, '[=1]"Open";[=2]"Paid";General', "Paid"),
    (3, '[=1]"Open";[=2]"Paid";General', "3"),
    (5, '0 "CR";0 "DR"', "5 CR"),
    (-5, '0 "CR";0 "DR"', "5 DR"),
    (-5, '0.00 "€";[Red]0.00 "€"', "-5.00 €"),
    (-5, "#,##0.00;(#,##0.00)", "-5.00"),
    (0, '_-* #,##0.00_-;-* #,##0.00_-;_-* "-"??_-;_-@_-', "0"),
    (9.5, '"a;b "0.0', "a;b 9.5"),
    ("#REF!", "General", "#REF!"),
]


@pytest.mark.parametrize(("value", "number_format", "text"), CELLS)
def test_a_cell_as_it_is_shown(value: Any, number_format: str, text: str) -> None:
    """Dates are dates, shares are in percent, amounts have their currency, and no digit is lost."""
    assert shown(value, number_format) == text


@pytest.mark.parametrize("dimension", ["", "A1", "A1:A1", "B2:C3", "A1:XFD1048576", "A1:C1"])
def test_what_a_sheet_says_of_its_extent(dimension: str) -> None:
    """Every row and column is read, whatever the file says that it fills."""
    assert reading("stock.xlsx", with_dimension(saved(of_rows(*LAMPS)), dimension)).text.splitlines() == READ


def test_formulas_without_a_result() -> None:
    """A formula that nobody has worked out stands in its place, and is told."""
    book = of_rows(
        ["Item", "Qty", "Price", "Total"], ["Lamp", 3, 9.5, "=B2*C2"], ["Rope", 2, 4, ArrayFormula("D3", "=B3*C3")]
    )
    read = reading("stock.xlsx", saved(book))
    assert read.text.splitlines()[2:] == ["Lamp,3,9.5,=B2*C2", "Rope,2,4,=B3*C3"]
    assert read.notes == ("2 formulas have no stored result, so the formulas stand in their place",)


def test_formulas_with_a_result() -> None:
    """A formula's result is read as Excel stored it, and nothing is told."""
    data = saved(of_rows(["Lamp", 3, 9.5, "=B1*C1"]))
    data = changed(
        data,
        "xl/worksheets/sheet1.xml",
        lambda part: (
            part.replace(b"<v></v>", b"<v>28.5</v>").replace(b"<v/>", b"<v>28.5</v>").replace(b"<v />", b"<v>28.5</v>")
        ),
    )
    read = reading("stock.xlsx", data)
    assert (read.text, read.notes) == ("### Sheet\nLamp,3,9.5,28.5", ())


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets(state: str) -> None:
    """A hidden sheet is read, marked as hidden, and told, since its sender may not mean it."""
    book = of_rows(["Lamp", 3])
    costs = book.create_sheet("Costs")
    costs.append(["Lamp", 2])
    costs.sheet_state = state
    read = reading("stock.xlsx", saved(book))
    assert (read.text, read.extent) == ("### Sheet\nLamp,3\n\n### Costs (hidden)\nLamp,2", "2 sheets")
    assert read.notes == ("Costs is hidden, and read all the same",)


@pytest.mark.parametrize("what", ["row", "column"])
def test_hidden_rows_and_columns(what: str) -> None:
    """What a filter or a person hid within a sheet is read, and told."""
    book = of_rows(["Lamp", 3], ["Rope", 2])
    sheet = book.worksheets[0]
    (sheet.row_dimensions[2] if what == "row" else sheet.column_dimensions["B"]).hidden = True
    read = reading("stock.xlsx", saved(book))
    assert read.text.splitlines()[1:] == ["Lamp,3", "Rope,2"]
    assert read.notes == ("rows or columns that are hidden in Sheet were read all the same",)


def test_merged_cells() -> None:
    """Merged cells are read once, and the columns after them stay where they are."""
    book = of_rows(["Spring", None, "Summer"], [1, 2, 3])
    book.worksheets[0].merge_cells("A1:B1")
    assert reading("stock.xlsx", saved(book)).text.splitlines()[1:] == ["Spring,,Summer", "1,2,3"]


def test_a_merge_of_everything() -> None:
    """A range that is merged over the whole sheet is one cell."""
    data = changed(
        saved(of_rows(["A", "B"])),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
    )
    assert reading("stock.xlsx", data).text.splitlines()[1:] == ["A,B"]


def test_links_comments_and_charts() -> None:
    """An address behind a cell stands beside its words, a comment below the sheet; a chart is told."""
    book = of_rows(["Lamp", "see page"], ["Rope", '=HYPERLINK("https://example.org/r","rope")'])
    sheet = book.worksheets[0]
    sheet["B1"].hyperlink = "https://example.org/lamp?a=1&b=2"
    sheet["A1"].comment = Comment("Check the price", "Mo")
    sheet.add_chart(BarChart(), "E5")
    read = reading("stock.xlsx", saved(book))
    assert "Lamp,see page (https://example.org/lamp?a=1&b=2)" in read.text.splitlines()
    assert "https://example.org/r" in read.text
    assert "Comment at A1: Check the price" in read.text
    assert "1 chart was not read" in read.notes


def test_cells_far_apart() -> None:
    """A value in the last cell of a sheet is read, and the emptiness before it is not walked for long."""
    book = Workbook()
    book.worksheets[0]["A1"], book.worksheets[0]["C60000"] = "first", "last"
    assert reading("stock.xlsx", saved(book)).text == "### Sheet\nfirst\n,,last"


def test_many_sheets() -> None:
    """Every sheet is read below its name, in the workbook's order."""
    book = of_rows(["a"])
    for number in range(12):
        book.create_sheet(f"Month {number}").append([number])
    read = reading("stock.xlsx", saved(book))
    assert read.extent == "13 sheets"
    assert [line for line in read.text.splitlines() if line.startswith("###")][-1] == "### Month 11"


def test_written_by_streaming() -> None:
    """A workbook with its words in its cells, and rows without numbers, as exporters write them."""
    cells = "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in ("Lamp", "Größe"))
    file = io.BytesIO(saved(of_rows(["x"])))
    rows = f"<sheetData><row>{cells}</row><row>{cells}</row></sheetData>".encode()
    data = changed(
        file.getvalue(), "xl/worksheets/sheet1.xml", lambda part: re.sub(rb"<sheetData>.*</sheetData>", rows, part)
    )
    assert reading("stock.xlsx", data).text.splitlines()[1:] == ["Lamp,Größe"] * 2


LOOKS = {
    "xl/styles.xml": f'<styleSheet xmlns="{S}"><fonts count="1"><font/></fonts>'
    '<fills count="1"><fill><patternFill/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1">'
    '<xf/></cellStyleXfs><cellXfs count="1"><xf/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" '
    'builtinId="0"/></cellStyles></styleSheet>',
}
RICH = LOOKS | {
    "xl/metadata.xml": f'<metadata xmlns="{S}"><futureMetadata name="XLRICHVALUE"><bk><ext><rvb i="0"/></ext></bk><bk>'
    '<ext><rvb i="2"/></ext></bk><bk><ext><rvb i="1"/></ext></bk></futureMetadata><valueMetadata count="3"><bk>'
    '<rc t="1" v="0"/></bk><bk><rc t="1" v="1"/></bk><bk><rc t="1" v="2"/></bk></valueMetadata></metadata>',
    "xl/richData/rdrichvalue.xml": '<rvData xmlns="urn:r"><rv s="0"><v>0</v></rv><rv s="1"><v>0</v><v>1</v></rv>'
    '<rv s="2"><v>Lahore</v><v>9</v></rv></rvData>',
    "xl/richData/rdrichvaluestructure.xml": '<rvStructures xmlns="urn:r"><s t="_localImage"><k n="Local"/></s>'
    '<s t="_webimage"><k n="WebImageIdentifier"/><k n="CalcOrigin"/></s><s t="_linkedentity2">'
    '<k n="_DisplayString"/><k n="Population"/></s></rvStructures>',
}


def test_pictures_and_things_in_cells() -> None:
    """A picture that is a cell's value is told and no error; of a town or a share its name is read."""
    cells = '<c r="A1" t="e" vm="1"><v>#VALUE!</v></c><c vm="2" r="B1" t="e"><v>#VALUE!</v></c>'
    cells += '<c r="C1" t="e" vm="3"><f>_xlfn.IMAGE("https://a.org/b.png")</f><v>#VALUE!</v></c><c r="D1"><v>4</v></c>'
    read = reading("stock.xlsx", xlsx(f'<sheetData><row r="1">{cells}</row></sheetData>', more=RICH))
    assert (read.text, read.notes) == ("### Stock\n,Lahore,,4", ("2 pictures were not read",))


def test_letters_in_cells() -> None:
    """Words that stand in the cell itself, in several looks, keep what their looks say."""
    runs = (
        "<r><t>10</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>6</t></r><r><rPr><strike/></rPr><t>no</t></r>"
    )
    cell = f'<c r="A1" t="inlineStr"><is>{runs}</is></c>'
    assert (
        reading("stock.xlsx", xlsx(f"<sheetData><row>{cell}</row></sheetData>", more=LOOKS)).text
        == "### Stock\n10⁶~~no~~"
    )


def test_a_format_that_shows_nothing() -> None:
    """What a format hides in its cell is not read, and it is said that there is something."""
    book = of_rows(["Lamp", 7, "note"])
    for cell in book.worksheets[0][1][1:]:
        cell.number_format = ";;;"
    read = reading("stock.xlsx", saved(book))
    assert (read.text, read.notes) == ("### Sheet\nLamp", ("hidden words were left out",))


def test_threads_of_comments() -> None:
    """What people wrote to each other about a cell is read once, without what is there for older programs."""
    book = of_rows(["Lamp"])
    book.worksheets[0]["A1"].comment = Comment("[Threaded comment] Your version of Excel allows you to read", "tc={1}")
    relation = '<Relationship Id="rId99" Type="http://x/threadedComment" Target="../threadedComments/t1.xml"/>'
    data = changed(
        saved(book),
        "xl/worksheets/_rels/sheet1.xml.rels",
        lambda part: part.replace(b"</Relationships>", relation.encode() + b"</Relationships>"),
    )
    thread = '<ThreadedComments xmlns="urn:t"><threadedComment ref="A1"><text>By 12 March?</text></threadedComment>'
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("xl/threadedComments/t1.xml", f"{thread}</ThreadedComments>")
    assert reading("stock.xlsx", out.getvalue()).text == "### Sheet\nLamp\nComment at A1: By 12 March?"
