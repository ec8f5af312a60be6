"""What the calendars of societies tell, handed in as proposals for review; nothing becomes public here."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from conferences.fetching import Fetcher
from conferences.reading import Draft, Found, read_all
from conferences.reading.drafts import fold
from conferences.watching import compare, last_note, to_note
from domain.errors import ConfigError, FetchRefused, InvalidDate, NotFound, Superseded, UnreadableListing
from domain.listing import Edition, Opportunity, Series, State
from domain.listing_ports import Doubt, Listing, Listings

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_NUMBERS = re.compile(r"\b(?:(?:19|20)\d\d|\d{1,3}(?:st|nd|rd|th))\b", re.IGNORECASE)
Judge = Callable[[Listing], Sequence[Doubt]]

_LEFT_ALONE = (State.DRAFT, State.DECLINED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A row of `config/calendars.toml`."""

    name: str
    url: str
    society: str
    cancer_types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """By what a source knows whether our copy is still good."""

    etag: str = ""
    modified: str = ""


@dataclass(slots=True)
class Gathered:
    """What came of one calendar."""

    calendar: str
    counts: Counter[str] = field(default_factory=Counter)
    """`new`, `changed`, `unchanged`, `past`, `left alone`, and `refused: RULE`."""
    problem: str = ""
    """Why it could not be read at all."""
    mark: Mark | None = None
    """To be given the next time; None where something has to be tried again."""


def load_calendars(table: Mapping[str, Mapping[str, object]]) -> list[Calendar]:
    """The calendars of `config/calendars.toml`. Raises `ConfigError`."""
    return [_to_calendar(name, row) for name, row in sorted(table.items())]


def _to_calendar(name: str, row: Mapping[str, object]) -> Calendar:
    where = f"config/calendars.toml: [{name}]"
    if not _NAME.fullmatch(name):
        raise ConfigError(where, "a name has lower case letters, figures and hyphens")
    if unknown := row.keys() - {"url", "society", "cancer-types"}:
        raise ConfigError(where, f"unknown: {', '.join(sorted(unknown))}")
    url, society, types = row.get("url"), row.get("society"), row.get("cancer-types", [])
    if not isinstance(url, str) or not isinstance(society, str) or not url or not society:
        raise ConfigError(where, "give `url` and `society`")
    if not isinstance(types, list) or not all(isinstance(code, str) for code in types):
        raise ConfigError(where, "`cancer-types` is a list of codes")
    return Calendar(name, url, society, tuple(types))


def gather(
    calendar: Calendar,
    fetcher: Fetcher,
    listings: Listings,
    now: datetime,
    mark: Mark | None = None,
    judge: Judge = lambda listing: (),
) -> Gathered:
    """Read a calendar and hand in what is new or has changed.

    Args:
        mark: what the last reading left, which spares the server an answer that we have.
        judge: tells what speaks against a listing, for reviewers.

    Raises:
        CatalogError: of the database.
    """
    report, known = Gathered(calendar.name), mark or Mark()
    try:
        fetched = fetcher.get(calendar.url, etag=known.etag, modified=known.modified)
        if fetched.status == 304:
            report.mark = known
            return report
        reading = read_all(fetched, now)
    except (FetchRefused, UnreadableListing) as error:
        report.problem = f"{error.rule}: {error}"
        return report
    report.counts.update(f"refused: {refusal.rule}" for refusal in reading.refused)
    missed = False
    for found in reading.found:
        try:
            report.counts[_hand_in(found, calendar, listings, now, judge)] += 1
        except Superseded:  # somebody is at it this very moment; the next reading compares anew
            report.counts["left alone"] += 1
            missed = True
    report.mark = None if missed else Mark(fetched.etag, fetched.modified)
    return report


def _hand_in(found: Found, calendar: Calendar, listings: Listings, now: datetime, judge: Judge) -> str:
    """Propose one draft; what came of it."""
    draft = _of_calendar(found.draft, calendar)
    draft = replace(draft, id=_id(calendar.name, "listing", found.key))
    try:
        listed = listings.listed(draft.id)
    except NotFound:
        if _is_over(draft, now):
            return "past"
        if isinstance(draft, Edition):
            draft = replace(draft, series=_series(draft, calendar, listings))
        listings.save(
            draft,
            State.IN_REVIEW,
            source_name(calendar),
            "gathered",
            detail=to_note(draft),
            doubts=judge(draft),
            expected="",
        )
        return "new"
    if listed.state in _LEFT_ALONE or not isinstance(listed.latest, Edition | Opportunity):
        return "left alone"
    before = last_note(listings.audit(draft.id))
    difference = compare(listed.latest, draft, before)
    if not difference.changes:
        return "left alone" if difference.kept else "unchanged"
    listings.save(
        difference.proposed,
        State.IN_REVIEW,
        source_name(calendar),
        "changed at its source",
        detail=to_note(draft, before),
        doubts=judge(difference.proposed),
        expected=listed.changed_at,
    )
    return "changed"


def _of_calendar(draft: Draft, calendar: Calendar) -> Draft:
    """With what is known of all that a calendar lists."""
    types = draft.cancer_types or calendar.cancer_types
    if isinstance(draft, Edition):
        return replace(draft, cancer_types=types, organizers=draft.organizers or (calendar.society,))
    return replace(
        draft, cancer_types=types, provider=draft.provider or calendar.society, source=calendar.url
    )


def _series(edition: Edition, calendar: Calendar, listings: Listings) -> str:
    """The id of the series that an edition belongs to by its title, which is handed in with its first one."""
    title = " ".join(_NUMBERS.sub(" ", edition.title).split()).strip(" -–—:,") or edition.title
    series = Series(
        id=_id(calendar.name, "series", fold(title)),
        slug="",
        title=title,
        url=edition.url,
        organizers=(calendar.society,),
        cancer_types=edition.cancer_types,
    )
    try:
        listings.listed(series.id)
    except NotFound:
        listings.save(series, State.IN_REVIEW, source_name(calendar), "gathered", expected="")
    return series.id


def source_name(calendar: Calendar) -> str:
    """By which the audit knows who handed something in."""
    return f"calendar:{calendar.name}"


def _id(*parts: str) -> str:
    """The same id for the same thing at every reading, and one that no calendar can choose."""
    text = "\n".join(part.replace("\n", " ") for part in parts)
    return "g" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:19]


def _is_over(draft: Draft, now: datetime) -> bool:
    try:
        if isinstance(draft, Edition):
            return draft.ends.ends() <= now
        return not draft.is_open(now)
    except InvalidDate:
        return True


def chosen(calendars: Sequence[Calendar], names: Sequence[str]) -> list[Calendar]:
    """The calendars of those names, or all. Raises `ConfigError`."""
    if unknown := set(names) - {calendar.name for calendar in calendars}:
        raise ConfigError("config/calendars.toml", f"there is no calendar {', '.join(sorted(unknown))}")
    return [calendar for calendar in calendars if not names or calendar.name in names]
