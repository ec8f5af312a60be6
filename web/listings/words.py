"""The words for what listings are: the same in forms, lists, pages and letters."""

from collections.abc import Mapping
from typing import TypeVar

from conferences import calendar_out, dates, eligibility
from domain.listing import Access, Attendance, CareerStage, DeadlineKind, OpportunityKind, ResourceKind
from web.labels import number

_C = TypeVar("_C", bound=str)

ATTENDANCE: Mapping[Attendance, str] = calendar_out.ATTENDANCE
TAKING_PART: Mapping[str, str] = {
    "on-site": "In person",
    "online": "From anywhere, online",
    "hybrid": "Both at once",
}
"""What readers ask for: either way answers to a meeting that is hybrid (`domain.listing_terms.ATTENDED`)."""
DEADLINES: Mapping[DeadlineKind, str] = dates.DEADLINES
INCOME: Mapping[str, str] = eligibility.INCOME_GROUPS
"""As in “countries of low income”."""
INCOME_COUNTRIES: Mapping[str, str] = {code: f"{words}-income countries" for code, words in INCOME.items()}
OPPORTUNITIES: Mapping[OpportunityKind, str] = {
    OpportunityKind.TRAINING: "Training",
    OpportunityKind.WORKSHOP: "Workshop",
    OpportunityKind.INTERNSHIP: "Internship",
    OpportunityKind.FELLOWSHIP: "Fellowship",
    OpportunityKind.EXCHANGE: "Exchange",
    OpportunityKind.MENTORING: "Mentoring",
    OpportunityKind.GRANT: "Grant",
    OpportunityKind.JOINT_CALL: "Joint call",
    OpportunityKind.CAMPAIGN: "Awareness campaign",
    OpportunityKind.FUNDRAISER: "Fundraiser",
}
STAGES: Mapping[CareerStage, str] = {
    CareerStage.STUDENT: "Student",
    CareerStage.DOCTORAL: "Doctoral student",
    CareerStage.POSTDOC: "Postdoctoral researcher",
    CareerStage.EARLY: "Early-career researcher",
    CareerStage.MID: "Mid-career researcher",
    CareerStage.SENIOR: "Senior researcher",
    CareerStage.CLINICIAN: "Clinician",
    CareerStage.NURSE: "Nurse",
    CareerStage.PATIENT: "Patient or carer",
    CareerStage.ANYONE: "Anyone",
}
RESOURCES: Mapping[ResourceKind, str] = {
    ResourceKind.DATABASE: "Database",
    ResourceKind.BIOBANK: "Biobank",
    ResourceKind.REGISTRY: "Registry",
    ResourceKind.TOOL: "Tool",
    ResourceKind.PROTOCOL: "Protocol",
    ResourceKind.DATA_ELEMENTS: "Common data elements",
    ResourceKind.ETHICS: "Guidance on ethics",
    ResourceKind.DATA_PROTECTION: "Guidance on data protection",
    ResourceKind.NATIONAL_PLAN: "National cancer plan",
    ResourceKind.REGULATION: "Regulatory procedure",
    ResourceKind.RECOGNITION: "Recognition of other countries’ approvals",
}
ACCESS: Mapping[Access, str] = {
    Access.OPEN: "Open to anyone",
    Access.REGISTERED: "After registration",
    Access.CONTROLLED: "On application",
    Access.PAID: "For a fee",
    Access.CLOSED: "Closed",
    Access.UNKNOWN: "Access not stated",
}


def money(amount: str, currency: str) -> str:
    """What is given or asked for, on one line; thousands stand apart where it is a plain number.

    >>> money("24000", "EUR"), money("up to 5000", ""), money("", "EUR")
    ('24\\u202f000\\xa0EUR', 'up to 5000', 'EUR')
    """
    told = number(int(amount)) if amount.isdecimal() else amount
    return f"{told}\N{NO-BREAK SPACE}{currency}".strip()


def choices(words: Mapping[_C, str]) -> dict[str, str]:
    """A table as a form or an address holds it: code → words."""
    return {str(code): text for code, text in words.items()}
