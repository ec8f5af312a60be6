"""Conference abstracts and their meetings, by `config/meetings.toml`: told by DOI, pages, title and name.

A DOI whose form only abstracts have makes a version one, whichever source told of it; what a journal's full
papers share decides nothing. The name of a meeting, as a source printed it, tells the series it belongs to.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from config import load_table
from crawler.telling.hints import compiled
from crawler.telling.notices import is_notice_title
from domain.paper import Version, VersionKind
from domain.statements import Meeting

_YEAR = re.compile(r"(?<!\d)(?:19[5-9]|20\d)\d(?!\d)")
_WORDS = re.compile(r"[^\W_]+")
_ABSTRACTS = re.compile(r"\babstracts\b(?! (?:in|of the literature)\b)", re.IGNORECASE)
"""A meeting whose printed name is that of its book of abstracts."""
_LOWER = re.compile(r"e\d+")


@dataclass(frozen=True, slots=True)
class Supplement:
    """How the abstracts of a supplement are known: by patterns; those of title and pages may be empty."""

    series: str
    doi: str
    title: str
    pages: str
    editions: Mapping[str, int]

    def find(self, version: Version) -> Meeting | None:
        """The meeting whose abstract the version is, its name left out; None for anything else."""
        found = compiled(self.doi).fullmatch(version.identifiers.doi or "")
        if found is None:
            return None
        titled = compiled(self.title).match(version.title) if self.title else None
        pages = version.journal.pages if version.journal else ""
        paged = compiled(self.pages).fullmatch(pages) if self.pages else None
        if (self.title and not titled) or (self.pages and not paged):
            return None
        groups = {**found.groupdict(), **(titled.groupdict() if titled else {})}
        if self.editions and groups.get("edition") not in self.editions:
            return None
        return Meeting(
            "", self.series or None, self._year(groups), number=_number(groups.get("number") or "")
        )

    def _year(self, groups: Mapping[str, str | None]) -> int | None:
        if year := groups.get("year"):
            return int(year)
        if yy := groups.get("yy"):
            return 2000 + int(yy)
        return self.editions.get(groups.get("edition") or "")


def place(version: Version) -> Version:
    """`version` with its meeting, and as an abstract where it is one beyond doubt."""
    if version.companion:
        return version
    found = _supplement(version)
    kind = version.kind
    printed = version.meeting is not None and _ABSTRACTS.search(version.meeting.name)
    if (found or printed) and kind is VersionKind.ARTICLE:
        kind = VersionKind.ABSTRACT
    named = _meeting(version.meeting, found)
    title = _title(version.title, found.number) if found and kind is VersionKind.ABSTRACT else version.title
    if (kind, named, title) == (version.kind, version.meeting, version.title):
        return version
    return replace(version, kind=kind, meeting=named, title=title)


def meeting(version: Version) -> Meeting | None:
    """The meeting at which the version was presented, with its series, as far as known."""
    return None if version.companion else _meeting(version.meeting, _supplement(version))


def series_of(name: str) -> str | None:
    """The code of the series that a meeting of that name is an edition of.

    >>> series_of("2024 ASCO Annual Meeting I"), series_of("A day on cancer")
    ('asco', None)
    """
    return _series_of(name[:500])


def series_name(code: str) -> str:
    """The official name of a series."""
    return str(load_table("meetings")["series"][code]["name"])


def _supplement(version: Version) -> Meeting | None:
    known = _supplements().get((version.identifiers.doi or "").partition("/")[0])
    if known is None or is_notice_title(version.title):
        return None
    found = (meeting for one in known if (meeting := one.find(version)))
    return next(found, None)


def _meeting(stated: Meeting | None, found: Meeting | None) -> Meeting | None:
    """What the source states, with what is found added; a meeting that cannot be named is none."""
    if stated is None:
        if found is None or found.series is None:
            return None
        return replace(found, name=series_name(found.series))
    series = stated.series or series_of(stated.name) or (found.series if found else None)
    year = stated.year or _year_in(stated.name) or (found.year if found else None)
    number = stated.number or (found.number if found else "")
    return replace(stated, series=series, year=year, number=number)


def _title(printed: str, number: str) -> str:
    """The title without the abstract's number before it, which no later paper has."""
    if not number:
        return printed
    # A bare figure may count patients: only a mark after it, or the word before it, makes it a number.
    after = r"\s*[-–—:.]\s+" if number.isdecimal() else r"\b\s*[-–—:.]?\s*"
    word, bare = r"Abstract:?\s*(?:no\.?\s*|#\s*)?", re.escape(number)
    found = re.match(rf"(?:{word}{bare}\b\s*[-–—:.]?\s*|{bare}{after})", printed, re.IGNORECASE)
    rest = printed[found.end() :] if found else ""
    return rest if len(_WORDS.findall(rest)) > 1 else printed


def _year_in(name: str) -> int | None:
    years = set(_YEAR.findall(name))
    return int(years.pop()) if len(years) == 1 else None


def _number(given: str) -> str:
    """An abstract's number as it is printed: DOIs know no capitals, ASCO's `e` is small."""
    return given if _LOWER.fullmatch(given) or not given.islower() else given.upper()


@lru_cache(maxsize=1 << 10)
def _series_of(name: str) -> str | None:
    words = f" {' '.join(_WORDS.findall(name.casefold()))} "
    return next((code for alias, code in _aliases() if alias in words), None)


@cache
def _aliases() -> tuple[tuple[str, str], ...]:
    """Aliases, those of most words first."""
    found = [
        (f" {' '.join(_WORDS.findall(alias.casefold()))} ", code)
        for code, row in load_table("meetings")["series"].items()
        for alias in (row["name"], *row["aliases"])
    ]
    return tuple(sorted(found, key=lambda pair: (-len(pair[0].split()), pair)))


@cache
def _supplements() -> dict[str, list[Supplement]]:
    """The supplements by the publishers' prefixes of their DOIs, so that most DOIs are not tried at all."""
    by_prefix: dict[str, list[Supplement]] = {}
    for row in load_table("meetings")["supplement"]:
        prefix = row["doi"].partition("/")[0].replace("\\", "")
        one = Supplement(
            row.get("series", ""),
            row["doi"],
            row.get("title", ""),
            row.get("pages", ""),
            row.get("editions", {}),
        )
        by_prefix.setdefault(prefix, []).append(one)
    return by_prefix
