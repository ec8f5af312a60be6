"""Who asked for which letters: wishes, subscriptions, their consent, and what a letter tells.

A wish is what is asked for, without who asks: a thousand people with the same wish are matched once.
Instants are ISO 8601 in UTC; zones are IANA names; languages BCP 47 tags.
"""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum

from domain.digest import Audience


class Rhythm(StrEnum):
    """How often a letter may come; nothing new, no letter."""

    IMMEDIATE = "immediate"
    """As soon as there is something, at most one an hour."""
    DAILY = "daily"
    WEEKLY = "weekly"
    """On Mondays."""
    MONTHLY = "monthly"
    """On the first of the month."""


class WishKind(StrEnum):
    """What can be asked for."""

    SEARCH = "search"
    """New papers that a search finds: `text` and `filters` as in the address of a search."""
    TOPIC = "topic"
    """New papers by `cancer_type`, `country` and `language` (of the paper); one value of each is enough."""
    MEETINGS = "meetings"
    """New conferences: `cancer_type`, `country`, `language`, `attendance`, and words in `text`."""
    DEADLINES = "deadlines"
    """Deadlines of such conferences that close within a fortnight."""
    SERIES = "series"
    """Everything new about the series whose id is `target`: editions, moved, cancelled, deadlines."""
    OPPORTUNITIES = "opportunities"
    """New opportunities, and those closing: also `kind`, and "for me" as `from`, `stage`."""
    PAPER = "paper"
    """What becomes of the paper whose id is `target`: notices, versions, trial results."""
    LIST = "list"
    """What the organization's list whose id is `target` sends."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a letter is to hold. Equal wishes have equal keys, whatever order their values were given in."""

    kind: WishKind
    text: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Field → values, as in the addresses of the lists; made canonical by `to_wish`."""
    target: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other wish: 32 hexadecimal digits."""
        told = json.dumps([self.kind, self.text, self.filters, self.target], ensure_ascii=True)
        return hashlib.sha256(told.encode()).hexdigest()[:32]

    def values(self, field: str) -> tuple[str, ...]:
        """The values asked for in a field; none where it does not narrow."""
        return dict(self.filters).get(field, ())


def to_wish(
    kind: WishKind, text: str = "", filters: dict[str, tuple[str, ...]] | None = None, target: str = ""
) -> Wish:
    """A wish in its one canonical form: fields and values sorted, each once, empty ones left out.

    Lines of a text stay lines, as a search may number them.
    """
    lines = (" ".join(line.split()) for line in text.splitlines())
    kept = {name: tuple(sorted(set(values))) for name, values in (filters or {}).items() if values}
    return Wish(kind, "\n".join(filter(None, lines)), tuple(sorted(kept.items())), target)


