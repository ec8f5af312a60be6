"""What organizers see: a form for any kind of listing, and a listing with all that can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from conferences.dates import deadline_title, deadline_words
from domain.account import Membership, Part
from domain.errors import InvalidDate
from domain.listing import Deadline, Edition, Kind
from domain.listing_ports import Listed, Listing
from web.listings.lists import countries
from web.moderate.diff import Row, to_rows
from web.moderate.doers import Doers, member_name
from web.organize import organizing
from web.organize.fields import FORMS, Asked, Rows, Shape, cancer_types
from web.organize.forms import Form, Problems, count_rows, said, to_form
from web.organize.organizing import Organizing
from web.organize.sealing import sealed_address
from web.people.signing_in import Visitor
from web.private import private

WORDS = {
    Kind.SERIES: "series",
    Kind.EDITION: "meeting",
    Kind.OPPORTUNITY: "opportunity",
    Kind.RESOURCE: "resource",
}
_DONE = {
    "saved": "Saved as a draft. Nobody else sees it.",
    "handed-in": "Handed in. A reviewer looks at it before it is public. You get a letter when that is done.",
    "extended": "The deadline is extended. The old one stays in its history.",
    "cancelled": "It is cancelled, and everybody sees that.",
    "cancelled-unseen": "It is marked as cancelled. Nobody else sees it, as it is not public.",
    "held": "It is announced again.",
    "held-unseen": "It is no longer marked as cancelled. Nobody else sees it, as it is not public.",
    "moved": "It has new days.",
    "withdrawn": "It is withdrawn: the public does not see it any more.",
    "unwatched": "We read that page no longer.",
    "invited": "They have a part in it now, and a letter is on its way.",
    "part": "That is changed.",
    "list": "Saved. The note stands on top of the next issue.",
}


@dataclass(frozen=True, slots=True)
class Other:
    """Another thing that the same page or file tells of, by which the form can be filled in instead."""

    title: str
    day: str
    action: str
    values: Form


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
    """What is said of an address that was read."""
    action: str = ""
    """Where the form goes; empty: to where it was asked for."""
    others: Sequence[Other] = ()
    unshown: int = 0
    """How many more there are, for which there is no room."""
    left_out: Sequence[str] = ()
    """What else stood there and was not taken, each with why."""
    copied: Edition | None = None
    """The edition of last year, a year later, which the form has the rest from."""
    twin: Listed | None = None
    """The edition that the series has in that year already."""


def show_listing(
    own: Organizing, visitor: Visitor, listed: Listed, status: int = 200, problems: Problems | None = None
) -> Response:
    """One listing, with what the visitor's part in it lets them do."""
    key, part = organizing.owner_of(listed), own.part(visitor.person, listed)
    owner = part is Part.OWNER
    people = _members(own, key) if owner else []
    doers = Doers(own.accounts, {member.person for member, _ in people})
    return private(
        "organize/listing.html",
        status,
        listed=listed,
        listing=listed.latest,
        part=part,
        may={act: organizing.takes(part, act) for act in organizing.ACTS},
        people=people,
        audit=[(entry, doers.name(entry)) for entry in own.listings.audit(listed.id)] if owner else [],
        watch=own.listings.watched(listed.id) if organizing.takes(part, "unwatch") else None,
        changed=_changed(listed),
        problems=problems or {},
        values=request.form.to_dict(flat=False),
        said=said(FORMS[listed.kind], listed.latest),
        shown=to_form(FORMS[listed.kind], listed.latest),
        deadlines=_deadlines(listed.latest),
        **shared(visitor),
    )


def _deadlines(listing: Listing) -> list[tuple[str, list[str]]]:
    """Each deadline by name, with its moments in words: as it stands, and as it stood before."""
    several = listing.deadlines if isinstance(listing, Edition) else ()
    return [(deadline_title(one), _moments(one)) for one in several]


def _moments(deadline: Deadline) -> list[str]:
    try:
        return [deadline_words(moment) for moment in (deadline.moment, *reversed(deadline.earlier))]
    except InvalidDate:
        return [f"{deadline.moment.at} {deadline.moment.zone}".strip()]


def _changed(listed: Listed) -> list[Row]:
    """What would change for the public, field by field."""
    if listed.public is None or listed.proposed is None:
        return []
    return [row for row in to_rows(listed.public, listed.proposed) if row.changed]


def _members(own: Organizing, key: str) -> list[tuple[Membership, str]]:
    """Who has a part in it, with their names."""
    members = own.accounts.memberships(key)
    return [(member, member_name(own.accounts.person(member.person))) for member in members]


def show_form(visitor: Visitor, view: FormView, status: int = 200) -> Response:
    """The form of a listing of any kind."""
    return private(
        "organize/form.html",
        status,
        view=view,
        said=said(FORMS[view.kind], view.preview) if view.preview else [],
        opened=_is_open,
        count_rows=count_rows,
        countries=countries(),
        cancer_types=cancer_types(),
        deadlines=_deadlines(view.copied) if view.copied else [],
        can_fetch=view.kind is Kind.EDITION and view.listed is None and view.asked is FORMS[Kind.EDITION],
        word=WORDS[view.kind],
        watched=sealed_address("".join(view.values.get("watch-token", ())[:1])),
        **shared(visitor),
    )


def _is_open(view: FormView, group: str) -> bool:
    """Whether a folded part is to stand open: something is written or wrong in it, or rows were asked for."""
    fields = [field for field in view.asked if field.group == group]
    names = {field.name for field in fields}
    wrong = any(problem.split("-")[0] in names for problem in view.problems)
    asked_for = "rows" in view.values.get("act", ()) and any(isinstance(field, Rows) for field in fields)
    return wrong or asked_for or any(_is_filled(view, field) for field in fields)


def _is_filled(view: FormView, field: Asked) -> bool:
    """Whether a field says anything that an empty form does not: nobody hands in what they cannot see."""
    if isinstance(field, Rows):
        return count_rows(field, view.values) > field.spare
    given = [value for value in view.values.get(field.name, ()) if value]
    if field.shape is Shape.CHOICE:
        return bool(given) and given[0] != next(iter(field.choices or {}), "")
    return bool(given) and given != ["English"]  # the language that is filled in to begin with


def shared(visitor: Visitor) -> dict[str, Any]:
    """What all pages of organizers are given."""
    return {
        "csrf": visitor.csrf,
        "person": visitor.person,
        "words": WORDS,
        "states": organizing.STATES,
        "done": _DONE.get(request.args.get("done", ""), ""),
    }
