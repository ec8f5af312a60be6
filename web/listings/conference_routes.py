"""Addresses of meetings: lists, series and editions, each as a page, a calendar, a feed, JSON or a table."""

from collections.abc import Iterable, Sequence

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from conferences import atom, calendar_out, table_out
from web.listings import conferences, editions
from web.listings import map as meeting_map
from web.listings.conferences import Item
from web.listings.conferences_json import item_to_json, list_to_json
from web.listings.lists import fresh
from web.params import Params
from web.site import Site

_EMBEDDED = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors *"
_EMBED_SIZE = 10
_SUFFIXES = {"ics": calendar_out.MEDIA_TYPE, "atom": atom.MEDIA_TYPE, "csv": table_out.MEDIA_TYPE}


def add_conferences(app: Flask, site: Site) -> None:
    """Every route of meetings."""
    _add_lists(app, site)
    _add_beside(app, site)
    _add_series(app, site)
    _add_edition(app, site)


def _params() -> Params:
    return request.args.to_dict(flat=False)


def _add_lists(app: Flask, site: Site) -> None:
    @app.get("/conferences")
    def conferences_page() -> AnyResponse | str:
        view = conferences.list_page(site, _params())
        if view.page > (last := max(view.pages, 1)):
            return redirect(_at(url_for("conferences_page"), view.asked.address(page=last)))
        page = render_template(
            "conferences.html",
            view=view,
            filters=conferences.filters(view.asked, site.clock()),
            formats=_formats("/conferences", view.asked.address()),
            whole_size=conferences.WHOLE_SIZE,
        )
        return _until_it_turns(site, page, view.items)

    @app.get("/conferences.<any(ics,csv):form>")
    def conferences_whole(form: str) -> Response:
        view = conferences.list_page(site, _params(), conferences.WHOLE_SIZE)
        page = _at("/conferences", view.asked.address())
        response = _whole(site, form, view.items, view.title, page, view.note)
        if view.onwards is not None:
            response.headers["Link"] = (
                f'<{site.absolute(_at(f"/conferences.{form}", view.onwards))}>; rel="next"'
            )
        return response

    @app.get("/conferences.<any(atom,json):form>")
    def conferences_paged(form: str) -> Response:
        view = conferences.list_page(site, _params(), conferences.JSON_SIZE)
        following = view.onwards
        if following is not None:
            following = site.absolute(_at(f"/conferences.{form}", following))
        if form == "json":
            return _until_it_turns(site, jsonify(list_to_json(view, site, following)), view.items)
        page = _at("/conferences", view.asked.address())
        return _feed(site, view.items, view.title, page, following)


def _add_beside(app: Flask, site: Site) -> None:
    @app.get("/conferences/map")
    def conferences_map() -> str:
        asked = conferences.to_asked(_params(), site.clock())
        return render_template("conferences_map.html", view=meeting_map.show(site, asked), asked=asked)

    @app.get("/conferences/embed")
    def conferences_embed() -> Response:
        view = conferences.list_page(site, _params(), _EMBED_SIZE)
        whole = site.absolute(_at("/conferences", view.asked.address()))
        response = Response(render_template("conferences_embed.html", view=view, whole=whole))
        response.headers["Content-Security-Policy"] = _EMBEDDED  # the one page that others may frame
        return _until_it_turns(site, response, view.items)


def _add_series(app: Flask, site: Site) -> None:
    @app.get("/conferences/<series>")
    def series_page(series: str) -> AnyResponse | str:
        view = editions.show_series(site, series)
        if view.path != f"/conferences/{series}":
            return redirect(view.path, 301)
        page = render_template("series.html", view=view, address=site.absolute(view.path))
        return _until_it_turns(site, page, (*view.upcoming, *view.past))

    @app.get("/conferences/<series>.<any(ics,atom,csv,json):form>")
    def series_whole(series: str, form: str) -> Response:
        listed, own = editions.public_series(site, series)
        items = editions.series_items(site, listed, own)
        if form == "json":
            told = [item_to_json(item, site) for item in items]
            answer = jsonify(title=own.title, id=own.id, url=own.url, editions=told)
            return _until_it_turns(site, answer, items)
        return _whole(site, form, items, own.title, f"/conferences/{own.slug}")


def _add_edition(app: Flask, site: Site) -> None:
    @app.get("/conferences/<series>/<edition>")
    def edition_page(series: str, edition: str) -> AnyResponse | str:
        view = editions.show_edition(site, series, edition)
        if view.item.path != f"/conferences/{series}/{edition}":
            return redirect(view.item.path, 301)  # it was once called otherwise
        page = render_template("edition.html", view=view, address=site.absolute(view.item.path))
        return _until_it_turns(site, page, [view.item])

    @app.get("/conferences/<series>/<edition>.<any(ics,json):form>")
    def edition_whole(series: str, edition: str, form: str) -> Response:
        view = editions.show_edition(site, series, edition)
        if form == "json":
            return _until_it_turns(site, jsonify(item_to_json(view.item, site)), [view.item])
        return _whole(site, form, [view.item], view.edition.title, view.item.path)


def _until_it_turns(site: Site, answer: Response | str, items: Iterable[Item]) -> Response:
    """An answer that is kept by nobody beyond the moment at which one of its items is something else."""
    turns = [moment for item in items for moment in item.turns]
    return fresh(make_response(answer), turns, site.clock())


def _whole(site: Site, form: str, items: Sequence[Item], title: str, page: str, note: str = "") -> Response:
    """A list in one piece; `page` is the path of the same list to read, `note` what it leaves out."""
    entries = [conferences.to_entry(site, item) for item in items]
    path, _, query = page.partition("?")
    source = site.absolute(_at(f"{path}.{form}", query))
    if form == "atom":
        return _feed(site, items, title, page, None)
    if form == "csv":
        content = table_out.to_csv([(e, str(i.status)) for e, i in zip(entries, items, strict=True)])
    else:
        content = calendar_out.to_calendar(entries, f"{title} · {site.name}", source, note)
    response = Response(content, content_type=_SUFFIXES[form])
    name = path.strip("/").replace("/", "-")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _feed(site: Site, items: Sequence[Item], title: str, page: str, following: str | None) -> Response:
    path, _, query = page.partition("?")
    entries = [conferences.to_entry(site, item) for item in items]
    source = site.absolute(_at(f"{path}.atom", query))
    content = atom.to_feed(
        entries, f"{title} · {site.name}", source, site.absolute(page), site.name, following or ""
    )
    return Response(content, content_type=atom.MEDIA_TYPE)


def _formats(path: str, query: str) -> dict[str, str]:
    """The same list in other forms."""
    return {form: _at(f"{path}.{form}", query) for form in ("ics", "atom", "json", "csv")}


def _at(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
