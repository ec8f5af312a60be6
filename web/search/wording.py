"""A query as one line of plain words, dates and flags too."""

from collections.abc import Iterator

from domain.paper import unique
from domain.query import And, Node, Not, Or, Phrase, Preferring, Range, Synonyms, Word
from index.fields import FIELD, Kind
from index.language.tree import leaves
from web.labels import date_words, language_name
from web.params import FACET_FIELDS
from web.search.counting import value_label

_DEEPEST = 20
_LONG_PART = 160
_NAMED = 8
"""Of a part that takes more characters to tell, so many words are shown."""
_UNSAID = {0, 99}
"""Months and days that a bound leaves open."""
_FLAGS = {
    ("has_abstract", "yes"): "with an abstract",
    ("has_abstract", "no"): "without an abstract",
    ("open_access", "yes"): "open access",
    ("open_access", "no"): "not open access",
    ("has_digest", "none"): "without a plain-language digest",
    ("has_digest", "public"): "with a digest for everyone",
    ("has_digest", "policymaker"): "with a digest for policymakers",
    ("has_digest", "professional"): "with a digest for health professionals",
    ("kind", "article"): "a published article",
    ("kind", "preprint"): "a preprint",
    ("kind", "abstract"): "a conference abstract",
    ("notice", "retracted"): "retracted",
    ("notice", "withdrawn"): "withdrawn",
    ("notice", "corrected"): "corrected",
    ("notice", "concern"): "with an expression of concern",
    ("data", "open"): "with open data",
    ("data", "on-request"): "with data on request",
    ("data", "none"): "with data said not to be available",
    ("data", "unknown"): "of whose data we know nothing",
    ("code_availability", "open"): "with open code",
    ("code_availability", "on-request"): "with code on request",
    ("code_availability", "none"): "with code said not to be available",
    ("has_data", "yes"): "with links to data or code",
    ("has_data", "no"): "without links to data or code",
    ("industry", "funded"): "paid for by a company",
    ("industry", "employed"): "with authors employed by a company",
    ("industry", "interest"): "with a company among the competing interests",
}
"""Field and value → what they say of a paper."""
INSIDE = frozenset({"title", "abstract", "plain"})
"""Fields of a paper's own words, of which a query asks a part."""
_NUMBERED = frozenset(("doi", "id", "orcid", "pmcid", "pmid", "trial"))
_FACETS = {facet.field: facet for facet in FACET_FIELDS}


def describe(node: Node | None) -> str:
    """The tree as one line, to be read after “We looked for”.

    >>> describe(And((Word("breast"), Not(Phrase("case report")))))
    '“breast” and not the phrase “case report”'
    >>> describe(And((Word("breast"), Range("year", 2014, None))))
    '“breast”, published from 2014 on'
    """
    if node is None:
        return ""
    words = _describe(node, 0)
    return f"any paper, {words}" if _asks_nothing(node) else words


def outline(node: Node | None) -> tuple[str, ...]:
    """What a long query asks for, part by part: every paper has all of them.

    >>> outline(And((Word("breast"), Or(tuple(Word(f"word{n}x") for n in range(60))))))[1]
    'any of 60: “word0x”, “word1x”, “word2x”, “word3x”, “word4x”, “word5x”, “word6x”, “word7x” …'
    """
    return tuple(map(_outlined, _conditions(node))) if node else ()


def are_numbers(node: Node | None) -> bool:
    """Whether nothing but papers, trials or people of certain numbers are asked for."""
    match node:
        case Or(parts):
            return all(map(are_numbers, parts))
        case Preferring(part):
            return are_numbers(part)
        case Word(_, field):
            return field in _NUMBERED
    return False


def _conditions(node: Node) -> Iterator[Node]:
    if isinstance(node, And):
        for part in node.parts:
            yield from _conditions(part)
    else:
        yield node


def _outlined(node: Node) -> str:
    text = _describe(node, 0)
    if len(text) <= _LONG_PART:
        return text
    said = "not " if isinstance(node, Not) else ""
    inner = node.part if isinstance(node, Not) else node
    names = tuple(unique(_names(inner)))
    joined = "any of" if _is_list(inner) else "a combination of"
    more = " …" if len(names) > _NAMED else ""
    return f"{said}{joined} {len(names)}: {', '.join(names[:_NAMED])}{more}"


def _is_list(node: Node) -> bool:
    """Whether any one of its words will do."""
    return all(map(_is_list, node.parts)) if isinstance(node, Or) else not isinstance(node, And | Not)


def _names(node: Node) -> Iterator[str]:
    for leaf, _ in leaves(node):
        match leaf:
            case Synonyms(written=text) | Phrase(text):
                yield f"“{text}”"
            case Word(text, _, prefix):
                yield f"“{text}{'*' * prefix}”"
            case Range():
                yield _range(leaf)


