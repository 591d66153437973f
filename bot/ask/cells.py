"""How a cell of a query's rows is written: for people in chat, and in a file."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.alerts.model import Severity
from bot.ask.model import Cell, Named, Ref, Spent
from bot.briefs.model import State
from bot.finance.cards import AGES
from bot.finance.model import BY_HAND, OTHERS, Age
from bot.kernel.money import Money, exponent
from bot.kernel.task_type import TaskType
from bot.kernel.text.words import duration, moment, usd
from bot.kernel.translation import decimal, number
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import pgettext_noop as NP_
from bot.ledger.cards import KINDS

# Words that stand in cells, to be translated.
_WORDS = {
    **KINDS,
    BY_HAND: N_("Invoiced by hand"),
    OTHERS: NP_("costs", "Shared"),
    "client": N_("client"),
    "type": N_("type of work"),
    "revenue": N_("revenue"),
    "refunds": N_("refunds"),
    "lost": N_("disputes and bad debts"),
    "fees": N_("Stripe fees"),
    "models": N_("AI cost"),
    "margin": N_("margin"),
    "failed": N_("failed"),
    "missed": N_("missed"),
}


def shown(cell: Cell) -> str:
    """For who reads it, as plain text; "" for what is not there."""
    match cell:
        case None:
            return ""
        case Named():
            return cell.name or _("Client {number}", number=str(cell.number))
        case Ref():
            return f"/{cell.kind}_{cell.number}"
        case Money():
            return str(cell)
        case datetime():
            return moment(cell)
        case timedelta():
            return duration(cell)
        case Decimal():
            return decimal(cell, 1)
        case Spent():
            return usd(cell.micro_usd)
        case StrEnum():
            return _of_kind(cell)
    return number(cell) if isinstance(cell, int) else _of_word(cell)


def _of_kind(kind: StrEnum) -> str:
    if isinstance(kind, Age):
        return _(AGES[kind])
    return kind.words if isinstance(kind, State | TaskType | Severity) else _of_word(kind.value)


def _of_word(word: str) -> str:
    if word in set(TaskType):
        return TaskType(word).words
    return _(_WORDS[word]) if word in _WORDS else word


def in_file(cell: Cell) -> list[Any]:
    """The same for a file, where an amount has its currency in a cell beside it."""
    match cell:
        case None:
            return [""]
        case Named():
            return [cell.number, cell.name]
        case Ref():
            return [cell.number]
        case Money():
            return [f"{cell.decimal:.{exponent(cell.currency)}f}", cell.currency]
        case datetime():
            return [f"{cell.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"]
        case timedelta():
            return [round(cell.total_seconds())]
        case Spent():
            return [f"{Decimal(cell.micro_usd).scaleb(-6):f}"]
        case StrEnum():
            return [cell.value]
    return [cell]


def heads(column: str, cell: Cell) -> list[str]:
    """The columns of a file that such a cell takes."""
    if isinstance(cell, Money):
        return [column, f"{column}_currency"]
    if isinstance(cell, Named):
        return [column, f"{column}_name"]
    if isinstance(cell, Spent):
        return [f"{column}_usd"]
    return [f"{column}_seconds"] if isinstance(cell, timedelta) else [column]
