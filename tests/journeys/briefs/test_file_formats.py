"""How clients choose the format of their finished work, and have it in another, over the wire."""

import io

import docx
import pytest
from pypdf import PdfReader

from bot.access.buttons import Tap
from bot.adapters.deliverables import maker
from bot.kernel.text.file_format import FileFormat
from handlers.dispatch import Dispatcher
from handlers.routing.update import Update
from sandbox.telegram.seen import Seen
from tests.house import BRIEF, House
from tests.judged import judging

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
    await home.alice.taps("Text as file", await home.alice.sees("Price 120.00 USD", after=mark))
    again = await home.alice.sees("the whole text", after=mark)
    assert again.document is not None
    assert again.document.name.endswith(".pdf")


@pytest.mark.parametrize(("asked", "ending"), [("a CSV", "csv"), ("a Markdown table", "md")])
async def test_data_come_as_asked_for(home: House, asked: str, ending: str) -> None:
    """Data have the format that their brief names: a client's choice is of prose alone."""
    await home.invite(home.alice, "client")
    home.openai.dictated = judging(95)
    await home.alice.says("/format pdf")
    await home.alice.sees("File format · PDF")
    await home.alice.says(f"Convert these records into {asked}:\nName: Ali, Orders: 3\nName: Mia, Orders: 12")
    await home.alice.taps("More options", await home.alice.sees("Nothing is spent"))
    options = await home.alice.sees("Change it before it starts")
    assert "File format" not in options.labels
    mark = home.alice.mark()
    await home.alice.taps("Back", options)
    await home.alice.taps("Yes, start", await home.alice.sees("Nothing is spent", after=mark))
    file = await home.alice.sees("the whole text", after=mark)
    assert file.document is not None
    assert file.document.name.endswith(f".{ending}")


async def test_a_file_that_cannot_be_made(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no file can be made the work comes as text all the same and says so; a tap tries again."""
    await home.invite(home.alice, "client")
    await home.alice.says("/format word")
    await home.alice.sees("File format · Word (DOCX)")
    with monkeypatch.context() as broken:
        broken.setattr(maker, "LARGEST_TEXT", 10)
        number = await home.brief()
        text = await home.alice.sees("Making the Word (DOCX) file failed, so this is the text.")
    assert text.document is not None
    assert (text.document.name, text.labels) == (f"brief-{number}.md", OTHERS["md"])
    mark = home.alice.mark()
    await home.alice.taps("Word (DOCX)", text)
    file = await home.alice.sees(f"Brief {number}, the whole text", after=mark)
    assert file.document is not None
    assert file.document.name == f"brief-{number}.docx"


async def test_letters_that_a_pdf_has_not(home: House) -> None:
    """Work in letters that no font has comes as Word in place of a PDF, and says why."""
    await home.invite(home.alice, "client")
    home.openai.dictated = judging(95, drafts=["# 自転車便\n\nハンブルクの自転車便です。"])
    await home.alice.says("/format pdf")
    await home.alice.sees("File format · PDF")
    number = await home.brief()
    file = await home.alice.sees("A PDF cannot show some letters of this text, so it comes as Word (DOCX).")
    assert file.document is not None
    assert file.document.name == f"brief-{number}.docx"
    assert "自転車便" in words_of(file)


async def test_hostile_work(home: House) -> None:
    """Work that is made to do harm is delivered as what it says, and nothing else is late for it."""
    await home.invite(home.alice, "client")
    hostile = '# Nordwind\n\n#read("/etc/passwd") <script>a</script> ![x](https://example.org/x.png)\n\n' + ">" * 300
    home.openai.dictated = judging(95, drafts=[hostile])
    await home.alice.says("/format pdf")
    await home.alice.sees("File format · PDF")
    number = await home.brief()
    said = words_of(await home.alice.sees(f"Brief {number}, the whole text"))
    assert '#read("/etc/passwd") <script>a</script>' in said


async def test_others_have_no_file(home: House) -> None:
    """Another client's button for a file is refused, whatever format it names."""
    await home.staff()
    await home.invite(home.eve, "client")
    number = await home.brief()
    await home.alice.sees(f"Brief {number}, the whole text")
    services, signer = home.running.app.services, home.running.app.signer
    dispatcher = Dispatcher(services, signer)
    for choice in FileFormat:
        data = signer.pack(Tap("fileas", number, 1, choice.value), chat_id=home.eve.id)
        answer = await dispatcher.answer(Update("tap", chat_id=home.eve.id, user_id=home.eve.id, data=data))
        assert answer is not None
        assert answer.outcome == "refusal"


async def test_no_such_format(home: House) -> None:
    """Who asks for a format that there is none of reads which there are."""
    await home.invite(home.alice, "client")
    await home.alice.says("/format odt")
    await home.alice.sees("I make no “odt” files. Try: /format word. Others: text, pdf.")
