"""/money: invoices, refunds, what was earned and what it cost, the ledger, and how it agrees with Stripe."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from html import unescape

from bot.access.model import Permission, Person
from bot.billing.cards import STATE_WORDS
from bot.charts.drawing import svg
from bot.finance import cards as finance_words
from bot.finance import pictures
from bot.finance.figures import Months, Receivables, Report, View
from bot.finance.model import Figures, Part, Period
from bot.forecast.model import LOAD
from bot.invoices.model import Invoice, InvoiceState
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.text.words import in_a_row, moment
from bot.kernel.translation import calendar_day, number, percent
from bot.kernel.translation import gettext as _
from bot.ledger.cards import KINDS
from bot.ledger.cards import kind as kind_of_entry
from bot.ledger.figures import TrialBalance
from bot.ledger.model import WORDS as ACCOUNT_WORDS
from bot.reconciliation.cards import ENDED, sentence, thing
from bot.reconciliation.cards import WORDS as MISMATCH_WORDS
from bot.reconciliation.model import Ending
from bot.refunds.cards import STATES as REFUND_WORDS
from bot.refunds.model import RefundState
from bot.reports.lists import Billed, own
from web.pages.words import amounts, at, figure, forecast, invoice_state, money, narrowed, order
from web.paging import IN_A_FILE, ROWS, asked, listed
from web.site.blocks import (
    Block,
    Cell,
    Chart,
    Choice,
    Column,
    Facts,
    Filters,
    Notice,
    Page,
    Table,
    Tabs,
    Tile,
    Tiles,
    Tone,
    pill,
)
from web.site.visits import Visit

# What may be asked for, by the words that a refund has in these states.
REFUNDS_LISTED: Mapping[RefundState, Collection[RefundState]] = {
    **{one: {one} for one in RefundState if one is not RefundState.RESERVED},
    RefundState.APPROVED: {RefundState.APPROVED, RefundState.RESERVED},
}
REFUND_TONES: dict[RefundState, Tone] = {
    RefundState.SUCCEEDED: "good",
    RefundState.FAILED: "bad",
    RefundState.CANCELLED: "quiet",
    RefundState.UNKNOWN: "bad",
}


async def invoices(visit: Visit) -> Page:
    """Invoices, newest first."""
    mine = own(visit.who) is not None
    rows = IN_A_FILE if visit.whole else ROWS
    state = InvoiceState(visit.query["state"]) if visit.query.get("state", "") in {*InvoiceState} else None
    found = await visit.services.reports.lists.invoices(visit.who, asked(visit.query, rows), state)
    shown = listed(visit.query, found, lambda one: one.invoice.id, rows)
    title = _("Your invoices") if mine else _("Invoices")
    client = [] if mine else [Column(_("Client"))]
    columns = [
        Column(_("Invoice")),
        *client,
        Column(_("For")),
        amounts(_("Amount")),
        Column(_("State")),
        Column(_("Due")),
        Column(_("Paid on")),
    ]
    empty = _("No invoices yet. Each comes with the finished work, or when the team sends one.")
    if state is not None:
        empty = _("No invoice is like that.")
    made = [_invoice(one, mine=mine) for one in shown.rows]
    table = Table(title, columns, made, empty, shown.back, shown.on, file=True, to="invoices")
    states = [("", _("All states")), *((one.value, _(words)) for one, words in STATE_WORDS.items())]
    filters = Filters([Choice("state", _("State"), states, state or ""), order(visit.query)])
    return Page(title, [*_tabs(visit.who, "/money"), filters, table], file=table)


def _invoice(one: Billed, *, mine: bool) -> list[Cell]:
    invoice = one.invoice
    client = [] if mine else [Cell(one.client or "–", f"/clients/{invoice.client_id}")]
    return [
        Cell(invoice.number or str(invoice.id), f"/money/{invoice.id}"),
        *client,
        _for(invoice),
        money(invoice.asked),
        invoice_state(invoice),
        at(invoice.due_at),
        at(invoice.paid_at),
    ]


def _for(invoice: Invoice) -> Cell:
    if invoice.brief_id is None:
        return Cell(_("Invoiced by hand"))
    return Cell(_("Brief {brief}", brief=invoice.brief_id), f"/briefs/{invoice.brief_id}")


async def invoice(visit: Visit) -> Page:
    """One invoice with its lines."""
    view = await visit.services.billing.invoices.one(visit.who, int(visit.names["number"]))
    of = view.invoice
    rows = [(_("State"), invoice_state(of)), (_("Amount"), money(of.asked)), (_("Paid"), money(of.paid))]
    if view.returned is not None and view.returned.done.minor:
        rows.append((_("Refunded"), money(view.returned.done)))
    rows += [
        (_("For"), _for(of)),
        (_("Made"), at(of.created_at)),
        (_("Due"), at(of.due_at)),
        (_("Paid on"), at(of.paid_at)),
    ]
    if visit.who.may(Permission.SEE_ALL):
        rows.insert(0, (_("Client"), Cell(view.client, f"/clients/{of.client_id}")))
    columns = [
        Column(_("What")),
        Column(_("Quantity"), number=True),
        amounts(_("Each")),
        amounts(_("Amount")),
    ]
    lines = [
        [Cell(line.description), figure(line.quantity), money(line.unit), money(line.amount)] for line in view.lines
    ]
    table = Table(_("Lines"), columns, lines, _("No lines."), file=bool(lines), to="invoice")
    title = _("Invoice {number}", number=of.number or of.id)
    return Page(title, [Facts(_("How it stands"), rows), table], view.title, ("/money", _("Invoices")), table)


async def refunds(visit: Visit) -> Page:
    """Refunds, newest first, also those that failed."""
    rows = IN_A_FILE if visit.whole else ROWS
    states = [("", _("All states")), *((one.value, _(REFUND_WORDS[one])) for one in REFUNDS_LISTED)]
    state = narrowed(visit.query, "state", _("State"), states)
    wanted = REFUNDS_LISTED[RefundState(state.chosen)] if state.chosen else ()
    found = await visit.services.refunds.refunds.made(visit.who, asked(visit.query, rows), wanted)
    shown = listed(visit.query, found, lambda one: one.id, rows)
    columns = [
        Column(_("Refund")),
        Column(_("Invoice")),
        amounts(_("Amount")),
        Column(_("State")),
        Column(_("Why")),
        Column(_("Asked for")),
    ]
    made = [
        [
            Cell(str(one.id)),
            Cell(str(one.invoice_id), f"/money/{one.invoice_id}"),
            money(one.amount),
            pill(_(REFUND_WORDS[one.state]), REFUND_TONES.get(one.state, "warn")),
            Cell(one.reason),
            at(one.created_at),
        ]
        for one in shown.rows
    ]
    empty = _("No money went back to anybody yet. /refund in the chat begins one.")
    if wanted:
        empty = _("No refund is like that.")
    table = Table(_("Refunds"), columns, made, empty, shown.back, shown.on, file=True, to="refunds")
    filters = Filters([state, order(visit.query)])
    return Page(_("Refunds"), [*_tabs(visit.who, "/money/refunds"), filters, table], file=table)


async def figures(visit: Visit) -> Page:
    """What came in, what it cost and what is left: a period in one currency, by type and client; and who owes what."""
    query, finance = visit.query, visit.services.finance.figures
    period = Period(query["period"]) if query.get("period", "") in {*Period} else Period.MONTH
    currency = query.get("currency", "")[:3].upper()
    reports = [await finance.report(visit.who, View(period, currency, part)) for part in Part]
    months, owed = await finance.months(visit.who, currency), await finance.receivables(visit.who, currency)
    whole, of = reports[0], reports[0].figures
    periods = [(one.value, _(words)) for one, words in finance_words.PERIODS.items()]
    choices = [Choice("period", _("Period"), periods, period)]
    if len(whole.currencies) > 1:
        choices.append(Choice("currency", _("Currency"), [(one, one) for one in whole.currencies], of.currency))
    blocks: list[Block] = [*_tabs(visit.who, "/money/figures"), Filters(choices), Tiles(_tiles(whole, owed))]
    table = _months(months)
    if (chart := pictures.months(months)) is not None:
        blocks.append(Chart(svg(chart), table))
    else:
        blocks.append(Notice(_("Nothing was earned or spent in this time.")))
    blocks += await _ahead(visit, of.currency)
    drawn = [(report, pictures.report(report)) for report in reports[1:]]
    blocks += [Chart(svg(picture), _parts(report)) for report, picture in drawn if picture is not None]
    if (ages := pictures.receivables(owed)) is not None:
        blocks.append(Chart(svg(ages), _ages(owed)))
    return Page(_("Revenue, costs and margin"), blocks, file=table)


async def _ahead(visit: Visit, currency: str) -> list[Block]:
    """What the next days bring: in that currency, unless there is no revenue in it to go by, and in briefs."""
    ahead, found = visit.services.forecast.ahead, []
    for series in (currency, LOAD):
        with suppress(Refusal):
            found += forecast(await ahead.look(visit.who, series))
    return found


def _tiles(whole: Report, owed: Receivables) -> Sequence[Tile]:
    of = whole.figures
    share = percent(of.share) if of.share is not None else "–"
    return (
        Tile(_("Revenue"), str(of.money(of.revenue)), finance_words.title(whole)),
        Tile(_("Costs"), str(of.money(of.costs)), _("refunds, fees, models")),
        Tile(
            _("Margin"),
            str(of.money(of.margin)),
            _("{share} of revenue", share=share),
            tone="bad" if of.margin < 0 else "",
        ),
        Tile(
            _("Owed by clients"),
            str(owed.total),
            _("{money} late", money=owed.late),
            "/money",
            "warn" if owed.late.minor else "",
        ),
    )


def _columns(first: str) -> list[Column]:
    return [
        Column(first),
        amounts(_("Revenue")),
        amounts(_("Costs")),
        amounts(_("Margin")),
        Column(_("Share"), number=True),
    ]


def _row(name: str, of: Figures) -> list[Cell]:
    share = "–" if of.share is None else percent(of.share)
    amounts = [money(of.money(minor)) for minor in (of.revenue, of.costs, of.margin)]
    return [Cell(name), *amounts, Cell(share)]


def _months(of: Months) -> Table:
    rows = [
        _row(calendar_day(month, "LLL y"), figures) for month, figures in reversed(of.by_month) if not figures.empty
    ]
    title = _("Month by month · {currency}", currency=of.currency)
    return Table(
        title, _columns(_("Month")), rows, _("Nothing was earned or spent in this time."), file=True, to="months"
    )


def _parts(of: Report) -> Table:
    rows = [_row(finance_words.name_of(of.view.part, name, of.names or {}), figures) for name, figures in of.parts]
    title = _(finance_words.PARTS[of.view.part])
    return Table(title, _columns(title), rows, "")


def _ages(of: Receivables) -> Table:
    columns = [Column(_("Age")), amounts(_("Owed")), Column(_("Invoices"), number=True)]
    rows = [
        [Cell(_(finance_words.AGES[age])), money(Money(minor, of.currency)), figure(count)]
        for age, (minor, count) in of.by_age.items()
    ]
    return Table(_("Owed by clients"), columns, rows, "")


async def ledger(visit: Visit) -> Page:
    """What stands on the accounts, and the entries."""
    books, rows = visit.services.ledger.books, IN_A_FILE if visit.whole else ROWS
    kinds = [("", _("All entries")), *((one, _(words)) for one, words in KINDS.items())]
    kind = narrowed(visit.query, "kind", _("What"), kinds)
    found = await books.page(visit.who, asked(visit.query, rows), kind.chosen or None)
    shown = listed(visit.query, found, lambda one: one.id, rows)
    columns = [
        Column(_("Entry")),
        Column(_("Posted")),
        Column(_("What")),
        Column(_("About")),
        Column(_("Amount"), number=True),
    ]
    made = [
        [
            Cell(str(one.id), f"/money/ledger/{one.id}"),
            at(one.posted_at),
            Cell(kind_of_entry(one)),
            Cell(one.reference),
            Cell(in_a_row(map(str, one.turnover)), written=" ".join(map(_plainly, one.turnover))),
        ]
        for one in shown.rows
    ]
    empty = _("Nothing was posted yet. Each movement of money shows here.")
    if kind.chosen:
        empty = _("No entry is like that.")
    table = Table(_("Entries"), columns, made, empty, shown.back, shown.on, file=True, to="ledger")
    if visit.whole:
        return Page("", [], file=table)
    trials = [_trial(trial) for trial in (await books.standing(visit.who)).trials]
    filters = Filters([kind, order(visit.query)])
    return Page(_("Ledger"), [*_tabs(visit.who, "/money/ledger"), *trials, filters, table], file=table)


def _plainly(amount: Money) -> str:
    return f"{amount.decimal} {amount.currency}"


def _trial(trial: TrialBalance) -> Table:
    columns = [Column(_("Account")), amounts(_("Balance"))]
    rows = [[Cell(_(ACCOUNT_WORDS[account])), money(trial.shown(account))] for account in trial.balances]
    return Table(_("Accounts · {currency}", currency=trial.currency), columns, rows, "")


async def entry(visit: Visit) -> Page:
    """One entry with its lines."""
    of = await visit.services.ledger.books.details(visit.who, int(visit.names["number"]))
    one = of.entry
    rows = [(_("What"), Cell(kind_of_entry(one))), (_("About"), Cell(one.reference)), (_("Posted"), at(one.posted_at))]
    if one.reason:
        rows.append((_("Why"), Cell(one.reason)))
    if of.corrected_by is not None:
        rows.append((_("Taken back by"), Cell(str(of.corrected_by), f"/money/ledger/{of.corrected_by}")))
    columns = [Column(_("Account")), amounts(_("Debit")), amounts(_("Credit"))]
    lines = [[Cell(_(ACCOUNT_WORDS[line.account])), *_sides(line.amount)] for line in one.lines]
    table = Table(_("Lines"), columns, lines, "", file=True, to="entry")
    return Page(
        _("Entry {number}", number=one.id),
        [Facts(_("What it says"), rows), table],
        up=("/money/ledger", _("Ledger")),
        file=table,
    )


def _sides(amount: Money) -> tuple[Cell, Cell]:
    shown = money(amount if amount.minor >= 0 else -amount)
    return (shown, Cell("")) if amount.minor > 0 else (Cell(""), shown)


async def reconciliation(visit: Visit) -> Page:
    """What does not agree between the ledger and Stripe, or did not."""
    rows = IN_A_FILE if visit.whole else ROWS
    states = [("", _("Open mismatches")), *((one.value, _(words)) for one, words in ENDED.items())]
    state = narrowed(visit.query, "state", _("State"), states)
    ending = Ending(state.chosen) if state.chosen else None
    of = await visit.services.reconciliation.comparing.standing(visit.who, asked(visit.query, rows), ending)
    shown = listed(visit.query, of.page, lambda one: one.id, rows)
    columns = [Column(_("Mismatch")), Column(_("What")), Column(_("Thing")), Column(_("Figures")), Column(_("Found"))]
    made = [
        [
            Cell(str(one.id)),
            pill(_(MISMATCH_WORDS[one.found.kind]), "quiet" if one.ending else "bad"),
            Cell(unescape(thing(one))),
            Cell(unescape(sentence(one))),
            at(one.found_at),
        ]
        for one in shown.rows
    ]
    empty = _("No mismatch is like that.") if ending else _("Everything agrees.")
    table = Table(_("Mismatches"), columns, made, empty, shown.back, shown.on, file=True, to="mismatches")
    tiles = (
        Tile(
            _("Open mismatches"),
            number(of.open),
            _("/reconcile in the chat repairs them"),
            tone="bad" if of.open else "good",
        ),
        Tile(_("Compared with Stripe"), "–" if of.run is None else moment(of.run.ended_at)),
        Tile(_("Books closed up to"), "–" if of.closed is None else of.closed.day),
    )
    blocks: list[Block] = [
        *_tabs(visit.who, "/money/reconciliation"),
        Tiles(tiles),
        Filters([state, order(visit.query)]),
        table,
    ]
    return Page(_("Reconciliation"), blocks, file=table)


def _tabs(who: Person, here: str) -> list[Tabs]:
    """The ways within money that the person may go."""
    ways = [
        ("/money", _("Invoices"), Permission.USE),
        ("/money/refunds", _("Refunds"), Permission.SEE_ALL),
        ("/money/figures", _("Figures"), Permission.READ_REPORTS),
        ("/money/ledger", _("Ledger"), Permission.KEEP_LEDGER),
        ("/money/reconciliation", _("Reconciliation"), Permission.KEEP_LEDGER),
    ]
    seen = [(words, path, path == here) for path, words, permission in ways if who.may(permission)]
    return [Tabs(_("Money"), seen)] if len(seen) > 1 else []
