"""How many were studied: the whole, never a part; where that is not sure, nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.digest import Role
from domain.facts import Fact, FactKind, Quantity, StudyKind
from summarizer.facts.people import PEOPLE
from summarizer.facts.told import THOUSANDS, Page, Told
from summarizer.text.sieve import sieved

_ANIMALS = (
    r"(?:mice|rats|dogs|cats|pigs|piglets|rabbits|sheep|hamsters|guinea pigs|cows|monkeys|macaques|zebrafish)"
)
_STUDIES = r"(?:studies|trials|articles|publications|rcts|papers|cohorts|reports|reviews)"
_THING = (
    rf"(?:{PEOPLE}|cases|tumou?rs|samples|specimens|caregivers|persons|casualties|workers|informants|"
    r"(?:patient|medical) records)"
)
_WORD = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w{3,5}teen|twenty|thirty|forty|"
    r"fifty|sixty|seventy|"
    r"eighty|ninety)"
)
_WORDED = rf"{_WORD}(?:[ -](?:hundred|thousand|and(?= {_WORD})|{_WORD})\b){{0,8}}+"
# Ordinary spaces set thousands apart only after such a word: "phase 3 450 patients" are 450.
_NUM = (
    rf"(?<![\d.,/-])(?P<n>\d{{1,3}}(?:[,{THOUSANDS}]\d{{3}})+(?!\d)|"
    r"(?:(?<=\bof )|(?<=\btotal )|(?<=\bincluded )|(?<=\benrolled )|(?<=\brecruited )|"
    r"^)\d{1,3}(?: \d{3})+(?!\d)|"
    rf"\d{{1,7}}(?![\d.,]\d|%)|\b{_WORDED}\b)"
)
_MIDDLE = (
    r"(?: \((?:\d+% )?(?:female|male|women|men)\b[^()]{0,30}\))? (?:(?!(?:suspected|possible|potential|"
    r"screened|in|of|and|or|from|to|with|for|at|by|on|were|was|are|is|had|each|per|"
    r"years?|months?|weeks?|"
    r"days?|hours?|times|cycles|mg|ml|kg|cm|mm)\b)[a-z][\w'/+-]*,? ){0,4}?"
)
_CHOSEN = (
    r"(?:randomly assigned|randomly allocated|randomi[sz]ed|enrol+ed|recruited|included|studied|"
    r"analy[sz]ed|reviewed|"
    r"evaluated|interviewed|surveyed|involved|followed)"
)
_VERB_FIRST = re.compile(
    rf"\b(?P<verb>{_CHOSEN}) (?:data (?:from|on|of) )?(?:a total of )?{_NUM}{_MIDDLE}(?P<unit>{_THING})\b",
    re.I,
)
_VERB_LAST = re.compile(
    rf"{_NUM}{_MIDDLE}(?P<unit>{_THING})\b[^.;,()]{{0,90}}? "
    rf"(?:(?:was|were) (?:\w+ly )?(?P<verb>{_CHOSEN}|selected|randomly)\b|met (?:the |our |"
    rf"all )?(?:[\w'-]+ ){{0,2}}criteria|"
    r"participated\b|provided\b|took part\b)",
    re.I,
)
_DONE_ON = re.compile(
    r"\b(?:comprised|consisted of|(?:performed|conducted|done|carried out|undertaken) (?:on|in|with|among)|"
    r"(?:study|cohort|series|trial|sample|survey) of|subjects were|(?:images|data|samples|records|charts|"
    r"specimens) (?:of|from)) "
    rf"(?:a total of )?{_NUM}{_MIDDLE}(?P<unit>{_THING})\b",
    re.I,
)
_REVIEWED = sieved(rf"{_NUM}{_MIDDLE}(?P<unit>{_STUDIES})\b", re.I)
_WITH_PEOPLE = re.compile(
    rf"\b(?:involving|with|including|comprising|representing|of|and|from|enrolling|on)(?: data (?:from|"
    rf"on))?(?: a total of)? {_NUM}{_MIDDLE}"
    rf"(?P<unit>{PEOPLE})\b",
    re.I,
)
_KEPT = re.compile(
    r"\b(?:includ(?:ed|ing)|eligible|(?:met|satisfied) (?:the |our |all )?(?:[\w-]+ )?criteria|fulfilled|"
    r"analy[sz]ed|"
    r"pooled|were selected|"
    r"qualified|comprising|based on)\b",
    re.I,
)
_IDENTIFIED = re.compile(r"\b(?:were|was) (?:finally )?(?:identified|found|reviewed)\b", re.I)
_FOUND_ONLY = sieved(
    r"\b(?:possible|potential\w*|screened|retrieved|search\w*|excluded|records|citations|abstracts|hits|"
    r"duplicates)\b",
    re.I,
)
_ANIMAL_COUNT = re.compile(rf"{_NUM}{_MIDDLE}(?P<unit>{_ANIMALS})\b", re.I)
_PART = re.compile(
    r"\b(?:of (?:these|them|those|whom|which|the)|each|per|respectively|groups? of|arm|among the)\b|/", re.I
)
_ANOTHER = re.compile(
    r"\b(?:another|additional|further|other|only|remaining|first|and|plus|versus|vs\.?) (?:a )?$", re.I
)
_BESIDE = re.compile(
    r"[^.;]{0,60}?\b(?:and|versus|vs\.?|plus) (?:\d[\d,]*|[a-z-]+) (?:[\w-]+ ){0,4}(?:controls?|volunteers|"
    r"comparators)\b|(?: \([^()]{0,30}\))?(?: with [\w -]{1,30}?)?,? (?:and|versus|vs\.?|plus) "
    rf"(?:\d[\d,]*|{_WORDED}) (?:[\w-]+ ){{0,3}}(?:{_THING}|lesions)\b",
    re.I,
)
_IS_PEOPLE = re.compile(PEOPLE)
_WORDS = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
)
_TENS = re.findall(r"\w+", "twenty thirty forty fifty sixty seventy eighty ninety")


@dataclass(frozen=True, slots=True)
class _Count:
    told: Told
    start: int
    end: int
    number: str
    unit: str
    verb: str = ""

    def fact(self, version: str) -> Fact:
        value = self.told.text[self.start : self.end]
        return Fact(FactKind.SIZE, value, self.told.evidence(version), (Quantity(self.number, self.unit),))


def sizes(page: Page, kind: StudyKind) -> Iterator[Fact]:
    """How many were studied: the whole, first; for reviews the studies and the people in them."""
    if kind is StudyKind.REVIEW:
        yield from (count.fact(page.hash) for count in _reviewed(page))
        return
    if kind in (StudyKind.ANIMAL, StudyKind.LABORATORY):
        counts = list(_animals(page)) if kind is StudyKind.ANIMAL else []
        if len({count.number for count in counts}) == 1:
            yield counts[0].fact(page.hash)
        return
    count = _stated(page) or _counted(page)
    anything = kind not in (StudyKind.TRIAL, StudyKind.QUALITATIVE)
    if count and (anything or _IS_PEOPLE.fullmatch(count.unit)):
        yield count.fact(page.hash)


def _stated(page: Page) -> _Count | None:
    """The number that the record's reader found, where it stands in the abstract."""
    size = page.version.sample_size
    if not size or size.unit in ("mice", "rats", "dogs", "studies"):
        return None
    for told in page.own(Role.METHOD, Role.RESULT, Role.QUESTION, Role.MEANING):
        if size.evidence[:40] not in told.text and told.text[:40] not in size.evidence:
            continue
        for match in re.finditer(rf"{_NUM}{_MIDDLE}(?P<unit>{_THING})\b", told.plain, re.I):
            if to_number(match["n"]) == str(size.number) and not _is_part(told.plain, match):
                return _count(told, match)
    return None


