"""One long sentence of a paper as several short ones: the same words in the same order, nothing claimed more widely.

A cut is made only where tags leave no doubt that both sides can stand alone. Only joining words come or go: "and",
"which", "that" and commas are dropped; "This", "These", "It", "They", "also", "But" and "is" are put in. A condition
("if", "in patients with", "compared with"), a doubt ("suggest that") or a "not" never leaves the clause that it
governs: where one could reach over a cut, there is no cut. Brackets are never cut.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from config import load_table
from summarizer.clauses import (
    BRACKET,
    COMMA,
    FINITE,
    PAST,
    STOP,
    Clause,
    Token,
    Tokens,
    count_words,
    find_clause,
    finite_verbs,
    read_tokens,
    render,
    retagged,
)
from summarizer.tagging import Tagger

_LONGEST = 2_000
_MOST_CUTS = 12
_SMALLEST = 3
_QUOTES = (("“", "”"), ("‘", "’"))
_RELATIVES = frozenset({"which", "who", "that", "whose", "whom"})
_FINITE_FORMS = {"one": "is", "many": "are"}

Pieces = tuple[Tokens, Tokens] | None


@dataclass(frozen=True, slots=True)
class _Words:
    """The table `config/splitting.toml`."""

    fewest: int
    linkers: frozenset[str]
    hedges: frozenset[str]
    holding: frozenset[str]
    denials: frozenset[str]
    takers: frozenset[str]
    conditions: frozenset[str]
    reporting: frozenset[str]
    reporters: frozenset[str]
    participles: dict[str, list[str]]
    shows: dict[str, str]


def split(text: str, tagger: Tagger, *, drop_frames: bool = False) -> list[str]:
    """`text`, one sentence, as one or more sentences of the same meaning; `[text]` where no cut is certain.

    Args:
        drop_frames: leave out "The researchers found that" where what follows is told without a doubt.
    """
    if not _worth_reading(text, drop_frames):
        return [text]
    tokens = read_tokens(text, tagger)
    if not tokens or tokens[-1].text != "." or any(t.text in ".?!…" for t in tokens[:-1]):
        return [text]
    pieces = _cut(tokens[:-1])
    if drop_frames:
        pieces = [_without_frame(piece) for piece in pieces]
    elif len(pieces) == 1:
        return [text]
    return [_capital(render(piece)) + "." for piece in pieces]


def _worth_reading(text: str, drop_frames: bool) -> bool:
    long = len(text.split()) >= _words().fewest
    quoted = any(text.count(a) != text.count(b) for a, b in _QUOTES[:1]) or '"' in text
    return len(text) <= _LONGEST and not quoted and (long or (drop_frames and " that " in text))


def _cut(tokens: Tokens) -> list[Tokens]:
    done: list[Tokens] = []
    waiting = [tokens]
    cuts = 0
    while waiting:
        piece = waiting.pop(0)
        pair = _first_cut(piece) if cuts < _MOST_CUTS else None
        if pair is None:
            done.append(piece)
        else:
            cuts += 1
            waiting[:0] = pair
    return done


def _first_cut(tokens: Tokens) -> Pieces:
    if count_words(tokens) < _words().fewest or any(t.low == "respectively" for t in tokens):
        return None
    for rule in _RULES:
        pair = rule(tokens)
        if pair and all(_stands(piece) for piece in pair):
            return pair
    return None


def _stands(tokens: Tokens) -> bool:
    """Whether `tokens` are a sentence: a subject and its finite verb, quotes closed, no comma left hanging."""
    if count_words(tokens) < _SMALLEST or not tokens or tokens[-1].tag in {COMMA, "CJC", "PRP", "AT0"}:
        return False
    text = render(tokens)
    return _main(tokens) is not None and all(text.count(a) == text.count(b) for a, b in _QUOTES[:1])


def _main(tokens: Tokens) -> Clause | None:
    """The main clause, behind an opening phrase if there is one."""
    start = _after_linker(tokens)
    clause = find_clause(tokens, start)
    if clause is not None:
        return clause
    for i in _commas(tokens)[:3]:
        clause = find_clause(tokens, i + 1)
        if clause is not None:
            return clause
    return None


def _after_linker(tokens: Tokens) -> int:
    """Where the sentence proper begins, after "However," or "But"."""
    if tokens and tokens[0].low in {"but", "yet", "so", "also"}:
        return 1
    for i in _commas(tokens)[:1]:
        if i <= 3 and " ".join(t.low for t in tokens[:i]) in _words().linkers:
            return i + 1
    return 0


def _simple(tokens: Tokens) -> Clause | None:
    """The main clause where nothing but a linker stands before its subject: no condition can reach over a cut."""
    return find_clause(tokens, _after_linker(tokens))


def _commas(tokens: Tokens) -> list[int]:
    return [i for i, token in enumerate(tokens) if token.tag == COMMA]


# ---- the rules: each gives two pieces or nothing --------------------------------------------------------------


def _at_semicolon(tokens: Tokens) -> Pieces:
    """ "A does X; B does Y." """
    for i, token in enumerate(tokens):
        if token.text != ";":
            continue
        start = i + 1
        if start < len(tokens) and tokens[start].low in {"and", "whereas", "while"}:
            contrast = tokens[start].low != "and"
            start += 1
        else:
            contrast = False
        right = tokens[start:]
        if _simple(tokens[:i]) and not _is_held(tokens[:i]) and _simple(right) and ";" not in _signs(right):
            return tokens[:i], _but(right) if contrast else right
    return None


def _at_although(tokens: Tokens) -> Pieces:
    """ "Although A, B." """
    if tokens[0].low not in {"although", "though", "whereas", "while"}:
        return None
    first = find_clause(tokens, 1)
    if first is None or (tokens[0].low == "while" and tokens[first.verb].tag in PAST):
        return None
    for i in _commas(tokens):
        if i > first.verb and find_clause(tokens, i + 1):
            left = tokens[1:i]
            return (left, _but(tokens[i + 1 :])) if not _is_list_comma(tokens, i) else None
    return None


def _at_conjunction(tokens: Tokens) -> Pieces:
    """ "A does X, and B does Y." """
    for i in range(2, len(tokens) - 2):
        word = tokens[i].low
        if word not in {"and", "but", "yet", "while", "whereas", "so"}:
            continue
        comma = tokens[i - 1].tag == COMMA
        start = i + 1
        if tokens[start].low in {"thus", "therefore", "hence", "consequently", "so"} and word == "and":
            start += 1
        clause = find_clause(tokens, start)
        left = tokens[: i - 1] if comma else tokens[:i]
        if clause is None or not _may_part(left, tokens[start:], comma):
            continue
        if any(t.tag in {"CJC", "XX0"} for t in tokens[start : clause.verb]) and not (
            comma and word != "and"
        ):
            continue
        if word == "while" and (not comma or tokens[clause.verb].low in {"was", "were"} and not comma):
            continue
        if word == "so" and (not comma or tokens[start].low == "that"):
            continue
        right = tokens[i + 1 :]
        return left, right if word in {"and"} else _but(right) if word != "so" else tokens[i:]
    return None


def _may_part(left: Tokens, right: Tokens, comma: bool) -> bool:
    """Whether nothing in `left` governs `right`, and nothing at the end of `right` governs `left`."""
    main = _simple(left)
    if main is None or _is_held(left) or _open_clauses(left, main) != 1:
        return False
    return not _is_tied(right if not comma else _after_last_comma(right))


def _is_tied(tokens: Tokens) -> bool:
    """Whether a condition stands in `tokens` that what went before may need too."""
    words = _words()
    for before, token in zip((None, *tokens), tokens, strict=False):
        if token.low in words.conditions and not (before and before.low in words.takers):
            return True
    return False


def _after_last_comma(tokens: Tokens) -> Tokens:
    commas = _commas(tokens)
    return tokens[commas[-1] + 1 :][:1] if commas else ()


def _is_held(tokens: Tokens) -> bool:
    """Whether a doubt, a condition or a question in `tokens` could reach beyond their end."""
    words = _words()
    return any(t.low in words.hedges or t.low in words.holding for t in tokens)


def _open_clauses(tokens: Tokens, main: Clause) -> int:
    """Finite verbs that no relative or "that" accounts for; more than one is a list of clauses."""
    verbs = finite_verbs(tokens, main.verb)
    openers = sum(t.low in _RELATIVES or t.tag in {"CJT", "DTQ"} for t in tokens[main.verb :])
    return len(verbs) - openers


def _at_relative(tokens: Tokens) -> Pieces:
    """ "A does X, which does Y." """
    for i in _commas(tokens):
        if i + 2 >= len(tokens) or tokens[i + 1].low not in {"which", "who"} or i < 3:
            continue
        at = i + 2
        while at < len(tokens) - 1 and tokens[at].tag == "AV0" or tokens[at].low in {"in", "turn"}:
            at += 1
            if at >= len(tokens) - 1:
                break
        verb = tokens[at]
        if verb.tag not in FINITE or _resumes(tokens, at + 1) or not _main_before(tokens, i):
            continue
        pronoun = _pronoun_for(tokens, i, verb)
        if tokens[i + 1].low == "who":
            pronoun = "They" if pronoun == "These" else None
        if pronoun:
            return tokens[:i], (_new(pronoun), *tokens[i + 2 :])
    return None


def _main_before(tokens: Tokens, end: int) -> bool:
    left = tokens[:end]
    return _main(left) is not None and not any(t.low in _words().hedges for t in left)


def _resumes(tokens: Tokens, start: int) -> bool:
    """Whether a finite verb without a subject of its own follows a comma: the clause before goes on."""
    for i in _commas(tokens):
        if i >= start and i + 1 < len(tokens):
            at = i + 1
            while at < len(tokens) - 1 and tokens[at].tag in {"AV0", "CJC"}:
                at += 1
            if tokens[at].tag in FINITE:
                return True
    return False


def _pronoun_for(tokens: Tokens, comma: int, verb: Token) -> str | None:
    if verb.tag in {"VVZ", "VBZ", "VHZ", "VDZ"} or verb.low == "was":
        return "This"
    if verb.tag in {"VBB", "VHB", "VVB", "VDB"} or verb.low == "were":
        return "These"
    before = tokens[comma - 1] if tokens[comma - 1].tag != BRACKET else tokens[comma - 2]
    if before.tag == "NN2":
        return "These"
    return "This" if before.tag in {"NN1", "NP0"} and not before.text.endswith("s") else None


def _at_participle(tokens: Tokens) -> Pieces:
    """ "A does X, leading to Y." """
    words = _words()
    for i in _commas(tokens):
        at = i + 1
        if at < len(tokens) - 1 and tokens[at].low in {"thereby", "thus", "hence"}:
            at += 1
        if at >= len(tokens) - 1 or tokens[at].low not in words.participles | words.shows:
            continue
        if (
            tokens[at].tag not in {"VVG", "NN1", "AJ0"}
            or tokens[at + 1].tag in {COMMA, "CJC"}
            or _resumes(tokens, at)
        ):
            continue
        verb = _told(tokens[:i], tokens[at])
        if verb:
            return tokens[:i], (_new("This"), *verb, *tokens[at + 1 :])
    return None


def _told(left: Tokens, participle: Token) -> Tokens | None:
    """The participle as a finite verb in the tense of what stands before it."""
    words = _words()
    main = _main(left)
    if main is None:
        return None
    if participle.low in words.shows:
        held = any(t.low in {"whether", "if"} for t in left)
        return None if held else (Token(words.shows[participle.low], "VVZ"),)
    if any(t.low in words.hedges for t in left):
        return None
    base, present, past = words.participles[participle.low]
    tags = {left[i].tag: left[i].low for i in finite_verbs(left, _after_frame(left, main))}
    if set(tags) <= PAST:
        return (Token(past, "VVD"),)
    if not set(tags) & (PAST | {"VM0"}):
        return (Token(present, "VVZ"),)
    if set(tags) == {"VM0"} and tags["VM0"] in {"may", "might", "can", "could"}:
        return Token(tags["VM0"], "VM0"), Token(base, "VVI")
    return None


def _after_frame(tokens: Tokens, main: Clause) -> int:
    """The first token of the claim, after "The researchers found that"."""
    for i in range(main.verb + 1, min(main.verb + 3, len(tokens))):
        if tokens[i].low == "that" and i + 1 < len(tokens) and tokens[main.verb].low in _words().reporting:
            return i + 1
    return 0


def _at_apposition(tokens: Tokens) -> Pieces:
    """ "A does X to B, a kind of C." """
    for i in reversed(_commas(tokens)):
        if i + 3 >= len(tokens) or tokens[i + 1].low not in {"a", "an"} or i < 4:
            continue
        tail = tokens[i + 1 :]
        before = tokens[i - 1] if tokens[i - 1].tag != BRACKET else tokens[i - 2]
        if any(t.tag == COMMA or t.low in {"and", "or", "but"} for t in tail[1:]) or _is_list_comma(
            tokens, i
        ):
            return None
        one = before.tag in {"NN1", "NP0", "UNC", "NN0"} and not before.text.endswith("s")
        if one and _main_before(tokens, i) and _starts_with_noun(tail):
            return tokens[:i], (_new("This"), Token("is", "VBZ"), *tail)
    return None


def _starts_with_noun(tokens: Tokens) -> bool:
    for token in tokens[1:]:
        if token.tag in {"NN1", "NP0", "UNC"}:
            return True
        if token.tag not in {"AJ0", "AV0", "VVN", "VVD", "NN0", "CRD", "ORD", "VVG", "AJS", "AJC"}:
            return False
    return False


def _is_list_comma(tokens: Tokens, at: int) -> bool:
    """Whether the comma at `at` may part the items of a list: another comma close before, or "and" behind."""
    return any(abs(i - at) < 4 and i != at for i in _commas(tokens) if i < at)


def _at_opening_apposition(tokens: Tokens) -> Pieces:
    """ "A, a kind of B, does X." and "A, which is B, does X."; "We show that A, a B, does X" keeps "We show that"."""
    frame = _frame_end(tokens)
    commas = [i for i in _commas(tokens) if i > frame]
    if len(commas) < 2 or not 1 <= commas[0] - frame <= 6:
        return None
    first, second = commas[0], commas[1]
    noun, inside, rest = tokens[frame:first], tokens[first + 1 : second], tokens[second + 1 :]
    if not inside or not rest or not _is_name(noun) or not _is_single(rest[_behind_adverbs(rest, 0)]):
        return None
    opener, it = tokens[:frame], _new("it" if frame else "It")
    if inside[0].low in {"a", "an"} and _starts_with_noun(inside) and not finite_verbs(inside):
        return (*noun, Token("is", "VBZ"), *inside), (*opener, it, *rest)
    if inside[0].low == "which" and inside[1:] and inside[1].tag in {"VVZ", "VBZ", "VHZ"}:
        return (*noun, *inside[1:]), (*opener, it, *rest)
    return None


def _frame_end(tokens: Tokens) -> int:
    """Where the claim begins behind a short "We show that", certain or not; 0 without one."""
    main = find_clause(tokens, 0)
    if main and main.verb + 2 < len(tokens) and tokens[main.verb + 1].low == "that":
        return main.verb + 2
    return 0


def _is_name(tokens: Tokens) -> bool:
    """Whether `tokens` are one thing's name, nothing that hangs on another word."""
    last = tokens[-2] if tokens[-1].tag == BRACKET and len(tokens) > 1 else tokens[-1]
    joined = {"PRP", "PRF", "CJC", "VVG", "CJS", "AV0", COMMA, "DTQ", "VVZ"}
    vague = any(t.low in {"a", "an", *_UNCERTAIN_SUBJECTS} for t in tokens)
    return last.tag in {"NN1", "NP0", "NN0", "UNC"} and not vague and not any(t.tag in joined for t in tokens)


