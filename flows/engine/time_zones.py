"""Finding a patient's time zone by the name of a city."""

from functools import cache
from zoneinfo import available_timezones

from flows.answers import plain

NO_PLACES = ("Etc", "SystemV", "US")
"""Areas of the zone database that hold offsets or old names, and no city anybody would type."""


@cache
def cities() -> dict[str, tuple[str, ...]]:
    """Return the zones by the plain name of their city, and by their own plain name."""
    found: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        area, _, city = zone.partition("/")
        if city and area not in NO_PLACES:
            for name in {plain(city_of(zone)), plain(zone)}:
                found.setdefault(name, []).append(zone)
    return {name: tuple(zones) for name, zones in found.items()}


def city_of(zone: str) -> str:
    """Return a zone's city as people write it: `America/New_York` is `New York`."""
    return zone.rsplit("/", maxsplit=1)[-1].replace("_", " ")


def zones_of(city: str) -> tuple[str, ...]:
    """Return the zones whose city has this name, or the one with this IANA name."""
    return cities().get(plain(city), ())


def is_zone(name: str) -> bool:
    """Whether a name is a zone that `zones_of` can find."""
    return name in zones_of(name)
