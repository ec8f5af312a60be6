"""The query language: any text becomes a `Reading`, the same for every engine.

Grammar, loosest first; a reader's view with examples is web/templates/guide/search.md.

    query   = part (OR part)*
    part    = item ((AND)? item)*
    item    = NOT words | NOT item | -item | field:item | item[tag] | ( query ) | "phrase" | word | prefix*
            | interval

What does not fit is searched as words, and a note says so. A text of words alone is a plain list: up to three
content words must all occur; of more, or of a question, any may, and papers with more of them and rarer ones
come first; words that are everywhere ("patients", "after") then only rank, and so do the years of a period.
Asking long questions for every word, or for most, finds nothing (measured: DECISIONS.md). Loose words that
name a thing are one item, which any of its names answers.
"""

import re
from collections.abc import Sequence

from domain.identifiers import normalise_pmid
from domain.paper import unique
from domain.query import And, Node, Or, Period, Phrase, Preferring, Range, Reading, Synonyms, Word
from index.analysis import GENERAL_WORDS, QUESTION_WORDS, STOP_WORDS, is_content
from index.language.grammar import Mark, Token, tokens
from index.language.leaves import dated, joined, subject
from index.language.pasted import translated
from index.language.periods import find_period
from index.language.prose import read_reference, read_sentences
from index.language.reader import Reader
from index.language.tidy import TOO_LONG, tidy, too_long
from index.language.tree import Leaf, has_other_names, leaves
from index.language.widening import Widener

ALL_WORDS = 3
"""A plain list of up to so many content words asks for all of them."""
MAX_LIST = 200
"""Of a list of words, or of sentences, so many are read: any of them will do."""
MAX_TEXT = 16 * 1024
"""Characters that are read, twice as many as the site's box takes."""
MAX_NOTES = 12
_WIDE = re.compile("[\uff01-\uff5e\u3000]")
"""Letters, signs and spaces as wide as ideographs, as they are typed beside those: （肺癌　ＯＲ　胃癌）."""

_Asked = tuple[Node | None, str, bool, Period | None]
"""The tree, its meaning, whether it is strict, and the period named in words."""


def parse_query(text: str, literal: frozenset[str] = frozenset()) -> Reading:
    """Read `text`; never fails, and reads the same text always alike.

    Groups of synonyms whose key is in `literal` are not widened; `*` stands for all of them.
    """
    given, text = text, _WIDE.sub(_narrow, _beginning(text))
    if number := _number_alone(text):
        return Reading(number)
    notes: list[str] = []
    widener = Widener(literal, notes)
    node, meaning, strict, period = _reference(text, widener, notes) or _query(text, widener, notes)
    if len(text) < len(given) and text.strip() and not any(note.startswith(TOO_LONG) for note in notes):
        notes.insert(0, too_long(text.split()[-1]))
    if text.strip() and _asks_nothing(node):
        notes.append("There was nothing to search for in this text, so all papers are shown.")
    return Reading(node, unique(notes)[:MAX_NOTES], widener.groups, widener.off, meaning, strict, period)


def _reference(text: str, widener: Widener, notes: list[str]) -> _Asked | None:
    """The papers whose numbers stand in a reference; its words choose only where we have none of these."""
    numbers, words = read_reference(text, notes)
    node = Reader(widener, notes).read(tidy(tokens(numbers), [])) if numbers else None
    if node is None:
        return None
    content = _content(widener.nodes(_listed(words, notes)))
    return Preferring(node, tuple(content)), _meaning(content), True, None


def _query(text: str, widener: Widener, notes: list[str]) -> _Asked:
    found = read_sentences(text, notes) or tidy(tokens(translated(text, notes)), notes)
    if any(token.mark not in _PLAIN for token in found):
        node = Reader(widener, notes).read(found)
        asked = unique(_anywhere(leaf) for leaf, denials in leaves(node) if not denials)
        return node, _meaning(asked), True, None
    words = _listed(found, notes)
    start, end, period = find_period(words) or (len(words), len(words), None)
    items = [*widener.nodes(words[:start]), *widener.nodes(words[end:])]
    content = _content(items)
    node, meaning = _plain_list(items, content), _meaning(items) if _meaning(content) else ""
    if node:
        node = _preferring(node, _ranking(words[start:end], node))
    elif period:  # nothing else is asked for
        node, period = Range("year", period.low, period.high), None
    return node, meaning, False, period


def _beginning(text: str) -> str:
    """As much of a text as is read, to the end of a word."""
    if len(text) <= MAX_TEXT:
        return text
    return text[:MAX_TEXT].rpartition(" ")[0] or text[:MAX_TEXT]