def _is_single(verb: Token) -> bool:
    return verb.tag in FINITE - {"VVB", "VBB", "VHB"} and verb.low != "were"


def _at_second_verb(tokens: Tokens) -> Pieces:
    """ "A does X and does Y." """
    main = _simple(tokens)
    start = _after_frame(tokens, main) if main else 0
    clause = find_clause(tokens, start) if start else main
    if main is None or clause is None:
        return None
    for i in range(clause.verb + 2, len(tokens) - 2):
        word = tokens[i].low
        at = _behind_adverbs(tokens, i + 1)
        if word not in {"and", "but"} and not (word == "," and _goes_on(tokens, clause, at)):
            continue
        if not _is_second(tokens, clause, at) or _holds_verb(tokens[clause.verb + 1 : i]):
            continue
        if (
            start and tokens[at].tag == tokens[main.verb].tag
        ):  # "This shows that A does X and does Y": who does Y?
            return None
        return _parted(tokens, clause, i, at)
    return None


def _parted(tokens: Tokens, clause: Clause, i: int, at: int) -> Pieces:
    left, but = tokens[:i], tokens[i].low == "but"
    own = any(t.low in _words().conditions for t in tokens[clause.verb : i])
    tail = tokens[at:]
    if _is_held(left) or _is_tied(_after_last_comma(tail) if own else tail):
        return None
    subject = _again(tokens[clause.start : clause.verb], clause)
    if subject is None:
        return None
    left = left[:-1] if left[-1].tag == COMMA else left
    also = () if at > i + 1 or but else (Token("also", "AV0"),)
    behind = tail[0].tag in {"VBZ", "VBD", "VHZ", "VHD", "VM0"}
    told = (tail[0], *also, *tail[1:]) if behind else (*also, *tail)
    right = (*subject, *tokens[i + 1 : at], *told)
    return left, _but(right) if but else right


