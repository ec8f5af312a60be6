"""The reviewers' desk for listings: what waits, one listing beside what is public, and what was decided."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from conferences import trust
from conferences.calendar_out import place_line
from conferences.dates import span_words
from conferences.trust import Severity, Verdict
from conferences.trust.case import to_host
from config import load_table
from domain.account import AuditEntry, Part, Permission, Person
from domain.errors import InvalidDate, MailError, NotAllowed, NotFound
from domain.listing import Edition, Kind, State
from domain.listing_ports import Accounts, Doubt, Listed, Listings
from domain.ports import Mailer
from web.forms import FormRefused
from web.listings.trusting import judge_again
from web.moderate.decisions import ACTS, NO_ANSWER, STATES, TOLD, Decision, to_answer, to_decision
from web.moderate.diff import Row, to_rows
from web.params import clean

PAGE_SIZE = 20
_LOG = logging.getLogger("web")
_STALE = "Somebody has changed or decided this since you opened it. Load the page again."


@dataclass(frozen=True, slots=True)
class Told:
    """A broken rule, as reviewers see it."""

    rule: str
    severity: Severity
    weight: int
    reason: str
    """What owners are told."""
    detail: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing with what speaks against it."""

    listed: Listed
    verdict: Verdict
    score: int
    doubts: tuple[Told, ...]

    @property
    def new(self) -> bool:
        """Whether nothing of it is public yet."""
        return self.listed.public is None

    @property
    def gist(self) -> str:
        """When and where, or by whom, and on whose page: what a reviewer looks at first."""
        latest, parts = self.listed.latest, []
        if isinstance(latest, Edition):
            try:
                parts.append(span_words(latest.starts, latest.ends))
            except InvalidDate:
                parts.append("no days that exist")
            parts.append(place_line(latest.venue, latest.attendance))
        parts.append(getattr(latest, "provider", ""))
        parts.append(to_host(latest.url))
        return " · ".join(part[:120] for part in parts if part)


