"""Addresses of opportunities and resources, and what each renders."""

from typing import Any

import msgspec
from flask import Flask, Response, make_response, render_template, request, url_for

from conferences.atom import MEDIA_TYPE as ATOM_TYPE
from conferences.atom import Note, render_feed
from conferences.calendar_out import ATTENDANCE
from conferences.jsonld_offers import opportunity_ld, resource_ld
from conferences.offers_out import (
    OPPORTUNITY_COLUMNS,
    RESOURCE_COLUMNS,
    Offer,
    offer_cells,
    offer_note,
    offers_calendar,
    resource_cells,
    resource_note,
)
from domain.errors import NotFound
from domain.listing import Moment
from domain.listing_ports import Listings
from web.labels import language_name
from web.listings import opportunities, resources
from web.listings.lists import MACHINES_MOST, address, fresh, plain_csv, plain_json
from web.listings.opportunities import Entry, OpportunityList, OpportunityView
from web.listings.resources import ResourceList, ResourceView
from web.listings.words import money
from web.params import Params
from web.site import Site

CALENDAR_TYPE = "text/calendar; charset=utf-8"
_FORMS = ("ics", "atom", "json", "csv")
_WORDS = {
    "KIND_WORDS": opportunities.KINDS,
    "RESOURCE_WORDS": resources.KINDS,
    "ACCESS_WORDS": resources.ACCESS,
    "address": address,
    "fact_words": opportunities.fact_words,
    "money": money,
    "NOT_STATED_SHOWN": opportunities.NOT_STATED_SHOWN,
    "language_name": language_name,
}
"""What the templates call things by."""


def add_offers(app: Flask, site: Site) -> None:
    """The pages of opportunities and resources, where the site has listings."""
    if site.listings is None:
        return
    _add_opportunities(app, site, site.listings)
    _add_resources(app, site, site.listings)


def asked() -> Params:
    """The parameters of the request being answered."""
    return request.args.to_dict(flat=False)


def _add_opportunities(app: Flask, site: Site, listings: Listings) -> None:
    @app.get("/opportunities")
    def opportunities_page() -> Response:
        now = site.clock()
        view = opportunities.show_list(listings, asked(), now)
        forms = _forms("opportunities", _FORMS, view.asked.pairs)
        page = make_response(render_template("opportunities.html", view=view, forms=forms, **_WORDS))
        return fresh(page, _closings(view), now)

    @app.get("/opportunities.<form>")
    def opportunities_list(form: str) -> Response:
        now = site.clock()
        view = opportunities.show_list(listings, asked(), now, MACHINES_MOST)
        return fresh(_told_opportunities(site, view, form), _closings(view), now)

    @app.get("/opportunities/<listing_id>")
    def opportunity_page(listing_id: str) -> Response:
        now = site.clock()
        view = opportunities.show(listings, listing_id, asked(), now)
        one, told = view.entry.listing, render_template("opportunity.html", **told_opportunity(site, view))
        return fresh(make_response(told, 200 if view.open else 410), [one.closes or one.runs_until], now)


def _add_resources(app: Flask, site: Site, listings: Listings) -> None:
    @app.get("/resources")
    def resources_page() -> str:
        view = resources.show_list(listings, asked())
        forms = _forms("resources", _FORMS[1:], view.pairs)
        return render_template("resources.html", view=view, forms=forms, **_WORDS)

    @app.get("/resources.<form>")
    def resources_list(form: str) -> Response:
        view = resources.show_list(listings, asked(), MACHINES_MOST)
        return _told_resources(site, view, form)

    @app.get("/resources/<listing_id>")
    def resource_page(listing_id: str) -> str:
        view = resources.show(site, listings, listing_id)
        return render_template("resource.html", **told_resource(site, view))


def told_opportunity(site: Site, view: OpportunityView) -> dict[str, Any]:
    """What the page of one is given."""
    one = view.entry.listing
    page = site.absolute(url_for("opportunity_page", listing_id=one.id))
    return {
        "view": view,
        "page": page,
        "json_ld": opportunity_ld(one, page),
        "kind": opportunities.KINDS[one.kind],
        "attendance": ATTENDANCE[one.attendance],
        "when": opportunities.when_words(one),
        "who": opportunities.who(view.asked.reader),
        **_WORDS,
    }


