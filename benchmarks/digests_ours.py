"""Our own systems for `benchmarks.digests`: what the product selects under a budget, and what it writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from math import inf
from pathlib import Path

from benchmarks.digests_pairs import Pair
from benchmarks.digests_quality import OURS, WRITTEN, System, Told, cut_to, fill
from benchmarks.digests_training import fold_of, load_folds
from benchmarks.kept import KeptEncoder
from domain.body import Place
from domain.digest import STORY, Audience, DigestSentence, Role
from domain.errors import DigestRefused
from domain.evidence import Evidence
from domain.identifiers import Identifiers
from domain.licence import to_licence
from domain.paper import Paper, Version, VersionKind
from summarizer import extractive
from summarizer.choosing import outline
from summarizer.choosing.choice import Choice
from summarizer.choosing.plans import Plan, load_plan
from summarizer.choosing.reading import is_usable
from summarizer.choosing.roles import RoleReader
from summarizer.choosing.salience import Salience
from summarizer.choosing.selection import rank
from summarizer.encoder import open_encoder
from summarizer.plain.steering import Load, load_of_all, sum_of
from summarizer.plain.telling import Teller
from summarizer.plain.telling import Told as Retold
from summarizer.plain.terms import load_glossary
from summarizer.text.abbreviations import find_abbreviations
from summarizer.text.sentences import Sentence
from summarizer.text.tagging import open_tagger
from summarizer.text.trimming import trim

_ANY = 1000
_ROLES = {
    Place.INTRODUCTION: Role.BACKGROUND,
    Place.METHODS: Role.METHOD,
    Place.RESULTS: Role.RESULT,
    Place.DISCUSSION: Role.MEANING,
}
_SPARE = 30
"""How many times the words that are left are told plain, for the easier ones to be taken."""
_READABLE = 8.0
_PRICES = (0.0, *(0.00625 * 2 ** (step / 2) for step in range(17)))
"""What a grade costs a sentence, as a share of the way from the dearest to the least dear; tried in turn
until the whole reads well. `_SPARE` was chosen on every other pair."""


class Ours:
    """What the product tells, with weights that never met the paper and vectors kept between runs."""

    def __init__(self, cache: Path | None) -> None:
        self._encoder = KeptEncoder(open_encoder(), cache)
        self._reader = RoleReader(self._encoder)  # type: ignore[arg-type]
        self._folds = load_folds()
        self._digester = extractive.ExtractiveDigester()
        self._digester._reader = self._encoder, self._reader  # type: ignore[assignment]
        self._read = lru_cache(1)(self._read_once)

    def systems(self) -> Mapping[str, System]:
        """By their names in rows."""
        return {OURS: self.select, WRITTEN: self.write}

    def save(self) -> None:
        """Keep the vectors."""
        self._encoder.save()

    def select(self, pair: Pair, budget: int) -> Told:
        """The sentences that the product tells the public when it has so many words, brackets left out."""
        placed, _, order = self._ranked(pair, budget)
        return fill(order, [trim(sentence.text) for sentence, _ in placed], budget)

    def write(self, pair: Pair, budget: int) -> Told:
        """The public digest as published, cut at the budget; its readability is that of the whole.

        The product tells abstracts only, and shortly. Until the budget is full, the same teller tells on
        what else is read of the paper.
        """
        plan = load_plan(Audience.PUBLIC)
        published = self._published(pair)
        texts = [sentence.told for sentence in published]
        if (room := budget - _size(texts)) > 0:
            texts += self._told_on(pair, room, plan, published)
        return Told(texts, cut_to(texts, budget).cut)

    def _published(self, pair: Pair) -> Sequence[DigestSentence]:
        try:
            with _told_with(self._salience(pair)):
                return self._digester.digest(_paper(pair), Audience.PUBLIC).sentences
        except DigestRefused:
            return []

    def _told_on(self, pair: Pair, room: int, plan: Plan, published: Sequence[DigestSentence]) -> list[str]:
        """So many words of the sentences that are not told yet, in plain words and the paper's order."""
        placed, roles, order = self._ranked(pair, _SPARE * room)
        said = {s.evidence.text for s in published}
        choices = [_choice(i, placed[i][0], roles[i]) for i in sorted(order) if placed[i][0].text not in said]
        whole = "\n".join(sentence.text for sentence, _ in placed)
        teller = Teller(plan, load_glossary(), find_abbreviations(whole), open_tagger())
        explained = {term.word for s in published for term in s.terms if term.meaning}

        def tell(choices: Sequence[Choice]) -> list[Retold]:
            return [_explained_once(one, explained) for one in teller.tell(choices)]

        told = {one.choice.index: one for one in tell(choices)}
        dearest = [_chain(told, index) for index in order if index in told]
        kept = {one.choice.index for one in readable(dearest, room, load_of_all(published))}
        again = tell([choice for choice in choices if choice.index in kept])
        return [s.told for one in again for s in one.sentences]

    def _ranked(self, pair: Pair, budget: int) -> tuple[list[tuple[Sentence, Place]], list[Role], list[int]]:
        placed, roles = self._read(pair)
        sentences = [sentence for sentence, _ in placed]
        places = [place for _, place in placed]
        plan = replace(load_plan(Audience.PUBLIC), max_words=budget, most=dict.fromkeys(STORY, _ANY))
        order = rank(sentences, places, roles, plan, self._salience(pair), heading=pair.title, spill=True)
        return placed, roles, order

    def _read_once(self, pair: Pair) -> tuple[list[tuple[Sentence, Place]], list[Role]]:
        placed = [(s, place) for s, place in pair.placed if is_usable(s)] or pair.placed
        return placed, self._roles([s for s, _ in placed], [place for _, place in placed])

    def _salience(self, pair: Pair) -> Salience:
        return self._folds[fold_of(pair.title)]

    def _roles(self, sentences: Sequence[Sentence], places: Sequence[Place]) -> list[Role]:
        """As read in the abstract; elsewhere by where they stand."""
        abstract = [s for s, place in zip(sentences, places, strict=True) if place is Place.ABSTRACT]
        read = iter(self._reader.roles(abstract, self._encoder.encode([s.text for s in abstract])))
        return [
            next(read) if place is Place.ABSTRACT else _ROLES.get(place, Role.BACKGROUND) for place in places
        ]


