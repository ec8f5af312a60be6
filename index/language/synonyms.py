"""Concepts in a query: runs of words that name one thing, with all its wordings.

The rows are in `config/synonyms.toml`, and how to add one is said there. Whatever wording was typed, the
concept is the same, so that all wordings find the same papers. The longest run wins, which shields narrower
terms: "non-small cell lung cancer" is never read as "lung cancer".
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from config import load_table
from index.analysis import holds_ideographs
from index.language.codes import code_forms, hyphened_forms, named_together, numeral_forms
from index.language.spelling import parts, spellings, written_as

KINDS = ("cancer", "term", "gene", "drug")
"""The parts of the table that hold rows."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing and how it is worded."""

    key: str
    """Stable and safe in an address: `cancer:colorectal`, `spelling:tumour`."""
    label: str
    """The wording to show, and to stand for all in a sentence."""
    wordings: tuple[str, ...]
    """What to search for, the label first; no two are the same once they are stemmed."""
    source: str


Match = tuple[int, int, Concept]


@dataclass(slots=True)
class _Stop:
    """Where some words from the start of wordings lead."""

    following: dict[str, "_Stop"] = field(default_factory=dict)
    concept: Concept | None = None
    """What the words so far name."""
    capitals: Concept | None = None
    """What they name in capitals only: short forms that are everyday words too (FIT, ALL)."""


class _Part(NamedTuple):
    """A folded piece of one of the words that were typed."""

    text: str
    word: int
    opens: bool
    closes: bool
    capital: bool


def find_concepts(words: Sequence[str]) -> tuple[Match, ...]:
    """The concepts in `words`, longest first from the left, without overlap: start, end (exclusive), concept.

    Give the words as they were typed, small ones such as *of* too. A word with hyphens is one word, and a
    concept begins and ends where words do.
    """
    start, typed = _lookup(), list(_typed(words))
    found: list[Match] = []
    place = 0
    while place < len(typed):
        length, concept = _longest(start, typed, place)
        if concept is None and typed[place].opens:
            word = typed[place].word
            before = words[word - 1] if word else ""
            length, concept = _numbered(before, words[word]) or _coded(words[word]) or (length, None)
        if concept:
            found.append((typed[place].word, typed[place + length - 1].word + 1, concept))
        place += length
    return tuple(found)


def all_concepts() -> tuple[Concept, ...]:
    """Every concept that has a row, in the order of the table; pairs of spellings have none."""
    return tuple(concept for concept, _, _ in _rows())


def all_names() -> tuple[str, ...]:
    """Every name that is understood, those that are not searched for too."""
    return tuple(name for concept, names, _ in _rows() for name in (*names, *concept.wordings))


def foreign_names() -> tuple[str, ...]:
    """The names of things in other languages; among all names, too."""
    table = load_table("synonyms")
    return tuple(name for kind in KINDS for row in table[kind].values() for name in row.get("abroad", ()))


def is_foreign(written: str) -> bool:
    """Whether words that were read as a thing name it in another language, and not in English as well."""
    return run(written) in _foreign()


@cache
def _foreign() -> frozenset[tuple[str, ...]]:
    table = load_table("synonyms")
    own = {
        run(name)
        for kind in KINDS
        for row in table[kind].values()
        for names in _wordings(row, table["forms"])
        for name in names
    }
    return frozenset(map(run, foreign_names())) - own


def run(text: str) -> tuple[str, ...]:
    """What wordings have in common that count as the same when typed."""
    return tuple(spellings(part)[0] for part in parts(text) if part not in _UNTOLD)


_LINKS = "al alla das de del della des di do dos du el la las le los"
_UNTOLD = frozenset(("the", "my", "your", "का", "के", "की", *_LINKS.split()))
"""Words of names that may as well be others or none: *of* goes by the word behind it, in Hindi as in Spanish,
Portuguese, French and Italian.
"""
_pieces = lru_cache(maxsize=4096)(run)


def _typed(words: Sequence[str]) -> Iterator[_Part]:
    shouted = len(words) > 1 and not any(character.islower() for word in words for character in word)
    for place, word in enumerate(words):
        pieces = _pieces(word)
        capital = not shouted and word.removesuffix("s").isupper()
        for number, piece in enumerate(pieces, 1):
            yield _Part(piece, place, number == 1, number == len(pieces), capital)


