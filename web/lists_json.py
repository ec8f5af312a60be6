"""The lists of the site as JSON: the same parameters, the same entries."""

from collections.abc import Mapping
from typing import Any

from domain.query import UNKNOWN
from web.digests.pages import DigestList
from web.search.counting import Filters
from web.search.page import Result, SearchView
from web.site import Site

LONGEST_LINK = 2_000
"""Servers between us and the reader refuse longer headers; the body has the same addresses."""


def search_to_json(view: SearchView, site: Site) -> dict[str, Any]:
    """The answer as plain values; `next` goes on to the very end."""
    return {
        "query": view.query.text,
        "filters": {field: list(values) for field, values in view.query.filters.items()},
        "year_from": view.query.year_from,
        "year_to": view.query.year_to,
        "sort": str(view.query.sort),
        "meaning": view.reading.meaning == "on",
        "literal": sorted(view.query.literal),
        "notes": list(view.notes),
        "understood": view.reading.words,
        "synonyms": [
            {
                "key": group.key,
                "label": group.label,
                "written": group.written,
                "wordings": list(group.wordings),
                "source": group.source,
                "on": group.on,
            }
            for group in view.reading.groups
        ],
        "suggestion": view.suggestion[0] if view.suggestion else None,
        "period": _period(view, site),
        "total": view.total,
        "related": view.related,
        "page": view.page,
        "pages": view.pages,
        "next": site.absolute(f"/search.json?{view.onwards}") if view.onwards else None,
        "results": [_result(result, site) for result in view.results],
    }


def _period(view: SearchView, site: Site) -> dict[str, str] | None:
    """The years that a query names in words, and the search for papers of these alone; None without."""
    if view.period is None:
        return None
    words, address = view.period
    return {"words": words, "address": site.absolute(f"/search.json?{address}")}


def facets_to_json(filters: Filters) -> dict[str, Any] | None:
    """The counts of the filters; None where they could not be counted."""
    if not filters.counted:
        return None
    return {
        "year": [
            {"value": y.year if y.address else UNKNOWN, "label": y.year, "count": y.count}
            for y in filters.years
        ]
    } | {
        facet.field: [
            {"value": c.value, "label": c.label, "count": c.count} for c in (*facet.shown, *facet.more)
        ]
        for facet in filters.facets
    }


def link_header(view: SearchView, site: Site) -> str:
    """The `Link` header (RFC 8288) to the pages around this one, and to its first."""
    found: Mapping[str, str | None] = {
        "first": view.address,
        "prev": view.previous,
        "next": view.onwards,
    }
    links = [
        f'<{site.absolute(f"/search.json?{query}")}>; rel="{name}"'
        for name, query in found.items()
        if query is not None
    ]
    text = ", ".join(links)
    return text if len(text) <= LONGEST_LINK else ""


def _result(result: Result, site: Site) -> dict[str, Any]:
    paper, version = result.paper, result.paper.primary
    return {
        "id": paper.id,
        "url": site.absolute(f"/papers/{paper.id}"),
        "title": paper.title,
        "language": version.language,
        "authors": [author.name for author in version.authors[:10]],
        "author_count": len(version.authors),
        "journal": version.journal.title if version.journal else None,
        "published": version.published,
        "identifiers": list(version.identifiers.keys()),
        "countries": list(paper.countries),
        "cancer_types": list(paper.cancer_types),
        "licence": version.licence.code if version.licence else None,
        "open_access": paper.open_access,
        "notices": [str(notice.kind) for notice in paper.notices],
        "digests": [str(audience) for audience in result.audiences],
        "by_meaning": result.by_meaning,
        "snippet": result.snippet.text if result.snippet else None,
    }


def digests_to_json(view: DigestList, site: Site) -> dict[str, Any]:
    """One page of the list of digests as plain values."""
    return {
        "audience": str(view.audience),
        "total": view.total,
        "page": view.page,
        "pages": view.pages,
        "results": [
            {
                "paper": entry.paper.id,
                "url": site.absolute(f"/papers/{entry.paper.id}/digest/{view.audience}"),
                "title": entry.paper.title,
                "summary": entry.digest.summary,
                "engine": entry.digest.engine,
                "created_at": entry.digest.created_at,
                "licence": entry.digest.licence,
                "study_type": entry.paper.primary.study_type,
                "notices": [str(notice.kind) for notice in entry.paper.notices],
                "reviewer": entry.digest.reviewer or None,
                "reviewed_at": entry.digest.reviewed_at or None,
                "changes": site.absolute(f"/papers/{entry.paper.id}/digest/{view.audience}/changes"),
            }
            for entry in view.entries
        ],
    }
