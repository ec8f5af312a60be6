"""Letters put together: what is new for each subscriber whose letter is due, ranked, capped, told once.

A page of rounds at a time, so that memory does not grow with the subscribers; what a wish was told is asked
once for all who share it.
"""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.digest import Audience
from domain.instants import to_timestamp
from domain.ports import Catalog
from domain.subscription import News, NewsKind, Rhythm, Section, Subscription, Wish, WishKind
from domain.subscription_ports import Composed, Round, Subscribers
from subscriptions.issues import compose_issues, issue_news
from subscriptions.listings_news import FORTNIGHT, is_open
from subscriptions.ranking import once, ordered
from subscriptions.setbacks import Setbacks, note_time
from subscriptions.slots import begun, named, next_due, since, slot
from subscriptions.standing import Standings

SECTION, LETTER, ISSUE = 10, 25, 25
"""So many items are in a section, in a letter, in the section of a list; what is left out is counted."""
_ROUNDS = 250
_TOLD = 300
_KEPT = 60_000
"""So many news are remembered within a run."""
_LATE = timedelta(minutes=10)
_ISSUES = 10
_CLOSES = (NewsKind.DEADLINE, NewsKind.CLOSING)
_WITH_CLOSING = (WishKind.DEADLINES, WishKind.SERIES, WishKind.OPPORTUNITIES)


@dataclass(slots=True)
class Composing:
    """What a run has done."""

    issues: int = 0
    rounds: int = 0
    letters: int = 0
    news: int = 0


def compose(catalog: Catalog, subscribers: Subscribers, now: datetime) -> Composing:
    """Put together every letter that is due. Raises `CatalogError`."""
    standings = Standings(catalog)
    done = Composing(issues=compose_issues(subscribers, standings, now))
    composer = Composer(subscribers, standings, now, note_time(subscribers, now))
    after = ""
    while rounds := subscribers.rounds(now, after, _ROUNDS):
        composed = composer.compose(rounds)
        done.rounds += len(rounds)
        done.news += sum(len(section.news) for one in composed for section in one.sections)
        done.letters += subscribers.compose(composed) if composed else 0
        after = f"{rounds[-1].subscriber.id}/{rounds[-1].rhythm}"
    return done


