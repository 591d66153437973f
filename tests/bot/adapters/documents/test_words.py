"""What is said of files, in a language that nobody speaks: what was not translated is found."""

from collections.abc import Iterator

import pytest

from bot.adapters.documents import words
from bot.adapters.documents.documents import DocumentReader
from bot.kernel.translation import Reader, reading_as
from tests.pseudo_locale import LANGUAGE, escaped, installed
from tests.reading import reading, refusal


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    with installed(), reading_as(Reader(LANGUAGE)):
        yield


def test_kinds() -> None:
    """What a file is, and what to send instead, for each kind that is known."""
    said = [str(words.instead("f.x", kind)) for kind in words.INSTEAD] + [
        words.kind_named(kind) for kind in words.KINDS
    ]
    assert [word for text in said for word in escaped(text)] == []


@pytest.mark.parametrize("n", [1, 2])
def test_what_is_not_read(n: int) -> None:
    """Each thing that is counted and not read, alone and among others."""
    said = [*words.not_read(dict.fromkeys(words.THINGS, n)), words.hidden(["b"] * n), words.attached(["b"] * 6 * n)]
    assert [word for text in said for word in escaped(text)] == []


@pytest.mark.parametrize(
    ("name", "data"), [("f.xyz", b"\0\1\2"), ("f.txt", b"\xff\0\xff"), ("f.txt", b" "), ("f.pdf", b"%PDF-")]
)
def test_refusals(name: str, data: bytes) -> None:
    """A file that is not taken."""
    assert escaped(refusal(name, data), data=[name]) == []


def test_extents_and_notes() -> None:
    """How much was read, and what was not."""
    found = reading("f.txt", "a;b\n1;2\n".encode("utf-16"), "text/csv")
    assert [word for text in (found.extent, *found.notes) for word in escaped(text)] == []
    assert found.extent


async def test_a_language_that_the_reader_does_not_have() -> None:
    """The process that reads a file speaks English with whoever's language it has no catalogue of."""
    found = await DocumentReader(20.0).read("f.csv", b"a;b\n1;2\n")
    assert found.extent == "2 rows"
