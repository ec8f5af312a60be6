"""Phrases of a sentence that number people, animals, samples or studies: "1,204 older women", "men (n = 45)".

Only how many of what they name; whether those are the ones that were studied is for
`crawler.telling.samples` to weigh.
"""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from functools import cache

from config import load_table
from crawler.telling.hints import Hints
from crawler.telling.numbers import ANY_NUMBER, DIGITS, NUMBER_WORDS, WORDED, number_of, value_of

_SCREENED = "screened|assessed|approached|invited|contacted|eligible"
_FOUND = "records|citations|references|titles|abstracts|articles|publications|papers|hits"
_KEPT = (
    r"(?:enrol|includ|random|recruit|analy[sz]|took part|participated|attended"
    r"|met (?:the |all )?(?:inclusion|eligib))"
)
_KEPT_WORDS = (
    "met fulfilled enrolled included eligible randomized randomised randomization randomisation assigned"
)
_ASSIGNED = "(?:assigned|allocated|randomi[sz]ed)"
_ARMS = re.compile(rf"\b{_ASSIGNED}\b[^.;(]{{0,60}}\b(?:to|into|either)\b[^.;(]*$")
"""Stands before the first arm of which the number is given in brackets."""
_WORD = r"(?:\d[\d–-]*-)?[^\W\d][-\w'’/+]*"
_STEP = re.compile(
    r" (?:\((?P<aside>[^()]{1,60})\)|\d+(?:[-–]\d+)?[ -](?:y|yr|year|month|week)s?[ -]old\b"
    rf"|(?P<word>{_WORD}))(?P<comma>,?)"
)
"""One word behind a number, an age, or what stands in brackets there."""
_STEPS = 9
_PERCENT = re.compile(r"\d[\d.]* ?%")
_END_WORDS = """or as all among including of to in on at for from with by than per out vs versus who which
    that when was were is are be had has have having did not the times fold years year months
    month weeks week days day hours hour mg g ml cm mm gy cycles centres centers sites
    hospitals countries quarters thirds percent"""
