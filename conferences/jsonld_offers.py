"""Opportunities and resources as schema.org, for the machines that read their pages."""

from typing import Any

from conferences.plain import line, lines
from domain.listing import Attendance, Opportunity, OpportunityKind, Resource, ResourceKind
from domain.plain import address

_COURSES = frozenset({OpportunityKind.TRAINING, OpportunityKind.WORKSHOP})
_MONEY = frozenset({OpportunityKind.FELLOWSHIP, OpportunityKind.GRANT, OpportunityKind.JOINT_CALL})
_EVENTS = frozenset({OpportunityKind.CAMPAIGN, OpportunityKind.FUNDRAISER})
_RESOURCES = {
    ResourceKind.DATABASE: "DataCatalog",
    ResourceKind.BIOBANK: "DataCatalog",
    ResourceKind.REGISTRY: "DataCatalog",
    ResourceKind.TOOL: "SoftwareApplication",
    ResourceKind.DATA_ELEMENTS: "DefinedTermSet",
}
_MODES = {Attendance.ON_SITE: "onsite", Attendance.ONLINE: "online", Attendance.HYBRID: "blended"}


def opportunity_ld(one: Opportunity, page: str) -> dict[str, Any]:
    """An opportunity; what is not stated is left out."""
    provider = {"@type": "Organization", "name": line(one.provider, 120)} if one.provider else None
    common = _common(one.title, one.summary, one.url, page)
    if one.kind in _COURSES:
        return _kept(common | {"@type": "Course", "provider": provider} | _instance(one))
    if one.kind in _MONEY:
        return _kept(common | _grant(one, provider))
    if one.kind in _EVENTS:
        return _kept(common | {"@type": "Event", "organizer": provider, **_days(one)})
    return _kept(
        common
        | {
            "@type": "EducationalOccupationalProgram",
            "provider": provider,
            "applicationDeadline": one.closes.at[:10] if one.closes else None,
            "applicationStartDate": one.opens.at[:10] if one.opens else None,
            **_days(one),
        }
    )


def resource_ld(one: Resource, page: str) -> dict[str, Any]:
    """A resource; what is not stated is left out."""
    return _kept(
        _common(one.title, one.summary, one.url, page)
        | {
            "@type": _RESOURCES.get(one.kind, "CreativeWork"),
            "provider": {"@type": "Organization", "name": line(one.provider, 120)} if one.provider else None,
            "identifier": [line(key, 100) for key in one.identifiers[:20]],
            "conditionsOfAccess": lines(one.terms, 300),
            "isAccessibleForFree": True if one.access == "open" else None,
            "inLanguage": list(one.languages) if one.kind not in _RESOURCES else None,
            "spatialCoverage": list(one.countries),
        }
    )


def _common(title: str, summary: str, url: str, page: str) -> dict[str, Any]:
    return {
        "@context": "https://schema.org",
        "@type": "Thing",
        "@id": page,
        "name": line(title, 200),
        "description": lines(summary, 500),
        "url": page,
        "sameAs": address(url),
    }


def _grant(one: Opportunity, provider: dict[str, str] | None) -> dict[str, Any]:
    if not one.amount:
        return {"@type": "Grant", "funder": provider}
    amount = {"@type": "MonetaryAmount", "value": line(one.amount, 40), "currency": one.currency}
    return {"@type": "MonetaryGrant", "funder": provider, "amount": amount}


def _instance(one: Opportunity) -> dict[str, Any]:
    instance = {
        "@type": "CourseInstance",
        "courseMode": _MODES[one.attendance],
        "inLanguage": list(one.languages),
        **_days(one),
    }
    return {"hasCourseInstance": _kept(instance)}


def _days(one: Opportunity) -> dict[str, str | None]:
    return {
        "startDate": one.runs_from.at if one.runs_from else None,
        "endDate": one.runs_until.at if one.runs_until else None,
    }


def _kept(told: dict[str, Any]) -> dict[str, Any]:
    return {name: item for name, item in told.items() if item not in (None, "", [])}
