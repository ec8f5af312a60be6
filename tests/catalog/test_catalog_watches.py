"""Addresses that listings were filled in from, on both databases. All are invented."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import inspect

from catalog.database import Database
from catalog.revisions import downgrade
from catalog.sqlcatalog import SqlCatalog
from domain.errors import NotFound
from domain.listing import Series, State
from domain.listing_ports import Watch

Open = Callable[..., SqlCatalog]
WATCH = Watch("", "https://society.example/2027.ics", "1@society.example", "title 12345678", '"7"', "Tue")
NOON = "2027-03-06T12:00:00Z"


def listed(catalog: SqlCatalog, title: str, state: State = State.PUBLIC) -> str:
    return catalog.listings.save(Series("", "", title), state, "ada", "created").id


def test_a_watch_is_kept_replaced_and_ended(catalog: SqlCatalog) -> None:
    kept = replace(WATCH, listing=listed(catalog, "One"))
    assert catalog.listings.watched(kept.listing) is None
    catalog.listings.watch(kept)
    assert catalog.listings.watched(kept.listing) == kept
    failed = replace(kept, read_at=NOON, failures=1, problem="unanswered\0")
    catalog.listings.watch(failed)
    assert catalog.listings.watched(kept.listing) == replace(failed, problem="unanswered\ufffd")
    catalog.listings.unwatch(kept.listing)
    assert catalog.listings.watched(kept.listing) is None
    with pytest.raises(NotFound):
        catalog.listings.watch(replace(WATCH, listing="nothing"))


def test_those_are_due_that_were_read_longest_ago_and_still_matter(catalog: SqlCatalog) -> None:
    def watch(title: str, state: State = State.PUBLIC, **facts: str | int) -> str:
        name = listed(catalog, title, state)
        catalog.listings.watch(replace(WATCH, listing=name, **facts))  # type: ignore[arg-type]
        return name

    late, never = watch("Late", read_at="2027-03-06T11:00:00Z"), watch("Never", failures=29)
    draft = watch("Draft", State.DRAFT, read_at="2027-03-05T00:00:00Z")
    watch("Just now", read_at=NOON)
    watch("Given up", failures=30)
    watch("Withdrawn", State.WITHDRAWN)
    found = [watch.listing for watch in catalog.listings.watches(NOON, 30, 10)]
    assert found == [never, draft, late]
    assert [watch.listing for watch in catalog.listings.watches(NOON, 30, 1)] == [never]


def test_a_draft_that_goes_takes_its_watch_along(catalog: SqlCatalog) -> None:
    ada = catalog.accounts.create("ada@society.example", "Ada")
    name = catalog.listings.save(Series("", "", "Draft"), State.DRAFT, ada.id, "created").id
    catalog.listings.watch(replace(WATCH, listing=name))
    catalog.accounts.erase(ada.id)
    assert catalog.listings.watched(name) is None


def test_going_back_forgets_them(url: str, open_here: Open) -> None:
    catalog = open_here()
    name = listed(catalog, "One")
    catalog.listings.watch(replace(WATCH, listing=name))
    database = Database(url)
    downgrade(database, "0008")
    with database.read() as connection:
        assert not inspect(connection).has_table("listing_watches")
    database.close()
    catalog = open_here()
    assert (catalog.listings.listed(name).state, catalog.listings.watched(name)) == (State.PUBLIC, None)
