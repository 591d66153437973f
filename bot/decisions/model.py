"""Proposals that people decide on: what is proposed, on what grounds, and who adopted or declined it and why. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

Facts = Mapping[str, str | int]
LEAST_REASON = 3  # letters
LONGEST_REASON = 500


class ProposalState(StrEnum):
    """OPEN: nobody has decided yet. LAPSED: what spoke for it no longer does, so nobody has to decide."""

    OPEN = "open"
    ADOPTED = "adopted"
    DECLINED = "declined"
    LAPSED = "lapsed"

    @property
    def words(self) -> str:
        """ "Open", as a headline ends."""
        return _(_WORDS[self])


_WORDS = {
    ProposalState.OPEN: N_("To decide"),
    ProposalState.ADOPTED: N_("Adopted"),
    ProposalState.DECLINED: N_("Declined"),
    ProposalState.LAPSED: N_("No longer proposed"),
}
DECIDED = (ProposalState.ADOPTED, ProposalState.DECLINED)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A row of `proposals`. kind: which of `bot.decisions.kinds`; key: the same one twice is one.

    facts: what its words name. decided_by: who decided, by number and name; reason: why, in their words.
    """

    id: int
    tenant: str
    kind: str
    key: str
    facts: Facts
    state: ProposalState
    version: int
    made_at: datetime
    decided_at: datetime | None = None
    decided_by: int | None = None
    reason: str = ""
    decider: str = ""

    @property
    def subject(self) -> str:
        """As events and the audit log call it."""
        return f"proposal:{self.id}"
