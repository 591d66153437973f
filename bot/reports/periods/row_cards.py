"""How the rows behind a report's figures read: a list of figures, a page of the rows of one, and all as a file."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from bot.briefs.model import State
from bot.kernel.card import Button, Card, Document, Lines, escape, in_rows
from bot.kernel.money import Money
from bot.kernel.text import played
from bot.kernel.text.csv_table import Cell, table
from bot.kernel.text.words import usd
from bot.kernel.translation import date, local, ngettext, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.ledger.cards import KINDS as ENTRIES
from bot.reports.periods.cards import CURRENCIES_SHOWN, name, subject_of
from bot.reports.periods.model import Kind, PeriodReport
from bot.reports.periods.rows import Row, Rows, What

WORDS: Mapping[What, str] = {
    What.BRIEFS: N_("Briefs handed in"),
    What.ENDED: N_("Briefs from before that ended"),
    What.WAITING: N_("Briefs from before under way"),
    What.APPROVED: N_("Drafts approved"),
    What.STARS: N_("Stars"),
    What.REVENUE: N_("Revenue"),
    What.PAID: N_("Paid"),
    What.REFUNDED: N_("Refunds"),
    What.LOST: N_("Disputes and bad debts"),
    What.FEES: N_("Fees of Stripe"),
    What.BOOKED: N_("AI cost, as booked"),
    What.CALLS: N_("Calls of models"),
    What.LATE: N_("Late invoices"),
}
CHECK = "check"
CHOICES = tuple(f"{kind}-{what}" for kind in Kind for what in What)


def choice_of(kind: Kind, what: What) -> str:
    """A button's choice: "month-refunded"."""
    return f"{kind}-{what}"


def asked_for(choice: str) -> tuple[Kind, What]:
    """What `choice_of` was given."""
    kind, _dash, what = choice.partition("-")
    return Kind(kind), What(what)


def figures(of: PeriodReport, currency: str) -> Card:
    """From which figure one wants to see the rows; those of money are of one currency."""
    shown = of.of(currency).now.currency
    kind, first = of.period.kind, of.period.first
    lines = played.below(_("Rows · {period}", period=name(of.period, of.today)))
    lines.add(_("Of which figure? Amounts are in {currency}.", currency=shown))
    subject = subject_of(first, shown)
    buttons = [Button(_(words), "reportof", subject, choice=choice_of(kind, what)) for what, words in WORDS.items()]
    others = [one for one in of.currencies if one != shown][:CURRENCIES_SHOWN]
    more = [Button(one, "reportrows", subject_of(first, one), choice=kind) for one in others]
    back = Button(_("Back"), "report", subject, choice=kind)
    return Card(str(lines), (*in_rows(buttons), *in_rows(more, 4), (back,)))


def page(of: Rows, beside: tuple[tuple[Button, ...], ...]) -> Card:
    """Some of a figure's rows, below what all of them are together."""
    lines = played.below(_title(of)).add(_together(of))
    for row in of.rows:
        lines.add(_line(of, row))
    subject, kind = subject_of(of.period.first, of.currency), of.period.kind
    file = Button(_("CSV"), "reportofcsv", subject, choice=choice_of(kind, of.what))
    back = Button(_("Back"), "reportrows", subject, choice=kind)
    return Card(str(lines), (*beside, (*([file] if of.count else []), back)))


def _title(of: Rows) -> str:
    words, period = _(WORDS[of.what]), name(of.period, local(of.now).date())
    if of.what.of_money:
        return _("{figure} · {period} · {currency}", figure=words, period=period, currency=of.currency)
    return _("{figure} · {period}", figure=words, period=period)


def _together(of: Rows) -> str:
    said = {"rows": ngettext("{n} row", "{n} rows", of.count)}
    if of.what.of_money:
        return _("{rows}, together {amount}", amount=Money(of.total, of.currency), **said)
    if of.what is What.CALLS:
        return _("{rows}, together {amount}", amount=usd(of.total), **said)
    return said["rows"]


def _line(of: Rows, row: Row) -> str:
    parts = [date(row.at, "d MMM HH:mm"), *_about(row), *_kind(of.what, row), *_amount(of, row)]
    return " · ".join(parts)


def _about(row: Row) -> Iterator[str]:
    """A number that can be tapped, where it is one of ours."""
    what, _colon, which = row.about.partition(":")
    if what in {"brief", "invoice"} and which.isdigit():
        yield f"/{what}_{which}"
    elif row.about:
        yield f"<code>{escape(row.about)}</code>"


def _kind(what: What, row: Row) -> Iterator[str]:
    if what is What.CALLS:
        yield f"<code>{escape(row.kind)}</code>"
    elif what is What.APPROVED:
        yield _("by the check") if row.kind == CHECK else _("by a person")
    elif what in {What.BRIEFS, What.ENDED, What.WAITING}:
        yield State(row.kind).words
    elif row.kind and what is not What.LATE:
        yield _(ENTRIES[row.kind]) if row.kind in ENTRIES else escape(row.kind)


def _amount(of: Rows, row: Row) -> Iterator[str]:
    if row.amount is None:
        return
    if of.what.of_money:
        yield str(Money(row.amount, of.currency))
    elif of.what is What.CALLS:
        yield usd(row.amount)
    elif of.what is What.APPROVED:
        yield _("score {score}", score=number(row.amount // 100))
    else:
        yield ngettext("{n} star", "{n} stars", row.amount)


def as_file(of: Rows) -> Card:
    """All of a figure's rows as a CSV file."""
    rows: list[list[Cell]] = [["at", "about", "kind", "amount", "currency"]]
    rows += [[f"{local(row.at):%Y-%m-%d %H:%M:%S}", row.about, row.kind, *_written(of, row)] for row in of.rows]
    file = Document(f"report-{of.what}-{of.period.kind}-{of.period.first:%Y-%m-%d}.csv", table(rows))
    return Card(str(Lines(_title(of)).add(_together(of))), document=file)


def _written(of: Rows, row: Row) -> list[Cell]:
    if row.amount is None:
        return ["", ""]
    if of.what.of_money:
        return [Money(row.amount, of.currency).decimal, of.currency]
    if of.what is What.CALLS:
        return [Decimal(row.amount).scaleb(-6), "USD"]
    return [Decimal(row.amount).scaleb(-2) if of.what is What.APPROVED else row.amount, ""]
