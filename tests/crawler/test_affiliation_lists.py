"""Several affiliations printed as one. Units are invented; places are real."""

import time

import pytest

from crawler.telling.affiliation_lists import apart
from domain.paper import Affiliation

OSLO, KYOTO, OHIO = "Unit X, Hospital X, Oslo, Norway", "Unit Y, Kyoto, Japan", "Unit Z, Cleveland, OH"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        # numbered
        (f"1 {OSLO}. 2 {KYOTO}.", [(f"{OSLO}.", "NO"), (f"{KYOTO}.", "JP")]),
        (f"1{OSLO}, 2{KYOTO} and 3{OHIO}", [(OSLO, "NO"), (KYOTO, "JP"), (OHIO, "US")]),
        (f"(1) {OSLO} (2) {KYOTO}", [(OSLO, "NO"), (KYOTO, "JP")]),
        (f"[1] {OSLO} [2] Unit W [3] {KYOTO}", [(OSLO, "NO"), (f"Unit W [3] {KYOTO}", "JP")]),
        # behind a country, before another institution
        (f"{OSLO}, and {KYOTO}", [(OSLO, "NO"), (KYOTO, "JP")]),
        (f"{OSLO} & {KYOTO}", [(OSLO, "NO"), (KYOTO, "JP")]),
        (f"{OSLO} / {OHIO}", [(OSLO, "NO"), (OHIO, "US")]),
        (f"*{OSLO}, †{KYOTO}", [(OSLO, "NO"), (KYOTO, "JP")]),
        (f"Hospital Z, Boston, MA, and {KYOTO}", [("Hospital Z, Boston, MA", "US"), (KYOTO, "JP")]),
        (
            f"From the {OSLO}. {KYOTO}. a@example.jp",
            [(f"the {OSLO}", "NO"), (f"{KYOTO}. a@example.jp", "JP")],
        ),
        (
            f"a {OSLO}, b KU Leuven, Leuven, Belgium",
            [(f"a {OSLO}", "NO"), ("b KU Leuven, Leuven, Belgium", "BE")],
        ),
        # between marks, where only one names its country
        (f"University Z, Seattle; {KYOTO}", [("University Z, Seattle", "US"), (KYOTO, "JP")]),
        (f"Gustave Roussy, Villejuif; {KYOTO}", [("Gustave Roussy, Villejuif", "FR"), (KYOTO, "JP")]),
        (f"{KYOTO} | {OSLO}", [(KYOTO, "JP"), (OSLO, "NO")]),
        (f"1{OSLO} and 2{KYOTO}", [(OSLO, "NO"), (KYOTO, "JP")]),
    ],
)
def test_affiliations_in_several_countries_are_told_apart(text, parts):
    assert [(one.text, one.country) for one in apart(Affiliation(text))] == parts


@pytest.mark.parametrize(
    "text",
    [
        "Unit X, University of Trinidad and Tobago, Trinidad and Tobago",
        "Unit X, University of Georgia, Athens, Georgia, United States",
        "Hospital X; Hong Kong; China",
        "Hospital X, 12 Vienna Road, York, UK",
        "1 Unit X, Ward 2 North, Hospital X, Vienna, Austria",
        "Jordan University Hospital, Amman, Jordan",
        "China Medical University, Taichung, Taiwan",
        "Ministry of Health, Singapore, 16 College Road, Singapore",
        "Unit X, Hospital X, Hong Kong, China",
        "France-Japan Unit X, Hospital X, Oslo, Norway",
        f"{OSLO}, and Unit Y, Bergen, Norway",
        f"{OSLO}, and a friend in Japan",
    ],
)
def test_one_affiliation_stays_whole(text):
    assert apart(Affiliation(text)) == (Affiliation(text),)


def test_what_is_told_already_stays():
    given = Affiliation(f"{OSLO}; {KYOTO}", "NO")
    assert apart(given) == (given,)


def test_long_texts_of_marks_take_no_time():
    start = time.process_time()
    hostile = "; " * 1000, ", and " * 300 + "Japan", "1 A 2 " * 300, "Unit A, Ward B; " * 240
    for text in (*hostile, f"{OSLO}{' ' * 1900}."):
        apart(Affiliation(text))
    assert time.process_time() - start < 0.5
