"""How a JATS article stands to others: notices about it, the article a notice is about, other versions.

`related-article-type` says what the *other* article is (JATS 1.3; JATS4R on corrections and retractions):
`retracted-article` stands in the notice and names what is retracted, `retraction-forward` in the retracted
article and names the notice. Replies, letters, reviews, companions and commentaries say nothing of standing.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree

from crawler.records.xml import element_text
from crawler.sources._jats_front import XLINK
from crawler.telling.notices import is_notice_title, marked, told_by_types
from domain.identifiers import Identifiers, normalise_doi, normalise_pmcid, normalise_pmid
from domain.paper import Link, LinkKind, Notice, NoticeKind, unique

Element = etree._Element

_ABOUT_THIS = {
    "retraction-forward": NoticeKind.RETRACTED,
    "retracted-by": NoticeKind.RETRACTED,
    "correction-forward": NoticeKind.CORRECTED,
    "corrected-by": NoticeKind.CORRECTED,
    "partial-retraction-forward": NoticeKind.CORRECTED,
    "concern-forward": NoticeKind.CONCERN,
    "expression-of-concern-forward": NoticeKind.CONCERN,
    "object-of-concern-forward": NoticeKind.CONCERN,
    "withdrawal-forward": NoticeKind.WITHDRAWN,
    "removal-forward": NoticeKind.WITHDRAWN,
}
"""What the other says of this one."""
_ABOUT_OTHER = {
    "retracted-article": NoticeKind.RETRACTED,
    "corrected-article": NoticeKind.CORRECTED,
    "partial-retraction": NoticeKind.CORRECTED,
    "partially-retracted-article": NoticeKind.CORRECTED,
    "object-of-concern": NoticeKind.CONCERN,
    "expression-of-concern": NoticeKind.CONCERN,
    "withdrawn-article": NoticeKind.WITHDRAWN,
    "removed-article": NoticeKind.WITHDRAWN,
}
"""What a notice says of the other."""
_OTHER_TYPES = frozenset({"", "other", "news", "announcement", "editorial", "letter"})
"""Types under which some publishers file a notice; then its title has to say so too."""
_FALLEN = {"retracted-article": NoticeKind.RETRACTED, "withdrawn-article": NoticeKind.WITHDRAWN}
"""Types of articles that fell in their own place."""
_LINKS = {
    "preprint": LinkKind.PREPRINT,
    "preprint-of": LinkKind.ARTICLE,
    "is-preprint-of": LinkKind.ARTICLE,
    "version-of-record": LinkKind.ARTICLE,
}


_SAYS = re.compile(r"\bThis (corrects|retracts) the article:? DOI:? ?(10\.\S+)", re.IGNORECASE)


class Told(NamedTuple):
    """What a notice says of another article."""

    target: Identifiers
    kind: NoticeKind
    partial: bool


def notices(meta: Element, article_type: str, title: str) -> tuple[Notice, ...]:
    """Notices about this article; one retracted in place says so by its type or in front of its title."""
    found = []
    if not is_notice(article_type, title):
        for related in meta.iterchildren("related-article"):
            if kind := _ABOUT_THIS.get(_relation(related)):
                found.append(Notice(kind, _key(related), element_text(related)))
    fallen = _FALLEN.get(article_type.lower())
    if fallen and fallen not in {notice.kind for notice in found}:
        found.append(Notice(fallen, text=f"article-type: {article_type.lower()}"))
    return unique((*found, *marked(title, found)))


def is_notice(article_type: str, title: str) -> bool:
    """Whether an article is itself a notice about another, and so no paper."""
    kind = article_type.lower()
    return told_by_types((kind,)) is not None or (kind in _OTHER_TYPES and is_notice_title(title))


def told(meta: Element, body: Element | None = None) -> tuple[Told, ...]:
    """What a notice says of the articles it names, each once; in its text where its metadata name none."""
    found: dict[tuple[str, NoticeKind], Told] = {}
    for related in meta.iterchildren("related-article", "related-object"):
        relation = _relation(related)
        kind, key = _ABOUT_OTHER.get(relation), _key(related)
        if kind and key:
            found.setdefault((key, kind), Told(_as_identifiers(key), kind, relation.startswith("partial")))
    return tuple(found.values()) or tuple(_said(body))


def _said(body: Element | None) -> Iterator[Told]:
    """What PubMed Central has a notice say at its beginning: "[This corrects the article DOI: …]"."""
    match = _SAYS.search("" if body is None else element_text(next(body.iter("p"), None)))
    if match and (doi := normalise_doi(match[2].rstrip(".,;)]"))):
        kind = NoticeKind.RETRACTED if match[1].lower() == "retracts" else NoticeKind.CORRECTED
        yield Told(Identifiers(doi=doi), kind, partial=False)


def links(meta: Element) -> tuple[Link, ...]:
    """Preprint and published article, where the article names the other."""
    found = []
    for related in meta.iterchildren("related-article", "related-object"):
        if (kind := _LINKS.get(_relation(related))) and (key := _key(related)):
            found.append(Link(kind, key))
    for event in meta.iterfind("pub-history/event"):
        found += _preprint_event(event)
    return unique(found)


def _preprint_event(event: Element) -> Iterator[Link]:
    uri = event.find("self-uri")
    if event.get("event-type") == "preprint" or (uri is not None and uri.get("content-type") == "preprint"):
        given = event.findtext("article-id[@pub-id-type='doi']") or (
            "" if uri is None else uri.get(XLINK, "")
        )
        if doi := normalise_doi(given or ""):
            yield Link(LinkKind.PREPRINT, f"doi:{doi}")


def _relation(related: Element) -> str:
    return (related.get("related-article-type") or related.get("link-type") or "").strip().lower()


def _key(related: Element) -> str | None:
    scheme = related.get("ext-link-type") or related.get("document-id-type")
    for target in (related.get(XLINK, ""), related.get("document-id", ""), element_text(related)):
        if doi := normalise_doi(target):
            return f"doi:{doi}"
        if scheme in {"pmid", "pubmed"} and (pmid := normalise_pmid(target)):
            return f"pmid:{pmid}"
        if scheme in {"pmcid", "pmc"}:
            pmcid = normalise_pmcid(target) or normalise_pmcid(f"PMC{target.strip()}")
            if pmcid:
                return f"pmcid:{pmcid}"
    return None


def _as_identifiers(key: str) -> Identifiers:
    scheme, _, value = key.partition(":")
    if scheme == "doi":
        return Identifiers(doi=value)
    return Identifiers(pmid=value) if scheme == "pmid" else Identifiers(pmcid=value)