_ENDS = frozenset(_END_WORDS.split())
"""Words that end the phrase of a number before it comes to those whom it counts."""
_UP_TO = rf"(?: {_WORD}){{0,6}}? "
_NOT_SOME = r"(?<!some )(?<!few )(?<!many )(?<!most )"
"""Stands where no number follows that is told at once: "some 200 patients" are about so many."""
_KEPT_NOW = (
    rf"{DIGITS}(?P<words>) (?:met|fulfilled|(?:were|underwent) (?:randomly )?"
    r"(?:enrol+ed|included|eligible|assigned|randomi[sz]))"
)
_OF_WHOM_KEPT = re.compile(rf" of whom {_KEPT_NOW}")
_OF_MORE_KEPT = re.compile(
    rf"(?:Of|Among|From) (?:the |a total of )?{ANY_NUMBER}[^.;,\d]{{0,120}}, {_KEPT_NOW}"
)
"""Those kept for the study of others: "5,230 men were registered, of whom 4,110 were randomised"."""
_N_EQUALS = re.compile(r"\b[Nn] ?= ?(\d[\d, \xa0\u2009\u202f]*)?")
_BOTH_SEXES = re.compile(r"(?:women and men|men and women)\b", re.IGNORECASE)
_AT_ONCE = re.compile(r"(?: aged\b.*)?$")
_EQUALS = re.compile(r"\b[Nn] ?= ?$")
_FIGURES = re.compile(f"{DIGITS}(?P<words>)")
_ANY_NUMBERS = re.compile(f"(?:{DIGITS}|{WORDED})", re.IGNORECASE)
_EACH = re.compile(r" (?:each|(?:per|in|to) )")
_GROUPS = re.compile(r"\b(?:each|per) |\b(?:sub)?groups? (?:\w+ )?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A number and those whom it counts; `start` and `end` are its place in the sentence."""

    number: int
    unit: str
    """The code of `config/sample_units.toml`."""
    middle: str
    """What stands between number and word, or a word and its number in brackets; in small letters."""
    start: int
    end: int
    is_year: bool = False
    """Whether the number may be that of a year."""
    equals: str = ""
    """The sign before a number in brackets: "N =" is mostly of all, "n =" of groups too."""
    is_share: bool = False
    """Whether a percentage stands behind it."""
    is_vague: bool = False
    """Whether other words stand before a number in brackets, as where it is that of a group."""
    all_of_them: bool = False
    """Whether the sentence itself says so, as of those left of others, or of all arms of a trial."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    unit_of: dict[str, str]
    hints: Hints[str]
    """Words without one of which of each kind a text numbers nobody."""
    unit: re.Pattern[str]
    bracketed: re.Pattern[str]
    taken: re.Pattern[str]
    """The number of those who were left for the study: "of 300 patients screened, 120 were enrolled"."""
    chosen: re.Pattern[str]
    """The number of studies of those found: "of 1,455 records, 21 were included"."""
    shared: re.Pattern[str]
    """The arms of a trial, one after the other: "101 patients were assigned to A and 99 to B"."""


@cache
def _patterns() -> _Patterns:
    unit_of = {word: unit for unit, words in load_table("sample_units").items() for word in words}
    units = "|".join(sorted(unit_of, key=len, reverse=True))
    unit, named, other = (rf"(?P<{group}>{units})\b(?!-[a-z])" for group in ("unit", "named", "other"))
    return _Patterns(
        unit_of,
        Hints(
            {
                "unit": {f" {word.split()[-1]} " for word in unit_of},
                "screened": {f" {word} " for word in f"{_SCREENED}|{_FOUND}".split("|")},
                "assigned": {" assigned ", " allocated ", " randomized ", " randomised "},
                "kept": {f" {word} " for word in _KEPT_WORDS.split()},
                "number": {f" {word} " for word in NUMBER_WORDS},
            }
        ),
        re.compile(rf"\b{unit}", re.IGNORECASE),
        re.compile(
            rf"\b{_NOT_SOME}{unit}(?P<gap>(?:[^.;()=]|\([^()=]*\)){{0,160}}?) ?\([^()=]{{0,40}}?\bn ?= ?"
            rf"{DIGITS}(?P<words>)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"\b(?:(?:of|among|from) (?:the |a total of )?{ANY_NUMBER}(?=[^,;.]{{0,90}}\b(?:{_SCREENED})\b)"
            rf"(?:{_UP_TO}{unit}[^,;.\d]{{0,60}}|[^,;.\d]{{0,90}}),"
            rf"|(?:(?:{_SCREENED}) {ANY_NUMBER}{_UP_TO}{named}"
            rf"|{ANY_NUMBER}{_UP_TO}{other} (?:were )?(?:{_SCREENED}))"
            rf"[^.;,\d]{{0,40}}(?:,? and (?:randomly )?(?:enrolled|included|recruited|{_ASSIGNED})"
            rf" (?P<then>{ANY_NUMBER})\b|(?:[,;]|,? and)(?: of wh(?:om|ich))?))(?(then)| {DIGITS}(?P<words>)"
            rf"(?: \(\d[\d.]*%\))? (?:(?!not\b|exclu|declin)[a-z]+ ){{0,7}}?{_KEPT})",
            re.IGNORECASE,
        ),
        re.compile(
            rf"\b{ANY_NUMBER} (?:[\w-]+ ){{0,3}}?(?:{_FOUND}|studies)\b[^.;\d]{{0,60}}?"
            rf"(?:,|,? (?:of which|of these,?|from which|and)) {DIGITS}(?P<words>) (?:[a-z]+ ){{0,4}}?"
            r"(?:(?:were )?included(?! (?!in\b|for\b)\w)|were eligible|met|fulfilled)\b",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{DIGITS}(?P<words>){_UP_TO}{unit} (?:(?:were )?(?:randomly )?{_ASSIGNED} )?to"
            r" [^.;,\d]{1,120}?"
            rf",? and (?P<others>{ANY_NUMBER})(?: [a-z]+)?(?: were (?:randomly )?{_ASSIGNED})? to\b",
            re.IGNORECASE,
        ),
    )


def hinted(words: bytes) -> frozenset[str]:
    """Of which kinds `words` hold a hint: without "unit" and "screened" nobody is numbered."""
    return _patterns().hints.within(words)


def phrases(sentence: str, hints: frozenset[str]) -> list[Phrase]:
    """What `sentence` numbers, in its order; `hints` are those of `hinted`.

    Where it says how many were left, or gives the arms of a trial apart, only the whole.
    """
    patterns = _patterns()
    if "screened" in hints and (left := _left(sentence)):
        return [left]
    if "unit" not in hints:
        return []
    if "kept" in hints and (kept := _kept(sentence)):
        return [kept]
    numbers = _ANY_NUMBERS if "number" in hints else _FIGURES
    found = [phrase for match in numbers.finditer(sentence) if (phrase := _phrase(match))]
    if found and "assigned" in hints and (arms := patterns.shared.search(sentence)):
        return [_of_match(arms, value_of(arms) + number_of(arms["others"]), all_of_them=True)]
    if "=" in sentence:
        found += _in_brackets(sentence, {phrase.end for phrase in found})
        found.sort(key=lambda phrase: phrase.start)
    return found


def _phrase(number: re.Match[str]) -> Phrase | None:
    """What `number` counts, if the words behind it come to that."""
    unit_of = _patterns().unit_of
    words: list[str] = []
    last, share, place = "", False, number.end()
    for _ in range(_STEPS):
        step = _STEP.match(number.string, place)
        if not step:
            return None
        place = step.end()
        if aside := step["aside"]:
            share = share or (not words and _PERCENT.match(aside) is not None)
            continue
        word = (step["word"] or "").lower().rstrip("'’")
        if unit := unit_of.get(word) or unit_of.get(f"{last} {word}"):
            both = _BOTH_SEXES.match(number.string, step.start() + 1)
            return Phrase(
                value_of(number),
                "participants" if both else unit,
                " ".join(words),
                number.start(),
                step.end("word"),
                is_year=_is_year(number),
                equals=_equals(number),
                is_share=share,
            )
        if step["word"] in _ENDS or (word == "and" and (not last or last.endswith("s"))):
            return None
        words.append(word)
        last = word
    return None


def _of_match(
    match: re.Match[str], number: int, middle: str = "", *, is_vague: bool = False, all_of_them: bool = False
) -> Phrase:
    """What a pattern of `_Patterns` has found."""
    return Phrase(
        number,
        _patterns().unit_of[match["unit"].lower()],
        middle,
        *match.span(),
        is_year=_is_year(match),
        equals=_equals(match),
        is_vague=is_vague,
        all_of_them=all_of_them,
    )


def _is_year(match: re.Match[str]) -> bool:
    figures = match["digits"] or ""
    return len(figures) == 4 and figures.isdigit() and 1900 <= int(figures) <= 2035


def _equals(match: re.Match[str]) -> str:
    """The sign before a number in brackets."""
    place = match.start("digits")
    found = _EQUALS.search(match.string, max(0, place - 5), place) if place > 0 else None
    return found[0] if found else ""


def _left(sentence: str) -> Phrase | None:
    """Those, or the studies, that were left of the more that were looked at."""
    patterns = _patterns()
    if left := patterns.taken.search(sentence):
        named = (left["unit"] or left["named"] or left["other"] or "participants").lower()
        number = number_of(left["then"]) or value_of(left)
        return Phrase(number, patterns.unit_of[named], "", *left.span(), all_of_them=True)
    if chosen := patterns.chosen.search(sentence):
        return Phrase(value_of(chosen), "studies", "", *chosen.span(), all_of_them=True)
    return None


def _kept(sentence: str) -> Phrase | None:
    kept = _OF_MORE_KEPT.match(sentence) or _OF_WHOM_KEPT.search(sentence)
    unit = _patterns().unit.search(sentence, 0, kept.start("digits")) if kept else None
    if not kept or not unit:
        return None
    code = _patterns().unit_of[unit[0].lower()]
    return Phrase(value_of(kept), code, "", *kept.span("digits"), all_of_them=True)


def _in_brackets(sentence: str, counted: Set[int]) -> Iterator[Phrase]:
    """The phrase of which the number stands in brackets, or the sum of a trial's arms.

    Words that end at the places `counted` have a number before them; with any, arms are not summed up.
    """
    numbers = list(_N_EQUALS.finditer(sentence))
    told = [number_of(match[1]) for match in numbers]
    whole = len(told) == 1 or (len(told) > 2 and told[0] == sum(told[1:]))
    if whole and (match := _patterns().bracketed.search(sentence)):
        gap = match["gap"].lower()
        if (
            match.end("unit") not in counted
            and not _GROUPS.search(gap)
            and not _EACH.match(sentence, match.end())
        ):
            both = _BOTH_SEXES.match(sentence, match.start("unit"))
            phrase = _of_match(match, value_of(match), gap, is_vague=not _AT_ONCE.match(gap))
            yield replace(phrase, unit="participants") if both else phrase
    elif (
        numbers and not counted and _ARMS.search(before := sentence[: numbers[0].start()].rpartition("(")[0])
    ):
        unit = _patterns().unit.search(before)
        if unit and all(told):
            code = _patterns().unit_of[unit[0].lower()]
            yield Phrase(sum(told), code, "", unit.start(), len(sentence), all_of_them=True)
