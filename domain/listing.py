"""What people list for others: conferences in series and editions, opportunities, shared resources.

Status is never stored: it is told from dates at the moment of reading, so that nothing stays open for want of
a job. Times are ISO 8601 with an IANA zone beside them, or the zone `AoE` (anywhere on Earth, UTC−12); a date
alone is a whole day. Countries are ISO 3166-1 alpha-2 codes, languages BCP 47 tags.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.errors import InvalidDate
from domain.profile import fold

AOE = "AoE"
"""Anywhere on Earth: a deadline has passed when it has passed everywhere."""
RESERVED_SLUGS = frozenset({"calendar", "embed", "feed", "list", "map", "new", "search"})
"""No meeting is called so: the site may want a page of that name."""
_LONGEST_SLUG = 60
_AOE_ZONE = timezone(timedelta(hours=-12))


class Kind(StrEnum):
    """What is listed."""

    SERIES = "series"
    EDITION = "edition"
    OPPORTUNITY = "opportunity"
    RESOURCE = "resource"


class State(StrEnum):
    """How far a listing has come on its way to the public."""

    DRAFT = "draft"
    """Saved, seen by its owners alone."""
    IN_REVIEW = "in-review"
    PUBLIC = "public"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class EventStatus(StrEnum):
    """What an edition is at a moment."""

    ANNOUNCED = "announced"
    """It is to come; nothing is open yet or any more."""
    OPEN = "open"
    """It is to come, and a deadline can still be met."""
    RUNNING = "running"
    CANCELLED = "cancelled"
    MOVED = "moved"
    """It is to come on other days than first announced."""
    PAST = "past"


class Attendance(StrEnum):
    """How one can take part."""

    ON_SITE = "on-site"
    ONLINE = "online"
    HYBRID = "hybrid"


class DeadlineKind(StrEnum):
    """What a deadline is for."""

    ABSTRACT = "abstract"
    LATE_BREAKING = "late-breaking"
    PAPER = "paper"
    EARLY_REGISTRATION = "early-registration"
    REGISTRATION = "registration"
    TRAVEL_GRANT = "travel-grant"
    VISA_LETTER = "visa-letter"
    APPLICATION = "application"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, or a time of a day, in a zone."""

    at: str
    """`2027-03-06`, or `2027-03-06T23:59`: local to the zone."""
    zone: str = AOE
    """An IANA name (`Africa/Nairobi`), `UTC` or `AoE`."""

    @property
    def whole_day(self) -> bool:
        """Whether no time of the day is given."""
        return "T" not in self.at

    @property
    def day(self) -> date:
        """The local day. Raises `InvalidDate`."""
        try:
            return date.fromisoformat(self.at[:10])
        except ValueError as error:
            raise InvalidDate(self.at) from error

    def begins(self) -> datetime:
        """The instant at which it begins, in UTC. Raises `InvalidDate`."""
        return self._instant(time.min)

    def ends(self) -> datetime:
        """The instant from which it is over: a day's last, or the minute given. Raises `InvalidDate`."""
        if self.whole_day:
            following = Moment((self.day + timedelta(days=1)).isoformat(), self.zone)
            return following.begins()
        return self._instant(time.min)

    def _instant(self, otherwise: time) -> datetime:
        try:
            clock = otherwise if self.whole_day else time.fromisoformat(self.at[11:])
            local = datetime.combine(self.day, clock.replace(tzinfo=None), to_zone(self.zone))
            return local.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InvalidDate(f"{self.at} {self.zone}") from error


def to_zone(name: str) -> ZoneInfo | timezone:
    """The zone of that name. Raises `InvalidDate`."""
    if name == AOE:
        return _AOE_ZONE
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidDate(f"no time zone is called {name!r}") from error


def slug(title: str) -> str:
    """What stands for `title` in an address; empty where it has no Latin letter and no digit.

    >>> slug("Société d’Oncologie: 5th Annual Meeting")
    'societe-d-oncologie-5th-annual-meeting'
    """
    words = re.findall("[a-z0-9]+", fold(title))
    kept = [word for n, word in enumerate(words) if len("-".join(words[: n + 1])) <= _LONGEST_SLUG]
    return "-".join(kept) or "".join(words[:1])[:_LONGEST_SLUG]


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when something can be done; `earlier` are the moments it stood at before it was extended."""

    kind: DeadlineKind
    moment: Moment
    label: str = ""
    earlier: tuple[Moment, ...] = ()

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be met."""
        return now < self.moment.ends()


@dataclass(frozen=True, slots=True)
class Fee:
    """What it costs, for whom; `amount` 0 is free."""

    amount: str
    currency: str
    """ISO 4217."""
    label: str = ""
    """Whom it is for, in words ("members", "students")."""
    income_groups: tuple[str, ...] = ()
    """World Bank groups it is for (`L`, `LM`, `UM`, `H`); none: everyone."""
    online: bool = False

    @property
    def is_free(self) -> bool:
        """Whether it is told to cost nothing; "0,00" too, but not what has no amount."""
        return "0" in self.amount and not self.amount.strip("0., ")


@dataclass(frozen=True, slots=True)
class Venue:
    """Where an edition meets."""

    country: str = ""
    city: str = ""
    name: str = ""
    address: str = ""
    accessible: bool | None = None
    """Whether a wheelchair gets in and about; None: not stated."""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """An annual meeting as such."""

    id: str
    slug: str
    title: str
    acronym: str = ""
    summary: str = ""
    url: str = ""
    organizers: tuple[str, ...] = ()
    cancer_types: tuple[str, ...] = ()
    """Codes of `config/cancer_types.toml`."""
    meeting: str = ""
    """Code of `config/meetings.toml`, which abstracts in the catalog name."""


