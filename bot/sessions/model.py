"""Signing in to the pages: links, keys, sessions, and how often somebody may try. Pure.

https://owasp.org/www-project-application-security-verification-standard/, 5.0: 6.5, 7.2, 7.3, 7.4.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from bot.access.model import Role
from bot.kernel.errors import Refusal
from bot.kernel.text.words import duration
from bot.kernel.translation import gettext as _
from bot.kernel.translation import gettext_noop as N_

LINK_LIFETIME = timedelta(minutes=10)
IDLE, LONGEST = timedelta(minutes=30), timedelta(hours=12)
TOUCHED_EACH = timedelta(minutes=1)  # so often at most it is written down that a session is used
WINDOW, MOST_TRIES = timedelta(minutes=1), 5
# After so many failures in a row the place waits, twice as long each time.
FREE_FAILURES = 5
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
FORGIVEN = timedelta(days=1)  # failures that are older do not count
KEY_STARTS = "ep_"
LONGEST_DEVICE = 60
# In the order in which they are looked for: each browser names those that it is like.
_SYSTEMS = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"))  # fmt: skip
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))


class Way(StrEnum):
    """How somebody signed in."""

    LINK = "link"
    KEY = "key"
    TELEGRAM = "telegram"

    @property
    def words(self) -> str:
        """ "by a link"."""
        return _(_WAYS[self])


_WAYS = {Way.LINK: N_("by a link"), Way.KEY: N_("by the dashboard key"), Way.TELEGRAM: N_("inside Telegram")}


class TooOften(Refusal):
    """Too many tries from one place; `after` says when the next one is listened to."""

    def __init__(self, after: timedelta) -> None:
        super().__init__(_("Too many tries from here. The next one counts in {time}.", time=duration(after)))
        self.after = after


@dataclass(frozen=True, slots=True)
class Session:
    """A row of `sessions`: somebody who is signed in, with the role that they had when they did.

    device: the browser and the machine, as far as they say so.
    """

    id: int
    person_id: int
    role: Role
    way: Way
    device: str
    began_at: datetime
    seen_at: datetime

    def open(self, now: datetime) -> bool:
        """Whether it still counts: used of late, and not too old."""
        return now - self.seen_at < IDLE and now - self.began_at < LONGEST


@dataclass(frozen=True, slots=True)
class Standing:
    """A page of a person's open sessions, how many there are in all, and whether they have a key."""

    sessions: Sequence[Session]
    open: int
    key: bool

    def showing(self, sessions: Sequence[Session]) -> Self:
        """The same, with another page of them."""
        return replace(self, sessions=sessions)


@dataclass(frozen=True, slots=True)
class Place:
    """How often somebody tried from one place: since when it is counted, how often, and failures in a row."""

    since: datetime
    tries: int = 0
    failures: int = 0
    failed_at: datetime | None = None


def tried(place: Place, now: datetime) -> Place:
    """One try more. Raises TooOften where it comes too soon, and then it does not count."""
    if place.failed_at is not None and now - place.failed_at >= FORGIVEN:
        place = replace(place, failures=0, failed_at=None)
    if place.failed_at is not None and (waits := place.failed_at + wait_after(place.failures)) > now:
        raise TooOften(waits - now)
    if now - place.since >= WINDOW:
        return replace(place, since=now, tries=1)
    if place.tries >= MOST_TRIES:
        raise TooOften(place.since + WINDOW - now)
    return replace(place, tries=place.tries + 1)


def failed(place: Place, now: datetime) -> Place:
    """The try was in vain."""
    return replace(place, failures=place.failures + 1, failed_at=now)


def succeeded(place: Place) -> Place:
    """The try was right: what failed before it is forgotten, and what was tried is not."""
    return replace(place, failures=0, failed_at=None)


def wait_after(failures: int) -> timedelta:
    """How long a place waits after so many failures in a row."""
    if failures < FREE_FAILURES:
        return timedelta()
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - FREE_FAILURES, 10)))


def new_token() -> str:
    """What a session's cookie says: 256 random bits."""
    return secrets.token_urlsafe(32)


def new_key() -> str:
    """A dashboard key: 192 random bits, so that its SHA-256 gives it away to nobody."""
    return KEY_STARTS + secrets.token_urlsafe(24)


def device_of(agent: str) -> str:
    """ "Firefox, Android": what a User-Agent says, in few words; "" where it says nothing known."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return ", ".join(filter(None, (browser, system)))[:LONGEST_DEVICE]
