"""What is read out of files, and what is said where that cannot be."""

import csv
import io
import zipfile
from typing import Any

import pytest
from docx import Document
from openpyxl import Workbook
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from bot.adapters.documents.documents import DocumentReader
from bot.adapters.readers.pdf import MOST_PAGES
from bot.briefs.model import LONGEST_TEXT
from bot.intake.ports import Reading
from bot.kernel.errors import Refusal

READER = DocumentReader()


def docx_file(*paragraphs: str, table: list[list[str]] | None = None) -> bytes:
    """A Word document with a heading, paragraphs, and perhaps a table."""
    document = Document()
    document.add_heading("Offer", 1)
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        added = document.add_table(len(table), len(table[0]))
        for row, values in zip(added.rows, table, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def xlsx_file(**sheets: list[list[Any]]) -> bytes:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def pdf_file(*pages: str, password: str = "") -> bytes:
    """A PDF with a line of text a page; "" is a page without text."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for text in pages:
        page = writer.add_blank_page(300, 300)
        if text:
            fonts = DictionaryObject({NameObject("/F1"): font})
            page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
            stream = DecodedStreamObject()
            stream.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
            page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


async def test_word() -> None:
    """Headings, paragraphs and tables of a DOCX come in their order."""
    data = docx_file("The lamp runs 12 hours.", table=[["Part", "Price"], ["Lamp", "40 EUR"]])
    assert await READER.read("offer.docx", data) == Reading(
        "# Offer\nThe lamp runs 12 hours.\nPart | Price\nLamp | 40 EUR", ""
    )


async def test_pdf() -> None:
    """The pages of a PDF come one after the other, and are counted."""
    assert await READER.read("offer.pdf", pdf_file("The lamp", "runs 12 hours")) == Reading(
        "The lamp\n\nruns 12 hours", "2 pages"
    )


async def test_workbook() -> None:
    """Every sheet of an XLSX comes as CSV below its name, without empty rows and cells at the end."""
    data = xlsx_file(Stock=[["Lamp", 12], [], ["Bag, large", 3.5, None]], Prices=[["Lamp", "40 EUR"]])
    assert await READER.read("stock.xlsx", data) == Reading(
        '### Stock\nLamp,12\n"Bag, large",3.5\n\n### Prices\nLamp,40 EUR', "2 sheets"
    )


async def test_table() -> None:
    """A CSV stays as it is, and its rows are counted."""
    line = io.StringIO()
    csv.writer(line).writerows([["Lamp", "12"], ["Bag", "3"]])
    read = await READER.read("stock.csv", line.getvalue().encode())
    assert read == Reading("Lamp,12\r\nBag,3", "2 rows")


async def test_other_encodings() -> None:
    """Text in another encoding than UTF-8 is read as what it most likely is."""
    text = "Die Größe der Lampe überrascht: kürzer als ein Bleistift, schwerer als gedacht, und schön dazu."
    assert (await READER.read("notes.txt", text.encode("latin-1"))).text == text
    assert (await READER.read("notes.txt", text.encode("utf-16"))).text == text
    assert (await READER.read("notes.md", b"\xef\xbb\xbf" + text.encode())).text == text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("old.doc", b"\xd0\xcf\x11\xe0", "Word's old format. Open it in Word, save it as .docx"),
        ("photo.heic", b"\0\0\0\x18ftypheic" + bytes(40), "Send it as a photo"),
        ("film.mp4", b"\0\0\0\x18ftypmp42" + bytes(40), "is a recording. Send it as music"),
        ("README", bytes(range(256)), "I cannot read README. I read text, Markdown, CSV"),
        ("broken.docx", b"PK\x03\x04 and no more", "broken.docx is broken, or is not what its name says"),
        ("broken.xlsx", bytes(range(256)), "broken.xlsx is broken"),
        ("broken.pdf", b"%PDF-1.7\nand no more", "broken.pdf is broken"),
        ("empty.txt", b" \n ", "There is no text in empty.txt"),
        ("binary.txt", bytes(range(256)) * 20, "binary.txt is not text"),
        ("locked.pdf", pdf_file("secret", password="open"), "locked with a password. Save a copy without a password"),
        ("scan.pdf", pdf_file("", ""), "it is probably a scan. Send its pages as photos"),
        ("long.pdf", pdf_file(*[""] * (MOST_PAGES + 1)), f"has {MOST_PAGES + 1} pages; I read up to {MOST_PAGES}"),
        ("long.txt", b"word " * LONGEST_TEXT, f"more than {LONGEST_TEXT:,} characters"),
        ("long.docx", docx_file(*["word " * 1_000] * 20), f"more than {LONGEST_TEXT:,} characters"),
        ("long.xlsx", xlsx_file(Long=[["word"] * 100] * 200), f"more than {LONGEST_TEXT:,} characters"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value[-5:] else "",
)
async def test_what_cannot_be_read(name: str, data: bytes, words: str) -> None:
    """Each kind of file that cannot be read gets words of its own that say what to do, and that nothing was started."""
    with pytest.raises(Refusal) as refusal:
        await READER.read(name, data)
    assert words in str(refusal.value)
    assert str(refusal.value).endswith("Nothing was started and nothing is charged.")


async def test_a_bomb() -> None:
    """A DOCX that unpacks to much more than it should is refused before it is unpacked."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b" " * 60_000_000)
    assert len(file.getvalue()) < 100_000
    for name in ("bomb.docx", "bomb.xlsx"):
        with pytest.raises(Refusal, match="unpacks to more than I can take in"):
            await READER.read(name, file.getvalue())


async def test_a_page_that_takes_for_ever() -> None:
    """Reading ends when its time is over."""
    with pytest.raises(Refusal, match="takes too long to read"):
        await DocumentReader(seconds=0.0).read("offer.pdf", pdf_file("The lamp"))


def test_the_locked_file_is_locked() -> None:
    """The PDF that stands for a locked one is encrypted."""
    assert PdfReader(io.BytesIO(pdf_file("secret", password="open"))).is_encrypted
