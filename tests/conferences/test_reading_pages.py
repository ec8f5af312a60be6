"""Pages, exports, feeds and tables of invented societies."""

import json
from datetime import UTC, datetime

import pytest

from conferences.fetching import Fetched
from conferences.reading import read_all, read_listing
from conferences.reading.moments import parse_moment
from conferences.reading.places import is_no_more_than, to_city, to_country
from domain.errors import InvalidDate, UnreadableListing
from domain.listing import (
    Attendance,
    DeadlineKind,
    Edition,
    Fee,
    Moment,
    Opportunity,
    OpportunityKind,
)

NOW = datetime(2026, 11, 21, tzinfo=UTC)
URL = "https://society.example/2027/"
EVENT = {
    "@context": "https://schema.org",
    "@type": "Event",
    "name": "Invented Congress &amp; School",
    "startDate": "2027-03-06T09:00:00+01:00",
    "endDate": "2027-03-08T17:00:00+01:00",
    "url": "programme",
    "location": {
        "@type": "Place",
        "name": "Hall A",
        "address": {"@type": "PostalAddress", "addressLocality": "Lyon", "addressCountry": "FR"},
        "geo": {"latitude": "45.76", "longitude": 4.83},
    },
    "organizer": [{"@type": "Organization", "name": "Invented Society"}],
    "offers": [{"price": "120.00", "priceCurrency": "EUR", "name": "Members"}, {"price": "ask"}],
    "inLanguage": "fr-FR",
}


def read(told: object, kind: str = "") -> list[Edition | Opportunity]:
    text = told if isinstance(told, str) else json.dumps(told)
    return read_listing(Fetched(URL, 200, kind, text.encode()), NOW)


def page(*told: object) -> str:
    scripts = "".join(f"<script type='application/ld+json'>{json.dumps(one)}</script>" for one in told)
    return f"<!DOCTYPE html><html><head>{scripts}</head><body><h1>Welcome</h1></body></html>"


def edition(told: object) -> Edition:
    (found,) = read(told)
    assert isinstance(found, Edition)
    return found


def opportunity(told: object) -> Opportunity:
    (found,) = read(told)
    assert isinstance(found, Opportunity)
    return found


def rule(told: object, kind: str = "") -> str:
    with pytest.raises(UnreadableListing) as caught:
        read(told, kind)
    return caught.value.rule


def test_an_event_in_a_page() -> None:
    found = edition(page(EVENT))
    assert found.title == "Invented Congress & School"
    assert (found.starts, found.ends) == (
        Moment("2027-03-06T09:00", "Europe/Paris"),
        Moment("2027-03-08T17:00", "Europe/Paris"),
    )
    assert (found.url, found.languages) == ("https://society.example/2027/programme", ("fr",))
    assert (found.venue.country, found.venue.city, found.venue.latitude) == ("FR", "Lyon", 45.76)
    assert (found.organizers, found.fees) == (("Invented Society",), (Fee("120.00", "EUR", "Members"),))


@pytest.mark.parametrize(
    "told",
    [
        {"@graph": [{"@type": "WebSite"}, EVENT]},
        [[EVENT], EVENT],
        {"@type": "WebPage", "mainEntity": EVENT},
        {**EVENT, "@type": ["Event", "https://schema.org/BusinessEvent"]},
        {**EVENT, "@type": "http://schema.org/EducationalOccupationalCredential-Event"},
        {("https://schema.org/" + key if key[0] != "@" else key): value for key, value in EVENT.items()},
    ],
)
def test_events_in_lists_graphs_and_other_things(told: object) -> None:
    assert edition(page(told)).starts.at == "2027-03-06T09:00"


def test_microdata() -> None:
    found = edition(
        """<html><body><div itemscope itemtype="https://schema.org/Event">
        <h2 itemprop="name">Invented Congress</h2>
        <time itemprop="startDate" datetime="2027-03-06">6 March</time>
        <meta itemprop="endDate" content="2027-03-07">
        <a itemprop="url" href="/x">More</a><div itemprop="location" itemscope itemtype="https://schema.org/Place">
        <span itemprop="name">Hall B</span><span itemprop="address">Kampala, Uganda</span></div></div>"""
    )
    assert (found.title, found.url) == ("Invented Congress", "https://society.example/x")
    assert (found.starts, found.ends) == (
        Moment("2027-03-06", "Africa/Kampala"),
        Moment("2027-03-07", "Africa/Kampala"),
    )
    assert (found.venue.country, found.venue.name) == ("UG", "Hall B")


VIRTUAL = {"@type": "VirtualLocation", "url": "https://meet.example"}


