"""How many people, animals, samples or studies a paper studied, as it says; None where that is not sure.

The whole counts, not its arms: "we enrolled 200 patients, 100 to each arm" is 200. Where a text gives several
numbers of the kind that is said to be the whole, and they do not agree, the first stated in the methods or
results wins over one in passing; a number in a background section never counts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from config import load_table
from crawler.records.remembering import remembered
from crawler.telling import sample_signs as signs
from crawler.telling.hints import Hints, lowered
from crawler.telling.numbers import ANY_NUMBER, DIGITS, NUMBER_WORDS, WORDED, number_of, value_of
from crawler.telling.sentences import LONGEST, sentences
from domain.body import Passage, Place
from domain.statements import SampleSize

_READ = frozenset({Place.ABSTRACT, Place.METHODS, Place.RESULTS, Place.OTHER})
_SKIPPED = re.compile(
    r"background|introduction|objective|aims?\b|purpose|conclusion|context|discussion|interpretation"
    r"|limitation|implication|rationale|importance|funding",
    re.IGNORECASE,
)
_MIDDLE = r"(?: \(\d[\d.]*%\))? (?P<middle>(?:[^\W\d][-\w'’/+]*,? ){0,6}?)"
_LETTERS = bytes(code if chr(code).isascii() and chr(code).islower() else 32 for code in range(256))
_BRACKETS = re.compile(r" ?\([^()]*\)")
_SCREENED = "screened|assessed|approached|invited|contacted|eligible"
_FOUND = "records|citations|references|titles|abstracts|articles|publications|papers"
_KEPT = (
    r"(?:enrol|includ|random|recruit|analy[sz]|took part|participated|attended"
    r"|met (?:the |all )?(?:inclusion|eligib))"
)
_TELLING = frozenset(
    {
        "enrolled",
        "enroled",
        "enrolling",
        "enrol",
        "enroll",
        "recruited",
        "recruiting",
        "included",
        "including",
    }
    | {"randomized", "randomised", "randomly", "analyzed", "analysed", "studied", "reviewed", "evaluated"}
    | {"examined", "investigated", "participated", "interviewed", "surveyed", "entered", "registered"}
    | {"collected", "genotyped", "identified", "met", "eligible", "treated", "underwent"}
    | {"total", "number", "overall", "altogether", "all", "sample", "cohort", "series", "population"}
    | {"comprised", "comprising", "consisted", "consisting", "set", "n", "completed"}
    | {"followed", "tested", "sequenced", "stained", "profiled", "sampled", "monitored"}
    | {"extracted", "retrieved", "abstracted", "took", "answered", "divided", "participaron"}
    | {
        "provided",
        "study",
        "survey",
        "analysis",
        "trial",
        "review",
        "data",
        "obtained",
        "asked",
        "responded",
        "received",
        "given",
    }
    | {
        "assessed",
        "described",
        "portant",
        "asignaron",
        "estudo",
        "estudio",
        "von",
        "tude",
        "realizado",
        "pooled",
        "administered",
        "interviews",
    }
    | {"attended", "responses", "assigned", "allocated", "randomization", "randomisation"}
    | {"incluyeron", "estudiaron", "analizaron", "evaluaron", "reclutaron", "inclu", "incluidos", "incluidas"}
    | {"analisados", "analisadas", "avaliados", "avaliadas", "estudados", "estudadas", "recrutados"}
)
"""Words without one of which a sentence gives no number plainly enough; quicker than the patterns.

