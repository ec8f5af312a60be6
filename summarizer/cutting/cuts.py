"""Cuts where two clauses meet: "A does X, and B does Y"."""

from summarizer.cutting.clauses import Clause, find_clause
from summarizer.cutting.pieces import (
    Pieces,
    after_last_comma,
    after_linker,
    comma_places,
    is_denied,
    is_half_a_pair,
    is_held,
    is_list_comma,
    is_tied,
    lexicon,
    new_word,
    open_clauses,
    opened_by_but,
    own_clause,
    simple_clause,
    small_letter,
    tells_of,
)
from summarizer.text.tokens import AUXILIARY, COMMA, PAST, STOP, Token, Tokens

JOINING = frozenset({"and", "but", "yet", "while", "whereas", "though", "although", "so"})
# What opens a piece that hangs on the one before, though a subject and a verb follow.
_DEPENDING = frozenset({"that", "rather", "namely"})
# What says that a list follows.
_ANNOUNCING = frozenset(
    {"following", "follows", "questions", "aims", "hypotheses", "hypothesis", "steps", "namely"}
)
_NOTHING = (Token("", STOP), Token("", STOP))
_SO = frozenset({"thus", "therefore", "hence", "consequently", "so"})


def at_semicolon(tokens: Tokens) -> Pieces:
    """ "A does X; B does Y." """
    for i, token in enumerate(tokens):
        if token.text != ";":
            continue
        start = i + 1
        low, behind = [t.low for t in (*tokens[start : start + 2], *_NOTHING)][:2]
        contrast = low in {"but", "whereas"} or (low == "however" and behind != ",")
        start += contrast or low in {"and", "while"}
        right = tokens[start:]
        if (
            simple_clause(tokens[:i])
            and not any(t.text == ":" for t in tokens[:i])
            and right
            and right[0].low not in _DEPENDING
            and (simple_clause if contrast else own_clause)(right)
            and ";" not in _signs(right)
        ):
            return tokens[:i], opened_by_but(right) if contrast else right
    return None


def at_colon(tokens: Tokens) -> Pieces:
    """ "A does X: B does Y." """
    for i, token in enumerate(tokens):
        if token.text != ":":
            continue
        left, right = tokens[:i], tokens[i + 1 :]
        if not right or right[0].low in _DEPENDING or is_held(left) or tells_of(left, _ANNOUNCING):
            return None
        told = simple_clause(right)
        if any(t.text in {":", ";"} for t in right) or told is None or simple_clause(left) is None:
            return None
        # "a mark made of two parts" is no clause, though "made" could be its verb.
        return None if right[told.verb].tag in {"VVD", "VVB"} else (left, right)
    return None


def at_although(tokens: Tokens) -> Pieces:
    """ "Although A, B." """
    if tokens[0].low not in {"although", "though", "whereas", "while"}:
        return None
    first = find_clause(tokens, 1)
    if first is None or (tokens[0].low == "while" and tokens[first.verb].tag in PAST):
        return None
    for i in comma_places(tokens):
        if i > first.verb and find_clause(tokens, i + 1):
            left = tokens[1:i]
            return (left, opened_by_but(tokens[i + 1 :])) if not is_list_comma(tokens, i) else None
    return None


def at_conjunction(tokens: Tokens) -> Pieces:
    """ "A does X, and B does Y." """
    before = 0
    for i in range(2, len(tokens) - 2):
        word = tokens[i].low
        if word not in JOINING or tokens[i + 1].low == "that":
            continue
        comma = tokens[i - 1].tag == COMMA
        if word in {"while", "so", "though", "although"} and not comma:
            continue
        start = i + 2 if word == "and" and tokens[i + 1].low in _SO else i + 1
        if [t.tag for t in tokens[start : start + 2]] == ["AV0", COMMA]:  # "but surprisingly, B does Y"
            start += 2
        clause = find_clause(tokens, start)
        # "… and those with B and with C do Y": the second "and" stands in the subject that the first opens.
        if clause is None or clause.verb == before:
            continue
        before = clause.verb
        left = tokens[: i - 1] if comma else tokens[:i]
        if not _may_part(left, _reaching(tokens, start, clause), comma, contrast=word == "but"):
            continue
        if word == "and" and not _is_sure(tokens, clause, i, comma):
            continue
        if word in {"and", "so", "while"}:  # "while" often joins what is no contrast
            return left, tokens[i:] if word == "so" else tokens[i + 1 :]
        return left, opened_by_but(tokens[i + 1 :])
    return None


