"""What the pages of meetings show: lists narrowed by what a reader asks, a series, an edition."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlencode

from conferences.calendar_out import Entry, place_line
from conferences.dates import deadline_title, deadline_words, left_words, span_words
from conferences.plain import line
from domain.errors import InvalidDate, NotFound
from domain.listing import Deadline, Edition, EventStatus, Kind, Moment, Series
from domain.listing_ports import Listed, Listings, Wanted
from domain.listing_terms import ATTENDED
from web.labels import label, language_name, table
from web.listings.lists import Choice, cancer_types, countries, languages, to_choice
from web.listings.words import ATTENDANCE, TAKING_PART
from web.params import Params, clean, first, integer
from web.site import Site

PAGE_SIZE = 20
JSON_SIZE = 100
WHOLE_SIZE = 500
"""Meetings in one calendar or table: about 1 MB, which calendars still take; the soonest come first."""
BATCH = 500
MONTHS_AHEAD = 18
STATUSES = {
    EventStatus.ANNOUNCED: "Announced",
    EventStatus.OPEN: "Open",
    EventStatus.RUNNING: "Now on",
    EventStatus.CANCELLED: "Cancelled",
    EventStatus.MOVED: "Moved",
    EventStatus.PAST: "Past",
}
SUPPORT = {
    "travel": "Travel grants",
    "visa": "Letters for a visa",
    "online": "Free seats online",
}
_TABLES = {"country": "countries", "cancer_type": "cancer_types", "language": "languages"}
_MOST_VALUES = 20
_LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A list as asked for: what it wants, and the parameters that ask for it again."""

    wanted: Wanted
    pairs: tuple[tuple[str, str], ...]
    past: bool

    def address(self, **more: object) -> str:
        """The query string of this list, with `more`; a value of None leaves a parameter out."""
        kept = [(name, value) for name, value in self.pairs if name not in more]
        return urlencode(kept + [(name, str(value)) for name, value in more.items() if value is not None])


@dataclass(frozen=True, slots=True)
class Item:
    """One edition in a list."""

    edition: Edition
    path: str
    changed_at: str
    status: EventStatus
    now: datetime

    @property
    def when(self) -> str:
        """Its days in words."""
        return span_words(self.edition.starts, self.edition.ends)

    @property
    def where(self) -> str:
        """Where it meets, in words."""
        return place_line(self.edition.venue, self.edition.attendance)

    @property
    def due(self) -> str:
        """The next deadline in words; empty: none is open."""
        if not (soonest := self._soonest()):
            return ""
        return f"{line(deadline_title(soonest), 80)} until {deadline_words(soonest.moment)}"

    @property
    def left(self) -> str:
        """How long is left until the next deadline."""
        soonest = self._soonest()
        return left_words(soonest.moment.ends(), self.now) if soonest else ""

    @property
    def turns(self) -> tuple[Moment, ...]:
        """The moments at whose ends it is something else: it begins, is over, or a deadline has passed."""
        starts = self.edition.starts
        begins = replace(starts, at=f"{starts.at}T00:00") if starts.whole_day else starts
        return (begins, self.edition.ends, *(deadline.moment for deadline in self.edition.deadlines))

    def _soonest(self) -> Deadline | None:
        if self.status in {EventStatus.CANCELLED, EventStatus.PAST}:
            return None
        due = [deadline for deadline in self.edition.deadlines if deadline.is_open(self.now)]
        return min(due, key=lambda deadline: deadline.moment.ends(), default=None)

    @property
    def title(self) -> str:
        """Its title on one line, without what would turn the text around it."""
        return line(self.edition.title)

    @property
    def said(self) -> str:
        """What it is just now, in a word."""
        return STATUSES[self.status]

    @property
    def how(self) -> str:
        """How one can take part."""
        return ATTENDANCE[self.edition.attendance]


@dataclass(frozen=True, slots=True)
class ListView:
    """One page of a list of meetings."""

    asked: Asked
    total: int
    items: tuple[Item, ...]
    page: int
    pages: int

    @property
    def onwards(self) -> str | None:
        """The query string of its next page; None: there is none."""
        return self.asked.address(page=self.page + 1) if self.page < self.pages else None

    @property
    def note(self) -> str:
        """What a calendar of it leaves out, and how to get at that; empty: nothing."""
        if self.pages < 2:
            return ""
        return (
            f"{len(self.items)} of {self.total} meetings, page {self.page} of {self.pages}. Choose a country,"
            " cancer type or month, and subscribe to that list: a calendar holds no more at once."
        )

    @property
    def title(self) -> str:
        """What the list holds, for feeds and calendars."""
        words = [_named(name, value) for name, value in self.asked.pairs if name != "past"]
        return ", ".join(["Past cancer meetings" if self.asked.past else "Cancer meetings", *words])


def shown(site: Site) -> Listings:
    """The site's listings. Raises `NotFound` where it has none."""
    if site.listings is None:
        raise NotFound("page", "conferences")
    return site.listings


