"""Queries as Ovid, Embase, Scopus, Web of Science and Lucene write them, put in words that we read.

What we cannot do is left out, and a note says so.
"""

import re
from collections.abc import Callable
from functools import partial

from index.analysis import STOP_WORDS
from index.language.habits import find_habit
from index.language.limits import LIMITS, limited, split
from index.language.links import linked
from index.language.naming import decoded, named
from index.language.platforms import rewritten
from index.language.qualifiers import QUALIFIERS
from index.language.strategies import LINES, put_together
from index.language.synonyms import find_concepts
from index.language.tidy import MAX_TOKENS

_NEAR = "We cannot ask how near words stand to each other, so both were looked for anywhere."
_APART = "We cannot ask how far words may stand apart, so the words in quotes must be next to each other."
_EXPLODE = "MeSH headings were read as written: their narrower headings are not included."
_LETTER = "We read signs for single letters as the end of a word's beginning, so more words may match."
_SMALL = (
    "“and”, “or” and “not” in small letters were read as operators, as the text has quotes, fields or "
    "distances."
)

_TAGS = {"pt": "pt", "ti": "ti", "ab": "ab", "au": "au", "sh": "mh", "rn": "rn", "yr": "dp", "ui": "pmid"} | {
    **dict.fromkeys(("jn", "jw", "jx", "jt", "ta"), "ta"),
    **dict.fromkeys(("la", "lg"), "la"),
    **dict.fromkeys(("in", "cs"), "ad"),
    **dict.fromkeys(("dt", "ed", "ez", "da", "dc", "up", "rd"), "lim"),
    **dict.fromkeys(("fs", "fx", "xs", "px"), "sh"),
    "m_titl": "ti",
}
_FIELDS = (
    r"(?:pt|ti|ab|kw|kf|tw|mp|au|jn|jw|jx|jt|ta|sh|hw|ot|nm|tn|dn|af|de|rn|yr|la|lg|in|cs|ui|tt|dt|ed|ez|da|dc|up|rd"
    r"|fs|fx|xs|px|m_titl)"
)


def _tag(match: re.Match[str]) -> str:
    names = match[1].lower().split(",")
    if {"ti", "ab"} <= set(names):
        return "[ti_ab_kw]" if set(names) & {"kw", "kf"} else "[tiab]"
    return f"[{_TAGS.get(names[0], 'tw')}]" if len(names) == 1 else "[tw]"


def _heading(match: re.Match[str]) -> str:
    """Ovid's and the Cochrane Library's ways to write a MeSH heading."""
    name, groups = match["name"].strip(), match.groupdict()
    codes = _CODES.findall(groups.get("listed") or "") or (groups.get("codes") or "").split(",")
    alone = f'"{name}"' if "(" in name or _SMALL_WORDS.search(name) else name
    written = [f'("{name}/{code.strip()}"[mh])' if code.strip() else f"({alone}[mh])" for code in codes]
    return f"({' | '.join(written)})" if len(written) > 1 else written[0]


def _likely_heading(match: re.Match[str], *, sure: bool) -> str:
    """A heading outside a strategy, where a word with a stroke behind it may be just that.

    Small words are in one only where it is written like a title; without capitals there must be more that is
    written as in a strategy.
    """
    words = match["name"].split()
    telling = [word for word in words if word.lower() not in STOP_WORDS]
    titled = bool(telling) and all(word[0].isupper() for word in telling)
    plain = len(telling) == len(words) and (sure or match["name"][0].isupper() or match["codes"])
    return _heading(match) if titled or plain or match["quote"] else match[0]


def _subheadings(match: re.Match[str]) -> str:
    """Subheadings by their codes where they stand alone: `ae.fs.`, `(ae or to).fs.`."""
    return _CODED.sub(lambda code: f'"{QUALIFIERS[code[0]]}"', match[0])


def _year(match: re.Match[str]) -> str:
    sign = {"AFT": ">", "BEF": "<", "IS": "="}.get(match[1], match[1])
    return f"year:{sign}{match[2]}"


