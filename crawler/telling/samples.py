"""How many people, animals, samples or studies a paper studied, as it says; None where that is not sure.

The whole counts, not its arms: "we enrolled 200 patients, 100 to each arm" is 200. Every number of people or
samples is weighed by what stands around it; where none is said plainly to be the whole, the first is that no
other number of people exceeds, as parts and findings are of fewer. A background counts nobody.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from crawler.records.remembering import remembered
from crawler.telling import sample_signs as signs
from crawler.telling.hints import Hints, lowered
from crawler.telling.sample_phrases import Phrase, hinted, phrases
from crawler.telling.sentences import LONGEST, sentences
from domain.body import Passage, Place
from domain.statements import SampleSize

_READ = frozenset({Place.ABSTRACT, Place.METHODS, Place.RESULTS, Place.OTHER})
_SKIPPED = re.compile(
    r"background|introduction|objective|aims?\b|purpose|conclusion|context|discussion|interpretation"
    r"|limitation|implication|rationale|importance|funding",
    re.IGNORECASE,
)
_TOLD = re.compile("method|result", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:[A-Z][A-Z/&,()’' -]{4,}[A-Z)]\b(?=:? (?:[A-Z]?[a-z]|\d[^a-z]*[a-z]))"
    r"|(?:[A-Z][a-z]+)(?:[ ,/&]+[A-Za-z]+){0,4}(?=:))"
)
"""What may head a section in an abstract of one piece: in capitals, or with a colon."""
_LETTERS = bytes(code if chr(code).isascii() and chr(code).islower() else 32 for code in range(256))
_BRACKETS = re.compile(r" ?\([^()]*\)")
_FIGURE = re.compile(r"\d")
_NUMBER = re.compile(r"\d(?<![\d.,/]\d)\d*(?:[, ]\d{3})*(?![\d.,]*[\d%/])")
_LIVING = frozenset({"patients", "participants", "women", "men", "children", "mice", "rats", "dogs"})
_KINDS_OF_PEOPLE = frozenset({"participants", "men", "women", "children"})
_SAID = 3
"""The weight from which on a number is said to be that of all."""
_PLAINLY = 5
_FEW = 10
_MANY = 30
_HANDFUL = 5
"""So few are seldom those whom data are of: "specimens obtained from two birds"."""
_SUMMED = 20
"""Smaller numbers are sums of others around them by chance."""
_NEAR = 90
_FAR = 260
"""Letters around a number that are looked at for most signs, and behind it for some."""
_MOST = 3
"""Numbers of a sentence that are weighed."""


@dataclass(frozen=True, slots=True)
class _Count:
    number: int
    unit: str
    sentence: str
    weight: int

    def told(self) -> SampleSize:
        return SampleSize(self.number, self.unit, self.sentence[:LONGEST])


def sample_size(passages: Sequence[Passage]) -> SampleSize | None:
    """The number studied that `passages` give most plainly as the whole; None where none is plain enough."""
    counts = [count for passage in passages for count in _counts(passage)]
    if any(count.number >= _FEW for count in counts):
        counts = [count for count in counts if count.number >= _HANDFUL or count.unit == "studies"]
    best = max((count.weight for count in counts), default=0)
    if best < _SAID:
        return _first_and_largest(counts)
    plainest = [count for count in counts if count.weight == best]
    chosen = plainest[0]
    before = counts[: counts.index(chosen)] if best == _SAID else []
    if best < _PLAINLY and any(
        other.unit == chosen.unit and other.number > chosen.number for other in (*before, *plainest[1:])
    ):
        return None  # others were told of who may be the whole
    return chosen.told()


def _first_and_largest(counts: Sequence[_Count]) -> SampleSize | None:
    """What may be the whole where nothing is said of it; samples and the like where nobody is counted."""
    living = [count for count in counts if count.unit in _LIVING]
    counts, enough = (living, _FEW) if living else (counts, _MANY)
    first = next((count for count in counts if count.weight > 0), None)
    if first and first.number >= max(enough, *(count.number for count in counts)):
        return first.told()
    return None


def _counts(passage: Passage) -> Iterator[_Count]:
    if passage.place not in _READ or _is_skipped(passage.label):
        return
    hints = hinted(_words(lowered(passage.text)))
    if not ("unit" in hints or "screened" in hints):
        return  # told at once, before the text is cut into sentences
    worded, label, skipped = "number" in hints, passage.label, False
    if not worded and not _FIGURE.search(passage.text):
        return
    for printed in sentences(passage.text):
        sentence = printed
        if (printed[1:2].isupper() or ":" in printed) and (heading := _HEADING.match(printed)):
            label, sentence = heading[0], printed[heading.end() :].lstrip(": ")
            skipped = _is_skipped(label)
        if skipped or not (worded or _FIGURE.search(sentence)):
            continue
        hints = hinted(_words(sentence.lower().encode("ascii", "replace")))
        if found := phrases(sentence, hints):
            yield from _weighed(found, sentence, label, printed)


def _weighed(found: Sequence[Phrase], sentence: str, label: str, printed: str) -> Iterator[_Count]:
    """What `found` in a sentence may count; `printed` is the sentence with its heading."""
    parts, studies = _parts(found, sentence), False
    others = [phrase for place, phrase in enumerate(found) if place not in parts]
    for place, phrase in enumerate(found[:_MOST]):
        if studies and phrase.unit != "studies":
            break  # those who took part in them
        weight = -1 if place in parts else _weight(phrase, sentence, label)
        if 0 < weight < _SAID and not _alone(phrase, others, sentence):
            weight = -1
        studies = weight >= _SAID and phrase.unit == "studies"
        if weight:
            more = weight > 0 and not place and len(found) > 1
            yield _Count(phrase.number, phrase.unit, printed, weight + more)


def _parts(found: Sequence[Phrase], sentence: str) -> set[int]:
    """Places of those that stand side by side as parts of a whole: "24 nurses and 12 physicians".

    So are those whom a later number sums up, and those told of some before: "of 90 women, 12 women fell".
    """
    parts: set[int] = set()
    for place, (one, other) in enumerate(pairwise(found)):
        if other.number == sum(phrase.number for phrase in found[: place + 1]) > one.number:
            parts |= set(range(place + 1))
            continue
        units = {one.unit, other.unit}
        between = _BRACKETS.sub("", sentence[one.end : other.start])
        if (len(units) == 1 or units <= _KINDS_OF_PEOPLE) and signs.BESIDE.fullmatch(between):
            parts |= {place, place + 1}
        elif between.endswith(" and "):
            parts |= {place, place + 1} if len(units) == 1 and signs.AND.fullmatch(between) else {place + 1}
    if signs.OF.fullmatch(sentence[: found[0].start].lower()):
        parts |= set(range(1, len(found)))
    return parts


def _alone(phrase: Phrase, others: Sequence[Phrase], sentence: str) -> bool:
    """Whether no others of their kind are numbered in the sentence, but in brackets."""
    return not any(
        other.unit == phrase.unit and other is not phrase and not _within_brackets(sentence, other.start)
        for other in others
    )


def _within_brackets(sentence: str, place: int) -> bool:
    return sentence.rfind("(", 0, place) > sentence.rfind(")", 0, place)


@remembered(1 << 10)
def _is_skipped(label: str) -> bool:
    if label.isascii() and not _headings().within(label.lower()):
        return False
    return _SKIPPED.search(label) is not None and not _TOLD.search(label)


@cache
def _headings() -> Hints[bool]:
    return Hints({True: _SKIPPED.pattern.replace(r"s?\b", "").split("|")})


def _words(text: bytes) -> bytes:
    """The words of plain letters in `text`, which is in lower case; whatever else stands there is a space."""
    return b" %b " % text.translate(_LETTERS)


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a number, in small letters: to pass over the case is slower."""

    before: str
    after: str
    then: str
    """As `after`, but for what stands in brackets and of those of whom others are told."""
    far: str
    """As `then`, farther."""


