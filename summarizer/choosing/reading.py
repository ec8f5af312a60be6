"""What is read off an abstract once, whoever the digest is for: its sentences and their roles."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from domain.digest import Role
from domain.paper import Abstract, Version
from summarizer.choosing.headings import parted
from summarizer.choosing.roles import RoleReader, is_conclusion, is_method, is_skipped, section_labels
from summarizer.cutting.pieces import stands
from summarizer.encoder import Encoder
from summarizer.plain.wording import complete, strip_citations
from summarizer.text.abbreviations import Abbreviation, find_abbreviations
from summarizer.text.sentences import Sentence, read_sentences, words
from summarizer.text.sieve import sieved
from summarizer.text.tagging import open_tagger
from summarizer.text.tokens import read_tokens

_Read = TypeVar("_Read")
_RECENT = 128
_LONG = 8
"""Words."""
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|cannot|could|may|might|will|would|should|must|we|it|they|"
    r"that|which|results? in (?:an?|the)|"
    r"rose|fell|shrank|grew|led|gave|took|came|became|made|found|saw|kept|held|lost|met|began|brought|cut|spread|"
    r"felt|left|stood|slept|spent|built|bore|drove|chose|spoke|wrote|underwent|used (?:an?|the|data|\d)|"
    r"\w{3,}ed|\w+(?:ows|ates|izes|ises|ains|eads|uces|eases|ests|eals|otes|ides|orts|ires|ends|ibits|"
    r"esses|ays|esents))\b",
    re.I,
)
# Nouns that end like verbs.
_PLURALS = re.compile(
    r"\b(?:rates|estimates|aggregates|effects|controls|needs|isolates|candidates|tests)\b", re.I
)
_NOISE = sieved(
    r"^graphical abstract|"
    r"^the full text is in \w+\b|"
    r"\bcan be found in (?:the |our )?(?:supplement\w*|"
    r"(?:associated|accompanying|companion) (?:\S+ ){0,4}?(?:article|data|paper|report))\b|"
    r"^(?:please )?see later in the article\b|"
    r"^(?:sponsor(?:ship)?|funding|keywords?): |\[(?:formula|equation): see text\]|"
    r"^(?:the|these|this) (?:data ?set|data|article)s? (?:refers?|relates?|accompan(?:y|ies)) "
    r".{0,250}\bet al|"
    r"\bfinancial (?:or proprietary )?interests?\b|\bsee [A-Z]\w+ et al|"
    r"\$\$|\\(?:text|frac|mathrm|mathbf|rm)\b|"
    r"\bdoi:|https?://|©|copyright|abstract truncated|"
    r"\bfunded by\b|\bsupported by (?:a |the )?grant|"
    r"\bregist(?:ered|ration)\b.*\b(?:NCT|ISRCTN)|^(?:NCT|ISRCTN)",
    re.I,
)


# "(1) Pauses are harmless. (2) …", "we conclude that release: 1) requires …": no brackets around anything.
_ENUMERATED = re.compile(r"(?<![^\s])\(?(?:\d{1,2}|[a-h]|[ivx]{1,4})\)(?=\s)")
# What a noun is followed by only where it is a verb: "doses influence cognitive abilities".
_OBJECT = frozenset({"AJ0", "AT0", "DPS", "VVG"})
_NOUNS = frozenset({"NN0", "NN1", "NN2", "NP0"})
_BARE = frozenset({"VVB", "VVI"})
_SUBJECT = _NOUNS | {"AV0", "BRACKET", "COMMA", "DT0", "PNP"}


@dataclass(frozen=True, slots=True)
class Reading:
    """A version as read: its usable sentences with their roles, and its abbreviations."""

    version: str
    """`Version.source_hash`."""
    sentences: Sequence[Sentence]
    roles: Sequence[Role]
    abbreviations: dict[str, Abbreviation]
    heading: str = ""
    """The words of the title."""


class Recent(Generic[_Read]):
    """What was read last, by the hash of the version, so that a paper is read once for all audiences."""

    def __init__(self, most: int = _RECENT) -> None:
        self._most = most
        self._readings: OrderedDict[str, _Read] = OrderedDict()

    def get(self, version: str) -> _Read | None:
        """What was read of the version with that hash, if it is still here."""
        reading = self._readings.get(version)
        if reading is not None:
            self._readings.move_to_end(version)
        return reading

    def keep(self, version: str, reading: _Read) -> None:
        """Add what was read; the one not used for longest goes where there are too many."""
        self._readings[version] = reading
        self._readings.move_to_end(version)
        if len(self._readings) > self._most:
            self._readings.popitem(last=False)


def read(version: Version, abstract: Abstract, encoder: Encoder, reader: RoleReader) -> Reading:
    """Read one version.

    Its sentences are encoded apart from other papers': an int8 encoder scales numbers by all that stands in a
    batch, so that the same paper would be read a little differently in other company.
    """
    every = map(_unnumbered, parted(read_sentences(abstract, section_labels())))
    sentences = [sentence for sentence in every if is_usable(sentence)]
    return Reading(
        version.source_hash,
        sentences,
        reader.roles(sentences, encoder.encode([s.text for s in sentences])),
        find_abbreviations(f"{abstract.text}\n{version.title}"),
        version.title,
    )


def _unnumbered(sentence: Sentence) -> Sentence:
    """A sentence without the number that it bears in a list; one that is the whole list keeps its numbers."""
    mark = _ENUMERATED.match(sentence.text)
    text = sentence.text[mark.end() :].lstrip() if mark else ""
    if mark is None or _unmarked(text) != text:
        return sentence
    return replace(sentence, start=sentence.end - len(text), text=text)


def _unmarked(text: str) -> str:
    """`text` without the numbers of its list; what closes a bracket, "(stage 3)", is no such number."""
    kept, last = "", 0
    for mark in _ENUMERATED.finditer(text):
        kept += text[last : mark.start()]
        if not mark[0].startswith("(") and kept.count("(") > kept.count(")"):
            kept += mark[0]
        last = mark.end()
    return kept + text[last:]


def is_usable(sentence: Sentence) -> bool:
    """Whether it is a whole sentence about the study, not a heading, a registration or a broken end."""
    text = sentence.text
    if is_skipped(sentence.label) or _NOISE.search(strip_citations(text)):
        return False
    bare = _unmarked(text)
    if (
        bare.lstrip().startswith("(")
        or text.endswith(("…", "...", ":", ",", ";"))
        or bare.count("(") != bare.count(")")
    ):
        return False
    # Only structured abstracts are written in fragments ("Tertiary hospital."), which are no sentences, most
    # of them in methods. Elsewhere a closer look pays: no list holds each verb ("Smoking drives the risk"),
    # and no tagger either ("People with a stoma face stigma"). Few conclusions are long fragments.
    length = len(words(text))
    if length < 4 or (not sentence.label and length >= _LONG):
        return length >= 4
    return bool(
        _FINITE.search(_PLURALS.sub("", text))
        or complete(text, sentence.label, Role.METHOD) != text
        or text.startswith("To ")
        or (not is_method(sentence.label) and _has_verb(text))
        or (length >= _LONG and is_conclusion(sentence.label))
    )


def _has_verb(text: str) -> bool:
    """Whether a verb stands in it, by the words around it."""
    tokens = read_tokens(text, open_tagger())
    tags = [token.tag for token in tokens]
    return bool({"VVZ", "VVD"} & set(tags)) or stands(tokens) or any(map(_is_plural_verb, *_around(tags)))


def _around(tags: Sequence[str]) -> tuple[Sequence[str], ...]:
    """The two tags before each, each tag itself, and the one after it."""
    return ["", "", *tags], ["", *tags], tags, [*tags[1:], ""]


def _is_plural_verb(earlier: str, before: str, tag: str, after: str) -> bool:
    """Whether a verb without an ending is no infinitive, or a noun in a verb's place is none."""
    if tag in _BARE:
        return before in _SUBJECT and "TO0" not in (earlier, before) and after != "AVP"
    return tag in _NOUNS and (
        after in _OBJECT if before in _NOUNS else (earlier in _NOUNS and before == "AV0")
    )
