"""What a form asks for each kind of listing: one table, read by one template and one reader of forms."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from config import load_table
from domain.listing import (
    Access,
    Attendance,
    CareerStage,
    Deadline,
    DeadlineKind,
    Eligibility,
    Fee,
    Kind,
    Moment,
    OpportunityKind,
    ResourceKind,
)
from web.listings import words as listing_words
from web.listings.words import choices

_SHORT = ""


class Shape(StrEnum):
    """How a field is asked for and read."""

    LINE = "line"
    TEXT = "text"
    URL = "url"
    EMAIL = "email"
    AMOUNT = "amount"
    CURRENCY = "currency"
    CHOICE = "choice"
    TICKS = "ticks"
    TICK = "tick"
    LINES = "lines"
    COUNTRY = "country"
    COUNTRIES = "countries"
    LANGUAGES = "languages"
    WHETHER = "whether"
    """Yes, no, or not stated."""
    MOMENT = "moment"
    """A day; its time and zone are asked for by fields of their own beside it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a listing; `name` is where it goes (`venue.city`)."""

    name: str
    label: str
    shape: Shape = Shape.LINE
    group: str = _SHORT
    """The folded part it stands in; empty: the short form."""
    required: bool = False
    hint: str = ""
    choices: Mapping[str, str] | None = None
    code: type[StrEnum] | None = None
    """What the choices stand for."""
    most: int = 200
    timed: bool = False
    """A moment whose time of the day can be given, in the group of times."""
    zone: str = "AoE"
    """The zone of a moment without one."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Several of a kind, such as deadlines; a row counts when its `key` is filled in."""

    name: str
    label: str
    group: str
    fields: tuple[Field, ...]
    key: str
    empty: Callable[[], Any]
    most: int = 12
    spare: int = 2


Asked = Field | Rows


ATTENDANCE = choices(listing_words.ATTENDANCE)
DEADLINE_KINDS = choices(listing_words.DEADLINES)
OPPORTUNITY_KINDS = choices(listing_words.OPPORTUNITIES)
RESOURCE_KINDS = choices(listing_words.RESOURCES)
STAGES = choices(listing_words.STAGES)
ACCESS = choices(listing_words.ACCESS)
INCOME_GROUPS = choices(listing_words.INCOME_COUNTRIES)


def cancer_types() -> dict[str, str]:
    """Code → name of the cancer types that stand at the top of the table."""
    found = load_table("cancer_types")
    return {code: str(entry["label"]) for code, entry in found.items() if not entry.get("parent")}


