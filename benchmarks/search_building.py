"""The indexes that questions are asked of, ours and the controls', of one corpus; made once a folder."""

import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.corpus import papers
from benchmarks.search_vectors import SyntheticEncoder, load_topics
from domain.ports import Encoder, Indexable, SearchIndex
from index import open_index
from index.embedded.schema import schema_version
from index.embedded.vectors import EmbeddedVectors
from index.hybrid import HybridIndex
from index.questions import Questions
from summarizer.encoder import open_encoder

if TYPE_CHECKING:
    import tantivy

Add = Callable[[list[Indexable]], object]
BATCH = 5_000
MOST_RANDOM = 100_000
"""The largest corpus for which there are random vectors, too."""


def encoder() -> Encoder:
    """The encoder as the site opens it."""
    return open_encoder(threads=1)


def open_built(folder: Path) -> SearchIndex:
    """Our index in `folder`, with the real encoder for questions."""
    return open_index("embedded:", folder / "index", encoder)


def random_vectors(folder: Path, name: str, index: Any) -> EmbeddedVectors:  # noqa: ANN401 - what it counts on
    """A second set of vectors for the same papers, uniformly random."""
    return EmbeddedVectors(folder / "random", Questions(lambda: SyntheticEncoder(name, None)), index)


def build(folder: Path, size: int, controls: Iterable[str]) -> None:
    """Build what is not there yet, all in one pass through the corpus."""
    folder.mkdir(parents=True, exist_ok=True)
    # Ours of another schema counts as empty when it is opened, so it is made anew.
    done = {system: folder / f"{system}.done" for system in controls}
    done |= {"findings": folder / f"findings-{schema_version()}.done"}
    with ExitStack() as stack:
        missing = {system: path for system, path in done.items() if not path.exists()}
        adding = [stack.enter_context(_BUILDERS[system](folder, size)) for system in missing]
        for batch in _batches(size) if missing else ():
            for add in adding:
                add(batch)
    for path in missing.values():
        path.touch()


def _batches(size: int) -> Iterator[list[Indexable]]:
    every = papers(size)
    while batch := list(islice(every, BATCH)):
        print(".", end="", file=sys.stderr, flush=True)
        yield batch


@contextmanager
def _build_findings(folder: Path, size: int) -> Iterator[Add]:
    for part in ("index", "vectors", "random"):
        shutil.rmtree(folder / part, ignore_errors=True)
    name, topics = encoder().name, load_topics(folder)
    index = open_index("embedded:", folder / "index", lambda: SyntheticEncoder(name, topics))
    assert isinstance(index, HybridIndex)
    vectors = [index.vectors]
    if size <= MOST_RANDOM:
        vectors.append(random_vectors(folder, name, index._engine))
    with index.replacement() as words:

        def add(batch: list[Indexable]) -> None:
            for projection in (words, *vectors):
                assert projection
                projection.write(batch, [], projection.position() + len(batch))

        yield add
    index.close()


@contextmanager
def _build_tantivy(folder: Path, _: int) -> Iterator[Add]:
    import tantivy

    path = folder / "tantivy"
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir()
    writer = tantivy.Index(plain_schema(), path=str(path)).writer(256_000_000, 2)

    def add(batch: list[Indexable]) -> None:
        for item in batch:
            writer.add_document(plain_document(item))

    yield add
    writer.commit()
    writer.wait_merging_threads()


@contextmanager
def _build_fts5(folder: Path, _: int) -> Iterator[Add]:
    (folder / "fts5.db").unlink(missing_ok=True)
    yield lambda batch: fts5(folder / "fts5.db", batch)


@contextmanager
def _build_bm25s(folder: Path, _: int) -> Iterator[Add]:
    texts: list[str] = []
    yield lambda batch: texts.extend(map(text_of, batch))
    bm25s_index(texts).save(str(folder / "bm25s"), show_progress=False)


def plain_schema() -> "tantivy.Schema":
    """What anyone would begin with: title and abstract, stemmed, and facets."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("title", stored=True, tokenizer_name="en_stem")
    builder.add_text_field("abstract", stored=True, tokenizer_name="en_stem")
    for name in ("cancer_type", "country", "study_type", "journal"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("year", fast=True, indexed=True)
    return builder.build()


def plain_document(item: Indexable) -> "tantivy.Document":
    """A paper for the plain schema."""
    import tantivy

    version = item.paper.primary
    document = tantivy.Document(
        title=[version.title],
        abstract=[version.abstracts[0].text],
        cancer_type=list(version.cancer_types),
        country=list(item.paper.countries),
        study_type=[version.study_type or "unknown"],
        journal=[version.journal.title if version.journal else "unknown"],
    )
    document.add_unsigned("year", int((version.published or "0")[:4]))
    return document


def fts5(path: Path, items: Iterable[Indexable]) -> None:
    """SQLite's full-text index of titles and abstracts."""
    connection = sqlite3.connect(path)
    connection.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS papers USING fts5(title, abstract, tokenize='porter unicode61')"
    )
    rows = ((item.paper.title, item.paper.primary.abstracts[0].text) for item in items)
    with connection:
        connection.executemany("INSERT INTO papers VALUES (?, ?)", rows)
    connection.close()


def bm25s_index(texts: list[str]) -> Any:  # noqa: ANN401 - the library has no types
    """A bm25s index of texts."""
    import bm25s
    import Stemmer

    words = bm25s.tokenize(texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)
    retriever = bm25s.BM25()
    retriever.index(words, show_progress=False)
    return retriever


def text_of(item: Indexable) -> str:
    """Title and abstract."""
    return f"{item.paper.title} {item.paper.primary.abstracts[0].text}"


_BUILDERS: dict[str, Callable[[Path, int], AbstractContextManager[Add]]] = {
    "findings": _build_findings,
    "tantivy": _build_tantivy,
    "fts5": _build_fts5,
    "bm25s": _build_bm25s,
}