@pytest.mark.parametrize(
    ("more", "attendance", "country"),
    [
        ({"location": VIRTUAL}, Attendance.ONLINE, ""),
        ({"location": [EVENT["location"], VIRTUAL]}, Attendance.HYBRID, "FR"),
        ({"eventAttendanceMode": "https://schema.org/MixedEventAttendanceMode"}, Attendance.HYBRID, "FR"),
        ({"eventAttendanceMode": "OnlineEventAttendanceMode"}, Attendance.ONLINE, ""),
        ({"location": "Online (Zoom)"}, Attendance.ONLINE, ""),
        ({"location": "Hotel X, Chicago, IL"}, Attendance.ON_SITE, "US"),
        ({"location": {"@type": "Place", "address": "Dakar, Sénégal"}}, Attendance.ON_SITE, "SN"),
    ],
)
def test_where(more: dict[str, object], attendance: Attendance, country: str) -> None:
    found = edition(EVENT | more)
    assert (found.attendance, found.venue.country) == (attendance, country)


def test_called_off_moved_and_put_off() -> None:
    assert edition(EVENT | {"eventStatus": "https://schema.org/EventCancelled"}).cancelled
    moved = edition(EVENT | {"eventStatus": "EventRescheduled", "previousStartDate": "2026-12-01"})
    assert moved.earlier == ((Moment("2026-12-01", "Europe/Paris"),) * 2,)
    assert rule(EVENT | {"eventStatus": "EventPostponed"}) == "postponed"


def test_a_course_has_its_instances() -> None:
    course = {"@type": "Course", "name": "Invented Winter School", "provider": {"name": "Invented Society"}}
    dates = [{"@type": "CourseInstance", "startDate": f"2027-0{month}-01T00:00:00"} for month in (1, 2)]
    found = read({**course, "hasCourseInstance": dates})
    assert [one.runs_from for one in found if isinstance(one, Opportunity)] == [
        Moment("2027-01-01", "UTC"),
        Moment("2027-02-01", "UTC"),
    ]
    alone = opportunity({**course, "applicationDeadline": "2026-12-31"})
    assert (alone.kind, alone.provider, alone.runs_from) == (
        OpportunityKind.TRAINING,
        "Invented Society",
        None,
    )
    assert (alone.closes, alone.source) == (Moment("2026-12-31", "UTC"), URL)


def test_a_grant() -> None:
    found = opportunity(
        {
            "@type": "MonetaryGrant",
            "name": "Invented travel fellowship",
            "funder": {"name": "Invented Fund"},
            "amount": {"@type": "MonetaryAmount", "value": 1500, "currency": "chf"},
            "validThrough": "2027-01-31",
        }
    )
    assert (found.kind, found.provider) == (OpportunityKind.FELLOWSHIP, "Invented Fund")
    assert (found.amount, found.currency) == ("1500", "CHF")
    assert not found.is_open(datetime(2027, 2, 1, tzinfo=UTC))


def test_an_export_of_indico() -> None:
    when = {"date": "2027-03-06", "time": "09:00:00", "tz": "Europe/Zurich"}
    event = {
        "_type": "Conference",
        "id": "1234",
        "title": "Invented Workshop",
        "description": "<p>Two days.</p>",
        "startDate": when,
        "endDate": when | {"date": "2027-03-07", "time": "17:30:00"},
        "timezone": "Europe/Zurich",
        "location": "Invented Institute",
        "address": "Route 1\nGenève, Switzerland",
        "url": "https://indico.example/event/1234/",
    }
    found = edition({"count": 1, "results": [event], "ts": 1})
    assert (found.starts, found.ends.at) == (Moment("2027-03-06T09:00", "Europe/Zurich"), "2027-03-07T17:30")
    assert (found.venue.country, found.url) == ("CH", "https://indico.example/event/1234/")
    assert found.summary == "Two days."


FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Invented Fund</title>
<item><title>Seed grants 2027</title><link>https://fund.example/seed</link>
<description>Small ones. Application deadline: 15 January 2027, noon.</description></item>
<item><title>Old fellowship</title><link>https://fund.example/old</link>
<description>Apply by 2025-01-15.</description></item>
<item><title>No address</title></item></channel></rss>"""


def test_a_feed_of_opportunities() -> None:
    reading = read_all(Fetched(URL, 200, "text/xml", FEED.encode()), NOW)
    (found,) = reading.drafts
    assert isinstance(found, Opportunity)
    assert (found.kind, found.provider, found.closes) == (
        OpportunityKind.GRANT,
        "Invented Fund",
        Moment("2027-01-15"),
    )
    assert sorted(one.rule for one in reading.refused) == ["closed", "no-address"]


ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Invented</title>
<entry><id>x:1</id><title>Summer school</title>
<link href="/school"/><summary type="html">&lt;b&gt;Come&lt;/b&gt;</summary></entry></feed>"""


