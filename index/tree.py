"""Questions about a query's tree that every engine answers alike."""

from dataclasses import replace

from domain.query import And, Node, Or, Phrase, Reading, Synonyms, Word
from index.fields import FIELD, Kind

_LOOSENED = "No paper has all of these words, so we list papers that have some of them."


def loosened(reading: Reading) -> Reading | None:
    """The same, asking for any of the words where a plain list asked for all of them; else None."""
    if reading.strict or not isinstance(reading.node, And):
        return None
    return replace(reading, node=Or(reading.node.parts), notes=(*reading.notes, _LOOSENED))


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
