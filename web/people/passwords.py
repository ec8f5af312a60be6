"""Passwords: what makes a good one, and their argon2id hashes. Known and unknown accounts cost the same."""

import re
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

SHORTEST = 12
LONGEST = 128
_FEWEST = 6
"""So many different characters, at the least."""
_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"),
    *("qwertzuiop", "azertyuiop", "1qaz2wsx3edc4rfv5tgb6yhn7ujm"),
)
_COMMON = (
    "password",
    "passwort",
    "letmein",
    "welcome",
    "iloveyou",
    "changeme",
    "football",
    "dragon",
    "secret",
)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@cache
def _decoy() -> str:
    return _hasher().hash("nobody has this password")


def hash_password(password: str) -> str:
    """The argon2id hash of a password."""
    return _hasher().hash(password)


def is_right(hashed: str, password: str) -> bool:
    """Whether it is the password of that hash; as long for an empty hash, of which none is right."""
    try:
        return _hasher().verify(hashed or _decoy(), password[: LONGEST + 1]) and bool(hashed)
    except (Argon2Error, InvalidHashError):
        return False


def weakness(password: str, *known: str) -> str:
    """What is wrong with a new password, in a sentence; empty where nothing is.

    Args:
        known: what others know about the person and the site, such as the address.

    >>> weakness("violet-otter-drums-7")
    ''
    """
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Choose a password of {SHORTEST} to {LONGEST} characters; a few words do well."
    plain = password.lower()
    if len(set(plain)) < _FEWEST or re.fullmatch(r"(.{1,6}?)\1+.{0,5}", plain, re.DOTALL):
        return "That repeats itself. Choose one that is harder to guess."
    rest = plain
    for word in (*_COMMON, *(w for text in known for w in re.findall(r"\w{4,}", text.lower()))):
        rest = rest.replace(word, "")
    for row in _ROWS:
        rest = _without_runs(rest, row)
    if len(re.sub(r"[\W\d_]", "", rest)) + len(set(re.findall(r"\d", rest))) // 2 < _FEWEST:
        return "That is among the first that others would try. Choose one that is harder to guess."
    return ""


def _without_runs(text: str, row: str) -> str:
    for line in (row, row[::-1]):
        for size in range(len(line), 3, -1):
            for start in range(len(line) - size + 1):
                text = text.replace(line[start : start + size], "")
    return text
