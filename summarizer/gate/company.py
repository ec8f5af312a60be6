"""A free telling: each denial, direction, number and comparison keeps the company it has in the evidence."""

from collections.abc import Iterator

from summarizer.gate.numbers import read_numbers
from summarizer.gate.polarity import kinds_at
from summarizer.gate.prose import Prose, Source, split_words
from summarizer.gate.vocabulary import plain_talk

_NEAR = 6
_WIDER = 10
_MOST = 40
_SIDES = ("than", "versus", "vs")
_COMPARED = ("compared", "relative")


def company_faults(told: Prose, source: Source) -> Iterator[str]:
    """What stands beside other words than it does in the evidence."""
    yield from _polarity(told, source)
    yield from _numbers(told, source)
    yield from _comparisons(told, source)


def _polarity(told: Prose, source: Source) -> Iterator[str]:
    known: dict[str, list[set[str]]] = {}
    for place, kind in kinds_at(source.whole.words):
        known.setdefault(kind, []).append(
            _around(source.whole, place, _WIDER, after_only=kind.startswith("negation"))
        )
    for place, kind in kinds_at(told.words):
        mine = _around(told, place, _NEAR, after_only=kind.startswith("negation"))
        if mine and kind in known and not any(mine & other for other in known[kind]):
            yield f"{kind} of something else: {told.words[place]}"


def _numbers(told: Prose, source: Source) -> Iterator[str]:
    known: dict[str, list[set[str]]] = {}
    for number in read_numbers(source.whole.text):
        place = _place(source.whole, number.start)
        known.setdefault(number.value, []).append(_around(source.whole, place, _WIDER))
    for number in read_numbers(told.text):
        mine = _around(told, _place(told, number.start), _NEAR)
        if mine and number.value in known and not any(mine & other for other in known[number.value]):
            yield f"number of something else: {number.told}"


def _comparisons(told: Prose, source: Source) -> Iterator[str]:
    theirs = list(_sides(source.whole))[:_MOST]
    for left, right in list(_sides(told))[:_MOST]:
        turned = any(left & b and right & a and not right & b for a, b in theirs)
        straight = any(right & b for _, b in theirs)
        if turned and not straight:
            yield "comparison turned round"


def _sides(prose: Prose) -> Iterator[tuple[set[str], set[str]]]:
    for place, word in enumerate(prose.words):
        after = prose.words[place + 1 : place + 2]
        if word in _SIDES or (word in _COMPARED and after in (("with",), ("to",))):
            left = _content(prose, place - _NEAR, place)
            right = _content(prose, place + 1, place + _NEAR)
            yield left - right, right - left


def _around(prose: Prose, place: int, reach: int, *, after_only: bool = False) -> set[str]:
    start = place + 1 if after_only else place - reach
    return _content(prose, start, place + reach + 1) - {prose.stems[place]}


def _content(prose: Prose, start: int, end: int) -> set[str]:
    near = slice(max(0, start), end)
    pairs = zip(prose.words[near], prose.stems[near], strict=True)
    return {
        part
        for word, part in pairs
        if word not in plain_talk() and not word.isdigit() and not kinds_at((word,))
    }


def _place(prose: Prose, offset: int) -> int:
    """The word at an offset of the text."""
    return min(len(split_words(prose.text[:offset])), max(0, len(prose.words) - 1))
