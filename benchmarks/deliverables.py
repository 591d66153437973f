"""How late the event loop is while a Word file and a PDF of thirty pages are made, and how long that takes."""

import asyncio
import io
from pathlib import Path
from typing import Any

from pypdf import PdfReader

from benchmarks.report import Check, Row, at_most, quantile, spread
from bot.adapters.deliverables.maker import DeliverableMaker
from bot.kernel.text.file_format import FileFormat

TIMES = 10
TICK = 0.002
MOST_LATE_MS = 50.0
PARAGRAPHS = f"{'A sentence of a report that says things. ' * 12}\n\n" * 3
TABLE = "| client | paid | note |\n|---|--:|---|\n" + "| client one | 12.00 | in time |\n" * 20
TEXT = f"## Part\n\n{PARAGRAPHS}{TABLE}\n1. one\n   - two\n\n" * 32


async def measure(folder: Path) -> Row:  # noqa: ARG001 - every row's shape
    """The latest tick of all, of a loop that does nothing else; the baseline is the same loop with nothing to make."""
    late, seconds, made = [], [], b""
    for wanted in [FileFormat.PDF, FileFormat.WORD] * TIMES:
        making = asyncio.ensure_future(_make(wanted))
        late += await _late_until(making)
        took, made_now = await making
        seconds.append(took)
        made = made_now if wanted is FileFormat.PDF else made
    pages = len(PdfReader(io.BytesIO(made)).pages)
    nothing = await _late_until(asyncio.ensure_future(asyncio.sleep(sum(seconds) / 4)))
    worst = max(late) * 1000
    return Row(
        f"Word and PDF of {pages} pages, {TIMES} of each, one after the other",
        f"loop late by at most {worst:.1f} ms (p99 {quantile(late, 0.99) * 1000:.1f}); one file {spread(seconds)}",
        f"the same loop with nothing to make: late by at most {max(nothing) * 1000:.1f} ms",
        [at_most("the loop is late by", worst, MOST_LATE_MS, "ms"), Check(f"{pages} pages", pages >= 30)],
    )


async def _make(wanted: FileFormat) -> tuple[float, bytes]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    made = await DeliverableMaker().make(wanted, TEXT, title="Report", language="en", whose="Acme")
    return loop.time() - began, made


async def _late_until(work: "asyncio.Future[Any]") -> list[float]:
    loop, late = asyncio.get_running_loop(), [0.0]
    while not work.done():
        before = loop.time()
        await asyncio.sleep(TICK)
        late.append(loop.time() - before - TICK)
    return late
