"""Addresses and what each renders; nothing is decided here."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotFound
from domain.query import Query
from web import assets, home
from web.digests import pages as digests
from web.digests.desk import add_moderation
from web.digests.feed import of_digests
from web.digests.routes import add_digests
from web.figures import Figures
from web.forms import Forms, is_near
from web.letters.consent_routes import add_consent
from web.letters.counter import to_counter
from web.letters.letter_routes import add_letters, add_lists
from web.letters.preference_routes import add_preferences
from web.letters.subscribe_routes import add_subscribing
from web.listings.conference_routes import add_conferences
from web.listings.offer_routes import add_offers
from web.lists_json import digests_to_json, facets_to_json, link_header, search_to_json
from web.metrics import MEDIA_TYPE, render_metrics
from web.moderate.routes import add_listing_desk, add_reports, to_desk
from web.organize.list_editing import add_list_editing
from web.organize.organizing import Organizing
from web.organize.routes import add_organizing
from web.papers import metadata
from web.papers import page as papers
from web.params import Params, first, query_string, to_asked
from web.people.routes import add_accounts
from web.people.signing_in import to_visitors
from web.private import client_of_request
from web.references import files as references
from web.search import feed, guide, table
from web.search import page as searching
from web.search.counting import Filters, to_filters
from web.site import Site
from web.streaming import Patience, streamed

_FOREVER = "public, max-age=31536000, immutable"


def add_routes(app: Flask, site: Site, forms: Forms) -> None:
    """Every route of the site."""
    patience, figures = Patience(), Figures(site)
    _add_pages(app, site, figures)
    filters = _counted(site, patience)
    _add_search(app, site, figures, filters)
    _add_search_files(app, site, figures, filters)
    add_digests(app, site, forms)
    add_offers(app, site)
    if site.listings:
        add_reports(app, site.listings, forms)
        add_conferences(app, site)
    _add_papers(app, site, patience)
    add_moderation(app, site, forms)
    if site.accounts and site.mailer and site.listings:
        own = Organizing(site.listings, site.accounts, site.mailer, site.name, forms.secret)
        visitors = to_visitors(site, forms, site.accounts, site.mailer)
        add_accounts(app, visitors, forms)
        add_organizing(app, visitors, own)
        if site.subscribers:
            add_list_editing(app, visitors, site.accounts, site.subscribers)
        if desk := to_desk(site):
            add_listing_desk(app, desk, visitors, digests=bool(site.review_key))
    add_letters(app, site)
    if counter := to_counter(site, forms):
        add_subscribing(app, counter)
        add_consent(app, counter)
        add_preferences(app, counter)
        add_lists(app, site, counter.subscribers)
    _add_machines(app, site, figures)


def params() -> Params:
    """The parameters of the request being answered."""
    return request.args.to_dict(flat=False)


def _add_pages(app: Flask, site: Site, figures: Figures) -> None:
    @app.get("/")
    def home_page() -> str:
        return render_template("home.html", view=home.home(site, figures))

    @app.get("/digests")
    def digests_page() -> str:
        return render_template("digests.html", view=digests.listing(site, params()))

    @app.get("/digests.json")
    def digests_json() -> Response:
        return jsonify(digests_to_json(digests.listing(site, params()), site))

    @app.get("/digests.<any(atom,csv):form>")
    def digests_file(form: str) -> Response:
        return of_digests(site, params(), form)

    @app.get("/about")
    def about_page() -> str:
        return render_template("about.html")

    @app.get("/status")
    def status_page() -> str:
        return render_template("status.html", view=home.status(site, figures))


def _counted(site: Site, patience: Patience) -> Callable[[Query], Filters]:
    def filters(query: Query) -> Filters:
        return to_filters(query, patience.ask(lambda: site.index.facets(query)))

    return filters


def _add_search(app: Flask, site: Site, figures: Figures, filters: Callable[[Query], Filters]) -> None:
    @app.get("/search")
    def search_page() -> AnyResponse:
        view = searching.search(site, params(), figures)
        if view.page > (last := max(view.pages, 1)):
            return redirect(f"{url_for('search_page')}?{query_string(view.query, last)}")

        def late() -> str:
            if not view.total and not view.chips:
                return ""
            return render_template("filters.html", filters=filters(view.query))

        return streamed("search.html", late, view=view, sorts=searching.SORTS)

    @app.get("/search/facets")
    def facets_page() -> tuple[str, int]:
        found = filters(to_asked(params()).query)
        return render_template("facets.html", filters=found), 200 if found.counted else 503

    @app.get("/search/help")
    def search_help_page() -> str:
        return render_template("help.html", text=guide.search_help(url_for("search_page")))


def _add_search_files(app: Flask, site: Site, figures: Figures, filters: Callable[[Query], Filters]) -> None:
    @app.get("/search.json")
    def search_json() -> Response:
        view = searching.search(site, params(), figures, "json")
        told = search_to_json(view, site)
        if first(params(), "facets") != "no":
            told["facets"] = facets_to_json(filters(view.query))
        response = jsonify(told)
        if told.get("facets", ()) is None:
            response.headers["Cache-Control"] = "no-store"  # the next one may be whole
        if links := link_header(view, site):
            response.headers["Link"] = links
        return response

    @app.get("/search.atom")
    def search_feed() -> Response:
        return feed.of_search(site, params(), figures)

    @app.get("/search.csv")
    def search_table() -> Response:
        return table.of_search(site, params(), figures)

    @app.get('/search.<any("csl.json",bib,ris):form>')
    def search_references(form: str) -> Response:
        return references.of_search(site, params(), figures, form)


def _add_papers(app: Flask, site: Site, patience: Patience) -> None:
    @app.get('/papers/<path:key>.<any("csl.json",bib,json,ris):form>')
    @app.get("/papers/<path:key>", defaults={"form": ""})
    def paper_page(key: str, form: str) -> AnyResponse:
        paper = papers.paper_at(site, key)
        if paper.id != key:
            return redirect(url_for("paper_page", key=paper.id, form=form), 301)
        if form in references.FORMATS:
            return references.of_paper(site, paper, form)
        address = site.absolute(url_for("paper_page", key=paper.id))
        if form == "json":
            return jsonify(metadata.to_json(paper, address))
        view = papers.show(site, paper)

        def late() -> str:
            alike = patience.ask(lambda: papers.similar(site, paper.id))
            citing = patience.ask(lambda: papers.cited_by(site, paper)) if alike is not None else None
            return render_template("similar.html", alike=alike, citing=citing)

        return streamed(
            "paper.html",
            late,
            view=view,
            address=address,
            tags=metadata.highwire(references.reference_of(paper, site), address),
            json_ld=metadata.json_ld(view.paper, address),
        )


def _add_machines(app: Flask, site: Site, figures: Figures) -> None:
    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        state = home.health(site, figures)
        response = jsonify(asdict(state))
        response.headers["Cache-Control"] = "no-store"
        return response, 200 if state.answers else 503

    @app.get("/metrics")
    def metrics_page() -> Response:
        if not is_near(client_of_request()):  # figures are for who runs the node
            raise NotFound("page", "metrics")
        response = Response(render_metrics(site, figures), content_type=MEDIA_TYPE)
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /search\nAllow: /search/help\n", mimetype="text/plain")

    @app.get("/favicon.ico")
    @app.get("/icon.svg")
    def icon() -> Response:
        found = assets.icon()
        return Response(found.content, content_type=found.media_type)

    @app.get("/static/<name>")
    def static_file(name: str) -> Response:
        style = next((s for s in assets.styles() if s.name == name), None)
        if style is None:
            raise NotFound("file", name)
        response = Response(style.content, content_type=style.media_type)
        response.headers["Cache-Control"] = _FOREVER
        return response
