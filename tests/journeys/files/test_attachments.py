"""Files that come with a brief: read, shown on the quote, many in an album, and refused in plain words."""

from pathlib import Path

import pytest

from storage.briefs import attachments
from tests.bot.adapters.documents.test_documents import docx_file, pdf_file, xlsx_file
from tests.eventually import eventually
from tests.house import BRIEF, House, Providers, house
from tests.judged import judging

pytestmark = pytest.mark.wire

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PDF = "application/pdf"


async def test_a_text_file_is_a_brief(home: House) -> None:
    """A text file with a caption becomes a quote that says what was read."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("brief.md", BRIEF.encode(), caption="Please by the book", mime_type="text/markdown")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert quote.text.splitlines()[1:3] == ["Please by the book · Drafting", f"Read: brief.md, {len(BRIEF)} characters"]


async def test_a_file_without_words(home: House) -> None:
    """A document alone is a brief; its text is what the drafter gets."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("offer.docx", docx_file("Write a page about the lamp L2 for campers."))
    quote = await home.alice.sees("Read: offer.docx, ")
    await home.alice.taps("Yes, start", quote)
    await home.carol.says("/brief_1001")
    shown = await home.carol.sees("Brief 1001 · ")
    assert "## Attached: offer.docx\n# Offer\nWrite a page about the lamp L2 for campers." in shown.text


async def test_a_pdf(home: House) -> None:
    """What was read of a PDF is told in pages and characters."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("offer.pdf", pdf_file("The lamp runs", "12 hours"), caption="Sum it up", mime_type=PDF)
    await home.alice.sees("Read: offer.pdf, 2 pages, 23 characters")


async def test_what_is_read_reaches_drafter_and_judge(home: House) -> None:
    """What stands in a PDF, a Word file, a workbook, a table and a Markdown file is before drafter and judge."""
    await home.staff()
    prompts: list[tuple[str, str]] = []
    home.openai.on_call.append(
        lambda call: prompts.append((call.purpose, call.prompt.user)) if call.prompt is not None else None
    )
    home.openai.dictated = judging(95)
    await home.alice.sends_album(
        ("offer.pdf", pdf_file("The lamp is of brass"), PDF),
        ("offer.docx", docx_file("It weighs 300 grams."), ""),
        ("stock.xlsx", xlsx_file(Stock=[["Harbour depot", 12]]), ""),
        ("prices.csv", b"Brass lamp,40 EUR\n", "text/csv"),
        ("notes.md", b"It runs *12 hours* a charge.", "text/markdown"),
        caption="Write a page about the lamp for campers.",
    )
    quote = await home.alice.sees("notes.md")
    await home.alice.taps("Yes, start", quote)
    await home.alice.sees("Brief 1001 · Delivered, invoice open")
    assert {purpose for purpose, _ in prompts} == {"draft", "judge"}
    for words in ("The lamp is of brass", "It weighs 300 grams.", "Harbour depot", "Brass lamp", "*12 hours*"):
        assert all(words in user for _, user in prompts), words


async def test_a_workbook_in_the_guided_brief(home: House) -> None:
    """In the guided brief files are added at the text and later, and the quote names them all."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Data-transform", await home.alice.sees("step 1 of 4"))
    await home.alice.sees("step 2 of 4")
    await home.alice.sends_file("stock.xlsx", xlsx_file(Stock=[["Lamp", 12]]))
    held = await home.alice.sees("Read: stock.xlsx, 1 sheet")
    assert held.labels == ["Back", "That is all", "Cancel"]
    await home.alice.says("Turn it into a table for readers, 10 lines.")
    await home.alice.sees("step 3 of 4")
    await home.alice.sends_file("prices.csv", b"Lamp,40 EUR\n")
    await home.alice.taps("No deadline", await home.alice.sees("Read: prices.csv, 1 row"))
    await home.alice.taps("Same as my text", await home.alice.sees("step 4 of 4"))
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "Read: stock.xlsx, 1 sheet, 17 characters; prices.csv, 1 row, 11 characters" in quote.text
    assert "Turn it into a table" in quote.text


