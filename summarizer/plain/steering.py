"""Steering a digest to a reading grade: the hardest sentences make room for easier ones."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from domain.digest import FROM_PAPER, DigestSentence, Role
from summarizer.choosing.choice import Choice
from summarizer.plain.telling import Told
from summarizer.text.readability import count_syllables
from summarizer.text.sentences import split_sentences, words

_TELLINGS = 3
_MOVES = 10
_LEAST_WORDS = 40
_LEAST_BLOCKS = 3
_LEAST_FINDINGS = 2
_LEAST_LINES = 3
_FILLINGS = 5
"""How many other sentences are tried."""
_READABLE = 8.0
_MOST_READABLE = 10.0
"""The grade up to which the authors' conclusion and the only finding are told although the digest would be
easier without them."""
_WITH_FINDING = 8.2
"""The grade up to which what was found is, where other findings are told."""
_VERY_HARD = 8.0
_FAR_TOO_HARD = 9.2
_MOST_WORDS = 200
_NOTICEABLE = 0.03
_HARDLY_HARDER = 0.1
_FINDS = frozenset({Role.KEY, Role.RESULT, Role.MEANING})
# What it costs the reader, as grades, when such a sentence goes; limits, harms and the last finding never do.
_COST = {
    Role.BACKGROUND: 0.0,
    Role.QUESTION: 0.1,
    Role.METHOD: 0.1,
    Role.MEANING: 0.1,
    Role.RESULT: 0.2,
    Role.KEY: 0.3,
}
_REPLACING = 0.1
_CONCLUSION = 0.2
"""What it costs beyond that where the authors' conclusion goes, which should be the last to."""
_ADDING = 0.02
_FILLING = frozenset({Role.BACKGROUND, Role.QUESTION, Role.METHOD, Role.RESULT, Role.MEANING})
_JOINING = frozenset({Role.BACKGROUND, Role.QUESTION, Role.METHOD, Role.RESULT})


Tell = Callable[[Sequence[Choice]], list[Told]]


class Load(NamedTuple):
    """How much there is to read."""

    sentences: float = 0
    words: float = 0
    syllables: float = 0

    @property
    def grade(self) -> float:
        """The Flesch–Kincaid grade."""
        if not self.words or not self.sentences:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


@lru_cache(2_000)
def load_of(text: str) -> Load:
    """What there is to read in a text."""
    spoken = words(text)
    return Load(len(split_sentences(text)), len(spoken), sum(map(count_syllables, spoken)))


def load_of_all(sentences: Iterable[DigestSentence]) -> Load:
    """What there is to read in all of them."""
    return sum_of(load_of(line) for s in sentences for line in (s.text, *s.explanations))


def sum_of(loads: Iterable[Load]) -> Load:
    """All loads together."""
    sentences = words_ = syllables = 0.0
    for more, spoken, beats in loads:
        sentences += more
        words_ += spoken
        syllables += beats
    return Load(sentences, words_, syllables)


def steer(
    choices: Sequence[Choice], spares: Sequence[Choice], tell: Tell, fixed: Load, target: float
) -> list[Told]:
    """The choices told; some of them replaced by `spares` of the same role, dropped, or joined by easier ones
    while that is too hard to read.

    Args:
        spares: other sentences of the paper that could be told, with the role they would have.
        fixed: what else is read in the digest.
    """
    told = tell(choices)
    for _ in range(_TELLINGS if _grade(told, fixed) > target else 0):
        blocks = _blocks(told)
        better = _easier(blocks, spares, fixed, target)
        if better is None:
            break
        again = tell([choice for block in better for choice in block.choices])
        if not _is_better(again, told, fixed):
            break
        told = again
        if _grade(told, fixed) <= target:
            break

    told = _with_messages(told, choices, tell, fixed)
    most = _most(told, fixed)

    def is_easy(again: Sequence[Told]) -> bool:
        return _grade(again, fixed) <= most

    left_out = [replace(c, role=c.origin or c.role, origin=None) for c in choices if not c.leans]
    return fill(fill(told, spares, tell, is_easy), left_out, tell, is_easy, anyhow=False)


def _most(told: Sequence[Told], fixed: Load) -> float:
    """The grade up to which more may be told: what is harder already may be joined by what is as easy."""
    return max(_READABLE, min(_grade(told, fixed) + _HARDLY_HARDER, _MOST_READABLE))


