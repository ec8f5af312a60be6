"""Which things a text mentions by any of their names, all looked for in one pass over it.

A thing that has names of several words is told while papers are indexed: else its phrases would have to be
looked up, dozens in each field, whenever it is asked for. A mention is what those phrases would find: words
with the stems of a wording's words, at their distances from each other. But to a phrase any word will do in
place of one that is not indexed, so that "cancer, commonly breast" is "cancer of the breast"; where a wording
has no two other words side by side, a mention has the very word.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping, MutableMapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from itertools import accumulate, pairwise
from string import ascii_letters, digits
from typing import Any, NamedTuple

from ahocorasick_rs import BytesAhoCorasick, Implementation
from msgspec import Raw

from index.analysis import MARK
from index.fields import SMALL, SUBJECT, WEIGHTED, Kind
from index.language.spelling import parts
from index.language.synonyms import Concept, all_concepts

Words = Callable[[Kind, str], Sequence[tuple[int, str]]]
"""The searchable words of a text, each with its position; stop words leave gaps."""
Mention = tuple[int, int, str]
"""From where to where, and the token of what is mentioned."""

TOLD = frozenset((*(row.name for row in WEIGHTED), SUBJECT))
"""The fields that have, beside their texts, a token for each thing that these mention."""
WEIGHT = 1.5
"""What a mention weighs beside a word; chosen by cross-validation, as in `index.fusion`."""
_LONG = tuple(row.name for row in WEIGHTED)
_SMALL = tuple(row.name for row in SMALL if row.name != "authors")
"""What tells in `SUBJECT`: initials of authors are the letters of many a short name."""
TELLING = frozenset((*TOLD, *_SMALL))
"""The same, and those that tell in `SUBJECT`."""

_ESCAPED = "\\uffa0"
"""`MARK` in JSON."""
_SEVERAL = 3
"""So many names of several words anything but a cancer must have."""
_KEPT, _ENDS = 100_000, 100
_EDGE = b"\xff"
"""The word around texts, over which no wording goes on. No text in UTF-8 has that byte."""
_BORDER = b" %b " % _EDGE
_SIGNS = re.compile(r"[^\x00-\x7f\w]")
_LONGEST = 40
"""Bytes that words have on average at most, where several are read; none that is longer is looked up."""
_GAPS = (" ", "  ")
"""What may stand between words once signs are spaces; where there may be more, the text is tidied first."""
_WIDE = b" " * (len(_GAPS) + 1)
_ENDINGS = ("", "s", "es", "ies", "y", "e", "al", "ic", "ive", "itis", "ed", "ing", "er", "ly")
_NOT_ASCII = frozenset(range(0x80, 0x100))
_LETTERS = frozenset(f"{ascii_letters}{digits}".encode()) | _NOT_ASCII
_PLAIN = bytes(byte if byte in _LETTERS else 32 for byte in range(256)).lower()
_UNUSED = (b"\x02", b"\x03", b"\x04", b"\x05")
"""Patterns that begin unlike the others, or the automaton would stop at each space to look ahead."""


class _Sign:
    """What wordings are noticed by, and what is mentioned where it stands."""

    def __init__(self, begun: str) -> None:
        self.begun = begun.encode()
        """How its last word begins, where that may go on: as all words do that have its stem."""
        self.rules: dict[tuple[int, ...], dict[tuple[str, ...], list[str]]] = {}
        """How far other words are from its first → their stems → the tokens of what is named so."""
        self.ended: dict[bytes, tuple[str, ...]] = {}
        """How its last word goes on → what is named when it does so, whatever stands beside."""

    def add(self, others: Sequence[tuple[int, str]], token: str) -> None:
        """One more wording that is noticed so; `others` are its words but the first of the sign."""
        distances, stems = tuple(d for d, _ in others), tuple(stem for _, stem in others)
        tokens = self.rules.setdefault(distances, {}).setdefault(stems, [])
        if token not in tokens:
            tokens.append(token)

    def always(self) -> tuple[str, ...] | None:
        """What is named wherever it stands; none where that depends on how its last word goes on."""
        return None if self.begun else tuple(self.rules.get((), {}).get((), ()))

    def wide(self) -> "_Wide | None":
        """The rules for more words than the sign itself has."""
        rules = {distances: named for distances, named in self.rules.items() if distances not in ((), (1,))}
        if not rules:
            return None
        back = -min(0, *(distances[0] for distances in rules))
        reach = max(0, *(distances[-1] for distances in rules))
        return _Wide(back, reach, tuple(_Rule.of(*each) for each in rules.items()))


class _Rule(NamedTuple):
    """Which words must stand beside a sign."""

    first: int
    """How far the one is that tells soonest that they do not."""
    begun: frozenset[int]
    """The bytes that it may begin with: stemming leaves the first letter as it is."""
    firsts: frozenset[str]
    """The stems that it may have."""
    distances: tuple[int, ...]
    named: dict[tuple[str, ...], list[str]]

    @staticmethod
    def of(distances: tuple[int, ...], named: dict[tuple[str, ...], list[str]]) -> "_Rule":
        """The words at these distances must have one of these rows of stems."""
        first = min(distances, key=lambda distance: abs(distance) if distance < 0 else distance + 1)
        if first == 1 and len(distances) > 1:
            first = distances[1] if distances[0] == 1 else distances[0]
        place = distances.index(first)
        firsts = frozenset(stems[place] for stems in named)
        begun = _NOT_ASCII.union(stem.encode()[0] for stem in firsts)
        return _Rule(first, begun, firsts, distances, named)


class _Wide(NamedTuple):
    """What may be mentioned by words beside a sign."""

    back: int
    reach: int
    """So many words before its first and behind it must be read."""
    rules: tuple[_Rule, ...]


class _Stems(dict[bytes, str]):
    """The stems of words as texts have them; none for what is no word, or more than one."""

    def __init__(self, words: Words) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, word: bytes) -> str:
        if len(word) > 2 * _LONGEST:
            return ""
        if len(self) >= _KEPT:
            self.clear()
        found = self._words(Kind.TEXT, word.decode("utf-8", "replace"))
        stem = self[word] = found[0][1] if len(found) == 1 else ""
        return stem


@lru_cache(_KEPT)
def token_of(key: str) -> str:
    """The word that stands for a thing where papers mention it; no text and no query has it."""
    return f"{MARK}{_number(key)}"


@lru_cache(_KEPT)
def version_of(wordings: tuple[str, ...]) -> str:
    """Differs where wordings do."""
    return str(_number("\n".join(wordings)))


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:6], "big")


def is_told(concept: Concept) -> bool:
    """Whether papers are told to mention it; other things are as quick to look for by their names.

    Cancers are what is asked for: with them, names of several words are what takes long.
    """
    several = sum(len(parts(wording)) > 1 for wording in concept.wordings)
    return several >= (1 if concept.key.startswith("cancer:") else _SEVERAL)


@cache
def versions() -> Mapping[str, str]:
    """The tokens of all that is told, with the versions of their wordings."""
    return {token_of(one.key): version_of(one.wordings) for one in all_concepts() if is_told(one)}


def agreed(told: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """What an index tells of its papers that the table still words as it did then."""
    return {token: version for token, version in told.items() if now.get(token) == version}


class Mentions:
    """Finds what is mentioned. Made once for all papers."""

    def __init__(
        self, words: Words, fold: Callable[[str], str], concepts: Iterable[Concept] | None = None
    ) -> None:
        """Look for `concepts`, else for all that is told; the functions are the analyser of the index."""
        self._fold = fold
        self._stems = _Stems(words)
        concepts = tuple(filter(is_told, all_concepts()) if concepts is None else concepts)
        worded = [(_Wording.of(text, words), token_of(one.key)) for one in concepts for text in one.wordings]
        forms = _forms([wording for wording, _ in worded], words)
        signs: dict[tuple[str, ...], _Sign] = {}
        """What stands for all the texts that are alike but for endings."""
        noticed: dict[str, _Sign] = {}
        for wording, token in worded:
            _add(signs, noticed, wording, forms, token)
        told = {id(sign): (sign, sign.always(), sign.ended, sign.wide()) for sign in signs.values()}
        self._signs = [told[id(sign)] for sign in noticed.values()]
        self._noticed = BytesAhoCorasick(
            [*(text.encode() for text in noticed), *_UNUSED],
            implementation=Implementation.ContiguousNFA,
        )

    def tell(self, columns: MutableMapping[str, list[Any]], known: Container[str]) -> None:
        """Add what papers mention to their texts, as JSON.

        Args:
            columns: field → for each paper a list or tuple of its texts, or whatever stands for none.
            known: the tokens that may be told.
        """
        small = zip(*(columns[name] for name in _SMALL), strict=True)
        lots = [_listed(texts) for name in _LONG for texts in columns[name]]
        lots += [[text for texts in of_paper for text in _listed(texts)] for of_paper in small]
        told = iter(self.found(lots, known))
        for name in (*_LONG, SUBJECT):
            columns[name] = [
                _with_tokens(texts, tokens) if tokens else texts
                for texts, tokens in zip(columns[name], told, strict=False)
            ]

    def found(self, lots: Sequence[Sequence[str]], known: Container[str]) -> list[list[str]]:
        """Those tokens among `known` of what each lot of texts mentions: one for each mention.

        All are looked through together, which takes a quarter of the time: see `Documents`.
        """
        plain = [self._plain(lot) for lot in lots]
        mentions = sorted(self._found(b"".join((_BORDER, *plain, _BORDER))))
        bounds = accumulate(map(len, plain), initial=len(_BORDER))
        told: list[list[str]] = [[] for _ in lots]
        ends: dict[str, int] = {}
        bound, tokens = next(bounds), iter(told)
        for start, end, token in mentions:
            # Names of one thing that overlap are one mention.
            if start >= ends.get(token, 0) and token in known:
                ends[token] = end
                while start >= bound:
                    bound, of_lot = next(bounds), next(tokens)
                of_lot.append(token)
        return told

    def _found(self, text: bytes) -> list[Mention]:
        signs, find = self._signs, text.find
        mentions: list[Mention] = []
        # This runs ten times for a paper, so what is kept in mind is looked up in place.
        for number, start, end in self._noticed.find_matches_as_indexes(text, overlapping=True):
            sign, tokens, ended, wide = signs[number]
            last = end - 1
            if tokens is None:
                last = find(b" ", end)
                tokens = ended.get(text[end:last])
                if tokens is None:
                    tokens = self._ended(sign, text[end:last])
            for token in tokens:
                mentions.append((start, last, token))
            if wide:
                mentions += self._around(text, start, wide)
        return mentions

    def _ended(self, sign: _Sign, rest: bytes) -> tuple[str, ...]:
        """What is named by a sign whose last word goes on so."""
        if len(rest) > _LONGEST:
            return ()  # and not kept in mind: there are texts of megabytes without a space
        if len(sign.ended) >= _ENDS:
            sign.ended.clear()
        named = sign.rules.get((1,), {})
        tokens = sign.ended[rest] = tuple(named.get((self._stems[sign.begun + rest],), ()))
        return tokens

    def _plain(self, lot: Sequence[str]) -> bytes:
        """The words of texts, in small letters, with spaces in place of signs."""
        if not lot:
            return b""
        texts = [text.encode() if text.isascii() else self._folded(text) for text in lot]
        plain = b"".join((_BORDER, _BORDER.join(texts), b" ")).translate(_PLAIN)
        return b" ".join((b"", *plain.split(), b"")) if _WIDE in plain else plain

    def _folded(self, text: str) -> bytes:
        return _SIGNS.sub(" ", self._fold(text).lower()).encode("utf-8", "replace")

    def _around(self, text: bytes, start: int, wide: _Wide) -> list[Mention]:
        """What is mentioned where a word begins behind `start`, if those beside it are as they must be."""
        back, reach, rules = wide
        words = text[start + 1 : start + _LONGEST * (reach + 1)].split(None, reach + 1)[: reach + 1]
        if len(words) <= reach:  # the last is cut short, for it is very long or comes after one that is
            words[-1:] = [_EDGE] * (reach + 2 - len(words))
        if back:
            before = text[max(0, start - _LONGEST * back) : start].rsplit(None, back)[-back:]
            if len(before) < back:
                before[:1] = [_EDGE] * (back + 1 - len(before))
            words += before
        found: list[Mention] = []
        for first, begun, firsts, distances, named in rules:
            word = words[first]
            if word[0] not in begun or self._stems[word] not in firsts:
                continue
            stems = tuple([self._stems[words[distance]] for distance in distances])
            if stems in named:
                passed = words[min(0, distances[0]) or len(words) :]
                coming = words[: max(0, distances[-1]) + 1]
                if _EDGE not in passed and _EDGE not in coming:
                    place = start - sum(map(len, passed)), start + sum(map(len, coming))
                    found += [(*place, token) for token in named[stems]]
        return found


class _Wording(NamedTuple):
    """A wording as it is searched for."""

    stems: Sequence[tuple[int, str]]
    """Its words that are no stop words."""
    words: Mapping[int, str]
    """All of them as they are written, in small letters."""

    @staticmethod
    def of(text: str, words: Words) -> "_Wording":
        return _Wording(words(Kind.TEXT, text), dict(words(Kind.NAME, text)))


def _add(
    signs: dict[tuple[str, ...], _Sign],
    noticed: dict[str, _Sign],
    wording: _Wording,
    forms: Mapping[str, Sequence[str]],
    token: str,
) -> None:
    if not wording.stems:
        return
    place, firsts, begun = _noticed_by(wording, forms)
    sign = signs.setdefault((*firsts, begun), _Sign(begun))
    sign.add([(other - place, stem) for other, stem in wording.stems if other != place], token)
    for first in firsts:
        for gap in _GAPS if begun else (" ",):
            noticed.setdefault(f" {first}{gap}{begun}", sign)


def _noticed_by(wording: _Wording, forms: Mapping[str, Sequence[str]]) -> tuple[int, Sequence[str], str]:
    """At which of its words a wording is noticed, by which, and how the one that must follow begins."""
    stems = wording.stems
    if len(stems) == 1:
        return stems[0][0], forms[stems[0][1]], ""
    following = [(a, b) for a, b in pairwise(stems) if b[0] == a[0] + 1]
    if following:
        (place, first), (_, second) = max(following, key=lambda pair: len(pair[0][1]))
        return place, forms[first], _beginning([second, *forms[second]])
    place, second = stems[-1][0] - 1, stems[-1][1]
    return place, [wording.words[place]], _beginning([second, *forms[second]])


def _forms(wordings: Iterable[_Wording], words: Words) -> Mapping[str, Sequence[str]]:
    """Stem → words that have it: those in wordings, and what endings make of them."""
    worded: dict[str, dict[str, None]] = {}
    for wording in wordings:
        for place, stem in wording.stems:
            worded.setdefault(stem, {})[wording.words[place]] = None
    made = {
        stem: [base + ending for base in (stem, stem[:-1], stem + stem[-1:], *own) for ending in _ENDINGS]
        for stem, own in worded.items()
    }
    # As one text: to have each looked at by itself would take most of the time that it takes to begin.
    every = [*{form: None for of_stem in made.values() for form in of_stem if form.isascii() and form}]
    stems = {every[place]: stem for place, stem in words(Kind.TEXT, " ".join(every))}
    return {
        stem: [*{form: None for form in of_stem if stems.get(form) == stem} | worded[stem]]
        for stem, of_stem in made.items()
    }


def _beginning(words: Sequence[str]) -> str:
    """How all of them begin."""
    one, other = min(words), max(words)
    pairs = enumerate(zip(one, other, strict=False))
    return one[: next((place for place, (a, b) in pairs if a != b), len(one))]


def _with_tokens(texts: Sequence[str], tokens: list[str]) -> list[str | Raw]:
    # In letters of ASCII, as most of a document's are: Python keeps and hands over such text quicker.
    escaped = " ".join(tokens).replace(MARK, _ESCAPED)
    return [*texts, Raw(f'"{escaped}"'.encode())]


def _listed(texts: Any) -> Sequence[str]:  # noqa: ANN401 - texts, or what stands for none
    return texts if isinstance(texts, (list, tuple)) else ()
