"""The kind of study a version reports, by `config/study_types.toml`; None when it does not show."""

import re
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass
from functools import cache
from itertools import chain

from config import load_table
from crawler.telling.hints import Hints, compiled
from domain.paper import Abstract, Version

UNFINISHED_OR_SECOND_HAND = frozenset(
    {"protocol", "editorial", "notice", "guideline", "systematic-review", "review"}
)
"""Kinds of writing that report no results of a trial of their own."""
TRIALS = frozenset({"randomised-trial", "clinical-trial"})
"""Kinds of writing that report a trial."""
_BENCH = frozenset({"animal", "laboratory"})
_NOT_RANDOM = re.compile(
    r"(?:n(?<=\bn)(?:ot?|ever|or|on)|f(?<=\bf)ew|w(?<=\bw)ithout)[\s-]?(?:\w+ ){0,2}randomi?[sz]?\w*"
)
"""Begins with a letter, not with its edge, which is quicker to look for."""
_PEOPLE = re.compile(
    r"(?:p(?<=\bp)(?:atients?|articipants)|v(?<=\bv)olunteers|w(?<=\bw)omen|m(?<=\bm)en"
    r"|c(?<=\bc)(?:hildren|ases)|i(?<=\bi)ndividuals)\b"
)
_ANIMALS = re.compile(r"\b(?:mice|mouse|rats?|rabbits|pigs|piglets|dogs|sheep)\b")
_FIRST_LETTERS = re.compile(r"\\b([a-z ]+)(?![a-z ?*+{|])")
_HUMAN_HEADINGS = frozenset(
    {"Adult", "Middle Aged", "Aged", "Child", "Infant", "Aged, 80 and over", "Adolescent"}
)


@dataclass(frozen=True, slots=True)
class _Kind:
    code: str
    publication_types: frozenset[str]
    mesh: frozenset[str]
    title: str
    """A pattern, as `unless`; empty for none."""
    unless: str


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The kinds in the order in which they are tried, and what leads to them."""

    by_code: dict[str, _Kind]
    publication_types: dict[str, _Kind]
    """In lower case; each leads to the first of its kinds."""
    mesh: frozenset[str]
    """Headings of any kind."""
    in_title: Hints[str]
    texts: tuple[tuple[_Kind, str], ...]
    """Kinds and the patterns that tell them in abstracts, each of which has hints of its own."""
    together: tuple[tuple[_Kind, frozenset[int], int], ...]
    """Kinds, the groups of pieces of which one each tells them, and the group that speaks against them."""
    in_text: Hints[int]
    """Places in `texts`, and behind those the groups of `together`: one pass over a text finds both."""


@cache
def _kinds() -> _Kinds:
    rows = load_table("study_types")
    kinds = {
        code: _Kind(
            code=code,
            publication_types=frozenset(name.lower() for name in row.get("publication_types", ())),
            mesh=frozenset(row.get("mesh", ())),
            title=_any(row.get("title", ())),
            unless=_any(row.get("unless", ())),
        )
        for code, row in rows.items()
    }
    texts = [(kinds[code], pattern) for code, row in rows.items() for pattern in row.get("text", ())]
    hints = [pieces for row in rows.values() for pieces in row.get("text", {}).values()]
    together = []
    for code, row in rows.items():
        if "together" in row:
            without = len(hints) + len(row["together"]["all"])
            together.append((kinds[code], frozenset(range(len(hints), without)), without))
            hints += [*row["together"]["all"], row["together"]["without"]]
    return _Kinds(
        kinds,
        {name: kind for kind in reversed(kinds.values()) for name in kind.publication_types},
        frozenset().union(*(kind.mesh for kind in kinds.values())),
        Hints({code: row["title_hints"] for code, row in rows.items()}),
        tuple((kind, _behind_a_mark(pattern)) for kind, pattern in texts),
        tuple(together),
        Hints(dict(enumerate(hints))),
    )


def _any(patterns: Sequence[str]) -> str:
    """One pattern for several; their first `\\b` is shared, which spares most letters all but one look."""
    words = "|".join(f"(?:{pattern[2:]})" for pattern in patterns if pattern.startswith(r"\b"))
    others = [f"(?:{pattern})" for pattern in patterns if not pattern.startswith(r"\b")]
    return "|".join([rf"\b(?:{words})", *others] if words else others)


def _behind_a_mark(pattern: str) -> str:
    r"""`pattern` without the `\b` it begins with, quicker to look for behind some mark.

    Letters that it begins with come first, as they are the quickest to find.
    """
    if found := _FIRST_LETTERS.match(pattern):
        return rf"{found[1]}(?<=\W{found[1]}){pattern[found.end() :]}"
    return rf"\W{pattern[2:]}" if pattern.startswith(r"\b") else pattern


def _holds(text: str, pattern: str) -> bool:
    return bool(pattern) and compiled(pattern).search(text) is not None


def study_type(version: Version) -> str | None:
    """The code of the kind of study: by publication type, else title, else MeSH, else abstract."""
    title = version.title.lower()
    if code := _of_publication_types(version.publication_types, title):
        return code
    main = version.abstract()
    text = _without_denials(_labelled(main).lower()) if main else ""
    found = _kinds().in_text.within(text)
    texts = _kinds().texts
    hinted = [texts[number] for number in sorted(found) if number < len(texts)]
    if any(kind.code == "protocol" and _holds(text, pattern) for kind, pattern in hinted):
        return "protocol"  # tells of results to come, whatever kind of study its title names
    headings = frozenset(heading.name for heading in version.mesh)
    return (
        _of_title(title, text, headings)
        or _of_headings(headings, text)
        or _of_text(text, hinted, title, headings)
        or _of_pieces(found, text, title, headings)
    )


def _labelled(abstract: Abstract) -> str:
    """The sections of `abstract` behind their labels, each in a line of its own behind a line's end."""
    lines = chain.from_iterable([(part.label, part.text) for part in abstract.sections])
    return "\n".join(["", *filter(None, lines)])


