"""Cuts at what a thing is, between commas or behind the last one: "A, a kind of B, does X."."""

from summarizer.cutting.clauses import finite_verbs
from summarizer.cutting.pieces import (
    RELATIVES,
    Pieces,
    behind_adverbs,
    comma_places,
    frame_end,
    is_list_comma,
    lexicon,
    main_before,
    main_clause,
    new_word,
    starts_with_noun,
)
from summarizer.text.tokens import BRACKET, COMMA, FINITE, Token, Tokens, retagged

_NAMING = frozenset({"termed", "called", "named", "dubbed"})


def at_apposition(tokens: Tokens) -> Pieces:
    """ "A does X to B, a kind of C." """
    for i in reversed(comma_places(tokens)):
        if i + 3 >= len(tokens) or tokens[i + 1].low not in {"a", "an"} or i < 4:
            continue
        tail = tokens[i + 1 :]
        before = tokens[i - 1] if tokens[i - 1].tag != BRACKET else tokens[i - 2]
        listed = any(t.tag == COMMA or t.low in {"and", "or", "but"} for t in tail[1:])
        if (listed and not _tells_first(tail)) or is_list_comma(tokens, i):
            return None
        one = before.tag in {"NN1", "NP0", "UNC", "NN0"} and not before.text.endswith("s")
        one = one and not _has_bare_verb(tail)
        if one and main_before(tokens, i) and starts_with_noun(tail) and not _is_of_another(tokens[:i]):
            return tokens[:i], (new_word("This"), Token("is", "VBZ"), *tail)
    return None


def _is_of_another(tokens: Tokens) -> bool:
    """Whether "this" behind `tokens` would be their subject: "A is the target of B. This is a drug"."""
    main = main_clause(tokens)
    what = tokens[main.verb + 1 :] if main and tokens[main.verb].low in {"is", "was"} else ()
    told = any(token.tag in {"VVN", "VVG", "PRP"} for token in what)
    return not told and any(token.tag == "PRF" for token in what)


def _tells_first(tokens: Tokens) -> bool:
    """Whether a relative clause stands before the first "and", and no comma: "a gene that does X and Y"."""
    for token in tokens[1:]:
        if token.low in RELATIVES:
            return not comma_places(tokens)
        if token.tag in {COMMA, "CJC"} or token.low in {"and", "or", "but"}:
            return False
    return False


def _has_bare_verb(tokens: Tokens) -> bool:
    """Whether the first finite verb has no "that" or "which" before it: `tokens` are no mere noun phrase."""
    for i, token in enumerate(tokens):
        if token.low in RELATIVES or token.tag in {"DTQ", "CJT", "PNQ"}:
            return False
        if token.tag in FINITE - {"VVB"} and i and token.low not in _NAMING:
            return True
    return False


def at_opening_apposition(tokens: Tokens) -> Pieces:
    """ "A, a kind of B, does X." and "A, which is B, does X."; "We show that" stays with X."""
    frame = frame_end(tokens)
    commas = [i for i in comma_places(tokens) if i > frame]
    if len(commas) < 2 or not 1 <= commas[0] - frame <= 6:
        return None
    first, second = commas[0], commas[1]
    noun, inside, rest = tokens[frame:first], tokens[first + 1 : second], tokens[second + 1 :]
    if not inside or not rest:
        return None
    if not frame and _are_things(noun):
        return _of_things(noun, inside, rest)
    if not _is_name(noun) or not _is_single(rest[behind_adverbs(rest, 0)]):
        return None
    opener, it = tokens[:frame], new_word("it" if frame else "It")
    if inside[0].low in {"a", "an", "the"} and starts_with_noun(inside) and not finite_verbs(inside):
        return (*noun, Token("is", "VBZ"), *inside), (*opener, it, *rest)
    if inside[0].low == "which" and inside[1:] and inside[1].tag in {"VVZ", "VBZ", "VHZ"}:
        return (*noun, *inside[1:]), (*opener, it, *rest)
    return None


def _of_things(noun: Tokens, inside: Tokens, rest: Tokens) -> Pieces:
    """ "As, which are B, do X.": they are named again, as "they" could be those in B."""
    if inside[0].low != "which" or not inside[1:] or not _is_many(rest[behind_adverbs(rest, 0)]):
        return None
    these = new_word("These"), retagged(noun[-1], noun[-1].low, " ")
    return ((*noun, *inside[1:]), (*these, *rest)) if _is_many(inside[behind_adverbs(inside, 1)]) else None


def _is_name(tokens: Tokens) -> bool:
    """Whether `tokens` are one thing's name, nothing that hangs on another word."""
    last = tokens[-2] if tokens[-1].tag == BRACKET and len(tokens) > 1 else tokens[-1]
    joined = {"PRP", "PRF", "CJC", "VVG", "CJS", "AV0", COMMA, "DTQ", "VVZ"}
    vague = any(t.low in {"a", "an", *lexicon().uncertain} for t in tokens)
    return last.tag in {"NN1", "NP0", "NN0", "UNC"} and not vague and not any(t.tag in joined for t in tokens)


def _are_things(tokens: Tokens) -> bool:
    """Whether `tokens` are several things, all of them: a plural, adjectives and "these" before it or not."""
    *before, last = tokens
    vague = any(t.low in lexicon().uncertain for t in tokens)
    named = all(t.tag in {"AJ0", "NN1", "NP0", "VVN", "UNC"} or t.low in {"these", "the"} for t in before)
    return last.tag == "NN2" and last.text[1:].islower() and named and not vague


def _is_many(verb: Token) -> bool:
    return verb.tag in {"VBB", "VHB", "VVB"} or verb.low == "were"


def _is_single(verb: Token) -> bool:
    return verb.tag in FINITE - {"VVB", "VBB", "VHB"} and verb.low != "were"
