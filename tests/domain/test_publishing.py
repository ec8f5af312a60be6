"""What a change keeps of what was public, and what stands for a title. Every meeting is invented."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.listing import Deadline, DeadlineKind, Edition, Moment, Opportunity, OpportunityKind, Series, slug
from domain.publishing import publish

PAPER, VISA = DeadlineKind.PAPER, DeadlineKind.VISA_LETTER
EDITION = Edition("e", "s", "2027", "A Meeting", Moment("2027-05-10"), Moment("2027-05-12"))


def due(day: str, *earlier: str, kind: DeadlineKind = PAPER, label: str = "") -> Deadline:
    return Deadline(kind, Moment(day), label, tuple(map(Moment, earlier)))


def test_the_first_is_number_nought_whatever_it_says() -> None:
    assert publish(None, replace(EDITION, sequence=9), None) == EDITION
    assert publish(None, EDITION, 4) == replace(EDITION, sequence=5), "it was public before"


def test_a_series_is_as_it_is() -> None:
    series = Series("s", "s", "A Meeting")
    assert publish(replace(series, title="B"), series, 0) == series


def test_an_opportunity_is_counted_too() -> None:
    grant = Opportunity("o", OpportunityKind.GRANT, "A Grant", "A Fund", "https://fund.example", sequence=3)
    assert publish(grant, replace(grant, sequence=0), 3) == grant
    assert publish(grant, replace(grant, title="B"), 3).sequence == 4


def test_deadlines_are_matched_by_kind_and_label_in_their_order() -> None:
    old = replace(EDITION, deadlines=(due("2027-01-01"), due("2027-02-01"), due("2027-01-01", kind=VISA)))
    new = replace(EDITION, deadlines=(due("2027-01-09"), due("2027-02-01"), due("2027-01-05", label="late")))
    expected = (due("2027-01-09", "2027-01-01"), due("2027-02-01"), due("2027-01-05", label="late"))
    assert publish(old, new, 0).deadlines == expected  # type: ignore[union-attr]


def test_history_is_not_for_the_writer_to_change() -> None:
    old = replace(EDITION, deadlines=(due("2027-02-01", "2027-01-01"),))
    for forged in ((), ("2026-01-01",)):
        told = replace(old, deadlines=(due("2027-02-01", *forged),))
        assert publish(old, told, 0) == old


_DAYS = st.sampled_from(["2027-01-01", "2027-01-02", "2027-01-03"])


@given(days=st.lists(_DAYS, min_size=1, max_size=8))
def test_every_move_is_remembered_in_order(days: list[str]) -> None:
    public, sequence = None, None
    for day in days:
        edition = replace(EDITION, starts=Moment(day), deadlines=(due(day),))
        public = publish(public, edition, sequence)
        assert isinstance(public, Edition)
        sequence = public.sequence
    moves = [day for day, following in pairwise(days) if day != following]
    assert public is not None
    assert [moment.at for moment in public.deadlines[0].earlier] == moves
    assert [starts.at for starts, _ in public.earlier] == moves
    assert public.sequence == len(moves)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("ASCO Annual Meeting", "asco-annual-meeting"),
        ("  Krebs – heute & morgen!  ", "krebs-heute-morgen"),
        ("Łódź Ångström", "lodz-angstrom"),
        ("β-catenin", "beta-catenin"),
        ("肿瘤", ""),
        ("", ""),
        ("word " * 40, "-".join(["word"] * 12)),
        ("x" * 90, "x" * 60),
    ],
)
def test_what_stands_for_a_title(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(st.text(max_size=200))
def test_a_slug_is_short_plain_and_its_own_slug(title: str) -> None:
    found = slug(title)
    assert len(found) <= 60
    assert not found.startswith("-")
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug(found) == found
