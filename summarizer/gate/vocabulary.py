"""Words: those of the evidence and those that may stand for them, in the order of the evidence."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache, lru_cache

from config import load_table
from summarizer.gate.prose import Prose, Source, brackets, has, is_subsequence, split_words, stem, words_of
from summarizer.plain.terms import load_glossary

_NAME = re.compile(
    r"(?<![\w-])(?=[\w-]{0,60}[^\W\d_])(?=[\w-]{0,60}\d)[\w-]{0,60}\w|"
    r"\b(?:[Tt]ype|[Pp]hase|[Ss]tage|[Gg]rade|[Cc]lass) [IVX]{1,4}\b"
)
_NUMBERED = re.compile(r"\d| [IVX]")
_SHORT = re.compile(r"\b(?=\w*[A-Z]\w*[A-Z\d])\w{2,10}\b")
"""An abbreviation."""
_PARTED = re.compile(r"[;:()\[\]]|,(?!\d)")
"""What parts the pieces of a bracket."""
_SHORTEST_STEM = 4
_KEPT = 4_000
_HINGES = frozenset(["than", "compared", "versus"])
"""Where these stand decides what is more than what."""
_STANDS_FOR = 3
"""How many words of the evidence one plainer word may stand for."""


def word_faults(told: Prose, source: Source, permitted: frozenset[str], *, free: bool) -> Iterator[str]:
    """Words that say something else than the evidence, or say it in another order.

    Args:
        permitted: words that may be used besides.
        free: a telling in other words: neutral words may come in, and the order is not looked at.
    """
    allowed, ours = permitted | _brought_in(source.whole.lower), plain_talk() if free else _own_words()
    told_words = [
        (word, part) for word, part in zip(told.words, told.stems, strict=True) if not word.isdigit()
    ]
    for word, part in told_words:
        if (
            word not in ours
            and word not in allowed
            and word not in source.words
            and not (part in source.stems and len(part) >= _SHORTEST_STEM)
        ):
            yield f"word not in the evidence: {word}"
    if not free:
        rest = [
            part
            for word, part in told_words
            if part in source.stems and (word in _HINGES or not (word in ours or word in allowed))
        ]
        if not (is_subsequence(rest, source.whole.stems) or is_subsequence(rest, source.plain.stems)):
            yield "words in another order than in the evidence"


def says_nothing(told: Prose, source: Source) -> bool:
    """Whether no word of weight is left of those that the evidence has."""
    return plain_talk().issuperset(told.words) and not plain_talk().issuperset(source.words)


def left_out_words(told: Prose, source: Source, permitted: Sequence[str]) -> Iterator[str]:
    """Words outside brackets that are not told, where no others were brought in to stand for them.

    Args:
        permitted: long forms of abbreviations, among other texts.
    """
    least = _beyond(_content(source.outside), told.stems)
    if least and source.plain_outside is not source.outside:
        least = min(least, _beyond(_content(source.plain_outside), told.stems), key=lambda c: sum(c.values()))
    if not least:
        return
    said = [part for word, part in zip(told.words, told.stems, strict=True) if word not in _ties()]
    brought_in = sum(_beyond(Counter(said), source.whole.stems).values())
    if sum(least.values()) > _STANDS_FOR * brought_in:
        yield f"words left out: {' '.join(least)}"
    elif lost := sorted(least.keys() - replaced(source.whole.text, frozenset(told.stems))):
        shorts = {stem(match[0].lower()) for match in _SHORT.finditer(source.whole.text)}
        long = [text for text in permitted if text.lower() in told.lower]
        yield from (f"word left out: {part}" for part in lost if not (part in shorts and _spelt(part, long)))


def thinned_brackets(told: Prose, source: Source) -> Iterator[str]:
    """Parts of brackets told in fewer words: they may go whole, but what stays of them stays as it was."""
    here = list(_bracketed_parts(told.text)) if source.brackets and "(" in told.text else []
    theirs = list(_bracketed_parts(source.whole.text)) if here else []
    for part in here:
        if part not in theirs:
            lost = next((other - part for other in theirs if part < other), frozenset())
            lost -= replaced(source.whole.text, frozenset(told.stems))
            lost -= weightless()
            if "about" not in part:  # what is rounded loses digits
                yield from (f"word left out: {word}" for word in sorted(lost))


def _bracketed_parts(text: str) -> Iterator[frozenset[str]]:
    """The stems of the words of each part of a bracket, where it has more than one."""
    for bracket in brackets(text):
        for part in _PARTED.split(bracket):
            words = _stems(part)
            if len(words) > 1:
                yield words


def _beyond(counts: Mapping[str, int], others: Sequence[str]) -> dict[str, int]:
    """How much oftener each of `counts` stands there than among `others`, where it does."""
    there = Counter(others)  # subtracting one Counter from another takes twice as long
    return {part: count - there.get(part, 0) for part, count in counts.items() if count > there.get(part, 0)}


def replaced(source: str, told: Set[str]) -> frozenset[str]:
    """The stems of the words that may go: those for which a table has others, where one of these is told.

    Args:
        told: stems of the words that are told.
    """
    others, anyway = _replacements(source)
    return anyway.union(*(hard for hard, plain in others if not plain.isdisjoint(told)))


@lru_cache(_KEPT)
def replaceable(source: str) -> frozenset[str]:
    """The stems of all words for which a table has others."""
    others, anyway = _replacements(source)
    return anyway.union(*(hard for hard, _ in others))


@lru_cache(_KEPT)
def _replacements(source: str) -> tuple[Sequence[tuple[frozenset[str], frozenset[str]]], frozenset[str]]:
    """The words of `source` for which a table has plain ones, beside those; and what may go for any other."""
    lower = source.lower()
    others = [
        (_stems(hard), _stems(plain) - _light_stems() or _stems(plain))
        for hard, plain in load_glossary().replacements(source)
    ]
    return others, _stems(" ".join(word for word in _participles() if word in lower)) | _anybody()


@cache
def _light_stems() -> frozenset[str]:
    return frozenset(map(stem, weightless()))


def _stems(text: str) -> frozenset[str]:
    return frozenset(map(stem, split_words(text.lower())))


@cache
def _anybody() -> frozenset[str]:
    """Patients may be told as people: whoever was studied is looked at by itself."""
    rows = load_table("gate")["populations"]
    return _stems(" ".join([*rows["patients"], *rows["people"]]))


def _spelt(short: str, long: Sequence[str]) -> bool:
    """Whether one of the long forms may be what `short` stands for."""
    return any(short[0] in {word[0] for word in split_words(text.lower())} for text in long)


@lru_cache(_KEPT)
def _content(prose: Prose) -> Counter[str]:
    """How often each word of weight stands in it, by its stem."""
    pairs = zip(prose.words, prose.stems, strict=True)
    light = weightless()
    return Counter(part for word, part in pairs if word not in light and not word.isdigit())


def name_faults(told: Prose, source: Source, permitted: str, *, free: bool) -> Iterator[str]:
    """Names with digits (genes, drugs, "type II") that the evidence has not, or has in another order."""
    if not _NUMBERED.search(told.text):
        return
    others, theirs = permitted.lower(), _NAME.findall(source.whole.lower)
    names = [name for name in _NAME.findall(told.text) if not has(others, name.lower().strip("-"))]
    unknown = [name for name in names if not _is_named(name.lower().strip("-"), source.whole.lower)]
    yield from (f"name not in the evidence: {name}" for name in unknown)
    if not (free or is_subsequence([name.lower() for name in names if name.lower() in theirs], theirs)):
        yield "names in another order than in the evidence"


def _is_named(name: str, text: str) -> bool:
    """Whether it stands there, by itself or in a series: "stage II" in "stages I or II"."""
    kind, _, number = name.partition(" ")
    series = rf"\b{kind}s? (?:[ivx]+\W+(?:(?:and|or|to) )?)*{number}\b"
    return has(text, name) or bool(number and re.search(series, text))


@cache
def plain_talk() -> frozenset[str]:
    """Words that say nothing of their own."""
    return _own_words() | _neutral()


@cache
def _ties() -> frozenset[str]:
    return words_of([*load_table("gate")["ties"], "researchers"])


@cache
def _light() -> frozenset[str]:
    return words_of([load_table("gate")["light"]])


@cache
def weightless() -> frozenset[str]:
    """Words that say nothing of their own, and those that may go."""
    return plain_talk() | _light()


@cache
def _own_words() -> frozenset[str]:
    return words_of([*load_table("wording")["own_words"], *load_table("gate")["ties"]])


@cache
def _neutral() -> frozenset[str]:
    return words_of([load_table("gate")["neutral"]])


@lru_cache(_KEPT)
def _brought_in(source: str) -> frozenset[str]:
    """The words that the table of participles may bring in for what stands in the evidence."""
    words: set[str] = set()
    for participle, forms in _participles().items():
        if participle in source and has(source, participle):
            words |= forms
    return frozenset(words)


@cache
def _participles() -> dict[str, frozenset[str]]:
    table = load_table("splitting")
    forms = {word: frozenset(told) for word, told in table["participles"].items()}
    forms |= {word: words_of([told]) for word, told in table["shows"].items()}
    others = {word: words_of([told]) for word, told in load_table("gate")["split"].items()}
    return {word: forms.get(word, frozenset()) | others.get(word, frozenset()) for word in forms | others}
