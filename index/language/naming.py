"""Fields as people name them, and texts as they come out of addresses and pages."""

import html
import re
from urllib.parse import unquote

from index.analysis import PARTICLES
from index.fields import FIELD, Kind
from index.language.habits import find_habit, is_heading
from index.language.values import is_named, takes_names


def decoded(text: str) -> str:
    """`text` as it read before it became part of an address or a page."""
    text = text if text.isascii() else text.translate(_UNSEEN)
    if _PERCENT.search(text) and " " not in text.strip() and "://" not in text:
        text = unquote(text)
    return html.unescape(text).replace("\xa0", " ") if _ENTITY.search(text) else text


_UNSEEN = str.maketrans("", "", "\xad\ufeff\u200b\u200e\u200f\u2060")
"""Where a page may part a word, which way a text runs, and what files begin with."""
_PERCENT = re.compile(r"%(?:20|22|2B|3A|2F|28|29|5B|5D)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:nbsp|amp|lt|gt|quot|apos|#\d{2,5});")


def named(text: str) -> str:
    """A field as people write it: its name in two words, a space before its value, one for all words."""
    if ":" not in text:
        return text
    if match := _ALL_IN.fullmatch(text):
        return f"{_ALL[match[1].lower()]}:({match[2]})"
    text = _TWO_WORDS.sub(_one_word, text)
    if len(text.split()) <= _SHORT_TEXT:
        text = _INITIALS.sub(_whole_name, _spaced(_TWO_WORDS_APART.sub(_one_field, text)))
    return _NO_CONDITION.sub(_as_word, _TYPE.sub(_type, _JOURNAL.sub("journal:", text)))


def _spaced(text: str) -> str:
    if (match := _TITLED.fullmatch(text)) and _holds_words(match[1], match[2]):
        return f"{match[1]}:({match[2]})"
    return _SPACED.sub(_apart, text)


_ALL = {"allintitle": "title", "allintext": "all", "allinauthor": "authors"}
_ALL_IN = re.compile(r"(?i)(allin(?:title|text|author)):\s*([^()\[\]:]+)")
_TWO_WORDS = re.compile(r"\b([A-Za-z]{2,15})[ -]([A-Za-z]{2,15})(?=:\S)")
_TWO_WORDS_APART = re.compile(r"\b([A-Za-z]{2,15})[ -]([A-Za-z]{2,15})(?=\s?:\s+[\w\"(])")
_SHORT_TEXT = 15
"""In longer texts a word, a colon and a space are prose."""
_TITLED = re.compile(r"\s*([A-Za-z_]{2,30})\s?:\s+([^()\[\]:\"]+)")
_SPACED = re.compile(
    r"(?<![^\s(])(?P<name>[A-Za-z_]{2,30})\s?:\s+(?=[\w\"(])"
    r"(?P<value>(?:(?!(?:AND|OR|NOT|and|or|not)\b|\w+\s?:)[\w'’-]+(?:\s+|(?![^\s)]))){0,12})"
)
_FAMILY = r"[^\W\d_][\w'’-]{1,40}"
_INITIALS = re.compile(
    rf"(?<![^\s(])([A-Za-z_]{{2,20}}):((?:(?i:{'|'.join(sorted(PARTICLES))})\s){{0,3}}{_FAMILY}"
    rf"(?:\s({_FAMILY})(?!\sI[IV]\b))?\s[A-Z]{{1,2}})(?![\w:.'’*-])"
)
"""A person as catalogues write them: `AUTH:Silva JA`, `author:Van der Berg JA`, `author:García López M`.

Behind a second word II and IV are of a phase or stage.
"""
_OPERATOR = re.compile(r"\b(?:AND|OR|NOT)\b")
_KNOWN_TYPES = "|".join(
    (
        r"(?:(?:journal|research|review|original)[ -])?articles?|(?:clinical )?trial protocols?|guidelines?",
        r"(?:(?:systematic|scoping|umbrella|narrative) )?reviews?|(?:network )?meta-?analys[ei]s|preprints?",
        r"(?:(?:randomi[sz]ed )?controlled |(?:pragmatic |adaptive )?clinical )?trials?",
        r"case (?:reports?|series)",
        r"editorials?|comments?|letters?|news|interview|(?:published )?erratum|retraction of publication",
        r"(?:observational|comparative|multicenter|twin|validation|evaluation) study|practice guidelines?",
        r"conference abstracts?|consensus statement|dataset|books?|biography|lecture",
    )
)
_TYPE = re.compile(
    rf"(?i)(?<![\w-])(type):(?=\S)(?:(?P<open>[(\"]+)(?=(?:{_KNOWN_TYPES})(?![\w-]))"
    rf"|(?P<known>{_KNOWN_TYPES})(?![\w-]))?"
)
"""By itself the word is a field only before what publications are: `type:melanoma` asks for none of those."""
_SOURCES = r"(?:med|pmc|ppr|agr|cba|ctx|eth|hir|pat|pubmed|medline|embase|preprints?)"
_JOURNAL = re.compile(rf"(?<![\w-])source:(?=\"(?!(?i:{_SOURCES})\"))")
"""As Google Scholar asks for a journal; other services, for where they have a paper from."""
_DOMAIN = r"\"?(?:https?:|\.?[\w-]+\.[a-z]{2}|\.[a-z]{2})"
_EVERYDAY = (
    ("site|link|info|url|related|cache", _DOMAIN),
    ("volume|issue|version|cited", r"[\"\[(]?[\d<>=]"),
    ("sort", r"\"?(?:date|cited|title|relevance|pub|year|author|journal)"),
    ("format", r"\"?(?:json|xml|lite|core|idlist|pdf|html?|dc)\b"),
    ("source", rf"[\"(]?{_SOURCES}\b"),
    ("synonym", r"\"?(?:true|false|y|n|yes|no)\b"),
    ("is", r"[\"(]?\d{4}-?\d{3}[\dx]"),
    ("limits?|book|series|filter|subset", r"$"),
    ("db|instance|collection|fulltext|mj", r"[(\"]"),
)
"""Words that are also names of conditions that we leave out, and what must follow for them to be that."""
_NO_CONDITION = re.compile(
    "|".join(rf"(?<![\w-])(?:{names}):(?=\S)(?!{value})" for names, value in _EVERYDAY), re.IGNORECASE
)


