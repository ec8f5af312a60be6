"""Institutions that affiliations name: by `config/institutions.toml`, and by a ROR dump where one is given.

A name counts only as whole words, the longest first. Where several institutions bear it, the country and then
the town that the affiliation names decide; where these do not, no id is given.
"""

import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO

from config import load_table
from crawler.json_lists import buffered, list_members
from domain.errors import SourceChanged

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_LETTERS = str.maketrans("ıøłđ", "iold")
_PARTS = re.compile(r"[,;()|\n]|\s{2,}|(?<=[a-z]{2})\.\s")
_BEGINNING = frozenset({"university", "college", "institute", "academy"})
_LONGEST = 12
_SHORTEST = 3
_LONE = 7
"""Letters from which one word among others may be a name; shorter ones are acronyms of many things."""
_ROR = "https://ror.org/"
_LINKING = frozenset(
    {"of", "de", "for", "do", "da", "di", "du", "del"}
    | {"hospital", "hospitals", "medical", "health", "clinic", "press", "foundation", "county", "shenzhen"}
)
"""A name that one of these follows is the beginning of another's."""
_QUALIFYING = frozenset(
    {"catholic", "federal", "technical", "state", "pontifical", "medical", "national", "american", "open"}
    | {"islamic", "agricultural", "polytechnic", "metropolitan", "normal", "christian", "free", "autonomous"}
    | {"technological", "western", "eastern", "northern", "southern", "central"}
)
"""A name that one of these stands before is the end of another's."""


@dataclass(frozen=True, slots=True)
class Institution:
    """An institution; `ror` is its id as an address, empty where that is not known."""

    country: str
    ror: str = ""
    town: str = ""
    """Folded, as an affiliation may name it beside the institution."""
    only_there: bool = False
    """Whether the name is its own only beside the town."""


class Institutions:
    """Names, folded, and the institutions that bear them."""

    def __init__(self, entries: Iterable[tuple[str, Institution]]) -> None:
        self._names: dict[str, tuple[Institution, ...]] = {}
        self._countries: dict[str, str] = {}
        for name, institution in entries:
            key = fold(name)
            known = self._names.get(key, ())
            if institution.ror:
                self._countries[institution.ror] = institution.country
            if key and institution not in known:
                self._names[key] = (*known, institution)

    def country_of(self, ror: str) -> str | None:
        """The country of the institution with that id."""
        return self._countries.get(ror)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, affiliation: str, country: str | None = None) -> Institution | None:
        """The one institution that `affiliation` names first; None where it is not certain which that is."""
        whole = f" {fold(affiliation)} "
        for part in _PARTS.split(affiliation):
            for group in self._named(fold(part).split()):
                if found := _one_of(group, whole, country):
                    return found
        return None

    def _named(self, words: list[str]) -> Iterator[tuple[Institution, ...]]:
        start = 0
        while start < len(words):
            for end in range(min(len(words), start + _LONGEST), start, -1):
                if self._is_name(words, start, end):
                    yield self._names[" ".join(words[start:end])]
                    start = end - 1
                    break
            start += 1

    def _is_name(self, words: list[str], start: int, end: int) -> bool:
        if end - start == 1 and len(words) > 1 and len(words[start]) < _LONE:
            return False  # an acronym is a name only by itself
        if end < len(words) and words[end] in _LINKING:
            return False
        if start and words[start] in _BEGINNING and words[start - 1] in _QUALIFYING:
            return False
        return " ".join(words[start:end]) in self._names


def _one_of(group: tuple[Institution, ...], whole: str, country: str | None) -> Institution | None:
    """The one of a name's bearers that is meant, by country and then by town."""
    fitting = [one for one in group if country is None or one.country == country]
    near = [one for one in fitting if one.town and f" {one.town} " in whole]
    chosen = near or [one for one in fitting if not one.only_there]
    return chosen[0] if len(chosen) == 1 else None


def fold(text: str) -> str:
    """`text` as names are compared: lower case, no accents, "&" as "and", words with one space between them.

    >>> fold("The Université Libre d’Example & Co.")
    'universite libre dexample and co'
    """
    lowered = _APOSTROPHE.sub("", text.lower().replace("&amp;", "&").replace("&", " and "))
    if not lowered.isascii():
        plain = lowered.translate(_LETTERS).replace("ß", "ss")
        lowered = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(lowered)).removeprefix("the ")


@cache
def curated() -> Institutions:
    """The institutions of `config/institutions.toml`."""
    return Institutions(_curated())


def _curated() -> Iterator[tuple[str, Institution]]:
    for country, rows in load_table("institutions").items():
        for row in rows:
            ror = _ROR + row["ror"] if "ror" in row else ""
            for name in (row["name"], *row.get("names", ())):
                yield name, Institution(country, ror)
                if ", " in name:  # "National Cancer Institute, Cairo": by that name only beside the town
                    short, _, town = name.rpartition(", ")
                    yield short, Institution(country, ror, fold(town), only_there=True)


_dump: list[Path] = []


def use_dump(path: Path | None) -> None:
    """Find ids in the ROR dump at `path` too, from now on and in this process; None: no more.

    The dump is read when the first affiliation is. Whoever starts the program says which it is, once.
    """
    _dump[:] = [path] if path else []
    known_institutions.cache_clear()


@cache
def known_institutions() -> Institutions:
    """The institutions that are known: those of the dump in use, and else those of the table.

    Raises:
        SourceChanged: the dump cannot be read.
    """
    return load_ror(_dump[0]) if _dump else curated()


def load_ror(path: Path) -> Institutions:
    """The active institutions of a ROR dump, and the table's: the JSON file of schema 2, or the zip with it.

    Raises:
        SourceChanged: it is no such dump.
    """
    try:
        if not zipfile.is_zipfile(path):
            with path.open("rb") as stream:
                return Institutions([*_of_dump(stream), *_without_ids()])
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".json")]
            newest = max(names, key=lambda name: ("schema_v2" in name, name), default="")
            if not newest:
                raise SourceChanged("ror", f"{path.name} holds no JSON file")
            with archive.open(newest) as member:
                return Institutions([*_of_dump(io.BytesIO(member.read())), *_without_ids()])
    except (OSError, zipfile.BadZipFile) as error:
        raise SourceChanged("ror", f"{path.name}: {error}") from error


def _without_ids() -> Iterator[tuple[str, Institution]]:
    """Those of the table whose ids a dump has to give: here they only tell countries."""
    return ((name, one) for name, one in _curated() if not one.ror)


def _of_dump(stream: BinaryIO) -> Iterator[tuple[str, Institution]]:
    for data in list_members("ror", buffered(stream)):
        try:
            yield from _of_record(json.loads(data))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
            raise SourceChanged("ror", f"a record is not of schema 2: {error!r}") from error


def _of_record(record: Mapping[str, Any]) -> Iterator[tuple[str, Institution]]:
    if record["status"] != "active":
        return
    place = record["locations"][0]["geonames_details"]
    institution = Institution(place["country_code"], record["id"], fold(place["name"]))
    for name in record["names"]:
        if len(name["value"]) >= _SHORTEST:
            yield name["value"], institution
