"""Whatever is done to listings, in whatever order: only what was approved is public. All are invented."""

from dataclasses import dataclass, replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog import open_catalog
from domain.listing import (
    Edition,
    Kind,
    Moment,
    Opportunity,
    OpportunityKind,
    Resource,
    ResourceKind,
    Series,
    State,
)
from domain.listing_ports import Listing, Wanted

_DAY = Moment("2027-05-10")
_numbers = count()
_steps = st.lists(
    st.tuples(st.sampled_from(["series", "edition", "opportunity", "resource"]), st.sampled_from(State)),
    min_size=1,
    max_size=12,
)


@dataclass
class Told:
    """What the public should see of one listing, and what its owners last saved."""

    latest: Listing | None = None
    public: Listing | None = None


@pytest.fixture(scope="module")
def listings(tmp_path_factory):
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('listings')}/catalog.db")
    yield catalog.listings
    catalog.close()


def make(what: str, series: str, title: str) -> Listing:
    match what:
        case "series":
            return Series("", "", title)
        case "edition":
            return Edition("", series, "", title, _DAY, _DAY)
        case "opportunity":
            return Opportunity("", OpportunityKind.GRANT, title, "A Fund", "https://fund.example")
        case _:
            return Resource("", ResourceKind.TOOL, title, "https://tool.example")


@given(steps=_steps)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_what_was_approved_is_public(listings, steps):
    run = f"run{next(_numbers)}"
    series = listings.save(Series("", "", f"{run} first"), State.DRAFT, "ada", "created").latest
    told = {"series": Told(series)}
    for step, (what, state) in enumerate(steps):
        one = told.setdefault(what, Told())
        title = f"{run} step {step}"
        listing = replace(one.latest, title=title) if one.latest else make(what, series.id, title)
        saved = listings.save(listing, state, "ada", "changed")
        one.latest = saved.latest
        if state is State.PUBLIC:
            one.public = saved.public
        elif state is State.WITHDRAWN:
            one.public = None
        assert (saved.state, saved.public) == (state, one.public)
        assert saved.latest.title == title
        assert seen(listings, run) == expected(told)
        waiting = {listed.id for listed in listings.queue(size=10_000)[1]}
        assert (saved.id in waiting) == (state is State.IN_REVIEW)
    acts = sum(len(listings.audit(one.latest.id)) for one in told.values())
    assert acts == len(steps) + 1


def expected(told: dict[str, Told]) -> set[str]:
    shown = {what: one.public.title for what, one in told.items() if one.public}
    if "series" not in shown:
        shown.pop("edition", None)
    return set(shown.values())


def seen(listings, run: str) -> set[str]:
    found = set()
    for kind in Kind:
        total, page = listings.public(Wanted(kind, words=run))
        assert total == len(page)
        found |= {listed.public.title for listed in page if listed.public.title.startswith(f"{run} ")}
    return found
