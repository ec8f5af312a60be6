"""The sentences of a digest as its page shows them: numbered, under headings, each with what it rests on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.digest import Audience, Digest, DigestSentence, Role, Term
from domain.evidence import ABSTRACT, BODY, TITLE, Evidence, is_anchored
from domain.paper import Paper, unique
from web.labels import NOTICES, RECORD_PLACES, ROLES, VERSION_KINDS, cut, label, table

LONGEST_SHOWN = 600
"""A longer passage is shown in part, in characters."""
MOST_SHOWN = 3
"""Of so many passages of one place; the others are folded away."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a sentence; a hard word is explained beside it."""

    text: str
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """What a sentence rests on in one place of the paper."""

    texts: tuple[str, ...]
    """The words of the paper, passage by passage."""
    place: str
    """In words: "From the abstract, under “Results”"."""
    anchor: str
    """The place on the paper's page that shows them; empty where that shows no such thing."""

    @property
    def parted(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is shown at once and what is folded away, so that no sentence drowns in its evidence."""
        first = self.texts[0]
        if len(first) > LONGEST_SHOWN:
            head = cut(first, LONGEST_SHOWN)
            return (head,), (f"…{first[len(head) - 1 :]}", *self.texts[1:])
        return self.texts[:MOST_SHOWN], self.texts[MOST_SHOWN:]


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
        return self.proofs[0].texts[0]


@dataclass(frozen=True, slots=True)
class Part:
    """The sentences under one heading."""

    name: str
    heading: str
    claims: tuple[Claim, ...]


def glossary(parts: Iterable[Part]) -> tuple[Term, ...]:
    """The hard words of which there is more to say than stands beside their sentences, by the alphabet."""
    terms = {term.word.lower(): term for part in parts for claim in part.claims for term in claim.terms}
    return tuple(terms[word] for word in sorted(terms) if terms[word].more)


def anchored(digest: Digest, paper: Paper) -> list[tuple[int, DigestSentence]]:
    """The sentences whose evidence still stands in the paper, with their numbers.

    Full texts are not at hand here: evidence in them is checked by `findings digest --verify`.
    """
    versions = {version.source_hash: version for version in paper.versions}

    def stands(evidence: Evidence) -> bool:
        version = versions.get(evidence.version)
        return version is not None and (evidence.text_of == BODY or is_anchored(evidence, version))

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
        terms=unique(term for term in sentence.terms if term.word and term.long),
        proofs=to_proofs(every, paper),
        writer=sentence.writer,
        same=one and len(every) == 1,
    )


def pieces(sentence: DigestSentence) -> tuple[Piece, ...]:
    """The sentence cut at its hard words, each marked once."""
    text, start, told = sentence.text, 0, []
    spans = sorted(
        (found.start(), term.word)
        for term in unique(sentence.terms)
        if term.word and (found := re.search(rf"(?<!\w){re.escape(term.word)}(?!\w)", text))
    )
    for begin, word in spans:
        if begin >= start:
            told += [Piece(text[start:begin]), Piece(word, hard=True)]
            start = begin + len(word)
    told.append(Piece(text[start:]))
    return tuple(piece for piece in told if piece.text)


def to_proofs(every: Iterable[Evidence], paper: Paper) -> tuple[Proof, ...]:
    """Evidence by the place where it stands, in the order in which the places are first named."""
    found: dict[tuple[str, str], list[str]] = {}
    for evidence in every:
        found.setdefault(place_of(evidence, paper), []).append(in_words(evidence))
    return tuple(Proof(unique(texts), place, anchor) for (place, anchor), texts in found.items())


def place_of(evidence: Evidence, paper: Paper) -> tuple[str, str]:
    """Where evidence stands, in words, and the anchor of that place on the paper's page."""
    if evidence.place == ABSTRACT:
        heading = section_label(evidence, paper)
        return f"the abstract, under “{heading}”" if heading else "the abstract", "abstract"
    if evidence.place == TITLE:
        return "the title", "main"
    name, _, under = evidence.place.partition("/")
    if name == BODY:
        return f"the full text, under “{under.capitalize()}”" if under else "the full text", ""
    return f"the paper’s record: {RECORD_PLACES.get(name, name.replace('_', ' '))}", ""


def in_words(evidence: Evidence) -> str:
    """The words of evidence; the codes of a record are told as its page tells them."""
    text = evidence.text
    match evidence.text_of:
        case "study_type":
            return label("study_types", text)
        case "kind":
            return next((words for kind, words in VERSION_KINDS.items() if kind == text), text)
        case "notices":
            return next((name for kind, (name, _) in NOTICES.items() if kind == text), text)
        case "trials":
            registry, _, number = text.partition(" ")
            return f"{label('registries', registry)} {number}".strip()
    return text


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
