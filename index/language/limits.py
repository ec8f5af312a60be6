"""Limits of searches elsewhere, as conditions of ours.

PubMed's filters (`english[filter]`), Embase's `[review]/lim`, Ovid's `limit 3 to (english and humans)`, and
what PubMed, EBSCO and the Cochrane Library print behind a search.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from config import load_table
from domain.instants import MONTHS

LIMITS = "Limits that we do not have were left out."
Condition = tuple[str, str]
"""A field of ours and its value."""

_NAMED: Mapping[Condition, str] = {
    ("open_access", "yes"): (
        "free full text, loattrfree full text, pubmed pmc open access, open access, fft, ffrft"
    ),
    ("has_abstract", "yes"): "fha, hasabstract, abstracts, abstract, abstract available",
    ("has_data", "yes"): "hasassocdata, has associated data, data",
    ("kind", "preprint"): "preprint, preprints",
    ("kind", "abstract"): "conference abstract, conference abstracts, meeting abstract, meeting abstracts",
    ("kind", "article"): (
        "article, articles, journal article, original article, academic journal, academic journals"
    ),
    ("study_type", "systematic-review"): "systematic, systematic review, systematic reviews, meta-analysis",
    ("study_type", "randomised-trial"): "randomized controlled trial, randomised controlled trial, rct",
    ("study_type", "case-report"): "case reports, case report",
    ("study_type", "guideline"): (
        "guideline, guidelines, practice guideline, consensus development conference"
    ),
    ("study_type", "protocol"): "clinical trial protocol",
    ("publication_type", "review"): "review, reviews",
    ("publication_type", "clinical trial"): "clinical trial, clinical trials",
    ("publication_type", "editorial"): "editorial",
    ("publication_type", "letter"): "letter",
    ("publication_type", "comment"): "comment",
}
_KINDS = ("publication_type", "study_type")
"""With `kind` they say what a paper is: whoever lists several wants any of them."""
_CODE = 3
"""Names of languages have more letters; `cat` and `may` are codes."""
_JOINTS = re.compile(r"[\s_-]+")
_LAST = re.compile(r"(?:in the )?last (\d{1,3} )?(year|month|week|day)s?|y_?(\d{1,2})", re.IGNORECASE)
_DAY = r"(?:19|20)\d\d(?:\d{4}|(?:/\d{1,2}){1,2})?"
_YEARS = re.compile(
    r"(?:yr\s?=\s?\"?|(?:cochrane library )?(?:publication (?:year|date)s?|published date):?\s?"
    r"(?:from\s|between\s)?|from\s)?\s?"
    rf"({_DAY})\s?(?:(-|to|and)\s?({_DAY}|current|present)?)?\s?\"?",
    re.IGNORECASE,
)
_MONTH = re.compile(rf"\b({'|'.join(MONTHS)})[a-z]{{0,6}} ((?:19|20)\d\d)\b", re.IGNORECASE)
_GLUED = re.compile(r"(\d{4})(\d\d)(\d\d)")
_SIGNS = ("Filters: ", " - ", "with Publication ", "with publication ", "with Cochrane ")
"""What has none of them has no limits behind it: few searches have any."""
_TRAILING = re.compile(
    r"\s(?:Filters: |Limiters - |with (?=(?:Cochrane Library )?[Pp]ublication (?:[Yy]ear|[Dd]ate)\s))"
    r"(?P<limits>[^\n]{0,600})$"
)
_TELLING = re.compile(r"[\[\"*]|:\w|#\d|\b(?:AND|OR|NOT)\b")
"""In what is searched; without, `Filters:` may be a word of a title, if not all that follow are ours."""
_SETTINGS = re.compile(
    r"\s?(?:Expanders - (?:Apply|Also)|Search modes -|Interface - EBSCO|Narrow by[^-\n]{0,20} -)\s?[^\n]*?"
    r"(?=\sLimiters - |$)"
)
"""Of EBSCO; *tissue expanders - a review* and *a computer interface - a review* are titles."""
_SORTED = re.compile(r"\s?Sort by: [A-Z]\w+(?: [A-Z]\w+)?$")
_BETWEEN = re.compile(r"[;,()]|\s(?:and|AND|or|OR)\s(?!\d{4}\b)|\s-\s(?=[A-Z])")


def served(name: str) -> Condition | None:
    """What says the same as a limit that goes by this name elsewhere; None where we have none."""
    name = name.strip()
    if found := _table().get(_JOINTS.sub("", name.casefold()).removesuffix("language")):
        return found
    if match := _LAST.fullmatch(name):
        return "year", f"last {match[3] or (match[1] or '1').strip()} {(match[2] or 'year').lower()}s"
    match = _YEARS.fullmatch(name)
    return _years(*match.groups()) if match else None


def _years(first: str, to: str | None, last: str | None) -> Condition:
    """Years, or days where one of the two is told as a day."""
    last = last if last and last[0].isdigit() else None
    days = [_GLUED.sub(r"\1/\2/\3", day) for day in (first, last) if day]
    field = "year" if max(map(len, days)) == len("2010") else "date"
    return field, ":".join(days) if last or not to else f">={days[0]}"


def conditions(limits: str) -> tuple[str, bool]:
    """Limits in a list as text of ours, those of one field as alternatives; whether some were left out."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    left = False
    limits = _MONTH.sub(lambda month: f"{month[2]}/{MONTHS.index(month[1].lower()) + 1:02}", limits)
    for piece in _BETWEEN.split(limits):
        if not any(map(str.isalnum, piece)):
            continue
        if condition := served(piece):
            field, value = condition
            found["kind" if field in _KINDS else field][f'{field}:"{value}"'] = None
        else:
            left = True
    return " AND ".join(f"({' OR '.join(values)})" for values in found.values()), left


def split(text: str) -> tuple[str, str | None]:
    """A search, and the limits that are printed behind it; None where there are none."""
    if not any(sign in text for sign in _SIGNS):
        return text, None
    bare = _SETTINGS.sub("", text)
    match = _TRAILING.search(bare)
    if match is None:
        return bare, None
    asked, left = conditions(match["limits"])
    if not _TELLING.search(bare[: match.start()]) and (left or not asked):
        return bare, None
    return bare[: match.start()], _SORTED.sub("", match["limits"])


def limited(text: str, limits: str) -> tuple[str, bool]:
    """A search within its limits, as far as we have them; and whether some were left out."""
    asked, left = conditions(limits)
    return f"({text}) AND {asked}" if asked else text, left


@cache
def _table() -> Mapping[str, Condition]:
    found = {
        _JOINTS.sub("", name.strip()): condition
        for condition, names in _NAMED.items()
        for name in names.split(",")
    }
    for code, names in load_table("languages").items():
        found |= {_JOINTS.sub("", name.casefold()): ("language", code) for name in names if len(name) > _CODE}
    return found
