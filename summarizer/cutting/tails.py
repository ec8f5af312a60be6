"""Cuts before what hangs on a clause: "which …", "leading to …", "by doing …", "Using X, …"."""

from itertools import takewhile

from summarizer.cutting.clauses import find_clause, finite_verbs
from summarizer.cutting.pieces import (
    Pieces,
    after_frame,
    behind_adverbs,
    comma_places,
    has_one_verb,
    is_denied,
    is_half_a_pair,
    is_held,
    is_open,
    lexicon,
    main_before,
    main_clause,
    new_word,
    resumes,
    simple_clause,
    told_again,
)
from summarizer.text.tokens import BRACKET, COMMA, FINITE, NOUNS, PAST, Token, Tokens, count_words, retagged

_FEWEST_IN_GROUP = 4
_LINKING = frozenset({"thereby", "thus", "hence"})
# Who is asked to find something is no researcher, and what is reported to do so was no step towards it.
_NO_MEANS = frozenset(
    {"ask", "asked", "train", "trained", "invite", "invited", "tell", "told", "teach", "taught", "instructed"}
    | {"report", "reported", "describe", "described", "introduce", "introduced", "present", "presented"}
)


def at_relative(tokens: Tokens) -> Pieces:
    """ "A does X, which does Y." """
    for i in comma_places(tokens):
        if i + 2 >= len(tokens) or tokens[i + 1].low not in {"which", "who"} or i < 3:
            continue
        at = _behind_aside(tokens, i + 2)
        verb = tokens[at]
        if verb.tag not in FINITE or resumes(tokens, at + 1) or not main_before(tokens, i):
            continue
        if tokens[i + 1].low == "who" and tokens[i - 1].low not in lexicon().studied:
            continue  # "patients, aged 5 to 7 years, who …", "patients, all from two hospitals, who …"
        pronoun = _pronoun_for(tokens, i, verb)
        if pronoun and (tokens[i + 1].low == "which" or len(pronoun) > 1):
            return tokens[:i], (*pronoun, *tokens[i + 2 :])
    return None


def _behind_aside(tokens: Tokens, at: int) -> int:
    """Where the verb stands behind adverbs, "in turn" and "in the end"."""
    while at < len(tokens) - 1:
        if tokens[at].tag == "AV0":
            at += 1
        elif (words := [t.low for t in tokens[at : at + 3]])[:2] == ["in", "turn"]:
            at += 2
        elif words == ["in", "the", "end"]:
            at += 3
        else:
            break
    return min(at, len(tokens) - 1)


def _is_lone(tokens: Tokens) -> bool:
    """Whether a plural behind `tokens` is the only one of its phrase: no other's can a relative be."""
    for token in reversed(tokens):
        if token.tag in FINITE | {"VVI", COMMA, "TO0"}:
            return True
        if token.tag in {"CJC", "NN2"}:
            return False
    return True


def _hangs(tokens: Tokens) -> bool:
    """Whether the phrase is tied to another noun by what stands before it."""
    phrase = list(takewhile(lambda t: t.tag not in FINITE | {"VVI", COMMA, "TO0"}, reversed(tokens)))
    tie = next((i for i, token in enumerate(phrase) if token.tag in {"PRF", "PRP", "VVG"}), len(phrase))
    return any(token.tag in NOUNS for token in phrase[tie:])


def _is_joined(tokens: Tokens) -> bool:
    """Whether the last noun is joined to another: "volume and clearance, which …" tells of both."""
    phrase = takewhile(
        lambda token: token.tag in {"NN1", "NP0", "AJ0", "AT0", "DPS", "CJC"}, reversed(tokens)
    )
    return any(token.tag == "CJC" for token in phrase)


def _is_afterthought(tokens: Tokens) -> bool:
    """Whether what stands behind the last comma tells of the noun before: "tumours, resistant to drugs"."""
    start = max((i + 1 for i in comma_places(tokens)), default=0)
    tags = [token.tag for token in tokens[start : start + 2]] if start else []
    return bool(tags) and (tags[0] in {"VVN", "VVG"} or (tags[0] == "AJ0" and tags[1:] == ["PRP"]))


def _pronoun_for(tokens: Tokens, comma: int, verb: Token) -> Tokens | None:
    """What stands for the noun before the comma: "This", which may be all that was said, or "These cells"."""
    place = comma - 1 if tokens[comma - 1].tag != BRACKET else comma - 2
    before = tokens[place]
    if _is_afterthought(tokens[:comma]):
        return None
    many = verb.tag in {"VBB", "VHB", "VVB", "VDB"} or verb.low == "were"
    one = verb.tag in {"VVZ", "VBZ", "VHZ", "VDZ"} or verb.low == "was"
    if not many and not one:
        # "Responses to parasites, which may help …", "knowledge of tests, which may …": what may?
        many = before.tag == "NN2" and _is_lone(tokens[:place]) and not _hangs(tokens[: comma - 1])
        one = (
            before.tag in {"NN1", "NP0"} and not before.text.endswith("s") and not _is_joined(tokens[:comma])
        )
    if many and before.tag != "NN2":
        return None
    named = before.low.endswith("s") or before.low in lexicon().studied
    if many and named and _is_lone(tokens[:place]):
        return new_word("These"), retagged(before, before.text, " ")
    return (new_word("These"),) if many else (new_word("This"),) if one else None