def test_an_atom_feed() -> None:
    found = opportunity(ATOM)
    assert (found.kind, found.url, found.summary) == (
        OpportunityKind.TRAINING,
        "https://society.example/school",
        "Come",
    )


@pytest.mark.parametrize(
    "table",
    [
        "Title,Start,End,City,Country,Abstract deadline\n"
        "Invented Congress,2027-03-06,2027-03-08,Accra,Ghana,2026-12-01\n",
        "\ufeffTitre;Début;Fin;Ville;Pays;Abstract deadline\n"
        "Invented Congress;06.03.2027;08.03.2027;Accra;Ghana;01.12.2026\n",
        "NAME\tStart_Date\tEnd Date\tLocation\tAbstracts due\n"
        "Invented Congress\t46452\t46454\tAccra, Ghana\t46357\n",
        '"event","from","to","city","country","abstract deadline"\n"Invented Congress","6th March 2027",'
        '"March 8, 2027","Accra","GH","1 Dec 2026"\n',
    ],
)
def test_tables(table: str) -> None:
    (found,) = read(table, "text/csv")
    assert isinstance(found, Edition)
    assert (found.title, found.venue.country) == ("Invented Congress", "GH")
    assert (found.starts, found.ends) == (
        Moment("2027-03-06", "Africa/Accra"),
        Moment("2027-03-08", "Africa/Accra"),
    )
    (deadline,) = found.deadlines
    assert (deadline.kind, deadline.moment) == (DeadlineKind.ABSTRACT, Moment("2026-12-01"))


MARKDOWN = """# Invented meetings

| Conference | Deadline | StartDate | EndDate | Location |
| ---------- | -------- | --------- | ------- | -------- |
| [Invented Congress](https://society.example/c) | 2026-12? | 2027-03-06 | 2027-03-08 | Chicago, IL |
"""


def test_a_table_in_markdown() -> None:
    found = edition(MARKDOWN)
    assert (found.title, found.url) == ("Invented Congress", "https://society.example/c")
    assert (found.starts, found.venue.country) == (Moment("2027-03-06", "America/Chicago"), "US")
    assert (found.venue.city, found.venue.name) == ("Chicago", "")
    assert found.deadlines == ()


@pytest.mark.parametrize(
    "told",
    [
        {
            "events": [
                {"name": {"text": "A"}, "start": {"timezone": "Asia/Tokyo", "local": "2027-03-06T09:00:00"}}
            ]
        },
        {
            "data": [
                {
                    "id": 1,
                    "attributes": {"title": "A", "start": "2027-03-06T09:00", "time-zone": "Asia/Tokyo"},
                }
            ]
        },
        [
            {
                "title": "A",
                "field_event_start_date": {"value": "2027-03-06T09:00"},
                "field_city_state": "Tokyo, Japan",
            }
        ],
    ],
)
def test_lists_of_events_in_json(told: object) -> None:
    found = edition(told)
    assert (found.title, found.starts) == ("A", Moment("2027-03-06T09:00", "Asia/Tokyo"))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_tables_in_other_encodings(encoding: str) -> None:
    body = "title,start,city\nCongrès inventé,2027-03-06,Genève\n".encode(encoding)
    (found,) = read_listing(Fetched(URL, 200, "text/csv", body), NOW)
    assert (found.title, found.venue.country) == ("Congrès inventé", "CH")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ("", "format"),
        ("Just a letter.", "format"),
        ("<html><body>Nothing</body></html>", "no-event"),
        ("<urlset><url/></urlset>", "format"),
        ("[1, 2", "no-json"),
        ({"a": 1}, "format"),
        ("a,b\n1,2\n", "no-table"),
        ("title,start\n", "no-event"),
        ("title,start\nx,someday\n", "date"),
        ({**EVENT, "name": ""}, "no-title"),
        ({**EVENT, "startDate": None}, "no-start"),
        ({**EVENT, "endDate": "2026-01-01T09:00+01:00"}, "ends-before-start"),
    ],
)
def test_what_holds_nothing_says_why(told: object, why: str) -> None:
    assert rule(told) == why


@pytest.mark.parametrize(
    ("place", "country"),
    [
        ("Nairobi", "KE"),
        ("Hall 3, 北京", "CN"),
        ("Boston, MA 02115", "US"),
        ("Atlanta, Georgia", "US"),
        ("Tbilisi, Georgia", "GE"),
        ("Georgia", ""),
        ("MA", "MA"),
        ("Room 5", ""),
        ("University of Ghana Hospital", ""),
        ("Viet Nam", "VN"),
        ("Addis Ababa – Ethiopia", "ET"),
    ],
)
def test_countries(place: str, country: str) -> None:
    assert to_country(place) == country


def test_days_that_do_not_exist() -> None:
    for text in ("2027-02-30", "soon", "99", "2027-13-01T09:00", "x" * 100):
        with pytest.raises(InvalidDate):
            parse_moment(text)
    assert parse_moment("") is None


