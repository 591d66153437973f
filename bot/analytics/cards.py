"""What people read of the analytics store."""

from datetime import date

from bot.kernel.card import Card, Document, Lines
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext


def mended(anew: int) -> Card:
    """Some sums did not agree with what they are sums of, to admins."""
    lines = Lines(_("Figures of past days were damaged, and are mended"))
    lines.add(
        ngettext(
            "{n} day or month did not agree with the ledger and the briefs. It was added up anew.",
            "{n} days or months did not agree with the ledger and the briefs. They were added up anew.",
            anew,
        )
    )
    lines.add(_("Reports that you read in the last days may have shown other figures; they are right now."))
    lines.add(_("If it happens again, look after the disk: <code>python -m bot doctor</code>."))
    return Card(str(lines))


def exported(until: date, data: bytes) -> Card:
    """The files to take along."""
    lines = Lines(_("Your figures to take along"))
    lines.add(_("CSV files in a ZIP: each day, its money by currency, and each month by type of work. No names."))
    return Card(str(lines), document=Document.of(f"echopilot-{until.isoformat()}.zip", data))
