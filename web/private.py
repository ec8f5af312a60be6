"""Pages for one person, and the forms on them: kept by nobody, sent by no other site."""

import hmac
from urllib.parse import urlsplit

from flask import Response, make_response, render_template, request

from web.forms import FormRefused, to_client
from web.site import Site

_STALE = "This form is no longer valid. Load the page again, and send it anew."
_FOREIGN = "This form was sent from another site, so we did not take it."
ONE_CLICK = frozenset({"unsubscribe_form"})
"""What mail programs send (RFC 8058), without cookies and from nowhere: the address holds the token."""
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refuse_foreign_forms(site: Site) -> None:
    """Refuse what another site sends, whatever the route looks at itself. Raises `FormRefused`."""
    if request.method not in _SAFE and request.endpoint not in ONE_CLICK:
        _check_origin(site)


def client_of_request() -> str:
    """Whose request is being answered."""
    return to_client(request.remote_addr, request.headers.get("X-Forwarded-For", ""))


def private(template: str, status: int = 200, **shown: object) -> Response:
    """A page that nobody keeps a copy of, and whose address is told to no other site."""
    response = make_response(render_template(template, **shown), status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def check_csrf(own: str) -> None:
    """See that the form holds the token of the session. Raises `FormRefused`."""
    if not own or not hmac.compare_digest(request.form.get("csrf", "").encode(), own.encode()):
        raise FormRefused(400, _STALE)


def _check_origin(site: Site) -> None:
    """See that a form comes from our own pages, as far as the browser says. Raises `FormRefused`.

    A browser that says nothing is old; the token in the form then decides alone.
    """
    fetched = request.headers.get("Sec-Fetch-Site", "")
    if fetched and fetched not in ("same-origin", "none"):
        raise FormRefused(403, _FOREIGN)
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc not in (urlsplit(site.url).netloc, request.host):
        raise FormRefused(403, _FOREIGN)
