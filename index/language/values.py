"""Values of coded fields by their names: `country:Brazil`, `english[la]`, `cancer_type:"bowel cancer"`."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain

from config import load_table
from domain.paper import NoticeKind, VersionKind
from domain.query import UNKNOWN
from domain.statements import Availability, IndustryRole
from index.fields import FIELD, Field
from index.language.synonyms import find_concepts

CLOSED = {
    "country": "a country",
    "language": "a language",
    "corresponding_country": "a country",
    "data": "a state of availability",
    "code_availability": "a state of availability",
    "industry": "a part that companies have",
}
"""Fields all of whose values have a name here, and what to call one."""
_CODE = {"country": 2, "language": 3, "corresponding_country": 2}
"""A text of at most so many letters is taken as a code, known or not."""


def find_values(row: Field, text: str) -> tuple[str, ...] | None:
    """The values of the field that `text` means: mostly one; None where it means none that there can be."""
    if found := row.meanings.get(row.code(text)):
        return found
    folded = _folded(text)
    if found := _named(row.name).get(folded):
        return found
    if row.name == "cancer_type" and (code := _cancer_type(text)):
        return (code,)
    closed = row.name in CLOSED and folded != UNKNOWN and "-" not in folded
    if closed and len(folded) > _CODE.get(row.name, 0):
        return None
    return (row.code(text),)


def takes_names(row: Field) -> bool:
    """Whether values of the field have names, or words that stand for them."""
    return row.name in _LISTS or bool(row.meanings)


def is_named(row: Field, text: str) -> bool:
    """Whether all of `text` is a name or the code of one value of such a field."""
    code = row.code(text)
    if code in row.meanings or any(code in values for values in row.meanings.values()):
        return True
    if code in _codes(row.name) or _named(row.name).get(_folded(text)):
        return True
    words = text.split()
    found = find_concepts(words) if row.name == "cancer_type" else ()
    return bool(found) and found[0][:2] == (0, len(words)) and bool(_cancer_type(text))


def together(row: Field, words: Sequence[str]) -> Iterator[str]:
    """`words` asked of a field as its values: a name of several words (*South Africa*, *Smith J*) is one."""
    place = 0
    while place < len(words):
        end = place + 1
        if row.name in _LISTS:
            longest = place + _longest(row, words[place : place + _LONGEST])
            end = next((n for n in range(longest, end, -1) if is_named(row, " ".join(words[place:n]))), end)
        elif row.name == "authors" and end < len(words) and _INITIALS.fullmatch(words[end]):
            end += 1
        yield " ".join(words[place:end])
        place = end


def _longest(row: Field, words: Sequence[str]) -> int:
    """Of how many of the words a value of the field can be that begins with the first."""
    found = find_concepts(words) if row.name == "cancer_type" else ()
    named = found[0][1] if found and found[0][0] == 0 else 1
    begun = _folded(words[0]).split()
    return min(len(words), max(named, _lengths(row.name).get(begun[0], 1) if begun else _LONGEST))


@cache
def _lengths(name: str) -> Mapping[str, int]:
    """First word → of how many words the longest name or code is that begins so."""
    found: dict[str, int] = {}
    for named in (*_named(name), *_codes(name), *FIELD[name].meanings):
        words = _folded(named).replace("-", " ").split()
        for first in {words[0], _folded(named).split()[0]}:
            found[first] = max(found.get(first, 1), len(words))
    return found


_LONGEST = 8
_INITIALS = re.compile(r"[A-Z]{1,3}\*?")


def _folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold()).replace("&", " and ")
    kept = "".join(c if c.isalnum() or c == "-" else " " for c in letters if not unicodedata.combining(c))
    return " ".join(kept.split())


@cache
def _named(name: str) -> Mapping[str, tuple[str, ...]]:
    """Folded name → values, for one field."""
    found: dict[str, tuple[str, ...]] = {}
    for label, value in _LISTS[name]() if name in _LISTS else ():
        found.setdefault(_folded(label), (value,))
    return found


@cache
def _codes(name: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(_named(name).values()))


def _countries() -> Iterator[tuple[str, str]]:
    for code, row in load_table("countries").items():
        if "name" in row:
            yield row["name"], code
            yield from ((name, code) for name in row.get("names", ()))


def _languages() -> Iterator[tuple[str, str]]:
    for code, names in load_table("languages").items():
        yield from ((name, code) for name in names)


def _study_types() -> Iterator[tuple[str, str]]:
    for code, row in load_table("study_types").items():
        yield row["label"], code
        yield from ((name, code) for name in (*row.get("publication_types", ()), *row.get("names", ())))


def _cancer_types() -> Iterator[tuple[str, str]]:
    for code, row in load_table("cancer_types").items():
        yield row["label"], code


def _titled(table: str) -> Callable[[], Iterator[tuple[str, str]]]:
    def listed() -> Iterator[tuple[str, str]]:
        for code, row in load_table(table).items():
            yield from ((name, code) for name in (code, row["title"], *row.get("names", ())))

    return listed


def _members(kinds: Iterable[str]) -> Callable[[], Iterator[tuple[str, str]]]:
    return lambda: ((str(kind), str(kind)) for kind in kinds)


def _availability() -> Iterator[tuple[str, str]]:
    for state, names in _AVAILABILITY.items():
        yield from ((str(name), str(state)) for name in (state, *names))


def _industry() -> Iterator[tuple[str, str]]:
    for role, names in _INDUSTRY.items():
        yield from ((str(name), str(role)) for name in (role, *names))


_AVAILABILITY = {
    Availability.OPEN: ("available", "public", "shared"),
    Availability.ON_REQUEST: ("on request", "upon request", "request", "restricted"),
    Availability.NONE: ("not available", "unavailable", "not shared"),
}
_INDUSTRY = {
    IndustryRole.FUNDED: ("funding", "funder", "sponsor", "sponsored", "paid"),
    IndustryRole.EMPLOYED: ("employees", "employee", "employment", "employer"),
    IndustryRole.INTEREST: ("interests", "competing interest", "competing interests", "conflict of interest"),
}
_LISTS = {
    "corresponding_country": _countries,
    "data": _availability,
    "code_availability": _availability,
    "industry": _industry,
    "country": _countries,
    "language": _languages,
    "licence": _titled("licences"),
    "kind": _members(VersionKind),
    "notice": _members(NoticeKind),
    "repository": _titled("repositories"),
    "study_type": _study_types,
    "cancer_type": _cancer_types,
}


def _cancer_type(text: str) -> str:
    """The cancer type that is called so in everyday or other words."""
    found = find_concepts(text.split()[:12])
    kind, _, code = found[0][2].key.partition(":") if len(found) == 1 else ("", "", "")
    return code if kind == "cancer" and code in load_table("cancer_types") else ""