def _weight(phrase: Phrase, sentence: str, label: str) -> int:
    """How plainly `phrase` is said to number all; 0 where it numbers others, below that a part."""
    if phrase.all_of_them:
        return _PLAINLY
    start, rest = sentence[: phrase.start], sentence[phrase.end :]
    after = rest[:_NEAR].lower()
    far = _BRACKETS.sub("", rest[: _FAR + _NEAR]) if "(" in after else rest
    far = signs.OF_WHOM.split(far[:_FAR].lower(), 1)[0]
    around = _Around(start[-_NEAR:].lower(), after, far[:_NEAR], far)
    if _numbers_others(phrase, around, sentence):
        return 0
    if _stands_aside(phrase, around) or _beside_controls(phrase, around.far):
        return -1
    if not phrase.equals and _within_brackets(sentence, phrase.start):
        return -1
    weight = 1 + 2 * _adds_up(phrase.number, rest) + 2 * ("N" in phrase.equals) + 2 * _is_said(phrase, around)
    weight += bool(signs.KEPT.search(around.then))
    if phrase.number >= _HANDFUL:
        weight += 2 * (start in {"", "All "} and signs.SAMPLE_LABEL.search(label) is not None)
    is_part = _is_part(phrase, around)
    weight -= 2 * is_part
    if weight >= _SAID and not signs.OF_THE.search(around.before):
        return weight
    return -1 if is_part or _is_unsure(phrase, around) else min(weight, _SAID - 1)


