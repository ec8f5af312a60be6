"""Papers with the plain summary that people wrote of them, from files laid out in any of the usual ways."""

import json
import re
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from crawler.sources.jats import parse_article
from domain.body import Passage, Place
from domain.errors import FindingsError
from domain.paper import Abstract, Section
from summarizer.roles import section_labels
from summarizer.sentences import Sentence, read_sentences, split_sentences

_SOURCES = (
    "abstract", "abstract_and_excerpt", "source", "technical", "complex", "article", "document", "input",
    "text",
)  # fmt: skip
_REFERENCES = (
    "digest", "lay_summary", "plain_language_summary", "pls", "author_summary", "plain", "simple", "target",
    "reference", "summary", "output",
)  # fmt: skip
_TOLD = (Place.ABSTRACT, Place.INTRODUCTION, Place.METHODS, Place.RESULTS, Place.DISCUSSION, Place.OTHER)
_MARKS = re.compile(r"<\w+>\s*|\[TITLE\](?P<title>[^\[\n]*)|\[ABSTRACT\]")
_DOI = re.compile(rb'pub-id-type="doi"[^>]*>\s*(10\.[^<\s]+)')
_PUBLISHER = re.compile(rb'pub-id-type="publisher-id"[^>]*>\s*([^<\s]+)')
_LEAST_WORDS = 20
_RUN = 6

Loader = Callable[[], bytes]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Pair:
    """A paper as far as it is read, and what people wrote of it for everyone."""

    key: str
    title: str
    abstract: Abstract
    reference: str
    passages: tuple[Passage, ...] = ()
    """Of the full text, the abstract first; empty where only the abstract is read."""

    @property
    def sentences(self) -> list[Sentence]:
        """All sentences of what is read, in its order."""
        if not self.passages:
            return read_sentences(self.abstract, section_labels())
        return [sentence for sentence, _ in self.placed]

    @property
    def placed(self) -> list[tuple[Sentence, Place]]:
        """The sentences, each with the place it stood in."""
        if not self.passages:
            return [(sentence, Place.ABSTRACT) for sentence in self.sentences]
        found = []
        start = 0
        for passage in self.passages:
            for a, b in split_sentences(passage.text):
                found.append((Sentence(start + a, start + b, passage.text[a:b]), passage.place))
            start += len(passage.text) + 1
        return found


def load_cases(data: Path, size: int = 0) -> dict[str, list[Pair]]:
    """`<file stem>/abstract` and, where JATS lies beside, `<file stem>/fulltext`, with the pairs of each.

    Args:
        size: how many pairs of a file at most, evenly spread; 0 takes all.
    """
    folder = data / "jats-plain-language" if (data / "jats-plain-language").is_dir() else data
    articles = _articles(folder)
    cases: dict[str, list[Pair]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        rows = [(row, pair) for row in _rows(path) if (pair := to_pair(row)) is not None]
        whole = [(pair, load) for row, pair in rows if (load := _article_of(row, articles)) is not None]
        if rows:
            cases[f"{path.stem}/abstract"] = [pair for _, pair in _spread(rows, size)]
        if whole:
            read = (_with_body(pair, load) for pair, load in _spread(whole, size))
            cases[f"{path.stem}/fulltext"] = [pair for pair in read if pair.passages]
    return {case: pairs for case, pairs in cases.items() if pairs}


def to_pair(row: Mapping[str, Any]) -> Pair | None:
    """The pair in a row; None where it has none."""
    title = str(row.get("title") or "")
    reference = next((text for key in _REFERENCES if (text := _text(row.get(key)))), "")
    name, given = next(((key, row[key]) for key in _SOURCES if _text(row.get(key))), ("", None))
    if not name or len(reference.split()) < _LEAST_WORDS:
        return None
    sections = tuple(Section(text, label) for label, text in _parts(given) if text)
    if not title and (match := re.search(r"\[TITLE\]([^\[\n]*)", sections[0].text)):
        title = match[1].strip()
    sections = tuple(replace(s, text=" ".join(_MARKS.sub(" ", s.text).split())) for s in sections)
    abstract = Abstract(tuple(section for section in sections if section.text))
    if len(abstract.text.split()) < _LEAST_WORDS:
        return None
    key = next((str(row[k]) for k in ("doi", "id", "publisher-id", "pmid") if row.get(k)), "") or title
    return Pair(key or abstract.text[:80], title, abstract, reference)


def _text(value: object) -> str:
    return "\n".join(text for _, text in _parts(value) if text)


def _parts(value: object) -> list[tuple[str, str]]:
    """Label and text of each part, of a text, a list of texts, or a list of `{text, label}`."""
    if isinstance(value, str):
        return [("", value.strip())]
    if isinstance(value, Mapping):
        label = str(value.get("label") or value.get("title") or value.get("heading") or "")
        return [(label, str(value.get("text") or "").strip())]
    if isinstance(value, list):
        return [part for item in value for part in _parts(item)]
    return []


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            with suppress(ValueError):
                row = json.loads(line)
                if isinstance(row, dict):
                    yield row


def _spread(items: list[Item], size: int) -> list[Item]:
    if not 0 < size < len(items):
        return items
    return [items[round(i * (len(items) - 1) / max(1, size - 1))] for i in range(size)]


def _articles(folder: Path) -> dict[str, Loader]:
    """Every JATS file in or under the folder, by its name without ending, its DOI and its publisher's id."""
    found: dict[str, Loader] = {}
    for name, load in _files(folder):
        head = load()[:20_000]
        names = [PurePosixPath(name).stem]
        names += [
            m[1].decode("utf-8", "replace").lower() for m in (_DOI.search(head), _PUBLISHER.search(head)) if m
        ]
        for key in names:
            found.setdefault(key, load)
    return found


def _files(folder: Path) -> Iterator[tuple[str, Loader]]:
    for path in sorted(folder.rglob("*.xml")):
        yield path.name, path.read_bytes
    for path in sorted(folder.rglob("*.tar.gz")):
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member) if member.name.endswith(".xml") else None
                if file is not None:
                    yield member.name, partial(bytes, file.read())
    for path in sorted(folder.rglob("*.zip")):
        with zipfile.ZipFile(path) as bundle:
            for name in bundle.namelist():
                if name.endswith(".xml"):
                    yield name, partial(bytes, bundle.read(name))


def _article_of(row: Mapping[str, Any], articles: Mapping[str, Loader]) -> Loader | None:
    keys = [PurePosixPath(str(row["source_file"])).stem] if row.get("source_file") else []
    keys += [str(row[key]).lower() for key in ("doi", "publisher-id") if row.get(key)]
    return next((articles[key] for key in keys if key in articles), None)


def _with_body(pair: Pair, load: Loader) -> Pair:
    try:
        passages = parse_article(load(), pair.key).passages
    except FindingsError:
        return pair
    body = [p for p in passages if p.place in _TOLD[1:] and not _repeats(p.text, pair.reference)]
    if sum(len(passage.text.split()) for passage in body) < 10 * _LEAST_WORDS:
        return pair
    first = tuple(Passage(section.text, Place.ABSTRACT, section.label) for section in pair.abstract.sections)
    return replace(pair, passages=(*first, *body))


def _repeats(text: str, reference: str) -> bool:
    """Whether a passage is the summary itself, which stands in some papers' bodies."""
    own, given = _runs(text), _runs(reference)
    return bool(own) and len(own & given) > 0.3 * len(own)


def _runs(text: str) -> set[tuple[str, ...]]:
    tokens = re.findall(r"\w+", text.lower())
    return {tuple(tokens[i : i + _RUN]) for i in range(len(tokens) - _RUN + 1)}
