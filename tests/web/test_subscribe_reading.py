"""What can be read of letters without asking for any: feeds, copies, lists and their issues. Invented."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pytest
from lxml import html

from catalog.sqlcatalog import SqlCatalog
from domain.digest import Audience
from domain.listing import (
    Deadline,
    DeadlineKind,
    Edition,
    Moment,
    Opportunity,
    OpportunityKind,
    Series,
    State,
)
from domain.record import HarvestedRecord
from domain.subscription import (
    LetterKind,
    ListIssue,
    MailingList,
    News,
    NewsKind,
    Rhythm,
    Section,
    WishKind,
    to_wish,
)
from domain.subscription_ports import Composed
from tests.web.conftest import Library, fill
from tests.web.invented import NASTY, article
from tests.web.organizers import words
from tests.web.subscribers import HOST, Clock, Readers, opened_readers
from web.letters.wishes import read_wish, to_pairs, to_words

ATOM = "{http://www.w3.org/2005/Atom}"
BREAST = to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",)})


@pytest.fixture
def readers(catalog: SqlCatalog, tmp_path: Path) -> Iterator[Readers]:
    with opened_readers(catalog, tmp_path, Clock()) as found:
        yield found


@pytest.fixture
def papers(library: Library, tmp_path: Path) -> Iterator[Readers]:
    """A site over the invented library."""
    assert isinstance(library.catalog, SqlCatalog)
    with opened_readers(library.catalog, tmp_path, Clock(), index=library.index) as found:
        yield found


def feed(readers: Readers, path: str) -> ElementTree.Element:
    """A feed that any reader takes: ids and addresses whole, all that RFC 4287 wants."""
    answer = readers.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    assert answer.headers["ETag"]
    root = ElementTree.fromstring(answer.data)
    for one in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert one.findtext(f"{ATOM}{name}"), name
    names = [one.findtext(f"{ATOM}id") for one in root.findall(f"{ATOM}entry")]
    assert len(set(names)) == len(names)
    return root


def titles(root: ElementTree.Element) -> list[str]:
    return [str(one.findtext(f"{ATOM}title")) for one in root.findall(f"{ATOM}entry")]


def test_a_search_and_a_topic_as_feeds(papers: Readers, library: Library) -> None:
    found = titles(feed(papers, "/subscribe/news.atom?kind=topic&cancer_type=breast&country=KE"))
    assert library.paper(1).title in found
    searched = titles(feed(papers, "/subscribe/news.atom?kind=search&q=nurses"))
    assert library.paper(1).title in searched
    assert len(searched) < len(library.ids)
    by_language = titles(feed(papers, "/subscribe/news.atom?kind=topic&language=ar&language=zh"))
    assert by_language
    retracted = titles(feed(papers, f"/subscribe/news.atom?kind=paper&target={library.ids[2]}"))
    assert any(title.startswith("Retracted: ") for title in retracted)


def test_letters_and_feeds_are_about_the_whole_of_a_long_search(papers: Readers, library: Library) -> None:
    none = " or ".join(f'"no paper {n}"' for n in range(300))
    text = f"1. cancer.mp.\n2. ({none} or nurses).mp.\n3. 1 and 2"
    asked = urlencode({"kind": "search", "q": text})
    wish = read_wish({"kind": ["search"], "q": [text.replace("\n", "\r\n")]})
    assert wish
    assert wish.text == text
    assert read_wish({name: [value] for name, value in to_pairs(wish)}) == wish
    assert library.paper(1).title in titles(feed(papers, f"/subscribe/news.atom?{asked}"))
    page = papers.get(f"/subscribe?{asked}")
    box = html.document_fromstring(page.text).xpath("//textarea[@name='q']")[0]
    assert box.text.removeprefix("\n") == text
    assert len(to_words(wish)) < 300


def test_a_feed_that_has_not_changed_is_not_sent_again(papers: Readers) -> None:
    path = "/subscribe/news.atom?kind=search&q=cancer"
    etag = papers.get(path).headers["ETag"]
    assert papers.get(path, **{"If-None-Match": etag}).status_code == 304


def test_hostile_feeds_are_sound(papers: Readers) -> None:
    bad = quote(NASTY + "\x00\x1f\ufffe\u202e" + "]]>" + "a" * 3_000)
    for path in (f"kind=search&q={bad}", f"kind=meetings&q={bad}", f"kind=topic&country={bad}"):
        root = feed(papers, f"/subscribe/news.atom?{path}")
        assert len(ElementTree.tostring(root)) < 300_000
    for path in ("", "kind=", "kind=nothing", f"kind=paper&target={bad}", f"kind=list&target={bad}"):
        assert papers.get(f"/subscribe/news.atom?{path}").status_code == 404


def test_meetings_deadlines_and_opportunities_as_feeds(readers: Readers) -> None:
    listings, now = readers.catalog.listings, readers.clock()
    series = listings.save(Series("", "", f"Invented {NASTY}"), State.PUBLIC, "test", "created")
    soon, later = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (5, 50))
    edition = Edition(
        "",
        series.id,
        "2027",
        "Invented Meeting 2027",
        Moment("2027-03-08"),
        Moment("2027-03-10"),
        deadlines=(
            Deadline(DeadlineKind.ABSTRACT, Moment(soon)),
            Deadline(DeadlineKind.REGISTRATION, Moment(later)),
        ),
    )
    listings.save(edition, State.PUBLIC, "test", "created")
    offer = Opportunity(
        "", OpportunityKind.GRANT, "Invented grant", "Invented Fund", HOST, closes=Moment(soon)
    )
    listings.save(offer, State.PUBLIC, "test", "created")
    assert titles(feed(readers, "/subscribe/news.atom?kind=meetings")) == ["Invented Meeting 2027"]
    assert titles(feed(readers, "/subscribe/news.atom?kind=meetings&cancer_type=lung")) == []
    (due,) = titles(feed(readers, "/subscribe/news.atom?kind=deadlines"))
    assert due.endswith("Invented Meeting 2027")
    own = feed(readers, f"/subscribe/news.atom?kind=series&target={series.id}")
    assert titles(own) == ["Invented Meeting 2027"]
    offers = "/subscribe/news.atom?kind=opportunities&subkind"
    assert titles(feed(readers, f"{offers}=grant")) == ["Invented grant"]
    assert titles(feed(readers, f"{offers}=training")) == []


def test_the_preview_shows_what_came_last_week(catalog: SqlCatalog, tmp_path: Path) -> None:
    today = datetime.now(UTC)
    with opened_readers(catalog, tmp_path, Clock(today + timedelta(minutes=1))) as readers:
        days = {n: f"{today - timedelta(days=ago):%Y-%m-%d}" for n, ago in ((41, 3), (42, 30), (43, 400))}
        saved = [
            (
                HarvestedRecord("europepmc", f"MED:{n}", today, "application/json", str(n).encode()),
                article(n, f"Nurses and screening, part {n}", published=day),
            )
            for n, day in days.items()
        ]
        catalog.save(saved)
        fill(catalog, readers.site.index)
        page = words(readers.get("/subscribe?kind=search&q=nurses"))
        assert "2 items came within seven days." in page
        assert "On average over the last four weeks: fewer than one a week." in page, "which is no forecast"
        assert "part 41" in page
        assert "part 43" not in page, "what is only new to us is no news"
        again = readers.get("/subscribe/preview?kind=search&q=nurses")
        assert "Nurses and screening, part 42" in words(again)
        none = words(readers.get("/subscribe?kind=search&q=zebrafish"))
        assert "Nothing came within seven days" in none
        assert "Nor did anything come in the three weeks before." in none


def test_what_becomes_of_a_paper_cannot_be_foreseen(papers: Readers, library: Library) -> None:
    page = papers.get(f"/subscribe?kind=paper&target={library.ids[1]}")
    assert "Nobody can say beforehand" in words(page)
    assert library.paper(1).title in page.text


def test_the_form_stands_while_search_does_not_answer(readers: Readers) -> None:
    site = replace(readers.site, index=None)
    down = Readers(readers.catalog, readers.clock, site)
    page = down.get("/subscribe?kind=search&q=care")
    assert page.status_code == 200
    assert "cannot be shown just now" in words(page)


@pytest.mark.parametrize(
    ("kind", "asks"),
    [("topic", "Choose a cancer type, a country or a language."), ("search", "Write what to search for")],
)
def test_a_form_that_nothing_was_chosen_in_yet_says_so(papers: Readers, kind: str, asks: str) -> None:
    page = papers.get(f"/subscribe?kind={kind}")
    held = words(page).partition("What last week’s letter would have held")[2]
    assert asks in held.partition("How they come")[0]
    assert "cannot be shown just now" not in held, "nothing is out of order"
    assert "to put right" not in words(page), "nobody has done anything wrong yet"
    assert "without giving an address" not in held, "there is nothing yet that a feed could be of"


def test_a_list_and_its_issues(papers: Readers, library: Library) -> None:
    subscribers = papers.catalog.subscribers
    own = subscribers.save_list(
        MailingList("", "", f"Letters of {NASTY}", BREAST, about="About.\nMore.", rhythm=Rhythm.MONTHLY)
    )
    news = (
        News(NewsKind.NOTE, own.id, "2026-11-01T06:00:00Z", "monthly/2026-11"),
        News(NewsKind.PAPER, library.ids[1], "2026-11-01T06:00:00Z"),
        News(NewsKind.RETRACTED, library.ids[2], "2026-11-01T06:00:00Z"),
        News(NewsKind.MEETING, "gone", "2026-11-01T06:00:00Z"),
    )
    for month in range(1, 12):
        slot, at = f"monthly/2026-{month:02}", f"2026-{month:02}-01T06:00:00Z"
        subscribers.save_issue(ListIssue(own.id, slot, at, f"A note\nof {NASTY}", news))
    assert own.slug in papers.get("/lists").text
    page = papers.get(f"/lists/{own.slug}")
    assert "All 11 issues" in words(page)
    assert f"kind=list&amp;target={own.id}" in page.text
    assert "1 November 2026" in words(papers.get(f"/lists/{own.slug}/issues"))
    issue = papers.get(f"/lists/{own.slug}/issues/monthly/2026-11")
    told = words(issue)
    assert library.paper(1).title in told
    assert "A note from the editor" in told
    assert "Its findings should not be relied on." in told
    assert "preferences" not in issue.text, "nobody's own links"
    assert "<script>alert" not in issue.text
    assert len(titles(feed(papers, f"/lists/{own.slug}.atom"))) == 11
    for path in ("monthly/2027-01", "x", f"{quote(NASTY)}"):
        assert papers.get(f"/lists/{own.slug}/issues/{path}").status_code == 404
    assert papers.get("/lists/none").status_code == 404
    assert "New papers: Breast cancer" in words(page)
    form = words(papers.get(f"/subscribe?kind=list&target={own.id}"))
    assert "The list: “Letters of" in form


def test_the_copy_of_a_letter_tells_nobody_who_it_was_for(papers: Readers, library: Library) -> None:
    path = papers.subscribed(email="copy@readers.example")
    own = papers.catalog.subscribers.by_email("copy@readers.example")
    assert own
    (one,) = papers.catalog.subscribers.subscriptions(own.id)
    news = News(NewsKind.PAPER, library.ids[1], "2026-11-20T06:00:00Z")
    section = Section(one.id, one.wish, Audience.PUBLIC, (news,))
    (due,) = [x for x in papers.catalog.subscribers.rounds(papers.clock()) if x.subscriber.id == own.id]
    made = papers.catalog.subscribers.compose(
        [Composed(due, "weekly/2026-W47", "2026-11-30T07:00:00Z", (section,))]
    )
    assert made == 1
    (letter,) = [x for x in papers.queued() if x.slot == "weekly/2026-W47" and x.subscriber == own.id]
    page = papers.get(f"/letters/{letter.id}")
    assert library.paper(1).title in words(page)
    for secret in ("copy@readers.example", "/unsubscribe/", "/preferences/", own.id):
        assert secret not in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert "script-src" not in page.headers["Content-Security-Policy"]
    papers.ask("198.51.100.1", email="question@readers.example")
    question = papers.queued(LetterKind.CONFIRM)[-1]
    assert papers.get(f"/letters/{question.id}").status_code == 404, "what asks one person has no copy"
    assert papers.get("/letters/none").status_code == 404
    papers.client.post(f"{path}/erase", data={"sure": "yes"}, base_url=HOST)
    assert papers.get(f"/letters/{letter.id}").status_code == 404


def test_without_subscribers_there_is_nothing_of_it(readers: Readers) -> None:
    alone = Readers(readers.catalog, readers.clock, replace(readers.site, subscribers=None))
    for path in ("/subscribe", "/lists", "/unsubscribe/x"):
        assert alone.get(path).status_code == 404
    assert "/subscribe" not in alone.get("/").text
