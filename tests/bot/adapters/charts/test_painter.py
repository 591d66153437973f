"""Charts are drawn by a process of their own."""

import asyncio
import struct
from pathlib import Path

import pytest

from bot.adapters.charts import painter
from bot.adapters.charts.painter import ChildPainter
from bot.charts.drawing import WIDTH, svg
from bot.charts.looks import DARK
from bot.charts.model import Bar, Bars, Head
from bot.charts.ports import NotDrawn
from bot.charts.service import Charts
from bot.kernel.card import Card

CHART = Bars(Head("November", "12.00 USD", "of 40.00"), (Bar("Revenue", "40.00", 40.0),))
TALK = "import sys; sys.stdin.buffer.read(); "
FAILING = {
    "dies": "import os; os.kill(os.getpid(), 11)",
    "says what is no picture": f"{TALK} print('GIF89a')",
    "says too much": f"{TALK} sys.stdout.buffer.write(b'x' * 5_000_000)",
    "never ends": f"{TALK} import time; time.sleep(60)",
}


async def test_a_picture() -> None:
    """It is a PNG, three pixels to a point of a phone."""
    picture = await ChildPainter().paint(svg(CHART), DARK)
    width, _height = struct.unpack(">II", picture[16:24])
    assert (picture[:4], width) == (b"\x89PNG", 3 * WIDTH)


async def test_many_at_once() -> None:
    """Several are drawn one after the other, and while they are the program goes on."""
    loop, drawer = asyncio.get_running_loop(), ChildPainter()
    drawing = asyncio.gather(*(drawer.paint(svg(CHART), DARK) for _ in range(4)))
    longest = 0.0
    while not drawing.done():
        before = loop.time()
        await asyncio.sleep(0)
        longest = max(longest, loop.time() - before)
        await asyncio.wait([drawing], timeout=0.01)
    assert len(set(await drawing)) == 1
    assert longest < 0.5


@pytest.mark.parametrize("does", FAILING)
async def test_what_draws_is_not_trusted(does: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever the process does, it is over in time, and there is no picture."""
    program = tmp_path / "drawer.py"
    program.write_text(FAILING[does])
    monkeypatch.setattr(painter, "_CHILD", str(program))
    monkeypatch.setattr(painter, "WAIT_SECONDS", 3.0)
    with pytest.raises(NotDrawn):
        await ChildPainter().paint(svg(CHART), DARK)


async def test_no_svg() -> None:
    """What is no SVG is not drawn, and neither is one that is too large."""
    for wrong in ("<svg", "x" * 1_000_000):
        with pytest.raises(NotDrawn):
            await ChildPainter().paint(wrong, DARK)


async def test_without_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asked reads the figures all the same, and that there is no picture this time."""
    monkeypatch.setattr(painter, "LARGEST_SVG", 10)
    card = await Charts(ChildPainter()).above(Card("<b>Margin</b>"), CHART, "margin")
    assert card.picture is None
    assert card.text == "<b>Margin</b>\nThere is no picture this time: drawing it failed."
