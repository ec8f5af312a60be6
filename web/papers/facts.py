"""What a paper's versions say of data, companies, meetings and funding: from all of them, each once."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from domain.paper import Author, Grant, MeshHeading, Paper, Version, unique
from domain.statements import Industry, IndustryRole, Meeting, Sharing
from web.labels import INDUSTRY, SHARED, SHARING, VERSION_KINDS, cut, number
from web.papers.links import Place, data_place, place_of

_T = TypeVar("_T")
MOST = 4
"""So many statements and so many companies are shown."""
_ROOM = 900
"""Characters for all quotations of one kind, so that no record can swell a page."""
_LINKS = 6
"""Links for all statements."""
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:inc|incorporated|ltd|limited|llc|gmbh|ag|plc|corp|corporation|s\.?a|co)\b[.,\s]*$"
)
"""What may stand after a company's name, or not."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What authors say about getting at data or code."""

    title: str
    """“Data: open”."""
    meaning: str
    evidence: str
    places: tuple[Place, ...]
    version: str
    """Which version says so, where that is not the one to read first."""


@dataclass(frozen=True, slots=True)
class Company:
    """A company and its parts in the paper, each in words with the sentence that shows it."""

    name: str
    parts: tuple[tuple[str, str], ...]
    roles: tuple[IndustryRole, ...]


@dataclass(frozen=True, slots=True)
class Presented:
    """The meeting at which a version was presented."""

    meeting: Meeting
    version: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the paper page shows of a paper's versions taken together."""

    sharing: tuple[Stated, ...]
    places: tuple[Place, ...]
    """Data and code that go with the paper and that no statement names."""
    companies: tuple[Company, ...]
    more: tuple[int, int]
    """Statements and companies that are left out for length."""
    interests: tuple[tuple[str, str], ...]
    """Competing interests, with the version that states them where it is not the one to read first."""
    meetings: tuple[Presented, ...]
    sample: str
    sample_evidence: str
    study_type: str | None
    grants: tuple[Grant, ...]
    mesh: tuple[MeshHeading, ...]
    keywords: tuple[str, ...]
    cited: int
    """How many works the version that lists most of them cites: those that have a DOI or PubMed number."""
    corresponding_countries: tuple[str, ...]


def to_facts(paper: Paper) -> Facts:
    """The facts of a paper."""
    stated, companies = tuple(_sharing(paper)), _companies(paper)
    told = {place.url or place.name for one in stated for place in one.places}
    linked = unique(data_place(link) for version in paper.versions for link in version.data)
    sample = next((version.sample_size for version in paper.versions if version.sample_size), None)
    return Facts(
        sharing=_bounded(stated),
        places=tuple(place for place in linked if (place.url or place.name) not in told),
        companies=_quoted(companies[:MOST]),
        more=(max(len(stated) - MOST, 0), max(len(companies) - MOST, 0)),
        interests=tuple(_interests(paper)),
        meetings=tuple(
            Presented(meeting, _version_name(paper, version))
            for meeting, version in _each(
                paper, lambda version: (version.meeting,) if version.meeting else ()
            )
        ),
        sample=f"{number(sample.number)} {sample.unit}" if sample else "",
        sample_evidence=cut(sample.evidence, 160) if sample else "",
        study_type=paper.study_type,
        grants=_first_by(_grant_key, (grant for v in paper.versions for grant in v.grants)),
        mesh=_first_by(lambda one: one.name.casefold(), (h for v in paper.versions for h in v.mesh)),
        keywords=_first_by(str.casefold, (word for v in paper.versions for word in v.keywords)),
        cited=max(len(version.cites) for version in paper.versions),
        corresponding_countries=unique(c for v in paper.versions for c in v.corresponding_countries),
    )


def corresponding_authors(paper: Paper) -> tuple[Author, ...]:
    """The authors of the version to read first; where it does not tell who corresponds, another one may."""
    authors = paper.primary.authors
    if any(author.corresponding for author in authors):
        return authors
    others = [a for version in paper.versions[1:] for a in version.authors if a.corresponding]
    named = {name for author in others for name in (author.orcid, author.name.casefold()) if name}
    return tuple(
        replace(author, corresponding=author.orcid in named or author.name.casefold() in named)
        for author in authors
    )


def _version_name(paper: Paper, version: Version) -> str:
    return "" if version is paper.primary else VERSION_KINDS[version.kind].lower()


def _each(paper: Paper, values: Callable[[Version], Iterable[_T]]) -> Iterator[tuple[_T, Version]]:
    """The values of all versions, each once, with the first version that has it."""
    found: dict[_T, Version] = {}
    for version in paper.versions:
        for value in values(version):
            found.setdefault(value, version)
    yield from found.items()


def _sharing(paper: Paper) -> Iterator[Stated]:
    seen: set[tuple[object, ...]] = set()
    for one, version in _each(paper, lambda version: version.sharing):
        key = (one.what, one.state, " ".join(one.evidence.split()).casefold())
        if key not in seen:
            seen.add(key)
            yield _stated(one, _version_name(paper, version))


def _stated(one: Sharing, version: str) -> Stated:
    state, meaning = SHARING[one.state]
    places = unique(place_of(link) for link in one.links)
    return Stated(f"{SHARED[one.what]}: {state}", meaning, one.evidence, places, version)


def _companies(paper: Paper) -> tuple[Company, ...]:
    found: dict[str, list[Industry]] = {}
    for one, _ in _each(paper, lambda version: version.industry):
        parts = found.setdefault(_LEGAL_FORM.sub("", one.organisation.casefold()).strip(" .,"), [])
        if one.role not in {known.role for known in parts}:
            parts.append(one)
    return tuple(
        Company(
            parts[0].organisation.rstrip(" ,;"),
            tuple((INDUSTRY[one.role], one.evidence) for one in parts),
            tuple(one.role for one in parts),
        )
        for parts in found.values()
    )


def _bounded(stated: tuple[Stated, ...]) -> tuple[Stated, ...]:
    """The first statements; the more there are, the less of each."""
    shown = stated[:MOST]
    share = max(len(shown), 2)
    return tuple(
        replace(one, evidence=cut(one.evidence, _ROOM // share), places=one.places[: _LINKS // share])
        for one in shown
    )


def _quoted(companies: tuple[Company, ...]) -> tuple[Company, ...]:
    share = max(sum(len(company.parts) for company in companies), 4)
    return tuple(
        replace(one, parts=tuple((role, cut(evidence, _ROOM // share)) for role, evidence in one.parts))
        for one in companies
    )


def _interests(paper: Paper) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for version in paper.versions:
        words = " ".join(version.competing_interests.split())
        if words and words.casefold() not in seen:
            seen.add(words.casefold())
            yield words, _version_name(paper, version)


def _grant_key(grant: Grant) -> tuple[str, str]:
    """Funder and number, whatever country is told with them."""
    return grant.funder.casefold(), grant.award.casefold()


def _first_by(key: Callable[[_T], object], values: Iterable[_T]) -> tuple[_T, ...]:
    """The first of the values that have the same key."""
    found: dict[object, _T] = {}
    for value in values:
        found.setdefault(key(value), value)
    return tuple(found.values())
