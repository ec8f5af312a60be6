"""Several affiliations that a source printed as one, told apart where they are in several countries.

"1 Unit A, Lyon, France. 2 Unit B, Kyoto, Japan"; "Unit A, Lyon, France, and Unit B, Kyoto University, Japan".
Those of one country stay one: nothing that is told of them would change.
"""

import re
from collections.abc import Iterator
from functools import cache

from config import load_table
from crawler.telling.addresses import without_addresses
from crawler.telling.affiliations import country, named_country
from crawler.telling.gazetteer import country_names
from crawler.telling.hints import Hints
from crawler.telling.institutions import known_institutions
from crawler.telling.towns import fold, folded_words
from domain.paper import Affiliation

_NUMBER = r"(?<![^\s,.;|])[(\[]?(?P<number>[1-9]\d?)[)\].]?\s?(?=[A-ZÀ-Þ])"
_MARK = rf"(?P<mark>[;|])\s*|{_NUMBER}"
_PARTING = re.compile(_MARK)
"""Where an affiliation may end: at a mark that parts them, and before the next one's number."""
_ANY = re.compile(rf"{_MARK}|(?:,|\.(?=\s)|\s(?:and|&|/)(?=\s))\s*")
"""Where one may end that names its country last, too."""
_FIRST = re.compile(r"\s*[(\[]?1[)\].]?\s?[A-ZÀ-Þ]")
"""The first's number, which stands before all."""
_LEAD = re.compile(rf"(?:(?:[Aa]nd|[Ff]rom)\s|[*†‡§¶∥#\s,;|.&/]|{_NUMBER})*")
_MARKS = " \t\n;,|*†‡§¶∥#&/"
"""What stands before an affiliation, and behind it, and is no part of it."""
_INSTITUTION = re.compile(
    r"(?<![a-z])(?:univ|hospital|h[oô]pital|ospedale|[ií]nst(?:it)?|istituto|dep(?:ar)?t|dipartimento|d[eé]partement"
    r"|division|section|school|facul|college|cent(?:er|re|ro|rum)\b|clini|klini|laborator|academ|servi[czç]"
    r"|unit\b|agency|foundation|corporation|council|registry|ministry|society|program|pharma)",
    re.IGNORECASE,
)
_STATE = re.compile(r"[A-Z]{2}")
_AT_STATE = re.compile(r", ([A-Z]{2})\b")
_LETTERS = bytes(code if chr(code).isascii() and chr(code).islower() else 32 for code in range(256))
_SEVERAL = 2
_LONGEST = 600
"""Letters of one affiliation in a list; with each part that names no country all before it is read again."""
_LONGEST_NAME = 60
"""Letters of a country's name, and marks around it."""


def apart(given: Affiliation) -> tuple[Affiliation, ...]:
    """The affiliations that `given` lists, each with its country; `given` alone unless it names several.

    Where a country stands by itself between semicolons, they stand for commas: "Clinic X; Hong Kong; China".
    """
    text = given.text
    if given.country or given.ror:
        return (given,)
    several = _names_several(text)
    if not (several or ";" in text or "|" in text or _FIRST.match(text)):
        return (given,)
    if ";" in text and any(map(_is_country, text.split(";"))):
        return (given,)
    told = list(_told(text, _ANY if several else _PARTING))
    if len({code for _, _, code in told}) < _SEVERAL:
        return (given,)
    return tuple([Affiliation(_bare(text[start:end]), code) for start, end, code in told])


def _names_several(text: str) -> bool:
    """Whether `text` may name several countries: told soon of most."""
    named = _countries().within(f" {fold(text)} ".encode("ascii", "replace").translate(_LETTERS))
    if len(named) != 1 or "US" in named:
        return len(named) >= _SEVERAL
    return not load_table("countries")["us-states"].keys().isdisjoint(_AT_STATE.findall(text))


@cache
def _countries() -> Hints[str]:
    hints: dict[str, list[str]] = {}
    for name, code in country_names().items():
        hints.setdefault(code, []).append(f" {name} ")
    return Hints(hints, longest=True)


def _told(text: str, break_: re.Pattern[str]) -> Iterator[tuple[int, int, str]]:
    """Where each affiliation begins and ends, and its country.

    One that tells none belongs to the next, or to the last.
    """
    start = before = 0
    last: tuple[int, int, str] | None = None
    breaks = list(_breaks(text, break_))
    for number, (low, high, parts) in enumerate(breaks):
        following = breaks[number + 1][0] if number + 1 < len(breaks) else len(text)
        affiliation = text[start:low]
        ends = parts or (
            _ends_in_place(affiliation, text[before:low]) and _names_institution(text[high:following])
        )
        if ends and low - start <= _LONGEST and (code := _country(affiliation)):
            if last:
                yield last
            last, start = (start, low, code), high
        before = high
    if last and (code := _country(text[start:])):
        yield last
        yield start, len(text), code
    elif last:
        yield last[0], len(text), last[2]


def _breaks(text: str, break_: re.Pattern[str]) -> Iterator[tuple[int, int, bool]]:
    """Where an affiliation may end, where what follows begins, and whether the mark is one that parts them.

    A number does where all before it are there, from 1 at the beginning.
    """
    expected = 1
    for match in break_.finditer(text):
        if not match["number"]:
            yield match.start(), match.end(), match["mark"] is not None
        elif int(match["number"]) == expected and (expected > 1 or not text[: match.start()].strip()):
            yield match.start(), match.end(), True
            expected += 1


def _is_country(text: str) -> bool:
    """Whether `text` is the name of a country or of a state, and no more than an address behind it."""
    if len(text) > _LONGEST_NAME and "@" not in text:
        return False
    return " ".join(folded_words(without_addresses(text))) in country_names()


def _ends_in_place(affiliation: str, last: str) -> bool:
    """Whether the `last` part of an affiliation is its country, or a state."""
    if _STATE.fullmatch(last.strip(" .")) and named_country(affiliation) == "US":
        return True
    return _is_country(last)


def _names_institution(text: str) -> bool:
    """Whether `text` names an institution, by a word for one or by its own name."""
    return _INSTITUTION.search(text) is not None or known_institutions().find(text) is not None


def _country(affiliation: str) -> str | None:
    """The country by its name, or else where an institution is named beside a place."""
    text = without_addresses(affiliation)
    if not text.strip():
        return None
    if code := named_country(text):
        return code
    return country(text) if "," in text and _names_institution(text) else None


def _bare(text: str) -> str:
    """An affiliation without the marks around it."""
    match = _LEAD.match(text)
    return text[match.end() if match else 0 :].rstrip(_MARKS).removesuffix(" and").rstrip(_MARKS)
