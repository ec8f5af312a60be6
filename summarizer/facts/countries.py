"""Countries that a text says its study was set in."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from config import load_table

_MOST = 12
# Tried first, as it is quicker than all names.
_SETTING = re.compile(r"\b(?:[Ii]n|from|[Aa]cross|throughout|within|of) (?:[a-z]+ ){0,2}[A-Z]")
# Small words of a place's name.
_SMALL = frozenset({"of", "the", "and", "for", "at", "de", "du", "la", "in"})
_INSTITUTION = re.compile(r"\b(?:Hospital|University|Clinic|Cent(?:re|er)|Institut|School|College|Infirmary)")
_LONGEST_PLACE = 200
_PLACE_END = re.compile(r",? and |[;.]|$")
# Between two countries of a list: nothing but how many there were, or a town of the second.
_ITEM = r"[A-Z][\w'’-]+(?: (?:(?:of|the|and|de|du) )?[A-Z][\w'’-]+){0,2}"
_COUNT = r"(?: \((?:n ?= ?)?\d+\))?"
_LISTED = re.compile(rf"{_COUNT},? ?(?:and |or |, )?(?:the )?(?:{_ITEM}, )?")
_UNREAD = re.compile(rf"{_COUNT}, (?:the )?{_ITEM}{_COUNT},? (?:and|or) (?:the )?")
# Behind a name that may be part of another: the end, or a word that a name does not go on with.
_ENDED = (
    r"(?= ?(?:[,.;:()]|$)| (?:and|or|between|from|in|on|during|with|was|were|to|who|where|which|that|had|"
    r"have|has|is|are|after|before|by|since|through|using|for|than)\b)"
)
_UNREAD_END = re.compile(rf"{_COUNT},? (?:and|or) (?:the )?{_ITEM}{_COUNT}(?:[.;]|$)")


def named_countries(text: str) -> Iterator[str]:
    """Codes of the countries after "in", "from" or "across", and of those that follow in a list.

    Companies' seats ("Merck, Germany") are no setting, so the preposition must stand. Of a list with an
    item that cannot be read ("Norway, Utopia and Denmark") none is told: it would be read as all of them.
    """
    if _is_place(text):
        # Places alone ("City Hospital, Ghent, Belgium, and Town Clinic, Bern, Switzerland.") are where a
        # study was done; where the last has no country, nothing is told of them.
        pattern, codes = _names()
        names = [n for n in pattern.finditer(text, text.index(",")) if _PLACE_END.match(text, n.end())]
        if names and names[-1].end() >= len(text) - 1:
            yield from dict.fromkeys(codes[name["name"]] for name in names)
        return
    if not _SETTING.search(text):
        return
    pattern, codes = _names()
    found: list[str] = []
    last = -1
    for match in islice(pattern.finditer(text), _MOST):
        between = text[last : match.start("name")] if last >= 0 else ""
        if match["lead"] or (last >= 0 and _LISTED.fullmatch(between)):
            last = match.end()
            found.append(codes[match["name"]])
        elif _UNREAD.fullmatch(between):
            return
    if last < 0 or not (len(found) > 1 and _UNREAD_END.match(text, last)):
        yield from found


def _is_place(text: str) -> bool:
    """Whether it is a name alone: words with capitals, and few others, with a comma among them."""
    if len(text) > _LONGEST_PLACE or "," not in text or _INSTITUTION.search(text) is None:
        return False
    return all(word[0].isupper() or word in _SMALL for word in text.replace(",", " ").split())


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    table, facts = load_table("countries"), load_table("facts")["countries"]
    codes = {
        row["name"]: code
        for code, row in table.items()
        if len(code) == 2 and "name" in row and code not in facts["ambiguous"]
    }
    codes.update({name: code for code, names in facts["names"].items() for name in names})
    words = "|".join(
        re.escape(name) + (_ENDED if codes[name] in facts["alone"] else "")
        for name in sorted(codes, key=len, reverse=True)
    )
    adverbs = (
        "rural |urban |northern |southern |eastern |western |central |mainland |north |south |east |west "
    )
    part = r"(?:populations?|areas?|parts?|regions?|provinces?|east|west|north|south) of"
    lead = rf"\b(?:[Ii]n|from|[Aa]cross|throughout|within|{part})(?: the)? (?:{adverbs})?"
    return re.compile(rf"(?P<lead>{lead})?(?<![\w-])(?P<name>{words})(?![\w-])(?! hamster)"), codes