def _describe(node: Node, depth: int) -> str:
    match node:
        case Word() | Phrase():
            return _FLAGS.get((node.field or "", node.text)) or _asked(node)
        case Synonyms():
            return _placed(_named(node), node.field)
        case Range():
            return _range(node)
        case Not():
            return f"not {_describe(node.part, depth + 1)}"
        case And() | Or():
            return _joined(node, depth)
        case Preferring(part) if are_numbers(part):
            return _describe(part, depth)
        case Preferring(part, better):
            told = " or ".join(_describe(one, depth + 1) for one in better)
            return f"{_describe(part, depth)}, first those that also have {told}"


def _named(node: Synonyms) -> str:
    if len(node.wordings) > 1:
        return f"“{node.written}” under any of its {len(node.wordings)} names"
    same = node.written.casefold() == node.label.casefold()
    return f"“{node.written}”" if same else f"“{node.written}” by its name “{node.label}”"


def _joined(node: And | Or, depth: int) -> str:
    if depth > _DEEPEST:
        return "…"
    if isinstance(node, Or):
        text = " or ".join(_describe(part, depth + 1) for part in node.parts)
    else:
        things = [part for part in node.parts if not _qualifies(part)]
        things.sort(key=lambda part: isinstance(part, Not))
        told = [_describe(part, depth + 1) for part in node.parts if _qualifies(part)]
        text = " and ".join(_describe(part, depth + 1) for part in things)
        text = ", ".join([text, *told] if things else [" and ".join(told)])
    return f"({text})" if depth and len(node.parts) > 1 else text


def _qualifies(node: Node, depth: int = 0) -> bool:
    """Whether a node says what a paper is like, rather than what is in it."""
    match node:
        case Range():
            return True
        case Word() | Phrase():
            return (node.field or "", node.text) in _FLAGS
        case Not():
            return depth < _DEEPEST and _qualifies(node.part, depth + 1)
        case And() | Or():
            return depth < _DEEPEST and all(_qualifies(part, depth + 1) for part in node.parts)
    return False


def _asks_nothing(node: Node) -> bool:
    """Whether it only says what a paper is like and must not have, so that papers have yet to be named."""
    parts = node.parts if isinstance(node, And | Or) else (node,)
    return all(isinstance(part, Not) or _qualifies(part) for part in parts)


def _asked(node: Word | Phrase) -> str:
    words = f"“{_value(node)}”"
    if isinstance(node, Word) and node.prefix:
        words = f"words beginning with {words}"
    elif isinstance(node, Phrase) and (node.field is None or node.field in INSIDE):
        words = f"the phrase {words}"
    return _placed(words, node.field)


def _value(node: Word | Phrase) -> str:
    if node.field == "language":
        return language_name(node.text)
    facet = _FACETS.get(node.field or "")
    return value_label(facet, node.text) if facet and FIELD[facet.field].kind is Kind.KEYWORD else node.text


def _placed(words: str, field: str | None) -> str:
    if not field:
        return words
    title = _title(field)
    if field in INSIDE:
        return f"{words} in the {title}"
    return f"{title} {words}" if words.startswith("“") else f"{words} in {title}"


def _title(field: str) -> str:
    """The heading of a field as it stands within a sentence."""
    title = FIELD[field].label if field in FIELD else field.replace("_", " ")
    title = {"Authors": "author", "Keywords": "keyword"}.get(title, title)
    return title[:1].lower() + title[1:] if title.split()[0][1:].islower() else title


def _range(node: Range) -> str:
    if node.field not in {"year", "date"}:
        bounds = (f"from {node.low}" if node.low is not None else "", _upto(node.high))
        return " ".join([_title(node.field), *filter(None, bounds)])
    low, high = _bound(node, node.low), _bound(node, node.high)
    if not low:
        return f"published up to {high}"
    if not high:
        return f"published from {low} on"
    if low != high:
        return f"published between {low} and {high}"
    return f"published {'on' if low[0].isdigit() and ' ' in low else 'in'} {low}"


def _upto(high: int | None) -> str:
    return f"up to {high}" if high is not None else ""


def _bound(node: Range, bound: int | None) -> str:
    """A year, or a day `yyyymmdd` with zeros or nines where it is less precise, in words."""
    if bound is None:
        return ""
    if node.field == "year":
        return str(bound)
    year, month, day = bound // 10_000, bound // 100 % 100, bound % 100
    if month in _UNSAID:
        return str(year)
    return date_words(f"{year:04}-{month:02}" + (f"-{day:02}" if day not in _UNSAID else ""))
