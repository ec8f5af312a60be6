"""The clauses of a tagged sentence: where its subject ends and which verb is finite.

Everything is judged strictly: what cannot be told for certain is no clause, and is then left as it is.
"""

import re
from dataclasses import dataclass
from typing import Literal

from domain.values import quickly_made
from summarizer.text.tokens import (
    AUXILIARY,
    BRACKET,
    COMMA,
    FINITE,
    NOUNS,
    RELATIVE,
    VERB_PREFIXES,
    Token,
    Tokens,
    verb_follows,
)

Number = Literal["one", "many"]
_BEFORE_NOUN = frozenset(
    {"AT0", "DT0", "DPS", "AJ0", "AJC", "AJS", "CRD", "ORD", "POS", "AV0", "VVN", "VVG", "VVD"}
)
_IN_SUBJECT = NOUNS | _BEFORE_NOUN | {"PRF", "PRP", "CJC", BRACKET, "XX0"}
_NO_VERB_AFTER = frozenset({"the", "a", "an", "of", "these", "this", "its", "their", "no", "each"})
_NO_SUBJECTS = frozenset({"to", "using", "including", "following", "based", "according", "owing", "due"})
_PARTICIPLES_ONLY = frozenset(
    {
        "seen",
        "done",
        "shown",
        "given",
        "known",
        "taken",
        "driven",
        "grown",
        "written",
        "chosen",
        "drawn",
        "begun",
        "broken",
        "proven",
        "undergone",
        "borne",
    }
)
_PLURAL_WORDS = frozenset(
    {"they", "we", "these", "those", "people", "data", "mice", "both", "researchers", "bacteria"}
)
_SINGULAR_WORDS = frozenset({"it", "this", "that"})
_STANDING_WORDS = _PLURAL_WORDS | _SINGULAR_WORDS
_RESUMING = FINITE - {"VVD", "VVB", "VM0"}
# "Little is known of it": what is no noun, but a subject where the verb follows at once.
_AMOUNTS = frozenset({"little", "much", "less", "more", "most", "many", "some", "others", "few", "none"})
_ABOUT = frozenset({"about", "approximately", "nearly", "almost", "around", "roughly"})
_AT_LEAST = frozenset({("at", "least"), ("at", "most"), ("up", "to")})
# "How it does so is unknown": a question as the subject of what is known of it.
_ASKING = frozenset({"how", "whether", "why", "what"})
# What may follow "is": "not well known", "yet to be seen".
_KNOWN = frozenset({"AV0", "AJ0", "VVN", "DT0", "TO0", "VBI", "XX0"})
_STAYS = frozenset({"remain", "remains", "remained"})
_IS_OR_STAYS = frozenset({"is", "was"}) | _STAYS
# What opens an aside between a subject and its verb: "mutations, such as A and B, change".
_NAMING = frozenset({"AT0", "NP0", "UNC"})
_ASIDES = frozenset({"including", "such", "like", "particularly", "especially", "which", "who"})


@quickly_made
@dataclass(frozen=True, slots=True)
class Clause:
    """Where a clause begins (`start`, its subject's first token) and its finite verb stands."""

    start: int
    verb: int
    number: Number | None


def find_clause(tokens: Tokens, start: int, end: int | None = None) -> Clause | None:
    """The clause that begins with its subject at `start`: a noun phrase, then a finite verb, nothing else."""
    end = len(tokens) if end is None else end
    if start < end and (bare := _without_noun(tokens, start, end)):
        return Clause(start, bare, None)
    first, start = start, _after_about(tokens, start, end)
    if (
        start >= end
        or tokens[start].tag in {BRACKET, "PRP", "PRF", "CJC", "VVN", "VVD"}
        or (tokens[start].tag == "AV0" and not _is_part_of_name(tokens, start, end))
        or tokens[start].low in _NO_SUBJECTS
    ):
        return None
    seen_noun = False
    i = start
    while i < end:
        token = tokens[i]
        if seen_noun and token.tag in FINITE and _is_finite(tokens, start, i, end):
            return Clause(first, i, _agreed(tokens, start, i) if first == start else None)
        if seen_noun and (verb := _behind_hanging(tokens, i, end)):
            return Clause(first, verb, _agreed(tokens, start, verb) if first == start else None)
        outside = token.low in RELATIVE or (token.low == "that" and i > start) or token.tag not in _IN_SUBJECT
        outside = outside and not (not seen_noun and _parts_adjectives(tokens, i, end))
        if outside and not (token.tag in {"VVB", "VVZ"} and _is_nounlike(tokens, i, end)):
            return None
        seen_noun = seen_noun or token.tag in NOUNS or token.low in _STANDING_WORDS
        i += 1
    return None


