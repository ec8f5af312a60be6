"""Digest pages: plain sentences, each with the words of the paper it rests on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role, Term
from domain.errors import NotFound
from domain.evidence import ABSTRACT, BODY, TITLE, Evidence, is_anchored
from domain.paper import AbstractKind, Paper, Version, unique
from domain.review import Clarity
from web.labels import RECORD_PLACES, ROLES, date_words, table
from web.notices import Standing, standings
from web.papers import DigestOffer, offer, offers
from web.params import MAX_OFFSET, Params, to_audience, to_page
from web.searching import Tag, warnings
from web.site import Site

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; a hard word is explained beside it."""

    text: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """Words that a sentence rests on, and where they stand."""

    text: str
    place: str
    """In words: "From the abstract, under “Results”"."""
    anchor: str
    """The place on the paper's page that shows them; empty where that shows no such thing."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A numbered sentence with its evidence, or a few that rest on the same words."""

    number: int
    pieces: tuple[Piece, ...]
    terms: tuple[Term, ...]
    proofs: tuple[Proof, ...]
    writer: str = ""
    """Who wrote it, where that is not who wrote the digest."""
    same: bool = False
    """The sentence is the evidence, word for word, so that showing both would only repeat it."""

    @property
    def evidence(self) -> str:
        """The words that it rests on first of all."""
        return self.proofs[0].text


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences under one heading."""

    name: str
    heading: str
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
    standings: tuple[Standing, ...]
    status: int
    clarity: Clarity
    own_words: bool = False
    """The authors wrote a plain summary themselves, which the paper's page shows."""
    logged: bool = False
    """There is a change log to show."""

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
    shown = parts(anchored(own.digest, paper), audience, paper) if own.digest and own.published else ()
    if own.published and not shown:
        own = withheld(own)
    return DigestView(
        paper=paper,
        version=paper.primary,
        audience=audience,
        offer=own,
        offers=every,
        parts=shown,
        standings=standings(paper),
        status=status(own),
        clarity=site.catalog.clarity(paper.id, audience),
        own_words=any(item.kind is AbstractKind.PLAIN for item in paper.primary.abstracts),
        logged=own.digest is not None and own.digest.status is not DigestStatus.REFUSED,
    )


def status(own: DigestOffer) -> int:
    """The HTTP status of a digest page."""
    if own.published:
        return 200
    was_published = own.digest is not None and own.digest.status is not DigestStatus.REFUSED
    return 410 if was_published else 404


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


def anchored(digest: Digest, paper: Paper) -> list[tuple[int, DigestSentence]]:
    """The sentences whose evidence still stands in the paper, with their numbers.

    Full texts are not at hand here: evidence in them is checked by `findings digest --verify`.
    """
    versions = {version.source_hash: version for version in paper.versions}

    def stands(evidence: Evidence) -> bool:
        version = versions.get(evidence.version)
        return version is not None and (evidence.place == BODY or is_anchored(evidence, version))

    return [
        (number, sentence)
        for number, sentence in enumerate(digest.sentences, 1)
        if all(stands(evidence) for evidence in (sentence.evidence, *sentence.also))
    ]


def parts(
    sentences: Iterable[tuple[int, DigestSentence]], audience: Audience, paper: Paper
) -> tuple[Part, ...]:
    """The numbered sentences under the headings for that audience, in the order in which they are told."""
    found: dict[str, tuple[Role, list[Claim]]] = {}
    for number, sentence in sentences:
        _, claims = found.setdefault(heading(audience, sentence.role), (sentence.role, []))
        claim = to_claim(number, sentence, paper)
        if claims and (claims[-1].proofs, claims[-1].writer) == (claim.proofs, claim.writer):
            claims[-1] = joined(claims[-1], claim)
        else:
            claims.append(claim)
    return tuple(Part(role.value, words, tuple(claims)) for words, (role, claims) in found.items())


def joined(one: Claim, other: Claim) -> Claim:
    """Two sentences that rest on the same words, told as one."""
    pieces = (*one.pieces, Piece(" "), *other.pieces)
    return replace(one, pieces=pieces, terms=unique((*one.terms, *other.terms)), same=False)


def heading(audience: Audience, role: Role) -> str:
    """What a section is called for an audience."""
    told = table("digests").get(audience.value, {}).get("headings", {})
    return str(told.get(role.value, ROLES[role]))


def to_claim(number: int, sentence: DigestSentence, paper: Paper) -> Claim:
    """One sentence as the page shows it."""
    every = unique((sentence.evidence, *sentence.also))
    one = " ".join(sentence.text.split()) == " ".join(sentence.evidence.text.split())
    return Claim(
        number=number,
        pieces=pieces(sentence),
        terms=unique(term for term in sentence.terms if term.word and term.meaning),
        proofs=tuple(to_proof(evidence, paper) for evidence in every),
        writer=sentence.writer,
        same=one and len(every) == 1,
    )


def pieces(sentence: DigestSentence) -> tuple[Piece, ...]:
    """The sentence cut at its hard words, each marked once."""
    text, start, cut = sentence.text, 0, []
    spans = sorted(
        (found.start(), term.word)
        for term in unique(sentence.terms)
        if term.word and (found := re.search(rf"(?<!\w){re.escape(term.word)}(?!\w)", text))
    )
    for begin, word in spans:
        if begin >= start:
            cut += [Piece(text[start:begin]), Piece(word, hard=True)]
            start = begin + len(word)
    cut.append(Piece(text[start:]))
    return tuple(piece for piece in cut if piece.text)


def to_proof(evidence: Evidence, paper: Paper) -> Proof:
    """Evidence with the words for its place."""
    if evidence.place == ABSTRACT:
        label = section_label(evidence, paper)
        return Proof(evidence.text, f"the abstract, under “{label}”" if label else "the abstract", "abstract")
    if evidence.place == TITLE:
        return Proof(evidence.text, "the title", "main")
    name, _, under = evidence.place.partition("/")
    if name == BODY:
        where = f", under “{under.capitalize()}”" if under else ""
        return Proof(evidence.text, f"the full text{where}", "")
    return Proof(evidence.text, f"the paper’s record: {RECORD_PLACES.get(name, name.replace('_', ' '))}", "")


def section_label(evidence: Evidence, paper: Paper) -> str:
    """The label of the part of the abstract that the evidence begins in; empty where it has none."""
    version = next((v for v in paper.versions if v.source_hash == evidence.version), None)
    abstract = version.abstract() if version else None
    end = -1
    for section in abstract.sections if abstract else ():
        end += len(section.text) + 1
        if evidence.start < end:
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
