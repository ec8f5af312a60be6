"""The default digester: a paper's sentences made plain, its facts in ours, each bound to its source."""

import os
import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from domain.body import Body
from domain.digest import Audience, Digest, DigestSentence, DigestStatus, Role
from domain.errors import DigestRefused
from domain.facts import FactTable
from domain.paper import Abstract, Paper, Version
from domain.ports import Bodies
from summarizer.choosing.choice import Choice
from summarizer.choosing.eligibility import source_version
from summarizer.choosing.outline import FINDING, outline, spares
from summarizer.choosing.plans import Plan, load_plan
from summarizer.choosing.reading import Reading, Recent, read
from summarizer.choosing.roles import RoleReader
from summarizer.encoder import Encoder, open_encoder
from summarizer.facts import extract
from summarizer.gate.contradictions import kind_faults
from summarizer.gate.digests import evidence_text
from summarizer.gate.realised import realised_faults
from summarizer.plain.realising import Realiser
from summarizer.plain.steering import fill, load_of_all, steer
from summarizer.plain.telling import Teller
from summarizer.plain.terms import Glossary, load_glossary
from summarizer.text.sentences import split_sentences
from summarizer.text.tagging import open_tagger

_LEAST_SENTENCES = 3
_READ_AHEAD = 4
"""Papers; besides those that are being read."""
_WAITING = 1
"""Threads beyond those that compute: after each step outside Python a thread waits up to 5 ms until the one
that tells lets go of the interpreter, and a core would stand idle."""
_STEP_BACK = 5
"""By how much those threads are nicer than the one that tells: it waits for none, and all wait for it."""


@dataclass(frozen=True, slots=True)
class Source:
    """What digests of a paper are written from."""

    version: Version
    licence: str
    reading: Reading
    facts: FactTable
    doubt: str = ""
    """What the paper says against the kind of study that is told of it."""
    checked: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False)
    """Whether the gate lets our sentence about that evidence pass: all audiences are told the same ones."""

    def allows(self, sentence: DigestSentence) -> bool:
        """Whether the gate finds in the evidence what one of our sentences says."""
        key = sentence.text, evidence_text(sentence)
        if key not in self.checked:
            self.checked[key] = not realised_faults(*key, self.facts)
        return self.checked[key]


