"""Which backups are kept: a rule of times alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backups.model import Aged, Manifest, is_to_come, made_at, new_name, newest_first, to_keep
from tests.bot.backups.making import blank

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
THERE = st.lists(
    st.builds(
        lambda hours, sound: aged(NOW - timedelta(hours=hours), sound=sound),
        st.integers(-10_000, 30_000),
        st.booleans(),
    )
)


def aged(at: datetime, *, sound: bool = True) -> Aged:
    return Aged(new_name(at), at, sound)


def nights(count: int, last: datetime = NIGHT) -> list[Aged]:
    return [aged(last - timedelta(days=back)) for back in range(count)]


def kept(there: Sequence[Aged], now: datetime = NOW) -> list[datetime]:
    """When those were made that stay, the oldest first."""
    names = to_keep(there, now)
    return sorted(one.made_at for one in there if one.name in names)


def test_two_years_of_nights() -> None:
    """Of two years of nights there are the last 30, and the last night of each of the eleven months before."""
    found = kept(nights(730))
    assert found[-30:] == sorted(one.made_at for one in nights(30))
    assert [f"{at:%Y-%m-%d}" for at in found[:-30]] == [
        "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31",
        "2026-08-31", "2026-09-30",
    ]  # fmt: skip
    assert datetime(2026, 10, 31, 0, 30, tzinfo=UTC) in found  # October's is one of the 30


def test_several_a_day() -> None:
    """Of a day that is over the newest stays; of the last 24 hours all do."""
    by_hand = [NIGHT - timedelta(days=3) + timedelta(hours=hours) for hours in range(3)]
    today = [NOW - timedelta(hours=hours) for hours in range(3)]
    assert kept([aged(at) for at in (*by_hand, *today)]) == sorted([by_hand[-1], *today])


def test_one_that_nobody_tried_takes_no_place() -> None:
    """Of a day that is over the one that was found sound stays, not a later one that was never tried or is damaged; and
    the newest that is sound stays, however long all others are not.
    """
    sound, later = aged(NIGHT - timedelta(days=3)), aged(NIGHT - timedelta(days=3, hours=-9), sound=False)
    assert kept([sound, later]) == [sound.made_at, later.made_at]  # the newest of all
    assert kept([sound, later, *nights(2)]) == [sound.made_at, *kept(nights(2))]
    damaged = [aged(one.made_at, sound=False) for one in nights(400)]
    old = aged(NIGHT - timedelta(days=500))
    assert old.made_at in kept([old, *damaged])


def test_nothing_newer() -> None:
    """However long nothing was backed up, what there is stays."""
    old = [NIGHT - timedelta(days=days) for days in (900, 800)]
    assert kept([aged(at) for at in old]) == old


@pytest.mark.parametrize("days", [-3_000, -40, 40, 400, 3_000])
def test_a_wrong_clock(days: int) -> None:
    """A clock that is wrong for a night costs a day's and a month's place at most; once it is right, nothing more."""
    there, strange = nights(730), aged(NIGHT + timedelta(days=days, minutes=1))
    right = set(kept(there))
    left = [one for one in (*there, strange) if one.name in to_keep((*there, strange), NOW + timedelta(days=days))]
    still = right & {one.made_at for one in left}
    assert len(still) >= len(right) - 2
    assert max(right) in still
    assert still <= set(kept(left))


@given(there=THERE)
def test_what_goes_never_comes_back(there: list[Aged]) -> None:
    """What is kept is some of what there is, with the newest and the newest sound one; a second look keeps the same."""
    names = to_keep(there, NOW)
    past = [one for one in there if not is_to_come(one.made_at, NOW)]
    for some in (past, [one for one in past if one.sound]):
        assert not some or max(one.made_at for one in some) in {one.made_at for one in there if one.name in names}
    assert to_keep([one for one in there if one.name in names], NOW) == names


def test_the_newest_is_none_that_is_to_come() -> None:
    """A backup that was made by a clock that was ahead is not the newest, once the clock is right."""
    ahead, last, before = (blank(made_at=NOW + timedelta(days=days), name=new_name(NOW)) for days in (365, -1, -2))
    assert newest_first([before, ahead, last], NOW) == [last, before, ahead]


def test_names() -> None:
    """A name tells when its backup was made; what is called otherwise is no name of one."""
    assert made_at(new_name(NOW)) == NOW
    assert made_at("echopilot.db") is None
    assert made_at("../echopilot-20261128T120000Z-aaaaaa") is None


def test_a_manifest_that_leads_elsewhere() -> None:
    """A manifest whose name would be a path is none, whoever wrote it into the second place."""
    said = blank().to_json()
    assert Manifest.from_json(said).to_json() == said
    for odd in (
        {"rows": 5},
        {"parts": {"x": {"size": "many", "sha256": ""}}},
        {"made_at": "yesterday"},
        {"format": "x"},
    ):
        with pytest.raises(ValueError, match="no manifest"):
            Manifest.from_json(said | odd)
    with pytest.raises(ValueError, match="names itself"):
        Manifest.from_json(said | {"name": "../../etc/cron.d/x"})
    with pytest.raises(ValueError, match="no manifest"):
        Manifest.from_json({"name": said["name"]})