async def test_a_guided_brief_of_a_file_alone(home: House) -> None:
    """A file can be the whole of a guided brief."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Drafting", await home.alice.sees("step 1 of 4"))
    await home.alice.sees("step 2 of 4")
    await home.alice.sends_file("brief.txt", b"Write a page about the lamp L2 for campers, 100 words.")
    await home.alice.taps("That is all", await home.alice.sees("Read: brief.txt"))
    await home.alice.sees("step 3 of 4")


async def test_a_picture_with_words(home: House) -> None:
    """A picture with a caption is kept for a model to see."""
    await home.invite(home.alice, "client")
    await home.alice.sends_photo(PNG, caption="Describe this lamp for a shop page.")
    quote = await home.alice.sees("Read: photo.jpg, seen as a picture")
    async with home.running.app.services.database.reading() as connection:
        (kept,) = await attachments.of_brief(connection, "main", home.named_by(quote))
    assert (kept.kind, kept.text, kept.mime_type) == ("image", None, "image/jpeg")
    assert await home.running.app.services.chat.download(kept.file_id) == PNG


async def test_a_picture_without_words(home: House) -> None:
    """A picture alone is asked about, and the next message is its brief."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("lamp.webp", b"RIFF\x1a\0\0\0WEBPVP8 " + bytes(20), mime_type="image/webp")
    await home.alice.sees("What should be done with it?")
    await home.alice.says("Describe this lamp for a shop page.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "Read: lamp.webp, seen as a picture" in quote.text


async def test_an_album_is_one_brief(home: House) -> None:
    """Three files of one album with one caption are one brief, with one quote that names them all."""
    await home.invite(home.alice, "client")
    await home.alice.sends_album(
        ("offer.pdf", pdf_file("The lamp"), PDF),
        ("stock.csv", b"Lamp,12\n", "text/csv"),
        ("notes.txt", b"It runs 12 hours.", "text/plain"),
        caption="Write a page about the lamp for campers.",
    )
    quote = await home.alice.sees("notes.txt")
    assert "Read: offer.pdf, 1 page, 8 characters; stock.csv, 1 row, 7 characters; notes.txt, 17" in quote.text
    assert len([message for message in home.alice.messages() if "Quote · " in message.text]) == 1
    await home.alice.taps("Yes, start", quote)
    await home.carol.says("/brief_1001")
    assert "It runs 12 hours." in (await home.carol.sees("Brief 1001 · ")).text


async def test_an_album_of_pictures_without_words(home: House) -> None:
    """An album of pictures is asked about once, and all of them belong to the brief."""
    await home.invite(home.alice, "client")
    await home.alice.sends_album(("a.png", PNG, "image/png"), ("b.png", PNG, "image/png"))
    await home.alice.sees("What should be done with it?")
    await home.alice.says("Describe both lamps for a shop page.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "Read: 2 pictures\n" in quote.text


async def test_an_edited_caption(home: House) -> None:
    """An edit of the caption changes the words; what was read stays."""
    await home.invite(home.alice, "client")
    sent = await home.alice.sends_file("stock.csv", b"Lamp,12\n", caption="Write a page about the stock for buyers.")
    quote = await home.alice.sees("Nothing is spent until you say yes")
    await home.alice.edits(sent, "Write a short page about the stock for buyers.")
    changed = await home.alice.sees("Write a short page")
    assert changed.id == quote.id
    assert "Read: stock.csv, 1 row" in changed.text
    assert (await home.quote_of(home.carol)).text.endswith("for buyers.\n\n## Attached: stock.csv\nLamp,12")


async def test_the_same_file_twice(home: House) -> None:
    """The same document again is offered as the earlier brief; as a new one it has the document too."""
    await home.invite(home.alice, "client")
    for _ in range(2):
        await home.alice.sends_file("stock.csv", b"Lamp,12\n", caption="Write a page about the stock for buyers.")
    await home.alice.taps("It is new", await home.alice.sees("You sent this already"))
    await eventually(lambda: sum("Read: stock.csv, 1 row" in seen.text for seen in home.alice.messages()) == 2)


async def test_200_000_characters(home: House) -> None:
    """A file of 200,000 characters is refused by what one brief holds; the client knows that nothing was started."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("brief.txt", b"word " * 40_000, mime_type="text/plain")
    seen = await home.alice.sees("one brief holds 50,000")
    assert "Nothing was started" in seen.text


async def test_files_that_are_too_much_together(home: House) -> None:
    """Files that each fit and together do not are refused, and the next message is taken as ever."""
    await home.invite(home.alice, "client")
    await home.alice.sends_album(
        ("a.txt", b"word " * 8_000, "text/plain"), ("b.txt", b"more " * 8_000, "text/plain"), caption="Sum it up"
    )
    await home.alice.sees("Read: a.txt, 39,999 characters")
    await home.alice.sees("one brief holds 50,000")
    await home.alice.says(BRIEF)
    await home.alice.sees("Write a landing page text for Nordwind, a bicycle courier… · Drafting")


async def test_a_30_megabyte_file(home: House) -> None:
    """A 30 MB file is refused by its size, without being fetched."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("offer.pdf", b"\0" * 30_000_000, mime_type=PDF)
    seen = await home.alice.sees("has 30 MB")
    assert "Nothing was started" in seen.text
    assert home.telegram.calls["getFile"] == 0


async def test_a_file_of_another_kind(home: House) -> None:
    """A film is refused with what can be done instead, without being fetched; an old Word file once it is looked at."""
    await home.invite(home.alice, "client")
    await home.alice.sends_file("film.avi", b"\0" * 100, mime_type="video/x-msvideo")
    await home.alice.sees("save it as MP4 or MP3")
    assert home.telegram.calls["getFile"] == 0
    await home.alice.sends_file("offer.doc", b"\0" * 100)
    await home.alice.sees("save it as .docx")


async def test_a_locked_file_in_the_guided_brief(home: House) -> None:
    """A file that cannot be read leaves the guided brief where it is."""
    await home.invite(home.alice, "client")
    await home.alice.says("/brief")
    await home.alice.taps("Drafting", await home.alice.sees("step 1 of 4"))
    await home.alice.sees("step 2 of 4")
    await home.alice.sends_file("locked.pdf", pdf_file("secret", password="open"), mime_type=PDF)
    await home.alice.sees("locked with a password")
    await home.alice.says("Compare three courier bags by volume and weight for commuters, about 200 words.")
    await home.alice.sees("step 3 of 4")


async def test_what_was_read_is_kept_for_every_host(stand_ins: Providers, database_url: str, tmp_path: Path) -> None:
    """With FILES_PLACE a file that was read once is had from there, also where Telegram gives it to nobody any more."""
    place = tmp_path / "files"
    async with house(stand_ins, database_url, files_place=str(place)) as home:
        await home.carol.says("/start")
        await home.staff()
        await home.alice.sends_file("brief.txt", b"Write a page about the lamp L3 for campers, 100 words.")
        quote = await home.alice.sees("Read: brief.txt")
        async with home.running.app.services.database.reading() as connection:
            (kept,) = await attachments.of_brief(connection, "main", home.named_by(quote))
    assert [path.name for path in place.iterdir()] == [kept.file_id]
    assert b"lamp L3" in (place / kept.file_id).read_bytes()
