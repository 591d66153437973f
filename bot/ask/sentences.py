"""What each query found, in one or two sentences with its figures."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.ask.cells import shown
from bot.ask.model import Name, Result, Span
from bot.kernel.card import escape
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import day, duration, in_a_row, listed, moment, share, usd
from bot.kernel.translation import calendar_day, decimal, ngettext, number, percent
from bot.kernel.translation import gettext as _

Figures = Mapping[str, Any]


def said(of: Result) -> list[str]:
    """The sentences about it, as ready HTML."""
    lines = _SAID[of.choice.name](of.figures)
    if of.others:
        lines.append(_("Earned in other currencies in this time: {amounts}", amounts=in_a_row(map(str, of.others))))
    return lines


def days_of(span: Span) -> str:
    """ "16 Nov to 22 Nov 2026", "22 Nov 2026"."""
    last = calendar_day(span.last, "d MMM y")
    if span.since == span.last:
        return last
    first = calendar_day(span.since, "d MMM" if span.since.year == span.last.year else "d MMM y")
    # Translators: days: "16 Nov to 22 Nov 2026".
    return _("{first} to {last}", first=first, last=last)


def _revenue(of: Figures) -> list[str]:
    if not of["revenue"].minor:
        return [_("Nothing was earned in {currency}.", currency=of["revenue"].currency)]
    return [_("Earned: {money}", money=of["revenue"])]


def _change(of: Figures) -> list[str]:
    now, before = of["revenue"], of["before"]
    said = {"now": now, "before": before, "days": days_of(of["span_before"])}
    if now.minor == before.minor:
        return [_("Revenue stayed the same: {now}, as in {days}.", now=now, days=said["days"])]
    change, fell = Money(abs(now.minor - before.minor), now.currency), now.minor < before.minor
    if before.minor > 0:
        said |= {"change": change, "share": percent(abs(now.minor - before.minor) / before.minor)}
        lines = [
            _("Revenue fell by {change} ({share}): {now}, after {before} in {days}.", **said) if fell
            else _("Revenue rose by {change} ({share}): {now}, after {before} in {days}.", **said)
        ]  # fmt: skip
    else:
        lines = [_("Revenue was {now}, after {before} in {days}.", **said)]
    clients, types = _moved(of["clients"]), _moved(of["types"])
    if clients:
        lines.append(_("Moved most by clients: {names}", names=clients))
    if types:
        lines.append(_("Moved most by types of work: {names}", names=types))
    return lines


def _moved(changes: Sequence[tuple[Any, Money]]) -> str:
    # A plus is said, since a list of changes has both signs.
    amounts = [(name, f"{'+' if change.minor > 0 else ''}{change.plain}") for name, change in changes]
    return in_a_row(f"{escape(shown(name))} {amount}" for name, amount in amounts)


def _parts(of: Figures) -> list[str]:
    if not of["first"]:
        return [_("Nothing was earned in {currency}.", currency=of["revenue"].currency)]
    first = in_a_row(f"{escape(shown(name))} {money.plain}" for name, money in of["first"])
    return [_("Earned in all: {money}", money=of["revenue"]), _("Most by: {names}", names=first)]


def _margin(of: Figures) -> list[str]:
    if not of["revenue"].minor and not of["margin"].minor:
        return [_("Nothing was earned or spent in {currency}.", currency=of["revenue"].currency)]
    if of["share"] is None:
        return [_("Margin {money}, without any revenue.", money=of["margin"])]
    said = {"money": of["margin"], "share": percent(of["share"]), "revenue": of["revenue"]}
    return [_("Margin {money}: {share} of the revenue of {revenue}.", **said)]


def _costs(of: Figures) -> list[str]:
    if not of["calls"]:
        return [_("No model was called.")]
    lines = [ngettext("Models cost {amount} for {n} call.", "Models cost {amount} for {n} calls.", of["calls"],
                      amount=usd(of["micro"]))]  # fmt: skip
    types = in_a_row(f"{TaskType(name).words} {usd(micro)}" for name, micro in of["types"] if name and micro)
    return [*lines, _("Most for: {names}", names=types)] if types else lines


def _refunds(of: Figures) -> list[str]:
    if not of["refunds"].minor:
        return [_("Nothing was refunded in {currency}.", currency=of["refunds"].currency)]
    return [_("Refunded: {money}. Revenue in this time: {revenue}", money=of["refunds"], revenue=of["revenue"])]


def _overdue(of: Figures) -> list[str]:
    if not of["count"]:
        return [_("No invoice is overdue.")]
    line = ngettext("{n} invoice is overdue: {amounts}", "{n} invoices are overdue: {amounts}", of["count"],
                    amounts=listed(list(map(str, of["left"]))))  # fmt: skip
    return [line] if of["oldest"] is None else [line, _("The oldest was due on {day}.", day=day(of["oldest"]))]


def _owed(of: Figures) -> list[str]:
    if not of["owed"]:
        return [_("Nobody owes anything.")]
    line = ngettext("{amounts} is owed on {n} invoice.", "{amounts} is owed on {n} invoices.", of["count"],
                    amounts=listed(list(map(str, of["owed"]))))  # fmt: skip
    late = listed(list(map(str, of["late"]))) if of["late"] else ""
    return [line, _("Late of it: {amounts}", amounts=late)] if late else [line]


def _briefs(of: Figures) -> list[str]:
    all_of = of["outcomes"]
    if not all_of.total:
        return [_("No brief came in.")]
    words = (
        (all_of.delivered, ngettext("{n} delivered", "{n} delivered", all_of.delivered)),
        (all_of.waiting, ngettext("{n} under way", "{n} under way", all_of.waiting)),
        (all_of.rejected, ngettext("{n} rejected", "{n} rejected", all_of.rejected)),
        (all_of.cancelled, ngettext("{n} cancelled", "{n} cancelled", all_of.cancelled)),
        (all_of.failed, ngettext("{n} failed", "{n} failed", all_of.failed)),
    )
    parts = in_a_row(word for count, word in words if count)
    return [ngettext("{n} brief came in: {states}.", "{n} briefs came in: {states}.", all_of.total, states=parts)]


def _briefs_by_type(of: Figures) -> list[str]:
    if not of["total"]:
        return [_("No brief came in.")]
    first = in_a_row(f"{kind.words} {number(count)}" for kind, count in of["first"])
    return [ngettext("{n} brief came in. Most: {names}", "{n} briefs came in. Most: {names}", of["total"], names=first)]


def _turnaround(of: Figures) -> list[str]:
    if not of["count"]:
        return [_("Nothing was delivered.")]
    line = ngettext(
        "{n} brief was delivered, {time} after its client's yes.",
        "{n} briefs were delivered, half of them within {time} of their client's yes.",
        of["count"], time=duration(of["median"]))  # fmt: skip
    if of["count"] == 1:
        return [line]
    said = {"time": duration(of["slow"]), "longest": duration(of["slowest"])}
    return [line, _("9 of 10 within {time}; the longest took {longest}.", **said)]


def _quality(of: Figures) -> list[str]:
    total = of["alone"] + of["people"]
    if not total:
        return [_("No draft was approved.")]
    said = {"share": share(of["alone"], total)}
    if of["score"] is None:
        passed = [_("None of the approved drafts was scored.")]
    else:
        passed = [_("Approved drafts scored {score} of 100 on average.", score=decimal(of["score"], 1))]
    return [*passed, _("Passed without a person: {share}", **said)]


def _ratings(of: Figures) -> list[str]:
    if of["mean"] is None:
        return [_("No client gave stars.")]
    line = ngettext("{mean} of 5 stars on average, from {n} rating.", "{mean} of 5 stars on average, from {n} ratings.",
                    of["count"], mean=decimal(of["mean"], 1))  # fmt: skip
    if not of["low"]:
        return [line]
    return [line, ngettext("{n} had one or two stars.", "{n} had one or two stars.", of["low"])]


def _load(of: Figures) -> list[str]:
    if of["busiest"] is None:
        return [_("No brief came in.")]
    hour, count = of["busiest"]
    line = ngettext("{n} brief came in.", "{n} briefs came in.", of["total"])
    busiest = ngettext("Busiest hour: {time}, with {n} brief.", "Busiest hour: {time}, with {n} briefs.", count,
                       time=moment(hour))  # fmt: skip
    return [line, busiest]


def _incidents(of: Figures) -> list[str]:
    if not of["count"]:
        return [_("No incident was opened.")]
    line = ngettext("{n} incident was opened.", "{n} incidents were opened.", of["count"])
    said = {"critical": number(of["critical"]), "open": number(of["open"])}
    return [line, _("Critical: {critical}. Not closed yet: {open}", **said)]


def _jobs(of: Figures) -> list[str]:
    if not of["failed"] + of["missed"]:
        return [_("No job failed or was missed.")]
    first = in_a_row(f"{escape(job)} {number(count)}" for job, count in of["first"])
    said = {"failed": number(of["failed"]), "missed": number(of["missed"])}
    return [_("Runs that failed: {failed}; missed: {missed}", **said), _("Most: {names}", names=first)]


_SAID: Mapping[Name, Callable[[Figures], list[str]]] = {
    Name.REVENUE: _revenue,
    Name.REVENUE_CHANGE: _change,
    Name.REVENUE_BY_TYPE: _parts,
    Name.TOP_CLIENTS: _parts,
    Name.MARGIN: _margin,
    Name.MODEL_COSTS: _costs,
    Name.REFUNDS: _refunds,
    Name.OVERDUE: _overdue,
    Name.RECEIVABLES: _owed,
    Name.BRIEFS: _briefs,
    Name.BRIEFS_BY_TYPE: _briefs_by_type,
    Name.TURNAROUND: _turnaround,
    Name.QUALITY: _quality,
    Name.RATINGS: _ratings,
    Name.LOAD: _load,
    Name.INCIDENTS: _incidents,
    Name.FAILED_JOBS: _jobs,
}