class Composer:
    """Puts rounds together, as of one instant."""

    def __init__(
        self, subscribers: Subscribers, standings: Standings, now: datetime, setbacks: Setbacks
    ) -> None:
        self._subscribers = subscribers
        self._setbacks = setbacks
        self._standings = standings
        self._now = now
        self._told = _Told(subscribers)

    def compose(self, rounds: Sequence[Round]) -> list[Composed]:
        """What becomes of each; those of which nothing is to be saved are left out."""
        found = {id(one): self._candidates(one) for one in rounds if self._is_due(one)}
        self._standings.look_up(news for several in found.values() for one in several for news in one)
        sent = self._sent(rounds, list(found.values()))
        composed = []
        for one in rounds:
            taken = sent.setdefault(one.subscriber.id, set())
            sections = self._sections(one, found.get(id(one), []), taken)
            if kept := self._composed(one, sections):
                composed.append(kept)
        return composed

    def _is_due(self, one: Round) -> bool:
        """Not where its time is still to be reckoned, nor where the slot has had its turn."""
        if one.rhythm is Rhythm.IMMEDIATE:
            return True
        return bool(one.due_at) and self._slot(one) != one.slot

    def _composed(self, one: Round, sections: tuple[Section, ...]) -> Composed | None:
        name, person = self._slot(one), one.subscriber
        if one.rhythm is Rhythm.IMMEDIATE:
            if not sections:  # it stays due
                return Composed(one, name, to_timestamp(self._now)) if name != one.slot else None
            return Composed(one, name, to_timestamp(next_due(one.rhythm, "", 0, self._now)), sections)
        due = next_due(one.rhythm, person.zone, person.hour, self._now)
        if one.due_at:
            return Composed(one, name, to_timestamp(due), sections)
        # Its hour or place was changed: slots that had their letter do not get another at the new hour.
        for _ in range(2):
            if slot(one.rhythm, person.zone, person.hour, due) <= named(one.slot):
                due = next_due(one.rhythm, person.zone, person.hour, due)
        told = begun(one.slot)
        return Composed(one, since(told, one.slot) if told else one.slot, to_timestamp(due))

    def _slot(self, one: Round) -> str:
        return slot(one.rhythm, one.subscriber.zone, one.subscriber.hour, self._now)

    def _candidates(self, one: Round) -> list[list[News]]:
        floor = self._floor(one)
        return [list(self._new(wanted, floor)) for wanted in one.subscriptions]

    def _floor(self, one: Round) -> str:
        """Since when news counts: what came before was told; empty: since confirmed."""
        told = begun(one.slot, one.subscriber.zone, one.subscriber.hour)
        return to_timestamp(self._setbacks.before(told, self._now) - _LATE) if told else ""

    def _new(self, wanted: Subscription, floor: str) -> Iterator[News]:
        told = max(floor, wanted.confirmed_at)
        if wanted.wish.kind is WishKind.LIST:
            yield from (one for one in self._told.issues(wanted.wish.target) if one.at > told)
            return
        start = floor or f"{wanted.confirmed_at[:10]}T00:00:00Z"
        if wanted.wish.kind in _WITH_CLOSING:
            start = min(start, to_timestamp(self._now - FORTNIGHT))
        for one in self._told.news(wanted.wish, start):
            if one.kind in _CLOSES:
                if is_open(one, self._now):
                    yield one
            elif one.at > told:
                yield one

    def _sent(self, rounds: Sequence[Round], found: Sequence[list[list[News]]]) -> dict[str, set[str]]:
        keys = {
            key for several in found for some in several for one in some for key in self._standings.keys(one)
        }
        if not keys:
            return {}
        people = list(dict.fromkeys(one.subscriber.id for one in rounds))
        return {name: set(sent) for name, sent in self._subscribers.sent_keys(people, keys).items()}

    def _sections(
        self, one: Round, candidates: Sequence[Sequence[News]], taken: set[str]
    ) -> tuple[Section, ...]:
        """What is told; it goes into `taken`, so that nothing is told in two sections or letters."""
        found: dict[int, list[News]] = {}
        # Who asked for little is served first: what a narrow wish is about may have no room in a broad one.
        for number in sorted(range(len(candidates)), key=lambda place: len(candidates[place])):
            wanted = one.subscriptions[number]
            if fresh := self._fresh(candidates[number], wanted.audience, taken):
                found[number] = fresh
                taken.update(item.key for item in fresh[: _most(wanted.wish)])
        chosen = [(one.subscriptions[number], found[number]) for number in sorted(found)]
        shares = shared_out([(len(news), _most(wanted.wish)) for wanted, news in chosen])
        sections = [
            Section(wanted.id, wanted.wish, wanted.audience, tuple(news[:share]), len(news) - share)
            for (wanted, news), share in zip(chosen, shares, strict=True)
        ]
        return tuple(sorted(sections, key=lambda section: not section.news[0].kind.is_warning))

    def _fresh(self, news: Sequence[News], audience: Audience, taken: set[str]) -> list[News]:
        """What can be told and was not yet, in the order of a letter; what is new and closes soon, once."""
        standings = self._standings
        kept = once(one for one in standings.current(news) if taken.isdisjoint(standings.keys(one)))
        return ordered(kept, standings.digested(kept, audience))


def shared_out(wanted: Sequence[tuple[int, int]], most: int = LETTER) -> list[int]:
    """How many items each section gets, given how many it has and may have: in turn, and each at least one.

    >>> shared_out([(30, 10), (2, 10), (30, 10), (30, 10)])
    [8, 2, 8, 7]
    """
    shares = [0] * len(wanted)
    while True:
        for number, (has, may) in enumerate(wanted):
            if shares[number] < min(has, may) and (sum(shares) < most or not shares[number]):
                shares[number] += 1
        if sum(shares) >= most or all(share >= min(pair) for share, pair in zip(shares, wanted, strict=True)):
            return shares


def _most(wish: Wish) -> int:
    return ISSUE if wish.kind is WishKind.LIST else SECTION


class _Told:
    """What wishes were told, asked once for all who share them; bounded by the number of news."""

    def __init__(self, subscribers: Subscribers) -> None:
        self._subscribers = subscribers
        self._kept: OrderedDict[tuple[str, str], list[News]] = OrderedDict()
        self._size = 0

    def news(self, wish: Wish, since: str) -> list[News]:
        """News of a wish."""
        key = (wish.key, since)
        if key not in self._kept:
            self._keep(key, self._subscribers.told(wish.key, since, "", _TOLD))
        self._kept.move_to_end(key)
        return self._kept[key]

    def issues(self, list_id: str) -> list[News]:
        """What the latest issues of a list tell."""
        key = (list_id, "")
        if key not in self._kept:
            _, issues = self._subscribers.issues(list_id, 0, _ISSUES)
            self._keep(key, [one for issue in issues for one in issue_news(list_id, issue)])
        return self._kept[key]

    def _keep(self, key: tuple[str, str], news: list[News]) -> None:
        self._kept[key] = news
        self._size += len(news) + 1
        while self._size > _KEPT and len(self._kept) > 1:
            _, gone = self._kept.popitem(last=False)
            self._size -= len(gone) + 1
