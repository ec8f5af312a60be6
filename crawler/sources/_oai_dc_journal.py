"""The journal as `oai_dc` records name it: OJS in `source`, repositories in a citation, some not at all.

Some give each of its parts in an element of its own, Italian (`volume:3`) and Swedish ones in `relation`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from domain.paper import Journal, unique

_ISSN = re.compile(r"(?:\b(?:e-?)?issn:?\s*|^urn:issn:|^)(\d{4}-\d{3}[\dXx])\b", re.IGNORECASE)
_NO_JOURNAL = re.compile(
    r"^(?:reponame|instname|instacron|https?:|urn:|info:|isbn|(?:[ep]-?)?issn\b|\d+$)", re.IGNORECASE
)
_VOLUME_WORD = r"\b(?:vol(?:ume|umen)?|v|jg|tom[oe]?|bd|cilt|tập|том|т|(?:ال)?مجلد|دوره|卷|巻)\b[.:]?"
_ISSUE_WORD = (
    r"(?:\b(?:no|nr|n|num|núm|issue|iss|n[uú]mero|sayı|số|вип(?:уск)?|вып(?:уск)?|(?:ال)?عدد|شماره|期|号)\b[.:]?"
    r"|n[º°]\.?|№)"
)
_PAGES_WORD = r"(?:pp?|p[aá]gs?|s|с)\b\.?"
_PRINTED_ISSN = re.compile(r" ?[,(] ?e?-?issn:? ?\d{4}-\d{3}[\dx]\)?", re.IGNORECASE)
_VOLUME = re.compile(rf"{_VOLUME_WORD}\s*(\d{{1,4}}[A-Za-z]?)|(\d{{1,4}})[卷巻권]", re.IGNORECASE)
_ISSUE = re.compile(rf"{_ISSUE_WORD}\s*(\d{{1,4}}(?:[-/]\d{{1,4}})?)|(\d{{1,4}})[期号號호]", re.IGNORECASE)
"""Before the number, or behind it."""
_APART = re.compile(rf"^(?:{_VOLUME_WORD}|{_ISSUE_WORD})\s*\d", re.IGNORECASE)
_LAST_PAGES = re.compile(r"(?:^|\s)(\d{1,6}\s*[-–]\s*\d{1,6})$")
_FROM_YEAR = re.compile(r"(?:19|20)\d\d\s*[-–]")
"""A year and its month, or years: pages that nothing calls so are none if they begin like this."""
_UP_TO_YEAR = re.compile(r"(?:19|20)\d\d(?: ?年| ?г)?$")
_STATED = re.compile(r"(journal|volume|issue|firstpage|lastpage):\s*(\S.{0,250})", re.IGNORECASE)
_IN_SWEDEN = re.compile(
    r"(?P<title>.{3,160}?)(?:, \d{4}-\d{3}[\dXx]){1,2}, (?:19|20)\d\d, "
    r"(?P<volume>\d{1,4})(?::(?P<issue>[\w/-]{1,12}))?(?:, s\. (?P<pages>[\w-]{1,20}))?"
)
_PAGES = re.compile(
    rf"^(?:{_PAGES_WORD}\s*)?([A-Za-z]?\d{{1,6}}\s*[-–]\s*[A-Za-z]?\d{{1,6}}|e-?\d{{3,8}})$", re.IGNORECASE
)
_CITATION = re.compile(
    r"^(?P<title>[^\d;()]{3,160}?)(?: ?[,.;]? | ?[,，](?=(?:19|20)\d\d\s*[,，]))"
    r"(?:(?:19|20)\d\d\s*[,;，]\s*)?"
    rf"(?:{_VOLUME_WORD}\s*)?(?P<volume>\d{{1,4}}(?:[-/]\d{{1,4}})?)\s*"
    rf"(?:\((?P<issue>[\w/.-]{{1,12}})\)\s*[.,:]?|[,:]?\s*{_ISSUE_WORD}\s*(?P<number>[\w/.-]{{1,12}})\s*[,:]?|[,:])\s*"
    r"(?:(?:19|20)\d\d\s*,\s*)?"
    rf"(?:{_PAGES_WORD}\s*)?(?!(?:19|20)\d\d(?![-–\d]))(?P<pages>e\d{{7,8}}\b|[A-Za-z]?\d{{1,6}}(?:\s*[-–]\s*[A-Za-z]?\d{{1,6}})?(?![\d/-]))?",
    re.IGNORECASE,
)

_YEAR_FIRST = re.compile(r"[^;]*\b(?:19|20)\d\d ?; ?\d")
"""`Journal. 2019;5(2)`: here the semicolon parts the year from the volume."""
_LONGEST_TITLE = 250
_SHORTEST_PAPER = 12
"""Letters of a title that no journal's name happens to hold."""


