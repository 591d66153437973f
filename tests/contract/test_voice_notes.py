"""The sandbox's voice notes, which nobody spoke."""

import struct

import pytest

from sandbox.ogg import seconds_of, voice_note, words_in


@pytest.mark.parametrize("words", ["Hi", "Ein Brief über Öl", "ایک مختصر متن لکھیں", "word " * 800])
def test_what_is_said_is_heard(words: str) -> None:
    """Every language and length comes back as it was written."""
    assert words_in(voice_note(words)) == words


def test_file_is_a_row_of_ogg_pages() -> None:
    """Each page has the next number, the first and the last are marked, and their sizes add up to the file."""
    note, place, position = voice_note("word " * 100), 0, 0
    flags: list[int] = []
    while place < len(note):
        magic, _, flag, position, _, number, _, segments = struct.unpack_from("<4sBBqIIIB", note, place)
        assert (magic, number) == (b"OggS", len(flags))
        flags.append(flag)
        place += 27 + segments + sum(note[place + 27 : place + 27 + segments])
    assert place == len(note)
    assert (flags[0], flags[-1], set(flags[1:-1])) == (2, 4, {0})
    assert position == 48_000 * seconds_of("word " * 100)


def test_other_files_say_nothing() -> None:
    """A recording of anybody, and one that was cut off, has no words that could be read."""
    assert words_in(b"") == words_in(b"RIFF" + bytes(90)) == words_in(b"OggS" + bytes(90)) == ""
    assert words_in(voice_note("Hi")[:90]) == ""


@pytest.mark.parametrize("words", ["", "  ", "x" * 4097])
def test_nothing_and_too_much_are_refused(words: str) -> None:
    """A note says something, and not more than a message holds."""
    with pytest.raises(ValueError, match="says something"):
        voice_note(words)
