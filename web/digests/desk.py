"""The reviewers' desk in the browser: signing in with the node's review key, and the pages of the desk.

There is none unless the node has a review key. Who signs in says who they are; what they decide is public,
under that name.
"""

import hashlib
import hmac
import logging
import secrets
from datetime import timedelta

from flask import Flask, Response, abort, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.review import Verdict
from web.digests import moderation
from web.forms import FormRefused, Forms
from web.params import clean, to_page
from web.private import check_csrf, client_of_request, private
from web.site import Site

_LOG = logging.getLogger("web")
_ROOT = "/moderate"
_HOURS = 8
_LONGEST_NAME = 80
_SIGN_IN = "sign-in"


def add_moderation(app: Flask, site: Site, forms: Forms) -> None:
    """Routes of the desk; without a review key there is nothing at any of them."""
    if not site.review_key:
        return
    app.secret_key = forms.secret
    app.config.update(
        SESSION_COOKIE_NAME="findings_review",
        SESSION_COOKIE_PATH=_ROOT,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=site.url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=_HOURS),
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    _add_door(app, site, forms)
    _add_desk(app, site)


def _add_door(app: Flask, site: Site, forms: Forms) -> None:
    @app.post(f"{_ROOT}/digests/sign-in")
    def sign_in() -> AnyResponse:
        forms.check(_SIGN_IN, request.form)
        forms.slow_down(_SIGN_IN, client_of_request())
        name = " ".join(clean(request.form.get("name", "")).split())
        given = request.form.get("key", "").encode()
        if not hmac.compare_digest(_digest(given), _digest(site.review_key.encode())):
            _LOG.warning("sign-in to the reviewers' desk refused")
            raise FormRefused(403, "That is not the review key.")
        if not 2 <= len(name) <= _LONGEST_NAME or not name.isprintable():
            raise FormRefused(
                400, f"Give the name that readers will see, of at most {_LONGEST_NAME} letters."
            )
        session.clear()
        session.permanent = True
        session.update(name=name, csrf=secrets.token_hex(16), key=_fingerprint(site, forms))
        _LOG.info("reviewer %s signed in", name)
        return redirect(url_for("queue_page"), 303)

    @app.post(f"{_ROOT}/digests/sign-out")
    def sign_out() -> AnyResponse:
        if _reviewer(site, forms):
            check_csrf(str(session.get("csrf", "")))
        session.clear()
        return redirect(url_for("queue_page"), 303)

    @app.get(f"{_ROOT}/digests")
    def queue_page() -> Response:
        by = _reviewer(site, forms)
        if not by:
            return _private("desk_door.html", token=forms.token(_SIGN_IN))
        page = to_page(request.args.to_dict(flat=False), moderation.PAGE_SIZE)
        return _private("desk_queue.html", view=moderation.queue(site, page), by=by)

    @app.before_request
    def at_the_door() -> None:
        inside = request.path.startswith(f"{_ROOT}/") and request.endpoint in ("desk_page", "desk_form")
        if inside and not _reviewer(site, forms):
            abort(redirect(url_for("queue_page"), 303))


def _add_desk(app: Flask, site: Site) -> None:
    @app.get(f"{_ROOT}/digests/<paper_id>/<audience>")
    def desk_page(paper_id: str, audience: str) -> Response:
        view = moderation.show(site, paper_id, audience)
        return _desk(view)

    @app.post(f"{_ROOT}/digests/<paper_id>/<audience>")
    def desk_form(paper_id: str, audience: str) -> AnyResponse:
        check_csrf(str(session.get("csrf", "")))
        view = moderation.show(site, paper_id, audience)
        refused = moderation.decide(site, view, request.form, str(session["name"]))
        if refused:
            return _desk(moderation.with_refused(view, refused, request.form), 422)
        return redirect(url_for("desk_page", paper_id=paper_id, audience=audience, done=1), 303)


def _desk(view: moderation.DeskView, status: int = 200) -> Response:
    return _private(
        "desk_digest.html",
        status,
        view=view,
        by=session["name"],
        seen=moderation.seen(view.digest),
        done=bool(request.args.get("done")),
        verdicts=Verdict,
    )


def _private(template: str, status: int = 200, **shown: object) -> Response:
    """A page of the desk."""
    return private(template, status, csrf=session.get("csrf", ""), **shown)


def _reviewer(site: Site, forms: Forms) -> str:
    """Who is signed in with the key as it is now; empty: nobody."""
    good = hmac.compare_digest(str(session.get("key", "")), _fingerprint(site, forms))
    return str(session.get("name", "")) if good else ""


def _fingerprint(site: Site, forms: Forms) -> str:
    return hmac.new(forms.secret.encode(), site.review_key.encode(), hashlib.sha256).hexdigest()[:16]


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()
