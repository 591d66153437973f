"""What can safely be done about an alert, as the card's runbook button needs it."""

from typing import Protocol

from bot.access.model import Permission, Person
from bot.alerts.model import Alert, Facts
from storage.engine.database import Transaction


class Runbook(Protocol):
    """Something that helps and can be taken back.

    name: as rules name it. permission: of who may do it. would, did: sentences with the facts as placeholders, to be
    translated: what it would do, and what it did.
    """

    @property
    def name(self) -> str: ...
    @property
    def permission(self) -> Permission: ...
    @property
    def would(self) -> str: ...
    @property
    def did(self) -> str: ...

    async def plan(self, alert: Alert) -> Facts | None:
        """What it would do now, without doing it; None where there is nothing to do."""
        ...

    async def carry_out(self, tx: Transaction, who: Person, alert: Alert, facts: Facts) -> None:
        """Do it, within the transaction; no provider is called. facts: as `plan` just returned them."""
        ...

    async def helped(self, alert: Alert, facts: Facts) -> bool | None:
        """Whether what is wrong is so no more; None where that does not show yet. facts: of when it was done."""
        ...
