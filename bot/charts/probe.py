"""Probe of what draws charts."""

from bot.charts.model import Bar, Bars, Head
from bot.charts.ports import NotDrawn, Painter
from bot.charts.service import Charts
from bot.kernel.probe import Finding

_SAMPLE = Bars(Head("Probe", "1.00", "آزمائش"), (Bar("One", "1.00", 1.0),))


async def probe(painter: Painter) -> Finding:
    """Whether a picture is drawn; without pictures reports have their words."""
    try:
        await Charts(painter).picture(_SAMPLE, "probe")
    except NotDrawn as error:
        return Finding(
            "problem",
            f"no picture can be drawn ({error}), so reports come in words alone; are resvg-py and "
            "fontpkg-ibm-plex-sans-arabic installed, and is there room for another process?",
        )
    return Finding("fine", "pictures of reports are drawn")
