"""What is said of processes: who lives, who fell silent, what nobody runs."""

from datetime import UTC, datetime, timedelta

from bot.hosts.model import PARTS, Process, fleet_of

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def process(host: str, *parts: str, silent: timedelta = timedelta(), up: timedelta = HOUR) -> Process:
    return Process(f"{host}-{up}", host, parts, "abc", NOON - up, NOON - silent)


def test_silent_and_missing() -> None:
    """A process that gave no sign of life of late is silent, and what it alone ran is run by nobody."""
    alive, gone = process("one", "chat", "clock", "web"), process("two", "worker", silent=MINUTE)
    fleet = fleet_of([alive, gone], NOON)
    assert (fleet.alive, fleet.silent, fleet.missing) == ([alive], [gone], ["worker"])


def test_started_again() -> None:
    """Of one that was started again on its host, with the same parts, nothing is said; nor of one from hours ago."""
    parts = tuple(sorted(PARTS))
    killed, again = process("one", *parts, silent=MINUTE), process("one", *parts, up=MINUTE)
    long_gone = process("two", "worker", silent=2 * HOUR, up=3 * HOUR)
    fleet = fleet_of([long_gone, killed, again], NOON)
    assert (fleet.alive, fleet.silent, fleet.missing) == ([again], [], [])


def test_nothing_is_missing_while_all_begin() -> None:
    """Before any process has run for a while the others are given time to begin."""
    assert fleet_of([process("one", "chat", up=timedelta(seconds=20))], NOON).missing == []
    assert fleet_of([], NOON).missing == []
