"""The clauses of a tagged sentence: where its subject ends and which verb is finite.

Everything is judged strictly: what cannot be told for certain is no clause, and is then left as it is.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from summarizer.tagging import Tagger

Number = Literal["one", "many"]

_WORD = r"\w+(?:[-–'’.,/·:+]\w+)*[+*′″]*"
_TOKEN = re.compile(rf"\b[A-Z]\.(?= ?[a-z])|\b(?:e\.g|i\.e|vs|al|sp|spp|cf|ca)\.(?=[\s,])|{_WORD}|[^\w\s]")
_WORDS = re.compile(r"\w+(?:[-–'’.,/·]\w+)*")
_NAMED = re.compile(r"(?=.*\d)[^\W\d].*[^\W\d]?")
_OPEN, _CLOSE = frozenset("(["), frozenset(")]")
_A_NAME = "London"
BRACKET = "BRACKET"
STOP, COMMA = "STOP", "COMMA"
_BE_HAVE = frozenset({"VBZ", "VBD", "VBB", "VHZ", "VHD", "VHB"})
_MODAL = frozenset({"VM0"})
_DO = frozenset({"VDZ", "VDD", "VDB"})
FINITE = _BE_HAVE | _MODAL | _DO | {"VVZ", "VVD", "VVB"}
PAST = frozenset({"VBD", "VHD", "VVD", "VDD"})
_NOUNS = frozenset({"NN0", "NN1", "NN2", "NP0", "UNC", "ZZ0", "PNP", "PNI", "CRD"})
_BEFORE_NOUN = frozenset(
    {"AT0", "DT0", "DPS", "AJ0", "AJC", "AJS", "CRD", "ORD", "POS", "AV0", "VVN", "VVG", "VVD"}
)
_IN_SUBJECT = _NOUNS | _BEFORE_NOUN | {"PRF", "PRP", "CJC", BRACKET, "XX0"}
_OBJECT_STARTS = _NOUNS | {"AT0", "DPS", "DT0", "AJ0", "CRD"}
_PARTS = frozenset({COMMA, STOP, "CJC", "CJS", "CJT", "DTQ", "AVQ", "PNQ"})
_BEFORE_INFINITIVE = frozenset({"TO0", "VM0", "VDB", "VDD", "VDZ", "VVG", "CJC"})
_RELATIVE = frozenset({"which", "who", "whom", "whose", "where", "wherein", "whereby"})
_NO_VERB_AFTER = frozenset({"the", "a", "an", "of", "these", "this", "its", "their", "no", "each"})
_VERB_PREFIXES = ("up-", "down-", "co-", "over-", "re-", "under-")
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


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign with its tag and the white space before it; a whole bracket is one token."""

    text: str
    tag: str
    gap: str = " "

    @property
    def low(self) -> str:
        """The text in small letters."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Clause:
    """Where a clause begins (`start`, its subject's first token) and its finite verb stands."""

    start: int
    verb: int
    number: Number | None


Tokens = tuple[Token, ...]


def read_tokens(text: str, tagger: Tagger) -> Tokens:
    """`text` as tagged tokens; empty where its brackets do not match."""
    spans = _spans(text)
    if not spans:
        return ()
    shown = tuple(_shown(text[a:b]) for a, b in spans if text[a] not in _OPEN)
    tags = iter(tagger.tag(shown))
    tokens = []
    end = 0
    for a, b in spans:
        word = text[a:b]
        tokens.append(Token(word, BRACKET if text[a] in _OPEN else _tag_of(word, next(tags)), text[end:a]))
        end = b
    return _corrected(tuple(tokens))


def render(tokens: Tokens) -> str:
    """The text of `tokens`."""
    return "".join(token.gap + token.text for token in tokens).strip()


def find_clause(tokens: Tokens, start: int, end: int | None = None) -> Clause | None:
    """The clause that begins with its subject at `start`: a noun phrase, then a finite verb, nothing else."""
    end = len(tokens) if end is None else end
    if (
        start >= end
        or tokens[start].tag in {"PRP", "PRF", "CJC", "VVN", "AV0", "VVD"}
        or tokens[start].low in _NO_SUBJECTS
    ):
        return None
    seen_noun = False
    for i in range(start, end):
        token = tokens[i]
        if seen_noun and token.tag in FINITE and _is_finite(tokens, start, i, end):
            return Clause(start, i, _agreed(tokens, start, i))
        outside = (
            token.low in _RELATIVE or (token.low == "that" and i > start) or token.tag not in _IN_SUBJECT
        )
        if outside and not (token.tag in {"VVB", "VVZ"} and _is_nounlike(tokens, i, end)):
            return None
        seen_noun = seen_noun or token.tag in _NOUNS or token.low in _PLURAL_WORDS | _SINGULAR_WORDS
    return None


def finite_verbs(tokens: Tokens, start: int = 0, end: int | None = None) -> list[int]:
    """Where a verb stands that is finite by its tag."""
    end = len(tokens) if end is None else end
    return [i for i in range(start, end) if tokens[i].tag in FINITE]


def subject_number(tokens: Tokens, clause: Clause) -> Number | None:
    """Whether the subject is one or many, where verb and head noun leave no doubt."""
    return clause.number


def count_words(tokens: Tokens) -> int:
    """Words of `tokens`, those in brackets too."""
    return sum(len(_WORDS.findall(token.text)) for token in tokens)


def retagged(token: Token, text: str, gap: str | None = None) -> Token:
    """`token` with other words."""
    return replace(token, text=text, gap=token.gap if gap is None else gap)


def _spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    depth = opened = 0
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign in _OPEN:
            opened = match.start() if depth == 0 else opened
            depth += 1
        elif sign in _CLOSE:
            depth -= 1
            if depth < 0:
                return []
            if depth == 0:
                spans.append((opened, match.end()))
        elif depth == 0:
            spans.append(match.span())
    return spans if depth == 0 else []


def _shown(word: str) -> str:
    """What the tagger is shown: one name for all of p53, Lto1 and PIP2, which it would take for numbers."""
    return _A_NAME if _NAMED.fullmatch(word) and "-" not in word else word


def _tag_of(word: str, tag: str) -> str:
    if word == ",":
        return COMMA
    if word in ".;:?!":
        return STOP
    if re.fullmatch(r"[\d.,·]+%?", word):
        return "CRD"
    return tag


def _corrected(tokens: Tokens) -> Tokens:
    """Tags set right where the neighbours decide: "X inhibited growth" is finite."""
    fixed = list(tokens)
    for i in range(1, len(tokens) - 1):
        if _is_past(fixed, i):
            fixed[i] = replace(fixed[i], tag="VVD")
        elif fixed[i].tag == "VVI" and not {t.tag for t in fixed[max(0, i - 6) : i]} & _BEFORE_INFINITIVE:
            fixed[i] = replace(fixed[i], tag="VVB")
    return tuple(fixed)


def _is_past(tokens: list[Token], i: int) -> bool:
    """Whether what was taken for a participle is the past tense: after its subject, before its object."""
    token, before, after = tokens[i], tokens[i - 1], tokens[i + 1]
    if token.tag != "VVN" and not (token.tag == "AJ0" and token.text.endswith("ed")):
        return False
    if before.tag == "AV0" and i > 1 and token.tag == "VVN":
        before = tokens[i - 2]
    if (before.tag not in _NOUNS | {BRACKET} and before.low != "but") or after.tag not in _OBJECT_STARTS:
        return False
    for back in range(i - 1, -1, -1):
        if tokens[back].tag in _PARTS or tokens[back].low in _RELATIVE:
            break
        if tokens[back].tag in FINITE | {"VBN", "VBI", "VHI", "VBG", "VHG"}:
            return False
    return not _another_follows(tuple(tokens), i + 1, len(tokens))


def _is_finite(tokens: Tokens, start: int, i: int, end: int) -> bool:
    token = tokens[i]
    if token.low in _PARTICIPLES_ONLY or ("-" in token.text and not token.low.startswith(_VERB_PREFIXES)):
        return False
    if token.tag in {"VVD", "VVB"} and all(t.tag == "CRD" for t in tokens[start:i]):
        return False
    if (i - 1 > start and tokens[i - 1].low in _NO_VERB_AFTER) or tokens[i - 1].tag in {
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
    if token.tag == "VVD" and i + 1 < end and tokens[i + 1].tag in {"PRP", "PRF", "AJ0", "TO0"} | _NOUNS:
        return not _another_follows(tokens, i + 1, end)
    return True


def _another_follows(tokens: Tokens, start: int, end: int) -> bool:
    for i in range(start, end):
        token = tokens[i]
        if token.tag == "CJC" and i + 1 < end and tokens[i + 1].tag in FINITE - {"VVD"}:
            return True
        if token.tag in _PARTS or token.low in _RELATIVE | {"that"}:
            return False
        if token.tag in FINITE | {"VVN"}:
            return True
    return False


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
        if token.tag in _NOUNS or token.low in _PLURAL_WORDS | _SINGULAR_WORDS:
            head = token
    if head is None:
        return "one" if tokens[start].tag == "VVG" else None
    if head.low in _PLURAL_WORDS or head.tag == "NN2":
        return "many"
    if head.low in _SINGULAR_WORDS or head.tag in {"NN1", "NP0", "UNC", "NN0", "ZZ0"}:
        return None if re.search(r"[a-z]s$|[A-Z]s$", head.text) and head.tag != "NN1" else "one"
    return None
