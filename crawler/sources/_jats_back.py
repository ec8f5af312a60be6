"""What a JATS article says about money, interests, data and its own standing."""

import re
from collections.abc import Iterator

from lxml import etree

from crawler.sources._jats_front import XLINK
from crawler.xml import element_text
from domain.identifiers import normalise_doi, normalise_pmid
from domain.paper import DataLink, Grant, Link, LinkKind, Notice, NoticeKind, unique

Element = etree._Element

_FORWARD = {
    "retraction-forward": NoticeKind.RETRACTED,
    "retracted-by": NoticeKind.RETRACTED,
    "correction-forward": NoticeKind.CORRECTED,
    "corrected-by": NoticeKind.CORRECTED,
    "partial-retraction-forward": NoticeKind.CORRECTED,
    "concern-forward": NoticeKind.CONCERN,
    "expression-of-concern-forward": NoticeKind.CONCERN,
    "object-of-concern-forward": NoticeKind.CONCERN,
    "withdrawal-forward": NoticeKind.WITHDRAWN,
}
"""Related articles that say something about this one. `retracted-article`, `corrected-article` and the like
stand in the notice and name the article it is about, so they mark nothing here."""
_LINKS = {
    "preprint": LinkKind.PREPRINT,
    "preprint-of": LinkKind.ARTICLE,
    "is-preprint-of": LinkKind.ARTICLE,
    "version-of-record": LinkKind.ARTICLE,
}
_INTERESTS = re.compile(
    r"(?:coi-statement|conflicts?|competing[- ]interests?|conflict[- ]of[- ]interests?)", re.I
)
_INTERESTS_TITLE = re.compile(
    r"(?:competing|conflicts? of|conflicting|disclosure of|declaration of(?: competing| conflicting)?)"
    r" interests?\b|financial disclosures?$|disclosures?$",
    re.IGNORECASE,
)
_DATA_SECTION = re.compile(r"data[- ]?(?:access|availability|sharing)", re.IGNORECASE)
_ACCESSIONS = (
    ("GEO", re.compile(r"\bGSE\d{2,8}\b")),
    ("ArrayExpress", re.compile(r"\bE-[A-Z]{4}-\d{1,6}\b")),
    ("EGA", re.compile(r"\bEGA[SD]\d{11}\b")),
    ("dbGaP", re.compile(r"\bphs\d{6}(?:\.v\d+\.p\d+)?\b")),
    ("SRA", re.compile(r"\b[SED]R[PA]\d{6,9}\b")),
    ("BioProject", re.compile(r"\bPRJ(?:NA|EB|DB)\d{2,9}\b")),
    ("PRIDE", re.compile(r"\bPXD\d{6}\b")),
)
_DATA_DOI = re.compile(r"\b10\.(?:5061|5281|6084|17632|7910|25387|6073|5517|6075)/[^\s,;)]+", re.IGNORECASE)
_DATA_HOSTS = {
    "10.5061": "Dryad",
    "10.5281": "Zenodo",
    "10.6084": "figshare",
    "10.17632": "Mendeley Data",
    "10.7910": "Dataverse",
}


def grants(meta: Element) -> tuple[Grant, ...]:
    """Awards of the funding groups, and contracts and sponsors of older articles."""
    found = [grant for award in meta.iterfind("funding-group/award-group") for grant in _award(award)]
    for sponsor in meta.iterchildren("contract-sponsor"):
        if name := element_text(sponsor):
            found.append(Grant(name))
    return unique(found)


def _award(award: Element) -> Iterator[Grant]:
    numbers = [text for one in award.iterchildren("award-id") if (text := element_text(one))] or [""]
    for source in award.iterchildren("funding-source"):
        institution = next(source.iter("institution"), None)
        if name := element_text(source if institution is None else institution):
            country = source.get("country", "")
            yield from (Grant(name, number, country) for number in numbers)


def notices(meta: Element, article_type: str) -> tuple[Notice, ...]:
    """Notices about this article; an article retracted in place has that as its type."""
    found = []
    for related in meta.iterchildren("related-article"):
        if kind := _FORWARD.get(related.get("related-article-type", "").lower()):
            found.append(Notice(kind, _key(related), element_text(related)))
    if article_type == "retracted-article" and all(n.kind is not NoticeKind.RETRACTED for n in found):
        found.append(Notice(NoticeKind.RETRACTED, text="article-type: retracted-article"))
    return unique(found)


def links(meta: Element) -> tuple[Link, ...]:
    """Preprint and published article, where the article names the other."""
    found = []
    for related in meta.iterchildren("related-article", "related-object"):
        form = related.get("related-article-type") or related.get("link-type") or ""
        key = _key(related)
        if key and (kind := _LINKS.get(form.lower())):
            found.append(Link(kind, key))
    for event in meta.iterfind("pub-history/event"):
        uri = event.find("self-uri")
        if event.get("event-type") == "preprint" or (
            uri is not None and uri.get("content-type") == "preprint"
        ):
            doi = normalise_doi(uri.get(XLINK, "")) if uri is not None else None
            found += [Link(LinkKind.PREPRINT, f"doi:{doi}")] if doi else []
    return unique(found)


def _key(related: Element) -> str | None:
    target = related.get(XLINK) or element_text(related)
    if related.get("ext-link-type") in {"pmid", "pubmed"} and (pmid := normalise_pmid(target)):
        return f"pmid:{pmid}"
    doi = normalise_doi(target)
    return f"doi:{doi}" if doi else None


def competing_interests(root: Element) -> str:
    """Statements of interests, each once, wherever the article puts them."""
    found = []
    for part in (root.find("front/article-meta"), root.find("back")):
        for element in () if part is None else part.iter("fn", "notes", "sec"):
            kind = element.get("fn-type") or element.get("notes-type") or element.get("sec-type") or ""
            heading = element_text(element.find("title"))
            if _INTERESTS.fullmatch(kind) or _INTERESTS_TITLE.match(heading):
                found.append(_paragraphs(element))
    return " ".join(unique(text for text in found if text))


def _paragraphs(element: Element) -> str:
    return " ".join(text for p in element.iter("p") if (text := element_text(p)))


def data_links(root: Element) -> tuple[DataLink, ...]:
    """Accessions and DOIs of data in the statement of data availability."""
    found: list[DataLink] = []
    for part in (root.find("front"), root.find("back"), root.find("body")):
        for element in () if part is None else part.iter("sec", "notes", "custom-meta"):
            if _DATA_SECTION.search(_section_name(element)):
                found += _data(element)
    return unique(found)


def _section_name(element: Element) -> str:
    kind = element.get("sec-type") or element.get("notes-type") or ""
    if element.tag == "custom-meta":
        return element.findtext("meta-name") or ""
    title = element.find("title")
    return kind if title is None else f"{kind} {title.text or ''}"


def _data(element: Element) -> Iterator[DataLink]:
    text = " ".join(element.itertext())
    for repository, pattern in _ACCESSIONS:
        for match in pattern.finditer(text):
            yield DataLink(repository, match[0])
    addresses = " ".join(link.get(XLINK, "") for link in element.iter("ext-link"))
    for match in _DATA_DOI.finditer(f"{text} {addresses}"):
        doi = match[0].rstrip(".").lower()
        yield DataLink(_DATA_HOSTS.get(doi.split("/")[0], "DOI"), doi, f"https://doi.org/{doi}")