def to_asked(params: Params, now: datetime) -> Asked:
    """Read a list from parameters; what is not valid is left out."""
    pairs: list[tuple[str, str]] = []
    found: dict[str, tuple[str, ...]] = {}
    for name, rows in _TABLES.items():
        known = table(rows)
        values = tuple(dict.fromkeys(clean(value) for value in params.get(name, ())))[:_MOST_VALUES]
        found[name] = tuple(value for value in values if value in known)
        pairs += [(name, value) for value in found[name]]
    words = first(params, "q")[:200]
    attendance = first(params, "attendance")
    chosen = ATTENDED.get(attendance, ())
    month, past = _month(first(params, "month")), first(params, "past") == "yes"
    is_open = first(params, "open") == "yes" and not past
    support = first(params, "support")
    support = support if support in SUPPORT else ""
    told = {
        "q": words,
        "attendance": attendance if chosen else "",
        "month": f"{month[0]:%Y-%m}" if month else "",
        "support": support,
        "open": "yes" if is_open else "",
        "past": "yes" if past else "",
    }
    since = None if past else now
    if month:
        since = max(month[0], since) if since else month[0]
    wanted = Wanted(
        kind=Kind.EDITION,
        countries=found["country"],
        cancer_types=found["cancer_type"],
        languages=found["language"],
        attendance=chosen,
        support=(support,) if support else (),
        words=words,
        since=since,
        until=month[1] if month else None,
        over_at=now if past else None,
        open_at=now if is_open else None,
    )
    return Asked(wanted, tuple(pairs + [(name, value) for name, value in told.items() if value]), past)


def list_page(site: Site, params: Params, size: int = PAGE_SIZE) -> ListView:
    """One page of the list asked for."""
    now = site.clock()
    asked, page = to_asked(params, now), min(max(integer(params, "page") or 1, 1), _LAST_PAGE)
    total, found = shown(site).public(asked.wanted, (page - 1) * size, size)
    return ListView(asked, total, to_items(site, found, now), page, -(-total // size))


def every_item(site: Site, asked: Asked) -> Iterator[Item]:
    """All of the list, however long."""
    offset, now = 0, site.clock()
    while True:
        _, found = shown(site).public(asked.wanted, offset, BATCH)
        yield from to_items(site, found, now)
        offset += BATCH
        if len(found) < BATCH:
            return


def to_items(site: Site, found: list[Listed], now: datetime) -> tuple[Item, ...]:
    """What a list shows of each; those that cannot be shown are left out."""
    editions = [(listed, listed.public) for listed in found if isinstance(listed.public, Edition)]
    wanted = list(dict.fromkeys(edition.series for _, edition in editions))
    series = {one.id: one.public for one in shown(site).several(wanted) if isinstance(one.public, Series)}
    items = []
    for listed, edition in editions:
        if own := series.get(edition.series):
            try:
                items.append(to_item(edition, own.slug, listed.changed_at, now))
            except InvalidDate:
                continue
    return tuple(items)


def to_item(edition: Edition, series_slug: str, changed_at: str, now: datetime) -> Item:
    """What a list shows of an edition. Raises `InvalidDate`."""
    for moment in (edition.starts, edition.ends, *(d.moment for d in edition.deadlines)):
        moment.ends()  # a page that is half written cannot leave it out any more
    path = f"/conferences/{series_slug}/{edition.slug}"
    return Item(edition, path, changed_at, edition.status(now), now)


def to_entry(site: Site, item: Item) -> Entry:
    """An item as calendars and feeds take it."""
    return Entry(item.edition, site.absolute(item.path), item.changed_at)


def filters(asked: Asked, now: datetime) -> tuple[Choice, ...]:
    """What the list can be narrowed by, and what it is."""
    cancers = dict(sorted(cancer_types().items(), key=lambda pair: pair[1]))
    given = (
        ("country", "Country", countries()),
        ("cancer_type", "Cancer type", cancers),
        ("month", "Month", dict(_months(now, asked))),
        ("attendance", "Taking part", TAKING_PART),
        ("support", "Help to take part", SUPPORT),
        ("language", "Language", languages()),
    )
    return tuple(
        to_choice(name, title, words, [value for key, value in asked.pairs if key == name])
        for name, title, words in given
    )


def _months(now: datetime, asked: Asked) -> list[tuple[str, str]]:
    found, first_day = [], datetime(now.year, now.month, 1, tzinfo=UTC)
    for _ in range(MONTHS_AHEAD):
        found.append((f"{first_day:%Y-%m}", f"{first_day:%B %Y}"))
        first_day = _following(first_day)
    asked_for = dict(asked.pairs).get("month", "")
    if asked_for and asked_for not in dict(found):
        found.insert(0, (asked_for, _named("month", asked_for)))
    return found


def _month(text: str) -> tuple[datetime, datetime] | None:
    if not re.fullmatch(r"[12]\d\d\d-(0[1-9]|1[0-2])", text):
        return None
    begin = datetime(int(text[:4]), int(text[5:]), 1, tzinfo=UTC)
    return begin, _following(begin)


def _following(month: datetime) -> datetime:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)


def _named(name: str, value: str) -> str:
    if name == "language":
        return language_name(value)
    if name in _TABLES:
        return label(_TABLES[name], value)
    if name == "attendance":
        return TAKING_PART[value].lower()
    if name == "support":
        return SUPPORT[value].lower()
    if name == "month":
        begins = _month(value)
        return f"{begins[0]:%B %Y}" if begins else value
    return "open deadlines" if name == "open" else f"“{value}”"
