"""What facts are read from: the sentences of a version, each with its place, offsets and role."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from domain.body import Body, Place
from domain.digest import Role
from domain.evidence import ABSTRACT, BODY, TITLE, Evidence
from domain.paper import Abstract, Version
from domain.values import quickly_made
from summarizer.choosing.reading import Reading
from summarizer.choosing.roles import is_skipped
from summarizer.text.sentences import split_sentences

LONGEST = 2_500
"""Characters; a longer "sentence" is a table or damaged text, and no fact is read from it."""
_MOST = 400
"""Sentences of one text that are read."""
# Signs of the same width for each, so that offsets stay: dashes, decimal points, thin spaces, wide digits.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—−﹣－", "-"),
        **dict.fromkeys("·∙⋅･．", "."),
        **dict.fromkeys("\xa0\u2002\u2003\u2005\u2007\u2008\u2009\u200a\u202f\u3000", " "),
        **dict.fromkeys("≦⩽", "≤"),
        **dict.fromkeys("≧⩾", "≥"),
        **{chr(0xFF10 + digit): str(digit) for digit in range(10)},
        **dict.fromkeys("％﹪", "%"),
        **dict.fromkeys("＝", "="),
        **dict.fromkeys("＜", "<"),
        **dict.fromkeys("＞", ">"),
        **dict.fromkeys("［", "["),
        **dict.fromkeys("］", "]"),
        **dict.fromkeys("，", ","),
        **dict.fromkeys("（", "("),
        **dict.fromkeys("）", ")"),
        **dict.fromkeys("’‘ʼ", "'"),
    }
)
# Thin spaces that set thousands apart become a sign of their own, as ordinary ones part numbers.
_THOUSANDS = re.compile(r"(?<=\d)[\xa0\u2007\u2009\u202f](?=\d{3}(?!\d))")
THOUSANDS = "\u066c"


def plain(text: str) -> str:
    """`text` with plain signs, each character in its place."""
    return text if text.isascii() else _THOUSANDS.sub(THOUSANDS, text).translate(_PLAIN)


@quickly_made
@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, or what stands for one: `text == words_at(version, place)[start:end]`."""

    start: int
    end: int
    text: str
    plain: str
    """`text` with plain signs, character by character."""
    place: str = ABSTRACT
    label: str = ""
    role: Role | None = None
    section: Place | None = None
    """Of the full text, where it stands there."""

    def evidence(self, version: str, start: int = 0, end: int | None = None) -> Evidence:
        """The sentence, or a part of it, as evidence."""
        end = len(self.text) if end is None else end
        return Evidence(version, self.start + start, self.start + end, self.text[start:end], self.place)


def title_of(version: Version) -> Told | None:
    """The title."""
    text = version.title
    return _told(text, 0, len(text), TITLE) if text.strip() and len(text) <= LONGEST else None


def abstract_of(abstract: Abstract | None, reading: Reading) -> list[Told]:
    """The sentences of the abstract: those that were read, and what stands between them."""
    if abstract is None:
        return []
    text = abstract.text
    found: list[Told] = []
    last = 0
    for sentence, role in zip(reading.sentences, reading.roles, strict=False):
        if text[sentence.start : sentence.end] != sentence.text or sentence.start < last:
            continue
        found.extend(_between(abstract, text, last, sentence.start))
        if len(sentence.text) <= LONGEST:
            found.append(_told(text, sentence.start, sentence.end, ABSTRACT, sentence.label, role))
        last = sentence.end
    found.extend(_between(abstract, text, last, len(text)))
    return found[:_MOST]


def body_of(body: Body, places: Sequence[Place]) -> Iterator[Told]:
    """The sentences of the passages of `places`."""
    start, left = 0, _MOST
    for passage in body.passages:
        if passage.place in places and left > 0:
            place = BODY if passage.place is Place.OTHER else f"{BODY}/{passage.place}"
            for a, b in _spans(passage.text):
                left -= 1
                yield _told(passage.text, a, b, place, passage.label, shift=start, section=passage.place)
        start += len(passage.text) + 1


def _between(abstract: Abstract, text: str, start: int, end: int) -> Iterator[Told]:
    if not text[start:end].strip():
        return
    for label, first, last in _sections(abstract):
        low, high = max(start, first), min(end, last)
        if low < high and text[low:high].strip(" .\n"):
            for a, b in _spans(text[low:high]):
                yield _told(text, low + a, low + b, ABSTRACT, label)


def _sections(abstract: Abstract) -> Iterator[tuple[str, int, int]]:
    start = 0
    for section in abstract.sections:
        yield section.label, start, start + len(section.text)
        start += len(section.text) + 1


def _spans(text: str) -> Iterator[tuple[int, int]]:
    if len(text) > 20 * LONGEST:
        return
    for a, b in split_sentences(text):
        if b - a <= LONGEST:
            yield a, b


def _told(
    text: str,
    start: int,
    end: int,
    place: str,
    label: str = "",
    role: Role | None = None,
    shift: int = 0,
    section: Place | None = None,
) -> Told:
    words = text[start:end]
    return Told(start + shift, end + shift, words, plain(words), place, label, role, section)


@dataclass(frozen=True)
class Page:
    """All that is read of a version: its title, the sentences of its abstract and those of its full text."""

    version: Version
    hash: str
    """Of the version, for evidence."""
    title: Told | None
    sentences: Sequence[Told]
    body: Sequence[Told] = ()

    @cached_property
    def study(self) -> tuple[Told, ...]:
        """Title, question, methods and results: what tells of the study itself."""
        return (*([self.title] if self.title else []), *self.own(Role.QUESTION, Role.METHOD, Role.RESULT))

    @cached_property
    def study_text(self) -> str:
        """All of `study`, a line for each: what is not found in it is in none of its sentences."""
        return "\n".join(told.plain for told in self.study)

    @cached_property
    def starts(self) -> list[int]:
        """Where each of `study` begins in `study_text`."""
        return [0, *accumulate(len(told.plain) + 1 for told in self.study)]

    def own(self, *roles: Role) -> Iterator[Told]:
        """The sentences of the abstract about the study itself; those of `roles`, where any are named.

        Where the reading gave no role, as to fragments ("Tertiary hospital."), the sentence counts as told of
        methods, unless its section is one that no digest is made from.
        """
        for told in self.sentences:
            role = told.role or (None if is_skipped(told.label) else Role.METHOD)
            if role and role is not Role.BACKGROUND and (not roles or role in roles):
                yield told
