"""Invented questions to the invented corpus, none asked twice: as people type them, by kinds.

Their words occur in the corpus, as those of real questions do in real ones; but for slips of spelling.
"""

import random
from dataclasses import dataclass

from benchmarks.corpus import questions
from config import load_table

KINDS = ("words", "question", "concept", "phrase", "boolean", "slip")
_SHARES = (36, 20, 20, 10, 10, 4)
_LAY = (
    "bowel cancer", "colon tumour", "colorectal neoplasms", "breast tumour", "cancer of the lung",
    "womb cancer", "kidney cancer", "skin cancer", "blood cancer", "cancer of the prostate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and its kind."""

    kind: str
    text: str


def mixed(count: int, seed: int) -> list[Asked]:
    """Of all kinds, in no order; most are lists of words, and few have a slip of spelling."""
    chance = random.Random(seed)
    names = [row["label"].lower() for row in load_table("cancer_types").values()]
    drawn = iter(questions(count, 4, seed))
    kinds = chance.choices(KINDS, _SHARES, k=count)
    return [Asked(kind, _text(kind, next(drawn).split(), names, chance)) for kind in kinds]


def _text(kind: str, words: list[str], names: list[str], chance: random.Random) -> str:
    one, two, three, four = words
    if kind == "words":
        return " ".join(words[: chance.choice((2, 3))])
    if kind == "question":
        name = chance.choice(names)
        return f"what was {one} after {two} in {name} and is it as {three} between that and {four}"
    if kind == "concept":
        return f"{chance.choice(_LAY)} {one}" + chance.choice(("", f" {two}"))
    if kind == "phrase":
        return f'"{chance.choice(names)}" {one}'
    if kind == "slip":
        return f"{one} {two[:-3]}{two[-2]}{two[-3]}{two[-1]}"
    return f"{one} AND ({two} OR {three}) NOT {four}"