def readable(dearest: Sequence[Sequence[Retold]], room: int, fixed: Load) -> list[Retold]:
    """The dearest sentences that fill so many words and read well together, the easiest where none do.

    Args:
        dearest: every sentence, the dearest first, each behind those that it leans on.
        room: words.
        fixed: what is read before them.
    """
    easiest: list[Retold] = []
    least = inf
    for price in _PRICES:
        kept = _bought(dearest, room, price)
        grade = sum_of((fixed, _load(kept))).grade
        if grade < least:
            easiest, least = kept, grade
        if grade <= _READABLE:
            break
    return easiest


def _bought(dearest: Sequence[Sequence[Retold]], room: int, price: float) -> list[Retold]:
    """What fills so many words where a grade has that price."""
    grades = [_load(chain).grade for chain in dearest]
    costs = [place / len(grades) + price * grade for place, grade in enumerate(grades)]
    kept: dict[int, Retold] = {}
    for place in sorted(range(len(grades)), key=costs.__getitem__):
        for one in dearest[place] if room > 0 else ():
            room -= 0 if one.choice.index in kept else _size([s.told for s in one.sentences])
            kept[one.choice.index] = one
    return list(kept.values())


def _explained_once(one: Retold, explained: Set[str]) -> Retold:
    """A sentence without what has been explained before it."""
    told = (
        replace(s, terms=tuple(term for term in s.terms if term.word not in explained)) for s in one.sentences
    )
    return replace(one, sentences=tuple(told))


def _load(told: Iterable[Retold]) -> Load:
    return sum_of(load_of_all(one.sentences) for one in told)


def _chain(told: Mapping[int, Retold], index: int) -> list[Retold]:
    """A sentence behind those that it leans on."""
    before = _chain(told, index - 1) if told[index].choice.leans else []
    return [*before, told[index]]


def _choice(index: int, sentence: Sentence, role: Role) -> Choice:
    evidence = Evidence("", sentence.start, sentence.end, sentence.text)
    return Choice(sentence.text, evidence, role, sentence.label, index)


def _size(texts: Sequence[str]) -> int:
    return sum(len(text.split()) for text in texts)


def _paper(pair: Pair) -> Paper:
    version = Version(
        kind=VersionKind.ARTICLE,
        identifiers=Identifiers(),
        title=pair.title,
        abstracts=(pair.abstract,),
        licence=to_licence("CC BY", "license"),
    )
    return Paper("benchmark", (version,), "2026-01-01", "2026-01-01")


@contextmanager
def _told_with(salience: Salience) -> Iterator[None]:
    """The product as it is, but for the papers that its weights have met."""
    room = vars(outline)
    before = room["open_salience"]
    room["open_salience"] = lambda: salience
    try:
        yield
    finally:
        room["open_salience"] = before
