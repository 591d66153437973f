"""How the report of a day, week or month reads; its picture is in `bot.reports.periods.pictures`."""

from collections.abc import Iterator, Mapping
from datetime import date
from operator import attrgetter

from bot.finance.cards import choice_of, costs, currency_of, left, number_of
from bot.finance.figures import View
from bot.finance.model import Figures
from bot.finance.model import Period as MoneyPeriod
from bot.kernel.card import Button, Card, Document, Lines, in_rows
from bot.kernel.text import played
from bot.kernel.text.csv_table import Cell, table
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import calendar_day, ngettext, percent
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.reports import cards
from bot.reports.periods.model import Compared, Kind, Period, PeriodReport

KINDS: Mapping[Kind, str] = {Kind.DAY: N_("Day"), Kind.WEEK: N_("Week"), Kind.MONTH: N_("Month")}
BEFORE: Mapping[Kind, str] = {
    Kind.DAY: N_("The day before"),
    Kind.WEEK: N_("The week before"),
    Kind.MONTH: N_("The month before"),
}
YEAR_BEFORE: Mapping[Kind, str] = {
    Kind.DAY: N_("The same day last year"),
    Kind.WEEK: N_("The same week last year"),
    Kind.MONTH: N_("The same month last year"),
}
CURRENCIES_SHOWN = 8
# What a button has room for is one number: the day, and behind it the currency as `number_of` writes it.
_CURRENCIES = 36**3


def subject_of(day: date, currency: str = "") -> int:
    """The day, and the currency of the picture, as a button's number."""
    return day.toordinal() * _CURRENCIES + number_of(currency)


def asked_by(subject: int) -> tuple[date | None, str]:
    """The day and the currency that `subject_of` was given; None where it is no such number."""
    ordinal, currency = divmod(subject, _CURRENCIES)
    known = 0 < ordinal <= date.max.toordinal()
    return (date.fromordinal(ordinal) if known else None), currency_of(currency)


def name(period: Period, today: date) -> str:
    """ "Tuesday 24 Nov", "Week 48, 23 Nov to 29 Nov", "November 2026"; with the year where it is another one."""
    if period.kind is Kind.MONTH:
        return calendar_day(period.first, "LLLL y")
    other_year = "" if period.first.year == today.year else " y"
    if period.kind is Kind.DAY:
        return calendar_day(period.first, f"EEEE d MMM{other_year}")
    first, last = period.days[0], period.days[-1]
    said = {"first": calendar_day(first, "d MMM"), "last": calendar_day(last, f"d MMM{other_year}")}
    # Translators: a week by its number (ISO 8601) and days: "Week 48, 23 Nov to 29 Nov".
    return _("Week {number}, {first} to {last}", number=first.isocalendar().week, **said)


def title(report: PeriodReport) -> str:
    """Which time it is about."""
    named = name(report.period, report.today)
    return named if report.over else _("{period} so far", period=named)


def report(of: PeriodReport, currency: str = "") -> Card:
    """The figures in words, with buttons to other times, to files, and to where they come from."""
    return Card(_text(of), _buttons(of, currency))


def subject(of: PeriodReport) -> str:
    """The subject of its mail."""
    return _("EchoPilot, {day}", day=name(of.period, of.today))


def _text(of: PeriodReport) -> str:
    lines = played.below(title(of))
    for line in said(of):
        lines.add(line)
    return str(lines)


def said(of: PeriodReport) -> Iterator[str]:
    """What it says below its title, line by line. Drafts and invoices that wait are those of now."""
    yield from cards.briefs(of.day)
    yield cards.money(of.day)
    yield from cards.sent_back(of.day)
    for one in of.money:
        yield from margin(one.now)
    yield from _compared(of)
    yield cards.quality(of.day)
    yield cards.stars(of.day)
    if of.day.late.count:
        yield cards.late(of.day.late, of.day.now)


def margin(of: Figures) -> Iterator[str]:
    """What is left, where something was taken off, and what that was beside refunds, which have their line."""
    if not of.costs:
        return
    _refunds, *told = costs(of)
    taken = in_a_row(f"{_(words)} {of.money(minor)}" for words, minor in told if minor)
    if taken:
        yield _("Costs: {costs}", costs=taken)
    yield left(of)


