"""Cancer types in MeSH headings and in running text, by the words of `config/cancer_types.toml`.

A text is read once, word by word: an organ names a type only beside a word for cancer, as in "breast and
lung cancer" or "cancer of the breast"; other words name one by themselves.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from crawler.telling.cancer_words import GENERAL, NOUN, cancer_words
from crawler.telling.hints import compiled
from domain.paper import MeshHeading, unique

_TOKEN = re.compile(r"[^\W_]+|[,;:.?!()]")
_MARKS = ",;:.?!()"
_BARE = bytes(
    ord(chr(code).lower() if chr(code).isalnum() or code == ord(",") else "." if chr(code) in _MARKS else " ")
    if code < 128
    else 32
    for code in range(256)
)
"""Plain letters in lower case, commas, one mark for all others, a space for whatever else."""
_UNMARKED = bytes.maketrans(b",.", b"  ")
_LONG_S = {"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "œ": "oe", "æ": "ae"}
_MARK = re.compile("[\u0300-\u036f]")
_SCRIPTS = re.compile("[\u0400-\u04ff\u0600-\u06ff\u1100-\u11ff\u3040-\u30ff\u4e00-\u9fff\uac00-\ud7a3]")
"""Letters of scripts in which phrases are looked for as they stand."""
_ACRONYM = re.compile(r"[A-Z](?<=\b[A-Z])[A-Z]{1,5}\b")
"""A word of capitals; begins with a letter, not with its edge, which is quicker to look for."""
_DISEASE = re.compile(r"(?:om[ae]s?|omata|cancers?|tumou?rs?|leuka?emias?|neoplasms?)$", re.IGNORECASE)
_NOUNS_BESIDE = frozenset({"nets", "scc", "sccs"})
"""Words for cancer only behind an organ: others are nets for fish, and compressions of the spinal cord."""
_AFTER_NOUN = "of the de del la el los las du des do da dos das della dell dello di dei d l al a"
_BETWEEN = """and or , y e et und ed i o as well primary metastatic advanced early late stage locally invasive
    recurrent refractory resectable unresectable resected high low grade risk squamous cell small
    non large clear papillary ductal lobular serous mucinous epithelial endometrioid intraepithelial
    medullary anaplastic follicular differentiated undifferentiated poorly well moderately muscle
    superficial solid malignant benign localized localised castration resistant sensitive hormone
    positive negative triple receptor her2 er estrogen oestrogen human mouse murine canine stromal
    germ inoperable operable node lymph operated intrahepatic extrahepatic cystic embryonal spindle
    signet ring verrucous basaloid type i ii iii iv 1 2 3 4 related associated induced hpv hbv hcv
    adult pediatric paediatric childhood hereditary familial sporadic multiple borderline
    transitional secondary nonmuscle occult incidental other"""
_REACH = 9
"""How many words an organ waits for its word for cancer."""


def _bare(text: str) -> bytes:
    """The words of `text` in plain letters, with spaces between them and around them, and its marks."""
    return f" {text} ".encode("utf-8", "surrogatepass").translate(_BARE)


def _may_name(bare: bytes) -> bool:
    """Whether there may be a phrase that names something: in none of them do words stand around a mark."""
    while b"  " in bare:
        bare = bare.replace(b"  ", b" ")
    return bool(cancer_words().naming.within(bare.translate(_UNMARKED)))


def types_of_headings(headings: Iterable[MeshHeading]) -> tuple[str, ...]:
    """The types that MeSH headings name, by unique id or else by name; parents not included."""
    known, covered = cancer_words().headings, cancer_words().covered
    keys = [ui if (ui := heading.ui.lower()) in known else heading.name.lower() for heading in headings]
    named = [(key, code) for key in keys for code in known.get(key, ())]
    found = {code for _, code in named}
    # Of "Skin Neoplasms" beside "Melanoma" the melanoma is meant.
    return unique(
        [code for key, code in named if covered.get(key, code) == code or covered[key] not in found]
    )


def types_in(text: str) -> Counter[str]:
    """How often `text` names each cancer type; `GENERAL` counts words for cancer of any kind."""
    counts = Counter(_as_they_stand(text))
    if not text.isascii():
        text = _folded(text)
    bare = _bare(text)
    if _may_name(bare):
        _read(_plain_tokens(bare) if text.isascii() else _TOKEN.findall(text.lower()), counts)
    return counts


def may_name_cancer(text: str) -> bool:
    """Whether `types_in` may find anything in `text`, told sooner; never False where it does."""
    if any(_as_they_stand(text)):
        return True
    return _may_name(_bare(text if text.isascii() else _folded(text)))


def _as_they_stand(text: str) -> Iterator[str]:
    """The types that phrases of other scripts, and acronyms for which capitals count, name in `text`."""
    vocabulary = cancer_words()
    if not text.isascii() and _SCRIPTS.search(text):
        for match in compiled(vocabulary.other_scripts).finditer(unicodedata.normalize("NFC", text.lower())):
            yield vocabulary.other_script_codes[match[0]]
    if vocabulary.acronym_hints.within(text):
        for match in compiled(vocabulary.acronym).finditer(text):
            yield vocabulary.acronym_codes[match[1]]


def is_cancer_heading(ui: str, name: str) -> bool:
    """Whether a MeSH heading names a type."""
    known = cancer_words().headings
    return ui.lower() in known or name.lower() in known


def _plain_tokens(bare: bytes) -> list[str]:
    """Words and marks between them, as `_TOKEN` finds them; which mark it is matters for the comma alone."""
    return bare.replace(b",", b" , ").replace(b".", b" . ").decode("ascii").split()


def types_of_acronyms(title: str, text: str) -> Counter[str]:
    """The types that acronyms of `title` stand for, as `text` explains them: "acute … leukaemia (ALL)"."""
    counts: Counter[str] = Counter()
    for acronym, place in _explained(title, text):
        words = re.split(r"[\s-]+", text[max(0, place - 100) : place].strip())[-len(acronym) - 2 :]
        while words and words[0][:1].lower() != acronym[0].lower():
            del words[0]
        if words and _DISEASE.search(words[-1]):
            counts.update(types_in(" ".join(words)))
    return counts


def has_acronym(title: str) -> bool:
    """Whether there is a word of capitals in `title`."""
    return _ACRONYM.search(title) is not None


def explains_acronym(title: str, text: str) -> bool:
    """Whether `types_of_acronyms` may find anything; never False where it does."""
    return any(_explained(title, text))


def _explained(title: str, text: str) -> Iterator[tuple[str, int]]:
    """Acronyms of `title` that stand in brackets in `text`, and where."""
    for acronym in unique(_ACRONYM.findall(title)) if not title.isupper() else ():
        if (place := text.find(f"({acronym})")) >= 0:
            yield acronym, place


def is_on_cancer(text: str) -> bool:
    """Whether `text` has a subject of its own in cancer, such as cancer pain or survivors."""
    return compiled(cancer_words().themes, re.IGNORECASE).search(text) is not None


def _folded(text: str) -> str:
    for letter, plain in _LONG_S.items():
        text = text.replace(letter, plain)
    return _MARK.sub("", unicodedata.normalize("NFKD", text))


_LINK, _OF, _WORD, _ORGAN, _CANCER, _BROAD = 1, 2, 4, 8, 16, 32
_WEAK = _LINK | _OF
_MOST_KINDS = 1 << 16
_NAMING = _WORD | _CANCER | _BROAD
"""Without one of these nothing is named: an organ needs a word for cancer."""


def _read(tokens: Sequence[str], counts: Counter[str]) -> None:
    kinds = list(map(_kinds().__getitem__, tokens))
    if not any(kind & _NAMING for kind in set(kinds)):
        return
    reader = _Reader(counts)
    telling = [here for here, kind in enumerate(kinds) if kind > _WEAK]
    position = 0
    for here, after in zip(telling, [*telling[1:], len(tokens)], strict=True):
        if here >= position:
            position = here + _step(tokens, here, kinds[here], reader)
        while position < after and (reader.waiting or reader.after_noun):
            if not reader.passes(kinds[position]):
                reader.forget()
            position += 1


def _step(tokens: Sequence[str], here: int, kind: int, reader: "_Reader") -> int:
    """Take in what begins at `here`; how many words it has."""
    vocabulary = cancer_words()
    length, codes = vocabulary.words.at(tokens, here) if kind & _WORD else (0, ())
    if length:
        reader.name(codes)
    elif kind & _ORGAN and (found := vocabulary.organs.at(tokens, here))[0]:
        length, codes = found
        reader.organ(codes)
    elif kind & (_CANCER | _BROAD):
        reader.noun(tokens[here], full=bool(kind & _CANCER))
    elif not reader.passes(kind):
        reader.forget()
    return length or 1


@cache
def _phrase_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class _Kinds(dict[str, int]):
    """What words can do in `_read`, each found out once; forgotten when there are too many."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _MOST_KINDS:
            self.clear()
        kind = self[word] = _kind(word)
        return kind


