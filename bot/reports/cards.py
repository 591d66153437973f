"""How the lines of a report read; `bot.reports.periods.cards` puts them together."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from bot.kernel.money import Money
from bot.kernel.text.words import duration, in_a_row, share, usd
from bot.kernel.translation import calendar_day, decimal, ngettext, number, percent
from bot.kernel.translation import gettext as _
from bot.reports.model import DayReport, Late, Outcomes


def briefs(report: DayReport) -> Iterator[str]:
    """Every brief of the day once: those that were handed in, and those from before that ended or still wait."""
    total = report.handed_in.total
    if total:
        yield ngettext(
            "{n} brief handed in: {parts}", "{n} briefs handed in: {parts}", total, parts=_parts(report.handed_in)
        )
    else:
        yield _("No brief handed in")
    if report.from_before.total:
        yield _("From before: {parts}", parts=_parts(report.from_before))
    if report.oldest_to_decide is not None:
        said = {"n": number(report.to_decide), "time": duration(report.oldest_to_decide)}
        yield _("To decide: {n}, the oldest waits {time}", **said)


def _parts(briefs: Outcomes) -> str:
    said = (
        (briefs.delivered, _("{n} delivered", n=number(briefs.delivered))),
        (briefs.waiting, _("{n} waiting", n=number(briefs.waiting))),
        (briefs.rejected, _("{n} rejected", n=number(briefs.rejected))),
        (briefs.cancelled, _("{n} cancelled", n=number(briefs.cancelled))),
        (briefs.failed, _("{n} failed, see /failed", n=number(briefs.failed))),
    )
    return in_a_row(words for count, words in said if count)


def money(report: DayReport) -> str:
    """What was earned, came in, and went to models."""
    cost, earned = usd(report.model_cost_micro_usd), revenue(report)
    paid = in_a_row(str(paid) for paid in report.paid if paid.minor)
    if earned and paid:
        return _("Revenue {revenue}, paid {paid}; models cost {cost}", revenue=earned, paid=paid, cost=cost)
    if earned:
        return _("Revenue {revenue}, nothing paid; models cost {cost}", revenue=earned, cost=cost)
    if paid:
        return _("No new revenue, paid {paid}; models cost {cost}", paid=paid, cost=cost)
    return _("No revenue yet; models cost {cost}", cost=cost)


def sent_back(report: DayReport) -> Iterator[str]:
    """What went back to clients on that day, and what came back of it, since a bank did not take it."""
    back = in_a_row(str(sent) for sent in report.sent_back if sent.minor > 0)
    if back:
        yield _("Refunded to clients: {money}", money=back)
    failed = in_a_row(str(-sent) for sent in report.sent_back if sent.minor < 0)
    if failed:
        yield _("Refunds that failed and were returned: {money}", money=failed)


def revenue(report: DayReport) -> str:
    """What was earned on that day, beside the same day a week before; "" where nothing was."""
    return in_a_row(_with_change(earned, report) for earned in report.revenue)


def _with_change(earned: Money, report: DayReport) -> str:
    """The amount, beside that of the same day a week before."""
    before = report.revenue_week_before.get(earned.currency)
    if before is None or before.minor <= 0:
        return str(earned)
    change = percent((earned.minor - before.minor) / before.minor, signed=True)
    weekday = calendar_day(report.start.date(), "EEEE")
    return _("{money} ({change} on last {weekday})", money=earned, change=change, weekday=weekday)


def quality(report: DayReport) -> str:
    """How good the approved drafts were, and who approved them."""
    decided = report.auto_approved + report.human_approved
    if not decided:
        return _("No draft approved")
    auto_approved = share(report.auto_approved, decided)
    if report.quality is None:
        return _("Quality not scored; {share} passed without a person", share=auto_approved)
    points = f"{report.quality:.0f}"
    return _("Quality {points} on average; {share} passed without a person", points=points, share=auto_approved)


def stars(report: DayReport) -> str:
    """What clients thought of it."""
    total, times = report.stars
    if not times:
        return _("No client gave stars")
    # Translators: how many stars clients gave on average, and how many of them gave any.
    return _("Stars from clients: {mean} of 5 ({n})", mean=decimal(Decimal(total) / times, 1), n=number(times))


def late(them: Late, now: datetime) -> str:
    """The invoices that should have been paid by now."""
    said = {"left": in_a_row(map(str, them.left))}
    if them.oldest is None:
        return ngettext("{n} late invoice, {left}", "{n} late invoices, {left}", them.count, **said)
    said["time"] = duration(now - them.oldest)
    # Translators: {time}: since when the oldest of them should have been paid.
    return ngettext(
        "{n} late invoice, {left}, for {time}", "{n} late invoices, {left}, the oldest for {time}", them.count, **said
    )
