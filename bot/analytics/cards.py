"""What people read of the analytics store."""

from datetime import date

from bot.analytics.insight import Insight
from bot.kernel.card import Button, Card, Document, Lines
from bot.kernel.money import Money
from bot.kernel.translation import gettext as _
from bot.kernel.translation import ngettext, number, percent


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


def insight(one: Insight) -> Card:
    """The last seven days' revenue is unlike the weeks before, to admins."""
    now, before = Money(one.now, one.currency), Money(one.before, one.currency)
    said = {"weeks": number(one.weeks), "money": now}
    if one.up:
        lines = Lines(_("Revenue of the last seven days: {money}, the most in {weeks} weeks", **said))
    else:
        lines = Lines(_("Revenue of the last seven days: {money}, the least in {weeks} weeks", **said))
    if one.change is None:
        lines.add(_("The seven days before had {money}.", money=before))
    else:
        change = percent(one.change, signed=True)
        lines.add(_("{change} on the seven days before, which had {money}.", change=change, money=before))
    if one.in_a_row > 1:
        rose = ngettext("It has risen for {n} week.", "It has risen for {n} weeks in a row.", one.in_a_row)
        fell = ngettext("It has fallen for {n} week.", "It has fallen for {n} weeks in a row.", one.in_a_row)
        lines.add(rose if one.up else fell)
    return Card(str(lines), ((Button(_("This week"), "report", choice="week"),),))


def exported(until: date, data: bytes) -> Card:
    """The files to take along."""
    lines = Lines(_("Your figures to take along"))
    lines.add(_("CSV files in a ZIP: each day, its money by currency, and each month by type of work. No names."))
    return Card(str(lines), document=Document.of(f"echopilot-{until.isoformat()}.zip", data))
