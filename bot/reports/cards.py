"""How a report reads."""

import html
import re

from bot.kernel.card import Card, Lines
from bot.kernel.money import Money
from bot.kernel.words import count, day, duration, usd
from bot.reports.model import DayReport


def subject(report: DayReport) -> str:
    return f"EchoPilot, {day(report.start)}"


def day_report(report: DayReport) -> Card:
    """A day in five lines."""
    lines = Lines(day(report.start))
    waiting = f"{report.waiting} waiting for a decision"
    if report.oldest_waiting is not None:
        waiting += f" (oldest {duration(report.oldest_waiting)})"
    lines.add(f"{count(report.received, 'brief')}, {report.delivered} delivered, {waiting}")
    cost = usd(report.model_cost_micro_usd)
    lines.add(f"Revenue {_revenue(report)}, paid {_amounts(report.paid)}, models cost {cost}")
    lines.add(_quality(report))
    if report.failed:
        lines.add(f"Look at: {count(report.failed, 'brief')} stopped by a fault. /failed lists what stopped.")
    return Card(str(lines))


def plain(report: DayReport) -> str:
    """The same, for a mail."""
    return html.unescape(re.sub(r"<[^>]+>", "", day_report(report).text)) + "\n"


def _revenue(report: DayReport) -> str:
    return ", ".join(f"{money}{_change(money, report)}" for money in report.revenue) or "none"


def _change(money: Money, report: DayReport) -> str:
    before = report.revenue_week_before.get(money.currency)
    if before is None or before.minor <= 0:
        return ""
    return f" ({(money.minor - before.minor) / before.minor:+.0%} on last {report.start:%A})"


def _amounts(amounts: tuple[Money, ...]) -> str:
    return ", ".join(str(money) for money in amounts if money.minor) or "nothing"


def _quality(report: DayReport) -> str:
    decided = report.alone + report.by_people
    if not decided:
        return "No draft was approved."
    quality = "Quality not scored" if report.quality is None else f"Quality {report.quality:.0f} on average"
    return f"{quality}; {report.alone / decided:.0%} of {count(decided, 'approval')} passed without a person"
