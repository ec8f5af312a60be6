"""What a wish would have brought: asked of the site's own index, judged as news are."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from conferences.eligibility import applicants
from domain.digest import Audience
from domain.listing import Edition, Kind, Moment, Series, State
from domain.paper import NoticeKind
from domain.ports import SearchIndex
from domain.subscription import NewsKind, Wish, WishKind, to_wish
from index import open_index
from index.embedded.percolation import open_percolation
from index.language.parsing import parse_query
from index.sync import sync
from subscriptions.previewing import Preview, preview
from tests.subscriptions.letterbox import FELLOWSHIP
from tests.subscriptions.newsroom import NOW, Newsroom, day, from_country


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    found = Newsroom(tmp_path / "room")
    yield found
    found.close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    with closing(open_index("embedded:", tmp_path / "index")) as found:
        yield found


def look(room: Newsroom, index: SearchIndex, wish: Wish, days: int = 0) -> Preview:
    """The preview, so many days from now."""
    sync(room.catalog, index)
    now = NOW + timedelta(days=days, hours=1)
    rules = applicants(NOW.year)
    ports = (index, parse_query, room.catalog, room.listings)
    return preview(wish, Audience.PUBLIC, *ports, rules, now, open_percolation)


def search(text: str = "", **filters: tuple[str, ...]) -> Wish:
    return to_wish(WishKind.SEARCH, text, filters)


def test_it_holds_what_letters_would_have_told(room: Newsroom, index: SearchIndex) -> None:
    wishes = [
        search("invented cohort"),
        search('title:"finding 3"'),
        search("invented", country=("KE",)),
        search("lung immunotherapy"),
        search("does an invented rowing boat prevent colorectal cancer"),
        search("how was the invented cohort followed in surgery"),
        to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",), "country": ("KE", "BR")}),
        to_wish(WishKind.TOPIC, "", {"language": ("pt", "fr")}),
    ]
    for number, wish in enumerate(wishes):
        room.subscribe(wish, f"reader{number}@example.org")
    for number in range(8):
        room.publish(
            number,
            published=day(0 if number % 4 else 200),
            authors=from_country(("KE", "BR", "DE")[number % 3]),
            language=("en", "pt")[number % 2],
        )
    room.notice(5, NoticeKind.RETRACTED)
    room.run()
    for number, wish in enumerate(wishes):
        found = look(room, index, wish)
        told = [news.target for news in room.news(email=f"reader{number}@example.org")]
        assert sorted(news.target for news in found.last_week) == sorted(told)
        assert (found.total, found.exact) == (len(told), True)


def test_a_week_is_counted_from_four(room: Newsroom, index: SearchIndex) -> None:
    for number in range(6):
        room.publish(number)
    assert look(room, index, search("invented")).per_week == 1.5
    later = look(room, index, search("invented"), days=10)
    assert (later.total, later.per_week) == (0, 1.5)
    assert look(room, index, search("invented"), days=40).per_week == 0


def test_more_than_is_looked_at_is_told_as_such(
    room: Newsroom, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.previewing._MOST", 4)
    monkeypatch.setattr("subscriptions.previewing._PAGE", 2)
    for number in range(6):
        room.publish(number)
    found = look(room, index, search("invented"))
    assert (found.total, found.exact) == (4, False)


def test_old_papers_are_not_gone_through(
    room: Newsroom, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("subscriptions.previewing._PAGE", 2)
    for number in range(9):
        room.publish(number, published=day(0) if number < 2 else f"{1990 + number}")
    asked = []
    papers = room.catalog.papers
    monkeypatch.setattr(room.catalog, "papers", lambda ids: asked.append(len(ids)) or papers(ids))
    assert look(room, index, search("invented")).exact
    assert sum(asked) <= 9 + 4  # all of them for the index


def test_meetings_are_told_too(room: Newsroom, index: SearchIndex) -> None:
    series = room.listings.save(Series("", "", "Invented Days"), State.PUBLIC, "rita", "approved")
    starts, ends = ((NOW + timedelta(days=days)).date().isoformat() for days in (60, 61))
    one = Edition("", series.id, "", "Next", Moment(starts, "UTC"), Moment(ends, "UTC"))
    saved = room.listings.save(one, State.PUBLIC, "rita", "approved")
    assert saved.kind is Kind.EDITION
    found = look(room, index, to_wish(WishKind.MEETINGS))
    assert [news.target for news in found.last_week] == [saved.id]
    assert look(room, index, to_wish(WishKind.MEETINGS), days=9).total == 0


def test_what_is_new_and_closes_soon_is_one_item(room: Newsroom, index: SearchIndex) -> None:
    closes = Moment((NOW + timedelta(days=5)).date().isoformat(), "UTC")
    saved = room.listings.save(replace(FELLOWSHIP, id="", closes=closes), State.PUBLIC, "rita", "approved")
    found = look(room, index, to_wish(WishKind.OPPORTUNITIES))
    assert [(news.kind, news.target) for news in found.last_week] == [(NewsKind.CLOSING, saved.id)]
    assert found.total == 1
