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
from crawler.telling.hints import Hints, lowered
from crawler.telling.sentences import LONGEST, sentences
from domain.body import Passage, Place
from domain.statements import SampleSize

_READ = frozenset({Place.ABSTRACT, Place.METHODS, Place.RESULTS, Place.OTHER})
_SKIPPED = re.compile(
    r"background|introduction|objective|aims?\b|purpose|conclusion|context|discussion|interpretation"
    r"|limitation|implication|rationale|importance|funding",
    re.IGNORECASE,
)
_ONES = {
    word: number
    for number, word in enumerate(
        re.findall(
            r"\w+",
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen",
        ),
        1,
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
_NUMBER_WORDS = frozenset((*_ONES, *_TENS, "hundred", "thousand"))
_WORDS = "|".join((*_NUMBER_WORDS, "a", "and"))
_DIGITS = r"(?P<digits>\d(?<![\d.,/–-]\d)(?:\d{0,2}(?:[, \xa0\u2009\u202f·]\d{3})+(?!\d)|\d{0,6}))(?![\d.%])"
"""Begins with a figure, not with what may not stand before it, which is quicker to look for."""
_FIRST = "|".join((*_ONES, *_TENS, "a hundred", "a thousand"))
_WORDED = rf"\b(?P<words>(?:{_FIRST})(?:[ -](?:{_WORDS})\b){{0,8}}+)\b"
_MIDDLE = r"(?: \(\d[\d.]*%\))? (?P<middle>(?:[^\W\d][-\w'’/+]*,? ){0,6}?)"
_LETTERS = bytes(code if chr(code).isascii() and chr(code).islower() else 32 for code in range(256))
_TOTAL = re.compile(
    r"\b(?:a )?total (?:of|number of|sample of)\b|\boverall,|\baltogether\b|\bin all,|\bin total\b"
    r"|\bsample (?:size )?of\b"
    r"|\bcohort of\b|\bseries of\b|\bpopulation of\b|\bcompris(?:ed|ing)\b|\bconsist(?:ed|ing) of\b"
    r"|\bset of\b|\btotal de\b",
)
_TAKEN = re.compile(
    r"\b(?:enrol(?:l?ed|ling)?|recruit(?:ed|ing)?|includ(?:ed|ing)|randomi[sz]ed|randomly (?:assigned"
    r"|allocated)|analy[sz]ed"
    r"|stud(?:ied|y)|review(?:ed)?|evaluat(?:ed|e)|assess(?:ed)?|treated|identified|examined"
    r"|investigated|participated"
    r"|interviewed|surveyed|entered|registered|collected|completed|screened|underwent|received|assigned"
    r"|allocated"
    r"|followed|tested|genotyped|obtained|selected|observed|eligible|met (?:the )?(?:inclusion"
    r"|eligibility) criteria"
    r"|were available|performed (?:in|on)|conducted (?:in|on|among|with)|in|among|with|from|of)\b",
)
_STRONG = re.compile(
    r"\b(?:enrol(?:l?ed|ling)?|recruit(?:ed|ing)?|includ(?:ed|ing)|randomi[sz]ed|randomly (?:assigned"
    r"|allocated)|analy[sz]ed"
    r"|studied|reviewed|evaluated|examined|investigated|participated|interviewed|surveyed|entered"
    r"|registered|collected"
    r"|genotyped|identified|met (?:the )?(?:inclusion|eligibility) criteria|were eligible|treated"
    r"|underwent|completed by|were (?:sequenced|stained|profiled|monitored)|attended"
    r"|were (?:extracted|retrieved|abstracted) from|took part|answered (?:an?|our|the)"
    r"|divided into (?:\w+ ){1,2}groups(?!: {2})|participaron"
    r"|followed(?: up)? (?:for|from|until|over)|responses (?:were )?(?:received|obtained) from"
    r"|(?:assigned|allocated)(?=[,.]| in a| \d ?:)"
    r"|incluyeron|incluy[oó]|estudiaron|analizaron|evaluaron|reclutaron|inclu[ií]d[oa]s|inclu[ií]ram"
    r"|analisad[oa]s|avaliad[oa]s|estudad[oa]s|recrutad[oa]s"
    r"|from \d\d+ (?:[\w-]+ ){0,3}(?:studies|trials|cohorts))\b",
)
"""Stands before or after the number; what is left where that was is two spaces, as behind "groups:"."""
_WE_DID = re.compile(
    r"\bwe (?:\w+ly )?(?:followed|tested|sequenced|profiled|sampled|monitored)(?: up)?"
    r" (?:\w+ (?:from|of|on) )?$",
)
"""Stands right before the number; elsewhere these words tell of a part or of what was found."""
_SCREENED = "screened|assessed|approached|invited|contacted|eligible"
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
    | {"provided"}
    | {"attended", "responses", "assigned", "allocated", "randomization", "randomisation"}
    | {"incluyeron", "estudiaron", "analizaron", "evaluaron", "reclutaron", "inclu", "incluidos", "incluidas"}
    | {"analisados", "analisadas", "avaliados", "avaliadas", "estudados", "estudadas", "recrutados"}
)
"""Words without one of which a sentence gives no number plainly enough; quicker than the patterns.

A letter with an accent parts a word here: "incluídas" begins with "inclu"."""
_PART = re.compile(
    r"\b(?:of (?:these|them|those|whom|which|the)|among (?:these|them|those|the)|each|per|respectively"
    r"|versus|vs|(?<=\s)arms?"
    r"|group|subgroup|deaths|died|responded|had a|achieved|progress\w*|relapsed|recurred|worldwide"
    r"|annually|every year"
    r"|(?:reported|experienced|suffered) by|(?:occurred|developed) in"
    r"|estimated|expected|will be|previous|at least|up to|more than|fewer than|less than|about one)\b"
    r"|\d ?/ ?\d|\(\d[\d.]*%|^of\s+(?:who were |were )?(?:screened|approached|invited|assessed for)\b",
)
_AGE = re.compile(r"^(?:years?|months?|weeks?|days?|hours?|%|per ?cent|mg|g|ml|cm|mm|gy|cycles?|centres?"
    r"|centers?|sites?"
                  r"|hospitals?|countries|times|fold|of|to|and|or|vs|versus"
                  r"|out|quarters?|thirds?)\b")  # fmt: skip
_CASES_OF = re.compile(r" (?:in which|in whom|where|(?:was|were) excluded)\b")
"""Follows cases that may be findings or samples, not people, and people who were not studied."""
_OTHERS = re.compile(r" (from|with|in) [^.;,\d]{1,40} and \d[\d,]* \1\b")
"""Follows those from one place, beside others from another."""
_BOTH_SEXES = re.compile(r"(?:women and men|men and women)\b")
_PER_ARM = re.compile(r" \(\d[\d,]* (?:per|in each|to each) [^()]{1,30}\)")
_CONTROLS = re.compile(
    r",? (?:and|or|vs\.?|versus|plus) (?:\d[\d, \xa0\u2009\u202f]*|[a-z-]+) (?:[\w-]+ ){0,3}controls\b",
)
"""Follows cases that are but the one part of those studied."""
_RANGE = re.compile(r"\d ?(?:to|-|–|or|and) $")
"""Stands before the end of a range: "18 to 2,174 patients a centre"."""
_NO_YEAR = re.compile(r"(?:\d, |\b(?:total|cohort|sample|series) of |\bwe (?:\w+ly )?\w+ed )$")
"""Stands before no year: "by June 2020, 1999 patients had been enrolled"."""
_N_EQUALS = re.compile(r"\([Nn] ?= ?(\d[\d, \xa0\u2009\u202f]*)?")
_REST = re.compile(r"\b(?:other|remaining|excluded|additional|further)\s*$")
"""Stands before those who are but a part, or before their number."""
_FIGURE = re.compile(r"\d")
_ANY = r"\d+(?:[, \xa0\u2009\u202f]\d{3})*"
_ASSIGNED = "(?:assigned|allocated|randomi[sz]ed)"
_ASSIGNING = re.compile(rf"\b{_ASSIGNED}\b", re.IGNORECASE)
_ARMS = re.compile(rf"\b{_ASSIGNED}\b[^.;(]{{0,60}}\b(?:to|into|either)\b[^.;(]*$")
"""Stands before the first arm of which the number is given in brackets."""
_NOT_SOME = r"(?<!some )(?<!few )(?<!many )(?<!most )"
"""Stands where no number follows that is told at once: "some 200 patients" are about so many."""
_LISTED = frozenset({" and ", ", and ", ", "})
_SEXES = frozenset({"men", "women", "children"})
_ENOUGH = 3
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
                "screened": {f" {word} " for word in _SCREENED.split("|")},
                "number": {f" {word} " for word in _NUMBER_WORDS},
            }
        ),
        re.compile(rf"\b{unit}", re.IGNORECASE),
        re.compile(f"{_DIGITS}(?P<words>){_MIDDLE}{unit}", re.IGNORECASE),
        re.compile(f"(?:{_DIGITS}|{_WORDED}){_MIDDLE}{unit}", re.IGNORECASE),
        re.compile(rf"\b{_NOT_SOME}{unit}(?P<words>)(?P<middle>) ?\(n ?= ?{_DIGITS}\)", re.IGNORECASE),
        re.compile(
            rf"\b(?:(?:of|among|from) (?:the |a total of )?{_ANY}(?=[^,;.]{{0,90}}\b(?:{_SCREENED})\b)"
            rf"(?:(?: [^\W\d][-\w'’/+]*){{0,6}}? {unit}[^,;.\d]{{0,60}}|[^,;.\d]{{0,90}}),"
            rf"|(?:(?:{_SCREENED}) {_ANY}(?: [^\W\d][-\w'’/+]*){{0,6}}? {named}"
            rf"|{_ANY}(?: [^\W\d][-\w'’/+]*){{0,6}}? {other} were (?:{_SCREENED}))"
            rf"[^.;,\d]{{0,40}}(?:,? and (?:randomly )?(?:enrolled|included|recruited|{_ASSIGNED})"
            rf" (?P<then>{_ANY})\b|(?:[,;]|,? and)(?: of wh(?:om|ich))?))(?(then)| {_DIGITS}(?P<words>)"
            rf"(?: \(\d[\d.]*%\))? (?:(?!not\b|exclu|declin)[a-z]+ ){{0,7}}?{_KEPT})",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{_DIGITS}(?P<words>){_MIDDLE}{unit} (?:(?:were )?(?:randomly )?{_ASSIGNED} )?to"
            r" [^.;,\d]{1,120}?"
            rf",? and (?P<others>{_ANY})(?: [a-z]+)?(?: were (?:randomly )?{_ASSIGNED})? to\b",
            re.IGNORECASE,
        ),
    )


