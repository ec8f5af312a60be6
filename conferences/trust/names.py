"""Rules about names: well-known meetings imitated, or named for their glory."""

import re
from collections.abc import Iterator
from functools import cache

from conferences.trust.case import Case, is_below, to_words
from config import load_table
from domain.listing import Edition, Series

_TYPO = 5
"""Letters from which on a word may be misspelt."""


def imitated_name(case: Case) -> Iterator[str]:
    """A name as good as a well-known one, at an address that is not known to be its own."""
    mine = to_core(case.title)
    for code, alias, core in _known() if _is_meeting(case) else ():
        if not _alike(mine, core):
            continue
        domains = load_table("trust")["meetings"].get(code)
        if domains and is_below(case.host, domains):
            return
        if domains or _plain(case.title) != _plain(alias):
            yield alias
            return


def known_name(case: Case) -> Iterator[str]:
    """A well-known name within the title, or the very name of a meeting whose address we do not know."""
    title = f" {_plain(case.title)} "
    for code, alias, _ in _known() if _is_meeting(case) else ():
        domains = load_table("trust")["meetings"].get(code, [])
        named = f" {_plain(alias)} " in title or any(word in case.title.split() for word in _acronyms(alias))
        if named and not is_below(case.host, domains):
            yield alias
            return


def to_core(name: str) -> tuple[str, ...]:
    """The words that tell a meeting from others, sorted; years, ordinals and kinds of meeting levelled."""
    names = load_table("trust")["names"]
    words = (names["same"].get(word, word) for word in to_words(name))
    return tuple(
        sorted(w for w in words if w not in names["empty"] and not re.fullmatch(r"\d+(?:st|nd|rd|th)?", w))
    )


@cache
def _known() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    rows, common = load_table("meetings")["series"], load_table("trust")["names"]["common"]
    every = [
        (code, name)
        for code, row in rows.items()
        for name in (row["name"], *row["aliases"])
        if name not in common
    ]
    return tuple((code, name, core) for code, name in every if len(core := to_core(name)) > 1)


def _alike(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if one == other:
        return True
    left, right = list(one), list(other)
    for word in one:
        if word in right:
            left.remove(word)
            right.remove(word)
    if len(left) != 1 or len(right) != 1 or len(other) < 3:
        return False
    return min(len(left[0]), len(right[0])) >= _TYPO and _one_letter(left[0], right[0])


def _one_letter(one: str, other: str) -> bool:
    """Whether one letter is changed, missing or added, or two are swapped."""
    short, long = sorted((one, other), key=len)
    at = next((n for n, letter in enumerate(short) if long[n] != letter), len(short))
    if len(long) == len(short):
        swapped = sorted(short) == sorted(long) and short[at + 2 :] == long[at + 2 :]
        return swapped or short[at + 1 :] == long[at + 1 :]
    return len(long) == len(short) + 1 and short[at:] == long[at + 1 :]


def _acronyms(name: str) -> list[str]:
    """Words of a name that are known by their capitals."""
    return re.findall(r"\b[A-Z]{4,}\b", name)


def _plain(name: str) -> str:
    return " ".join(word for word in to_words(name) if not re.fullmatch(r"(?:19|20)\d\d", word))


def _is_meeting(case: Case) -> bool:
    return isinstance(case.listing, Edition | Series)