def _without_noun(tokens: Tokens, start: int, end: int) -> int:
    """Where the verb stands of "there is B", "little is known" or "how A does B is unknown"; 0 elsewhere."""
    low = tokens[start].low
    if low == "there" or low in _AMOUNTS:
        return start + 1 if start + 2 < end and tokens[start + 1].tag in AUXILIARY else 0
    if low not in _ASKING:
        return 0
    verb = next((i for i in range(end - 1, start + 2, -1) if tokens[i].tag in FINITE), 0)
    if tokens[verb].low not in _IS_OR_STAYS or not 1 <= end - verb - 1 <= 4:
        return 0
    # "… why A fails; and why their attack on B is vain" has no verb but that of the question itself.
    if not any(t.tag in FINITE for t in tokens[start + 1 : verb]):
        return 0
    return verb if all(t.tag in _KNOWN for t in tokens[verb + 1 : end]) else 0


def _after_about(tokens: Tokens, start: int, end: int) -> int:
    """Where the number stands of "about 40% of the cells" and "at least one"; elsewhere `start`."""
    if start + 2 >= end:
        return start
    low, behind = tokens[start].low, tokens[start + 1]
    if low in _ABOUT and behind.tag == "CRD":
        return start + 1
    return start + 2 if (low, behind.low) in _AT_LEAST and tokens[start + 2].tag == "CRD" else start


def _behind_hanging(tokens: Tokens, at: int, end: int) -> int:
    """Where the verb stands behind what hangs on a noun of the subject; 0 where nothing does."""
    if tokens[at].tag == COMMA:
        return _behind_aside(tokens, at, end)
    if tokens[at].tag == "TO0":
        return _behind_verb(tokens, at, at + 1, end) if tokens[at + 1 : at + 2] else 0
    return _behind_relative(tokens, at, end)


def _behind_aside(tokens: Tokens, comma: int, end: int) -> int:
    """Where the verb stands behind an aside between two commas: "mutations, such as A, change", "a gene,
    ABC1, changes"; else 0.
    """
    if tokens[comma].tag != COMMA or comma + 3 >= end:
        return 0
    opener = tokens[comma + 1]
    if opener.low not in _ASIDES and opener.tag != "VVN" and opener.tag not in _NAMING:
        return 0
    for i in range(comma + 2, end - 2):
        token = tokens[i]
        if token.tag == COMMA:
            verb = tokens[i + 1]
            return i + 1 if verb.tag in AUXILIARY | {"VVZ"} and verb.low not in _PARTICIPLES_ONLY else 0
        if token.tag in FINITE and opener.low not in {"which", "who"}:
            return 0
    return 0


def _behind_relative(tokens: Tokens, at: int, end: int) -> int:
    """Where the verb stands behind a clause in a subject: "the cells that carry it are", "the extent to which
    they do so is", "the question of how they do so remains"; else 0.
    """
    asks = tokens[at].low in {"how", "whether", "why"} and tokens[at - 1].tag in {"PRP", "PRF"}
    if not asks and (tokens[at].low not in {"that", "which", "who"} or tokens[at - 1].tag == COMMA):
        return 0
    own = at + 1
    while own < end - 2 and tokens[own].tag in _IN_SUBJECT | {"AV0"} and tokens[own].tag not in FINITE:
        own += 1
    return _behind_verb(tokens, at, own, end) if own < end and tokens[own].tag in FINITE else 0


def _behind_verb(tokens: Tokens, at: int, own: int, end: int) -> int:
    """Where a subject's verb stands behind the one at `own`, which hangs on it from `at` on; else 0."""
    for i in range(own + 1, end - 1):
        token = tokens[i]
        if token.tag in AUXILIARY or token.low in _STAYS:
            ended = tokens[i - 1].tag in NOUNS | {BRACKET, "AV0", "AJ0"} or (i - 1 == own > at + 1)
            return i if ended else 0
        if (
            token.tag in {COMMA, "CJS", "CJT", "DTQ", "AVQ"}
            or (token.tag == "CJC" and not _joins_nouns(tokens, i))
            or token.tag in FINITE
            or token.low in RELATIVE
        ):
            return 0
    return 0


def _joins_nouns(tokens: Tokens, at: int) -> bool:
    return tokens[at - 1].tag in NOUNS and tokens[at + 1].tag in NOUNS | {"AT0", "DPS", "AJ0"}