def _as_word(match: re.Match[str]) -> str:
    """Such a name as a word; in capitals alone it is one that somebody's search has."""
    return match[0] if match[0].isupper() else match[0].replace(":", " ")


def _whole_name(match: re.Match[str]) -> str:
    habit = find_habit(match[1])
    is_person = habit is not None and habit.fields == ("authors",) and not _OPERATOR.search(match[2])
    is_person = is_person and (not match[3] or (match[3][0].isupper() and not match[3].isupper()))
    return f'{match[1]}:"{match[2]}"' if is_person else match[0]


def _one_word(match: re.Match[str]) -> str:
    name = f"{match[1]}_{match[2]}"
    return name if find_habit(name) else match[0]


def _one_field(match: re.Match[str]) -> str:
    name = f"{match[1]}_{match[2]}"
    return name if _is_field(name) else match[0]


_NOUNS = frozenset(("meeting", "company", "substance", "funder", "cancer", "disease", "study", "trial"))
"""Fields and names of some that titles have before a colon: within a text, with a space, they are words."""
_BEGINS = re.compile(r"(?:^|\(|\b(?:AND|OR|NOT))\s*$")


def _is_field(name: str) -> bool:
    """Whether a name may stand apart from its value: one whose condition is left out would lose words."""
    habit = find_habit(name)
    return habit is not None and habit.fields is not None and not is_heading(name)


def _holds_words(name: str, words: str) -> bool:
    """Whether all words that follow may be its value: of names, only what no operator joins."""
    habit = find_habit(name)
    kinds = {FIELD[field].kind for field in (habit.fields if habit else None) or ()}
    held = kinds <= {Kind.TEXT} or (kinds <= {Kind.TEXT, Kind.NAME} and not _OPERATOR.search(words))
    return held and _is_field(name) and name.lower() != "type"


def _apart(match: re.Match[str]) -> str:
    """A name and the words behind it: the field with as many of them as make one known value."""
    name, words = match[1], match["value"].split()
    habit = find_habit(name) if _is_field(name) else None
    if habit is None:
        return match[0]
    row = FIELD[habit.fields[0]] if habit.fields else None
    if row is None or not words:
        return f"{name}:{match['value']}" if row or not match.start() else match[0]
    coded, listed = row.kind is Kind.KEYWORD, takes_names(row)
    noun = {row.name, name.lower()} & _NOUNS and not _BEGINS.search(match.string, 0, match.start())
    if (noun or (coded and not listed)) and not (coded and any(map(str.isdigit, words[0]))):
        return match[0].replace("_", " ")
    if not listed:
        return f"{name}:{match['value']}"
    count = next((n for n in range(len(words), 0, -1) if is_named(row, " ".join(words[:n]))), 0)
    if not count:
        return match[0].replace(name, name.replace("_", " "), 1)
    value, rest = " ".join(words[:count]), " ".join(words[count:])
    end = match["value"][len(match["value"].rstrip()) :]
    return f'{name}:"{value}"' + f" {rest}" * bool(rest) + end if count > 1 else f"{name}:{match['value']}"


def _type(match: re.Match[str]) -> str:
    if match["known"]:
        return f'{match[1]}:"{match["known"]}"' if " " in match["known"] else f"{match[1]}:{match['known']}"
    return f"{match[1]}:{match['open']}" if match["open"] else f"{match[1]} "
