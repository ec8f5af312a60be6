"""Cuts where two verbs of one subject meet: "A does X and does Y", "A shows that B and that C"."""

from summarizer.cutting.clauses import Clause, find_clause, finite_verbs
from summarizer.cutting.pieces import (
    RELATIVES,
    Pieces,
    after_frame,
    after_last_comma,
    behind_adverbs,
    comma_places,
    is_half_a_pair,
    is_held,
    is_tied,
    lexicon,
    new_word,
    opened_by_but,
    simple_clause,
    tells_of,
    told_again,
)
from summarizer.text.tokens import COMMA, FINITE, PAST, Token, Tokens, retagged

# Verbs that a second one may share its object with.
_HELPING = frozenset({"help", "helped", "let", "made", "make", "have", "had"})
# By the tag of a verb, those that a second one of its subject may have: "they grow and show".
_LIKE = {"VVB": {"VVB", "VVI"}, "VVZ": {"VVZ"}, "VBZ": {"VVZ"}, "VHZ": {"VVZ"}, "VVD": {"VVD"}}
# A verb that was taken for its base may be finite.
_LIKE_BASE = {"VVI": "VVB"}


def at_second_verb(tokens: Tokens) -> Pieces:
    """ "A does X and does Y." """
    main = simple_clause(tokens)
    start = after_frame(tokens, main) if main else 0
    clause = find_clause(tokens, start) if start else main
    if main is None or clause is None:
        return None
    for i in range(clause.verb + 2, len(tokens) - 2):
        word = tokens[i].low
        at = behind_adverbs(tokens, i + 1)
        if word not in {"and", "but"} and not (word == "," and _goes_on(tokens, clause, at)):
            continue
        if not _is_second(tokens, clause, at) or _holds_verb(tokens[clause.verb + 1 : i]):
            continue
        # "This shows that A does X and does Y": who does Y?
        if start and _LIKE_BASE.get(tokens[at].tag, tokens[at].tag) == tokens[main.verb].tag:
            return None
        return _parted(tokens, clause, i, at)
    return None


def at_next_step(tokens: Tokens) -> Pieces:
    """ "The researchers found that A does X, and did Y.": what they do next hangs on nothing before it."""
    main = simple_clause(tokens)
    if main is None or tokens[main.verb - 1].low not in {"researchers", "they"}:
        return None
    verb = tokens[main.verb]
    if verb.tag not in {"VVB", "VVD"} or verb.low in _HELPING:
        return None
    for i in range(main.verb + 2, len(tokens) - 2):
        at = behind_adverbs(tokens, i + 1)
        if tokens[i].low not in {"and", "but"} or tokens[at].tag != verb.tag or at + 2 >= len(tokens):
            continue
        comma = tokens[i - 1].tag == COMMA
        left = tokens[: i - 1] if comma else tokens[:i]
        told = comma and _is_reported(tokens, main, i, at)
        if tokens[at + 1].low in {"of", "in", "and", "or", "at", "by"} or not (
            told or _is_theirs(left, main)
        ):
            continue
        also = (
            () if at > i + 1 or tells_of(tokens[at : at + 2], {"also", "both"}) else (Token("also", "AV0"),)
        )
        right = (new_word("They"), *tokens[i + 1 : at], *also, *tokens[at:])
        return left, opened_by_but(right) if tokens[i].low == "but" else right
    return None


def _is_reported(tokens: Tokens, main: Clause, i: int, at: int) -> bool:
    """Whether "and" at `i` joins what only researchers do: "…, and show B", no clause or list before it."""
    between = tokens[main.verb + 1 : i]
    if tokens[i].low != "and" or _holds_verb(between) or _lists_verb(between, tokens[main.verb].tag):
        return False
    return tokens[at].low in lexicon().reporting | lexicon().presenting


