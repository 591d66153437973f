"""The picture of how the automatic check does: what it did with drafts, and what people did with those they read."""

from bot.calibration.figures import Standing
from bot.charts.model import Bar, Bars, Head, Tone
from bot.kernel.translation import gettext as _
from bot.kernel.translation import number, right_to_left


def counts(of: Standing) -> list[tuple[str, int, Tone]]:
    """How many drafts had which fate."""
    read = of.read
    return [
        (_("Passed"), of.passed, Tone.KEPT),
        (_("Held for a person"), of.decisions - of.passed, Tone.SPENT),
        (_("Read: approved unchanged"), round(read.passed_good + read.held_good), Tone.PLAIN),
        (_("Read: turned down"), round(read.passed_bad + read.held_bad), Tone.WARN),
    ]


def checked(of: Standing) -> Bars | None:
    """The same as bars; None where nothing was checked."""
    if not of.decisions:
        return None
    head = Head(_("Drafts checked"), number(of.decisions), _("What check and people did with them"))
    bars = [Bar(words, number(count), count, tone) for words, count, tone in counts(of)]
    return Bars(head, bars, right_to_left=right_to_left())
