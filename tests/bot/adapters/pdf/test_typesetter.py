"""PDFs are made by a process of their own, and opened again."""

import asyncio
import io
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from bot.adapters.pdf import typesetter
from bot.adapters.pdf.typesetter import ChildTypesetter
from bot.charts.model import Bar, Bars, Head
from bot.kernel.card import Card
from bot.pdf.model import Block, Paper, Picture, Table, Words
from bot.pdf.ports import NotMade
from bot.pdf.probe import probe
from bot.pdf.service import Pdf, as_data

TALK = "import sys; sys.stdin.buffer.read(); "
FAILING = {
    "dies": "import os; os.kill(os.getpid(), 11)",
    "says what is no PDF": f"{TALK} print('GIF89a')",
    "says too much": f"{TALK} sys.stdout.buffer.write(b'x' * 30_000_000)",
    "never ends": f"{TALK} import time; time.sleep(60)",
}


async def opened(*blocks: Block, **changes: Any) -> PdfReader:
    """A paper of these blocks, made and opened again."""
    paper = Paper("October 2026", "Acme", blocks, "Made today", **changes)
    return PdfReader(io.BytesIO(await ChildTypesetter().typeset(as_data(paper))))


def words(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


async def test_a_paper() -> None:
    """Its words, table, chart and foot stand on its page, and it names its title and its language."""
    chart = Bars(Head("November", "12.00 USD", "of 40.00"), (Bar("Income", "40.00", 40.0),))
    table = Table(["USD", "Now"], [["Revenue", "1,240.00"], ["Margin", "-5.20"]], strong=[1])
    reader = await opened(Words("Nothing paid"), Words("Money", heading=True), Picture(chart), table, language="es")
    text = words(reader)
    for said in ("Acme", "Nothing paid", "Money", "Income", "12.00 USD", "Revenue", "1,240.00", "-5.20", "Made today"):
        assert said in text
    assert reader.metadata is not None
    assert (reader.metadata.title, str(reader.root_object["/Lang"]), len(reader.pages)) == ("October 2026", "es", 1)


async def test_from_the_right() -> None:
    """Urdu is set with the letters of the picture's font, and an amount keeps its minus before it."""
    table = Table(["USD", "آمدنی"], [["منافع", "-5.20"]])
    reader = await opened(Words("کوئی بریف نہیں ملا"), table, language="ur", right_to_left=True)
    text = words(reader)
    assert "-5.20" in text
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in text)
    fonts = {str(font["/BaseFont"]) for page in reader.pages for font in fonts_of(page)}
    assert fonts
    assert all("IBMPlexSansArabic" in font for font in fonts)


def fonts_of(page: Any) -> list[Any]:
    return [font.get_object() for font in page["/Resources"]["/Font"].values()]


async def test_words_are_no_markup() -> None:
    """What looks like an order to the program is shown as it was written."""
    hostile = ('#panic("x")', '#include "/etc/passwd"', "*a* _b_ $c$ @d <e> // f")
    text = words(await opened(*map(Words, hostile), Table(["#h"], [["#sys.inputs"]])))
    for said in (*hostile, "#h", "#sys.inputs"):
        assert said in text


async def test_thirty_pages() -> None:
    """A long paper takes seconds, and everything else goes on meanwhile: hardly ever is the loop late by 50 ms."""
    loop = asyncio.get_running_loop()
    rows = [[f"Client {number}", f"{number}.00", f"-{number}.50"] for number in range(1_300)]
    began = loop.time()
    making = asyncio.ensure_future(opened_bytes(Table(["Client", "Revenue", "Margin"], rows)))
    late: list[float] = []
    while not making.done():
        before = loop.time()
        await asyncio.sleep(0.005)
        late.append(loop.time() - before - 0.005)
    took = loop.time() - began
    reader = PdfReader(io.BytesIO(await making))
    assert len(reader.pages) >= 30
    assert "Client 1299" in reader.pages[-1].extract_text()
    assert took < 20
    assert sorted(late)[len(late) * 99 // 100] < 0.05  # other programs take the processor now and then


async def opened_bytes(*blocks: Block) -> bytes:
    return await ChildTypesetter().typeset(as_data(Paper("Long", "Acme", blocks)))


@pytest.mark.parametrize("does", FAILING)
async def test_what_sets_is_not_trusted(does: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever the process does, it is over in time, and there is no PDF."""
    program = tmp_path / "setter.py"
    program.write_text(FAILING[does])
    monkeypatch.setattr(typesetter, "_CHILD", str(program))
    monkeypatch.setattr(typesetter, "WAIT_SECONDS", 3.0)
    with pytest.raises(NotMade):
        await opened(Words("x"))


async def test_without_a_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked reads that there is none and what else has the figures; the doctor says so too."""
    assert (await probe(ChildTypesetter())).verdict == "fine"
    monkeypatch.setattr(typesetter, "LARGEST_PAPER", 10)
    card = await Pdf(ChildTypesetter()).below(Card("<b>Week</b>"), Paper("Week", "Acme", []), "week")
    assert card.document is None
    assert card.text == "<b>Week</b>\nThere is no PDF this time: making it failed. CSV has the figures."
    assert (await probe(ChildTypesetter())).verdict == "problem"
