"""Questions about a query's tree that every engine answers alike."""

from collections.abc import Iterator
from dataclasses import replace

from domain.query import And, Node, Or, Phrase, Reading, Synonyms, Word
from index.fields import FIELD, Kind

_SUBJECTS = {"cancer", "gene", "drug"}
"""Groups of names that tell what a question is about."""
_LOOSENED = "No paper has all of these words, so we list papers that have some of them."


def loosened(reading: Reading) -> Iterator[Reading]:
    """The same, asking for less where a plain list of words asked for all of them; else nothing.

    First for what has other names (a cancer, a gene), the plain words only adding to the score; then for any.
    """
    if reading.strict or not isinstance(reading.node, And):
        return
    parts = reading.node.parts
    named = tuple(
        part for part in parts if isinstance(part, Synonyms) and part.key.split(":")[0] in _SUBJECTS
    )
    notes = (*reading.notes, _LOOSENED)
    for subject in (And(named) if len(named) > 1 else None, *named):
        if subject is not None and subject != reading.node:
            yield replace(reading, node=And((subject, Or(parts))), notes=notes)
    yield replace(reading, node=Or(parts), notes=notes)


def is_scored(node: Node | None) -> bool:
    """Whether papers that match differ in how well they do; if not, the newest come first."""
    match node:
        case And(parts) | Or(parts):
            return any(is_scored(part) for part in parts)
        case Word(_, name, False) | Phrase(_, name):
            return name is None or FIELD[name].kind in (Kind.TEXT, Kind.NAME)
        case Synonyms():
            return True
    return False
