"""PDFs: every report has its own by this one door."""

from dataclasses import replace
from typing import Any
from unicodedata import bidirectional

import structlog

from bot.charts.drawing import svg
from bot.charts.looks import PAPER
from bot.kernel.card import Card, Document
from bot.kernel.translation import gettext as _
from bot.pdf.model import Block, Paper, Picture, Table, Words
from bot.pdf.ports import NotMade, Typesetter

log = structlog.get_logger(__name__)


class Pdf:
    """Makes PDFs in a process of their own, so that nobody waits meanwhile."""

    def __init__(self, typesetter: Typesetter) -> None:
        self._typesetter = typesetter

    async def document(self, paper: Paper, name: str) -> Document:
        """The paper as a file of that name. Raises NotMade."""
        return Document.of(f"{name}.pdf", await self._typesetter.typeset(as_data(paper)))

    async def below(self, card: Card, paper: Paper, name: str) -> Card:
        """The card with the paper as its file; where that cannot be made, a card that says so."""
        try:
            return replace(card, document=await self.document(paper, name))
        except NotMade as error:
            log.warning("a PDF is not made", pdf=name, error=str(error))
            return replace(
                card, text=f"{card.text}\n{_('There is no PDF this time: making it failed. CSV has the figures.')}"
            )


def as_data(paper: Paper) -> dict[str, Any]:
    """The paper as plain JSON values, which the template shows as they are: no word of them is markup."""
    return {
        "title": paper.title,
        "whose": paper.whose,
        "note": paper.note,
        "language": paper.language,
        "right_to_left": paper.right_to_left,
        "blocks": [_block(block) for block in paper.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Words():
            return {"kind": "heading" if block.heading else "words", "text": block.text}
        case Table():
            rows = [[_cell(cell) for cell in row] for row in block.rows]
            header = [_cell(cell) for cell in block.header]
            return {"kind": "table", "header": header, "rows": rows, "strong": list(block.strong)}
        case Picture():
            drawn = svg(block.chart).replace("><rect", f"><style>{PAPER}</style><rect", 1)
            head = block.chart.head
            return {"kind": "picture", "svg": drawn, "says": f"{head.label}: {head.figure}, {head.note}"}


def _cell(text: str) -> dict[str, Any]:
    """A figure keeps its minus before it also where words run from the right."""
    return {"text": text, "figure": not any(bidirectional(letter) in {"R", "AL"} for letter in text)}
