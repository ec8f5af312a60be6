"""Addresses of the listings' desk and of readers' reports; nothing is decided here."""

from flask import Flask, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from config import load_table
from domain.account import Permission
from domain.listing_ports import Listings
from web.forms import FormRefused, Forms
from web.moderate import bulk, reporting
from web.moderate.decisions import NO_ANSWER, WORDS, Decision, to_answer, to_decision
from web.moderate.desk import PAGE_SIZE, Desk
from web.params import to_page
from web.people.signing_in import Visitor, Visitors
from web.private import client_of_request, private
from web.site import Site

_ROOT = "/moderate"
_PARTS = {"approve": "approve", "changes": "no", "decline": "no", "withdraw": "withdraw"}
"""Decision → the form on the page of a listing that it stands in."""
_DONE = {
    "told": "Done. The owners were told.",
    "untold": "Done. No letter to the owners got out; they see the answer when they sign in.",
}


def to_desk(site: Site) -> Desk | None:
    """The desk of a site that has listings and accounts."""
    if not site.listings or not site.accounts:
        return None
    return Desk(site.listings, site.accounts, site.mailer, site.name, site.absolute("/organize"), site.clock)


def add_listing_desk(app: Flask, desk: Desk, visitors: Visitors, *, digests: bool) -> None:
    """Routes of the desk, for those who may moderate; others find nothing there."""
    _add_reading(app, desk, visitors, digests=digests)
    _add_deciding(app, desk, visitors, digests=digests)


def add_reports(app: Flask, listings: Listings, forms: Forms) -> None:
    """What is asked of listings, and the form by which readers report one."""
    app.jinja_env.globals["report_token"] = lambda listing_id: forms.token(reporting.purpose(listing_id))
    app.jinja_env.globals["report_reasons"] = reporting.reasons

    @app.get("/listings/rules")
    def listing_rules_page() -> str:
        return render_template("listing/rules.html", rules=load_table("trust")["rules"])

    @app.get("/listings/<listing_id>/report")
    def report_page(listing_id: str) -> str:
        listed = reporting.reported(listings, listing_id)
        return render_template("listing/reporting.html", listed=listed, done=False)

    @app.post("/listings/<listing_id>/report")
    def report_form(listing_id: str) -> Response:
        reporting.take_report(listings, forms, listing_id, request.form, client_of_request())
        return private("listing/reporting.html", listed=listings.listed(listing_id), done=True)


def _add_reading(app: Flask, desk: Desk, visitors: Visitors, *, digests: bool) -> None:
    @app.get(_ROOT)
    def listing_queue_page() -> Response:
        visitor = visitors.allowed(Permission.MODERATE)
        page = to_page(request.args.to_dict(flat=False), PAGE_SIZE)
        return _private("queue.html", visitor, view=desk.queue(page), digests=digests)

    @app.get(f"{_ROOT}/listings/<listing_id>")
    def listing_desk_page(listing_id: str) -> Response:
        visitor = visitors.allowed(Permission.MODERATE)
        done = _DONE.get(request.args.get("done", ""), "")
        return _private(
            "listing.html", visitor, view=desk.show(listing_id, visitor.person, desk.clock()), done=done
        )

    @app.get(f"{_ROOT}/blocked")
    def blocked_page() -> Response:
        visitor = visitors.allowed(Permission.MODERATE)
        return _private(
            "blocked.html", visitor, blocked=load_table("blocked"), rules=load_table("trust")["rules"]
        )


def _add_deciding(app: Flask, desk: Desk, visitors: Visitors, *, digests: bool) -> None:
    @app.post(f"{_ROOT}/listings/<listing_id>")
    def listing_desk_form(listing_id: str) -> AnyResponse:
        visitor = visitors.allowed_sender(Permission.MODERATE)
        try:
            told = desk.decide(listing_id, request.form, visitor.person, desk.clock())
        except FormRefused as error:
            view = desk.show(listing_id, visitor.person, desk.clock())
            return _private("listing.html", visitor, error.status, view=view, **_typed(error))
        done = "told" if told else "untold"
        return redirect(url_for("listing_desk_page", listing_id=listing_id, done=done), 303)

    @app.post(f"{_ROOT}/several")
    def several_form() -> Response:
        visitor = visitors.allowed_sender(Permission.MODERATE)
        try:
            picked = bulk.to_picked(request.form.getlist("pick"))
            decision, answer = to_decision(request.form), to_answer(request.form)
            if decision is not Decision.APPROVE and not answer:
                raise FormRefused(400, NO_ANSWER)
        except FormRefused as error:
            view = desk.queue(to_page(request.form.to_dict(flat=False), PAGE_SIZE))
            return _private("queue.html", visitor, error.status, view=view, digests=digests, **_typed(error))
        confirmed = request.form.get("confirmed") == "yes"
        act = bulk.carry_out if confirmed else bulk.preview
        outcomes = act(desk, picked, decision, answer, visitor.person, desk.clock())
        shown = {"outcomes": outcomes, "decision": decision, "answer": answer, "confirmed": confirmed}
        return _private("several.html", visitor, **shown)


def _typed(error: FormRefused) -> dict[str, object]:
    """What is wrong with a form, and what was typed into which, so that nothing is typed twice."""
    form = request.form
    return {"problem": str(error), "typed": form, "typed_in": _PARTS.get(form.get("decision", ""), "")}


def _private(template: str, visitor: Visitor, status: int = 200, /, **shown: object) -> Response:
    return private(
        f"moderate/{template}",
        status,
        by=visitor.person.name or "you",
        csrf=visitor.csrf,
        words=WORDS,
        **({"done": "", "problem": "", "typed": {}, "typed_in": ""} | shown),
    )
