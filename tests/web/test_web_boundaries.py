"""The site with its clock moved to each boundary: what every list and page says then, in all time zones.

One zone stands for all that have its offset then; `tests/conferences/test_boundaries.py` tries the rest.
Everything is invented.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from flask.testing import FlaskClient

from catalog import open_catalog
from domain.listing import (
    AOE,
    Deadline,
    DeadlineKind,
    Edition,
    Eligibility,
    Kind,
    Moment,
    Opportunity,
    OpportunityKind,
    Series,
    State,
)
from domain.listing_ports import Listings, Wanted
from web import Site, create_app

DUE, FIRST, LAST = date(2027, 3, 27), date(2027, 4, 10), date(2027, 4, 12)
"""On the night after `DUE` the clocks of Europe change."""
MINUTE = timedelta(minutes=1)
LMIC = Eligibility(income_groups=("L", "LM"), source="https://fund.example/rules", read_on="2026-11-01")


def place(zone: str) -> ZoneInfo | timezone:
    return timezone(timedelta(hours=-12)) if zone == AOE else ZoneInfo(zone)


def _zones() -> dict[str, str]:
    """A slug for each zone that stands for others."""
    noon = datetime(2027, 3, 27, 12, tzinfo=UTC)
    offsets = {}
    for zone in (*sorted(available_timezones()), "Europe/Berlin", AOE):
        shift = tuple(
            str((noon + timedelta(days=n)).astimezone(place(zone)).utcoffset()) for n in (0, 1, 15, 17)
        )
        offsets[(shift, zone == AOE)] = zone
    return {
        zone.lower().replace("/", "-").replace("_", "-").replace("+", "plus"): zone
        for zone in offsets.values()
    }


ZONES = _zones()


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2027, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def listings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listings]:
    catalog = open_catalog(f"sqlite:///{tmp_path_factory.mktemp('zones') / 'findings.db'}")
    store = catalog.listings
    series = store.save(Series("", "zones", "Invented zones"), State.PUBLIC, "test", "created").id
    for slug, zone in ZONES.items():
        due, first, last = (Moment(day.isoformat(), zone) for day in (DUE, FIRST, LAST))
        deadlines = (Deadline(DeadlineKind.ABSTRACT, due),)
        edition = Edition(slug, series, slug, f"Invented {zone}", first, last, deadlines=deadlines)
        store.save(edition, State.PUBLIC, "test", "created")
        grant = Opportunity(
            f"offer-{slug}",
            OpportunityKind.GRANT,
            f"Invented {zone}",
            "Fund",
            "https://fund.example",
            closes=due,
        )
        for offer in (grant, replaced(grant, due)):
            store.save(offer, State.PUBLIC, "test", "created")
    yield store
    catalog.close()


def replaced(offer: Opportunity, until: Moment) -> Opportunity:
    """One that never closes, and runs until then."""
    return Opportunity(
        offer.id.replace("offer", "course"),
        OpportunityKind.TRAINING,
        offer.title,
        offer.provider,
        offer.url,
        runs_until=until,
        eligibility=(LMIC,),
    )


@pytest.fixture(scope="module")
def client(listings: Listings, clock: Clock) -> FlaskClient:
    site = Site(None, None, listings=listings, clock=clock)  # type: ignore[arg-type]
    return create_app(site).test_client()


def today(at: datetime, zone: str) -> date:
    """What the calendars of a zone show at an instant."""
    return at.astimezone(place(zone)).date()


def instants(day: date) -> list[datetime]:
    """A minute before, at and after each end of that day that there is."""
    ends = {Moment(day.isoformat(), zone).ends() for zone in ZONES.values()}
    return sorted({end + n * MINUTE for end in ends for n in (-1, 0, 1)})


def test_zones_stand_for_all_of_them() -> None:
    assert len(ZONES) >= 38
    assert len(instants(DUE)) >= 3 * 36


def test_what_closes_leaves_every_list_to_the_minute(
    client: FlaskClient, clock: Clock, listings: Listings
) -> None:
    for at in instants(DUE):
        clock.now = at
        open_ = {slug for slug, zone in ZONES.items() if today(at, zone) <= DUE}
        expected = {f"{kind}-{slug}" for slug in open_ for kind in ("offer", "course")}
        _, found = listings.public(Wanted(Kind.OPPORTUNITY, open_at=at), 0, 500)
        assert {one.id for one in found} == expected, at
        told = client.get("/opportunities.json?country=KE&stage=postdoc").get_json()
        assert {one["id"] for one in told["results"]} == {f"course-{slug}" for slug in open_}, at
        assert {one["id"] for one in told["not_stated"]} == {f"offer-{slug}" for slug in open_}, at
        _, editions = listings.public(Wanted(Kind.EDITION, open_at=at), 0, 500)
        assert {one.id for one in editions} == open_, at


@pytest.mark.parametrize("slug", sorted(ZONES))
def test_the_pages_of_each_zone_turn_with_its_clocks(client: FlaskClient, clock: Clock, slug: str) -> None:
    zone = ZONES[slug]
    for day, before, after in ((DUE, "open", "announced"), (LAST, "running", "past")):
        end = Moment(day.isoformat(), zone).ends()
        for at in (end - MINUTE, end, end + MINUTE):
            clock.now = at
            expected = before if today(at, zone) <= day else after
            assert client.get(f"/conferences/zones/{slug}.json").get_json()["status"] == expected, at
            for kind in ("offer", "course") if day == DUE else ():
                status = client.get(f"/opportunities/{kind}-{slug}?country=KE").status_code
                assert status == (200 if expected == "open" else 410), at
    begin = Moment(FIRST.isoformat(), zone).begins()
    for at in (begin - MINUTE, begin, begin + MINUTE):
        clock.now = at
        expected = "running" if today(at, zone) >= FIRST else "announced"
        assert client.get(f"/conferences/zones/{slug}.json").get_json()["status"] == expected, at
