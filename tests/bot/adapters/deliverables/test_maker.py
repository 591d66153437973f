"""Word files and PDFs are made by a process of their own, and opened again."""

import io
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import docx
import pytest
from lxml import etree
from pypdf import PdfReader

from bot.adapters.deliverables import maker
from bot.adapters.deliverables.maker import DeliverableMaker
from bot.drafting.ports import LettersMissing, NotMade
from bot.kernel.text.file_format import FileFormat

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = """# A lamp

The **L2** runs *12 hours*[^1]; see [the shop](https://example.org/l2?a=1&b=2). #read("/etc/passwd") $x$

| Item | Price |
|---|---:|
| Lamp | 49.00 |

1. First
   - nested
2. Second

Then

5. Fifth

> Quoted

```
x  = 1
```

[^1]: In full sun.
"""
URDU = """# سولر لیمپ L2

Acme Ltd کا لیمپ **ایک چارج** میں 12 گھنٹے چلتا ہے[^1]۔

| چیز | قیمت |
|---|---:|
| لیمپ | 5,000 |

- پہلا

In English.

[^1]: بیس ڈگری پر۔
"""
TALK = "import sys; sys.stdin.buffer.read(); "
FAILING = {
    "dies": "import os; os.kill(os.getpid(), 11)",
    "says what is no file": f"{TALK} print('GIF89a')",
    "says too much": f"{TALK} sys.stdout.buffer.write(b'%PDF-' + b'x' * 30_000_000)",
    "never ends": f"{TALK} import time; time.sleep(60)",
}


async def made(wanted: FileFormat, text: str, language: str = "en") -> bytes:
    return await DeliverableMaker().make(wanted, text, title="A lamp", language=language, whose="Acme")


async def word(text: str, language: str = "en") -> tuple[docx.document.Document, Any]:
    """The Word file opened again, and its body as XML."""
    data = await made(FileFormat.WORD, text, language)
    return docx.Document(io.BytesIO(data)), etree.fromstring(ZipFile(io.BytesIO(data)).read("word/document.xml"))


async def pdf(text: str, language: str = "en") -> PdfReader:
    return PdfReader(io.BytesIO(await made(FileFormat.PDF, text, language)))


def words(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


async def test_a_word_file() -> None:
    """Headings, styles, links, tables, lists, quotes and code are Word's own; it names its title and whose it is."""
    opened, body = await word(TEXT)
    styles = {paragraph.text: paragraph.style.name for paragraph in opened.paragraphs if paragraph.style is not None}
    assert (styles["A lamp"], styles["Quoted"], styles["x  = 1"]) == ("Heading 1", "Quote", "Code")
    links = [part.target_ref for part in opened.part.rels.values() if part.is_external]
    assert links == ["https://example.org/l2?a=1&b=2"]
    assert [[cell.text for cell in row.cells] for row in opened.tables[0].rows] == [
        ["Item", "Price"],
        ["Lamp", "49.00"],
    ]
    bold = [run.text for paragraph in opened.paragraphs for run in paragraph.runs if run.bold]
    assert bold == ["L2"]
    assert '#read("/etc/passwd") $x$' in "".join(body.itertext())
    assert (opened.core_properties.title, opened.core_properties.author) == ("A lamp", "Acme")


async def test_lists_of_a_word_file() -> None:
    """Each list is one of its own, nested where it was, and begins with its own number."""
    opened, body = await word(TEXT)
    marks = [
        (mark.find(f"{W}numId").get(f"{W}val"), mark.find(f"{W}ilvl").get(f"{W}val")) for mark in body.iter(f"{W}numPr")
    ]
    first, nested, second, fifth = marks
    assert (first[1], nested[1], fifth[1]) == ("0", "1", "0")
    assert first == second
    assert len({first[0], nested[0], fifth[0]}) == 3
    numbering = opened.part.numbering_part.element
    starts = [mark.get(f"{W}val") for mark in numbering.iter(f"{W}startOverride")]
    assert starts == ["1", "5"]


async def test_footnotes_of_a_word_file() -> None:
    """A footnote is Word's own, at the foot of the page."""
    data = await made(FileFormat.WORD, TEXT)
    notes = etree.fromstring(ZipFile(io.BytesIO(data)).read("word/footnotes.xml"))
    assert "In full sun." in "".join(notes.itertext())


async def test_urdu_in_word() -> None:
    """Paragraphs, lists, tables and notes run from the right, and letters take the font for their script; what is
    English within does not.
    """
    _opened, body = await word(URDU, "ur")
    sides = {"".join(p.itertext()): p.find(f"{W}pPr/{W}bidi") is not None for p in body.iter(f"{W}p")}
    assert sides["سولر لیمپ L2"]
    assert sides["پہلا"]
    assert sides["قیمت"]
    assert not sides["In English."]
    assert body.find(f".//{W}bidiVisual") is not None
    right = {run.findtext(f"{W}t"): run.find(f"{W}rPr/{W}rtl") is not None for run in body.iter(f"{W}r")}
    assert (right["ایک چارج"], right["L2"], right["Acme Ltd "]) == (True, False, False)
    bold = next(run for run in body.iter(f"{W}r") if run.findtext(f"{W}t") == "ایک چارج")
    assert bold.find(f"{W}rPr/{W}bCs") is not None


async def test_a_pdf() -> None:
    """All of it stands on its page; it is tagged for readers aloud, and names its title and language."""
    reader = await pdf(TEXT, "es")
    text = words(reader)
    for part in ("A lamp", "L2", "12 hours", "Item", "49.00", "First", "nested", "5.", "Quoted", "In full sun."):
        assert part in text
    assert '#read("/etc/passwd") $x$' in text
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("A lamp", "Acme")
    assert str(reader.root_object["/Lang"]) == "es"
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    page: Any = reader.pages[0]
    links = [note.get_object()["/A"]["/URI"] for note in page["/Annots"] if "/A" in note.get_object()]
    assert links == ["https://example.org/l2?a=1&b=2"]


async def test_urdu_in_a_pdf() -> None:
    """Urdu is set in the font that has its letters."""
    reader = await pdf(URDU, "ur")
    page: Any = reader.pages[0]
    fonts = {str(font.get_object()["/BaseFont"]) for font in page["/Resources"]["/Font"].values()}
    assert any("IBMPlexSansArabic" in font for font in fonts)
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in words(reader))


