"""What organizers say of help to take part; the meetings are invented."""

import pytest

from domain.listing import Edition, Moment
from domain.listing_terms import codes

DAY = Moment("2027-05-01")


@pytest.mark.parametrize(
    ("said", "there"),
    [
        ("", False),
        ("None.", False),
        ("Not available", False),
        ("No travel grants are offered.", False),
        ("To be announced", False),
        ("Fifty grants of 300 euros", True),
        ("No fee for students", True),
        ("No grants for members; others may apply", True),
        ("No registration fee for online participants", True),
        ("No additional cost", True),
        ("Not-for-profit staff get travel grants", True),
        ("No fee waivers are offered", False),
    ],
)
def test_help_is_there_only_where_organizers_say_that_it_is(said, there):
    meeting = Edition("e1", "s1", "2027", "Invented meeting", DAY, DAY, travel_grants=said)
    assert ("travel" in codes(meeting)["support"]) is there
