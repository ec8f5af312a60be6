"""Marks in titles and snippets: what the query found, and nothing else."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from domain.query import And, Fragment, Node, Or, Phrase, Preferring, Synonyms, Word
from index.analysis import spaced_offsets
from index.fields import FIELD, Kind
from index.placing import Heads, Placed, heads_of

WINDOW = 240
"""A snippet has at most so many characters."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sought:
    """Words to mark: these, one after the other at these distances; the last may only begin so."""

    words: tuple[tuple[int, str], ...]
    prefix: bool = False


class _Alike:
    """What is looked for among words of one kind."""

    def __init__(self, kind: Kind, sought: Sequence[Sought]) -> None:
        self.kind = kind
        self.heads = heads_of(one.words[0][1] for one in sought)
        self._alone = {one.words[0][1] for one in sought if len(one.words) == 1 and not one.prefix}
        self._begun = tuple(one.words[0][1] for one in sought if len(one.words) == 1 and one.prefix)
        self._longer: dict[str, dict[int, list[Sought]]] = {}
        """Those of several words, by their first word and the distance of their second."""
        for one in sought:
            if len(one.words) > 1:
                (_, first), (step, _), *_ = one.words
                self._longer.setdefault(first, {}).setdefault(step, []).append(one)

    def spans(self, placed: Iterable[Placed]) -> Iterator[Span]:
        """Where they are."""
        for found in placed:
            if found.word in self._alone or found.word.startswith(self._begun):
                yield found.start, found.end
            for step, longer in self._longer.get(found.word, _NONE).items():
                second = found.after(step)  # asked once for all, as of a name many wordings begin alike
                if second is None:
                    continue
                for one in longer:
                    may_be = second[0].startswith(one.words[1][1])
                    if may_be and (end := _end(found, one)) is not None:
                        yield found.start, end


_NONE: dict[int, list[Sought]] = {}


def _end(found: Placed, sought: Sought) -> int | None:
    """Where what is sought ends, if it is what begins with the word found."""
    end = found.end
    for step, word in sought.words[1:]:
        after = found.after(step)
        last = sought.prefix and step == sought.words[-1][0]
        if after is None or not (after[0] == word or (last and after[0].startswith(word))):
            return None
        end = after[1]
    return end


class Marker:
    """Marks what a query's tree looks for. The two functions tell words as the engine does."""

    def __init__(
        self,
        node: Node | None,
        words: Callable[[Kind, str], Sequence[tuple[int, str]]],
        placed: Callable[[Kind, str, Heads], Iterator[Placed]],
    ) -> None:
        self._node, self._words, self._placed = node, words, placed
        self._known: dict[str, tuple[_Alike, ...]] = {}
        self._alike: dict[tuple[tuple[str, bool], ...], tuple[_Alike, ...]] = {}

    def title(self, text: str) -> Fragment:
        """The whole title, marked."""
        return _fragment(text, 0, len(text), self._spans(text, "title"))

    def snippet(self, texts: Sequence[str]) -> Fragment | None:
        """The window of all `texts` that shows most of what was looked for, else the first text's start."""
        if not texts:
            return None
        marked = [(text, self._spans(text, "abstract")) for text in texts]
        windows = [_best_window(text, spans) for text, spans in marked]
        number = max(range(len(texts)), key=lambda n: windows[n][0])
        _, start, end = windows[number]
        return _fragment(marked[number][0], start, end, marked[number][1])

    def _spans(self, text: str, name: str) -> list[Span]:
        """Where `text` matches, in order and without overlap."""
        wanted = self._sought(name)
        if not wanted:
            return []
        space, offsets = spaced_offsets(text)
        found = (one.spans(self._placed(one.kind, space, one.heads)) for one in wanted)
        return _united((offsets[start], offsets[end - 1] + 1) for start, end in chain.from_iterable(found))

    def _sought(self, name: str) -> tuple["_Alike", ...]:
        """What is looked for in a field: whole words, and beginnings of words."""
        if name not in self._known:
            found = _positive(self._node)
            texts = tuple((text, prefix) for text, prefix, field in found if field in (None, name))
            if texts not in self._alike:  # for most fields they are the same
                self._alike[texts] = self._read(dict.fromkeys(texts))
            self._known[name] = self._alike[texts]
        return self._known[name]

    def _read(self, texts: Iterable[tuple[str, bool]]) -> tuple["_Alike", ...]:
        kinds: dict[Kind, list[Sought]] = {Kind.TEXT: [], Kind.NAME: []}
        for text, prefix in texts:
            kind = Kind.NAME if prefix else Kind.TEXT
            if words := self._words(kind, text):
                first = words[0][0]
                kinds[kind].append(Sought(tuple((place - first, word) for place, word in words), prefix))
        return tuple(_Alike(kind, sought) for kind, sought in kinds.items() if sought)


def _positive(node: Node | None) -> Iterator[tuple[str, bool, str | None]]:
    """Each text that may be marked, whether it is but the beginning of a word, and its field."""
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _positive(part)
        case Preferring(part, better):
            for each in (part, *better):
                yield from _positive(each)
        case Word(text, field, prefix) if field is None or FIELD[field].kind is Kind.TEXT:
            yield text, prefix, field
        case Phrase(text, field) if field is None or FIELD[field].kind is Kind.TEXT:
            yield text, False, field
        case Synonyms(wordings=wordings, field=field) if field is None or FIELD[field].kind is Kind.TEXT:
            yield from ((text, False, field) for text in wordings)


def _united(spans: Iterator[Span]) -> list[Span]:
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


def _best_window(text: str, spans: list[Span]) -> tuple[int, int, int]:
    """How many different matches the best window shows, and its start and end, at word boundaries."""
    if not spans:
        return 0, *_window(text, 0)
    best = (0, 0, 0)
    starts = [start for start, _ in spans]
    most = len({text[start:end].casefold() for start, end in spans})
    for start in starts:
        if best[0] == most:
            break
        first, last = _window(text, _lead(text, start))
        near = spans[bisect_left(starts, first) : bisect_left(starts, last)]
        shown = {text[s:e].casefold() for s, e in near if e <= last}
        if len(shown) > best[0]:
            best = (len(shown), first, last)
    return best


def _lead(text: str, start: int) -> int:
    """Where to begin so that a match at `start` has some words before it: a line or sentence, if near."""
    earliest = max(0, start - 60)
    for stop in ("\n", ". "):
        place = text.rfind(stop, earliest, start)
        if place >= 0:
            return place + len(stop)
    return earliest if earliest == 0 else _word_start(text, earliest, start)


def _word_start(text: str, place: int, limit: int) -> int:
    while place < limit and not text[place - 1].isspace():
        place += 1
    return place


def _window(text: str, start: int) -> Span:
    end = min(len(text), start + WINDOW)
    if end < len(text) and not text[end].isspace():
        cut = end
        while cut > start and not text[cut - 1].isspace():
            cut -= 1
        end = cut if cut > start else end
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _fragment(text: str, start: int, end: int, spans: list[Span]) -> Fragment:
    pieces: list[tuple[str, bool]] = []
    place = start
    for first, last in spans[bisect_left(spans, (start, 0)) :]:
        if last > end:
            break
        pieces += [(text[place:first], False), (text[first:last], True)]
        place = last
    pieces.append((text[place:end], False))
    return Fragment(tuple(piece for piece in pieces if piece[0]))
