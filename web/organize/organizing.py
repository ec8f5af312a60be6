"""What people may do with what they list: who reaches it, what becomes of it, what is public at once.

Changes of what is public wait for a reviewer. That a meeting is cancelled is public at once, for somebody may
be about to travel; so is a later deadline, where the trust rules let its organizer say so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from conferences.reading.places import to_zone_name
from conferences.trust import may_publish_at_once, reason, refusals
from domain.account import Part, Person
from domain.errors import InvalidDate, NotAllowed, NotFound
from domain.listing import (
    Attendance,
    Deadline,
    Edition,
    Kind,
    Moment,
    Opportunity,
    OpportunityKind,
    Resource,
    ResourceKind,
    Series,
    State,
    Venue,
)
from domain.listing_ports import Accounts, Listed, Listing, Listings, Watch
from domain.ports import Mailer
from web.forms import FormRefused
from web.listings.trusting import judge, to_context
from web.organize.sealing import seal, unseal

_RANK = {Part.VIEWER: 0, Part.EDITOR: 1, Part.OWNER: 2}
ACTS: dict[str, Part] = {
    "see": Part.VIEWER,
    "change": Part.EDITOR,
    "unwatch": Part.EDITOR,
    "hand-in": Part.EDITOR,
    "extend": Part.EDITOR,
    "next": Part.EDITOR,
    "move": Part.OWNER,
    "cancel": Part.OWNER,
    "withdraw": Part.OWNER,
    "people": Part.OWNER,
    "audit": Part.OWNER,
}
"""What can be done, and the least part that it takes."""
STATES = {
    State.DRAFT: "Draft: seen by nobody else",
    State.IN_REVIEW: "Handed in: waits for a reviewer",
    State.PUBLIC: "Public",
    State.DECLINED: "Sent back by a reviewer",
    State.WITHDRAWN: "Withdrawn",
}
_AT_ONCE = ("cancelled", "held")
_YEAR = re.compile(r"\b(19|20)[0-9]{2}\b")
_A_YEAR = timedelta(weeks=52)
"""Meetings keep their days of the week."""


@dataclass(frozen=True, slots=True)
class Organizing:
    """What people do with listings, on one site."""

    listings: Listings
    accounts: Accounts
    mailer: Mailer
    site_name: str
    secret: str = field(default="", repr=False)
    """Seals what forms carry."""

    def part(self, person: Person, listed: Listed) -> Part | None:
        """The person's part in it."""
        return self.accounts.part(person.id, listed.id)

    def reach(self, person: Person, listing_id: str, act: str) -> Listed:
        """A listing with which the person may do `act`.

        Raises:
            NotFound: there is none, or the person has no part in it; which of the two is not told.
            NotAllowed: it takes more than the person's part.
        """
        listed = self.listings.listed(listing_id)
        part = self.part(person, listed)
        if part is None:
            raise NotFound("listing", listing_id)
        if not takes(part, act):
            raise NotAllowed(f"only an {ACTS[act]} may do this")
        return listed

    def save(self, person: Person, listing: Listing, expected: str | None) -> Listed:
        """Keep it as a draft. Raises `Superseded`."""
        act = "changed" if listing.id else "created"
        if not listing.id and isinstance(listing, Edition) and not listing.series:
            series = self.listings.save(to_series(listing), State.DRAFT, person.id, "created")
            listing = replace(listing, series=series.id)
        if isinstance(listing, Edition):
            listing = placed(listing)
            listing = replace(listing, slug=listing.slug or listing.starts.at[:4])
        if isinstance(listing, Opportunity):
            today = datetime.now(UTC).date().isoformat()
            facts = tuple(replace(fact, read_on=fact.read_on or today) for fact in listing.eligibility)
            listing = replace(listing, eligibility=facts)
        return self.listings.save(listing, State.DRAFT, person.id, act, expected=expected)

    def seal(self, person: Person, watch: Watch) -> str:
        """A watch as that person's form can carry it."""
        return seal(self.secret, person.id, watch)

    def watch(self, person: Person, listed: Listed, sealed: str) -> None:
        """Watch the page that a new listing was filled in from, where its form carries one."""
        if watch := unseal(self.secret, person.id, sealed):
            self.listings.watch(replace(watch, listing=listed.id))

    def hand_in(self, person: Person, listed: Listed) -> Listed:
        """Let it wait for a reviewer. Raises `NotAllowed` where the person's address is not proven."""
        if not person.proven:  # whoever signs in has proven it; this holds if another way in is ever built
            raise NotAllowed("the address of the account has to be proven first")
        listing = listed.latest
        if isinstance(listing, Edition):
            series = self.listings.listed(listing.series)
            if series.public is None and series.state in (State.DRAFT, State.DECLINED, State.WITHDRAWN):
                self._hand_in(person, series)
        return self._hand_in(person, listed)

    def objections(self, person: Person, listed: Listed) -> list[str]:
        """Why it cannot be handed in as it is."""
        return [reason(doubt.rule) for doubt in refusals(judge(self.listings, listed.latest, person))]

    def change_fact(
        self, person: Person, listed: Listed, change: Callable[[Listing], Listing], act: str, detail: str = ""
    ) -> Listed:
        """Change a fact in what is public, at once where that harms nobody, and in what is proposed.

        What may not be public at once waits for a reviewer. Raises `InvalidDate`, `FormRefused`.
        """
        public, proposed, state = listed.public, listed.proposed, listed.state
        if public is None:
            return self._save(listed, change(listed.latest), state, person, act, detail)
        if act not in _AT_ONCE and not self._is_trusted(person, public, change(public)):
            listed = self._save(listed, change(listed.latest), State.IN_REVIEW, person, act, detail)
            return self._hand_in(person, listed)
        listed = self._save(listed, change(public), State.PUBLIC, person, act, detail)
        if proposed is not None:
            listed = self._save(listed, change(proposed), state, person, act, detail)
        return listed

    def _is_trusted(self, person: Person, public: Listing, changed: Listing) -> bool:
        context = to_context(self.listings, changed, person.id, datetime.now(UTC))
        return may_publish_at_once(public, changed, context)

    def withdraw(self, person: Person, listed: Listed) -> Listed:
        """Take it from the public."""
        return self._save(listed, listed.latest, State.WITHDRAWN, person, "withdrawn")

    def invite(self, person: Person, listed: Listed, email: str, part: Part, *, tell: bool = True) -> None:
        """Give a part to whoever has that address, and `tell` them. Raises `NotAllowed`, `MailError`."""
        other = self.accounts.create(email, "")
        if other.id == person.id:
            raise NotAllowed("one's own part is changed by another owner")
        self.accounts.set_part(other.id, owner_of(listed), part, person.id)
        if not tell:
            return
        self.mailer.send(
            email,
            f"You were asked to help with a listing at {self.site_name}",
            "Somebody asked you to help with a listing. Sign in with this address to see it. If you know"
            " nothing of it, do nothing.\n",
        )

    def hand_over(self, person: Person, listed: Listed, other: str) -> None:
        """Make another who has a part in it its owner, and oneself an editor. Raises `NotAllowed`."""
        key = owner_of(listed)
        if other == person.id or other not in {m.person for m in self.accounts.memberships(key)}:
            raise FormRefused(400, "Choose somebody who has a part in it.")
        if not self.accounts.person(other).proven:
            raise FormRefused(400, "They have not signed in yet. Hand it over once they have.")
        self.accounts.set_part(other, key, Part.OWNER, person.id)
        self.accounts.set_part(person.id, key, Part.EDITOR, person.id)

    def latest_edition(self, person: Person, listed: Listed) -> Listed:
        """The edition to copy: this one, or the newest of the series, drafts included. Raises `NotFound`."""
        if listed.kind is Kind.EDITION:
            return listed
        editions = self._editions(person, listed.id)
        if not editions:
            raise NotFound("edition", listed.id)
        return max(editions, key=lambda one: one.latest.starts.at if isinstance(one.latest, Edition) else "")

    def _editions(self, person: Person, series: str) -> list[Listed]:
        owned = self.listings.owned(person.id)
        return [one for one in owned if isinstance(one.latest, Edition) and one.latest.series == series]

    def twin(self, person: Person, edition: Edition) -> Listed | None:
        """Another edition of its series that begins in the same year."""
        several = self._editions(person, edition.series)
        return next((one for one in several if _is_twin(edition, one)), None)

    def _hand_in(self, person: Person, listed: Listed) -> Listed:
        return self.listings.save(
            listed.latest,
            State.IN_REVIEW,
            person.id,
            "handed-in",
            doubts=judge(self.listings, listed.latest, person),
            expected=listed.changed_at,
        )

    def _save(
        self, listed: Listed, listing: Listing, state: State, person: Person, act: str, detail: str = ""
    ) -> Listed:
        return self.listings.save(
            listing,
            state,
            person.id,
            act,
            detail=detail,
            doubts=listed.doubts,
            answer=listed.answer,
            expected=listed.changed_at,
        )


