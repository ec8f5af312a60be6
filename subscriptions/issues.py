"""Issues of the lists of organizations: put together once for all who get them, with the editor's note."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.instants import to_timestamp
from domain.subscription import ListIssue, MailingList, News, NewsKind
from domain.subscription_ports import Subscribers
from subscriptions.ranking import once, ordered
from subscriptions.slots import LENGTHS, begun, slot
from subscriptions.standing import Standings

MOST = 25
"""So many items are in an issue."""
FIRST_ZONE = "Pacific/Kiritimati"
"""An issue is there before its day begins for any subscriber."""
_LATE = timedelta(hours=1)
_ITS_DAY = timedelta(days=2)
_EARLIER = 10
"""So many issues are looked through for what has been told."""


def compose_issues(subscribers: Subscribers, standings: Standings, now: datetime) -> int:
    """Put together the issues that are due; how many. Nothing new and no note: no issue."""
    made = 0
    for mailing_list in subscribers.mailing_lists():
        if not mailing_list.closed and (issue := _compose(subscribers, standings, mailing_list, now)):
            made += subscribers.save_issue(issue)
    return made


def issue_news(list_id: str, issue: ListIssue) -> list[News]:
    """What an issue tells, its note first; news from the day of the issue."""
    note = [News(NewsKind.NOTE, list_id, issue.at, issue.slot)] if issue.note else []
    return note + [replace(one, at=issue.at) for one in issue.news]


def _compose(
    subscribers: Subscribers, standings: Standings, mailing_list: MailingList, now: datetime
) -> ListIssue | None:
    name = slot(mailing_list.rhythm, FIRST_ZONE, 0, now)
    _, earlier = subscribers.issues(mailing_list.id, 0, _EARLIER)
    if not _is_due(name, earlier, now):
        return None
    since = now - LENGTHS[mailing_list.rhythm]
    if earlier:
        since = min(now, datetime.fromisoformat(earlier[0].at)) - _LATE
    told = subscribers.told(mailing_list.wish.key, to_timestamp(since))
    standings.look_up(told)
    known = {one.key for issue in earlier for one in issue.news}
    fresh = once(one for one in standings.current(told) if known.isdisjoint(standings.keys(one)))
    best = ordered(fresh, standings.digested(fresh, mailing_list.audience))[:MOST]
    if not best and not mailing_list.note:
        return None
    return ListIssue(mailing_list.id, name, to_timestamp(now), mailing_list.note, tuple(best))


def _is_due(name: str, earlier: Sequence[ListIssue], now: datetime) -> bool:
    """Whether a slot comes after the last issue's; a list that has had none waits for its day."""
    begins = begun(name, FIRST_ZONE)
    if begins is None:
        return False
    if not earlier:
        return now - begins <= _ITS_DAY
    before = begun(earlier[0].slot, FIRST_ZONE)
    return before is None or begins > before
