"""Where people list: their listings, one form for every kind, and what can be done with each."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from domain.account import Part
from domain.errors import InvalidDate, NotFound, Superseded
from domain.listing import Deadline, Edition, Kind, Moment, Opportunity, Resource, Series
from domain.listing_ports import Listed, Listing
from web import organizing
from web.accounts import to_email
from web.forms import FormRefused
from web.listing_fields import EXTENSION, FORMS, NEXT_YEAR, Asked, Rows, cancer_types, countries
from web.listing_forms import Form, Problems, count_rows, read_form, said, to_form
from web.organizing import Organizing
from web.params import clean
from web.private import private
from web.signing_in import Visitor, Visitors

KINDS = {"opportunities": Kind.OPPORTUNITY, "resources": Kind.RESOURCE, "meetings": Kind.EDITION}
"""In addresses (`/organize/<kinds>/new`)."""
WORDS = {
    Kind.SERIES: "series",
    Kind.EDITION: "meeting",
    Kind.OPPORTUNITY: "opportunity",
    Kind.RESOURCE: "resource",
}
_DONE = {
    "saved": "Saved as a draft. Nobody else sees it.",
    "handed-in": "Handed in. A reviewer looks at it before it is public.",
    "unproven": "Handed in. Sign in once by a link in your mail; then a reviewer looks at it.",
    "extended": "The deadline is extended. The old one stays in its history.",
    "cancelled": "It is cancelled, and everybody sees that.",
    "held": "It is announced again.",
    "moved": "It is moved, and everybody sees the new days.",
    "withdrawn": "It is withdrawn: the public does not see it any more.",
    "invited": "They have a part in it now, and a letter is on its way.",
    "part": "That is changed.",
}


@dataclass(frozen=True, slots=True)
class FormView:
    """A form, what is in it, what is wrong with it, and what else stands in the database by now."""

    kind: Kind
    asked: Sequence[Asked]
    values: Form
    problems: Problems
    listed: Listed | None = None
    expected: str = ""
    theirs: Form | None = None
    """What somebody else has saved meanwhile."""
    preview: Listing | None = None
    fetched: str = ""


def add_organizing(app: Flask, visitors: Visitors, own: Organizing) -> None:
    """Routes below `/organize`."""
    _add_lists(app, visitors, own)
    _add_forms(app, visitors, own)
    _add_acts(app, visitors, own)
    _add_next(app, visitors, own)
    _add_people(app, visitors, own)


def _add_lists(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.get("/organize")
    def organize_page() -> Response:
        visitor = visitors.needed()
        listings = own.listings.owned(visitor.person.id)
        return private("organize/list.html", listings=listings, **_shared(visitor))

    @app.get("/organize/<listing_id>")
    def own_listing_page(listing_id: str) -> Response:
        visitor = visitors.needed()
        listed = own.reach(visitor.person, listing_id, "see")
        return _show(own, visitor, listed)


def _add_forms(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.get("/organize/new", defaults={"kinds": "meetings"})
    @app.get("/organize/<kinds>/new")
    def new_listing_page(kinds: str) -> Response:
        visitor, kind = visitors.needed(), _kind(kinds)
        listing = organizing.blank(kind)
        return _form(visitor, FormView(kind, FORMS[kind], to_form(FORMS[kind], listing), {}))

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
        return _form(visitor, view)

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
            own.change_fact(visitor.person, listed, _extending(old, new.moment), "extended", new.moment.at)
        except FormRefused as error:
            return _show(own, visitor, listed, 422, {f"deadline-{number}": str(error)})
        return _back(listing_id, "extended")

    @app.post("/organize/<listing_id>/cancel")
    def cancel_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "cancel")
        cancelled = not _edition(listed).cancelled
        if not request.form.get("sure"):
            return _show(own, visitor, listed, 422, {"sure-cancel": "Tick this, if you are sure."})
        act = "cancelled" if cancelled else "held"
        own.change_fact(visitor.person, listed, _changing(cancelled=cancelled), act)
        return _back(listing_id, act)

    @app.post("/organize/<listing_id>/move")
    def move_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "move")
        new, problems = read_form(NEXT_YEAR[:2], _sent(), _edition(listed))
        if problems:
            return _show(own, visitor, listed, 422, problems)
        own.change_fact(visitor.person, listed, _changing(starts=new.starts, ends=new.ends), "moved")
        return _back(listing_id, "moved")

    @app.post("/organize/<listing_id>/withdraw")
    def withdraw_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "withdraw")
        if not request.form.get("sure"):
            return _show(own, visitor, listed, 422, {"sure-withdraw": "Tick this, if you are sure."})
        own.withdraw(visitor.person, listed)
        return _back(listing_id, "withdrawn")


def _add_next(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.get("/organize/<listing_id>/next")
    def next_page(listing_id: str) -> Response:
        visitor = visitors.needed()
        copied = _copied(own, visitor, listing_id)
        return _form(visitor, FormView(Kind.EDITION, NEXT_YEAR, to_form(NEXT_YEAR, copied), {}))

    @app.post("/organize/<listing_id>/next")
    def next_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        copied = _copied(own, visitor, listing_id)
        new, problems = read_form(NEXT_YEAR, _sent(), copied)
        if not problems:
            moved = (new.starts.day - copied.starts.day).days
            new = organizing.shifted(replace(new, slug=str(new.starts.day.year)), moved)
        return _take_read(own, visitor, NEXT_YEAR, new, problems, None)


def _add_people(app: Flask, visitors: Visitors, own: Organizing) -> None:
    @app.post("/organize/<listing_id>/people")
    def invite_form(listing_id: str) -> AnyResponse:
        visitor = visitors.sender()
        listed = own.reach(visitor.person, listing_id, "people")
        email, part = to_email(request.form.get("email", "")), request.form.get("part", "")
        if not email:
            wrong = {"email": "Write an e-mail address, such as name@institute.org."}
            return _show(own, visitor, listed, 422, wrong)
        if part not in set(Part):
            raise FormRefused(400, "Choose what they may do.")
        visitors.door.slow_down("invite", visitor.person.id)
        own.invite(visitor.person, listed, email, Part(part))
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
) -> AnyResponse:
    """Show, save or hand in what was sent; what cannot be taken comes back as it was typed."""
    kind, act = _kind_of(listing), request.form.get("act", "save")
    expected = clean(request.form.get("expected", ""))[:40]
    view = FormView(kind, asked, _sent(), problems, listed, expected)
    if act == "rows":
        return _form(visitor, replace(view, problems={}))
    if act == "preview" or (problems and (act == "hand-in" or "title" in problems)):
        preview = listing if act == "preview" else None
        return _form(visitor, replace(view, preview=preview), 422 if problems else 200)
    try:
        saved = own.save(visitor.person, listing, expected if listed else None)
    except Superseded:
        now = own.listings.listed(listing.id)
        stale = replace(view, listed=now, expected=now.changed_at, theirs=to_form(asked, now.latest))
        return _form(visitor, stale, 409)
    if act == "hand-in":
        return _handed_in(own, visitor, saved)
    return _back(saved.id, "saved")


def _handed_in(own: Organizing, visitor: Visitor, listed: Listed) -> AnyResponse:
    asked = FORMS[listed.kind]
    values = to_form(asked, listed.latest)
    _, problems = read_form(asked, values, listed.latest)
    if problems:
        view = FormView(listed.kind, asked, values, problems, listed, listed.changed_at)
        return _form(visitor, view, 422)
    handed = own.hand_in(visitor.person, listed)
    return _back(handed.id, "handed-in" if visitor.person.proven else "unproven")


def _copied(own: Organizing, visitor: Visitor, listing_id: str) -> Edition:
    listed = own.reach(visitor.person, listing_id, "next")
    if listed.kind not in (Kind.SERIES, Kind.EDITION):
        raise NotFound("edition", listing_id)
    try:
        return organizing.next_edition(_edition(own.latest_edition(listed)))
    except InvalidDate as error:
        raise FormRefused(422, "Give the meeting its days first; then it can be copied.") from error


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


def _show(
    own: Organizing, visitor: Visitor, listed: Listed, status: int = 200, problems: Problems | None = None
) -> Response:
    key, part = organizing.owner_of(listed), own.part(visitor.person, listed)
    owner = part is Part.OWNER
    return private(
        "organize/listing.html",
        status,
        listed=listed,
        listing=listed.latest,
        part=part,
        may={act: organizing.takes(part, act) for act in organizing.ACTS},
        people=[(m, _person_name(own, m.person)) for m in own.accounts.memberships(key)] if owner else [],
        audit=[(e, _person_name(own, e.person)) for e in own.listings.audit(listed.id)] if owner else [],
        problems=problems or {},
        values=_sent(),
        said=said(FORMS[listed.kind], listed.latest),
        shown=to_form(FORMS[listed.kind], listed.latest),
        **_shared(visitor),
    )


def _person_name(own: Organizing, person_id: str) -> str:
    try:
        person = own.accounts.person(person_id)
    except NotFound:
        return "somebody who left"
    return person.name or person.email


def _form(visitor: Visitor, view: FormView, status: int = 200) -> Response:
    return private(
        "organize/form.html",
        status,
        view=view,
        said=said(FORMS[view.kind], view.preview) if view.preview else [],
        opened=_is_open,
        count_rows=count_rows,
        countries=countries(),
        cancer_types=cancer_types(),
        can_fetch=False,
        word=WORDS[view.kind],
        **_shared(visitor),
    )


def _is_open(view: FormView, group: str) -> bool:
    """Whether a folded part is to stand open: something in it is wrong, or rows were asked for."""
    names = [field.name for field in view.asked if field.group == group]
    wrong = any(problem.split("-")[0] in names for problem in view.problems)
    return wrong or (
        request.form.get("act") == "rows" and any(isinstance(f, Rows) for f in view.asked if f.group == group)
    )


def _shared(visitor: Visitor) -> dict[str, Any]:
    return {
        "csrf": visitor.csrf,
        "person": visitor.person,
        "words": WORDS,
        "states": organizing.STATES,
        "done": _DONE.get(request.args.get("done", ""), ""),
    }


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
