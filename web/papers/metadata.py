"""What machines read on a paper's page: Highwire tags and schema.org, and the paper as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

import msgspec

from domain.paper import NoticeKind, Paper, unique
from domain.statements import IndustryRole
from web.labels import licence_url
from web.papers.facts import to_facts
from web.papers.links import identifier_links, orcid_url
from web.papers.notices import Standing, standings
from web.references.reference import Kind, Reference

AUTHORS_LISTED = 50
_AUTHORS_APART = 10
"""So many authors have a tag each, as Google Scholar asks; Zotero reads the others from one."""
OTHERS_LISTED = 4
"""Longer lists would outweigh the page; the JSON of the paper has all of them."""
_CONTAINERS = {
    Kind.ARTICLE: "citation_journal_title",
    Kind.PREPRINT: "citation_journal_title",
    Kind.PROCEEDINGS: "citation_conference_title",
    Kind.CHAPTER: "citation_book_title",
}
_STANDING = {NoticeKind.RETRACTED: "Retracted", NoticeKind.WITHDRAWN: "Withdrawn"}
_RESOLVERS = {"doi": "https://doi.org/", "pmid": "https://pubmed.ncbi.nlm.nih.gov/"}


def highwire(one: Reference, address: str) -> Iterator[tuple[str, str]]:
    """Name and content of the `citation_*` tags that reference managers and Google Scholar read."""
    yield "citation_title", one.title
    names = [name.in_commas.replace(";", " ") for name in one.names[:AUTHORS_LISTED]]
    yield from (("citation_author", name) for name in names[:_AUTHORS_APART])
    yield "citation_authors", "; ".join(names[_AUTHORS_APART:])
    yield "citation_publication_date", "/".join(f"{part:02}" for part in one.date)
    yield _CONTAINERS[one.kind], one.container
    yield from (("citation_issn", issn) for issn in one.issn)
    yield "citation_publisher", one.publisher
    yield "citation_volume", one.volume
    yield "citation_issue", one.issue
    yield "citation_firstpage", one.pages[0]
    yield "citation_lastpage", one.pages[1]
    yield "citation_doi", one.doi
    yield "citation_pmid", one.pmid
    yield "citation_language", one.language
    yield "citation_abstract_html_url", address


def json_ld(paper: Paper, address: str) -> dict[str, Any]:
    """The paper as a schema.org ScholarlyArticle; what is not known is left out."""
    version = paper.primary
    links = identifier_links(version.identifiers)
    facts = to_facts(paper)
    paid = [company.name for company in facts.companies if IndustryRole.FUNDED in company.roles]
    article = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": address,
        "url": address,
        "headline": version.title[:300],
        "name": version.title[:300],
        "datePublished": version.published,
        "inLanguage": None if version.language == "und" else version.language,
        "isAccessibleForFree": version.open_access,
        "license": (licence_url(version.licence) or None) if version.licence else None,
        "author": [
            {"@type": "Person", "name": author.name, "@id": orcid_url(author.orcid) or None}
            if author.family
            else {"@type": "Organization", "name": author.name}
            for author in version.authors[: 2 * OTHERS_LISTED]
        ],
        "isPartOf": {"@type": "Periodical", "name": version.journal.title, "issn": list(version.journal.issn)}
        if version.journal
        else None,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value} for name, value, _ in links
        ],
        "sameAs": [url for _, _, url in links if url],
        "creativeWorkStatus": next(
            (words for kind, words in _STANDING.items() if paper.has_notice(kind)), None
        ),
        "funder": _organisations([grant.funder for grant in facts.grants]),
        "sponsor": _organisations(paid),
        "citation": [url for key in version.cites[:OTHERS_LISTED] if (url := _cited(key))],
        "isBasedOn": [
            {"@type": "Dataset", "name": place.name, "url": place.url}
            for place in (*facts.places, *(place for one in facts.sharing for place in one.places))
            if place.url
        ][:OTHERS_LISTED],
    }
    return {key: _without_none(value) for key, value in article.items() if value not in (None, [], "")}


def to_json(paper: Paper, address: str) -> dict[str, Any]:
    """The whole paper, every version with its provenance, as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins(paper, enc_hook=dict)
    return {
        "url": address,
        **plain,
        "countries": list(paper.countries),
        "corresponding_countries": list(to_facts(paper).corresponding_countries),
        "open_access": paper.open_access,
        "notices": [_notice(one) for one in standings(paper)],
    }


def _notice(one: Standing) -> dict[str, Any]:
    """A retraction, withdrawal, concern or correction once, with who tells of it."""
    return {
        "kind": str(one.kind),
        "date": one.date,
        "sources": list(one.sources),
        "links": [{"scheme": name, "id": value, "url": url or None} for name, value, url in one.links],
        "words": list(one.words),
    }


def _organisations(names: Sequence[str]) -> list[dict[str, str]]:
    return [{"@type": "Organization", "name": name} for name in unique(names)[:OTHERS_LISTED]]


def _cited(key: str) -> str:
    """The address of what is cited; the scheme is ours, and the rest is quoted."""
    scheme, _, value = key.partition(":")
    return f"{_RESOLVERS[scheme]}{quote(value, safe='/:;()')}" if scheme in _RESOLVERS else ""


def _without_none(value: Any) -> Any:  # noqa: ANN401 - JSON is any value
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item not in (None, [])}
    return value