def _behind_adverbs(tokens: Tokens, at: int) -> int:
    while at < len(tokens) - 2 and tokens[at].tag == "AV0":
        at += 1
    return at


def _goes_on(tokens: Tokens, clause: Clause, at: int) -> bool:
    """Whether the verb behind a comma is one of a list: "does X, does Y, and does Z"."""
    for i in range(at + 2, len(tokens) - 2):
        if tokens[i].low == "and" and _is_second(tokens, clause, _behind_adverbs(tokens, i + 1)):
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
    return second.tag in {"VBZ", "VHZ", "VBD", "VHD", "VM0"} and first.tag in FINITE


def _holds_verb(tokens: Tokens) -> bool:
    """Whether another verb or clause stands in between, to which a second verb could belong."""
    return any(
        t.tag in FINITE or t.low in _RELATIVES or t.tag in {"CJT", "CJS", "DTQ", "AVQ"} for t in tokens
    )


_UNCERTAIN_SUBJECTS = frozenset(
    "some many most few several no none each every all any half neither either both one only other another not up "
    "less more fewer about approximately over who".split()
)
_PERSONS = frozenset(
    "patient woman man child participant person individual mother father author doctor".split()
)


def _again(subject: Tokens, clause: Clause) -> Tokens | None:
    """The subject for a second time, as a pronoun."""
    if clause.number is None or any(t.low in _UNCERTAIN_SUBJECTS or t.tag == "CRD" for t in subject):
        return None
    if any(t.low in _PERSONS for t in subject) and clause.number == "one":
        return None
    if len(subject) == 1 and subject[0].low in {"this", "these"}:
        return (_new(subject[0].low.capitalize()),)
    return (_new("It" if clause.number == "one" else "They"),)


