"""Whole digests: every sentence anchored and faithful, the kind of study said, nothing taken back told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from config import load_table
from domain.body import Body
from domain.digest import STORY, Digest, DigestSentence, Role
from domain.evidence import Evidence, is_anchored
from domain.facts import FactKind, FactTable, StudyKind
from domain.paper import NoticeKind, Version
from summarizer.choosing.plans import load_plan
from summarizer.gate.causality import overclaims
from summarizer.gate.contradictions import kind_faults
from summarizer.gate.entailment import faults_of_group
from summarizer.gate.framing import background_told_as_found
from summarizer.gate.numbers import numbers
from summarizer.gate.prose import has, read_prose, read_source
from summarizer.gate.realised import is_caution, realised_faults, species_names
from summarizer.plain.terms import load_glossary
from summarizer.text.abbreviations import Abbreviation, find_abbreviations
from summarizer.text.readability import measure
from summarizer.text.sentences import split_sentences

WHOLE = -1
"""The sentence of a fault that lies in the digest as a whole."""
_TAKEN_BACK = (NoticeKind.RETRACTED, NoticeKind.WITHDRAWN)
_IN_SPECIES = (StudyKind.ANIMAL, StudyKind.LABORATORY)
_CLAIMS = (Role.KEY, Role.RESULT, Role.MEANING)
_TOLD = frozenset({*STORY, Role.KEY, Role.HARM})
"""Roles in which a sentence may look like one of ours and be the paper's."""
_BY_RULES = "extractive"
"""What the name of an engine begins with that tells the authors' own sentences."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a digest, and where."""

    sentence: int
    """Its place among the sentences; `WHOLE` where it is none of them."""
    kind: str
    """`anchor`, `retracted`, `study kind`, `length`, `grade`, `cause`, or what `faults` begins with."""
    detail: str = ""


def digest_faults(
    digest: Digest, facts: FactTable, version: Version, body: Body | None = None
) -> list[Fault]:
    """All that is wrong with `digest`; nothing when it may be published.

    Args:
        version: what it was written from; `body` its full text where that was read.
    """
    if not digest.sentences:
        return [Fault(WHOLE, "length", "no sentences")]
    return [
        *_whole_faults(digest, facts, version),
        *_anchor_faults(digest, version, body),
        *_sentence_faults(digest, facts, version),
    ]


def permitted_texts(evidence: str, abbreviations: Mapping[str, Abbreviation]) -> list[str]:
    """Other words than the evidence's that mean the same: long forms of abbreviations, and plain words."""
    long = [
        form
        for pair in abbreviations.values()
        if pair.short.removesuffix("s") in evidence
        for form in (pair.long, pair.long + "s", pair.long.removesuffix("s"))
    ]
    return [*long, *load_glossary().plain_words(" ".join([evidence, *long]))]


def evidence_text(sentence: DigestSentence) -> str:
    """All that a sentence rests on."""
    return "\n".join(evidence.text for evidence in _evidence(sentence))


def _evidence(sentence: DigestSentence) -> tuple[Evidence, ...]:
    return (sentence.evidence, *sentence.also)


def _anchor_faults(digest: Digest, version: Version, body: Body | None) -> Iterator[Fault]:
    for place, sentence in enumerate(digest.sentences):
        if not all(is_anchored(evidence, version, body) for evidence in _evidence(sentence)):
            yield Fault(place, "anchor", sentence.text)


def _whole_faults(digest: Digest, facts: FactTable, version: Version) -> Iterator[Fault]:
    taken_back = {str(notice.kind) for notice in version.notices if notice.kind in _TAKEN_BACK}
    taken_back |= {fact.value for fact in facts.of(FactKind.NOTICE) if fact.value in _TAKEN_BACK}
    yield from (Fault(WHOLE, "retracted", kind) for kind in sorted(taken_back))
    if facts.version != version.source_hash:
        yield Fault(WHOLE, "anchor", "facts of another version")
    plan, most = load_plan(digest.audience), load_table("gate")["length"][digest.audience.value]
    read = measure(digest.prose)
    if read.words > most:
        yield Fault(WHOLE, "length", f"{read.words} words")
    if plan.most_grade is not None and read.flesch_kincaid_grade > plan.most_grade:
        yield Fault(WHOLE, "grade", f"{read.flesch_kincaid_grade:.1f}")
    if facts.study_kind in plan.kind_first | {StudyKind.ANIMAL, StudyKind.LABORATORY}:
        yield from _kind_faults(digest, facts.study_kind in plan.kind_first)
    abstract = version.abstract()
    if abstract and any(sentence.role is Role.KIND for sentence in digest.sentences):
        sentences = (abstract.text[a:b] for a, b in split_sentences(abstract.text))
        yield from (Fault(WHOLE, "study kind", doubt) for doubt in kind_faults(facts.study_kind, sentences))
    if facts.study_kind in _IN_SPECIES and not _names_species(digest, facts):
        yield Fault(WHOLE, "study kind", "species not said")


