"""Time zones of places: of airports' cities by airportsdata, of coordinates by tzfpy. Both bring their data along.

Neither is loaded before somebody asks. A city is looked for in 28,000 airports (0.1 s, forgotten again); a point is
looked up in a map of 5 MB, which stays.
"""

from collections.abc import Sequence

from bot.people.ports import CityZone
from bot.people.zones import folded


def called(city: str) -> Sequence[CityZone]:
    """The zones of the cities of that name that have an airport; where one is of an airline, only such."""
    import airportsdata

    wanted = folded(city)
    airports = [one for one in airportsdata.load("ICAO").values() if folded(one["city"]) == wanted]
    flown = [one for one in airports if one["iata"]] or airports
    return tuple(dict.fromkeys(CityZone(one["tz"], one["country"]) for one in flown if one["tz"]))


def zone_at(latitude: float, longitude: float) -> str:
    """The zone of a point; at sea one of the hours that ships go by."""
    import tzfpy

    return tzfpy.get_tz(longitude, latitude)
