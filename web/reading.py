"""A query tree in words, so that a reader sees how their text was understood."""

from domain.query import And, Node, Not, Or, Phrase, Range, Synonyms, Word


def describe(node: Node | None) -> str:
    """The tree as one line.

    >>> describe(And((Word("breast"), Not(Phrase("case report")))))
    '“breast” and not the phrase “case report”'
    """
    return "" if node is None else _describe(node, 0)


def _describe(node: Node, depth: int) -> str:
    match node:
        case Word():
            words = f"words beginning with “{node.text}”" if node.prefix else f"“{node.text}”"
            return words + _within(node.field)
        case Phrase():
            return f"the phrase “{node.text}”" + _within(node.field)
        case Synonyms():
            return f"“{node.written}” by any of its names" + _within(node.field)
        case Range():
            return _range(node)
        case Not():
            return f"not {_describe(node.part, depth + 1)}"
        case And() | Or():
            return _joined(node, depth)


def _joined(node: And | Or, depth: int) -> str:
    if depth > 20:
        return "…"
    word = " and " if isinstance(node, And) else " or "
    text = word.join(_describe(part, depth + 1) for part in node.parts)
    return f"({text})" if depth and len(node.parts) > 1 else text


def _range(node: Range) -> str:
    name = node.field.replace("_", " ")
    if node.low is None:
        return f"{name} up to {node.high}"
    return f"{name} from {node.low}" + (f" to {node.high}" if node.high is not None else "")


def _within(field: str | None) -> str:
    return f" in {field.replace('_', ' ')}" if field else ""
