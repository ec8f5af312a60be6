"""An invented corpus of any size for measuring speed: seeded, made as it is read, and nothing of it kept.

Words are drawn from a Zipfian vocabulary of pseudo-words, among them the words for cancer types of
`config/`; every paper has the fields that real ones have. It says nothing about how well search finds.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from config import load_table
from domain.digest import Audience
from domain.identifiers import Identifiers, work_id
from domain.licence import Licence
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    Journal,
    MeshHeading,
    Paper,
    Section,
    Version,
    VersionKind,
)
from domain.ports import Indexable

WORDS = 80_000
TITLE, ABSTRACT, SECTIONS = 12, 200, 4
_BLOCK = 256
_ZIPF = 1.0
_FLATTENED = 2.7
"""Shifts the curve, so that the commonest word is one in forty and not one in twelve."""
_CONSONANTS, _VOWELS = "bcdfghklmnprstvz", "aeiou"
_ENDS = ("", "l", "n", "r", "s", "t", "ne", "se", "tion", "ine", "ase", "oma", "itis")
_COMMON = "the of and in with for to was were by on as is that from at between after this an"
_COUNTRIES = ("US", "CN", "GB", "DE", "IT", "JP", "FR", "KR", "CA", "IN", "ES", "AU", "NL", "BR", "EG", "NG")
_STUDIES = ("randomised-trial", "cohort", "case-control", "review", "case-report", "laboratory", None)
_LICENCES = ("cc-by", "cc-by-nc", "cc-by-nc-nd", None, None)


@dataclass(frozen=True, slots=True)
class _Pools:
    """What papers are put together from."""

    words: tuple[str, ...]
    shares: np.ndarray
    """The chance of a word up to and including each."""
    authors: tuple[Author, ...]
    journals: tuple[Journal, ...]
    headings: tuple[MeshHeading, ...]
    cancers: tuple[tuple[str, str], ...]
    """Codes of `config/cancer_types.toml`, each with a word for it."""
    licences: tuple[Licence | None, ...]


def papers(count: int, seed: int = 1) -> Iterator[Indexable]:
    """`count` papers; fewer are the first of more."""
    pools = _pools(seed)
    chance = random.Random(seed)
    draws = np.random.default_rng(seed)
    per_paper = TITLE + ABSTRACT
    for start in range(0, count, _BLOCK):
        drawn = np.searchsorted(pools.shares, draws.random(_BLOCK * per_paper)).tolist()
        block = [_paper(start + n, pools, chance, drawn, n * per_paper) for n in range(_BLOCK)]
        yield from block[: count - start]


def questions(count: int, words: int = 3, seed: int = 2) -> list[str]:
    """Lists of words that occur, as people ask: none of the hundred commonest, a few of them rare."""
    pools, chance = _pools(1), random.Random(seed)
    return [
        " ".join(pools.words[int(100 * 60 ** chance.random())] for _ in range(words)) for _ in range(count)
    ]


def _paper(number: int, pools: _Pools, chance: random.Random, drawn: list[int], start: int) -> Indexable:
    words, pick = pools.words, chance.random
    code, name = pools.cancers[int(pick() ** 2 * len(pools.cancers))]
    text = [words[index] for index in drawn[start : start + TITLE + ABSTRACT]]
    text[3] = text[TITLE + 8] = text[TITLE + 120] = name
    width = ABSTRACT // SECTIONS
    sections = tuple(
        Section(_sentences(text[at : at + width])) for at in range(TITLE, TITLE + ABSTRACT, width)
    )
    authors = int(pick() * (len(pools.authors) - 5))
    headings = int(pick() ** 3 * (len(pools.headings) - 4))
    published = f"{2024 - int(pick() ** 2 * 30)}-{1 + int(pick() * 12):02d}-{1 + int(pick() * 28):02d}"
    version = Version(
        kind=VersionKind.PREPRINT if number % 12 == 0 else VersionKind.ARTICLE,
        identifiers=Identifiers(doi=f"10.5555/synthetic.{number}", pmid=str(10_000_000 + number)),
        title=" ".join(text[:TITLE]).capitalize(),
        language="en",
        abstracts=(Abstract(sections),),
        authors=pools.authors[authors : authors + 5],
        journal=pools.journals[int(pick() ** 2 * len(pools.journals))],
        published=published,
        publication_types=("Journal Article",),
        mesh=pools.headings[headings : headings + 4],
        keywords=(text[20], text[40], f"{text[60]} {text[80]}"),
        licence=pools.licences[number % len(pools.licences)],
        open_access=number % 3 == 0,
        cancer_types=(code,),
        study_type=_STUDIES[number % len(_STUDIES)],
    )
    digests = (Audience.PUBLIC,) if number % 10 == 0 else ()
    return Indexable(Paper(work_id(f"synthetic:{number}"), (version,), "", ""), digests)


def _sentences(words: list[str]) -> str:
    middle = len(words) // 2
    first, second = " ".join(words[:middle]), " ".join(words[middle:])
    return f"{first.capitalize()}. {second.capitalize()}."


@cache
def _pools(seed: int) -> _Pools:
    chance = random.Random(seed)
    cancers = _cancers()
    words = _vocabulary(chance, [word for _, name in cancers for word in name.split()])
    weights = 1.0 / (np.arange(WORDS) + _FLATTENED) ** _ZIPF
    places = [
        Affiliation(f"Department of {_name(chance)}, University of {_name(chance)}, {_name(chance)}", country)
        for country in _COUNTRIES
        for _ in range(50)
    ]
    return _Pools(
        words=words,
        shares=np.cumsum(weights / weights.sum()),
        authors=tuple(_author(chance, chance.choice(places)) for _ in range(20_000)),
        journals=tuple(_journal(chance) for _ in range(1_000)),
        headings=tuple(
            MeshHeading(f"{name.title()} {_name(chance)}", qualifiers=("therapy", "genetics")[: n % 3])
            for n in range(40)
            for _, name in cancers
        ),
        cancers=cancers,
        licences=tuple(Licence(code, code, "license") if code else None for code in _LICENCES),
    )


def _cancers() -> tuple[tuple[str, str], ...]:
    found = [(code, row["label"].lower()) for code, row in sorted(load_table("cancer_types").items())]
    return tuple((code, " ".join(re.findall("[a-z]+", label))) for code, label in found)


def _vocabulary(chance: random.Random, cancers: list[str]) -> tuple[str, ...]:
    """Words from common to rare; the longer the rarer, as in any language."""
    found = dict.fromkeys([*_COMMON.split(), *cancers])
    while len(found) < WORDS:
        syllables = 2 + (len(found) > 2_000) + (len(found) > 60_000)
        found.setdefault("".join(_syllable(chance) for _ in range(syllables)) + chance.choice(_ENDS))
    return tuple(found)


def _syllable(chance: random.Random) -> str:
    return chance.choice(_CONSONANTS) + chance.choice(_VOWELS)


def _name(chance: random.Random) -> str:
    return "".join(_syllable(chance) for _ in range(chance.randint(2, 3))).capitalize()


def _author(chance: random.Random, place: Affiliation) -> Author:
    given, family = f"{_name(chance)} {_name(chance)[0]}", _name(chance)
    return Author(f"{given} {family}", family, given, affiliations=(place,))


def _journal(chance: random.Random) -> Journal:
    subject, place = _name(chance), _name(chance)
    return Journal(f"Synthetic Journal of {subject} {place}", f"Synth J {subject[:5]} {place[:4]}")
