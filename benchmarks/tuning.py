"""What other parameters of ranking would do: `python -m benchmarks.relevance --tune`.

A third of the questions of each collection is kept aside, by a hash of their ids. On the others, parameters
are compared by cross-validation: each fold is asked with what was best on the other folds. Nothing is
changed; the parameters are in `index/fields.py` and `index/fusion.py`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import NamedTuple
from zlib import crc32

from rich.console import Console
from rich.table import Table

from benchmarks.beir import Collection
from benchmarks.kept import KeptEncoder
from benchmarks.measures import ndcg
from domain.query import And, Node, Or, Query, Sort, Synonyms, Word
from index.embedded.engine import EmbeddedEngine
from index.embedded.vectors import EmbeddedVectors
from index.fields import FIELD
from index.fusion import FLOOR, MEANING, NEAREST, WINDOW, fuse
from index.language.parsing import parse_query
from index.quantise import cosines_of
from index.questions import Questions

_FOLDS = 4
Scores = Mapping[str, float]


class Parameters(NamedTuple):
    """One choice."""

    title: float
    meaning: float
    floor: float


CHOSEN = Parameters(FIELD["title"].weight, MEANING, FLOOR)
GRID = [
    Parameters(*each)
    for each in product((0.5, 1, 1.25, 1.5, 2), (0.3, 0.4, 0.5, 0.6, 0.7), (0.25, 0.35, 0.45))
]


@dataclass(frozen=True, slots=True)
class Asked:
    """What both halves say of one question; the weights of the lexical half can be changed afterwards."""

    grades: Mapping[str, int]
    words: Scores
    titles: Scores
    """The scores of the titles alone."""
    cosines: Scores
    near: frozenset[str]
    """Close in meaning; may be listed without the words."""

    def quality(self, chosen: Parameters) -> float:
        """The nDCG@10 with those parameters."""
        more = chosen.title - CHOSEN.title
        lexical = {paper: score + more * self.titles.get(paper, 0.0) for paper, score in self.words.items()}
        ranked = set(sorted(lexical, key=lexical.__getitem__, reverse=True)[:WINDOW])
        ranked |= {p for p in self.near if p in lexical or self.cosines[p] >= chosen.floor}
        fused = fuse(
            {paper: score for paper, score in lexical.items() if paper in ranked},
            {paper: cosine for paper, cosine in self.cosines.items() if paper in ranked},
            chosen.meaning,
        )
        return ndcg(sorted(fused, key=fused.__getitem__, reverse=True), self.grades)


def tune(collections: Sequence[Collection], encoder: KeptEncoder) -> None:
    """Compare and print: what is chosen, what is best, and what each step away from the choice does."""
    Console(width=140).print(_table({each.name: dict(_asked(each, encoder)) for each in collections}))


def _asked(collection: Collection, encoder: KeptEncoder) -> Iterator[tuple[str, Asked]]:
    papers = list(collection.papers())
    with TemporaryDirectory() as folder:
        engine, questions = EmbeddedEngine(Path(folder, "index")), Questions(lambda: encoder)
        store = EmbeddedVectors(Path(folder, "vectors"), questions, engine)
        engine.write(papers, [], 1)
        store.write(papers, [], 1)
        encoder.save()
        for key, question in collection.questions.items():
            grades = {collection.paper_id(document): g for document, g in collection.judged[key].items()}
            yield key, _answered(engine, store, questions, question, grades)
        engine.close()


def _answered(
    engine: EmbeddedEngine, store: EmbeddedVectors, questions: Questions, text: str, grades: Mapping[str, int]
) -> Asked:
    reading = parse_query(text)
    node = reading.node
    vector = questions.vector(reading.meaning)
    near = [match.paper_id for match in store.nearest(vector, Query(), NEAREST)]
    found = [match.paper_id for match in engine.find(node, Query(), Sort.RELEVANCE, 3 * WINDOW)[1]]
    papers = list(dict.fromkeys([*found, *near]))

    def scores(part: Node | None) -> dict[str, float]:
        return {paper: match.score for paper, match in engine.scores(part, Query(), papers).items()}

    words = scores(node)
    titles = scores(_in_titles(node)) if node else {}
    stored = store.stored(papers)
    cosines = dict(zip(stored, cosines_of(vector, list(stored.values())), strict=True))
    return Asked(grades, words, titles, cosines, frozenset() if reading.strict else frozenset(near))


def _in_titles(node: Node) -> Node:
    """The same asked of titles, of which any part may be there."""
    if isinstance(node, And | Or):
        return Or(tuple(_in_titles(part) for part in node.parts))
    return replace(node, field="title") if isinstance(node, Word | Synonyms) and not node.field else node


def _table(asked: Mapping[str, Mapping[str, Asked]]) -> Table:
    table = Table(title="nDCG@10", box=None, title_justify="left")
    for heading in ("title", "meaning", "floor", *asked, *(f"{name}, kept aside" for name in asked)):
        table.add_column(heading)
    parts = [{key: a for key, a in each.items() if not kept_aside(key)} for each in asked.values()]
    aside = [{key: a for key, a in each.items() if kept_aside(key)} for each in asked.values()]
    train = [{key: _qualities(a) for key, a in each.items()} for each in parts]
    table.add_row("best on other folds", "", "", *(f"{value:.4f}" for value in _validated(train)))
    neighbours = [p for p in GRID if sum(a != b for a, b in zip(p, CHOSEN, strict=True)) == 1]
    for chosen in (CHOSEN, max(GRID, key=lambda p: _sum(train, p)), *neighbours):
        values = [mean(each[chosen] for each in found.values()) for found in train if found]
        values += [mean(each.quality(chosen) for each in found.values()) for found in aside if found]
        table.add_row(*(f"{value:g}" for value in chosen), *(f"{value:.4f}" for value in values))
    return table


Qualities = Mapping[Parameters, float]


def _qualities(asked: Asked) -> Qualities:
    return {chosen: asked.quality(chosen) for chosen in (CHOSEN, *GRID)}


def _validated(train: Sequence[Mapping[str, Qualities]]) -> list[float]:
    """The means, each fold with what was best on the others."""
    found: list[list[float]] = [[] for _ in train]
    for fold in range(_FOLDS):
        others = [{k: q for k, q in each.items() if _fold(k) != fold} for each in train]
        best = max(GRID, key=lambda chosen: _sum(others, chosen))
        for values, each in zip(found, train, strict=True):
            values += [qualities[best] for key, qualities in each.items() if _fold(key) == fold]
    return [mean(values) if values else 0.0 for values in found]


def _sum(train: Sequence[Mapping[str, Qualities]], chosen: Parameters) -> float:
    return sum(mean(qualities[chosen] for qualities in each.values()) for each in train if each)


def kept_aside(key: str) -> bool:
    """Whether parameters may not be chosen by this question."""
    return _hash(key) % 3 == 0


def _fold(key: str) -> int:
    return _hash(key) // 3 % _FOLDS


def _hash(key: str) -> int:
    return crc32(key.encode())
