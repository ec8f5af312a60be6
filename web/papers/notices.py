"""What is said against a paper: each retraction, withdrawal, concern and correction once, and by whom."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.paper import Notice, NoticeKind, Paper, Version, unique
from web.labels import VERSION_KINDS, source_title
from web.papers.links import key_link

GRAVEST_FIRST = (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN, NoticeKind.CONCERN, NoticeKind.CORRECTED)
_ONCE = {NoticeKind.RETRACTED, NoticeKind.WITHDRAWN}
"""What happens to a paper once, however many notices tell of it."""
_LONGEST = 240
"""Characters of a notice's words that are shown."""
_WATCH = "Retraction Watch: "
_SAID_BY = re.compile(r"(.+), says (the publisher|Retraction Watch)$")
_MARKS = (
    (re.compile(r"(?:Publication type: )?Retracted Publication$"), "It is filed as a retracted publication."),
    (re.compile(r"article-type: "), "Its full text is marked as a retracted article."),
    (re.compile(r"Title: "), "Its title says so."),
    (re.compile(r"Preprint withdrawn$"), "The preprint is filed as withdrawn."),
    (re.compile(r"OpenAlex marks it as retracted"), "It is marked as retracted, without naming the notice."),
    (
        re.compile(
            r"(?:retraction|correction|erratum|corrigendum|withdrawal|removal|expression of concern)$", re.I
        ),
        "",
    ),
)
"""Signs that sources are read by → what they say to a reader; nothing where the heading says it already."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One retraction, withdrawal, concern or correction of a paper."""

    kind: NoticeKind
    date: str | None
    sources: tuple[str, ...]
    """Titles of the sources that tell of it."""
    links: tuple[tuple[str, str, str], ...]
    """Scheme, value and address of each record of the notice."""
    words: tuple[str, ...]
    """Reasons and other words of the notice."""
    version: str
    """Which version it is about, where that is not the one to read first."""


@dataclass(slots=True)
class _Told:
    """A notice with who tells of it, and of which version."""

    notice: Notice
    sources: tuple[str, ...]
    version: Version


def standings(paper: Paper) -> tuple[Standing, ...]:
    """What is said against the paper, gravest first, then newest first."""
    found: list[list[_Told]] = []
    for told in _told(paper):
        home = next((group for group in found if _same(group, told)), None)
        if home is None:
            found.append([told])
        else:
            home.append(told)
    rank = GRAVEST_FIRST.index
    newest_first = sorted(
        (_standing(paper, group) for group in found), key=lambda one: one.date or "", reverse=True
    )
    return tuple(sorted(newest_first, key=lambda one: rank(one.kind)))


def _told(paper: Paper) -> Iterator[_Told]:
    """Every notice; those that name a record first, so that the others find their place among them."""
    every = [
        _Told(notice, _sources(version, number), version)
        for version in paper.versions
        for number, notice in enumerate(version.notices)
    ]
    yield from sorted(every, key=lambda told: (told.notice.identifier is None, told.notice.date is None))


def _sources(version: Version, number: int) -> tuple[str, ...]:
    """The names of the sources that tell of the version's notice with that number."""
    origins, name = version.provenance, f"notices/{number}"
    known = [key for key in origins if key == name or key.startswith(f"{name}/")]
    known = known or [key for key in ("notices", "*") if key in origins][:1]
    return unique(origins[key].source for key in known)


def _same(group: list[_Told], told: _Told) -> bool:
    """Whether the notice tells of what those in the group tell of.

    A paper is retracted once. Of two corrections it is less sure: the same record, or one that names none;
    or a record of another register, by another source, of a date that may be the same.
    """
    notice = told.notice
    first = group[0].notice
    if notice.kind is not first.kind:
        return False
    if notice.kind in _ONCE or any(one.notice.identifier == notice.identifier for one in group):
        return True
    if notice.identifier is None:
        return True
    schemes = {one.notice.identifier.partition(":")[0] for one in group if one.notice.identifier}
    sources = {source for one in group for source in one.sources}
    apart = notice.identifier.partition(":")[0] not in schemes and sources.isdisjoint(told.sources)
    return apart and all(_near(one.notice.date, notice.date) for one in group)


def _near(one: str | None, other: str | None) -> bool:
    """Whether two dates may be of one notice, which registers date by up to a month apart."""
    if not one or not other:
        return False
    if len(one) < 7 or len(other) < 7:
        return one[:4] == other[:4]
    months = [12 * int(date[:4]) + int(date[5:7]) for date in (one, other)]
    return abs(months[0] - months[1]) <= 1


def _standing(paper: Paper, group: list[_Told]) -> Standing:
    about = unique(told.version.kind for told in group)
    others = [VERSION_KINDS[kind].lower() for kind in about if kind is not paper.primary.kind]
    return Standing(
        kind=group[0].notice.kind,
        date=min((told.notice.date for told in group if told.notice.date), default=None),
        sources=_titles(group),
        links=unique(key_link(told.notice.identifier) for told in group if told.notice.identifier),
        words=_told_words(group),
        version=" and ".join(others) if len(others) == len(about) else "",
    )


def _titles(group: list[_Told]) -> tuple[str, ...]:
    """Who tells of it; whom a register has it from is named with it."""
    titles = []
    for told in group:
        said = _SAID_BY.match(told.notice.text)
        for source in told.sources:
            title = source_title(source)
            titles.append(f"{title} (from {said[2]})" if said and said[2] not in title else title)
    return unique(titles)


def _told_words(group: list[_Told]) -> tuple[str, ...]:
    """The words of the notices; signs that they were read by only where there are no others."""
    words = unique(words for told in group if (words := _words(told.notice)))
    signs = {sign for _, sign in _MARKS}
    return tuple(one for one in words if one not in signs) or words[:1]


def _words(notice: Notice) -> str:
    """The words of a notice, for a reader."""
    text = " ".join(notice.text.split())
    if said := _SAID_BY.match(text):
        text = said[1]
    for sign, words in _MARKS:
        if sign.match(text):
            return words
    if text.startswith(_WATCH):
        reasons = text.removeprefix(_WATCH)
        return (
            ""
            if reasons == "no reason given"
            else f"Reasons, as Retraction Watch files them: {_stopped(reasons)}"
        )
    return _stopped(text)


def _stopped(text: str) -> str:
    """`text` as a sentence of bounded length."""
    text = text[:_LONGEST].rstrip(" .;,") + ("…" if len(text) > _LONGEST else "")
    return f"{text}." if text and text[-1] not in "…?!" else text
