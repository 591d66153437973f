"""Files made to hurt: whatever one does to its reader, the program keeps its memory and time, and the person words."""

import asyncio
import re
from collections.abc import Callable

import pytest

from bot.adapters.documents.documents import DocumentReader
from bot.kernel.errors import Refusal
from tests.bombs import FORMATS, TOO_SLOW, Bomb
from tests.other_bombs import OTHERS
from tests.table_bombs import TABLES
from tests.watching import watching

SECONDS = 1.0
MOST = 240_000_000  # bytes of all that reads; the program itself rests at 160 MB, and both together may have 400
LATEST = 0.1  # seconds of the loop
ALL = FORMATS | OTHERS | TABLES


def test_ten_families() -> None:
    """Of each format there are ten families of such files at least."""
    assert all(len({bomb.name for bomb in bombs}) >= 10 for bombs in ALL.values())


@pytest.mark.parametrize("kind", ALL)
async def test_bombs(kind: str, measured: Callable[[str], None]) -> None:
    """Each file of the format ends in time with clear words, within 400 MB, and nobody else waits over 100 ms."""
    made = await asyncio.gather(*(asyncio.to_thread(bomb.make) for bomb in ALL[kind]))
    reader = DocumentReader(SECONDS)
    async with watching() as watched:
        ends = await asyncio.gather(*(_end(reader, *one) for one in zip(ALL[kind], made, strict=True)))
    measured(f"{len(ends)} bombs of {kind}: peak {watched.peak / 1e6:.0f} MB, loop {watched.late * 1000:.0f} ms late")
    assert [end for end in ends if end] == []
    assert watched.peak <= MOST
    assert watched.lag <= LATEST


async def _end(reader: DocumentReader, bomb: Bomb, data: bytes) -> str:
    """What was wrong with its end; "" where nothing was."""
    try:
        text = (await reader.read(bomb.name, data)).text
    except Refusal as refusal:
        words = f"{bomb.words}|{TOO_SLOW}" if bomb.words else TOO_SLOW  # on a machine that is busy with other things
        right = re.search(words, str(refusal)) and str(refusal).endswith("nothing is charged.")
        return "" if right else f"{bomb.name}: {refusal}"
    return f"{bomb.name}: read, {text[:80]!r}" if bomb.words or "root:" in text else ""
