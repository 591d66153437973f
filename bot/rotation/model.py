"""Keys that EchoPilot issues itself, and turns by itself. Pure.

None is kept anywhere: each is derived from a secret of the installation (`Roots`) and from what the database keeps of
it, a random salt, so that neither a copy of the database nor one of the settings alone has it. A key of before counts
until it ends. https://csrc.nist.gov/pubs/sp/800/57/pt1/r5/final, 5.3
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.kernel.translation import gettext_noop as N_

TOKEN = "token"  # noqa: S105 - the mark of the bot's own token among the roots
SOON = timedelta(days=14)  # before a secret of others is due, it is named


class Purpose(StrEnum):
    """What a key is for."""

    BUTTONS = "buttons"
    API_TOKENS = "api tokens"
    WEBHOOK = "telegram webhook"


@dataclass(frozen=True, slots=True)
class Turns:
    """How a purpose's keys turn: a new one after `every`; the one before it counts for `overlap` more.

    title: for people, to be translated.
    """

    title: str
    every: timedelta
    overlap: timedelta


# A button in a chat is tapped long after it came; a token lasts 15 minutes; Telegram is told of a new secret at once,
# and what it sent before that, it sends again for a day: https://core.telegram.org/bots/api#getupdates
TURNS: Mapping[Purpose, Turns] = {
    Purpose.BUTTONS: Turns(N_("Buttons in the chat"), timedelta(days=90), timedelta(days=180)),
    Purpose.API_TOKENS: Turns(N_("Tokens of partners' programs"), timedelta(days=30), timedelta(hours=1)),
    Purpose.WEBHOOK: Turns(N_("Telegram's webhook"), timedelta(days=30), timedelta(days=2)),
}
NAMES: Mapping[str, Purpose] = {purpose.name.lower(): purpose for purpose in Purpose}


@dataclass(frozen=True, slots=True)
class Issued:
    """What the database keeps of a key. root: the mark of the secret that it comes from; ends_at: None: the newest."""

    id: int
    purpose: Purpose
    root: str
    salt: str
    created_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Roots:
    """The installation's secrets, by their marks; `newest` is the mark of the one that new keys come from."""

    by_mark: Mapping[str, bytes]
    newest: str

    def key(self, issued: Issued) -> bytes | None:
        """The key itself; None where its secret is not known here."""
        root = self.by_mark.get(issued.root)
        if root is None:
            return None
        salt = f" {issued.salt}" if issued.salt else ""
        return hmac.digest(root, f"echopilot {issued.purpose.value}{salt}".encode(), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class Own:
    """A purpose, as people read of it. older: how many keys of before still count; since: None: it has no key yet."""

    purpose: Purpose
    since: datetime | None
    due: datetime | None
    older: int
    from_token: bool


@dataclass(frozen=True, slots=True)
class Given:
    """A secret that others issued. since: when it was first seen as it is now."""

    setting: str
    since: datetime
    due: datetime


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every secret there is: EchoPilot's own, and those that others issued. unknown: keys whose root is not here."""

    own: Sequence[Own]
    given: Sequence[Given]
    unknown: int


def roots(given: str, token: str) -> Roots:
    """The installation's secrets. given: with commas between them, the first for new keys; "": the token's alone."""
    found = [one.strip().encode() for one in given.replace("\n", ",").split(",") if one.strip()]
    by_mark = {mark_of(one): one for one in found}
    return Roots({**by_mark, TOKEN: token.encode()}, next(iter(by_mark), TOKEN))


def mark_of(secret: bytes) -> str:
    """What tells one secret from another, and nothing of what it says."""
    return hmac.digest(secret, b"echopilot mark of a secret", hashlib.sha256).hex()[:12]


def as_webhook_secret(key: bytes) -> str:
    """43 letters of those that Telegram takes: https://core.telegram.org/bots/api#setwebhook."""
    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def is_due(newest: Issued | None, all_roots: Roots, now: datetime) -> bool:
    """Whether there is to be a new key: there is none, it is old, or it comes from a secret that was replaced."""
    if newest is None:
        return True
    return now - newest.created_at >= TURNS[newest.purpose].every or newest.root != all_roots.newest
