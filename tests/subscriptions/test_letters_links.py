"""Every link of a letter leads to a page of the site, and lists hold what the letter was about."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from catalog import open_catalog
from domain.ports import Indexable
from domain.subscription import (
    Consent,
    Letter,
    LetterKind,
    LetterState,
    ListIssue,
    MailingList,
    News,
    NewsKind,
    Rhythm,
    Section,
    Subscriber,
    WishKind,
    to_wish,
)
from domain.subscription_ports import Composed, SignUp
from index import open_index
from tests.subscriptions.letterbox import (
    AT,
    BREAST,
    EDITION,
    FELLOWSHIP,
    NOW,
    SECRET,
    SITE,
    Letterbox,
    Read,
    open_letterbox,
)
from tests.web.organizers import Post
from web import Site, create_app

CONSENT = Consent(AT, "asked")
WISHES = {
    "topic": BREAST,
    "search": to_wish(WishKind.SEARCH, "nurses", {"study_type": ("trial",)}),
    "deadlines": to_wish(WishKind.DEADLINES, "", {"country": ("KE",)}),
    "series": to_wish(WishKind.SERIES, target="series1"),
    "opportunities": to_wish(WishKind.OPPORTUNITIES, "", {"kind": ("fellowship",)}),
}


@dataclass
class Reader:
    """A subscriber with letters, and a browser at the site."""

    box: Letterbox
    client: FlaskClient
    subscriber: Subscriber

    def path(self, link: str) -> str:
        assert link.startswith(SITE)
        return link.removeprefix(SITE) or "/"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    folder = tmp_path_factory.mktemp("reader")
    catalog = open_catalog(f"sqlite:///{folder}/findings.db")
    index = open_index("embedded:", folder / "index")
    box = open_letterbox(catalog)
    index.write([Indexable(paper) for paper in catalog.papers(list(box.ids.values()))], [], 1)
    own = catalog.subscribers.save_list(MailingList("", "society", "Invented Society", BREAST))
    issue = ListIssue(own.id, "weekly/2026-W47", AT, "Dear reader", (_news(box, own.id)["list"][1],))
    catalog.subscribers.save_issue(issue)
    WISHES["list"] = to_wish(WishKind.LIST, target=own.id)
    site = Site(
        catalog,
        index,
        url=SITE,
        listings=catalog.listings,
        subscribers=catalog.subscribers,
        accounts=catalog.accounts,
        mailer=Post(),
        letters=catalog.letters,
        letter_copy=box.writer.copy,
        secret=SECRET,
        clock=lambda: NOW,
    )
    subscriber = _subscribe(box, own.id)
    yield Reader(box, create_app(site).test_client(), subscriber)
    index.close()
    catalog.close()


def _news(box: Letterbox, list_id: str) -> dict[str, tuple[News, ...]]:
    return {
        "topic": (box.news(1), box.news(6)),
        "search": (box.news(21, NewsKind.RESULTS, box.ids[22]),),
        "deadlines": (News(NewsKind.DEADLINE, EDITION.id, AT, "abstract|2026-11-30|AoE"),),
        "series": (News(NewsKind.MEETING, EDITION.id, AT),),
        "opportunities": (News(NewsKind.CLOSING, FELLOWSHIP.id, AT, "|2026-11-29T17:00|Europe/Lisbon"),),
        "list": (News(NewsKind.NOTE, list_id, AT, "weekly/2026-W47"), box.news(20)),
    }


def _subscribe(box: Letterbox, list_id: str) -> Subscriber:
    """Somebody who asked for everything, confirmed it, and has a letter."""
    subscribers = box.catalog.subscribers
    for wish in WISHES.values():
        asked = SignUp("r@example.org", wish, Rhythm.WEEKLY, "en", "UTC", CONSENT)
        found = subscribers.sign_up(asked, NOW - timedelta(days=9), question_limit=99)
        assert found is not None
        subscribers.confirm(found.id, Consent(AT, "confirmed"))
    later = to_wish(WishKind.SEARCH, "later")
    subscribers.sign_up(
        SignUp("r@example.org", later, Rhythm.DAILY, "en", "UTC", CONSENT), NOW, question_limit=99
    )
    subscriber = subscribers.by_email("r@example.org")
    assert subscriber is not None
    rounds = [one for one in subscribers.rounds(NOW) if one.rhythm is Rhythm.WEEKLY]
    own = {one.wish: one for one in subscribers.subscriptions(subscriber.id)}
    sections = tuple(
        Section(own[WISHES[name]].id, WISHES[name], own[WISHES[name]].audience, news, 2)
        for name, news in _news(box, list_id).items()
    )
    assert subscribers.compose([Composed(rounds[0], "weekly/2026-W47", AT, sections)]) == 1
    return subscriber


def _letters(reader: Reader) -> dict[LetterKind, Letter]:
    found = reader.box.catalog.letters.letters(LetterState.QUEUED)
    return {letter.kind: letter for letter in found}


@pytest.mark.parametrize("kind", [LetterKind.ISSUE, LetterKind.CONFIRM])
def test_every_link_leads_to_a_page(reader: Reader, kind: LetterKind) -> None:
    written = reader.box.writer.write(_letters(reader)[kind], reader.subscriber)
    assert written is not None
    links = Read(written.html).links
    assert len(set(links)) > (20 if kind is LetterKind.ISSUE else 1)
    for link in set(links):
        if link.startswith(SITE):
            answer = reader.client.get(reader.path(link))
            assert answer.text  # to its end, as it is streamed
            assert answer.status_code == 200, link


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("topic", "Yearly breast examination by nurses"),
        ("search", "Yearly breast examination by nurses"),
        ("deadlines", "Lakeside Meeting 2027"),
        ("series", "Lakeside Meeting 2027"),
        ("opportunities", "Fellowship in invented pathology"),
        ("list", "Invented Society"),
    ],
)
def test_the_rest_of_a_section_is_on_the_same_list(reader: Reader, name: str, shown: str) -> None:
    letter = _letters(reader)[LetterKind.ISSUE]
    section = next(one for one in letter.sections if one.wish == WISHES[name])
    alone = Letter("x", LetterKind.ISSUE, reader.subscriber.id, "s", (section,), Rhythm.WEEKLY, created_at=AT)
    written = reader.box.writer.write(alone, reader.subscriber)
    assert written is not None
    address = written.text.partition("2 more on the site:")[2].split()[0]
    assert shown in reader.client.get(reader.path(address)).text


def test_the_copy_on_the_site_holds_the_same_items(reader: Reader) -> None:
    letter = _letters(reader)[LetterKind.ISSUE]
    page = reader.client.get(f"/letters/{letter.id}").text
    written = reader.box.writer.write(letter, reader.subscriber)
    assert written is not None
    items = {link for link in Read(written.html).links if link.startswith((f"{SITE}/papers", f"{SITE}/conf"))}
    assert items <= set(Read(page).links)
    assert "/unsubscribe/" not in page
    assert reader.subscriber.id not in page


def test_the_wish_of_each_section_is_named(reader: Reader) -> None:
    written = reader.box.writer.write(_letters(reader)[LetterKind.ISSUE], reader.subscriber)
    assert written is not None
    said = " ".join(written.text.split())
    for words in (
        "New papers: Breast cancer (written for everyone",
        "Your search: “nurses” · trial (written for everyone",
        "Deadlines coming up: Kenya (every Monday",
        "A conference you follow: Lakeside Meeting (invented) (every Monday",
        "Opportunities: Fellowship (every Monday",
        "Mailing list: Invented Society (every Monday",
    ):
        assert words in said