def _numbers_others(phrase: Phrase, around: _Around, sentence: str) -> bool:
    before = around.before
    return (
        not phrase.number
        or signs.RANGE.search(before) is not None
        or signs.SUBSET.search(before[-40:]) is not None
        or (phrase.is_year and not signs.NO_YEAR.search(before))
        or (phrase.unit == "studies" and not signs.OF_STUDIES.search(sentence))
    )


def _stands_aside(phrase: Phrase, around: _Around) -> bool:
    """Whether it is a part whatever else is said of it."""
    return (
        phrase.is_share
        or signs.SHARE.match(around.after) is not None
        or signs.REST.search(phrase.middle) is not None
        or signs.ASIDE.search(around.before) is not None
        or signs.BESIDE_OTHERS.match(around.then) is not None
    )


def _beside_controls(phrase: Phrase, far: str) -> bool:
    """Whether controls are counted behind it, of whom it is not the whole."""
    if not any(word in far for word in signs.NAMES_OF_CONTROLS) or not signs.CONTROLS.search(far):
        return False
    return not _adds_up(phrase.number, far)


def _is_said(phrase: Phrase, around: _Around) -> int:
    """In how many ways it is said that these were studied."""
    before = around.before
    reach = around.far if phrase.unit == "studies" else around.then
    done = signs.STUDIED.search(f"{before[-60:]} {reach}") or signs.STUDIED.search(phrase.middle)
    study = (
        phrase.number >= _HANDFUL and signs.STUDY_OF.search(before) and not signs.OTHER_STUDY.search(before)
    )
    other = signs.NUMBER_BEFORE.match(before)
    total = signs.TOTAL.search(before[max(other.end() if other else 0, len(before) - 40) :])
    return sum(map(bool, (done, study, total)))


def _is_part(phrase: Phrase, around: _Around) -> bool:
    some = signs.SOME_WORDS.match(around.then)
    near = f"{around.before[-30:]} {phrase.middle} {some[0] if some else ''}"
    return signs.PART.search(near) is not None or signs.CASES_OF.match(around.then) is not None


def _is_unsure(phrase: Phrase, around: _Around) -> bool:
    """Whether a number that nothing is said of may be that of some, or of what is known."""
    before, then = around.before, around.then
    return (
        phrase.is_vague
        or (signs.OF.fullmatch(before) is not None and signs.SOME.match(then) is not None)
        or signs.FACT.search(f"{before[-60:]} {phrase.middle} {then}") is not None
    )


def _adds_up(number: int, rest: str) -> bool:
    """Whether `rest` parts `number` into others: "89 subjects were included: 24 with A, 65 without"."""
    if number < _SUMMED:
        return False
    parts = [int(re.sub(r"\D", "", part)) for part in _NUMBER.findall(rest[:300])]
    for place in range(len(parts) - 1):
        total = parts[place]
        for part in parts[place + 1 :]:
            total += part
            if total >= number:
                break
        if total == number:
            return True
    return False
