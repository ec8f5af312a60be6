"""How alike two titles, two lists of authors, two places and two abstracts are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from functools import lru_cache

from domain.profile import Person, Place, Profile, Title

_JOINING = """an the of in on for and to with by from at as is are its their using use via study among
der die das und von den la le les de des du et el los las en di il da do"""
_LETTERS = frozenset("aeioy")
"""Words of one letter in some language; where each title has another, they are names: vitamin A and E."""
_SMALL = frozenset(_JOINING.split()) | _LETTERS
"""Words that join others, in several languages; not "or", which is another thing than "and"."""
_OPPOSITES = (
    *(("hypo", "hyper"), ("intra", "inter"), ("pre", "post")),
    *(("in", ""), ("non", ""), ("un", ""), ("anti", "")),
)
"""Beginnings of words that are written alike and mean the opposite."""
_SOUND = str.maketrans("jwkq", "yvcc")
"""Letters that transliterations take for each other."""
_TYPO = 0.8
_MOST_TYPOS = 3
"""Words of a title that may have a letter wrong."""
_SIMILAR = 0.6
_ALIKE = 0.55


class Likeness(Enum):
    """How alike two titles are; the value says it in words."""

    EQUAL = "the same title"
    SPELLED = "titles that differ in spelling or small words only"
    TYPO = "titles that differ in a letter of a word"
    MAIN = "the same title, once without its subtitle"
    LIKE = "titles that share most words"
    OTHER = "different titles"

    @property
    def close(self) -> bool:
        """Whether it is the same title in substance."""
        return self in (Likeness.EQUAL, Likeness.SPELLED, Likeness.TYPO, Likeness.MAIN)


def compare_titles(one: Title, other: Title) -> Likeness:
    """How alike two titles are."""
    if one.whole == other.whole:
        return Likeness.EQUAL
    if likeness := _spelled(one, other):
        return likeness
    if one.whole in (other.main,) or other.whole in (one.main,):
        return Likeness.MAIN
    mine, theirs = set(one.words) - _SMALL, set(other.words) - _SMALL
    if mine and theirs and 2 * len(mine & theirs) / (len(mine) + len(theirs)) >= _ALIKE:
        return Likeness.LIKE
    return Likeness.OTHER


def likest_titles(one: Profile, other: Profile) -> tuple[Likeness, Title, Title]:
    """How alike two titles are, and in which form: as they stand, else as one of them is told, too.

    Two numbers of abstracts are never both left out: they may be the years of two follow-ups.
    """
    found = compare_titles(one.title, other.title), one.title, other.title
    if found[0].close:
        return found
    forms = (
        (one.original, other.title),
        (one.title, other.original),
        (one.original, other.original),
        (one.unnumbered, other.title),
        (one.title, other.unnumbered),
    )
    told = [(compare_titles(mine, theirs), mine, theirs) for mine, theirs in forms if mine and theirs]
    return min((one for one in told if one[0].close), key=_closeness, default=found)


def _closeness(told: tuple[Likeness, Title, Title]) -> tuple[int, list[str]]:
    """What orders likenesses, the closest first, whichever of two is called the one."""
    return list(Likeness).index(told[0]), sorted((told[1].text, told[2].text))


def _spelled(one: Title, other: Title) -> Likeness | None:
    """Whether every word has its like in the other title: one letter wrong, put together, or a small word."""
    if _cannot_be_spelled(one.words, other.words):
        return None
    words, others = Counter(one.words), Counter(other.words)
    mine, theirs = words - others, others - words
    if not _LETTERS.isdisjoint(mine) and not _LETTERS.isdisjoint(theirs):
        return None
    left = sorted(word for word in mine.elements() if word not in _SMALL)
    right = sorted(word for word in theirs.elements() if word not in _SMALL)
    if "".join(left) == "".join(right):
        return Likeness.SPELLED
    if len(left) != len(right) or len(left) > _MOST_TYPOS:
        return None
    found = Likeness.SPELLED
    for word in left:
        like = next((candidate for candidate in right if _is_typo(word, candidate)), None)
        if like is None:
            return None
        if not _is_plural(word, like):
            found = Likeness.TYPO
        right.remove(like)
    return found


def _cannot_be_spelled(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether more words differ than may be mistyped, and they cannot be the same letters put together.

    Told before the words are counted, which takes far longer: most titles that are compared are different.
    """
    if len(set(words).difference(others, _SMALL)) <= _MOST_TYPOS:
        return False
    return _letters(words) != _letters(others)


def _letters(words: Sequence[str]) -> int:
    return sum([len(word) for word in words if word not in _SMALL])


def _is_plural(one: str, other: str) -> bool:
    return one.removesuffix("s") == other.removesuffix("s")


def _is_typo(one: str, other: str) -> bool:
    if min(len(one), len(other)) < 5 or any(map(str.isdigit, one + other)):
        return False
    if _is_plural(one, other):
        return True
    for first, second in _OPPOSITES:
        for a, b in ((one, other), (other, one)):
            if a.startswith(first) and b.startswith(second) and a[len(first) :] == b[len(second) :]:
                return False
    if abs(len(one) - len(other)) > 1:
        return False
    # What two drugs, genes or organs differ in is rarely a swapped, missing or doubled letter inside.
    return one[0] == other[0] and (sorted(one) == sorted(other) or _one_letter(one, other))


