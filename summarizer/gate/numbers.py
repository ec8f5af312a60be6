"""Numbers with their units and with how exact they are said to be."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from config import load_table
from domain.values import quickly_made
from summarizer.gate.prose import WORD, Prose, Source, is_subsequence, split_words

_NUMBER = re.compile(
    r"(?<![\w.·])(?<![^\W\d_][-–])(?:(?<=\s)[-−+])?(?:\d+(?:[,\u2009\u202f]\d{3})*(?:[.·]\d+)?|[.·]\d+)"
)
_DIGIT = re.compile(r"\d")
_UNIT = re.compile(
    r"\s?-?(percentage points?|%|‰|per ?cent(?:age)?|[munpµμ]?[gMLlm]\b(?:/\w+)?|[cknmµμ]m\b|mg(?:/\w+)*|"
    r"kg(?:/\w+)*|mmol\w*|[mµμ]?Sv\b|IU\b|°C|ppm\b|mm ?Hg|Gy\b|kDa|fold|times|"
    r"days?|weeks?|months?|mo\b|years?|hours?|h\b|min(?:utes?)?\b|seconds?|decades?|"
    r"patients?|people|individuals|persons|participants?|women|men|children|adults|mice|rats|cells?|cases|deaths|"
    r"samples?|tumou?rs?|countries|studies|trials|hospitals|families|genes|proteins|doses|cycles|points?|"
    r"million|billion|thousand)(?![a-z])",
)
_CURRENCY = re.compile(r"(US\$|[$€£¥])\s?$")
_SAME_UNIT = {
    "individuals": "people", "participant": "people", "participants": "people", "persons": "people",
    "percent": "%", "per cent": "%", "mo": "month", "percentage": "%",
    "tumor": "tumour", "tumors": "tumours", "percentage point": "percentage points",
}  # fmt: skip
_GROUPED = re.compile(r"[,\u2009\u202f](?=\d{3})")
_WAY = re.compile(r"(?<!\w)(by|to|at|within|before|after)\s?(?:the |an? )?$", re.I)
_WAYS = {"by": "to", "to": "by", "at": "within", "within": "at", "before": "after", "after": "before"}
"""Each with the one that it must not become."""
_REACH = 22
_ARTICLES = ("", "the", "a")
_KEPT = 4_000


@quickly_made
@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is told."""

    value: str
    unit: str
    bound: str
    """Row of `bounds` in `config/gate.toml`; empty: exactly so."""
    way: str
    """What leads up to it, of `_WAYS`: what fell by 40% did not fall to 40%."""
    start: int

    @property
    def told(self) -> str:
        """With its unit."""
        return f"{self.value} {self.unit}".strip()


def numbers(text: str) -> list[tuple[str, str]]:
    """The numbers of `text` with their units, in order, digits and words alike."""
    return [(number.value, number.unit) for number in read_numbers(text)]


def number_faults(told: Prose, source: Source, permitted: str) -> Iterator[str]:
    """Numbers that the evidence does not give so.

    Args:
        permitted: other texts whose numbers may be used.
    """
    here = read_numbers(told.text)
    if not here:
        return
    printed, plain = read_numbers(source.whole.text), read_numbers(source.plain.text)
    known = (*printed, *plain)
    pairs = {(number.value, number.unit) for number in known}
    mine = [number for number in here if (number.value, number.unit) in pairs]
    others = [number for number in here if (number.value, number.unit) not in pairs]
    free = {number.value for number in read_numbers(permitted)} if others else set()
    wrong = [number for number in others if number.value not in free]
    yield from (f"number not in the evidence: {number.told}" for number in wrong)
    bounds: dict[tuple[str, str], set[str]] = {}
    ways: dict[tuple[str, str], set[str]] = {}
    for number in known:
        bounds.setdefault((number.value, number.unit), set()).add(number.bound)
        ways.setdefault((number.value, number.unit), set()).add(number.way)
    for number in mine:
        if number.bound not in bounds[number.value, number.unit]:
            yield f"number more or less exact than in the evidence: {number.bound} {number.told}"
        if number.way and ways[number.value, number.unit] == {_WAYS[number.way]}:
            yield f"change told another way than in the evidence: {number.way} {number.told}"
    order = _in_order(mine)
    if not wrong and not any(is_subsequence(order, _in_order(known)) for known in (printed, plain)):
        yield "numbers in another order than in the evidence"


def left_out_numbers(told: Prose, source: Source) -> Iterator[str]:
    """Numbers outside brackets that are not told, as printed or as they follow from those."""
    if not read_numbers(source.outside.text):
        return
    here = _values(told)
    missing = _values(source.outside) - here
    if missing and _values(source.plain_outside) - here:
        yield from (f"number left out: {value}" for value in missing)


@lru_cache(_KEPT)
def read_numbers(text: str) -> tuple[Number, ...]:
    """The numbers of `text`, in order."""
    found = []
    for match in _NUMBER.finditer(text) if _DIGIT.search(text) else ():
        value = _GROUPED.sub("", match[0]).replace("·", ".").replace("−", "-")
        value = "0" + value if value.startswith(".") else value
        found.append(_number(text, value, match.start(), match.end()))
    named = load_table("wording")["numbers"]
    in_words = not named.keys().isdisjoint(split_words(text.lower()))
    for match in WORD.finditer(text) if in_words else ():
        if value := named.get(match[0].lower()):
            found.append(_number(text, value, match.start(), match.end()))
    return tuple(sorted(found, key=lambda number: number.start))


def _in_order(found: Sequence[Number]) -> list[tuple[str, str, str]]:
    return [(number.value, number.unit, number.bound) for number in found]


def _values(prose: Prose) -> Counter[str]:
    return Counter(number.value for number in read_numbers(prose.text))


def _number(text: str, value: str, start: int, end: int) -> Number:
    before = text[max(0, start - _REACH) : start]
    currency = _CURRENCY.search(before)
    unit = currency[1] if currency else _unit(text, end)
    before = before[: currency.start()] if currency else before
    bound = _bounds().search(before) if _may_be_bound(before) else None
    way = _WAY.search(before[: bound.start()] if bound else before)
    name = _bound_names()[" ".join(bound[1].lower().split())] if bound else ""
    return Number(value, unit, name, way[1].lower() if way else "", start)


def _may_be_bound(before: str) -> bool:
    """Whether what stands before a number could end with such a phrase; most cannot, and needs no search."""
    if not before.isascii():
        return True
    end = before.lower().rstrip()
    return any(
        end.endswith(article) and end.removesuffix(article).rstrip().endswith(_bound_endings())
        for article in _ARTICLES
    )


def _unit(text: str, end: int) -> str:
    match = _UNIT.match(text, end)
    if match is None:
        return ""
    unit = _SAME_UNIT.get(match[1], match[1])
    return unit.removesuffix("s") if len(unit) > 3 else unit


@cache
def _bound_names() -> dict[str, str]:
    return {phrase: name for name, phrases in load_table("gate")["bounds"].items() for phrase in phrases}


@cache
def _bound_endings() -> tuple[str, ...]:
    return tuple(phrase.lower() for phrase in _bound_names())


@cache
def _bounds() -> re.Pattern[str]:
    phrases = sorted(_bound_names(), key=len, reverse=True)
    # A sign may stand against the word before it: "P<0.05".
    told = [rf"(?<!\w){re.escape(each)}" if each[0].isalpha() else re.escape(each) for each in phrases]
    return re.compile(rf"({'|'.join(told)})\s?(?:the |a )?$", re.I)
