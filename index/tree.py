"""Questions about a query's tree that every engine answers alike."""

from dataclasses import replace

from domain.query import And, Node, Or, Phrase, Reading, Synonyms, Together, Word
from index.fields import FIELD, Kind

_LOOSENED = "No paper has all of these words, so we list papers that have some of them."


def loosened(reading: Reading) -> Reading | None:
    """The same, asking for any of the words where a plain list asked for all of them; else None."""
    node = reading.node
    part, pairs = (node.part, node.pairs) if isinstance(node, Together) else (node, ())
    if reading.strict or not isinstance(part, And):
        return None
    some = Or(part.parts)
    notes = (*reading.notes, _LOOSENED)
    return replace(reading, node=Together(some, pairs) if pairs else some, notes=notes)


def is_scored(node: Node | None) -> bool:
    """Whether papers that match differ in how well they do; if not, the newest come first."""
    match node:
        case And(parts) | Or(parts):
            return any(is_scored(part) for part in parts)
        case Word(_, name, False) | Phrase(_, name):
            return name is None or FIELD[name].kind in (Kind.TEXT, Kind.NAME)
        case Synonyms():
            return True
        case Together(part):
            return is_scored(part)
    return False
