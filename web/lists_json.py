"""The lists of the site as JSON: the same parameters, the same entries."""

from typing import Any

from domain.query import UNKNOWN
from web.digests import DigestList
from web.searching import SearchView
from web.site import Site


def search_to_json(view: SearchView, site: Site) -> dict[str, Any]:
    """The answer as plain values."""
    return {
        "query": view.query.text,
        "filters": {field: list(values) for field, values in view.query.filters.items()},
        "year_from": view.query.year_from,
        "year_to": view.query.year_to,
        "sort": str(view.query.sort),
        "notes": list(view.notes),
        "total": view.total,
        "page": view.page,
        "pages": view.pages,
        "next": site.absolute(f"/search.json?{view.next}") if view.next else None,
        "results": [
            {
                "id": result.paper.id,
                "url": site.absolute(f"/papers/{result.paper.id}"),
                "title": result.paper.title,
                "language": result.paper.primary.language,
                "authors": [author.name for author in result.paper.primary.authors[:10]],
                "author_count": len(result.paper.primary.authors),
                "journal": result.paper.primary.journal.title if result.paper.primary.journal else None,
                "published": result.paper.primary.published,
                "identifiers": list(result.paper.primary.identifiers.keys()),
                "countries": list(result.paper.countries),
                "cancer_types": list(result.paper.cancer_types),
                "licence": result.paper.primary.licence.code if result.paper.primary.licence else None,
                "open_access": result.paper.open_access,
                "notices": [str(notice.kind) for notice in result.paper.notices],
                "digests": [str(audience) for audience in result.audiences],
                "snippet": result.snippet.text if result.snippet else None,
            }
            for result in view.results
        ],
        "facets": {
            "year": [
                {"value": y.year if y.address else UNKNOWN, "label": y.year, "count": y.count}
                for y in view.years
            ]
        }
        | {
            facet.field: [
                {"value": c.value, "label": c.label, "count": c.count} for c in (*facet.shown, *facet.more)
            ]
            for facet in view.facets
        },
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
            }
            for entry in view.entries
        ],
    }