def _one_letter(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    if len(short) == len(long):
        wrong = [n for n, (a, b) in enumerate(zip(short, long, strict=True)) if a != b]
        return len(wrong) == 1 and len(short) >= 7 and 1 < wrong[0] < len(short) - 2
    more = next((n for n, letter in enumerate(short) if long[n] != letter), len(short))
    return more > 0 and long[more + 1 :] == short[more:]


@dataclass(frozen=True, slots=True)
class Authorship:
    """What two lists of authors have in common."""

    shared: int
    fewer: int
    """How many the shorter list has."""
    of_fewer: float
    """The share of the shorter list that the other has too."""
    of_all: float
    """The share of all people that both have."""
    first: bool
    last: bool

    @property
    def agree(self) -> bool:
        """Whether they may be one list told twice: the same first author, or nearly the same people."""
        return (self.first and self.of_fewer >= 0.5) or (self.of_fewer >= 0.8 and self.shared >= 3)

    @property
    def nearly_all(self) -> bool:
        """Whether the shorter list is in the other, the first in front."""
        return self.first and self.of_fewer >= 0.75


def compare_authors(one: Sequence[Person], other: Sequence[Person]) -> Authorship | None:
    """What they have in common; None where they cannot be compared.

    One list is empty, or is a group and the other is people, or is printed in another script.
    """
    if not one or not other or one[0].group != other[0].group:
        return None
    left = list(other)
    shared = 0
    for person in one:
        found = next((candidate for candidate in left if same_person(person, candidate)), None)
        if found:
            left.remove(found)
            shared += 1
    if not shared and _in_two_scripts(one, other):
        return None
    fewer = min(len(one), len(other))
    everyone = len(one) + len(other) - shared
    return Authorship(
        shared,
        fewer,
        shared / fewer,
        shared / everyone,
        same_person(one[0], other[0]),
        same_person(one[-1], other[-1]),
    )


def _in_two_scripts(one: Sequence[Person], other: Sequence[Person]) -> bool:
    """Whether one has all its names in Latin letters, without accents as people are, and the other none."""
    latin, others = ({person.family.isascii() for person in people} for people in (one, other))
    return len(latin) == len(others) == 1 and latin != others


@lru_cache(maxsize=20_000)
def same_person(one: Person, other: Person) -> bool:
    """Whether two names may be one person's: initials, names turned round, another transliteration."""
    if one.group or other.group:
        return one.family == other.family or (
            min(len(one.family), len(other.family)) >= 8
            and (one.family in other.family or other.family in one.family)
        )
    if one.family == other.family:
        return not one.given or not other.given or _same_given(one, other)
    if one.given and other.given and one.family == other.given and one.given == other.family:
        return True
    if one.family in (other.given, other.given + other.family) and one.initials[:1] == other.family[:1]:
        return True
    if other.family in (one.given, one.given + one.family) and other.initials[:1] == one.family[:1]:
        return True
    if not one.given or not other.given:
        return False
    if _is_read_otherwise(one, other) or _is_read_otherwise(other, one):
        return True
    if not _same_given(one, other):
        return False
    short, long = sorted((one.family, other.family), key=len)
    if len(short) >= 4 and (long.startswith(short) or long.endswith(short)):
        return True  # one of two surnames
    return len(short) >= 5 and SequenceMatcher(None, short, long, autojunk=False).ratio() >= _TYPO


def _is_read_otherwise(one: Person, other: Person) -> bool:
    """Whether `one` is `other` with its names parted elsewhere, all of them known or all but a surname.

    `Nguyễn Văn An`, read as spoken, is `Văn An Nguyễn`, and `María García López` is `María García`.
    """
    if one.given + one.family == other.family + other.given:
        return True
    if len(other.family) < 4 or not one.given.endswith(other.family):
        return False
    if not one.initials[1:].endswith(other.family[0]):
        return False  # the end of a word: `Xiaoming Li` is not `X Ming`
    given = one.given.removesuffix(other.family)
    return given.startswith(other.given) or (other.abbreviated and given[:1] == other.given[0])


def _same_given(one: Person, other: Person) -> bool:
    """Whether one's initials begin the other's; two whole names must agree in more than a letter."""
    if one.abbreviated or other.abbreviated:
        short, long = sorted((one.initials.translate(_SOUND), other.initials.translate(_SOUND)), key=len)
        return long.startswith(short)
    if one.given == other.initials or other.given == one.initials:
        return True  # three initials beside a name in capitals look like a short name
    short, long = sorted((one.given, other.given), key=len)
    if short[0].translate(_SOUND) != long[0].translate(_SOUND):
        return False
    return long.startswith(short) or SequenceMatcher(None, short, long, autojunk=False).ratio() >= _SIMILAR


def same_journal(one: Place, other: Place) -> bool | None:
    """Whether two places are one journal; None where a place does not say."""
    if one.issn & other.issn or one.names & other.names:
        return True
    if not one.names or not other.names:
        return None
    return any(_abbreviates(a, b) or _abbreviates(b, a) for a in one.names for b in other.names)


def _abbreviates(short: str, long: str) -> bool:
    """Whether each word of `short` begins one of `long`, in order, and few words are left out."""
    words = [word for word in long.split() if word not in _SMALL]
    parts = [word for word in short.split() if word not in _SMALL]
    if not parts or len(words) - len(parts) > 1:
        return "".join(word[0] for word in words) == short and len(short) >= 3
    position = 0
    for part in parts:
        while position < len(words) and not words[position].startswith(part):
            position += 1
        if position == len(words):
            return False
        position += 1
    return True


def overlap(one: Profile, other: Profile) -> float | None:
    """The share of the shorter abstract's word triples that the other has; None where they do not compare."""
    mine, theirs = one.abstract, other.abstract
    if (
        not mine
        or not theirs
        or {one.language, other.language} - {"und"} not in ({one.language}, {other.language}, set())
    ):
        return None
    return len(mine & theirs) / min(len(mine), len(theirs))
