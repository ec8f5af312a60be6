"""Fields as Scopus, Web of Science, EBSCO and Embase write them, put as those that we read.

Names that nobody else uses are read wherever they stand; EBSCO's two letters only where a text is clearly
one of its searches, and Embase's single quotes only beside what Embase alone writes. A field that we do not
have becomes a limit, which is left out with a note: as words, its name and value find nothing.
"""

import re
from string import ascii_lowercase

from index.fields import FIELD, Kind
from index.language.habits import find_habit
from index.language.printed import unprinted
from index.language.spelling import spellings
from index.language.synonyms import find_concepts
from index.language.values import is_named

_LIMIT = "lim"
_SOMEWHERE = "other"
"""A part of a paper that we do not search by itself."""
_SCOPUS_NAMES = {
    "": "TITLE-ABS-KEY TITLE-ABS-KEY-AUTH ALL",
    "title": "TITLE",
    "abstract": "ABS",
    "tiab": "TITLE-ABS",
    "keywords": "KEY AUTHKEY",
    "authors": "AUTH AUTHOR-NAME AUTHLASTNAME AUTHLAST-NAME AUTHOR AUTHCOLLAB",
    "first_author": "FIRSTAUTH",
    "journal": "SRCTITLE EXACTSRCTITLE",
    "affiliation": "AFFIL AFFILORG AFFILCITY",
    "country": "AFFILCOUNTRY",
    "substance": "CHEM CHEMNAME",
    "language": "LANGUAGE",
    "funder": "FUND-SPONSOR FUND-ALL",
    "doi": "DOI",
    "pmid": "PMID",
    _SOMEWHERE: "INDEXTERMS TRADENAME CASREGNUMBER",
    _LIMIT: "REF REFTITLE REFAUTH REFSRCTITLE SUBJAREA SUBJTERMS SRCTYPE PUBSTAGE DOCTYPE OA OPENACCESS "
    "ISSN ISBN EISSN EID AU-ID AF-ID CONF CONFNAME VOLUME ISSUE PAGES AUTHFIRST LOAD-DATE PUBDATETXT",
}
_SCIENCE_NAMES = {
    "": "TS ALL",
    "title": "TI",
    "abstract": "AB",
    "authors": "AU",
    "journal": "SO",
    "year": "PY",
    "keywords": "AK",
    "language": "LA",
    "publication_type": "DT",
    "affiliation": "AD OG OO SG",
    "country": "CU",
    "funder": "FO",
    "grant": "FG",
    "meeting": "CF",
    "doi": "DO",
    "pmid": "PMID",
    _SOMEWHERE: "KP FT",
    _LIMIT: "WC SU UT AI GP IS SA PS ZP LD DOP FPY EAY PUBL SDG TMAC TMSO TMIC",
}
_EBSCO_NAMES = {
    "title": "TI",
    "abstract": "AB",
    "tiab": "XB",
    "authors": "AU",
    "journal": "SO JN",
    "publication_type": "PT",
    "language": "LA",
    "affiliation": "AF",
    "all": "TX",
    "date": "DT",
    "year": "PY",
    _SOMEWHERE: "SU DE KW MW",
    _LIMIT: "EM RV",
}
_DOTTED_NAMES = {
    "title": "bibjson.title title.search",
    "abstract": "bibjson.abstract abstract.search",
    "keywords": "bibjson.keywords",
    "": "default.search fulltext.search",
    "authors": "author.display_name author.last_name author.collective_name",
    "affiliation": "author.affiliation.name institution.name",
    "country": "author.affiliation.address.country_code author.affiliation.country_code",
    "orcid": "author.orcid",
    "journal": "source.title source.title.exact bibjson.journal.title",
    "funder": "funding.organisation",
    "grant": "funding.funding_id",
    "mesh": "mesh_term.mesh_heading",
    "substance": "chemical.substance_name",
    "trial": "clinical_trial.id clinical_trials.id",
    _LIMIT: "source.type source.publisher source.country source.issn open_access.license open_access.colour",
}


def _by_name(table: dict[str, str]) -> dict[str, str]:
    return {name: ours for ours, names in table.items() for name in names.split()}


