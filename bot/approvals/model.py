"""Deeds that need other people's yes: who may give it, what it is bound to, and what comes of it. Pure."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.access.model import GRANTS, Permission, Person, Role
from bot.kernel.errors import Forbidden, Refusal, Stale
from bot.kernel.money import Money
from bot.kernel.tasks import Pool, TaskKind
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import ngettext

APPROVAL = TaskKind("approval", Pool.QUICK)  # of one whose fuse burns, or that nobody answered in time
LASTS = timedelta(hours=48)  # what nobody answered until then has to be asked for anew
MARK_BITS = 40


class ApprovalState(StrEnum):
    """WAITING: for people's yes. FUSE: enough said yes, and until it is over it can be stopped. GRANTED: it is done.

    REFUSED: somebody said no. STOPPED: it was called off, or no longer enough of those who said yes may. EXPIRED: too
    few answered in time.
    """

    WAITING = "waiting"
    FUSE = "fuse"
    GRANTED = "granted"
    REFUSED = "refused"
    STOPPED = "stopped"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a yes is bound to: the thing ("refund:1001"), its amount, and the version of its row."""

    subject: str
    amount: Money
    version: int


@dataclass(frozen=True, slots=True)
class Approval:
    """A row of `approvals`: somebody asks for a deed. needed: so many others have to say yes.

    fuse: how long it can still be stopped then. due_at: when that is over. ended_by: who refused or stopped it, if it
    was a person.
    """

    id: int
    tenant: str
    terms: Terms
    asked_by: int
    needed: int
    fuse: timedelta
    state: ApprovalState
    version: int
    asked_at: datetime
    expires_at: datetime
    due_at: datetime | None = None
    ended_by: int | None = None

    @property
    def kind(self) -> str:
        """What the deed is: "refund"."""
        return self.terms.subject.partition(":")[0]

    @property
    def number(self) -> int:
        """Of the row that the deed is about."""
        return int(self.terms.subject.partition(":")[2])

    @property
    def mark(self) -> int:
        """A checksum of all that a yes is bound to, which buttons and signatures carry."""
        terms = self.terms
        says = (self.tenant, self.id, terms.subject, terms.amount.minor, terms.amount.currency, terms.version)
        digest = hashlib.sha256("\n".join(map(str, says)).encode()).digest()
        return int.from_bytes(digest[: MARK_BITS // 8], "big")


@dataclass(frozen=True, slots=True)
class Signature:
    """A row of `approval_signatures`. mark: of what the person saw."""

    person_id: int
    yes: bool
    mark: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """An approval with its signatures, and who of its people there are now, by their ids."""

    approval: Approval
    signatures: Sequence[Signature]
    people: dict[int, Person]

    def name(self, person_id: int | None) -> str:
        """What somebody is called; empty where nobody did it."""
        person = None if person_id is None else self.people.get(person_id)
        return "" if person is None else person.name


def roles_with(permission: Permission) -> list[Role]:
    """The roles that have it."""
    return [role for role in GRANTS if permission in GRANTS[role]]


def nothing(approval_id: int) -> Refusal:
    """What somebody reads where there is none of that number for them."""
    return Refusal(_("There is nothing to approve with the number {number}.", number=approval_id))


def signed_by(looked: Looked, permission: Permission) -> list[Person]:
    """Whose yes counts, each once: of those who may give it now, and said it to just these terms."""
    approval = looked.approval
    said_yes = {one.person_id for one in looked.signatures if one.yes and one.mark == approval.mark}
    people = (looked.people.get(person_id) for person_id in sorted(said_yes - {approval.asked_by}))
    return [one for one in people if one is not None and one.tenant == approval.tenant and one.may(permission)]


def check_enough(others: Collection[Person], needed: int, permission: Permission) -> None:
    """Raise Refusal where fewer people than needed may say yes, so that nobody is asked in vain."""
    if len(others) >= needed:
        return
    words = ngettext(
        "This needs the approval of {n} other person, and there are fewer who may: {roles}.",
        "This needs the approval of {n} other people, and there are fewer who may: {roles}.",
        needed,
        roles=", ".join(role.many for role in roles_with(permission)),
    )
    raise Refusal(f"{words} {_('An admin can give somebody the role: /people. Nothing was asked for.')}")


def check_open(approval: Approval, now: datetime, seen: int, bound: Terms | None) -> None:
    """Raise Stale where it no longer waits, or is not what the person saw, or about what has changed.

    bound: what the deed is about as it is now; None where there is no such thing any more.
    """
    if approval.state is not ApprovalState.WAITING:
        raise Stale(_(_OVER[approval.state]))
    if now >= approval.expires_at:
        raise Stale(_(_OVER[ApprovalState.EXPIRED]))
    if seen != approval.mark or bound != approval.terms:
        raise Stale(_("What this is about has changed, so your answer was not counted. Ask for it anew."))


def check_signer(looked: Looked, who: Person, permission: Permission) -> None:
    """Raise Forbidden, or Stale, where the person's yes cannot count."""
    who.require(permission)
    if who.id == looked.approval.asked_by:
        raise Forbidden(_("You asked for this yourself, so somebody else has to approve it."))
    signed = any(one.person_id == who.id and one.yes for one in looked.signatures)
    if signed and len(signed_by(looked, permission)) < looked.approval.needed:
        raise Stale(_("You approved this already; it counts once. Somebody else has to approve it too."))


def check_stops(approval: Approval, who: Person, permission: Permission, seen: int) -> None:
    """Raise Forbidden, or Stale, where the person cannot call it off.

    Who asked can, and while the fuse burns whoever may approve.
    """
    if seen != approval.mark:
        raise Stale(_("What this is about has changed. Nothing was stopped."))
    if approval.state not in {ApprovalState.WAITING, ApprovalState.FUSE}:
        raise Stale(_(_OVER[approval.state]))
    if approval.asked_by != who.id and approval.state is ApprovalState.WAITING:
        raise Forbidden(_("Only who asked for it can take it back. You can refuse it."))
    if approval.asked_by != who.id:
        who.require(permission)


_OVER = {
    ApprovalState.FUSE: N_("Enough people approved this already; it can still be stopped."),
    ApprovalState.GRANTED: N_("This was approved already, and cannot be stopped any more."),
    ApprovalState.REFUSED: N_("This was refused already."),
    ApprovalState.STOPPED: N_("This was stopped already."),
    ApprovalState.EXPIRED: N_("Too few people answered this in time. Ask for it anew."),
}
