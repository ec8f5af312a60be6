"""Hard words: replaced by plain ones where the sentence stays correct, else explained beside it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NamedTuple

from config import load_table
from domain.digest import Term
from domain.errors import ConfigError
from summarizer.plain.plain_words import load_senses, load_shields, load_swaps
from summarizer.text.abbreviations import fix_article
from summarizer.text.finding import Finder
from summarizer.text.inflection import plural

_FIRST_WORD = re.compile(r"(?<![\w-])\w+")
# What shows that a word is not at its end.
_OWNED = re.compile(r"['’]s\b|(?<=s)['’](?=\s\w)")
# An abbreviation that stands for the words before it.
_SHORT_FORM = re.compile(r"\s?[(\[][^\s()]{0,6}[A-Z][^\s()]{0,8}[)\]]")
# Endings of adjectives and participles that are made from nouns.
_DERIVED = re.compile(r"^\w+(?:ic|al|ous|ed|ar|ive|ory|ly|ary)$")
_NO_THING = re.compile(
    r"(?:s[ie]s|ism|[ts]ion|ity|logy|ance|ence|ing|ment|ia|itis|oma|cology|try|metry|osis)$"
)
_IRREGULAR = {
    "locus": "loci",
    "nucleus": "nuclei",
    "mitochondrion": "mitochondria",
    "metastasis": "metastases",
    "low-income country": "low-income countries",
    "bacterium": "bacteria",
}
# Names that a hard word is only part of: "leukaemia virus", "angiotensin-converting enzyme", "NK-1 receptor".
_NAMED_AFTER = re.compile(
    r"[ -](?:virus|syndrome|receptors?|replacement|score|scale|index|questionnaire|inventory)\b"
)
_NAMED_BEFORE = re.compile(r"(?:\w-\w+ing|[\w-]*[A-Z0-9][\w-]*[A-Z0-9][\w-]*) \Z")
_OFTEN_NAMED = frozenset(
    {"receptor", "kinase", "enzyme", "antigen", "ligand", "protease", "polymerase", "phosphatase", "integrin"}
)
_LINKING = frozenset({"of", "in", "for", "to", "that", "with", "by", "from", "on", "and", "or", "at"})
_JOINTS = re.compile(r"[-/]")
# How far the words beside a hard word are looked for.
_NEAR = 40
# Sentences whose words are not looked up again: each is asked for by several steps and audiences.
_REMEMBERED = 512


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the glossary, or of the table of plain words."""

    word: str
    meaning: str
    forms: tuple[str, ...] = ()
    brief: str = ""
    """The meaning in a few words, where it has more."""
    plain: str = ""
    plain_forms: Mapping[str, str] = field(default_factory=dict)
    quiet: bool = False
    free: bool = False
    """Its plain words fit wherever it stands; those of other rows are nouns that need room."""
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


class Found(NamedTuple):
    """A word of the glossary in a text."""

    entry: Entry
    start: int
    end: int
    form: str
    """In lower case."""

    @property
    def plain(self) -> str:
        """What could take its place, or nothing."""
        return self.entry.replacement(self.form)


