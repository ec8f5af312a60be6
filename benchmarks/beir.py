"""Collections in BEIR's layout: `corpus.jsonl`, `queries.jsonl`, and `qrels.tsv` or `qrels/*.tsv`.

Other people's copies differ, so we are tolerant: any file may be compressed (`.gz`), ids may be numbers, a
document may lack its title or text, repeated ids count once, and further columns are passed over.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.identifiers import Identifiers, work_id
from domain.paper import Abstract, Paper, Section, Version, VersionKind
from domain.ports import Indexable

_COLUMNS = ("query-id", "corpus-id", "score")


@dataclass(frozen=True, slots=True)
class Document:
    """A text that can be found."""

    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text as one."""
        return f"{self.title} {self.text}".strip()


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, and questions of which somebody judged what answers them."""

    name: str
    documents: Mapping[str, Document]
    questions: Mapping[str, str]
    """Those that were judged."""
    judged: Mapping[str, Mapping[str, int]]
    """Question → document → how well it answers; 0 is not at all."""

    def papers(self) -> Iterator[Indexable]:
        """The documents as papers that have nothing but a title and an abstract."""
        for key, document in self.documents.items():
            abstract = (Abstract((Section(document.text),)),) if document.text else ()
            version = Version(
                VersionKind.ARTICLE, Identifiers(), document.title, language="en", abstracts=abstract
            )
            yield Indexable(Paper(self.paper_id(key), (version,), "", ""))

    def paper_id(self, key: str) -> str:
        """The id of the paper that a document becomes."""
        return work_id(f"{self.name}:{key}")


def find_collections(data: Path) -> list[Path]:
    """`data` itself if it is a collection, else those in `data/retrieval`, else those in `data`."""
    for folders in ([data], _inside(data / "retrieval"), _inside(data)):
        if found := [folder for folder in folders if _is_collection(folder)]:
            return found
    return []


def read_collection(folder: Path) -> Collection:
    """The collection in `folder`, named after it."""
    documents: dict[str, Document] = {}
    for row in _rows(folder / "corpus.jsonl"):
        documents.setdefault(str(row["_id"]), Document(_text(row, "title"), _text(row, "text")))
    asked = {str(row["_id"]): _text(row, "text") for row in _rows(folder / "queries.jsonl")}
    judged: dict[str, dict[str, int]] = {}
    for path in _judgements(folder):
        for question, document, grade in _judged(path):
            if asked.get(question):
                judged.setdefault(question, {})[document] = grade
    return Collection(
        folder.resolve().name, documents, {question: asked[question] for question in judged}, judged
    )


def _inside(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _is_collection(folder: Path) -> bool:
    files = (folder / "corpus.jsonl", folder / "queries.jsonl")
    return all(_present(path) for path in files) and bool(_judgements(folder))


def _judgements(folder: Path) -> list[Path]:
    """Those for testing where the judgements are split, as is usual with BEIR."""
    for pattern in ("qrels.tsv*", "qrels/test.tsv*", "qrels/*.tsv*"):
        if found := sorted(folder.glob(pattern)):
            return found
    return []


def _judged(path: Path) -> Iterator[tuple[str, str, int]]:
    columns = (0, 1, 2)
    for line in _lines(path):
        cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else line.split())]
        if all(name in cells for name in _COLUMNS):
            columns = (cells.index("query-id"), cells.index("corpus-id"), cells.index("score"))
            continue
        question, document, grade = (cells[column] for column in columns)
        yield question, document, int(float(grade))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    yield from map(json.loads, _lines(path))


def _lines(path: Path) -> Iterator[str]:
    """The lines of a file, or of its compressed twin, that are not empty."""
    found = _present(path)
    assert found, path
    with (
        gzip.open(found, "rt", encoding="utf-8")
        if found.suffix == ".gz"
        else found.open(encoding="utf-8") as file
    ):
        yield from (line for line in file if line.strip())


def _present(path: Path) -> Path | None:
    return next((p for p in (path, path.with_name(f"{path.name}.gz")) if p.is_file()), None)


def _text(row: Mapping[str, Any], name: str) -> str:
    return str(row.get(name) or "").strip()
