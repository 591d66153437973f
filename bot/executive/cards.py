"""How the executive brief reads: what matters today, in a line for each question."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.executive.model import Morning
from bot.finance.cards import number_of
from bot.forecast.cards import REVENUE, with_unit
from bot.forecast.model import FEWEST, LOAD, Expected
from bot.incidents.cards import written_by
from bot.kernel.card import Button, Card, escape
from bot.kernel.text import played
from bot.kernel.text.words import clock, duration, in_a_row
from bot.kernel.translation import calendar_day, ngettext, number
from bot.kernel.translation import gettext as _
from bot.reports import cards as report_cards
from bot.reports.periods.cards import change_of, subject_of
from bot.reports.periods.model import Compared, Kind

SHOWN = 2  # of clients and of incidents, by name; all are one tap away


@dataclass(frozen=True, slots=True)
class Worded:
    """What a model made of the lines, and which one; in the language that it wrote."""

    text: str
    model: str
    language: str


def title(of: Morning) -> str:
    """ "Executive brief · Sunday 29 Nov"."""
    return _("Executive brief · {day}", day=calendar_day(of.day, "EEEE d MMM"))


def card(of: Morning, worded: Worded | None = None) -> Card:
    """What matters today. worded: a model's sentence below it, marked as such."""
    lines = played.below(title(of))
    for line in said(of):
        lines.add(line)
    if worded is not None:
        lines.add(escape(worded.text)).add(f"<i>{escape(written_by(worded.model))}</i>")
    lines.add(_("As of {time}", time=clock(of.at)))
    return Card(str(lines), (_buttons(of),))


def _buttons(of: Morning) -> tuple[Button, ...]:
    currency = of.ahead.currency
    day = subject_of(of.day_before.period.first, currency)
    ahead = Button(_("Forecast"), "forecast", number_of(currency), choice=REVENUE)
    return Button(_("Report"), "report", day, choice=Kind.DAY), ahead


def said(of: Morning) -> Iterator[str]:
    """Its lines in HTML, which are what a model may word, too."""
    yield _yesterday(of)
    yield _month(of)
    yield _today(of)
    yield _decisions(of)
    yield _risks(of)
    yield _incidents(of)


def _earned(revenue: str) -> str:
    return _("revenue {revenue}", revenue=revenue) if revenue else _("no revenue")


def _yesterday(of: Morning) -> str:
    earned = _earned(report_cards.revenue(of.day_before.day))
    if of.ahead.before is None:
        return _("Yesterday: {earned}", earned=earned)
    # Translators: {earned} is "revenue 12.00 USD"; {range}: between which amounts it was expected, at 80 %.
    return _("Yesterday: {earned}; expected {middle} ({range})", earned=earned, **_told(of, of.ahead.before))


def _told(of: Morning, told: Expected) -> dict[str, str]:
    series = of.ahead.currency
    low, high = (with_unit(series, value) for value in (told.low80, told.high80))
    # Translators: a range of amounts.
    return {"middle": with_unit(series, told.middle), "range": _("{low} to {high}", low=low, high=high)}


def _month(of: Morning) -> str:
    month = calendar_day(of.month.period.first, "LLLL")
    earned = _earned(in_a_row(_beside(one) for one in of.month.money if one.now.revenue))
    if of.month.over:
        return _("{month}: {earned}", month=month, earned=earned)
    return _("{month} so far: {earned}", month=month, earned=earned)


def _beside(one: Compared) -> str:
    money = one.now.money(one.now.revenue)
    change = change_of(one.now.revenue, one.before.revenue) if one.before is not None else ""
    # Translators: an amount, and its change in per cent against as much of the month before.
    return _("{money} ({change} on the month before)", money=money, change=change) if change else str(money)


def _today(of: Morning) -> str:
    ahead = of.ahead
    if ahead.day is None:
        if ahead.known >= FEWEST:
            return _("Today: no forecast yet")
        return _("Today: not enough history for a forecast, {known} of {needed} days", known=number(ahead.known),
                 needed=number(FEWEST))  # fmt: skip
    told = _told(of, ahead.day)
    if ahead.load is None:
        return _("Today: {middle} expected ({range})", **told)
    return _("Today: {middle} expected ({range}), {briefs}", **told, briefs=with_unit(LOAD, ahead.load.middle))


def _decisions(of: Morning) -> str:
    waits = []
    if of.to_decide and of.oldest is not None:
        waits.append(
            ngettext(
                "{n} draft, for {time}, /queue",
                "{n} drafts, the oldest for {time}, /queue",
                of.to_decide,
                time=duration(of.at - of.oldest),
            )
        )
    if of.approvals:
        waits.append(ngettext("{n} approval, /approvals", "{n} approvals, /approvals", of.approvals))
    if not waits:
        return _("To decide: nothing")
    # Translators: what stands between clauses that have commas themselves.
    return _("To decide: {what}", what=_("; ").join(waits))


def _risks(of: Morning) -> str:
    found = [report_cards.late(of.late, of.at)] if of.late.count else []
    if of.leaving:
        names = in_a_row(escape(one.name) for one in of.leaving[:SHOWN])
        more = len(of.leaving) - SHOWN
        if more > 0:
            names = _("{names} and {n} more", names=names, n=number(more))
        # Translators: {names} are clients.
        found.append(_("may leave: {names}, /churn", names=names))
    if not found:
        return _("Risks: no late invoice, no client at high risk")
    return _("Risks: {what}", what=_("; ").join(found))


def _incidents(of: Morning) -> str:
    shown = [
        _("/incident_{id} {severity} for {time}", id=one.id, severity=one.severity.words,
          time=duration(of.at - one.opened_at))
        for one in of.incidents[:SHOWN]
    ]  # fmt: skip
    if (more := len(of.incidents) - SHOWN) > 0:
        shown.append(_("and {n} more", n=number(more)))
    if of.alerts:
        shown.append(ngettext("{n} open alert, /alerts", "{n} open alerts, /alerts", of.alerts))
    if not shown:
        return _("Incidents: none open")
    return _("Incidents: {what}", what=in_a_row(shown))
