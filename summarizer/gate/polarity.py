"""Denials and directions: as many told as the evidence has, and of the same things."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from summarizer.gate.prose import Prose, Source, has, inside_brackets

_NEGATION = re.compile(
    r"(?:no|not|never|nor|neither|none|without|cannot|lack(?:s|ed|ing)?|fail(?:s|ed|ing)?|absence|"
    r"absent|unable|"
    r"unlikely|\w{1,12}n['’]t|nothing|hardly|rarely|independent(?:ly)?)"
)
_UP = re.compile(
    r"(?:increas\w+|rais\w+|ris(?:e|es|ing|en)|rose|higher|high|greater|more|most|longer|larger|faster|"
    r"improv\w+|better|enhanc\w+|bigger|"
    r"promot\w+|activat\w+|upregulat\w+|elevat\w+|gain\w*|accelerat\w+|stimulat\w+|superior|grew|"
    r"strengthen\w*|"
    r"positive\w*|above|benefi\w+|sped up|speed(?:s|ing)? up|boost\w*|switch\w* on|turn\w* on|stronger|"
    r"earlier|amplif\w+|stabili[sz]\w+)"
)
_DOWN = re.compile(
    r"(?:decreas\w+|reduc\w+|lower\w*|low|less|least|fewer|fell|fall\w*|declin\w+|shorter|smaller|"
    r"slower|slow\w*|worse\w*|"
    r"inhibit\w+|suppress\w+|downregulat\w+|loss|lost|los(?:e|es|ing)|diminish\w+|lessen\w*|attenuat\w+|"
    r"weak\w+|inferior|drop\w*|"
    r"negative\w*|below|h[eo]ld(?:s|ing)? back|switch\w* off|turn\w* off|harm\w*|block\w*|repress\w+|"
    r"impair\w+|prevent\w*|later|depriv\w+|deplet\w+|"
    r"destabili[sz]\w+)"
)
_DENIED = re.compile(r"\b(?:not|no|without|non|never)[\s-]{1,3}(?P<what>\w+)")
_KEPT = 4_000
_DENYING = frozenset(["non", "not", "no", "never"])
_PREFIXES = ("un", "in", "im", "ir", "non", "dis")
_SHORTEST = 4
_PARTICLES = frozenset(["up", "back", "on", "off"])
_PREFIX = "negation (non-)"
_KINDS = {"negation": _NEGATION, _PREFIX: re.compile("non"), "direction (up)": _UP, "direction (down)": _DOWN}


def polarity_faults(told: Prose, source: Source, permitted: tuple[str, ...]) -> Iterator[str]:
    """Denials and directions that the evidence has not, and brackets that lost theirs."""
    printed, plain = _count(source.whole.words), _count(source.plain.words)
    for kind, number in _count(told.words).items():
        also = _PREFIX if kind == "negation" else ""  # "not" may stand for "non-"
        more = number - max(printed[kind] + printed.get(also, 0), plain[kind] + plain.get(also, 0))
        if more > 0 and more > _count(permitted)[kind]:
            yield f"{kind} added"
    if source.brackets and lost_before(_DENIED, told, source):
        yield "negation left out"


def lost_before(marks: re.Pattern[str], told: Prose, source: Source) -> bool:
    """Whether a bracket lost such a mark: it may go as a whole, but what stays of it must keep the mark.

    Args:
        marks: finds a mark together with the word that it stands before, its group `what`.
    """
    inside = inside_brackets(told.text)
    kept = {match["what"] for match in marks.finditer(inside)}
    return any(
        has(inside, match["what"]) and match["what"] not in kept
        for bracket in source.brackets
        for match in marks.finditer(bracket.lower() if inside else "")
    )


def denials(prose: Prose) -> int:
    """How many denials stand in the text."""
    return _count(prose.words)["negation"]


def left_out_polarity(told: Prose, source: Source) -> Iterator[str]:
    """Denials and directions outside brackets that are not told."""
    here, wanted = _count(told.words), _count(source.outside.words)
    for kind, number in wanted.items():
        spare = max(0, here["negation"] - wanted["negation"]) if kind == _PREFIX else 0
        if here[kind] + spare < number:
            yield f"{kind} left out"


def undenied_words(told: Prose, source: Source, permitted: Sequence[str]) -> Iterator[str]:
    """Words told bare that the evidence, or the word that stands for its, only has denied: "un-", "non-"."""
    for word in told.words:
        if word not in source.words and len(word) >= _SHORTEST:
            denied = next((prefix + word for prefix in _PREFIXES if prefix + word in source.words), "")
            if denied:
                yield f"negation left out: {denied}"
    if "non" in source.words or "non" in permitted:
        theirs = (*source.whole.words, "", *permitted)
        bare = _bare(theirs)
        denied_words = {after for word, after in pairwise(theirs) if word == "non"}
        yield from (
            f"negation left out: non-{word}"
            for word in sorted(denied_words.intersection(told.words) - bare)
            if word in _bare(told.words)
        )


def _bare(words: Sequence[str]) -> set[str]:
    """The words before which nothing denies them."""
    return {word for before, word in pairwise(("", *words)) if before not in _DENYING}


@lru_cache(_KEPT)
def kinds_at(words: tuple[str, ...]) -> tuple[tuple[int, str], ...]:
    """The places of denials and directions, each with what it is."""
    kinds = list(map(_kinds, words))
    if not _PARTICLES.isdisjoint(words):
        for place, (word, after) in enumerate(pairwise(words)):
            if after in _PARTICLES:
                kinds[place] = _kinds(f"{word} {after}") or kinds[place]
    return tuple((place, kind) for place, some in enumerate(kinds) if some for kind in some)


@lru_cache(_KEPT)
def _count(words: tuple[str, ...]) -> Mapping[str, int]:
    kinds = [kind for _, kind in kinds_at(words)]
    return {kind: kinds.count(kind) for kind in (*kinds, *_KINDS)}


@lru_cache(50_000)
def _kinds(word: str) -> tuple[str, ...]:
    return tuple(kind for kind, pattern in _KINDS.items() if pattern.fullmatch(word))
