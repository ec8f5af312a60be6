"""The words of `config/cancer_types.toml`, as `crawler.telling.vocabulary` looks for them in texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from config import load_table
from crawler.telling.hints import Hints

GENERAL = "cancer-general"
"""The type of papers on cancer of no kind or of any."""
NOUN = re.compile(
    r"(?:(?:adeno)?carcinom(?:as?|es?|ata|en)?|cancers?|cancerul(?:ui)?|cancere[rs]?|cancro|cancri|canceres|cancerous|carcinogenesis"
    r"|tum(?:or|our|eur)s?|tumore[sin]?|tumori|tumoral|tumorigenesis|neoplas(?:ms?|ias?|ie|tic)|malignan(?:cy|cies|t)"
    r"|sarcomas?|blastomas?|krebs|kanker|kanser(?:i|li|inde)?|karcinom[auy]?|nowotwor(?:y|ow|u)?|sccs?|tumoren|karzinome?|adenokarzinome?|carcinosarcomas?|macrocarcinomas?|nets)"
)
"""A word for cancer."""
_NOUN_HINTS = """carcinom* adenocarcinom* carcinosarcom* macrocarcinom* karzinom* adenokarzinom*
    carcinogenesis cancer* cancr* tumor* tumour* tumeur* neoplas* malignan* sarcoma* blastoma* krebs kanker
    kanser* karcinom* nowotwor* scc sccs nets"""
"""Without one of these there is no word for cancer."""


@dataclass(slots=True)
class Phrases:
    """Phrases by their first word, the longest first; a last word ending in `*`, not the only, may go on."""

    exact: dict[str, list[tuple[tuple[str, ...], str]]] = field(default_factory=dict)

    def add(self, phrase: str, code: str) -> None:
        """Take in a phrase that names the type `code`."""
        words = tuple(phrase.split())
        entries = self.exact.setdefault(words[0], [])
        entries.append((words, code))
        entries.sort(key=lambda entry: -len(entry[0]))

    def at(self, tokens: Sequence[str], start: int) -> tuple[int, tuple[str, ...]]:
        """How many words the longest phrase that begins at `start` has, and the types it names."""
        length, codes = 0, []
        for words, code in self.exact.get(tokens[start], ()):
            if len(words) >= length and _matches(words, tokens, start):
                length = len(words)
                codes.append(code)
        return length, tuple(codes)


def _matches(words: tuple[str, ...], tokens: Sequence[str], start: int) -> bool:
    if len(words) == 1:
        return True
    part = tuple(tokens[start : start + len(words)])
    if words[-1].endswith("*"):
        return part[:-1] == words[:-1] and len(part) == len(words) and part[-1].startswith(words[-1][:-1])
    return part == words


@dataclass(frozen=True, slots=True)
class CancerWords:
    """What names cancer types, by how it does so; `organs` do beside a word for cancer."""

    organs: Phrases
    words: Phrases
    general: re.Pattern[str]
    themes: str
    """A pattern, as `other_scripts` and `acronym`; they are made when a text may hold them."""
    other_scripts: str
    other_script_codes: dict[str, str]
    acronym: str
    acronym_codes: dict[str, str]
    acronym_hints: Hints[bool]
    naming: Hints[bool]
    """Phrases without one of which the words of a text name nothing."""
    headings: dict[str, tuple[str, ...]]
    covered: dict[str, str]
    """Headings of several types, and the type that is meant alone where a paper has it."""
    parents: dict[str, str]


@cache
def cancer_words() -> CancerWords:
    """The table, read once."""
    organs, words = Phrases(), Phrases()
    other_scripts: dict[str, str] = {}
    acronyms: dict[str, str] = {}
    headings: dict[str, tuple[str, ...]] = {}
    covered: dict[str, str] = {}
    parents: dict[str, str] = {}
    general = themes = ""
    named: list[str] = []
    for code, row in load_table("cancer_types").items():
        named += row.get("words", ())
        if code == GENERAL:
            general = "|".join(word.replace("*", r"\w*") for word in row["words"])
            themes = "|".join(row["themes"]).replace(" ", "[ -]")
            for phrase in row["exclusions"]:
                words.add(phrase, "")
        else:
            for organ in row.get("organs", ()):
                organs.add(organ, code)
            for word in row.get("words", ()):
                words.add(word, code)
        other_scripts |= dict.fromkeys(map(str.lower, row.get("other_scripts", ())), code)
        acronyms |= dict.fromkeys(row.get("acronyms", ()), code)
        mesh = row.get("mesh", {})
        for key in (*mesh, *mesh.values(), *row.get("mesh_names", ())):
            headings[key.lower()] = (*headings.get(key.lower(), ()), code)
        for key, name in row.get("covers", {}).items():
            covered |= {key.lower(): code, name.lower(): code}
        if "parent" in row:
            parents[code] = row["parent"]
    longest = sorted(other_scripts, key=len, reverse=True)
    return CancerWords(
        organs,
        words,
        re.compile(general),
        rf"\b(?:{themes})\b",
        "|".join(longest),
        other_scripts,
        rf"(?<![\w-])({'|'.join(sorted(acronyms, key=len, reverse=True))})s?(?![\w-])",
        acronyms,
        Hints({True: acronyms}),
        Hints({True: map(_hint, (*_NOUN_HINTS.split(), *named))}),
        headings,
        covered,
        parents,
    )


def _hint(phrase: str) -> str:
    return f" {phrase[:-1]}" if phrase.endswith("*") else f" {phrase} "
