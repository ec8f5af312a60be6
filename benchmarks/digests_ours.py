"""Our own systems for `benchmarks.digests`: the product's selection under a budget."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.digests_pairs import Pair
from benchmarks.digests_quality import OURS, System, Told, fill
from benchmarks.digests_training import fold_of, load_folds
from benchmarks.kept import KeptEncoder
from domain.body import Place
from domain.digest import STORY, Audience, Role
from summarizer.encoder import open_encoder
from summarizer.plans import load_plan
from summarizer.reading import is_usable
from summarizer.roles import RoleReader
from summarizer.selection import rank
from summarizer.sentences import Sentence
from summarizer.trimming import trim

_ANY = 1000
_ROLES = {
    Place.INTRODUCTION: Role.BACKGROUND,
    Place.METHODS: Role.METHOD,
    Place.RESULTS: Role.RESULT,
    Place.DISCUSSION: Role.MEANING,
}


class Ours:
    """What the product tells, with weights that never met the paper and vectors kept between runs."""

    def __init__(self, cache: Path | None) -> None:
        self._encoder = KeptEncoder(open_encoder(), cache)
        self._reader = RoleReader(self._encoder)  # type: ignore[arg-type]
        self._folds = load_folds()

    def systems(self) -> Mapping[str, System]:
        """By their names in rows."""
        return {OURS: self.select}

    def save(self) -> None:
        """Keep the vectors."""
        self._encoder.save()

    def select(self, pair: Pair, budget: int) -> Told:
        """The sentences that the product tells the public when it has so many words, brackets left out."""
        placed = [(s, place) for s, place in pair.placed if is_usable(s)] or pair.placed
        sentences = [sentence for sentence, _ in placed]
        places = [place for _, place in placed]
        plan = replace(load_plan(Audience.PUBLIC), max_words=budget, most=dict.fromkeys(STORY, _ANY))
        salience = self._folds[fold_of(pair.title)]
        roles = self._roles(sentences, places, pair.title)
        order = rank(sentences, places, roles, plan, salience, heading=pair.title, spill=True)
        return fill(order, [trim(s.text) for s in sentences], budget)

    def _roles(self, sentences: list[Sentence], places: list[Place], title: str) -> list[Role]:
        """As read in the abstract; elsewhere by where they stand."""
        abstract = [s for s, place in zip(sentences, places, strict=True) if place is Place.ABSTRACT]
        vectors = self._encoder.encode([title, *(s.text for s in abstract)])
        read = iter(self._reader.roles(abstract, vectors[1:]))
        return [
            next(read) if place is Place.ABSTRACT else _ROLES.get(place, Role.BACKGROUND) for place in places
        ]