def _is_sure(tokens: Tokens, clause: Clause, i: int, comma: bool) -> bool:
    """Whether what "and" at `i` joins is a clause beyond doubt, no item of a list that looks like one."""
    verb = tokens[clause.verb]
    auxiliary = verb.tag in AUXILIARY
    subject = tokens[clause.start : clause.verb]
    if any(t.low in {"later", "ago", "after"} for t in subject):
        return False
    if [t.low for t in subject] in (["it"], ["they"]):
        return True
    if _tells_where(tokens[i:]) and not tells_of(tokens[:i], lexicon().studied):
        return False
    listed = any(t.tag == COMMA for t in tokens[max(after_linker(tokens), i - 7) : i - 1])
    if comma:
        return auxiliary or not listed
    joined = listed or any(t.tag in {"CJC", "XX0"} for t in subject) or _is_perhaps_participle(tokens)
    return not joined and verb.tag not in {"VVD", "VVB"} and clause.number is not None


def _lacks_noun(tokens: Tokens) -> bool:
    """Whether an adjective at the end waits for its noun: "an unexpected and new effect"."""
    return tokens[-1].tag == "AJ0" and tokens[-2].tag in {"AT0", "DT0", "DPS", "AJ0", "PRP", "PRF"}


def _tells_where(tokens: Tokens) -> bool:
    """Whether `tokens` say in whom something was seen: "in 40 women", not "can lead people to it"."""
    where = False
    for token in tokens:
        where = token.tag == "PRP" or (where and not token.tag.startswith("V") and token.tag != COMMA)
        if where and token.low in lexicon().studied:
            return True
    return tells_of(tokens[:6], lexicon().studied)


def _is_perhaps_participle(tokens: Tokens) -> bool:
    """Whether the main verb could be a participle: "the germ found in children who …"."""
    main = simple_clause(tokens)
    return main is not None and tokens[main.verb].tag == "VVD" and tokens[main.verb + 1].tag in {"PRP", "PRF"}


def _reaching(tokens: Tokens, start: int, clause: Clause) -> Tokens:
    """What of the clause from `start` on could reach back: not its subject, where its verb can be no noun."""
    verb = tokens[clause.verb]
    return tokens[clause.verb if verb.tag in AUXILIARY or verb.low.startswith("remain") else start :]


def _may_part(left: Tokens, right: Tokens, comma: bool, contrast: bool) -> bool:
    """Whether nothing in `left` governs what follows, and nothing in `right` governs `left`."""
    main = simple_clause(left)
    if main is None or is_held(left):
        return False
    # Several verbs may be a list of clauses, which "but" behind a comma does not close.
    if open_clauses(left, main) != 1 and not (comma and contrast and open_clauses(left, main) == 2):
        return False
    if any(t.text in {":", ";"} for t in left) or is_half_a_pair(left[-5:]) or _lacks_noun(left):
        return False
    if tells_of(left, {"not"}) and tells_of(left, {"only", "solely", "merely", "just"}):
        return False  # "not only …, but also …"
    return not is_tied(right if not comma else after_last_comma(right))


def at_opening_because(tokens: Tokens) -> Pieces:
    """ "Because A does X, B does Y." """
    if tokens[0].low != "because":
        return None
    first = find_clause(tokens, 1)
    for i in comma_places(tokens):
        if first and i > first.verb and find_clause(tokens, i + 1) and not is_list_comma(tokens, i):
            left, right = tokens[1:i], tokens[i + 1 :]
            return None if is_held(left) else (left, (new_word("So"), small_letter(right[0]), *right[1:]))
    return None


def at_because(tokens: Tokens) -> Pieces:
    """ "A does X because B does Y." """
    for i in range(3, len(tokens) - 3):
        if tokens[i].low != "because" or find_clause(tokens, i + 1) is None:
            continue
        left = tokens[: i - 1] if tokens[i - 1].tag == COMMA else tokens[:i]
        main = simple_clause(left)
        if main is None or is_denied(left) or is_held(left) or open_clauses(left, main) != 1:
            return None
        if comma_places(tokens[i:]) or any(t.low in {"and", "but"} for t in tokens[i:]):
            return None
        be = "was" if left[main.verb].tag in PAST else "is"
        return left, (new_word("This"), Token(be, "VBZ"), *tokens[i:])
    return None


def _signs(tokens: Tokens) -> set[str]:
    return {t.text for t in tokens if t.tag == STOP or t.text == ";"}
