"""What every cut needs to know of a sentence: what holds it together, and how a piece is begun anew."""

from collections.abc import Set
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from typing import Any

from config import load_table
from summarizer.cutting.clauses import Clause, find_clause, finite_verbs
from summarizer.text.tokens import AUXILIARY, COMMA, FINITE, Token, Tokens, count_words, render, retagged

Pieces = tuple[Tokens, Tokens] | None
RELATIVES = frozenset({"which", "who", "that", "whose", "whom"})
QUOTES = ("“", "”")
_SMALLEST = 4
_RECENT = 16
"""Pieces of a sentence; one rule after another asks for the clause of each."""
# Linkers that need no comma.
_OPENERS = frozenset({"but", "yet", "so", "also", "thus", "hence", "therefore", "here", "now", "moreover"})


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The table `config/splitting.toml`; what each list is for is said there."""

    words: int
    participles: dict[str, list[str]]
    shows: dict[str, str]
    linkers: frozenset[str]
    hedges: frozenset[str]
    holding: frozenset[str]
    open: frozenset[str]
    denials: frozenset[str]
    takers: frozenset[str]
    conditions: frozenset[str]
    reporting: frozenset[str]
    reporters: frozenset[str]
    uncertain: frozenset[str]
    persons: frozenset[str]
    aims: frozenset[str]
    for_something: frozenset[str]
    inquiring: frozenset[str]
    studied: frozenset[str]
    times: frozenset[str]
    standing: frozenset[str]
    presenting: frozenset[str]
    seeking: frozenset[str]
    means: frozenset[str]


@cache
def lexicon() -> Lexicon:
    """The lists of words, read once."""
    table = load_table("splitting")
    told: dict[str, Any] = {
        field.name: frozenset(value) if isinstance(value := table[field.name], list) else value
        for field in fields(Lexicon)
    }
    return Lexicon(**told)


def main_clause(tokens: Tokens) -> Clause | None:
    """The main clause, behind an opening phrase if there is one."""
    clause = simple_clause(tokens)
    if clause is not None:
        return clause
    for i in comma_places(tokens)[:3]:
        clause = find_clause(tokens, i + 1)
        if clause is not None:
            return clause
    return None


def stands(tokens: Tokens) -> bool:
    """Whether `tokens` are a sentence: subject and finite verb, quotes closed, nothing left hanging."""
    if (
        count_words(tokens) < _SMALLEST
        or not tokens
        or tokens[-1].tag in {COMMA, "CJC", "PRP", "PRF", "AT0", "DPS"}
    ):
        return False
    that = max((i for i, token in enumerate(tokens) if token.tag == "CJT"), default=0)
    if that and not any(
        t.tag.startswith("V") for t in tokens[that:]
    ):  # "They found that several bonds with serine"
        return False
    if main_clause(tokens) is None:
        return False
    text = render(tokens)
    return text.count(QUOTES[0]) == text.count(QUOTES[1])


def after_linker(tokens: Tokens) -> int:
    """Where the sentence proper begins, after "However," or "But"."""
    if len(tokens) > 1 and tokens[0].low in _OPENERS and tokens[1].low not in {",", "far"}:
        return 1
    for i in comma_places(tokens)[:1]:
        if i <= 3 and " ".join(t.low for t in tokens[:i]) in lexicon().linkers:
            return i + 1
    return 0


@lru_cache(_RECENT)
def simple_clause(tokens: Tokens) -> Clause | None:
    """The main clause where only a linker stands before its subject, so that none reaches over a cut."""
    return find_clause(tokens, after_linker(tokens))


def comma_places(tokens: Tokens) -> list[int]:
    """Where the commas stand."""
    return [i for i, token in enumerate(tokens) if token.tag == COMMA]


def tells_of(tokens: Tokens, words: Set[str]) -> bool:
    """Whether one of `words` stands in `tokens`."""
    return any(token.low in words for token in tokens)


def is_held(tokens: Tokens) -> bool:
    """Whether a doubt, a condition or a question in `tokens` could reach beyond their end."""
    words = lexicon()
    for token, behind in zip(tokens, (*tokens[1:], None), strict=False):
        # "A is thought to do X": the thought is of no other subject.
        if token.low in words.holding or (token.low in words.hedges and not (behind and behind.low == "to")):
            return True
    return False


def is_open(tokens: Tokens) -> bool:
    """Whether `tokens` ask, suppose or do not know: what is hung on them is not told as so."""
    return any(t.low in lexicon().open for t in tokens)


def is_denied(tokens: Tokens) -> bool:
    """Whether `tokens` deny or restrict."""
    return any(t.low in lexicon().denials or t.low.endswith("n't") for t in tokens)


def is_tied(tokens: Tokens) -> bool:
    """Whether a condition stands in `tokens` that what went before may need too."""
    words = lexicon()
    for before, token in zip((None, *tokens), tokens, strict=False):
        if token.low in words.conditions and not (before and before.low in words.takers):
            return True
    return False


def after_last_comma(tokens: Tokens) -> Tokens:
    """The word behind the last comma: a condition set off by it governs all before it."""
    commas = comma_places(tokens)
    return tokens[commas[-1] + 1 :][:1] if commas else ()


def open_clauses(tokens: Tokens, main: Clause) -> int:
    """Finite verbs that no relative or "that" accounts for; more than one is a list of clauses."""
    verbs = finite_verbs(tokens, main.verb)
    openers = sum(t.low in RELATIVES or t.tag in {"CJT", "DTQ"} for t in tokens[main.verb :])
    return len(verbs) - openers


def after_frame(tokens: Tokens, main: Clause) -> int:
    """The first token of the claim, after "The researchers found that"."""
    for i in range(main.verb + 1, min(main.verb + 3, len(tokens))):
        if tokens[i].low == "that" and i + 1 < len(tokens) and tokens[main.verb].low in lexicon().reporting:
            return i + 1
    return 0


def frame_end(tokens: Tokens) -> int:
    """Where the claim begins behind a short "We show that", certain or not; 0 without one."""
    main = find_clause(tokens, 0)
    if main is None or main.verb + 2 >= len(tokens) or comma_places(tokens[: main.verb]):
        return 0
    if tokens[main.verb + 1].low == "that":
        return main.verb + 2
    return 0


def behind_adverbs(tokens: Tokens, at: int) -> int:
    """The first place from `at` on that holds no adverb."""
    while at < len(tokens) - 2 and tokens[at].tag == "AV0":
        at += 1
    return at


def resumes(tokens: Tokens, start: int) -> bool:
    """Whether a verb without a subject, "by" or "and in" follows a comma: the clause before goes on."""
    for i in comma_places(tokens):
        if i >= start and i + 1 < len(tokens):
            at = i + 1
            while at < len(tokens) - 1 and tokens[at].tag in {"AV0", "CJC"}:
                at += 1
            joined = tokens[at].tag == "PRP" and tokens[at - 1].tag == "CJC"
            if joined or tokens[at].tag in FINITE | {"VVI", "TO0"} or tokens[at].low == "by":
                return True
    return False


def own_clause(tokens: Tokens) -> Clause | None:
    """The main clause, unless its verb is only told before it: "[A is cheap;] B is not at these prices"."""
    clause = simple_clause(tokens)
    if clause is None or tokens[clause.verb].tag not in AUXILIARY:
        return clause
    behind = tokens[clause.verb + 1 : clause.verb + 3]
    leans = [t.low for t in behind[:1]] == ["not"] and all(t.tag == "PRP" for t in behind[1:])
    return None if leans else clause


def told_again(subject: Tokens, clause: Clause) -> Tokens | None:
    """The subject for a second time, as a pronoun."""
    if clause.number is None or any(t.low in lexicon().uncertain for t in subject) or _counts(subject):
        return None
    if any(t.low in lexicon().persons for t in subject) and clause.number == "one":
        return None
    if len(subject) == 1 and subject[0].low in {"this", "these"}:
        return (new_word(subject[0].low.capitalize()),)
    return (new_word("It" if clause.number == "one" else "They"),)


def _counts(tokens: Tokens) -> bool:
    """Whether a number in `tokens` counts something: not that of a name, "growth factor 2"."""
    pairs = zip((None, *tokens), tokens, strict=False)
    return any(t.tag == "CRD" and not (before and before.tag in {"NN1", "NP0", "UNC"}) for before, t in pairs)


def new_word(word: str) -> Token:
    """A pronoun put in."""
    return Token(word, "DT0" if word.startswith("Th") and word != "They" else "PNP")


def opened_by_but(tokens: Tokens) -> Tokens:
    """`tokens` with "But" in front, unless they open with a linker of their own."""
    if after_linker(tokens):
        return tokens
    return (new_word("But"), small_letter(tokens[0]), *tokens[1:])


def small_letter(token: Token) -> Token:
    """`token` without the capital that it owes to the start of the sentence."""
    ordinary = token.text[1:].islower() or len(token.text) == 1
    small = ordinary and token.tag in {"AT0", "DT0", "PNP", "DPS", "AJ0", "PRP"}
    return retagged(token, token.low if small else token.text, " ")


def is_half_a_pair(tokens: Tokens) -> bool:
    """Whether "both" or "between" still waits for its "and"."""
    for i, token in enumerate(tokens):
        if token.low in {"between", "both", "either"}:
            return not tells_of(tokens[i:], {"and", "or"})
    return False


def main_before(tokens: Tokens, end: int) -> bool:
    """Whether a whole clause, told without doubt, stands before `end`."""
    left = tokens[:end]
    doubted = any(t.low in lexicon().hedges for t in left)
    whole = main_clause(left) is not None and not is_half_a_pair(left)
    return whole and not doubted and not is_open(left)


def has_one_verb(tokens: Tokens) -> bool:
    """Whether no second verb, of any form, stands in `tokens`: what follows then belongs to the first."""
    verbs = [t for t in tokens if t.tag.startswith("V") and t.tag != "VM0"]
    return len(verbs) == 1 and not any(t.tag in {"CJS", "CJT"} or t.low in RELATIVES for t in tokens)


def starts_with_noun(tokens: Tokens) -> bool:
    """Whether a noun in the singular follows the article that `tokens` open with."""
    for token in tokens[1:]:
        if token.tag in {"NN1", "NP0", "UNC"}:
            return True
        if token.tag not in {"AJ0", "AV0", "VVN", "VVD", "NN0", "CRD", "ORD", "VVG", "AJS", "AJC"}:
            return False
    return False


def is_list_comma(tokens: Tokens, at: int) -> bool:
    """Whether the comma at `at` may part the items of a list: another comma close before, or "and" behind."""
    return any(abs(i - at) < 4 and i != at for i in comma_places(tokens) if i < at)
