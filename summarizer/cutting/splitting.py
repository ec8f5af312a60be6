"""One long sentence of a paper as several short ones: same words, same order, nothing claimed more widely.

A cut is made only where tags leave no doubt that both sides can stand alone. Only joining words come or go:
"and", "which", "that" and commas are dropped; "This", "These", "It", "They", "also", "But", "is", "do this",
and a noun or verb said again are put in. A condition ("if", "in patients with", "compared with"), a doubt
("suggest that") or a "not" never leaves the clause that it governs: where one could reach over a cut, there
is no cut. Brackets are never cut.
"""

import re
from collections.abc import Callable
from itertools import pairwise

from summarizer.cutting import appositions, cuts, phrases, tails, verbs
from summarizer.cutting.clauses import Clause, find_clause
from summarizer.cutting.pieces import (
    QUOTES,
    Pieces,
    after_frame,
    after_last_comma,
    after_linker,
    behind_adverbs,
    is_tied,
    lexicon,
    stands,
)
from summarizer.text.sentences import split_sentences
from summarizer.text.tagging import Tagger
from summarizer.text.tokens import COMMA, Tokens, count_words, read_tokens, render

_LONGEST = 2_000
_MOST_CUTS = 12
_FEWEST = 4
"""Words of a sentence that another was taken for a part of."""

# "(1) A; (2) B.", "They show that (i) A, and (ii) B."
_MARK = re.compile(r"(?:^|(?<= that )|[;,] (?:and )?)\(?(\d|[a-e]|i{1,3}|iv|v)\) ")
_COUNTED = ("1 2 3 4 5 6", "i ii iii iv v", "a b c d e")
_FRAME = 6
"""Words before a list that are said again before each of its items."""

_RESEARCHERS = frozenset({"researchers", "they"})
_RULES: tuple[tuple[Callable[[Tokens], Pieces], frozenset[str]], ...] = (
    (tails.at_using, _RESEARCHERS),
    (cuts.at_semicolon, frozenset({";"})),
    (cuts.at_colon, frozenset({":"})),
    (cuts.at_although, frozenset({"although", "though", "whereas", "while"})),
    (cuts.at_opening_because, frozenset({"because"})),
    (verbs.at_second_that, frozenset({"that"})),
    (verbs.at_second_report, frozenset({"that"})),
    (verbs.at_next_step, _RESEARCHERS),
    (appositions.at_opening_apposition, frozenset({","})),
    (cuts.at_conjunction, cuts.JOINING),
    (tails.at_participle, frozenset({","})),
    (tails.at_relative, frozenset({"which", "who"})),
    (phrases.at_some_of_which, frozenset({"which", "whom"})),
    (phrases.at_place, frozenset({"where"})),
    (phrases.at_statement, frozenset(words[0] for words in phrases.STATING)),
    (appositions.at_apposition, frozenset({"a", "an"})),
    (tails.at_including, frozenset({"including", "such"})),
    (phrases.at_what_it_is, phrases.OPENING),
    (verbs.at_second_verb, frozenset({"and", "but"})),
    (cuts.at_because, frozenset({"because"})),
    (phrases.at_second_infinitive, frozenset({"and"})),
    (tails.at_means, frozenset({"by", "using", "to"})),
    (tails.at_studied, _RESEARCHERS),
    (phrases.at_found_things, _RESEARCHERS),
    (phrases.at_restriction, frozenset({"that", "which"})),
    (phrases.at_within, frozenset({"which"})),
    (phrases.at_made_of, frozenset({"a", "an"})),
)
"""Each rule with the words of which one must stand in what it cuts: it is asked of nothing else."""


_HANGING = frozenset(
    {
        tails.at_relative,
        tails.at_participle,
        appositions.at_apposition,
        tails.at_including,
        phrases.at_restriction,
        phrases.at_some_of_which,
        phrases.at_place,
        phrases.at_within,
        phrases.at_found_things,
    }
)


