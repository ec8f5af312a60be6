"""Digest pages: plain sentences, each with the words of the paper it rests on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role, Term
from domain.errors import NotFound
from domain.paper import AbstractKind, Paper, Version, unique
from web.notices import Standing, standings
from web.papers import DigestOffer, offer, offers
from web.params import MAX_OFFSET, Params, to_audience, to_page
from web.searching import Tag, warnings
from web.site import Site

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; `word` is the number of its explanation, 0 for none."""

    text: str
    word: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """One numbered sentence with its evidence and where that stands."""

    number: int
    pieces: tuple[Piece, ...]
    evidence: str
    place: str
    same: bool = False
    """The sentence is the evidence, word for word, so that showing both would only repeat it."""


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences of one role."""

    role: Role
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest, or why there is none; `digest` is published where `parts` is not empty."""

    paper: Paper
    version: Version
    audience: Audience
    offer: DigestOffer
    offers: tuple[DigestOffer, ...]
    parts: tuple[Part, ...]
    words: tuple[Term, ...]
    standings: tuple[Standing, ...]
    status: int
    own_words: bool = False
    """The authors wrote a plain summary themselves, which the paper's page shows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One digest in a list."""

    digest: Digest
    paper: Paper
    tags: tuple[Tag, ...]


@dataclass(frozen=True, slots=True)
class DigestList:
    """One page of the list of digests."""

    audience: Audience
    total: int
    entries: tuple[Entry, ...]
    page: int
    pages: int


def show(site: Site, paper_id: str, audience_name: str) -> DigestView:
    """The digest page of a paper for an audience.

    Status 200 when published, 410 when recalled or out of date, 404 when there is none.

    Raises:
        NotFound: no such paper (`Gone` where withdrawn) or no such audience.
    """
    if audience_name not in set(Audience):
        raise NotFound("audience", audience_name)
    audience = Audience(audience_name)
    paper = site.catalog.paper(paper_id)
    every = offers(site, paper)
    own = next(o for o in every if o.audience is audience)
    sentences = own.digest.sentences if own.digest and own.published else ()
    words = words_explained(sentences)
    return DigestView(
        paper=paper,
        version=paper.primary,
        audience=audience,
        offer=own,
        offers=every,
        parts=parts(sentences, words, paper),
        words=words,
        standings=standings(paper),
        status=status(own),
        own_words=any(item.kind is AbstractKind.PLAIN for item in paper.primary.abstracts),
    )


def status(own: DigestOffer) -> int:
    """The HTTP status of a digest page."""
    if own.published:
        return 200
    was_published = own.digest is not None and own.digest.status is not DigestStatus.REFUSED
    return 410 if was_published else 404


def words_explained(sentences: Iterable[DigestSentence]) -> tuple[Term, ...]:
    """Each hard word once, whatever its case, in order of first use."""
    chosen: dict[str, Term] = {}
    for sentence in sentences:
        for term in sentence.terms:
            chosen.setdefault(term.word.casefold(), term)
    return tuple(chosen.values())


def parts(sentences: Iterable[DigestSentence], words: tuple[Term, ...], paper: Paper) -> tuple[Part, ...]:
    """The sentences under their headings, numbered through in the order in which they are read."""
    ordered = list(sentences)
    roles = [role for role in Role if any(s.role is role for s in ordered)]
    numbers = {term.word.casefold(): n for n, term in enumerate(words, 1)}
    made, number = [], 0
    for role in roles:
        claims = []
        for sentence in (s for s in ordered if s.role is role):
            number += 1
            claims.append(
                Claim(
                    number,
                    pieces(sentence, numbers),
                    sentence.evidence.text,
                    place(sentence, paper),
                    " ".join(sentence.text.split()) == " ".join(sentence.evidence.text.split()),
                )
            )
        made.append(Part(role, tuple(claims)))
    return tuple(made)


def pieces(sentence: DigestSentence, numbers: dict[str, int]) -> tuple[Piece, ...]:
    """The sentence cut at its hard words, each marked once."""
    text, start, cut = sentence.text, 0, []
    spans = sorted(
        (found.start(), term.word)
        for term in unique(sentence.terms)
        if term.word and (found := re.search(rf"(?<!\w){re.escape(term.word)}(?!\w)", text))
    )
    for begin, word in spans:
        if begin >= start:
            cut += [Piece(text[start:begin]), Piece(word, numbers.get(word.casefold(), 0))]
            start = begin + len(word)
    cut.append(Piece(text[start:]))
    return tuple(piece for piece in cut if piece.text)


def place(sentence: DigestSentence, paper: Paper) -> str:
    """The label of the part of the abstract that the evidence begins in; empty where it has none."""
    version = next((v for v in paper.versions if v.source_hash == sentence.evidence.version), None)
    abstract = version.abstract() if version else None
    end = -1
    for section in abstract.sections if abstract else ():
        end += len(section.text) + 1
        if sentence.evidence.start < end:
            return section.label
    return ""


def listing(site: Site, params: Params) -> DigestList:
    """The published digests for an audience, newest first."""
    audience, page = to_audience(params), to_page(params, PAGE_SIZE)
    total, found = site.catalog.digests(audience, (page - 1) * PAGE_SIZE, PAGE_SIZE)
    pages = min(-(-total // PAGE_SIZE), MAX_OFFSET // PAGE_SIZE)  # no page beyond can be asked for
    return DigestList(audience, total, entries(site, found), page, pages)


def entries(site: Site, found: list[Digest]) -> tuple[Entry, ...]:
    """The digests that may still be read, with their papers."""
    papers = {paper.id: paper for paper in site.catalog.papers([digest.paper_id for digest in found])}
    return tuple(
        Entry(digest, papers[digest.paper_id], warnings(papers[digest.paper_id]))
        for digest in found
        if digest.paper_id in papers and offer(papers[digest.paper_id], digest.audience, digest).published
    )
