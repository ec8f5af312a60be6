"""The list of digests for programs: as an Atom feed (RFC 4287) and as a table."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Response

from conferences.atom import MEDIA_TYPE, Note, render_feed
from web.digests.pages import DigestList, Entry, listing
from web.labels import READERS
from web.letters.wish_news import paper_note
from web.listings.lists import MACHINES_MOST, address, plain_csv
from web.lists_json import digests_to_json
from web.params import Params
from web.site import Site

_NOTES = 50
COLUMNS = (
    *("paper", "title", "summary", "study_type", "notices", "licence", "engine", "created_at"),
    *("reviewer", "reviewed_at", "url", "changes"),
)
"""Named as in the JSON of the list; several values of one cell stand between semicolons."""


def of_digests(site: Site, params: Params, form: str) -> Response:
    """The newest digests for an audience as `form`: `atom` or `csv`. Raises `CatalogError`."""
    if form == "atom":
        content = _feed(site, listing(site, params, _NOTES))
        return Response(content, content_type=MEDIA_TYPE)
    rows = digests_to_json(listing(site, params, MACHINES_MOST), site)["results"]
    return plain_csv(COLUMNS, ([_cell(row[name]) for name in COLUMNS] for row in rows), "digests")


def _cell(value: str | Sequence[str] | None) -> str:
    return value if isinstance(value, str) else "; ".join(dict.fromkeys(value or ()))


def _feed(site: Site, view: DigestList) -> bytes:
    asked = [("audience", str(view.audience))]
    onwards = address("/digests.atom", asked, page=view.page + 1) if view.page < view.pages else ""
    return render_feed(
        (to_note(site, entry) for entry in view.entries),
        f"Digests for {READERS[view.audience].lower()} · {site.name}",
        site.absolute(address("/digests.atom", asked)),
        site.absolute(address("/digests", asked)),
        site.name,
        onwards and site.absolute(onwards),
    )


def to_note(site: Site, entry: Entry) -> Note:
    """A digest as an entry, with the cautions of its paper; a correction or a notice makes it news again."""
    paper, digest = paper_note(site, entry.paper), entry.digest
    return replace(
        paper,
        id=f"digests:{digest.paper_id}/{digest.audience}",
        url=site.absolute(f"/papers/{digest.paper_id}/digest/{digest.audience}"),
        updated=max(paper.updated, digest.created_at, digest.reviewed_at),
        summary=digest.summary,
    )
