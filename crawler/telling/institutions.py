"""Institutions that affiliations name: by `config/institutions.toml`, and by a ROR dump where one is given.

A name counts only as whole words, the longest first. Where several institutions bear it, the country and then
the town that the affiliation names decide; where these do not, no id is given.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any, BinaryIO

from config import load_table
from crawler.records.json_lists import buffered, list_members
from crawler.telling import towns
from crawler.telling.gazetteer import country_names
from domain.errors import SourceChanged
from domain.values import quickly_made

_PLAIN = bytes(code if chr(code) in "/" + digits + ascii_lowercase else 32 for code in range(256))
"""What words are made of, and the mark that is put between the parts of an affiliation."""
_PARTED = bytes(ord("/") if chr(code) in ",;()|" else kept for code, kept in enumerate(_PLAIN))
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")
_PARTS = re.compile(r"[,;()|\n]|\s{2,}|(?<=[a-z]{2})\.\s")
_POINTS = re.compile(r"\.(?<=\b[A-Z]\.) ?(?=[A-Z]\b)")
"""Between initials: "M.D. Anderson" is MD Anderson."""
_BRANCH = re.compile(r"(?P<name>.+) \((?P<country>[^()]+)\)")
"""What ROR calls companies, country by country; they call themselves so without it, and only by itself."""
_ENDED = re.compile(r"\.(?<=[a-z]{2}\.) ")
_BEGINNING = frozenset({"university", "college", "institute", "academy"})
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


@quickly_made
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
        self._lengths: dict[str, tuple[int, ...]] = {}
        """How many words names have, by the first word alone (no others than 1) and by the first two."""
        self.towns: set[str] = set()
        """The towns, folded, that are known to have one."""
        for name, institution in entries:
            self.towns.add(institution.town)
            if institution.ror:
                self._countries[institution.ror] = institution.country
            self._add(fold(name), institution)
            branch = _BRANCH.fullmatch(name) if name.endswith(")") else None
            if branch and country_names().get(fold(branch["country"])) == institution.country:
                self._add(f"/ {fold(branch['name'])} /", institution)

    def _add(self, key: str, institution: Institution) -> None:
        known = self._names.get(key, ())
        if key and institution not in known:
            self._names[key] = (*known, institution)
            if not known:
                self._note_length(key.split(" "))

    def _note_length(self, words: list[str]) -> None:
        self._lengths.setdefault(words[0], ())
        first = " ".join(words[:2])
        lengths = self._lengths.get(first)
        if not lengths:
            self._lengths[first] = (len(words),)
        elif len(words) not in lengths:
            self._lengths[first] = tuple(sorted((*lengths, len(words)), reverse=True))

    def country_of(self, ror: str) -> str | None:
        """The country of the institution with that id."""
        return self._countries.get(ror)

    def __len__(self) -> int:
        return len(self._names)

    def find(
        self, affiliation: str, country: str | None = None, *, within: bool = False, identified: bool = False
    ) -> Institution | None:
        """The one institution that `affiliation` names first; None where it is not certain which that is.

        `within` counts a name that begins or ends a longer one, too: "Georgetown University Hospital" is
        another institution, and yet in the same country. `identified` passes over those without an id.
        """
        words = _words(_folded(_in_parts(affiliation)), _PARTED)
        if "/" in self._lengths:  # there are names that count only by themselves
            words = ["/", *words, "/"]
        for group in self._named(words, within=within):
            found = _one_of(group, affiliation, country)
            if found and (found.ror or not identified):
                return found
        return None

    def _named(self, words: list[str], *, within: bool) -> Iterator[tuple[Institution, ...]]:
        after = 0
        for start, word in enumerate(words):
            if start < after or (alone := self._lengths.get(word)) is None:
                continue
            for length in (*self._lengths.get(" ".join(words[start : start + 2]), ()), *alone):
                end = start + length
                group = self._names.get(" ".join(words[start:end]))
                if group and end <= len(words) and _is_name(words, start, end, within=within):
                    yield group
                    after = end - (words[end - 1] == "/")  # which the next part begins with, too
                    break


def _is_name(words: list[str], start: int, end: int, *, within: bool) -> bool:
    """Whether words that are some institution's name are not the beginning or the end of another's."""
    if end - start == 1 and len(words[start]) < _LONE and not _alone(words, start):
        return False  # an acronym is a name only by itself
    if not within and end < len(words) and words[end] in _LINKING and words[end - 1] != "/":
        return False
    return within or not start or words[start] not in _BEGINNING or words[start - 1] not in _QUALIFYING


def _in_parts(affiliation: str) -> str:
    """`affiliation` with a mark between its parts; by the pattern only where a blank could be one."""
    if "  " in affiliation or not affiliation.isprintable():
        return _PARTS.sub("/", affiliation)
    return _ENDED.sub("/", affiliation) if ". " in affiliation else affiliation


def _alone(words: list[str], place: int) -> bool:
    """Whether a word is a part of the affiliation by itself."""
    return (place == 0 or words[place - 1] == "/") and (place + 1 == len(words) or words[place + 1] == "/")


def _one_of(group: tuple[Institution, ...], affiliation: str, country: str | None) -> Institution | None:
    """The one of a name's bearers that is meant, by country and then by town."""
    fitting = [one for one in group if country is None or one.country == country]
    if len(fitting) == 1 and not fitting[0].only_there:
        return fitting[0]
    whole = f" {fold(affiliation)} " if any(one.town for one in fitting) else ""
    near = [one for one in fitting if one.town and f" {one.town} " in whole]
    chosen = near or [one for one in fitting if not one.only_there]
    identified = [one for one in chosen if one.ror]  # the others, of the table, only tell where they are
    sure = len({one.country for one in chosen}) == 1 and len({one.ror for one in identified}) <= 1
    return (identified or chosen)[0] if sure else None


