"""Steering a digest to a reading grade: the hardest sentences make room for easier ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from domain.digest import DigestSentence, Role
from summarizer.outline import FINDING, Choice
from summarizer.readability import count_syllables
from summarizer.sentences import split_sentences, words
from summarizer.telling import Told

_TELLINGS = 2
_MOVES = 8
_LEAST_WORDS = 70
_NOTICEABLE = 0.15
# What may be dropped, the first first; a limit, a harm and the last finding never are.
_DROPPABLE = (Role.BACKGROUND, Role.MEANING, Role.QUESTION, Role.METHOD, Role.RESULT)
_REPLACEABLE = (*_DROPPABLE, Role.KEY)


class Tell(Protocol):
    """Tells choices; `Teller.tell`."""

    def __call__(self, choices: Sequence[Choice], *, harder: bool) -> list[Told]:
        """Each choice with the sentences that tell it."""
        ...


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to read."""

    sentences: float = 0
    words: float = 0
    syllables: float = 0

    def __add__(self, other: "Load") -> "Load":
        return Load(
            self.sentences + other.sentences, self.words + other.words, self.syllables + other.syllables
        )

    def __sub__(self, other: "Load") -> "Load":
        return Load(
            self.sentences - other.sentences, self.words - other.words, self.syllables - other.syllables
        )

    @property
    def grade(self) -> float:
        """The Flesch–Kincaid grade."""
        if not self.words or not self.sentences:
            return 0.0
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59


def load_of(text: str) -> Load:
    """What there is to read in a text."""
    spoken = words(text)
    return Load(len(split_sentences(text)), len(spoken), sum(count_syllables(word) for word in spoken))


def load_of_all(sentences: Iterable[DigestSentence]) -> Load:
    """What there is to read in all of them."""
    return sum((load_of(sentence.told) for sentence in sentences), Load())


def steer(
    choices: Sequence[Choice], spares: Sequence[Choice], tell: Tell, fixed: Load, target: float
) -> list[Told]:
    """The choices told, some of them replaced by `spares` of the same role or dropped while that is too hard.

    Args:
        spares: other sentences of the paper that could be told, with the role they would have.
        fixed: what else is read in the digest.
    """
    told = tell(choices, harder=False)
    if _grade(told, fixed) <= target:
        return told
    told = tell(choices, harder=True)
    for _ in range(_TELLINGS):
        better = _easier(
            [_Part(one.choice, load_of_all(one.sentences)) for one in told], spares, fixed, target
        )
        if better is None:
            break
        told = tell(better, harder=True)
        if _grade(told, fixed) <= target:
            break
    return told


@dataclass(frozen=True, slots=True)
class _Part:
    choice: Choice
    load: Load


def _grade(told: Sequence[Told], fixed: Load) -> float:
    return sum((load_of_all(one.sentences) for one in told), fixed).grade


def _easier(parts: list[_Part], spares: Sequence[Choice], fixed: Load, target: float) -> list[Choice] | None:
    """The choices after as many moves as are thought to do; None where no move helps."""
    told = sum((part.load for part in parts), Load())
    own = sum((load_of(part.choice.text) for part in parts), Load())
    left = {spare: _told_as(load_of(spare.text), own, told) for spare in spares}
    moved = False
    for _ in range(_MOVES):
        total = sum((part.load for part in parts), fixed)
        if total.grade <= target:
            break
        move = _best_replaced(parts, left, total) or _best_dropped(parts, total)
        if move is None:
            break
        parts, moved = move, True
        left = {
            spare: load for spare, load in left.items() if all(spare.index != p.choice.index for p in parts)
        }
    return [part.choice for part in parts] if moved else None


def _told_as(load: Load, own: Load, told: Load) -> Load:
    """What a sentence would weigh when told, were it made as much easier as the others were."""
    words = load.words * told.words / max(own.words, 1)
    sentences = words * told.sentences / max(told.words, 1)
    return Load(sentences, words, words * (load.syllables / max(load.words, 1)) * _ease(own, told))


def _ease(own: Load, told: Load) -> float:
    return (told.syllables / max(told.words, 1)) / (own.syllables / max(own.words, 1) or 1.0)


def _best_replaced(parts: list[_Part], spares: Mapping[Choice, Load], total: Load) -> list[_Part] | None:
    """With the one replaced that gains most; None where no spare is noticeably easier."""
    best: tuple[int, Choice] | None = None
    gain = _NOTICEABLE
    for place, part in enumerate(parts):
        if part.choice.role not in _REPLACEABLE or _is_leaned_on(parts, place):
            continue
        for spare, load in spares.items():
            if spare.role is not (part.choice.origin or part.choice.role):
                continue
            gained = total.grade - (total - part.load + load).grade
            if gained > gain:
                best, gain = (place, spare), gained
    if best is None:
        return None
    place, spare = best
    choice = replace(spare, role=parts[place].choice.role, origin=parts[place].choice.origin)
    return [*parts[:place], _Part(choice, spares[spare]), *parts[place + 1 :]]


def _best_dropped(parts: list[_Part], total: Load) -> list[_Part] | None:
    best, gain = None, _NOTICEABLE
    for place, part in enumerate(parts):
        if not _may_go(parts, place) or (total - part.load).words < _LEAST_WORDS:
            continue
        gained = total.grade - (total - part.load).grade
        if gained > gain:
            best, gain = place, gained
    return None if best is None else [*parts[:best], *parts[best + 1 :]]


def _may_go(parts: Sequence[_Part], place: int) -> bool:
    role = parts[place].choice.role
    if role not in _DROPPABLE or _is_leaned_on(parts, place):
        return False
    findings = sum(one.choice.role in FINDING - {Role.MEANING} for one in parts)
    return role is not Role.RESULT or findings > 1


def _is_leaned_on(parts: Sequence[_Part], place: int) -> bool:
    """Whether it is one of a chain, which is told whole or not at all."""
    after = parts[place + 1].choice if place + 1 < len(parts) else None
    return parts[place].choice.leans or (after is not None and after.leans)
