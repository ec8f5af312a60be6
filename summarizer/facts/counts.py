"""People and the like that a sentence counts, each with its number and its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.facts import Fact, FactKind, Quantity
from summarizer.facts.people import PEOPLE
from summarizer.facts.told import THOUSANDS, Told
from summarizer.text.sieve import sieved

THING = (
    rf"(?:{PEOPLE}|cases|tumou?rs|samples|specimens|caregivers|persons|casualties|workers|informants|pupils|"
    r"teachers|parents|couples|households|families|employees|athletes|pregnancies|questionnaires|surveys|"
    r"(?:patient|medical) records)"
)
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|twenty|thirty|forty|"
    r"fifty|sixty|seventy|"
    r"eighty|ninety)"
)
WORDED = rf"{_WORD}(?:[ -](?:hundred|thousand|and(?= {_WORD})|{_WORD})\b){{0,8}}+"
# Ordinary spaces set thousands apart only after such a word: "phase 3 450 patients" are 450.
NUM = (
    rf"(?<![\d.,/-])(?P<n>\d{{1,3}}(?:[,{THOUSANDS}]\d{{3}})+(?!\d)|"
    r"(?:(?<=\bof )|(?<=\btotal )|(?<=\bincluded )|(?<=\benrolled )|(?<=\brecruited )|"
    r"^)\d{1,3}(?: \d{3})+(?!\d)|"
    rf"\d{{1,7}}(?![\d.,]\d|%)|\b{WORDED}\b)"
)
# Adjectives, which commas part; after a noun another thing begins: "in nine countries, patients were asked".
MIDDLE = (
    r"(?: \((?:\d+% )?(?:female|male|women|men|black|white)\b[^()]{0,40}\))? (?:(?!(?:suspected|possible|"
    r"potential|"
    r"screened|in|of|and|or|from|to|with|for|at|by|on|were|was|are|is|had|each|per|"
    r"years?|months?|weeks?|"
    r"days?|hours?|times|cycles|million|billion|mg|ml|kg|cm|mm)\b)[a-z][\w'/+-]*(?:(?:(?<!s)|(?<=ous)),)? )"
    r"{0,4}?"
)
_THINGS = sieved(rf"\b{THING}\b", re.I)
_COUNT = re.compile(rf"{NUM}{MIDDLE}(?P<unit>{THING})\b", re.I)
_NUMBERED = re.compile(r"\((?:[^()]{1,60}[:,;] )?[nN] ?= ?(?P<n>\d{1,3}(?:,\d{3})+|\d{1,7})(?=[),; ])(?! ?/)")
_TAIL = re.compile(r"\d $")
# A number that is a name: "stage 3 patients".
_NAME = re.compile(
    r"\b(?:stages?|grades?|types?|phases?|class|levels?|categor(?:y|ies)|groups?|arms?|steps?|parts?) $", re.I
)
# The end of a range: "with between 18 and 2,174 patients", "12 to 310 patients".
_RANGE = re.compile(rf"(?:\bbetween (?:\d[\d,]*|{WORDED}) and|(?<![\d.,-])\d[\d,]* ?(?:to|-)) ?$", re.I)
_LONGEST_RANGE = 60
_NAMES = 10
_YEAR = re.compile(
    r"\b(?:in|since|during|until|by|before|after|from|through|(?:19|20)\d\d (?:and|to)) $", re.I
)
_YEARS = range(1900, 2040)
_WORDS = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
)
_TENS = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people or things, and where the sentence says it."""

    told: Told
    start: int
    end: int
    number: int
    unit: str

    @property
    def before(self) -> str:
        """What leads to it."""
        return self.told.plain[max(0, self.start - 60) : self.start]

    @property
    def after(self) -> str:
        """What follows it."""
        return self.told.plain[self.end : self.end + 260]

    @property
    def quantity(self) -> Quantity:
        """The number in digits, with its unit."""
        return Quantity(str(self.number), self.unit)

    def fact(self, version: str) -> Fact:
        """That so many were studied."""
        value = self.told.text[self.start : self.end]
        return Fact(FactKind.SIZE, value, self.told.evidence(version), (self.quantity,))


def counted(told: Told) -> list[Count]:
    """All that a sentence counts in people and the like."""
    if _THINGS.search(told.plain) is None:
        return []
    return [to_count(told, match) for match in _COUNT.finditer(told.plain) if _is_count(told, match)]


def _is_count(told: Told, match: re.Match[str]) -> bool:
    return not (_is_torn(told, match) or _is_name(told, match) or ends_range(match))


def ends_range(match: re.Match[str]) -> bool:
    """Whether the number `n` of a match is the most that there were of something."""
    start = match.start("n")
    return _RANGE.search(match.string, max(0, start - _LONGEST_RANGE), start) is not None


def _is_name(told: Told, match: re.Match[str]) -> bool:
    """Whether the number is a name or a year: "in 2015 patients were asked"."""
    printed, before = match["n"], told.plain[max(0, match.start("n") - 20) : match.start("n")]
    if not printed.isdecimal():
        return False
    if int(printed) in _YEARS:
        return match.start("unit") == match.end("n") + 1 and _YEAR.search(before) is not None
    return int(printed) < _NAMES and _NAME.search(before) is not None


def _is_torn(told: Told, match: re.Match[str]) -> bool:
    """Whether a number before it may belong to it: "in Maryland, 13 343 people" are not 343."""
    start, end = match.span("n")
    return end - start == 3 and match["n"].isdigit() and _TAIL.search(told.plain[:start]) is not None


def to_count(told: Told, match: re.Match[str]) -> Count:
    """A match of a number and its unit."""
    return Count(told, match.start("n"), match.end("unit"), to_number(match["n"]), match["unit"].lower())


def numbered(told: Told) -> Iterator[tuple[int, int, int]]:
    """Each "(n = 120)": where it begins and ends, and its number."""
    if "=" not in told.plain:
        return
    for match in _NUMBERED.finditer(told.plain):
        yield match.start(), match.end("n"), to_number(match["n"])


def to_number(printed: str) -> int:
    """A number, from digits or words."""
    if printed[0].isdigit():
        return int(re.sub(r"\D", "", printed))
    total = current = 0
    for word in re.split(r"[ -]", printed.lower()):
        if word in _WORDS:
            current += _WORDS.index(word)
        elif word in _TENS:
            current += 10 * (_TENS.index(word) + 2)
        elif word == "hundred":
            current *= 100
        elif word == "thousand":
            total, current = total + current * 1000, 0
    return total + current
