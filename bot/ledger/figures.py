"""What is read out of the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.kernel.money import Money
from bot.ledger.model import Account, Entry


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """What stands on every account in one currency, in minor units; accounts with nothing on them are left out."""

    currency: str
    balances: dict[Account, int]

    @property
    def debits(self) -> Money:
        """The sum of the accounts with more debits."""
        return Money(sum(minor for minor in self.balances.values() if minor > 0), self.currency)

    @property
    def credits(self) -> Money:
        """The sum of the accounts with more credits, as a positive amount."""
        return Money(-sum(minor for minor in self.balances.values() if minor < 0), self.currency)

    def shown(self, account: Account) -> Money:
        """What stands on an account, positive on the side where it usually is."""
        minor = self.balances.get(account, 0)
        return Money(-minor if account.credited else minor, self.currency)


def trials(balances: Mapping[tuple[str, str], int]) -> list[TrialBalance]:
    """The trial balance of each currency, the accounts in the order in which people read them."""
    return [
        TrialBalance(
            currency,
            {account: minor for account in Account if (minor := balances.get((account.value, currency), 0))},
        )
        for currency in sorted({currency for _, currency in balances})
    ]


@dataclass(frozen=True, slots=True)
class Standing:
    """Every trial balance, by currency; when something was posted last, if ever."""

    trials: Sequence[TrialBalance]
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class Details:
    """An entry, and the one by which it was corrected. closed: whether the books of its day are."""

    entry: Entry
    corrected_by: int | None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The newest entries, newest first; more: whether there are older ones."""

    entries: Sequence[Entry]
    more: bool
    now: datetime