class SubscriptionState(StrEnum):
    """Where a subscription stands."""

    PENDING = "pending"
    """Asked for; nobody has confirmed it, so nothing but the question is sent."""
    ACTIVE = "active"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address that letters go to, and what was chosen for all of them. Nothing else is kept."""

    id: str
    email: str
    """Local part as given, domain in lower case."""
    language: str = "en"
    """That letters are written in."""
    zone: str = "UTC"
    hour: int = 7
    """The local hour from which daily, weekly and monthly letters may come."""
    paused_until: str = ""
    """No letters before this instant; `9999-12-31T00:00:00Z`: until taken up again; empty: not paused."""
    created_at: str = ""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One wish of one subscriber."""

    id: str
    subscriber: str
    wish: Wish
    rhythm: Rhythm = Rhythm.WEEKLY
    audience: Audience = Audience.PUBLIC
    state: SubscriptionState = SubscriptionState.PENDING
    asked_at: str = ""
    confirmed_at: str = ""
    """Only what is new after this is sent."""
    ended_at: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What proves that letters were asked for, or no longer are; kept until the subscriber erases it."""

    at: str
    act: str
    """`asked`, `confirmed`, `changed`, `paused`, `resumed`, `unsubscribed`, `one-click`, `bounced`,
    `complained`, `erased`."""
    subscription: str = ""
    wording: str = ""
    """Which wording of the form or page was agreed to: its version."""
    network: str = ""
    """A keyed hash of the network (/24, /48) it came from."""


class NewsKind(StrEnum):
    """What has happened."""

    PAPER = "paper"
    VERSION = "version"
    """A paper has got another version: a preprint was published."""
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"
    CONCERN = "concern"
    CORRECTED = "corrected"
    RESULTS = "results"
    """Another paper reports results of the trial that this one is about."""
    MEETING = "meeting"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DEADLINE = "deadline"
    """A deadline of a meeting closes soon."""
    OPPORTUNITY = "opportunity"
    CLOSING = "closing"
    """An opportunity closes soon."""
    NOTE = "note"
    """The editor's note of a list's issue: `target` is the list, `detail` the issue's slot."""

    @property
    def is_warning(self) -> bool:
        """Whether those who were told of the paper must be told of this, whatever they asked for."""
        return self in (NewsKind.RETRACTED, NewsKind.WITHDRAWN, NewsKind.CONCERN)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that a letter may tell."""

    kind: NewsKind
    target: str
    """The paper's or listing's id."""
    at: str
    """When we learnt of it."""
    detail: str = ""
    """Which deadline, which version, which other paper: a later one of the same kind is other news."""
    rank: float = 0.0
    """The higher, the earlier in a letter; comparable among news of one kind only."""

    @property
    def key(self) -> str:
        """What is sent to no subscriber twice."""
        return f"{self.kind}:{self.target}:{self.detail}"


class LetterKind(StrEnum):
    """Why a letter is sent."""

    CONFIRM = "confirm"
    """Whether it was really they who asked."""
    KNOWN = "known"
    """Somebody asked for what this address already gets; holds the link to its preferences."""
    ISSUE = "issue"
    RECALL = "recall"
    """A paper of an earlier letter was retracted, withdrawn or is in doubt."""


class LetterState(StrEnum):
    """Where a letter stands on its way."""

    QUEUED = "queued"
    CLAIMED = "claimed"
    """A sender has it among those it will send; nothing of it has left."""
    SENDING = "sending"
    """It is being handed over: if the sender dies now, nobody knows whether it went."""
    SENT = "sent"
    FAILED = "failed"
    """Refused for good."""
    UNCERTAIN = "uncertain"
    """Its sender died or lost the line before the answer; never sent again by itself."""
    DROPPED = "dropped"
    """No longer wanted when its turn came: unsubscribed, suppressed, erased."""


@dataclass(frozen=True, slots=True)
class Section:
    """What a letter holds for one subscription, the first news first."""

    subscription: str
    wish: Wish
    audience: Audience
    news: tuple[News, ...]
    more: int = 0
    """How many further news were left out; a link leads to them."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter in the outbox. It is put into words only when it is sent, from what is then true."""

    id: str
    """Random and unguessable: the web copy's address holds it."""
    kind: LetterKind
    subscriber: str
    slot: str
    """One letter per subscriber and slot, ever: `weekly/2026-W47`, `recall/<paper>/retracted` …"""
    sections: tuple[Section, ...] = ()
    rhythm: Rhythm | None = None
    state: LetterState = LetterState.QUEUED
    attempts: int = 0
    not_before: str = ""
    created_at: str = ""
    changed_at: str = ""
    answer: str = ""
    """What the mail server last said, shortened to a line."""


@dataclass(frozen=True, slots=True)
class MailingList:
    """A list that an organization sends under its own name: a wish, a rhythm, a look."""

    id: str
    slug: str
    name: str
    wish: Wish
    about: str = ""
    """What the list is and who sends it, in a few sentences."""
    rhythm: Rhythm = Rhythm.WEEKLY
    audience: Audience = Audience.PUBLIC
    language: str = "en"
    accent: str = "#0b5c6b"
    """The colour of its headings, `#rrggbb`."""
    reply_to: str = ""
    note: str = ""
    """The editor's note on top of the next issue; empty again once that has been put together."""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class ListIssue:
    """One issue of a list, as its archive shows it."""

    list_id: str
    slot: str
    at: str
    note: str
    news: tuple[News, ...]
