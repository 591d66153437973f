"""Voice notes that nobody spoke: silence in Ogg Opus whose comment says what is to be heard in it.

The sandbox hears nothing, so its transcription reads that comment. https://www.rfc-editor.org/rfc/rfc3533,
https://www.rfc-editor.org/rfc/rfc7845, https://www.xiph.org/vorbis/doc/v-comment.html
"""

import struct

_SILENCE = b"\xf8\xff\xfe"  # a packet of 20 ms
_PACKETS_PER_SECOND, _SAMPLES = 50, 960  # of 48 kHz, in each packet
_PACKETS_PER_PAGE = 255
_SERIAL = 1
_FIRST, _LAST = 2, 4  # flags of a page
_TAGS, _COMMENT = b"OpusTags", b"DESCRIPTION="
WORDS_PER_SECOND = 2.5
_SHORTEST_SECONDS = 2
LONGEST_WORDS = 4_096  # characters, as of a message


def seconds_of(words: str) -> int:
    """How long somebody takes to say it."""
    return max(_SHORTEST_SECONDS, round(len(words.split()) / WORDS_PER_SECOND))


def voice_note(words: str) -> bytes:
    """A file in which these words are heard. Raises ValueError where there are none, or more than a message holds."""
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise ValueError(f"a voice note of the sandbox says something, and at most {LONGEST_WORDS} characters")
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 312, 48_000, 0, 0)
    comment = _COMMENT + words.encode()
    tags = _TAGS + struct.pack("<I", 7) + b"sandbox" + struct.pack("<II", 1, len(comment)) + comment
    pages = [_page(0, 0, [head], _FIRST), _page(1, 0, [tags], 0)]
    left, heard = seconds_of(words) * _PACKETS_PER_SECOND, 0
    while left:
        packets = min(left, _PACKETS_PER_PAGE)
        left, heard = left - packets, heard + packets
        pages.append(_page(len(pages), heard * _SAMPLES, [_SILENCE] * packets, 0 if left else _LAST))
    return b"".join(pages)


def words_in(data: bytes) -> str:
    """What is heard in a file of `voice_note`; "" in any other."""
    start = data.find(_TAGS, 0, 65_536)
    if not data.startswith(b"OggS") or start < 0:
        return ""
    try:
        place = start + len(_TAGS)
        place += 4 + int(struct.unpack_from("<I", data, place)[0]) + 4
        (length,) = struct.unpack_from("<I", data, place)
    except struct.error:
        return ""
    comment = data[place + 4 : place + 4 + length]
    return comment.removeprefix(_COMMENT).decode(errors="replace") if comment.startswith(_COMMENT) else ""


def _page(number: int, position: int, packets: list[bytes], flags: int) -> bytes:
    """A page of whole packets. position: in samples, of its end."""
    lacing = b"".join(b"\xff" * (len(packet) // 255) + bytes([len(packet) % 255]) for packet in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, flags, position, _SERIAL, number, 0) + bytes([len(lacing)]) + lacing
    page = head + b"".join(packets)
    return page[:22] + struct.pack("<I", _checksum(page)) + page[26:]


def _checksum(page: bytes) -> int:
    """CRC-32 with the polynomial of RFC 3533, unreflected."""
    crc = 0
    for byte in page:
        crc = (crc << 8 & 0xFFFFFFFF) ^ _TABLE[crc >> 24 ^ byte]
    return crc


def _entry(byte: int) -> int:
    crc = byte << 24
    for _ in range(8):
        crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


_TABLE = [_entry(byte) for byte in range(256)]
