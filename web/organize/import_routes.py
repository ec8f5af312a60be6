"""Forms filled in from an address or a file: read, looked over, and only then saved."""

from flask import Flask, Response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from conferences.fetching import Fetcher
from web.organize.fetching_forms import LARGEST_FILE, NO_FILE, TOO_LARGE, empty, fetched, from_file
from web.organize.organizing import Organizing
from web.organize.pages import show_form
from web.params import clean
from web.people.signing_in import Visitors

_ROOM = 100_000
"""Bytes of a form beside its file."""


def add_imports(app: Flask, visitors: Visitors, own: Organizing) -> None:
    """Routes by which a form is filled in from what an organizer has already."""
    _add_file(app, visitors)
    _add_unwatching(app, visitors, own)
    if visitors.site.fetcher:
        _add_fetching(app, visitors, own, visitors.site.fetcher)


def _add_fetching(app: Flask, visitors: Visitors, own: Organizing, fetcher: Fetcher) -> None:
    @app.post("/organize/fetch")
    def fetch_form() -> Response:
        visitor, address = visitors.sender(), clean(request.form.get("address", ""))
        visitors.door.slow_down("fetch", visitor.person.id)
        view = fetched(fetcher, address, lambda watch: own.seal(visitor.person, watch))
        return show_form(visitor, view, 200)


def _add_file(app: Flask, visitors: Visitors) -> None:
    @app.post("/organize/file")
    def file_form() -> Response:
        # Other forms stay as short as they are: this one alone holds a file.
        request.max_content_length = LARGEST_FILE + _ROOM
        visitor = visitors.needed()
        try:
            request.form  # noqa: B018 - it is read here, where what is too large can be answered
        except RequestEntityTooLarge:
            return show_form(visitor, empty({"file": TOO_LARGE}), 413)
        visitor = visitors.sender()
        visitors.door.slow_down("fetch", visitor.person.id)
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            return show_form(visitor, empty({"file": NO_FILE}), 422)
        body = sent.stream.read(LARGEST_FILE + 1)
        if len(body) > LARGEST_FILE:
            return show_form(visitor, empty({"file": TOO_LARGE}), 413)
        view = from_file(sent.filename, body)
        return show_form(visitor, view, 422 if "file" in view.problems else 200)


def _add_unwatching(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.post("/organize/<listing_id>/unwatch")
    def unwatch_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "unwatch")
        own.listings.unwatch(listed.id)
        return redirect(url_for("own_listing_page", listing_id=listed.id, done="unwatched"), 303)
