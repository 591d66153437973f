"""Step-up: before something dangerous an admin shows once more that it is them. Pure.

https://cheatsheetseries.owasp.org/cheatsheets/Multifactor_Authentication_Cheat_Sheet.html
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.kernel.errors import Refusal
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

LASTS = timedelta(minutes=5)  # so long a confirmation holds, for the same person and kind
ASKED = timedelta(minutes=15)  # so long other admins may confirm
LOST_ASKED = timedelta(days=1)
RESET_BY = 2  # admins who say that somebody lost their authenticator; where there is but one other, that one
FREE_FAILURES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(days=1)
LOST = "lost"  # the kind of a request that takes an authenticator off


class Kind(StrEnum):
    """What needs a step-up; each is confirmed by itself."""

    ROLES = "roles"
    SECRETS = "secrets"
    RESTORE = "restore"
    PAYMENTS = "payments"
    REFUNDS = "refunds"
    AUTHENTICATOR = "authenticator"


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a kind is, for people, to be translated. by_several: other people have to say yes to it in any case."""

    title: str
    by_several: bool = False


# What is dangerous enough. A verb of this kind asks `bot.step_up.checking` within its transaction.
GUARDED: Mapping[Kind, Guarded] = {
    Kind.ROLES: Guarded(N_("Change who is an admin")),
    Kind.SECRETS: Guarded(N_("Replace or end secrets")),
    Kind.RESTORE: Guarded(N_("Release or discard what waits after a restore")),
    Kind.PAYMENTS: Guarded(N_("Switch payments on again")),
    Kind.REFUNDS: Guarded(N_("Approve a refund over the limit"), by_several=True),
    Kind.AUTHENTICATOR: Guarded(N_("Change your authenticator")),
}


class State(StrEnum):
    """Of a request to other admins."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Authenticator:
    """A row of `authenticators`. secret, pending: sealed, "" where there is none; pending: of one being set up."""

    person_id: int
    secret: str
    pending: str
    last_step: int
    failures: int
    failed_at: datetime | None
    set_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A row of `step_up_requests`: an admin asks the others. again: what goes on then: a button, or words.

    kind: a `Kind`, or LOST. first_by: who of several said yes first.
    """

    id: int
    tenant: str
    person_id: int
    kind: str
    again: Mapping[str, Any]
    state: State
    first_by: int | None
    ended_by: int | None
    asked_at: datetime

    def over(self, now: datetime) -> bool:
        """Whether it came too late to be answered."""
        return now - self.asked_at >= (LOST_ASKED if self.kind == LOST else ASKED)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with somebody's authenticator. others: admins who can confirm for them."""

    set_up_at: datetime | None
    recovery_left: int
    others: int
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Somebody confirmed by a code. recovery_left: where it was a recovery code, how many are left."""

    kind: Kind
    recovery_left: int | None = None


@dataclass(frozen=True, slots=True)
class Key:
    """What is shown once of an authenticator that is set up: the key, and the picture that says it."""

    secret: str
    picture: bytes


class StepUpNeeded(Refusal):
    """The person has to confirm first. by_code: whether they have an authenticator; else another admin does."""

    def __init__(self, kind: Kind, *, by_code: bool) -> None:
        super().__init__(_("Confirm first that it is you: /authenticator shows how."))
        self.kind, self.by_code = kind, by_code


class WrongCode(Refusal):
    """The code does not count."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "That code is wrong, too old, or was used already. Write the next one that your authenticator shows. "
                "A recovery code works too."
            )
        )


class LockedOut(Refusal):
    """Too many wrong codes."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(
            _(
                "Too many wrong codes. The next one counts in {time}; until then another admin can confirm.",
                time=duration(wait),
            )
        )


def wait_after(failures: int) -> timedelta:
    """How long no code counts after so many failures in a row: twice as long each time."""
    if failures < FREE_FAILURES:
        return timedelta()
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - FREE_FAILURES, 12)))


def locked_until(of: Authenticator, now: datetime) -> datetime | None:
    """Until when no code of the person counts; None where the next one does."""
    if of.failed_at is None:
        return None
    until = of.failed_at + wait_after(of.failures)
    return until if until > now else None


def reset_needs(others: int) -> int:
    """How many of the other admins take an authenticator off."""
    return min(RESET_BY, others)