def _parts_adjectives(tokens: Tokens, at: int, end: int) -> bool:
    """Whether the comma at `at` stands between two adjectives of one noun: "Key, non-redundant genes"."""
    if tokens[at].tag != COMMA or at + 2 >= end:
        return False
    return tokens[at - 1].tag == "AJ0" and tokens[at + 1].tag in {"AJ0", "VVN"}


def _is_part_of_name(tokens: Tokens, at: int, end: int) -> bool:
    """Whether the adverb at `at` belongs to an adjective behind it: "Highly active drugs"."""
    return tokens[at].low.endswith("ly") and at + 1 < end and tokens[at + 1].tag in {"AJ0", "VVN"}


def finite_verbs(tokens: Tokens, start: int = 0, end: int | None = None) -> list[int]:
    """Where a verb stands that is finite by its tag."""
    end = len(tokens) if end is None else end
    return [i for i in range(start, end) if tokens[i].tag in FINITE]


def _is_finite(tokens: Tokens, start: int, i: int, end: int) -> bool:
    token = tokens[i]
    if token.low in _PARTICIPLES_ONLY or ("-" in token.text and not token.low.startswith(VERB_PREFIXES)):
        return False
    if token.tag in {"VVD", "VVB"} and all(t.tag == "CRD" for t in tokens[start:i]):
        return False
    pointing = token.tag in AUXILIARY and tokens[i - 1].low in _STANDING_WORDS  # "most of these are"
    if (i - 1 > start and tokens[i - 1].text in _NO_VERB_AFTER and not pointing) or tokens[i - 1].tag in {
        "TO0",
        "AJ0",
        "PRP",
        "PRF",
    }:
        return False
    if token.tag == "VVB":
        return _number_of_nouns(tokens, start, i) == "many"
    if token.tag == "VVZ":
        return i + 1 < end and tokens[i + 1].low not in {"of", "was", "were", "is", "are", "and", "or"}
    if token.tag == "VVD" and i + 1 < end and tokens[i + 1].tag == "CJT":
        return True
    if token.tag == "VVD" and token.low.endswith("ed") and _goes_on(tokens, i + 1, end):
        return False
    if token.tag == "VVD" and i + 1 < end and tokens[i + 1].tag in {"PRP", "PRF", "AJ0", "TO0"} | NOUNS:
        return not verb_follows(tokens, i + 1, end)
    return True


def _goes_on(tokens: Tokens, start: int, end: int) -> bool:
    """Whether the verb of a longer subject follows a comma: "The risks measured in adults, …, were"."""
    return any(tokens[i].tag == COMMA and tokens[i + 1].tag in _RESUMING for i in range(start, end - 1))


def _is_nounlike(tokens: Tokens, i: int, end: int) -> bool:
    return i + 1 < end and tokens[i + 1].tag in FINITE


def _agreed(tokens: Tokens, start: int, verb: int) -> Number | None:
    """The number that the verb shows; where it shows none, the subject's nouns."""
    token = tokens[verb]
    nouns = _number_of_nouns(tokens, start, verb)
    if token.tag in {"VVZ", "VBZ", "VHZ", "VDZ"} or token.low == "was":
        return "one" if nouns != "many" else None
    if token.tag in {"VBB", "VHB", "VVB", "VDB"} or token.low == "were":
        return "many" if nouns != "one" else None
    return nouns


def _number_of_nouns(tokens: Tokens, start: int, end: int) -> Number | None:
    """By the head: the last noun before the first preposition, bracket or participle behind it."""
    head: Token | None = None
    for i in range(start, end):
        token = tokens[i]
        if token.tag == "CJC":
            joined = all(t.tag not in {"PRP", "PRF"} for t in tokens[start:i])
            return "many" if joined and token.low == "and" and head else None
        if token.tag in {"PRP", "PRF", COMMA} or (head and token.tag in {"VVN", "VVD", "VVG"}):
            break
        if head and token.low in {"that", "which", "who"}:
            break
        if token.tag in NOUNS or token.low in _STANDING_WORDS:
            head = token
    if head is None:
        return "one" if tokens[start].tag == "VVG" else None
    if head.low in _PLURAL_WORDS or head.tag == "NN2":
        return "many"
    if head.low in _SINGULAR_WORDS or head.tag in {"NN1", "NP0", "UNC", "NN0", "ZZ0"}:
        return None if re.search(r"[a-z]s$|[A-Z]s$", head.text) and head.tag != "NN1" else "one"
    return None
