"""A whole newsroom for tests: a real catalog, invented papers and readers, letters put together on demand."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from catalog import open_catalog
from domain.digest import Audience
from domain.identifiers import Identifiers
from domain.paper import (
    Abstract,
    Affiliation,
    Author,
    Notice,
    NoticeKind,
    Section,
    Trial,
    TrialRole,
    Version,
    VersionKind,
)
from domain.subscription import Consent, Letter, LetterKind, LetterState, News, Rhythm, Wish
from domain.subscription_ports import SignUp
from findings.news import Round, write_letters
from tests.catalog.invented import saved

NOW = datetime.now(UTC).replace(microsecond=0)
"""The catalog stamps what it is told by the real clock, so the tests live in the present."""


def iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day(before: int = 0) -> str:
    """A date so many days ago."""
    return (NOW - timedelta(days=before)).date().isoformat()


def version(number: int, **facts: object) -> Version:
    """An invented article that appeared today."""
    fields: dict[str, object] = {
        "kind": VersionKind.ARTICLE,
        "identifiers": Identifiers(doi=f"10.5555/news.{number}"),
        "title": f"Invented finding {number}",
        "language": "en",
        "abstracts": (Abstract((Section("An invented cohort was followed."),)),),
        "published": day(),
        "cancer_types": ("breast",),
    }
    return Version(**(fields | facts))  # type: ignore[arg-type]


def from_country(code: str) -> tuple[Author, ...]:
    return (Author("Ada Invented", "Invented", "Ada", affiliations=(Affiliation("Invented place", code),)),)


def reports(trial: str, role: TrialRole = TrialRole.REPORTS) -> tuple[Trial, ...]:
    return (Trial("clinicaltrials.gov", trial, role),)


@cache
def _template() -> bytes:
    """A catalog with nothing in it, to be copied; in memory, for no folder outlives a run that is killed."""
    with tempfile.TemporaryDirectory(prefix="findings-newsroom-") as folder:
        open_catalog(f"sqlite:///{folder}/catalog.db").close()
        return Path(folder, "catalog.db").read_bytes()


class Newsroom:
    """One site's catalog and its readers."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        (folder / "catalog.db").write_bytes(_template())
        self.catalog = open_catalog(f"sqlite:///{folder}/catalog.db", ("alpha", "beta"))
        self.subscribers = self.catalog.subscribers
        self.listings = self.catalog.listings

    def close(self) -> None:
        self.catalog.close()

    def publish(self, number: int, *, source: str = "alpha", **facts: object) -> str:
        """Harvest an invented paper; its id."""
        told = version(number, **facts)
        self.catalog.save([saved(f"n{number}-{source}", told, source, payload=repr(told).encode())])
        return self.catalog.find(next(told.identifiers.keys()))

    def notice(self, number: int, kind: NoticeKind, **facts: object) -> str:
        """Harvest it again, now with a notice."""
        return self.publish(number, notices=(Notice(kind, f"doi:10.5555/notice.{number}"),), **facts)

    def subscribe(
        self,
        wish: Wish,
        email: str = "reader@example.org",
        rhythm: Rhythm = Rhythm.IMMEDIATE,
        *,
        audience: Audience = Audience.PUBLIC,
        zone: str = "UTC",
        confirmed: datetime = NOW - timedelta(hours=2),
    ) -> str:
        """Somebody asks for letters, and confirms; the subscription's id."""
        at = iso(confirmed)
        asked = SignUp(email, wish, rhythm, "en", zone, Consent(at, "asked"), audience.value, email)
        kept = self.subscribers.sign_up(asked, confirmed, question_limit=1000)
        assert kept is not None
        self.subscribers.confirm(kept.id, Consent(at, "confirmed"))
        return kept.id

    def set_hour(self, email: str, hour: int, zone: str = "UTC") -> None:
        person = self.subscribers.by_email(email)
        assert person is not None
        self.subscribers.update(replace(person, hour=hour, zone=zone), Consent(iso(NOW), "changed"))

    def run(self, now: datetime | None = None) -> Round:
        """Tell and put together, as the job does; soon, since what was just told has to be past."""
        return write_letters(self.catalog, now or datetime.now(UTC) + timedelta(minutes=5))

    def letters(self, kind: LetterKind = LetterKind.ISSUE, email: str = "") -> list[Letter]:
        """What is queued, in the order of queueing."""
        found = self.catalog.letters.letters(LetterState.QUEUED, "", 100_000)
        person = self.subscribers.by_email(email) if email else None
        mine = [one for one in found if one.kind is kind and (not person or one.subscriber == person.id)]
        return sorted(mine, key=lambda letter: (letter.created_at, letter.slot))

    def news(self, kind: LetterKind = LetterKind.ISSUE, email: str = "") -> list[News]:
        """All that queued letters tell."""
        return [
            news
            for letter in self.letters(kind, email)
            for section in letter.sections
            for news in section.news
        ]

    def told(self, email: str = "") -> list[str]:
        """The same as kinds and targets."""
        return [f"{news.kind}:{news.target}" for news in self.news(LetterKind.ISSUE, email)]