A letter with an accent parts a word here: "incluídas" begins with "inclu"."""
_N_EQUALS = re.compile(r"\([Nn] ?= ?(\d[\d, \xa0\u2009\u202f]*)?")
_FIGURE = re.compile(r"\d")
_ASSIGNED = "(?:assigned|allocated|randomi[sz]ed)"
_ASSIGNING = re.compile(rf"\b{_ASSIGNED}\b", re.IGNORECASE)
_ARMS = re.compile(rf"\b{_ASSIGNED}\b[^.;(]{{0,60}}\b(?:to|into|either)\b[^.;(]*$")
"""Stands before the first arm of which the number is given in brackets."""
_NOT_SOME = r"(?<!some )(?<!few )(?<!many )(?<!most )"
"""Stands where no number follows that is told at once: "some 200 patients" are about so many."""
_LISTED = frozenset({" and ", ", and ", ", "})
_SEXES = frozenset({"men", "women", "children"})
_ENOUGH = 3
_FEW = 10
_HANDFUL = 5
"""So few are seldom those whom data are of: "specimens obtained from two birds"."""
_MOST = 3
"""Numbers of a sentence that are looked at."""


@dataclass(frozen=True, slots=True)
class _Units:
    unit_of: dict[str, str]
    hints: Hints[str]
    """Words without one of which of each kind a text gives no number plainly enough."""
    unit: re.Pattern[str]
    digits: re.Pattern[str]
    any_number: re.Pattern[str]
    bracketed: re.Pattern[str]
    taken: re.Pattern[str]
    """The number of those who were left for the study: "of 300 patients screened, 120 were enrolled"."""
    chosen: re.Pattern[str]
    """The number of studies of those found: "of 1,455 records, 21 were included"."""
    taken_in_brackets: re.Pattern[str]
    """Those of whom the number stands behind the verb: "patients with A were included (n = 310)"."""
    shared: re.Pattern[str]
    """The arms of a trial, one after the other: "101 patients were assigned to A and 99 to B"."""


@cache
def _units() -> _Units:
    unit_of = {word: unit for unit, words in load_table("sample_units").items() for word in words}
    units = "|".join(sorted(unit_of, key=len, reverse=True))
    unit, named, other = (rf"(?P<{group}>{units})\b" for group in ("unit", "named", "other"))
    return _Units(
        unit_of,
        Hints(
            {
                "unit": {f" {word.split()[-1]} " for word in unit_of},
                "telling": {f" {word} " for word in _TELLING},
                "screened": {f" {word} " for word in f"{_SCREENED}|{_FOUND}".split("|")},
                "number": {f" {word} " for word in NUMBER_WORDS},
            }
        ),
        re.compile(rf"\b{unit}", re.IGNORECASE),
        re.compile(f"{DIGITS}(?P<words>){_MIDDLE}{unit}", re.IGNORECASE),
        re.compile(f"(?:{DIGITS}|{WORDED}){_MIDDLE}{unit}", re.IGNORECASE),
        re.compile(rf"\b{_NOT_SOME}{unit}(?P<words>)(?P<middle>) ?\(n ?= ?{DIGITS}\)", re.IGNORECASE),
        re.compile(
            rf"\b(?:(?:of|among|from) (?:the |a total of )?{ANY_NUMBER}(?=[^,;.]{{0,90}}\b(?:{_SCREENED})\b)"
            rf"(?:(?: [^\W\d][-\w'’/+]*){{0,6}}? {unit}[^,;.\d]{{0,60}}|[^,;.\d]{{0,90}}),"
            rf"|(?:(?:{_SCREENED}) {ANY_NUMBER}(?: [^\W\d][-\w'’/+]*){{0,6}}? {named}"
            rf"|{ANY_NUMBER}(?: [^\W\d][-\w'’/+]*){{0,6}}? {other} (?:were )?(?:{_SCREENED}))"
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
            rf"\b{unit}\b[^.;()]{{0,120}}\b(?:were|was) (?:included|enrolled|recruited|analy[sz]ed|studied)"
            rf" \(n ?= ?{DIGITS}\)(?P<words>)",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{DIGITS}(?P<words>){_MIDDLE}{unit} (?:(?:were )?(?:randomly )?{_ASSIGNED} )?to"
            r" [^.;,\d]{1,120}?"
            rf",? and (?P<others>{ANY_NUMBER})(?: [a-z]+)?(?: were (?:randomly )?{_ASSIGNED})? to\b",
            re.IGNORECASE,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Count:
    number: int
    unit: str
    sentence: str
    weight: int
    opens: bool = False
    """Whether it may be that of all who were treated, who are the whole where no more are told of."""


def sample_size(passages: Sequence[Passage]) -> SampleSize | None:
    """The number studied that `passages` give most plainly as the whole; None where none is plain enough."""
    counts = [count for passage in passages for count in _counts(passage)]
    best = max((count.weight for count in counts), default=0)
    if best < _ENOUGH:
        opening = next((count for count in counts if count.opens), None)
        if not opening or opening.number < max(_FEW, *(count.number for count in counts)):
            return None
        return SampleSize(opening.number, opening.unit, opening.sentence[:LONGEST])
    plainest = [count for count in counts if count.weight == best]
    chosen = plainest[0]
    if any(other.unit == chosen.unit and other.number > chosen.number for other in plainest[1:]):
        same = {other.number for other in plainest if other.unit == chosen.unit}
        if len(same) > 1 and best < _ENOUGH + 2:
            return None
    return SampleSize(chosen.number, chosen.unit, chosen.sentence[:LONGEST])


def _counts(passage: Passage) -> Iterator[_Count]:
    if passage.place not in _READ or _is_skipped(passage.label):
        return
    units = _units()
    hinted = units.hints.within(_words(lowered(passage.text)))
    worded = "number" in hinted
    if not _plain(hinted):
        return  # told at once, before the text is cut into sentences
    for sentence in sentences(passage.text):
        if not worded and not _FIGURE.search(sentence):
            continue
        hinted = units.hints.within(_words(sentence.lower().encode("ascii", "replace")))
        if not _plain(hinted):
            continue
        pattern = units.any_number if "number" in hinted else units.digits
        matches = list(pattern.finditer(sentence))
        whole = _without_parts(matches, sentence)
        found = [count for match in whole if (count := _count(match, sentence, passage.label))]
        if "screened" in hinted and (left := units.taken.search(sentence)):
            word = left["unit"] or left["named"] or left["other"] or "participants"
            number = number_of(left["then"]) or value_of(left)
            yield _Count(number, units.unit_of[word.lower()], sentence, _ENOUGH + 2)
            continue
        if "screened" in hinted and (chosen := units.chosen.search(sentence)):
            yield _Count(value_of(chosen), "studies", sentence, _ENOUGH + 2)
            continue
        if found and _ASSIGNING.search(sentence) and (arms := units.shared.search(sentence)):
            found = [replace(found[0], number=value_of(arms) + number_of(arms["others"]))]
        if not found and "=" in sentence:
            found = list(_in_brackets(sentence))
        for place, count in enumerate(found[:_MOST]):
            yield replace(count, weight=count.weight + 1) if not place and len(matches) > 1 else count


def _in_brackets(sentence: str) -> Iterator[_Count]:
    """The count that stands in brackets, or the sum of those that are the arms of a trial."""
    numbers = list(_N_EQUALS.finditer(sentence))
    if len(numbers) == 1 and (taken := _units().taken_in_brackets.search(sentence)):
        yield _Count(value_of(taken), _units().unit_of[taken["unit"].lower()], sentence, _ENOUGH)
    elif len(numbers) == 1:
        yield from (
            c for match in _units().bracketed.finditer(sentence) if (c := _count(match, sentence, ""))
        )
    elif numbers and _ARMS.search(before := sentence[: numbers[0].start()]):
        unit = _units().unit.search(before)
        arms = [number_of(match[1]) for match in numbers]
        if unit and all(arms):
            yield _Count(sum(arms), _units().unit_of[unit[0].lower()], sentence, _ENOUGH)


def _without_parts(matches: list[re.Match[str]], sentence: str) -> list[re.Match[str]]:
    """The counts but those listed side by side as parts of a whole: "24 nurses and 12 physicians"."""
    unit_of = _units().unit_of
    parts: set[int] = set()
    for place, (one, other) in enumerate(pairwise(matches)):
        if sentence[one.end() : other.start()] in _LISTED:
            units = {unit_of[match["unit"].lower()] for match in (one, other)}
            if len(units) == 1 or units <= _SEXES:
                parts |= {place, place + 1}
    whole = [match for place, match in enumerate(matches) if place not in parts]
    return [m for m in whole if m is whole[0] or not _within_brackets(sentence, m.start())]


def _within_brackets(sentence: str, place: int) -> bool:
    return sentence.rfind("(", 0, place) > sentence.rfind(")", 0, place)


@remembered(1 << 10)
def _is_skipped(label: str) -> bool:
    if label.isascii() and not _headings().within(label.lower()):
        return False
    return _SKIPPED.search(label) is not None


@cache
def _headings() -> Hints[bool]:
    return Hints({True: _SKIPPED.pattern.replace(r"s?\b", "").split("|")})


def _plain(hinted: frozenset[str]) -> bool:
    return "telling" in hinted and ("unit" in hinted or "screened" in hinted)


def _words(text: bytes) -> bytes:
    """The words of plain letters in `text`, which is in lower case; whatever else stands there is a space."""
    return b" %b " % text.translate(_LETTERS)


def _count(match: re.Match[str], sentence: str, label: str) -> _Count | None:
    number = value_of(match)
    start, rest = sentence[: match.start()], sentence[match.end() :]
    # In small letters, so that no pattern has to pass over the case, which is slower.
    before, after = start[-90:].lower(), rest[:90].lower()
    far = _BRACKETS.sub("", rest[:300])[:90].lower() if "(" in rest[:300] else after
    middle, named = match["middle"].lower(), match["unit"].lower()
    if (
        not number
        or signs.AGE.match(middle)
        or signs.RANGE.search(before)
        or signs.SUBSET.search(before[-40:])
    ):
        return None
    if _is_year(match, number) and not signs.NO_YEAR.search(before):
        return None
    if named == "cases" and signs.CONTROLS.match(far):
        return None
    told = signs.NEXT_NUMBER.split(signs.PER_ARM.sub("", after), 1)[0]
    near = f"{before[-30:]} {middle} {told[:25]}"
    strong = signs.STRONG.search(f"{before[-60:]} {far[:60]}") or signs.DID.search(far)
    weight = 1 + 2 * bool(signs.TOTAL.search(before[-40:])) + 2 * bool(strong)
    if number >= _HANDFUL:
        weight += 2 * (signs.STUDY_OF.search(before) is not None and not signs.OTHER_STUDY.search(before))
    weight += 2 * (start in {"", "All "} and signs.SAMPLE_LABEL.fullmatch(label) is not None)
    weight += 2 * bool(signs.WE_DID.search(before)) + 2 * ("(N" in match[0])
    weight += bool(signs.TAKEN.search(before[-20:])) - 3 * bool(
        signs.PART.search(near)
        or signs.REST.search(before[-12:])
        or signs.REST.search(middle)
        or signs.CASES_OF.match(after)
        or signs.OTHERS.match(after)
    )
    unit = "participants" if signs.BOTH_SEXES.match(named + after) else _units().unit_of[named]
    opens = 0 < weight < _ENOUGH and bool(
        (signs.OPENS.match(start.lower()) and signs.TOOK_PART.search(far)) or signs.DONE_IN.search(before)
    )
    return _Count(number, unit, sentence, weight, opens)


def _is_year(match: re.Match[str], number: int) -> bool:
    return 1900 <= number <= 2035 and (match["digits"] or "").isdigit()
