"""The Flask application: routes that render views, headers on every response, errors as pages or JSON."""

import logging
import secrets
from collections.abc import Mapping
from typing import Any

import jinja2
from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from web import assets, labels
from web.compressing import compress
from web.errors import to_problem
from web.forms import Forms
from web.letters.wishes import letters_address
from web.papers import links
from web.params import MAX_PAGE_SIZE, MAX_TEXT
from web.private import refuse_foreign_forms
from web.references.files import FORMATS
from web.routes import add_routes
from web.search.saved import MOST
from web.site import Site
from web.sources import without_folders, without_source

_LOG = logging.getLogger("web")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_PAGE_CACHE = "public, max-age=60"
_RETRY = "60"
_LONGEST_FORM = 128_000


def create_app(site: Site) -> Flask:
    """The application over `site`; builds nothing else and reads no settings."""
    app = Flask("web", static_folder=None)
    app.url_map.merge_slashes = False  # a redirect would repeat the request's own Host header
    app.url_map.strict_slashes = False
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_globals(site))
    app.jinja_env.filters.update(_FILTERS)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = _LONGEST_FORM
    add_routes(app, site, Forms(site.secret or secrets.token_hex(32)))
    app.before_request(lambda: refuse_foreign_forms(site))
    app.register_error_handler(Exception, _show_error)
    app.after_request(_finish)
    return app


def _globals(site: Site) -> Mapping[str, Any]:
    return {
        "site": site,
        "style_name": assets.style().name,
        "review_style_name": assets.review_style().name,
        "organize_style_name": assets.organize_style().name,
        "subscribe_style_name": assets.subscribe_style().name,
        "AUDIENCES": labels.AUDIENCES,
        "NOTICES": labels.NOTICES,
        "OUTCOMES": labels.OUTCOMES,
        "READERS": labels.READERS,
        "REFERENCES": FORMATS,
        "SAVED_MOST": MOST,
        "ROLES": labels.ROLES,
        "MAX_PAGE_SIZE": MAX_PAGE_SIZE,
        "MAX_TEXT": MAX_TEXT,
        "VERSION_KINDS": labels.VERSION_KINDS,
        "label": labels.label,
        "letters_address": letters_address,
        "table": labels.table,
        "lang": labels.language_attributes,
    }


_FILTERS = {
    "author_line": labels.author_line,
    "citation": labels.citation,
    "cut": labels.cut,
    "date": labels.date_words,
    "identifier_links": links.identifier_links,
    "journal": labels.journal_line,
    "in_language": labels.in_language,
    "key_link": links.key_link,
    "listed": labels.listed,
    "licence_title": labels.licence_title,
    "licence_url": labels.licence_url,
    "number": labels.number,
    "opening": labels.opening,
    "orcid": links.orcid_url,
    "source_title": labels.source_title,
    "ror_url": links.ror_url,
    "safe_url": links.safe_url,
    "says": labels.says,
    "time": labels.time_words,
    "without_folders": without_folders,
    "without_source": without_source,
    "trial_url": links.trial_url,
}


def _show_error(error: Exception) -> tuple[Response | str, int] | tuple[str, int, dict[str, str]]:
    problem = to_problem(error, request.path)
    if problem.status >= 500:
        _LOG.error("%s %s: %s", request.method, _shown_path(), error, exc_info=problem.status == 500)
    if request.path.endswith(".json"):
        told = {"status": problem.status, "title": problem.title, "detail": problem.text}
        return jsonify(error=told), problem.status
    headers = {}
    if isinstance(error, HTTPException) and (allowed := getattr(error, "valid_methods", None)):
        headers["Allow"] = ", ".join(sorted(allowed))
    return render_template("error.html", problem=problem), problem.status, headers


def _shown_path() -> str:
    """The path that is asked for, without what a letter's link is signed by: that goes on working."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "…") if token else request.path


def _finish(response: Response) -> Response:
    """Security headers everywhere; a cache lifetime, a validator and compression on what succeeded."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code == 200 and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = _PAGE_CACHE
    elif response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    if response.status_code == 503:
        response.headers["Retry-After"] = _RETRY
    whole = not response.is_streamed  # the validator of a stream would have to wait for its end
    if whole and response.status_code == 200 and request.method in {"GET", "HEAD"}:
        response.add_etag(weak=True)  # compressed or not it is the same page, not the same bytes
        response.make_conditional(request.environ)
    return compress(request, response)
