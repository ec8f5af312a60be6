"""The note on top of an organization's next letter, written in the browser by those who may.

Who administers the site may for every list; who edits a series of meetings, for lists about that series.
"""

from dataclasses import replace

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.account import Part, Permission, Person
from domain.errors import NotFound
from domain.listing_ports import Accounts
from domain.subscription import MailingList, WishKind
from domain.subscription_ports import Subscribers
from web.letters.wish_news import note_of
from web.letters.wish_places import describe
from web.organize.pages import shared
from web.params import clean
from web.people.signing_in import Visitor, Visitors
from web.private import private
from web.site import Site

LONGEST_NOTE = 2_000
LONGEST_ABOUT = 1_000
NEXT = 15
"""So many items of the next issue are shown."""
_EDITORS = (Part.EDITOR, Part.OWNER)


def add_list_editing(app: Flask, visitors: Visitors, accounts: Accounts, subscribers: Subscribers) -> None:
    """Routes below `/organize/lists`."""

    @app.get("/organize/lists")
    def own_lists_page() -> Response:
        visitor = visitors.needed()
        lists = [one for one in subscribers.mailing_lists() if may_edit(accounts, visitor.person, one)]
        return private("organize/lists.html", lists=lists, **shared(visitor))

    @app.get("/organize/lists/<list_id>")
    def own_list_page(list_id: str) -> Response:
        visitor = visitors.needed()
        own = _own(accounts, subscribers, visitor.person, list_id)
        return _show(visitors.site, subscribers, visitor, own)

    @app.post("/organize/lists/<list_id>")
    def own_list_form(list_id: str) -> AnyResponse:
        visitor = visitors.sender()
        own = _own(accounts, subscribers, visitor.person, list_id)
        note, about = _text("note"), _text("about")
        changed = replace(own, note=note[:LONGEST_NOTE], about=about[:LONGEST_ABOUT])
        problems = {}
        if len(note) > LONGEST_NOTE:
            problems["note"] = f"Write at most {LONGEST_NOTE} characters; there are {len(note)}."
        if len(about) > LONGEST_ABOUT:
            problems["about"] = f"Write at most {LONGEST_ABOUT} characters; there are {len(about)}."
        if problems:
            asked = replace(own, note=note, about=about)
            return _show(visitors.site, subscribers, visitor, asked, problems)
        subscribers.save_list(changed)
        return redirect(url_for("own_list_page", list_id=own.id, done="list"), 303)


def may_edit(accounts: Accounts, person: Person, own: MailingList) -> bool:
    """Whether the person may write on top of that list's letters."""
    if person.may(Permission.ADMINISTER):
        return True
    series = own.wish.target if own.wish.kind is WishKind.SERIES else ""
    return bool(series) and not person.locked and accounts.part(person.id, series) in _EDITORS


def _own(accounts: Accounts, subscribers: Subscribers, person: Person, list_id: str) -> MailingList:
    """A list that the person may edit. Raises `NotFound`, whether it is another's or none at all."""
    own = subscribers.mailing_list(list_id)
    if not may_edit(accounts, person, own):
        raise NotFound("list", list_id)
    return own


def _text(name: str) -> str:
    """Lines of a field, cleaned, blank ones between paragraphs kept."""
    return "\n".join(clean(line) for line in request.form.get(name, "").splitlines()).strip()


def _show(
    site: Site,
    subscribers: Subscribers,
    visitor: Visitor,
    own: MailingList,
    problems: dict[str, str] | None = None,
) -> Response:
    _, issues = subscribers.issues(own.id, 0, 1)
    told = subscribers.told(own.wish.key, issues[0].at if issues else "", limit=NEXT)
    coming = [note for news in told if (note := note_of(site, news))]
    return private(
        "organize/mailing_list.html",
        422 if problems else 200,
        own=own,
        about=describe(site, own.wish),
        coming=coming,
        problems=problems or {},
        longest_note=LONGEST_NOTE,
        longest_about=LONGEST_ABOUT,
        **shared(visitor),
    )