@dataclass(frozen=True, slots=True)
class _Count:
    number: int
    unit: str
    sentence: str
    weight: int


def sample_size(passages: Sequence[Passage]) -> SampleSize | None:
    """The number studied that `passages` give most plainly as the whole; None where none is plain enough."""
    counts = [count for passage in passages for count in _counts(passage)]
    best = max((count.weight for count in counts), default=0)
    if best < _ENOUGH:
        return None
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
        found = [count for match in whole if (count := _count(match, sentence))]
        if "screened" in hinted and (left := units.taken.search(sentence)):
            word = left["unit"] or left["named"] or left["other"] or "participants"
            number = _number(left["then"]) or _value(left)
            yield _Count(number, units.unit_of[word.lower()], sentence, _ENOUGH + 2)
            continue
        if found and _ASSIGNING.search(sentence) and (arms := units.shared.search(sentence)):
            found = [replace(found[0], number=_value(arms) + _number(arms["others"]))]
        if not found and "=" in sentence:
            found = list(_in_brackets(sentence))
        for place, count in enumerate(found[:_MOST]):
            yield replace(count, weight=count.weight + 1) if not place and len(matches) > 1 else count


def _in_brackets(sentence: str) -> Iterator[_Count]:
    """The count that stands in brackets, or the sum of those that are the arms of a trial."""
    numbers = list(_N_EQUALS.finditer(sentence))
    if len(numbers) == 1:
        yield from (c for match in _units().bracketed.finditer(sentence) if (c := _count(match, sentence)))
    elif numbers and _ARMS.search(before := sentence[: numbers[0].start()]):
        unit = _units().unit.search(before)
        arms = [_number(match[1]) for match in numbers]
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
    return [match for place, match in enumerate(matches) if place not in parts]


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


