"""Listings as the public will see them, shown to those who have a part in them before anybody else."""

from flask import Response

from domain.errors import InvalidDate, NotFound
from domain.listing import Edition, Opportunity, Resource, Series
from domain.listing_ports import Listed, Listings
from web.listings.editions import view_edition
from web.listings.offer_routes import told_opportunity, told_resource
from web.listings.opportunities import view_opportunity
from web.listings.resources import view_resource
from web.params import Params
from web.private import private
from web.site import Site


def show_preview(site: Site, listings: Listings, listed: Listed, params: Params) -> Response:
    """The page that a listing will have. Raises `NotFound` where it has none, or a day does not exist."""
    latest = listed.latest
    try:
        if isinstance(latest, Edition):
            return _edition(site, listings, listed, latest)
        if isinstance(latest, Opportunity):
            view = view_opportunity(listed, latest, params, site.clock())
            return private("opportunity.html", preview=listed.id, **told_opportunity(site, view))
        if isinstance(latest, Resource):
            shown = told_resource(site, view_resource(site, listed, latest))
            return private("resource.html", preview=listed.id, **shown)
    except InvalidDate as error:
        raise NotFound("preview", listed.id) from error
    raise NotFound("preview", listed.id)


def _edition(site: Site, listings: Listings, listed: Listed, edition: Edition) -> Response:
    series = listings.listed(edition.series).latest
    if not isinstance(series, Series):
        raise NotFound("series", edition.series)
    view = view_edition(site, series, edition, listed.changed_at)
    return private("edition.html", view=view, address=site.absolute(view.item.path), preview=listed.id)
