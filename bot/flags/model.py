"""Flags: what can be switched off, for everybody or for a part, and what that means to people. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.kernel.errors import Refusal
from bot.kernel.text.words import moment
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_
from bot.kernel.translation import number, percent, pgettext

MOST_NAMES = 50
LONGEST_NAME = 100


class Flag(StrEnum):
    """A part that can be switched off: its name, what it does while it is on, and what becomes of work while it is off.

    Each is on unless a row says otherwise.
    """

    _said_on: str
    _said_off: str

    PAYMENTS = (
        "payments", N_("Invoices are made, and refunds sent, at Stripe."),
        N_("Invoices and approved refunds wait until it is on again; payments that come in are still booked."),
    )  # fmt: skip
    INTAKE = (
        "intake", N_("New briefs are taken."), N_("New briefs are politely refused; those already quoted continue."),
    )  # fmt: skip
    AUTO_APPROVAL = (
        "auto_approval", N_("Drafts that pass the automatic check go out."),
        N_("Every draft is decided on by a person."),
    )  # fmt: skip
    MIRROR = (
        "mirror",
        N_("Rows are written to Notion."),
        N_("Rows wait, and the newest of each is written once it is on again."),
    )
    MAIL = "mail", N_("Mails are sent."), N_("Mails wait and are sent once it is on again.")
    DRIVE = (
        "drive",
        N_("Files are kept in Google Drive."),
        N_("Files wait and are kept once it is on again; clients have their work by chat."),
    )
    PARTNER_API = (
        "partner_api", N_("Partners' programs are answered, and told what becomes of their briefs."),
        N_("Partners' programs are refused politely; what they are to be told waits until it is on again."),
    )  # fmt: skip
    MODEL_CALLS = (
        "model_calls", N_("Models draft, judge and write down."),
        N_("Briefs and recordings wait until it is on again; their clients are told."),
    )  # fmt: skip

    # the defaults are never used: with them type checkers know that Flag("mail") finds a flag by its name
    def __new__(cls, name: str, on: str = "", off: str = "") -> "Flag":
        flag = str.__new__(cls, name)
        flag._value_ = name
        flag._said_on, flag._said_off = on, off
        return flag

    @property
    def on(self) -> str:
        """What it does while it is on."""
        return _(self._said_on)

    @property
    def off(self) -> str:
        """What becomes of work while it is off."""
        return _(self._said_off)


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
                return _("on for {share}", share=percent(self.percent / 100))
            case Mode.TENANTS:
                return _("on for the tenants {names}", names=", ".join(self.names))
            case Mode.CANARY:
                return _("on for {names} alone", names=", ".join(self.names))
            case Mode.ON:
                return _("on")
            case Mode.OFF:
                return _("off")


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
        by = self.by or _("Somebody")
        if self.since is None:
            return _("{name} switched it {how}", name=by, how=self.change.words)
        return _("{name} switched it {how} on {time}", name=by, how=self.change.words, time=moment(self.since))


def counts(installations: Switch, own: Switch | None, tenant: str, subject: str = "") -> Switch:
    """Which switch counts for a tenant's subject: the installation's while it keeps the part from it, else the
    tenant's own, where it has one. Who switched for the installation, and why, is not told to others.

    own: None for the installation itself.
    """
    if own is None:
        return installations
    if installations.lets(tenant, subject) and own.version:
        return own
    return replace(installations, by=_("The installation") if installations.version else "", reason="")


class SwitchedOff(Refusal):
    """A part is switched off for whoever asked; the text says who did that, since when, and what to do next."""

    def __init__(self, switch: Switch, what: str, then: str) -> None:
        super().__init__(_("{what}: {who}. {then}", what=what, who=_by(switch), then=then))
        self.switch = switch


def _by(switch: Switch) -> str:
    """Without the reason and for whom it is on, which are the team's."""
    by = switch.by or pgettext("who did it", "an admin")
    if switch.since is None:
        return _("{name} switched that off", name=by)
    return _("{name} switched that off on {time}", name=by, time=moment(switch.since))


def check(change: Change, reason: str) -> str:
    """The reason as it is kept. Raises Refusal where the change makes no sense, or nobody would know why."""
    reason = " ".join(reason.split())
    if not any(character.isalnum() for character in reason):
        raise Refusal(_("Say why in a few words: the others read it. For example: Stripe answers with errors."))
    if len(reason) > 300:
        raise Refusal(
            _(
                "A reason has at most 300 characters; this one has {n}. Nothing was changed.",
                n=number(len(reason)),
            )
        )
    if change.mode is Mode.PERCENT and not 0 < change.percent < 100:
        raise Refusal(
            _("A share is a whole number from 1 to 99; for all write on, for nobody off. Nothing was changed.")
        )
    if change.mode in {Mode.TENANTS, Mode.CANARY} and not change.names:
        raise Refusal(
            _("Name them: /flags intake {mode} acme,nordwind and the reason. Nothing was changed.", mode=change.mode)
        )
    if len(change.names) > MOST_NAMES or any(len(name) > LONGEST_NAME for name in change.names):
        raise Refusal(
            _(
                "At most {names} names, of {characters} characters each. Nothing was changed.",
                names=MOST_NAMES,
                characters=LONGEST_NAME,
            )
        )
    return reason


def _share(flag: Flag, tenant: str, subject: str) -> int:
    """0 to 99, always the same for the same subject, so that a growing share keeps those who are in it."""
    digest = hashlib.sha256(f"{flag}|{tenant}|{subject}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 100


def all_of(rows: Sequence[Switch]) -> dict[Flag, Switch]:
    """How every flag stands, also those that nobody ever changed."""
    return {flag: Switch(flag) for flag in Flag} | {switch.flag: switch for switch in rows}
