"""Countries that names of institutions give away where nothing else in an affiliation tells.

A province or a people in the name ("Anhui Medical University"), the town it is called after, the country's
own name inside it ("Universidad Nacional de Colombia"), or a word of a language that one country writes.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache

from config import load_table
from crawler.telling.towns import by_word, folded_words

Lookup = Callable[[str], str | None]
"""What country a folded name means."""

_INSTITUTION = re.compile(
    r"\b(?:univ\w*|college|hospital|institut\w*|academy|school|centr[eo]|center|state|laborator\w*|branch|azienda"
    r"|ospedale|irccs|sciences?|society|survey|registry|centres|centers|network|infrastructure|initiative|association"
    r"|council|agency|authority|federation|consortium|programme?|library|company|corporation|bank|clinic|research|ministry"
    r"|foundation|service|commons|schools|department of)\b"
)
_NATIONAL = re.compile(
    r"\b(?:universi\w*|college|institut\w*|academ\w*|ministry|ministerio|council|agency|authority|corporation|registry"
    r"|centr[eo]|center|society|association|bureau|bank|museum|survey|foundation|hospitals?|polytechnic|dispensary"
    r"|herbari\w*)\b"
)
_OF_TOWNS = frozenset(
    {"university", "universitesi", "universiteit", "universitat", "universitet", "polytechnic"}
    | {"hospital", "medical"}
)
"""What is called after the town that it is in."""
_OF_A_TOWN = re.compile(
    r"\b(?:universit[aey]|universidade?|universitat) (?:degli studi )?(?:of|de|di|da|do|d|la|la de) ([a-z ]+)"
)
_ALSO_ELSEWHERE = frozenset(
    {
        "georgia",
        "jordan",
        "lebanon",
        "chad",
        "guinea",
        "turkey",
        "peru",
        "mali",
        "cuba",
        "jersey",
        "mexico",
        "us",
    }
    | {
        "china",
        "america",
        "ireland",
        "india",
        "washington",
        "new york",
        "victoria",
        "granada",
        "grenada",
        "sark",
    }
    | {"st martin", "saint martin", "st helena", "saint helena", "trinidad", "st lucia"}
    | {"nice", "essen", "split", "nancy", "florence", "reading", "bath", "como", "orange", "mobile", "milan"}
    | {"england", "holland", "wales", "man", "monaco", "guernsey", "dominica", "norfolk island"}
)
"""Names of countries that are people's, towns' or others' names too, or stand in names of what is abroad."""
_SAINTS = frozenset({"saint", "st"})
_MOST_WORDS = 5
_SHORTEST = 4
"""Letters of a name that is looked for among other words."""


def parts_of(text: str) -> list[str]:
    """What stands between the marks of an affiliation."""
    return re.split(r"[,;()\n]", text)


def country_of_institution(text: str, place: Lookup, country_named: Lookup) -> str | None:
    """The country that the name of an institution in `text` gives away.

    `place` knows towns and provinces, `country_named` countries.
    """
    parts = [" ".join(folded_words(part)) for part in parts_of(text)]
    national = [part for part in parts if _NATIONAL.search(part)]
    steps: tuple[tuple[Lookup, list[str]], ...] = (
        (lambda part: _within(part, country_named), national),
        (lambda part: _of_region(part) or _of_university(part, place), parts),
        (_of_language, parts),
        (lambda part: _within(part, place), national),
        (lambda part: _within(part, country_named), parts),
    )
    return next((code for step, some in steps for part in some if (code := step(part))), None)


def _of_region(name: str) -> str | None:
    return _first(name, _codes("regions").get) if _INSTITUTION.search(name) else None


def _of_language(name: str) -> str | None:
    return _first(name, _codes("languages").get)


def _of_university(name: str, place: Lookup) -> str | None:
    """The country of the town that a university or hospital is called after: "Yantai University"."""
    words = name.split()
    for length in (3, 2, 1):
        first = " ".join(words[:length])
        code = place(first)
        if code is None and words[length : length + 1] == ["universitet"]:  # "Lunds universitet"
            code = place(first.removesuffix("s"))
        if code and not _OF_TOWNS.isdisjoint(words[length : length + 3]):
            return code
    if not (match := _OF_A_TOWN.search(name)):
        return None
    town = match[1].split()
    return next((code for n in (3, 2, 1) if (code := place(" ".join(town[:n])))), None)


def _within(name: str, known: Lookup) -> str | None:
    """The one country that is known by words anywhere in `name`."""
    found = {
        code for one, code in _known(name, known) if len(one) >= _SHORTEST and one not in _ALSO_ELSEWHERE
    }
    return found.pop() if len(found) == 1 else None


def _first(name: str, known: Lookup) -> str | None:
    return next((code for _, code in _known(name, known)), None)


def _known(name: str, known: Lookup) -> Iterator[tuple[str, str]]:
    """The words of `name` that are known, the longest first, each with what they mean.

    What a saint is called is no name: "Saint Maurice" is not Mauritius.
    """
    words, after = name.split(), 0
    for start in range(len(words)):
        if start and words[start - 1] in _SAINTS:
            continue
        for end in range(min(start + _MOST_WORDS, len(words)), max(start, after - 1), -1):
            one = " ".join(words[start:end])
            if start >= after and (code := known(one)):
                yield one, code
                after = end
                break


@cache
def _codes(part: str) -> dict[str, str]:
    return by_word(load_table("places")[part])
