"""Text and what is written as text: tables, web pages, mails, RTF. By chardet, inscriptis, striprtf and email."""

import csv
import email
import io
import re
from email import policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from bot.adapters.documents import words as file_words
from bot.adapters.readers.code_pages import Decoded, decoded
from bot.intake.ports import Reading
from bot.kernel.words import count

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

DELIMITERS = ",;\t|"
CHARSET = re.compile(rb"""<meta[^>]{1,200}charset=["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# What striprtf leaves out, or takes in although nobody sees it, by the control word that it stands behind.
LEFT_OUT = {
    rb"\\footnote\b": "footnotes",
    rb"\\header[lrf]?\b": "headers",
    rb"\\footer[lrf]?\b": "footers",
    rb"\\annotation\b": "comments",
    rb"\\pict\b": "pictures",
    rb"\\shptxt\b": "text boxes",
}
ADDRESS = re.compile(rb'HYPERLINK\s+"([^"\\]{4,2000})"')
HEADERS = ("Subject", "From", "To", "Cc", "Date")


def text(data: bytes, watch: "Watch") -> Reading:
    """Plain text."""
    found = _decoded(data, watch)
    return Reading(watch.take(found.text), "", _notes(found))


def table(data: bytes, watch: "Watch") -> Reading:
    """CSV and its like, as they are; what separates the fields is what the first line has most of."""
    found = _decoded(data, watch)
    first = found.text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows = sum(1 for row in csv.reader(io.StringIO(found.text), delimiter=delimiter) if any(row))
    return Reading(watch.take(found.text), count(rows, "row"), _notes(found))


def page(data: bytes, watch: "Watch") -> Reading:
    """A web page as a reader sees it, each address beside its words."""
    found = _page_text(data, watch)
    return Reading(watch.take(_shown(found.text)), "", _notes(found))


def mail(data: bytes, watch: "Watch") -> Reading:
    """A mail's words, below who wrote them to whom and when; what is attached to it has to be sent by itself."""
    message = email.message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    head = [f"{name}: {message[name]}" for name in HEADERS if message[name]]
    body = message.get_body(preferencelist=("plain", "html"))
    if not head and body is None:
        raise file_words.broken(watch.name)
    said = _said(body, watch) if isinstance(body, EmailMessage) else Decoded("")
    words = _shown(said.text) if isinstance(body, EmailMessage) and body.get_content_subtype() == "html" else said.text
    attached = [part.get_filename() or "a file without a name" for part in message.iter_attachments()]
    notes = (f"what is attached to it ({file_words.listed(attached)}) was not read",) if attached else ()
    return Reading(watch.take("\n".join([*head, "", words])), "", (*_notes(said), *notes))


def _said(body: EmailMessage, watch: "Watch") -> Decoded:
    """A mail's words in the letters that it says they are in, else in those that they are."""
    data = body.get_payload(decode=True)
    assert isinstance(data, bytes)
    try:
        return Decoded(data.decode(body.get_content_charset() or "ascii"))
    except (UnicodeDecodeError, LookupError):
        return _decoded(data, watch)


def rich(data: bytes, watch: "Watch") -> Reading:
    """RTF, by its words."""
    from striprtf.striprtf import rtf_to_text

    watch.check_time()
    source = re.sub(rb"\{\\\*?\\?pict\b[^{}]{200,}\}", b"", data)  # digits by the million
    words = str(rtf_to_text(source.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]
    addresses = [address.decode("latin-1") for address in dict.fromkeys(ADDRESS.findall(data))]
    links = "".join(f"\nLink: {address}" for address in addresses if address not in words)
    left = [what for sign, what in LEFT_OUT.items() if re.search(sign, data)]
    notes = [f"its {file_words.listed(left)} were not read"] if left else []
    if re.search(rb"\\deleted\b|\\revised\b", data):
        notes.append("tracked changes stand in it, deleted words too")
    if re.search(rb"\\v\b(?!0)", data):
        notes.append("hidden words were read too")
    if "�" in words:
        notes.append("some of its letters could not be read")
    return Reading(watch.take(words.strip() + links), "", tuple(notes))


def _decoded(data: bytes, watch: "Watch") -> Decoded:
    watch.take_bytes(data)
    found = decoded(data)
    if found is None:
        raise file_words.NotText(watch.name)
    return found


def _notes(found: Decoded) -> tuple[str, ...]:
    return (found.note,) if found.note else ()


def _page_text(data: bytes, watch: "Watch") -> Decoded:
    """The page's source; the encoding that it names is believed where the bytes are no UTF."""
    declared = CHARSET.search(data[:2_000])
    if declared is not None and not declared[1].lower().startswith(b"utf"):
        try:
            return Decoded(data.decode(declared[1].decode("ascii")))
        except (UnicodeDecodeError, LookupError):
            pass
    found = decoded(data)
    if found is None:
        raise file_words.NotText(watch.name)
    return found


def _shown(source: str) -> str:
    from inscriptis import get_text
    from inscriptis.model.config import ParserConfig

    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    lines = get_text(source, ParserConfig(display_links=True, display_images=False)).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in lines))