def owner_of(listed: Listed) -> str:
    """The listing whose owners own this one: for an edition, its series."""
    return listed.latest.series if isinstance(listed.latest, Edition) else listed.id


def blank(kind: Kind) -> Listing:
    """A listing that says nothing yet. Raises `NotFound`."""
    if kind is Kind.OPPORTUNITY:
        return Opportunity("", OpportunityKind.TRAINING, "", "", "")
    if kind is Kind.RESOURCE:
        return Resource("", ResourceKind.DATABASE, "", "")
    if kind is Kind.EDITION:
        return Edition("", "", "", "", Moment("", "UTC"), Moment("", "UTC"))
    raise NotFound("form", kind)


def to_series(edition: Edition) -> Series:
    """The series of a meeting that is listed for the first time."""
    title = " ".join(_YEAR.sub("", edition.title).split()).strip(" -–,:") or edition.title
    return Series(
        "", "", title, url=edition.url, organizers=edition.organizers, cancer_types=edition.cancer_types
    )


def _is_twin(edition: Edition, other: Listed) -> bool:
    its = other.latest
    same = isinstance(its, Edition) and its.starts.at[:4] == edition.starts.at[:4]
    return same and other.id != edition.id and other.state is not State.WITHDRAWN


def placed(edition: Edition) -> Edition:
    """The same with its whole days in the zone of its place: the form asks for none."""
    here = "" if edition.attendance is Attendance.ONLINE else _zone_of(edition.venue)
    starts = _zoned(edition.starts, here)
    return replace(edition, starts=starts, ends=_zoned(edition.ends, here or starts.zone))


