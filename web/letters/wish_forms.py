"""The form in which somebody chooses what letters are to hold: its fields, and what is wrong in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.subscription import Wish, WishKind
from web.letters.wishes import (
    FIELDS,
    LONGEST_NAME,
    SUBKIND,
    is_vague,
    known_values,
    read_value,
    to_pairs,
)
from web.listings.lists import MAX_WORDS
from web.params import MAX_TEXT, MAX_VALUES, Params, clean

LEAST_NAMES = 2
"""So many fields for names there are at least, one of them empty."""
TICKS = 10
"""So many ticks stand open; the others are folded, but for those that are set."""


class Shape(StrEnum):
    """What a field looks like."""

    TICKS = "ticks"
    NAMES = "names"
    """Names to type, with a list to choose from: a country or a language."""
    CHOICE = "choice"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Field:
    """One field as it stands: what can be chosen, and what is."""

    name: str
    title: str
    shape: Shape
    options: Mapping[str, str]
    chosen: tuple[str, ...]
    """Codes; for names what stands in each field to type into."""
    several: bool = True

    @property
    def shown(self) -> tuple[str, ...]:
        """Codes to tick that stand open."""
        first = tuple(self.options)[:TICKS]
        return (*(code for code in self.chosen if code not in first), *first)

    @property
    def more(self) -> tuple[str, ...]:
        """Those that are folded."""
        shown = self.shown
        return tuple(code for code in self.options if code not in shown)


_TITLES = {
    "cancer_type": "Cancer types",
    "country": "Countries",
    "language": "Languages",
    "attendance": "Taking part",
    SUBKIND: "Kinds",
    "from": "Your country",
    "stage": "Your career stage",
}
_OWN_TITLES = {
    (WishKind.TOPIC, "country"): "Countries of the authors",
    (WishKind.TOPIC, "language"): "Languages of the papers",
    (WishKind.OPPORTUNITIES, "country"): "Where it takes place",
}
_SHAPES = {"country": Shape.NAMES, "language": Shape.NAMES, "from": Shape.NAMES, "stage": Shape.CHOICE}
_ONE = frozenset({"from", "stage"})
_VAGUE = {
    WishKind.SEARCH: ("q", "Write what to search for, or choose a topic instead."),
    WishKind.TOPIC: ("cancer_type", "Choose a cancer type, a country or a language."),
}


def to_fields(wish: Wish, typed: Params) -> tuple[Field, ...]:
    """The fields of a wish; what was `typed` and not understood stays in its field."""
    if wish.kind not in FIELDS:
        return ()
    return tuple(_field(wish, name, typed) for name in FIELDS[wish.kind])


def _field(wish: Wish, name: str, typed: Params) -> Field:
    known, shape = known_values(name), _SHAPES.get(name, Shape.TICKS)
    chosen = tuple(value for field, value in to_pairs(wish) if field == name)
    if shape is Shape.NAMES:
        words = [known.get(value, value) for value in chosen] + list(_unknown(typed, name))
        blanks = (not words) if name in _ONE else max(LEAST_NAMES - len(words), 1)
        chosen = (*words, *[""] * blanks)
    title = _OWN_TITLES.get((wish.kind, name), _TITLES[name])
    return Field(name, title, shape, known, chosen, name not in _ONE)


def hidden_pairs(wish: Wish) -> tuple[tuple[str, str], ...]:
    """What the form carries along unseen: all but what its fields ask for."""
    shown = {"q", *FIELDS.get(wish.kind, ())}
    return tuple(pair for pair in to_pairs(wish) if pair[0] not in shown)


def is_worded(wish: Wish) -> bool:
    """Whether the form has a field for words."""
    kinds = (WishKind.SEARCH, WishKind.MEETINGS, WishKind.DEADLINES, WishKind.OPPORTUNITIES)
    return wish.kind in kinds


def longest_words(wish: Wish) -> int:
    """How many characters that field takes."""
    return MAX_TEXT if wish.kind is WishKind.SEARCH else MAX_WORDS


def find_problems(wish: Wish, typed: Params) -> dict[str, str]:
    """Field → what is wrong in it."""
    problems = {}
    for name in FIELDS.get(wish.kind, ()):
        if unknown := _unknown(typed, name):
            problems[name] = f"We do not know “{unknown[0]}”. Choose a name from the list."
    if not problems and is_vague(wish) and wish.kind in _VAGUE:
        name, words = _VAGUE[wish.kind]
        problems[name] = words
    return problems


def _unknown(typed: Params, name: str) -> tuple[str, ...]:
    """What was typed as a name and is none."""
    if _SHAPES.get(name) is not Shape.NAMES:
        return ()
    given = [clean(text)[:LONGEST_NAME] for text in typed.get(name, ())][:MAX_VALUES]
    return tuple(text for text in given if text and not read_value(name, text))
