"""PDFs by Typst, each in a process of its own: https://github.com/messense/typst-py."""

import asyncio
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.adapters.pdf import child
from bot.adapters.processes import running
from bot.pdf.ports import NotMade

AT_ONCE = 1
SECONDS = 20.0  # of processor time; a report takes 0.1, thirty pages take 1
WAIT_SECONDS = 60.0  # in all, with the start and those before it
MOST_BYTES = 1_000_000_000  # of address space; a report takes 60 million of memory
LARGEST_PAPER = 4_000_000
LARGEST_PDF = 20_000_000
_CHILD = str(Path(child.__file__).resolve())


class ChildTypesetter:
    """See `bot.pdf.ports.Typesetter`: AT_ONCE papers at a time."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def typeset(self, paper: Mapping[str, Any]) -> bytes:
        """A PDF. Raises NotMade."""
        data = json.dumps(paper).encode()
        if len(data) > LARGEST_PAPER:
            raise NotMade(f"a paper of {len(data)} bytes")
        try:
            async with asyncio.timeout(WAIT_SECONDS), self._room:
                made, code = await _made(data)
        except TimeoutError:
            raise NotMade(f"no PDF within {WAIT_SECONDS:.0f} s") from None
        except OSError as error:  # no process could be started
            raise NotMade(f"no process to make it in: {error.strerror}") from None
        if code or not made.startswith(b"%PDF-"):
            raise NotMade("its time was over" if running.over_time(code) else f"making it ended with {code}")
        return made


async def _made(paper: bytes) -> tuple[bytes, int]:
    """What the process said, and the code that it ended with."""
    process = await running.start(_CHILD)
    assert process.stdin is not None
    assert process.stdout is not None
    order = {"parent": os.getpid(), "seconds": SECONDS, "bytes": MOST_BYTES, "size": len(paper)}
    try:
        await running.give(process.stdin, json.dumps(order).encode() + b"\n" + paper)
        return await running.all_of(process.stdout, LARGEST_PDF) or b"", await process.wait()
    finally:
        await running.end(process)
