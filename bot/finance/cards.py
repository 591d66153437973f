"""How reports on money read; their pictures are in `bot.finance.pictures`."""

from collections.abc import Mapping, Sequence

from bot.finance.figures import Months, Receivables, Report, Table, View
from bot.finance.model import BY_HAND, OTHERS, Age, Figures, Part, Period, together
from bot.kernel.card import Button, Card, Document, Lines, escape, in_rows
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.text import played
from bot.kernel.text.csv_table import Cell, table
from bot.kernel.text.words import in_a_row
from bot.kernel.translation import calendar_day, local, ngettext, percent, pgettext
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

MONTHS_SHOWN = 6
CURRENCIES_SHOWN = 8
LONGEST_NAME = 24
PERIODS: Mapping[Period, str] = {
    Period.MONTH: N_("This month"),
    Period.BEFORE: N_("Last month"),
    Period.YEAR: N_("12 months"),
}
PARTS: Mapping[Part, str] = {Part.ALL: N_("Overview"), Part.TYPE: N_("By type"), Part.CLIENT: N_("By client")}
AGES: Mapping[Age, str] = {
    Age.NOT_DUE: N_("not due yet"),
    Age.MONTH: N_("1 to 30 days late"),
    Age.TWO: N_("31 to 60 days late"),
    Age.THREE: N_("61 to 90 days late"),
    Age.OLDER: N_("over 90 days late"),
}


def choice_of(view: View) -> str:
    """The name by which a button carries the view; its currency is the button's number."""
    return f"{view.part or 'all'}-{view.period}"


VIEWS = {choice_of(view): view for view in (View(period, part=part) for period in Period for part in Part)}


def number_of(currency: str) -> int:
    """The currency as a number, for a button; 0 for none."""
    return int(currency.lower(), 36) if currency else 0


def currency_of(given: int) -> str:
    """The currency that `number_of` was given; "" for what is none."""
    letters = ""
    while given > 0:
        given, digit = divmod(given, 36)
        letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + letters
    return letters if len(letters) == 3 and letters.isalpha() else ""


def title(report: Report) -> str:
    """ "November 2026 so far · USD"."""
    first, last = report.months[0], report.months[-1]
    if first != last:
        months = {"first": calendar_day(first, "MMM y"), "last": calendar_day(last, "MMM y")}
        # Translators: a span of months: "Dec 2025 to Nov 2026".
        return f"{_('{first} to {last}', **months)} · {report.figures.currency}"
    month = calendar_day(first, "LLLL y")
    if report.until is not None:
        month = _("{month} so far", month=month)
    return f"{month} · {report.figures.currency}"


def report(of: Report) -> Card:
    """A period's figures."""
    lines = played.below(title(of))
    if of.figures.empty:
        lines.add(_("Nothing was earned or spent in this time."))
    elif of.view.part is Part.ALL:
        _overview(lines, of)
    else:
        for name, figures in of.parts:
            lines.add(_part(escape(name_of(of.view.part, name, of.names or {})), figures))
        lines.add(left(of.figures))
    return Card(str(lines), _buttons(of.view, of.currencies))


def _overview(lines: Lines, of: Report) -> None:
    figures = of.figures
    lines.add(_("Revenue {money}", money=figures.money(figures.revenue)))
    taken = in_a_row(f"{_(words)} {figures.money(minor).plain}" for words, minor in costs(figures) if minor)
    if taken:
        lines.add(_("Costs: {costs}", costs=taken))
    lines.add(left(figures))
    if not figures.models and len(of.currencies) > 1 and figures.currency != "USD":
        lines.add(_("AI cost is booked in USD, so it is part of that margin and not of this one."))


COSTS = (
    N_("refunds"),
    N_("disputes and bad debts"),
    N_("Stripe fees"),
    N_("AI cost"),
    N_("partner commissions"),
)


def costs(figures: Figures) -> Sequence[tuple[str, int]]:
    """What is taken off the revenue: what it is, to be translated, and how much."""
    return tuple(zip(COSTS, figures.taken, strict=True))


def left(figures: Figures) -> str:
    """What is left of the revenue, in words."""
    margin = figures.money(figures.margin)
    if figures.share is None:
        return _("Margin {money}", money=margin)
    return _("Margin {money}, {share} of revenue", money=margin, share=percent(figures.share))


def _part(name: str, figures: Figures) -> str:
    said = {"name": name, "margin": figures.money(figures.margin).plain}
    if figures.share is None:
        # Translators: of a type of work or a client that earned nothing: what it cost, as a negative amount.
        return _("{name}: margin {margin}", **said)
    said |= {"revenue": figures.money(figures.revenue).plain, "share": percent(figures.share)}
    # Translators: of a type of work, a client or a month: what came in, and what is left of it.
    return _("{name}: {revenue}, margin {margin} ({share})", **said)


