"""How much somebody may ask of the chat, as data; and what is unusual enough to be told to admins. Pure.

What counts is kept in the memory of the process that answers: a stranger's words cost no row, and a restart forgets.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.access.model import Role
from bot.kernel.translation import gettext_noop as N_

MOST_KNOWN = 10_000  # counts; of more, those whose time is over are forgotten, and then all
EXPORTS = frozenset({"/export", "tap aexport", "tap lcsv", "tap fincsv", "tap forecastcsv", "tap qcsv", "tap reportcsv",
                     "tap askcsv"})  # fmt: skip
TEAM = frozenset({Role.ANALYST, Role.OPERATOR, Role.ADMIN})


class Wish(StrEnum):
    """What an update asks for. CODE: to come in by a link; NUMBER: to see one of a number; PLAIN: words, or /brief."""

    CODE = "code"
    NUMBER = "number"
    PLAIN = "plain"
    OTHER = "other"


ALL, NOTHING = frozenset(Wish), frozenset[Wish]()
CODE, NUMBER, PLAIN = frozenset({Wish.CODE}), frozenset({Wish.NUMBER}), frozenset({Wish.PLAIN})
NO_CODE = ALL - CODE


@dataclass(frozen=True, slots=True)
class Did:
    """What somebody did, as it was answered. code: whether they opened a link with a code."""

    role: Role
    action: str
    outcome: str
    code: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """So many of something within a time. counts: whether what somebody did is of it.

    words: what they read once where it is reached, with {time} until when; "": nothing. each: they read it each time.
    holds: what of theirs is not answered until then. alert: the rule by which admins are told. of_tenant: counted for
    all of a tenant together. role: it holds only while they have that one.
    """

    name: str
    most: int
    within: timedelta
    counts: Callable[[Did], bool]
    words: str = ""
    holds: frozenset[Wish] = ALL
    alert: str = ""
    of_tenant: bool = False
    each: bool = False
    role: Role | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """Since when how many."""

    since: datetime
    number: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """It is not answered. words: what is said all the same, "" for nothing; wait: for how long.

    role: of whoever is held only while they have that one; None where that is no matter.
    """

    words: str
    wait: timedelta
    role: Role | None = None


FLOOD = N_("You write faster than I can read. I read on in {time}; please send again then what you sent until then.")
BRIEFS = N_("That is a lot of briefs within an hour, so I take the next one in {time}. Write to the team: /support")
GUESSED = N_("Too many links that do not work. I answer again in {time}. Ask whoever invited you for a new link.")
SEARCHED = N_("Too many numbers that are not yours. I answer again in {time}. Your own are listed by /briefs.")


def limits(
    messages_a_minute: int, briefs_an_hour: int, tenant_briefs_an_hour: int, of_strangers: int
) -> Sequence[Limit]:
    """All of them; 0 stands for no limit. of_strangers: what is answered a stranger within an hour."""
    hour = timedelta(hours=1)
    found = (
        Limit("flood", messages_a_minute, timedelta(minutes=1), lambda did: did.role is not Role.STRANGER, FLOOD),
        Limit("briefs", briefs_an_hour, hour, _is_brief, BRIEFS, PLAIN, each=True),
        Limit("briefs of all", tenant_briefs_an_hour, hour, _is_brief, BRIEFS, PLAIN, of_tenant=True, each=True),
        Limit("strangers", of_strangers, hour, lambda did: did.role is Role.STRANGER and not did.code, holds=NO_CODE,
              role=Role.STRANGER),
        Limit("removed", 1, timedelta(days=1), lambda did: did.role is Role.REMOVED and not did.code, holds=NO_CODE,
              role=Role.REMOVED),
        Limit("invitations", 5, hour, lambda did: did.code and did.outcome != "done", GUESSED, CODE, "codes_guessed"),
        Limit("numbers", 20, timedelta(minutes=10), _is_guess, SEARCHED, NUMBER, "numbers_guessed"),
        Limit("refusals", 20, hour, _is_refused, holds=NOTHING, alert="many_refusals"),
        Limit("exports", 10, hour, lambda did: did.action in EXPORTS and did.outcome == "done", holds=NOTHING,
              alert="mass_export"),
    )  # fmt: skip
    return [one for one in found if one.most]


def _is_brief(did: Did) -> bool:
    return did.action in {"brief", "/brief"} and did.outcome == "done" and did.role is Role.CLIENT


def _is_guess(did: Did) -> bool:
    """A number that leads to nothing of theirs, such as /brief_1042; the team looks up what it likes."""
    return did.action.endswith("_") and did.outcome == "refusal" and did.role not in TEAM


def _is_refused(did: Did) -> bool:
    return did.outcome in {"forbidden", "forged"} and did.role not in {Role.STRANGER, Role.REMOVED}


@dataclass(slots=True)
class Counter:
    """What is counted of everybody. clock: the moment."""

    limits: Sequence[Limit]
    clock: Callable[[], datetime]
    _counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    _told: dict[tuple[str, int], datetime] = field(default_factory=dict)
    _tenants: dict[int, str] = field(default_factory=dict)

    def held(self, user_id: int, wish: Wish) -> Held | None:
        """Whether that of the person is not answered just now; None where it is."""
        now = self.clock()
        for limit in self.limits:
            key = (limit.name, self._whose(limit, user_id))
            count = self._counts.get(key)
            if count is None or wish not in limit.holds:
                continue
            wait = count.since + limit.within - now
            if count.number < limit.most or wait <= timedelta():
                continue
            told = self._told.get((limit.name, user_id)) == count.since and not limit.each
            self._told[limit.name, user_id] = count.since
            words = "" if told else limit.words
            return Held(words, timedelta(seconds=math.ceil(wait.total_seconds())), limit.role)
        return None

    def forget(self, user_id: int) -> None:
        """They are not any more what they were held for."""
        for limit in self.limits:
            if limit.role is not None:
                self._counts.pop((limit.name, str(user_id)), None)

    def did(self, user_id: int, tenant: str, did: Did) -> Sequence[Limit]:
        """Count it; returns the limits that it reached and admins hear of."""
        self._remember(user_id, tenant)
        reached = [limit for limit in self.limits if limit.counts(did) and self._counted(limit, user_id) == limit.most]
        return [limit for limit in reached if limit.alert]

    def _counted(self, limit: Limit, user_id: int) -> int:
        now, key = self.clock(), (limit.name, self._whose(limit, user_id))
        count = self._counts.get(key, Count(now))
        if now - count.since >= limit.within:
            count = Count(now)
        self._counts[key] = replace(count, number=count.number + 1)
        return count.number + 1

    def _whose(self, limit: Limit, user_id: int) -> str:
        return f"tenant {self._tenants.get(user_id, '')}" if limit.of_tenant else str(user_id)

    def _remember(self, user_id: int, tenant: str) -> None:
        if len(self._tenants) >= MOST_KNOWN:
            self._tenants.clear()
            self._told.clear()
        self._tenants[user_id] = tenant
        if len(self._counts) >= MOST_KNOWN:
            now, within = self.clock(), {limit.name: limit.within for limit in self.limits}
            self._counts = {key: one for key, one in self._counts.items() if now - one.since < within[key[0]]}
            if len(self._counts) >= MOST_KNOWN:
                self._counts.clear()
