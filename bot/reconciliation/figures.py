"""What is read of reconciliation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from bot.ledger.model import ClosedDay
from bot.reconciliation.model import Mismatch, Run


@dataclass(frozen=True, slots=True)
class Details:
    """A mismatch. asked: whether its repair waits for another admin's yes."""

    mismatch: Mismatch
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How many mismatches are open, a page of them, when the account was read last, and the newest closed day."""

    open: int
    page: Sequence[Mismatch]
    run: Run | None
    closed: ClosedDay | None

    def showing(self, page: Sequence[Mismatch]) -> Self:
        """The same, with another page of them."""
        return replace(self, page=page)
