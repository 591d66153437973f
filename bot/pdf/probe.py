"""Probe of what makes PDFs."""

from bot.kernel.probe import Finding
from bot.pdf.model import Paper, Words
from bot.pdf.ports import NotMade, Typesetter
from bot.pdf.service import Pdf

_SAMPLE = Paper("Probe", "EchoPilot", [Words("آزمائش")])


async def probe(typesetter: Typesetter) -> Finding:
    """Whether a PDF is made; without them reports have their words and their CSV."""
    try:
        await Pdf(typesetter).document(_SAMPLE, "probe")
    except NotMade as error:
        return Finding(
            "problem",
            f"no PDF can be made ({error}), so reports come without; are typst and fontpkg-ibm-plex-sans-arabic "
            "installed, and is there room for another process?",
        )
    return Finding("fine", "PDFs of reports are made")