class Glossary:
    """The words of `config/glossary.toml` and `config/plain_words.toml`, found in sentences."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        self._written: dict[str, str] = {}
        for entry in entries:
            for form in (entry.word, *entry.forms, *entry.plain_forms):
                self._entries.setdefault(form.lower(), entry)
                self._written.setdefault(form.lower(), form)
        # In the order in which those are told that begin at one place.
        self._forms = sorted(self._entries, key=lambda form: (_is_single(form), -len(form)))
        self._finder = Finder(self._forms)
        self._term = lru_cache(_REMEMBERED)(lambda form, written: _term(self._entries[form], written))
        self._every = lru_cache(_REMEMBERED)(self._all)
        self._found = lru_cache(_REMEMBERED)(self._longest)
        self._meant = lru_cache(_REMEMBERED)(self._in_their_sense)
        self._hard = lru_cache(_REMEMBERED)(self._to_explain)
        self._plain = lru_cache(_REMEMBERED)(self._simplified)

    def entry(self, form: str) -> Entry:
        """The row that `form` belongs to."""
        return self._entries[form.lower()]

    def misfits(self, texts: Iterable[str]) -> frozenset[str]:
        """Words that cannot be replaced everywhere in `texts`: one thing keeps one name."""
        return frozenset(
            found.entry.word
            for text in texts
            for meant in [{found.start for found in self._meant(text)}]
            for found in self._found(text)
            if found.plain and not found.entry.free and not (found.start in meant and _fits(text, found))
        )

    def simplify(self, text: str, except_: frozenset[str] = frozenset()) -> str:
        """`text` with hard words replaced where grammar certainly allows it."""
        return self._plain(text, except_)

    def _simplified(self, text: str, except_: frozenset[str]) -> str:
        pieces: list[str] = []
        rest = 0
        for found in self._meant(text):
            plain = found.plain
            if not plain or found.entry.word in except_ or _SHORT_FORM.match(text, found.end):
                continue
            if not found.entry.free and not _fits(text, found):
                continue
            if text[found.start].isupper():
                plain = plain[0].upper() + plain[1:]
            pieces += [fix_article(text[rest : found.start], plain), plain]
            rest = found.end
        return "".join(pieces) + text[rest:]

    def terms(
        self, text: str, explained: set[str], defined: Mapping[str, str] = MappingProxyType({})
    ) -> tuple[Term, ...]:
        """The hard words left in `text` whose meaning has not been `explained` before; notes them there.

        Args:
            defined: the paper's short forms with their long ones: each means what the paper says it does.
        """
        terms: list[Term] = []
        for found, written in self._hard(text):
            entry = found.entry
            if entry.word in explained or (defined and _means_another(entry, written, defined)):
                continue
            explained.add(entry.word)
            terms.append(self._term(found.form, written))
        return tuple(terms)

    def _to_explain(self, text: str) -> tuple[tuple[Found, str], ...]:
        """The words that may need to be explained, each as it is written."""
        return tuple(
            (found, text[found.start : found.end])
            for found in self._meant(text)
            if not (found.entry.quiet or _is_in_a_name(text, found))
        )

    def plain_words(self, text: str) -> Sequence[str]:
        """The plain words that may take the place of words in `text`, wherever one could begin."""
        return [found.plain for found in self._every(" ".join(text.split())) if found.plain]

    def replacements(self, text: str) -> Sequence[tuple[str, str]]:
        """The words in `text` that plain words may take the place of, each with those."""
        text = " ".join(text.split())
        return [(text[found.start : found.end], found.plain) for found in self._every(text) if found.plain]

    def _longest(self, text: str) -> tuple[Found, ...]:
        """The words of the glossary in `text`, the longest at each place."""
        end = 0
        kept = []
        for found in self._every(text):
            if found.start >= end:
                end = found.end
                kept.append(found)
        return tuple(kept)

    def _all(self, text: str) -> tuple[Found, ...]:
        """Every word of the glossary in `text`, the longest first at each place."""
        lower = _lower(text)
        found = sorted(
            (start, number, end)
            for number, start, end in self._finder.places(lower)
            if not (_is_of_word(lower[start - 1 : start]) or _is_of_word(lower[end : end + 1]))
            and not _OWNED.match(lower, end)
        )
        forms, entries = self._forms, self._entries
        return tuple(Found(entries[forms[n]], start, end, forms[n]) for start, n, end in found)

    def _in_their_sense(self, text: str) -> tuple[Found, ...]:
        """The words that are meant as such, and are no part of a name ("National Cancer Institute")."""
        meant: dict[str, bool] = {}
        kept = []
        for found in self._found(text):
            word = found.entry.word
            if word not in meant:
                meant[word] = found.entry.is_meant_in(text)
            if meant[word] and self._is_no_name(text, found):
                kept.append(found)
        return tuple(kept)

    def _is_no_name(self, text: str, found: Found) -> bool:
        written, own = text[found.start : found.end], self._written[found.form]
        if own.isupper():
            return written == own
        if written.split()[0].isupper() and len(written.split()[0]) > 1:
            return False  # "RESULTS In all patients", "AIDS"
        return written[0].islower() or found.start == 0 or written.lower() != own


@cache
def load_glossary() -> Glossary:
    """The words of `config/glossary.toml` and `config/plain_words.toml`.

    Raises:
        ConfigError: a row has no word or no meaning.
    """
    return Glossary([*_rows(load_table("glossary").get("term", [])), *_swaps(), *_shields()])


def to_glossary(rows: Sequence[Mapping[str, Any]]) -> Glossary:
    """Read the rows of a glossary table."""
    return Glossary(_rows(rows))


def _rows(rows: Sequence[Mapping[str, Any]]) -> Iterator[Entry]:
    for number, row in enumerate(rows, 1):
        if not row.get("word") or not row.get("meaning"):
            raise ConfigError("config/glossary.toml", f"term {number} needs a word and a meaning")
        yield Entry(
            row["word"],
            row["meaning"],
            tuple(row.get("forms", ())),
            row.get("brief", ""),
            row.get("plain", ""),
            {form.lower(): plain for form, plain in row.get("plain_forms", {}).items()},
            bool(row.get("quiet")),
            False,
            *(re.compile(row[key], re.I) if key in row else None for key in ("only", "unless")),
        )


def _swaps() -> Iterator[Entry]:
    """The everyday words: replaced, never explained."""
    senses = load_senses()
    for word, forms in load_swaps():
        only, unless = (senses[key].get(word) for key in ("only", "unless"))
        yield Entry(word, "", (), "", forms.get(word, ""), forms, True, True, only, unless)


def _shields() -> Iterator[Entry]:
    """Names that a shorter row must not take apart."""
    return (Entry(name, "", quiet=True) for name in load_shields())


def _is_in_a_name(text: str, found: Found) -> bool:
    """Whether the word is part of a longer name, which is not what the word alone means."""
    if _NAMED_AFTER.match(text, found.end):
        return True
    before = text[max(0, found.start - _NEAR) : found.start]
    return found.entry.word in _OFTEN_NAMED and _NAMED_BEFORE.search(before) is not None


def _means_another(entry: Entry, written: str, defined: Mapping[str, str]) -> bool:
    """Whether the paper defines the short form as something else than the row: "angiomyolipoma (AML)"."""
    shorts = (written, written.removesuffix("s"), *_JOINTS.split(written))
    long = next((defined[short] for short in shorts if short in defined), None)
    return long is not None and _evened(long) not in map(_evened, (entry.word, *entry.forms))


def _evened(long: str) -> str:
    """A long form without what only spelling and number change."""
    small = _folded(long.lower()).replace("our", "or").replace("is", "iz")
    return re.sub(r"[-‐–\s]", "", small).removesuffix("s")


def _term(entry: Entry, written: str) -> Term:
    """The word as it is `written`, in a few words and, where it has more, at length."""
    form = _lower(written)
    meaning = _fitted(entry, entry.meaning, form)
    if not entry.brief:
        return Term(written, meaning)
    return Term(written, _fitted(entry, entry.brief, form), meaning)


def _fitted(entry: Entry, meaning: str, form: str) -> str:
    """The meaning, fitted to a form: "genes: A gene is a piece …", "septic: To do with sepsis, …"."""
    word = entry.word
    inner = meaning if meaning[1:2].isupper() else meaning[0].lower() + meaning[1:]
    if form in (plural(word.lower()), _IRREGULAR.get(word.lower())) and re.match(r"An? ", meaning):
        return f"{'An' if fix_article('a ', word) == 'an ' else 'A'} {word} is {inner}"
    kin = _folded(form)[:3] == _folded(word.lower())[:3]
    derived = kin and _DERIVED.search(form) and not _DERIVED.search(word)
    if derived and form not in entry.plain_forms:
        return f"To do with {_with_article(word, meaning)}, {inner}"
    return meaning


def _folded(word: str) -> str:
    """As both sides of the ocean write it: "oesophagus" and "esophageal"."""
    return word.replace("oe", "e").replace("ae", "e")


def _with_article(word: str, meaning: str) -> str:
    """ "The rectum" and "the cervix", but "metabolism": a thing that has a place has an article."""
    thing = re.match(r"(?:An?|The) (?!study|natural|process|way|illness|disease|cancer|kind)", meaning)
    return f"the {word}" if thing and not _NO_THING.search(word) and word.islower() else word


def _is_of_word(letter: str) -> bool:
    """Whether what stands beside a word is part of a longer one; nothing is none."""
    return letter.isalnum() or letter in ("_", "-")


def _is_single(form: str) -> bool:
    """Whether it is one word, with or without a hyphen."""
    return len(_FIRST_WORD.findall(form)) == 1


def _lower(text: str) -> str:
    """`text` in lower case, letter by letter: some capitals have more than one small letter."""
    lower = text.lower()
    return (
        lower if len(lower) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    )


def _fits(text: str, found: Found) -> bool:
    """Whether the plain words, a noun, can stand where the hard word stands."""
    plain = found.plain
    if plain.split()[0].lower() in ("that", "which", "who"):
        return False
    if text[found.end : found.end + 2].strip()[:1] in ("(", "["):
        return False
    if len(plain.split()) <= len(found.form.split()):
        return True
    before = re.findall(r"[\w'’-]+[,;:(]?$", text[max(0, found.start - _NEAR) : found.start].rstrip())
    after = re.match(r"\s*([\w'’-]+|[.,;:!?)]|$)", text[found.end : found.end + _NEAR])
    table = load_table("wording")
    # "Red blood cells" stand wherever one noun does; "parts of the brain" need room before them, too.
    compound = not set(plain.split()) & _LINKING
    left = compound or not before or not before[0][-1].isalnum() or before[0].lower() in table["before_noun"]
    right = after is not None and (not after[1][:1].isalnum() or after[1].lower() in table["after_noun"])
    right = right or (compound and found.form.endswith("s"))  # a plural is nobody's adjective
    return left and right