@dataclass(frozen=True, slots=True)
class Edition:
    """One year's meeting of a series."""

    id: str
    series: str
    """`Series.id`."""
    slug: str
    """Usually the year."""
    title: str
    starts: Moment
    ends: Moment
    summary: str = ""
    url: str = ""
    attendance: Attendance = Attendance.ON_SITE
    venue: Venue = Venue()
    languages: tuple[str, ...] = ("en",)
    cancer_types: tuple[str, ...] = ()
    organizers: tuple[str, ...] = ()
    contact: str = ""
    deadlines: tuple[Deadline, ...] = ()
    fees: tuple[Fee, ...] = ()
    travel_grants: str = ""
    """Who gets help with travel and how, in words; empty: not stated."""
    visa_letters: bool | None = None
    free_online_seats: str = ""
    cancelled: bool = False
    earlier: tuple[tuple[Moment, Moment], ...] = ()
    """The days it was first announced for, before it was moved."""
    sequence: int = 0
    """Rises with every public change, as RFC 5545 wants it."""

    def status(self, now: datetime) -> EventStatus:
        """What it is at that instant (aware)."""
        if self.cancelled:
            return EventStatus.CANCELLED
        if now >= self.ends.ends():
            return EventStatus.PAST
        if now >= self.starts.begins():
            return EventStatus.RUNNING
        if any(deadline.is_open(now) for deadline in self.deadlines):
            return EventStatus.OPEN
        return EventStatus.MOVED if self.earlier else EventStatus.ANNOUNCED


class OpportunityKind(StrEnum):
    """What an opportunity offers."""

    TRAINING = "training"
    WORKSHOP = "workshop"
    INTERNSHIP = "internship"
    FELLOWSHIP = "fellowship"
    EXCHANGE = "exchange"
    MENTORING = "mentoring"
    GRANT = "grant"
    JOINT_CALL = "joint-call"
    CAMPAIGN = "campaign"
    FUNDRAISER = "fundraiser"


class CareerStage(StrEnum):
    """How far along a person is."""

    STUDENT = "student"
    DOCTORAL = "doctoral"
    POSTDOC = "postdoc"
    EARLY = "early"
    MID = "mid"
    SENIOR = "senior"
    CLINICIAN = "clinician"
    NURSE = "nurse"
    PATIENT = "patient"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """One fact about who may apply, with its source and the day it was read."""

    countries: tuple[str, ...] = ()
    income_groups: tuple[str, ...] = ()
    career_stages: tuple[CareerStage, ...] = ()
    excluded: bool = False
    """Those named may not apply."""
    text: str = ""
    """The provider's words."""
    source: str = ""
    """Web address."""
    read_on: str = ""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """Training, a fellowship, a call …; gone the minute it closes."""

    id: str
    kind: OpportunityKind
    title: str
    provider: str
    url: str
    summary: str = ""
    closes: Moment | None = None
    """None: open until withdrawn; `runs_until` then says when it ends."""
    opens: Moment | None = None
    runs_from: Moment | None = None
    runs_until: Moment | None = None
    attendance: Attendance = Attendance.ON_SITE
    venue: Venue = Venue()
    languages: tuple[str, ...] = ("en",)
    cancer_types: tuple[str, ...] = ()
    amount: str = ""
    currency: str = ""
    eligibility: tuple[Eligibility, ...] = ()
    source: str = ""
    """Where it was gathered from; empty: its provider listed it here."""
    sequence: int = 0

    def is_open(self, now: datetime) -> bool:
        """Whether one can still apply, or take part where nothing closes."""
        end = self.closes or self.runs_until
        return end is None or now < end.ends()


class ResourceKind(StrEnum):
    """What a shared resource is."""

    DATABASE = "database"
    BIOBANK = "biobank"
    REGISTRY = "registry"
    TOOL = "tool"
    PROTOCOL = "protocol"
    DATA_ELEMENTS = "data-elements"
    ETHICS = "ethics"
    DATA_PROTECTION = "data-protection"
    NATIONAL_PLAN = "national-plan"
    REGULATION = "regulation"
    RECOGNITION = "recognition"
    """A procedure by which approvals of one country count in another."""


class Access(StrEnum):
    """On what terms a resource can be used."""

    OPEN = "open"
    REGISTERED = "registered"
    CONTROLLED = "controlled"
    PAID = "paid"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """What an address answered, and when."""

    url: str
    checked_at: str
    status: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Resource:
    """Something shared that others can use."""

    id: str
    kind: ResourceKind
    title: str
    url: str
    provider: str = ""
    summary: str = ""
    countries: tuple[str, ...] = ()
    cancer_types: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("en",)
    access: Access = Access.UNKNOWN
    terms: str = ""
    identifiers: tuple[str, ...] = ()
    """`doi:…`, `rrid:…`, `fairsharing:…`, `re3data:…`."""
    certificates: tuple[str, ...] = ()
    repository: str = ""
    """Code of `config/repositories.toml`, by which papers' accessions lead here."""
    withdrawn: bool = False
    checks: tuple[LinkCheck, ...] = field(default=())