@pytest.mark.parametrize(
    ("place", "city", "hall"),
    [
        ("Nairobi, Kenya", "Nairobi", ""),
        ("Hall 2, Nairobi, Kenya", "Nairobi", "Hall 2, Nairobi, Kenya"),
        ("Washington, DC", "Washington", ""),
        ("Springfield, Illinois, USA", "Springfield", ""),
        ("12 Main Street, Springfield, IL 62701", "Springfield", "12 Main Street, Springfield, IL 62701"),
        ("Kenya", "", ""),
        ("Toronto, Ontario, Canada", "Toronto", ""),
        ("Hotel Invented", "", "Hotel Invented"),
        ("", "", ""),
    ],
)
def test_the_town_is_told_by_the_words_for_a_place(place: str, city: str, hall: str) -> None:
    country = to_country(place)
    assert to_city(country, place) == city
    assert ("" if is_no_more_than(country, city, place) else place) == hall


def refusals(text: str) -> list[tuple[str, str]]:
    fetched = Fetched(URL, 200, "text/csv", text.encode())
    return [(one.rule, one.detail) for one in read_all(fetched, NOW).refused]


@pytest.mark.parametrize(
    ("rows", "days"),
    [
        ("13/05/2027,15/05/2027\n04/06/2027,05/06/2027", ["2027-05-13", "2027-06-04"]),
        ("5/13/2027 9:00 AM,5/15/2027 5:30 PM", ["2027-05-13"]),
        ("13-May-27,15-May-27", ["2027-05-13"]),
        ('"Thursday, May 13, 2027","Saturday, May 15, 2027"', ["2027-05-13"]),
        ("13–15 May 2027,", ["2027-05-13"]),
    ],
)
def test_days_as_spreadsheets_write_them(rows: str, days: list[str]) -> None:
    told = "\n".join(f"Invented {n},{row}" for n, row in enumerate(rows.split("\n")))
    found = read(f"sep=,\nMeetings of an invented society\nname,start,end\n{told}\n", "text/csv")
    assert [one.starts.at[:10] for one in found if isinstance(one, Edition)] == days
    assert all(isinstance(one, Edition) and one.ends.day > one.starts.day for one in found)


def test_a_day_that_could_be_two_is_refused_and_semicolons_tell_which() -> None:
    assert refusals("title,start\nInvented,04/05/2027\n") == [("day-or-month", "04/05/2027")]
    assert refusals("title,start\nA,13/05/2027\nB,5/13/2027\nC,04/05/2027\n") == [
        ("day-or-month", "04/05/2027")
    ]
    (found,) = read("\ufeffTitre;Date de début;Lien\nRéunion inventée;04/05/2027;www.inventee.example\n")
    assert isinstance(found, Edition)
    assert (found.starts.at, found.url) == ("2027-05-04", "https://www.inventee.example")


def test_what_is_named_elsewhere_in_the_page_is_put_in_place() -> None:
    place = {"@type": "Place", "@id": "#hall", "name": "Hall B", "address": "Kampala, Uganda"}
    society = {"@type": "Organization", "@id": "#us", "name": "Invented Society"}
    event = {**EVENT, "location": {"@id": "#hall"}, "organizer": {"@id": "#us"}}
    told = edition(page({"@context": "https://schema.org", "@graph": [event, place, society]}))
    assert (told.venue.name, told.venue.country) == ("Hall B", "UG")
    assert told.organizers == ("Invented Society",)


def test_sessions_are_no_meetings_and_whole_days_are_days() -> None:
    session = {"@type": "Event", "name": "Poster session", "startDate": "2027-03-06T12:00"}
    own = {"@type": "Event", "name": "School before it", "startDate": "2027-03-05", "url": "/school"}
    days = {"startDate": "2027-03-06T00:00:00+03:00", "endDate": "2027-03-08T23:59:59+03:00"}
    body = page({**EVENT, **days, "location": "Kampala, Uganda", "subEvent": [session, own]}).encode()
    reading = read_all(Fetched(URL, 200, "", body), NOW)
    assert [draft.title for draft in reading.drafts] == ["Invented Congress & School", "School before it"]
    assert [(one.rule, one.detail) for one in reading.refused] == [("part", "Poster session")]
    first = reading.drafts[0]
    assert isinstance(first, Edition)
    assert (first.starts.at, first.ends.at) == ("2027-03-06", "2027-03-08")


def test_congresses_that_call_themselves_education_are_meetings() -> None:
    assert edition({**EVENT, "@type": "EducationEvent", "name": "Invented Annual Congress"})
    assert opportunity({**EVENT, "@type": "EducationEvent", "name": "Invented Course"})
