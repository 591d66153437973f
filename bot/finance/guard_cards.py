"""How caps read, and what nears them."""

from datetime import date, datetime

from bot.finance.model import Figures
from bot.kernel.card import Button, Card, Lines
from bot.kernel.text.words import clock, usd
from bot.kernel.translation import gettext as _
from bot.kernel.translation import percent


def fees(figures: Figures, most: int) -> Card:
    """Stripe takes more than it should."""
    share = percent(figures.fees / figures.revenue, 1)
    lines = Lines(_("Stripe fees · {share} of the revenue in {currency}", share=share, currency=figures.currency))
    said = {"fees": figures.money(figures.fees), "revenue": figures.money(figures.revenue).plain}
    lines.add(_("{fees} of {revenue} in 30 days", **said))
    limit = percent(most / 100)
    lines.add(_("More than {limit} is told once a month (FEE_WARN_PERCENT). /ledger shows each fee.", limit=limit))
    return Card(str(lines))


def closed(day: date, used: int, dearest: int) -> Card:
    """A day whose budget was closed, and the button that opens it."""
    lines = Lines(_("Model budget of today · Closed"))
    said = {"used": usd(used), "before": usd(dearest)}
    lines.add(_("Models cost {used} today; the dearest of the 14 days before cost {before}.", **said))
    lines.add(_("No model is called until tomorrow. Briefs wait, and nothing fails. The next cost report says why."))
    return Card(str(lines), ((Button(_("Open it again"), "budgetopen", int(f"{day:%Y%m%d}")),),))


def closed_by(day: date, by: str, at: datetime) -> Card:
    """A day whose budget somebody closed, and the button that opens it."""
    lines = Lines(_("Model budget of today · Closed by {name}, {time}", name=by, time=clock(at)))
    lines.add(_("No model is called until tomorrow. Briefs wait, and nothing fails."))
    return Card(str(lines), ((Button(_("Open it again"), "budgetopen", int(f"{day:%Y%m%d}")),),))


def opened(by: str, at: datetime) -> Card:
    """In its place, once somebody opened it."""
    lines = Lines(_("Model budget of today · Opened by {name}, {time}", name=by, time=clock(at)))
    return Card(str(lines.add(_("Briefs that waited go on. It is not closed again today."))))
