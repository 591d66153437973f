"""What kind of file it is: a table of contents under right, wrong and missing names and types."""

from pathlib import Path

import pytest

from bot.briefs.material import kind_of
from bot.models.sounds import heard_name, sound_name
from handlers.routing.update import read
from tests.bot.adapters.documents.test_documents import docx_file, pdf_file, xlsx_file
from tests.office import open_text, packed, presentation, said
from tests.reading import reading, refusal

WORDS = "Write a page about the lamp."
OFFICE = "application/vnd.openxmlformats-officedocument"
CONTENTS = {
    "text": WORDS.encode(),
    "UTF-16": WORDS.encode("utf-16"),
    "Word": docx_file(WORDS),
    "Excel": xlsx_file(Sheet=[[WORDS]]),
    "old Excel": (Path(__file__).parents[3] / "data" / "stock.xls").read_bytes(),
    "PDF": pdf_file(WORDS),
    "PDF after junk": b"\r\n\r\n" + pdf_file(WORDS),
    "RTF": b"{\\rtf1\\ansi Write a page about the lamp.}",
    "OpenDocument": open_text(f"<text:p>{WORDS}</text:p>"),
    "PowerPoint": presentation(f"<p:sld>{said(WORDS)}</p:sld>"),
    "web page": f"<!doctype html><html><body><p>{WORDS}</p></body></html>".encode(),
}
# Names and types as they come: right, missing, and of something else.
NAMED = [
    ("document", ""),
    ("document", "application/octet-stream"),
    ("Brief", "text/plain"),
    ("brief.docx", f"{OFFICE}.wordprocessingml.document"),
    ("brief.DOC", "application/msword"),
    ("brief.xlsx", ""),
    ("brief.pdf", "application/pdf"),
    ("brief.2026", ""),
    ("brief.txt", "application/octet-stream"),
]
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)


def ole(*streams: str) -> bytes:
    """An OLE file as far as its kind is told: the names of its streams."""
    return OLE + b"".join(stream.encode("utf-16-le") + bytes(64) for stream in streams) + bytes(1024)