def _is_theirs(left: Tokens, main: Clause) -> bool:
    """Whether a second verb of the form that the first has can be no other's than the researchers'."""
    verb = left[main.verb]
    between = left[main.verb + 1 :]
    if is_half_a_pair(left[-5:]) or any(t.tag == "CJC" and t.low == "or" for t in between):
        return False
    now = {"VVB", "VBB", "VHB", "VDB", "VVI", "VM0", "TO0"}
    like = now if verb.tag == "VVB" else PAST | {"VVN"}
    return not any(t.tag in like or t.low in {"who", "not"} for t in between)


def _parted(tokens: Tokens, clause: Clause, i: int, at: int) -> Pieces:
    left, but = tokens[:i], tokens[i].low == "but"
    own = tells_of(tokens[clause.verb : i], lexicon().conditions)
    tail = tokens[at:]
    if tail[0].tag == "VVI":
        tail = (tail[0]._replace(tag="VVB"), *tail[1:])
    first = tokens[clause.verb : i]
    if any(tells_of(first, words) != tells_of(tail, words) for words in (lexicon().studied, lexicon().times)):
        return None
    comma = left[-1].tag == COMMA and tokens[i].low in {"and", "but"}
    behind = after_last_comma(tail)
    # "A raises B, but lowers C, of D": what stands behind both is of both.
    if is_held(left) or is_tied(behind if own or comma else tail) or tells_of(behind, {"of"}):
        return None
    subject = told_again(tokens[clause.start : clause.verb], clause)
    if subject is None:
        return None
    left = left[:-1] if left[-1].tag == COMMA else left
    said = tells_of(tail[:2], {"also", "both", "not"})
    also = () if at > i + 1 or but or said else (Token("also", "AV0"),)
    helping = tail[0].tag in {"VBZ", "VBD", "VBB", "VM0"}
    # "It has also grown", but "It also has a tail".
    helping = helping or (tail[0].tag in {"VHZ", "VHD", "VHB"} and tail[1].tag in {"VVN", "VBN", "VHN"})
    told = (tail[0], *also, *tail[1:]) if helping else (*also, *tail)
    right = (*subject, *tokens[i + 1 : at], *told)
    return left, opened_by_but(right) if but else right


def _goes_on(tokens: Tokens, clause: Clause, at: int) -> bool:
    """Whether the verb behind a comma is one of a list: "does X, does Y, and does Z"."""
    if tokens[at - 1].low == "yet":
        return False
    for i in range(at + 2, len(tokens) - 2):
        if tokens[i].low == "and" and _is_second(tokens, clause, behind_adverbs(tokens, i + 1)):
            return tokens[i - 1].tag == COMMA or tokens[at].tag == "VVZ"
    return False


def _is_second(tokens: Tokens, clause: Clause, at: int) -> bool:
    """Whether the verb at `at` is as finite as the clause's own, and an object or phrase follows it."""
    first, second = tokens[clause.verb], tokens[at]
    if at + 1 >= len(tokens) or tokens[at + 1].low in {"of", "in", "and", "or", "at", "by"}:
        return False
    if second.tag == "VVZ":
        return first.tag in {"VVZ", "VBZ", "VHZ"}
    if second.tag == "VVD":
        return first.tag == "VVD"
    numbered = second.low in {"was", "were"} or second.tag in {"VVZ", "VBZ", "VHZ", "VDZ"}
    if numbered and clause.number != ("many" if second.low == "were" else "one"):
        return False
    if second.tag in {"VBB", "VHB"}:
        return clause.number == "many" and first.tag in {"VVB", "VBB", "VHB", "VVD"}
    if second.tag == "VVB" or (second.tag == "VVI" and not _awaits_base(tokens[clause.verb + 1 : at])):
        phrase = tokens[at + 1].tag in {"AT0", "DPS", "DT0", "AJ0", "PRP", "NN2", "NP0", "AVQ", "CJT"}
        return clause.number == "many" and first.tag == "VVB" and phrase
    return second.tag in {"VBZ", "VHZ", "VBD", "VHD", "VM0"} and first.tag in FINITE


