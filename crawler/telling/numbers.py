"""Numbers in running text, in figures and in English words."""

import re

_ONES = {
    word: number
    for number, word in enumerate(
        re.findall(
            r"\w+",
            "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
            " seventeen eighteen nineteen",
        ),
        1,
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate(
        ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"), 2
    )
}
NUMBER_WORDS = frozenset((*_ONES, *_TENS, "hundred", "thousand"))
_WORDS = "|".join((*NUMBER_WORDS, "a", "and"))
DIGITS = (
    r"(?P<digits>\d(?<![\w.,/–·-]\d)"
    r"(?:\d{0,2}(?:[, \xa0\u2009\u202f·]\d{3})+(?!\d)|\d{0,6}|\d{0,2}[.·]\d{1,3}(?= million\b)))"
    r"(?![\d.·%])(?P<million> million\b)?"
)
"""Begins with a figure, not with what may not stand before it, which is quicker to look for."""
_FIRST = "|".join((*_ONES, *_TENS, "a hundred", "a thousand"))
_LETTERS = "".join(sorted({word[0] for word in (*_ONES, *_TENS, "a")}))
WORDED = rf"(?=[{_LETTERS}])\b(?P<words>(?:{_FIRST})(?:[ -](?:{_WORDS})\b){{0,8}}+)\b"
"""Looks for the first letter first, as most begin no number: to try each word takes twice as long."""
ANY_NUMBER = r"\d+(?:[, \xa0\u2009\u202f]\d{3})*"


def value_of(match: re.Match[str]) -> int:
    """The number that a match of `DIGITS` or `WORDED` gives."""
    if match["digits"] and match["million"]:
        return round(float(re.sub(r"[^\d.]", "", match["digits"].replace("·", "."))) * 1_000_000)
    if match["digits"]:
        return number_of(match["digits"])
    total = current = 0
    for word in re.split(r"[ -]", match["words"].lower()):
        if word in _ONES:
            current += _ONES[word]
        elif word in _TENS:
            current += _TENS[word]
        elif word == "hundred":
            current = (current or 1) * 100
        elif word == "thousand":
            total, current = total + (current or 1) * 1000, 0
    return total + current


def number_of(digits: str | None) -> int:
    """The number that figures with marks between thousands give; 0 where there are none."""
    return int(re.sub(r"\D", "", digits or "") or 0)