REFUSED = [
    ("offer.docx", ole("EncryptionInfo", "EncryptedPackage"), "locked with a password"),
    ("offer.xlsx", ole("EncryptedPackage"), "locked with a password"),
    ("offer", ole("EncryptedPackage"), "locked with a password"),
    ("offer.docx", ole("WordDocument", "1Table"), "is in Word's old format"),
    ("offer", ole("WordDocument"), "is in Word's old format"),
    ("offer.doc", ole("WordDocument", "Workbook"), "is in Word's old format"),
    ("talk.ppt", ole("PowerPoint Document"), "is in PowerPoint's old format"),
    ("mail.msg", ole("__nameid_version1.0"), "is a mail in Outlook's own format"),
    ("offer.docx", packed(photo_0jpg=b"\xff\xd8\xff", notes_0txt="x"), "is an archive"),
    ("files.zip", packed(notes_0txt="x"), "is an archive"),
    ("files", b"Rar!\x1a\x07\x01\x00" + bytes(40), "is an archive"),
    ("book.epub", packed(mimetype="application/epub+zip"), "is an e-book"),
    ("talk.odp", packed(mimetype="application/vnd.oasis.opendocument.presentation"), "OpenDocument presentation"),
    ("letter.pages", packed(Index__Document_0iwa=b"x"), "was made by an Apple program"),
    ("IMG_1.jpg", b"\0\0\0\x24ftypheic" + bytes(40), "is a picture in a format that models do not see"),
    ("brief.doc", b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w/>', "Word's XML format of 2003"),
    ("list.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><w/>', "Excel's XML format of 2003"),
    ("logo.svg", b"<?xml version='1.0'?><svg/>", "is a picture in a format"),
    ("anim", b"GIF89a" + bytes(40), "is a picture in a format"),
    ("notes.txt", b"OggS\0" + bytes(40), "is a recording"),
    ("notes", b"ID3\x03\0" + bytes(40), "is a recording"),
    ("offer.gdoc", b'{"doc_id":"1a","email":"carol@example.org"}', "is only a link"),
    ("offer.webloc", b"<?xml version='1.0'?><plist><dict><key>URL</key></dict></plist>", "is only a link"),
    ("offer", b"[InternetShortcut]\r\nURL=https://example.org/offer\r\n", "is only a link"),
    ("thing", bytes(range(256)), "I cannot read thing"),
    ("thing.docx", bytes(range(256)), "is broken, or is not what its name says"),
    ("thing.csv", bytes(range(256)), "is not text"),
]
PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n" + bytes(40),
    "image/jpeg": b"\xff\xd8\xff\xe0" + bytes(40),
    "image/webp": b"RIFF\x1a\0\0\0WEBPVP8 " + bytes(20),
}


@pytest.mark.parametrize(("name", "mime_type"), NAMED)
@pytest.mark.parametrize("content", CONTENTS)
def test_read_by_content(content: str, name: str, mime_type: str) -> None:
    """Whatever it is called, what stands in it is read."""
    words = "Größe" if content == "old Excel" else WORDS
    assert words in reading(name, CONTENTS[content], mime_type).text


@pytest.mark.parametrize(("name", "data", "words"), REFUSED)
def test_refused_by_content(name: str, data: bytes, words: str) -> None:
    """What cannot be read is refused as what it is, and not as what it is called."""
    assert words in refusal(name, data)


@pytest.mark.parametrize("name", ["lamp.png", "lamp", "lamp.txt", "lamp.pdf", "lamp.jpeg"])
@pytest.mark.parametrize("mime_type", PICTURES)
def test_pictures(mime_type: str, name: str) -> None:
    """A picture is one by its content, and its type is that of its content."""
    assert reading(name, PICTURES[mime_type], "image/jpeg").picture == mime_type


@pytest.mark.parametrize(
    ("name", "mime_type", "extent"),
    [
        ("list", "text/csv", "2 rows"),
        ("list.txt", "text/csv", "2 rows"),
        ("list.csv", "text/plain", "2 rows"),
        ("list.csv", "application/vnd.ms-excel", "2 rows"),
        ("list.csv", "", "2 rows"),
        ("list.tsv", "", "2 rows"),
        ("list", "", ""),
    ],
)
def test_tables_of_text(name: str, mime_type: str, extent: str) -> None:
    """That a text is a table, its type tells first, then its name."""
    assert reading(name, b"Lamp;12\nRope;3\n", mime_type).extent == extent


def test_a_wrong_name_is_told() -> None:
    """Who sends a PDF named .docx is told as what it was read."""
    assert reading("offer.docx", pdf_file(WORDS)).notes == ("it is named .docx, and was read as a PDF, which it is",)


SOUND = [
    # the field of the message, the file's name and type; the name under which it is known, and what it is to us
    ("audio", "memo.m4a", "audio/mpeg", "memo.m4a", "audio"),
    ("audio", None, "audio/mpeg", "audio.mp3", "audio"),
    ("audio", "memo", "audio/x-m4a", "memo.m4a", "audio"),
    ("audio", "memo.bin", "audio/ogg", "memo.bin.ogg", "audio"),
    ("audio", "memo.mp3", None, "memo.mp3", "audio"),
    ("audio", "song.amr", "audio/mpeg", "song.amr", "audio"),
    ("voice", None, "audio/ogg", "voice.ogg", "voice"),
    ("voice", None, None, "voice.ogg", "voice"),
    ("voice", None, "audio/mpeg", "voice.mp3", "voice"),
    ("video", "meeting.mp4", "video/mp4", "meeting.mp4", "audio"),
    ("video", None, "video/mp4", "video.mp4", "audio"),
    ("video", "meeting", "video/mp4", "meeting.mp4", "audio"),
    ("video", "meeting.mov", "video/quicktime", "meeting.mov", "document"),
    ("video_note", None, None, "video_note.mp4", "audio"),
    ("document", "voice.oga", "audio/ogg", "voice.oga", "audio"),
    ("document", "voice.opus", "audio/ogg", "voice.opus.ogg", "audio"),
    ("document", "memo.mp3", "application/octet-stream", "memo.mp3", "audio"),
    ("document", "memo.mp3", "text/plain", "memo.mp3", "audio"),
    ("document", "memo", "audio/mpeg", "memo.mp3", "audio"),
    ("document", None, "text/plain", "document.txt", "document"),
    ("document", None, "text/csv", "document.csv", "document"),
    ("document", None, "application/pdf", "document.pdf", "document"),
    ("document", None, f"{OFFICE}.wordprocessingml.document", "document.docx", "document"),
    ("document", None, None, "document", "document"),
    ("document", "Brief", "text/plain", "Brief", "document"),
    ("document", "lamp.png", "image/png", "lamp.png", "document"),
]


@pytest.mark.parametrize(("field", "name", "mime_type", "known", "kind"), SOUND)
def test_what_telegram_says(field: str, name: str | None, mime_type: str | None, known: str, kind: str) -> None:
    """What comes with a message has a name that says what it is, and is known as what its type and name say."""
    file = {"file_id": "f", "file_name": name, "mime_type": mime_type, "duration": 9}
    told = {key: value for key, value in file.items() if value is not None}
    update = {
        "message": {
            "message_id": 1,
            "chat": {"id": 1, "type": "private"},
            "from": {"id": 1, "is_bot": False},
            field: told,
        }
    }
    found = read(update).file
    assert found is not None
    assert (found.name, found.kind) == (known, kind)


@pytest.mark.parametrize(
    ("data", "endings"),
    [
        (b"OggS\0" + bytes(9), {".ogg", ".oga"}),
        (b"ID3\x04\0" + bytes(9), {".mp3", ".mpga", ".mpeg"}),
        (b"\xff\xfb\x90\x44" + bytes(9), {".mp3", ".mpga", ".mpeg"}),
        (b"fLaC\0" + bytes(9), {".flac"}),
        (b"RIFF\x24\0\0\0WAVEfmt ", {".wav"}),
        (b"\0\0\0\x18ftypM4A " + bytes(9), {".m4a", ".mp4"}),
        (b"\x1aE\xdf\xa3" + bytes(9), {".webm"}),
    ],
)
def test_the_model_hears_it_as_what_it_is(data: bytes, endings: set[str]) -> None:
    """A recording goes to the model under an ending of its content; a right name stays."""
    for ending in (".mp3", ".ogg", ".wav", ".m4a", ".flac", ".webm"):
        name = heard_name(f"memo{ending}", data)
        assert name == f"memo{ending}" if ending in endings else name.removeprefix(f"memo{ending}") in endings


def test_unknown_content_keeps_its_name() -> None:
    """What is of no known content goes under its own name."""
    assert heard_name("memo.mp3", b"words") == "memo.mp3"
    assert sound_name("memo.aac", "audio/aac") == "memo.aac"
    assert kind_of("memo.aac", "audio/aac") == "audio"
