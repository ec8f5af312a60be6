"""Names made of letters, numbers and signs, in all the ways in which they are written.

HER2 and HER-2; IFN-γ, IFNγ and IFN-gamma; tumour-associated and tumor-associated; the two genes of BRCA1/2.
"""

import re
from functools import cache
from itertools import product

from index.language.spelling import letters, parts, spellings

_MOST = 16
"""So many ways to write a name at most."""
_CODE = re.compile(r"([A-Za-z]{1,6})-?(\d{1,3})")
"""Letters and a number, which are written with a hyphen or without: HER2, IL-2, p53."""
_COUNTED = re.compile(r"(\d)-?([A-Z]{2,3})")
"""A number and capitals: 5-FU, 6MP."""
_SHORT = 3
"""More letters in small type before a hyphen are an everyday word: phase-3."""
_IN_TWO_WAYS = frozenset(("grade", "phase", "phases", "stage", "stages"))
"""Words behind which papers write numbers in both ways; types mostly in one (*type 2 diabetes*)."""
_ROMAN = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5"}
_ARABIC = {arabic: roman for roman, arabic in _ROMAN.items()}
_NUMERAL = re.compile(r"(IV|V|I{1,3}|[1-5])([A-C]\d?)?", re.IGNORECASE)
_HYPHENED = re.compile(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+){1,3}")
_NUMBERED = re.compile(r"([A-Za-z]{2,6}-?)(\d{1,2})((?:/\d{1,2}){1,3})")


def code_forms(word: str) -> tuple[str, ...]:
    """A code in all ways of writing it; nothing for other words."""
    if match := _CODE.fullmatch(word):
        if "-" in word and len(match[1]) > _SHORT and not match[1].isupper():
            return ()
        return f"{match[1]}{match[2]}", f"{match[1]}-{match[2]}"
    if match := _COUNTED.fullmatch(word):
        return f"{match[1]}-{match[2]}", f"{match[1]}{match[2]}"
    return _lettered(word)


def numeral_forms(before: str, word: str) -> tuple[str, ...]:
    """The number of a stage, a phase or a grade by Roman and by Arabic letters; nothing for other words.

    >>> numeral_forms("stage", "3b")
    ('IIIB', '3B')
    """
    if before.lower() not in _IN_TWO_WAYS or word in ("i", "v"):
        return ()
    numerals = [_NUMERAL.fullmatch(piece) for piece in re.split("[/-]", word)]
    if not all(numerals) or len(numerals) > 2:
        return ()
    joint = "/" if "/" in word else "-"
    told = [(match[1].upper(), (match[2] or "").upper()) for match in numerals if match]
    roman = joint.join(_ARABIC.get(number, number) + part for number, part in told)
    return roman, joint.join(_ROMAN.get(number, number) + part for number, part in told)


def hyphened_forms(word: str) -> tuple[str, ...]:
    """A word with hyphens in every spelling of its pieces; nothing where there is but one."""
    if not _HYPHENED.fullmatch(word):
        return ()
    written = [spellings(piece) for piece in parts(word)]
    forms = tuple("-".join(pieces) for pieces in product(*written))
    return forms if 1 < len(forms) <= _MOST else ()


def named_together(word: str) -> tuple[str, ...]:
    """What a stroke puts together: `BRCA1/2` is BRCA1 and BRCA2; nothing for a word without."""
    if match := _NUMBERED.fullmatch(word):
        return tuple(f"{match[1]}{number}" for number in (match[2], *match[3][1:].split("/")))
    names = word.split("/")
    return tuple(names) if 1 < len(names) < 5 and all(names) else ()


def _lettered(word: str) -> tuple[str, ...]:
    """A short form with a Greek letter behind or before it, by the letter and its name."""
    behind, before = _patterns()
    if match := behind.fullmatch(word):
        stems = code_forms(match["stem"]) or (match["stem"].rstrip("-"),)
        ends = [f"{joint}{name}" for name in _both(match) for joint in ("-", "")]
        return tuple(f"{stem}{end}{match['number']}" for end in ends for stem in stems)
    if match := before.fullmatch(word):
        return tuple(f"{name}{joint}{match['stem']}" for name in _both(match) for joint in ("-", ""))
    return ()


def _both(match: re.Match[str]) -> tuple[str, str]:
    """The name of the letter, and the letter."""
    written = match["letter"] or match["name"]
    return next((name, letter) for name, letter in letters() if written in (name, letter))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    names, signs = zip(*letters(), strict=True)
    # A name that follows without a hyphen must stand behind capitals: `theta` is no TH-eta.
    letter = rf"(?:(?P<letter>{'|'.join(signs)})|(?:(?<=-)|(?<=[A-Z0-9]))(?P<name>{'|'.join(names)}))"
    first = rf"(?:(?P<letter>{'|'.join(signs)})-?|(?P<name>{'|'.join(names)})-)"
    stem = r"(?P<stem>[A-Z][A-Za-z]{0,5}(?:-?\d{1,2})?)"
    return re.compile(rf"{stem}-?{letter}-?(?P<number>\d?[A-Z]?)"), re.compile(
        rf"{first}(?P<stem>[A-Z][A-Z0-9]{{1,5}})"
    )
