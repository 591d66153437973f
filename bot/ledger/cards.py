"""How the ledger reads."""

from collections.abc import Mapping, Sequence

from bot.kernel.card import Button, Card, Document, Lines, escape, first_lines, in_rows
from bot.kernel.money import Money
from bot.kernel.text.csv_table import table
from bot.kernel.text.words import in_a_row, moment
from bot.kernel.translation import date, local, ngettext, number, reader
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import pgettext_noop as NP_
from bot.ledger.figures import Details, Standing, Table, TrialBalance
from bot.ledger.model import WORDS, Account, Entry, Side

CURRENCIES_SHOWN = 12
LONGEST_REASON = 300
DATED = "dated"  # a correction that counts for the time of its entry
REASON_OPEN = N_("Still open: why is entry {entry} wrong? Write it in a few words; /stop leaves it as it is.")
SIDES: Mapping[Side, str] = {
    Side.HELD: N_("We have: {accounts}"),
    Side.OWED: N_("We owe: {accounts}"),
    Side.EARNED: N_("Earned: {accounts}"),
    Side.SPENT: N_("Spent: {accounts}"),
}
KINDS: Mapping[str, str] = {
    "invoice": N_("Invoice made"),
    "payment": N_("Payment"),
    "settlement": N_("Payment settled"),
    "adjustment": N_("Invoice changed"),
    "void": N_("Invoice void"),
    "write-off": N_("Written off"),
    "refund": N_("Refund"),
    "dispute": N_("Dispute"),
    "payout": N_("Payout"),
    "fee": N_("Fee of Stripe's"),
    "models": N_("Cost of models"),
    "referral": N_("Referral credit"),
    "share": N_("Partner's share"),
    "repair": NP_("ledger entry", "Repair"),
    "correction": N_("Correction"),
}


def standing(of: Standing, currency: str) -> Card:
    """The trial balance of one currency, and the way to the others. currency: "" for the first."""
    trial = next((one for one in of.trials if one.currency == currency), of.trials[0] if of.trials else None)
    if trial is None:
        return Card(str(Lines(_("Ledger")).add(_("Nothing was posted yet. Each movement of money shows here."))))
    lines = Lines(_("Ledger · {currency}", currency=trial.currency))
    for side, sentence in SIDES.items():
        accounts = in_a_row(_on(account, trial) for account in trial.balances if account.side is side)
        if accounts:
            lines.add(_(sentence, accounts=accounts))
    lines.add(_balance(trial))
    if of.newest is not None:
        lines.add(_("Last entry: {time}", time=moment(of.newest)))
    others = [one.currency for one in of.trials if one.currency != trial.currency][:CURRENCIES_SHOWN]
    buttons = [Button(other, "ledger", choice=other.lower()) for other in others]
    return Card(str(lines), ((Button(_("Entries"), "lentries"), Button(_("CSV"), "lcsv")), *in_rows(buttons, 4)))


def _on(account: Account, trial: TrialBalance) -> str:
    # Translators: an account of the ledger and what stands on it: "receivable 120.00".
    return _("{account} {amount}", account=_(WORDS[account]), amount=trial.shown(account).plain)


def _balance(trial: TrialBalance) -> str:
    if trial.debits == trial.credits:
        return _("Balanced: {money} on both sides", money=trial.debits)
    return _("Not balanced: debits {debits}, credits {credits}", debits=trial.debits, credits=trial.credits)


def entries(found: Sequence[Entry], rows: tuple[tuple[Button, ...], ...]) -> Card:
    """A page of entries."""
    lines = Lines(_("Ledger · Entries"))
    for entry in found:
        lines.add(_in_one_line(entry))
    if not found:
        lines.add(_("Nothing was posted yet. Each movement of money shows here."))
    return Card(str(lines), (*rows, (Button(_("Balances"), "ledger"),)))


def _in_one_line(entry: Entry) -> str:
    at, amounts = date(entry.posted_at, "d MMM HH:mm"), in_a_row(map(str, entry.turnover))
    return f"/entry_{entry.id} · {at} · {kind(entry)} · {amounts}"


def kind(entry: Entry) -> str:
    """What happened, in words; of a kind that is not known, its name."""
    return _(KINDS[entry.kind]) if entry.kind in KINDS else escape(entry.kind)


def details(of: Details) -> Card:
    """An entry with its lines, and the button by which it is corrected."""
    entry = of.entry
    lines = Lines(_("Entry {number} · {kind}", number=entry.id, kind=kind(entry)))
    about = f"/entry_{entry.corrects}" if entry.corrects is not None else escape(entry.reference)
    lines.add(_("{time}, about {subject}", time=moment(entry.posted_at), subject=about))
    debited = in_a_row(_line(line.account, line.amount) for line in entry.lines if line.amount.minor > 0)
    credited = in_a_row(_line(line.account, -line.amount) for line in entry.lines if line.amount.minor < 0)
    lines.add(_("Debit: {accounts}", accounts=debited)).add(_("Credit: {accounts}", accounts=credited))
    if entry.reason:
        lines.add(_("Why: {why}", why=first_lines(entry.reason, LONGEST_REASON)))
    if entry.written_at is not None:
        lines.add(_("Written: {time}", time=moment(entry.written_at)))
    if of.corrected_by is not None:
        lines.add(_("Taken back by /entry_{number}", number=of.corrected_by))
        return Card(str(lines))
    buttons = [Button(_("Take it back"), "lfix", entry.id)]
    if of.closed:
        buttons.append(Button(_("Take it back, with that day's date"), "lfix", entry.id, choice=DATED))
        lines.add(_("The books of its day are closed: a correction counts for today, or by date for that day."))
    return Card(str(lines), tuple((button,) for button in buttons))


def _line(account: Account, amount: Money) -> str:
    return _("{account} {amount}", account=_(WORDS[account]), amount=str(amount))


def ask_reason(of: Details) -> Card:
    """What is asked before an entry is taken back."""
    lines = Lines(_("Entry {number} · Why is it wrong?", number=of.entry.id))
    lines.add(_("Write the reason in a few words. Then another entry takes this one back; both stay in the ledger."))
    return Card(str(lines))


def corrected(made: Entry) -> Card:
    """The entry that took another back."""
    lines = Lines(_("Entry {number} · Taken back", number=made.corrects))
    return Card(str(lines.add(_("By /entry_{number}. Both stay in the ledger.", number=made.id))))


def as_file(of: Table) -> Card:
    """The entries as a CSV file, a row for each line. The amounts' columns are never negative."""
    header = ["entry", "posted", "kind", "about", "account", "debit", "credit", "currency", "reason"]
    rows = [row for entry in of.entries for row in _rows(entry)]
    file = Document(f"ledger-{local(of.now):%Y-%m-%d}.csv", table([header, *rows]))
    words = ngettext("{n} entry; times of {zone}", "{n} entries; times of {zone}", len(of.entries), zone=reader().zone)
    lines = Lines(_("Ledger · Entries")).add(words)
    if of.more:
        lines.add(_("Only the newest {n} are in it.", n=number(len(of.entries))))
    return Card(str(lines), document=file)


def _rows(entry: Entry) -> list[list[str | int]]:
    at = f"{local(entry.posted_at):%Y-%m-%d %H:%M:%S}"
    about: list[str | int] = [entry.id, at, entry.kind, entry.reference]
    rows: list[list[str | int]] = []
    for line in entry.lines:
        amount = str(abs(line.amount.decimal))
        both = [amount, ""] if line.amount.minor > 0 else ["", amount]
        rows.append([*about, line.account.value, *both, line.amount.currency, entry.reason or ""])
    return rows
