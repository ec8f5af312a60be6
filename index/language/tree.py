"""Questions about a query's tree that every engine answers alike."""

from collections.abc import Iterator
from dataclasses import replace

from domain.query import And, Node, Not, Or, Phrase, Preferring, Query, Range, Reading, Synonyms, Word
from index.fields import FIELD, Kind

_SUBJECTS = {"cancer", "gene", "drug"}
"""Groups of names that tell what a question is about."""
_LOOSENED = "No paper has all of these words, so we list papers that have some of them."


Leaf = Word | Phrase | Range | Synonyms


def leaves(node: Node | None, *, ranking: bool = False, denials: int = 0) -> Iterator[tuple[Leaf, int]]:
    """What a tree asks for, from left to right, each with how many times a NOT is around it.

    What only ranks papers is left out unless `ranking`.

    >>> [(leaf.text, denials) for leaf, denials in leaves(And((Word("a"), Not(Word("b")))))]
    [('a', 0), ('b', 1)]
    """
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part, ranking=ranking, denials=denials)
        case Not(part):
            yield from leaves(part, ranking=ranking, denials=denials + 1)
        case Preferring(part, better):
            for each in (part, *better) if ranking else (part,):
                yield from leaves(each, ranking=ranking, denials=denials)
        case Word() | Phrase() | Range() | Synonyms():
            yield node, denials


def loosened(reading: Reading) -> Iterator[Reading]:
    """The same, asking for less where a plain list of words asked for all of them; else nothing.

    First for what has other names (a cancer, a gene), the plain words only adding to the score; then for any.
    """
    node = timeless(reading)
    if isinstance(node, Preferring):
        yield replace(reading, node=Or((*_parts(node.node), *node.better)))
    reading = replace(reading, node=node)
    if reading.strict or not isinstance(reading.node, And):
        return
    parts = tuple(part for part in reading.node.parts if is_told_by_score(part)) or reading.node.parts
    named = tuple(filter(has_other_names, parts))
    notes = (*reading.notes, _LOOSENED)
    for subject in (And(named) if len(named) > 1 else None, *named):
        if subject is not None and subject != reading.node:
            others = tuple(part for part in parts if part not in (subject, *_parts(subject)))
            yield replace(reading, node=Preferring(subject, others) if others else subject, notes=notes)
    yield replace(reading, node=Or(parts) if len(parts) > 1 else parts[0], notes=notes)


def has_other_names(node: Node) -> bool:
    """Whether it is a cancer, a gene or a drug that has other names."""
    return isinstance(node, Synonyms) and node.key.split(":")[0] in _SUBJECTS


def timeless(reading: Reading) -> Node | None:
    """What a query asks for, less the words of its period: these rank papers, and never choose them."""
    node, period = reading.node, reading.period
    if period is None or not isinstance(node, Preferring):
        return node
    told = frozenset(map(Word, period.written.split()))
    better = tuple(part for part in node.better if part not in told)
    return Preferring(node.node, better) if better else node.node


def _parts(node: Node) -> tuple[Node, ...]:
    return node.parts if isinstance(node, And | Or) else (node,)


def is_filtered(query: Query) -> bool:
    """Whether anything but the text chooses papers."""
    return any(query.filters.values()) or query.year_from is not None or query.year_to is not None


def is_told_by_score(node: Node | None) -> bool:
    """Whether every paper that matches has a score above 0."""
    match node:
        case And(parts):
            return any(map(is_told_by_score, parts))
        case Or(parts):
            return all(map(is_told_by_score, parts))
        case Preferring(part):
            return is_told_by_score(part)
        case Word(_, name, False) | Phrase(_, name) | Synonyms(field=name):
            return name is None or FIELD[name].kind in (Kind.TEXT, Kind.NAME)
    return False


def words_of(node: Node) -> And | None:
    """The words that a paper must have among things that take longer to look for; None without both."""
    parts = node.parts if isinstance(node, And) else ()
    words = tuple(part for part in parts if isinstance(part, Word) and is_told_by_score(part))
    return And(words) if 0 < len(words) < len(parts) else None


def is_scored(node: Node | None) -> bool:
    """Whether papers that match differ in how well they do; if not, the newest come first."""
    match node:
        case And(parts) | Or(parts):
            return any(is_scored(part) for part in parts)
        case Preferring(part, better):
            return any(map(is_scored, (part, *better)))
        case Word(_, name, False) | Phrase(_, name):
            return name is None or FIELD[name].kind in (Kind.TEXT, Kind.NAME)
        case Synonyms():
            return True
    return False