_TITLE = Field("title", "Title", required=True)
_SITE = Field("url", "Web site", Shape.URL, required=True, most=1_000)
_SUMMARY = Field("summary", "In a few sentences", Shape.TEXT, "About it", most=3_000)
_CANCERS = Field(
    "cancer_types", "Cancer types", Shape.TICKS, "Topics and languages", hint="None: all of them."
)
_LANGUAGES = Field(
    "languages", "Languages", Shape.LANGUAGES, "Topics and languages", hint="Names, with commas between."
)
_PLACE = (
    Field("attendance", "How to take part", Shape.CHOICE, choices=ATTENDANCE, code=Attendance),
    Field("venue.country", "Country", Shape.COUNTRY),
    Field("venue.city", "City", most=100),
)
_VENUE = (
    Field("venue.name", "Building", group="The place"),
    Field("venue.address", "Address", group="The place", most=300),
    Field("venue.accessible", "Can a wheelchair get in and about?", Shape.WHETHER, "The place"),
)
_DEADLINES = Rows(
    "deadlines",
    "Deadlines",
    "Deadlines",
    (
        Field("kind", "What for", Shape.CHOICE, choices=DEADLINE_KINDS, code=DeadlineKind),
        Field("moment", "Last day", Shape.MOMENT, timed=True),
        Field("label", "In words, if you wish", most=100),
    ),
    "moment",
    lambda: Deadline(DeadlineKind.ABSTRACT, Moment("")),
)
_FEES = Rows(
    "fees",
    "Fees",
    "Fees and support",
    (
        Field("amount", "Amount", Shape.AMOUNT, hint="0 is free.", most=12),
        Field("currency", "Currency", Shape.CURRENCY, hint="Such as USD or KES.", most=3),
        Field("label", "For whom", most=100),
        Field("income_groups", "Countries by income", Shape.TICKS, choices=INCOME_GROUPS),
        Field("online", "For taking part online", Shape.TICK),
    ),
    "amount",
    lambda: Fee("", ""),
    spare=1,
)
_ELIGIBILITY = Rows(
    "eligibility",
    "Who may apply",
    "Who may apply",
    (
        Field("text", "In the provider’s words", Shape.TEXT, most=600),
        Field("source", "Where it says so", Shape.URL, most=1_000),
        Field("countries", "Countries", Shape.COUNTRIES, hint="Names, with commas between."),
        Field("income_groups", "Countries by income", Shape.TICKS, choices=INCOME_GROUPS),
        Field("career_stages", "Career stages", Shape.TICKS, choices=STAGES, code=CareerStage),
        Field("excluded", "Those named may not apply", Shape.TICK),
    ),
    "text",
    Eligibility,
    most=6,
    spare=1,
)
_EDITION: tuple[Asked, ...] = (
    _TITLE,
    Field("starts", "First day", Shape.MOMENT, required=True, timed=True, zone="UTC"),
    Field("ends", "Last day", Shape.MOMENT, required=True, timed=True, zone="UTC"),
    *_PLACE,
    _SITE,
    _DEADLINES,
    _SUMMARY,
    Field("organizers", "Organizers", Shape.LINES, "About it", hint="One a line.", most=1_000),
    Field("contact", "Public contact address", Shape.EMAIL, "About it", most=254),
    _CANCERS,
    _LANGUAGES,
    *_VENUE,
    _FEES,
    Field("travel_grants", "Travel grants: who gets one, and how", Shape.TEXT, "Fees and support", most=600),
    Field("visa_letters", "Do you write letters for visas?", Shape.WHETHER, "Fees and support"),
    Field("free_online_seats", "Free seats online: for whom", group="Fees and support"),
)
_SERIES: tuple[Asked, ...] = (
    _TITLE,
    Field("acronym", "Acronym", most=30),
    Field("url", "Web site", Shape.URL, most=1_000),
    Field("summary", "In a few sentences", Shape.TEXT, most=3_000),
    Field("organizers", "Organizers", Shape.LINES, "About it", hint="One a line.", most=1_000),
    _CANCERS,
)
_OPPORTUNITY: tuple[Asked, ...] = (
    Field("kind", "Kind", Shape.CHOICE, choices=OPPORTUNITY_KINDS, code=OpportunityKind, required=True),
    _TITLE,
    Field("provider", "Who offers it", required=True),
    _SITE,
    Field("closes", "Last day to apply", Shape.MOMENT, timed=True, hint="Empty: open until withdrawn."),
    _ELIGIBILITY,
    _SUMMARY,
    Field("opens", "Opens on", Shape.MOMENT, "Days", zone="UTC"),
    Field("runs_from", "Runs from", Shape.MOMENT, "Days", zone="UTC"),
    Field("runs_until", "Runs until", Shape.MOMENT, "Days", zone="UTC"),
    Field("attendance", "How to take part", Shape.CHOICE, "The place", choices=ATTENDANCE, code=Attendance),
    Field("venue.country", "Country", Shape.COUNTRY, "The place"),
    Field("venue.city", "City", group="The place", most=100),
    Field("amount", "Amount", Shape.AMOUNT, "Money", most=12),
    Field("currency", "Currency", Shape.CURRENCY, "Money", hint="Such as USD or KES.", most=3),
    _CANCERS,
    _LANGUAGES,
)
_RESOURCE: tuple[Asked, ...] = (
    Field("kind", "Kind", Shape.CHOICE, choices=RESOURCE_KINDS, code=ResourceKind, required=True),
    _TITLE,
    _SITE,
    Field("provider", "Who runs it"),
    Field("access", "Terms of use", Shape.CHOICE, choices=ACCESS, code=Access),
    _SUMMARY,
    Field("terms", "Terms, in words", Shape.TEXT, "About it", most=600),
    Field("countries", "Countries", Shape.COUNTRIES, "Where", hint="Names, with commas between."),
    _CANCERS,
    _LANGUAGES,
    Field(
        "identifiers", "Identifiers", Shape.LINES, "Identifiers", hint="One a line, such as doi:10.25504/…"
    ),
    Field("certificates", "Certificates", Shape.LINES, "Identifiers", hint="One a line."),
)
FORMS: Mapping[Kind, tuple[Asked, ...]] = {
    Kind.EDITION: _EDITION,
    Kind.SERIES: _SERIES,
    Kind.OPPORTUNITY: _OPPORTUNITY,
    Kind.RESOURCE: _RESOURCE,
}
NEXT_YEAR: tuple[Asked, ...] = (
    *(field for field in _EDITION if isinstance(field, Field) and field.name in ("starts", "ends")),
    Field("venue.city", "City", most=100),
)
"""What is asked for when last year's edition is copied."""
EXTENSION = Field("moment", "New last day", Shape.MOMENT, required=True, timed=True)
