"""A real catalog with papers, digests and listings, all invented, and letters about them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html.parser import HTMLParser

from catalog.sqlcatalog import SqlCatalog
from domain.digest import Audience, Digest
from domain.listing import (
    Attendance,
    Deadline,
    DeadlineKind,
    Edition,
    Moment,
    Opportunity,
    OpportunityKind,
    Series,
    State,
    Venue,
)
from domain.paper import Paper, Version
from domain.record import HarvestedRecord
from domain.subscription import (
    Letter,
    LetterKind,
    News,
    NewsKind,
    Rhythm,
    Section,
    Subscriber,
    Wish,
    WishKind,
    to_wish,
)
from subscriptions.letters import Writer
from subscriptions.tokens import Tokens
from tests.web.invented import WHEN, versions, write_digests

SITE = "https://findings.example"
SECRET = "s" * 40
NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)
AT = "2026-11-21T05:00:00Z"
WHO = Subscriber("subscriber1", "reader@example.org", zone="Africa/Nairobi")
BREAST = to_wish(WishKind.TOPIC, "", {"cancer_type": ("breast",)})


@dataclass
class Letterbox:
    """The catalog, its papers by the number in their DOI, and a writer."""

    catalog: SqlCatalog
    ids: dict[int, str]
    writer: Writer

    def paper(self, number: int) -> Paper:
        return self.catalog.paper(self.ids[number])

    def news(self, number: int, kind: NewsKind = NewsKind.PAPER, detail: str = "") -> News:
        return News(kind, self.ids[number], AT, detail)


def save(catalog: SqlCatalog, found: list[Version]) -> dict[int, str]:
    """The versions, saved; ids by the number in their DOI."""
    records = [
        (
            HarvestedRecord(
                "europepmc", f"MED:{v.identifiers.doi}", WHEN, "application/json", v.title.encode()
            ),
            v,
        )
        for v in found
    ]
    catalog.save(records)
    dois = {v.identifiers.doi or "" for v in found}
    return {int(d.rpartition(".")[2]): catalog.find(f"doi:{d}") for d in dois if ".5555/invented." in d}


def open_letterbox(catalog: SqlCatalog, **values: object) -> Letterbox:
    ids = save(catalog, versions())
    catalog.save_digests(write_digests(catalog.paper(ids[1])))
    for listing in (SERIES, EDITION, CANCELLED, FELLOWSHIP):
        catalog.listings.save(listing, State.PUBLIC, "test", "created")
    return Letterbox(catalog, ids, to_writer(catalog, **values))


def to_writer(catalog: SqlCatalog, **values: object) -> Writer:
    given = {
        "contact": "1 Invented Street, Madeupville · team@findings.example",
        "clock": lambda: NOW,
    } | values
    return Writer(
        catalog,
        catalog.listings,
        catalog.subscribers,
        "Findings",
        f"{SITE}/",
        Tokens(SECRET),
        **given,  # type: ignore[arg-type]
    )


def to_letter(
    *sections: Section, kind: LetterKind = LetterKind.ISSUE, slot: str = "weekly/2026-W47"
) -> Letter:
    return Letter("letter-Id_1", kind, WHO.id, slot, sections, Rhythm.WEEKLY, created_at=AT)


def to_section(
    *news: News, wish: Wish = BREAST, more: int = 0, audience: Audience = Audience.PUBLIC
) -> Section:
    return Section("subscription1", wish, audience, news, more)


def reworded(digest: Digest, text: str) -> Digest:
    """The digest with `text` as its first sentence."""
    first = replace(digest.sentences[0], text=text)
    return replace(digest, sentences=(first, *digest.sentences[1:]))


SERIES = Series("series1", "lakeside-meeting", "Lakeside Meeting (invented)", cancer_types=("breast",))
EDITION = Edition(
    "edition1",
    "series1",
    "2027",
    "Lakeside Meeting 2027 (invented)",
    Moment("2027-03-06", "Africa/Nairobi"),
    Moment("2027-03-09", "Africa/Nairobi"),
    attendance=Attendance.HYBRID,
    venue=Venue("KE", "Madeupville"),
    deadlines=(
        Deadline(DeadlineKind.ABSTRACT, Moment("2026-11-30"), earlier=(Moment("2026-11-15"),)),
        Deadline(DeadlineKind.REGISTRATION, Moment("2027-02-01T17:00", "Africa/Nairobi")),
        Deadline(DeadlineKind.PAPER, Moment("2026-11-01")),
    ),
)
CANCELLED = replace(
    EDITION, id="edition2", slug="2028", title="Lakeside Meeting 2028 (invented)", cancelled=True
)
FELLOWSHIP = Opportunity(
    "fellowship1",
    OpportunityKind.FELLOWSHIP,
    "Fellowship in invented pathology",
    "Invented Foundation",
    "https://fellowships.example.org/",
    closes=Moment("2026-11-29T17:00", "Europe/Lisbon"),
    venue=Venue("PT"),
)


class Read(HTMLParser):
    """What a mail program makes of HTML: its elements with attributes, its links and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.links: list[str] = []
        self.text = ""
        self._skip = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        self._skip += tag in ("style", "title", "script")
        if "href" in given:
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        self._skip -= tag in ("style", "title", "script")

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.text += f" {data}"

    @property
    def words(self) -> str:
        return " ".join(self.text.split())