def _compared(of: PeriodReport) -> Iterator[str]:
    for words, other in ((BEFORE, "before"), (YEAR_BEFORE, "year_before")):
        parts = [_change(one, attrgetter(other)(one)) for one in of.money]
        if revenue := in_a_row(part for part in parts if part):
            said = {"period": _(words[of.period.kind]), "revenue": revenue}
            if of.over:
                yield _("{period}: revenue {revenue}", **said)
            else:
                # Translators: a time that is not over is compared with as much of the time before: up to the same hour.
                yield _("{period}, up to the same time: revenue {revenue}", **said)


def _change(of: Compared, other: Figures | None) -> str:
    """What was earned then, and by how much that differs; "" where nothing was."""
    if other is None or not other.revenue:
        return ""
    then = other.money(other.revenue)
    change = change_of(of.now.revenue, other.revenue)
    return f"{then} ({change})" if change else str(then)


def change_of(now: int, before: int) -> str:
    """ "+8 %"; "" where there was nothing to take a part of."""
    return percent((now - before) / before, signed=True) if before > 0 else ""


def _buttons(of: PeriodReport, currency: str) -> tuple[tuple[Button, ...], ...]:
    kind, first = of.period.kind, of.period.first
    steps = [Button("◀", "report", subject_of(of.period.before.first, currency), choice=kind)]
    if of.over:
        steps.append(Button("▶", "report", subject_of(of.period.after.first, currency), choice=kind))
    kinds = [Button(_(words), "report", subject_of(first, currency), choice=one) for one, words in KINDS.items()]
    files = [
        Button(_("CSV"), "reportcsv", subject_of(first), choice=kind),
        Button(_("PDF"), "reportpdf", subject_of(first), choice=kind),
        Button(_("Money"), "finance", number_of(currency), choice=choice_of(View(MoneyPeriod.MONTH))),
    ]
    shown = of.of(currency).now.currency
    files.insert(0, Button(_("Rows"), "reportrows", subject_of(first, shown), choice=kind))
    others = [one for one in of.currencies if one != shown][:CURRENCIES_SHOWN]
    rows = in_rows([Button(one, "report", subject_of(first, one), choice=kind) for one in others], 4)
    return (tuple(steps), tuple(one for one in kinds if one.choice != kind), *in_rows(files), *rows)


def headline(of: PeriodReport) -> Card:
    """What stands above a file of it."""
    return Card(str(played.below(title(of))))


def as_file(of: PeriodReport) -> Card:
    """Its days and what it is compared with as a CSV file, by currency."""
    rows: list[list[Cell]] = [
        ["of", "from", "to", "currency", "revenue", "refunds", "disputes and bad debts", "Stripe fees"]
    ]
    rows[0] += ["AI cost", "partner commissions", "margin"]
    inside = set(of.period.days)
    for day, figures in of.by_day:
        rows += [_row("day", Period(Kind.DAY, day), figures[one]) for one in of.currencies if day in inside]
    for one in of.money:
        rows.append(_row("total", of.period, one.now))
        if one.before is not None:
            rows.append(_row("before", of.period.before, one.before))
        if one.year_before is not None:
            rows.append(_row("a year before", of.period.year_before, one.year_before))
    count = len(rows) - 1
    file = Document(f"{filename(of)}.csv", table(rows))
    lines = Lines(title(of)).add(ngettext("{n} row", "{n} rows", count))
    return Card(str(lines), document=file)


def filename(of: PeriodReport) -> str:
    """What its files are called."""
    return f"report-{of.period.kind}-{of.period.first:%Y-%m-%d}"


def _row(words: str, period: Period, figures: Figures) -> list[Cell]:
    amounts = (figures.revenue, *figures.taken, figures.margin)
    written = [figures.money(minor).decimal for minor in amounts]
    return [words, f"{period.first}", f"{period.days[-1]}", figures.currency, *written]
