"""Text and what is written as text: tables, web pages, mails, RTF. By chardet, inscriptis, striprtf and email."""

import csv
import email
import io
import re
from dataclasses import replace
from email import policy
from email.header import Header
from email.message import Message
from functools import partial
from typing import TYPE_CHECKING

from bot.adapters.documents import words as file_words
from bot.adapters.readers import web_pages
from bot.adapters.readers.code_pages import MAC_LINE, Decoded, decoded
from bot.adapters.readers.word import SYMBOL, WINGDINGS
from bot.intake.ports import Reading
from bot.kernel.text.placing import lowered, raised
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

if TYPE_CHECKING:
    from bot.adapters.documents.documents import Watch

DELIMITERS = ",;\t|"
CHARSET = re.compile(rb"""<meta[^>]{1,200}charset=["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
# What striprtf leaves out, or takes in although nobody sees it, by the control word that it stands behind.
LEFT_OUT = {
    rb"\\footnote\b": N_("footnotes"),
    rb"\\header[lrf]?\b": N_("headers"),
    rb"\\footer[lrf]?\b": N_("footers"),
    rb"\\annotation\b": N_("comments"),
    rb"\\pict\b": N_("pictures"),
    rb"\\shptxt\b": N_("text boxes"),
}
UNICODE, NO_SIGN = re.compile(rb"\\u(-?\d{1,20})"), rb"\u65533"
ADDRESS = re.compile(rb'HYPERLINK\s+"([^"\\]{4,2000})"')
IN_WORDS = re.compile(r"(?<![/@.\w])[^\W\d_]{3,}(?![/@\w])")  # addresses left out
DEEPEST = 10  # mails within mails
STRUCK = re.compile(rb"\{?\\striked?1? ([^{}\\]{1,500})(?:\}|\\striked?0 ?)")
OF_OLD, OLD_PAGES = re.compile(rb"\{\\rtf1?\\(mac|pca|pc)\b"), {b"mac": "mac-roman", b"pc": "cp437", b"pca": "cp850"}
CODE = re.compile(rb"\\'([0-9a-fA-F]{2})")
SYMBOL_FONTS = re.compile(rb"\{\\f(\d{1,4})\b[^{};]{0,80}?\\fcharset2\b[^{};]{0,80}? (Symbol|Wingdings)")
RAISED = re.compile(rb"\{\\(super|sub) ([^{}\\]{1,100})\}")
IN_LETTERS = re.compile(r'[^\s<>"]*[^\x00-\x7f<>"]+(?:[^<>"]*[^\s<>"])?')  # up to an address
HEADERS = ("Subject", "From", "To", "Cc", "Date")


def text(data: bytes, watch: "Watch") -> Reading:
    """Plain text."""
    found = _decoded(data, watch)
    return Reading(watch.take(found.text), "", _notes(found))


def table(data: bytes, watch: "Watch") -> Reading:
    """CSV and its like, as they are; what separates the fields is what the first line has most of."""
    found = _decoded(data, watch)
    text = watch.take(found.text)
    first = text.lstrip().partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows = sum(1 for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if any(row))
    return Reading(text, ngettext("{n} row", "{n} rows", rows), _notes(found))


def page(data: bytes, watch: "Watch") -> Reading:
    """A web page as a reader sees it, each address beside its words."""
    found = _page_text(data, watch)
    words, notes = web_pages.shown(found.text)
    return Reading(watch.take(words), "", (*_notes(found), *notes))


def mail(data: bytes, watch: "Watch") -> Reading:
    """A mail's words, below who wrote them to whom and when; what is attached to it has to be sent by itself."""
    message = email.message_from_bytes(_named_in_ascii(data, watch), policy=policy.default)
    head = _head(message)
    letter = _Letter(watch)
    letter.read(message)
    if not head and not letter.words:
        raise file_words.broken(watch.name)
    left = letter.attached
    notes = (file_words.attached(left),) if left else ()
    text = "\n".join([*head, "", *letter.words])
    return Reading(watch.take(text), "", (*dict.fromkeys(letter.notes), *notes))


class _Letter:
    """A mail's parts that are words, in their order: forwarded mails too. What is no words is attached."""

    def __init__(self, watch: "Watch") -> None:
        self._watch = watch
        self.words: list[str] = []
        self.notes: list[str] = []
        self.attached: list[str] = []

    def read(self, part: Message, depth: int = 0) -> None:
        """Take in a part, with those in it."""
        self._watch.check_time()
        kind = part.get_content_type()
        inner = [one for one in part.get_payload() if isinstance(one, Message)] if part.is_multipart() else []
        if depth > DEEPEST:
            self.attached.append(part.get_filename() or _("what is nested in it"))
        elif kind == "multipart/alternative":
            self._best(inner, depth)
        elif kind == "message/rfc822" and inner:
            self.words += ["", "Forwarded mail:", *_head(inner[0]), ""]
            self.read(inner[0], depth + 1)
        elif inner:
            for one in inner:
                self.read(one, depth + 1)
        elif part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment":
            self.words.append(self._text_of(part))
        elif part.get_payload() and not part.is_multipart():
            self.attached.append(part.get_filename() or _("a file without a name"))

    def _best(self, inner: list[Message], depth: int) -> None:
        """Of several forms of the same words the plain one, unless it is empty or only says that there is another."""
        plain = [one for one in inner if one.get_content_type() == "text/plain" and self._text_of(one).strip()]
        others = [one for one in inner if one.get_content_type() not in {"text/plain", "text/calendar"}]
        rich = [one for one in others if one.get_content_type() == "text/html"]
        if plain and rich and _is_other(self._text_of(plain[0]), self._text_of(rich[0])):
            plain = []
        for one in inner:
            if one is (plain or rich or others or inner)[0]:
                self.read(one, depth + 1)
            else:
                self._name_files(one)

    def _name_files(self, part: Message) -> None:
        """Name what is attached to the form of the words that is not read, as Apple's mails have it."""
        files = (one for one in part.walk() if not one.is_multipart() and one.get_content_maintype() != "text")
        self.attached += [one.get_filename() or _("a file without a name") for one in files if one.get_payload()]

    def _text_of(self, part: Message) -> str:
        said = _said(part, self._watch)
        self.notes += _notes(said)
        if part.get_content_subtype() != "html":
            return said.text
        words, notes = web_pages.shown(said.text)
        self.notes += notes
        return words


def _is_other(plain: str, rich: str) -> bool:
    """Whether most words of a mail's page are not in its plain text, which tells of the page and no more then."""
    said, shown = ({word.lower() for word in IN_WORDS.findall(text)} for text in (plain, rich))
    return 2 * len(shown - said) > len(shown)


def _named_in_ascii(data: bytes, watch: "Watch") -> bytes:
    """The mail with the letters of its head written as the standard of before has them: RFC 2047 in place of RFC 6532,
    or of a code page that nobody named. Python reads no others.
    """
    head, gap, body = data.partition(b"\r\n\r\n" if b"\r\n\r\n" in data else b"\n\n")
    if head.isascii():
        return data
    return "\n".join(map(_coded, _decoded(head, watch).text.splitlines())).encode() + (gap and b"\n\n") + body


def _coded(line: str) -> str:
    return IN_LETTERS.sub(lambda words: Header(words[0], "utf-8", maxlinelen=1_000).encode(), line)


def _head(message: Message) -> list[str]:
    return [f"{name}: {message[name]}" for name in HEADERS if message[name]]


def _said(body: Message, watch: "Watch") -> Decoded:
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
    source = UNICODE.sub(lambda sign: sign[0] if -0x8000 <= int(sign[1]) <= 0xFFFF else NO_SIGN, source)
    source = _in_unicode(RAISED.sub(_escaped, source)).replace(rb"\pntext", rb"\listtext")
    source = STRUCK.sub(rb"{~~\1~~}", source)
    words = str(rtf_to_text(source.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]
    addresses = [address.decode("latin-1") for address in dict.fromkeys(ADDRESS.findall(data))]
    links = "".join(f"\nLink: {address}" for address in addresses if address not in words)
    left = [_(what) for sign, what in LEFT_OUT.items() if re.search(sign, data)]
    notes = [_("its {parts} were not read", parts=file_words.listed(left))] if left else []
    if re.search(rb"\\deleted\b|\\revised\b", data):
        notes.append(_("tracked changes stand in it, deleted words too"))
    if re.search(rb"\\v\b(?!0)", data):
        notes.append(_("hidden words were read too"))
    if "�" in words:
        notes.append(_("some of its characters could not be read"))
    return Reading(watch.take(words.strip() + links), "", tuple(notes))


def _in_unicode(source: bytes) -> bytes:
    """RTF whose letters of code pages that striprtf does not know, and of fonts of symbols, are those of Unicode."""
    head = OF_OLD.match(source)
    if head is not None and b"\\ansicpg" not in source[:400]:
        page = OLD_PAGES[head[1]]
        source = CODE.sub(lambda one: _sign(bytes.fromhex(one[1].decode()).decode(page)), source)
    for number, name in SYMBOL_FONTS.findall(source):
        drawn = SYMBOL if name == b"Symbol" else WINGDINGS
        run = re.compile(rb"(\\f%s(?:\\[a-z]{1,20}-?\d{0,6})* ?)((?:\\'[0-9a-f]{2}){1,50})" % number, re.IGNORECASE)
        source = run.sub(partial(_drawn, drawn), source)
    return source


def _drawn(signs: dict[int, str], found: re.Match[bytes]) -> bytes:
    codes = (int(one, 16) for one in CODE.findall(found[2]))
    return found[1] + b"".join(_sign(signs.get(code) or "\ufffd") for code in codes)


def _sign(letter: str) -> bytes:
    return b"\\u%d?" % ord(letter)


def _escaped(found: re.Match[bytes]) -> bytes:
    """Raised or lowered signs of RTF, as those that stand so by themselves."""
    words = found[2].decode("latin-1")
    told = raised(words) if found[1] == b"super" else lowered(words)
    return b"".join(letter.encode() if letter.isascii() else b"\\u%d?" % ord(letter) for letter in told)


def _decoded(data: bytes, watch: "Watch") -> Decoded:
    watch.take_bytes(data)
    found = decoded(data)
    if found is None:
        raise file_words.NotText(watch.name)
    return replace(found, text=MAC_LINE.sub("\n", found.text))


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
