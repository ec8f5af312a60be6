"""How much each sentence adds to a digest, learned on papers that people have told in plain words.

The model says, for every word of a paper, how likely plain summaries hold it once, twice, three times: from
how often and where the paper says it, how often plain summaries say it at all, and how often they do where
their paper says it (logistic regression). A sentence adds what its words are worth that have not been told
often enough, so that what repeats adds little; a second, linear model of its place and make tells how much of
it people tend to keep. Weights: `weights/salience.json`, made by `python -m benchmarks.digests_training`.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from domain.body import Place
from domain.errors import ModelUnavailable
from summarizer.text.sieve import sieved

Floats = NDArray[np.float64]

MOST_TIMES = 24
_SAME = 0.9
USUAL_LENGTH = 340
"""Words of a plain summary for which chances are told."""
_TOKEN = re.compile(r"[a-z0-9]+")
_SENTENCE_FEATURES = 17
_PLACES = (Place.ABSTRACT, Place.INTRODUCTION, Place.DISCUSSION, Place.RESULTS)
_OWN = re.compile(r"\b(?:we|our)\b", re.I)
_PANEL = re.compile(r"\(?[A-Z]\)", re.I)
_SHOWN = sieved(
    r"\b(?:fig(?:ure)?s?|tables?|panel|scale bars?|error bars?|legends?|supplement\w*)\b|"
    r"\b(?:n = |SEM\b|s\.e\.m)",
    re.I,
)
_CHANCE = re.compile(r"\bp ?[<=]", re.I)
_LINK = re.compile(
    r"(?:however|moreover|furthermore|in addition|additionally|thus|therefore|hence|consequently|"
    r"interestingly|similarly|indeed|for example|finally|this|these|it|they|such)\b",
    re.I,
)


@dataclass(frozen=True, slots=True, eq=False)
class Salience:
    """The learned weights."""

    rates: Mapping[str, float]
    """How large a share of the words of plain summaries a word is; the common ones."""
    taken: Mapping[str, float]
    """How much likelier than others a word of a paper is taken into its plain summary, as log odds."""
    words: Floats
    sentences: Floats

    def worth(self, texts: Sequence[str], places: Sequence[Place], title: str = "") -> "Worth":
        """What the sentences of a paper are worth.

        Args:
            places: where each stands.
            title: of the paper.
        """
        source = Source(texts, places, title)
        rows, owners, _ = word_features(source, self.rates, self.taken)
        chances = 1 / (1 + np.exp(-np.clip(rows @ self.words, -30, 30)))
        kept = sentence_features(source) @ self.sentences
        sums = _running_sums(chances, owners, len(source.words))
        gains = [
            [(word, count, sums[word][min(count, len(sums[word]) - 1)]) for word, count in bag.items()]
            for bag in source.bags
        ]
        return Worth(source, sums, kept.tolist(), gains)

    def scores(self, texts: Sequence[str], places: Sequence[Place], title: str = "") -> Floats:
        """What each sentence is worth, for each of its words, before any other is told."""
        worth = self.worth(texts, places, title)
        told: Counter[int] = Counter()
        return np.array([worth.density(i, told) for i in range(len(texts))])


class Source:
    """The words of a paper's sentences, counted."""

    def __init__(self, texts: Sequence[str], places: Sequence[Place], title: str) -> None:
        self.texts = texts
        self.places = [_PLACES.index(p) if p in _PLACES else len(_PLACES) for p in places]
        self.ids: dict[str, int] = {}
        self.bags = [self._bag(text) for text in texts]
        self.sizes = [max(1, len(text.split())) for text in texts]
        self.words = list(self.ids)
        self.title = {self.ids[word] for word in tokens(title) if word in self.ids}
        # Lists while they are filled: numpy takes longer over a single number.
        counts = [[0.0] * len(self.words) for _ in range(len(_PLACES) + 1)]
        spread = [0.0] * len(self.words)
        first = [1.0] * len(self.words)
        for index in reversed(range(len(texts))):
            here, through = counts[self.places[index]], index / len(texts)
            for word, count in self.bags[index].items():
                here[word] += count
                spread[word] += 1
                first[word] = through
        self.counts = np.array(counts)
        self.spread, self.first = np.array(spread), np.array(first)

    def _bag(self, text: str) -> Counter[int]:
        ids = self.ids
        return Counter([ids.setdefault(token, len(ids)) for token in tokens(text)])


@dataclass(frozen=True, slots=True)
class Worth:
    """What is gained by telling sentences of one paper."""

    source: Source
    sums: Sequence[Sequence[float]]
    """For each word, what telling it so many times is worth in all."""
    kept: Sequence[float]
    gains: Sequence[Sequence[tuple[int, int, float]]]
    """For each sentence its words, how often it says them, and what that is worth where none is told."""

    def density(self, index: int, told: Mapping[int, int], size: int = 0) -> float:
        """What a sentence adds to what is told, for each of its words."""
        gain = 0.0
        for word, count, fresh in self.gains[index]:
            if word in told:
                sums = self.sums[word]
                before, last = told[word], len(sums) - 1
                after = before + count  # what follows is asked so often that calls of `min` are felt
                gain += sums[after if after < last else last] - sums[before if before < last else last]
            else:
                gain += fresh
        return gain / (size or self.source.sizes[index]) + self.kept[index]

    def is_told(self, index: int, told: Mapping[int, int]) -> bool:
        """Whether nearly all of its words stand in what is told."""
        bag = self.source.bags[index]
        return len(bag.keys() & told.keys()) >= _SAME * len(bag)

    def tell(self, index: int, told: Counter[int]) -> None:
        """Count a sentence as told."""
        for word, count in self.source.bags[index].items():  # half of what `Counter.update` takes
            told[word] = told.get(word, 0) + count


