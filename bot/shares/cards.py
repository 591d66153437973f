"""What admins read of partners' shares."""

from bot.finance.model import first_of_month
from bot.kernel.card import Button, Card, Document, Lines, escape, in_rows
from bot.kernel.money import Money
from bot.kernel.text import played
from bot.kernel.text.csv_table import Cell, table
from bot.kernel.text.words import basis_points, day, in_a_row
from bot.kernel.translation import calendar_day, local, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.shares.model import Kind, Move, Statement, Sums, number_of

KINDS = {Kind.EARNED: N_("earned"), Kind.CLAWED: N_("taken back"), Kind.PAID: N_("paid out")}
CURRENCIES_SHOWN = 4


def statement(of: Statement) -> Card:
    """A month, currency by currency, and the way to the others."""
    lines = played.below(_title(of))
    if of.partner.share_bp:
        lines.add(_("Gets {share} of each payment", share=basis_points(of.partner.share_bp)))
    else:
        lines.add(_("Gets no share of new payments."))
    for one in of.sums[:CURRENCIES_SHOWN]:
        lines.add(_sums(one))
    if not of.sums:
        lines.add(_("Nothing moved in this month."))
    for move in of.moves:
        lines.add(_in_one_line(move))
    if of.more:
        lines.add(_("Earlier moves of the month are in the CSV."))
    return Card(str(lines), _buttons(of))


def _title(of: Statement) -> str:
    month = calendar_day(of.month, "LLLL y")
    return _("Statement {name} · {month}", name=of.partner.name, month=month)


def _sums(of: Sums) -> str:
    taken = [_("before {money}", money=of.before.plain)] if of.before.minor else []
    taken += [_("earned {money}", money=of.earned.plain)]
    taken += [_("taken back {money}", money=of.clawed.plain)] if of.clawed.minor else []
    taken += [_("paid out {money}", money=of.paid.plain)] if of.paid.minor else []
    return _("Owed {money}: {parts}", money=of.after, parts=in_a_row(taken))


def _in_one_line(move: Move) -> str:
    at = day(move.moved_at) if move.moved_at is not None else ""
    about = f"/invoice_{move.invoice_id} {escape(move.client)}" if move.invoice_id is not None else ""
    return in_a_row(part for part in (at, _(KINDS[move.kind]), str(move.amount), about) if part)


def _buttons(of: Statement) -> tuple[tuple[Button, ...], ...]:
    partner = of.partner.id
    steps = [Button("◀", "pstatement", partner, number_of(first_of_month(of.month, 1)))]
    if of.over:
        steps.append(Button("▶", "pstatement", partner, number_of(first_of_month(of.month, -1))))
    steps.append(Button(_("CSV"), "pstatementcsv", partner, number_of(of.month)))
    pay = [
        Button(_("Paid out {money}", money=one), "ppayask", partner, one.minor, choice=one.currency.lower())
        for one in of.owed[:CURRENCIES_SHOWN]
        if one.minor > 0
    ]
    return (tuple(steps), *in_rows(pay, 1), (Button(_("Back"), "partner", partner),))


def ask_paid(of: Statement, owed: Money) -> Card:
    """Before it is noted that a partner was paid."""
    lines = Lines(_("Was {name} paid {money}?", name=of.partner.name, money=owed))
    lines.add(_("This notes in the ledger that the money left your bank. It moves no money itself."))
    back = Button(_("Back"), "pstatement", of.partner.id)
    paid = Button(_("Yes, it was paid"), "ppay", of.partner.id, owed.minor, choice=owed.currency.lower())
    return Card(str(lines), ((back,), (paid,)))


def as_file(of: Statement) -> Card:
    """The month as a CSV file: every move, and what is owed at its end in each currency."""
    rows: list[list[Cell]] = [["date", "what", "invoice", "client", "amount", "currency"]]
    rows += [[f"{of.month}", "owed before", "", "", one.before.decimal, one.before.currency] for one in of.sums]
    for move in reversed(of.moves):
        at = "" if move.moved_at is None else f"{local(move.moved_at):%Y-%m-%d}"
        about = "" if move.invoice_id is None else move.invoice_id
        rows.append([at, move.kind.value, about, move.client, move.amount.decimal, move.amount.currency])
    last = first_of_month(of.month, -1)
    rows += [[f"{last}", "owed after", "", "", one.after.decimal, one.after.currency] for one in of.sums]
    file = Document(f"partner-{of.partner.id}-{of.month:%Y-%m}.csv", table(rows))
    lines = played.below(_title(of))
    for one in of.sums[:CURRENCIES_SHOWN]:
        lines.add(_sums(one))
    if of.more:
        lines.add(_("Only the newest {n} moves are in it.", n=number(len(of.moves))))
    return Card(str(lines), document=file)
