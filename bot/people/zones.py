"""Time zones by what people call them: IANA's name, a city, a country, each in the reader's language or in English.

Cities are the exemplar cities of CLDR (https://cldr.unicode.org/translation/timezones), by Babel. What is read of them
takes a tenth of a second at first, so it is not for the event loop.
"""

import unicodedata
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from importlib import resources
from zlib import crc32
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from bot.kernel.translation import SOURCE_LANGUAGE, locale

SHORT = {"uk": "GB", "usa": "US", "uae": "AE"}  # what people call these countries
NOWHERE, WORLD = "ZZ", "001"  # as CLDR has them
NO_PLACES = frozenset({"localtime", "Factory"})
SEASONS = [timedelta(days=days) for days in range(0, 365, 30)]


def folded(words: str) -> str:
    """Words as they are compared: without capitals, accents and underscores."""
    plain = unicodedata.normalize("NFKD", words).casefold()
    return " ".join("".join(" " if c == "_" else c for c in plain if not unicodedata.combining(c)).split())


def named(words: str, now: datetime) -> Sequence[str]:
    """The zones that the words may mean, the likeliest first, of those alike now and in a year only one."""
    called = folded(words)
    if exact := _by_name().get(called):
        return (exact,)
    for language in dict.fromkeys((str(locale()), SOURCE_LANGUAGE)):
        if found := _by_city(language).get(called) or _by_country(language).get(called):
            return distinct(found, now)
    return ()


def distinct(zones: Iterable[str], now: datetime) -> Sequence[str]:
    """The first zone of each that show the same time all year round."""
    found: dict[tuple[timedelta | None, ...], str] = {}
    for zone in zones:
        at = ZoneInfo(zone)
        found.setdefault(tuple((now + later).astimezone(at).utcoffset() for later in SEASONS), zone)
    return tuple(found.values())


def is_one(zone: str) -> bool:
    """Whether there is a zone of that name."""
    return zone in _names()


def number_of(zone: str) -> int:
    """A zone as the number that buttons carry."""
    return crc32(zone.encode())


@lru_cache
def numbered() -> dict[int, str]:
    """Every zone by that number."""
    return {number_of(zone): zone for zone in _names()}


def city(zone: str) -> str:
    """What the reader calls the city that stands for the zone."""
    return str(get_timezone_location(ZoneInfo(zone), locale=locale(), return_city=True))


def country(zone: str) -> str:
    """What the reader calls its country; "" for a zone that is in none."""
    code = get_global("zone_territories").get(_canonical(zone), NOWHERE)
    return "" if code in {NOWHERE, WORLD} else str(locale().territories.get(code, ""))


@lru_cache
def _names() -> Collection[str]:
    return frozenset(available_timezones() - NO_PLACES)


@lru_cache
def _by_name() -> dict[str, str]:
    return {folded(name): name for name in _names()}


def _canonical(zone: str) -> str:
    return str(get_global("zone_aliases").get(zone, zone))


@lru_cache
def _by_city(language: str) -> dict[str, list[str]]:
    """By what the language calls their cities, and by the last part of IANA's names, older ones among them."""
    territories = get_global("zone_territories")
    found: dict[str, list[str]] = {}
    for zone in _names():
        canonical = _canonical(zone)
        if canonical not in territories or canonical not in _names():
            continue
        called = get_timezone_location(ZoneInfo(canonical), locale=_locale(language), return_city=True)
        for name in {folded(zone.rpartition("/")[2]), folded(str(called))}:
            found.setdefault(name, []).append(canonical)
    return found


@lru_cache
def _by_country(language: str) -> dict[str, list[str]]:
    """By names, in IANA's order: where the most people live comes first.

    https://data.iana.org/time-zones/tzdb/zone.tab
    """
    zones: dict[str, list[str]] = {}
    for line in resources.files("tzdata.zoneinfo").joinpath("zone.tab").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, _coordinates, zone, *_comment = line.split("\t")
            zones.setdefault(code, []).append(zone)
    names = dict(SHORT)
    names |= {folded(str(name)): str(code) for code, name in _locale(language).territories.items()}
    return {name: [zone for zone in zones[code] if zone in _names()] for name, code in names.items() if code in zones}


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="_")
