"""What people need from outside: where places are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CityZone:
    """The time zone (IANA's name) of a city, and its country (ISO 3166)."""

    zone: str
    country: str


@dataclass(frozen=True, slots=True)
class Places:
    """called: the zones of the cities of a name. zone_at: that of a latitude and a longitude, "" where there is none.

    Both may take a tenth of a second, and are not for the event loop.
    """

    called: Callable[[str], Sequence[CityZone]]
    zone_at: Callable[[float, float], str]