def _compared(match: re.Match[str]) -> str:
    """A year or a date with a sign before it: `year >= 2019`; of other things it is an amount."""
    habit = find_habit(match[1])
    dated = habit is not None and habit.fields in (("year",), ("date",))
    return f"{match[1]}:{_ASCII.get(match[2], match[2])}" if dated else match[0]


_ASCII = {"≤": "<=", "≥": ">="}
_CODES = re.compile(r" - ([A-Z]{2})(?=,|$)")
_SMALL_WORDS = re.compile(r"\b(?:and|or|not)\b", re.IGNORECASE)
_ORDERS = "Best Match|Most Recent|Publication Date|First Author|Journal|Relevance"
"""How PubMed prints the order of a search."""
_DIGITS = "0123456789"
Change = str | Callable[[re.Match[str]], str]
_NAME = r"(?P<name>[A-Za-z][^\n/()\"\[\]:.*]{1,70}?)"
_NAME_IN_FULL = r"(?P<name>[A-Za-z](?:[^\n/()\"\[\]:.*]|\([\w -]{1,30}\)){1,70}?)"
"""With brackets of its own: *Poly(ADP-ribose) Polymerases*."""
_CODE = f"(?:{'|'.join(QUALIFIERS)})"
_CODED = re.compile(rf"\b{_CODE}\b")
_END = rf"/(?P<codes>{_CODE}(?:,\s?{_CODE}){{0,9}})?"
"""Only known subheadings: `mg/kg`, `us/uk` and `yes/no` are none."""
_SPELT = re.compile(rf"(?<=/)({_CODE}(?:,\s?{_CODE}){{0,9}})\s\[[A-Z][^\[\]\n]{{2,300}}\]")
"""Ovid prints in brackets what subheadings stand for."""
_EMTREE = "(?:exp|de|mj|mm|br|d[a-z]_[a-z]{2}(?:,d[a-z]_[a-z]{2}){0,9})"
"""What Embase writes behind a heading; behind a bare word most are units (`cells/mm`)."""
_BEFORE = r"^|(?<=[\n(])|(?<=\band\s)|(?<=\bor\s)|(?<=\bnot\s)|(?<=\bAND\s)|(?<=\bOR\s)|(?<=\bNOT\s)"
_AFTER = r"\s*$|\s*\n|\s*\)|\s+(?i:and|or|not)\s"
"""Where a heading that is not exploded begins and ends: `smokers/ carers` is none."""
_PRINTED = (
    (re.compile(r"^Search(?::\s|\s(?=\())(?=.*(?:[\[\"]|\sSort by:))"), ""),
    (re.compile(rf"(?<=\S)\sSort by:\s(?:{_ORDERS})(?=$|\s)"), ' sort:"printed"'),
)
"""What PubMed prints around a search."""
_CHANGES: tuple[tuple[str, re.Pattern[str], Change, str], ...] = (
    ("/", _SPELT, r"\1", ""),
    ("[", re.compile(rf"(?i)\[mh\s+\^?\"?{_NAME}\"?(?:{_END})?(?:\[mj\])?\]"), _heading, ""),
    (
        "[",
        re.compile(
            rf"(?i)\bMeSH descriptor:?\s*\[{_NAME}\](?:\s+(?:explode all trees|this term only))?"
            rf"(?:\s+and with qualifier\(s\):\s*\[(?P<listed>[^\[\]]{{2,300}})\])?"
        ),
        _heading,
        "",
    ),
    ('"', re.compile(rf"(?i)\bMH\s?\"{_NAME}\+?(?:{_END})?\""), _heading, ""),
    (
        "/",
        re.compile(
            rf"(?:{_BEFORE}|(?<![\w\s])|(?<![A-Za-z]\s))(?<![\w/])(?i:exp)\s+\*?\"?{_NAME_IN_FULL}\"?{_END}(?=$|[\s)])"
        ),
        _heading,
        "",
    ),
    ("/", re.compile(r"['\"](conference abstract)['\"]/it\b"), r'lim:"\1"', ""),
    ("/", re.compile(r"(?<=[\w\"'])/it\b"), "[pt]", ""),
    (":", re.compile(r"\bafter:(\d{4})(?:-\d\d){0,2}(?!\w)"), r"year:>=\1", ""),
    (":", re.compile(r"\bbefore:(\d{4})(?:-\d\d){0,2}(?!\w)"), r"year:<\1", ""),
    (_DIGITS, re.compile(r"(?i)\band\s+limit\s+\d{1,3}\s+to\s+\w+"), ' lim:"printed"', ""),
    ("/", re.compile(r"\s?/freq\s?=\s?\d{1,3}"), ' lim:"printed"', ""),
    (
        "/.]",
        re.compile(
            r"(?i)(?:(?<=/)|(?<=[.,][a-z]{2}\.)|(?<=[]/.]\)))\suse\s[a-z]\w{3,8}(?=$|\s*\n|\s*\)|\s(?:and|or|not)\s)"
        ),
        ' lim:"printed"',
        "",
    ),
    ("A", re.compile(r"\sin Title Abstract Keyword\b"), "[ti_ab_kw]", ""),
    ("R", re.compile(r"\sin Record Title\b"), "[ti]", ""),
    (
        "([",
        re.compile(r"(?:\s-\s)?\(Word variations have been searched\)|\s?\[mp=[a-z][^\[\]]{1,600}\]"),
        "",
        "",
    ),
    *(("S", pattern, change, "") for pattern, change in _PRINTED),
    (
        "=:",
        re.compile(r"\bIndexes\s?[=:]\s?[A-Z][A-Z&-]+(?:,\s?[A-Z][A-Z&-]+){0,12}"),
        ' lim:"printed"',
        "",
    ),
    ("=:", re.compile(r"\bTimespan\s?[=:]\s?(\d{4})-(\d{4})\b"), r"year:\1-\2", ""),
    ("=:", re.compile(r"\bTimespan\s?[=:]\s?All [Yy]ears\b"), "", ""),
    ("P", re.compile(r"\bPUBYEAR\s{0,3}(>|<|=|AFT|BEF|IS)\s{0,3}(\d{4})\b"), _year, ""),
    ("/", re.compile(r"\[(\d{4})-(\d{4})\]/py\b"), r"year:\1-\2", ""),
    ("/", re.compile(r"\[([^\[\]\"]{2,40})\]/(?:lim|sd)\b"), r'lim:"\1"', ""),
    (":", re.compile(r"\b((?:19|20)\d\d):py\b"), r"year:\1", ""),
    ("(", re.compile(r"(?<=[\w\")])\.\(sa_year\)\."), "[dp]", ""),
    (
        "<>=≤≥",
        re.compile(r"(?<![\w:-])([A-Za-z_]{2,12})\s?(>=|<=|[<>=≤≥])\s?(?=(?:19|20)\d\d(?!\d))"),
        _compared,
        "",
    ),
    ("<>≤≥", re.compile(r"(?<![\w:-])([A-Za-z][\w-]{1,20})(?:[<>]=?|[≤≥])(?=\d)"), r"\1 ", ""),
    (
        ".[",
        re.compile(
            rf"(?<![\w.])(?:{_CODE}|\({_CODE}(?:\s(?:or|OR)\s{_CODE}){{1,40}}\))(?=\.(?:f[sx]|[px]s)\.|\[sh\])"
        ),
        _subheadings,
        "",
    ),
    (".", re.compile(rf"(?<=[\w\")*$?#])\s?\.({_FIELDS}(?:,{_FIELDS}){{0,5}})\.(?!\w)"), _tag, ""),
    (".", re.compile(rf"(?<=[\w\")*$?#])\.({_FIELDS}(?:,{_FIELDS}){{1,5}})(?=$|[\s)])"), _tag, ""),
    ("^", re.compile(r"(?:(?<=[A-Za-z]{3})|(?<=[\")*]))\^\d{1,3}(?:\.\d{1,3})?(?=$|[\s)])"), "", ""),
    ("*", re.compile(r"(?<![\w*])\*\*(?=[^\s*])([^*\n]{1,200})(?<=\S)\*\*(?![\w*])"), r"\1", ""),
    (":", re.compile(rf"(?<=[\w\"')*]):({_FIELDS}(?:,{_FIELDS}){{1,5}})(?![\w:])"), _tag, ""),
    (
        "/",
        re.compile(rf"(?:(?<=[\w\"'])/(?:exp|de|mj)|(?<=[\"'])/{_EMTREE})(?:/{_EMTREE})?(?!\w)"),
        "",
        _EXPLODE,
    ),
    ("~", re.compile(r"(?<=\")~\d{1,3}\b"), "", _APART),
    ("~", re.compile(r"\"([^\"]{2,200})\"\s?\[([A-Za-z/ ]{2,20}):~\d{1,3}\]"), r"(\1)[\2]", _NEAR),
    (
        _DIGITS,
        re.compile(r"(?i)(?<=\s)(?:adj\d{1,2}|(?:near|next|w|pre|n|p)/\d{1,2})(?=\s)"),
        "&",
        _NEAR,
    ),
    ("NSA", re.compile(r"(?<=\w\s|[)\"]\s|\*\s)(?:NEAR|SAME|ADJ)(?=\s)"), "&", _NEAR),
    (
        "[",
        re.compile(r"(?<=[\w*$)\"]\s)adj(?=\s[\w(\"][^\n]{0,300}?\[(?:ti|ab|tiab|tw|ti_ab_kw)\])"),
        "&",
        _NEAR,
    ),
    ("N", re.compile(r"(?<=[a-z*)\"]\s)(?<!\bthe\s)NEXT(?=\s[\"(]?[a-z])"), "&", _NEAR),
    ("#", re.compile(r"(?<=\w\w\w)#(?=[\[)])"), "*", _LETTER),
    ("?$", re.compile(r"(?<=\w\w)[?$]\d?(?=\w)\w*[?$]*|(?<=\w\w)\$\d?(?!\w)"), "*", _LETTER),
)
"""Characters, one of which every text has that is to be changed; the change, and what to say of it."""
_SPACES = re.compile(r"\s+")
_SIGNS = str.maketrans("“”„«»", '"""""')
"""Quotes of every land."""
_DASHED = re.compile(r"(?<!\d)—(?=[^\W\d_])|—(?<=[^\W\d_]—)")
"""A long dash beside a word parts sentences; behind a number it may be that of a range."""
_SUSPENDED = re.compile(r"(\w-\w[\w-]*,?\s(?:and|or)\s|\s(?:und|oder|et|ou)\s)-(?=\w)")
"""*ATM-dependent and -independent*: the hyphen stands for what is left out, and keeps nothing out."""
_GAP = re.compile(r"\s{2,}")
"""Patterns for what stands between spaces try each of them: of thousands in a row that took half a minute."""
_EARLIER = re.compile(r"(?<![\w&])#\d{1,3}\b(?:\s(?:AND|OR|NOT)(?=\s#))?")
_HISTORY = re.compile(r"(?i)(?<![\w&])#\d{1,3}\s(?:and|or|not)\s|\b(?:and|or|not)\s#\d{1,3}\b")
_CAPITAL = re.compile(r"\b(?:AND|OR|NOT)\b")
_SMALL_ONE = re.compile(r"(?<=[\s)\"\]])(and|or|not)(?=[\s(\"])")
_SENTENCE = 6
_ASKED = re.compile(r"\b(?:AND|OR|NOT)\b|[\"\[\]()*|]|:(?=\S)")
"""What only queries have, and sentences rarely."""
_GLUED = re.compile(r"(?:(?<=[^\W_]{2})|(?<=-\d))[,;](?=[^\W\d_]{2})")
_PIECE = re.compile(r"\"[^\"]*\"|[^\s\"\[\]]+")
_KEPT = re.compile(r"[\":/]")
_FIELD = re.compile(
    r"\[([^\[\]\"]{2,40})\]|\b(title|abstract|mesh|year):|\b([a-z_]{2,30}):(?=\()", re.IGNORECASE
)
_PLAIN_HEADING = re.compile(rf"(?:{_BEFORE})\*?(?P<quote>\"?){_NAME}(?<=\S)(?P=quote){_END}(?={_AFTER})")
_HEADING_ENDS = re.compile(rf"(?<=[^\s/]){_END}(?={_AFTER})")


