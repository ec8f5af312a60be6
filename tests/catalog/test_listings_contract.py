"""Listings on both databases: what is public, what is proposed, lists, names, reports. All are invented."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import inspect

from catalog.database import Database
from catalog.revisions import downgrade, upgrade
from domain.errors import InvalidDate, NotAllowed, NotFound, Superseded
from domain.listing import (
    Attendance,
    Deadline,
    DeadlineKind,
    Edition,
    EventStatus,
    Fee,
    Kind,
    LinkCheck,
    Moment,
    Opportunity,
    OpportunityKind,
    Resource,
    ResourceKind,
    Series,
    State,
    Venue,
)
from domain.listing_ports import Doubt, Wanted
from tests.catalog.invented import article

DRAFT, IN_REVIEW, PUBLIC, DECLINED, WITHDRAWN = State
EDITIONS = Wanted(Kind.EDITION)


@pytest.fixture
def listings(catalog):
    return catalog.listings


@pytest.fixture
def series(listings):
    return publish(listings, Series("", "", "Société of Invented Oncology", "SIO", cancer_types=("breast",)))


def publish(listings, listing):
    return listings.save(listing, PUBLIC, "rita", "approved").public


def edition(series, year=2027, month=5, **facts):
    days = {"starts": Moment(f"{year}-{month:02}-10", "UTC"), "ends": Moment(f"{year}-{month:02}-12", "UTC")}
    named = {"title": f"Annual Meeting {year}"}
    return Edition("", series.id, "", **(named | days | facts))


def abstracts(day, *earlier):
    return Deadline(DeadlineKind.ABSTRACT, Moment(day), earlier=tuple(map(Moment, earlier)))


def call(title="A fellowship", closes="2027-03-01", **facts):
    moment = Moment(closes) if closes else None
    kind = OpportunityKind.FELLOWSHIP
    return Opportunity("", kind, title, "An Invented Fund", "https://fund.example", closes=moment, **facts)


def found(listings, kind=Kind.EDITION, **wanted):
    total, page = listings.public(Wanted(kind, **wanted))
    assert total == len(page)
    return [listed.public.title for listed in page]


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_listing_becomes_public_when_it_is_approved_and_not_before(listings):
    draft = listings.save(Series("", "", "A Meeting"), DRAFT, "ada", "created")
    assert len(draft.id) == 12
    assert (draft.state, draft.public, draft.latest.slug) == (DRAFT, None, "a-meeting")
    waiting = listings.save(
        draft.latest, IN_REVIEW, "ada", "handed-in", doubts=[Doubt("two-cities", "Lyon, Oslo")]
    )
    assert waiting.doubts == (Doubt("two-cities", "Lyon, Oslo"),)
    assert listings.queue() == (1, [waiting])
    assert found(listings, Kind.SERIES) == []
    listings.save(waiting.latest, PUBLIC, "rita", "approved", answer="Welcome.")
    public = listings.listed(draft.id)
    assert (public.public, public.proposed, public.answer) == (draft.latest, None, "Welcome.")
    assert public.created_at == draft.created_at < public.changed_at
    assert listings.queue() == (0, [])
    assert found(listings, Kind.SERIES) == ["A Meeting"]
    acts = [(entry.person, entry.act) for entry in listings.audit(draft.id)]
    assert acts == [("ada", "created"), ("ada", "handed-in"), ("rita", "approved")]


def test_a_proposal_stands_beside_what_is_public(listings, series):
    changed = replace(series, title="Another Name")
    for state in (DRAFT, IN_REVIEW, DECLINED):
        saved = listings.save(changed, state, "ada", "changed", answer="No." if state is DECLINED else "")
        assert (saved.state, saved.public, saved.proposed) == (state, series, changed)
        assert found(listings, Kind.SERIES) == [series.title]
    assert listings.save(changed, DRAFT, "ada", "changed").answer == "No.", "what was told last"
    assert listings.save(changed, PUBLIC, "rita", "approved").public == changed
    gone = listings.save(changed, WITHDRAWN, "ada", "withdrawn")
    assert (gone.state, gone.public, gone.latest) == (WITHDRAWN, None, changed)
    assert found(listings, Kind.SERIES) == []


def test_who_writes_what_another_has_changed_is_told(listings, series):
    seen = listings.listed(series.id).changed_at
    now = listings.save(replace(series, acronym="X"), DRAFT, "ada", "changed", expected=seen)
    with pytest.raises(Superseded, match="somebody else"):
        listings.save(replace(series, acronym="Y"), DRAFT, "bo", "changed", expected=seen)
    with pytest.raises(Superseded):
        listings.save(series, DRAFT, "bo", "created", expected="")
    assert listings.listed(series.id) == now
    assert len(listings.audit(series.id)) == 2
    with pytest.raises(NotFound):
        listings.save(replace(series, id="nothing"), DRAFT, "bo", "changed", expected=seen)


def test_an_edition_is_shown_with_its_series(listings):
    series = listings.save(Series("", "", "A Meeting"), IN_REVIEW, "ada", "created").latest
    with pytest.raises(NotFound):
        publish(listings, edition(replace(series, id="none")))
    publish(listings, edition(series))
    assert found(listings) == []
    publish(listings, series)
    assert found(listings) == ["Annual Meeting 2027"]
    listings.save(series, WITHDRAWN, "ada", "withdrawn")
    assert found(listings) == []


def test_an_edition_stays_in_its_series_and_a_kind_what_it_is(listings, series):
    saved = publish(listings, edition(series))
    other = publish(listings, Series("", "", "Another"))
    with pytest.raises(NotAllowed):
        listings.save(replace(saved, series=other.id), DRAFT, "ada", "changed")
    with pytest.raises(NotAllowed):
        listings.save(replace(other, id=saved.id), DRAFT, "ada", "changed")


def test_the_sequence_rises_with_each_public_change_alone(listings, series):
    one = publish(listings, edition(series))
    assert one.sequence == 0
    two = replace(one, title="Changed", sequence=77)
    assert listings.save(two, IN_REVIEW, "ada", "changed").public.sequence == 0
    assert publish(listings, two).sequence == 1
    assert publish(listings, replace(two, sequence=0)).sequence == 1, "nothing has changed"
    listings.save(two, WITHDRAWN, "ada", "withdrawn")
    assert publish(listings, two).sequence == 2
    assert publish(listings, replace(publish(listings, call()), title="B")).sequence == 1


def test_deadlines_and_days_remember_what_they_were(listings, series):
    late = Deadline(DeadlineKind.ABSTRACT, Moment("2027-04-01"), "late")
    first = publish(listings, edition(series, deadlines=(abstracts("2027-02-01"), late)))
    again = replace(first, deadlines=(abstracts("2027-02-08"), late))
    listings.save(replace(first, deadlines=(abstracts("2027-02-05"),)), DRAFT, "ada", "changed")
    assert publish(listings, again).deadlines == (abstracts("2027-02-08", "2027-02-01"), late)
    twice = publish(listings, replace(again, deadlines=(abstracts("2027-02-15"),)))
    assert twice.deadlines == (abstracts("2027-02-15", "2027-02-01", "2027-02-08"),)
    moved = publish(listings, replace(twice, starts=Moment("2027-05-11", "UTC"), deadlines=()))
    assert moved.earlier == ((first.starts, first.ends),)
    assert moved.status(at("2027-03-01")) is EventStatus.MOVED


def test_days_that_do_not_exist_can_be_kept_as_a_draft_only(listings, series):
    wrong = edition(series, starts=Moment("2027-02-30"))
    draft = listings.save(wrong, DRAFT, "ada", "created").latest
    with pytest.raises(InvalidDate):
        publish(listings, draft)
    assert listings.listed(draft.id).state is DRAFT


def test_names_in_addresses_are_given_once(listings, series):
    assert series.slug == "societe-of-invented-oncology"
    twin = listings.save(Series("", "", series.title), DRAFT, "bo", "created").latest
    assert twin.slug == series.slug + "-2"
    renamed = publish(listings, replace(series, title="Other", slug="sio"))
    assert publish(listings, replace(renamed, slug="", title="Third")).slug == "sio"
    for name in ("sio", series.slug):
        assert listings.by_slug(name).id == series.id
    listings.save(renamed, WITHDRAWN, "ada", "withdrawn")
    assert publish(listings, Series("", "sio", "New")).slug == "sio-2"
    assert publish(listings, Series("", "", "Map")).slug == "map-2", "the site's own page"
    assert publish(listings, Series("", "", "肿瘤")).slug
    with pytest.raises(NotFound):
        listings.by_slug("nothing")


def test_editions_are_named_by_their_year(listings, series):
    one, two = (publish(listings, edition(series, title=title)) for title in "ab")
    assert (one.slug, two.slug) == ("2027", "2027-2")
    other = publish(listings, Series("", "", "Another"))
    assert publish(listings, edition(other)).slug == "2027"
    assert listings.by_slug(series.slug, "2027-2").public == two
    with pytest.raises(NotFound):
        listings.by_slug(series.slug, "2026")


def test_editions_of_a_series_come_newest_first_without_drafts(listings, series):
    years = {2026: PUBLIC, 2028: IN_REVIEW, 2027: PUBLIC, 2029: DRAFT}
    for year, state in years.items():
        listings.save(edition(series, year), state, "ada", "created")
    assert [e.latest.slug for e in listings.editions(series.id)] == ["2028", "2027", "2026"]


def test_lists_are_narrowed(listings, series):
    lyon, oslo = Venue("FR", "Lyon"), Venue("NO", "Oslo")
    publish(listings, edition(series, 2027, title="One", venue=lyon, languages=("en", "fr")))
    publish(listings, edition(series, 2026, title="Two", venue=oslo, cancer_types=("lung",)))
    other = publish(listings, Series("", "", "100% Other_Words"))
    online = edition(other, 2028, title="Three", attendance=Attendance.ONLINE, summary="Köln by night")
    publish(listings, online)
    assert found(listings) == ["Two", "One", "Three"]
    assert found(listings, countries=("FR", "NO")) == ["Two", "One"]
    assert found(listings, countries=("F",)) == []
    assert found(listings, languages=("fr",)) == ["One"]
    assert found(listings, cancer_types=("breast",)) == ["One"], "as its series says"
    assert found(listings, cancer_types=("lung",)) == ["Two"]
    assert found(listings, attendance=("online",)) == ["Three"]
    assert found(listings, series=series.id) == ["Two", "One"]
    assert found(listings, words="KOLN  other") == ["Three"]
    assert found(listings, words="sio lyon") == ["One"]
    assert found(listings, words="100%") == ["Three"]
    assert found(listings, words="r_w") == ["Three"]
    assert found(listings, words="s_o") == []
    strange = ("\x00", "\ud800")
    for name in ("countries", "cancer_types", "languages", "attendance", "support"):
        assert found(listings, **{name: strange}) == [], name
    assert found(listings, series="\x00") == []
    assert found(listings, countries=("NO",), words="sio", languages=("en",)) == ["Two"]
    publish(listings, replace(series, cancer_types=("skin",)))
    assert found(listings, cancer_types=("skin",)) == ["One"]
    assert found(listings, over_at=at("2027-05-13T00:00")) == ["One", "Two"], "the latest first"
    assert found(listings, over_at=at("2027-05-12T23:59:59")) == ["Two"]
    total, page = listings.public(EDITIONS, 1, 1)
    assert (total, [listed.public.title for listed in page]) == (3, ["One"])


def support_offered(listings, series):
    """Four meetings; what each is called is what there is."""
    free, paid = Fee("0,00", "EUR", online=True), Fee("10", "EUR", online=True)
    unknown = Fee("", "EUR", online=True)
    there = {"travel_grants": "For students.", "visa_letters": True}
    publish(listings, edition(series, 2026, title="travel visa", **there))
    publish(listings, edition(series, 2027, title="online", fees=(paid, free), travel_grants="None."))
    publish(listings, edition(series, 2028, title="visa online", visa_letters=True, free_online_seats="50"))
    nothing = {"visa_letters": False, "free_online_seats": "N/A", "fees": (paid, unknown, Fee("0", "EUR"))}
    publish(listings, edition(series, 2029, title="nothing", **nothing))


def test_meetings_are_narrowed_by_help_to_take_part(listings, series):
    support_offered(listings, series)
    assert found(listings, support=("travel",)) == ["travel visa"]
    assert found(listings, support=("visa",)) == ["travel visa", "visa online"]
    assert found(listings, support=("online",)) == ["online", "visa online"]
    assert found(listings, support=("travel", "online")) == ["travel visa", "online", "visa online"]
    assert listings.public(Wanted(Kind.EDITION, support=("visa",)), 1, 1)[0] == 2, "all are counted"


def test_meetings_that_were_there_before_are_told_what_help_they_give(url, open_here):
    listings = open_here().listings
    support_offered(listings, publish(listings, Series("", "", "A Meeting", cancer_types=("breast",))))
    database = Database(url)
    ways = (("travel",), ("visa",), ("online",))
    before = [found(listings, support=way) for way in ways]
    downgrade(database, "0012")
    assert [found(listings, support=way) for way in ways] == [[], [], []]
    assert len(found(listings, cancer_types=("breast",))) == 4, "the other tags stay"
    upgrade(database)
    assert [found(listings, support=way) for way in ways] == before
    database.close()


def test_what_changed_since_is_asked_for(listings, series):
    before = listings.save(edition(series), PUBLIC, "ada", "created")
    after = listings.save(edition(series, 2028), PUBLIC, "ada", "created")
    assert before.changed_at < after.changed_at
    assert found(listings, changed_after=before.changed_at) == ["Annual Meeting 2028"]
    assert found(listings, changed_after=after.changed_at) == []
    listings.save(replace(before.public, summary="New."), PUBLIC, "ada", "changed")
    assert found(listings, changed_after=after.changed_at) == ["Annual Meeting 2027"]


def test_instants_bound_lists_to_the_second(listings, series):
    kept = edition(series, deadlines=(abstracts("2027-05-20"), abstracts("2027-03-01")))
    publish(listings, kept)
    assert found(listings, since=at("2027-05-12T23:59:59.9"))
    assert not found(listings, since=at("2027-05-13T00:00"))
    assert found(listings, until=at("2027-05-10T00:00:00.1"))
    assert not found(listings, until=at("2027-05-10T00:00"))
    assert found(listings, open_at=at("2027-05-09T23:59:59"))
    assert not found(listings, open_at=at("2027-05-10")), "it has begun"
    publish(listings, edition(series, 2028, title="No deadline"))
    publish(listings, edition(series, 2028, title="Off", deadlines=kept.deadlines, cancelled=True))
    assert not found(listings, open_at=at("2027-05-10"))
    assert len(found(listings, open_at=at("2027-05-01"))) == 1


def test_opportunities_come_by_closing_time_and_go_the_minute_they_close(listings):
    publish(listings, call("Never closes", closes=None))
    publish(listings, call("Late", closes="2027-06-01", venue=Venue("KE")))
    publish(listings, call("Early", closes="2027-03-01T12:00"))
    listings.save(call("Draft"), DRAFT, "ada", "created")
    kind = Kind.OPPORTUNITY
    assert found(listings, kind, subkinds=("fellowship",)) == ["Early", "Late", "Never closes"]
    assert found(listings, kind, subkinds=("grant",)) == []
    assert found(listings, kind, open_at=at("2027-03-01T23:59:59")) == ["Early", "Late", "Never closes"]
    assert found(listings, kind, open_at=at("2027-03-02T00:00")) == ["Late", "Never closes"]
    assert found(listings, kind, countries=("KE",)) == ["Late"]


def test_readers_reports_bring_a_listing_before_a_reviewer(listings, series):
    for reason, who in (("spam", "h1"), ("spam again", "h1"), ("fake", ""), ("fake", "")):
        listings.report(series.id, reason, who)
    assert listings.queue() == (0, [])
    listings.report(series.id, "spam", "h2")
    total, waiting = listings.queue()
    assert total == 1
    assert {d.detail for d in waiting[0].doubts} == {"spam again", "fake", "spam"}
    assert {d.rule for d in waiting[0].doubts} == {"reported"}
    assert waiting[0].public == series
    saved = listings.save(series, DRAFT, "ada", "changed", doubts=waiting[0].doubts)
    assert len(saved.doubts) == 3
    listings.save(series, PUBLIC, "ada", "changed")
    listings.save(replace(series, title="Other"), DECLINED, "rita", "declined")
    assert listings.queue()[0] == 1, "nobody has dealt with it"
    listings.save(series, PUBLIC, "rita", "approved")
    assert listings.queue()[0] == 0
    assert listings.listed(series.id).doubts == ()
    draft = listings.save(Series("", "", "Draft"), DRAFT, "ada", "created")
    for name in (draft.id, "nothing"):
        with pytest.raises(NotFound):
            listings.report(name, "spam")


def test_the_queue_has_the_oldest_first(listings):
    names = [listings.save(call(title), IN_REVIEW, "ada", "handed-in").latest for title in "abc"]
    listings.save(replace(names[0], summary="More."), IN_REVIEW, "ada", "changed")
    total, page = listings.queue(0, 2)
    assert (total, [listed.latest.title for listed in page]) == (3, ["a", "b"])


def test_the_last_answers_of_each_address_are_kept(listings):
    kept = Resource("", ResourceKind.BIOBANK, "A Biobank", "https://bank.example", countries=("KE",))
    name = publish(listings, kept).id
    changed_at = listings.listed(name).changed_at
    for n in range(8):
        listings.check_link(name, LinkCheck("https://bank.example", f"2026-01-0{n + 1}T00:00:00Z", 200))
    listings.check_link(name, LinkCheck("https://other.example", "2026-01-01T00:00:00Z", None, "no answer"))
    checks = listings.listed(name).public.checks
    assert [c.checked_at[8:10] for c in checks] == ["08", "07", "06", "05", "04", "01"]
    assert checks[-1].problem == "no answer"
    assert listings.listed(name).changed_at == changed_at
    saved = listings.save(listings.listed(name).public, PUBLIC, "rita", "approved")
    assert saved.public.checks == checks, "they are no part of what is saved"
    assert listings.public(Wanted(Kind.RESOURCE, countries=("KE",)))[1] == [saved]
    with pytest.raises(NotFound):
        listings.check_link("nothing", checks[0])


def test_what_no_database_takes_is_replaced(listings):
    saved = publish(listings, Series("", "", "A\x00B \ud800", summary="C\x00 \udfff"))
    assert listings.by_slug(saved.slug).public == saved
    assert found(listings, Kind.SERIES, words="\x00") == ["A\x00B ?"]


def test_several_are_read_in_the_order_asked_for(listings, series):
    offer = publish(listings, call())
    assert [one.id for one in listings.several([offer.id, "nothing", series.id])] == [offer.id, series.id]
    assert listings.several([]) == []


def test_many_are_saved_at_once_or_none(listings):
    ids = listings.save_all([call(title) for title in "ab"], PUBLIC, "a-source", "created")
    assert found(listings, Kind.OPPORTUNITY) == [listings.listed(i).public.title for i in sorted(ids)]
    with pytest.raises(InvalidDate):
        listings.save_all([call("c"), call("d", closes="never")], PUBLIC, "a-source", "created")
    assert len(found(listings, Kind.OPPORTUNITY)) == 2


def test_a_catalog_from_before_listings_gets_them(url, open_here):
    catalog = open_here()
    catalog.save([article(1)])
    papers = catalog.counts()
    database = Database(url)
    downgrade(database, "0007")
    with database.read() as connection:
        assert not inspect(connection).has_table("listings")
    database.close()
    catalog = open_here()
    assert catalog.counts() == papers
    person = catalog.accounts.create("ada@example.org", "Ada")
    series = catalog.listings.save(Series("", "", "A Meeting"), PUBLIC, person.id, "created")
    assert [entry.id for entry in catalog.listings.owned(person.id)] == [series.id]
