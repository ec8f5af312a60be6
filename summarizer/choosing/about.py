"""What texts are about: the words that name it."""

from collections.abc import Set
from functools import lru_cache

from domain.digest import Role
from summarizer.choosing.reading import Reading
from summarizer.choosing.salience import tokens

_COMMON = frozenset(
    tokens(
        "patients groups study trial compared differences significant results effects "
        "after before during between among with from that this than their often"
    )
)
"""Words that say nothing of what a paper is about."""
_SHORTEST = 4
"""Letters, without an ending."""
_REMEMBERED = 1_000
"""Texts: each sentence is asked about several times for every audience."""


def topic_of(reading: Reading) -> frozenset[str]:
    """What a paper is about: the words of its title and of what it asks."""
    asked = (
        s.text for s, role in zip(reading.sentences, reading.roles, strict=True) if role is Role.QUESTION
    )
    return content(reading.heading).union(*map(content, asked)) - _COMMON


def shared(wanted: Set[str], text: str) -> int:
    """How many of the words wanted stand in a text."""
    return len(wanted & content(text))


@lru_cache(_REMEMBERED)
def content(text: str) -> frozenset[str]:
    """The words of a text that may name what it is about."""
    return frozenset(word for word in tokens(text) if len(word) >= _SHORTEST)
