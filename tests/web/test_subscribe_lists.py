"""The note of an organization's list is written by those who may, and by nobody else. Invented."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from catalog.sqlcatalog import SqlCatalog
from domain.account import Permission
from domain.listing import Series, State
from domain.subscription import MailingList, WishKind, to_wish
from tests.web.organizers import Browser, Post, words
from tests.web.subscribers import Clock, Readers, opened_readers
from web import create_app


@dataclass
class Office:
    """A site with a list about a series, and people who sign in."""

    readers: Readers
    post: Post
    own: MailingList

    def person(self, email: str) -> Browser:
        """Somebody who is signed in."""
        return Browser(create_app(self.readers.site).test_client(), self.post).sign_in(email)

    def note(self) -> str:
        """What stands on top of the next issue."""
        return self.readers.catalog.subscribers.mailing_list(self.own.id).note


@pytest.fixture
def office(catalog: SqlCatalog, post: Post, tmp_path: Path) -> Iterator[Office]:
    with opened_readers(catalog, tmp_path, Clock(), mailer=post) as readers:
        owner = catalog.accounts.create("ada@society.example", "Ada")
        listings, series = catalog.listings, Series("", "", "Invented Congress")
        made = listings.save(series, State.PUBLIC, owner.id, "created")
        wish = to_wish(WishKind.SERIES, target=made.id)
        own = catalog.subscribers.save_list(MailingList("", "", "Letters of the Congress", wish))
        yield Office(readers, post, own)


def test_who_edits_a_series_writes_on_top_of_its_letters(office: Office) -> None:
    ada = office.person("ada@society.example")
    assert "Letters of the Congress" in words(ada.get("/organize/lists"))
    path = f"/organize/lists/{office.own.id}"
    assert "Nothing yet" in words(ada.get(path))
    note = "Dear members,\r\n\r\n<b>come</b> to Nairobi."
    saved = ada.send(path, path, note=note, about="For members.")
    assert saved.status_code == 303
    page = ada.get(saved.location)
    assert "Saved. The note stands on top" in words(page)
    assert "<b>come" not in page.text
    assert office.note() == "Dear members,\n\n<b>come</b> to Nairobi."
    long = ada.send(path, path, note="a" * 2_001)
    assert long.status_code == 422
    assert "at most 2000 characters" in words(long)
    assert "a" * 2_001 in long.text, "nothing typed is lost"
    assert ada.send(path, path, note="").status_code == 303
    assert office.note() == ""


def test_others_find_nothing_there(office: Office) -> None:
    ada, bob = office.person("ada@society.example"), office.person("bob@society.example")
    path = f"/organize/lists/{office.own.id}"
    assert "You have none" in words(bob.get("/organize/lists"))
    assert bob.get(path).status_code == 404
    assert bob.get("/organize/lists/none").status_code == 404
    page = ada.get(path)
    assert bob.fill(page, path, note="Bob was here").status_code in {400, 404}
    assert office.note() == ""
    catalog = office.readers.catalog
    person = catalog.accounts.by_email("bob@society.example")
    assert person
    catalog.accounts.grant(person.id, Permission.ADMINISTER, "test")
    assert bob.send(path, path, note="From the office").status_code == 303
    assert office.note() == "From the office"


def test_nobody_asks_for_a_list_that_is_closed(office: Office) -> None:
    readers, own = office.readers, office.own
    form = f"/subscribe?kind=list&target={own.id}"
    assert "Letters of the Congress" in words(readers.get(form))
    token = readers.token()
    readers.catalog.subscribers.save_list(replace(own, closed=True))
    readers.clock.pass_(seconds=20)
    assert readers.get(form).status_code == 410
    asked = {"kind": "list", "target": own.id, "email": "ada@readers.example", "token": token}
    assert readers.post("/subscribe", asked).status_code == 410
    assert readers.queued() == []
    assert "This list is closed" in words(readers.get(f"/lists/{own.slug}"))
    assert own.slug not in readers.get("/lists").text
