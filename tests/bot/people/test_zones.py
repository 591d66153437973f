"""Which time zone is meant, by the words that people have for it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from gettext import NullTranslations

import pytest

from bot.adapters import places
from bot.kernel import translation
from bot.kernel.translation import Reader, reading_as
from bot.people import zones

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.fixture
def urdu() -> Iterator[None]:
    """What is read within is in Urdu, where there is a catalogue of it."""
    translation.install("ur", NullTranslations)
    with reading_as(Reader("ur")):
        yield
    translation.uninstall("ur")


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("asia/karachi", "Asia/Karachi"),
        ("  berlin ", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("Sao Paulo", "America/Sao_Paulo"),
        ("Calcutta", "Asia/Kolkata"),
        ("Kiev", "Europe/Kyiv"),
        ("Pakistan", "Asia/Karachi"),
        ("Germany", "Europe/Berlin"),
        ("UK", "Europe/London"),
        ("utc", "UTC"),
    ],
)
def test_one_zone(words: str, zone: str) -> None:
    """IANA's names, cities and countries with one time are found whatever their case and accents."""
    assert zones.named(words, NOW) == (zone,)


def test_a_country_with_several_times() -> None:
    """Of a country with several times each is named once, that of most people first."""
    assert zones.named("Spain", NOW) == ("Europe/Madrid", "Atlantic/Canary")
    found = zones.named("USA", NOW)
    assert zones.named("United States", NOW) == found
    assert found[0] == "America/New_York"
    assert {"America/Chicago", "America/Phoenix", "Pacific/Honolulu"} < set(found)


def test_in_the_readers_language(urdu: None) -> None:
    """A reader writes cities and countries in their language, or in English, and reads them in theirs."""
    assert zones.named("کراچی", NOW) == ("Asia/Karachi",)
    assert zones.named("پاکستان", NOW) == ("Asia/Karachi",)
    assert zones.named("Berlin", NOW) == ("Europe/Berlin",)
    assert zones.city("Asia/Karachi") == "کراچی"


@pytest.mark.parametrize("words", ["PKT", "Asia/Nowhere", "localtime", "Factory", "", "../../etc/passwd"])
def test_no_zone(words: str) -> None:
    """What names no zone is none: abbreviations mean several, and files are not looked into."""
    assert zones.named(words, NOW) == ()


def test_cities_that_no_zone_is_named_after() -> None:
    """Cities with an airport are known too; where several are called alike, each time once."""

    def found(city: str) -> list[str]:
        return list(zones.distinct([one.zone for one in places.called(city)], NOW))

    assert found("Lahore") == ["Asia/Karachi"]
    assert found("hamburg") == ["Europe/Berlin"]
    assert found("Cambridge") == ["Europe/London", "America/New_York"]


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [(31.55, 74.34, "Asia/Karachi"), (52.52, 13.4, "Europe/Berlin"), (0, -30, "Etc/GMT+2")],
)
def test_a_place(latitude: float, longitude: float, zone: str) -> None:
    """A point on land is in its country's zone, one at sea in the ships'."""
    assert places.zone_at(latitude, longitude) == zone
    assert zones.is_one(zone)


def test_numbers_of_zones_are_their_own() -> None:
    """No two zones have the same number on a button."""
    found = zones.numbered()
    assert found[zones.number_of("Asia/Karachi")] == "Asia/Karachi"
    assert len(found) == len(zones.numbered().values()) > 500


def test_countries_of_zones() -> None:
    """A zone says in which country it is, and none where it is in none."""
    assert (zones.country("America/New_York"), zones.country("Asia/Calcutta")) == ("United States", "India")
    assert (zones.country("UTC"), zones.country("Etc/GMT+2")) == ("", "")
