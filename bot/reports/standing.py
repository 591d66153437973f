"""How things stand, for whoever asks: what waits for a client, and what the team should do first; as figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.backups.model import Restore
from bot.backups.model import Standing as Backups
from bot.briefs.model import Brief, State
from bot.flags.model import Switch
from bot.invoices.model import Invoice, InvoiceState
from bot.mirror.notices import Behind
from bot.support.model import Thread


@dataclass(frozen=True, slots=True)
class Awaited:
    """What waits for a client: quotes to answer, newest first; invoices to pay or to give details for, oldest first."""

    quotes: Sequence[Brief]
    invoices: Sequence[Invoice]

    @property
    def total(self) -> int:
        """How many things that is."""
        return len(self.quotes) + len(self.invoices)

    @property
    def payable(self) -> Sequence[Invoice]:
        """Those of the invoices that can be paid."""
        return [invoice for invoice in self.invoices if invoice.state is not InvoiceState.DETAILS]


@dataclass(frozen=True, slots=True)
class Machinery:
    """How what does the work stands. late, undeliverable: messages, mails and rows; tried: for long in vain.

    in_drive: files that wait for Google Drive.
    overdue: how many drafts are past their deadline, first of them the one that is the longest.
    asked: how many messages of clients wait for an answer, to those who may give it. backups: to those who keep them.
    held: the restore since which messages wait for a decision.
    """

    longest_in_review: Brief | None
    overdue: int
    most_overdue: Brief | None
    given_up: int
    tried: int
    not_booked: int
    tasks: int
    late: int
    undeliverable: int
    behind: Sequence[Behind]
    switched: Sequence[Switch]
    in_drive: int = 0
    asked: int = 0
    longest_asked: Thread | None = None
    backups: Backups | None = None
    held: Restore | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """What watches over the machinery says, in words. worst: what somebody should see to before all else, "" where
    nothing is critical. lines: what is down, what burns, when what was last proven. troubled: whether any is amiss.
    """

    worst: str = ""
    lines: Sequence[str] = ()
    troubled: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How many briefs are where; what waits for the client who asks, or how the machinery stands for the team."""

    briefs: Mapping[State, int]
    awaited: Awaited | None = None
    machinery: Machinery | None = None

    @property
    def stopped(self) -> int:
        """What a fault stopped: briefs, and tasks that were given up."""
        return self.briefs.get(State.FAILED, 0) + (self.machinery.given_up if self.machinery is not None else 0)