def _longest(start: _Stop, typed: list[_Part], place: int) -> tuple[int, Concept | None]:
    """How many pieces to go on by, and the concept that they are."""
    first = typed[place]
    if not first.opens:
        return 1, None
    best: tuple[int, Concept | None] = (1, _respelt(first.text) if first.closes else None)
    stop, capital = start, True
    for end in range(place, len(typed)):  # an islice would count from the first word on
        part = typed[end]
        following = stop.following.get(part.text)
        if following is None:
            break
        stop, capital = following, capital and part.capital
        if part.closes and (concept := stop.concept or (stop.capitals if capital else None)):
            best = end + 1 - place, concept
    return best


@lru_cache(maxsize=4096)
def _respelt(word: str) -> Concept | None:
    """The concept of a word that is only spelt in several ways."""
    written = spellings(word)
    return Concept(f"spelling:{written[0]}", written[0], written, "spelling") if len(written) > 1 else None


def _numbered(before: str, word: str) -> tuple[int, Concept] | None:
    """The number of a stage or a phase, which papers write in two ways."""
    forms = numeral_forms(before, word)
    return (
        (len(_pieces(word)), Concept(f"code:{_key(forms[0])}", forms[0], forms, "spelling"))
        if forms
        else None
    )


@lru_cache(maxsize=4096)
def _coded(word: str) -> tuple[int, Concept] | None:
    """The concept of a word with numbers or signs that no row has, and of how many pieces the word is."""
    if forms := code_forms(word):
        concept = Concept(f"code:{_key(forms[0])}", forms[0], forms, "spelling")
    elif forms := hyphened_forms(word):
        concept = Concept(f"spelling:{_key(forms[0])}", forms[0], forms, "spelling")
    elif found := _against(word) or _together(word):
        concept = found
    else:
        return None
    return len(_pieces(word)), concept


def _against(word: str) -> Concept | None:
    """`anti-PD-1`, which may as well be anti-PD1."""
    start, hyphen, rest = word.partition("-")
    found = find_concepts([rest]) if start.lower() == "anti" and hyphen else ()
    if len(found) != 1 or _kind(found[0][2]) not in ("gene", "code"):
        return None
    forms = tuple(f"anti-{wording}" for wording in found[0][2].wordings if " " not in wording)
    return Concept(f"code:{_key(forms[0])}", forms[0], forms, "spelling") if len(forms) > 1 else None


def _together(word: str) -> Concept | None:
    """Genes and other codes with a stroke between them, any of which is asked for."""
    names = named_together(word)
    found = [concept for name in names for _, _, concept in find_concepts([name])]
    if not names or len(found) != len(names) or any(_kind(each) not in ("gene", "code") for each in found):
        return None
    wordings = dict.fromkeys((word, *(wording for concept in found for wording in concept.wordings)))
    return Concept(f"code:{_key(word)}", word, tuple(wordings), "spelling")


def apart(words: Sequence[str]) -> list[str]:
    """`words`, where medicines with a stroke between them, HR+/HER2-, and names within a script without
    spaces are words of their own.
    """
    return [piece for word in words for piece in _parted(word)]


def _parted(word: str) -> Sequence[str]:
    pieces = _unspaced().split(word) if holds_ideographs(word) else ()
    if len(pieces) < 2:
        return _medicines(word) if "/" in word else (word,)
    # Every other piece is a name; what joins it to others (`肺癌的治疗`, `肺がんの治療`) is no word.
    found = [piece if number % 2 else piece.strip(_JOINING) for number, piece in enumerate(pieces)]
    return [piece for piece in found if piece not in _ENDINGS and any(map(str.isalnum, piece))]


_JOINING = "/的之和与與及或是在了吗嗎のはがをにでとも"
_ENDINGS = frozenset(
    ("의", "은", "는", "이", "가", "을", "를", "과", "와", "에", "도", "로", "으로", "에서", "이란", "인가요")
)
"""What Korean puts behind a name."""


@cache
def _unspaced() -> re.Pattern[str]:
    """The names of things in scripts without spaces, the longest first."""
    names = {name for name in foreign_names() if holds_ideographs(name)}
    longest = sorted(names, key=lambda name: (-len(name), name))
    # A name in Korean begins where a word does: 간암 is none in 인간암.
    return re.compile(f"((?:(?<![가-힣])(?=[가-힣])|(?![가-힣]))(?:{'|'.join(map(re.escape, longest))}))")


def _medicines(word: str) -> tuple[str, ...]:
    names = named_together(word)
    if len(names) > 1 and any(name[-1] in "+-\u2212" for name in names):
        return names
    if any(len(name) < 2 or name.isdigit() for name in names):
        return (word,)
    found = [concept for name in names for _, _, concept in find_concepts([name])]
    return names if len(found) == len(names) > 0 and all(_kind(each) == "drug" for each in found) else (word,)


