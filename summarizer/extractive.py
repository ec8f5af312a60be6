"""The default digester: the authors' own sentences, chosen by role, made plain, each bound to its source."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role, Term
from domain.errors import DigestRefused
from domain.evidence import Evidence
from domain.paper import Abstract, Paper, Version
from summarizer.abbreviations import Abbreviation, Speller
from summarizer.check import faults
from summarizer.eligibility import source_version
from summarizer.encoder import Encoder, open_encoder
from summarizer.plans import Plan, load_plan
from summarizer.reading import Reading, Recent, read
from summarizer.roles import RoleReader
from summarizer.selection import choose, follows_on
from summarizer.sentences import Sentence
from summarizer.terms import Glossary, load_glossary
from summarizer.wording import Telling, complete, drop_statistics, in_plain_words, strip_citations

_LEAST_SENTENCES = 3


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence chosen for a digest."""

    sentence: Sentence
    role: Role
    index: int
    """Its place among the sentences of the paper."""


class ExtractiveDigester:
    """Writes digests from what the abstract says, and nothing else."""

    name = "extractive/2"

    def __init__(self, cache: Path | None = None, threads: int = 0) -> None:
        self._cache = cache
        self._threads = threads
        self._reader: tuple[Encoder, RoleReader] | None = None
        self._glossary: Glossary | None = None
        self._recent = Recent()

    def digest(self, paper: Paper, audience: Audience) -> Digest:
        """Write the digest of `paper` for `audience`, or raise `DigestRefused`."""
        version, abstract, licence = source_version(paper)
        reading = self._read(version, abstract)
        plan = load_plan(audience)
        chosen = _choose(reading, plan)
        glossary = self._words()
        kept = glossary.misfits(drop_statistics(choice.sentence.text) for choice in chosen)
        telling = Telling(Speller(reading.abbreviations), glossary, kept)
        told = _tell(chosen, version.source_hash, abstract, telling, reading.abbreviations, plain=plan.plain)
        if not plan.explain:
            told = [replace(sentence, terms=()) for sentence in told]
        if not _has_finding(sentence.role for sentence in told):
            raise DigestRefused("unfaithful")
        return Digest(
            paper_id=paper.id,
            audience=audience,
            engine=self.name,
            source_hash=paper.source_hash,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            status=DigestStatus.PUBLISHED,
            sentences=tuple(told),
            licence=licence,
        )

    def _read(self, version: Version, abstract: Abstract) -> Reading:
        reading = self._recent.get(version.source_hash)
        if reading is None:
            encoder, reader = self._open()
            reading = read(version, abstract, encoder, reader)
            self._recent.keep(reading)
        return reading

    def _open(self) -> tuple[Encoder, RoleReader]:
        if self._reader is None:
            encoder = open_encoder(self._cache, self._threads)
            self._reader = encoder, RoleReader(encoder)
        return self._reader

    def _words(self) -> Glossary:
        if self._glossary is None:
            self._glossary = load_glossary()
        return self._glossary


def _choose(reading: Reading, plan: Plan) -> list[Choice]:
    if len(reading.sentences) < _LEAST_SENTENCES:
        raise DigestRefused("too-short")
    told = choose(reading.sentences, reading.roles, reading.vectors, reading.title, plan)
    if not _has_finding(reading.roles[i] for i in told):
        raise DigestRefused("no-findings")
    return [Choice(reading.sentences[i], reading.roles[i], i) for i in told]


def _tell(
    chosen: Sequence[Choice],
    version: str,
    abstract: Abstract,
    telling: Telling,
    abbreviations: dict[str, Abbreviation],
    *,
    plain: bool,
) -> list[DigestSentence]:
    """The digest's sentences, each through the gate; one that leans on a sentence left out goes with it."""
    told: list[DigestSentence] = []
    last: int | None = None
    for place, choice in enumerate(chosen):
        source = choice.sentence
        assert abstract.text[source.start : source.end] == source.text
        follows = last is not None and last == choice.index - 1
        if not follows and choice.index > 0 and follows_on(source.text):
            continue
        later = " ".join(c.sentence.text for c in chosen[place + 1 :])
        written = _write(choice, telling, abbreviations, later, follows=follows, plain=plain)
        if written is not None:
            evidence = Evidence(version, source.start, source.end, source.text)
            told.append(DigestSentence(written[0], choice.role, evidence, written[1]))
            last = choice.index
    return told


def _write(
    choice: Choice,
    telling: Telling,
    abbreviations: dict[str, Abbreviation],
    later: str,
    *,
    follows: bool,
    plain: bool,
) -> tuple[str, tuple[Term, ...]] | None:
    """One sentence in plain words; in the authors' own where the plain ones fail the gate; else None."""
    source = choice.sentence.text
    own = _full_stop(complete(strip_citations(source), choice.sentence.label, choice.role))
    permitted = [
        form
        for pair in abbreviations.values()
        if pair.short.removesuffix("s") in source
        for form in (pair.long, pair.long + "s", pair.long.removesuffix("s"))
    ]
    if plain:
        text, terms = in_plain_words(own, choice.role, telling, follows=follows, later=later)
        permitted_plain = [*permitted, *telling.glossary.plain_words(" ".join([source, *permitted]))]
        if not faults(text, source, permitted_plain):
            return text, terms
    terms = telling.glossary.terms(own, telling.explained)
    return (own, terms) if not faults(own, source, permitted) else None


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."


def _has_finding(roles: Iterable[Role]) -> bool:
    return any(role in (Role.RESULT, Role.MEANING) for role in roles)
