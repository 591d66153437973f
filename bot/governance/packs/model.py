"""What the audit pack of a week holds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.access.model import Role
from bot.approvals.model import ApprovalState
from bot.audit.model import Checked
from bot.audit.model import Standing as ChainStanding
from bot.backups.model import Standing as Backups
from bot.calibration.figures import Standing as Gate
from bot.decisions.model import Proposal
from bot.governance.model import Held
from bot.governance.policies import Looked
from bot.governance.settings import GovernanceSettings
from bot.incidents.model import Incident
from bot.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Access:
    """One of the team. deeds: what they did by the audit log; needing: what of it only admins may. sign_ins: to pages.

    unused: whether they have admin rights that they did not need for long.
    """

    name: str
    role: Role
    deeds: int
    needing: int
    sign_ins: int
    unused: bool


@dataclass(frozen=True, slots=True)
class TwoKeys:
    """Money that moved, or was to. asked_by: "" where somebody did it in the payment provider's own pages.

    signed_by: who said yes. state: None where nobody here was asked.
    """

    what: str
    amount: Money
    at: datetime
    asked_by: str
    signed_by: Sequence[str]
    state: ApprovalState | None

    @property
    def one_key(self) -> bool:
        """Whether it was done and no other person's yes is written down."""
        done = self.state is None or self.state is ApprovalState.GRANTED
        return done and not any(name != self.asked_by for name in self.signed_by)


@dataclass(frozen=True, slots=True)
class Pack:
    """The evidence of a time. refused: tries to sign in that were refused. gate: of its decisions.

    backups: None for a tenant whose installation it is not. chain: None where it could not be checked, for the reason
    `unchecked`. incidents: those that began then, or go on.
    """

    first: date
    last: date
    now: datetime
    access: Sequence[Access]
    refused: int
    money: Sequence[TwoKeys]
    gate: Gate
    incidents: Sequence[Incident]
    backups: Backups | None
    backups_made: int
    chain: Checked | None
    unchecked: str
    anchored: ChainStanding
    kpis: Sequence[Held]
    policies: Sequence[Looked]
    settings: GovernanceSettings
    decisions: Sequence[Proposal]

    @property
    def sound(self) -> bool:
        """Whether the audit log is as it was written, as far as was looked."""
        return self.chain is not None and self.chain.verdict.fault is None
