"""A sentence as tagged words and signs, with the tagger's commonest mistakes in science set right."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from summarizer.text.tagging import Tagger

_WORD = r"\w+(?:\+?[-–'’.,/·:+]\w+)*[+*′″]*"
_TOKEN = re.compile(rf"\b[A-Z]\.(?= ?[a-z])|\b(?:e\.g|i\.e|vs|al|sp|spp|cf|ca)\.(?=[\s,])|{_WORD}|[^\w\s]")
_WORDS = re.compile(r"\w+(?:[-–'’.,/·]\w+)*")
_ACRONYMS = re.compile(r".[A-Z]s$")
_NUMBER = re.compile(r"[\d.,·]+%?")
_NUMBERED_NAME = re.compile(r"[^\W\d]{2,}-\d")
_NAMED = re.compile(r"(?=.*\d)[^\W\d].*[^\W\d]?")
# What is never done, though it ends as what was: "unwanted" is a plain word for "adverse".
_NEVER_DONE = frozenset({"unwanted", "untreated", "unaffected", "unchanged", "unexplained", "unadjusted"})
_OPEN, _CLOSE = frozenset("(["), frozenset(")]")
_REMEMBERED = 10_000
"""Words; a sentence is counted anew after each cut."""
VERB_PREFIXES = ("up-", "down-", "co-", "over-", "re-", "under-")
_A_NAME = "London"
_SOME_THINGS = "genes"
BRACKET = "BRACKET"
STOP, COMMA = "STOP", "COMMA"
_BE_HAVE = frozenset({"VBZ", "VBD", "VBB", "VHZ", "VHD", "VHB"})
_MODAL = frozenset({"VM0"})
_DO = frozenset({"VDZ", "VDD", "VDB"})
AUXILIARY = _BE_HAVE | _MODAL | _DO
FINITE = AUXILIARY | {"VVZ", "VVD", "VVB"}
PAST = frozenset({"VBD", "VHD", "VVD", "VDD"})
NOUNS = frozenset({"NN0", "NN1", "NN2", "NP0", "UNC", "ZZ0", "PNP", "PNI", "CRD"})
_OBJECT_STARTS = NOUNS | {"AT0", "DPS", "DT0", "AJ0", "CRD"}
_PARTS = frozenset({COMMA, STOP, "CJC", "CJS", "CJT", "DTQ", "AVQ", "PNQ"})
_AMOUNTS = frozenset({"most", "many", "more", "fewer", "few"})
_MISTAKEN = frozenset({"AV0", "VVI", "VVN", "AJ0", "NN2", "NN1"})
"""Tags that the neighbours may set right."""
_BEFORE_INFINITIVE = frozenset({"TO0", "VM0", "VDB", "VDD", "VDZ", "VVG", "CJC"})
RELATIVE = frozenset({"which", "who", "whom", "whose", "where", "wherein", "whereby"})
_CLAUSE_OPENERS = RELATIVE | {"that"}
_SUBJECT_ENDS = NOUNS | {BRACKET}
_SURELY_FINITE = FINITE - {"VVD"}
_PERHAPS_FINITE = FINITE | {"VVN"}
_AUXILIARY_OR_FINITE = FINITE | {"VBN", "VBI", "VHI", "VBG", "VHG"}


class _Token(NamedTuple):
    text: str
    tag: str
    gap: str
    low: str


class Token(_Token):
    """A word or sign with its tag and the white space before it; a whole bracket is one token."""

    __slots__ = ()

    def __new__(cls, text: str, tag: str, gap: str = " ") -> "Token":
        """Its small letters, which every rule asks for, are found once."""
        return tuple.__new__(cls, (text, tag, gap, text.lower()))


Tokens = tuple[Token, ...]


def read_tokens(text: str, tagger: Tagger) -> Tokens:
    """`text` as tagged tokens; empty where its brackets do not match."""
    spans = _spans(text)
    if not spans:
        return ()
    words = [text[a:b] for a, b in spans]
    tags = iter(tagger.tag(tuple([_shown(word) for word in words if word[0] not in _OPEN])))
    tokens = []
    end = 0
    for word, (a, b) in zip(words, spans, strict=True):
        tokens.append(_token(word, BRACKET if word[0] in _OPEN else next(tags), text[end:a]))
        end = b
    return _corrected(tuple(tokens), tagger)


def render(tokens: Tokens) -> str:
    """The text of `tokens`."""
    return "".join(token.gap + token.text for token in tokens).strip()


def count_words(tokens: Tokens) -> int:
    """Words of `tokens`, those in brackets too."""
    return sum([_words_in(token.text) for token in tokens])


@lru_cache(_REMEMBERED)
def _words_in(text: str) -> int:
    return len(_WORDS.findall(text))


def retagged(token: Token, text: str, gap: str | None = None) -> Token:
    """`token` with other words."""
    return Token(text, token.tag, token.gap if gap is None else gap)


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


@lru_cache(_REMEMBERED)
def _shown(word: str) -> str:
    """What the tagger is shown: one name for p53, Lto1 and HBV, at which it would guess."""
    if _ACRONYMS.search(word):
        return _SOME_THINGS
    named = _NAMED.fullmatch(word) or sum(map(str.isupper, word)) > 1
    return _A_NAME if named and "-" not in word else word


@lru_cache(_REMEMBERED)
def _token(word: str, tag: str, gap: str) -> Token:
    """The token of `word`, which the tagger takes for a `tag`: most words stand in many sentences."""
    return Token(word, _tag_of(word, tag), gap)


def _tag_of(word: str, tag: str) -> str:
    """The tag that `word` has by itself."""
    if tag == BRACKET:
        return tag
    if word == ",":
        return COMMA
    if word in ".;:?!":
        return STOP
    if _NUMBER.fullmatch(word):
        return "CRD"
    if tag == "ITJ" or (tag == "CRD" and _NUMBERED_NAME.match(word)):
        return "NP0"
    if tag == "NN2" and word.endswith("sis"):  # "metastasis" is one
        return "NN1"
    if (
        "-" in word
        and tag in {"VVD", "VVN", "VVG", "VVI", "VVB"}
        and not word.lower().startswith(VERB_PREFIXES)
    ):
        return "AJ0"
    return tag


def _corrected(tokens: Tokens, tagger: Tagger) -> Tokens:
    """Tags set right where the neighbours decide: "X inhibited growth" is finite."""
    fixed = list(tokens)
    for i, token in enumerate(tokens[:-1]):
        if token.tag not in _MISTAKEN:
            continue
        if token.tag == "AV0" and token.low in _AMOUNTS and fixed[i + 1].tag in {"NN2", "AJ0"}:
            fixed[i] = token._replace(tag="DT0")
        elif token.tag == "VVI" and not {t.tag for t in fixed[max(0, i - 6) : i]} & _BEFORE_INFINITIVE:
            fixed[i] = token._replace(tag="VVB")
        elif i and _is_past(fixed, i):
            fixed[i] = token._replace(tag="VVD")
        elif i and _is_present(fixed, i, tagger):
            fixed[i] = token._replace(tag="VVZ")
        elif i and _is_plural_present(fixed, i, tagger):
            fixed[i] = token._replace(tag="VVB")
    return tuple(fixed)


def _is_past(tokens: list[Token], i: int) -> bool:
    """Whether what was taken for a participle is the past tense: after its subject, before its object."""
    token, before, after = tokens[i], tokens[i - 1], tokens[i + 1]
    if token.tag != "VVN" and not (token.tag == "AJ0" and token.text.endswith("ed")):
        return False
    if token.low in _NEVER_DONE:
        return False
    if before.tag == "AV0" and i > 1 and token.tag == "VVN":
        before = tokens[i - 2]
    if before.tag not in _SUBJECT_ENDS and before.low != "but":
        return False
    # Without an object it is past only as the one verb that the first words of a sentence have.
    first = (
        token.tag == "VVN" and not any(t.tag in _PARTS for t in tokens[:i]) and after.tag in {"PRP", "AV0"}
    )
    return (after.tag in _OBJECT_STARTS or first) and _has_no_verb_yet(tokens, i)


def _is_present(tokens: list[Token], i: int, tagger: Tagger) -> bool:
    """Whether what was taken for a noun is a verb: "Hepsol blocks the growth", "Yae1 recruits Lto1"."""
    token, before, after = tokens[i], tokens[i - 1], tokens[i + 1]
    if token.tag != "NN2" or not token.low.endswith("s"):
        return False
    named = (before.tag == after.tag == "NP0" or before.low in {"which", "who"}) and _can_be(
        token.low, "it", "VVZ", tagger
    )
    if after.tag not in {"AT0", "DPS"} and not named:
        return False
    subject = before.tag in {"NN1", "NP0", "UNC", BRACKET, COMMA} or before.low in {"which", "who"}
    return subject and _has_no_verb_yet(tokens, i)


def _is_plural_present(tokens: list[Token], i: int, tagger: Tagger) -> bool:
    """Whether what was taken for a noun is the verb of several: "the researchers report a link"."""
    token, after = tokens[i], tokens[i + 1]
    if (
        token.tag != "NN1"
        or after.tag not in _OBJECT_STARTS
        or after.tag == "NN1"
        or not _is_behind_many(tokens, i)
    ):
        return False
    return _has_no_verb_yet(tokens, i) and _can_be(token.low, "they", "VVB", tagger)


def _is_behind_many(tokens: list[Token], i: int) -> bool:
    """Whether a subject in the plural ends before `i`: "the cells", "mutations in the gene (P53)"."""
    if tokens[i - 1].tag not in {"NN2", BRACKET}:
        return False
    head = tokens[i - 1]
    for token in reversed(tokens[:i]):
        if token.tag in _PARTS - {"CJC"}:
            break
        hangs = head.tag in {"PRP", "PRF", BRACKET}
        if token.tag in {"PRP", "PRF"} or (hangs and token.tag in NOUNS | {"NN2"}):
            head = token
    return head.tag == "NN2"


@lru_cache(_REMEMBERED)
def _can_be(word: str, subject: str, tag: str, tagger: Tagger) -> bool:
    """Whether the tagger takes `word` for a verb where only a verb can stand: "they report the cells"."""
    found = tagger.tag((subject, word, "the", "cells"))[1]
    return found == tag or (tag == "VVB" and found == "VVI")


def _has_no_verb_yet(tokens: list[Token], i: int) -> bool:
    """Whether the clause around `i` has no other finite verb, before or behind."""
    for token in reversed(tokens[:i]):
        if token.tag in _PARTS or token.low in RELATIVE:
            break
        if token.tag in _AUXILIARY_OR_FINITE:
            return False
    return not verb_follows(tokens, i + 1, len(tokens))


def verb_follows(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether a verb that is finite or could be follows before the clause ends."""
    for i in range(start, end):
        token = tokens[i]
        if token.tag == "CJC" and i + 1 < end and tokens[i + 1].tag in _SURELY_FINITE:
            return True
        if token.tag in _PARTS or token.low in _CLAUSE_OPENERS:
            return False
        if token.tag in _PERHAPS_FINITE:
            return True
    return False
