"""The page of one paper: who, what, under which licence, with which warnings, and where we have it from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from domain.digest import Audience, Digest, DigestStatus
from domain.errors import NotFound
from domain.identifiers import is_work_id, parse_key
from domain.paper import AbstractKind, Affiliation, Author, Paper, Version
from domain.query import Query
from web.labels import FIELDS, table
from web.listings.resources import shelves_of
from web.papers.facts import Facts, corresponding_authors, to_facts
from web.papers.notices import Standing, standings
from web.params import PAGE_SIZE, query_string
from web.search.page import Tag, tags, warnings
from web.site import Site

AUTHORS_SHOWN = 16
AFFILIATIONS_SHOWN = 12
SIMILAR = 5
CORRESPONDING_SHOWN = 3
"""So many corresponding authors are named however long the byline is."""
CITED_BY = 4
"""By so many of its identifiers a paper is looked for among what others cite."""


@dataclass(frozen=True, slots=True)
class Byline:
    """Authors with the numbers of their affiliations; how many of each are left out for length."""

    authors: tuple[tuple[Author, tuple[int, ...]], ...]
    affiliations: tuple[tuple[int, Affiliation], ...]
    more_authors: int
    more_affiliations: int

    @property
    def corresponding(self) -> int:
        """How many of those shown are corresponding authors."""
        return sum(author.corresponding for author, _ in self.authors)


@dataclass(frozen=True, slots=True)
class DigestOffer:
    """The digest for one audience, or why there is none."""

    audience: Audience
    digest: Digest | None
    published: bool
    reason: str
    """Plain words; empty when published."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What one source record gave."""

    source: str
    title: str
    native_id: str
    fetched_at: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PaperView:
    """Everything the paper page shows beside the paper itself."""

    paper: Paper
    version: Version
    byline: Byline
    offers: tuple[DigestOffer, ...]
    tags: tuple[Tag, ...]
    standings: tuple[Standing, ...]
    facts: Facts
    origins: tuple[Origin, ...]
    shelves: Mapping[str, str] = field(default_factory=dict)
    """Code of a repository that holds its data or code → the id of its page among the resources."""
    plain_kind: AbstractKind = AbstractKind.PLAIN

    @property
    def published(self) -> tuple[DigestOffer, ...]:
        """The offers that can be read."""
        return tuple(offer for offer in self.offers if offer.published)


def paper_at(site: Site, text: str) -> Paper:
    """The paper that an address names by its id, an alias or an identifier.

    Raises:
        NotFound: nothing has it; `Gone` where it was withdrawn.
    """
    if is_work_id(text):
        return site.catalog.paper(text)
    key = parse_key(text)
    if key is None:
        raise NotFound("paper", text)
    return site.catalog.paper(site.catalog.find(key))


def show(site: Site, paper: Paper) -> PaperView:
    """The paper page."""
    found, facts = offers(site, paper), to_facts(paper)
    return PaperView(
        paper=paper,
        version=paper.primary,
        byline=byline(corresponding_authors(paper)),
        offers=found,
        tags=tags(paper, any(offer.published for offer in found)),
        standings=standings(paper),
        facts=facts,
        origins=origins(paper),
        shelves=shelves_of(site.listings, facts),
    )


def similar(site: Site, paper_id: str) -> tuple[tuple[Paper, tuple[Tag, ...]], ...]:
    """The papers closest in meaning, each with what calls for caution.

    Raises:
        SearchError: the index does not answer; `CatalogError` where the database does not.
    """
    hits = site.index.similar(paper_id, SIMILAR)
    return tuple((paper, warnings(paper)) for paper in site.catalog.papers([hit.paper_id for hit in hits]))


def cited_by(site: Site, paper: Paper) -> tuple[int, str]:
    """How many papers here cite this one, and the address part of the search for them."""
    ids = [version.identifiers for version in paper.versions]
    keys = [key for key in (*(i.doi for i in ids), *(i.pmid for i in ids)) if key][:CITED_BY]
    if not keys:
        return 0, ""
    query = Query(text=" OR ".join(f"cites:{key}" for key in keys), size=1, meaning=False)
    return site.index.search(query).total, query_string(replace(query, size=PAGE_SIZE, meaning=True))


def offers(site: Site, paper: Paper) -> tuple[DigestOffer, ...]:
    """The digest for each audience, or the reason there is none."""
    return tuple(offer(paper, audience, site.catalog.digest(paper.id, audience)) for audience in Audience)


def offer(paper: Paper, audience: Audience, digest: Digest | None) -> DigestOffer:
    """What to say about one digest; one written from an older text is not offered."""
    if digest is None:
        reason = "It has not been written yet."
    elif digest.status is not DigestStatus.PUBLISHED:
        reason = str(table("refusals").get(digest.reason, digest.reason or "No reason was recorded."))
    elif digest.source_hash != paper.source_hash:
        reason = str(table("refusals").get("source-changed", "The paper has changed since it was written."))
    else:
        return DigestOffer(audience, digest, True, "")
    return DigestOffer(audience, digest, False, reason)


def byline(authors: Sequence[Author]) -> Byline:
    """Number the affiliations in order of first mention."""
    numbers: dict[Affiliation, int] = {}
    rows = []
    late = [author for author in authors[AUTHORS_SHOWN:] if author.corresponding][:CORRESPONDING_SHOWN]
    for author in (*authors[:AUTHORS_SHOWN], *late):
        own = [numbers.setdefault(a, len(numbers) + 1) for a in author.affiliations]
        rows.append((author, tuple(n for n in own if n <= AFFILIATIONS_SHOWN)))
    every = {a for author in authors for a in author.affiliations}
    listed = tuple((n, a) for a, n in numbers.items() if n <= AFFILIATIONS_SHOWN)
    return Byline(tuple(rows), listed, len(authors) - len(rows), len(every) - len(listed))


def origins(paper: Paper) -> tuple[Origin, ...]:
    """Which source record gave which fields, in order of first mention."""
    fields: dict[tuple[str, str, str], list[str]] = {}
    for version in paper.versions:
        for name, origin in version.provenance.items():
            key = (origin.source, origin.native_id, origin.fetched_at)
            name = name.partition("/")[0]
            if name == "companion":  # says nothing to a reader
                continue
            words = FIELDS.get(name, name.replace("_", " "))
            if words not in fields.setdefault(key, []):
                fields[key].append(words)
    return tuple(
        Origin(source, str(table("sources").get(source, {}).get("title", source)), native, when, tuple(names))
        for (source, native, when), names in fields.items()
    )
