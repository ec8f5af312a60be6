"""What readers are told of what is not there, and owners of who did what. All are invented."""

from dataclasses import replace

import lxml.html
import pytest

from catalog.sqlcatalog import SqlCatalog
from domain.account import Part, Permission, Person
from domain.listing import Resource, ResourceKind, State
from tests.web.organizers import Browser, words
from web.listings import words as listing_words
from web.listings.words import choices
from web.organize.fields import FORMS, Field, Rows

RESOURCE = Resource("", ResourceKind.BIOBANK, "Invented bank", "https://bank.example")


@pytest.mark.parametrize(
    ("path", "told", "place"),
    [
        ("/papers/not-an-id", "that paper", None),
        ("/conferences/nothing/2027", "that meeting", "/conferences"),
        ("/opportunities/nothing", "that opportunity", "/opportunities"),
        ("/resources/nothing", "that resource", "/resources"),
        ("/listings/nothing/report", "that listing", None),
        ("/nothing", "that page", None),
    ],
)
def test_what_is_missing_is_called_by_its_name(
    browser: Browser, path: str, told: str, place: str | None
) -> None:
    answer = browser.get(path)
    text = words(answer)
    assert (answer.status_code, f"We cannot find {told}" in text) == (404, True)
    main = lxml.html.fromstring(answer.text).xpath("//main")[0]
    assert (place in main.xpath(".//a/@href")) if place else True
    assert ("paper" in main.text_content()) == (told in ("that paper", "that page"))


def test_a_listing_of_others_is_missing_in_the_words_of_organizers(browser: Browser) -> None:
    browser.sign_in("ada@society.example")
    answer = browser.get("/organize/nothing")
    assert (answer.status_code, "you have no part in it" in words(answer)) == (404, True)
    assert "desk" not in words(browser.get("/moderate")), "nobody is told of a desk that is not theirs"


def person(catalog: SqlCatalog, name: str, *permissions: Permission) -> Person:
    made = catalog.accounts.create(f"{name.lower()}@society.example", name)
    catalog.accounts.update(replace(made, proven=True, permissions=frozenset(permissions)))
    return catalog.accounts.person(made.id)


def test_owners_read_what_was_done_and_not_which_reviewer_did_it(
    browser: Browser, catalog: SqlCatalog
) -> None:
    browser.sign_in("ada@society.example")
    ada = catalog.accounts.by_email("ada@society.example")
    assert ada
    rita, ben, cleo = (
        person(catalog, "Rita Reviewer", Permission.MODERATE),
        person(catalog, "Ben Editor"),
        person(catalog, "Cleo Former"),
    )
    listings, accounts = catalog.listings, catalog.accounts
    listed = listings.save(RESOURCE, State.DRAFT, ada.id, "created")
    for one in (ben, cleo):
        accounts.set_part(one.id, listed.id, Part.EDITOR, ada.id)
    acts = [(ben, "handed-in"), (cleo, "changed"), (rita, "approved"), (rita, "withdrawn")]
    for by, act in acts:
        listings.save(listed.latest, State.PUBLIC, by.id, act)
    listings.save(listed.latest, State.IN_REVIEW, "source:bank.example", "changed at its source")
    listings.save(listed.latest, State.PUBLIC, cleo.id, "approved")
    accounts.set_part(cleo.id, listed.id, None, ada.id)
    text = words(browser.get(f"/organize/{listed.id}"))
    for part in (
        "handed-in · Ben Editor",
        "changed · somebody who has no part in it now",
        "approved · a reviewer",
        "withdrawn · a reviewer",
        "changed at its source · its source bank.example",
    ):
        assert part in text, part
    for name in ("Rita", "Cleo", "rita@", "cleo@"):
        assert name not in text


def test_owners_see_what_was_proposed_from_their_page(browser: Browser, catalog: SqlCatalog) -> None:
    browser.sign_in("ada@society.example")
    ada = catalog.accounts.by_email("ada@society.example")
    assert ada
    listed = catalog.listings.save(RESOURCE, State.PUBLIC, ada.id, "approved")
    page = f"/organize/{listed.id}"
    assert "What would change" not in words(browser.get(page))
    told = replace(listed.latest, title="Invented bank of another name")
    catalog.listings.save(told, State.IN_REVIEW, "source:bank.example", "changed at its source")
    text = words(browser.get(page))
    assert "TitleNow: Invented bankThen: Invented bank of another name" in text


def test_reviewers_find_their_desk(browser: Browser, catalog: SqlCatalog) -> None:
    browser.sign_in("ada@society.example")
    for path in ("/account", "/organize"):
        assert "/moderate" not in links(browser, path)
    ada = catalog.accounts.by_email("ada@society.example")
    assert ada
    catalog.accounts.grant(ada.id, Permission.MODERATE, "test")
    for path in ("/account", "/organize"):
        assert "/moderate" in links(browser, path)
    assert browser.get("/moderate").status_code == 200


def links(browser: Browser, path: str) -> list[str]:
    return list(lxml.html.fromstring(browser.get(path).text).xpath("//main//a/@href"))


def test_forms_and_lists_use_the_same_words() -> None:
    kinds = choices(listing_words.OPPORTUNITIES) | choices(listing_words.RESOURCES)
    tables = {
        "kind": kinds | choices(listing_words.DEADLINES),
        "access": choices(listing_words.ACCESS),
        "attendance": choices(listing_words.ATTENDANCE),
        "career_stages": choices(listing_words.STAGES),
    }
    asked = [field for form in FORMS.values() for field in form]
    fields = [f for one in asked for f in (one.fields if isinstance(one, Rows) else [one])]
    found = [field for field in fields if isinstance(field, Field) and field.name in tables]
    assert {field.name for field in found} == set(tables)
    for field in found:
        assert field.choices
        assert field.choices.items() <= tables[field.name].items(), field.name