def _with_messages(told: list[Told], choices: Sequence[Choice], tell: Tell, fixed: Load) -> list[Told]:
    """`told` with the messages that had made room, if need be in place of another sentence: the authors'
    conclusion and the only finding where the whole can be read with them, what else was found where that is
    nearly as easy as it should be."""
    places = {choice.index: place for place, choice in enumerate(choices)}
    for message in choices:
        kept = [one.choice for one in told]
        if message.role is not Role.KEY or message in kept:
            continue
        # Sentences told in place of others stay: what is read with them is what is weighed.
        messages = sorted((message, *(c for c in kept if c.role is Role.KEY)), key=lambda c: places[c.index])
        others = [c for c in kept if c.role is not Role.KEY]
        again = tell([*messages, *others])
        if not any(one.choice is message for one in again):
            continue
        # A digest that tells nothing of what was found is worse than a hard one.
        needed = message.origin is Role.MEANING or not any(_tells_result(choice) for choice in kept)
        most = _MOST_READABLE if needed else max(_WITH_FINDING, _most(told, fixed))
        if _grade(again, fixed) > most:
            shorter = _lightened(_blocks(again), fixed, most)
            again = tell([choice for block in shorter for choice in block.choices]) if shorter else []
        if any(one.choice is message for one in again) and _grade(again, fixed) <= most:
            told = again
    return told


def fill(
    told: list[Told],
    spares: Sequence[Choice],
    tell: Tell,
    is_easy: Callable[[Sequence[Told]], bool] = lambda _: True,
    *,
    anyhow: bool = True,
) -> list[Told]:
    """A digest that rests on few sentences with others of the paper, the easiest first.

    Args:
        is_easy: whether a digest may be told that says more than next to nothing.
        anyhow: what says next to nothing is filled however hard it becomes.
    """
    said = {one.choice.text for one in told}
    left = [spare for spare in spares if spare.role in _FILLING and spare.text not in said]
    for _ in range(_FILLINGS):
        if len(told) >= _LEAST_BLOCKS or not left:
            break
        roles = {one.choice.role for one in told}
        best = min(left, key=lambda s: (s.role is Role.BACKGROUND, s.role in roles, load_of(s.text).grade))
        left.remove(best)
        blocks = [_alone(one.choice, Load()) for one in told]
        order = sorted([*blocks, _alone(best, Load())], key=_place_among(blocks))
        again = tell([choice for block in order for choice in block.choices])
        few = sum(len(one.sentences) for one in told) < _LEAST_LINES
        told = again if len(again) > len(told) and ((few and anyhow) or is_easy(again)) else told
    return told


class _Part(NamedTuple):
    """A sentence of the paper and what it weighs when told."""

    choice: Choice
    load: Load
    lines: int = 1
    """How many sentences it is told in."""


