"""Words and cells that several pages have."""

from collections.abc import Sequence
from datetime import datetime

from bot.billing.cards import STATE_WORDS
from bot.briefs.model import BriefSummary, State
from bot.charts.drawing import svg
from bot.forecast import cards as forecast_words
from bot.forecast import pictures as forecast_pictures
from bot.forecast.figures import Outlook
from bot.invoices.model import Invoice, InvoiceState, InvoiceSummary
from bot.kernel.money import Money
from bot.kernel.translation import calendar_day, date, number
from bot.kernel.translation import gettext as _
from web.paging import OLDEST, Query
from web.site.blocks import Block, Cell, Chart, Choice, Column, Notice, Table, Tone, pill

LONGEST_SEARCH = 100
BRIEF_TONES: dict[State, Tone] = {
    State.IN_REVIEW: "warn",
    State.DELIVERED: "good",
    State.INVOICED: "good",
    State.PAID: "good",
    State.APPROVED: "good",
    State.REJECTED: "bad",
    State.FAILED: "bad",
    State.CANCELLED: "quiet",
}
INVOICE_TONES: dict[InvoiceState, Tone] = {
    InvoiceState.OPEN: "warn",
    InvoiceState.PAID: "good",
    InvoiceState.UNCOLLECTIBLE: "bad",
    InvoiceState.FAILED: "bad",
    InvoiceState.MISSING: "bad",
    InvoiceState.DETAILS: "warn",
    InvoiceState.VOID: "quiet",
    InvoiceState.CANCELLED: "quiet",
}


def brief_state(state: State, *, held: bool = False) -> Cell:
    """Where a brief stands."""
    return pill(_("Waits for budget"), "warn") if held else pill(state.words, BRIEF_TONES.get(state, ""))


def invoice_state(invoice: Invoice | InvoiceSummary) -> Cell:
    """How an invoice stands."""
    if invoice.voiding:
        return pill(_("Being voided"), "quiet")
    if invoice.part_paid:
        return pill(_("Partly paid"), "warn")
    return pill(_(STATE_WORDS[invoice.state]), INVOICE_TONES.get(invoice.state, ""))


def amounts(label: str) -> Column:
    """A column of `money`."""
    return Column(label, number=True, amount=True)


def money(amount: Money) -> Cell:
    """An amount; in a file as a number beside its currency."""
    return Cell(str(amount), written=amount.decimal, unit=amount.currency)


def figure(of: int) -> Cell:
    """How many; in a file without separators."""
    return Cell(number(of), written=of)


def at(when: datetime | None) -> Cell:
    """A point in time; in a file as ISO 8601 has it, in UTC."""
    if when is None:
        return Cell("–", written="")
    return Cell(date(when, f"d MMM y{_(', ')}HH:mm z"), written=when.isoformat(timespec="seconds"))


def briefs_table(title: str, rows: list[BriefSummary], empty: str) -> Table:
    """Briefs beneath each other."""
    columns = [Column(_("Brief")), Column(_("Title")), Column(_("State")), Column(_("Since")), Column(_("Invoice"))]
    return Table(title, columns, [_brief(one) for one in rows], empty)


def _brief(one: BriefSummary) -> list[Cell]:
    named = Cell(str(one.id), f"/briefs/{one.id}")
    invoice = Cell("–", written="") if one.invoice is None else invoice_state(one.invoice)
    return [named, Cell(one.title), brief_state(one.state, held=one.held), at(one.since), invoice]


def searched(query: Query) -> tuple[str, Query]:
    """The words that are searched for, and the address without what does not go with them.

    What has words is found in every state, newest first.
    """
    words = query.get("q", "").strip()[:LONGEST_SEARCH]
    if not words:
        return "", query
    return words, {name: it for name, it in query.items() if name not in {"state", "order"}}


def narrowed(query: Query, name: str, label: str, options: Sequence[tuple[str, str]]) -> Choice:
    """A way to narrow a list by what the address says; the first of the options where it says none of them."""
    given = query.get(name, "")
    return Choice(name, label, options, given if given in dict(options) else options[0][0])


def order(query: Query) -> Choice:
    """In which order a list stands."""
    orders = [("", _("Newest first")), (OLDEST, _("Oldest first"))]
    return Choice("order", _("Order"), orders, query.get("order", ""))


def forecast(of: Outlook) -> list[Block]:
    """The days to come with their ranges; where there is too little history for that, how much is missing."""
    chart = forecast_pictures.outlook(of)
    title = forecast_words.title(of)
    if chart is None or of.made is None:
        return [Notice(f"{title}. {forecast_words.nothing(of)}")]
    columns = [Column(_("Day")), *(Column(words, number=True) for words in (_("Expected"), _("80 %"), _("95 %")))]
    rows = [
        [
            Cell(calendar_day(one.day, "EEE d MMM"), written=one.day.isoformat()),
            Cell(forecast_words.amount(of.series, one.expected.middle)),
            Cell(forecast_words.between(of.series, one.expected.low80, one.expected.high80)),
            Cell(forecast_words.between(of.series, one.expected.low95, one.expected.high95)),
        ]
        for one in of.made.days
    ]
    return [Chart(svg(chart), Table(title, columns, rows, ""))]
