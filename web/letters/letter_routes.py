"""Addresses of letters on the web, and of the lists that organizations send, each with its archive."""

from flask import Flask, Response, make_response, render_template, request
from markupsafe import Markup

from conferences.atom import MEDIA_TYPE, render_feed
from domain.errors import NotFound
from domain.subscription import Letter, LetterKind, MailingList, WishKind, to_wish
from domain.subscription_ports import Subscribers
from web.labels import READERS
from web.letters.subscribing import RHYTHMS
from web.letters.wish_news import issue_words, news_of
from web.letters.wish_places import describe
from web.letters.wishes import to_address
from web.params import to_page
from web.private import private
from web.site import Site

ISSUES = 20
_COPY_STYLES = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
"""A copy keeps the styles that stand in the letter itself."""


def add_letters(app: Flask, site: Site) -> None:
    """The copies of letters that were sent."""

    @app.get("/letters/<letter_id>")
    def letter_page(letter_id: str) -> Response:
        letter = _letter(site, letter_id)
        if site.letter_copy is None:
            raise NotFound("letter", letter_id)
        copy = Markup(site.letter_copy(letter))  # noqa: S704 - our own letter, escaped where it is written
        if not copy:
            raise NotFound("letter", letter_id)
        response = _styled(private("subscribe/letter.html", copy=copy))
        response.headers["Referrer-Policy"] = "no-referrer"
        return response


def _styled(page: str | Response) -> Response:
    """A page with a letter in it."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _COPY_STYLES
    return response


def _letter(site: Site, letter_id: str) -> Letter:
    """A letter with news in it; questions to one person have no copy. Raises `NotFound`."""
    if site.letters is None:
        raise NotFound("letter", letter_id)
    letter = site.letters.letter(letter_id)
    if letter.kind not in (LetterKind.ISSUE, LetterKind.RECALL):
        raise NotFound("letter", letter_id)
    return letter


def add_lists(app: Flask, site: Site, subscribers: Subscribers) -> None:
    """The lists of organizations, and their issues."""

    @app.get("/lists")
    def lists_page() -> str:
        lists = [one for one in subscribers.mailing_lists() if not one.closed]
        return render_template("subscribe/lists.html", lists=lists)

    @app.get("/lists/<slug>")
    def list_page(slug: str) -> str:
        own = subscribers.mailing_list(slug)
        total, issues = subscribers.issues(own.id, 0, 5)
        return render_template("subscribe/list.html", **_told(site, own), issues=issues, total=total)

    @app.get("/lists/<slug>.atom")
    def list_feed(slug: str) -> Response:
        own = subscribers.mailing_list(slug)
        wish = to_wish(WishKind.LIST, target=own.id)
        here = site.absolute(f"/lists/{own.slug}")
        content = render_feed(news_of(site, wish), own.name, f"{here}.atom", here, site.name)
        return Response(content, content_type=MEDIA_TYPE)

    @app.get("/lists/<slug>/issues")
    def issues_page(slug: str) -> str:
        own, page = subscribers.mailing_list(slug), to_page(request.args.to_dict(flat=False), ISSUES)
        total, issues = subscribers.issues(own.id, (page - 1) * ISSUES, ISSUES)
        pages = -(-total // ISSUES)
        return render_template(
            "subscribe/issues.html", **_told(site, own), issues=issues, page=page, pages=pages
        )

    @app.get("/lists/<slug>/issues/<path:slot>")
    def issue_page(slug: str, slot: str) -> Response:
        own = subscribers.mailing_list(slug)
        issue = subscribers.issue(own.id, slot)
        if site.issue_copy is None:
            raise NotFound("issue", slot)
        copy = Markup(site.issue_copy(issue, own))  # noqa: S704 - our own letter, escaped where it is written
        return _styled(render_template("subscribe/issue.html", **_told(site, own), issue=issue, copy=copy))


def _told(site: Site, own: MailingList) -> dict[str, object]:
    """What every page of a list is given."""
    return {
        "own": own,
        "about": describe(site, own.wish),
        "rhythms": RHYTHMS,
        "readers": READERS,
        "issue_words": issue_words,
        "ask": to_address("/subscribe", to_wish(WishKind.LIST, target=own.id)),
    }
