"""Rows and articles out of a folder's files, whichever of the usual ways they are written in.

A file that cannot be read is left out, and a line on stderr says so: one broken file of a collection should
not cost the figures of all others.
"""

import csv
import gzip
import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

Row = Mapping[str, Any]
Loader = Callable[[], bytes]

_ENDINGS = (".jsonl", ".ndjson", ".json", ".csv", ".tsv")
_SIDES = {"source": "target", "src": "tgt", "complex": "simple", "abstract": "pls", "doc": "simple"}
"""Files side by side, a text on each line."""
_DOI = re.compile(rb'pub-id-type="doi"[^>]*>\s*(10\.[^<\s]+)')
_PUBLISHER = re.compile(rb'pub-id-type="publisher-id"[^>]*>\s*([^<\s]+)')
_HEAD = 20_000
_MOST_LETTERS = 50_000_000
_UNREADABLE = (
    OSError,
    ValueError,
    EOFError,
    tarfile.TarError,
    zipfile.BadZipFile,
    csv.Error,
)


def read_files(folder: Path) -> Iterator[tuple[str, list[Row]]]:
    """The stem and the rows of every file of rows in the folder; where it has none, of those below it."""
    paths = _paths(folder.glob("*")) or _paths(folder.rglob("*"))
    for path in paths:
        with _skipping(path):
            yield _stem(path), list(_read(path))


def read_articles(folder: Path) -> dict[str, Loader]:
    """Every JATS file in or under the folder, by its name without ending, its DOI and its publisher's id."""
    found: dict[str, Loader] = {}
    for name, load in _articles(folder):
        head = load()[:_HEAD]
        marks = (_DOI.search(head), _PUBLISHER.search(head))
        ids = [mark[1].decode("utf-8", "replace").lower() for mark in marks if mark]
        for key in (PurePosixPath(name).stem, *ids):
            found.setdefault(key, load)
    return found


def _paths(paths: Iterator[Path]) -> list[Path]:
    """In the order of their names."""
    known = (*_ENDINGS, *(f".{side}" for side in _SIDES))
    return sorted(p for p in paths if p.is_file() and p.name.removesuffix(".gz").endswith(known))


def _stem(path: Path) -> str:
    return PurePosixPath(path.name.removesuffix(".gz")).stem


@contextmanager
def _skipping(path: Path) -> Iterator[None]:
    try:
        yield
    except _UNREADABLE as error:
        print(f"skipped {path.name}: {' '.join(str(error).split())}", file=sys.stderr, flush=True)


def _text(path: Path) -> str:
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return data.decode("utf-8-sig", "replace")


def _read(path: Path) -> Iterator[Row]:
    ending = PurePosixPath(path.name.removesuffix(".gz")).suffix
    text = _text(path)
    if ending in (".jsonl", ".ndjson"):
        yield from _lines(text)
    elif ending == ".json":
        # Some keep JSON Lines under this ending.
        with suppress(json.JSONDecodeError):
            yield from _rows_in(json.loads(text))
            return
        yield from _lines(text, strict=True)
    elif ending in (".csv", ".tsv"):
        csv.field_size_limit(_MOST_LETTERS)
        yield from csv.DictReader(text.splitlines(keepends=True), delimiter="\t" if ending == ".tsv" else ",")
    else:
        yield from _side_by_side(path, text, _SIDES[ending[1:]])


def _lines(text: str, *, strict: bool = False) -> Iterator[Row]:
    """A row of each line; a line that is none is left out, unless none is one and `strict`."""
    found = 0
    for line in text.split("\n"):
        with suppress(ValueError):
            row = json.loads(line)
            if isinstance(row, dict):
                found += 1
                yield row
    if strict and not found:
        raise ValueError("neither JSON nor JSON Lines")


def _rows_in(value: object) -> Iterator[Row]:
    """The rows of a list, of a mapping of columns or of parts (`train`, `test`), or of a mapping by id."""
    if isinstance(value, list):
        yield from (row for row in value if isinstance(row, dict))
    elif isinstance(value, dict):
        columns = {key: part for key, part in value.items() if _is_column(part)}
        yield from (dict(zip(columns, cells, strict=False)) for cells in zip(*columns.values(), strict=False))
        for key, part in value.items():
            if isinstance(part, dict):
                yield {"id": key, **part}
            elif key not in columns:
                yield from _rows_in(part)


def _is_column(part: object) -> bool:
    return isinstance(part, list) and bool(part) and isinstance(part[0], str)


def _side_by_side(path: Path, text: str, ending: str) -> Iterator[Row]:
    other = path.parent / re.sub(r"\.\w+(?=(?:\.gz)?$)", f".{ending}", path.name)
    for number, (source, target) in enumerate(
        zip(text.splitlines(), _text(other).splitlines(), strict=False), 1
    ):
        yield {"id": f"{path.name}:{number}", "source": source, "target": target}


def _articles(folder: Path) -> Iterator[tuple[str, Loader]]:
    for path in sorted(folder.rglob("*.xml")):
        with _skipping(path):
            yield path.name, partial(bytes, path.read_bytes())
    for path in sorted([*folder.rglob("*.tar.gz"), *folder.rglob("*.tgz")]):
        with _skipping(path), tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.name.endswith(".xml") else None
                if file is not None:
                    yield member.name, partial(bytes, file.read())
    for path in sorted(folder.rglob("*.zip")):
        with _skipping(path), zipfile.ZipFile(path) as bundle:
            for name in bundle.namelist():
                if name.endswith(".xml"):
                    yield name, partial(bytes, bundle.read(name))
