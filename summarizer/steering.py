"""Steering a digest to a reading grade: the hardest sentences make room for easier ones."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from domain.digest import DigestSentence, Role
from summarizer.outline import FINDING, Choice
from summarizer.readability import count_syllables
from summarizer.sentences import split_sentences, words
from summarizer.telling import Told

_ROUNDS = 6
_LEAST_WORDS = 70
_NOTICEABLE = 0.15
# What may be dropped, the first first; a limit, a harm and the last finding never are.
_DROPPABLE = (Role.BACKGROUND, Role.MEANING, Role.QUESTION, Role.METHOD, Role.RESULT)
_REPLACEABLE = (*_DROPPABLE, Role.KEY)

Tell = Callable[[Sequence[Choice]], list[Told]]


@dataclass(frozen=True, slots=True)
class Load:
    """How much there is to read."""

    sentences: int = 0
    words: int = 0
    syllables: int = 0

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
    told = tell(choices)
    left = list(spares)
    for _ in range(_ROUNDS):
        loads = [load_of_all(one.sentences) for one in told]
        total = sum(loads, fixed)
        if total.grade <= target:
            break
        move = _replaced(told, loads, left, total) or _dropped(told, loads, total)
        if move is None:
            break
        left = [spare for spare in left if spare not in move]
        told = tell(move)
    return told


def _replaced(
    told: Sequence[Told], loads: Sequence[Load], spares: Sequence[Choice], total: Load
) -> list[Choice] | None:
    """The choices with the one replaced that gains most; None where no spare is noticeably easier."""
    best, gain = None, _NOTICEABLE
    for place, (one, load) in enumerate(zip(told, loads, strict=True)):
        if one.choice.role not in _REPLACEABLE or _is_leaned_on(told, place):
            continue
        for spare in spares:
            if spare.role is not (one.choice.origin or one.choice.role):
                continue
            gained = total.grade - (total - load + load_of(spare.text)).grade
            if gained > gain:
                best, gain = (place, spare), gained
    if best is None:
        return None
    place, spare = best
    choices = [one.choice for one in told]
    choices[place] = replace(spare, role=choices[place].role)
    return choices


def _dropped(told: Sequence[Told], loads: Sequence[Load], total: Load) -> list[Choice] | None:
    best, gain = None, _NOTICEABLE
    for place, load in enumerate(loads):
        if not _may_go(told, place) or (total - load).words < _LEAST_WORDS:
            continue
        gained = total.grade - (total - load).grade
        if gained > gain:
            best, gain = place, gained
    if best is None:
        return None
    return [one.choice for place, one in enumerate(told) if place != best]


def _may_go(told: Sequence[Told], place: int) -> bool:
    role = told[place].choice.role
    if role not in _DROPPABLE or _is_leaned_on(told, place):
        return False
    findings = sum(one.choice.role in FINDING - {Role.MEANING} for one in told)
    return role is not Role.RESULT or findings > 1


def _is_leaned_on(told: Sequence[Told], place: int) -> bool:
    """Whether it is one of a chain, which is told whole or not at all."""
    after = told[place + 1].choice if place + 1 < len(told) else None
    return told[place].choice.leans or (after is not None and after.leans)
