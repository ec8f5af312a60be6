"""Addresses of digests: reading one, its change log, and what readers send about it."""

from flask import Flask, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from config import load_table
from web.digests import changelog, feedback
from web.digests import pages as digests
from web.forms import Forms
from web.papers import page as papers
from web.private import client_of_request
from web.site import Site

_THANKS = {
    "clear": "Your answers were added to the total.",
    "suggestion": "A reviewer will read your suggestion beside the paper.",
}


def add_digests(app: Flask, site: Site, forms: Forms) -> None:
    """Routes below a paper's digest."""
    _add_reading(app, site, forms)
    _add_sending(app, site, forms)


def _add_reading(app: Flask, site: Site, forms: Forms) -> None:
    rules = load_table("review")

    @app.get("/papers/<paper_id>/digest/<audience>")
    def digest_page(paper_id: str, audience: str) -> AnyResponse | tuple[str, int]:
        paper = papers.paper_at(site, paper_id)
        if paper.id != paper_id:
            return redirect(url_for("digest_page", paper_id=paper.id, audience=audience), 301)
        view = digests.show(site, paper, audience)
        tokens = {
            what: forms.token(feedback.purpose(what, paper_id, audience)) for what in ("clear", "suggest")
        }
        page = render_template(
            "digest.html",
            view=view,
            tokens=tokens,
            thanks=_THANKS.get(request.args.get("thanks", ""), ""),
            notice=rules["notice"],
            questions=rules["questions"],
        )
        return page, view.status

    @app.get("/papers/<paper_id>/digest/<audience>/changes")
    def changes_page(paper_id: str, audience: str) -> AnyResponse | str:
        paper = papers.paper_at(site, paper_id)
        if paper.id != paper_id:
            return redirect(url_for("changes_page", paper_id=paper.id, audience=audience), 301)
        return render_template("digest_changes.html", view=changelog.show(site, paper, audience))


def _add_sending(app: Flask, site: Site, forms: Forms) -> None:
    def back(paper_id: str, audience: str, thanks: str) -> AnyResponse:
        address = url_for("digest_page", paper_id=paper_id, audience=audience, thanks=thanks)
        return redirect(f"{address}#thanks", 303)

    @app.post("/papers/<paper_id>/digest/<audience>/suggest")
    def suggest_form(paper_id: str, audience: str) -> AnyResponse:
        feedback.take_suggestion(site, forms, (paper_id, audience), request.form, client_of_request())
        return back(paper_id, audience, "suggestion")

    @app.post("/papers/<paper_id>/digest/<audience>/clear")
    def clear_form(paper_id: str, audience: str) -> AnyResponse:
        feedback.take_clarity(site, forms, (paper_id, audience), request.form, client_of_request())
        return back(paper_id, audience, "clear")
