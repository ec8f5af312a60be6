"""What of a version tells whether another tells of the same work, in a form that can be compared.

Sources write the same title and the same people in many ways: case, hyphens, Greek letters, British and
American spelling, umlauts spelled out, initials, names turned round. All of that is folded away here.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import filterfalse

from domain.paper import Author, Journal, Version, VersionKind
from domain.values import made_once, quickly_made

_GREEK = {
    letter: unicodedata.name(letter).split()[3 if "FINAL" in unicodedata.name(letter) else -1].lower()
    for letter in "αβγδεζηθικλμνξοπρστυφχψω"
}
_LETTERS = str.maketrans(
    _GREEK | {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "’": "'", "µ": "mu"}
)
_WORD = re.compile(r"[^\W_]+")
_ASCII_WORDS = bytes(code if chr(code).isalnum() else 0x20 for code in range(128)) + bytes(128)
_SPELLING = (
    (("our",), "tumour|humour|colour|behaviour|labour|neighbour", lambda m: m[0].replace("our", "or")),
    (("ae", "oe"), "ae|oe", lambda _: "e"),
    # What stands before is looked at last: so `re` leaps from one `is` to the next.
    (("ise", "isi", "isa"), r"is(?<=[a-z]{3}is)(?=e[ds]?\b|ing\b|ations?\b)", lambda _: "iz"),
    (("yse", "ysi"), r"ys(?=e[ds]?\b|ing\b)", lambda _: "yz"),
    (("tre",), r"tre(?<=[a-z]{2}tre)(?=s?\b)", lambda _: "ter"),
    (("programme",), r"programme\b", lambda _: "program"),
)
"""Letters without which there is nothing to change, what is changed, and into what."""
_SPELLED = tuple((pieces, re.compile(pattern).sub, spelled) for pieces, pattern, spelled in _SPELLING)
_LETTER = {"i": "1", "v": "5"}
_NUMBERED = re.compile(
    r"((?:\b(?:part|phase|stage|type|grade|class|level|section|chapter|volume|study)[\s.-]+|\s(?=[iv][.\s]*$)))"
    r"([iv])\b"
)
"""`I` and `V` are numbers where they follow a word that is numbered, or end the title."""
_MAYBE_NUMBERED = re.compile(r"[iv]\b(?<=[\s.-].)")
"""Few titles have such a letter by itself; only they are looked through."""
_DIGITS = re.compile(r"[0-9]{1,9}")
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ORDERED = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_ROMAN = ("ii", "iii", "iv", "", "vi", "vii", "viii", "ix")
_NUMERALS = {
    word: str(number)
    for words, first in ((_COUNTED, 1), (_ORDERED, 1), (_ROMAN, 2))
    for number, word in enumerate(words, first)
}
_SUBTITLE = re.compile(r"[:?!;–—]|\.(?=\s)|\s-\s")
_OWN_PREFIX = re.compile(
    r"^\s*(?:(?:retracted|withdrawn)(?:\s+(?:article|paper|chapter))?\s*[:.\-–—]\s*|"
    r"\[(?:retracted|withdrawn)\]\s*|"
    r"abstract\s+(?:no\.?\s*)?[a-z]{0,4}\d?[-\s]?[\d\-–.]+[a-z]?\s*[:.]\s*|"
    r"[a-z]{0,3}\d++(?:[-.]++\d++)*+\s*[:.]\s+(?=\S+\s))",
    re.IGNORECASE,
)
"""What a publisher puts before the title of the paper itself: that it was retracted, its abstract number."""
_OWN_SUFFIX = re.compile(
    r"\s*[(\[](?:retracted|withdrawn)(?: (?:article|paper))?(?:\. see [^()\[\]]{0,120})?[)\]]\.?$"
)
"""What indexes of citations and publishers put behind it."""
_ABSTRACT_NUMBER = re.compile(
    r"#?[A-Za-z]{0,4}[-\s]?\d{1,5}[A-Za-z]{0,3}(?:\s*/\s*#?\d{1,5})?[\s:.)–-]+(?=\S+\s)"
)
"""What may be a number before the title of a conference abstract, and may be a gene or a count."""
TELLING = 25
"""Letters below which many papers share a title."""
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
"""Between the digits of one number: 2,000 is 2000."""
_SUPPLEMENT = re.compile(r"(?<=\d)[\s,(]+sup(?:pl(?:ement)?)?\b(.*)$", re.IGNORECASE | re.DOTALL)
"""What indexes put behind a volume, and publishers for the issue."""
_APART = re.compile(r"[,;\s]")
_HYPHEN = re.compile(r"[-–—]+")
_PART = re.compile(r"[\s.\-‐]+")
_LONGEST_TITLE = 2000
_LONGEST_NAME = 40
"""Letters beyond which titles and names are not read: no paper needs them, and comparing takes time."""
_MANY = 30
"""Authors beyond which only the last is looked at: lists of hundreds are compared by their first."""
_REMEMBERED = 2_000
"""Names kept as they are compared: the common ones come again soon, and more cost memory and gain no time."""


def fold(text: str) -> str:
    """`text` in lower case, without accents, Greek letters by name."""
    if text.isascii():
        return text.lower()
    lowered = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(filterfalse(unicodedata.combining, lowered.translate(_LETTERS)))


def to_spelling(folded: str) -> str:
    """Folded text in one spelling of English."""
    for pieces, change, spelled in _SPELLED:
        for piece in pieces:
            if piece in folded:
                folded = change(spelled, folded)
                break
    return folded


def to_words(text: str) -> list[str]:
    """The words of a text: letters and digits that stand together."""
    if text.isascii():  # twice as fast as the pattern
        return text.encode().translate(_ASCII_WORDS).decode().split()
    return _WORD.findall(text)


@dataclass(frozen=True)
class Title:
    """A title in its parts."""

    text: str
    """Folded, without brackets and what the publisher put before it."""
    bracketed: bool
    """Given in brackets: translated by the source."""

    @made_once
    def words(self) -> tuple[str, ...]:
        """Its words; numbers in digits, however they are written."""
        words = to_words(to_spelling(self.text))
        if _NUMERALS.keys().isdisjoint(words):
            return tuple(words)
        return tuple([_NUMERALS.get(word, word) for word in words])

    @made_once
    def whole(self) -> str:
        """Letters and digits only: neither hyphens nor spaces matter."""
        return "".join(self.words)

    @made_once
    def main(self) -> str:
        """The same of the part before a subtitle, where that tells enough."""
        subtitle = _SUBTITLE.search(self.text)
        if subtitle is None:
            return self.whole
        joined = "".join(to_words(to_spelling(self.text[: subtitle.start()].rstrip())))
        return joined if is_telling(joined) else self.whole

    @made_once
    def telling(self) -> bool:
        """Whether it is long enough to tell a paper from others."""
        return is_telling(self.whole) and len(self.words) >= 4

    @made_once
    def numbers(self) -> tuple[int, ...]:
        """The numbers in it, however they are written, in order of size."""
        return tuple(sorted(int(digits) for word in self.words for digits in _DIGITS.findall(word)))


def to_title(text: str) -> Title:
    """The title in its parts."""
    bare = " ".join(text.lstrip()[:_LONGEST_TITLE].split())
    inner = bare.removesuffix(".").rstrip()
    bracketed = len(inner) > 2 and inner[0] == "[" and inner[-1] == "]"
    folded = fold(inner[1:-1].strip() if bracketed else bare)[:_LONGEST_TITLE]
    text = _OWN_PREFIX.sub("", folded, count=1)
    if text.endswith((")", "]", ").", "].")):
        text = _OWN_SUFFIX.sub("", text)
    if "," in text:
        text = _THOUSANDS.sub("", text)
    if _MAYBE_NUMBERED.search(text):
        text = _NUMBERED.sub(lambda found: found[1] + _LETTER[found[2]], text)
    return Title(text, bracketed)


def is_telling(text: str) -> bool:
    """Whether it has letters enough to tell a paper from others."""
    first = text[:TELLING]
    return len(first) == TELLING and (first.isalpha() or sum(map(str.isalpha, text)) >= TELLING)


@quickly_made
@dataclass(frozen=True, slots=True)
class Person:
    """An author: letters only."""

    family: str
    given: str = ""
    initials: str = ""
    abbreviated: bool = False
    """Only the initials of the given names are known."""
    group: bool = False


@lru_cache(maxsize=_REMEMBERED)
def _to_letters(text: str) -> str:
    folded = fold(text).replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return folded if folded.isalpha() else "".join([c for c in folded if c.isalpha()])


@lru_cache(maxsize=_REMEMBERED)
def _to_name(family: str, given: str) -> Person:
    told = (given,) if given.isalpha() else _PART.split(given)
    parts = [letters for part in told if (letters := _to_letters(part))]
    # Four capitals may be initials, but not where the whole name is printed in them.
    if len(parts) == 1 and len(parts[0]) <= (2 if family.isupper() else 4) and given.isupper():
        parts = list(parts[0])
    joined, initials = "".join(parts), "".join([part[0] for part in parts])
    return Person(_to_letters(family), joined, initials, joined == initials)


def to_person(author: Author) -> Person:
    """The author as it is compared; a name that is not taken apart is by its comma, else it is a group's."""
    if author.family:
        return _to_name(author.family[:_LONGEST_NAME], author.given[:_LONGEST_NAME])
    family, comma, given = author.name.partition(",")
    if comma:
        return _to_name(family[:_LONGEST_NAME], given[:_LONGEST_NAME])
    return Person(_to_letters(author.name[:_LONGEST_TITLE]), group=True)


