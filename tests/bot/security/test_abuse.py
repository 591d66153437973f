"""How much somebody may ask, and what is unusual enough for admins to hear of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.access.model import Role
from bot.security.abuse import Counter, Did, Wish, limits
from tests.alerting import alert_of
from tests.clock import SimulatedClock
from tests.desk import desk
from tests.house import Providers

ASKS, ME, OTHER = timedelta(seconds=1), 7, 8
BRIEF = Did(Role.CLIENT, "brief", "done")
GUESS = Did(Role.CLIENT, "/brief_", "refusal")
CODE = Did(Role.STRANGER, "/start", "refusal", code=True)


@dataclass
class Here:
    """A counter of which each limit is small."""

    clock: SimulatedClock = field(default_factory=SimulatedClock)

    def __post_init__(self) -> None:
        self.counter = Counter(limits(5, 3, 6, 20), self.clock.now)

    def does(self, did: Did, times: int, who: int = ME) -> list[str]:
        """So often; returns the alerts."""
        return [one.alert for _ in range(times) for one in self.counter.did(who, "main", did)]

    def words(self, wish: Wish, who: int = ME) -> str | None:
        held = self.counter.held(who, wish)
        return None if held is None else held.words


def test_a_flood() -> None:
    """Who writes too fast is told once and then not answered, until the minute is over; nobody else is held."""
    here = Here()
    here.does(Did(Role.CLIENT, "message", "done"), 4)
    assert here.words(Wish.PLAIN) is None
    here.does(Did(Role.CLIENT, "message", "done"), 1)
    assert "faster than I can read" in str(here.words(Wish.PLAIN))
    assert (here.words(Wish.OTHER), here.words(Wish.PLAIN, OTHER)) == ("", None)
    here.clock.passes(minutes=1)
    assert here.words(Wish.PLAIN) is None


def test_briefs_of_a_person() -> None:
    """A spammer's next brief is refused each time, and everything else is answered."""
    here = Here()
    here.does(BRIEF, 3)
    assert "a lot of briefs" in str(here.words(Wish.PLAIN))
    assert "a lot of briefs" in str(here.words(Wish.PLAIN))
    assert (here.words(Wish.OTHER), here.words(Wish.PLAIN, OTHER)) == (None, None)


def test_briefs_of_a_tenant() -> None:
    """All clients of a tenant together have a limit too; another tenant's clients are not held."""
    here = Here()
    for who in (11, 12, 13):
        here.does(BRIEF, 2, who)
    here.counter.did(21, "acme", BRIEF)
    assert "a lot of briefs" in str(here.words(Wish.PLAIN, 13))
    assert here.words(Wish.PLAIN, 21) is None


def test_strangers_cost_nothing() -> None:
    """After twenty answers a stranger gets none for an hour, and no word; an invitation is followed all the same."""
    here = Here()
    here.does(Did(Role.STRANGER, "message", "forbidden"), 20)
    assert (here.words(Wish.PLAIN), here.words(Wish.CODE)) == ("", None)


def test_a_blocked_person_is_told_once() -> None:
    """Who was removed hears so once a day; a newer invitation lets them in."""
    here = Here()
    here.does(Did(Role.REMOVED, "message", "forbidden"), 1)
    assert (here.words(Wish.PLAIN), here.words(Wish.OTHER), here.words(Wish.CODE)) == ("", "", None)
    here.clock.passes(days=1)
    assert here.words(Wish.PLAIN) is None


def test_invitations_are_not_guessed() -> None:
    """After five links that do not work the sixth is not looked up, and admins hear of it once."""
    here = Here()
    assert here.does(CODE, 5) == ["codes_guessed"]
    assert "links that do not work" in str(here.words(Wish.CODE))
    assert here.words(Wish.PLAIN) is None
    assert here.does(CODE, 5) == []


def test_numbers_are_not_tried_out() -> None:
    """After twenty numbers that are not theirs the next is not looked up; the team looks up what it likes."""
    here = Here()
    here.counter.limits = [one for one in here.counter.limits if one.name != "flood"]
    assert here.does(GUESS, 20) == ["numbers_guessed"]
    assert "numbers that are not yours" in str(here.words(Wish.NUMBER))
    assert here.words(Wish.PLAIN) is None
    assert here.does(Did(Role.OPERATOR, "/brief_", "refusal"), 40, OTHER) == []


@pytest.mark.parametrize(("did", "alert"), [
    (Did(Role.OPERATOR, "/people", "forbidden"), "many_refusals"),
    (Did(Role.CLIENT, "tap apyes", "forged"), "many_refusals"),
    (Did(Role.ADMIN, "/export", "done"), "mass_export"),
    (Did(Role.ANALYST, "tap reportcsv", "done"), "mass_export"),
])  # fmt: skip
def test_what_is_unusual(did: Did, alert: str) -> None:
    """Admins hear once of what somebody does that is unusual, who is not held for it."""
    here = Here()
    here.counter.limits = [one for one in here.counter.limits if one.name != "flood"]
    assert here.does(did, 30) == [alert]
    assert here.words(Wish.PLAIN) is None


def test_no_limit() -> None:
    """0 stands for none."""
    assert {one.name for one in limits(0, 0, 0, 0)}.isdisjoint({"flood", "briefs", "briefs of all", "strangers"})


@pytest.mark.both_databases
@pytest.mark.parametrize(("hour", "role", "told"), [
    (23, Role.ADMIN, True), (5, Role.OPERATOR, True), (12, Role.ADMIN, False), (23, Role.CLIENT, False),
])  # fmt: skip
async def test_a_role_at_night(stand_ins: Providers, database_url: str, hour: int, role: Role, told: bool) -> None:
    """A role of the team that is given at night is told to admins; by day, or a client's, it is not."""
    clock = SimulatedClock(datetime(2026, 11, 26, hour, 30, tzinfo=UTC))
    async with desk(stand_ins, database_url, clock) as home:
        verbs, carol = home.app.services.people, await home.person(home.carol)
        bob = await home.person(home.bob)
        if bob.role is not Role.REMOVED:
            bob = await verbs.roles.change_role(carol, bob.id, bob.role, Role.REMOVED)
        await verbs.roles.change_role(carol, bob.id, Role.REMOVED, role)
        assert (await alert_of(home.app, "role_at_night", str(bob.id)) is not None) is told


def test_it_forgets() -> None:
    """It never remembers more than so many people."""
    here = Here()
    for who in range(10_100):
        here.counter.did(who, "main", BRIEF)
    assert len(here.counter._counts) <= 20_100
