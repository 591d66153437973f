"""Rows of the Automation Queue: what somebody ordered in one, and whether it can be a brief. Pure."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import orjson

from bot.invoices.charges import largest_charge, smallest_charge, step
from bot.kernel.errors import Refusal
from bot.kernel.money import Money
from bot.kernel.task_type import TaskType
from bot.kernel.translation import gettext as _

TASK, BRIEF, TRIGGER, CLIENT, EMAIL = "Task", "Brief", "Trigger", "Client", "Client e-mail"
TYPE, PRICE, CURRENCY = "Type", "Price", "Currency"
STATE, NUMBER, RESULT, NOTE, CHANGED = "State", "Brief number", "Result", "Note", "Changed"
FILLED_IN = (TASK, BRIEF, CLIENT, EMAIL, TYPE, PRICE, CURRENCY)  # by people; the rest is ours, and the tick is both's


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A row of `queue_rows`. brief_number: None where it cannot be a brief yet, a quote's until its client's yes."""

    id: int
    tenant: str
    page: str
    brief_number: int | None
    fingerprint: str
    noticed: str
    note: str
    clears: bool
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Ordered:
    """What a row says now."""

    page: str
    ticked: bool
    cells: Mapping[str, Any]

    @property
    def fingerprint(self) -> str:
        """The same for the same order, and for no other."""
        said = [self.cells.get(name) or "" for name in FILLED_IN]
        return hashlib.sha256(orjson.dumps(said)).hexdigest()

    @property
    def task_type(self) -> TaskType | None:
        """The type that it names; None where it names none that there is."""
        named = str(self.cells.get(TYPE) or "").strip().lower()
        return next((one for one in TaskType if named in {one.value, one.choice, one.words.lower()}), None)

    def words(self, page_text: str) -> str:
        """The brief: its column, else what is written in the page, below what the row is called."""
        text = str(self.cells.get(BRIEF) or "").strip() or page_text
        title = str(self.cells.get(TASK) or "").strip()
        return "\n".join(part for part in (title, text) if part) if title not in text else text

    def price(self, usual: Money) -> Money | None:
        """The price that was agreed; None where the row names none. Raises Refusal where it cannot be charged."""
        said = self.cells.get(PRICE)
        if said is None:
            return None
        currency = str(self.cells.get(CURRENCY) or usual.currency).upper()
        if currency != usual.currency:
            raise Refusal(_("Prices here are in {currency}, not in {other}.", currency=usual.currency, other=currency))
        price = Money.parse(format(Decimal(str(said)), "f"), currency)
        least, most = smallest_charge(currency), largest_charge(currency)
        if not least.minor <= price.minor <= most.minor or price.minor % step(currency):
            raise Refusal(
                _("{price} cannot be charged; a price is from {least} to {most}.", price=price, least=least, most=most)
            )
        return price
