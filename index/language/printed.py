"""Searches as Scopus, Web of Science and ProQuest print them, in words that we read.

A field that we do not have becomes a limit, which is left out with a note.
"""

import re

_LIMIT_TO = re.compile(r"\b(LIMIT-TO|EXCLUDE)\s?\(\s?([A-Z]{2,20})\s?,\s?\"?([^()\"]{1,80}?)\"?\s?\)")
_EXCLUDED_TOO = re.compile(r"(?<=\))\s?OR\s?(?=EXCLUDE\s?\()")
"""What is excluded is so together with the next: either would be missing from no paper."""
_LIMITED = {
    "LANGUAGE": "language",
    "PUBYEAR": "year",
    "AFFILCOUNTRY": "country",
    "SRCTITLE": "journal",
    "EXACTSRCTITLE": "journal",
}
_DOCUMENTS = {"re": "review", "le": "letter", "ed": "editorial"}
_PUBLISHED = ("ar", "cp", "dp", "ip", "sh")
"""Kinds of documents that are articles to us; where they are left out, so would all others be."""
_BRACES = re.compile(r"(?<=[\s(])\{([^{}\"]{2,200})\}")
_CALL = re.compile(r"\b(?:TITLE|ABS|KEY|ALL|AUTHKEY)\s?\(")

_LEFT_OUT = "lim:"
_HEADED = {
    "TOPIC": "",
    "TITLE": "title:",
    "AUTHOR": "authors:",
    "LANGUAGES": "language:",
    "LANGUAGE": "language:",
    "DOCUMENT TYPES": "publication_type:",
    "PUBLICATION YEARS": "year:",
    "COUNTRIES/REGIONS": "country:",
    "SOURCE TITLES": "journal:",
    "WEB OF SCIENCE CATEGORIES": _LEFT_OUT,
    "RESEARCH AREAS": _LEFT_OUT,
    "RESEARCH DOMAINS": _LEFT_OUT,
    "DATABASES": _LEFT_OUT,
    "OPEN ACCESS": _LEFT_OUT,
}
"""Headings of Web of Science until 2021, with what they are here."""
_HEADING = re.compile(rf"\b({'|'.join(sorted(_HEADED, key=len, reverse=True))}):\s?(?=\()")
_HEADS = re.compile(r"\bTOPIC:\s?\(|\sRefined by:\s")
_EXCLUDING = re.compile(r"\[excluding\]\s?")
_PUBLISHED_BETWEEN = re.compile(r"\bDOP==?\(?((?:19|20)\d\d(?:-\d\d){0,2})/((?:19|20)\d\d(?:-\d\d){0,2})\)?")
_REFINED = re.compile(r"\s(?:\.{3}\s?)?Refined by:\s(?=[A-Z])")
_TITLED = {
    "Topic": "",
    "All Fields": "",
    "Title": "title:",
    "Abstract": "abstract:",
    "Author": "authors:",
    "Authors": "authors:",
    "Author Keywords": "keywords:",
    "Publication Titles": "journal:",
    "Publication/Source Titles": "journal:",
    "Publication Years": "year:",
    "Year Published": "year:",
    "Publication Date": "date:",
    "Language": "language:",
    "Languages": "language:",
    "Countries/Regions": "country:",
    "Affiliation": "affiliation:",
    "Affiliations": "affiliation:",
    "Document Type": _LEFT_OUT,
    "Document Types": _LEFT_OUT,
    "Web of Science Categories": _LEFT_OUT,
    "Web of Science Index": _LEFT_OUT,
    "Research Areas": _LEFT_OUT,
    "Open Access": _LEFT_OUT,
    "Funding Agencies": _LEFT_OUT,
    "Publishers": _LEFT_OUT,
}
"""What it prints behind a part of a search since then."""
_TELLING = frozenset(
    ("All Fields", "Author Keywords", "Publication Titles", "Publication/Source Titles", "Title", "Topic")
)
"""Without one of these the others in brackets may end a title: `(Author)`, `(Open Access)`."""
_LABEL = re.compile(
    rf"\s\((?P<name>{'|'.join(map(re.escape, _TITLED))})\)(?:\s(?P<joint>and|or|not|AND|OR|NOT)\s(?=\S)|\s*$)"
)
_SMALL = re.compile(r"\b(and|or|not)\b")