def at_participle(tokens: Tokens) -> Pieces:
    """ "A does X, leading to Y." """
    words = lexicon()
    for i in comma_places(tokens):
        at = behind_adverbs(tokens, i + 1)
        if at >= len(tokens) - 1 or tokens[at].low not in words.participles | words.shows:
            continue
        if (
            tokens[at].tag not in {"VVG", "NN1", "AJ0"}
            or tokens[at + 1].tag in {COMMA, "CJC"}
            or (tokens[at].low in {"showing", "demonstrating"} and tokens[at + 1].low not in {"that", "how"})
            or _has_second_participle(tokens[at + 1 :])
            or any(token.text == ";" for token in tokens[at:])
            or resumes(tokens, at)
        ):
            continue
        verb = _told(tokens[:i], tokens[at])
        if verb:
            # "… binds the drug thus, offering a target": the link belongs to what follows.
            left = tokens[: i - 1] if tokens[i - 1].low in _LINKING else tokens[:i]
            adverbs = [token for token in tokens[i + 1 : at] if token.low not in _LINKING]
            return left, (new_word("This"), *adverbs, *verb, *tokens[at + 1 :])
    return None


def _has_second_participle(tokens: Tokens) -> bool:
    """Whether "and" joins another participle to the first, which would be left without its subject."""
    for i, token in enumerate(tokens[:-1]):
        if token.tag == "CJC" and tokens[behind_adverbs(tokens, i + 1)].tag == "VVG":
            return True
    return False


def _told(left: Tokens, participle: Token) -> Tokens | None:
    """The participle as a finite verb in the tense of what stands before it."""
    words = lexicon()
    main = main_clause(left)
    if main is None or is_open(left):
        return None
    if participle.low in words.shows:
        return (Token(words.shows[participle.low], "VVZ"),)
    if any(t.low in words.hedges for t in left):
        return None
    base, present, past = words.participles[participle.low]
    tags = {left[i].tag: left[i].low for i in finite_verbs(left, after_frame(left, main))}
    if not tags:
        return None
    if set(tags) <= PAST:
        return (Token(past, "VVD"),)
    if not set(tags) & (PAST | {"VM0"}):
        return (Token(present, "VVZ"),)
    if set(tags) == {"VM0"} and tags["VM0"] in {"may", "might", "can", "could"}:
        return Token(tags["VM0"], "VM0"), Token(base, "VVI")
    return None


def _is_object(tokens: Tokens) -> bool:
    """Whether nothing but adjectives, or a preposition behind the verb, parts the verb and what follows.

    The preposition may also be that of an adjective, "is vital for many functions"; but what is "vital for
    solving problems" may itself be what is told of behind them.
    """
    for i in range(len(tokens) - 1, 0, -1):
        tag, before = tokens[i].tag, tokens[i - 1].tag
        if tag in {COMMA, "CJC", BRACKET}:
            return False
        doing = any(token.tag == "VVG" for token in tokens[i + 1 : i + 2])
        if tag == "PRP" and not before.startswith("V") and (before != "AJ0" or doing):
            return False
        if tag.startswith("V") and tag not in {"VVN", "VVG"}:
            return True
        if tag == "VVN" and tokens[i - 1].tag.startswith("VB"):
            return True
    return False


def at_including(tokens: Tokens) -> Pieces:
    """ "A does X to the Bs, including C." and "…, such as C." """
    for i in comma_places(tokens):
        behind = [token.low for token in tokens[i + 1 : i + 3]]
        first = i + 2 if behind[:1] == ["including"] else i + 3 if behind == ["such", "as"] else 0
        if not 0 < first < len(tokens) or finite_verbs(tokens, i + 1):
            continue
        if tokens[first].tag in {"PRP", "PRF", "VVG", "AV0"}:
            continue
        before = tokens[i - 1]
        if before.tag != "NN2" or not _is_lone(tokens[: i - 1]) or not _is_object(tokens[: i - 1]):
            return None
        if is_open(tokens[:i]) or main_clause(tokens[:i]) is None:
            return None
        return tokens[:i], (
            new_word("These"),
            retagged(before, before.text, " "),
            Token("include", "VVB"),
            *tokens[first:],
        )
    return None