def name_of(part: Part, name: str, names: Mapping[str, str]) -> str:
    """How a type or a client is called; not escaped."""
    if name in {"", OTHERS}:
        return pgettext("costs", "Shared") if not name else _("All others")
    if part is Part.CLIENT:
        return names.get(name) or _("Client {number}", number=name)
    return _("Invoiced by hand") if name == BY_HAND else TaskType(name).words


def months(of: Months) -> Card:
    """The last months beside each other."""
    lines = played.below(_("Month by month · {currency}", currency=of.currency))
    some = [(month, figures) for month, figures in of.by_month if not figures.empty]
    if not some:
        lines.add(_("Nothing was earned or spent in this time."))
    for month, figures in reversed(some[-MONTHS_SHOWN:]):
        lines.add(_part(calendar_day(month, "LLLL"), figures))
    earlier = together(of.currency, (figures for _month, figures in some[:-MONTHS_SHOWN]))
    if not earlier.empty:
        lines.add(_part(_("The months before"), earlier))
    rows = ((Button(_("Overview"), "finance", number_of(of.currency), choice=choice_of(View(Period.MONTH))), _csv()),)
    return Card(str(lines), (*rows, *_others("finmonths", of.currency, of.currencies)))


def receivables(of: Receivables) -> Card:
    """What clients owe, by age."""
    lines = played.below(_("Owed by clients · {currency}", currency=of.currency))
    if not of.by_age and not of.beside.minor:
        lines.add(_("Nobody owes anything."))
    else:
        lines.add(_("{money} in all, {late} of it late", money=of.total, late=of.late.plain))
    for age, (minor, count) in of.by_age.items():
        amount = Money(minor, of.currency).plain
        words = ngettext("{age}: {money} on {n} invoice", "{age}: {money} on {n} invoices", count,
                         age=_(AGES[age]), money=amount)  # fmt: skip
        lines.add(words)
    if of.beside.minor:
        lines.add(_("{money} is on no open invoice. /ledger lists the entries.", money=of.beside))
    overview = Button(_("Overview"), "finance", number_of(of.currency), choice=choice_of(View(Period.MONTH)))
    rows = ((overview, Button(_("Invoices"), "invoices")),)
    return Card(str(lines), (*rows, *_others("finowed", of.currency, of.currencies)))


def _buttons(view: View, currencies: Sequence[str]) -> tuple[tuple[Button, ...], ...]:
    given = number_of(view.currency)
    periods = [_to(words, View(period, part=view.part), given) for period, words in PERIODS.items()]
    parts = [_to(words, View(view.period, part=part), given) for part, words in PARTS.items() if part is not view.part]
    more = (Button(_("By month"), "finmonths", given), Button(_("Owed"), "finowed", given), _csv())
    others = _others("finance", view.currency, currencies, choice_of(view))
    return (tuple(periods), tuple(parts), more, *others)


def _to(words: str, view: View, given: int) -> Button:
    return Button(_(words), "finance", given, choice=choice_of(view))


def _csv() -> Button:
    return Button(_("CSV"), "fincsv")


def _others(action: str, currency: str, known: Sequence[str], choice: str = "") -> tuple[tuple[Button, ...], ...]:
    others = [one for one in known if one != currency][:CURRENCIES_SHOWN]
    return in_rows([Button(one, action, number_of(one), choice=choice) for one in others], 4)


def as_file(of: Table) -> Card:
    """The months as a CSV file: as a whole, by type and by client."""
    header = ["month", "of", "name", "currency", "revenue", "refunds", "disputes and bad debts", "Stripe fees"]
    rows: list[list[Cell]] = [[*header, "AI cost", "partner commissions", "margin"]]
    for row in of.rows:
        figures = row.figures
        amounts = (figures.revenue, *figures.taken, figures.margin)
        name = "" if row.part is Part.ALL else name_of(row.part, row.name, of.names)
        of_what = row.part.value or "all"
        written = [figures.money(minor).decimal for minor in amounts]
        rows.append([f"{row.month:%Y-%m}", of_what, name, figures.currency, *written])
    file = Document(f"finance-{local(of.now):%Y-%m-%d}.csv", table(rows))
    lines = Lines(_("Revenue, costs and margin")).add(
        ngettext("{n} row of the last 12 months", "{n} rows of the last 12 months", len(of.rows))
    )
    return Card(str(lines), document=file)