_SCOPUS, _SCIENCE, _EBSCO, _DOTS = map(_by_name, (_SCOPUS_NAMES, _SCIENCE_NAMES, _EBSCO_NAMES, _DOTTED_NAMES))
_OLD = r"TITLE-ABS-KEY|TITLE-ABS|TITLE|ABS|KEY|AUTH|AFFILCOUNTRY"
_OTHERWISE = (
    r"(?!(?:DOI|PMID|VOLUME|ISSUE|PAGES)\s?\(\s?\"?[^\d\s\"])(?!OA\s?\(\s?\"?(?!all|publisher|repository))"
)
"""Such names are fields before numbers and codes: `DOI(depth of invasion)` and `OA(knee)` are none."""
_CALL = re.compile(
    rf"(?<![\w-]){_OTHERWISE}(?:({_OLD})\s?\((?=\s?\S)|({'|'.join(_SCOPUS)})(?:\((?=\s?\S)|\s\((?=\s)))"
)
"""A name in capitals may be a word before a bracket; the space within is how Scopus prints its searches."""
_NUMBERED = r"(?!(?:DO|PMID)\s?=\s?[(\"]*[^\d(\"])"
"""`DO=(dissolved oxygen)` is no number of a paper."""
_EQUATION = re.compile(rf"(?<![\w-]){_NUMBERED}({'|'.join(_SCIENCE)})\s?==?\s?(?=[\w\"(])")
_TELLING_EQUATION = re.compile(
    rf"(?<![\w-]){_NUMBERED}(?:(?:TS|TI|AB|AU|SO|PY|AK|ALL|LA|DT|AD)\s?==?\s?[\w\"(]"
    rf"|(?:{'|'.join(name for name, ours in _SCIENCE.items() if ours != _LIMIT)}|WC|SU)=\s?[\"(])"
)
"""Beside no such field `CF = cystic fibrosis` and `SU = sunitinib` are abbreviations."""
_DOTTED = re.compile(
    rf"(?<![\w.])({'|'.join(sorted(map(re.escape, _DOTS), key=len, reverse=True))}):(?=[\w\"(\[])"
)
_DAYS = re.compile(r"\b((?:19|20)\d\d)(\d\d)(\d\d)?\b")
"""EBSCO's dates: 20150101."""

_BEFORE = r"(?:^|(?<=[\n(])|(?<=\(\s)|(?i:(?<=\band\s)|(?<=\bor\s)|(?<=\bnot\s)))"
_AFTER = r"(?=\s*(?:$|\n|\)|\s(?:AND|OR|NOT)\s))"
_TWICE = re.compile(
    r"\bTI\s+(?P<asked>(?:[^\nT]|T(?!I\s)){2,300}?)(?:\s+OR\s+(?:AB|SU|KW|MW)\s+(?P=asked)(?!\w))+"
)
_SURE = re.compile(
    rf"\bM[HM]\s?\"|{_BEFORE}(?:TI|AB)\s+(?:\"[^\"]+\"|\([^()]+\)|[\w-]+\*){_AFTER}|{_BEFORE}TX\s+(?:[\"(]|[\w-]+\*)"
)
"""What no other service writes."""
_BEFORE_ANY = re.compile(
    rf"{_BEFORE}(?!(?:DT|PY)\s+[(\"-]*[^\d(\"-])(?P<name>{'|'.join(_EBSCO)})\s+(?P<value>[\"(]|[^\s()\"][^()\"\n]{{0,80}}?{_AFTER})"
)
_CAPITALS = re.compile(r"\b[A-Z]{2}[\s\"]")
"""What every search of EBSCO has."""
_TELLING = {"TI", "AB", "XB", "TX", "AU", "SO", "JN", "KW"}
"""The others by themselves are abbreviations: `RV failure OR AF after surgery`."""
_OPENING = ('"', "(")
_MAJOR = re.compile(r"\bM[MJ](?=\s?\")")
_SUBHEADINGS = re.compile(r"(?<=MH )(\"[A-Za-z][^\"/+\n]{1,70})\+?/([A-Z]{2}(?:/[A-Z]{2}){0,9})\"")
_WITHIN = re.compile(
    r"(?<=[\w*)\"]\s)(?<!\bT\d\s)(?<!\bT\d[a-d]\s)(?<!\b[Ss]tage\s)([NW])(\d{1,2})(?!\sM[01X]\b)(?=\s[\w(\"])"
)
"""How near words stand; not the nodes of a tumour's stage (`T3 N1 M0`)."""

_CODES = r"(?:ti|ab|kw|de|tn|au|jt|ta|lnk)"
_EMBASE = re.compile(rf"'(?:/(?:exp|de|mj|mm|lnk|br)\b|:{_CODES}\b|\s(?:NEAR|NEXT)/\d)|\]/(?:lim|py|sd)\b")
_QUOTED = re.compile(r"(?<![\w'’])'([^'\"\n()\[\]]{2,100})'(?![\w'’/])")
"""An entry (`'lung nodule'/exp`) is left to be looked for by its words."""
_LINKED = re.compile(r"'([^'\"\n]{2,60})'/lnk\b")
_ASKED_OF_ONE = re.compile(
    r"(?:(?<![\w:.])(?P<word>[\w-]{2,40})|(?<=[\"')*])):(?P<code>ti|ab|kw|au)(?![\w:,.=-])"
)
_AUTHOR = re.compile(
    r"(?<![\w:.'’-])(?!(?i:and|or|not)\s)([^\W\d_][\w'’-]{1,40}\s[a-z]{1,3})\.?:au(?![\w:,.=-])",
    re.IGNORECASE,
)
"""A name with its initials: `hanahan d:au`."""
_TAGS = {"ti": "title", "ab": "abstract", "kw": "keywords", "au": "authors"}


