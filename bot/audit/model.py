"""How the chain of the audit log stands, and what a check of it found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.audit.chain import Anchor, Verdict

BEHIND = timedelta(minutes=5)  # an entry that waits longer to be sealed is a fault of ours


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a tenant's chain. head: its newest link, None where nothing was sealed yet. anchor: the newest kept elsewhere.

    waiting: entries that are not sealed yet, the first of them since then.
    """

    head: Anchor | None
    anchor: Anchor | None
    waiting: int
    since: datetime | None

    def is_behind(self, now: datetime) -> bool:
        """Whether sealing stands still."""
        return self.since is not None and now - self.since > BEHIND


@dataclass(frozen=True, slots=True)
class Bad:
    """What the first bad entry says now, as far as it is there."""

    at: datetime
    person: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. anchors: through how many of them the chain went. bad: the entry of the verdict's fault."""

    verdict: Verdict
    anchors: int
    took: timedelta
    bad: Bad | None = None


@dataclass(frozen=True, slots=True)
class Anchored:
    """How far a tenant's chain goes, for whoever keeps that elsewhere."""

    tenant: str
    anchor: Anchor


def in_a_line(anchors: Sequence[Anchored]) -> str:
    """As it stands in logs, mails and manifests: tenant, place and link."""
    return "; ".join(f"{one.tenant} {one.anchor.place}:{one.anchor.link.hex()}" for one in anchors)


@dataclass(frozen=True, slots=True)
class Audited:
    """An entry of the audit log as it is read. person: their name, "" where nobody is known."""

    id: int
    at: datetime
    person: str
    telegram_id: int | None
    action: str
    subject: str
    outcome: str
    person_id: int | None = None
    source: str | None = None
    reference: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: about one subject, of one action, or by one person; and of which time, from since to before."""

    subject: str = ""
    action: str = ""
    person_id: int = 0
    since: datetime | None = None
    before: datetime | None = None


ALL = Wanted()