def _zone_of(venue: Venue) -> str:
    return to_zone_name(venue.country, venue.city)


def _zoned(moment: Moment, zone: str) -> Moment:
    return replace(moment, zone=zone) if zone and moment.whole_day and moment.zone == "UTC" else moment


def next_edition(edition: Edition) -> Edition:
    """Last year's edition a year later: days and deadlines moved, titles with the new year.

    Raises:
        InvalidDate: a day of last year's does not exist.
    """
    year = edition.starts.day.year
    starts, ends = _later(edition.starts), _later(edition.ends)
    deadlines = tuple(replace(d, moment=_later(d.moment), earlier=()) for d in edition.deadlines)
    title = _YEAR.sub(lambda m: str(int(m[0]) + 1) if int(m[0]) == year else m[0], edition.title)
    return replace(
        edition,
        id="",
        slug=str(starts.day.year),
        title=title,
        starts=starts,
        ends=ends,
        deadlines=deadlines,
        earlier=(),
        cancelled=False,
        sequence=0,
    )


def shifted(edition: Edition, days: int) -> Edition:
    """The same with its deadlines so many days later: they follow the days of the meeting."""
    return replace(
        edition,
        deadlines=tuple(replace(d, moment=_later(d.moment, timedelta(days))) for d in edition.deadlines),
    )


def extended(edition: Edition, deadline: Deadline, moment: Moment) -> Edition:
    """The same with one deadline, told by kind and label, at a later moment.

    Raises:
        FormRefused: that is not later, or after the meeting.
    """
    kept = []
    for old in edition.deadlines:
        if (old.kind, old.label) != (deadline.kind, deadline.label):
            kept.append(old)
        elif moment.ends() <= old.moment.ends():
            raise FormRefused(422, "That is not later than the deadline as it stands.")
        elif moment.begins() > edition.ends.ends():
            raise FormRefused(422, "That is after the meeting is over.")
        else:
            kept.append(replace(old, moment=moment, earlier=(*old.earlier, old.moment)))
    return replace(edition, deadlines=tuple(kept))


def takes(part: Part | None, act: str) -> bool:
    """Whether who has that part may do that."""
    return part is not None and _RANK[part] >= _RANK[ACTS[act]]


def _later(moment: Moment, by: timedelta = _A_YEAR) -> Moment:
    try:
        return replace(moment, at=(moment.day + by).isoformat() + moment.at[10:])
    except OverflowError as error:
        raise InvalidDate(moment.at) from error
