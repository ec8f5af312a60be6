"""Matching: each distinct wish is asked once, tags find what a plain filter finds, news share few objects."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conferences.eligibility import applicants
from domain.errors import SearchUnavailable
from domain.ports import Indexable
from domain.query import Hit, Query
from domain.subscription import WishKind, to_wish
from index.embedded.percolation import Percolation, open_percolation
from subscriptions.tags import Tagged
from subscriptions.telling import OUTBOX, tell
from tests.subscriptions.newsroom import NOW, Newsroom

VALUES = st.sampled_from("abc")
TAGS = st.dictionaries(st.sampled_from(["x", "y"]), st.sets(VALUES, min_size=1, max_size=3))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    found = Newsroom(tmp_path / "room")
    yield found
    found.close()


@given(
    st.lists(st.tuples(TAGS, st.text("abc ", max_size=8)), max_size=12), TAGS, st.lists(VALUES, max_size=2)
)
def test_tags_find_what_a_plain_filter_finds(
    things: list[tuple[dict[str, set[str]], str]], wanted: dict[str, set[str]], words: list[str]
) -> None:
    tagged = Tagged((number, tags, text) for number, (tags, text) in enumerate(things))
    plain = [
        number
        for number, (tags, text) in enumerate(things)
        if all(values & tags.get(field, set()) for field, values in wanted.items())
        and all(word in text for word in words)
    ]
    assert list(tagged.find(wanted, words)) == plain


class Counting(Percolation):
    """Counts what it is asked."""

    asked: list[str]

    def search(self, query: Query) -> Iterator[Hit]:
        self.asked.append(query.text)
        return super().search(query)


def test_a_wish_is_asked_once_however_many_share_it(room: Newsroom, tmp_path: Path) -> None:
    wishes = [to_wish(WishKind.SEARCH, text) for text in ("invented", "cohort finding")]
    for number in range(30):
        room.subscribe(wishes[number % 2], f"reader{number}@example.org")
    for number in range(5):
        room.publish(number)
    asked: list[str] = []

    @contextmanager
    def opened() -> Iterator[Counting]:
        found = Counting(tmp_path / "percolation")
        found.asked = asked
        yield found
        found.close()

    done = tell(room.catalog, room.listings, room.subscribers, opened, applicants(2026), NOW)
    assert sorted(asked) == ["cohort finding", "invented"]
    assert done.told == 10


class Failing:
    """Fails as an index on a full disk would."""

    def write(self, papers: Iterable[Indexable]) -> None:
        """Takes them."""

    def search(self, query: Query) -> Iterable[Hit]:
        raise SearchUnavailable("the search index has no room left on its disk")


def test_where_searching_fails_nothing_counts_as_told(room: Newsroom) -> None:
    wish = to_wish(WishKind.SEARCH, "invented")
    room.subscribe(wish)
    room.publish(1)

    @contextmanager
    def opened() -> Iterator[Failing]:
        yield Failing()

    with pytest.raises(SearchUnavailable):
        tell(room.catalog, room.listings, room.subscribers, opened, applicants(2026), NOW)
    assert room.subscribers.position(OUTBOX) == 0
    room.run()
    assert len(room.letters()) == 1


def test_nothing_is_left_of_the_temporary_index(tmp_path: Path) -> None:
    with open_percolation(tmp_path) as percolator:
        percolator.write([])
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())