def _at_second_that(tokens: Tokens) -> Pieces:
    """ "They found that A does X and that B does Y." """
    main = _simple(tokens)
    if main is None or main.number is None:
        return None
    that = next(
        (i for i in range(main.verb + 1, min(main.verb + 3, len(tokens))) if tokens[i].low == "that"), 0
    )
    verb = tokens[main.verb]
    if not that or verb.tag not in {"VVB", "VVD", "VVZ"}:
        return None
    for i in range(that + 3, len(tokens) - 3):
        if tokens[i].low == "and" and tokens[i + 1].low == "that" and find_clause(tokens, i + 2):
            left = tokens[:i]
            left = left[:-1] if left[-1].tag == COMMA else left
            if any(t.low in {"if", "whether", "not", "neither", "only", "both"} for t in left):
                return None
            pronoun = _new("It" if main.number == "one" else "They")
            return left, (pronoun, Token("also", "AV0"), retagged(verb, verb.text, " "), *tokens[i + 1 :])
    return None


def _at_because(tokens: Tokens) -> Pieces:
    """ "A does X because B does Y." """
    for i in range(3, len(tokens) - 3):
        if tokens[i].low != "because" or find_clause(tokens, i + 1) is None:
            continue
        left = tokens[: i - 1] if tokens[i - 1].tag == COMMA else tokens[:i]
        main = _simple(left)
        if main is None or _is_denied(left) or _is_held(left) or _open_clauses(left, main) != 1:
            return None
        if _commas(tokens[i:]) or any(t.low in {"and", "but"} for t in tokens[i:]):
            return None
        be = "was" if left[main.verb].tag in PAST else "is"
        return left, (_new("This"), Token(be, "VBZ"), *tokens[i:])
    return None


