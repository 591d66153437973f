"""What is not read of a file is said where its sender sees it, and reaches whoever works on it."""

from sandbox.telegram.methods.files import file_content, keep
from sandbox.telegram.params import Upload
from sandbox.telegram.seen import Seen
from storage.briefs import briefs
from tests import word
from tests.house import House

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DELETED = f"<w:del {word.BY}><w:r><w:delText>1 May</w:delText></w:r></w:del>"
PICTURE = '<w:r><w:drawing><a:blip r:embed="x"/></w:drawing></w:r>'
NOTES = "1 picture was not read; tracked changes were read as if they were accepted"


async def text_of(home: House, quote: Seen) -> str:
    """The text that a quote is for, as it is kept."""
    async with home.running.app.services.database.reading() as connection:
        return (await briefs.load(connection, home.named_by(quote))).text


async def test_a_file_that_was_read_in_part(home: House) -> None:
    """Of a Word file without a name the quote says what was not read, and so does the brief that is drafted from."""
    await home.invite(home.alice, "client")
    inserted = f"<w:ins {word.BY}>{word.run('12 March')}</w:ins>"
    data = word.body(word.paragraph(word.run("Deliver the page by "), inserted, DELETED, PICTURE))
    content = file_content("document", keep(home.telegram.world, "document", Upload("x", WORD, data)), 0)
    del content["document"]["file_name"]
    words = {"caption": "Write a page from this file, please."}
    home.alice.app.send(content | words, home.telegram.world.chats[home.alice.id])
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "Read: document.docx, 28 characters" in quote.text
    assert f"Note on document.docx: {NOTES}" in quote.text
    assert (await text_of(home, quote)).endswith(
        f"## Attached: document.docx\nDeliver the page by 12 March\n\n(About document.docx: {NOTES})"
    )


async def test_an_address_behind_words(home: House) -> None:
    """A link that only the app shows stands in the brief at its words."""
    await home.invite(home.alice, "client")
    link = {"type": "text_link", "offset": 28, "length": 12, "url": "https://example.org/tide-tables"}
    content = {"text": "\U0001f600 Write a short summary of this article for our members", "entities": [link]}
    home.alice.app.send(content, home.telegram.world.chats[home.alice.id])
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert "this article (https://example.org/tide-tables) for our members" in await text_of(home, quote)


async def test_what_comes_beside_a_caption(home: House) -> None:
    """Of media that have to be paid for the quote says that they were not read, and the words below are taken."""
    await home.invite(home.alice, "client")
    preview = {"star_count": 5, "paid_media": [{"type": "preview", "width": 9, "height": 9}]}
    content = {"paid_media": preview, "caption": "Write a short page about our new lamp for our members"}
    home.alice.app.send(content, home.telegram.world.chats[home.alice.id])
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert quote.text.endswith("Not read: pictures or films that have to be paid for. Send them as photos or files.")


async def test_a_passage_of_another_chat(home: House) -> None:
    """What a message points at in another chat is a part of the brief, with whose words they are."""
    await home.invite(home.alice, "client")
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "Nordwind"}
    passage = {"text": "We deliver within 48 hours.", "position": 0, "is_manual": True}
    content = {"text": "Write a short page about this promise for our members", "quote": passage}
    home.alice.app.send(content | {"external_reply": {"origin": origin}}, home.telegram.world.chats[home.alice.id])
    quote = await home.alice.sees("Nothing is spent until you say yes")
    assert (await text_of(home, quote)).endswith("(About what Nordwind wrote: “We deliver within 48 hours.”)")
