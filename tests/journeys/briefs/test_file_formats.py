"""How clients choose the format of their finished work, and have it in another, over the wire."""

import io

import docx
import pytest
from pypdf import PdfReader

from sandbox.telegram.seen import Seen
from tests.house import BRIEF, House

OTHERS = {"md": ["Word (DOCX)", "PDF"], "docx": ["Text (Markdown)", "PDF"], "pdf": ["Text (Markdown)", "Word (DOCX)"]}


def words_of(seen: Seen) -> str:
    """What the file says, read by another program than the one that wrote it."""
    assert seen.document is not None
    if seen.document.name.endswith(".pdf"):
        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(seen.document.data)).pages)
    if seen.document.name.endswith(".docx"):
        return " ".join(paragraph.text for paragraph in docx.Document(io.BytesIO(seen.document.data)).paragraphs)
    return seen.document.data.decode()


async def test_markdown_unless_chosen(home: House) -> None:
    """Who chose nothing gets Markdown, and has the same work as Word or PDF by a tap, as often as they like."""
    await home.invite(home.alice, "client")
    number = await home.brief()
    file = await home.alice.sees(f"Brief {number}, the whole text")
    assert file.document is not None
    assert (file.document.name, file.labels) == (f"brief-{number}.md", OTHERS["md"])
    beginning = words_of(file).strip("# *\n").split("\n")[0][:20]
    for label, ending in (("PDF", "pdf"), ("Word (DOCX)", "docx"), ("PDF", "pdf")):
        mark = home.alice.mark()
        await home.alice.taps(label, file)
        other = await home.alice.sees(f"Brief {number}, the whole text", after=mark)
        assert other.document is not None
        assert (other.document.name, other.labels) == (f"brief-{number}.{ending}", OTHERS[ending])
        assert beginning in words_of(other)


@pytest.mark.both_databases
async def test_chosen_for_all(home: House) -> None:
    """A client's /format counts for every brief from then on, whoever approves it."""
    await home.staff()
    await home.alice.says("/format word")
    card = await home.alice.sees("File format · Word (DOCX)")
    number = await home.brief()
    file = await home.alice.sees(f"Brief {number}, the whole text")
    assert file.document is not None
    assert file.document.name == f"brief-{number}.docx"
    await home.alice.taps("PDF", card)
    await home.alice.sees("File format · PDF")
    await home.alice.says("/whoami")
    await home.alice.taps("Change file format", await home.alice.sees("Time zone UTC"))
    assert (await home.alice.sees("File format · PDF")).labels == ["Text (Markdown)", "Word (DOCX)"]


async def test_chosen_for_one(home: House) -> None:
    """A format of one brief is said on its quote and goes before that of all; the next brief has that one again."""
    await home.invite(home.alice, "client")
    await home.alice.says("/format word")
    await home.alice.sees("File format · Word (DOCX)")
    await home.alice.says(BRIEF)
    await home.alice.taps("More options", await home.alice.sees("Quote · 120.00 USD"))
    await home.alice.taps("File format", await home.alice.sees("Change it before it starts"))
    await home.alice.taps("PDF", await home.alice.sees("Quote · File format"))
    quote = await home.alice.sees("Comes as a file: PDF")
    await home.alice.taps("Yes, start", quote)
    file = await home.alice.sees("the whole text")
    assert file.document is not None
    assert file.document.name.endswith(".pdf")
    mark = home.alice.mark()
    await home.alice.says("/brief_1001")
    await home.alice.taps("Text as file", await home.alice.sees("Brief 1001", after=mark))
    again = await home.alice.sees("the whole text", after=mark)
    assert again.document is not None
    assert again.document.name.endswith(".pdf")


async def test_data_come_as_asked_for(home: House) -> None:
    """Data have the format that their brief names: a client's choice is of prose alone."""
    await home.invite(home.alice, "client")
    await home.alice.says("/format pdf")
    await home.alice.sees("File format · PDF")
    await home.alice.says("Turn this list into CSV: Mia 3, Jonas 5, Ana 7. Columns are name and parcels.")
    await home.alice.taps("More options", await home.alice.sees("Nothing is spent"))
    options = await home.alice.sees("Change it before it starts")
    assert "File format" not in options.labels
    mark = home.alice.mark()
    await home.alice.taps("Back", options)
    await home.alice.taps("Yes, start", await home.alice.sees("Nothing is spent", after=mark))
    file = await home.alice.sees("the whole text", after=mark)
    assert file.document is not None
    assert (file.document.name.rpartition(".")[2], file.labels) == ("csv", [])


async def test_no_such_format(home: House) -> None:
    """Who asks for a format that there is none of reads which there are."""
    await home.invite(home.alice, "client")
    await home.alice.says("/format odt")
    await home.alice.sees("I make no “odt” files. Try: /format word. Others: text, pdf.")