def _at_means(tokens: Tokens) -> Pieces:
    """ "A does X by doing Y." and "The researchers did X using Y." """
    main = _simple(tokens)
    if main is None:
        return None
    for i in range(main.verb + 3, len(tokens) - 2):
        by = tokens[i].low == "by" and tokens[i + 1].tag == "VVG"
        using = tokens[i].low == "using" and tokens[main.start : main.verb][-1].low in {"researchers", "they"}
        if not (by or using):
            continue
        left = tokens[:i] if tokens[i - 1].tag != COMMA else tokens[: i - 1]
        subject = _again(tokens[main.start : main.verb], main)
        if subject is None or _is_denied(left) or _is_held(left) or not _has_one_verb(left[main.verb :]):
            return None
        verb = left[main.verb]
        many = main.number == "many"
        if verb.tag == "VM0":
            do: Tokens = (verb, Token("do", "VDI"))
        elif verb.tag in {"VVD", "VVZ", "VVB"}:
            do = (Token("did", "VDD") if verb.tag == "VVD" else Token("do" if many else "does", "VDZ"),)
        else:
            return None
        return left, (*subject, *do, Token("this", "DT0"), *tokens[i:])
    return None


def _has_one_verb(tokens: Tokens) -> bool:
    """Whether no second verb, of any form, stands in `tokens`: what follows then belongs to the first."""
    verbs = [t for t in tokens if t.tag.startswith("V") and t.tag != "VM0"]
    return len(verbs) == 1 and not any(t.tag in {"CJC", "CJS", "CJT"} or t.low in _RELATIVES for t in tokens)


