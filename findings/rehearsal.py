"""A round of letters without its consequences: all that would be saved is kept in memory."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from catalog.letters.subscribers import SqlSubscribers
from catalog.sqlcatalog import SqlCatalog
from domain.addresses import domain_of
from domain.instants import to_timestamp
from domain.subscription import ListIssue, News, Rhythm, Section, Subscriber, SubscriptionState
from domain.subscription_ports import Composed, Round, Subscribers
from findings.news import Round as Done
from findings.news import write_letters

_READING = frozenset(
    [
        "subscriber",
        "several",
        "by_email",
        "subscription",
        "subscriptions",
        "counts",
        "wishes",
        "sent_keys",
        "recipients",
        "mailing_list",
        "mailing_lists",
        "suppression",
    ]
)


class Rehearsal:
    """Stands before the subscribers: reads them, and remembers what it is told to save."""

    def __init__(self, subscribers: Subscribers, only: Subscriber | None = None) -> None:
        """As if letters to `only`, and to nobody else, were due; None: those that are."""
        self._subscribers = subscribers
        self._only = only
        self._told: dict[str, dict[str, News]] = {}
        self._positions: dict[str, int] = {}
        self._issues: dict[str, list[ListIssue]] = {}
        self._recalled: set[tuple[str, str]] = set()
        self.domains: Counter[str] = Counter()
        """Domain → how many letters would go there."""
        self.letters: dict[str, tuple[Section, ...]] = {}
        """Subscriber → what the first letter to them would hold."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the real ones give
        if name not in _READING:  # what is not known to save nothing might
            raise AttributeError(name)
        return getattr(self._subscribers, name)

    def position(self, name: str = "outbox") -> int:
        """Up to where news has been told."""
        return self._positions.get(name, self._subscribers.position(name))

    def reach(self, position: int, name: str = "outbox") -> None:
        """Remember the position."""
        self._positions[name] = position

    def tell(self, matched: Mapping[str, Sequence[News]]) -> None:
        """Remember the news."""
        for key, news in matched.items():
            self._told.setdefault(key, {}).update((one.key, one) for one in news)

    def told(self, wish_key: str, since: str, until: str = "", limit: int = 200) -> list[News]:
        """What was told, then and now."""
        found = {one.key: one for one in self._subscribers.told(wish_key, since, until, limit)}
        for key, one in self._told.get(wish_key, {}).items():
            if one.at > since and (not until or one.at <= until):
                found.setdefault(key, one)
        return list(found.values())[:limit]

    def rounds(self, now: datetime, after: str = "", limit: int = 200) -> list[Round]:
        """The rounds that are due; those of the one person that matters, all at once."""
        if self._only is None:
            return self._subscribers.rounds(now, after, limit)
        if after:
            return []
        mine = self._subscribers.subscriptions(self._only.id)
        active = [one for one in mine if one.state is SubscriptionState.ACTIVE]
        return [
            Round(self._only, rhythm, to_timestamp(now), "", tuple(wanted))
            for rhythm in Rhythm
            if (wanted := [one for one in active if one.rhythm is rhythm])
        ]

    def compose(self, composed: Sequence[Composed]) -> int:
        """Count the letters."""
        written = [one for one in composed if one.sections]
        for one in written:
            self.domains[domain_of(one.round.subscriber.email)] += 1
            self.letters.setdefault(one.round.subscriber.id, one.sections)
        return len(written)

    def recall(self, subscriber_ids: Sequence[str], news: News, now: datetime) -> int:
        """Count the letters."""
        fresh = {(name, news.key) for name in subscriber_ids} - self._recalled
        self._recalled |= fresh
        self.domains.update(domain_of(self._subscribers.subscriber(name).email) for name, _ in sorted(fresh))
        return len(fresh)

    def save_issue(self, issue: ListIssue) -> bool:
        """Remember the issue of a list."""
        self._issues.setdefault(issue.list_id, []).insert(0, issue)
        return True

    def issues(self, list_id: str, offset: int = 0, limit: int = 20) -> tuple[int, list[ListIssue]]:
        """The issues of a list, those of this round too."""
        number, found = self._subscribers.issues(list_id, offset, limit)
        fresh = self._issues.get(list_id, [])
        return number + len(fresh), ([*fresh, *found] if offset == 0 else found)[:limit]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What a round would do."""

    done: Done
    domains: Counter[str]
    letters: dict[str, tuple[Section, ...]]
    """Subscriber → what the first letter to them would hold."""


def rehearse(catalog: SqlCatalog, now: datetime, folder: Path, only: Subscriber | None = None) -> Rehearsed:
    """Go through a round without saving anything. Raises `CatalogError`, `SearchError`."""
    stand_in, rehearsed = Rehearsal(catalog.subscribers, only), copy(catalog)
    rehearsed.subscribers = cast("SqlSubscribers", stand_in)
    done = write_letters(rehearsed, now, folder)
    return Rehearsed(done, stand_in.domains, stand_in.letters)


def names(domains: Iterable[tuple[str, int]], most: int = 10) -> list[tuple[str, int]]:
    """The domains that most letters go to; the rest in one row."""
    ranked = sorted(domains, key=lambda pair: (-pair[1], pair[0]))
    rest = sum(number for _, number in ranked[most:])
    return [*ranked[:most], *([("other domains", rest)] if rest else [])]