def translated(text: str, notes: list[str]) -> str:
    """`text` as we would write it; what was left out is added to `notes`."""
    text = decoded(text)
    if not text.isascii():
        text = _DASHED.sub(" ", text.translate(_SIGNS))
    if " -" in text:
        text = _SUSPENDED.sub(r"\1", text)
    decoded_text = _spelt_out(_GAP.sub(_gap, text))
    whole = put_together(decoded_text, notes)
    text = named(rewritten(linked(_within_limits(whole, notes), notes)))
    present = set(text)
    for signs, pattern, change, note in _CHANGES:
        if present.isdisjoint(signs):
            continue
        text, times = pattern.subn(change, text)
        present = set(text) if times else present
        if times and note:
            notes.append(note)
    if ends := _HEADING_ENDS.findall(text):
        likely = partial(_likely_heading, sure=len(ends) > 1 or bool(_FIELD.search(text)))
        text = _PLAIN_HEADING.sub(likely if whole == decoded_text else _heading, text)
    if ("," in text or ";" in text) and _GLUED.search(text):
        text = _PIECE.sub(_parted, text)
    if _HISTORY.search(text):
        text = _EARLIER.sub(" ", text)
        notes.append(LINES)
    return _shouted(text, notes)


def _parted(piece: re.Match[str]) -> str:
    """Words in a list without blanks; what is quoted, and the values of a field, stay together."""
    return piece[0] if _KEPT.search(piece[0]) else _GLUED.sub(" ", piece[0])