@dataclass(frozen=True, slots=True)
class _Block:
    """A sentence with those that lean on it: none of them is told without all before it."""

    parts: tuple[_Part, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(part.choice for part in self.parts)

    @property
    def load(self) -> Load:
        return self.parts[0].load if len(self.parts) == 1 else sum_of(part.load for part in self.parts)

    @property
    def lines(self) -> int:
        return sum(part.lines for part in self.parts)

    @property
    def role(self) -> Role:
        return self.parts[0].choice.role


def _alone(choice: Choice, load: Load) -> _Block:
    """A block of one sentence that has not been told yet."""
    return _Block((_Part(choice, load),))


def _blocks(told: Sequence[Told]) -> list[_Block]:
    blocks: list[_Block] = []
    for one in told:
        before = blocks.pop().parts if one.choice.leans and blocks else ()
        part = _Part(one.choice, load_of_all(one.sentences), len(one.sentences))
        blocks.append(_Block((*before, part)))
    return blocks


def _grade(told: Sequence[Told], fixed: Load) -> float:
    return sum_of((fixed, *(load_of_all(one.sentences) for one in told))).grade


def _tells_result(choice: Choice) -> bool:
    return Role.RESULT in (choice.role, choice.origin)


def _lightened(blocks: Sequence[_Block], fixed: Load, most: float) -> list[_Block] | None:
    """The blocks without one that tells neither message, harm nor limit, so that the whole has grade `most`
    at most; None where none does."""
    able = [block for block in blocks if block.role in _COST and block.role is not Role.KEY]
    for block in sorted(able, key=lambda block: (_COST[block.role], -block.load.grade)):
        rest = [other for other in blocks if other is not block]
        load = sum_of(other.load for other in rest)
        enough = load.words >= _LEAST_WORDS and sum(other.lines for other in rest) >= _LEAST_LINES
        if enough and sum_of((fixed, load)).grade <= most:
            return rest
    return None


def _is_better(again: Sequence[Told], told: Sequence[Told], fixed: Load) -> bool:
    finds = any(one.choice.role in _FINDS for one in again)
    return finds and _grade(again, fixed) < _grade(told, fixed)


def _easier(
    blocks: list[_Block], spares: Sequence[Choice], fixed: Load, target: float
) -> list[_Block] | None:
    """The blocks after as many moves as are thought to do; None where no move helps."""
    told = sum_of(block.load for block in blocks)
    own = sum_of(load_of(choice.text) for block in blocks for choice in block.choices)
    taken = {choice.index for block in blocks for choice in block.choices}
    left = [
        _alone(spare, _told_as(load_of(spare.text), own, told))
        for spare in spares
        if spare.index not in taken
    ]
    moved = False
    for _ in range(_MOVES):
        total = sum_of((fixed, *(block.load for block in blocks)))
        if total.grade <= target:
            break
        moves = [
            *_replaced(blocks, left),
            *_dropped(blocks, total.grade),
            *_shortened(blocks, total.grade),
            *_joined(blocks, left),
        ]
        grade = total.grade
        gained, best = max(
            ((grade - sum_of([fixed, *[b.load for b in some]]).grade - cost, some) for cost, some in moves),
            key=lambda move: move[0],
            default=(0.0, blocks),
        )
        if gained < _NOTICEABLE:
            break
        blocks, moved = best, True
        taken = {choice.index for block in blocks for choice in block.choices}
        left = [block for block in left if block.choices[0].index not in taken]
    return blocks if moved else None


def _told_as(load: Load, own: Load, told: Load) -> Load:
    """What a sentence would weigh when told, were it made as much easier as the others were."""
    words = load.words * told.words / max(own.words, 1)
    sentences = words * told.sentences / max(told.words, 1)
    ease = (told.syllables / max(told.words, 1)) / (own.syllables / max(own.words, 1) or 1.0)
    return Load(max(sentences, 1), words, words * ease * load.syllables / max(load.words, 1))


_Move = tuple[float, list[_Block]]
"""What it costs the reader, as grades, and the blocks after it."""


def _replaced(blocks: list[_Block], left: Sequence[_Block]) -> Iterator[_Move]:
    for place, block in enumerate(blocks):
        first = block.choices[0]
        # What is told in place of the message is another message.
        if len(block.choices) > 1 or first.role not in _COST or first.role is Role.KEY or first.index < 0:
            continue
        for spare in left:
            if spare.role is (first.origin or first.role):
                choice = replace(spare.choices[0], role=first.role, origin=first.origin)
                yield (
                    _REPLACING + _dearer(first),
                    [*blocks[:place], _alone(choice, spare.load), *blocks[place + 1 :]],
                )


def _dropped(blocks: list[_Block], grade: float) -> Iterator[_Move]:
    """Fewer blocks; never so few that a question stays without its answer."""
    if len(blocks) <= _LEAST_BLOCKS - (grade > _VERY_HARD):
        return
    lines = sum(block.lines for block in blocks)
    words = sum(block.load.words for block in blocks)
    finds = sum(block.role in _FINDS for block in blocks)
    keys = sum(block.role is Role.KEY for block in blocks)
    for place, block in enumerate(blocks):
        last = block.role in _FINDS and finds <= _LEAST_FINDINGS - (grade > _VERY_HARD)
        last = last or (block.role is Role.KEY and keys == 1)
        if lines - block.lines < _LEAST_LINES - (grade > _FAR_TOO_HARD):
            continue
        if block.role in _COST and not last and words - block.load.words >= _LEAST_WORDS:
            cost = _COST[block.role] + _dearer(block.choices[0])
            yield cost, [*blocks[:place], *blocks[place + 1 :]]


def _shortened(blocks: list[_Block], grade: float) -> Iterator[_Move]:
    """One block without the last sentence that leans on it: nothing is told that leans on what is gone."""
    words = sum(block.load.words for block in blocks)
    lines = sum(block.lines for block in blocks)
    told = [part.choice.role for block in blocks for part in block.parts]
    finds = sum(role in _FINDS for role in told)
    if len(told) <= _LEAST_BLOCKS:
        return
    for place, block in enumerate(blocks):
        last = block.parts[-1]
        role = last.choice.role
        if len(block.parts) == 1 or role not in _COST or role is Role.KEY:
            continue
        # A finding goes only where the whole could hardly be read with it.
        if role in _FINDS and (grade <= _MOST_READABLE or finds <= _LEAST_FINDINGS):
            continue
        if lines - last.lines >= _LEAST_LINES and words - last.load.words >= _LEAST_WORDS:
            cost = _COST[role] + _dearer(last.choice)
            yield cost, [*blocks[:place], _Block(block.parts[:-1]), *blocks[place + 1 :]]


def _dearer(choice: Choice) -> float:
    return _CONCLUSION if choice.origin is Role.MEANING else 0.0


def _joined(blocks: list[_Block], left: Sequence[_Block]) -> Iterator[_Move]:
    words = sum(block.load.words for block in blocks)
    place = _place_among(blocks)
    for spare in left:
        if spare.role in _JOINING and words + spare.load.words <= _MOST_WORDS:
            yield _ADDING, sorted([*blocks, spare], key=place)


def _place_among(blocks: Sequence[_Block]) -> Callable[[_Block], tuple[int, int]]:
    """Where a block is told: among those of its role as in the paper, others as they stand."""
    order = list(dict.fromkeys([*FROM_PAPER, *(b.role for b in blocks)]))
    return lambda block: (order.index(block.role), block.choices[0].index)
