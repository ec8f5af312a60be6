"""Cuts before what tells more of a clause or of a thing in it: "due to B", "made of B", "where B is"."""

from summarizer.cutting.clauses import find_clause, finite_verbs
from summarizer.cutting.pieces import (
    Pieces,
    after_last_comma,
    behind_adverbs,
    comma_places,
    is_denied,
    is_half_a_pair,
    is_held,
    is_tied,
    lexicon,
    main_before,
    main_clause,
    new_word,
    resumes,
    simple_clause,
    tells_of,
    told_again,
)
from summarizer.text.tokens import (
    AUXILIARY,
    BRACKET,
    COMMA,
    FINITE,
    NOUNS,
    PAST,
    Token,
    Tokens,
    count_words,
    retagged,
)

_FEWEST_BEFORE = 6
# "This way depends on …" is said of nothing.
_NO_THING = frozenset({"way", "manner", "fashion", "extent", "degree"})
# How a phrase may begin that tells more of all that was said before it.
STATING = (
    ("due", "to"),
    ("owing", "to"),
    ("consistent", "with"),
    ("in", "line", "with"),
    ("in", "agreement", "with"),
    ("in", "keeping", "with"),
    ("despite",),
    ("followed", "by"),
    ("accompanied", "by"),
)
_MOST_AGAIN = 8
"""Words behind a verb that are said again with it."""
_AIMS = frozenset({"aim", "goal", "objective", "purpose"})
_HAVE = frozenset({"VHZ", "VHD", "VHB"})
_AMOUNTS = frozenset({"both", "all", "most", "many", "some", "each", "several", "half"})
_SINGLE = frozenset({"VVZ", "VBZ", "VHZ", "VDZ"})
_PLURAL = frozenset({"VVB", "VBB", "VHB", "VDB"})
OPENING = frozenset({"that", "which", "who"})
# "It is mutations that …", "There are drugs that …": nothing is told of these.
_NO_ONE = frozenset({"it", "there", "what", "this", "these"})
_WITHIN = frozenset({"in", "into", "to", "at", "within", "inside", "onto", "from", "on"})
_MODIFIERS = frozenset({"AJ0", "AJC", "AJS", "NN1", "NN0", "NP0", "UNC", "VVN", "VVG", "AV0", "CRD", "ORD"})


def at_statement(tokens: Tokens) -> Pieces:
    """ "A does X, due to B." and "…, consistent with B." """
    for i in comma_places(tokens):
        behind = tuple(token.low for token in tokens[i + 1 : i + 4])
        if not any(behind[: len(words)] == words for words in STATING):
            continue
        main = main_clause(tokens[:i])
        if main is None or not main_before(tokens, i) or is_denied(tokens[:i]) or resumes(tokens, i + 1):
            return None
        if any(token.tag == "VM0" for token in tokens[:i]):
            return None
        be = Token("was" if tokens[main.verb].tag in PAST else "is", "VBZ")
        return tokens[:i], (new_word("This"), be, *tokens[i + 1 :])
    return None


def at_some_of_which(tokens: Tokens) -> Pieces:
    """ "A does X to the Bs, most of which do Y." """
    for i in comma_places(tokens):
        behind = tokens[i + 1 : i + 4]
        if len(behind) < 3 or behind[0].low not in _AMOUNTS or behind[1].low != "of":
            continue
        if behind[2].low not in {"which", "whom"} or tokens[i - 1].tag != "NN2":
            continue
        if not main_before(tokens, i) or is_denied(tokens[:i]) or resumes(tokens, i + 4):
            return None
        return tokens[:i], (*behind[:2], Token("them", "PNP"), *tokens[i + 4 :])
    return None


def at_place(tokens: Tokens) -> Pieces:
    """ "A goes into B, where it does Y." """
    for i in comma_places(tokens):
        if i + 3 >= len(tokens) or tokens[i + 1].low != "where" or find_clause(tokens, i + 2) is None:
            continue
        if not _is_place(tokens[:i]) or not main_before(tokens, i) or is_denied(tokens[:i]):
            return None
        if resumes(tokens, i + 2):
            return None
        return tokens[:i], (Token("There", "AV0"), Token(",", COMMA, ""), *tokens[i + 2 :])
    return None


def _is_place(tokens: Tokens) -> bool:
    """Whether `tokens` end in a thing that something is in, or goes to: no persons, no animals."""
    for token in reversed(tokens):
        if token.tag == "PRP":
            return token.low in _WITHIN
        if token.tag not in NOUNS | _MODIFIERS | {"AT0", "DPS", "PRF", BRACKET, "NN2"}:
            return False
        if token.low in lexicon().studied:
            return False
    return False