def split(text: str, tagger: Tagger, *, drop_frames: bool = False) -> list[str]:
    """`text`, one sentence, as one or more sentences of the same meaning; `[text]` where no cut is certain.

    Args:
        drop_frames: leave out "The researchers found that" where what follows is told without a doubt.
    """
    if not _worth_reading(text, drop_frames):
        return [text]
    parts = _listed(text, tagger) or [text[a:b] for a, b in split_sentences(text)]
    if len(parts) > 1 and all(len(part.split()) >= _FEWEST for part in parts):
        return [piece for part in parts for piece in split(part, tagger, drop_frames=drop_frames)]
    tokens = read_tokens(text, tagger)
    if not tokens or tokens[-1].text != "." or any(t.text in ".?!…" for t in tokens[:-1]):
        return [text]
    pieces = _cut(tokens[:-1])
    if drop_frames:
        claims = [_without_frame(piece) for piece in pieces]
        # "They also found …" would be nobody's once "The researchers found" is gone.
        named = all(
            claim != piece or piece[0].low != "they" for claim, piece in zip(claims, pieces, strict=True)
        )
        pieces = claims if named else pieces
    elif len(pieces) == 1:
        return [text]
    return [_capital(render(piece)) + "." for piece in _also_once(pieces)]


def _listed(text: str, tagger: Tagger) -> list[str]:
    """The items of a sentence that is a numbered list of clauses; none where it is no such."""
    marks = list(_MARK.finditer(text))
    numbers = " ".join(mark[1] for mark in marks)
    if len(marks) < 2 or not any(count.startswith(numbers) for count in _COUNTED):
        return []
    frame = text[: marks[0].start()]
    if frame and not (frame.endswith(" that ") and len(frame.split()) <= _FRAME):
        return []
    ends = [*(mark.start() for mark in marks[1:]), len(text.removesuffix("."))]
    items = [text[mark.end() : end] for mark, end in zip(marks, ends, strict=True)]
    whole = all(stands(read_tokens(item, tagger)) for item in items)
    return [_capital(f"{frame}{item}.") for item in items] if whole else []


def _also_once(pieces: list[Tokens]) -> list[Tokens]:
    """ "They also do Y. They do Z.": "also" is said once of one subject, not in every piece."""
    told = pieces[:1]
    for before, piece in pairwise(pieces):
        again = [t.low for t in piece[:2]]
        twice = again in (["it", "also"], ["they", "also"]) and again == [t.low for t in before[:2]]
        told.append((piece[0], *piece[2:]) if twice else piece)
    return told


def _worth_reading(text: str, drop_frames: bool) -> bool:
    long = len(text.split()) >= lexicon().words
    quoted = text.count(QUOTES[0]) != text.count(QUOTES[1]) or '"' in text
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
    here = {token.low for token in tokens}
    if count_words(tokens) < lexicon().words or "respectively" in here:
        return None
    if {":", ";"} <= here:  # a list with a colon in front
        return None
    for rule, words in _RULES:
        pair = None if words.isdisjoint(here) else rule(tokens)
        if pair and rule in _HANGING and is_tied(after_last_comma(pair[1])):
            continue  # "…, which does Y, in mice": whatever is said of mice may be all of it
        if pair and all(stands(piece) for piece in pair):
            return pair
    return None


def _without_frame(tokens: Tokens) -> Tokens:
    """`tokens` without "The researchers found that", where nothing is in doubt."""
    start = after_linker(tokens)
    main = find_clause(tokens, start)
    if main is None:
        return tokens
    subject = " ".join(t.low for t in tokens[start : main.verb] if t.tag != "AV0")
    claim = after_frame(tokens, main)
    if subject not in lexicon().reporters or not claim or find_clause(tokens, claim) is None:
        return tokens
    if _goes_beyond(tokens, main, claim):
        return tokens
    return (*tokens[:start], *tokens[claim:])


def _goes_beyond(tokens: Tokens, main: Clause, claim: int) -> bool:
    """Whether a second "that" or a second verb of the reporters follows, or "they" who would be nobody."""
    same = {tokens[main.verb].tag, "VVI"} | ({"VVB"} if tokens[main.verb].tag != "VVD" else set())
    for i in range(claim, len(tokens) - 1):
        nobody = tokens[i].low == "they" or (tokens[i].low == "their" and i == claim)
        if nobody and any(t.low in {"researchers", "they"} for t in tokens[main.start : main.verb]):
            return True
        joined = tokens[i].tag == "CJC" or tokens[i].low in {"and", "but", "or"}
        if joined and tokens[i + 1].low in {"that", "whether", "how"}:
            return True
        at = behind_adverbs(tokens, i + 1)
        reports = tokens[at + 1 : at + 2] and tokens[at + 1].low == "that"
        if joined and tokens[at].tag in same and (tokens[i - 1].tag == COMMA or reports):
            return True
    return False


def _capital(text: str) -> str:
    """`text` with a capital, unless it opens with a name such as p53 or mRNA."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    named = any(c.isupper() or c.isdigit() for c in first[1:])
    return text if named else text[:1].upper() + text[1:]
