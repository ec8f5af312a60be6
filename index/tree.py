"""Questions about a query's tree that every engine answers alike."""

from domain.query import And, Node, Or, Phrase, Synonyms, Together, Word
from index.fields import FIELD, Kind


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
