"""Digest pages: plain sentences, each with the words of the paper it rests on."""

from dataclasses import dataclass, replace

from domain.digest import Audience, Digest, DigestStatus, Term
from domain.errors import NotFound
from domain.paper import AbstractKind, Paper, Version
from domain.review import Clarity
from web.digests.changelog import PUBLIC
from web.digests.claims import Part, anchored, glossary, parts
from web.labels import date_words, table
from web.papers.notices import Standing, standings
from web.papers.page import DigestOffer, offer, offers
from web.params import MAX_OFFSET, Params, to_audience, to_page
from web.search.page import Tag, warnings
from web.site import Site

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest, or why there is none; `digest` is published where `parts` is not empty."""

    paper: Paper
    version: Version
    audience: Audience
    offer: DigestOffer
    offers: tuple[DigestOffer, ...]
    parts: tuple[Part, ...]
    standings: tuple[Standing, ...]
    status: int
    clarity: Clarity
    own_words: bool = False
    """The authors wrote a plain summary themselves, which the paper's page shows."""
    logged: bool = False
    """There is a change log to show."""

    @property
    def glossary(self) -> tuple[Term, ...]:
        """Its hard words, explained at length."""
        return glossary(self.parts)

    @property
    def review(self) -> str:
        """Who checked it, in words; empty: nobody."""
        return review_state(self.offer.digest) if self.offer.digest else ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One digest in a list."""

    digest: Digest
    paper: Paper
    tags: tuple[Tag, ...]

    @property
    def review(self) -> str:
        """Who checked it, in words; empty: nobody."""
        return review_state(self.digest)


@dataclass(frozen=True, slots=True)
class DigestList:
    """One page of the list of digests."""

    audience: Audience
    total: int
    entries: tuple[Entry, ...]
    page: int
    pages: int


def show(site: Site, paper: Paper, audience_name: str) -> DigestView:
    """The digest page of a paper for an audience.

    Status 200 when published, 410 when recalled or out of date, 404 when there is none.

    Raises:
        NotFound: no such audience.
    """
    if audience_name not in set(Audience):
        raise NotFound("audience", audience_name)
    audience = Audience(audience_name)
    every = offers(site, paper)
    own = next(o for o in every if o.audience is audience)
    shown = parts(anchored(own.digest, paper), audience, paper) if own.digest and own.published else ()
    if own.published and not shown:
        own = withheld(own)
    logged = own.digest is not None and was_published(site, own.digest)
    return DigestView(
        paper=paper,
        version=paper.primary,
        audience=audience,
        offer=own,
        offers=every,
        parts=shown,
        standings=standings(paper),
        status=200 if own.published else 410 if logged else 404,
        clarity=site.catalog.clarity(paper.id, audience),
        own_words=any(item.kind is AbstractKind.PLAIN for item in paper.primary.abstracts),
        logged=logged,
    )


def was_published(site: Site, digest: Digest) -> bool:
    """Whether it ever was: one that is refused now may have been, and its public log says so."""
    if digest.status is not DigestStatus.REFUSED:
        return True
    return any(entry.act in PUBLIC for entry in site.catalog.digest_log(digest.paper_id, digest.audience))


def withheld(own: DigestOffer) -> DigestOffer:
    """A digest none of whose sentences stands on the paper's words any more."""
    return replace(own, published=False, reason=str(table("refusals").get("source-changed", "")))


def review_state(digest: Digest) -> str:
    """Who checked a digest against its paper, in words; empty: nobody did."""
    if not digest.reviewer:
        return ""
    reworded = any(sentence.writer == digest.reviewer for sentence in digest.sentences)
    done = "Checked and corrected" if reworded else "Checked against the paper"
    return f"{done} by {digest.reviewer} on {date_words(digest.reviewed_at)}"


def listing(site: Site, params: Params, size: int = PAGE_SIZE) -> DigestList:
    """A page of the published digests for an audience, `size` of them, newest first."""
    audience, page = to_audience(params), to_page(params, size)
    total, found = site.catalog.digests(audience, (page - 1) * size, size)
    pages = min(-(-total // size), MAX_OFFSET // size)  # no page beyond can be asked for
    return DigestList(audience, total, entries(site, found), page, pages)


def entries(site: Site, found: list[Digest]) -> tuple[Entry, ...]:
    """The digests that may still be read, with their papers."""
    papers = {paper.id: paper for paper in site.catalog.papers([digest.paper_id for digest in found])}
    return tuple(
        Entry(digest, papers[digest.paper_id], warnings(papers[digest.paper_id]))
        for digest in found
        if digest.paper_id in papers and offer(papers[digest.paper_id], digest.audience, digest).published
    )
