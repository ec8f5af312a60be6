"""The listings of the demonstration: invented, with days counted from the day on which it is built."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from importlib.resources import files
from typing import Any

import msgspec

from domain.listing import AOE, Edition, Opportunity, Resource, Series
from domain.listing_ports import Listing

_TYPES: dict[str, type[Listing]] = {
    "series": Series,
    "edition": Edition,
    "opportunity": Opportunity,
    "resource": Resource,
}
_DAY = re.compile(r"([+-]\d+)(T\d\d:\d\d)?(?: (\S+))?")
_PLAIN_DAYS = frozenset({"read_on"})


def load_sample(today: date) -> Iterator[Listing]:
    """The sample as it is on a day; each series before its editions."""
    rows = tomllib.loads(files("conferences").joinpath("sample.toml").read_text("utf-8"))
    for name, kind in _TYPES.items():
        for row in rows[name]:
            told = _dated(row, today)
            year = str(told["starts"]["at"][:4]) if "starts" in told else ""
            names = {key: told[key].replace("{year}", year) for key in ("slug", "title") if key in told}
            yield msgspec.convert(told | names, kind)


def _dated(value: Any, today: date, name: str = "") -> Any:  # noqa: ANN401 - TOML is any value
    """`value` with its counted days as moments."""
    if isinstance(value, dict):
        return {key: _dated(item, today, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_dated(item, today, name) for item in value]
    counted = _DAY.fullmatch(value) if isinstance(value, str) else None
    if not counted:
        return value
    day = (today + timedelta(days=int(counted[1]))).isoformat()
    return day if name in _PLAIN_DAYS else {"at": day + (counted[2] or ""), "zone": counted[3] or AOE}
