"""Countries and time zones, from the words for a place."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from conferences.reading.drafts import fold
from config import load_table

_PARTS = re.compile(r"[,;\n()/|]|\s[-–—]\s")
_STATE = re.compile(r"([A-Z]{2})(?:\s+\d{5}(?:-\d{4})?)?")
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class _Gazetteer:
    names: dict[str, str]
    towns: dict[str, str]
    states: frozenset[str]
    codes: frozenset[str]
    cities: frozenset[str]
    native: dict[str, str]


@cache
def _gazetteer() -> _Gazetteer:
    countries, places = load_table("countries"), load_table("places")
    names: dict[str, str] = {}
    towns = {town: code for code, some in places["towns"].items() for town in some}
    for code, row in countries.items():
        if code != "us-states":
            names[fold(row["name"])] = code
            names |= dict.fromkeys(row.get("names", ()), code)
            towns |= dict.fromkeys(row.get("places", ()), code)
    for state in countries["us-states"].values():
        names.setdefault(fold(state), "US")
    native = {word: code for code, words in places["native"].items() for word in words}
    codes = frozenset(code for code in countries if code != "us-states")
    cities = frozenset(town for some in places["towns"].values() for town in some)
    return _Gazetteer(names, towns, frozenset(countries["us-states"]), codes, cities, native)


def to_country(*texts: str) -> str:
    """The country (ISO 3166-1 alpha-2) that the first telling text is in; empty where none tells it.

    >>> to_country("Addis Ababa"), to_country("", "Hotel X, Chicago, IL"), to_country("Room 5")
    ('ET', 'US', '')
    """
    return next((code for text in texts if text and (code := _country(text[:_LONGEST]))), "")


def _country(text: str) -> str:
    known = _gazetteer()
    if (code := text.strip().upper()) in known.codes and len(text.strip()) == 2:
        return code
    parts = [part.strip(" .") for part in _PARTS.split(text) if part.strip(" .")]
    folded = [fold(part) for part in parts]
    for number in range(len(parts) - 1, -1, -1):
        if named := known.names.get(folded[number]):
            return _not_the_state(folded) if folded[number] == "georgia" else named
        # "Chicago, IL": an abbreviation alone could be anything.
        if number and (state := _STATE.fullmatch(parts[number])) and state[1] in known.states:
            return "US"
    for words in reversed(folded):
        if town := known.towns.get(words):
            return town
    return next((code for word, code in known.native.items() if word in text), "")


def to_city(country: str, place: str) -> str:
    """The town in the words for a place: a known one, or what stands before the name of its country or state.

    >>> to_city("KE", "Hall 2, Nairobi, Kenya"), to_city("US", "Chicago, IL"), to_city("KE", "Kenya")
    ('Nairobi', 'Chicago', '')
    """
    known = _gazetteer()
    parts = [part.strip(" .") for part in _PARTS.split(place[:_LONGEST]) if part.strip(" .")]
    folded = [fold(part) for part in parts]
    for number in range(len(parts) - 1, -1, -1):
        if known.towns.get(folded[number]) == country and folded[number] in known.cities:
            return parts[number]
    for number in range(len(parts) - 1, 0, -1):
        state = country == "US" and (match := _STATE.fullmatch(parts[number])) and match[1] in known.states
        named = known.names.get(folded[number]) == country
        before = parts[number - 1]
        outside = known.names.get(folded[number - 1]) == country and not state  # "Illinois, USA"
        if (state or named) and not outside and not any(sign.isdigit() for sign in before):
            return before
    return next((part for part in parts if _zone_of_town(country, part)), "")


def is_no_more_than(country: str, city: str, place: str) -> bool:
    """Whether the words for a place say nothing beside its town and country."""
    known = _gazetteer()
    parts = [part.strip(" .") for part in _PARTS.split(place) if part.strip(" .")]
    return all(
        part == city or known.names.get(fold(part)) == country or bool(_STATE.fullmatch(part))
        for part in parts
    )


def _not_the_state(folded: list[str]) -> str:
    """Georgia the country only where one of its towns tells; the state where one of its own does."""
    towns = {_gazetteer().towns.get(words) for words in folded}
    return "GE" if "GE" in towns or "tbilisi" in folded else "US" if "US" in towns else ""


@cache
def _zones() -> dict[str, list[str]]:
    """The zones of each country, as the time zone database lists them."""
    zones: dict[str, list[str]] = defaultdict(list)
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    for row in table.splitlines():
        if row and not row.startswith("#"):
            code, _, zone = row.split("\t")[:3]
            zones[code].append(zone)
    return zones


def to_zone_name(country: str, city: str = "") -> str:
    """The zone of a place, where its country has one alone or one named after the town; empty otherwise.

    >>> to_zone_name("KE"), to_zone_name("US", "Chicago"), to_zone_name("US", "Springfield")
    ('Africa/Nairobi', 'America/Chicago', '')
    """
    zones = _zones().get(country, [])
    if len(zones) == 1:
        return zones[0]
    return _zone_of_town(country, city)


def _zone_of_town(country: str, town: str) -> str:
    """The zone of a country that is named after a town."""
    word = fold(town)
    zones = _zones().get(country, [])
    return next(
        (zone for zone in zones if word and fold(zone.rsplit("/", 1)[-1].replace("_", " ")) == word), ""
    )
