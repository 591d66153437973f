"""Word files and PDFs of finished work, each made in a process of its own."""

import asyncio
import json
import os
from pathlib import Path

from bot.adapters.deliverables import child
from bot.adapters.processes import running
from bot.drafting.ports import LettersMissing, NotMade
from bot.kernel.text.file_format import FileFormat

AT_ONCE = 1
SECONDS = 20.0  # of processor time; thirty pages take one or two
WAIT_SECONDS = 60.0  # in all, with the start and those before it
MOST_BYTES = 1_500_000_000  # of address space; thirty pages take 150 million of memory
LARGEST_TEXT = 1_000_000  # bytes of Markdown
LARGEST_FILE = 20_000_000  # half of what Telegram takes
_BEGINNINGS = {FileFormat.WORD: b"PK\x03\x04", FileFormat.PDF: b"%PDF-"}
_CHILD = str(Path(child.__file__).resolve())


class DeliverableMaker:
    """See `bot.drafting.ports.Deliverables`: AT_ONCE files at a time."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def make(self, wanted: FileFormat, text: str, *, title: str, language: str, whose: str) -> bytes:
        """The text as such a file. Raises NotMade, LettersMissing."""
        data = text.encode(errors="replace")
        if len(data) > LARGEST_TEXT:
            raise NotMade(f"a text of {len(data)} bytes")
        about = {"format": wanted.value, "title": title, "language": language, "whose": whose, "size": len(data)}
        try:
            async with asyncio.timeout(WAIT_SECONDS), self._room:
                made, code = await _made(about, data)
        except TimeoutError:
            raise NotMade(f"no file within {WAIT_SECONDS:.0f} s") from None
        except OSError as error:  # no process could be started
            raise NotMade(f"no process to make it in: {error.strerror}") from None
        if code == child.LETTERS_MISSING:
            raise LettersMissing("no font has its letters")
        if code or not made.startswith(_BEGINNINGS[wanted]):
            raise NotMade("its time was over" if running.over_time(code) else f"making it ended with {code}")
        return made


async def _made(about: dict[str, str | int], text: bytes) -> tuple[bytes, int]:
    """What the process said, and the code that it ended with."""
    process = await running.start(_CHILD)
    assert process.stdin is not None
    assert process.stdout is not None
    order = about | {"parent": os.getpid(), "seconds": SECONDS, "bytes": MOST_BYTES}
    try:
        await running.give(process.stdin, json.dumps(order).encode() + b"\n" + text)
        return await running.all_of(process.stdout, LARGEST_FILE) or b"", await process.wait()
    finally:
        await running.end(process)
