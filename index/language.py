"""The query language: any text becomes a `Reading`, the same for every engine.

Grammar, loosest first; a reader's view with examples is web/templates/guide/search.md.

    query   = part (OR part)*
    part    = item ((AND)? item)*
    item    = NOT item | field:item | item[tag] | ( query ) | "phrase" | word | prefix* | interval

What does not fit is searched as words, and a note says so. A text of words alone is a plain list: up to three
content words must all occur; of more, or of a question, any may, and papers with more of them and rarer ones
come first. Asking long questions for every word, or for most, finds nothing (measured: DECISIONS.md). Loose
words that name a thing are one item, which any of its names answers. Words that stand together in the text
count for more where they do so in a paper.
"""

import re
from collections.abc import Iterator, Sequence

from domain.identifiers import normalise_pmid
from domain.paper import unique
from domain.query import And, Node, Or, Phrase, Reading, Synonyms, Together, Word
from index.analysis import QUESTION_WORDS, STOP_WORDS, is_content
from index.grammar import Mark, tokens
from index.leaves import joined, subject
from index.reader import Reader
from index.tidy import tidy
from index.widening import Widener

ALL_WORDS = 3
"""A plain list of up to so many content words asks for all of them."""
MAX_TEXT = 64 * 1024
MAX_NOTES = 12
MAX_PAIRS = 30
_GAP = "the"
"""A stop word: a phrase leaves its place open."""


def parse_query(text: str, literal: frozenset[str] = frozenset()) -> Reading:
    """Read `text`; never fails, and reads the same text always alike.

    Groups of synonyms whose key is in `literal` are not widened; `*` stands for all of them.
    """
    if number := _number_alone(text):
        return Reading(number)
    notes: list[str] = []
    widener = Widener(literal, notes)
    found = tidy(tokens(text[:MAX_TEXT]), notes)
    plain = all(token.mark in _PLAIN for token in found)
    if plain:
        items = widener.nodes([token.text for token in found if token.mark is Mark.WORD])
        content = _content(items)
        node, meaning = _plain_list(items, content), _meaning(items) if _meaning(content) else ""
    else:
        node = Reader(widener, notes).read(found)
        meaning = _meaning(unique(_positive(node)))
    if node is None and text.strip():
        notes.append("There was nothing to search for in this text, so all papers are shown.")
    return Reading(node, unique(notes)[:MAX_NOTES], widener.groups, widener.off, meaning, strict=not plain)


_PLAIN = {Mark.WORD, Mark.OPEN, Mark.CLOSE}
"""Brackets around words alone are punctuation."""


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
    content = [node for node in each if not isinstance(node, Word) or node.prefix or is_content(node.text)]
    return content or [
        node for node in each if isinstance(node, Word) and node.text.lower() not in STOP_WORDS
    ]


def _plain_list(items: Sequence[Node], content: list[Node]) -> Node | None:
    if not content:
        return None
    few = len(content) <= ALL_WORDS and not any(_asks(item) for item in items)
    node = joined(And if few else Or, content)
    pairs = unique(_pairs(items, content))[:MAX_PAIRS]
    return Together(node, pairs) if pairs else node


def _asks(item: Node) -> bool:
    """Whether it shapes a question: who asks one wants an answer, not every word of it."""
    return isinstance(item, Word) and item.text.lower() in QUESTION_WORDS and not is_content(item.text)


def _pairs(items: Sequence[Node], content: Sequence[Node]) -> Iterator[Phrase]:
    """Neighbours as phrases; between them the small words leave a gap as wide as they are many."""
    before, gap = "", 0
    for item in items:
        text = item.label if isinstance(item, Synonyms) else item.text if isinstance(item, Word) else ""
        if item not in content and not isinstance(item, Synonyms):
            gap += 1
            continue
        alone = isinstance(item, Word) and (item.prefix or item.field is not None)
        if before and text and not alone and text != before:
            yield Phrase(" ".join([before, *[_GAP] * gap, text]))
        before, gap = "" if alone else text, 0


def _meaning(nodes: Sequence[Node]) -> str:
    """Each thing by the name that stands for all its names, so that every wording means the same."""
    return " ".join(text for node in nodes if (text := subject(node)))


def _positive(node: Node | None) -> Iterator[Node]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _positive(part)
        case Word(text, _, prefix):
            yield Word(text, None, prefix) if subject(node) else node
        case Phrase(text):
            yield Phrase(text) if subject(node) else node
        case Synonyms(key, label):
            yield Synonyms(key, label, (), "") if subject(node) else node
