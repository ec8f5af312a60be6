"""Meetings and opportunities as items of a letter; what has closed or passed meanwhile is told no more."""

from datetime import datetime

from domain.listing import (
    Attendance,
    Deadline,
    DeadlineKind,
    Edition,
    EventStatus,
    Moment,
    Opportunity,
    Series,
    Venue,
)
from domain.subscription import News, NewsKind
from subscriptions.letters.items import LONGEST_TITLE, Item, Tag
from subscriptions.letters.links import site_path
from subscriptions.letters.plain import line
from subscriptions.letters.wording import Phrase, Words, day_of

_LONGEST_NAME = 120
_DEADLINES = 3


def to_edition(
    news: News, edition: Edition, series: Series, words: Words, site: str, now: datetime
) -> Item | None:
    """A meeting as it is now; None where there is nothing left to tell. Raises `InvalidDate`."""
    status = edition.status(now)
    cancelled = status is EventStatus.CANCELLED
    if status is EventStatus.PAST or (cancelled and news.kind is not NewsKind.CANCELLED):
        return None
    if news.kind is NewsKind.CANCELLED and not cancelled:
        return None
    due = [] if cancelled else [one for one in edition.deadlines if one.is_open(now)]
    if news.kind is NewsKind.DEADLINE:
        kind = news.detail.partition("|")[0]
        due = [one for one in due if is_meant(one, news.detail)] or [one for one in due if one.kind == kind]
        if not due:
            return None
    due.sort(key=lambda one: one.moment.ends())
    language = edition.languages[0] if len(edition.languages) == 1 else ""
    return Item(
        title=Phrase(line(edition.title, LONGEST_TITLE) or edition.id, language),
        url=site_path(site, "conferences", series.slug, edition.slug),
        tags=_tags(news, status, words),
        means=_means(edition, status, words),
        dates=tuple(
            _deadline(one, words) for one in due[: 1 if news.kind is NewsKind.DEADLINE else _DEADLINES]
        ),
        facts=_facts(edition, words),
    )


def to_opportunity(news: News, one: Opportunity, words: Words, site: str, now: datetime) -> Item | None:
    """An opportunity as it is now; None once it has closed. Raises `InvalidDate`."""
    if not one.is_open(now):
        return None
    closes = words("closes", when=words.moment(one.closes, end=True)) if one.closes else words("open_ended")
    state = Tag(words("closing"), "care") if news.kind is NewsKind.CLOSING else Tag(words("listed"), "good")
    language = one.languages[0] if len(one.languages) == 1 else ""
    facts = (
        words.label("opportunity_kinds", one.kind),
        Phrase(line(one.provider, _LONGEST_NAME)),
        *_place(one.venue, one.attendance, words),
    )
    return Item(
        title=Phrase(line(one.title, LONGEST_TITLE) or one.id, language),
        url=site_path(site, "opportunities", one.id),
        tags=(state,),
        dates=(closes,),
        facts=tuple(fact for fact in facts if fact),
    )


def is_meant(deadline: Deadline, detail: str) -> bool:
    """Whether news of that detail (`abstract|2027-03-06|AoE`) is about the deadline as it stands now."""
    return detail == f"{deadline.kind}|{deadline.moment.at}|{deadline.moment.zone}"


def _tags(news: News, status: EventStatus, words: Words) -> tuple[Tag, ...]:
    if status is EventStatus.CANCELLED:
        return (Tag(words("meeting_cancelled"), "stop"),)
    if news.kind is NewsKind.MOVED:
        return (Tag(words("meeting_moved"), "care"),)
    if news.kind is NewsKind.DEADLINE:
        return (Tag(words("deadline"), "care"),)
    return (Tag(words("listed"), "good"),) if news.kind is NewsKind.MEETING else ()


def _means(edition: Edition, status: EventStatus, words: Words) -> tuple[Tag, ...]:
    if status is EventStatus.CANCELLED:
        return (Tag(words("cancelled_means"), "stop"),)
    if not edition.earlier:
        return ()
    starts, ends = edition.earlier[-1]
    return (Tag(words("moved_means", days=words.span(starts, ends))),)


def _deadline(deadline: Deadline, words: Words) -> Phrase:
    """“Abstracts: until 6 March 2027, 24:00 anywhere on Earth (was 1 March 2027)”."""
    kind = words.label("deadline_kinds", deadline.kind)
    label = line(deadline.label, _LONGEST_NAME)
    what = kind.text
    if label:
        what = label if deadline.kind is DeadlineKind.OTHER else f"{what} ({label})"
    told = words("until", what=what, when=words.moment(deadline.moment, end=True))
    before = _before(deadline.earlier, words)
    return Phrase(told.text + before, told.language)


def _before(earlier: tuple[Moment, ...], words: Words) -> str:
    day = day_of(earlier[-1]) if earlier else ""
    return f" ({words('extended', when=words.day(day)).text})" if day else ""


def _facts(edition: Edition, words: Words) -> tuple[Phrase, ...]:
    return (
        Phrase(words.span(edition.starts, edition.ends), words.language),
        *_place(edition.venue, edition.attendance, words),
    )


def _place(venue: Venue, attendance: Attendance, words: Words) -> tuple[Phrase, ...]:
    country = words.label("countries", venue.country) if venue.country else Phrase("")
    where = words("comma").text.join(filter(None, (line(venue.city, _LONGEST_NAME), country.text)))
    how = words.label("attendance", attendance) if attendance is not Attendance.ON_SITE else Phrase("")
    return tuple(phrase for phrase in (Phrase(where, country.language), how) if phrase)
