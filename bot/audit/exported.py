"""A part of the chain as a file, which can be checked where there is no database.

    head    netstrings of NAME, format, tenant, the place before the first entry, its link in hexadecimal; line feed
    entry   the frame as a netstring, the key's name, the link in hexadecimal; line feed
    end     netstrings of "end", the last place, the key's name, the seal in hexadecimal; line feed

The seal is an HMAC over the head, the last place and the last link. What it names has to be there, byte for byte: no
other spelling of a number, no capital letter in a link, nothing behind the end.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from bot.audit import chain
from bot.audit.chain import Anchor, Fault, KeyRing, Record, Verdict, Verifier, Why, netstrings

NAME = "echopilot audit export"
PIECE = 1 << 20
LONGEST = 1 << 20  # bytes of an entry
AT_ONCE = 1_000
_KEY = b",%d:=" % (chain.KEY_NAME + 1)
_LINK = b",65:="
_TAIL = len(_KEY) + chain.KEY_NAME + len(_LINK) + 64 + 2
_BEGIN = re.compile(rb"([1-9][0-9]{0,7}):=")
_HEX = re.compile(rb"[0-9a-f]{64}")
_END = netstrings("end")


class NotAnExport(ValueError):
    """The file is none, or its head was changed."""


def head(tenant: str, behind: Anchor | None) -> bytes:
    """How a file begins. behind: the entry before its first one; None where that is the first of all."""
    place, link = (0, None) if behind is None else (behind.place, behind.link.hex())
    return netstrings(NAME, chain.FORMAT, tenant, place, link) + b"\n"


def entry(one: Record) -> bytes:
    """An entry's line."""
    return b"%d:=%b" % (len(one.framed) + 1, one.framed) + b"%b%b%b%b,\n" % (
        *(_KEY, one.key.encode()),
        *(_LINK, one.link.hex().encode()),
    )


def end(keys: KeyRing, begun: bytes, place: int, link: bytes) -> bytes:
    """How a file ends that began with that head."""
    name, key = next(iter(keys.items()))
    return _END + netstrings(place, name, _seal(key, begun, place, link)) + b"\n"


def _seal(key: bytes, begun: bytes, place: int, link: bytes) -> str:
    return hmac.digest(key, netstrings("end of an export", begun.hex(), place, link.hex()), chain.HASH).hex()


def verify(file: BinaryIO, keys: KeyRing, anchors: Iterable[Anchor] = ()) -> tuple[str, Verdict]:
    """Check the whole file; its tenant, and what was found. Raises NotAnExport."""
    reader = _Reader(file)
    begun = reader.line()
    tenant, behind = _head(begun)
    kept = [anchor for anchor in anchors if behind is None or anchor.place > behind.place]
    known = [anchor for anchor in anchors if behind is not None and anchor.place == behind.place]
    if behind is not None and any(anchor.link != behind.link for anchor in known):
        return tenant, Verdict(0, b"", Fault(behind.place, Why.REWRITTEN))
    verifier = Verifier(keys, tenant, kept, behind)
    start = netstrings(chain.FORMAT, tenant)
    while (batch := list(_batch(reader, start, verifier.place))) and verifier.take(batch):
        pass
    if verifier.fault is None:
        _check_end(reader.rest(), keys, begun, verifier)
    return tenant, verifier.end()


def _head(line: bytes) -> tuple[str, Anchor | None]:
    try:
        name, form, tenant, place, link = chain.unframed(line.removesuffix(b"\n"))
        behind = None if link is None else Anchor(int(place or ""), bytes.fromhex(link))
    except ValueError:
        raise NotAnExport("it does not begin as an export of the audit log does") from None
    if (name, form) != (NAME, chain.FORMAT) or tenant is None or head(tenant, behind) != line:
        raise NotAnExport("it does not begin as an export of the audit log of this version does")
    return tenant, behind


def _batch(reader: "_Reader", start: bytes, place: int) -> Iterator[Record]:
    """The next entries as they stand there; it ends at what is none."""
    for expected in range(place + 1, place + 1 + AT_ONCE):
        found = reader.entry()
        if found is None:
            return
        framed, key, link = found
        number = b"%d" % expected
        if framed.startswith(b"%b%d:=%b," % (start, len(number) + 1, number)):
            yield Record(expected, key, link, framed)
            continue
        yield Record(_place(framed, expected), key, link, framed)
        return


def _place(framed: bytes, expected: int) -> int:
    """Where it says that it belongs; what says nothing of the kind was changed, and stands where one is expected."""
    try:
        return int(chain.unframed(framed)[2] or "")
    except (ValueError, IndexError):
        return expected


def _check_end(rest: bytes, keys: KeyRing, begun: bytes, verifier: Verifier) -> None:
    """Behind the last entry stands the end, and nothing else; else the next entry is the first bad one."""
    place, link = verifier.place, verifier.link
    try:
        word, last, name, seal = chain.unframed(rest.removesuffix(b"\n"))
    except ValueError:
        word, last, name, seal = None, None, None, None
    if word != "end" or last is None or name is None or seal is None:
        verifier.broken(Why.UNREADABLE if rest else Why.CUT_OFF)
    elif name not in keys:
        verifier.broken(Why.OTHER_KEY)
    elif _END + netstrings(last, name, seal) + b"\n" != rest or not _is_place(last):
        verifier.broken(Why.UNREADABLE)
    elif int(last) > place:
        verifier.broken(Why.CUT_OFF, int(last))
    elif not hmac.compare_digest(seal.encode(), _seal(keys[name], begun, place, link).encode()) or int(last) != place:
        verifier.broken(Why.REWRITTEN)


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and str(int(text)) == text


class _Reader:
    """A file, of which some is at hand."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._bytes = b""
        self._at = 0
        self._all = False

    def line(self) -> bytes:
        """Up to the next line feed."""
        self._more(LONGEST)
        end = self._bytes.find(b"\n", self._at) + 1
        if not end:
            raise NotAnExport("it has no first line")
        found, self._at = self._bytes[self._at : end], end
        return found

    def entry(self) -> tuple[bytes, str, bytes] | None:
        """The entry that begins here: its frame, the key's name and the link; None where none does."""
        if len(self._bytes) - self._at < LONGEST:
            self._more(LONGEST)
        size = _BEGIN.match(self._bytes, self._at)
        if size is None:
            return None
        begin = size.end()
        split = begin + int(size[1]) - 1
        tail = self._bytes[split : split + _TAIL]
        name, link = tail[5 : 5 + chain.KEY_NAME], tail[-66:-2]
        if len(tail) != _TAIL or tail != _KEY + name + _LINK + link + b",\n" or not _HEX.fullmatch(link):
            return None
        self._at, frame = split + _TAIL, self._bytes[begin:split]
        return frame, name.decode("ascii", "replace"), bytes.fromhex(link.decode())

    def rest(self) -> bytes:
        """What is left, as far as it matters."""
        self._more(LONGEST)
        return self._bytes[self._at :]

    def _more(self, wanted: int) -> None:
        if self._all or len(self._bytes) - self._at >= wanted:
            return
        read = self._file.read(wanted + PIECE)
        self._all = len(read) < wanted + PIECE
        self._bytes, self._at = self._bytes[self._at :] + read, 0
