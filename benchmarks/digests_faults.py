"""What the gate catches: `python -m benchmarks.digests_faults [--data DIR] [--size N] [--json]`.

Digests are written of real papers, faults are planted in their sentences (`benchmarks.planted_faults`), and
the whole digest goes through the gate again. The control looks only at whether every number stands in the
evidence. False alarms are told of digests as they were written, and of the authors' own sentences, told as
they stand: those no gate of ours has sorted before.
"""

import argparse
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.planted_faults import NUMERIC, PLANTERS
from benchmarks.rows import Row, print_rows
from catalog import open_catalog
from crawler.records.importing import import_paths
from domain.digest import Audience, Digest, Role
from domain.errors import DigestRefused
from domain.facts import FactTable
from domain.licence import Licence
from domain.paper import Paper, Version
from summarizer import open_digester
from summarizer.choosing.eligibility import source_version
from summarizer.gate import digest_faults, faults, permitted_texts
from summarizer.plain.wording import strip_citations
from summarizer.text.abbreviations import find_abbreviations
from summarizer.text.sentences import split_sentences

ROOT = Path(__file__).parents[1]
SEED = 20261121
AUDIENCES = (Audience.PUBLIC, Audience.PROFESSIONAL)
CLINICAL = (
    "cohort", "randomised-trial", "cross-sectional", "systematic-review", "diagnostic", "clinical-trial",
    "case-control", "qualitative",
)  # fmt: skip
_EACH_KIND = 120
_ALL = 100_000
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
# MEDLINE states no licences: these digests are measured and thrown away.
_NONE_STATED = Licence("cc0", "not stated; for measuring alone", "none")


@dataclass(frozen=True, slots=True)
class Written:
    """A digest with what it was written from."""

    case: str
    digest: Digest
    facts: FactTable
    version: Version


@dataclass(frozen=True, slots=True)
class Planted:
    """One fault, and who saw it."""

    kind: str
    before: str
    after: str
    caught: bool
    by_control: bool


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--size", type=int, default=150, help="how many papers of each corpus")
    options.add_argument("--missed", action="store_true", help="print the faults that were not caught")
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    written = list(_written(given.data, given.size))
    planted = plant(written, random.Random(SEED))
    if given.missed:
        for fault in planted:
            if not fault.caught:
                print(f"{fault.kind}: {fault.before}\n    -> {fault.after}")
    print_rows([*_caught_rows(planted), *_alarm_rows(written), *_speed_rows(written)], as_json=given.json)


def plant(written: Sequence[Written], chance: random.Random) -> list[Planted]:
    """Faults of every kind, at random places, each alone in its digest."""
    places: dict[str, list[tuple[Written, int, str]]] = defaultdict(list)
    for one in written:
        if digest_faults(one.digest, one.facts, one.version):
            continue
        for place, sentence in enumerate(one.digest.sentences):
            for kind, planter in PLANTERS.items():
                told = planter(sentence.text, chance)
                if told and told != sentence.text and told not in sentence.evidence.text:
                    places[kind].append((one, place, told))
    return [
        _planted(kind, *found)
        for kind, candidates in places.items()
        for found in chance.sample(candidates, min(_EACH_KIND, len(candidates)))
    ]


def _planted(kind: str, one: Written, place: int, told: str) -> Planted:
    sentences = list(one.digest.sentences)
    sentence = sentences[place]
    sentences[place] = replace(sentence, text=told)
    found = digest_faults(replace(one.digest, sentences=tuple(sentences)), one.facts, one.version)
    known = set(_DIGITS.findall(sentence.evidence.text))
    return Planted(kind, sentence.text, told, bool(found), not set(_DIGITS.findall(told)) <= known)


def _written(data: Path, size: int) -> Iterator[Written]:
    digester = open_digester()
    for case, papers in _papers(data, size):
        for paper in papers:
            try:
                version, facts = source_version(paper)[0], digester.facts(paper)
                for audience in AUDIENCES:
                    yield Written(case, digester.digest(paper, audience), facts, version)
            except DigestRefused:
                continue


def _papers(data: Path, size: int) -> Iterator[tuple[str, list[Paper]]]:
    elife = sorted((data / "jats-plain-language").glob("elife_cancer_xml.tar.gz"))
    medline = sorted(data.glob("api-pubmed/**/medline*.xml.gz"))
    for case, paths in (("elife", elife), ("medline", medline)):
        with TemporaryDirectory() as folder:
            catalog = open_catalog(f"sqlite:///{folder}/findings.db", ("jats", "pubmed"))
            import_paths(paths, catalog)
            papers = catalog.pending_digests(Audience.PUBLIC, "none/0", _ALL)
            catalog.close()
        if case == "medline":
            papers = [_free(paper) for paper in papers if paper.versions[0].study_type in CLINICAL]
        yield case, papers[:size]


def _free(paper: Paper) -> Paper:
    versions = (replace(version, licence=version.licence or _NONE_STATED) for version in paper.versions)
    return replace(paper, versions=tuple(versions))


def _caught_rows(planted: Sequence[Planted]) -> Iterator[Row]:
    groups: dict[str, list[Planted]] = defaultdict(list)
    for fault in planted:
        groups[fault.kind].append(fault)
        groups["numeric" if fault.kind in NUMERIC else "other"].append(fault)
        groups["all"].append(fault)
    for kind, some in sorted(groups.items()):
        yield Row(kind, "findings", "planted", len(some), "faults")
        yield Row(kind, "findings", "caught", sum(f.caught for f in some) / len(some), "share")
        yield Row(kind, "numbers-only", "caught", sum(f.by_control for f in some) / len(some), "share")


def _alarm_rows(written: Sequence[Written]) -> Iterator[Row]:
    for case in sorted({one.case for one in written}):
        some = [one for one in written if one.case == case]
        alarms = sum(bool(digest_faults(one.digest, one.facts, one.version)) for one in some)
        yield Row(case, "findings", "digests", len(some), "digests")
        yield Row(case, "findings", "false_alarms", alarms / len(some), "share")
        wrong = sum(not _numbers_known(one.digest) for one in some)
        yield Row(case, "numbers-only", "false_alarms", wrong / len(some), "share")
        yield Row(case, "findings", "false_alarms_own_words", _own_words(some), "share")


def _numbers_known(digest: Digest) -> bool:
    told = [s for s in digest.sentences if s.role is not Role.POPULATION]
    return all(set(_DIGITS.findall(s.text)) <= set(_DIGITS.findall(s.evidence.text)) for s in told)


def _own_words(written: Sequence[Written]) -> float:
    """The share of the authors' own sentences, told as they stand, to which the gate objects."""
    versions = {one.version.source_hash: one.version for one in written}
    told = objected = 0
    for version in versions.values():
        abstract = version.abstract()
        text = abstract.text if abstract else ""
        abbreviations = find_abbreviations(f"{text}\n{version.title}")
        for start, end in split_sentences(text):
            source = text[start:end]
            told += 1
            objected += bool(faults(strip_citations(source), source, permitted_texts(source, abbreviations)))
    return objected / told if told else 0.0


def _speed_rows(written: Sequence[Written]) -> Iterator[Row]:
    start = time.process_time()
    for one in written:
        digest_faults(one.digest, one.facts, one.version)
    spent = (time.process_time() - start) / max(1, len(written))
    yield Row("all", "findings", "cpu_ms_per_digest", 1000 * spent, "ms")


if __name__ == "__main__":
    main()
