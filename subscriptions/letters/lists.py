"""Lists of organizations as letters need them, each read once a minute at most."""

import time
from dataclasses import dataclass

from domain.errors import NotFound
from domain.subscription import ListIssue, MailingList, News
from domain.subscription_ports import Subscribers
from subscriptions.letters.plain import paragraphs

_GOOD_FOR = 60.0
_ISSUES = 10
_KEPT = 256


@dataclass(frozen=True, slots=True)
class _Held:
    mailing_list: MailingList | None
    issues: tuple[ListIssue, ...]
    until: float


class Lists:
    """Lists by their ids, with their last issues."""

    def __init__(self, subscribers: Subscribers) -> None:
        self._subscribers = subscribers
        self._held: dict[str, _Held] = {}

    def find(self, list_id: str) -> MailingList | None:
        """The list, if there is one."""
        return self._hold(list_id).mailing_list

    def note(self, news: News) -> tuple[str, ...]:
        """The paragraphs of the editor's note that such news is of: its list, and the slot of an issue."""
        issues = self._hold(news.target).issues
        return next((paragraphs(issue.note) for issue in issues if issue.slot == news.detail), ())

    def _hold(self, list_id: str) -> _Held:
        clock = time.monotonic()
        held = self._held.get(list_id)
        if held and held.until > clock:
            return held
        try:
            found = self._subscribers.mailing_list(list_id)
            issues = tuple(self._subscribers.issues(list_id, 0, _ISSUES)[1])
        except NotFound:
            found, issues = None, ()
        if len(self._held) >= _KEPT:
            self._held.clear()
        self._held[list_id] = held = _Held(found, issues, clock + _GOOD_FOR)
        return held
