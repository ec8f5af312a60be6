"""The kind of study that a digest tells, against what the authors say in so many words of their own study."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from config import load_table
from domain.facts import StudyKind
from summarizer.text.sieve import Sieved, sieved


@dataclass(frozen=True, slots=True)
class _Saying:
    """A way of saying what kind of study it was (a row of `[[kinds]]` in `config/gate.toml`)."""

    says: str
    against: frozenset[StudyKind]
    pattern: Sieved
    unless: Sieved
    """What else the sentence may say for it to tell of other work, or of something else."""
    never_with: Sieved | None
    """What, anywhere in the abstract, lets both be true."""


def kind_faults(kind: StudyKind, texts: Iterable[str]) -> Iterator[str]:
    """What the sentences of an abstract say against the kind of study that is told of it."""
    if kind is StudyKind.UNKNOWN:
        return
    texts = list(texts)
    for saying in _sayings():
        if kind not in saying.against:
            continue
        if saying.never_with and any(saying.never_with.search(text) for text in texts):
            continue
        if any(saying.pattern.search(text) and not saying.unless.search(text) for text in texts):
            yield f"{kind} told, {saying.says} said"


@cache
def _sayings() -> list[_Saying]:
    table = load_table("gate")
    return [
        _Saying(
            row["says"],
            frozenset(map(StudyKind, row["against"])),
            sieved(row["pattern"], re.I),
            sieved("|".join((table["kinds_of_others"], *row.get("unless", ()))), re.I),
            sieved(row["never_with"], re.I) if "never_with" in row else None,
        )
        for row in table["kinds"]
    ]
