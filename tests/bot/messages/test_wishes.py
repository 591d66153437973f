"""What people hear of, and when not."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.access.model import Person, Role
from bot.kernel.errors import Refusal
from bot.messages.topics import Topic
from bot.messages.wishes import Hear, QuietHours, how_loud, wish, wished

NIGHT = datetime(2026, 11, 28, 2, 0, tzinfo=UTC)
DAY = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def person(quiet: str = "", heard: str = "", zone: str = "UTC") -> Person:
    return Person(1, "main", 1, "Carol", Role.ADMIN, zone=zone, quiet_hours=quiet, heard=heard)


@pytest.mark.parametrize(
    ("said", "begins", "ends"),
    [("22:00-07:00", time(22), time(7)), (" 22 - 7 ", time(22), time(7)), ("9:30–10:15", time(9, 30), time(10, 15)),
     ("22:00 to 7:00", time(22), time(7))],
)  # fmt: skip
def test_as_people_write_them(said: str, begins: time, ends: time) -> None:
    """Hours are read as people write them, and kept so that they are read back."""
    hours = QuietHours.said(said)
    assert (hours.begins, hours.ends) == (begins, ends)
    assert QuietHours.kept(str(hours)) == hours
    assert QuietHours.kept(f"{hours}!") == QuietHours(begins, ends, strict=True)


@pytest.mark.parametrize("said", ["", "night", "25:00-07:00", "22:00", "22:60-7:00", "7-7"])
def test_refused(said: str) -> None:
    """What is none is refused with an example."""
    with pytest.raises(Refusal, match=r"[Ff]or example"):
        QuietHours.said(said)


@pytest.mark.parametrize(
    ("hours", "hour", "zone", "quiet"),
    [("22:00-07:00", 23, "UTC", True), ("22:00-07:00", 7, "UTC", False), ("22:00-07:00", 21, "UTC", False),
     ("13:00-14:00", 13, "UTC", True), ("13:00-14:00", 14, "UTC", False), ("22:00-07:00", 18, "Asia/Karachi", True),
     ("22:00-07:00", 3, "Asia/Karachi", False)],
)  # fmt: skip
def test_by_their_own_clock(hours: str, hour: int, zone: str, quiet: bool) -> None:
    """They hold from the first minute to before the last, over midnight, by the clocks where the person is."""
    kept = QuietHours.kept(hours)
    assert kept is not None
    at = DAY.replace(hour=hour)
    assert kept.hold(at, ZoneInfo(zone)) is quiet


@pytest.mark.parametrize(
    ("quiet", "heard", "at", "urgent", "how"),
    [("", "", DAY, False, Hear.ON), ("", "jobs=off", DAY, False, Hear.OFF),
     ("", "jobs=silent", DAY, False, Hear.SILENT),
     ("22:00-07:00", "", NIGHT, False, Hear.SILENT), ("22:00-07:00", "jobs=off", NIGHT, False, Hear.OFF),
     ("22:00-07:00", "", NIGHT, True, Hear.ON), ("22:00-07:00!", "", NIGHT, True, Hear.SILENT),
     ("22:00-07:00!", "", DAY, True, Hear.ON), ("", "jobs=off", DAY, True, Hear.ON)],
)  # fmt: skip
def test_how_loud(quiet: str, heard: str, at: datetime, urgent: bool, how: Hear) -> None:
    """What is critical comes all the same, but silently where the person wants even that."""
    assert how_loud(person(quiet, heard), Topic.JOBS, at, urgent=urgent) is how


def test_wishes() -> None:
    """One wish leaves the others, "on" is what needs no word, and what waits for a person is always heard."""
    heard = wished(wished("", Topic.JOBS, Hear.OFF), Topic.MIRROR, Hear.SILENT)
    assert heard == "jobs=off mirror=silent"
    assert wished(heard, Topic.JOBS, Hear.ON) == "mirror=silent"
    assert wish("approvals=off", Topic.APPROVALS) is Hear.ON
