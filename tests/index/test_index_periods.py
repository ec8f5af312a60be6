"""Years that a query names in words: offered as a filter, and no paper is hidden because of them."""

from datetime import UTC, datetime

import pytest

from domain.query import And, Not, Or, Preferring, Query, Range, Word
from index.language.parsing import parse_query
from index.language.tree import loosened, timeless

THIS_YEAR = datetime.now(UTC).year


@pytest.mark.parametrize(
    ("text", "rest", "years"),
    [
        ("nodule growth since 2015", "nodule growth", (2015, None)),
        ("since 2015 nodule growth", "nodule growth", (2015, None)),
        ("nodule after 2015", "nodule", (2016, None)),
        ("nodule before 2015", "nodule", (None, 2014)),
        ("nodule until 2015", "nodule", (None, 2015)),
        ("nodule from 2018 to 2020", "nodule", (2018, 2020)),
        ("nodule growth 1990 to 2019", "nodule growth", (1990, 2019)),
        ("papers published between 2018 and 2020 on nodules", "on nodules", (2018, 2020)),
        ("nodule 2018 to present", "nodule", (2018, None)),
        ("nodule 2018–now", "nodule", (2018, None)),
        ("nodule since 2018 to now", "nodule", (2018, None)),
        ("nodule since 2018 to 2020", "nodule", (2018, 2020)),
        ("nodule from 2019 onwards", "nodule", (2019, None)),
        ("Do nodules grow in the past ten years?", "Do nodules grow", (THIS_YEAR - 10, None)),
        ("last 5 years nodule", "nodule", (THIS_YEAR - 5, None)),
        ("nodule in the last decade", "nodule", (THIS_YEAR - 10, None)),
        ("articles since 2020 on nodules", "on nodules", (2020, None)),
        ("nodule from 2015 on", "nodule", (2015, None)),
        ("nodule between 2015-2020", "nodule", (2015, 2020)),
        ("nodule 2015+", "nodule", (2015, None)),
        ("nodule newer than 2015", "nodule", (2016, None)),
        ("nodules older than 2015", "nodules", (None, 2014)),
        ("nodules in the 1990s", "nodules", (1990, 1999)),
        ("nodule over the last 3 yrs", "nodule", (THIS_YEAR - 3, None)),
        ("nodule this year", "nodule", (THIS_YEAR, None)),
        ("seit 2020 Knoten", "Knoten", (2020, None)),
        ("nodules depuis 2015 à 2020", "nodules", (2015, 2020)),
        ("1,204 patients from 2010 to 2015", "1,204 patients", (2010, 2015)),
    ],
)
def test_years_in_words_are_offered_and_do_not_choose(text, rest, years):
    reading = parse_query(text)
    period = reading.period
    assert period is not None
    assert (period.rest, (period.low, period.high)) == (rest, years)
    assert "Range" not in repr(reading.node)
    node = reading.node.node if isinstance(reading.node, Preferring) else reading.node
    assert node == parse_query(rest).node
    assert not reading.strict


@pytest.mark.parametrize(
    "text",
    [
        "nodule 2016",
        "nodule 2015-2020",
        "care in the last 5 years of life",
        "care in the last 6 months before death",
        "papers from 2015 on nodules",
        "Nodules 2020 on growth",
        "nodule since 2999",
        "nodule from 2020 to 2018",
        "5 years survival",
        "since diagnosis",
        "nodule AND growth since 2015",
        "title:nodule since 2015",
        "10.5555/a.1 since 2015",
        "1999 patients before 80 years",
        "up to 2000 patients",
        "nodules after 2000 cases in children",
        "nodule before 2000 g of care",
        "nodules older than 2000 days",
        "this years nodules",
        "nodules not older than 5 years",
        " ".join(["word"] * 30) + " since 2015",
    ],
)
def test_other_years_are_read_as_before(text):
    assert parse_query(text).period is None


def test_years_of_a_period_rank_and_the_words_beside_them_are_asked_for_as_ever():
    assert parse_query("knots nodules from 2018 to 2020").node == Preferring(
        And((Word("knots"), Word("nodules"))), (Word("2018"), Word("2020"))
    )
    assert parse_query("nodules in the 1990s").node == Preferring(Word("nodules"), (Word("1990s"),))
    long = parse_query("a b knots nodules lumps cysts bumps since 2018").node
    assert isinstance(long, Preferring)
    assert isinstance(long.node, Or)
    assert long.better == (Word("since"), Word("2018"))


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("since 2020", (2020, None)),
        ("papers since 2020", (2020, None)),
        ("from 2018 to 2020", (2018, 2020)),
        ("in the last 5 years", (THIS_YEAR - 5, None)),
        ("before 2015?", (None, 2014)),
    ],
)
def test_where_nothing_else_is_asked_for_the_years_are(text, years):
    reading = parse_query(text)
    assert reading.node == Range("year", *years)
    assert reading.period is None
    assert not reading.notes


def test_beside_operators_they_are_years_of_publication_or_these_words():
    words = And((Word("since"), Word("2015")))
    assert parse_query("nodule AND growth since 2015").node == And(
        (Word("nodule"), Word("growth"), Or((Range("year", 2015, None), words)))
    )
    assert parse_query("nodule AND since 2015").node == And(
        (Word("nodule"), Or((Range("year", 2015, None), words)))
    )
    assert parse_query("nodule NOT since 2015").node == And(
        (Word("nodule"), Not(Or((Range("year", 2015, None), words))))
    )
    assert "Range" not in repr(parse_query("nodule AND title:(growth since 2015)").node)
    assert "Range" not in repr(parse_query('nodule AND "since 2015"').node)


def test_no_paper_is_hidden_for_its_year(index, name_of):
    for text in ("melanoma since 2020", "melanoma from 2010 to 2012", "melanoma in the last 2 years"):
        page = index.search(Query(text, meaning=False))
        assert {name_of[hit.paper_id] for hit in page.hits} == {6, 7}, text
        assert page.reading.period
        assert index.facets(Query(text, meaning=False))


def test_a_list_that_no_paper_has_whole_is_loosened_beside_a_period_too(index, name_of):
    page = index.search(Query("nodules papillomavirus since 2015", meaning=False))
    assert {name_of[hit.paper_id] for hit in page.hits} == {3, 9}
    assert any("some of them" in note for note in page.reading.notes)


def test_a_paper_is_not_found_for_its_years_alone(index):
    for text in ("papillomavirusoid since 2015", "papillomavirusoid nowhereoid from 2015 to 2020"):
        assert index.search(Query(text, meaning=False)).total == 0


@pytest.mark.parametrize(
    "text",
    [
        "zzyzx since 2024",
        "zzyzx nodules since 2024",
        "what helps people with zzyzx since 2024",
        "what zzyzx do patients have since 2024",
    ],
)
def test_where_nothing_has_the_words_the_years_choose_no_papers_either(text):
    reading = parse_query(text)
    alone = parse_query(reading.period.rest)
    assert timeless(reading) == alone.node
    assert [loose.node for loose in loosened(reading)] == [loose.node for loose in loosened(alone)]