def _kind(concept: Concept) -> str:
    return concept.key.partition(":")[0]


def _key(text: str) -> str:
    """Safe in an address."""
    return "-".join(parts(text))


@cache
def _rows() -> tuple[tuple[Concept, list[str], list[str]], ...]:
    """Each concept with what names it, and with what names it in capitals only."""
    table = load_table("synonyms")
    rows: list[tuple[Concept, list[str], list[str]]] = []
    for kind in KINDS:
        for code, row in table[kind].items():
            wordings, typed = _wordings(row, table["forms"])
            capitals = row.get("capitals", [])
            abroad = [*_abroad(row, table)]
            searched = _searched([*wordings, *_narrower(row, table)], abroad)
            source = f"{row['source']}; INN, EMA" if "european" in row else row["source"]
            concept = Concept(f"{kind}:{code}", row["label"], searched, source)
            names = [name for name in (*wordings, *typed, *row.get("abroad", ())) if name not in capitals]
            rows.append((concept, names, capitals))
    return tuple(rows)


def _narrower(row: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[str]:
    """What the rows below a row are worded: whoever asks for the wider thing wants the narrower too."""
    for path in row.get("narrower", ()):
        kind, code = path.split(".")
        below = table[kind][code]
        yield from _wordings(below, table["forms"])[0]
        yield from _narrower(below, table)


@cache
def _lookup() -> _Stop:
    start = _Stop()
    for concept, names, capitals in _rows():
        for name in names:
            _stop(start, name).concept = concept
            if (unmarked := name.translate(_UNMARKED)) != name:
                _stop(start, unmarked).concept = concept
        for name in capitals:
            _stop(start, name).capitals = concept
    return start


_UNMARKED = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "å": "aa", "ø": "oe"}
)
"""How letters are typed where the keyboard lacks them: Gebaermutterhalskrebs."""


def _stop(start: _Stop, name: str) -> _Stop:
    for word in run(name):
        start = start.following.setdefault(word, _Stop())
    return start


def _wordings(row: Mapping[str, Any], forms: Mapping[str, list[str]]) -> tuple[list[str], list[str]]:
    """The wordings of a row that are searched for, and those that are only understood."""
    searched = [row["label"], *row.get("wordings", ()), *row.get("european", ())]
    searched += [form for name in searched for form in code_forms(name)]
    typed = list(row.get("typed", ()))
    for kind in ("organ", "site"):
        for name in row.get(f"{kind}s", ()):
            searched += [form.format(name) for form in forms[kind] if _fits(form, row)]
            typed += [form.format(name) for form in forms[f"{kind}_typed"] if _fits(form, row)]
    for name in (*row.get("organs_typed", ()), *row.get("sites", ())):
        typed += [form.format(name) for form in (*forms["organ"], *forms["organ_typed"]) if _fits(form, row)]
    return searched, typed


def _fits(form: str, row: Mapping[str, Any]) -> bool:
    """Whether a form of words means cancer of these organs: not so where most tumours are benign."""
    if "carcinoma" in form:
        return bool(row.get("carcinoma", True))
    return not row.get("benign") or any(word in form for word in ("cancer", "malignan"))


def _abroad(row: Mapping[str, Any], table: Mapping[str, Any]) -> Iterator[str]:
    """What a row and those below it are called in other languages."""
    yield from row.get("abroad", ())
    for path in row.get("narrower", ()):
        kind, code = path.split(".")
        yield from _abroad(table[kind][code], table)


def _searched(wordings: list[str], abroad: list[str]) -> tuple[str, ...]:
    """`wordings` in every spelling, the last word in the plural too, and those `abroad`; without repeats."""
    found: dict[tuple[str, ...], str] = {}
    for wording in wordings:
        *first, last = wording.split()
        for spelt in product(*(_written(word, plural=False) for word in first), _written(last)):
            text = " ".join(spelt)
            found.setdefault(tuple(parts(text)), text)
    for wording in abroad:
        found.setdefault(tuple(parts(wording)), wording)
    return tuple(found.values())


def _written(word: str, *, plural: bool = True) -> tuple[str, ...]:
    """A word of a wording in every spelling; one in small letters with hyphens by its pieces."""
    hyphened = hyphened_forms(word) if word.islower() and "-" in word else ()
    return hyphened or written_as(word, plural=plural)
