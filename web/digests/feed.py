"""The list of digests for programs: as an Atom feed (RFC 4287) and as a table."""

from flask import Response

from conferences.atom import MEDIA_TYPE, Note, render_feed
from web.digests.pages import DigestList, Entry, listing
from web.labels import READERS
from web.listings.lists import MACHINES_MOST, address, plain_csv
from web.lists_json import digests_to_json
from web.params import Params
from web.site import Site

_NOTES = 50
COLUMNS = (
    *("paper", "title", "summary", "study_type", "licence", "engine", "created_at"),
    *("reviewer", "reviewed_at", "url", "changes"),
)
"""Named as in the JSON of the list."""


def of_digests(site: Site, params: Params, form: str) -> Response:
    """The newest digests for an audience as `form`: `atom` or `csv`. Raises `CatalogError`."""
    if form == "atom":
        content = _feed(site, listing(site, params, _NOTES))
        return Response(content, content_type=MEDIA_TYPE)
    rows = digests_to_json(listing(site, params, MACHINES_MOST), site)["results"]
    return plain_csv(COLUMNS, ([str(row[name] or "") for name in COLUMNS] for row in rows), "digests")


def _feed(site: Site, view: DigestList) -> bytes:
    asked = [("audience", str(view.audience))]
    onwards = address("/digests.atom", asked, page=view.page + 1) if view.page < view.pages else ""
    return render_feed(
        (_note(site, entry) for entry in view.entries),
        f"Digests for {READERS[view.audience].lower()} · {site.name}",
        site.absolute(address("/digests.atom", asked, page=view.page if view.page > 1 else None)),
        site.absolute(address("/digests", asked)),
        site.name,
        onwards and site.absolute(onwards),
    )


def _note(site: Site, entry: Entry) -> Note:
    cautions = tuple(tag.text for tag in entry.tags)
    return Note(
        f"digests:{entry.paper.id}/{entry.digest.audience}",
        f"{cautions[0]}: {entry.paper.title}" if cautions else entry.paper.title,
        site.absolute(f"/papers/{entry.paper.id}/digest/{entry.digest.audience}"),
        entry.digest.created_at,
        cautions,
        entry.digest.summary,
    )
