"""Lists of listings are counted and paged by their index; sizes and writers that no honest site sees."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from catalog.listings.reading import read_owned, read_public, read_waiting
from domain.errors import Superseded
from domain.listing import Edition, Kind, Moment, Resource, ResourceKind, Series, State, Venue
from domain.listing_ports import Wanted
from tests.catalog.test_catalog_plans import plan

NOW = datetime(2027, 1, 1, tzinfo=UTC)
LISTS = {
    "all": {},
    "time": {"since": NOW, "until": NOW, "open_at": NOW},
    "kinds": {"subkinds": ("grant", "exchange"), "attendance": ("online",)},
    "tags": {
        "countries": ("FR", "NO"),
        "languages": ("en",),
        "cancer_types": ("lung",),
        "support": ("visa",),
    },
}


@pytest.fixture
def url(fresh_url):
    return fresh_url


@pytest.fixture
def filled(catalog):
    series = catalog.listings.save(Series("", "", "A Meeting"), State.PUBLIC, "ada", "created").public
    days = [Moment(f"2027-01-{n + 1:02}") for n in range(20)]
    editions = [Edition("", series.id, "", "E", day, day, venue=Venue("FR")) for day in days]
    catalog.listings.save_all(editions, State.PUBLIC, "ada", "created")
    return catalog


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_counted_from_its_index_alone(filled, name):
    wanted = Wanted(Kind.EDITION, **LISTS[name])
    with filled._database.read() as connection:
        found = plan(connection, lambda: read_public(connection, wanted, 0, 10))
    assert "COVERING INDEX ix_shown_listings_list" in found or "Index Only Scan using ix_shown" in found


def test_a_page_is_read_in_the_order_of_its_index(filled):
    wanted = Wanted(Kind.EDITION, since=NOW, countries=("FR",))
    with filled._database.read() as connection:
        asked = plan(connection, lambda: read_public(connection, wanted, 0, 10), 1)
    assert "ix_shown_listings_list" in asked
    assert "TEMP B-TREE" not in asked
    assert "Sort" not in asked


def test_a_series_the_queue_and_a_person_are_looked_up(filled):
    filled.close()  # it counts what it plans by
    with filled._database.read() as connection:
        queue = plan(connection, lambda: read_waiting(connection, 0, 10))
        mine = plan(connection, lambda: read_owned(connection, "ada"))
    assert "ix_listings_waiting" in queue
    assert "ix_memberships_person_id" in mine
    assert "SCAN listings" not in mine


def test_great_texts_and_many_codes_do_not_break_an_index(catalog):
    words = "".join(chr(0x4E00 + n) for n in range(5000))
    codes = tuple(f"{n:03}" for n in range(2000))
    great = Resource("", ResourceKind.TOOL, words, "https://tool.example", summary=words * 4, countries=codes)
    great = replace(great, languages=("x" * 5000, "a|b", ""), cancer_types=("lung",))
    saved = catalog.listings.save(great, State.PUBLIC, "ada", "approved")
    assert saved.public.countries == codes
    for wanted, total in (("000", 1), ("000|", 0), ("", 0)):
        assert catalog.listings.public(Wanted(Kind.RESOURCE, countries=(wanted,)))[0] == total
    assert catalog.listings.public(Wanted(Kind.RESOURCE, words=words))[0] == 1
    assert catalog.listings.public(Wanted(Kind.RESOURCE, languages=("a|b",)))[0] == 0
    assert len(catalog.listings.save(Series("", "", "word " * 900), State.PUBLIC, "a", "b").public.slug) <= 60


def test_of_two_writers_at_once_one_is_told(filled):
    listed = filled.listings.public(Wanted(Kind.SERIES))[1][0]

    def write(number):
        changed = replace(listed.public, title=f"By {number}")
        try:
            return filled.listings.save(changed, State.DRAFT, "ada", "changed", expected=listed.changed_at)
        except Superseded:
            return None

    with ThreadPoolExecutor(4) as pool:
        written = [saved for saved in pool.map(write, range(4)) if saved]
    assert [filled.listings.listed(listed.id)] == written


def test_writers_of_one_name_get_different_ones(catalog):
    def write(_):
        return catalog.listings.save(Series("", "", "One Name"), State.DRAFT, "ada", "created").latest.slug

    with ThreadPoolExecutor(4) as pool:
        names = set(pool.map(write, range(8)))
    assert names == {"one-name", *(f"one-name-{n}" for n in range(2, 9))}