def _count(match: re.Match[str], sentence: str) -> _Count | None:
    number = _value(match)
    # In small letters, so that no pattern has to pass over the case, which is slower.
    before = sentence[max(0, match.start() - 90) : match.start()].lower()
    after = sentence[match.end() :][:90].lower()
    middle, named = match["middle"].lower(), match["unit"].lower()
    if not number or _AGE.match(middle) or _RANGE.search(before):
        return None
    if _is_year(match, number) and not _NO_YEAR.search(before):
        return None
    if named == "cases" and _CONTROLS.match(after):
        return None
    near = f"{before[-30:]} {middle} {_PER_ARM.sub('', after)[:25]}"
    weight = (
        1 + 2 * bool(_TOTAL.search(before[-40:])) + 2 * bool(_STRONG.search(f"{before[-60:]} {after[:60]}"))
    )
    weight += 2 * bool(_WE_DID.search(before)) + 2 * ("(N" in match[0])
    weight += bool(_TAKEN.search(before[-20:])) - 3 * bool(
        _PART.search(near)
        or _REST.search(before[-12:])
        or _REST.search(middle)
        or _CASES_OF.match(after)
        or _OTHERS.match(after)
    )
    unit = "participants" if _BOTH_SEXES.match(named + after) else _units().unit_of[named]
    return _Count(number, unit, sentence, weight)


def _is_year(match: re.Match[str], number: int) -> bool:
    return 1900 <= number <= 2035 and (match["digits"] or "").isdigit()


def _value(match: re.Match[str]) -> int:
    if match["digits"]:
        return _number(match["digits"])
    total = current = 0
    for word in re.split(r"[ -]", match["words"].lower()):
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word == "thousand":
            total, current = total + (current or 1) * 1000, 0
    return total + current


def _number(digits: str | None) -> int:
    """The number that figures with marks between thousands give; 0 where there are none."""
    return int(re.sub(r"\D", "", digits or "") or 0)