def journal(
    sources: Iterable[str],
    given: Iterable[str],
    publishers: Iterable[str],
    relations: Iterable[str],
    papers: Iterable[str],
) -> Journal | None:
    """The journal, with volume, issue and pages where they can be told; None where no title can.

    `papers` are the titles of the paper: behind one of them a citation names the journal. Texts are tidy.
    """
    sources, given, relations = tuple(sources), tuple(given), tuple(relations)
    papers = tuple(_in_small(paper) for paper in papers if len(paper) >= _SHORTEST_PAPER)
    issn = unique(m[1].upper() for text in (*sources, *relations, *given) if (m := _ISSN.search(text)))
    publisher = next(iter(publishers), "")
    apart = _told_apart(sources, relations)
    told = (text for text in sources if not (_NO_JOURNAL.match(text) or _is_part(text)))
    found = [one for text in told if (one := _from_source(text, papers))]
    found = found or [one for text in given if (one := _from_citation(text, papers))]
    found = found or [one for text in relations if (one := _from_relation(text))]
    if not found and "journal" in apart:
        found = [Journal(apart["journal"])]
    if found:
        fullest = max(found, key=lambda one: sum(map(bool, (one.volume, one.issue, one.pages))))
        return replace(
            fullest,
            issn=issn or fullest.issn,
            publisher=publisher,
            volume=fullest.volume or apart.get("volume", ""),
            issue=fullest.issue or apart.get("issue", ""),
            pages=fullest.pages or apart.get("pages", ""),
        )
    return Journal(publisher, issn=issn) if publisher and issn else None


def _is_part(text: str) -> bool:
    """Whether all that a source says is an ISSN, a volume, an issue or pages."""
    return any(pattern.match(text) for pattern in (_APART, _PAGES)) or _ISSN.fullmatch(text) is not None


def _told_apart(sources: tuple[str, ...], relations: tuple[str, ...]) -> dict[str, str]:
    """Volume, issue, pages and journal, of those that have an element of their own."""
    found: dict[str, str] = {}
    for text in filter(_is_part, sources):
        for name, pattern in (("volume", _VOLUME), ("issue", _ISSUE)):
            if match := pattern.search(text):
                found.setdefault(name, match[1] or match[2])
        if _ISSN.fullmatch(text) or _FROM_YEAR.match(text):
            continue
        if match := _LAST_PAGES.search(text) or _PAGES.match(text):
            found.setdefault("pages", _span(match[1]))
    stated = {match[1].lower(): match[2] for text in relations if (match := _STATED.fullmatch(text))}
    if "firstpage" in stated:
        ends = unique(stated[name] for name in ("firstpage", "lastpage") if name in stated)
        stated["pages"] = "-".join(ends)
    return stated | found


def _from_relation(text: str) -> Journal | None:
    """`Journal, 1234-5678, 2024, 12:3, s. 101-110`, as DiVA writes it."""
    match = _IN_SWEDEN.fullmatch(text)
    if match is None:
        return None
    issn = unique(one.upper() for one in re.findall(r", (\d{4}-\d{3}[\dXx])(?=,)", text))
    title, volume = match["title"], match["volume"]
    return Journal(title, issn=issn, volume=volume, issue=match["issue"] or "", pages=match["pages"] or "")


def _from_source(text: str, papers: tuple[str, ...]) -> Journal | None:
    """`Journal; Vol. 3 No. 2 (2020): Issue; 15-20`, as OJS writes it, or `Journal, 3(2), 15-20`."""
    if behind := _behind(text, papers):
        return _cited(behind)
    if (";" not in text or _YEAR_FIRST.match(text)) and (found := _cited(text)):
        return found
    title, *rest = (part.strip() for part in text.split(";"))
    if not rest and (begin := _place_behind(title)):
        title, rest = _UP_TO_YEAR.sub("", title[:begin].rstrip("第 ,.-(")).strip(" ,.-("), [title[begin:]]
    if not title or len(title) > _LONGEST_TITLE or not re.search(r"[^\W\d_]{2}", title):
        return None
    where = " ".join(rest)
    volume, issue = (
        (match[1] or match[2]) if (match := number.search(where)) else "" for number in (_VOLUME, _ISSUE)
    )
    return Journal(title, volume=volume, issue=issue, pages=next(_pages(rest), ""))


def _place_behind(text: str) -> int:
    """Where volume and issue begin behind a title, in whatever order; 0 where not both do."""
    places = [match.start() for pattern in (_VOLUME, _ISSUE) if (match := pattern.search(text))]
    return min(places) if len(places) == 2 else 0


def _from_citation(text: str, papers: tuple[str, ...]) -> Journal | None:
    """`Authors. Title. Journal 3(2): 15-20`; none where what stands before the volume may be no name."""
    if behind := _behind(text, papers):
        return _cited(behind)
    found = None if text.lower().startswith(("http", "doi", "info")) else _cited(text)
    if found is None:
        return None
    last = found.title.split(". ")[-1]
    return replace(found, title=last) if last == found.title or " " in last else None


def _behind(text: str, papers: tuple[str, ...]) -> str:
    """What a citation of authors and title has behind these; "" where none stands before it.

    A title that follows words, as `Biology` in `Seminars in Biology`, is part of a name.
    """
    small = _in_small(text)
    for paper in papers:
        before, found, _ = small.partition(paper)
        if found and before and not before.rstrip()[-1:].isalnum():
            return text[len(before) + len(found) :].strip(" .,;:'\"’”?!")
    return ""


def _in_small(text: str) -> str:
    """`text` in small letters, each where it stood: only that of İ is two."""
    return text.replace("İ", "I").lower()


def _cited(text: str) -> Journal | None:
    match = _CITATION.match(_PRINTED_ISSN.sub("", text))
    if match is None:
        return None
    issue = match["issue"] or match["number"] or ""
    return Journal(
        match["title"].strip(" .,"), volume=match["volume"], issue=issue, pages=_span(match["pages"] or "")
    )


def _pages(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if match := _PAGES.match(part):
            yield _span(match[1])


def _span(pages: str) -> str:
    return re.sub(r"\s*[-–]\s*", "-", pages)
