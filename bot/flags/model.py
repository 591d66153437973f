"""Flags: what can be switched off, for everybody or for a part, and what that means to people. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.kernel.errors import Refusal
from bot.kernel.words import moment

MOST_NAMES = 50
LONGEST_NAME = 100


class Flag(StrEnum):
    """A part that can be switched off: its name, what it does while it is on, and what becomes of work while it is off.

    Each is on unless a row says otherwise.
    """

    on: str
    off: str

    PAYMENTS = (
        "payments", "Invoices are made at Stripe.",
        "Invoices wait and are made once it is on again; payments that come in are still booked.",
    )  # fmt: skip
    INTAKE = "intake", "New briefs are taken.", "New briefs are refused kindly; those that were quoted go on."
    AUTO_APPROVAL = "auto_approval", "Drafts that pass the gate go out.", "Every draft is decided on by a person."
    MIRROR = (
        "mirror",
        "Rows are written to Notion.",
        "Rows wait, and the newest of each is written once it is on again.",
    )
    MAIL = "mail", "Mails are sent.", "Mails wait and are sent once it is on again."
    MODEL_CALLS = (
        "model_calls", "Models draft, judge and write down.",
        "Briefs and recordings wait, and go on once it is on again; their clients are told so.",
    )  # fmt: skip

    # the defaults are never used: with them type checkers know that Flag("mail") finds a flag by its name
    def __new__(cls, name: str, on: str = "", off: str = "") -> "Flag":
        flag = str.__new__(cls, name)
        flag._value_ = name
        flag.on, flag.off = on, off
        return flag


class Mode(StrEnum):
    """For whom a flag is on. PERCENT: a stable share of all; TENANTS, CANARY: those that are named, and nobody else."""

    ON = "on"
    OFF = "off"
    PERCENT = "percent"
    TENANTS = "tenants"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants of a flag. names: tenants, or for a canary subjects (people by their number, addresses)."""

    mode: Mode
    percent: int = 0
    names: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """ "off", "on for 25 %", "on for tenants main, acme"."""
        match self.mode:
            case Mode.PERCENT:
                return f"on for {self.percent} %"
            case Mode.TENANTS:
                return f"on for the tenants {', '.join(self.names)}"
            case Mode.CANARY:
                return f"on for {', '.join(self.names)} alone"
        return str(self.mode)


@dataclass(frozen=True, slots=True)
class Switch:
    """How a flag stands. by, since, reason: who changed it last, when and why; version 0: nobody ever did."""

    flag: Flag
    change: Change = Change(Mode.ON)
    reason: str = ""
    by: str = ""
    since: datetime | None = None
    version: int = 0

    def lets(self, tenant: str, subject: str = "") -> bool:
        """Whether it is on for the subject, such as a client's number; what belongs to nobody is in no share."""
        match self.change.mode:
            case Mode.PERCENT:
                return bool(subject) and _share(self.flag, tenant, subject) < self.change.percent
            case Mode.TENANTS:
                return tenant in self.change.names
            case Mode.CANARY:
                return subject in self.change.names
        return self.change.mode is Mode.ON

    @property
    def who(self) -> str:
        """ "Carol switched it off on Thu 26 Nov, 14:03 UTC"."""
        when = "" if self.since is None else f" on {moment(self.since)}"
        return f"{self.by or 'Somebody'} switched it {self.change.words}{when}"


def counts(installations: Switch, own: Switch | None, tenant: str, subject: str = "") -> Switch:
    """Which switch counts for a tenant's subject: the installation's while it keeps the part from it, else the
    tenant's own, where it has one. Who switched for the installation, and why, is not told to others.

    own: None for the installation itself.
    """
    if own is None:
        return installations
    if installations.lets(tenant, subject) and own.version:
        return own
    return replace(installations, by="The installation" if installations.version else "", reason="")


class SwitchedOff(Refusal):
    """A part is switched off for whoever asked; the text says who did that, since when, and what to do next."""

    def __init__(self, switch: Switch, what: str, then: str) -> None:
        super().__init__(f"{what}: {_by(switch)}. {then}")
        self.switch = switch


def _by(switch: Switch) -> str:
    """Without the reason and for whom it is on, which are the team's."""
    when = "" if switch.since is None else f" on {moment(switch.since)}"
    return f"{switch.by or 'an admin'} switched that off{when}"


def check(change: Change, reason: str) -> str:
    """The reason as it is kept. Raises Refusal where the change makes no sense, or nobody would know why."""
    reason = " ".join(reason.split())
    if not any(character.isalnum() for character in reason):
        raise Refusal("Say why in a few words: the others read it. For example: Stripe answers with errors.")
    if len(reason) > 300:
        raise Refusal(f"A reason has at most 300 characters; this one has {len(reason)}. Nothing was changed.")
    if change.mode is Mode.PERCENT and not 0 < change.percent < 100:
        raise Refusal("A share is a whole number from 1 to 99; for all write on, for nobody off. Nothing was changed.")
    if change.mode in {Mode.TENANTS, Mode.CANARY} and not change.names:
        raise Refusal(f"Name them: /flags intake {change.mode} acme,nordwind and the reason. Nothing was changed.")
    if len(change.names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in change.names):
        raise Refusal(f"At most {MOST_NAMES} names, of {LONGEST_NAME} characters each. Nothing was changed.")
    return reason


def _share(flag: Flag, tenant: str, subject: str) -> int:
    """0 to 99, always the same for the same subject, so that a growing share keeps those who are in it."""
    digest = hashlib.sha256(f"{flag}|{tenant}|{subject}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100


def all_of(rows: Sequence[Switch]) -> dict[Flag, Switch]:
    """How every flag stands, also those that nobody ever changed."""
    return {flag: Switch(flag) for flag in Flag} | {switch.flag: switch for switch in rows}