def _awaits_base(tokens: Tokens) -> bool:
    """Whether the base of a verb may follow "to" or "may" in `tokens`, or another that does."""
    return any(t.tag in {"TO0", "VM0", "VVI", "VDB", "VDD", "VDZ"} or t.low == "to" for t in tokens)


def _holds_verb(tokens: Tokens) -> bool:
    """Whether another verb or clause stands in between, to which a second verb could belong.

    "As" and "than" open no clause where no verb follows: "acts as a guide".
    """
    if any(t.tag in FINITE or t.low in RELATIVES or t.tag in {"CJT", "DTQ", "AVQ"} for t in tokens):
        return True
    return any(t.tag == "CJS" and t.low not in {"as", "than"} for t in tokens)


def at_second_report(tokens: Tokens) -> Pieces:
    """ "A does X and shows that B does Y.": what is shown is a clause of its own, with its own conditions."""
    main = simple_clause(tokens)
    if main is None:
        return None
    for i in range(main.verb + 3, len(tokens) - 5):
        at = behind_adverbs(tokens, i + 1)
        if tokens[i].low != "and" or tokens[at + 1].low != "that":
            continue
        verb, left = tokens[at], tokens[:i] if tokens[i - 1].tag != COMMA else tokens[: i - 1]
        if verb.tag not in _LIKE.get(tokens[main.verb].tag, ()):
            continue
        if verb.low not in lexicon().reporting | lexicon().hedges or not finite_verbs(tokens, at + 2):
            return None
        # "We show that A breaks the rule and shows that B …": who shows it?
        if (
            (len(left) == i and _holds_verb(left[main.verb + 1 :]))
            or _lists_verb(left[main.verb + 1 :], verb.tag)
            or is_half_a_pair(left[-5:])
            or tells_of(left, {"not", "neither"})
        ):
            return None
        subject = told_again(tokens[main.start : main.verb], main)
        if subject is None:
            return None
        finite = Token(verb.text, "VVB") if verb.tag == "VVI" else verb
        return left, (*subject, Token("also", "AV0"), *tokens[i + 1 : at], finite, *tokens[at + 1 :])
    return None


def _lists_verb(tokens: Tokens, tag: str) -> bool:
    """Whether a verb with that tag follows a comma: "does X, does Y" would be left of a list."""
    return any(tokens[behind_adverbs(tokens, i + 1)].tag == tag for i in comma_places(tokens[:-1]))


def at_second_that(tokens: Tokens) -> Pieces:
    """ "They found that A does X and that B does Y." """
    main = simple_clause(tokens)
    if main is None or main.number is None:
        return None
    that = next(
        (i for i in range(main.verb + 1, min(main.verb + 3, len(tokens))) if tokens[i].low == "that"), 0
    )
    verb = tokens[main.verb]
    if not that or verb.tag not in {"VVB", "VVD", "VVZ"}:
        return None
    first = find_clause(tokens, that + 1)
    for i in range(that + 3, len(tokens) - 3):
        joined = tokens[i].low == "and" and tokens[i + 1].low == "that"
        second = find_clause(tokens, i + 2) if joined else None
        if second:
            if first and _says_its(tokens, first, second):
                return None
            left = tokens[:i]
            left = left[:-1] if left[-1].tag == COMMA else left
            if is_half_a_pair(left) or any(
                t.low in {"if", "whether", "not", "neither", "only"} for t in left
            ):
                return None
            pronoun = new_word("It" if main.number == "one" else "They")
            return left, (pronoun, Token("also", "AV0"), retagged(verb, verb.text, " "), *tokens[i + 1 :])
    return None


def _says_its(tokens: Tokens, first: Clause, second: Clause) -> bool:
    """Whether "its" behind a subject said again is another's: "that A binds B and A drives its growth"."""
    one, again = ([t.low for t in tokens[clause.start : clause.verb]] for clause in (first, second))
    return one == again and tells_of(tokens[second.verb :], {"its", "their", "it", "them"})
