"""The address that a listing was filled in from, read again; what differs is proposed, and never published.

An owner's draft is left as it is: its owner is told what differs, and nothing is put into it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from conferences.fetching import Fetched, Fetcher
from conferences.reading import Draft, Reading, read_all
from conferences.watching import Difference, compare, read_note, to_note
from domain.errors import FetchRefused, InvalidDate, NotFound, Superseded, UnreadableListing
from domain.instants import to_timestamp
from domain.listing import Edition, Opportunity, State
from domain.listing_ports import Doubt, Listed, Listing, Listings, Watch

READ_AGAIN = timedelta(hours=20)
"""So long after a reading the next one is due: once a day, though the hour wanders."""
FAILURES_TOLD = 3
OVER = timedelta(days=14)
"""So long after it is over it is read on: some deadlines are extended on the day after."""
ANOTHER_YEAR = timedelta(days=270)
"""A page that tells of a day so much later tells of the next meeting, and not that this one has moved."""
GIVEN_UP = 30
"""After so many failures in a row an address is asked no more."""
NEXT = "next meeting"
CHANGED = "changed at its source"
"""What the audit calls it."""
_GONE = "no-longer-there"
_PROPOSED = (State.PUBLIC, State.IN_REVIEW)
Judge = Callable[[Listed, Listing], Sequence[Doubt]]
Shaped = Callable[[Draft], Draft]


@dataclass(frozen=True, slots=True)
class Reread:
    """What came of reading one address again."""

    watch: Watch
    """To be kept, once whoever it concerns was told."""
    outcome: str
    """`unchanged`, `proposed`, `told` (a draft, or fields that somebody typed), `next meeting`, `over`,
    `left alone`, or `failed: RULE`."""
    listed: Listed | None = None
    """As it stood before."""
    difference: Difference | None = None

    @property
    def has_failed(self) -> bool:
        """Whether the address could not be read."""
        return bool(self.watch.problem)


@dataclass(frozen=True, slots=True)
class Rereader:
    """Reads addresses again, for one node."""

    listings: Listings
    fetcher: Fetcher
    judge: Judge = lambda listed, listing: ()
    """Tells what speaks against a listing, for reviewers."""
    shaped: Shaped = lambda draft: draft
    """A draft as a form would hold it, for that is how it was listed."""

    def due(self, now: datetime, most: int) -> list[Watch]:
        """What is to be read, the longest unread first."""
        return self.listings.watches(to_timestamp(now - READ_AGAIN), GIVEN_UP, most)

    def read(self, watch: Watch, now: datetime) -> Reread:
        """Read one address, and hand in what differs. Raises `CatalogError`."""
        read = replace(watch, read_at=to_timestamp(now))
        try:
            listed = self.listings.listed(watch.listing)
        except NotFound:
            return Reread(read, "over")
        if not isinstance(listed.latest, Edition | Opportunity) or _is_over(listed.latest, now):
            return Reread(read, "over", listed)
        try:
            fetched = self.fetcher.get(watch.url, etag=watch.etag, modified=watch.modified)
            told = None if fetched.status == 304 else self._told(watch, fetched, listed.latest, now)
        except (FetchRefused, UnreadableListing) as error:
            return _failed(read, error.rule, listed)
        read = replace(read, failures=0, problem="")
        if told is None:
            return Reread(read, "unchanged", listed)
        return self._compared(read, fetched, listed, listed.latest, told)

    def _told(self, watch: Watch, fetched: Fetched, latest: Draft, now: datetime) -> Draft:
        draft = told_of(read_all(fetched, now), watch.key, type(latest))
        if draft is None:
            raise UnreadableListing("what was listed from there is there no longer", _GONE)
        return self.shaped(draft)

    def _compared(self, read: Watch, fetched: Fetched, listed: Listed, latest: Draft, told: Draft) -> Reread:
        before = read_note(read.told)
        difference = compare(latest, told, before)
        known = replace(read, told=to_note(told, before), etag=fetched.etag, modified=fetched.modified)
        if not difference.changes and not difference.kept:
            return Reread(known, "unchanged", listed)
        if _is_next(latest, told):
            return Reread(known, NEXT, listed, difference)
        if not difference.changes or listed.state not in _PROPOSED:
            return Reread(known, "told", listed, difference)
        try:
            self._propose(read, listed, difference)
        except Superseded:  # somebody is at it this very moment; the next reading compares anew
            return Reread(read, "left alone", listed)
        return Reread(known, "proposed", listed, difference)

    def _propose(self, watch: Watch, listed: Listed, difference: Difference) -> None:
        self.listings.save(
            difference.proposed,
            State.IN_REVIEW,
            source_name(watch),
            CHANGED,
            detail=", ".join(change.field for change in difference.changes),  # an address may be a secret
            doubts=self.judge(listed, difference.proposed),
            expected=listed.changed_at,
        )


def told_of(reading: Reading, key: str, kind: type[Draft]) -> Draft | None:
    """What a source tells of the listing it knows by that key; the only one there is, under any key."""
    same = [found.draft for found in reading.found if isinstance(found.draft, kind)]
    known = [found.draft for found in reading.found if found.key == key and isinstance(found.draft, kind)]
    if known:
        return known[0]
    return same[0] if len(same) == len(reading.found) == 1 else None


def source_name(watch: Watch) -> str:
    """By which the audit knows the source."""
    return f"source:{urlsplit(watch.url).hostname or ''}"[:200]


def _failed(read: Watch, rule: str, listed: Listed) -> Reread:
    failed = replace(read, failures=read.failures + 1, problem=rule)
    return Reread(failed, f"failed: {rule}", listed)


def _is_next(latest: Draft, told: Draft) -> bool:
    if not isinstance(latest, Edition) or not isinstance(told, Edition):
        return False
    try:
        return told.starts.day - latest.starts.day > ANOTHER_YEAR
    except InvalidDate:
        return False


def _is_over(draft: Draft, now: datetime) -> bool:
    try:
        then = now - OVER
        return draft.ends.ends() <= then if isinstance(draft, Edition) else not draft.is_open(then)
    except InvalidDate:  # a draft without its days is still to come
        return False