@dataclass(frozen=True, slots=True)
class QueueView:
    """One page of what waits."""

    total: int
    entries: tuple[Entry, ...]
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ItemView:
    """One listing on the desk."""

    entry: Entry
    rows: tuple[Row, ...]
    audit: tuple[tuple[AuditEntry, str], ...]
    """What was done, with the name of who did it."""
    series: Listed | None
    own: bool
    """The reviewer has a part in it."""
    answers: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What reviewers do with listings, on one site."""

    listings: Listings
    accounts: Accounts
    mailer: Mailer | None
    site_name: str
    organize_url: str
    clock: Callable[[], datetime]

    def queue(self, page: int) -> QueueView:
        """A page of what waits, the oldest first, with the doubts of when it was handed in."""
        total, several = self.listings.queue((page - 1) * PAGE_SIZE, PAGE_SIZE)
        entries = tuple(to_entry(listed, listed.doubts) for listed in several)
        return QueueView(total, entries, page, -(-total // PAGE_SIZE))

    def show(self, listing_id: str, person: Person, now: datetime) -> ItemView:
        """One listing with the doubts of now. Raises `NotFound`."""
        entry = self.judged(self.listings.listed(listing_id), now)
        listed = entry.listed
        return ItemView(
            entry=entry,
            rows=to_rows(listed.public, listed.latest),
            audit=tuple((one, self._name(one.person)) for one in self.listings.audit(listed.id)),
            series=self._series(listed),
            own=self.is_own(listed, person),
            answers=tuple(load_table("answers")["answers"]),
        )

    def judged(self, listed: Listed, now: datetime) -> Entry:
        """The listing, judged beside what is here by now."""
        return to_entry(listed, judge_again(self.listings, listed, self._account(listed), now))

    def decide(self, listing_id: str, form: Mapping[str, str], person: Person, now: datetime) -> bool:
        """Carry out what a reviewer decided, and tell the owners; False where the letter did not get out.

        Raises:
            FormRefused: the form says nothing that can be done, or is about another state of the listing.
            NotAllowed: the reviewer's own listing.
        """
        decision, answer = to_decision(form), to_answer(form)
        entry = self.judged(self.listings.listed(listing_id), now)
        self.check(entry, decision, answer, form.get("seen", ""), person, sure=bool(form.get("sure")))
        self.carry_out(entry, decision, answer, person)
        return self.tell(entry.listed, decision, answer)

    def check(
        self, entry: Entry, decision: Decision, answer: str, seen: str, person: Person, *, sure: bool
    ) -> None:
        """See that it can be done. Raises as `decide`."""
        listed = entry.listed
        if seen != listed.changed_at:
            raise FormRefused(409, _STALE)
        if self.is_own(listed, person) and Permission.ADMINISTER not in person.permissions:
            raise NotAllowed("reviewers do not decide about listings of their own")
        if decision is Decision.WITHDRAW and listed.public is None:
            raise FormRefused(409, "It is not public, so it cannot be withdrawn. Decline it instead.")
        if decision in (Decision.CHANGES, Decision.DECLINE) and listed.state is not State.IN_REVIEW:
            raise FormRefused(409, "Nothing of it waits for a decision. A public listing can be withdrawn.")
        if decision is not Decision.APPROVE and not answer:
            raise FormRefused(400, NO_ANSWER)
        if decision is Decision.APPROVE:
            _check_approval(entry, sure=sure)

    def carry_out(self, entry: Entry, decision: Decision, answer: str, person: Person) -> Listed:
        """Save the decision with its entry in the audit. Raises `Superseded`."""
        listed = entry.listed
        if decision is Decision.APPROVE and listed.state is not State.IN_REVIEW and listed.public:
            return self._keep(entry, answer, person)
        # Owners read the audit: it holds what they were told, and neither score nor doubts.
        said = answer.partition("\n")[0][:200]
        return self.listings.save(
            listed.latest,
            STATES[decision],
            person.id,
            ACTS[decision],
            detail=said,
            doubts=tuple(Doubt(told.rule, told.detail) for told in entry.doubts),
            answer=answer,
            expected=listed.changed_at,
        )

    def _keep(self, entry: Entry, answer: str, person: Person) -> Listed:
        """Dismiss what readers reported; a draft beside what is public stays its owners'."""
        listed = entry.listed
        assert listed.public is not None
        act, expected = ACTS[Decision.APPROVE], listed.changed_at
        kept = self.listings.save(
            listed.public, State.PUBLIC, person.id, act, detail="reports", answer=answer, expected=expected
        )
        if listed.proposed is None:
            return kept
        state = State.DRAFT if listed.state is State.PUBLIC else listed.state
        return self.listings.save(
            listed.proposed, state, person.id, "draft-kept", answer=answer, expected=kept.changed_at
        )

    def tell(self, listed: Listed, decision: Decision, answer: str) -> bool:
        """Write to its owners; what was decided stands even where the letter does not get out."""
        if not self.mailer:
            return False
        title = clean(listed.latest.title)[:200]
        why = answer or "Thank you for listing it."
        text = f"{TOLD[decision]}: {title}\n\n{why}\n\n{self.organize_url}\n"
        try:
            for address in self._owners(listed):
                self.mailer.send(address, f"{TOLD[decision]} at {self.site_name}", text)
        except MailError as error:
            _LOG.warning("owners of listing %s were not told: %s", listed.id, error)
            return False
        return True

    def is_own(self, listed: Listed, person: Person) -> bool:
        """Whether the reviewer has a part in it."""
        return self.accounts.part(person.id, listed.id) is not None

    def _owners(self, listed: Listed) -> list[str]:
        parts = self.accounts.memberships(_owned_as(listed))
        people = (self.accounts.person(one.person) for one in parts if one.part is not Part.VIEWER)
        return [person.email for person in people if person.proven and not person.locked]

    def _account(self, listed: Listed) -> str:
        parts = self.accounts.memberships(_owned_as(listed))
        return next((one.person for one in parts if one.part is Part.OWNER), "")

    def _name(self, person: str) -> str:
        try:
            return self.accounts.person(person).name or "an account without a name"
        except NotFound:
            return person[:40] or "somebody whose account is gone"

    def _series(self, listed: Listed) -> Listed | None:
        if not isinstance(listed.latest, Edition):
            return None
        try:
            return self.listings.listed(listed.latest.series)
        except NotFound:
            return None


def to_entry(listed: Listed, doubts: Sequence[Doubt]) -> Entry:
    """A listing with what speaks against it, in words."""
    known = [doubt for doubt in doubts if doubt.rule in load_table("trust")["rules"]]
    told = tuple(
        Told(one.rule, trust.severity(one.rule), trust.score([one]), trust.reason(one.rule), one.detail)
        for one in known
    )
    return Entry(listed, trust.verdict(known), trust.score(known), told)


def _check_approval(entry: Entry, *, sure: bool) -> None:
    refusing = [told for told in entry.doubts if told.severity is Severity.REFUSE]
    if refusing:
        raise FormRefused(409, f"It breaks a rule that allows no exception: {refusing[0].reason}")
    if entry.listed.state is State.DRAFT and entry.listed.public is None:
        raise FormRefused(409, "It was not handed in.")
    if entry.verdict is Verdict.HELD and not sure:
        raise FormRefused(409, "It is held. Read its warnings, and tick that you have looked into them.")


def _owned_as(listed: Listed) -> str:
    """Under which listing parts in it are kept."""
    latest = listed.latest
    return latest.series if listed.kind is Kind.EDITION and isinstance(latest, Edition) else listed.id
