"""Hard words: replaced by plain ones where the sentence stays correct, else explained beside it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config import load_table
from domain.digest import Term
from domain.errors import ConfigError
from summarizer.abbreviations import fix_article

_FIRST_WORD = re.compile(r"(?<![\w-])\w+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the glossary."""

    word: str
    meaning: str
    forms: tuple[str, ...] = ()
    plain: str = ""
    plain_forms: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False
    only: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None

    def is_meant_in(self, text: str) -> bool:
        """Whether a sentence uses the word in the sense that the row explains."""
        return not (self.only and not self.only.search(text)) and not (
            self.unless and self.unless.search(text)
        )

    def replacement(self, form: str) -> str:
        """The plain words for one form of the word, or nothing."""
        if form == self.word.lower():
            return self.plain
        return self.plain_forms.get(form, "")


class Glossary:
    """The words of `config/glossary.toml`, found in sentences."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        self._written: dict[str, str] = {}
        for entry in entries:
            for form in (entry.word, *entry.forms, *entry.plain_forms):
                self._entries.setdefault(form.lower(), entry)
                self._written.setdefault(form.lower(), form)
        # By first word: one pattern of all forms would be tried in full at every place of a text.
        self._patterns = {
            first: re.compile(
                "|".join(re.escape(form).replace(r"\ ", r"\s+") + r"(?![\w-])" for form in forms), re.I
            )
            for first, forms in _by_first_word(self._entries).items()
        }

    def _find(self, text: str) -> Iterator[re.Match[str]]:
        """The words of the glossary in `text`, the longest at each place."""
        end = 0
        for word in _FIRST_WORD.finditer(text):
            pattern = self._patterns.get(word[0].lower()) if word.start() >= end else None
            match = pattern.match(text, word.start()) if pattern else None
            if match:
                end = match.end()
                yield match

    def misfits(self, texts: Iterable[str]) -> frozenset[str]:
        """Words that cannot be replaced everywhere in `texts`: one thing keeps one name."""
        return frozenset(
            entry.word
            for text in texts
            for match in self._find(text)
            if (plain := (entry := self._entry(match[0])).replacement(_key(match[0])))
            and not (self._is_meant(text, match) and _fits(text, match, plain))
        )

    def simplify(self, text: str, except_: frozenset[str] = frozenset()) -> str:
        """`text` with hard words replaced where grammar certainly allows it."""
        done = ""
        rest = 0
        for match in self._find(text):
            entry = self._entry(match[0])
            plain = "" if entry.word in except_ else entry.replacement(_key(match[0]))
            if not plain or not self._is_meant(text, match) or not _fits(text, match, plain):
                continue
            before = done + text[rest : match.start()]
            if match[0][0].isupper():
                plain = plain[0].upper() + plain[1:]
            done = fix_article(before, plain) + plain
            rest = match.end()
        return done + text[rest:]

    def terms(self, text: str, explained: set[str]) -> tuple[Term, ...]:
        """The hard words left in `text` whose meaning has not been `explained` before; notes them there."""
        terms: list[Term] = []
        for match in self._find(text):
            entry = self._entry(match[0])
            if entry.word not in explained and not entry.quiet and self._is_meant(text, match):
                explained.add(entry.word)
                terms.append(Term(match[0], entry.meaning))
        return tuple(terms)

    def plain_words(self, text: str) -> Sequence[str]:
        """The plain words that may take the place of words in `text`."""
        found = (self._entry(match[0]).replacement(_key(match[0])) for match in self._find(text))
        return [plain for plain in found if plain]

    def _is_meant(self, text: str, match: re.Match[str]) -> bool:
        """Whether the word is itself: in its own sense, no part of a name ("National Cancer Institute")."""
        if not self._entry(match[0]).is_meant_in(text):
            return False
        written = " ".join(match[0].split())
        if self._written[_key(written)].isupper():
            return written == self._written[_key(written)]
        return written[0].islower() or match.start() == 0 or written.lower() != self._written[_key(written)]

    def _entry(self, form: str) -> Entry:
        return self._entries[_key(form)]


def load_glossary() -> Glossary:
    """The glossary of `config/glossary.toml`.

    Raises:
        ConfigError: a row has no word or no meaning.
    """
    return to_glossary(load_table("glossary").get("term", []))


def to_glossary(rows: Sequence[Mapping[str, Any]]) -> Glossary:
    """Read the rows of a glossary table."""
    entries = []
    for number, row in enumerate(rows, 1):
        if not row.get("word") or not row.get("meaning"):
            raise ConfigError("config/glossary.toml", f"term {number} needs a word and a meaning")
        entries.append(
            Entry(
                row["word"],
                row["meaning"],
                tuple(row.get("forms", ())),
                row.get("plain", ""),
                {form.lower(): plain for form, plain in row.get("plain_forms", {}).items()},
                bool(row.get("quiet")),
                *(re.compile(row[key], re.I) if key in row else None for key in ("only", "unless")),
            )
        )
    return Glossary(entries)


def _by_first_word(forms: Iterable[str]) -> dict[str, list[str]]:
    """First word → the forms that begin with it, longest first, each a whole word."""
    found: dict[str, list[str]] = {}
    for form in sorted(forms, key=len, reverse=True):
        if first := _FIRST_WORD.match(form):
            found.setdefault(first[0].lower(), []).append(form)
    return found


def _key(form: str) -> str:
    return " ".join(form.lower().split())


def _fits(text: str, match: re.Match[str], plain: str) -> bool:
    """Whether the plain words can stand where the hard word stands."""
    if plain.split()[0].lower() in ("that", "which", "who"):
        return False
    if text[match.end() : match.end() + 2].strip()[:1] in ("(", "["):
        return False
    if " " not in plain:
        return True
    before = re.findall(r"[\w'’-]+[,;:(]?$", text[: match.start()].rstrip())
    after = re.match(r"\s*([\w'’-]+|[.,;:!?)]|$)", text[match.end() :])
    table = load_table("wording")
    left = not before or not before[0][-1].isalnum() or before[0].lower() in table["before_noun"]
    right = after is not None and (not after[1][:1].isalnum() or after[1].lower() in table["after_noun"])
    return left and right