def at_restriction(tokens: Tokens) -> Pieces:
    """ "A is a B that does Y": only for one B that is brought in here, and surely there."""
    for i in range(_FEWEST_BEFORE, len(tokens) - 2):
        verb, noun = tokens[behind_adverbs(tokens, i + 1)], tokens[i - 1]
        if tokens[i].low not in {"that", "which"} or noun.tag != "NN1" or noun.low in _NO_THING:
            continue
        if verb.tag not in {"VVZ", "VBZ", "VHZ", "VBD", "VVD", "VM0"} or verb.low == "were":
            continue
        if verb.tag == "VM0" and tokens[i].low == "which":
            continue  # "a response to a stimulus which may …": what may?
        left = tokens[:i]
        if not _is_new_thing(left) or resumes(tokens, i) or _goes_on(tokens[i:]):
            return None
        return left, (*_named_again(left), *tokens[i + 1 :])
    return None


def at_what_it_is(tokens: Tokens) -> Pieces:
    """ "A is a B that does Y." and "As are Bs that do Y.": whatever does Y is A, and nothing is widened."""
    main = simple_clause(tokens)
    if main is None or not tokens[main.verb].tag.startswith("VB"):
        return None
    if tokens[main.start].low in _NO_ONE or tells_of(tokens[: main.verb], _AIMS):
        return None
    i = next((i for i in range(main.verb + 1, len(tokens) - 2) if tokens[i].low in OPENING), 0)
    what = tokens[main.verb + 1 : i]
    if not i or not all(token.tag in _MODIFIERS | {"NN2", "AT0", "CJC", COMMA} for token in what):
        return None
    left = tokens[:i]
    if not _tells_what(what) or is_denied(left) or is_held(left):
        return None
    many = what[-1].tag == "NN2"
    if not _agrees(tokens[main.verb], many) or not _agrees(tokens[behind_adverbs(tokens, i + 1)], many):
        return None
    if many:
        return left, (new_word("These"), retagged(left[-1], left[-1].text, " "), *tokens[i + 1 :])
    return left, (*_named_again(left), *tokens[i + 1 :])


def _tells_what(tokens: Tokens) -> bool:
    """Whether `tokens`, what stands behind "is", name a kind of thing by more than its noun."""
    if len(tokens) < 2 or tokens[-1].low in _NO_THING:
        return False
    if tokens[-1].tag == "NN2":
        return tokens[0].tag in {"AJ0", "NN1", "VVN"}
    return len(tokens) > 2 and tokens[-1].tag == "NN1" and tokens[0].low in {"a", "an"}


def _agrees(verb: Token, many: bool) -> bool:
    """Whether a verb is finite and of that number, as far as it shows one."""
    other = {"was", *_SINGLE} if many else {"were", *_PLURAL}
    return verb.tag in FINITE and verb.tag not in other and verb.low not in other


def _goes_on(tokens: Tokens) -> bool:
    """Whether "and" joins what may go on with the main clause: "Bs that do X and show Y", "… and to do Z"."""
    for i, token in enumerate(tokens[:-1]):
        if token.tag != "CJC":
            continue
        if tokens[behind_adverbs(tokens, i + 1)].tag in FINITE | {"VVI", "TO0"} or _is_counted(tokens[i + 1]):
            return True
        if tokens[i + 1].low in {"a", "an", "one", "another"} and tells_of(
            tokens[i + 2 :], {"that", "which"}
        ):
            return True
    return False


def at_within(tokens: Tokens) -> Pieces:
    """ "A is a B in which C does Y." """
    for i in range(_FEWEST_BEFORE, len(tokens) - 4):
        if [token.low for token in tokens[i : i + 2]] != ["in", "which"]:
            continue
        left = tokens[: i - 1] if tokens[i - 1].tag == COMMA else tokens[:i]
        if not _is_new_thing(left) or find_clause(tokens, i + 2) is None or resumes(tokens, i + 2):
            return None
        return left, (Token("In", "PRP"), Token("it", "PNP"), Token(",", COMMA, ""), *tokens[i + 2 :])
    return None


def at_made_of(tokens: Tokens) -> Pieces:
    """ "A is a B made up of C." """
    for i in range(_FEWEST_BEFORE, len(tokens) - 2):
        at = behind_adverbs(tokens, i)
        if tokens[at].low not in lexicon().standing or tokens[at + 1].tag not in {"PRP", "PRF", "AVP"}:
            continue
        left, tail = tokens[:i], tokens[at + 1 :]
        if not _is_new_thing(left) or is_tied(tail[1:]) or comma_places(tail) or finite_verbs(tail):
            return None
        be = Token("was" if left[finite_verbs(left)[-1]].tag in PAST else "is", "VBZ")
        return left, (*_named_again(left), be, *tokens[i:])
    return None


def _is_new_thing(left: Tokens) -> bool:
    """Whether `left` is a whole and certain clause that ends in one thing, brought in there."""
    noun = left[-1]
    if noun.tag != "NN1" or noun.low in _NO_THING or count_words(left) < _FEWEST_BEFORE:
        return False
    if main_clause(left) is None or is_denied(left) or is_held(left):
        return False
    # What is sought or to be made is there no more than what may be; "the first A that does Y" is no first A.
    single_out = any(token.tag in {"VM0", "TO0", "ORD", "AJS"} for token in left)
    return _is_brought_in(left) and not single_out and not tells_of(left, lexicon().seeking | _AIMS)


