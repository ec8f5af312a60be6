"""Cuts where two clauses or two verbs meet: "A does X, and B does Y", "A does X and does Y"."""

from summarizer.cutting.clauses import Clause, find_clause
from summarizer.cutting.pieces import (
    RELATIVES,
    Pieces,
    after_frame,
    after_last_comma,
    after_linker,
    behind_adverbs,
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
    told_again,
)
from summarizer.text.tokens import AUXILIARY, COMMA, FINITE, PAST, STOP, Token, Tokens, retagged

_JOINING = frozenset({"and", "but", "yet", "while", "whereas", "though", "although", "so"})
# What opens a piece that hangs on the one before, though a subject and a verb follow.
_DEPENDING = frozenset({"that", "rather", "namely"})
# What says that a list follows.
_ANNOUNCING = frozenset(
    {"following", "follows", "questions", "aims", "hypotheses", "hypothesis", "steps", "namely"}
)
# Verbs that a second one may share its object with.
_HELPING = frozenset({"help", "helped", "let", "made", "make", "have", "had"})
# By the tag of a verb, those that a second one of its subject may have: "they grow and show".
_LIKE = {"VVB": {"VVB", "VVI"}, "VVZ": {"VVZ"}, "VBZ": {"VVZ"}, "VHZ": {"VVZ"}, "VVD": {"VVD"}}
# A verb that was taken for its base may be finite.
_LIKE_BASE = {"VVI": "VVB"}
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
    for i in range(2, len(tokens) - 2):
        word = tokens[i].low
        if word not in _JOINING or tokens[i + 1].low == "that":
            continue
        comma = tokens[i - 1].tag == COMMA
        if word in {"while", "so", "though", "although"} and not comma:
            continue
        start = i + 2 if word == "and" and tokens[i + 1].low in _SO else i + 1
        if [t.tag for t in tokens[start : start + 2]] == ["AV0", COMMA]:  # "but surprisingly, B does Y"
            start += 2
        clause = find_clause(tokens, start)
        left = tokens[: i - 1] if comma else tokens[:i]
        if clause is None or not _may_part(
            left, _reaching(tokens, start, clause), comma, contrast=word == "but"
        ):
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
        left = tokens[: i - 1] if tokens[i - 1].tag == COMMA else tokens[:i]
        if tokens[at + 1].low in {"of", "in", "and", "or", "at", "by"} or not _is_theirs(left, main):
            continue
        also = (
            () if at > i + 1 or tells_of(tokens[at : at + 2], {"also", "both"}) else (Token("also", "AV0"),)
        )
        right = (new_word("They"), *tokens[i + 1 : at], *also, *tokens[at:])
        return left, opened_by_but(right) if tokens[i].low == "but" else right
    return None


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
    helping = tail[0].tag in {"VBZ", "VBD", "VBB", "VHZ", "VHD", "VHB", "VM0"}
    told = (tail[0], *also, *tail[1:]) if helping else (*also, *tail)
    right = (*subject, *tokens[i + 1 : at], *told)
    return left, opened_by_but(right) if but else right


def _goes_on(tokens: Tokens, clause: Clause, at: int) -> bool:
    """Whether the verb behind a comma is one of a list: "does X, does Y, and does Z"."""
    for i in range(at + 2, len(tokens) - 2):
        if tokens[i].low == "and" and _is_second(tokens, clause, behind_adverbs(tokens, i + 1)):
            return tokens[i - 1].tag == COMMA
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
        phrase = tokens[at + 1].tag in {"AT0", "DPS", "DT0", "AJ0", "PRP", "NN2", "NP0", "AVQ"}
        return clause.number == "many" and first.tag == "VVB" and phrase
    return second.tag in {"VBZ", "VHZ", "VBD", "VHD", "VM0"} and first.tag in FINITE


def _awaits_base(tokens: Tokens) -> bool:
    """Whether the base of a verb may follow "to" or "may" in `tokens`, or another that does."""
    return any(t.tag in {"TO0", "VM0", "VVI", "VDB", "VDD", "VDZ"} or t.low == "to" for t in tokens)


def _holds_verb(tokens: Tokens) -> bool:
    """Whether another verb or clause stands in between, to which a second verb could belong."""
    return any(t.tag in FINITE or t.low in RELATIVES or t.tag in {"CJT", "CJS", "DTQ", "AVQ"} for t in tokens)


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
        if verb.low not in lexicon().reporting | lexicon().hedges or find_clause(tokens, at + 2) is None:
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


def _says_its(tokens: Tokens, first: Clause, second: Clause) -> bool:
    """Whether "its" behind a subject said again is another's: "that A binds B and A drives its growth"."""
    one, again = ([t.low for t in tokens[clause.start : clause.verb]] for clause in (first, second))
    return one == again and tells_of(tokens[second.verb :], {"its", "their", "it", "them"})
