"""Where people list: their listings, one form for every kind, and what can be done with each."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.account import Part
from domain.errors import InvalidDate, NotFound, Superseded
from domain.listing import Deadline, Edition, Kind, Moment, Opportunity, Resource, Series, State
from domain.listing_ports import Listed, Listing
from web.forms import FormRefused
from web.organize import organizing
from web.organize.fields import EXTENSION, FORMS, NEXT_YEAR, Asked
from web.organize.forms import Form, Problems, can_be_kept, read_form, to_form
from web.organize.import_routes import add_imports
from web.organize.organizing import Organizing
from web.organize.pages import FormView, shared, show_form, show_listing
from web.organize.previews import show_preview
from web.params import clean
from web.people.accounts import to_email
from web.people.signing_in import Visitor, Visitors
from web.private import private

KINDS = {"opportunities": Kind.OPPORTUNITY, "resources": Kind.RESOURCE, "meetings": Kind.EDITION}
"""In addresses (`/organize/<kinds>/new`)."""


def add_organizing(app: Flask, visitors: Visitors, own: Organizing) -> None:
    """Routes below `/organize`."""
    _add_lists(app, visitors, own)
    _add_forms(app, visitors, own)
    _add_preview(app, visitors, own)
    add_imports(app, visitors, own)
    _add_acts(app, visitors, own)
    _add_move(app, visitors, own)
    _add_next(app, visitors, own)
    _add_people(app, visitors, own)


def _add_lists(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.get("/organize")
    def organize_page() -> Response:
        visitor = visitors.needed()
        listings = own.listings.owned(visitor.person.id)
        return private("organize/list.html", listings=listings, **shared(visitor))

    @app.get("/organize/<listing_id>")
    def own_listing_page(listing_id: str) -> Response:
        visitor = visitors.needed()
        listed = own.reach(visitor.person, listing_id, "see")
        return show_listing(own, visitor, listed)


def _add_preview(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.get("/organize/<listing_id>/preview")
    def preview_page(listing_id: str) -> Response:
        listed = own.reach(visitors.needed().person, listing_id, "see")
        return show_preview(visitors.site, own.listings, listed, request.args.to_dict(flat=False))


def _add_forms(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.get("/organize/new", defaults={"kinds": "meetings"})
    @app.get("/organize/<kinds>/new")
    def new_listing_page(kinds: str) -> Response:
        visitor, kind = visitors.needed(), _kind(kinds)
        values = to_form(FORMS[kind], organizing.blank(kind))
        values.pop("kind", None)  # it is chosen, lest everything is called by the first of the list
        return show_form(visitor, FormView(kind, FORMS[kind], values, {}))

    @app.post("/organize/new", defaults={"kinds": "meetings"})
    @app.post("/organize/<kinds>/new")
    def new_listing_form(kinds: str) -> AnyResponse:
        visitor, kind = visitors.sender(), _kind(kinds)
        return _take(own, visitor, kind, organizing.blank(kind), None)

    @app.get("/organize/<listing_id>/edit")
    def edit_page(listing_id: str) -> Response:
        visitor = visitors.needed()
        listed = own.reach(visitor.person, listing_id, "change")
        asked = FORMS[listed.kind]
        view = FormView(listed.kind, asked, to_form(asked, listed.latest), {}, listed, listed.changed_at)
        return show_form(visitor, view)

    @app.post("/organize/<listing_id>/edit")
    def edit_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "change")
        return _take(own, visitor, listed.kind, listed.latest, listed)


def _add_acts(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.post("/organize/<listing_id>/hand-in")
    def hand_in_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        return _handed_in(own, visitor, own.reach(visitor.person, listing_id, "hand-in"))

    @app.post("/organize/<listing_id>/extend")
    def extend_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "extend")
        number = clean(request.form.get("deadline", ""))
        deadlines = dict(enumerate(_edition(listed).deadlines))
        old = deadlines.get(int(number)) if re.fullmatch("[0-9]{1,2}", number) else None
        if old is None:
            raise FormRefused(400, "There is no such deadline.")
        form = {"moment-zone": [old.moment.zone], "moment-time": [old.moment.at[11:16]], **_sent()}
        new, problems = read_form((EXTENSION,), form, old)
        try:
            if problems:
                raise FormRefused(422, next(iter(problems.values())))
            changed = own.change_fact(
                visitor.person, listed, _extending(old, new.moment), "extended", new.moment.at
            )
        except FormRefused as error:
            return show_listing(own, visitor, listed, 422, {f"deadline-{number}": str(error)})
        return _back(listing_id, _told(changed, "extended"))

    @app.post("/organize/<listing_id>/cancel")
    def cancel_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "cancel")
        cancelled = not _edition(listed).cancelled
        if not request.form.get("sure"):
            return show_listing(own, visitor, listed, 422, {"sure-cancel": "Tick this, if you are sure."})
        act = "cancelled" if cancelled else "held"
        changed = own.change_fact(visitor.person, listed, _changing(cancelled=cancelled), act)
        return _back(listing_id, act if changed.public else f"{act}-unseen")

    @app.post("/organize/<listing_id>/withdraw")
    def withdraw_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "withdraw")
        if not request.form.get("sure"):
            return show_listing(own, visitor, listed, 422, {"sure-withdraw": "Tick this, if you are sure."})
        own.withdraw(visitor.person, listed)
        return _back(listing_id, "withdrawn")


def _add_move(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.post("/organize/<listing_id>/move")
    def move_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "move")
        old = _edition(listed)
        # The form asks for days; times and zones stay as they are.
        kept = to_form(NEXT_YEAR[:2], old)
        new, problems = read_form(NEXT_YEAR[:2], {**kept, **_sent()}, old)
        if not problems and (objections := own.objections(visitor.person, replace(listed, proposed=new))):
            problems = {"starts": " ".join(objections)}
        if problems:
            return show_listing(own, visitor, listed, 422, problems)
        days = _changing(starts=new.starts, ends=new.ends)
        return _back(listing_id, _told(own.change_fact(visitor.person, listed, days, "moved"), "moved"))


def _add_next(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.get("/organize/<listing_id>/next")
    def next_page(listing_id: str) -> Response:
        visitor = visitors.needed()
        copied = _copied(own, visitor, listing_id)
        values = to_form(NEXT_YEAR, copied)
        view = FormView(
            Kind.EDITION, NEXT_YEAR, values, {}, copied=copied, twin=own.twin(visitor.person, copied)
        )
        return show_form(visitor, view)

    @app.post("/organize/<listing_id>/next")
    def next_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        copied = _copied(own, visitor, listing_id)
        new, problems = read_form(NEXT_YEAR, _sent(), copied)
        if not problems:
            moved = (new.starts.day - copied.starts.day).days
            new = organizing.shifted(replace(new, slug=str(new.starts.day.year)), moved)
        return _take_read(own, visitor, NEXT_YEAR, new, problems, None, copied)


def _add_people(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.post("/organize/<listing_id>/people")
    def invite_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "people")
        email, part = to_email(request.form.get("email", "")), request.form.get("part", "")
        if not email:
            wrong = {"email": "Write an e-mail address, such as name@institute.org."}
            return show_listing(own, visitor, listed, 422, wrong)
        if part not in set(Part):
            raise FormRefused(400, "Choose what they may do.")
        visitors.door.slow_down("invite", visitor.person.id)
        tell = not visitors.door.has_had_enough(email)
        own.invite(visitor.person, listed, email, Part(part), tell=tell)
        return _back(listing_id, "invited")

    @app.post("/organize/<listing_id>/parts")
    def part_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "people")
        other, part = request.form.get("person", ""), request.form.get("part", "")
        key = organizing.owner_of(listed)
        if part == "hand-over":
            own.hand_over(visitor.person, listed, other)
        elif other not in {m.person for m in own.accounts.memberships(key)}:
            raise FormRefused(400, "Choose somebody who has a part in it.")
        else:
            own.accounts.set_part(other, key, Part(part) if part in set(Part) else None, visitor.person.id)
        return _back(listing_id, "part")


def _take(own: Organizing, visitor: Visitor, kind: Kind, base: Listing, listed: Listed | None) -> AnyResponse:
    listing, problems = read_form(FORMS[kind], _sent(), base)
    return _take_read(own, visitor, FORMS[kind], listing, problems, listed)


def _take_read(
    own: Organizing,
    visitor: Visitor,
    asked: Sequence[Asked],
    listing: Listing,
    problems: Problems,
    listed: Listed | None,
    copied: Edition | None = None,
) -> AnyResponse:
    """Show, save or hand in what was sent; what cannot be taken comes back as it was typed."""
    kind, act = _kind_of(listing), request.form.get("act", "save")
    expected = clean(request.form.get("expected", ""))[:40]
    view = FormView(kind, asked, _sent(), problems, listed, expected, copied=copied)
    if act in ("rows", "fill"):
        return show_form(visitor, replace(view, problems={}))
    if act == "preview" or (problems and (act == "hand-in" or not can_be_kept(problems))):
        preview = listing if act == "preview" else None
        return show_form(visitor, replace(view, preview=preview), 422 if problems else 200)
    try:
        saved = own.save(visitor.person, listing, expected if listed else None)
    except Superseded:
        now = own.listings.listed(listing.id)
        stale = replace(view, listed=now, expected=now.changed_at, theirs=to_form(asked, now.latest))
        return show_form(visitor, stale, 409)
    if listed is None and request.form.get("watch"):
        own.watch(visitor.person, saved, request.form.get("watch-token", ""))
    if act == "hand-in":
        return _handed_in(own, visitor, saved)
    return _back(saved.id, "saved")


def _handed_in(own: Organizing, visitor: Visitor, listed: Listed) -> AnyResponse:
    asked = FORMS[listed.kind]
    values = to_form(asked, listed.latest)
    _, problems = read_form(asked, values, listed.latest)
    if problems:
        return show_form(visitor, _of_saved(listed, values, problems), 422)
    if objections := own.objections(visitor.person, listed):
        return show_form(visitor, _of_saved(listed, values, {"title": " ".join(objections)}), 422)
    handed = own.hand_in(visitor.person, listed)
    return _back(handed.id, "handed-in")


def _of_saved(listed: Listed, values: Form, problems: Problems) -> FormView:
    """The form of what is saved already, so that sending it again makes no second one."""
    action = url_for("edit_page", listing_id=listed.id)
    asked = FORMS[listed.kind]
    return FormView(listed.kind, asked, values, problems, listed, listed.changed_at, action=action)


def _copied(own: Organizing, visitor: Visitor, listing_id: str) -> Edition:
    listed = own.reach(visitor.person, listing_id, "next")
    if listed.kind not in (Kind.SERIES, Kind.EDITION):
        raise NotFound("edition", listing_id)
    try:
        return organizing.next_edition(_edition(own.latest_edition(visitor.person, listed)))
    except InvalidDate as error:
        raise FormRefused(422, "Give the meeting its days first; then it can be copied.") from error


def _told(changed: Listed, act: str) -> str:
    """What to say: whether it is public already, or waits for a reviewer."""
    return "handed-in" if changed.state is State.IN_REVIEW else act


def _changing(**facts: Any) -> Callable[[Listing], Listing]:  # noqa: ANN401 - fields of an edition
    return lambda listing: replace(listing, **facts)


def _extending(old: Deadline, moment: Moment) -> Callable[[Listing], Listing]:
    def extend(listing: Listing) -> Listing:
        return organizing.extended(listing, old, moment) if isinstance(listing, Edition) else listing

    return extend


def _edition(listed: Listed) -> Edition:
    if not isinstance(listed.latest, Edition):
        raise NotFound("edition", listed.id)
    return listed.latest


def _sent() -> Form:
    return request.form.to_dict(flat=False)


def _kind(kinds: str) -> Kind:
    if kinds not in KINDS:
        raise NotFound("form", kinds)
    return KINDS[kinds]


def _kind_of(listing: Listing) -> Kind:
    kinds = {
        Edition: Kind.EDITION,
        Series: Kind.SERIES,
        Opportunity: Kind.OPPORTUNITY,
        Resource: Kind.RESOURCE,
    }
    return kinds[type(listing)]


def _back(listing_id: str, done: str) -> AnyResponse:
    return redirect(url_for("own_listing_page", listing_id=listing_id, done=done), 303)
