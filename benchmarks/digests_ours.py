"""Our own systems for `benchmarks.digests`: the product's selection under a budget."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.digests_pairs import Pair
from benchmarks.digests_quality import OURS, System, Told, fill
from benchmarks.kept import KeptEncoder
from domain.digest import STORY, Audience
from summarizer.encoder import open_encoder
from summarizer.plans import load_plan
from summarizer.reading import is_usable
from summarizer.roles import RoleReader
from summarizer.selection import choose

_ANY = 1000


class Ours:
    """What the product selects, with vectors kept between runs."""

    def __init__(self, cache: Path | None) -> None:
        self._encoder = KeptEncoder(open_encoder(), cache)
        self._reader = RoleReader(self._encoder)  # type: ignore[arg-type]

    def systems(self) -> Mapping[str, System]:
        """By their names in rows."""
        return {OURS: self.select}

    def save(self) -> None:
        """Keep the vectors."""
        self._encoder.save()

    def select(self, pair: Pair, budget: int) -> Told:
        """The sentences that the product tells the public when it has so many words."""
        sentences = [s for s, _ in pair.placed if is_usable(s)] or pair.sentences
        vectors = self._encoder.encode([pair.title, *(s.text for s in sentences)])
        plan = replace(load_plan(Audience.PUBLIC), max_words=budget, most=dict.fromkeys(STORY, _ANY))
        roles = self._reader.roles(sentences, vectors[1:])
        chosen = choose(sentences, roles, vectors[1:], vectors[0], plan)
        rest = [i for i in range(len(sentences)) if i not in chosen]
        return fill([*chosen, *rest], [s.text for s in sentences], budget)