def to_people(authors: Sequence[Author]) -> tuple[Person, ...]:
    """Those who are compared: the first ones and the last, without groups where there are people."""
    chosen = [*authors[:_MANY], *authors[_MANY:][-1:]]
    people = [person for author in chosen if (person := to_person(author)).family]
    return tuple([person for person in people if not person.group] or people)


def to_ends(authors: Sequence[Author]) -> tuple[Person, ...]:
    """The first and the last of the people, or of the groups where there are no people."""
    if not authors:
        return ()
    first = next(filter(_is_person, authors), authors[0])
    last = next(filter(_is_person, reversed(authors)), authors[-1])
    return to_person(first), to_person(last)


def _is_person(author: Author) -> bool:
    return bool(author.family) or "," in author.name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a version was printed."""

    names: frozenset[str]
    issn: frozenset[str]
    volume: str
    first_page: str
    supplement: str = ""
    """Its number, where the volume names it; pages of each supplement begin anew."""

    def same_page(self, other: "Place") -> bool:
        """Whether volume and first page are known of both, and the same."""
        told = self.volume and self.first_page and not self.in_another_volume(other)
        return bool(told) and (self.volume, self.first_page) == (other.volume, other.first_page)

    def in_another_volume(self, other: "Place") -> bool:
        """Whether both name their volume, and it is another or another supplement of it."""
        pairs = (self.volume, other.volume), (self.supplement, other.supplement)
        return any(one and two and one != two for one, two in pairs)


def to_place(journal: Journal | None) -> Place:
    """The place as it is compared."""
    if journal is None:
        return Place(frozenset(), frozenset(), "", "")
    title = journal.title[:_LONGEST_TITLE]
    # Catalogues set a space before the colon of a subtitle, which publishers leave out.
    told = (title, title.partition(" : ")[0], journal.abbreviation[:_LONGEST_TITLE])
    names = (" ".join(to_words(fold(name))) for name in told)
    issn = (number.replace("-", "").upper() for number in journal.issn)
    return Place(
        frozenset(name.removeprefix("the ") for name in names if name),
        frozenset(number for number in issn if number),
        *to_page(journal),
        _to_supplement(journal),
    )


def to_page(journal: Journal | None) -> tuple[str, str]:
    """Volume and first page as they are compared."""
    if journal is None:
        return "", ""
    volume = _SUPPLEMENT.sub("", journal.volume[:_LONGEST_NAME])
    return _to_number(volume), _to_number(_first_page(journal.pages))


def _to_supplement(journal: Journal) -> str:
    found = _SUPPLEMENT.search(journal.volume[:_LONGEST_NAME])
    return _to_number(found[1]) if found else ""


def _first_page(pages: str) -> str:
    """The first of `pages`; a page may have hyphens of its own, as `P3-10-02` and `4-1` in `4-1-4-12`."""
    parts = _HYPHEN.split(_APART.split(pages.strip()[:_LONGEST_NAME], maxsplit=1)[0])
    if len(parts) < 3:
        return parts[0]
    return "-".join(parts if len(parts) % 2 else parts[: len(parts) // 2])


def _to_number(text: str) -> str:
    """`e00123` and `123` are one electronic page; `S12` is another, and `0` is none."""
    if text.isascii() and text.isdecimal():
        return text.lstrip("0")
    bare = "".join(to_words(fold(text)))
    return re.sub(r"^e?0*(?=\d)", "", bare).removeprefix("0")


def to_shingles(words: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """Every three words that follow each other."""
    listed = list(words)
    return frozenset(zip(listed, listed[1:], listed[2:], strict=False))


class Profile:
    """A version as it is compared; the costlier parts are made when they are asked for."""

    def __init__(self, version: Version) -> None:
        self.version = version

    @made_once
    def title(self) -> Title:
        """Its title."""
        return to_title(self.version.title)

    @made_once
    def original(self) -> Title | None:
        """Its title in its own language, where the title is a translation."""
        return to_title(self.version.original_title) if self.version.original_title else None

    @made_once
    def unnumbered(self) -> Title | None:
        """The title of a conference abstract without the number that may stand before it."""
        if self.version.kind is not VersionKind.ABSTRACT:
            return None
        number = _ABSTRACT_NUMBER.match(self.version.title[:_LONGEST_TITLE])
        return to_title(self.version.title[number.end() :]) if number else None

    @made_once
    def people(self) -> tuple[Person, ...]:
        """Its authors."""
        return to_people(self.version.authors)

    @made_once
    def place(self) -> Place:
        """Where it was printed."""
        return to_place(self.version.journal)

    @made_once
    def abstract(self) -> frozenset[tuple[str, ...]]:
        """The abstract's words, three by three; none where it is too short to be compared."""
        main = self.version.abstract()
        words = to_words(to_spelling(fold(main.text[:4000]))) if main else []
        return to_shingles(words) if len(words) >= 30 else frozenset()

    @made_once
    def language(self) -> str:
        """The language of its abstract, `und` where that is not known."""
        main = self.version.abstract()
        return main.language.split("-")[0] if main else "und"

    @made_once
    def trials(self) -> frozenset[str]:
        """The registered trials it names."""
        return frozenset(trial.id for trial in self.version.trials)
