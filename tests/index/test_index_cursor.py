"""Cursors from elsewhere: another query's, broken or made up ones are passed over."""

from dataclasses import replace

import pytest

from domain.identifiers import work_id
from domain.query import Query, Sort
from index.cursor import Cursor, read_cursor, write_cursor
from index.engine import After

PAPER, OTHER = work_id("invented:1"), work_id("invented:2")
ASKED = Query("melanoma", filters={"country": ("BR", "KE")})


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor(20, After(0.75, 0), ((PAPER, 0.75), (OTHER, 0.5))),
        Cursor(400, After(1.5, 7), ((PAPER, 1.5),)),
        Cursor(3, After(0.0, 2**62)),
        Cursor(9, After(0.0, 0)),
    ],
)
def test_a_cursor_comes_back_as_it_was(cursor):
    given = write_cursor(ASKED, cursor)
    assert read_cursor(replace(ASKED, cursor=given)) == cursor
    assert read_cursor(replace(ASKED, cursor=given, offset=30, size=5)) == cursor


@pytest.mark.parametrize(
    "other",
    [
        replace(ASKED, text="lymphoma"),
        replace(ASKED, filters={}),
        replace(ASKED, sort=Sort.OLDEST),
        replace(ASKED, meaning=False),
        replace(ASKED, literal=frozenset("*")),
    ],
)
def test_a_cursor_of_another_query_is_passed_over(other):
    assert read_cursor(replace(other, cursor=write_cursor(ASKED, Cursor(20, After(1.0, 5))))) is None


@pytest.mark.parametrize(
    "cursor",
    [
        Cursor(4_000_000_000, After(0.0, 0)),
        Cursor(2**32 - 1, After(1.0, 5), ((PAPER, 1.0),)),
        Cursor(10, After(float("nan"), 5)),
        Cursor(10, After(float("inf"), 5)),
        Cursor(10, After(float("nan"), 0)),
        Cursor(10, After(1.0, 5), (("nobody", 1.0),)),
        Cursor(10, After(1.0, 5), ((PAPER, float("nan")),)),
        Cursor(10, After(1.0, 5), ((PAPER, 1.0),) * 9),
        Cursor(10, After(1.0, 2**64 - 1)),
    ],
)
def test_a_cursor_that_nobody_gave_out_is_passed_over(cursor):
    assert read_cursor(replace(ASKED, cursor=write_cursor(ASKED, cursor))) is None


@pytest.mark.parametrize("text", ["", "x", "ä", "A" * 40, "*" * 38, "=" * 9, "\ud800"])
def test_broken_ones_too(text):
    assert read_cursor(replace(ASKED, cursor=text)) is None