def at_means(tokens: Tokens) -> Pieces:
    """ "A does X by doing Y." and "The researchers did X using Y." """
    main = simple_clause(tokens)
    if main is None or any(token.tag.startswith("VD") for token in tokens[main.verb : main.verb + 2]):
        return None
    for i in range(main.verb + 3, len(tokens) - 2):
        by = tokens[i].low == "by" and tokens[i + 1].tag == "VVG"
        researchers = tokens[main.start : main.verb][-1].low in {"researchers", "they"}
        using = tokens[i].low == "using" and researchers
        aim = tokens[i].low == "to" and researchers and tokens[i + 1].low in lexicon().aims
        if (
            not (by or using or aim)
            or tokens[i - 1].tag == "AV0"
            or tokens[i - 1].low in {"part", "least", "both", "not"}
            or (aim and (tokens[i - 1].low in lexicon().for_something or tokens[main.verb].low in _NO_MEANS))
        ):
            continue
        if _lists_verbs(tokens[i:]):
            return None
        left = tokens[:i] if tokens[i - 1].tag != COMMA else tokens[: i - 1]
        subject = told_again(tokens[main.start : main.verb], main)
        if subject and subject[0].low in {"this", "these"}:  # "This does this"
            subject = (new_word("It" if main.number == "one" else "They"),)
        if subject is None or is_denied(left) or is_held(left) or not has_one_verb(left[main.verb :]):
            return None
        if is_half_a_pair(left):  # "… between A using Y and B"
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


def at_studied(tokens: Tokens) -> Pieces:
    """ "The researchers measured X in 40 women with Y." : what was done, then in whom."""
    main = simple_clause(tokens)
    if main is None or tokens[main.verb - 1].low not in {"researchers", "they"}:
        return None
    if tokens[main.verb].low not in lexicon().inquiring or tokens[0].low == "there":
        return None
    for i in range(main.verb + 3, len(tokens) - 2):
        if tokens[i].low not in {"in", "among"} or not _is_group(tokens[i + 1 :]):
            continue
        left = tokens[:i]
        if not has_one_verb(left[main.verb :]) or is_denied(left):
            return None
        if any(t.tag in {COMMA, "CJC"} for t in left[main.verb :]):
            return None
        if tokens[i - 1].low in lexicon().takers or count_words(tokens[i:]) < _FEWEST_IN_GROUP:
            return None
        do = Token("did", "VDD") if tokens[main.verb].tag == "VVD" else Token("do", "VDB")
        return left, (new_word("They"), do, Token("this", "DT0"), *tokens[i:])
    return None


def _is_group(tokens: Tokens) -> bool:
    """Whether `tokens` open with a number of people, animals or samples."""
    if not tokens or tokens[0].tag != "CRD" or not any(c.isdigit() for c in tokens[0].text):
        return False
    for token in tokens[1:6]:
        if token.tag == "NN2":
            return token.low in lexicon().studied
        if token.tag not in {"AJ0", "NN1", "VVN", "NP0", "VVD", "VVG"}:
            return False
    return False


def _lists_verbs(tokens: Tokens) -> bool:
    """Whether a verb follows a comma or "and": the list of verbs before goes on."""
    for i, token in enumerate(tokens[:-1]):
        verb = tokens[behind_adverbs(tokens, i + 1)]
        if token.tag in {COMMA, "CJC"} and verb.tag in FINITE | {"VVN", "VVI"}:
            return True
    return False


def at_using(tokens: Tokens) -> Pieces:
    """ "Using X, the researchers did Y.", "By comparing X, …" and "To do X, the researchers did Y." """
    start = 1 if tokens[0].low == "by" else 0
    using = tokens[start].low == "using"
    done = f"{tokens[1].low[:-3]}ed" if start and tokens[1].low in lexicon().means else ""
    if not (using or done or (tokens[0].low == "to" and tokens[1].tag == "VVI")):
        return None
    for i in comma_places(tokens):
        if [t.low for t in tokens[i + 1 : i + 3]] != ["the", "researchers"]:
            continue
        main = find_clause(tokens, i + 1)
        if main is None or main.verb > i + 5:
            return None
        rest = tokens[i + 1 :]
        if any(token.low in {"their", "them", "theirs"} for token in rest):
            return None  # behind "They" it would be the researchers'
        if done and not _were_means(tokens[start:i], tokens[main.verb]):
            return None
        if not (using or done):
            return (
                Token("The", "AT0"),
                Token("aim", "NN1"),
                Token("was", "VBD"),
                *_smalled(tokens[:i]),
            ), rest
        past = done or tokens[main.verb].tag in PAST
        verb = Token(done or "used", "VVD") if past else Token("use", "VVB")
        return (*rest[:2], verb, *tokens[start + 1 : i]), (new_word("They"), *rest[2:])
    return None


def _were_means(tokens: Tokens, verb: Token) -> bool:
    """Whether `tokens` tell of one thing, and one that was done: no "by imaging of A", no plan.

    Args:
        verb: what the researchers did, or do, by it.
    """
    if tokens[1].tag == "PRF" or _has_second_participle(tokens) or _lists_participles(tokens):
        return False
    return verb.tag in PAST or verb.low in lexicon().reporting | lexicon().presenting


def _lists_participles(tokens: Tokens) -> bool:
    """Whether a participle follows a comma: what was done goes on."""
    return any(tokens[behind_adverbs(tokens, i + 1)].tag == "VVG" for i in comma_places(tokens[:-1]))


def _smalled(tokens: Tokens) -> Tokens:
    return (retagged(tokens[0], tokens[0].low, " "), *tokens[1:])
