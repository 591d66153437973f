"""Charts as pictures above what a card says: every report has its own by this one door."""

from dataclasses import replace

import structlog

from bot.charts.drawing import svg
from bot.charts.looks import DARK
from bot.charts.model import Chart
from bot.charts.ports import NotDrawn, Painter
from bot.kernel.card import Card, Document
from bot.kernel.translation import gettext as _

log = structlog.get_logger(__name__)


class Charts:
    """Draws. The words of a card say everything that its picture shows, so that without it nothing is missing."""

    def __init__(self, painter: Painter) -> None:
        self._painter = painter

    async def picture(self, chart: Chart, name: str) -> Document:
        """The chart as a PNG of that name. Raises NotDrawn."""
        return Document.of(f"{name}.png", await self._painter.paint(svg(chart), DARK))

    async def above(self, card: Card, chart: Chart | None, name: str) -> Card:
        """The card with the chart above it; where it cannot be drawn, with a line that says so."""
        if chart is None:
            return card
        try:
            return replace(card, picture=await self.picture(chart, name))
        except NotDrawn as error:
            log.warning("a chart is not drawn", chart=name, error=str(error))
            return replace(card, text=f"{card.text}\n{_('There is no picture this time: drawing it failed.')}")