def _is_part(text: str, match: re.Match[str]) -> bool:
    """Whether those counted are but a part: one group of two, those of some kind, another few."""
    start, end = match.start("n"), match.end("unit")
    before, after = text[max(0, start - 25) : start], text[end : end + 90]
    return bool(
        _PART.search(before)
        or _PART.search(text[start:end])
        or _ANOTHER.search(before)
        or _BESIDE.match(after)
    )


def _counted(page: Page) -> _Count | None:
    counts = []
    for told in page.own(Role.METHOD, Role.RESULT):
        for pattern in (_VERB_FIRST, _VERB_LAST, _DONE_ON):
            for match in pattern.finditer(told.plain):
                if not _is_part(told.plain, match):
                    verb = match["verb"] if "verb" in pattern.groupindex else ""
                    counts.append(_count(told, match, (verb or "").lower()))
    drawn = [count for count in counts if count.verb.startswith("random")]
    counts = drawn or counts
    return counts[0] if counts and len({count.number for count in counts}) == 1 else None


def _reviewed(page: Page) -> Iterator[_Count]:
    for sure in (_KEPT, _IDENTIFIED):
        for told in page.own(Role.METHOD, Role.RESULT):
            if not sure.search(told.plain) or _FOUND_ONLY.search(told.plain):
                continue
            match = _REVIEWED.search(told.plain)
            if match is None or _PART.search(told.plain[max(0, match.start() - 25) : match.end()]):
                continue
            yield _count(told, match)
            people = _WITH_PEOPLE.search(told.plain, match.end())
            if people and people.start() - match.end() < 60:
                yield _count(told, people)
            return


def _animals(page: Page) -> Iterator[_Count]:
    for told in page.own(Role.METHOD):
        for match in _ANIMAL_COUNT.finditer(told.plain):
            if _PART.search(told.plain[max(0, match.start() - 25) : match.end() + 12]):
                continue
            yield _count(told, match)


def _count(told: Told, match: re.Match[str], verb: str = "") -> _Count:
    return _Count(
        told, match.start("n"), match.end("unit"), to_number(match["n"]), match["unit"].lower(), verb
    )


def to_number(printed: str) -> str:
    """A number in digits, from digits or words."""
    if printed[0].isdigit():
        return re.sub(r"\D", "", printed)
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
    return str(total + current)