_CALLED = {
    "": "noft ft all su subject mainsubject if diskw emb tx",
    "title": "ti title",
    "abstract": "ab abstract",
    "authors": "au author",
    "journal": "pub jn",
    "affiliation": "af",
    "language": "la",
    "date": "pd",
    "year": "yr",
    "mesh": "mesh mjmesh",
    "publication_type": "dtype at rtype",
}
_FIELDS = {name: ours for ours, names in _CALLED.items() for name in names.split()}
_NAME = rf"(?:{'|'.join(_FIELDS)})"
_FUNCTION = re.compile(
    rf"(?:^|(?<=\()|(?<=\s))(?:(?P<exact>(?i:{_NAME}))(?i:\.exact(?:\.explode)?)|(?P<several>(?i:{_NAME}(?:,{_NAME}){{1,4}}))"
    rf"|(?P<one>{_NAME}|(?:TI|AB|SU|AU|LA)(?=\([\"(]|\(\w[a-z])))\((?=\S)"
)
"""A single name in capitals may be a short form: `AU(III)`, `AB(1-42)`."""
_CALLED_BY_NAME = re.compile(r"[A-Za-z]\(")
"""What all of these have, and few titles."""
_SURE = re.compile(r"(?i)\bnoft\(|\.exact(?:\.explode)?\(|(?:^|[\s(])(?:ti,ab|ab,ti)\(")
_JOINED = re.compile(r"(?:^|\(|(?i:\b(?:and|or|not)))\s*$")
_DAYS = re.compile(r"(?<=date:\()((?:19|20)\d\d)(\d\d)(\d\d)-((?:19|20)\d\d)(\d\d)(\d\d)(?=\))")


def unprinted(text: str) -> str:
    """`text` with what these services print around words and conditions as we would write it."""
    text = _PUBLISHED_BETWEEN.sub(r"date:\1:\2", _of_scopus(text))
    if _HEADS.search(text):
        text = _EXCLUDING.sub("NOT ", _REFINED.sub(" AND ", text))
        text = _HEADING.sub(lambda match: _HEADED[match[1]], text)
    text = _of_parts(text)
    if not _CALLED_BY_NAME.search(text):
        return text
    found = [match for match in _FUNCTION.finditer(text) if _is_joined(text, match.start())]
    if _SURE.search(text) or len(found) > 1:
        text = _DAYS.sub(r"\1/\2/\3:\4/\5/\6", _FUNCTION.sub(_function, text))
    return text


def _of_scopus(text: str) -> str:
    if "LIMIT-TO" in text or "EXCLUDE" in text:
        text = _LIMIT_TO.sub(_limit_to, _EXCLUDED_TOO.sub(" AND ", text))
    return _BRACES.sub(r'"\1"', text) if "{" in text and _CALL.search(text) else text


def _limit_to(match: re.Match[str]) -> str:
    sign, name, value = match[1], match[2], match[3].strip()
    excluded = sign == "EXCLUDE"
    limit = f"lim:{name}"
    if name in _LIMITED:
        limit = f'{_LIMITED[name]}:"{value}"'
    elif name == "DOCTYPE" and value in _DOCUMENTS:
        limit = f"publication_type:{_DOCUMENTS[value]}"
    elif name == "DOCTYPE" and value in _PUBLISHED and not excluded:
        limit = "kind:article"
    return f"(NOT {limit})" if excluded else limit


def _of_parts(text: str) -> str:
    """What Web of Science prints since 2021: parts of a search, and behind each what was asked for it."""
    labels = [*_LABEL.finditer(text)] if ")" in text else []
    if not labels or labels[-1].end() != len(text) or _TELLING.isdisjoint(label["name"] for label in labels):
        return text
    starts = (0, *(label.end() for label in labels))
    asked = (text[start : label.start()] for start, label in zip(starts, labels, strict=False))
    return " ".join(_titled(part.strip(), label) for part, label in zip(asked, labels, strict=True)).strip()


def _titled(asked: str, label: re.Match[str]) -> str:
    ours, joint = _TITLED[label["name"]], (label["joint"] or "").upper()
    if ours == _LEFT_OUT:
        return f'{ours}"{label["name"]}" {joint}'
    return f"{ours}({_SMALL.sub(lambda word: word[1].upper(), asked)}) {joint}"


def _is_joined(text: str, place: int) -> bool:
    """Whether something begins there: the text, a bracket, or what follows an operator."""
    return bool(_JOINED.search(text[max(0, place - len(" and ")) : place]))


def _function(match: re.Match[str]) -> str:
    names = {
        _FIELDS[name] for name in (match["exact"] or match["several"] or match["one"]).lower().split(",")
    }
    if names == {"title", "abstract"}:
        return "tiab:("
    (name,) = names if len(names) == 1 else ("",)
    return f"{name}:(" if name else "("