def _within_limits(text: str, notes: list[str]) -> str:
    """A search within the limits that are printed behind it."""
    asked, limits = split(text)
    if limits is None:
        return asked
    for pattern, change in _PRINTED:
        asked = pattern.sub(change, asked)
    asked, left = limited(asked, limits)
    notes += [LIMITS] if left else []
    return asked


def _gap(spaces: re.Match[str]) -> str:
    return "\n" if "\n" in spaces[0] else " "


def _spelt_out(text: str) -> str:
    """`&` as the word where it is one: inside a name (*head & neck cancer*), or in sentences."""
    text = text.replace(", & ", ", and ")  # before the last name of a reference
    words = text.split()
    if "&" not in words:
        return text
    spaces = _SPACES.findall(f" {text.strip()}")
    sentence = not _ASKED.search(text) and any(word.lower() in STOP_WORDS for word in words)
    written = ["and" if word == "&" else word for word in words]
    named = {place for start, end, _ in find_concepts(written[:MAX_TOKENS]) for place in range(start, end)}
    kept = ["and" if word == "&" and (sentence or n in named) else word for n, word in enumerate(words)]
    return "".join(map("".join, zip(spaces, kept, strict=True))).lstrip() if kept != words else text


def _shouted(text: str, notes: list[str]) -> str:
    """Small operators in capitals, where a text is clearly more than a plain list of words."""
    outside = text.split('"')
    quoted = len(outside) > 2 and not _is_sentence(" ".join(outside[::2]))
    if _CAPITAL.search(text) or not (quoted or _NEAR in notes or _has_field(text)):
        return text
    times = 0
    for place in range(0, len(outside), 2):
        padded, found = _SMALL_ONE.subn(lambda match: match[1].upper(), f" {outside[place]} ")
        outside[place], times = padded[1:-1], times + found
    if times:
        notes.append(_SMALL)
    return '"'.join(outside)


def _is_sentence(text: str) -> bool:
    """Whether words are those of a title, say: of queries, few have small words beside operators."""
    words = text.lower().split()
    return len(words) >= _SENTENCE and not STOP_WORDS.isdisjoint(set(words) - {"and", "or", "not"})


def _has_field(text: str) -> bool:
    return any(match[2] or find_habit(match[1] or match[3]) for match in _FIELD.finditer(text))
