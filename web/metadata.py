"""What machines read on a paper's page: Highwire tags and schema.org, and the paper as JSON."""

from collections.abc import Iterator
from typing import Any

import msgspec

from domain.paper import Paper, Version
from web.labels import licence_url
from web.links import identifier_links, orcid_url

AUTHORS_LISTED = 25
"""Longer bylines would outweigh the page; the JSON of the paper has them all."""


def highwire(version: Version, address: str) -> Iterator[tuple[str, str]]:
    """Name and content of the `citation_*` tags that reference managers and Google Scholar read."""
    yield "citation_title", version.title
    for author in version.authors[:AUTHORS_LISTED]:
        yield "citation_author", f"{author.family}, {author.given}" if author.family else author.name
    if version.published:
        yield "citation_publication_date", version.published.replace("-", "/")
    if journal := version.journal:
        first_page, _, last_page = journal.pages.partition("-")
        yield "citation_journal_title", journal.title
        yield from (("citation_issn", issn) for issn in journal.issn)
        yield "citation_publisher", journal.publisher
        yield "citation_volume", journal.volume
        yield "citation_issue", journal.issue
        yield "citation_firstpage", first_page
        yield "citation_lastpage", last_page
    yield "citation_doi", version.identifiers.doi or ""
    yield "citation_pmid", version.identifiers.pmid or ""
    yield "citation_language", "" if version.language == "und" else version.language
    yield "citation_abstract_html_url", address


def json_ld(paper: Paper, address: str) -> dict[str, Any]:
    """The paper as a schema.org ScholarlyArticle; what is not known is left out."""
    version = paper.primary
    links = identifier_links(version.identifiers)
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
            for author in version.authors[:AUTHORS_LISTED]
        ],
        "isPartOf": {"@type": "Periodical", "name": version.journal.title, "issn": list(version.journal.issn)}
        if version.journal
        else None,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value} for name, value, _ in links
        ],
        "sameAs": [url for _, _, url in links if url],
    }
    return {key: _without_none(value) for key, value in article.items() if value not in (None, [], "")}


def to_json(paper: Paper, address: str) -> dict[str, Any]:
    """The whole paper, every version with its provenance, as plain values."""
    plain: dict[str, Any] = msgspec.to_builtins(paper, enc_hook=dict)
    return {"url": address, **plain, "countries": list(paper.countries), "open_access": paper.open_access}


def _without_none(value: Any) -> Any:  # noqa: ANN401 - JSON is any value
    if isinstance(value, list):
        return [_without_none(item) for item in value]
    if isinstance(value, dict):
        return {key: item for key, item in value.items() if item not in (None, [])}
    return value
