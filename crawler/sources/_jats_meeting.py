"""The meeting at which a conference abstract was presented, as its JATS tells it."""

import re

from lxml import etree

from crawler.records.text import partial_date
from crawler.records.xml import element_text
from domain.statements import Meeting

Element = etree._Element

_TELLING = re.compile(
    r"\b(?:meeting|congress|conference|symposium|workshop|abstracts?|proceedings|annual|jahrestagung"
    r"|congreso|congr[eè]s|convegno|tagung)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_MONTH_DAY = re.compile(rf"\b{_MONTH}\s+(\d{{1,2}})\b", re.IGNORECASE)
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?:\s*[-–—]\s*\d{{1,2}})?\s+{_MONTH}", re.IGNORECASE)
_MONTH_ONLY = re.compile(rf"\b{_MONTH}", re.IGNORECASE)
_NUMBER = re.compile(
    r"(?:Abstract\s+(?:no\.?\s*|#\s*)?)?#?([A-Z]{0,6}\d*(?:[-.]?[A-Z]?\d+)+[a-z]?)\s*[:.]\s+\S"
)
_NUMBER_IDS = frozenset({"abstract-number", "abstract", "conference-abstract", "abstract-id"})


def meeting(meta: Element, title: str, *, is_abstract: bool) -> Meeting | None:
    """The meeting that the article names; for an abstract also where only its issue or supplement does."""
    conference = meta.find("conference")
    number = _number(meta, title) if is_abstract else ""
    if conference is not None and (name := _name(conference)):
        given = conference.find("conf-date")
        words = element_text(given)
        iso = "" if given is None else given.get("iso-8601-date", "")
        date = partial_date(iso) or _date(words)
        year = int(date[:4]) if date else _year(name)
        return Meeting(name, None, year, element_text(conference.find("conf-loc")), date, number)
    if not is_abstract:
        return None
    for path in ("issue-title", "supplement/title", "supplement", "volume-series"):
        name = element_text(meta.find(path))
        if name and _TELLING.search(name):
            return Meeting(name, None, _year(name), number=number)
    return None


def _name(conference: Element) -> str:
    for part in ("conf-name", "conf-acronym", "string-conf", "conf-theme"):
        if name := element_text(conference.find(part)):
            return name
    return ""


def _number(meta: Element, title: str) -> str:
    for one in meta.iterchildren("article-id"):
        if one.get("pub-id-type", "").lower() in _NUMBER_IDS and one.text:
            return one.text.strip()
    match = _NUMBER.match(title)
    return match[1] if match else ""


def _year(words: str) -> int | None:
    match = _YEAR.search(words)
    return int(match[0]) if match else None


def _date(words: str) -> str | None:
    """The first day of a span such as `May 31 - June 4, 2024`."""
    years = _YEAR.search(words)
    if not years:
        return None
    if whole := partial_date(words.strip()[:10]) if re.match(r"\s*\d{4}-\d", words) else None:
        return whole
    spans = [
        (match.start(), month, day)
        for pattern, order in ((_MONTH_DAY, (1, 2)), (_DAY_MONTH, (2, 1)))
        if (match := pattern.search(words))
        for month, day in [(match[order[0]], match[order[1]])]
    ]
    if spans:
        _, month, day = min(spans)
        return partial_date(years[0], month, day)
    match = _MONTH_ONLY.search(words)
    return partial_date(years[0], match[1] if match else None)
