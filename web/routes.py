"""Addresses and what each renders; nothing is decided here."""

from dataclasses import asdict

from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.errors import NotFound
from web import assets, digests, home, metadata, papers, searching
from web.figures import Figures
from web.lists_json import digests_to_json, search_to_json
from web.params import Params
from web.site import Site

_FOREVER = "public, max-age=31536000, immutable"


def add_routes(app: Flask, site: Site) -> None:
    """Every route of the site."""
    _add_pages(app, site, Figures(site))
    _add_papers(app, site)
    _add_machines(app, site)


def params() -> Params:
    """The parameters of the request being answered."""
    return request.args.to_dict(flat=False)


def _add_pages(app: Flask, site: Site, figures: Figures) -> None:
    @app.get("/")
    def home_page() -> str:
        return render_template("home.html", view=home.home(site, figures))

    @app.get("/search")
    def search_page() -> str:
        return render_template("search.html", view=searching.search(site, params()), sorts=searching.SORTS)

    @app.get("/digests")
    def digests_page() -> str:
        return render_template("digests.html", view=digests.listing(site, params()))

    @app.get("/about")
    def about_page() -> str:
        return render_template("about.html")

    @app.get("/status")
    def status_page() -> str:
        return render_template("status.html", view=home.status(site, figures))


def _add_papers(app: Flask, site: Site) -> None:
    @app.get("/papers/<paper_id>/digest/<audience>")
    def digest_page(paper_id: str, audience: str) -> AnyResponse | tuple[str, int]:
        own = papers.canonical_id(site, paper_id)
        if own != paper_id:
            return redirect(url_for("digest_page", paper_id=own, audience=audience), 301)
        view = digests.show(site, paper_id, audience)
        return render_template("digest.html", view=view), view.status

    @app.get("/papers/<path:key>")
    def paper_page(key: str) -> AnyResponse | str:
        stem, suffix = (key[:-5], ".json") if key.endswith(".json") else (key, "")
        paper_id = papers.canonical_id(site, stem)
        if paper_id != stem:
            return redirect(url_for("paper_page", key=paper_id + suffix), 301)
        view = papers.show(site, paper_id)
        address = site.absolute(url_for("paper_page", key=paper_id))
        if suffix:
            return jsonify(metadata.to_json(view.paper, address))
        return render_template(
            "paper.html",
            view=view,
            address=address,
            tags=metadata.highwire(view.version, address),
            json_ld=metadata.json_ld(view.paper, address),
        )


def _add_machines(app: Flask, site: Site) -> None:
    @app.get("/search.json")
    def search_json() -> Response:
        return jsonify(search_to_json(searching.search(site, params(), "json"), site))

    @app.get("/digests.json")
    def digests_json() -> Response:
        return jsonify(digests_to_json(digests.listing(site, params()), site))

    @app.get("/healthz")
    def healthz() -> tuple[Response, int]:
        state = home.health(site)
        response = jsonify(asdict(state))
        response.headers["Cache-Control"] = "no-store"
        return response, 200 if state.ok else 503

    @app.get("/robots.txt")
    def robots() -> Response:
        return Response("User-agent: *\nDisallow: /search\n", mimetype="text/plain")

    @app.get("/favicon.ico")
    @app.get("/icon.svg")
    def icon() -> Response:
        found = assets.icon()
        return Response(found.content, content_type=found.media_type)

    @app.get("/static/<name>")
    def static_file(name: str) -> Response:
        style = assets.style()
        if name != style.name:
            raise NotFound("file", name)
        response = Response(style.content, content_type=style.media_type)
        response.headers["Cache-Control"] = _FOREVER
        return response