def _kind_faults(digest: Digest, first: bool) -> Iterator[Fault]:
    told = [(i, sentence.text) for i, sentence in enumerate(digest.sentences) if sentence.role is Role.KIND]
    places = [i for i, text in told if not is_caution(text)]
    if not places:
        yield Fault(WHOLE, "study kind", "not said")
    elif first and places[0] != 0:
        yield Fault(places[0], "study kind", "not said first")


def _names_species(digest: Digest, facts: FactTable) -> bool:
    """Whether each species is named where the kind of study is told; beside a design, one animal will do."""
    species = [species_names(fact) for fact in facts.of(FactKind.SPECIES)]
    told = (s.text for s in digest.sentences if s.role is Role.KIND)
    said = " ".join(text for text in told if not is_caution(text)).lower()
    named = [any(has(said, word) for word in names) for names in species]
    if facts.first(FactKind.DESIGN):
        return facts.study_kind is not StudyKind.ANIMAL or not named or any(named) or has(said, "animals")
    return all(named)


def _sentence_faults(digest: Digest, facts: FactTable, version: Version) -> Iterator[Fault]:
    abstract = version.abstract()
    abbreviations = find_abbreviations(f"{abstract.text if abstract else ''}\n{version.title}")
    groups: dict[str, list[int]] = defaultdict(list)
    for i, sentence in enumerate(digest.sentences):
        evidence = evidence_text(sentence)
        problems = realised_faults(sentence.text, evidence, facts)
        if problems == [] or (problems and sentence.role not in _TOLD):
            yield from (Fault(i, *_parted(problem)) for problem in problems)
        else:
            groups[evidence].append(i)
            told = read_prose(sentence.text)
            if sentence.role in _CLAIMS:
                yield from (Fault(i, "cause", problem) for problem in overclaims(told, facts.study_kind))
            if sentence.role is Role.BACKGROUND:
                found = background_told_as_found(told, read_prose(evidence))
                yield from (Fault(i, *_parted(problem)) for problem in found)
    for evidence, places in groups.items():
        sentences = [digest.sentences[i] for i in places]
        free = not all((s.writer or digest.engine).startswith(_BY_RULES) for s in sentences)
        permitted = permitted_texts(evidence, abbreviations)
        problems = faults_of_group([s.text for s in sentences], evidence, permitted, free=free)
        yield from (Fault(places[0], *_parted(problem)) for problem in problems)


def _parted(problem: str) -> tuple[str, str]:
    kind, _, detail = problem.partition(": ")
    return kind, detail


def disagreements(digests: Sequence[Digest]) -> list[str]:
    """Numbers that two texts tell differently of the same evidence: neither tells all of the other's."""
    told: dict[str, dict[str, set[tuple[str, str]]]] = defaultdict(dict)
    for digest in digests:
        for sentence in digest.sentences:
            found = told[evidence_text(sentence)].setdefault(digest.audience.value, set())
            found.update(numbers(read_prose(sentence.text).text))
    return [
        f"{one} and {other}: {sorted(a ^ b)}"
        for evidence, audiences in told.items()
        for (one, a), (other, b) in combinations(audiences.items(), 2)
        if not _agree(a, b, evidence)
    ]


def _agree(a: set[tuple[str, str]], b: set[tuple[str, str]], evidence: str) -> bool:
    """Whether all stand in the evidence; those that follow from it may stand in one text for its own."""
    source = read_source(evidence)
    printed, plain = set(numbers(source.whole.text)), set(numbers(source.plain.text))
    sides = ((a & printed, b & printed), (a - printed, b - printed))
    return a | b <= printed | plain and all(one <= other or other <= one for one, other in sides)