def _without_denials(text: str) -> str:
    """`text` without "not randomised" and its like, which name what a study is not."""
    return _NOT_RANDOM.sub("chosen", text) if "random" in text else text


def _of_publication_types(given: Sequence[str], title: str) -> str | None:
    known = _kinds().publication_types
    found = {kind.code for name in given if (kind := known.get(name.lower()))}
    if not found:
        return None
    code = next(code for code in _kinds().by_code if code in found)
    # "Review" is also given to systematic ones, and a trial's protocol is often filed as a trial.
    if code in {"review", "randomised-trial", "clinical-trial"}:
        return _first_of({"protocol", "systematic-review"}, title) or code
    return code


def _first_of(codes: Collection[str], title: str) -> str | None:
    kinds = (kind for kind in _kinds().by_code.values() if kind.code in codes)
    return next((kind.code for kind in kinds if _holds(title, kind.title)), None)


def _of_title(title: str, text: str, headings: Collection[str]) -> str | None:
    if not (hinted := _kinds().in_title.within(title)):
        return None
    for code, kind in _kinds().by_code.items():
        if code not in hinted or not _holds(title, kind.title) or _holds(title, kind.unless):
            continue
        if not (code in _BENCH and _with_people(text, headings)):
            return code
    return None


def _of_headings(headings: Collection[str], text: str) -> str | None:
    if _kinds().mesh.isdisjoint(headings):
        return None
    for code, kind in _kinds().by_code.items():
        if not kind.mesh.isdisjoint(headings) and not (code in _BENCH and _with_people(text, headings)):
            return code
    return None


def _of_text(
    text: str, hinted: Iterable[tuple[_Kind, str]], title: str, headings: Collection[str]
) -> str | None:
    for kind, pattern in hinted:
        if _holds(text, pattern) and _may_be(kind, text, title, headings):
            return kind.code
    return None


def _of_pieces(found: Set[int], text: str, title: str, headings: Collection[str]) -> str | None:
    """The first kind of which the pieces stand together in `text`."""
    for kind, groups, without in _kinds().together:
        if groups <= found and without not in found and _may_be(kind, text, title, headings):
            return kind.code
    return None


def _may_be(kind: _Kind, text: str, title: str, headings: Collection[str]) -> bool:
    """Whether nothing speaks against `kind` in an abstract that tells it."""
    if _holds(title, kind.unless):
        return False
    if kind.code in TRIALS:
        return not _ANIMALS.search(text) or len(_ANIMALS.findall(text)) <= len(_PEOPLE.findall(text))
    return not (kind.code in _BENCH and _with_people(text, headings))


def _with_people(text: str, headings: Collection[str]) -> bool:
    """Whether people were studied too, so that "animal" or "laboratory" would say too little."""
    if headings:
        return "Humans" in headings and not _HUMAN_HEADINGS.isdisjoint(headings)
    return len(_PEOPLE.findall(text)) >= 3