def fold(text: str) -> str:
    """`text` as names are compared: lower case, no accents, "&" as "and", words with one space between them.

    Initials have no points, and what is a center to Americans is a centre.

    >>> fold("The Université Libre d’Example & Co."), fold("A. B. Center")
    ('universite libre dexample and co', 'ab centre')
    """
    return " ".join(_words(_folded(text.replace("/", " ")))).removeprefix("the ")


def _words(folded: str, letters: bytes = _PLAIN) -> list[str]:
    """Words, and the marks between parts; `letters` tells what each byte counts as."""
    plain = folded.encode("utf-8", "surrogatepass").translate(letters)
    return plain.replace(b"/", b" / ").replace(b"center", b"centre").decode("ascii").split()


def _folded(text: str) -> str:
    """`text` in lower case without accents; other marks stay."""
    if "." in text:
        text = _POINTS.sub("", text)
    if "&" in text:
        text = text.replace("&amp;", "&").replace("&", " and ")
    lowered = text.lower()
    if "'" in lowered or "’" in lowered:
        lowered = _APOSTROPHE.sub("", lowered)
    return lowered if lowered.isascii() else towns.fold(lowered).replace("ß", "ss")


@cache
def curated() -> Institutions:
    """The institutions of `config/institutions.toml`."""
    return Institutions(_curated())


def _curated() -> Iterator[tuple[str, Institution]]:
    for country, rows in load_table("institutions").items():
        without_id = Institution(country)
        for row in ({"name": one} if isinstance(one, str) else one for one in rows):
            ror = _ROR + row["ror"] if "ror" in row else ""
            institution = Institution(country, ror) if ror else without_id
            for name in (row["name"], *row.get("names", ())):
                yield name, institution
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
    town = fold(place["name"]).removesuffix(" si")  # "Goyang-si" is Goyang city
    institution = Institution(place["country_code"], record["id"], town)
    for name in record["names"]:
        if len(name["value"]) >= _SHORTEST:
            yield name["value"], institution
