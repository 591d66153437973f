"""SVG as pictures by resvg, each in a process of its own: https://github.com/linebender/resvg."""

import asyncio
import json
import os
from pathlib import Path

from bot.adapters.charts import child
from bot.adapters.processes import running
from bot.charts.ports import NotDrawn

AT_ONCE = 2
SECONDS = 5.0  # of processor time; a picture takes 0.15
WAIT_SECONDS = 20.0  # in all, with the start and those before it
MOST_BYTES = 300_000_000  # of address space; a picture takes 30 million of memory
LARGEST_PICTURE = 4_000_000
LARGEST_SVG = 500_000
PNG = b"\x89PNG\r\n\x1a\n"
_CHILD = str(Path(child.__file__).resolve())


class ChildPainter:
    """See `bot.charts.ports.Painter`: AT_ONCE pictures at a time."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(AT_ONCE)

    async def paint(self, svg: str, style: str) -> bytes:
        """A PNG. Raises NotDrawn."""
        data = svg.encode()
        if len(data) > LARGEST_SVG:
            raise NotDrawn(f"an SVG of {len(data)} bytes")
        try:
            async with asyncio.timeout(WAIT_SECONDS), self._room:
                picture, code = await _drawn(data, style)
        except TimeoutError:
            raise NotDrawn(f"no picture within {WAIT_SECONDS:.0f} s") from None
        except OSError as error:  # no process could be started
            raise NotDrawn(f"no process to draw in: {error.strerror}") from None
        if code or not picture.startswith(PNG):
            raise NotDrawn("its time was over" if running.over_time(code) else f"drawing ended with {code}")
        return picture


async def _drawn(svg: bytes, style: str) -> tuple[bytes, int]:
    """What the process said, and the code that it ended with."""
    process = await running.start(_CHILD)
    assert process.stdin is not None
    assert process.stdout is not None
    order = {"parent": os.getpid(), "seconds": SECONDS, "bytes": MOST_BYTES, "size": len(svg), "style": style}
    try:
        await running.give(process.stdin, json.dumps(order).encode() + b"\n" + svg)
        return await running.all_of(process.stdout, LARGEST_PICTURE) or b"", await process.wait()
    finally:
        await running.end(process)