async def test_signs_without_a_letter() -> None:
    """A sign that no font has is left out of a PDF, or one like it stands there; letters make it say so."""
    text = words(await pdf("✅ done 🚀 go → Привет"))
    assert "✔" in text
    assert "done" in text
    assert "🚀" not in text
    assert "Привет" in text
    with pytest.raises(LettersMissing):
        await pdf("漢字です")


HOSTILE = {
    "quotes": ">" * 300 + " x",
    "lists": "\n".join("  " * depth + "- x" for depth in range(200)),
    "as deep as is read": ">" * 20 + " x",
    "emphasis": "*a " * 3_000 + "x" + " a*" * 3_000,
    "brackets": "[" * 20_000 + "x",
    "columns": f"|{'x|' * 2_000}\n|{'-|' * 2_000}\n|{'b|' * 2_000}",
    "rows": "|x|b|\n|-|-|\n" + "|c|d|\n" * 3_000,
    "html": "<table><tr onclick=x>" * 2_000,
    "notes": "x[^1]" * 500 + "\n\n[^1]: b[^1]",
    "signs": "a\x00b\x0bx\ud800",
    "nothing": "",
}


@pytest.mark.parametrize("wanted", [FileFormat.WORD, FileFormat.PDF])
@pytest.mark.parametrize("kind", HOSTILE)
async def test_hostile_text(kind: str, wanted: FileFormat) -> None:
    """Whatever a text is made of, it becomes a file that opens, with its words."""
    data = await made(wanted, HOSTILE[kind])
    if wanted is FileFormat.PDF:
        assert ("x" in words(PdfReader(io.BytesIO(data)))) is (kind != "nothing")
        return
    said = "".join(docx.Document(io.BytesIO(data)).element.body.itertext())
    assert ("x" in said) is (kind != "nothing")


@pytest.mark.parametrize("does", FAILING)
async def test_what_makes_them_is_not_trusted(does: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever the process does, it is over in time, and there is no file."""
    program = tmp_path / "maker.py"
    program.write_text(FAILING[does])
    monkeypatch.setattr(maker, "_CHILD", str(program))
    monkeypatch.setattr(maker, "WAIT_SECONDS", 3.0)
    with pytest.raises(NotMade):
        await pdf("x")


async def test_too_much_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that takes more memory than there is ends its own process, and nothing else."""
    monkeypatch.setattr(maker, "MOST_BYTES", 1_000_000)
    with pytest.raises(NotMade):
        await pdf(TEXT)


async def test_a_long_text() -> None:
    """A long text is made whole."""
    reader = await pdf("## Part\n\n" + "A sentence of a report that goes on. " * 2_400 + "\n\nThe end.")
    assert len(reader.pages) >= 15
    assert "The end." in reader.pages[-1].extract_text()