def _narrow(wide: re.Match[str]) -> str:
    return " " if wide[0] == "\u3000" else chr(ord(wide[0]) - 0xFEE0)


def _listed(found: Sequence[Token], notes: list[str]) -> list[str]:
    """The words of a plain list or a text; the first of very many say what it is about."""
    words = [token.text for token in found if token.mark is Mark.WORD]
    if len(words) > MAX_LIST:
        notes.append(too_long(words[MAX_LIST - 1]))
    return words[:MAX_LIST]


_PLAIN = {Mark.WORD, Mark.OPEN, Mark.CLOSE}
"""Brackets around words alone are punctuation."""


def _asks_nothing(node: Node | None) -> bool:
    """Whether every paper answers: small words are in no index."""
    match node:
        case None:
            return True
        case Word(text, _, False) | Phrase(text):
            words = text.lower().split()
            return bool(words) and all(word in STOP_WORDS for word in words)
    return False


def _number_alone(text: str) -> Node | None:
    """A PubMed id is the only identifier that looks like any number; alone, it is one, or the number."""
    bare = text.strip()
    if not re.fullmatch(r"(?i)(?:pmid:?\s*)?\d{5,9}", bare) or not (pmid := normalise_pmid(bare)):
        return None
    return Word(pmid, "pmid") if not bare.isdigit() else Or((Word(pmid, "pmid"), Word(bare)))


def _content(items: Sequence[Node]) -> list[Node]:
    """The items that say something, each once; a thing by two of its names is one."""
    distinct: dict[object, Node] = {}
    for node in items:
        distinct.setdefault(node.key if isinstance(node, Synonyms) else node, node)
    each = list(distinct.values())
    content = [
        node
        for before, node in zip((None, *each), each, strict=False)
        if not isinstance(node, Word) or node.prefix or is_content(node.text) or _is_numeral(before, node)
    ]
    return content or [
        node for node in each if isinstance(node, Word) and node.text.lower() not in STOP_WORDS
    ]


def _plain_list(items: Sequence[Node], content: list[Node]) -> Node | None:
    if not content:
        return None
    if len(content) <= ALL_WORDS and not any(map(_asks, (None, *items), items)):
        return joined(And, [dated(node) for node in content] if len(content) > 1 else content)
    telling = [node for node in content if not _is_general(node)]
    general = tuple(node for node in content if _is_general(node))
    if not telling or not general:
        return joined(Or, content)
    return Preferring(joined(Or, telling), general)


def _ranking(words: Sequence[str], node: Node) -> tuple[Node, ...]:
    """What the words of a period add to the score: years, and where any word will do, all of content."""
    loose = isinstance(node, Or | Preferring)
    return tuple(
        Word(word) for word in words if re.fullmatch(r"\d{4}s?", word) or (loose and is_content(word))
    )


def _preferring(node: Node, better: tuple[Node, ...]) -> Node:
    """`node`, whose papers come first where they are `better` as well."""
    if isinstance(node, Preferring):
        return Preferring(node.node, (*node.better, *better))
    return Preferring(node, better) if better else node


def _is_general(node: Node) -> bool:
    """Whether nearly every paper has it; ALL, the leukaemia, is no small word."""
    if has_other_names(node):
        return False
    text = node.written if isinstance(node, Synonyms) else node.text if isinstance(node, Word) else ""
    return text.lower() in GENERAL_WORDS


def _asks(before: Node | None, item: Node) -> bool:
    """Whether it shapes a question: who asks one wants an answer, not every word of it."""
    return (
        isinstance(item, Word)
        and item.text.lower() in QUESTION_WORDS
        and not (is_content(item.text) or _is_numeral(before, item))
    )


def _is_numeral(before: Node | None, item: Node | None) -> bool:
    """Whether an `I` is a number, as in `stage I`."""
    named = (
        before.written if isinstance(before, Synonyms) else before.text if isinstance(before, Word) else ""
    )
    return item == Word("I") and named.lower() in _NUMBERED


_NUMBERED = frozenset(("class", "grade", "group", "level", "phase", "stage", "stages", "type"))


def _meaning(nodes: Sequence[Node]) -> str:
    """Each thing by the name that stands for all its names, so that every wording means the same."""
    return " ".join(text for node in nodes if (text := subject(node)))


def _anywhere(leaf: Leaf) -> Leaf:
    """A leaf about the subject as if it were asked of no field, so that it counts once in `_meaning`."""
    match leaf:
        case Word(text, _, prefix) if subject(leaf):
            return Word(text, None, prefix)
        case Phrase(text) if subject(leaf):
            return Phrase(text)
        case Synonyms(key, label) if subject(leaf):
            return Synonyms(key, label, (), "")
    return leaf