def _is_denied(tokens: Tokens) -> bool:
    return any(t.low in _words().denials or t.low.endswith("n't") for t in tokens)


def _at_restriction(tokens: Tokens) -> Pieces:
    """ "A is a B that does Y": only for one B that is brought in here, and surely there."""
    for i in range(6, len(tokens) - 2):
        verb, noun = tokens[_behind_adverbs(tokens, i + 1)], tokens[i - 1]
        if tokens[i].low not in {"that", "which"} or noun.tag != "NN1":
            continue
        if verb.tag not in {"VVZ", "VBZ", "VHZ", "VBD", "VVD"} or verb.low == "were":
            continue
        left = tokens[:i]
        main = _main(left)
        if main is None or not _is_brought_in(left) or _is_denied(left) or _is_held(left):
            return None
        if any(t.tag == "VM0" or t.low in _words().hedges for t in left) or _resumes(tokens, i):
            return None
        return left, (_new("This"), retagged(noun, noun.text, " "), *tokens[i + 1 :])
    return None


def _is_brought_in(tokens: Tokens) -> bool:
    """Whether `tokens` end in "a" or "an", adjectives and a noun, as what the verb is about."""
    for token in reversed(tokens[:-1]):
        if token.low in {"a", "an"}:
            return True
        if token.tag not in {"AJ0", "NN1", "NP0", "NN0", "VVN", "VVG", "AV0"}:
            return False
    return False