def told_resource(site: Site, view: ResourceView) -> dict[str, Any]:
    """What the page of one is given."""
    page = _resource_url(site, view.entry.listing.id)
    return {"view": view, "page": page, "json_ld": resource_ld(view.entry.listing, page), **_WORDS}


def _told_opportunities(site: Site, view: OpportunityList, form: str) -> Response:
    offers = [_offer(site, entry) for entry in view.entries]
    source = site.absolute(address(f"/opportunities.{form}", view.asked.pairs))
    title = f"Opportunities for {view.who}" if view.asked.for_me else "Opportunities in cancer research"
    if form == "ics":
        return Response(offers_calendar(offers, title, source), content_type=CALENDAR_TYPE)
    if form == "atom":
        page = site.absolute(address("/opportunities", view.asked.pairs))
        feed = render_feed(map(offer_note, offers), title, source, page, site.name)
        return Response(feed, content_type=ATOM_TYPE)
    if form == "csv":
        return plain_csv(OPPORTUNITY_COLUMNS, map(offer_cells, offers), "opportunities")
    _only_json(form)
    return plain_json(
        {
            "total": view.total,
            "results": [_to_json(site, entry) for entry in view.entries],
            "not_stated": [_to_json(site, entry) for entry in view.not_stated],
        }
    )


def _told_resources(site: Site, view: ResourceList, form: str) -> Response:
    rows = [(entry.listing, _resource_url(site, entry.listing.id), entry) for entry in view.entries]
    if form == "atom":
        notes = _resource_notes(site, view)
        source, page = (address(f"/resources{end}", view.pairs) for end in (".atom", ""))
        feed = render_feed(
            notes, "Resources for cancer research", site.absolute(source), site.absolute(page), site.name
        )
        return Response(feed, content_type=ATOM_TYPE)
    if form == "csv":
        cells = (resource_cells(one, url, entry.changed_at) for one, url, entry in rows)
        return plain_csv(RESOURCE_COLUMNS, cells, "resources")
    _only_json(form)
    told = [{"url_here": url, "changed_at": e.changed_at, **_plain(one)} for one, url, e in rows]
    return plain_json({"total": view.total, "results": told})


def _resource_notes(site: Site, view: ResourceList) -> list[Note]:
    return [
        resource_note(
            entry.listing,
            _resource_url(site, entry.listing.id),
            entry.changed_at,
            resources.KINDS[entry.listing.kind],
        )
        for entry in view.entries
    ]


def _only_json(form: str) -> None:
    if form != "json":
        raise NotFound("form of this list", form)


def _forms(name: str, forms: tuple[str, ...], pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """The same list for machines: what it is called, and its address."""
    words = {"ics": "Calendar", "atom": "Feed", "json": "JSON", "csv": "Table (CSV)"}
    return [(words[form], address(f"/{name}.{form}", pairs)) for form in forms]


def _closings(view: OpportunityList) -> list[Moment | None]:
    return [entry.listing.closes or entry.listing.runs_until for entry in (*view.entries, *view.not_stated)]


def _offer(site: Site, entry: Entry) -> Offer:
    one = entry.listing
    url = site.absolute(url_for("opportunity_page", listing_id=one.id))
    return Offer(one, url, entry.changed_at, opportunities.KINDS[one.kind])


def _resource_url(site: Site, listing_id: str) -> str:
    return site.absolute(url_for("resource_page", listing_id=listing_id))


def _to_json(site: Site, entry: Entry) -> dict[str, Any]:
    offer = _offer(site, entry)
    told = {"url_here": offer.url, "changed_at": offer.changed_at, **_plain(offer.listing)}
    if entry.listing.closes:
        told["closes_utc"] = f"{entry.listing.closes.ends():%Y-%m-%dT%H:%M:%SZ}"
    if entry.fit:
        told["fit"] = _plain(entry.fit)
    return told


def _plain(value: object) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(value)
    return plain
