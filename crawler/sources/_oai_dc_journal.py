"""The journal as `oai_dc` records name it: OJS in `source`, repositories in a citation, some not at all."""

import re
from collections.abc import Iterable, Iterator

from domain.paper import Journal, unique

_ISSN = re.compile(r"(?:\b(?:e-?)?issn:?\s*|^urn:issn:|^)(\d{4}-\d{3}[\dXx])\b", re.IGNORECASE)
_NO_JOURNAL = re.compile(r"^(?:reponame|instname|instacron|https?:|urn:|info:|isbn|\d+$)", re.IGNORECASE)
_VOLUME = re.compile(r"\b(?:vol(?:ume|umen)?|v|jg|tom[oe]?|bd|cilt)\b\.?\s*(\d{1,4}[A-Za-z]?)", re.IGNORECASE)
_ISSUE = re.compile(
    r"(?:\b(?:no|nr|n|num|núm|issue|iss|n[uú]mero|sayı)\b\.?|n[º°]\.?)\s*(\d{1,4}(?:[-/]\d{1,4})?)", re.I
)
_PAGES = re.compile(r"^(?:pp?\.?\s*)?([A-Za-z]?\d{1,6}\s*[-–]\s*[A-Za-z]?\d{1,6}|e\d{3,8})$")
_CITATION = re.compile(
    r"^(?P<title>[^\d;()]{3,160}?)[,.;]?\s+(?:vol\.?\s*)?(?P<volume>\d{1,4}(?:[-/]\d{1,4})?)\s*"
    r"(?:\((?P<issue>[\w/.-]{1,12})\)\s*[,:]?|[,:])\s*"
    r"(?:pp?\.?\s*)?(?P<pages>[A-Za-z]?\d{1,6}(?:\s*[-–]\s*[A-Za-z]?\d{1,6})?(?![\d/-]))?",
)


_LONGEST_TITLE = 250


def journal(
    sources: Iterable[str], given: Iterable[str], publishers: Iterable[str], relations: Iterable[str]
) -> Journal | None:
    """The journal, with volume, issue and pages where they can be told; None where no title can."""
    told = [text for text in sources if not _NO_JOURNAL.match(text)]
    issn = unique(m[1].upper() for text in (*sources, *relations, *given) if (m := _ISSN.search(text)))
    publisher = next(iter(publishers), "")
    for text in told:
        if not _ISSN.fullmatch(text) and (found := _from_source(text, issn, publisher)):
            return found
    for text in given:
        if found := _from_citation(text, issn, publisher):
            return found
    return Journal(publisher, issn=issn) if publisher and issn else None


def _from_source(text: str, issn: tuple[str, ...], publisher: str) -> Journal | None:
    """`Journal; Vol. 3 No. 2 (2020): Issue; 15-20`, as OJS writes it, or `Journal, 3(2), 15-20`."""
    if ";" not in text and (match := _CITATION.match(text)):
        return _journal(match["title"], match, issn, publisher)
    title, *rest = (part.strip() for part in text.split(";"))
    if not title or len(title) > _LONGEST_TITLE or not re.search(r"[^\W\d_]{2}", title):
        return None
    where = " ".join(rest)
    volume, issue = _VOLUME.search(where), _ISSUE.search(where)
    pages = next(_pages(rest), "")
    return Journal(title, "", issn, publisher, volume[1] if volume else "", issue[1] if issue else "", pages)


def _from_citation(text: str, issn: tuple[str, ...], publisher: str) -> Journal | None:
    """`Authors. Title. Journal 3(2): 15-20`; none where what stands before the volume may be no name."""
    match = _CITATION.match(text)
    if not match or text.lower().startswith(("http", "doi", "info")):
        return None
    last = match["title"].strip(" .,").split(". ")[-1]
    return (
        _journal(last, match, issn, publisher) if last == match["title"].strip(" .,") or " " in last else None
    )


def _journal(title: str, match: re.Match[str], issn: tuple[str, ...], publisher: str) -> Journal:
    pages = _span(match["pages"] or "")
    return Journal(title.strip(" .,"), "", issn, publisher, match["volume"], match["issue"] or "", pages)


def _pages(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if match := _PAGES.match(part):
            yield _span(match[1])


def _span(pages: str) -> str:
    return re.sub(r"\s*[-–]\s*", "-", pages)
