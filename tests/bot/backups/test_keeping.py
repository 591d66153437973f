"""Which backups are kept: a rule of times alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.backups.model import Manifest, made_at, new_name, to_keep
from tests.bot.backups.making import blank

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
TIMES = st.lists(st.integers(0, 30_000).map(lambda hours: NOW - timedelta(hours=hours)))


def nights(count: int) -> list[datetime]:
    return [NIGHT - timedelta(days=back) for back in range(count)]


def test_two_years_of_nights() -> None:
    """Of two years of nights there are the last 30, and the last night of each of the eleven months before."""
    kept = sorted(to_keep(nights(730), NOW))
    assert kept[-30:] == sorted(nights(30))
    assert [f"{at:%Y-%m-%d}" for at in kept[:-30]] == [
        "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31",
        "2026-08-31", "2026-09-30",
    ]  # fmt: skip
    assert datetime(2026, 10, 31, 0, 30, tzinfo=UTC) in kept  # October's is one of the 30


def test_several_a_day() -> None:
    """Of a day that is over the newest stays; of the last 24 hours all do."""
    by_hand = [NIGHT - timedelta(days=3) + timedelta(hours=hours) for hours in range(3)]
    today = [NOW - timedelta(hours=hours) for hours in range(3)]
    assert to_keep([*by_hand, *today], NOW) == {by_hand[-1], *today}


def test_nothing_newer() -> None:
    """The newest of all stays, however long nothing was backed up."""
    old = [NIGHT - timedelta(days=days) for days in (800, 900)]
    assert to_keep(old, NOW) == {old[0]}


@given(made=TIMES)
def test_what_goes_never_comes_back(made: list[datetime]) -> None:
    """What is kept is some of what there is, with the newest of it; and a second look keeps the same."""
    kept = to_keep(made, NOW)
    assert kept <= set(made)
    assert (max(made) in kept) if made else not kept
    assert to_keep(kept, NOW) == kept


def test_names() -> None:
    """A name tells when its backup was made; what is called otherwise is no name of one."""
    assert made_at(new_name(NOW)) == NOW
    assert made_at("echopilot.db") is None
    assert made_at("../echopilot-20261128T120000Z-aaaaaa") is None


def test_a_manifest_that_leads_elsewhere() -> None:
    """A manifest whose name would be a path is none, whoever wrote it into the second place."""
    said = blank().to_json()
    assert Manifest.from_json(said).to_json() == said
    with pytest.raises(ValueError, match="names itself"):
        Manifest.from_json(said | {"name": "../../etc/cron.d/x"})
    with pytest.raises(ValueError, match="no manifest"):
        Manifest.from_json({"name": said["name"]})
