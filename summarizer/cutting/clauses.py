"""The clauses of a tagged sentence: where its subject ends and which verb is finite.

Everything is judged strictly: what cannot be told for certain is no clause, and is then left as it is.
"""

import re
from dataclasses import dataclass
from typing import Literal

from summarizer.text.tokens import (
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


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a clause begins (`start`, its subject's first token) and its finite verb stands."""

    start: int
    verb: int
    number: Number | None


def find_clause(tokens: Tokens, start: int, end: int | None = None) -> Clause | None:
    """The clause that begins with its subject at `start`: a noun phrase, then a finite verb, nothing else."""
    end = len(tokens) if end is None else end
    if (
        start >= end
        or tokens[start].tag in {BRACKET, "PRP", "PRF", "CJC", "VVN", "VVD"}
        or (tokens[start].tag == "AV0" and not _is_part_of_name(tokens, start, end))
        or tokens[start].low in _NO_SUBJECTS
    ):
        return None
    seen_noun = False
    for i in range(start, end):
        token = tokens[i]
        if seen_noun and token.tag in FINITE and _is_finite(tokens, start, i, end):
            return Clause(start, i, _agreed(tokens, start, i))
        outside = token.low in RELATIVE or (token.low == "that" and i > start) or token.tag not in _IN_SUBJECT
        if outside and not (token.tag in {"VVB", "VVZ"} and _is_nounlike(tokens, i, end)):
            return None
        seen_noun = seen_noun or token.tag in NOUNS or token.low in _STANDING_WORDS
    return None


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
    if (i - 1 > start and tokens[i - 1].text in _NO_VERB_AFTER) or tokens[i - 1].tag in {
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
        if token.tag in {"PRP", "PRF"} or (head and token.tag in {"VVN", "VVD", "VVG"}):
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
