"""Learns what the default digester tells: `python -m benchmarks.digests_training [--data DIR]`.

Two files are written: the weights that come with the product, learned on all pairs, and five others for
`benchmarks.digests`, each learned without a fifth of the papers. The fifth of a paper follows from the words
of its title alone, so that any paper, whichever file it stands in, is told with weights that never met it.
Only figures and common words are kept; the texts (eLife and PLOS, CC BY) are not.
"""

import argparse
import hashlib
import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.digests_pairs import Pair, load_cases
from summarizer.choosing.salience import (
    Floats,
    Salience,
    Source,
    load_salience,
    sentence_features,
    tokens,
    word_features,
)
from summarizer.text.trimming import trim

ROOT = Path(__file__).parents[1]
FOLDS = 5
WEIGHTS = ROOT / "summarizer" / "weights" / "salience.json"
HELD_OUT = ROOT / "benchmarks" / "labels" / "salience_folds.json"
_COMMON = 400
_L2_WORDS, _L2_SENTENCES = 30.0, 200.0
_STEPS = 8
_PRIOR = 5.0
"""As many papers as this are thought to have a word as often in their summaries as any other."""
_LEAST_SAID, _LEAST_ODDS = 8, 0.1


@dataclass(frozen=True, slots=True)
class Example:
    """A paper's words, what people told of it, and what became of each sentence."""

    fold: int
    source: Source
    reference: Counter[str]
    kept: Floats
    """The share of each sentence's pairs of words that the plain summary holds."""


def main() -> None:
    """Learn and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    given = options.parse_args()
    cases = load_cases(given.data)
    examples = [to_example(pair) for pairs in cases.values() for pair in pairs]
    counts = ", ".join(f"{case}: {len(pairs)}" for case, pairs in cases.items())
    header = {
        "learned_on": f"pairs of papers and plain summaries, CC BY ({counts})",
        "command": "python -m benchmarks.digests_training",
    }
    _write(WEIGHTS, {**header, **to_table(learn(examples))})
    folds = [to_table(learn([e for e in examples if e.fold != fold])) for fold in range(FOLDS)]
    _write(HELD_OUT, {**header, "folds": folds})


def fold_of(title: str) -> int:
    """In which fifth a paper is left out."""
    plain = " ".join(re.findall(r"\w+", title.lower()))
    return int(hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest(), 16) % FOLDS


def load_folds(path: Path = HELD_OUT) -> list[Salience]:
    """The weights that never met the papers of each fifth."""
    return [load_salience(table) for table in json.loads(path.read_text("utf-8"))["folds"]]


def to_example(pair: Pair) -> Example:
    """What can be learned from a pair."""
    placed = pair.placed
    texts = [trim(sentence.text) for sentence, _ in placed]
    source = Source(texts, [place for _, place in placed], pair.title)
    reference = tokens(pair.reference)
    pairs = _pairs(reference)
    kept = [(_pairs(tokens(text)) & pairs).total() / max(4, len(text.split())) for text in texts]
    return Example(fold_of(pair.title), source, Counter(reference), np.array(kept))


def learn(examples: Sequence[Example]) -> Salience:
    """Weights from examples."""
    rates, takings = _rates(examples), Takings(examples)
    return Salience(rates, takings.all(), _learn_words(examples, rates, takings), _learn_sentences(examples))


def to_table(salience: Salience) -> dict[str, object]:
    """Weights as they are written."""
    return {
        "rates": {word: float(f"{rate:.3g}") for word, rate in salience.rates.items()},
        "taken": {word: float(f"{odds:.2f}") for word, odds in salience.taken.items()},
        "words": [float(f"{value:.5g}") for value in salience.words],
        "sentences": [float(f"{value:.5g}") for value in salience.sentences],
    }


class Takings:
    """How often each word of a paper is taken into its plain summary."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._said: Counter[str] = Counter()
        self._taken: Counter[str] = Counter()
        for example in examples:
            self._said.update(example.source.ids.keys())
            self._taken.update(example.source.ids.keys() & example.reference.keys())
        self._usual = self._taken.total() / max(1, self._said.total())

    def all(self) -> dict[str, float]:
        """Log odds beyond the usual ones of the words that many papers say and that differ from others."""
        odds = {word: self._odds(word, 0, 0) for word, count in self._said.items() if count >= _LEAST_SAID}
        return {word: value for word, value in sorted(odds.items()) if abs(value) >= _LEAST_ODDS}

    def without(self, example: Example) -> dict[str, float]:
        """As others than this paper have it, so that no word tells its own answer."""
        return {word: self._odds(word, 1, int(word in example.reference)) for word in example.source.ids}

    def _odds(self, word: str, said: int, taken: int) -> float:
        few = _PRIOR * self._usual
        share = (self._taken[word] - taken + few) / (self._said[word] - said + _PRIOR)
        return math.log(share / (1 - share)) - math.log(self._usual / (1 - self._usual))


def _rates(examples: Sequence[Example]) -> dict[str, float]:
    """How large a share of plain summaries the words are that stand in most of them."""
    counts: Counter[str] = Counter()
    spread: Counter[str] = Counter()
    for example in examples:
        counts.update(example.reference)
        spread.update(example.reference.keys())
    return {word: counts[word] / counts.total() for word, _ in spread.most_common(_COMMON)}


def _learn_words(examples: Sequence[Example], rates: dict[str, float], takings: Takings) -> Floats:
    """Logistic regression by Newton's steps, on features brought to one scale."""
    parts, answers = [], []
    for example in examples:
        rows, owners, times = word_features(example.source, rates, takings.without(example))
        said = np.array([example.reference.get(word, 0) for word in example.source.words])
        parts.append(rows.astype(np.float32))
        answers.append((said[owners] >= times).astype(np.float32))
    rows, wanted = np.concatenate(parts), np.concatenate(answers)
    means, scales = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    means[0], scales[0] = 0.0, 1.0  # the first is the constant
    rows = (rows - means) / scales
    weights: Floats = np.zeros(rows.shape[1])
    for _ in range(_STEPS):
        chances = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slopes = (chances * (1 - chances) + 1e-6).astype(np.float32)
        bend = (rows * slopes[:, None]).T @ rows + _L2_WORDS * np.eye(len(weights))
        step = np.linalg.solve(bend, rows.T @ (wanted - chances) - _L2_WORDS * weights)
        weights = weights + step
        if np.abs(step).max() < 1e-3:
            break
    weights = weights / scales
    weights[0] -= float(weights[1:] @ means[1:])
    return weights


def _learn_sentences(examples: Sequence[Example]) -> Floats:
    """Ridge regression of what is kept of sentences, without a constant, which chooses nothing."""
    rows = np.concatenate([sentence_features(example.source) for example in examples])
    kept = np.concatenate([example.kept for example in examples])
    rows = rows - rows.mean(axis=0)
    bend = rows.T @ rows + _L2_SENTENCES * np.eye(rows.shape[1])
    weights: Floats = np.linalg.solve(bend, rows.T @ (kept - kept.mean()))
    return weights


def _pairs(words: Sequence[str]) -> Counter[tuple[str, str]]:
    return Counter(pairwise(words))


def _write(path: Path, table: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(table, ensure_ascii=False, indent=None) + "\n", "utf-8")


if __name__ == "__main__":
    main()
