"""What lists of listings share: filters read with bounds, a page of them, and the same list for machines."""

import csv
import io
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from urllib.parse import urlencode

from flask import Response, jsonify

from conferences.table_out import MEDIA_TYPE as CSV_TYPE
from conferences.table_out import harmless
from config import load_table
from domain.listing import Moment
from domain.listing_ports import Listed, Listings, Wanted
from domain.profile import fold
from web.labels import label, language_name
from web.params import MAX_VALUES, Params, clean

PAGE_SIZE = 20
MOST = 2_000
"""So many of a list are looked at one by one."""
MACHINES_MOST = 500
"""So many are in a calendar, feed or table."""
MAX_WORDS = 80
"""So long may be what is looked for: every address of the list repeats it."""
_CHUNK = 200
_LONGEST_WAIT = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter as the reader meets it."""

    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter: its name in the address, its heading, and what can be chosen."""

    name: str
    title: str
    options: tuple[Option, ...]
    none: str = "Any"
    """What choosing nothing means."""


def value(params: Params, name: str, known: Container[str]) -> str:
    """The first value of a parameter that is known; empty where there is none."""
    return next(iter(values(params, name, known)), "")


def values(params: Params, name: str, known: Container[str]) -> tuple[str, ...]:
    """The known values of a parameter, each once."""
    given = (clean(text)[:100] for text in params.get(name, ()))
    return tuple(dict.fromkeys(text for text in given if text in known))[:MAX_VALUES]


def countries() -> dict[str, str]:
    """Code → name of every country, in the order of their names."""
    found = {code: label("countries", code) for code in load_table("countries") if len(code) == 2}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def cancer_types() -> dict[str, str]:
    """Code → label of every cancer type."""
    return {code: label("cancer_types", code) for code in load_table("cancer_types")}


def languages() -> dict[str, str]:
    """Tag → name of every language."""
    found = {tag: language_name(tag) for tag in load_table("languages")}
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


def to_code(text: str, known: Mapping[str, str]) -> str:
    """The code that `text` is, or the name of; empty where it is neither.

    >>> to_code("kenya", {"KE": "Kenya"}), to_code("KE", {"KE": "Kenya"}), to_code("Nowhere", {"KE": "Kenya"})
    ('KE', 'KE', '')
    """
    if text in known:
        return text
    wanted = fold(text)
    return next((code for code, name in known.items() if wanted in (fold(code), fold(name))), "")


def to_country(text: str) -> str:
    """The code of a country that is given by its code, or by any name that people have for it.

    >>> to_country("kenya"), to_country("BR"), to_country("UK"), to_country("nowhere")
    ('KE', 'BR', 'GB', '')
    """
    return to_code(text, countries()) or _other_names().get(fold(text), "")


@cache
def _other_names() -> dict[str, str]:
    table = load_table("countries")
    return {fold(name): code for code in countries() for name in table[code].get("names", ())}


def to_choice(
    name: str, title: str, words: Mapping[str, str], chosen: str | Sequence[str], none: str = "Any"
) -> Choice:
    """The filter of that name, with what is in force chosen."""
    in_force = {chosen} if isinstance(chosen, str) else set(chosen)
    options = tuple(Option(code, text, code in in_force) for code, text in words.items())
    return Choice(name, title, options, none)


def address(path: str, pairs: Iterable[tuple[str, str]], **more: object) -> str:
    """The address of a list as it is narrowed, with further parameters."""
    found = [(name, text) for name, text in pairs if text]
    found += [(name, str(text)) for name, text in more.items() if text]
    return f"{path}?{urlencode(found)}" if found else path


def gathered(listings: Listings, wanted: Wanted, most: int = MOST) -> tuple[int, list[Listed]]:
    """How many are wanted, and the first `most` of them."""
    total, found = listings.public(wanted, 0, min(most, _CHUNK))
    while found and len(found) < min(total, most):
        _, more = listings.public(wanted, len(found), min(most - len(found), _CHUNK))
        if not more:
            break
        found += more
    return total, found


def seconds_fresh(closings: Iterable[Moment | None], now: datetime) -> int:
    """How long a copy of a list may be kept: at most a minute, and not beyond what closes first."""
    left = [moment.ends() - now for moment in closings if moment and moment.ends() > now]
    return int(min([*left, _LONGEST_WAIT]).total_seconds())


def fresh(response: Response, closings: Iterable[Moment | None], now: datetime) -> Response:
    """`response`, which tells for how long it holds."""
    response.headers["Cache-Control"] = f"public, max-age={seconds_fresh(closings, now)}"
    return response


def plain_json(told: Mapping[str, Any]) -> Response:
    """A list as JSON, which pages of other sites may read."""
    response = jsonify(told)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def plain_csv(columns: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> Response:
    """A list as a table (RFC 4180) that a spreadsheet opens without running anything in it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(map(harmless, row) for row in rows)
    response = Response(out.getvalue(), content_type=CSV_TYPE)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    return response
