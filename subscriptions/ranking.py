"""What comes first in a letter, and how much of it there is room for."""

from collections.abc import Iterable

from domain.paper import Paper
from domain.subscription import News, NewsKind

_ORDER = {
    kind: place
    for place, kind in enumerate(
        (
            NewsKind.NOTE,
            NewsKind.RETRACTED,
            NewsKind.WITHDRAWN,
            NewsKind.CONCERN,
            NewsKind.CANCELLED,
            NewsKind.MOVED,
            NewsKind.CORRECTED,
            NewsKind.RESULTS,
            NewsKind.VERSION,
            NewsKind.DEADLINE,
            NewsKind.CLOSING,
            NewsKind.MEETING,
            NewsKind.OPPORTUNITY,
            NewsKind.PAPER,
        )
    )
}
_STUDIES = {
    "guideline": 1.0,
    "systematic-review": 1.0,
    "randomised-trial": 1.0,
    "clinical-trial": 0.8,
    "population": 0.7,
    "cohort": 0.6,
    "diagnostic": 0.6,
    "quasi-experimental": 0.6,
    "case-control": 0.5,
    "economic": 0.5,
    "qualitative": 0.5,
    "review": 0.5,
    "cross-sectional": 0.4,
    "modelling": 0.4,
    "animal": 0.3,
    "laboratory": 0.3,
    "data": 0.3,
    "case-report": 0.2,
    "protocol": 0.1,
    "editorial": 0.0,
    "notice": 0.0,
}
_UNKNOWN_STUDY = 0.3
_MATCH, _STUDY, _DIGEST, _RECENCY = 2.0, 0.8, 0.5, 0.2
"""What each can add: how well it fits what was asked, what it can show, that it is told in plain words."""


def rank(paper: Paper, age: float = 0.0) -> float:
    """How far in front a new paper comes, however well it fits; `age` runs from 0 to 1 (90 days)."""
    return _STUDY * _STUDIES.get(paper.primary.study_type or "", _UNKNOWN_STUDY) + _RECENCY * (1 - age)


def fitting(rank_: float, match: float) -> float:
    """The same for who asked for it: `match` runs from 0 to 1."""
    return round(rank_ + _MATCH * match, 4)


def with_digest(news: News) -> float:
    """The rank of a paper that is told in plain words for the audience of the letter."""
    return news.rank + _DIGEST


def once(news: Iterable[News]) -> list[News]:
    """Of what is new and closes soon, that it closes."""
    told = list(news)
    closing = {one.target for one in told if one.kind is NewsKind.CLOSING}
    return [one for one in told if one.kind is not NewsKind.OPPORTUNITY or one.target not in closing]


def ordered(news: Iterable[News], digested: frozenset[str] = frozenset()) -> list[News]:
    """What warns first, then what changes plans, then what is new: the best, then the latest first."""

    def place(one: News) -> tuple[int, float]:
        own = with_digest(one) if one.target in digested else one.rank
        return _ORDER.get(one.kind, len(_ORDER)), -own

    latest = sorted(sorted(news, key=lambda one: one.key), key=lambda one: one.at, reverse=True)
    return sorted(latest, key=place)
