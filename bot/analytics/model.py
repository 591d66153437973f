"""What a day of a business comes to: counts of what happened, and what stands on each account. Pure.

A name is one of NAMES, or "revenue:USD": an account of the ledger and a currency, in minor units.
"""

import hashlib
from collections.abc import Mapping
from datetime import date

from bot.kernel.money import Money

# By the event that each is counted by.
EVENTS: Mapping[str, str] = {
    "deferred": "briefs_deferred",
    "queued": "briefs_started",
    "delivered": "briefs_delivered",
    "rejected": "briefs_rejected",
    "cancelled": "briefs_cancelled",
    "failed": "briefs_failed",
}
STARTED = EVENTS["queued"]
BY_CHECK, BY_PEOPLE = "approved_by_check", "approved_by_people"
CALLS, MICRO_USD = "model_calls", "model_micro_usd"
NAMES = (*EVENTS.values(), BY_CHECK, BY_PEOPLE, CALLS, MICRO_USD)
CHECKED_EVERY = 30  # days, within which each day is counted once more
Counts = Mapping[str, int]
Sums = dict[tuple[str, str], int]  # minor units by account and currency


def place(account: str, currency: str) -> str:
    """The name of what stands on an account."""
    return f"{account}:{currency}"


def sums_in(counts: Counts) -> Sums:
    """What stands on the accounts."""
    found = {}
    for name, minor in counts.items():
        account, _, currency = name.rpartition(":")
        if account:
            found[account, currency] = minor
    return found


def checksum(*parts: object) -> str:
    """By which it is seen that something was changed since it was written: no secret, so no proof against intent."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]


def checksum_of(tenant: str, zone: str, day: date, counts: Counts) -> str:
    """That of a day's row."""
    return checksum(tenant, zone, day.isoformat(), *sorted(counts.items()))


def to_check(day: date, today: date) -> bool:
    """Whether a day is counted once more today, to be compared: the newest two, and of the rest some each day."""
    return (today - day).days <= 2 or day.toordinal() % CHECKED_EVERY == today.toordinal() % CHECKED_EVERY


def in_units(minor: int, currency: str) -> str:
    """ "1240.50", for a file."""
    return str(Money(minor, currency).decimal)
