"""Rules about days: those that do not exist, in the wrong order, gone, or far off."""

from collections.abc import Iterator
from datetime import timedelta

from conferences.trust.case import Case, day_of
from config import load_table
from domain.errors import InvalidDate
from domain.listing import DeadlineKind, Moment, Opportunity

_BEFORE = frozenset(DeadlineKind) - {DeadlineKind.PAPER, DeadlineKind.OTHER, DeadlineKind.REGISTRATION}
"""What is of no use once a meeting has begun; papers for the proceedings may come after it."""


def no_such_date(case: Case) -> Iterator[str]:
    """A day, time or zone that does not exist."""
    for moment in _moments(case):
        try:
            moment.ends()
        except InvalidDate:
            yield f"{moment.at} {moment.zone}"


def ends_before_start(case: Case) -> Iterator[str]:
    """The last day, or minute, lies before the first."""
    if not case.starts or not case.ends or not day_of(case.starts) or not day_of(case.ends):
        return
    try:
        if case.ends.ends() <= case.starts.begins():
            yield f"{case.starts.at} to {case.ends.at}"
    except InvalidDate:
        return


def deadline_after_start(case: Case) -> Iterator[str]:
    """A deadline that nobody can make use of; on the day itself there is no doubt."""
    starts, ends = day_of(case.starts), day_of(case.ends)
    for deadline in case.deadlines:
        day = day_of(deadline.moment)
        last = ends if deadline.kind is DeadlineKind.REGISTRATION else starts
        if day and last and deadline.kind in _BEFORE | {DeadlineKind.REGISTRATION} and day > last:
            yield f"{deadline.kind} until {deadline.moment.at}"
    if isinstance(case.listing, Opportunity) and ends:
        closes = day_of(case.listing.closes)
        if closes and closes > ends:
            yield f"closes on {closes}"


def over(case: Case) -> Iterator[str]:
    """It has ended, and nothing of its series is known."""
    ends = day_of(case.ends) or day_of(case.starts)
    if ends and not case.context.known and ends < case.context.now.date() - timedelta(days=1):
        yield f"ended on {ends}"


def far_ahead(case: Case) -> Iterator[str]:
    """It is more years ahead than meetings are prepared for."""
    starts, years = day_of(case.starts), int(load_table("trust")["years"])
    if starts and starts > case.context.now.date() + timedelta(days=round(365.25 * years)):
        yield f"starts on {starts}"


def too_long(case: Case) -> Iterator[str]:
    """It lasts longer than meetings do; opportunities may."""
    starts, ends = day_of(case.starts), day_of(case.ends)
    if isinstance(case.listing, Opportunity) or not starts or not ends:
        return
    if (ends - starts).days >= load_table("trust")["days"]:
        yield f"{(ends - starts).days + 1} days"


def _moments(case: Case) -> Iterator[Moment]:
    yield from (moment for moment in (case.starts, case.ends) if moment)
    yield from (deadline.moment for deadline in case.deadlines)
    if isinstance(case.listing, Opportunity):
        yield from (moment for moment in (case.listing.opens, case.listing.closes) if moment)
