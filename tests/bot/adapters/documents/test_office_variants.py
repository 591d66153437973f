"""Office files as other programs write them: under ISO's names, with parts elsewhere, with damaged cells."""

import io
import zipfile
from collections.abc import Callable

import pytest

from tests import excel, word
from tests.reading import reading

SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>Lamp</t></is></c>{}</row></sheetData></worksheet>'
)
Change = Callable[[str, bytes], tuple[str, bytes]]


def rewritten(data: bytes, change: Change) -> bytes:
    """The ZIP file with every member renamed and changed so."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in packed.namelist():
            made.writestr(*change(name, packed.read(name)))
    return out.getvalue()


def strict(name: str, part: bytes) -> tuple[str, bytes]:
    """The part under the names of ISO 29500."""
    for area in (b"wordprocessingml", b"spreadsheetml", b"drawingml"):
        older = b"http://schemas.openxmlformats.org/%s/2006/" % area
        part = part.replace(older, b"http://purl.oclc.org/ooxml/%s/" % area)
    older = b"http://schemas.openxmlformats.org/officeDocument/2006/"
    return name, part.replace(older, b"http://purl.oclc.org/ooxml/officeDocument/")


def elsewhere(name: str, part: bytes) -> tuple[str, bytes]:
    """Everything in another folder, as some generators have it."""
    if name.startswith("word/"):
        return name.replace("word/", "parts/", 1), part
    return name, part.replace(b"word/", b"parts/") if name.startswith(("_rels", "[Content")) else part


@pytest.mark.parametrize("change", [strict, elsewhere])
def test_a_word_file_of_another_make(change: Change) -> None:
    """Saved as Strict Open XML, or with its parts in another folder, it is read as any other."""
    link = rewritten(word.linked("the price list", "https://example.org/prices"), change)
    found = reading("offer.docx", link)
    assert "the price list (https://example.org/prices)" in found.text
    assert found.notes == ()


def test_a_strict_workbook() -> None:
    """A workbook saved as Strict Open XML has its rows."""
    data = rewritten(excel.saved(excel.of_rows(["Item", "Price"], ["Lamp", 12.5])), strict)
    assert "Lamp,12.5" in reading("prices.xlsx", data).text


@pytest.mark.parametrize("cell", ['<c r="B1" s="999"><v>7</v></c>', '<c r="B1"><v>seven</v></c>'])
def test_a_damaged_cell(cell: str) -> None:
    """One cell that cannot be right takes no sheet with it; its reader is told."""
    data = excel.saved(excel.of_rows(["x"]))
    found = reading(
        "prices.xlsx", excel.changed(data, "xl/worksheets/sheet1.xml", lambda _: SHEET.format(cell).encode())
    )
    assert "Lamp" in found.text
    assert "something in it is damaged, and may be missing" in found.notes


def test_what_is_printed_around_a_sheet() -> None:
    """A sheet's header and footer are read once each, without fonts and page numbers."""
    book = excel.of_rows(["Lamp", 7])
    book.active.oddHeader.center.text = "Offer 2026 & more"
    book.active.oddFooter.left.text = "Page &P of &N"
    book.active.oddFooter.right.text = "Valid until June"
    text = reading("prices.xlsx", excel.saved(book)).text
    assert "Header: Offer 2026 & more" in text
    assert "Footer: Page of Valid until June" in text
    assert "&" not in text.replace(" & more", "")