def _at_using(tokens: Tokens) -> Pieces:
    """ "Using X, the researchers did Y." and "To do X, the researchers did Y." """
    start = 1 if tokens[0].low == "by" and tokens[1].low == "using" else 0
    using = tokens[start].low == "using"
    if not using and not (tokens[0].low == "to" and tokens[1].tag == "VVI"):
        return None
    for i in _commas(tokens):
        if [t.low for t in tokens[i + 1 : i + 3]] != ["the", "researchers"]:
            continue
        main = find_clause(tokens, i + 1)
        if main is None or main.verb > i + 5:
            return None
        rest = tokens[i + 1 :]
        if not using:
            return (
                Token("The", "AT0"),
                Token("aim", "NN1"),
                Token("was", "VBD"),
                *_smalled(tokens[:i]),
            ), rest
        verb = Token("used", "VVD") if tokens[main.verb].tag in PAST else Token("use", "VVB")
        return (*rest[:2], verb, *tokens[start + 1 : i]), (_new("They"), *rest[2:])
    return None


def _smalled(tokens: Tokens) -> Tokens:
    return (retagged(tokens[0], tokens[0].low, " "), *tokens[1:])


_RULES: tuple[Callable[[Tokens], Pieces], ...] = (
    _at_using,
    _at_semicolon,
    _at_although,
    _at_second_that,
    _at_opening_apposition,
    _at_conjunction,
    _at_participle,
    _at_relative,
    _at_apposition,
    _at_second_verb,
    _at_because,
    _at_means,
    _at_restriction,
)


def _without_frame(tokens: Tokens) -> Tokens:
    """`tokens` without "The researchers found that", where nothing is in doubt."""
    start = _after_linker(tokens)
    main = find_clause(tokens, start)
    if main is None:
        return tokens
    subject = " ".join(t.low for t in tokens[start : main.verb] if t.tag != "AV0")
    claim = _after_frame(tokens, main)
    if subject not in _words().reporters or not claim or find_clause(tokens, claim) is None:
        return tokens
    return (*tokens[:start], *tokens[claim:])


def _but(tokens: Tokens) -> Tokens:
    if _after_linker(tokens):
        return tokens
    return (_new("But"), _small(tokens[0]), *tokens[1:])


def _small(token: Token) -> Token:
    ordinary = token.text[1:].islower() or len(token.text) == 1
    small = ordinary and token.tag in {"AT0", "DT0", "PNP", "DPS", "AJ0", "PRP"}
    return retagged(token, token.low if small else token.text, " ")


def _new(word: str) -> Token:
    return Token(word, "DT0" if word.startswith("Th") and word != "They" else "PNP")


def _capital(text: str) -> str:
    """`text` with a capital, unless it opens with a name such as p53 or mRNA."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    named = any(c.isupper() or c.isdigit() for c in first[1:])
    return text if named else text[:1].upper() + text[1:]


def _signs(tokens: Tokens) -> set[str]:
    return {t.text for t in tokens if t.tag == STOP or t.text == ";"}


@cache
def _words() -> _Words:
    table = load_table("splitting")
    sets = {
        key: frozenset(table[key])
        for key in (
            "linkers",
            "hedges",
            "holding",
            "denials",
            "takers",
            "conditions",
            "reporting",
            "reporters",
        )
    }
    return _Words(fewest=table["words"], participles=table["participles"], shows=table["shows"], **sets)