@cache
def _kinds() -> _Kinds:
    return _Kinds()


def _kind(word: str) -> int:
    """What a word can do in `_read`, as a sum of flags; 0 for most words, which are passed over."""
    vocabulary = cancer_words()
    return (
        _WORD * (word in vocabulary.words.exact)
        + _ORGAN * (word in vocabulary.organs.exact)
        + _CANCER * bool(NOUN.fullmatch(word))
        + _BROAD * bool(vocabulary.general.fullmatch(word))
        + _LINK * (word == "," or word in _phrase_words(_BETWEEN))
        + _OF * (word in _phrase_words(_AFTER_NOUN))
    )


@dataclass(slots=True)
class _Reader:
    """What has been read of a phrase so far: organs waiting for a noun, or a noun waiting for its organ."""

    counts: Counter[str]
    waiting: tuple[str, ...] = ()
    age: int = 0
    after_noun: bool = False

    def forget(self) -> None:
        self.waiting, self.after_noun, self.age = (), False, 0

    def name(self, codes: Sequence[str]) -> None:
        if "" not in codes:
            self.counts.update(codes)
            self.counts[GENERAL] += 1
        self.forget()

    def organ(self, codes: tuple[str, ...]) -> None:
        if self.after_noun:
            self.counts.update(codes)
        else:
            self.waiting, self.age = (*self.waiting, *codes), 0

    def noun(self, word: str, full: bool) -> None:
        if word in _NOUNS_BESIDE and not self.waiting:
            self.forget()
            return
        if word == "nets":
            self.counts["neuroendocrine"] += 1
        self.counts[GENERAL] += 1
        if not full:
            self.forget()
            return
        self.counts.update(list(dict.fromkeys(self.waiting)))
        # In "breast cancer of the lung" the noun has its organ; "malignant" waits for the noun itself.
        self.after_noun = not self.waiting
        if word != "malignant":
            self.waiting = ()

    def passes(self, kind: int) -> bool:
        """Whether a word leaves the phrase open."""
        self.age += 1
        if self.after_noun:
            return bool(kind & (_OF | _LINK))
        return bool(self.waiting) and bool(kind & _LINK) and self.age < _REACH


def with_parents(codes: Iterable[str]) -> tuple[str, ...]:
    """`codes`, each once, followed by the types they belong to."""
    parents = cancer_words().parents
    given = unique(codes)
    above = []
    for code in given:
        parent = parents.get(code)
        while parent:
            above.append(parent)
            parent = parents.get(parent)
    return unique((*given, *above))
