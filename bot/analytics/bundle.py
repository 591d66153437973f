"""The store's files to take along: CSV in a ZIP, with a note on what they hold."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.analytics.model import NAMES, Counts, in_units, sums_in
from bot.finance.model import Figures, currencies_of, figures_of, split
from bot.kernel.text.csv_table import table

MONEY = ("revenue", "refunds", "lost", "fees", "models", "commissions")
NOTE = """days.csv: what happened on each day of your time zone: briefs by what became of them, drafts approved by
the automatic check and by people, calls of models, and what these cost in millionths of a US dollar.
money.csv: the ledger's figures of each day, by currency: revenue (with discounts and credit notes taken off), refunds,
what was lost by disputes and bad debts, Stripe's fees, what models cost, and what partners' shares did.
types.csv: the same of each month by type of work.
growth.csv: what /growth said on each day of the 30 days before it: new clients (leads), who of them paid
(converted), NPS and its answers, who came by a referral link; what a client who paid brought so far on average
(ltv), how many these are (payers), what winning clients cost and what one of them did (cost, cac): minor units.
Other amounts are in whole units of their currency. No file holds the name, the address or the number of a person.
"""


@dataclass(frozen=True, slots=True)
class OfMonth:
    """What stands on the accounts by what was posted in a month, by type of work."""

    month: date
    counts: Mapping[tuple[str, str, str, str], int]


@dataclass(frozen=True, slots=True)
class Held:
    """What is handed out. growth: what it was on each day, by the names of `bot.growth.model`."""

    days: Mapping[date, Counts]
    months: Sequence[OfMonth]
    growth: Mapping[date, Mapping[str, int]]


def packed(held: Held) -> bytes:
    """The ZIP."""
    files = {
        "days.csv": _days(held.days),
        "money.csv": _money(held.days),
        "types.csv": _types(held.months),
        "growth.csv": _growth(held.growth),
        "README.txt": NOTE,
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return made.getvalue()


def _days(days: Mapping[date, Counts]) -> str:
    rows: list[list[str | int]] = [["day", *NAMES]]
    rows += [[day.isoformat(), *(counts.get(name, 0) for name in NAMES)] for day, counts in sorted(days.items())]
    return table(rows)


def _money(days: Mapping[date, Counts]) -> str:
    rows: list[list[str]] = []
    for day, counts in sorted(days.items()):
        sums = sums_in(counts)
        rows += [[day.isoformat(), *_figures(figures_of(sums, one))] for one in currencies_of(sums, "")]
    return table([["day", "currency", *MONEY], *rows])


def _types(months: Sequence[OfMonth]) -> str:
    rows: list[list[str]] = []
    for of in months:
        named = {(name, account, currency): minor for (_part, name, account, currency), minor in of.counts.items()}
        for currency in sorted({currency for _name, _account, currency in named}):
            for name, figures in split(named, currency):
                if not figures.empty:
                    rows.append([f"{of.month:%Y-%m}", name, *_figures(figures)])
    return table([["month", "type", "currency", *MONEY], *rows])


def _growth(days: Mapping[date, Mapping[str, int]]) -> str:
    names = sorted({name for figures in days.values() for name in figures})
    rows: list[list[str | int]] = [["day", *names]]
    rows += [[day.isoformat(), *(figures.get(name, "") for name in names)] for day, figures in sorted(days.items())]
    return table(rows)


def _figures(of: Figures) -> list[str]:
    return [of.currency, *(in_units(getattr(of, name), of.currency) for name in MONEY)]