def word_features(
    source: Source, rates: Mapping[str, float], taken: Mapping[str, float]
) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """A row for each word and each time it could be told; to which word it belongs, and which time it is."""
    totals = source.counts.sum(axis=0)
    times = np.minimum(totals, MOST_TIMES).astype(np.intp)
    owners = np.repeat(np.arange(len(times)), times)
    which = np.arange(len(owners)) - np.repeat(np.cumsum(times) - times, times) + 1
    rate = np.array([rates.get(word, 0.0) for word in source.words])
    size = max(1.0, float(totals.sum()))
    bulk = math.log(size / 1000)
    common = (rate > 0).astype(np.float64)
    named = np.zeros(len(times))
    named[list(source.title)] = 1.0
    logs = np.log1p(totals)
    in_abstract = np.log1p(source.counts[0])
    base = np.stack(
        [
            np.ones(len(times)),
            logs,
            *np.log1p(source.counts),
            named,
            source.spread / max(1, len(source.texts)),
            source.first,
            np.array([min(len(word), 12) / 6 for word in source.words]),
            np.array([float(not word.isalpha()) for word in source.words]),  # else it has a digit
            common,
            np.full(len(times), bulk),
        ],
        axis=1,
    )
    log_time = np.log(which)
    favour = np.array([taken.get(word, 0.0) for word in source.words])[owners]
    usual = _chance_of(rate[owners] * USUAL_LENGTH, which)
    ratio = np.log((totals[owners] / size * USUAL_LENGTH + 0.1) / which)
    more = np.stack(
        [
            log_time,
            log_time * logs[owners],
            log_time * in_abstract[owners],
            log_time * named[owners],
            log_time * bulk,
            usual,
            usual * common[owners],
            ratio,
            ratio * bulk,
            favour,
            favour * log_time,
            favour * (which == 1),
            favour * bulk,
        ],
        axis=1,
    )
    return np.concatenate([base[owners], more], axis=1), owners, which


def sentence_features(source: Source) -> Floats:
    """A row for each sentence: its place and make."""
    count = len(source.texts)
    abstract = [i for i, place in enumerate(source.places) if place == 0]
    last = abstract[-1] if abstract else -1
    told = {word for i in abstract for word in source.bags[i]}
    rows = []
    for i, text in enumerate(source.texts):
        size = source.sizes[i]
        place = [float(source.places[i] == p) for p in range(len(_PLACES))]
        through = i / max(1, last) if i <= last else 0.0
        words = source.bags[i].keys()
        named = len(source.title & words) / max(1, len(source.title))
        rows.append(
            [
                *place,
                float(i == 0),
                float(i == last),
                through,
                i / count,
                min(size, 60) / 30,
                float(size < 8),
                sum(map(str.isdigit, text)) / max(1, len(text)) * 10,
                float("(" in text),
                float(bool(_OWN.search(text))),
                float(_is_shown(text)),
                float(bool(_LINK.match(text))),
                min(named, 1.0),
                len(told & words) / max(1, len(words)),
            ]
        )
    return np.array(rows, dtype=np.float64).reshape(count, _SENTENCE_FEATURES)


def _is_shown(text: str) -> bool:
    """Whether it is, or speaks of, a figure or table, or gives the chance of a result."""
    if _PANEL.match(text) or _SHOWN.search(text):
        return True
    return ("<" in text or "=" in text) and _CHANCE.search(text) is not None


def tokens(text: str) -> list[str]:
    """The words of a text without their commonest endings."""
    return [_stem(word) for word in _TOKEN.findall(text.lower())]


@cache
def open_salience() -> Salience:
    """The weights that come with the product, read once."""
    try:
        return load_salience(
            json.loads(files("summarizer").joinpath("weights/salience.json").read_text("utf-8"))
        )
    except (OSError, ValueError, KeyError) as error:
        raise ModelUnavailable(
            f"the weights of salience cannot be read ({error}); install the product again"
        ) from error


def load_salience(table: Mapping[str, object]) -> Salience:
    """Weights from a table as `benchmarks.digests_training` writes it."""
    rates, taken = table["rates"], table["taken"]
    assert isinstance(rates, dict)
    assert isinstance(taken, dict)
    words, sentences = (np.array(table[name], dtype=np.float64) for name in ("words", "sentences"))
    return Salience(rates, taken, words, sentences)


def _running_sums(chances: Floats, owners: NDArray[np.intp], count: int) -> list[list[float]]:
    """For each word the sums of its chances, none larger than the one before it."""
    sums: list[list[float]] = [[0.0] for _ in range(count)]
    least = [1.0] * count
    for owner, chance in zip(owners.tolist(), chances.tolist(), strict=True):
        if chance < least[owner]:
            least[owner] = chance
        sums[owner].append(sums[owner][-1] + least[owner])
    return sums


def _chance_of(expected: Floats, times: NDArray[np.intp]) -> Floats:
    """The log odds that a word is said so many times where `expected` is usual (Poisson); -6 where none."""
    tail = np.ones(len(expected))
    term = np.exp(-expected)
    for time in range(int(times.max(initial=0))):
        tail = np.where(times > time, tail - term, tail)
        term = term * expected / (time + 1)
    tail = np.clip(tail, 1e-6, 1 - 1e-6)
    return np.where(expected > 0, np.log(tail / (1 - tail)), -6.0)


@lru_cache(50_000)
def _stem(word: str) -> str:
    if len(word) < 4 or word[0].isdigit():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, least in (("ing", 6), ("ed", 5), ("ly", 6), ("e", 4)):
        if word.endswith(ending) and len(word) >= least:
            word = word[: -len(ending)]
    return word
