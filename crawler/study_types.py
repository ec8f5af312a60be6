"""The kind of study a version reports, by `config/study_types.toml`; None when it does not show."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from config import load_table
from domain.paper import Version

UNFINISHED_OR_SECOND_HAND = frozenset(
    {"protocol", "editorial", "notice", "guideline", "systematic-review", "review"}
)
"""Kinds of writing that report no results of a trial of their own."""
TRIALS = frozenset({"randomised-trial", "clinical-trial"})
"""Kinds of writing that report a trial."""
_BENCH = frozenset({"animal", "laboratory"})
_NOT_RANDOM = re.compile(r"\b(?:not?|never|nor|few|without|non)[\s-]?(?:\w+ ){0,2}randomi?[sz]?\w*")
_PEOPLE = re.compile(r"\b(?:patients?|participants|volunteers|women|men|children|individuals|cases)\b")
_HUMAN_HEADINGS = frozenset(
    {"Adult", "Middle Aged", "Aged", "Child", "Infant", "Aged, 80 and over", "Adolescent"}
)


@dataclass(frozen=True, slots=True)
class _Kind:
    code: str
    publication_types: frozenset[str]
    mesh: frozenset[str]
    title: re.Pattern[str] | None
    text: re.Pattern[str] | None
    unless: re.Pattern[str] | None
    hints: tuple[str, ...]


@cache
def _kinds() -> tuple[_Kind, ...]:
    return tuple(
        _Kind(
            code=code,
            publication_types=frozenset(name.lower() for name in row.get("publication_types", ())),
            mesh=frozenset(row.get("mesh", ())),
            title=_any(row.get("title")),
            text=_any(row.get("text")),
            unless=_any(row.get("unless")),
            hints=tuple(row.get("hints", ())),
        )
        for code, row in load_table("study_types").items()
    )


def _any(patterns: Sequence[str] | None) -> re.Pattern[str] | None:
    """One pattern for several; their first `\\b` is shared, which spares most letters all but one look."""
    if not patterns:
        return None
    words = "|".join(f"(?:{pattern[2:]})" for pattern in patterns if pattern.startswith(r"\b"))
    others = [f"(?:{pattern})" for pattern in patterns if not pattern.startswith(r"\b")]
    return re.compile("|".join([rf"\b(?:{words})", *others] if words else others))


@cache
def _any_title() -> re.Pattern[str]:
    """Whatever a title can say, so that most titles are looked at once and not once for each kind."""
    rows = load_table("study_types").values()
    found = _any([pattern for row in rows for pattern in row.get("title", ())])
    return found or re.compile(r"(?!)")


def study_type(version: Version) -> str | None:
    """The code of the kind of study: by publication type, else title, else MeSH, else abstract."""
    given = {name.lower() for name in version.publication_types}
    title = version.title.lower()
    main = version.abstract()
    text = _without_denials(main.text.lower()) if main else ""
    headings = frozenset(heading.name for heading in version.mesh)
    return (
        _of_publication_types(given, title)
        or _planned(text)
        or _of_title(title, text, headings)
        or _of_headings(headings, text)
        or _of_text(text, title, headings)
    )


def _without_denials(text: str) -> str:
    """`text` without "not randomised" and its like, which name what a study is not."""
    return _NOT_RANDOM.sub("chosen", text) if "random" in text else text


def _of_publication_types(given: Collection[str], title: str) -> str | None:
    for kind in _kinds():
        if not kind.publication_types.isdisjoint(given):
            # "Review" is also given to systematic ones, and a trial's protocol is often filed as a trial.
            if kind.code in {"review", "randomised-trial", "clinical-trial"}:
                return _first_of({"protocol", "systematic-review"}, title) or kind.code
            return kind.code
    return None


def _planned(text: str) -> str | None:
    """ "protocol" where the abstract tells of results to come, whatever kind of study its title names."""
    kind = next(kind for kind in _kinds() if kind.code == "protocol")
    return kind.code if kind.text and _has_any(text, kind.hints) and kind.text.search(text) else None


def _first_of(codes: Collection[str], title: str) -> str | None:
    found = (kind for kind in _kinds() if kind.code in codes and kind.title and kind.title.search(title))
    return next((kind.code for kind in found), None)


def _of_title(title: str, text: str, headings: Collection[str]) -> str | None:
    if not _any_title().search(title):
        return None
    for kind in _kinds():
        if kind.title and kind.title.search(title) and not (kind.unless and kind.unless.search(title)):
            if kind.code in _BENCH and _with_people(text, headings):
                continue
            return kind.code
    return None


def _of_headings(headings: Collection[str], text: str) -> str | None:
    for kind in _kinds():
        if not kind.mesh.isdisjoint(headings):
            if kind.code in _BENCH and _with_people(text, headings):
                continue
            return kind.code
    return None


def _of_text(text: str, title: str, headings: Collection[str]) -> str | None:
    for kind in _kinds():
        if not kind.text or not _has_any(text, kind.hints) or not kind.text.search(text):
            continue
        if kind.unless and kind.unless.search(title):
            continue
        if not (kind.code in _BENCH and _with_people(text, headings)):
            return kind.code
    return None


def _has_any(text: str, hints: Sequence[str]) -> bool:
    for hint in hints:  # noqa: SIM110 - a generator costs as much as the search itself
        if hint in text:
            return True
    return False


def _with_people(text: str, headings: Collection[str]) -> bool:
    """Whether people were studied too, so that "animal" or "laboratory" would say too little."""
    if headings:
        return "Humans" in headings and not _HUMAN_HEADINGS.isdisjoint(headings)
    return len(_PEOPLE.findall(text)) >= 3