class ExtractiveDigester:
    """Writes digests from what the record and, where it may be read, the full text say, and nothing else."""

    name = "extractive/15"

    def __init__(self, cache: Path | None = None, threads: int = 0, bodies: Bodies | None = None) -> None:
        self._cache = cache
        self._bodies = bodies
        self._reader: tuple[Encoder, RoleReader] | None = None
        self._glossary: Glossary | None = None
        self._recent: Recent[Source] = Recent()
        self._latest: tuple[Paper, str, Source] | None = None
        """The paper told last, with its hash: each audience asks for the same one."""
        self._waiting: dict[str, tuple[Version, Abstract]] = {}
        self._ahead: dict[str, Future[Reading]] = {}
        # Several papers at once, a thread each: threads that share a paper wait for each other, busily.
        self._threads = threads or os.cpu_count() or 1
        self._background = ThreadPoolExecutor(self._threads + _WAITING, "reading", _step_back)

    def digest(self, paper: Paper, audience: Audience) -> Digest:
        """Write the digest of `paper` for `audience`, or raise `DigestRefused`."""
        source, source_hash = self._source(paper)
        plan = load_plan(audience)
        sentences = self._written(source, plan)
        digest = Digest(
            paper_id=paper.id,
            audience=audience,
            engine=self.name,
            source_hash=source_hash,
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            status=DigestStatus.PUBLISHED,
            sentences=plan.told_in_order(sentences, source.facts.study_kind),
            licence=source.licence,
        )
        if source.doubt:
            raise DigestRefused("study-kind", source.doubt, digest)
        if plan.most_grade is not None and (grade := load_of_all(digest.sentences).grade) > plan.most_grade:
            raise DigestRefused("too-hard", f"{grade:.1f}", digest)
        return digest

    def read_ahead(self, papers: Sequence[Paper]) -> None:
        """Begin to read papers in the background: the encoder works outside Python, while this thread tells.

        Raises:
            ModelUnavailable: there is no encoder.
        """
        self._open()
        for paper in papers:
            with suppress(DigestRefused):  # told when the paper's own turn comes
                version, abstract, _ = source_version(paper)
                version_hash = version.source_hash
                if version_hash not in self._ahead and self._recent.get(version_hash) is None:
                    self._waiting[version_hash] = version, abstract
        self._begin()

    def _begin(self) -> None:
        """Begin to read what waits longest, while little is read that has not been told.

        More would be read at the cost of the thread that tells, which would be left alone with it at the end.
        """
        while self._waiting and len(self._ahead) < self._threads + _READ_AHEAD:
            version_hash = next(iter(self._waiting))
            version, abstract = self._waiting.pop(version_hash)
            self._ahead[version_hash] = self._background.submit(read, version, abstract, *self._open())

    def facts(self, paper: Paper) -> FactTable:
        """The facts of the version that digests of `paper` are written from; raises `DigestRefused`."""
        return self._source(paper)[0].facts

    def _source(self, paper: Paper) -> tuple[Source, str]:
        """What is read of `paper`, and the hash of what a digest of it is bound to."""
        latest = self._latest
        if latest is None or latest[0] is not paper:
            latest = self._latest = paper, paper.source_hash, self._source_of(paper)
        return latest[2], latest[1]

    def _source_of(self, paper: Paper) -> Source:
        version, abstract, licence = source_version(paper)
        version_hash = version.source_hash
        source = self._recent.get(version_hash)
        # Facts rest on fields that the hash leaves out, such as grants: the same hash may be another version.
        if source is None or source.version != version:
            source = self._read(version, abstract, licence, self._taken(version_hash))
            self._recent.keep(version_hash, source)
        return source

    def _taken(self, version_hash: str) -> Future[Reading] | None:
        """The reading that was begun of a version, if one was; the next is begun in its place."""
        self._waiting.pop(version_hash, None)
        ahead = self._ahead.pop(version_hash, None)
        if ahead is None and self._ahead:
            # Told in another order, or some of it not at all: what was read first makes room.
            self._ahead.pop(next(iter(self._ahead)))
        self._begin()
        return ahead

    def _read(
        self, version: Version, abstract: Abstract, licence: str, ahead: Future[Reading] | None
    ) -> Source:
        reading = ahead.result() if ahead else read(version, abstract, *self._open())
        body: Body | None = self._bodies.body(version) if self._bodies else None
        facts = extract(version, reading, body)
        # Those that cannot be told say too what was done, and the gate reads them.
        said = (abstract.text[a:b] for a, b in split_sentences(abstract.text))
        doubt = "; ".join(kind_faults(facts.study_kind, said))
        return Source(version, licence, reading, facts, doubt)

    def _written(self, source: Source, plan: Plan) -> list[DigestSentence]:
        if len(source.reading.sentences) < _LEAST_SENTENCES:
            raise DigestRefused("too-short")
        choices = outline(source.reading, source.facts, plan)
        if not _has_finding(choice.role for choice in choices):
            raise DigestRefused("no-findings")
        kind = source.facts.study_kind
        teller = Teller(plan, self._words(), source.reading.abbreviations, open_tagger(), kind)
        told = self._told(source, plan, teller, choices)
        messages = frozenset(choice.index for choice in choices if choice.role is Role.KEY)
        if messages and not any(sentence.role is Role.KEY for sentence in told):
            # The gate let none of them pass: another sentence is the message.
            choices = outline(source.reading, source.facts, plan, messages)
            told = self._told(source, plan, teller, choices)
        if not _has_finding(sentence.role for sentence in told):
            raise DigestRefused("unfaithful")
        return [*told, *_realised(source, plan, told)]

    def _told(
        self, source: Source, plan: Plan, teller: Teller, choices: list[Choice]
    ) -> list[DigestSentence]:
        if plan.target_grade is None:
            done = fill(teller.tell(choices), spares(source.reading, choices), teller.tell)
        else:
            fixed = load_of_all(_realised(source, plan))
            others = spares(source.reading, choices)
            done = steer(choices, others, teller.tell, fixed, plan.target_grade)
        return [sentence for one in done for sentence in one.sentences]

    def _open(self) -> tuple[Encoder, RoleReader]:
        if self._reader is None:
            encoder = open_encoder(self._cache, threads=1)
            self._reader = encoder, RoleReader(encoder)
        return self._reader

    def _words(self) -> Glossary:
        if self._glossary is None:
            self._glossary = load_glossary()
        return self._glossary


def _step_back() -> None:
    """Let other threads go first; only Linux has a niceness of a thread, elsewhere it is the process's."""
    if sys.platform == "linux":
        with suppress(OSError):  # a container may forbid it
            os.nice(_STEP_BACK)


def _realised(source: Source, plan: Plan, told: Sequence[DigestSentence] = ()) -> list[DigestSentence]:
    """The facts told, so far as the gate finds them in the evidence."""
    realiser = Realiser(source.facts, plan, source.version)
    ours = [*realiser.sentences(told), *(realiser.brief(told) if told else ())]
    return [sentence for sentence in ours if source.allows(sentence)]


def _has_finding(roles: Iterable[Role]) -> bool:
    return any(role in FINDING for role in roles)
