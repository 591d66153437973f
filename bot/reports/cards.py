"""How a report reads."""

import html
import re

from bot.kernel.card import Card, Lines
from bot.kernel.money import Money
from bot.kernel.translation import date, ngettext, number, percent
from bot.kernel.translation import gettext as _
from bot.kernel.words import day, duration, share, usd
from bot.reports.model import DayReport


def subject(report: DayReport) -> str:
    return _("EchoPilot, {day}", day=day(report.start))


def day_report(report: DayReport) -> Card:
    """A day in five lines."""
    lines = Lines(day(report.start))
    received = ngettext("{n} brief", "{n} briefs", report.received)
    delivered = _("{n} delivered", n=number(report.delivered))
    lines.add(", ".join([received, delivered, _waiting(report)]))
    lines.add(
        _(
            "Revenue {revenue}, paid {paid}, models cost {cost}",
            revenue=_revenue(report),
            paid=_amounts(report.paid),
            cost=usd(report.model_cost_micro_usd),
        )
    )
    lines.add(_quality(report))
    if report.failed:
        lines.add(
            ngettext(
                "Look at: {n} brief stopped by a fault. /failed lists what stopped.",
                "Look at: {n} briefs stopped by a fault. /failed lists what stopped.",
                report.failed,
            )
        )
    return Card(str(lines))


def plain(report: DayReport) -> str:
    """The same, for a mail."""
    return html.unescape(re.sub(r"<[^>]+>", "", day_report(report).text)) + "\n"


def _waiting(report: DayReport) -> str:
    waiting = number(report.waiting)
    if report.oldest_waiting is None:
        return _("{n} waiting for a decision", n=waiting)
    return _("{n} waiting for a decision (oldest {time})", n=waiting, time=duration(report.oldest_waiting))


def _revenue(report: DayReport) -> str:
    return ", ".join(_with_change(money, report) for money in report.revenue) or _("none")


def _with_change(money: Money, report: DayReport) -> str:
    """The amount, beside that of the same day a week before."""
    before = report.revenue_week_before.get(money.currency)
    if before is None or before.minor <= 0:
        return str(money)
    change = percent((money.minor - before.minor) / before.minor, signed=True)
    weekday = date(report.start, "EEEE")
    return _("{money} ({change} on last {weekday})", money=money, change=change, weekday=weekday)


def _amounts(amounts: tuple[Money, ...]) -> str:
    return ", ".join(str(money) for money in amounts if money.minor) or _("nothing")


def _quality(report: DayReport) -> str:
    decided = report.alone + report.by_people
    if not decided:
        return _("No draft was approved.")
    quality = _("Quality not scored")
    if report.quality is not None:
        quality = _("Quality {points} on average", points=f"{report.quality:.0f}")
    alone = _("{share} passed without a person", share=share(report.alone, decided))
    return f"{quality}; {alone}"
