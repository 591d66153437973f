"""Ceilings: what counts towards which, and when one is reached."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.models.budget import Ceiling, Payer, reached, scopes_of, totals, turns_at

AMOUNTS = st.integers(min_value=0, max_value=1_000)
# Clocks are put back and forward at midnight in some of them.
ZONES = ("UTC", "Asia/Karachi", "Europe/Berlin", "America/Havana", "America/Asuncion", "Pacific/Apia", "Africa/Cairo")
TIMES = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1)).map(  # noqa: DTZ001
    lambda at: at.replace(tzinfo=UTC)
)


@given(
    st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.sampled_from([10, 11]), AMOUNTS), max_size=60),
    st.fixed_dictionaries(dict.fromkeys(Ceiling, AMOUNTS)),
    TIMES,
)
def test_no_ceiling_is_passed(calls: list[tuple[int, int, int]], limits: dict[Ceiling, int], at: datetime) -> None:
    """Whatever is asked for in whatever order, what was let through stays under every ceiling that holds."""
    used: dict[str, int] = {}
    for brief_id, client_id, amount in calls:
        scopes = scopes_of(Payer("main", client_id, brief_id), at, UTC)
        if reached(amount, scopes, limits=limits, used=used, reserved={}) is None:
            for scope in scopes.values():
                used[scope] = used.get(scope, 0) + amount
    for scope, total in used.items():
        limit = limits[Ceiling(scope.partition(":")[0])]
        assert limit == 0 or total <= limit


def test_busy_is_not_used_up() -> None:
    """A ceiling that only calls under way fill is busy; one that is spent is not; the narrowest is named."""
    scopes = scopes_of(Payer("main", 10, 1), datetime(2026, 11, 23, tzinfo=UTC), UTC)
    used = dict.fromkeys(scopes.values(), 90)
    limits = {Ceiling.CLIENT: 100, Ceiling.DAY: 100}
    full = reached(20, scopes, limits=limits, used=used, reserved={})
    assert full is not None
    assert (full.ceiling, full.scope, full.busy) == (Ceiling.CLIENT, "client:10:2026-11", False)
    waiting = reached(20, scopes, limits=limits, used=used, reserved=dict.fromkeys(scopes.values(), 50))
    assert waiting is not None
    assert waiting.busy


@given(TIMES, st.sampled_from(ZONES))
def test_periods_turn(at: datetime, name: str) -> None:
    """A period is over exactly when its scope has another name, in every time zone, and a brief's never is."""
    zone = ZoneInfo(name)
    payer = Payer("main", 10, 1)
    for ceiling in (Ceiling.CLIENT, Ceiling.DAY, Ceiling.MONTH):
        end = turns_at(ceiling, at, zone)
        assert end is not None
        assert end > at
        assert scopes_of(payer, end - timedelta(microseconds=1), zone)[ceiling] == scopes_of(payer, at, zone)[ceiling]
        assert scopes_of(payer, end, zone)[ceiling] != scopes_of(payer, at, zone)[ceiling]
    assert turns_at(Ceiling.BRIEF, at, zone) is None


@pytest.mark.parametrize(
    ("at", "scope"), [("2026-11-30T18:59:59Z", "day:2026-11-30"), ("2026-11-30T19:00:00Z", "day:2026-12-01")]
)
def test_days_are_the_tenants(at: str, scope: str) -> None:
    """A call on either side of the tenant's midnight counts towards the day and the month that it is there."""
    scopes = scopes_of(Payer("main", 10), datetime.fromisoformat(at), ZoneInfo("Asia/Karachi"))
    month = scope.removeprefix("day:")[:7]
    assert scopes == {Ceiling.CLIENT: f"client:10:{month}", Ceiling.DAY: scope, Ceiling.MONTH: f"month:{month}"}


def test_scopes_come_in_order() -> None:
    """Counters are always taken in one order, so that two transactions never wait for each other."""
    assert list(totals([(("month:1", "brief:2"), 3), (("brief:2",), 4)]).items()) == [("brief:2", 7), ("month:1", 3)]