_SIGNED = re.compile(
    r"(?<![\w*?$#-])(?P<head>[A-Za-z]{1,20})[?$#]1?(?P<tail>[a-z]{1,25})(?P<star>[*$?]?)(?![\w?#$*])"
)
"""A sign for one letter or none: `tumo?r`, `p?ediatric*`, `wom#n`."""
_MOST_SIGNED = 100


def rewritten(text: str) -> str:
    """`text` with the fields of other services as ours."""
    if _SIGNED.search(text):
        outside = text.split('"')
        outside[::2] = [_SIGNED.sub(_spelt, piece, _MOST_SIGNED) for piece in outside[::2]]
        text = '"'.join(outside)
    if "(" in text:
        text = unprinted(text)
        text = _CALL.sub(_called, text)
    if "=" in text and _TELLING_EQUATION.search(text):
        text = _EQUATION.sub(lambda match: _named(_SCIENCE[match[1]]), text)
    if _EMBASE.search(text):
        text = _LINKED.sub(r'lim:"\1"', _QUOTED.sub(_phrase, text))
    if ":" in text:
        text = _DOTTED.sub(lambda match: _named(_DOTS[match[1]]), text)
        text = _ASKED_OF_ONE.sub(_asked_of_one, _AUTHOR.sub(r'"\1"[authors]', text))
    return _of_ebsco(text)


def _named(ours: str) -> str:
    return f"{ours}:" if ours else ""


def _spelt(match: re.Match[str]) -> str:
    """The spellings that a sign stands for, where we know the word; they say more than its beginning."""
    head, tail = match["head"].lower(), match["tail"]
    meant = [f"{head}{letter}{tail}" for letter in ("", *ascii_lowercase)]
    plural = tail.endswith("s")
    for word in meant:
        found = [form for form in spellings(word) if form in meant or (plural and f"{form}s" in meant)]
        if len(found) > 1:
            return f"({' | '.join(f'{form}*' for form in found)})" if match["star"] else found[-1]
    return match[0]


def _called(match: re.Match[str]) -> str:
    return f"{_named(_SCOPUS[match[1] or match[2]])}("


def _phrase(match: re.Match[str]) -> str:
    """Words in Embase's quotes stay together; a thing with other names is left to be widened."""
    words = match[1].split()
    whole = find_concepts(words)
    alone = len(words) < 2 or (len(whole) == 1 and whole[0][:2] == (0, len(words)))
    return match[1] if alone else f'"{match[1]}"'


def _asked_of_one(match: re.Match[str]) -> str:
    """Embase's `melanoma:ti`; not where the word is a field of ours that may hold `ti` (`country:au`)."""
    habit = find_habit(match["word"]) if match["word"] else None
    fields = () if habit is None else habit.fields or ("",)
    if any(name not in FIELD or FIELD[name].kind is not Kind.KEYWORD for name in fields):
        return match[0]
    if any(is_named(FIELD[name], match["code"]) for name in fields):
        return match[0]
    return f"{match['word'] or ''}[{_TAGS[match['code']]}]"


def _of_ebsco(text: str) -> str:
    if not _CAPITALS.search(text):
        return text
    text, twice = _TWICE.subn(lambda match: f"({match['asked']})[tiab]", text)
    if not (twice or _SURE.search(text)):
        found = [*_BEFORE_ANY.finditer(text)]
        if len(found) < 2 or not any(map(_tells, found)):
            return text
    text = _SUBHEADINGS.sub(lambda match: f'{match[1]}/{match[2].replace("/", ",")}"', _MAJOR.sub("MH", text))
    return _WITHIN.sub(r"\1/\2", _BEFORE_ANY.sub(_of_one, text))


def _tells(match: re.Match[str]) -> bool:
    return match["name"] in _TELLING or (
        match["name"] == "LA" and is_named(FIELD["language"], match["value"])
    )


def _of_one(match: re.Match[str]) -> str:
    value = match["value"]
    if value not in _OPENING:
        value = _days(value) if match["name"] == "DT" else f"({value})"
    return _named(_EBSCO[match["name"]]) + value


def _days(value: str) -> str:
    """A day, or the first and the last with a hyphen between, of which one may be left open."""
    first, hyphen, last = _DAYS.sub(lambda day: "/".join(filter(None, day.groups())), value).partition("-")
    if hyphen and not (first and last):
        return f">={first}" if first else f"<={last}"
    return f"({first}{':' if hyphen else ''}{last})"
