"""The pages of one series and of one edition."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from conferences import jsonld
from conferences.calendar_links import web_calendars
from conferences.dates import deadline_title, deadline_words, left_words, span_words, utc_words
from conferences.plain import line, lines
from config import load_table
from domain.errors import InvalidDate, NotFound, SearchError
from domain.listing import Deadline, Edition, EventStatus, Fee, Series
from domain.listing_ports import Listed
from domain.paper import Paper, Version
from domain.plain import address
from domain.query import Query
from web.labels import label, language_name
from web.listings.conferences import Item, shown, to_entry, to_item
from web.listings.words import INCOME_COUNTRIES, money
from web.site import Site

NOT_STATED = "Not stated"
_ABSTRACTS = 10
_LOOKED_AT = 40
_PUBLISHED_WITHIN = 3
"""Years in which most of what was presented becomes an article, by whose year the index goes."""


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    """A deadline as the page tells it."""

    title: str
    until: str
    utc: str
    left: str
    """Empty: it has passed."""
    earlier: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeeRow:
    """What it costs somebody."""

    who: str
    amount: str


@dataclass(frozen=True, slots=True)
class Abstracts:
    """Papers presented at a meeting; None where search does not answer."""

    query: str
    papers: tuple[Paper, ...] | None


@dataclass(frozen=True, slots=True)
class SeriesView:
    """A series with its editions."""

    series: Series
    path: str
    upcoming: tuple[Item, ...]
    past: tuple[Item, ...]
    abstracts: Abstracts | None
    json_ld: dict[str, Any]


@dataclass(frozen=True, slots=True)
class EditionView:
    """An edition and all that is stated of it."""

    item: Item
    series: Series
    series_path: str
    deadlines: tuple[DeadlineRow, ...]
    fees: tuple[FeeRow, ...]
    facts: tuple[tuple[str, str], ...]
    url: str
    earlier: tuple[str, ...]
    calendars: tuple[tuple[str, str], ...]
    abstracts: Abstracts | None
    json_ld: dict[str, Any]

    @property
    def edition(self) -> Edition:
        """What is told."""
        return self.item.edition


def public_series(site: Site, slug: str) -> tuple[Listed, Series]:
    """A series that the public may see. Raises `NotFound`."""
    listed = shown(site).by_slug(slug)
    if not isinstance(listed.public, Series):
        raise NotFound("series", slug)
    return listed, listed.public


def public_edition(site: Site, series_slug: str, slug: str) -> tuple[Series, Listed, Edition]:
    """An edition that the public may see, with its series. Raises `NotFound`."""
    _, series = public_series(site, series_slug)
    listed = shown(site).by_slug(series_slug, slug)
    if not isinstance(listed.public, Edition):
        raise NotFound("edition", f"{series_slug}/{slug}")
    return series, listed, listed.public


def series_items(site: Site, listed: Listed, series: Series) -> list[Item]:
    """The public editions of a series, the newest first."""
    return list(_items(shown(site).editions(listed.id), series, site.clock()))


def show_series(site: Site, slug: str) -> SeriesView:
    """The page of a series. Raises `NotFound`."""
    listed, series = public_series(site, slug)
    items = series_items(site, listed, series)
    path = f"/conferences/{series.slug}"
    pages = [(item.edition, site.absolute(item.path)) for item in items]
    return SeriesView(
        series=series,
        path=path,
        upcoming=tuple(reversed([item for item in items if item.status is not EventStatus.PAST])),
        past=tuple(item for item in items if item.status is EventStatus.PAST),
        abstracts=_abstracts(site, series.meeting, None),
        json_ld=jsonld.event_series(series, site.absolute(path), pages),
    )


def show_edition(site: Site, series_slug: str, slug: str) -> EditionView:
    """The page of an edition. Raises `NotFound`."""
    series, listed, edition = public_edition(site, series_slug, slug)
    return view_edition(site, series, edition, listed.changed_at)


def view_edition(site: Site, series: Series, edition: Edition, changed_at: str) -> EditionView:
    """An edition as its page tells it, public or not yet. Raises `NotFound` where a day does not exist."""
    now, path = site.clock(), f"/conferences/{series.slug}"
    try:
        item = to_item(edition, series.slug, changed_at, now)
        url = site.absolute(item.path)
        return EditionView(
            item=item,
            series=series,
            series_path=path,
            deadlines=tuple(_deadline(deadline, edition, now) for deadline in _ordered(edition)),
            fees=tuple(_fee(fee) for fee in edition.fees),
            facts=tuple((name, lines(words, 800)) for name, words in _facts(edition)),
            url=address(edition.url),
            earlier=tuple(span_words(*days) for days in edition.earlier),
            calendars=web_calendars(to_entry(site, item)),
            abstracts=_abstracts(site, series.meeting, edition.starts.day.year),
            json_ld=jsonld.event(edition, url, (series, site.absolute(path))),
        )
    except InvalidDate as error:
        raise NotFound("edition", f"{series.slug}/{edition.slug}") from error


def _items(listed: list[Listed], series: Series, now: datetime) -> Iterator[Item]:
    for one in listed:
        if isinstance(one.public, Edition):
            try:
                yield to_item(one.public, series.slug, one.changed_at, now)
            except InvalidDate:
                continue


def _ordered(edition: Edition) -> list[Deadline]:
    return sorted(edition.deadlines, key=lambda deadline: deadline.moment.ends())


def _deadline(deadline: Deadline, edition: Edition, now: datetime) -> DeadlineRow:
    until = deadline.moment.ends()
    return DeadlineRow(
        title=line(deadline_title(deadline), 100),
        until=deadline_words(deadline.moment),
        utc=utc_words(until) if deadline.moment.zone != "UTC" or deadline.moment.whole_day else "",
        left="" if edition.cancelled else left_words(until, now),
        earlier=tuple(deadline_words(moment) for moment in deadline.earlier),
    )


def _fee(fee: Fee) -> FeeRow:
    groups = [INCOME_COUNTRIES.get(group, group) for group in fee.income_groups]
    parts = [fee.label, ", ".join(groups), "online" if fee.online else ""]
    who = "; ".join(part for part in parts if part) or "Everyone"
    amount = "Free" if fee.is_free else money(line(fee.amount, 40), fee.currency)
    return FeeRow(line(who[:1].upper() + who[1:], 200), amount)


def _facts(edition: Edition) -> Iterator[tuple[str, str]]:
    stated = {True: "Yes", False: "No", None: NOT_STATED}
    yield "Languages", ", ".join(language_name(code) for code in edition.languages) or NOT_STATED
    yield "Travel grants", edition.travel_grants or NOT_STATED
    yield "Letters for a visa", stated[edition.visa_letters]
    yield "Free seats online", edition.free_online_seats or NOT_STATED
    yield "Wheelchair access", stated[edition.venue.accessible]
    if edition.organizers:
        yield "Organized by", ", ".join(edition.organizers)
    if edition.cancer_types:
        yield "About", ", ".join(label("cancer_types", code) for code in edition.cancer_types)
    if edition.contact:
        yield "Contact", edition.contact


def _abstracts(site: Site, meeting: str, year: int | None) -> Abstracts | None:
    """Papers that name the meeting, those of one year where there is one."""
    if not meeting:
        return None
    name = str(load_table("meetings")["series"].get(meeting, {}).get("name", meeting))
    query = f'meeting:"{name}"'
    try:
        around = (year - 1, year + _PUBLISHED_WITHIN) if year else (None, None)
        asked = Query(f'meeting:"{meeting}"', year_from=around[0], year_to=around[1], size=_LOOKED_AT)
        page = site.index.search(replace(asked, meaning=False))
        papers = site.catalog.papers([hit.paper_id for hit in page.hits])
    except SearchError:
        return Abstracts(query, None)
    found = [paper for paper in papers if any(_presented(v, meeting, year) for v in paper.versions)]
    return Abstracts(query, tuple(found[:_ABSTRACTS]))


def _presented(version: Version, meeting: str, year: int | None) -> bool:
    own = version.meeting
    return bool(own and own.series == meeting and (year is None or own.year == year))
