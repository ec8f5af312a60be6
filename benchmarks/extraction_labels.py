"""Labels of `benchmarks/labels`, and the documents and strings that they are about.

Labels name a file of the data folder and a place in it; the text itself stays there. What is not in the
folder is left out and counted, so that another collection may hold part of it.
"""

import csv
import gzip
import io
import json
import tarfile
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from crawler.records.formats import read_member
from crawler.telling.enrich import enrich
from domain.identifiers import Identifiers
from domain.paper import Abstract, Section, Version, VersionKind

FOLDER = Path(__file__).parent / "labels"
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)
UNJUDGED = "?"


@dataclass(frozen=True, slots=True)
class AffiliationLabel:
    """An affiliation as printed, and every country that it is in."""

    text: str
    countries: frozenset[str]
    part: str
    """`chosen`; `kept`, which nothing was chosen on; or `unnamed` with a number, which names no country."""


@dataclass(frozen=True, slots=True)
class DocumentLabel:
    """What a reader found in a document; a value is None where it was not judged."""

    record: str
    trials: Mapping[str, str]
    """Registry id → `reports`, `mentions` or `?`."""
    data: str | None
    code: str | None
    notices: frozenset[str] | None
    kept: bool
    """Whether nothing was chosen on it."""


def _rows(name: str) -> Iterator[dict[str, str]]:
    lines = (FOLDER / name).read_text("utf-8").splitlines()
    yield from csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")


def affiliations(data: Path) -> list[AffiliationLabel]:
    """The labelled affiliations whose files are in `data`."""
    strings: dict[str, list[str]] = {}
    found = []
    for row in _rows("affiliations.tsv"):
        path = data / row["file"]
        if not path.is_file():
            continue
        texts = strings.setdefault(row["file"], _strings(path))
        countries = frozenset(code for code in row["countries"].split("|") if code != "-")
        found.append(AffiliationLabel(texts[int(row["position"])], countries, row["part"]))
    return found


def _strings(path: Path) -> list[str]:
    if path.suffix == ".json":
        return [row["affiliation"] for row in json.loads(path.read_text("utf-8"))]
    with opened(path) as stream:
        elements = etree.parse(stream).iter("Affiliation")
        return [" ".join("".join(map(str, one.itertext())).split()) for one in elements]


def opened(path: Path) -> BinaryIO:
    """A file, unpacked if it is packed."""
    return cast("BinaryIO", gzip.open(path) if path.suffix == ".gz" else path.open("rb"))


@cache  # reading them takes ten seconds
def documents(data: Path) -> list[tuple[DocumentLabel, Version]]:
    """The labelled documents that `data` holds, each as the import reads it."""
    wanted: dict[str, dict[str, DocumentLabel]] = {}
    for row in _rows("documents.tsv"):
        wanted.setdefault(row["file"], {})[row["record"]] = _label(row)
    found = []
    for name, labels in wanted.items():
        path = data / name
        if path.is_file():
            for keys, version in _versions(path):
                if key := next((key for key in keys if key in labels), None):
                    found.append((labels.pop(key), enrich(version)))
    return found


def _label(row: Mapping[str, str]) -> DocumentLabel:
    pairs = (one.rpartition(":") for one in row["trials"].split(",") if one not in "-?")
    notices = None if row["notices"] == UNJUDGED else frozenset(row["notices"].split("|")) - {"-"}
    return DocumentLabel(
        row["record"],
        {number: role for number, _, role in pairs},
        None if row["data"] == UNJUDGED else row["data"],
        None if row["code"] == UNJUDGED else row["code"],
        notices,
        row["part"] == "kept",
    )


def _versions(path: Path) -> Iterator[tuple[tuple[str, ...], Version]]:
    """Versions of a file with the keys they go by; records that are no paper are left out."""
    if path.name == "corpus.jsonl":  # titles and abstracts, in no format that a source gives
        for line in path.read_text("utf-8").splitlines():
            row = json.loads(line)
            yield (str(row["_id"]),), abstract_of(row.get("title", ""), row["text"])
        return
    for stream in _streams(path):
        head = stream.read(4096)
        stream.seek(0)
        for record, outcome in read_member(head, stream, FETCHED) or ():
            if isinstance(outcome, Version) and not outcome.companion:
                yield (*outcome.identifiers.keys(), record.native_id, path.name), outcome


def _streams(path: Path) -> Iterator[io.BytesIO]:
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and member.name.endswith(".xml") and (part := archive.extractfile(member)):
                    yield io.BytesIO(part.read())
        return
    with opened(path) as stream:
        yield io.BytesIO(stream.read())


def abstract_of(title: str, text: str) -> Version:
    """A version that has a title and an abstract and nothing else."""
    abstracts = (Abstract((Section(text),)),)
    return Version(VersionKind.ARTICLE, Identifiers(), title or "Untitled", abstracts=abstracts)


def invented() -> dict[str, list[dict[str, Any]]]:
    """Our own hard sentences, with what they say; all of them are invented."""
    return tomllib.loads((FOLDER / "invented.toml").read_text("utf-8"))