def _is_brought_in(tokens: Tokens) -> bool:
    """Whether `tokens` end in "a" or "an", adjectives and a noun, as what the verb is about.

    Of "a shift in a community that does Y" either may do it.
    """
    main = main_clause(tokens)
    for i in range(len(tokens) - 2, 1, -1):
        token = tokens[i]
        if token.low in {"a", "an"}:
            before = tokens[i - 1]
            if before.low == "as":  # "acts as a guide", but not "as well as a guide"
                return tokens[i - 2].tag not in {"AJ0", "AV0"}
            if main and before.tag in {"PRP", "PRF"} and tells_of(tokens[main.verb : i], {"a", "an"}):
                return False
            return before.tag not in {"CJC", COMMA, "CJS"} and before.low not in {"such", "than"}
        if token.tag not in {"AJ0", "NN1", "NP0", "NN0", "VVN", "VVG", "AV0"}:
            return False
    return False


def _named_again(left: Tokens) -> Tokens:
    """ "This" and the thing that `left` ends in."""
    pair = left[-2].tag == "NN1" and left[-3].tag != "NN1" and not left[-2].text[0].isdigit()
    again = left[-2:] if pair else left[-1:]
    return (new_word("This"), *(retagged(token, token.text, " ") for token in again))


def at_found_things(tokens: Tokens) -> Pieces:
    """ "The researchers found two Bs that do Y." """
    main = simple_clause(tokens)
    if main is None or tokens[main.verb - 1].low not in {"researchers", "they"}:
        return None
    if tokens[main.verb].low not in lexicon().presenting:
        return None
    start = main.verb + 1
    for i in range(start + 2, len(tokens) - 3):
        if tokens[i].low in {"that", "which"}:
            break
        if tokens[i].tag not in _MODIFIERS | {"NN2", "DT0", BRACKET}:
            return None
    else:
        return None
    noun, verb = tokens[i - 1], tokens[behind_adverbs(tokens, i + 1)]
    if noun.tag != "NN2" or not _is_counted(tokens[start]) or is_denied(tokens[:i]):
        return None
    if verb.tag not in {"VBB", "VHB", "VVB", "VVD", "VHD", "VM0"} and verb.low != "were":
        return None
    if resumes(tokens, i) or is_held(tokens[:i]) or _goes_on(tokens[i:]):
        return None
    return tokens[:i], (new_word("These"), retagged(noun, noun.text, " "), *tokens[i + 1 :])


def _is_counted(token: Token) -> bool:
    """Whether what begins so is told whole by its number: "two", "several", "new"."""
    return token.tag == "CRD" or token.low in {"several", "many", "new", "novel", "various"}


def at_second_infinitive(tokens: Tokens) -> Pieces:
    """ "A allows B to do X and to do Y.": the verb is said again, with whatever doubt it holds."""
    main = simple_clause(tokens)
    first = main and next((i for i in range(main.verb + 1, len(tokens)) if tokens[i].tag == "TO0"), 0)
    if main is None or not first:
        return None
    second = next((i for i in range(first + 3, len(tokens) - 2) if tokens[i].tag == "TO0"), 0)
    if not second or tokens[second - 1].low != "and" or finite_verbs(tokens, main.verb + 1, second):
        return None
    if tokens[behind_adverbs(tokens, second + 1)].tag not in {"VVI", "VBI", "VHI"}:
        return None
    left, tail = tokens[: second - 1], tokens[second:]
    behind = tail
    if left[-1].tag == COMMA:
        left, behind = left[:-1], after_last_comma(tail)
    if is_denied(left) or is_held(left) or is_half_a_pair(left[main.verb :]) or is_tied(behind):
        return None
    words = lexicon()
    if any(tells_of(left[first:], some) != tells_of(tail, some) for some in (words.studied, words.times)):
        return None
    subject = told_again(tokens[main.start : main.verb], main)
    if subject is None:
        return None
    verb, rest = tokens[main.verb], tokens[main.verb + 1 : first]
    if len(rest) > _MOST_AGAIN or any(token.tag in {COMMA, "VVG", "CJC"} for token in rest):
        return None
    if tells_of(rest, {"both", "either"}):
        return None
    aim = next((token for token in tokens[main.start : main.verb] if token.low in _AIMS), None)
    if aim is not None:
        subject = (Token("The", "AT0"), aim)
    also = Token("also", "AV0")
    owns = verb.tag in _HAVE and not any(token.tag in {"VVN", "VBN"} for token in rest)  # "has the power"
    again = (verb, also, *rest) if verb.tag in AUXILIARY and not owns else (also, verb, *rest)
    return left, (*subject, *again, *tail)
