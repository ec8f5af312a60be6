"""Rules about words: what a text promises, whom it flatters, what it asks for."""

import re
from collections.abc import Callable, Iterator
from functools import cache

from conferences.trust.case import Case, to_words
from config import load_table

_SHORT = (
    r"(?:an?|one|two|three|four|five|six|seven|[1-7]|24|48|72)(?: ?(?:-|to|–) ?\d)?[ -]?"
    r"(?:working |business )?(?:hours?|days?|h)\b"
)
"""What `{n}` stands for in a phrase."""
_DENIED = re.compile(r"\b(?:no|not|never|nobody|neither|nor|without|cannot)\b|n['’]t\b", re.I)
_PART = re.compile(r"[.,;:!?()\n–—]")
_CAPITALS = 0.8
_LETTERS = 12


def phrases(key: str) -> "Callable[[Case], Iterator[str]]":
    """The rule that finds the table's phrases of that name."""

    def rule(case: Case) -> Iterator[str]:
        yield from _found(key, case.text)

    rule.__doc__ = f"Phrases of {key}."
    return rule


def flattery(case: Case) -> Iterator[str]:
    """Several flattering phrases; one alone is politeness."""
    found = list(_found("flattery", case.text))
    if len(found) >= load_table("trust")["phrases"]:
        yield ", ".join(found[:5])


def far_fields(case: Case) -> Iterator[str]:
    """Fields that no meeting on cancer needs together."""
    words = f" {' '.join(to_words(case.text))} "
    found = [field for field in load_table("trust")["fields"]["far"] if f" {field} " in words]
    if len(found) > load_table("trust")["fields_of_one"] - 1:
        yield ", ".join(found[:6])


def too_many_topics(case: Case) -> Iterator[str]:
    """More topics than a meeting has sessions for."""
    longest = max((len(part.split(",")) for part in re.split(r"[.:\n]", case.text)), default=0)
    count = max(len(case.topics), longest)
    if count > load_table("trust")["topics"]:
        yield f"{count} topics"


def speakers_pay(case: Case) -> Iterator[str]:
    """Fees by which everybody pays for a part of their own."""
    wanted = load_table("trust")["fees"]["parts"]
    for fee in case.fees:
        free = not fee.amount.strip("0., ")
        if not free and any(re.search(pattern, fee.label, re.I) for pattern in wanted):
            yield fee.label


def shouting(case: Case) -> Iterator[str]:
    """A title in capitals, with emoji or many exclamation marks."""
    letters = [c for c in case.title if c.isalpha() and c.lower() != c.upper()]
    capitals = len(letters) >= _LETTERS and sum(map(str.isupper, letters)) / len(letters) >= _CAPITALS
    emoji = any("\U0001f300" <= c <= "\U0001faff" or "\u2600" <= c <= "\u27bf" for c in case.title)
    if capitals or emoji or case.title.count("!") > 1:
        yield case.title[:80]


def _found(key: str, text: str) -> Iterator[str]:
    flat = re.sub(r"[ \t]+", " ", text)
    for pattern in _patterns(key):
        for match in pattern.finditer(flat):
            if not _is_denied(flat, match.start()):
                yield match[0].strip()
                break


def _is_denied(text: str, at: int) -> bool:
    """Whether the same part of the sentence says no before it."""
    return bool(_DENIED.search(_PART.split(text[:at])[-1]))


@cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    listed = load_table("trust")["phrases_of"][key]
    return tuple(re.compile(pattern.replace("{n}", _SHORT), re.I) for pattern in listed)
