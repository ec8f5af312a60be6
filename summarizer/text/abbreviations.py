"""Abbreviations that a paper defines, and their long forms."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from config import load_table

_BRACKETED = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]")
_SHORT = re.compile(r"^(?=.*[A-Z])[A-Za-z0-9][\w+/.α-ωΑ-Ω-]{1,11}$")
_LONGEST_SHORT = 12
_BEFORE = re.compile(rf"(?:^|[\s(])([^\s()]{{2,{_LONGEST_SHORT}}})\s*$")
_OPENS = re.compile(r"(?:^|[.?!:]\s+|\n)\Z")
_NUMBERED = re.compile(r"-\d")
_NEXT_WORD = re.compile(r" ([a-z]+)")
_OPENING = re.compile(r"[(\[]")
_CLOSINGS = (")", "]")
_EDGE = re.compile(r"\b")
# "Recommended phase II dose (RP2D)": its 2 is a Roman one.
_DIGIT = re.compile(r"\d")
_ROMAN = re.compile(r"\b(?:I{1,3}|IV)\b")
_DIGITS = {"I": "1", "II": "2", "III": "3", "IV": "4"}
_MOST_WORDS = 10
_ARTICLE = re.compile(r"\b(an?)(\s+)$", re.I)
# How far back an article is looked for.
_NEAR = 12
# A pattern is made once, and asked for by each sentence and audience.
_MOST_UNSPELT = 1
_REMEMBERED = 1_000


@dataclass(frozen=True, slots=True)
class Abbreviation:
    """A short form and what it stands for, both as the paper writes them."""

    short: str
    long: str


def find_abbreviations(text: str) -> dict[str, Abbreviation]:
    """Short form → abbreviation, for "long form (SF)" and "SF (long form)"; the first definition counts."""
    found: dict[str, Abbreviation] = {}
    for match in _BRACKETED.finditer(text):
        before, inside = text[: match.start()], match[1].split(";")[0].strip()
        pair = _defined_before(before, inside) or _defined_inside(before, inside)
        if pair and pair.short not in found:
            found[pair.short] = pair
    return found


def _defined_before(before: str, short: str) -> Abbreviation | None:
    if not _SHORT.match(short):
        return None
    clause = re.split(r"[.;:?!()\n]\s|,\s", before)[-1]
    most = min(len(short) + 5, 2 * len(short), _MOST_WORDS)
    candidate = " ".join(clause.split()[-most:])
    long = _long_form(short, candidate) or _long_form(short.removesuffix("s"), candidate)
    return Abbreviation(short, _without_capital(long, before)) if long else None


def _defined_inside(before: str, inside: str) -> Abbreviation | None:
    # Only the last word can be it: a whole paper may stand before it.
    match = _BEFORE.search(before, max(0, len(before.rstrip()) - _LONGEST_SHORT - 1))
    if match is None or not _SHORT.match(match[1]) or not 2 <= len(inside.split()) <= _MOST_WORDS:
        return None
    long = _long_form(match[1], inside)
    return Abbreviation(match[1], long) if long == inside else None


def _long_form(short: str, candidate: str) -> str | None:
    """The shortest end of `candidate` whose letters spell `short` in order (Schwartz and Hearst's rule)."""
    at = len(candidate)
    last = -1
    letters = (_ROMAN.sub(_in_digits, candidate) if _DIGIT.search(short) else candidate).lower()
    for place, letter in reversed([(i, c) for i, c in enumerate(short.lower()) if c.isalnum()]):
        at = letters.rfind(letter, 0, at)
        while place == 0 and at > 0 and letters[at - 1].isalnum():
            at = letters.rfind(letter, 0, at)
        if at < 0:
            return None
        last = max(last, at)
    # "every 28 days (EE)": letters of one word do not stand for those after it.
    if " " not in candidate[at:last] and candidate.count(" ", last) > _MOST_UNSPELT:
        return None
    long = candidate[candidate.rfind(" ", 0, at + 1) + 1 :].strip()
    if long.startswith("the "):  # "the control of regulatory T cells (Tregs)": its T is that of the cells
        return None
    return long if len(long) > len(short) + 1 and short.lower() not in long.lower().split() else None


def _in_digits(roman: re.Match[str]) -> str:
    return _DIGITS[roman[0]].ljust(len(roman[0]))  # so that places stay


def _without_capital(long: str | None, before: str) -> str:
    """Undo the capital that `long` has only because it opened its sentence."""
    if not long:
        return ""
    first = long.split()[0]
    head = before.rstrip().removesuffix(long)
    opened = before.rstrip().endswith(long) and _OPENS.search(head)
    ordinary = first[0].isupper() and first[1:].islower() and len(first) > 1
    if not opened or not ordinary or first.lower() in load_table("wording")["names"]:
        return long
    return long[0].lower() + long[1:]


class Speller:
    """Spells out abbreviations at their first use in a digest, in the order in which it is told."""

    def __init__(self, abbreviations: Mapping[str, Abbreviation]) -> None:
        self._abbreviations = abbreviations
        self.known: frozenset[str] = frozenset()
        """The short forms that have been spelt out."""

    @property
    def definitions(self) -> dict[str, str]:
        """All short forms that the paper defines, with their long forms."""
        return {short: pair.long for short, pair in self._abbreviations.items()}

    def spell(self, text: str, later: str) -> tuple[str, dict[str, str]]:
        """`text` with first uses spelt out, and those that could not be, with their long forms.

        Args:
            later: the digest's text after this sentence; a short form that it does not use is left out.
        """
        left: dict[str, str] = {}
        for short, pair in self._abbreviations.items():
            text = self._spell_one(text, later, short, pair.long, left)
        return text, left

    def unspelt(self, text: str) -> dict[str, str]:
        """The short forms in `text` that nothing has spelt out yet, with their long forms."""
        return {
            text[slice(*used)]: pair.long
            for short, pair in self._abbreviations.items()
            if short not in {*self.known, *load_table("wording")["known_short_forms"]}
            and not find_definition(text, short, pair.long)
            and (used := _use(short, text))
        }

    def _spell_one(self, text: str, later: str, short: str, long: str, left: dict[str, str]) -> str:
        if short.removesuffix("s") not in text or short in load_table("wording")["known_short_forms"]:
            return text
        defined = find_definition(text, short, long)
        if defined:
            start, end, written = defined
            again = bool(_use(short, text[:start] + text[end:]) or _use(short, later))
            words = short if short in self.known else (f"{written} ({short})" if again else written)
            self.known |= {short}
            return text[:start] + words + text[end:]
        used = None if short in self.known else _use(short, text)
        if used is None:
            return text
        start, end = used
        written = text[start:end]
        form = _agreeing(long, short, written)
        if form is None or _is_inside(text, start, end):
            left[written] = long
            return text
        self.known |= {short}
        again = bool(_use(short, text, end) or _use(short, later))
        if text[end : end + 1] == "-" or again:
            form = f"{form} ({written})"
        else:
            form = _without_repeat(form, text[end:])
        return _put(text, start, end, form)


def _without_repeat(form: str, after: str) -> str:
    """The long form without a last word that the text goes on with, as in "VAS scores"."""
    head, _, last = form.rpartition(" ")
    again = _NEXT_WORD.match(after)
    return head if head and again and again[1].removesuffix("s") == last.removesuffix("s") else form


def find_definition(text: str, short: str, long: str) -> tuple[int, int, str] | None:
    """The first "long form (SF)" or "SF (long form)" in `text`, whatever its capitals: start, end, long form.

    Looked for bracket by bracket: to make a pattern of each abbreviation costs more than all else about it.
    """
    if "(" not in text and "[" not in text:
        return None
    small, small_short, small_long = map(small_letters, (text, short, long))
    if small is None or small_short is None or small_long is None:
        match = _definition(short, long).search(text) if long.lower() in text.lower() else None
        return (match.start(), match.end(), match[1] or long) if match else None
    found = []
    for bracket in _OPENING.finditer(text) if small_long in small else ():
        start, end = _bracketed(small, bracket.start(), small_long, small_short)
        if end and not _NUMBERED.match(text, end):
            found.append((start, end, text[start : start + len(long)]))
        start, end = _bracketed(small, bracket.start(), small_short, small_long)
        if end and _EDGE.match(text, start):
            found.append((start, end, long))
    return min(found, default=None, key=lambda one: one[0])


def _bracketed(text: str, bracket: int, before: str, inside: str) -> tuple[int, int]:
    """Where "before (inside)" begins and ends, its bracket opening there; (0, 0) where that is not so."""
    end = bracket + 1 + len(inside)
    if not text.startswith(inside, bracket + 1) or text[end : end + 1] not in _CLOSINGS:
        return 0, 0
    while bracket and text[bracket - 1].isspace():
        bracket -= 1
    start = bracket - len(before)
    return (start, end + 1) if start >= 0 and text.startswith(before, start) else (0, 0)


@lru_cache(_REMEMBERED)
def small_letters(text: str) -> str | None:
    """`text` in small letters, each in its place; None where patterns could take others for the same."""
    small = text.lower()
    odd = not text.isascii() and (len(small) != len(text) or small != text.casefold() or "ı" in text)
    return None if odd else small


@lru_cache(_REMEMBERED)
def _definition(short: str, long: str) -> re.Pattern[str]:
    return re.compile(
        rf"({re.escape(long)})\s*[(\[]{re.escape(short)}[)\]](?!-\d)|"
        rf"\b{re.escape(short)}\s*[(\[]{re.escape(long)}[)\]]",
        re.I,
    )


def _use(short: str, text: str, start: int = 0) -> tuple[int, int] | None:
    """Where `short` is first used from `start` on, in the singular or plural: start and end.

    Looked for letter by letter: to make a pattern of each abbreviation costs more than all else about it.
    """
    stem = short.removesuffix("s") if short[-1] == "s" and short[:-1].isupper() else short
    at = text.find(stem, start)
    while at >= 0:
        end = at + len(stem)
        if not _belongs(text[at - 1 : at], "_/.-"):
            for stop in (end + 1, end) if text.startswith("s", end) else (end,):
                if not _belongs(text[stop : stop + 1], "_/") and not _NUMBERED.match(text, stop):
                    return at, stop
        at = text.find(stem, at + 1)
    return None


def _belongs(letter: str, others: str) -> bool:
    """Whether what stands beside a short form is part of a longer word."""
    return letter.isalnum() or (letter != "" and letter in others)


def _agreeing(long: str, short: str, used: str) -> str | None:
    """The long form in the number in which the short one is used."""
    if used == short:
        return long
    if used == short + "s":
        return long + "s" if re.search(r"[a-rt-xz]$", long) and not re.search(r"(?:ch|sh|x)$", long) else None
    if used + "s" == short and re.search(r"[a-rt-z]s$", long) and not long.endswith("ies"):
        return long[:-1]
    return None


def _is_inside(text: str, start: int, end: int) -> bool:
    """Whether the place is within brackets, where a second pair would be hard to read."""
    before = text[:start]
    return before.count("(") > before.count(")") or before.count("[") > before.count("]")


def _put(text: str, start: int, end: int, words: str) -> str:
    before = text[:start]
    if not before.strip():
        words = words[0].upper() + words[1:]
    return fix_article(before, words) + words + text[end:]


def fix_article(before: str, words: str) -> str:
    """`before`, its last "a" or "an" agreeing with the `words` that follow."""
    match = _ARTICLE.search(before, max(0, len(before) - _NEAR))
    if not match:
        return before
    vowel = bool(re.match(r"(?!uni|use|eu|one|u[rst][aeiu])[aeiou]", words, re.I))
    article = ("An" if match[1][0].isupper() else "an") if vowel else match[1][0]
    return before[: match.start()] + article + match[2]
