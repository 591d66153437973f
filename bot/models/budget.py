"""Ceilings on what models may cost: which there are, what counts towards them, and when one is reached."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum

CLOSED = 2**61  # millionths of a dollar: what a closed scope counts as used, more than anybody spends


class Ceiling(StrEnum):
    """What a ceiling is for, in the order in which a reached one is named: the narrowest first."""

    BRIEF = "brief"
    CLIENT = "client"
    DAY = "day"
    MONTH = "month"
    # no amount: a person switched calls off
    SWITCH = "switch"
    # no amount: the rules of where the client lives refuse the provider
    REGION = "region"


@dataclass(frozen=True, slots=True)
class Payer:
    """For whom a call is made: a brief, a client without a brief yet, or (both None) the business itself."""

    tenant: str
    client_id: int | None = None
    brief_id: int | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """An amount (millionths of a US dollar) taken from the scopes that it counts towards; `id` is its row."""

    id: int
    tenant: str
    scopes: tuple[str, ...]
    amount: int


@dataclass(frozen=True, slots=True)
class Reached:
    """A ceiling that has no room for a call. `busy`: it would have, were what others set aside not used up.

    closed: whatever room there is, since the budget is closed until somebody opens it.
    """

    ceiling: Ceiling
    scope: str
    limit: int
    busy: bool
    closed: bool = False


def scopes_of(payer: Payer, at: datetime, zone: tzinfo) -> dict[Ceiling, str]:
    """The scopes that a call made at that time counts towards, by their ceiling.

    zone: in which days and months turn.
    """
    at = at.astimezone(zone)
    scopes: dict[Ceiling, str] = {}
    if payer.brief_id is not None:
        scopes[Ceiling.BRIEF] = f"brief:{payer.brief_id}"
    if payer.client_id is not None:
        scopes[Ceiling.CLIENT] = f"client:{payer.client_id}:{at:%Y-%m}"
    return scopes | {Ceiling.DAY: f"day:{at:%Y-%m-%d}", Ceiling.MONTH: f"month:{at:%Y-%m}"}


def turns_at(ceiling: Ceiling, now: datetime, zone: tzinfo) -> datetime | None:
    """When the ceiling's period is over and it has room again; None for a brief's, which has no period."""
    today = now.astimezone(zone).date()
    if ceiling is Ceiling.BRIEF:
        return None
    following = today + timedelta(days=1)
    if ceiling is not Ceiling.DAY:
        following = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    # Clocks that are put forward at midnight show no 00:00 on that day: by UTC it is the moment at which they are.
    return datetime.combine(following, time(), zone).astimezone(UTC)


def reached(
    amount: int,
    scopes: Mapping[Ceiling, str],
    *,
    limits: Mapping[Ceiling, int],
    used: Mapping[str, int],
    reserved: Mapping[str, int],
) -> Reached | None:
    """The first ceiling without room for `amount`, None where there is room under all of them.

    limits: by ceiling; one that is missing or 0 does not hold. used: what each scope has used, `reserved` of which is
    only set aside by calls under way.
    """
    for ceiling, scope in scopes.items():
        limit, taken = limits.get(ceiling, 0), used.get(scope, 0)
        if taken >= CLOSED:
            return Reached(ceiling, scope, limit, busy=False, closed=True)
        if limit and taken + amount > limit:
            return Reached(ceiling, scope, limit, busy=taken - reserved.get(scope, 0) + amount <= limit)
    return None


def totals(amounts: Sequence[tuple[Sequence[str], int]]) -> dict[str, int]:
    """What amounts add up to in each of their scopes, in the order in which rows are locked."""
    sums: dict[str, int] = {}
    for scopes, amount in amounts:
        for scope in scopes:
            sums[scope] = sums.get(scope, 0) + amount
    return dict(sorted(sums.items()))
